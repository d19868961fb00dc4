import type { AdbDevice } from './adb.ts';

const UUID = /^[0-9a-f-]{36}$/;

/** What a log has to know of the device to go on reading where it was. */
export interface DeviceClock {
  /** Now, on the device's clock. Epoch seconds. */
  readonly seconds: number;
  /** Another one after each start of the device; undefined where the device does not tell. */
  readonly bootId: string | undefined;
}

/** Now, on the device's clock, in epoch seconds; on ours where it does not tell. */
export async function deviceSeconds(device: AdbDevice): Promise<number> {
  const { stdout } = await device.shell(['date', '+%s']);
  const seconds = Number(stdout.trim());
  return Number.isSafeInteger(seconds) && seconds > 0 ? seconds : Math.floor(Date.now() / 1000);
}

/** https://man7.org/linux/man-pages/man4/random.4.html (boot_id); a vendor may keep the shell from reading it. */
async function readBootId(device: AdbDevice): Promise<string | undefined> {
  const { stdout } = await device.shell(['cat', '/proc/sys/kernel/random/boot_id']);
  const id = stdout.trim();
  if (UUID.test(id)) return id;
  // Nanoseconds from the kernel's start to init's: never the same twice, in practice.
  const started = await device.shell(['getprop', 'ro.boottime.init']);
  return started.stdout.trim() || undefined;
}

/** @throws UserError, exit code 6, where the device cannot be reached */
export async function readClock(device: AdbDevice): Promise<DeviceClock> {
  const [seconds, bootId] = await Promise.all([deviceSeconds(device), readBootId(device)]);
  return { seconds, bootId };
}
