import { PROTOCOL } from '../../facts.ts';
import type { AdbDevice } from './adb.ts';

/** What the package manager knows of the app on the device. */
export interface InstalledApp {
  readonly isDebuggable: boolean;
  /** Force-stopped: Android dropped its jobs, and starts nothing of it before the user does. */
  readonly isStopped: boolean;
  /** Whether the debug hook is among its receivers. */
  readonly hasHook: boolean;
}

export const WORKER_CLASS = PROTOCOL.worker;
export const WORKER_NAME = 'BackgroundSyncWorker';
export const HOOK_CLASS = PROTOCOL.debugReceiver;

/** A package name as Android allows it: https://developer.android.com/build/configure-app-module#set-application-id */
export const PACKAGE_NAME = /^[A-Za-z]\w*(?:\.[A-Za-z]\w*)+$/;

/** Reads `dumpsys package PACKAGE`. */
export function parsePackageDump(dump: string): InstalledApp {
  const flags = [...dump.matchAll(/^[\t ]*(?:pkgF|f)lags=\[([^\]\n]*)\]/gm)].map(
    ([, list]) => list,
  );
  return {
    isDebuggable: flags.some((list) => list?.split(/\s+/).includes('DEBUGGABLE') === true),
    isStopped: /^[\t ]*User \d+:.*\bstopped=true\b/m.test(dump),
    hasHook: dump.includes(HOOK_CLASS),
  };
}

/** @returns undefined where the app is not installed */
export async function findInstalledApp(
  device: AdbDevice,
  packageName: string,
): Promise<InstalledApp | undefined> {
  const path = await device.shell(['pm', 'path', packageName]);
  if (!/^package:/m.test(path.stdout)) return undefined;
  return parsePackageDump((await device.shell(['dumpsys', 'package', packageName])).stdout);
}

/** Installed packages whose name begins with that of the app: variants with an applicationIdSuffix. */
export async function findVariants(device: AdbDevice, packageName: string): Promise<string[]> {
  const { stdout } = await device.shell(['pm', 'list', 'packages', packageName]);
  return [...stdout.matchAll(/^package:(\S+)$/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name.startsWith(`${packageName}.`));
}
