import type { SyncEvent } from './event.ts';

/** One life of one process: a number that the system gives again is another one. */
export interface ProcessLife {
  readonly pid: number;
  lastSeq: number;
  /** The run of its first event, '' for none. */
  firstRun: string | undefined;
  /** It has events of more than that run. */
  hasOthers: boolean;
}

/** Tells the processes of one platform apart, and counts what their numbering says is missing. */
export class ProcessLives {
  /** Events that are not in the log. */
  lost = 0;
  private readonly byPid = new Map<number, ProcessLife>();

  of({ pid, seq }: SyncEvent): ProcessLife {
    let life = this.byPid.get(pid);
    if (life === undefined || seq === 1) {
      // The first process of a log may have begun before it; later ones begin at 1.
      const lastSeq = this.byPid.size === 0 ? seq - 1 : 0;
      life = { pid, lastSeq, firstRun: undefined, hasOthers: false };
      this.byPid.set(pid, life);
    }
    if (seq > life.lastSeq) {
      this.lost += seq - life.lastSeq - 1;
      life.lastSeq = seq;
    } else {
      // Out of order: it was counted as missing when a later one came.
      this.lost = Math.max(0, this.lost - 1);
    }
    return life;
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
