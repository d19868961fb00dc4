/** Digits of a run id, in base 36. */
const RUN_ID_LENGTH = 8;

/**
 * The number of a sync's name, as `BackgroundSyncDebug.swift` reckons it: 0 for the first, which has none. A notification
 * carries 64 bits and no text.
 */
export function taskNumber(name: string | undefined): number {
  if (name === undefined) return 0;
  const hash = Buffer.from(name).reduce((sum, byte) => (sum * 31 + byte) % 1_000_003, 7);
  return hash + 1;
}

/** What goes along with the notification that triggers a run: its id, whether constraints count, and the sync. */
export function triggerState(runId: string, respects: boolean, task: string | undefined): bigint {
  const above = BigInt(Number(respects) + 2 * taskNumber(task));
  return above * 36n ** BigInt(RUN_ID_LENGTH) + BigInt(Number.parseInt(runId, 36));
}

/** What else it means that a debug hook is silent: one that does not have the sync says nothing. */
export const orNoTask = (task: string | undefined): string =>
  task === undefined
    ? ''
    : ` It is silent, too, where this build has no task ${task}: \`npx bgsync update\` after a change of "tasks", and build the app again.`;
