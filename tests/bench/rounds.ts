import { spawnSync } from 'node:child_process';

export interface Timed {
  readonly name: string;
  /** Of node. */
  readonly args: readonly string[];
  readonly cwd: string;
}

/**
 * Runs each in turn, so that a busy machine slows all alike.
 *
 * @returns the median of each, in milliseconds
 * @throws where one does not end with 0
 */
export function mediansOf(cases: readonly Timed[], rounds: number): number[] {
  const times = cases.map((): number[] => []);
  // The first round fills the system's cache.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, { name, args, cwd }] of cases.entries()) {
      const start = performance.now();
      const { status, stderr } = spawnSync(process.execPath, args, {
        cwd,
        encoding: 'utf8',
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...process.env, NO_COLOR: '1' },
      });
      const time = performance.now() - start;
      if (status !== 0) throw new Error(`${name} ended with ${status ?? 'a signal'}: ${stderr}`);
      if (round > 0) times[index]?.push(time);
    }
  }
  return times.map((list) => list.toSorted((a, b) => a - b)[list.length >> 1] ?? Number.NaN);
}

/** Prints a time with its ratio to another; notes in the exit code where that is over the budget. */
export function compare(name: string, time: number, baseline: number, budget: number): void {
  const ratio = time / baseline;
  const verdict = ratio > budget ? 'OVER' : 'ok';
  console.log(
    `${verdict.padEnd(5)} ${name}: ${time.toFixed(1)} ms, ${ratio.toFixed(2)} × (budget ${budget} ×)`,
  );
  if (ratio > budget) process.exitCode = 3;
}
