import type { EventWriter } from '../../events/write.ts';
import type { LocalDevice, OpenRun, RunEnd } from './device.ts';

/** What the handler is given, in milliseconds from `js.start`. */
export interface WindowLimits {
  /** The whole window: the run has ended when it is over. */
  readonly budgetMs: number;
  /** When the OS takes the window away. */
  readonly expireAfterMs: number | undefined;
}

const MAX_GRACE_MS = 1000;
/** Timers fire late, never early: this part of the grace pays for that, so that the run ends within its budget. */
const RESERVE_MS = 100;
const PROGRESS_INTERVAL_MS = 1000;

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0;

/**
 * One window, from `js.start` to `run.end`: native's state machine, which completes the run exactly once.
 * The signal comes a grace before the budget is over, so that a handler that honours it can still say what remains.
 */
export class RunWindow {
  readonly run: OpenRun;
  /** When the signal comes if nothing closes the window sooner. Real epoch milliseconds. */
  readonly deadline: number;
  /** Settles with the run. */
  readonly ended: Promise<RunEnd>;
  /** Whether the handler has given its answer, in time or late. */
  isAnswered = false;

  private readonly device: LocalDevice;
  private readonly writer: EventWriter;
  private readonly graceMs: number;
  private readonly endAt: number;
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly watchers: ((reason: string) => void)[] = [];
  private settle: (end: RunEnd) => void = () => undefined;
  private expiredBy: string | undefined;
  private result: RunEnd | undefined;
  private progress: { done: number; total: number } | undefined;
  private progressShownAt = -Infinity;
  private progressTimer: NodeJS.Timeout | undefined;

  constructor(device: LocalDevice, writer: EventWriter, run: OpenRun, limits: WindowLimits) {
    this.device = device;
    this.writer = writer;
    this.run = run;
    this.ended = new Promise((resolve) => (this.settle = resolve));
    this.graceMs = Math.min(MAX_GRACE_MS, limits.budgetMs / 10);
    const start = Date.now();
    this.deadline = Math.round(start + limits.budgetMs - this.graceMs);
    this.endAt = start + limits.budgetMs - Math.min(RESERVE_MS, this.graceMs / 2);
    writer.emit('js.start', { run: run.run });
    this.after(this.deadline - start, () => this.expire('budget'));
    if (limits.expireAfterMs !== undefined) {
      this.after(limits.expireAfterMs, () => this.expire('os'));
    }
  }

  get isOpen(): boolean {
    return this.result === undefined;
  }

  /** Closes the window: from now on the outcome is `expired`, unless the handler says in time that nothing remains. */
  expire(why: string): void {
    if (!this.isOpen || this.expiredBy !== undefined) return;
    this.expiredBy = why;
    this.writer.emit('expire', { run: this.run.run, why });
    this.tellWatchers(why);
    const grace = Math.min(this.graceMs, this.endAt - Date.now());
    this.after(Math.max(0, grace), () => this.end('expired', -1, ''));
  }

  /** Settles with the reason when the window closes, or with '' when the run is complete. */
  whenExpired(): Promise<string> {
    if (this.expiredBy !== undefined) return Promise.resolve(this.expiredBy);
    return this.isOpen
      ? new Promise((resolve) => this.watchers.push(resolve))
      : Promise.resolve('');
  }

  report(done: unknown, total: unknown): void {
    if (!isCount(done) || !isCount(total) || !this.isOpen) return;
    this.progress = { done, total };
    if (this.progressTimer !== undefined) return;
    const wait = this.progressShownAt + PROGRESS_INTERVAL_MS - Date.now();
    if (wait <= 0) this.showProgress();
    else this.progressTimer = this.after(wait, () => this.showProgress());
  }

  /** The handler's answer. The first one counts, and only until the run has ended. */
  complete(outcome: unknown, remaining: unknown, message: unknown): void {
    const rem = isCount(remaining) ? remaining : -1;
    if (!this.isOpen) {
      this.isAnswered = true;
      emitLate(this.writer, this.run.run, outcome, rem);
      return;
    }
    this.isAnswered = true;
    const known = outcome === 'done' || outcome === 'retry' ? outcome : 'failed';
    const isDrained = known === 'done' && rem === 0;
    this.end(
      this.expiredBy === undefined || isDrained ? known : 'expired',
      rem,
      typeof message === 'string' ? message : '',
    );
  }

  /** The process is dead: the run stays open on the device, and the next process will find it. */
  abandon(): void {
    if (!this.isOpen) return;
    this.result = {
      run: this.run.run,
      outcome: 'killed',
      ms: this.device.now() - this.run.start,
      remaining: -1,
      progress: this.progress,
      delaySeconds: undefined,
    };
    this.stop();
    this.settle(this.result);
  }

  private end(
    outcome: 'done' | 'retry' | 'failed' | 'expired',
    remaining: number,
    message: string,
  ): void {
    if (!this.isOpen) return;
    this.stop();
    this.result = this.device.close(this.writer, this.run, {
      outcome,
      remaining,
      message,
      progress: this.progress,
      ...(this.expiredBy !== undefined && { why: this.expiredBy }),
    });
    this.tellWatchers('');
    this.settle(this.result);
  }

  private showProgress(): void {
    this.progressTimer = undefined;
    this.progressShownAt = Date.now();
    if (this.progress === undefined) return;
    const { done, total } = this.progress;
    this.writer.emit('progress', { run: this.run.run, n: done, of: total });
  }

  private tellWatchers(reason: string): void {
    for (const tell of this.watchers.splice(0)) tell(reason);
  }

  private after(ms: number, action: () => void): NodeJS.Timeout {
    const timer = setTimeout(action, ms);
    this.timers.add(timer);
    return timer;
  }

  private stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}

/** An answer that no open run waits for. */
export function emitLate(
  writer: EventWriter,
  run: string,
  outcome: unknown,
  remaining: number,
): void {
  writer.emit('late', {
    run,
    out: outcome === 'done' || outcome === 'retry' ? outcome : 'failed',
    ...(remaining >= 0 && { rem: remaining }),
  });
}
