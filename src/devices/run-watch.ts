import type { SyncEvent } from '../events/event.ts';
import { ExitCode } from '../exit-code.ts';

/** How far a run has come. */
export type Stage = 'ack' | 'start' | 'end';

const ORDER: readonly Stage[] = ['ack', 'start', 'end'];

/** A run that died with its process is a failure of the job; one that never got to the handler could not be run. */
const EXIT_CODES: Readonly<Record<string, ExitCode>> = {
  done: ExitCode.ok,
  retry: ExitCode.retry,
  failed: ExitCode.failed,
  expired: ExitCode.expired,
  skipped: ExitCode.usage,
  killed: ExitCode.failed,
};

/** @param out the outcome that a `run.end` names */
export const exitCodeOf = (out: string | undefined): ExitCode =>
  out !== undefined && Object.hasOwn(EXIT_CODES, out)
    ? (EXIT_CODES[out] ?? ExitCode.failed)
    : ExitCode.failed;

/** Follows one run through the events of a log, and lets others wait for its stages. */
export class RunWatch {
  /** The run's id; where the platform chooses it, that of the first run that the OS starts. */
  runId: string | undefined;
  /** The app's process, once the run has started. */
  pid: number | undefined;
  /** The event that ended the run: `run.end` or `run.skip`. */
  last: SyncEvent | undefined;
  private readonly reached = new Set<Stage>();
  private failure: Error | undefined;
  private readonly waiters = new Set<() => void>();

  constructor(runId: string | undefined) {
    this.runId = runId;
  }

  /** Whether the event belongs to the run. */
  add(event: SyncEvent): boolean {
    const isStart = event.ev === 'run.start' || event.ev === 'run.skip';
    if (this.runId === undefined && isStart && event.trig === 'os') this.runId = event.run;
    if (event.run === undefined || event.run !== this.runId) return false;
    if (event.ev === 'ack') this.reach('ack');
    else if (event.ev === 'run.start') {
      this.pid = event.pid;
      this.reach('start');
    } else if (event.ev === 'run.end' || event.ev === 'run.skip') {
      this.last ??= event;
      this.reach('end');
    }
    return true;
  }

  /** Ends all waiting: the outcome will not come. */
  fail(error: Error): void {
    this.failure ??= error;
    this.notify();
  }

  has(stage: Stage): boolean {
    return this.reached.has(stage);
  }

  /**
   * @param limitMs milliseconds
   * @returns false where the stage was not reached in time
   * @throws what {@link fail} was given, unless the run has ended meanwhile
   */
  wait(stage: Stage, limitMs: number): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const settle = (isReached: boolean): void => {
        clearTimeout(timer);
        this.waiters.delete(check);
        if (isReached || this.failure === undefined) resolve(isReached);
        else reject(this.failure);
      };
      const check = (): void => {
        if (this.has(stage)) settle(true);
        else if (this.failure !== undefined) settle(false);
      };
      const timer = setTimeout(() => settle(this.has(stage)), limitMs);
      this.waiters.add(check);
      check();
    });
  }

  private reach(stage: Stage): void {
    for (const each of ORDER.slice(0, ORDER.indexOf(stage) + 1)) this.reached.add(each);
    this.notify();
  }

  private notify(): void {
    for (const check of [...this.waiters]) check();
  }
}
