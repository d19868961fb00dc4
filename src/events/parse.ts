import type { EventEnv, SyncEvent } from './event.ts';
import { EVENT_MARKER, EVENT_VERSION, MAX_LINE_BYTES } from './event.ts';
import { isRecord } from '../records.ts';

/**
 * What a line of a log is to us.
 * - `event`: one of ours, its known keys only
 * - `malformed`: meant to be ours, but cut or damaged
 * - `redacted`: os_log hid the text (`<private>`): the stream was read without the rights to see it
 * - `newer`: written by a newer bgsync, in a format that this one does not know
 */
export type Finding =
  | { readonly kind: 'event'; readonly event: SyncEvent }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'redacted' }
  | { readonly kind: 'newer'; readonly version: number };

const MALFORMED: Finding = { kind: 'malformed' };

/** The events start with `v` wherever our own writers print bare JSON, so these bytes tell a line of ours. */
export const JSON_START = '{"v":';

const STRING_KEYS = ['run', 'task', 'trig', 'out', 'why', 'msg'] as const;
const NUMBER_KEYS = ['att', 'ms', 'rem', 'n', 'of', 'next', 'cut'] as const;
const ENV_NUMBER_KEYS = ['bucket', 'bat', 'chg', 'save', 'metered', 'locked'] as const;

type JsonObject = Record<string, unknown>;

const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readEnv(value: unknown): EventEnv | undefined {
  if (!isRecord(value)) return undefined;
  const env: Record<string, number | string> = {};
  for (const key of ENV_NUMBER_KEYS) {
    const number = value[key];
    if (isNumber(number)) env[key] = number;
  }
  if (typeof value.net === 'string') env.net = value.net;
  return env;
}

/** Takes what an event must have and what it may have; anything else in the document is a newer writer's, and ignored. */
function readEvent(document: JsonObject): Finding {
  const { v, seq, ts, plat, pid, ev } = document;
  if (!isNumber(v)) return MALFORMED;
  if (v > EVENT_VERSION) return { kind: 'newer', version: v };
  if (!isNumber(seq) || !isNumber(ts) || !isNumber(pid)) return MALFORMED;
  if (typeof plat !== 'string' || typeof ev !== 'string') return MALFORMED;

  const optional: Record<string, string | number | EventEnv> = {};
  for (const key of STRING_KEYS) {
    const value = document[key];
    if (value === undefined) continue;
    if (typeof value !== 'string') return MALFORMED;
    optional[key] = value;
  }
  for (const key of NUMBER_KEYS) {
    const value = document[key];
    if (value === undefined) continue;
    if (!isNumber(value)) return MALFORMED;
    optional[key] = value;
  }
  const env = readEnv(document.env);
  if (env !== undefined) optional.env = env;
  return { kind: 'event', event: { v, seq, ts, plat, pid, ev, ...optional } };
}

/**
 * How far the end of an object is looked for: a log of nothing but beginnings must not cost the square of its length.
 */
const MAX_OBJECT = 2 * MAX_LINE_BYTES;

/** @returns the offset behind the JSON object that starts at `start`, or -1 where it does not end */
function endOfObject(text: string, start: number): number {
  const limit = Math.min(text.length, start + MAX_OBJECT);
  let depth = 0;
  let inString = false;
  for (let i = start; i < limit; i++) {
    const char = text[i];
    if (inString) {
      if (char === '\\') i++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{') depth++;
    else if (char === '}' && --depth === 0) return i + 1;
  }
  return -1;
}

/** @returns the content of the JSON string literal whose inside starts at `start` */
function unescapeFrom(text: string, start: number): string | undefined {
  for (let i = start; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') {
      const content = parseJson(`"${text.slice(start, i)}"`);
      return typeof content === 'string' ? content : undefined;
    }
  }
  return undefined;
}

/** How often a line is looked for inside of JSON. */
const MOST_WRAPS = 4;

/** The findings of text in which the marker may stand several times: lines that ran together, a line cut by the next. */
function readMarked(text: string): Finding[] {
  const findings: Finding[] = [];
  for (let at = text.indexOf(EVENT_MARKER); at >= 0;) {
    const start = at + EVENT_MARKER.length;
    // The end of an object is found before the next marker is looked for: a `msg` may quote one.
    const end = text[start] === '{' ? endOfObject(text, start) : -1;
    const document = end < 0 ? undefined : parseJson(text.slice(start, end));
    if (text.startsWith('<private>', start)) findings.push({ kind: 'redacted' });
    else findings.push(isRecord(document) ? readEvent(document) : MALFORMED);
    at = text.indexOf(EVENT_MARKER, document === undefined ? start : end);
  }
  return findings;
}

/**
 * Reads one line of any log: logcat in every format, `log stream` and `log show` as text, as NDJSON or as JSON, a
 * Metro or CI log around it, or our own NDJSON. Never throws.
 *
 * @param line with or without its line ending
 * @returns nothing where the line is not ours
 */
export function parseLine(line: string): Finding[] {
  const marker = line.indexOf(EVENT_MARKER);
  if (line.startsWith(JSON_START)) {
    const document = parseJson(line);
    if (isRecord(document)) return 'ev' in document ? [readEvent(document)] : [];
    if (marker < 0) return [MALFORMED];
  }
  if (marker < 0) return [];
  // A log in JSON has the line as a string: Apple’s `eventMessage`, Android Studio’s and Docker’s and pino’s `message`,
  // `log`, `msg`; a collector may have wrapped it more than once.
  let text = line;
  for (let depth = 0; depth < MOST_WRAPS; depth++) {
    const at = text.indexOf(EVENT_MARKER);
    if (at < 0 || !/^\{\\+"/.test(text.slice(at + EVENT_MARKER.length, at + 24))) break;
    const message = unescapeFrom(text, at);
    if (message === undefined) return [MALFORMED];
    text = message;
  }
  return readMarked(text);
}
