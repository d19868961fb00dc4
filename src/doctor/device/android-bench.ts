import type { Context } from '../../context.ts';
import { findVariants, findInstalledApp, WORKER_NAME } from '../../devices/android/app.ts';
import type { InstalledApp } from '../../devices/android/app.ts';
import { requireApplicationId } from '../../devices/android/app-id.ts';
import { AdbDevice } from '../../devices/android/adb.ts';
import type { Adb } from '../../devices/android/adb.ts';
import { openAdb } from '../../devices/android/connect.ts';
import type { AndroidDevice } from '../../devices/android/parse-devices.ts';
import { findWorkerJobs, parseJobs } from '../../devices/android/parse-jobs.ts';
import type { ScheduledJob } from '../../devices/android/parse-jobs.ts';
import { findBackgroundRestriction, readRestrictions } from '../../devices/android/restrictions.ts';
import type { Restrictions } from '../../devices/android/restrictions.ts';
import { isUsable } from '../../devices/device.ts';
import { UserError } from '../../errors.ts';

export interface DeviceOptions {
  /** Only that one; else all that can be used. */
  readonly device?: string;
  readonly app?: string;
  readonly adb?: string;
  readonly xcrun?: string;
}

/** Why something could not be learnt. */
export interface Problem {
  readonly message: string;
  readonly hint: string | undefined;
}

/** The app on a phone. */
export interface PhoneApp extends InstalledApp {
  readonly restrictions: Restrictions;
  /** Those of the background sync. */
  readonly jobs: readonly ScheduledJob[];
}

export interface AndroidPhone {
  readonly serial: string;
  /** It does not answer. */
  readonly problem: Problem | undefined;
  readonly apiLevel: number | undefined;
  readonly isBooted: boolean;
  /** Undefined where it is not installed, or nobody knows which it is. */
  readonly app: PhoneApp | undefined;
  /** Installed ones with a longer name. */
  readonly variants: readonly string[];
}

/** adb, its devices, and the app on each. */
export interface AndroidBench {
  /** There is no usable adb. */
  readonly problem: Problem | undefined;
  /** Another adb's server was met, in adb's words. */
  readonly otherServer: string | undefined;
  readonly devices: readonly AndroidDevice[];
  readonly phones: readonly AndroidPhone[];
  readonly applicationId: string | Problem;
}

/**
 * @returns what it gives, or why the user's surroundings do not
 * @throws what is no UserError: Ctrl-C, a bug
 */
export async function attempt<T>(work: () => Promise<T>): Promise<T | Problem> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { message: error.message, hint: error.hint };
  }
}

export const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'message' in value && 'hint' in value;

/** Looks at everything that the checks of Android's side ask for. Changes nothing on a device. */
export async function readAndroidBench(
  options: DeviceOptions,
  ctx: Context,
): Promise<AndroidBench> {
  const applicationId = await attempt(() => requireApplicationId(ctx, options.app));
  const none = { otherServer: undefined, devices: [], phones: [], applicationId };
  const adb = await attempt(() => openAdb(ctx, options.adb));
  if (isProblem(adb)) return { problem: adb, ...none };
  // The call that starts adb's server says so where another one's had to give way.
  const { stderr } = await adb.run(['start-server']);
  const otherServer = stderr
    .split('\n')
    .find(
      (line) => line.includes('adb server version') && line.includes("doesn't match this client"),
    );
  const devices = await attempt(() => adb.devices());
  if (isProblem(devices)) return { problem: devices, ...none, otherServer };
  const wanted = options.device ?? ctx.env.ANDROID_SERIAL ?? '';
  const meant = wanted === '' ? devices : devices.filter(({ id }) => id === wanted);
  const phones = await Promise.all(
    meant.filter(isUsable).map(({ id }) => readPhone(adb, id, applicationId)),
  );
  return { problem: undefined, otherServer, devices: meant, phones, applicationId };
}

async function readPhone(
  adb: Adb,
  serial: string,
  applicationId: string | Problem,
): Promise<AndroidPhone> {
  const device = new AdbDevice(adb, serial);
  const blank = { serial, apiLevel: undefined, isBooted: false, app: undefined, variants: [] };
  const phone = await attempt(async () => {
    const property = async (name: string): Promise<string> =>
      (await device.shell(['getprop', name])).stdout.trim();
    const apiLevel = Number(await property('ro.build.version.sdk'));
    const isBooted = (await property('sys.boot_completed')) === '1';
    const facts = { ...blank, problem: undefined, apiLevel: apiLevel || undefined, isBooted };
    if (!isBooted || isProblem(applicationId)) return facts;
    const app = await readApp(device, applicationId);
    if (app !== undefined) return { ...facts, app };
    return { ...facts, variants: await findVariants(device, applicationId) };
  });
  return isProblem(phone) ? { ...blank, problem: phone } : phone;
}

async function readApp(device: AdbDevice, name: string): Promise<PhoneApp | undefined> {
  const installed = await findInstalledApp(device, name);
  if (installed === undefined) return undefined;
  const restrictions = await readRestrictions(device, name);
  const { stdout } = await device.shell(['dumpsys', 'jobscheduler', name]);
  return {
    ...installed,
    restrictions: {
      ...restrictions,
      background: restrictions.background ?? findBackgroundRestriction(stdout, name),
    },
    jobs: findWorkerJobs(parseJobs(stdout, name), WORKER_NAME),
  };
}
