import { spawnSync } from 'node:child_process';

/**
 * Runs a program to its end.
 *
 * @returns what it said
 * @throws where it fails, with all of that
 */
export function must(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status === 0) return stdout;
  throw new Error(`${command} ${args.join(' ')}: ${stdout}${stderr}${error?.message ?? ''}`);
}
