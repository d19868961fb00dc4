import type { EventEnv, SyncEvent } from '../../events/event.ts';

/** A run as the events of a log told of it. */
export interface ObservedRun {
  readonly run: string | undefined;
  readonly plat: string;
  readonly trig: string | undefined;
  /** Of its first event, from 1. */
  readonly line: number;
  /** Of its first event, epoch milliseconds. */
  readonly ts: number;
  readonly env: EventEnv | undefined;
  /** `skipped` where it was refused at the gate, `killed` where its process died first. */
  readonly outcome: string | undefined;
  readonly why: string | undefined;
  readonly message: string | undefined;
  readonly ms: number | undefined;
  readonly remaining: number | undefined;
  /** `host.start` came, and then `host.ready`; `js.start`: the handler took it. */
  readonly isBooting: boolean;
  readonly isBooted: boolean;
  readonly isTaken: boolean;
  /** A next window was set, refused or withdrawn since its start. */
  readonly isScheduled: boolean;
  /** The run that started while it was open, in the same process. */
  readonly overlappedBy: string | undefined;
  /** Its start is in the log, and no event of its process is missing since. */
  readonly isWhole: boolean;
}

type OpenRun = { -readonly [Key in keyof ObservedRun]: ObservedRun[Key] } & { pid: number };

/** More than one open at once is a defect already: it is enough to see it. */
const MAX_OPEN = 8;

const SETTLES_SCHEDULE = new Set(['schedule', 'schedule.error', 'heal', 'cancel']);

const openRun = (event: SyncEvent, line: number, isWhole: boolean): OpenRun => ({
  pid: event.pid,
  run: event.run,
  plat: event.plat,
  trig: event.trig,
  line,
  ts: event.ts,
  env: event.env,
  outcome: undefined,
  why: undefined,
  message: undefined,
  ms: undefined,
  remaining: undefined,
  isBooting: false,
  isBooted: false,
  isTaken: false,
  isScheduled: false,
  overlappedBy: undefined,
  isWhole,
});

/** Makes runs of one platform's events, and hands each over when it is over. Keeps the open ones alone. */
export class RunObserver {
  private readonly onRun: (run: ObservedRun) => void;
  private open: OpenRun[] = [];
  private pid: number | undefined;
  private seq = 0;

  constructor(onRun: (run: ObservedRun) => void) {
    this.onRun = onRun;
  }

  event(event: SyncEvent, line: number): void {
    const { pid, seq, ev } = event;
    const isNewProcess = pid !== this.pid || seq === 1;
    if (!isNewProcess && seq > this.seq + 1) for (const run of this.open) run.isWhole = false;
    this.pid = pid;
    this.seq = seq;

    if (ev === 'run.start') this.start(event, line);
    else if (ev === 'run.skip') this.close(openRun(event, line, true), event, 'skipped');
    else if (ev === 'run.end') this.end(event, line);
    else {
      for (const run of this.open) {
        if (SETTLES_SCHEDULE.has(ev)) run.isScheduled = true;
        if (run.run !== event.run) continue;
        if (ev === 'host.start') run.isBooting = true;
        if (ev === 'host.ready') run.isBooted = true;
        if (ev === 'js.start') run.isTaken = true;
      }
    }
  }

  /** The log is over: what is open may go on behind it, unless its process is gone. */
  finish(): void {
    for (const run of this.open) if (run.pid !== this.pid) this.kill(run);
    this.open = [];
  }

  private start(event: SyncEvent, line: number): void {
    for (const run of this.open) {
      if (run.pid === event.pid) run.overlappedBy ??= event.run;
      else this.kill(run);
    }
    this.open = this.open.filter(({ pid }) => pid === event.pid).slice(1 - MAX_OPEN);
    this.open.push(openRun(event, line, true));
  }

  private end(event: SyncEvent, line: number): void {
    const found = this.open.find(({ run }) => run === event.run);
    this.open = this.open.filter((run) => run !== found);
    this.close(found ?? openRun(event, line, false), event, event.out);
  }

  private close(run: OpenRun, event: SyncEvent, outcome: string | undefined): void {
    const { why, msg, ms, rem, next, env } = event;
    this.onRun({
      ...run,
      outcome,
      why,
      message: msg,
      ms,
      remaining: rem,
      env: run.env ?? env,
      isScheduled: run.isScheduled || next !== undefined,
    });
  }

  private kill(run: OpenRun): void {
    this.onRun({ ...run, outcome: 'killed' });
  }
}
