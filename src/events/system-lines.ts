import { REPORT_SAYS } from './ips.ts';
import { PHRASES } from './system-phrases.ts';
import type { SystemSign } from './system-phrases.ts';

export type { SystemSign };

export interface SystemLine {
  readonly kind: 'system';
  readonly sign: SystemSign;
  /** Of the process that the line is about, where it tells it. */
  readonly pid: number | undefined;
  /** What that process is called, where the line tells it: a whole device’s log is of many apps. */
  readonly process?: string;
  /** What happened, as the system put it. */
  readonly text: string;
  /** The check of doctor that explains it. */
  readonly check?: string;
  /** One line of a crash report of several: the others follow it. */
  readonly part?: 'start' | 'more';
}

/** Each of seven bytes or more. One of these is in every line that {@link parseSystemLine} knows. */
export const SYSTEM_NEEDLES: readonly string[] = [...new Set(PHRASES.map(({ needle }) => needle))];

/** How the logs write who wrote a line; the rest is its text. */
const PREFIXES: readonly RegExp[] = [
  // logcat -v threadtime, with or without a year, a user and a zone
  /^(?:\d{4}-)?\d\d-\d\d \d\d:\d\d:\d\d\.\d+(?:\s[+-]\d{4})?\s+(?:\S+\s+)?(?<pid>\d+)\s+\d+\s[VDIWEFA]\s+(?<tag>(?:[^:\s][^:]*)?): ?/,
  // logcat -v epoch
  /^\d{9,11}\.\d{3,9}\s+(?:\S+\s+)?(?<pid>\d+)\s+\d+\s[VDIWEFA]\s+(?<tag>(?:[^:\s][^:]*)?): ?/,
  // Android Studio’s console: date time pid-tid tag package level
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\s+(?<pid>\d+)-\d+\s+(?<tag>\S+)\s+\S+\s+[VDIWEFA]\s+/,
  // logcat -v brief, time, tag
  /^(?:\d\d-\d\d \d\d:\d\d:\d\d\.\d+ )?[VDIWEFA]\/(?<tag>[^(:]*)(?:\(\s*(?<pid>\d+)\))?: ?/,
  // NSLog in Xcode’s console, log --style compact and syslog
  /^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\S*|\w{3}\s+\d+ \d\d:\d\d:\d\d)\s+(?:[A-Z][a-z]?\s+)?(?:[\w.-]+\s+)?(?<tag>[\w.-][\w .-]*)\[(?<pid>\d+)(?::\w+)?\]:?\s*(?:\([^)]*\)\s*)?(?:<\w+>:\s*)?/,
  // log show’s default style: time thread type activity pid ttl process:
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\S*\s+0x[\da-f]+\s+\w+\s+0x[\da-f]+\s+(?<pid>\d+)\s+\d+\s+(?<tag>[^:\s][^:]*): ?/,
];

/** The system’s own activities, of which dasd tells as of an app’s: `com.apple.cloudkit.fetch:1A2B3C:[`. */
const OF_APPLE = /(?:^|[\s:])(?:\w{1,40}-)?com\.apple\.[\w.-]{1,200}:[0-9A-F]{6}\b/;

/**
 * What stands in front of a line where it was copied out of another log: colours, the mark of a quotation, `docker compose`,
 * the times of GitHub’s and GitLab’s logs.
 */
const COLOURS = /\u001b\[[\d;]{0,32}m/g;
const AROUND = [
  /^>\s?/,
  /^[\w.-]{1,64}\s{1,8}\|\s/,
  /^\d{4}-\d\d-\d\dT[\d:.]{8,20}(?:Z|[+-]\d\d:?\d\d)\s+(?:\d\d[OE]\s)?/,
];

function withoutFrame(line: string): string {
  let text = line.includes('\u001b') ? line.replace(COLOURS, '') : line;
  text = text.trim();
  // One in another, as CI has of docker.
  for (const around of [...AROUND, ...AROUND]) text = text.replace(around, '');
  return text;
}

interface Head {
  readonly pid: number | undefined;
  readonly tag: string | undefined;
  readonly message: string;
}

/** Of a line of which nothing is asked but what its pattern tells. */
const NOBODY: Head = { pid: undefined, tag: undefined, message: '' };

/** As a head begins, of any form. */
const MAY_BE_HEAD = /^(?:\d|[VDIWEFA]\/|[A-Z][a-z]{2}\s)/;

function prefixOf(message: string): RegExpExecArray | undefined {
  if (!MAY_BE_HEAD.test(message)) return undefined;
  for (const prefix of PREFIXES) {
    const match = prefix.exec(message);
    if (match !== null) return match;
  }
  return undefined;
}

/** Who wrote a line, and what; the innermost where one log is in another. */
function headOf(line: string): Head {
  let head: Head = { pid: undefined, tag: undefined, message: withoutFrame(line) };
  for (let depth = 0; depth < 2; depth += 1) {
    const { message } = head;
    const match = prefixOf(message);
    if (match === undefined) break;
    const { pid, tag } = match.groups ?? {};
    head = {
      pid: pid === undefined ? head.pid : Number(pid),
      tag: tag?.trimEnd(),
      message: message.slice(match[0].length),
    };
  }
  return head;
}

/** Whose logs tell of the components of all apps. */
const WRITERS_OF_THE_SYSTEM =
  /^(?:ActivityManager|JobServiceContext|JobScheduler\b.*|JobStatus|JobInfo)$/;

/** The app of a component as AOSP writes it: `com.example.app/.SyncService`. */
const COMPONENT = /(?<![\w./])([a-z]\w{0,63}(?:\.\w{1,63}){1,9})\/[\w.$]/;

/** These are followed by the stack, line by line. */
const STARTS_REPORT = new Set([
  'Terminating app due to uncaught exception',
  'Unhandled JS Exception',
  'RCTFatalException',
  'Exception Type: ',
  'Fatal Exception: ',
  'Exception java.',
  'Exception android.',
  '[runtime not ready]: ',
]);

/** The app in what runningboardd and SpringBoard write: `[app<com.example.app>:711]`. */
const APP =
  /\b(?:app|application|xpcservice|osservice)<(?<process>[\w.-]{1,200})(?:\([^)]{0,80}\))?>:(?<pid>\d+)/;

/** What {@link readReports} adds to the first line of a report. */
const REPORT = new RegExp(`"${REPORT_SAYS}":("(?:[^"\\\\]|\\\\.)*")`);

function reportSays(line: string): string {
  const [, says] = REPORT.exec(line) ?? [];
  try {
    return says === undefined ? '' : String(JSON.parse(says));
  } catch {
    return '';
  }
}

/** How much of a line is looked at. */
const MOST_OF_LINE = 16_384;

/** How much of a line is quoted. */
const MOST_TEXT = 300;

/** The message of a line that is JSON: `message`, `eventMessage` (Apple’s log), `log` (Docker), `msg` (pino). */
function unwrapJson(
  line: string,
): { readonly text: string; readonly pid: number | undefined } | undefined {
  const [, literal] =
    /"(?:eventMessage|composedMessage|message|log|msg)"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(line) ?? [];
  if (literal === undefined) return undefined;
  const pid = /"(?:processID|pid)"\s*:\s*(\d+)/.exec(line)?.[1];
  try {
    return { text: String(JSON.parse(literal)), pid: pid === undefined ? undefined : Number(pid) };
  } catch {
    return undefined;
  }
}

function messageIn(line: string): {
  readonly json: ReturnType<typeof unwrapJson>;
  readonly head: Head;
} {
  const json = /^\s*[[{,"]/.test(line) ? unwrapJson(line) : undefined;
  return { json, head: headOf(json?.text ?? line) };
}

/** Of a crash report, line by line. */
const CRASHED = /\bProcess: ([\w.:]+), PID: \d+/;

/**
 * Reads a line of logcat, of Apple’s log in any style, or JSON around one, for what the system says of background work.
 *
 * @returns undefined where it says nothing of it
 */
export function parseSystemLine(raw: string): SystemLine | undefined {
  const line = raw.slice(0, MOST_OF_LINE);
  const phrase = PHRASES.find(
    ({ needle, pattern }) => line.includes(needle) && pattern?.test(line) !== false,
  );
  if (phrase === undefined) return undefined;
  if (phrase.sign === 'held-back' && OF_APPLE.test(line)) return undefined;
  const { json, head } =
    phrase.sign === 'process-start' ? { json: undefined, head: NOBODY } : messageIn(line);
  const tag = head.tag ?? /"tag"\s*:\s*"([^"]*)"/.exec(line)?.[1];
  const { message } = head;
  const { sign, check, pattern } = phrase;
  const told = {
    ...(sign === 'ended-by-system' ? APP.exec(line)?.groups : {}),
    ...pattern?.exec(line)?.groups,
  } as Partial<Record<'pid' | 'process', string>>;
  const { pid: named } = told;
  const component = WRITERS_OF_THE_SYSTEM.test(tag ?? '')
    ? COMPONENT.exec(message)?.[1]
    : undefined;
  const process = told.process ?? component;
  // Who writes of a process by name is another one.
  const writer = process === undefined ? (head.pid ?? json?.pid) : undefined;
  const pid = named === undefined ? writer : Number(named);
  const base = {
    kind: 'system' as const,
    sign,
    pid,
    ...(process === undefined || process === '' ? {} : { process }),
    ...(check === undefined ? {} : { check }),
  };
  if (phrase.needle === 'AndroidRuntime' || phrase.needle === 'FATAL EXCEPTION') {
    // The shell starts a virtual machine for am and pm, which logs under this name.
    if (tag !== 'AndroidRuntime' && !message.includes('FATAL EXCEPTION')) return undefined;
    if (/Shutting down VM|Calling main entry|>>>>>|VM exiting|Using default boot/.test(message))
      return undefined;
    const part = message.includes('FATAL EXCEPTION') ? ('start' as const) : ('more' as const);
    const [, crashed] = CRASHED.exec(message) ?? [];
    const named = crashed === undefined ? base : { ...base, process: crashed };
    return { ...named, text: message.slice(0, 4096), part };
  }
  if (tag === 'AndroidRuntime') return { ...base, text: quote(message), part: 'more' };
  if (STARTS_REPORT.has(phrase.needle)) {
    return { ...base, text: message.slice(0, 4096).trim(), part: 'start' };
  }
  const app =
    phrase.needle === '"bug_type"'
      ? /"(?:app_name|name)"\s*:\s*"([^"]*)"/.exec(line)?.[1]
      : undefined;
  if (phrase.needle === '"bug_type"') {
    const what =
      sign === 'crash'
        ? `crash report of ${app ?? 'an app'}`
        : 'the system ran out of memory (JetsamEvent)';
    const told = reportSays(line);
    return { ...base, text: told === '' ? what : quote(`${what}: ${told}`) };
  }
  return { ...base, text: quote(message, phrase.needle) };
}

/** What a message goes on with, line by line, where its lines do not tell by themselves what they are about. */
export interface Continuation {
  /** @returns the line’s part in it; undefined where the message is over */
  readonly next: (line: string) => SystemLine | 'nothing' | undefined;
}

/** Far more lines than a crash report has before its first frame of the app. */
const MOST_OF_REPORT = 200;
/** Of what ActivityManager writes of an ANR, the reason is among the first. */
const MOST_OF_ANR = 12;

/**
 * @param found what was read in a line
 * @returns what reads the lines behind it; undefined where they speak for themselves
 */
export function continuationOf(found: SystemLine, line: string): Continuation | undefined {
  const isReport = found.part === 'start';
  if (!isReport && !isAnr(found)) return undefined;
  const { pid, tag } = messageIn(line.slice(0, MOST_OF_LINE)).head;
  let left = isReport ? MOST_OF_REPORT : MOST_OF_ANR;
  return {
    next(following) {
      left -= 1;
      const { head } = messageIn(following.slice(0, MOST_OF_LINE));
      // Copied from a screen, the first line of a message alone has a head.
      const isSame = head.tag === undefined || (head.tag === tag && head.pid === pid);
      if (left < 0 || !isSame) return undefined;
      const { message } = head;
      if (message === '' || (!isReport && !message.startsWith(REASON))) return 'nothing';
      if (!isReport) left = 0;
      const { kind, sign, check } = found;
      const process = CRASHED.exec(message)?.[1] ?? found.process;
      return {
        kind,
        sign,
        pid: found.pid,
        ...(process === undefined ? {} : { process }),
        ...(check === undefined ? {} : { check }),
        text: isReport ? message : quote(message),
        part: 'more',
      };
    },
  };
}

const isAnr = ({ text }: SystemLine): boolean =>
  text.startsWith('ANR in ') && !text.includes(` ${REASON}`);

const REASON = 'Reason: ';

/** The first line, and the one that has what was looked for. */
function quote(text: string, needle = ''): string {
  const lines = text.split('\n');
  const [first = ''] = lines;
  const more = lines.find(
    (line, at) =>
      at > 0 && (line.startsWith(REASON) || (!first.includes(needle) && line.includes(needle))),
  );
  return [first, ...(more === undefined ? [] : [more])]
    .map((line) => line.trim())
    .join(' ')
    .slice(0, MOST_TEXT);
}
