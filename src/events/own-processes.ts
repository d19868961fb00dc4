import { dropOldest } from '../bounded.ts';
import type { SyncEvent } from './event.ts';
import type { SystemLine } from './system-lines.ts';

/** A device starts a few hundred processes of an app between two restarts; a hostile log has more. */
const REMEMBERED = 4096;

function remember<Value>(values: Set<Value>, value: Value): void {
  values.add(value);
  dropOldest(values, REMEMBERED);
}

/** `com.example.app:remote` is a process of `com.example.app`. */
const appOf = (process: string): string => process.split(':')[0] ?? process;

/**
 * Whose the processes are that the lines of a log are about. A device’s log is of all its apps: in that of any phone the
 * system ends some all the time. Ours are those that wrote an event, and those that have the name of one that did.
 */
export class OwnProcesses {
  private readonly pids = new Set<number>();
  private readonly apps = new Set<string>();
  /** By number, with what the log called it last. */
  private readonly named = new Map<number, string>();

  event({ pid }: SyncEvent): void {
    const app = this.named.get(pid);
    if (app !== undefined) remember(this.apps, app);
    remember(this.pids, pid);
  }

  line({ pid, process }: SystemLine): void {
    if (pid === undefined || process === undefined) return;
    const app = appOf(process);
    if (this.pids.has(pid)) remember(this.apps, app);
    this.named.delete(pid);
    this.named.set(pid, app);
    dropOldest(this.named, REMEMBERED);
  }

  /**
   * @returns whether a line is about a process of another app, by all that was seen until now; undefined where that cannot
   *   be told yet: it names its process, and none of ours wrote an event. What has no number is another’s only where the
   *   name of ours is known, and so is a crash, which may have come before the first event of its process.
   */
  isOther({ sign, pid, process }: SystemLine): boolean | undefined {
    const app =
      process === undefined
        ? pid === undefined
          ? undefined
          : this.named.get(pid)
        : appOf(process);
    if (app === undefined || this.apps.has(app)) return false;
    if (pid !== undefined && this.pids.has(pid)) return false;
    if (sign === 'crash' || pid === undefined) return this.apps.size > 0;
    return this.pids.size === 0 ? undefined : true;
  }
}
