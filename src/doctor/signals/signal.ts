import type { SyncEvent } from '../../events/event.ts';
import type { SystemLine } from '../../events/system-lines.ts';
import type { Rule } from '../rule.ts';
import type { ObservedRun } from './runs.ts';

/** What a signal found in a log: once, with how often. */
export interface Sighting {
  /** Where it was seen first, from 1. */
  readonly line: number;
  readonly message: string;
  readonly fix?: string;
}

/** Looks at one platform's events as they come, in constant memory. */
export interface Watcher {
  event?(event: SyncEvent, line: number): void;
  /** A run is over, or its process is. */
  run?(run: ObservedRun): void;
  /** A line of the system’s own; `during` is the run that was open in that process. */
  system?(found: SystemLine, line: number, during: string | undefined): void;
  /** The log is over. */
  finish(): Sighting | undefined;
}

/** Something in the events of a log that tells of a sync that does not work. */
export interface Signal extends Rule {
  watch(): Watcher;
}

/** UTC: a report says the same on every machine. */
export function timeOf(ts: number): string {
  const date = new Date(ts);
  return Number.isNaN(date.getTime()) ? String(ts) : date.toISOString();
}

/** `run a1b2c3d4 at 2026-03-14T21:04:05.123Z`. */
export const nameOf = ({ run = '?' }: { readonly run?: string }, ts: number): string =>
  `run ${run} at ${timeOf(ts)}`;

/** Counts occasions, and keeps the first. */
export class Tally {
  count = 0;
  private first: { readonly line: number; readonly text: string } | undefined;

  add(line: number, text: string): void {
    this.count += 1;
    this.first ??= { line, text };
  }

  /** @param describe completes `text`, of how many */
  sighting(describe: (text: string, count: number) => string): Sighting | undefined {
    if (this.first === undefined) return undefined;
    return { line: this.first.line, message: describe(this.first.text, this.count) };
  }
}

const times = (count: number): string =>
  count === 1 ? '' : ` (${count} times, this is the first)`;

/** A signal that is about single events. */
export const onEvents =
  (describe: (event: SyncEvent) => string | undefined): (() => Watcher) =>
  () => {
    const tally = new Tally();
    return {
      event(event, line) {
        const text = describe(event);
        if (text !== undefined) tally.add(line, `${timeOf(event.ts)}: ${text}`);
      },
      finish: () => tally.sighting((text, count) => text + times(count)),
    };
  };

/** A signal that is about single runs. */
export const onRuns =
  (describe: (run: ObservedRun) => string | undefined): (() => Watcher) =>
  () => {
    const tally = new Tally();
    return {
      run(run) {
        const text = describe(run);
        if (text !== undefined) tally.add(run.line, `${nameOf(run, run.ts)}: ${text}`);
      },
      finish: () => tally.sighting((text, count) => text + times(count)),
    };
  };

/** A signal that is about most of the runs. @param least so many runs have to be there */
export const onMostRuns =
  (
    least: number,
    isCounted: (run: ObservedRun) => boolean,
    isMeant: (run: ObservedRun) => boolean,
    text: string,
  ): (() => Watcher) =>
  () => {
    const meant = new Tally();
    let counted = 0;
    return {
      run(run) {
        if (!isCounted(run)) return;
        counted += 1;
        if (isMeant(run)) meant.add(run.line, nameOf(run, run.ts));
      },
      finish: () =>
        counted >= least && meant.count * 2 > counted
          ? meant.sighting((first, count) => `${count} of ${counted} runs ${text}, first ${first}`)
          : undefined,
    };
  };
