import type { SyncEvent } from './event.ts';

/** One life of one process: a number that the system gives again is another one. */
export interface ProcessLife {
  readonly pid: number;
  lastSeq: number;
  /** The run of its first event, '' for none. */
  firstRun: string | undefined;
  /** When its numbering last showed that events are missing, as {@link ProcessLives.gap}; 0 for never. */
  lastGap: number;
  /** It has events of more than that run. */
  hasOthers: boolean;
}

/** Times of one run may be taken apart from each other, in milliseconds. */
const SLACK = 1000;

/** With more the log proves little: from then on any event may be among the missing. */
const MOST_GAPS = 256;

/** Tells the processes of one platform apart, and counts what their numbering says is missing. */
export class ProcessLives {
  /** Events that are not in the log. */
  lost = 0;
  /** How many gaps in the numbering there were so far. */
  gap = 0;
  /** The last event, and where the times of the missing ones lie. */
  private last: SyncEvent | undefined;
  private readonly gaps: { readonly from: number; readonly to: number }[] = [];
  private readonly byPid = new Map<number, ProcessLife>();

  /** Whether an event of that time may be among the missing; undefined for one of any time. */
  mayHaveLost(ts: number | undefined): boolean {
    if (ts === undefined) return this.gaps.length > 0;
    return this.gaps.some(({ from, to }) => from - SLACK <= ts && ts <= to + SLACK);
  }

  of(event: SyncEvent): ProcessLife {
    const { pid, seq } = event;
    let life = this.byPid.get(pid);
    if (life === undefined || seq === 1) {
      // The first process of a log may have begun before it; later ones begin at 1.
      const lastSeq = this.byPid.size === 0 ? seq - 1 : 0;
      life = { pid, lastSeq, firstRun: undefined, hasOthers: false, lastGap: 0 };
      this.byPid.set(pid, life);
    }
    if (seq > life.lastSeq + 1) {
      this.gap += 1;
      life.lastGap = this.gap;
      this.noteGap(this.last?.ts ?? -Infinity, event.ts);
    }
    this.last = event;
    if (seq > life.lastSeq) {
      this.lost += seq - life.lastSeq - 1;
      life.lastSeq = seq;
    } else {
      // Out of order: it was counted as missing when a later one came.
      this.lost = Math.max(0, this.lost - 1);
    }
    return life;
  }

  private noteGap(from: number, to: number): void {
    if (this.gaps.length < MOST_GAPS) this.gaps.push({ from, to });
    else this.gaps[MOST_GAPS - 1] = { from: -Infinity, to: Infinity };
  }
}

/** To be called with each event of a process, after it was judged. */
export function noteEvent(life: ProcessLife, { run = '' }: SyncEvent): void {
  if (life.firstRun === undefined) life.firstRun = run;
  else if (life.firstRun !== run) life.hasOthers = true;
}

/**
 * Whether an end whose start is not in the log may have had it before the log's first line.
 *
 * @param first the first event of that platform in the log
 * @param life the process that wrote the end
 */
export function startedBeforeLog(first: SyncEvent, life: ProcessLife, end: SyncEvent): boolean {
  if (end.ms === undefined) {
    return life.firstRun === undefined || (life.firstRun === end.run && !life.hasOthers);
  }
  const start = end.ts - end.ms;
  return start < first.ts || (start === first.ts && first.run === end.run);
}
