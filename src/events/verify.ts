import type { SyncEvent } from './event.ts';
import { PlatformRuns } from './platform-runs.ts';
import type { VerifyResult } from './verify-result.ts';

/**
 * Proves over the events of a log, in the log's order, that no run was lost or counted twice:
 * each start has exactly one end, runs of one platform do not overlap, nothing ends after its end, and on iOS a
 * schedule follows each run. Logs of several platforms may be mixed.
 *
 * What the log does not show is not held against it: a run that is open when its process dies is `killed`, one that
 * is cut by the log's start or end is `unknown`. An answer after the end (`late`) is no violation: it was ignored.
 */
export class Verifier {
  private readonly platforms = new Map<string, PlatformRuns>();
  private readonly seen = new Set<string>();
  private duplicates = 0;

  /** @param line where it stands in the log, from 1 */
  add(event: SyncEvent, line: number): void {
    const key = `${event.plat} ${event.pid} ${event.seq} ${event.ts}`;
    if (this.seen.has(key)) {
      this.duplicates += 1;
      return;
    }
    this.seen.add(key);
    let platform = this.platforms.get(event.plat);
    if (platform === undefined) {
      platform = new PlatformRuns(event);
      this.platforms.set(event.plat, platform);
    }
    platform.add(event, line);
  }

  finish(): VerifyResult {
    const platforms = [...this.platforms.values()];
    const byLine = (a: { line: number }, b: { line: number }): number => a.line - b.line;
    return {
      runs: platforms.flatMap((platform) => platform.finish()).toSorted(byLine),
      violations: platforms.flatMap(({ violations }) => violations).toSorted(byLine),
      counts: {
        events: this.seen.size,
        duplicates: this.duplicates,
        lost: platforms.reduce((sum, { lost }) => sum + lost, 0),
      },
    };
  }
}
