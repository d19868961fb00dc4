import type { Check, Finding } from './check.ts';
import type { DoctorRepo } from './repo.ts';

/** A finding with what its check says of it. */
export type Diagnosis = Omit<Finding, 'fix'> & Omit<Check, 'run'>;

export interface DoctorResult {
  /** By file, line and id: the order never depends on which check was faster. */
  readonly findings: readonly Diagnosis[];
  /** Checks that failed themselves. */
  readonly couldNotRun: readonly { readonly id: string; readonly reason: string }[];
  readonly checks: number;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Runs every check; one that throws is reported and does not take the others with it. */
export async function runChecks(checks: readonly Check[], repo: DoctorRepo): Promise<DoctorResult> {
  const results = await Promise.allSettled(checks.map(async (check) => check.run(repo)));
  const findings: Diagnosis[] = [];
  const couldNotRun: { id: string; reason: string }[] = [];
  for (const [index, check] of checks.entries()) {
    const result = results[index];
    if (result?.status === 'fulfilled') {
      const { id, title, severity, why, source, fix } = check;
      findings.push(
        ...result.value.map((finding) => ({ id, title, severity, why, source, fix, ...finding })),
      );
    } else {
      const reason: unknown = result?.reason;
      couldNotRun.push({
        id: check.id,
        reason: reason instanceof Error ? reason.message : String(reason),
      });
    }
  }
  findings.sort(
    (a, b) => compare(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0) || compare(a.id, b.id),
  );
  return { findings, couldNotRun, checks: checks.length };
}
