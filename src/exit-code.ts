/** One table for all commands; docs/commands.md, "Exit codes", is the same. */
export const ExitCode = {
  /** Done, or nothing to do. */
  ok: 0,
  /** The job failed, or doctor found errors. */
  failed: 1,
  /** Usage, or could not run. */
  usage: 2,
  /** The job asked for a retry, or manual steps remain. */
  retry: 3,
  /** Stopped, expired, or drift that needs a decision. */
  expired: 4,
  /** No outcome in time. */
  noOutcome: 5,
  /** No device, ambiguous, unauthorised, offline. */
  device: 6,
  /** A tool is missing or unusable: adb, Xcode. */
  tool: 7,
  /** The app or its debug hook is missing. */
  app: 8,
  /** The OS refused. */
  refused: 9,
  /** A bug in bgsync. */
  internal: 70,
  /** Ctrl-C, or a prompt was cancelled. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
