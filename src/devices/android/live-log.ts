import { setTimeout as delay } from 'node:timers/promises';
import { dropOldest } from '../../bounded.ts';
import { CancelError, UserError } from '../../errors.ts';
import type { SyncEvent } from '../../events/event.ts';
import { EVENT_MARKER, LOG_TAG } from '../../events/event.ts';
import { parseLine } from '../../events/parse.ts';
import { toAsciiJson } from '../../events/write.ts';
import type { LineStream } from '../../exec.ts';
import { ExitCode } from '../../exit-code.ts';
import type { Unreadable } from '../leftovers.ts';
import { createRunId } from '../run-id.ts';
import type { AdbDevice } from './adb.ts';
import { readClock } from './clock.ts';
import { parseLogcatLine } from './parse-logcat.ts';
import type { LogRecord } from './parse-logcat.ts';

/** A marker is back within milliseconds; a slow emulator takes seconds. */
const MARK_MS = 5000;

/** Lines that a restarted stream may bring again. */
const REMEMBERED = 4096;

/** A stream that ends at once this often in a row does not work on this device. */
const MAX_EMPTY_STREAMS = 5;

/** Doubled with each stream that ends at once: adbd starts several times while a device boots. */
const RESTART_MS = 250;

/** Records of one moment may be out of order; a clock that was set is further off. Seconds. */
const SET_BACK_S = 2;

export interface LiveLogOptions {
  /** Epoch seconds on the device's clock; older records are not asked for. */
  readonly since: string;
  /** Which start of the device the log begins in, from `readClock`. */
  readonly bootId: string | undefined;
  /** What logcat shows besides our own tag: `AndroidRuntime:E`. */
  readonly specs: readonly string[];
  /** How long a device that is gone is waited for. Milliseconds. */
  readonly reconnectMs: number;
}

export interface LiveLogListener {
  event(event: SyncEvent): void;
  /** Each record, our own included; none twice. */
  record?(record: LogRecord, line: string): void;
  /** One of our lines that is damaged, or redacted. */
  unreadable?(finding: Unreadable): void;
  gone(): void;
  /** @param isRestarted its log begins anew: what was not read of the old one is lost */
  back(isRestarted: boolean): void;
}

/**
 * What `logcat` gets; everything that it has where `since` is left out. Epoch times need neither year nor zone. Not `-v printable`: it doubles the backslashes of our
 * JSON; our lines are ASCII anyway.
 */
export const logcatArgs = (since: string | undefined, specs: readonly string[]): string[] => [
  ...['-v', 'epoch', '-b', 'main,crash'],
  ...(since === undefined ? [] : ['-T', since]),
  ...['-s', `${LOG_TAG}:V`, ...specs],
];

/** A device that has just come back may go again: it is waited for once more. */
function retryUnlessCancelled(error: unknown): undefined {
  if (!(error instanceof UserError)) throw error;
}

/**
 * The device's log, as it is written. It goes on where it was when the device was gone, without repeating a line:
 * `adb logcat` ends with exit code 0 when the device goes, so the end of the stream is never the end of the log.
 */
export class LiveLog {
  /** Rejects with the reason where the log can no longer be read; never resolves before {@link stop}. */
  readonly ended: Promise<void>;
  private readonly device: AdbDevice;
  private readonly options: LiveLogOptions;
  private readonly listener: LiveLogListener;
  private readonly seen = new Set<string>();
  private readonly marks = new Map<string, () => void>();
  private stream: LineStream | undefined;
  private readonly over = new AbortController();
  /** Where the next stream begins; undefined: with all that the device has. */
  private since: string | undefined;
  private bootId: string | undefined;
  private isReplaying = false;
  private linesOfStream = 0;
  private isStopped = false;
  private lastLineAt = Date.now();

  constructor(device: AdbDevice, options: LiveLogOptions, listener: LiveLogListener) {
    this.device = device.until(this.over.signal);
    this.options = options;
    this.listener = listener;
    this.since = options.since;
    this.bootId = options.bootId;
    this.ended = this.follow();
    // Whoever waits for it hears of it; until then it is not unhandled.
    this.ended.catch(() => undefined);
  }

  /** Since the last line. Milliseconds. */
  get silence(): number {
    return Date.now() - this.lastLineAt;
  }

  /** Proves that the stream is live: writes a marker into the device's log, and waits until it is read here. */
  async mark(): Promise<boolean> {
    const run = createRunId();
    const seen = new Promise<boolean>((resolve) => this.marks.set(run, () => resolve(true)));
    const event = { v: 1, seq: 1, ts: Date.now(), plat: 'android', pid: 0, ev: 'mark', run };
    const limit = new AbortController();
    try {
      await this.device.shell(['log', '-t', LOG_TAG, `${EVENT_MARKER}${toAsciiJson(event)}`]);
      const late = delay(MARK_MS, false, { signal: limit.signal }).catch(() => false);
      return await Promise.race([seen, late]);
    } finally {
      limit.abort();
      this.marks.delete(run);
    }
  }

  /** Starts a new stream where the old one stands still; no line is lost. */
  restart(): void {
    this.stream?.stop();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.over.abort();
    this.stream?.stop();
    await this.ended.catch(() => undefined);
  }

  private async follow(): Promise<void> {
    let emptyStreams = 0;
    while (!this.isOver()) {
      this.linesOfStream = 0;
      const args = logcatArgs(this.since, this.options.specs);
      this.stream = this.device.logcat(args, (line) => this.read(line));
      const { code, stderr, startError } = await this.stream.ended;
      if (this.isOver()) return;
      if (startError !== undefined) throw new Error(`adb cannot be started: ${startError}`);
      emptyStreams = this.linesOfStream === 0 ? emptyStreams + 1 : 0;
      if (emptyStreams >= MAX_EMPTY_STREAMS) {
        const [said = `exit code ${code ?? 'unknown'}`] = stderr.trim().split('\n').slice(-1);
        throw new UserError(`The log of ${this.device.serial} cannot be read: ${said}.`, {
          hint: 'Try `adb logcat` yourself; on some phones logging is off in the developer options.',
          exitCode: ExitCode.device,
        });
      }
      await this.pause(RESTART_MS * 2 ** emptyStreams);
      if (await this.resume()) emptyStreams = 0;
      this.isReplaying = true;
    }
  }

  private isOver(): boolean {
    return this.isStopped;
  }

  private async pause(ms: number): Promise<void> {
    // Ended early by stop(), which every caller asks for next.
    await delay(ms, undefined, { signal: this.over.signal }).catch(() => undefined);
  }

  /**
   * Waits for the device where it is gone, and finds where its log goes on.
   *
   * @returns whether it was gone
   */
  private async resume(): Promise<boolean> {
    const lostAt = Date.now();
    const end = lostAt + this.options.reconnectMs;
    const isOver = (): boolean => this.isOver();
    let isGone = false;
    try {
      while (!this.isOver()) {
        if (await this.device.waitUntilBack(isGone ? end - Date.now() : 0, isOver)) {
          const isRestarted = await this.findPlace(lostAt).catch(retryUnlessCancelled);
          if (isRestarted !== undefined) {
            if (isGone || isRestarted) this.listener.back(isRestarted);
            return isGone || isRestarted;
          }
        }
        if (this.isOver()) break;
        if (!isGone) this.listener.gone();
        isGone = true;
        if (Date.now() >= end) throw this.device.lostError();
        await this.pause(RESTART_MS);
      }
    } catch (error) {
      // Ctrl-C ends the waiting; the command itself says so.
      if (!(error instanceof CancelError)) throw error;
      this.isStopped = true;
    }
    return isGone;
  }

  /**
   * A restarted device has a new log, all of which is wanted, and often a clock that is behind; a clock that was set
   * back would hide what is new from `-T`. What was read before is told by its text.
   *
   * @returns whether the device was restarted
   */
  private async findPlace(lostAt: number): Promise<boolean> {
    const { seconds, bootId } = await readClock(this.device);
    const isRestarted = bootId !== undefined && bootId !== this.bootId && this.bootId !== undefined;
    this.bootId = bootId ?? this.bootId;
    if (isRestarted) this.since = undefined;
    else if (this.since !== undefined && seconds + SET_BACK_S < Number(this.since)) {
      const away = Math.ceil((Date.now() - lostAt) / 1000);
      this.since = `${Math.max(1, seconds - away - SET_BACK_S)}.000`;
    }
    return isRestarted;
  }

  private read(line: string): void {
    this.linesOfStream++;
    this.lastLineAt = Date.now();
    const record = parseLogcatLine(line);
    if (record === undefined || this.isRepeated(line)) return;
    this.moveOn(record.time);
    this.listener.record?.(record, line);
    if (record.tag !== LOG_TAG) return;
    for (const finding of parseLine(record.message)) {
      if (finding.kind !== 'event') this.listener.unreadable?.(finding);
      else if (finding.event.ev === 'mark') this.marks.get(finding.event.run ?? '')?.();
      else this.listener.event(finding.event);
    }
  }

  /** The next stream begins with the newest record, or, where the clock was set back, with the latest. */
  private moveOn(time: string): void {
    const since = Number(this.since ?? 0);
    if (Number(time) > since || Number(time) + SET_BACK_S < since) this.since = time;
  }

  /** `-T` is inclusive, and to the millisecond: a restarted stream begins with lines that were read before. */
  private isRepeated(line: string): boolean {
    if (this.isReplaying && this.seen.has(line)) return true;
    this.seen.add(line);
    dropOldest(this.seen, REMEMBERED);
    return false;
  }
}
