import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import type { Context } from '../context.ts';
import { openDeviceLogs } from '../devices/device-logs.ts';
import type { DeviceLogOptions } from '../devices/device-logs.ts';
import { Leftovers } from '../devices/leftovers.ts';
import { LogWatch } from '../doctor/signals/log-watch.ts';
import { SIGNALS } from '../doctor/signals/index.ts';
import type { DoctorResult } from '../doctor/run.ts';
import { chosen } from '../doctor/select.ts';
import type { IsSelected } from '../doctor/select.ts';
import { CancelError, UserError } from '../errors.ts';
import { readFindings } from '../events/read.ts';

/** Instead of a file: what a device has. */
const LIVE = 'live';

export interface DoctorLogOptions extends DeviceLogOptions {
  /** A path, `-`, or `live`. */
  readonly log: string;
  readonly platform?: 'android' | 'ios';
}

interface Source {
  readonly name: string;
  readonly bytes: Readable;
}

async function openSource(options: DoctorLogOptions, ctx: Context): Promise<Source> {
  const { log, platform } = options;
  if (log === '-') return { name: 'standard input', bytes: ctx.stdin };
  if (log !== LIVE) return { name: log, bytes: createReadStream(resolve(ctx.cwd, log)) };
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
 * @throws UserError where the log cannot be read, or has no event at all
 */
export async function lookIntoLog(
  options: DoctorLogOptions,
  isSelected: IsSelected,
  ctx: Context,
): Promise<{ readonly result: DoctorResult; readonly notices: readonly string[] }> {
  const { name, bytes } = await openSource(options, ctx);
  const watch = new LogWatch(chosen(SIGNALS, isSelected));
  const leftovers = new Leftovers();
  const stop = (): void => void bytes.destroy();
  ctx.signal.addEventListener('abort', stop);
  try {
    for await (const { line, finding } of readFindings(bytes as AsyncIterable<Buffer>)) {
      if (finding.kind === 'event') watch.event(finding.event, line);
      else leftovers.add(finding);
    }
  } catch (error) {
    if (!ctx.signal.aborted) throw readError(name, error);
  } finally {
    ctx.signal.removeEventListener('abort', stop);
  }
  if (ctx.signal.aborted) throw new CancelError('Interrupted.');
  if (watch.events === 0) {
    const text = `No event of a background sync in ${name}: it shows nothing.`;
    throw new UserError([text, ...leftovers.describe()].join('\n'), {
      hint: 'Save the log of a device or of `bgsync trigger --json`, and give that.',
    });
  }
  return { result: watch.finish(name), notices: leftovers.describe() };
}

function readError(name: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined || code === undefined) return error;
  return new UserError(`${name} cannot be read (${code}).`, {
    hint: 'Give a file that holds a log, or - for standard input.',
  });
}
