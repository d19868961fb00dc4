/**
 * What `cmd jobscheduler run` said.
 * - `running`: put in the queue; not: started
 * - `constraints`: a functional constraint is not met, and the call did not force
 * - `no-job`, `no-package`: it does not know them; `no-namespace`: an Android before 14, without `-n`
 */
export type RunJobVerdict =
  | { readonly kind: 'running' | 'constraints' | 'no-job' | 'no-package' | 'no-namespace' }
  | { readonly kind: 'refused'; readonly text: string };

/**
 * The text decides, and the exit code where there is no text: a device without shell_v2 (before Android 7) loses the
 * code, and Android 7 and 8 print errors on standard output.
 * https://android.googlesource.com/platform/frameworks/base/+/refs/heads/main/apex/jobscheduler/service/java/com/android/server/job/JobSchedulerShellCommand.java
 *
 * @param output standard output and standard error
 */
export function parseRunJob(output: string, code: number | null): RunJobVerdict {
  if (/^Running job(?: \[FORCED\])?\s*$/m.test(output)) return { kind: 'running' };
  if (output.includes('has functional constraints but --force not specified')) {
    return { kind: 'constraints' };
  }
  if (/^Could not find job /m.test(output)) return { kind: 'no-job' };
  if (/^Package not found: /m.test(output)) return { kind: 'no-package' };
  if (/unknown option '?(?:-n|--namespace)'?/i.test(output)) return { kind: 'no-namespace' };
  const byCode = { 22: 'constraints', 23: 'no-job', 24: 'no-package' } as const;
  if (code === 22 || code === 23 || code === 24) return { kind: byCode[code] };
  const [first = ''] = output.trim().split('\n');
  return { kind: 'refused', text: first === '' ? `exit code ${code ?? 'unknown'}` : first };
}
