import type { AdbDevice } from './adb.ts';

/** What holds all jobs of an app back, beside their own constraints; undefined where the device does not tell. */
export interface Restrictions {
  readonly batterySaver: boolean | undefined;
  /** The user, or the vendor's battery manager, keeps the app from running in the background. */
  readonly background: boolean | undefined;
  /** ACTIVE, WORKING_SET, FREQUENT, RARE, RESTRICTED, NEVER, EXEMPTED. */
  readonly bucket: string | undefined;
}

/** https://developer.android.com/reference/android/app/usage/UsageStatsManager#constants_1 and its hidden two. */
const BUCKETS: Readonly<Record<string, string>> = {
  5: 'EXEMPTED',
  10: 'ACTIVE',
  20: 'WORKING_SET',
  30: 'FREQUENT',
  40: 'RARE',
  45: 'RESTRICTED',
  50: 'NEVER',
};

/** Reads `am get-standby-bucket PACKAGE`: a number. */
export function parseStandbyBucket(output: string): string | undefined {
  const number = output.trim();
  return Object.hasOwn(BUCKETS, number) ? BUCKETS[number] : undefined;
}

/** Reads `settings get global low_power`: `null` before battery saver was ever on. */
export function parseLowPower(output: string): boolean | undefined {
  const value = output.trim();
  if (value === '1') return true;
  return value === '0' || value === 'null' ? false : undefined;
}

/**
 * Reads `cmd appops get PACKAGE RUN_ANY_IN_BACKGROUND`: `RUN_ANY_IN_BACKGROUND: ignore; time=…`, or `No operations.`
 * where nobody changed it. Android before 9 does not know the operation.
 */
export function parseBackgroundOp(output: string): boolean | undefined {
  if (/^No operations\./m.test(output)) return false;
  const [, mode] = /^[\t ]*(?:Uid mode: )?RUN_ANY_IN_BACKGROUND: (\w+)/m.exec(output) ?? [];
  if (mode === undefined) return /^Default mode: allow/m.test(output) ? false : undefined;
  return mode === 'ignore' || mode === 'deny';
}

/** Finds in `dumpsys jobscheduler` that the package may not run in the background; undefined where it does not say. */
export function findBackgroundRestriction(dump: string, packageName: string): boolean | undefined {
  const text = `: ${packageName} [RUN_ANY_IN_BACKGROUND disallowed]`;
  return dump.includes(text) ? true : undefined;
}

/** Asks the device. @throws UserError, exit code 6, where it cannot be reached */
export async function readRestrictions(
  device: AdbDevice,
  packageName: string,
): Promise<Restrictions> {
  const [saver, background, bucket] = await Promise.all([
    device.shell(['settings', 'get', 'global', 'low_power']),
    device.shell(['cmd', 'appops', 'get', packageName, 'RUN_ANY_IN_BACKGROUND']),
    device.shell(['am', 'get-standby-bucket', packageName]),
  ]);
  return {
    batterySaver: parseLowPower(saver.stdout),
    background: parseBackgroundOp(background.stdout),
    bucket: parseStandbyBucket(bucket.stdout),
  };
}

const HOLDING_BUCKETS: Readonly<Record<string, string>> = {
  RARE: 'standby bucket RARE: Android runs its jobs seldom. Using the app lifts it',
  RESTRICTED: 'standby bucket RESTRICTED: about one batch of jobs a day. Using the app lifts it',
  NEVER: 'standby bucket NEVER: the app was never opened, and nothing of it runs. Open it once',
};

/** A text for each thing that holds the app's jobs back. */
export function describeRestrictions(
  isStopped: boolean,
  {
    batterySaver,
    background,
    bucket,
  }: { readonly [Key in keyof Restrictions]: Restrictions[Key] | null },
): string[] {
  const texts: string[] = [];
  if (isStopped) {
    texts.push('force-stopped: Android starts nothing of the app until it is opened');
  }
  if (batterySaver === true)
    texts.push('battery saver is on: jobs wait, and so does their network');
  if (background === true) {
    texts.push('background use is restricted: allow it in the app’s battery settings');
  }
  if (bucket !== null && bucket !== undefined && Object.hasOwn(HOLDING_BUCKETS, bucket)) {
    texts.push(HOLDING_BUCKETS[bucket] ?? '');
  }
  return texts;
}
