import type { Report } from '../context.ts';
import type { SyncEvent } from '../events/event.ts';
import type { Colors } from '../events/format.ts';
import { createColors, formatElapsed, formatEvent } from '../events/format.ts';
import type { HostWords } from '../events/words.ts';
import { toAsciiJson } from '../events/write.ts';
import { printableLine } from '../terminal.ts';

export interface EventView {
  event(event: SyncEvent): void;
  /** What no event says, for people. */
  note(text: string): void;
}

interface ViewOptions {
  readonly isJson: boolean;
  /** Whether colours are wanted. */
  readonly isTerminal: boolean;
}

const RUN_COLORS = ['cyan', 'magenta', 'blue', 'green', 'yellow'] as const;

/** The same colour for the events of one run, wherever they are shown. */
function colorsOf(run: string | undefined, colors: Colors): Colors {
  let hash = 0;
  for (const char of run ?? '') hash = (hash * 31 + char.charCodeAt(0)) % 65_521;
  const paint = RUN_COLORS[hash % RUN_COLORS.length] ?? 'cyan';
  return { ...colors, cyan: colors[paint] };
}

/**
 * Shows events as they come: a line each for people, or NDJSON; then notes go to standard error.
 *
 * @param words of the app whose events they are
 */
export function createEventView(
  report: Report,
  words: HostWords,
  { isJson, isTerminal }: ViewOptions,
): EventView {
  const colors = createColors(isTerminal);
  return isJson
    ? jsonView(report)
    : textView(report, colors, (event) => formatEvent(event, colorsOf(event.run, colors), words));
}

/** {@link createEventView}, for who waits for a run that was asked for now: times count from its first event. */
export function createTriggerView(
  report: Report,
  words: HostWords,
  { isJson, isTerminal }: ViewOptions,
): EventView {
  const colors = createColors(isTerminal);
  return isJson ? jsonView(report) : textView(report, colors, elapsedText(colors, words));
}

/** Formats events with the time since the first one. */
export function elapsedText(
  colors: Colors,
  words: HostWords,
): (event: SyncEvent) => string | undefined {
  let origin: number | undefined;
  return (event) => formatElapsed(event, (origin ??= event.ts), colors, words);
}

const jsonView = (report: Report): EventView => ({
  event: (event) => report.raw(`${toAsciiJson(event)}\n`),
  note: (text) => report.warn(printableLine(text)),
});

const textView = (
  report: Report,
  colors: Colors,
  format: (event: SyncEvent) => string | undefined,
): EventView => ({
  event(event) {
    const text = format(event);
    if (text !== undefined) report.line(text);
  },
  note: (text) => report.line(colors.dim(printableLine(text))),
});
