import type { EventEnv, SyncEvent } from '../events/event.ts';
import { formatDuration, formatTime } from '../events/format.ts';
import { printableLine } from '../terminal.ts';

export interface TimelineRow {
  readonly run: string;
  /** When the window might begin, as it was set before the run. */
  readonly due: number | undefined;
  readonly start: number;
  end: number | undefined;
  outcome: string;
  next: number | undefined;
  /** Why it ended so, as the platform's word. */
  why: string | undefined;
  remaining: number | undefined;
  readonly trig: string | undefined;
  /** The device as the run found it. */
  readonly env: EventEnv | undefined;
}

/** Of the picture, in columns, where there is room. */
const WIDEST = 60;
const NARROWEST = 10;
/** Of what stands around it: run, outcome, how long it took. */
const AROUND = 33;
const MAX_ROWS = 200;

/** The runs of a log, at most the last 200. */
export function collectRows(events: readonly SyncEvent[]): TimelineRow[] {
  const rows = new Map<string, TimelineRow>();
  let due: number | undefined;
  for (const event of events) {
    const { ev, run = '', ts, next } = event;
    if (ev === 'run.start' && !rows.has(run)) {
      const unknown = { end: undefined, next: undefined, why: undefined, remaining: undefined };
      rows.set(run, {
        run,
        due,
        start: ts,
        outcome: 'open',
        trig: event.trig,
        env: event.env,
        ...unknown,
      });
      due = undefined;
    } else if (ev === 'run.end') {
      const row = rows.get(run);
      if (row !== undefined) {
        row.end ??= ts;
        row.outcome = event.out ?? 'ended';
        row.next = next ?? row.next;
        row.why = event.why ?? row.why;
        row.remaining = event.rem ?? row.remaining;
      }
      due = next ?? due;
    } else if (ev === 'schedule') due = next;
  }
  return [...rows.values()].slice(-MAX_ROWS);
}

/**
 * @returns epoch milliseconds from the first window to the last; undefined without any
 */
export function spanOf(
  rows: readonly TimelineRow[],
): { readonly first: number; readonly last: number } | undefined {
  const times = rows
    .flatMap(({ due, start, end, next }) => [due ?? start, start, end ?? start, next ?? start])
    .filter((time) => Number.isFinite(time));
  if (times.length === 0) return undefined;
  return {
    first: times.reduce((a, b) => Math.min(a, b)),
    last: times.reduce((a, b) => Math.max(a, b)),
  };
}

/**
 * Draws runs over time, a row each: `.` from the time that the window might begin to the start, `#` the run, `>` the
 * next window. At most the last 200 runs.
 *
 * @param columns of the terminal, where there is one
 */
export function drawTimeline(events: readonly SyncEvent[], columns = Infinity): string[] {
  const wide = Math.max(NARROWEST, Math.min(WIDEST, columns - AROUND));
  const rows = collectRows(events);
  const span = spanOf(rows);
  if (span === undefined) return [];
  const { first, last } = span;
  const column = (time: number): number =>
    Math.round(((time - first) / Math.max(1, last - first)) * (wide - 1));

  const times = `${formatTime(first)}  to  ${formatTime(last)}`;
  const before = Math.max(0, Math.min(19, columns - 1 - times.length));
  const lines = [`${' '.repeat(before)}${times}`];
  for (const { run, due, start, end, outcome, next } of rows) {
    const cells = Array.from({ length: wide }, () => ' ');
    const fill = (from: number, to: number, mark: string): void => {
      for (let at = column(from); at <= column(to); at++) cells[at] = mark;
    };
    if (due !== undefined && due <= start) fill(due, start, '.');
    if (next !== undefined) fill(next, next, '>');
    fill(start, Math.max(start, end ?? start), '#');
    const took = end === undefined ? '' : `  ${formatDuration(Math.max(0, end - start))}`;
    const head = `${printableLine(run).slice(0, 8).padEnd(8)}  ${printableLine(outcome).slice(0, 8).padEnd(8)}`;
    lines.push(`${head} |${cells.join('')}|${took}`);
  }
  lines.push('. could have begun   # ran   > next window');
  return lines;
}
