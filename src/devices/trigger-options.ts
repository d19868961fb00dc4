/** What `bgsync trigger` does where it is not told. Times are milliseconds. */
export const TRIGGER_DEFAULTS = {
  budget: 30_000,
  runs: 1,
  timeout: 600_000,
  via: 'auto',
  wait: true,
} as const;

/** What `bgsync trigger` takes for a device. Times are milliseconds. */
export interface DeviceTriggerOptions {
  readonly cwd?: string;
  readonly platform: 'android' | 'ios';
  readonly device?: string;
  /** Application id or bundle id; the project's own where it is left out. */
  readonly app?: string;
  /** Path of adb. */
  readonly adb?: string;
  /** Path of xcrun. */
  readonly xcrun?: string;
  readonly via: 'auto' | 'hook' | 'jobscheduler';
  readonly jobId?: number;
  readonly respectConstraints?: boolean;
  /** The name of a sync; the first where it is left out. */
  readonly task?: string;
  readonly stopAfter?: number;
  readonly timeout: number;
  /** False: the run is only started. */
  readonly wait: boolean;
  readonly json?: boolean;
}
