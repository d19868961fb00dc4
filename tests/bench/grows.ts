/** How the time of something grows with its input: by ratios of processor time in one run. */

/** Below this a ratio is noise, and whatever grows is soon above it. Milliseconds. */
const SEEN_MS = 5;

/** Four times the input: linear takes 4 times as long, n log n a little more, n² 16 times. */
const MOST_RATIO = 9;

/** How often it has to grow in a row: a busy machine interrupts one measurement, not all of them alike. */
const IN_A_ROW = 3;

type Run = () => void | Promise<void>;

/** @returns the shortest of some runs, in milliseconds */
async function fastestMs(run: Run, times: number): Promise<number> {
  let fastest = Infinity;
  for (let n = 0; n < times; n += 1) {
    const start = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(start);
    fastest = Math.min(fastest, (user + system) / 1000);
  }
  return fastest;
}

export interface Growing {
  /** Makes an input of a size, which is not measured, and gives what is. */
  readonly prepare: (n: number) => Run;
  /** The first size; it is doubled until there is something to measure, at most `limit`. */
  readonly start: number;
  readonly limit?: number;
}

/** @returns the smallest of the ratios where something takes more than linear time, between a size and four times of it */
export async function growth({
  prepare,
  start,
  limit = start,
}: Growing): Promise<number | undefined> {
  for (let n = start; n <= limit; n *= 2) {
    const run = prepare(4 * n);
    if ((await fastestMs(run, 1)) < SEEN_MS) continue;
    const short = prepare(n);
    let smallest = Infinity;
    for (let round = 0; round < IN_A_ROW; round += 1) {
      const long = await fastestMs(run, 2);
      smallest = Math.min(smallest, long / Math.max(await fastestMs(short, 5), SEEN_MS / 32));
      if (smallest <= MOST_RATIO) return undefined;
    }
    return smallest;
  }
  return undefined;
}
