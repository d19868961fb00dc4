import { dropOldest } from '../bounded.ts';
import type { SyncEvent } from './event.ts';

/** More at once is a defect already; keeps a hostile log from growing this. */
const MAX_OPEN = 64;

/** The runs that are open at a place in a log, to tie what the system says there to one of them. */
export class OpenRuns {
  private readonly open = new Map<string, { readonly run: string; readonly pid: number }>();

  event({ ev, run, pid }: SyncEvent): void {
    if (run === undefined) return;
    if (ev === 'run.end' || ev === 'run.skip') this.open.delete(run);
    if (ev !== 'run.start') return;
    this.open.set(run, { run, pid });
    dropOldest(this.open, MAX_OPEN);
  }

  /** @param pid the process that a line is about; where it is not known, the only open run is meant */
  of(pid: number | undefined): { readonly run: string } | undefined {
    const runs = [...this.open.values()];
    if (pid === undefined) return runs.length === 1 ? runs[0] : undefined;
    return runs.findLast((run) => run.pid === pid);
  }
}
