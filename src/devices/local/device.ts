import { randomInt } from 'node:crypto';
import type { Config } from '../../config.ts';
import type { EventEnv, Outcome, SyncEvent, Trigger } from '../../events/event.ts';
import type { EventWriter } from '../../events/write.ts';
import { MIN_DELAY_SECONDS, nextDelaySeconds } from '../../schedule/policy.ts';
import type { BatteryState, SchedulePolicyConfig } from '../../schedule/policy.ts';

/** As much as the ring file on a device keeps. */
const MAX_HISTORY_BYTES = 200_000;

const RUN_ID_LENGTH = 8;
const RUN_ID_ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

const createRunId = (): string =>
  Array.from({ length: RUN_ID_LENGTH }, () => RUN_ID_ALPHABET[randomInt(36)]).join('');

export interface OpenRun {
  readonly run: string;
  readonly trigger: Trigger;
  readonly attempt: number;
  /** When it started, on the device's clock. */
  readonly start: number;
}

/** How a run ended, for the exit code and the summary. */
export interface RunEnd {
  readonly run: string;
  readonly outcome: Outcome;
  /** Milliseconds. */
  readonly ms: number;
  /** Items that remain; -1 where no one knows. */
  readonly remaining: number;
  /** The last progress: items done, and of how many. */
  readonly progress: { readonly done: number; readonly total: number } | undefined;
  /** Seconds to the next window; undefined where nothing is scheduled. */
  readonly delaySeconds: number | undefined;
}

/**
 * What of a phone outlives the app's process: the scheduler, the battery and the network, the persisted state, the
 * clock. Times are epoch milliseconds on this clock, which jumps over the waits between windows.
 */
export class LocalDevice {
  readonly config: Config;
  readonly battery: BatteryState;
  readonly offline: boolean;
  isScheduled = false;
  /** The earliest start of the next window; 0 where there is none. */
  next = 0;
  consecutiveFailures = 0;
  /** Persisted: survives the process, and tells the next one what became of it. */
  openRun: OpenRun | undefined;
  lastRun: { run: string; out: Outcome; ts: number; ms: number; rem: number } | null = null;

  private skipped = 0;
  private history: string[] = [];
  private historyBytes = 0;

  constructor(config: Config, battery: BatteryState, offline: boolean) {
    this.config = config;
    this.battery = battery;
    this.offline = offline;
  }

  readonly now = (): number => Date.now() + this.skipped;

  /** JavaScript lives in real time. */
  toRealTime(ts: number): number {
    return ts === 0 ? 0 : ts - this.skipped;
  }

  /** The wait for the next window, without waiting. */
  skipToNext(): void {
    this.skipped += Math.max(0, this.next - this.now());
  }

  get env(): EventEnv {
    const { percent, charging, saver } = this.battery;
    return {
      bat: percent,
      chg: Number(charging),
      save: Number(saver),
      net: this.offline ? 'none' : 'wifi',
      metered: 0,
    };
  }

  remember(event: SyncEvent): void {
    const json = JSON.stringify(event);
    this.history.push(json);
    this.historyBytes += json.length;
    while (this.historyBytes > MAX_HISTORY_BYTES) {
      this.historyBytes -= this.history.shift()?.length ?? 0;
    }
  }

  historyJson(limit: number): string {
    return `[${limit > 0 ? this.history.slice(-limit).join(',') : ''}]`;
  }

  statusJson(): string {
    return JSON.stringify({
      v: 1,
      platform: 'local',
      scheduled: this.isScheduled,
      state: this.openRun !== undefined ? 'running' : this.isScheduled ? 'scheduled' : 'none',
      next: this.toRealTime(this.next),
      lastRun: this.lastRun,
      consecutiveFailures: this.consecutiveFailures,
      openRun: this.openRun?.run ?? null,
      env: this.env,
    });
  }

  register(writer: EventWriter): void {
    writer.emit('register', { why: this.isScheduled ? 'kept' : 'new' });
    if (!this.isScheduled) this.schedule(writer, this.policy.intervalSeconds, 'register');
  }

  /** @returns when the next window may start, in real time */
  scheduleNext(writer: EventWriter, delaySeconds: number): number {
    const delay = Math.max(Math.round(delaySeconds), MIN_DELAY_SECONDS);
    this.schedule(writer, delay, 'request');
    return this.toRealTime(this.next);
  }

  cancel(writer: EventWriter): void {
    this.isScheduled = false;
    this.next = 0;
    writer.emit('cancel');
  }

  /** Opens a run: the gate is taken. */
  open(writer: EventWriter, trigger: Trigger): OpenRun {
    const attempt = this.consecutiveFailures + 1;
    const run = createRunId();
    const { ts } = writer.emit('run.start', {
      run,
      task: this.config.taskId,
      trig: trigger,
      att: attempt,
      env: this.env,
    });
    this.openRun = { run, trigger, attempt, start: ts };
    return this.openRun;
  }

  /** Ends the open run: counts it, sets the next window, says so. */
  close(
    writer: EventWriter,
    run: OpenRun,
    result: {
      readonly outcome: Outcome;
      readonly remaining: number;
      readonly why?: string;
      readonly message?: string;
      readonly progress?: RunEnd['progress'];
    },
  ): RunEnd {
    const { outcome, remaining, why, message } = result;
    this.openRun = undefined;
    this.consecutiveFailures = outcome === 'done' ? 0 : this.consecutiveFailures + 1;
    let delaySeconds: number | undefined;
    if (this.isScheduled) {
      delaySeconds = nextDelaySeconds(
        outcome,
        remaining,
        this.battery,
        this.consecutiveFailures,
        this.policy,
      );
      this.schedule(writer, delaySeconds, outcome);
    }
    const ms = this.now() - run.start;
    const { ts } = writer.emit('run.end', {
      run: run.run,
      out: outcome,
      ms,
      ...(remaining >= 0 && { rem: remaining }),
      ...(delaySeconds !== undefined && { next: this.next }),
      ...(why !== undefined && { why }),
      ...(message !== undefined && message !== '' && { msg: message }),
    });
    this.lastRun = { run: run.run, out: outcome, ts: this.toRealTime(ts), ms, rem: remaining };
    return { run: run.run, outcome, ms, remaining, progress: result.progress, delaySeconds };
  }

  private get policy(): SchedulePolicyConfig {
    const { schedule } = this.config;
    return {
      intervalSeconds: schedule.intervalMinutes * 60,
      backlogSeconds: schedule.backlogMinutes * 60,
      maxSeconds: schedule.maxMinutes * 60,
      lowBatteryPercent: schedule.lowBatteryPercent,
    };
  }

  private schedule(writer: EventWriter, delaySeconds: number, why: string): void {
    this.isScheduled = true;
    this.next = this.now() + delaySeconds * 1000;
    writer.emit('schedule', { next: this.next, why });
  }
}
