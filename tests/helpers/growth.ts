/** How the time of something grows with its input: by ratios in one run, not by what a machine takes. */

/** Below this a ratio is noise, and whatever grows is soon above it. Milliseconds. */
const SEEN_MS = 5;

/** Four times the input: linear takes 4 times as long, n log n a little more, n² 16 times. */
const MOST_RATIO = 9;

/** How often it has to grow in a row: a busy machine interrupts one measurement, not all of them alike. */
const IN_A_ROW = 3;

/** @returns the shortest of some runs, in milliseconds */
export function fastestMs(run: () => void, times = 3): number {
  let fastest = Infinity;
  for (let n = 0; n < times; n += 1) {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    fastest = Math.min(fastest, (user + system) / 1000);
  }
  return fastest;
}

/**
 * Whether something takes more than linear time, in n, 2n and 4n.
 *
 * @param prepare makes the input, which is not measured, and gives what is
 * @param start the first n; it is doubled until there is something to measure, at most `limit`
 */
export function grows(
  prepare: (n: number) => () => void,
  start: number,
  limit = start * 8,
): boolean {
  for (let n = start; n <= limit; n *= 2) {
    const run = prepare(4 * n);
    if (fastestMs(run, 1) < SEEN_MS) continue;
    const short = prepare(n);
    const ratios = Array.from(
      { length: IN_A_ROW },
      () => fastestMs(run, 2) / Math.max(fastestMs(short, 5), SEEN_MS / 32),
    );
    return ratios.every((ratio) => ratio > MOST_RATIO);
  }
  return false;
}
