import { readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { UserError } from '../errors.ts';
import { decodeLog, PackedLogError } from '../events/decode.ts';
import { unified } from '../events/forms.ts';
import type { LogFinding } from '../events/read.ts';
import { readLog } from '../events/read.ts';

/** A log to be read once. */
export interface LogSource {
  /** How a person calls it. */
  readonly name: string;
  /** In chunks that may end anywhere; each may be gone when the next is asked for. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Ends a read that waits for more. */
  readonly stop?: () => void;
}

/** Larger ones are read a sixth faster, and what the process takes grows with the log then. */
const CHUNK_BYTES = 1 << 16;

/** A file is read without a thread for each piece, which takes longer than the piece. What may block, is not a file. */
async function* readChunks(path: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    if (!(await file.stat()).isFile()) {
      yield* file.createReadStream({ highWaterMark: CHUNK_BYTES, autoClose: false, signal });
      return;
    }
    // One for all: what lies outside of V8's heap is collected late, and would grow with the log.
    const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    while (!signal.aborted) {
      const length = readSync(file.fd, chunk);
      if (length === 0) return;
      yield chunk.subarray(0, length);
      // Signals have their turn, and the output of what was read is written before it grows.
      await setImmediate();
    }
  } finally {
    await file.close();
  }
}

/** What to do where a log has no event of bgsync’s. */
export const SAVE_A_LOG =
  'Save one: `npx bgsync logs --platform android --history --raw > night.txt` of a device, or `npx bgsync trigger --platform local --json > night.txt`.';

/** @param input a path from the working folder, or `-` for standard input */
export function openLog(input: string, ctx: Context): LogSource {
  if (input !== '-') {
    return { name: input, bytes: readChunks(resolve(ctx.base, input), ctx.signal) };
  }
  const bytes = ctx.openStdin();
  return { name: 'standard input', bytes, stop: () => bytes.destroy() };
}

/**
 * Reads a log to its end, or until the user interrupts.
 *
 * @param wantsSystem whether more of the systems’ own lines are wanted
 * @throws UserError where it cannot be read
 */
export function readSource(
  source: LogSource,
  ctx: Context,
  onFinding: (finding: LogFinding, line: number) => void,
  wantsSystem?: () => boolean,
): Promise<void> {
  return guarded(source, ctx, async (bytes) => {
    const log = readLog(unified(bytes), wantsSystem);
    for await (const { line, finding } of log) onFinding(finding, line);
  });
}

/** Hands over a log’s text in pieces that end anywhere. @throws UserError where it cannot be read */
export function readText(
  source: LogSource,
  ctx: Context,
  onText: (text: string) => void,
): Promise<void> {
  return guarded(source, ctx, async (bytes) => {
    const decoder = new TextDecoder();
    for await (const chunk of bytes) onText(decoder.decode(chunk, { stream: true }));
    onText(decoder.decode());
  });
}

async function guarded(
  { name, bytes, stop = () => undefined }: LogSource,
  ctx: Context,
  read: (bytes: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  ctx.signal.addEventListener('abort', stop);
  try {
    await read(decodeLog(bytes));
  } catch (error) {
    if (ctx.signal.aborted) return;
    if (error instanceof PackedLogError) {
      throw new UserError(`${name} is ${error.kind}: nothing in it was looked at.`, {
        hint: `Unpack it on the way: \`${error.tool} FILE | npx bgsync …\`, with - in place of the file.`,
      });
    }
    const { code, syscall } = error as NodeJS.ErrnoException;
    const isDamaged = code?.startsWith('Z_') === true;
    if (code === undefined || (syscall === undefined && !isDamaged)) throw error;
    throw new UserError(`${name} cannot be read (${code}).`, {
      hint: isDamaged
        ? 'The archive is cut or damaged: fetch it again, or unpack what is whole with `gzip -dc`.'
        : code === 'EISDIR' && /\.logarchive\/?$/.test(name)
          ? 'Apple’s tool reads an archive: `log show --archive FILE | npx bgsync …`, with - in place of the file.'
          : 'Give a file that holds a log, or - for standard input.',
    });
  } finally {
    ctx.signal.removeEventListener('abort', stop);
  }
}
