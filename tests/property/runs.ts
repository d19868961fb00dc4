import { shareOfRuns } from '../share.mjs';

/** How many cases a property is tried with; `BGSYNC_PROPERTY_RUNS` sets it, a nightly run to 10,000 or more. */
export const numRuns = Number(process.env.BGSYNC_PROPERTY_RUNS ?? 100);

/** How long so many runs may take on a machine that does much else, in milliseconds. */
export const timeoutOf = (runs: number): number => 60_000 + runs * 150;

export const timeout = timeoutOf(numRuns);

/** For a property of which most cases are alike; where a run plays a share (`tests/share.mjs`), it tries so many fewer. */
export const manyRuns = Math.max(shareOfRuns(2000), numRuns);
