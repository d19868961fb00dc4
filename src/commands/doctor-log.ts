import { Readable } from 'node:stream';
import type { Context } from '../context.ts';
import { openDeviceLogs } from '../devices/device-logs.ts';
import type { DeviceLogOptions } from '../devices/device-log.ts';
import { Leftovers } from '../devices/leftovers.ts';
import { SAVE_A_LOG, openLog, readSource } from '../devices/log-input.ts';
import type { LogSource } from '../devices/log-input.ts';
import { LogWatch } from '../doctor/signals/log-watch.ts';
import { SIGNALS } from '../doctor/signals/index.ts';
import type { DoctorResult } from '../doctor/run.ts';
import { chosen } from '../doctor/select.ts';
import type { IsSelected } from '../doctor/select.ts';
import { CancelError, UserError } from '../errors.ts';

/** Instead of a file: what a device has. */
const LIVE = 'live';

export interface DoctorLogOptions extends DeviceLogOptions {
  /** A path, `-`, or `live`. */
  readonly log: string;
  readonly platform?: 'android' | 'ios';
}

async function openSource(options: DoctorLogOptions, ctx: Context): Promise<LogSource> {
  const { log, platform } = options;
  if (log !== LIVE) return openLog(log, ctx);
  if (platform === undefined) {
    throw new UserError('--log live needs --platform android or ios.', {
      hint: 'A file of that name is ./live.',
    });
  }
  const device = await openDeviceLogs(platform, options, ctx);
  // The app's own record goes back further; a build that is not for debugging does not give it away.
  const text = await device.history().catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    return device.dump();
  });
  return { name: device.name, bytes: Readable.from([Buffer.from(text)]) };
}

/**
 * `doctor --log`: looks for signals in a log of any size.
 *
 * @returns what was found, and in sentences what could not be read
 * @throws UserError where the log cannot be read, or says nothing of background work
 */
export async function lookIntoLog(
  options: DoctorLogOptions,
  isSelected: IsSelected,
  ctx: Context,
): Promise<{ readonly result: DoctorResult; readonly notices: readonly string[] }> {
  const source = await openSource(options, ctx);
  const { name } = source;
  const watch = new LogWatch(chosen(SIGNALS, isSelected));
  const leftovers = new Leftovers();
  await readSource(source, ctx, (finding, line) => {
    if (finding.kind === 'event') watch.event(finding.event, line);
    else if (finding.kind === 'system') watch.system(finding, line);
    else leftovers.add(finding);
  });
  if (ctx.signal.aborted) throw new CancelError('Interrupted.');
  if (watch.events === 0 && watch.systemLines === 0) {
    const text = `No event of a background sync in ${name}: it shows nothing.`;
    throw new UserError([text, ...leftovers.describe()].join('\n'), {
      hint: SAVE_A_LOG,
    });
  }
  const notices = leftovers.describe();
  if (watch.events === 0) {
    notices.unshift(
      `No event of bgsync in ${name}: what is said of it is from the system’s own lines (${watch.systemLines}).`,
    );
  }
  return { result: watch.finish(name), notices };
}
