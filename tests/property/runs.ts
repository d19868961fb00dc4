/** How many cases a property is tried with; `BGSYNC_PROPERTY_RUNS` sets it, a nightly run to 10,000 or more. */
export const numRuns = Number(process.env.BGSYNC_PROPERTY_RUNS ?? 100);

/** Milliseconds. */
export const timeout = 60_000 + numRuns * 30;
