import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { ExitCode } from '../../exit-code.ts';
import { PROTOCOL } from '../../facts.ts';
import type { DeviceLogOptions, DeviceLogs } from '../device-log.ts';
import { requireApplicationId } from './app-id.ts';
import type { AdbDevice } from './adb.ts';
import { connectAndroid, requireReadable } from './connect.ts';
import { deviceSeconds, readClock } from './clock.ts';
import { LiveLog, logcatArgs } from './live-log.ts';

/** A reboot and the first unlock fit into it. */
const RECONNECT_MS = 600_000;

/** Megabytes of log over USB. */
const DUMP_MS = 60_000;

/** Where the generated package keeps its ring, from the app's data folder on. The older part first. */
const RING = PROTOCOL.androidRing;

/** @throws UserError where there is no device to read from */
export async function openAndroidLogs(
  options: DeviceLogOptions,
  ctx: Context,
): Promise<DeviceLogs> {
  const device = await connectAndroid(options, ctx);
  return {
    name: device.serial,
    now: async () => (await deviceSeconds(device)) * 1000,
    history: async () => readRing(device, await requireApplicationId(ctx, options.app)),
    async dump() {
      const since =
        options.since === undefined
          ? undefined
          : timeBefore(await deviceSeconds(device), options.since);
      const args = logcatArgs(since, []);
      const { code, stdout, stderr } = await device.adb.run(
        ['-s', device.serial, 'logcat', '-d', ...args],
        DUMP_MS,
      );
      if (code === 0 && stdout !== '') return stdout;
      const [said = 'nothing came'] = stderr.trim().split('\n').slice(-1);
      throw new UserError(
        `The log of ${device.serial} cannot be read: ${said || 'nothing came'}.`,
        {
          hint: 'Try `adb logcat -d` yourself.',
          exitCode: ExitCode.device,
        },
      );
    },
    async follow(listener) {
      const { seconds, bootId } = await readClock(device);
      const since = timeBefore(seconds, options.since ?? 0);
      const log = new LiveLog(
        device,
        { since, bootId, specs: [], reconnectMs: RECONNECT_MS },
        {
          event: (event) => listener.event(event),
          record: (_record, line) => listener.line(line),
          unreadable: (finding) => listener.unreadable(finding),
          gone: () => listener.note(`${device.serial} is gone; waiting for it to come back.`),
          back: (isRestarted) =>
            listener.note(
              isRestarted
                ? `${device.serial} was restarted: what it logged before, and was not read by then, is lost. --history reads the app’s own record.`
                : `${device.serial} is back.`,
            ),
        },
      );
      const stop = (): void => void log.stop();
      ctx.signal.addEventListener('abort', stop);
      if (ctx.signal.aborted) stop();
      try {
        await log.ended;
      } finally {
        ctx.signal.removeEventListener('abort', stop);
      }
    },
  };
}

/** What `logcat -T` takes: epoch seconds on the device's clock. */
const timeBefore = (seconds: number, backMs: number): string =>
  `${Math.max(1, seconds - Math.ceil(backMs / 1000))}.000`;

async function readRing(device: AdbDevice, packageName: string): Promise<string> {
  await requireReadable(device, packageName, 'BackgroundSync.getHistory()');
  const { stdout, stderr } = await device.shell(['run-as', packageName, 'cat', ...RING], DUMP_MS);
  // The older part is not there at first: cat says so, and goes on.
  if (stdout !== '' || stderr.includes('No such file')) return stdout;
  const [said = 'no answer'] = stderr.trim().split('\n');
  throw new UserError(`The history of ${packageName} cannot be read: ${said}.`, {
    hint: 'Unlock the device once after its start, and open the app.',
    exitCode: ExitCode.app,
  });
}
