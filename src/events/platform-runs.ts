import type { SyncEvent } from './event.ts';
import type { ProcessLife } from './process-lives.ts';
import { noteEvent, ProcessLives, startedBeforeLog } from './process-lives.ts';
import type { RunRecord, RunState, Violation, ViolationKind } from './verify-result.ts';

interface Run {
  readonly run: string;
  readonly life: ProcessLife;
  readonly line: number;
  readonly trig: string | undefined;
  readonly start: number | undefined;
  end: number | undefined;
  outcome: string | undefined;
  state: RunState | 'open';
  /** How many gaps in the numbering came before its start. */
  readonly gapsBefore: number;
  /** Its end may be among the events that the log lost. */
  mayHaveEnded: boolean;
  /** Another process wrote while it was open: it was taken for dead. */
  isTakenForDead: boolean;
  /** The run that started while this one was open. */
  overlappedBy: Run | undefined;
  hasSchedule: boolean;
  /** Its own process wrote its end. What a process wrote last may be lost without a gap: nothing of it comes after. */
  hasOwnEnd: boolean;
}

/** After these nothing is owed: a window was set, refused, or no longer wanted. */
const SETTLES_SCHEDULE = new Set(['schedule', 'schedule.error', 'cancel']);

/** The runs of one platform, as its events tell of them one by one. */
export class PlatformRuns {
  readonly violations: Violation[] = [];
  private readonly first: SyncEvent;
  private readonly lives = new ProcessLives();
  private readonly runs = new Map<string, Run>();
  private readonly open = new Set<Run>();
  /** Those of them that no other run started after: each start looks at these alone. */
  private fresh: Run[] = [];
  /** The process that wrote last. */
  private current: ProcessLife | undefined;
  /** The run that started last. */
  private latest: Run | undefined;

  /** @param first the first event of the platform in the log */
  constructor(first: SyncEvent) {
    this.first = first;
  }

  get lost(): number {
    return this.lives.lost;
  }

  add(event: SyncEvent, line: number): void {
    // The CLI writes its marks from a process of its own: they say nothing about the app's.
    if (event.ev === 'mark') return;
    const life = this.lives.of(event);
    this.closeDead(life);
    if (event.ev === 'run.start') this.start(life, event, line);
    else if (event.ev === 'run.end') this.end(life, event, line);
    else if (SETTLES_SCHEDULE.has(event.ev)) {
      if (this.latest !== undefined) this.latest.hasSchedule = true;
    }
    noteEvent(life, event);
  }

  finish(): RunRecord[] {
    for (const run of this.open) {
      const next = run.overlappedBy;
      if (next !== undefined && run.mayHaveEnded) run.state = 'unknown';
      else if (next !== undefined) {
        const text = `run ${run.run} never ended, and run ${next.run} started after it in the same process (line ${next.line})`;
        this.violate(run, 'no-end', run.line, text);
      }
    }
    return [...this.runs.values()].map(({ run, line, trig, start, end, outcome, state }) => ({
      run,
      plat: this.first.plat,
      trig,
      start,
      end,
      outcome,
      state: state === 'open' ? 'unknown' : state,
      line,
    }));
  }

  /** Another process writes: what an older one had open died with it. */
  private closeDead(life: ProcessLife): void {
    if (this.current === life) return;
    this.current = life;
    for (const run of this.open) {
      if (run.life === life) continue;
      this.open.delete(run);
      run.isTakenForDead = true;
      run.mayHaveEnded ||= run.life.lastGap > run.gapsBefore;
      if (run.mayHaveEnded) run.state = run.state === 'broken' ? 'broken' : 'unknown';
      else this.settle(run, 'killed');
    }
  }

  private start(life: ProcessLife, event: SyncEvent, line: number): void {
    const id = event.run ?? '';
    const { latest } = this;
    if (
      event.plat === 'ios' &&
      latest !== undefined &&
      !latest.hasSchedule &&
      (latest.life === life || latest.hasOwnEnd) &&
      this.lives.gap === latest.gapsBefore
    ) {
      const text = `run ${latest.run} (line ${latest.line}) set no next window before run ${id} started`;
      this.violate(latest, 'no-schedule', line, text);
    }
    const earlier = this.runs.get(id);
    if (earlier !== undefined) {
      const text = `run ${id} started a second time (first in line ${earlier.line})`;
      this.violate(earlier, 'two-starts', line, text);
      return;
    }
    const run = this.track(life, event, line, event.ts);
    for (const other of this.fresh) {
      if (!this.open.has(other)) continue;
      other.overlappedBy ??= run;
      other.mayHaveEnded = life.lastGap > other.gapsBefore;
    }
    this.fresh = [run];
    this.open.add(run);
    this.latest = run;
  }

  private end(life: ProcessLife, event: SyncEvent, line: number): void {
    const id = event.run ?? '';
    const run = this.runs.get(id);
    if (run === undefined) {
      const ended = this.track(life, event, line, undefined);
      ended.end = event.ts;
      ended.outcome = event.out;
      ended.state = 'unknown';
      const start = event.ms === undefined ? undefined : event.ts - event.ms;
      // The next process tells of it: the start may be among the last lines of the one that died.
      if (event.out === 'killed') return;
      if (!startedBeforeLog(this.first, life, event) && !this.lives.mayHaveLost(start)) {
        const text = `run ${id} ended but never started, although the log holds the time of its start`;
        this.violate(ended, 'end-without-start', line, text);
      }
      return;
    }
    if (run.end !== undefined) {
      const text = `run ${id} ended a second time, as ${event.out ?? 'nothing'}; it had ended as ${run.outcome ?? 'nothing'}`;
      this.violate(run, 'two-ends', line, text);
      return;
    }
    // Taken for dead because another process wrote, and it was not: two ran at the same time. That another one writes its
    // end, late where its disk failed, says nothing of that.
    const isAlive = run.isTakenForDead && run.life === life;
    if (isAlive && this.latest !== run) run.overlappedBy ??= this.latest;
    run.end = event.ts;
    run.outcome = event.out;
    run.hasOwnEnd = run.life === life;
    this.open.delete(run);
    this.settle(run, event.out === 'killed' ? 'killed' : 'ended');
  }

  /** The run is over; whether another one started before that is known only now. */
  private settle(run: Run, state: RunState): void {
    const next = run.overlappedBy;
    if (next !== undefined) {
      const text = `run ${next.run} started while run ${run.run} (line ${run.line}) was open`;
      this.violate(run, 'overlap', next.line, text);
      run.overlappedBy = undefined;
    } else if (run.state !== 'broken') run.state = state;
  }

  private track(life: ProcessLife, event: SyncEvent, line: number, start: number | undefined): Run {
    const run: Run = {
      run: event.run ?? '',
      life,
      line,
      trig: event.trig,
      start,
      gapsBefore: this.lives.gap,
      mayHaveEnded: false,
      isTakenForDead: false,
      end: undefined,
      outcome: undefined,
      state: 'open',
      overlappedBy: undefined,
      hasSchedule: false,
      hasOwnEnd: false,
    };
    this.runs.set(run.run, run);
    return run;
  }

  private violate(run: Run, kind: ViolationKind, line: number, text: string): void {
    run.state = 'broken';
    this.violations.push({ kind, line, run: run.run, text });
  }
}
