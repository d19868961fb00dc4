import { randomInt } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../../config.ts';
import type { EventEnv, Outcome, SyncEvent, Trigger } from '../../events/event.ts';
import type { EventWriter } from '../../events/write.ts';
import { constraintNames, parseSettings, unmetConstraints } from '../../schedule/constraints.ts';
import type { Conditions, SyncConstraints, SyncSettings } from '../../schedule/constraints.ts';
import {
  clamp,
  countRun,
  MAX_REQUEST_SECONDS,
  MIN_DELAY_SECONDS,
  nextDelaySeconds,
  rowOf,
} from '../../schedule/policy.ts';
import type { BatteryState, RunCounts, SchedulePolicyConfig } from '../../schedule/policy.ts';

/** As much as the ring file on a device keeps. */
const MAX_HISTORY_BYTES = 200_000;

/** As many as a device keeps. */
const MAX_ENDED = 100;

const RUN_ID_LENGTH = 8;
const RUN_ID_ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

const createRunId = (): string =>
  Array.from({ length: RUN_ID_LENGTH }, () => RUN_ID_ALPHABET[randomInt(36)]).join('');

export interface OpenRun {
  readonly run: string;
  /** Of its sync. */
  readonly device: LocalDevice;
  readonly trigger: Trigger;
  readonly attempt: number;
  /** When it started, on the device's clock. */
  readonly start: number;
}

/** A run that has ended, as native hands it to JavaScript for `onRun`. */
interface EndedRun {
  readonly n: number;
  readonly run: string;
  readonly task: string;
  readonly name?: string;
  readonly trig: string;
  readonly att: number;
  readonly out: Outcome;
  readonly ts: number;
  readonly ms: number;
  readonly rem: number;
  readonly why?: string;
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
  /** What a window needs was not there: no run was opened. */
  readonly isHeldBack?: boolean;
  /** Seconds to the next window; undefined where nothing is scheduled. */
  readonly delaySeconds: number | undefined;
}

/** As `env.net` of an event says it. */
export type LocalNetwork = 'wifi' | 'cell' | 'none';

/** What of a phone all syncs of the app share: the clock, the gate, the log, the runs that JavaScript is yet to hear of. */
class LocalPhone {
  /** By the name of the sync. */
  readonly devices = new Map<string, LocalDevice>();
  /** Milliseconds: the clock jumps over the waits between windows. */
  skipped = 0;
  /** Persisted: survives the process, and tells the next one what became of it. */
  openRun: OpenRun | undefined;
  /** Persisted: the runs that JavaScript has not acknowledged, and the number of the newest. */
  ended: readonly EndedRun[] = [];
  endedCount = 0;
  /** The JavaScript that waits for one of them; that of a process that has died hears nothing. */
  tellEnd: ((json: string) => void) | undefined;
  hasListener = false;
  history: string[] = [];
  historyBytes = 0;
}

/**
 * What of a phone outlives the app's process, for one sync: the scheduler, the battery and the network, the persisted
 * state, the clock. Times are epoch milliseconds on this clock.
 */
export class LocalDevice {
  readonly config: Config;
  readonly battery: BatteryState;
  readonly network: LocalNetwork;
  /** Of the sync; '' of the first. */
  readonly name: string;
  isScheduled = false;
  /** The earliest start of the next window; 0 where there is none. */
  next = 0;
  /** After `cancel()`, until the app switches the sync on again. */
  isSwitchedOff = false;
  counts: RunCounts = { failures: 0, skips: 0 };
  lastRun: { run: string; out: Outcome; ts: number; ms: number; rem: number } | null = null;

  /** Persisted: what the app has set at run time. */
  private settings: SyncSettings = {};
  /** What the open run has asked for with `scheduleNext`; holds against the policy of that run. */
  private requested: number | undefined;
  private readonly phone: LocalPhone;

  constructor(
    config: Config,
    battery: BatteryState,
    network: LocalNetwork,
    name = '',
    phone = new LocalPhone(),
  ) {
    this.config = config;
    this.battery = battery;
    this.network = network;
    this.name = name;
    this.phone = phone;
    phone.devices.set(name, this);
  }

  /** The same phone, for another sync of the app. */
  forTask(name: string, config: Config): LocalDevice {
    return new LocalDevice(config, this.battery, this.network, name, this.phone);
  }

  /** @returns undefined where the app has no sync of that name */
  named(name: string): LocalDevice | undefined {
    return this.phone.devices.get(name);
  }

  readonly now = (): number => Date.now() + this.phone.skipped;

  /** The run that holds the gate, of whatever sync. */
  get openRun(): OpenRun | undefined {
    return this.phone.openRun;
  }

  /** JavaScript lives in real time. */
  toRealTime(ts: number): number {
    return ts === 0 ? 0 : ts - this.phone.skipped;
  }

  /** The wait for the next window, without waiting. */
  skipToNext(): void {
    this.phone.skipped += Math.max(0, this.next - this.now());
  }

  get env(): EventEnv {
    const { percent, charging, saver } = this.battery;
    return {
      bat: percent,
      chg: Number(charging),
      save: Number(saver),
      net: this.network,
      metered: Number(this.conditions.network.metered),
    };
  }

  get conditions(): Conditions {
    return {
      battery: this.battery,
      network: {
        connected: this.network !== 'none',
        metered: this.network === 'cell',
        roaming: false,
      },
      storageLow: false,
      inUse: false,
    };
  }

  /** As they are in effect: what the app has set at run time, over the config. */
  get constraints(): SyncConstraints {
    return { ...this.config.constraints, ...this.settings.constraints };
  }

  /** The names of what a window needs and this device does not offer. */
  get unmet(): readonly string[] {
    return unmetConstraints(this.constraints, this.conditions);
  }

  remember(event: SyncEvent): void {
    const json = JSON.stringify(event);
    this.phone.history.push(json);
    this.phone.historyBytes += json.length;
    while (this.phone.historyBytes > MAX_HISTORY_BYTES) {
      this.phone.historyBytes -= this.phone.history.shift()?.length ?? 0;
    }
  }

  historyJson(limit: number): string {
    return `[${limit > 0 ? this.phone.history.slice(-limit).join(',') : ''}]`;
  }

  statusJson(): string {
    return JSON.stringify({
      v: 1,
      platform: 'local',
      scheduled: this.isScheduled,
      state: this.openRun !== undefined ? 'running' : this.isScheduled ? 'scheduled' : 'none',
      next: this.toRealTime(this.next),
      lastRun: this.lastRun,
      consecutiveFailures: this.counts.failures,
      openRun: this.openRun?.run ?? null,
      intervalMinutes: this.policy.intervalSeconds / 60,
      constraints: constraintNames(this.constraints),
      unmet: this.unmet,
      env: this.env,
    });
  }

  register(writer: EventWriter, switchOn: boolean): void {
    if (this.isSwitchedOff && !switchOn) return;
    this.isSwitchedOff = false;
    writer.emit('register', { ...this.naming, why: this.isScheduled ? 'kept' : 'new' });
    if (!this.isScheduled) this.schedule(writer, this.policy.intervalSeconds, 'register');
  }

  /** @returns when the next window may start, in real time; 0 while the sync is switched off */
  scheduleNext(writer: EventWriter, delaySeconds: number): number {
    if (this.isSwitchedOff) return 0;
    const delay = clamp(Math.round(delaySeconds), MIN_DELAY_SECONDS, MAX_REQUEST_SECONDS);
    this.schedule(writer, delay, 'request');
    if (this.openRun?.device === this) this.requested = this.next;
    return this.toRealTime(this.next);
  }

  /** Keeps what the app sets, over restarts; a shorter interval counts at once, unless runs go wrong. */
  configure(writer: EventWriter, text: string): void {
    const settings = parseSettings(text);
    if (isDeepStrictEqual(settings, this.settings)) return;
    const before = this.policy.intervalSeconds;
    this.settings = settings;
    const { intervalSeconds } = this.policy;
    const latest = this.now() + intervalSeconds * 1000;
    if (intervalSeconds < before && this.counts.failures === 0 && this.isScheduled) {
      this.next = Math.min(this.next, latest);
    }
    writer.emit('configure', {
      ...this.naming,
      msg: [...constraintNames(this.constraints), `every ${intervalSeconds / 60} min`].join(', '),
      ...(this.isScheduled && { next: this.next }),
    });
  }

  /** A window came and what it needs was not there: no run, no failure. @returns how it ended, for the summary */
  skip(writer: EventWriter): RunEnd {
    const run = createRunId();
    this.counts = countRun(this.counts, 'skipped');
    const delaySeconds = this.isScheduled ? this.delayAfter('skipped', -1) : undefined;
    if (delaySeconds !== undefined) this.schedule(writer, delaySeconds, 'skipped');
    writer.emit('run.skip', {
      run,
      task: this.config.taskId,
      trig: 'local',
      why: 'constraint',
      msg: this.unmet.join(','),
      env: this.env,
    });
    return {
      run,
      outcome: 'skipped',
      ms: 0,
      remaining: -1,
      progress: undefined,
      isHeldBack: true,
      delaySeconds,
    };
  }

  cancel(writer: EventWriter): void {
    this.isSwitchedOff = true;
    this.isScheduled = false;
    this.requested = undefined;
    this.next = 0;
    writer.emit('cancel', this.naming);
  }

  /** Opens a run: the gate is taken. */
  open(writer: EventWriter, trigger: Trigger): OpenRun {
    const attempt = this.counts.failures + 1;
    const run = createRunId();
    const { ts } = writer.emit('run.start', {
      run,
      task: this.config.taskId,
      trig: trigger,
      att: attempt,
      env: this.env,
    });
    this.phone.openRun = { run, device: this, trigger, attempt, start: ts };
    return this.phone.openRun;
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
    this.phone.openRun = undefined;
    this.counts = countRun(this.counts, outcome);
    let delaySeconds: number | undefined;
    if (this.isScheduled) {
      delaySeconds = this.delayAfter(outcome, remaining);
      this.schedule(writer, delaySeconds, this.requested === undefined ? outcome : 'requested');
    }
    this.requested = undefined;
    const ms = this.now() - run.start;
    const { ts } = writer.emit('run.end', {
      run: run.run,
      ...this.naming,
      out: outcome,
      ms,
      ...(remaining >= 0 && { rem: remaining }),
      ...(delaySeconds !== undefined && { next: this.next }),
      ...(why !== undefined && { why }),
      ...(message !== undefined && message !== '' && { msg: message }),
    });
    this.lastRun = { run: run.run, out: outcome, ts: this.toRealTime(ts), ms, rem: remaining };
    const told: EndedRun = {
      ...this.lastRun,
      n: (this.phone.endedCount += 1),
      task: this.config.taskId,
      ...(this.name !== '' && { name: this.name }),
      trig: run.trigger,
      att: run.attempt,
      ...(why !== undefined && { why }),
    };
    this.phone.ended = [...this.phone.ended, told].slice(-MAX_ENDED);
    this.tellOldest();
    return { run: run.run, outcome, ms, remaining, progress: result.progress, delaySeconds };
  }

  /** JavaScript has seen the runs up to a number; `tell` gets the oldest that is left, once there is one. */
  whenEnded(after: number, tell: (json: string) => void): void {
    this.phone.ended = this.phone.ended.filter(({ n }) => n > after);
    this.phone.tellEnd = tell;
    this.phone.hasListener = true;
    this.tellOldest();
  }

  /** JavaScript that asks for the ends of runs has not yet acknowledged all of them. */
  get isTelling(): boolean {
    return this.phone.hasListener && this.phone.ended.length > 0;
  }

  /** The process is gone, and who waited there. */
  forgetListener(): void {
    this.phone.tellEnd = undefined;
    this.phone.hasListener = false;
  }

  private tellOldest(): void {
    const [oldest] = this.phone.ended;
    if (oldest === undefined || this.phone.tellEnd === undefined) return;
    const tell = this.phone.tellEnd;
    this.phone.tellEnd = undefined;
    tell(JSON.stringify(oldest));
  }

  /** Seconds: what the run has asked for, else what the policy says. */
  private delayAfter(outcome: Outcome, remaining: number): number {
    if (this.requested !== undefined) {
      return Math.max(Math.round((this.requested - this.now()) / 1000), 0);
    }
    const row = rowOf(this.counts, outcome);
    return nextDelaySeconds(outcome, remaining, this.battery, row, this.policy);
  }

  /** Of the events that have no run: an app that has one sync needs no name in them. */
  private get naming(): { readonly task?: string } {
    return this.name === '' ? {} : { task: this.config.taskId };
  }

  private get policy(): SchedulePolicyConfig {
    const { schedule } = this.config;
    return {
      intervalSeconds: (this.settings.intervalMinutes ?? schedule.intervalMinutes) * 60,
      backlogSeconds: schedule.backlogMinutes * 60,
      maxSeconds: schedule.maxMinutes * 60,
      lowBatteryPercent: schedule.lowBatteryPercent,
    };
  }

  private schedule(writer: EventWriter, delaySeconds: number, why: string): void {
    this.isScheduled = true;
    this.next = this.now() + delaySeconds * 1000;
    writer.emit('schedule', { ...this.naming, next: this.next, why });
  }
}
