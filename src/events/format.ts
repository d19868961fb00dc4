import pc from 'picocolors';
import { describeConstraints } from '../schedule/constraints.ts';
import { printableLine } from '../terminal.ts';
import type { EventEnv, SyncEvent } from './event.ts';
import type { HostWords } from './words.ts';

export type Colors = ReturnType<typeof pc.createColors>;

/** No colour where standard output is a file or a pipe, whatever CI says. */
export const createColors = (isTerminal: boolean): Colors =>
  pc.createColors(isTerminal && pc.isColorSupported);

const pad = (value: number, length = 2): string => String(value).padStart(length, '0');

/** Local time, to the millisecond: `2026-03-14 21:04:05.123`. */
export function formatTime(ts: number): string {
  const date = new Date(ts);
  if (Number.isNaN(date.getTime())) return String(ts);
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  const time = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
  return `${day} ${time}.${pad(date.getMilliseconds(), 3)}`;
}

/** @param ms milliseconds */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Number((ms / 1000).toFixed(1))} s`;
  if (ms < 120 * 60_000) return `${Math.round(ms / 60_000)} min`;
  return `${Number((ms / 3_600_000).toFixed(1))} h`;
}

const TRIGGERS: Record<string, string> = {
  os: 'by the OS',
  trigger: 'by bgsync trigger',
  foreground: 'by the app in the foreground',
  local: 'by bgsync trigger, locally',
};

/** What is known of a word, or the word itself: a newer writer may use one that we do not know. */
const known = (words: Record<string, string>, word: string | undefined): string | undefined =>
  word !== undefined && Object.hasOwn(words, word) ? words[word] : word;

const OUTCOMES: Record<string, string> = {
  done: 'done',
  retry: 'retry: to be tried again',
  failed: 'failed: trying again is useless',
  expired: 'expired: the window closed first',
  skipped: 'skipped: it never got to the handler',
  killed: 'killed: the process died in mid-run',
};

/** Why WorkManager stopped a run; the names are those of `StopReason.kt`. */
const STOPS: Record<string, string> = {
  stopped: 'the system stopped it',
  preempt: 'the system had something more urgent to do',
  timeout: 'the system’s time for a run was over',
  'device-state': 'the device was too hot, or saved its battery',
  'battery-low': 'the battery was low',
  'not-charging': 'the device no longer charged',
  'no-network': 'the network it needs was gone',
  'not-idle': 'somebody used the device',
  'storage-low': 'storage was low',
  quota: 'the app used up its quota (standby bucket)',
  'background-restriction': 'the user restricted the app’s background use',
  'app-standby': 'the app’s standby bucket allows no more',
  user: 'the user stopped the app',
  'system-processing': 'the system dropped it',
  'app-launch-estimate': 'the system expects the app’s next start at another time',
};

const REASONS: Record<string, string> = {
  busy: 'another run is open',
  locked: 'the device is locked',
  'before-first-unlock': 'the device was not unlocked since its start',
  'host-failed': 'what runs the handler failed to boot',
  queue: 'its turn never came',
  'load-failed': 'the handler could not be loaded',
  budget: 'the budget is used up',
  os: 'the OS ended it',
  app: 'the app closed it',
  stop: 'bgsync closed it',
  cancelled: 'the schedule was withdrawn',
  constraint: 'what it needs is not there',
  ...STOPS,
};

/** The app's word for it, where there is one. */
const reasonOf = ({ why }: SyncEvent, { reasons }: HostWords): string | undefined =>
  known(why !== undefined && Object.hasOwn(reasons, why) ? reasons : REASONS, why);

/** Other reasons are outcomes: the policy's answer to a run. */
const SCHEDULE_REASONS: Record<string, string> = {
  register: 'first window',
  request: 'asked for by the app',
};

function describeEnv(env: EventEnv | undefined): string {
  if (env === undefined) return '';
  const parts: string[] = [];
  if (env.bat !== undefined) parts.push(`battery ${env.bat} %`);
  if (env.chg === 1) parts.push('charging');
  if (env.save === 1) parts.push('battery saver');
  if (env.net !== undefined) parts.push(env.net === 'none' ? 'offline' : env.net);
  if (env.metered === 1) parts.push('metered');
  if (env.bucket !== undefined) parts.push(`standby bucket ${env.bucket}`);
  if (env.locked === 1) parts.push('locked');
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

const inParentheses = (text: string | undefined): string =>
  text === undefined || text === '' ? '' : ` (${text})`;

const after = (prefix: string, text: string | undefined): string =>
  text === undefined || text === '' ? '' : `${prefix}${text}`;

function describeEnd(event: SyncEvent, why: string | undefined): string {
  const details: string[] = [];
  if (event.ms !== undefined) details.push(`after ${formatDuration(event.ms)}`);
  if (event.rem !== undefined && event.rem >= 0) details.push(`${event.rem} remain`);
  if (why !== undefined) details.push(why);
  if (event.msg !== undefined && event.msg !== '') details.push(event.msg);
  const outcome = known(OUTCOMES, event.out) ?? 'without an outcome';
  return `run ended, ${outcome}${details.length === 0 ? '' : `; ${details.join(', ')}`}`;
}

/** @param origin where the reader's time begins: epoch milliseconds; undefined for times of the day */
function describeNext({ next, ts }: SyncEvent, origin?: number): string {
  if (next === undefined) return '';
  return origin === undefined
    ? ` not before ${formatTime(next)}`
    : ` in ${formatDuration(Math.max(0, next - ts))}`;
}

/** The constraints that a `run.skip` names. */
const listOf = ({ why, msg = '' }: SyncEvent): string[] =>
  why === 'constraint' && msg !== '' ? msg.split(',') : [];

/**
 * @param origin where the reader's time begins: epoch milliseconds; undefined for times of the day
 * @returns undefined for an event that this version does not know
 */
function describe(event: SyncEvent, words: HostWords, origin?: number): string | undefined {
  const why = reasonOf(event, words);
  switch (event.ev) {
    case 'register':
      return event.why === 'kept'
        ? `registered, the schedule was kept${after('; ', event.msg)}`
        : 'registered';
    case 'heal':
      return `the schedule was dead${inParentheses(event.why)} and is armed again`;
    case 'schedule': {
      return `next window${describeNext(event, origin)}${inParentheses(known(SCHEDULE_REASONS, event.why))}`;
    }
    case 'schedule.error':
      return `the platform refused the next window${after(': ', event.why)}${after(', ', event.msg)}`;
    case 'run.start':
      return `run started ${known(TRIGGERS, event.trig) ?? ''}, attempt ${event.att ?? 1}${describeEnv(event.env)}`;
    case 'run.skip':
      return `no run${after(': ', why)}${inParentheses(describeConstraints(listOf(event)))}${describeEnv(event.env)}`;
    case 'run.end':
      return describeEnd(event, why);
    case 'host.start':
      return words.boots;
    case 'host.ready':
      return words.isUp;
    case 'js.start':
      return 'the handler has the window';
    case 'progress':
      return `${event.n ?? '?'} of ${event.of ?? '?'}`;
    case 'expire':
      return `the window closes${after(': ', why)}`;
    case 'late':
      return `answer after the end, ignored${after(': ', event.out)}${event.rem !== undefined && event.rem >= 0 ? `, ${event.rem} remain` : ''}`;
    case 'configure':
      return `the app changed its settings${after(': ', event.msg)}${event.next === undefined ? '' : `, next window${describeNext(event, origin)}`}`;
    case 'cancel':
      return 'the schedule was withdrawn';
    case 'ack':
      return 'the debug hook got a trigger';
    case 'mark':
      return 'marker of bgsync';
    default:
      return undefined;
  }
}

/** In the colour of a run's outcome. */
export function paintOutcome(outcome: string | undefined, text: string, colors: Colors): string {
  if (outcome === 'done') return colors.green(text);
  return outcome === 'retry' || outcome === 'expired' ? colors.yellow(text) : colors.red(text);
}

function paint(event: SyncEvent, text: string, colors: Colors): string {
  if (event.ev === 'run.end') return paintOutcome(event.out, text, colors);
  if (event.ev === 'expire' || event.ev === 'late' || event.ev === 'run.skip') {
    return colors.yellow(text);
  }
  return event.ev === 'schedule.error' ? colors.red(text) : text;
}

/**
 * One line for people: when, where, which run, what happened. Safe to print, whatever the log holds.
 *
 * @returns undefined for an event that this version does not know
 */
export function formatEvent(
  event: SyncEvent,
  colors: Colors,
  words: HostWords,
): string | undefined {
  const text = describe(event, words);
  if (text === undefined) return undefined;
  const head = `${formatTime(event.ts)}  ${printableLine(event.plat).padEnd(7)}`;
  const run = printableLine(event.run ?? '').padEnd(8);
  return `${colors.dim(head)}  ${colors.cyan(run)}  ${paint(event, printableLine(text), colors)}`;
}

/**
 * {@link formatEvent} for who waits for a run: how long it has taken so far, and what happened.
 *
 * @param origin when the waiting began, by the clock of the event: epoch milliseconds
 */
export function formatElapsed(
  event: SyncEvent,
  origin: number,
  colors: Colors,
  words: HostWords,
): string | undefined {
  const text = describe(event, words, origin);
  if (text === undefined) return undefined;
  const ms = Math.max(0, event.ts - origin);
  const passed = ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : formatDuration(ms);
  return `  ${colors.dim(`+${passed}`.padStart(8))}  ${paint(event, printableLine(text), colors)}`;
}
