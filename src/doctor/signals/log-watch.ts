import { dropOldest } from '../../bounded.ts';
import type { SyncEvent } from '../../events/event.ts';
import { OpenRuns } from '../../events/open-runs.ts';
import { OwnProcesses } from '../../events/own-processes.ts';
import type { SystemLine } from '../../events/system-lines.ts';
import type { Finding } from '../check.ts';
import { resultOf } from '../run.ts';
import type { DoctorResult } from '../run.ts';
import type { Rule } from '../rule.ts';
import { RunObserver } from './runs.ts';
import { Seen } from './needs.ts';
import type { Signal, Watcher } from './signal.ts';

/** Others are not ours. Each has its own watchers, so their number is bounded. */
const PLATFORMS = new Set(['android', 'ios', 'local']);

/** A line may stand twice where buffers of a log overlap, not far apart. */
const REMEMBERED = 4096;

/** Lines of the system’s that wait until more is known of whose they are. Far more than a log of one crash has. */
const MOST_WAITING = 4096;

interface WaitingLine {
  readonly found: SystemLine;
  readonly line: number;
  /** The run that was open in its process then. */
  readonly during: string | undefined;
}

interface Platform {
  readonly runs: RunObserver;
  readonly watchers: readonly { readonly signal: Signal; readonly watcher: Watcher }[];
}

function watchPlatform(signals: readonly Signal[]): Platform {
  const watchers = signals.map((signal) => ({ signal, watcher: signal.watch() }));
  const runs = new RunObserver((run) => {
    for (const { watcher } of watchers) watcher.run?.(run);
  });
  return { runs, watchers };
}

/** Looks for all signals at once while a log is read. Its memory does not grow with the log. */
export class LogWatch {
  events = 0;
  /** Lines of the systems’ own about background work. */
  systemLines = 0;
  private readonly runsOpen = new OpenRuns();
  private readonly processes = new OwnProcesses();
  private readonly waiting: WaitingLine[] = [];
  /** They name no platform of ours: one set of watchers sees them all. */
  private readonly systemWatchers: Platform['watchers'];
  private readonly signals: readonly Signal[];
  private readonly platforms = new Map<string, Platform>();
  private readonly keys = new Set<string>();
  private readonly seen = new Seen();

  constructor(signals: readonly Signal[]) {
    this.signals = signals;
    this.systemWatchers = watchPlatform(signals).watchers;
  }

  /** @param line where it stands in the log, from 1 */
  event(event: SyncEvent, line: number): void {
    this.seen.event(event, line);
    // The CLI writes its marks from a process of its own: they say nothing about the app's.
    if (event.ev === 'mark' || !PLATFORMS.has(event.plat) || this.isRepeated(event)) return;
    this.events += 1;
    this.runsOpen.event(event);
    this.processes.event(event);
    let platform = this.platforms.get(event.plat);
    if (platform === undefined) {
      platform = watchPlatform(this.signals);
      this.platforms.set(event.plat, platform);
    }
    for (const { watcher } of platform.watchers) watcher.event?.(event, line);
    platform.runs.event(event, line);
  }

  /** @param line where it stands in the log, from 1 */
  system(found: SystemLine, line: number): void {
    this.processes.line(found);
    this.seen.line(found);
    if (found.sign === 'process-start') return;
    this.systemLines += 1;
    this.waiting.push({ found, line, during: this.runsOpen.of(found.pid)?.run });
    if (this.waiting.length > MOST_WAITING) this.release(MOST_WAITING / 2);
  }

  /** Shows the oldest lines to the signals, but those about other apps. */
  private release(count: number): void {
    for (const { found, line, during } of this.waiting.splice(0, count)) {
      if (this.processes.isOther(found) === true) continue;
      for (const { watcher } of this.systemWatchers) watcher.system?.(found, line, during);
    }
  }

  /** @param file what the log is called in findings */
  finish(file: string): DoctorResult {
    this.release(this.waiting.length);
    for (const { runs } of this.platforms.values()) runs.finish();
    const found = new Map<Rule, Finding[]>(this.signals.map((signal) => [signal, []]));
    const platforms = [...this.platforms.values()].map(({ watchers }) => watchers);
    for (const watchers of [...platforms, this.systemWatchers]) {
      for (const { signal, watcher } of watchers) {
        const sighting = watcher.finish();
        if (sighting !== undefined) found.get(signal)?.push({ file, ...sighting });
      }
    }
    return resultOf(
      [...found].map(([rule, findings]) => {
        const unseen = this.seen.whyUnseen(rule.id);
        const outcome = { rule, state: 'ran' as const };
        return [unseen === undefined ? outcome : { ...outcome, unseen }, findings];
      }),
    );
  }

  private isRepeated({ plat, pid, seq, ts }: SyncEvent): boolean {
    const key = `${plat} ${pid} ${seq} ${ts}`;
    if (this.keys.has(key)) return true;
    this.keys.add(key);
    dropOldest(this.keys, REMEMBERED);
    return false;
  }
}
