import type { Check, Finding } from '../../check.ts';
import { appleNumber } from '../../code/apple-numbers.ts';
import { waysTo } from '../../code/apple-reach.ts';
import { bracketsOf, splitTopLevel } from '../../code/brackets.ts';
import { appleSourcesContaining } from '../../code/function-index.ts';
import type { DoctorRepo } from '../../repo.ts';
import type { SourceFile } from '../../source-files.ts';

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;
/** Of a moment in seconds since 1970 or 2001: years before BGTaskScheduler. */
const LONG_AGO = 1e8;
/** In one file. */
const MOST = 20;
const LONGEST = 300;

const CALENDAR: Readonly<Record<string, number>> = {
  second: 1,
  minute: MINUTE,
  hour: 60 * MINUTE,
  day: DAY,
};

/** An interval that iOS is given, where it is written, and what is wrong with it. */
interface Given {
  readonly offset: number;
  readonly message: string;
}

export const intervalSeconds: Check = {
  id: 'I39',
  title: 'Intervals that iOS is given are in seconds',
  severity: 'warning',
  why: 'earliestBeginDate and setMinimumBackgroundFetchInterval go by TimeInterval, which is in seconds, Task.sleep(nanoseconds:) by nanoseconds. Minutes or milliseconds in their place let a sync begin at once, or in days.',
  source:
    'https://developer.apple.com/documentation/backgroundtasks/bgtaskrequest/earliestbegindate',
  fix: 'Write seconds: 15 * 60 for a quarter of an hour.',
  explain: [
    'A TimeInterval is a Double, and takes every number. `Date(timeIntervalSinceNow: 15)` is fifteen seconds from now, `15 * 60 * 1000` more than ten days. `Date(timeIntervalSince1970: 900)` is a quarter past midnight in 1970: as if no date were set. Apple’s documentation asks for no date that is more than a week away.',
    '    request.earliestBeginDate = Date(timeIntervalSinceNow: 15 * 60)',
    'doctor works out sums, products and constants of the app’s files. It tells of what is less than a minute, of what is longer than a day and no whole number of days, and of dates long past. A second or less means at once.',
  ].join('\n\n'),
  async run(repo) {
    const findings: Finding[] = [];
    const needles = ['earliestBeginDate', 'inimumBackgroundFetchInterval', 'BackgroundTasks'];
    for (const file of await appleSourcesContaining(repo, needles)) {
      const given = [
        ...(await earliestDates(repo, file)),
        ...(await fetchIntervals(repo, file)),
        ...(await sleeps(repo, file)),
      ];
      for (const { offset, message } of given) {
        if (await isDead(repo, file, offset)) continue;
        findings.push({ file: file.path, line: file.line(offset), message });
      }
    }
    return findings;
  },
};

const isDead = async (repo: DoctorRepo, file: SourceFile, offset: number): Promise<boolean> =>
  (await waysTo(repo, file, offset)).every(
    ({ kind, isDebug, isOpen }) => isDebug || (kind === 'never' && isOpen !== true),
  );

/** What is wrong with a number of seconds; undefined where it may be meant. A second or less means at once. */
function judge(seconds: number | undefined): string | undefined {
  if (seconds === undefined || seconds <= 1) return undefined;
  if (seconds < MINUTE) {
    return `${spoken(seconds)}: ${seconds} minutes are ${seconds * MINUTE} seconds`;
  }
  if (seconds <= DAY || (seconds % DAY === 0 && seconds <= 7 * DAY)) return undefined;
  const thousandth = seconds / 1000;
  return Number.isInteger(thousandth) && thousandth >= MINUTE && thousandth <= DAY
    ? `${spoken(seconds)}: ${spoken(thousandth)} are ${thousandth} seconds`
    : `${spoken(seconds)}, longer than a day`;
}

function spoken(seconds: number): string {
  const round = (value: number): string => String(Math.round(value * 10) / 10);
  if (seconds >= 2 * DAY) return `${round(seconds / DAY)} days`;
  if (seconds >= 3600) return `${round(seconds / 3600)} h`;
  return seconds >= MINUTE ? `${round(seconds / MINUTE)} min` : `${round(seconds)} s`;
}

/** What is assigned to earliestBeginDate, there or in the variable that is named. */
async function earliestDates(repo: DoctorRepo, file: SourceFile): Promise<Given[]> {
  const { code } = file;
  const found: Given[] = [];
  const assigned = [...code.matchAll(/\bearliestBeginDate\s*=(?!=)\s*/g)];
  for (const { index, 0: text } of assigned.slice(0, MOST)) {
    const written = statementAt(code, index + text.length);
    const variable = /^(\w+)$/.exec(written)?.[1];
    const value = variable === undefined ? written : valueOf(code, variable, index);
    const problem = await dateProblem(repo, value);
    const seconds = await secondsFromNow(repo, value);
    if (problem !== undefined && !isSaid(file, index, seconds))
      found.push({ offset: index, message: `earliestBeginDate is ${problem}` });
  }
  return found;
}

/** Whether a comment in the same line or the two above it says the very number of seconds: so it is meant. */
function isSaid(file: SourceFile, offset: number, seconds: number | undefined): boolean {
  if (seconds === undefined) return false;
  const line = file.line(offset);
  return file.text
    .split('\n')
    .slice(Math.max(0, line - 3), line)
    .map((text) => {
      const at = text.search(/\/[/*]|^\s*\*/);
      return at === -1 ? '' : text.slice(at);
    })
    .flatMap((comment) => [
      ...comment.matchAll(/\b(\d{1,9}(?:\.\d{1,3})?) ?(?:s|secs?|seconds?)\b/gi),
    ])
    .some(([, said]) => Number(said) === seconds);
}

const statementAt = (code: string, from: number): string => {
  const rest = code.slice(from, from + LONGEST);
  return rest.slice(0, rest.search(/[;}]|\n(?!\s*[.+\-*/)])|$/)).trim();
};

/** What the last declaration in front of a place gives a variable. */
function valueOf(code: string, name: string, before: number): string {
  const declared = new RegExp(
    `\\b(?:let|var|NSDate\\s*\\*)\\s*${name}\\s*(?::[^=\\n]{1,40})?=(?!=)\\s*`,
    'g',
  );
  const last = [...code.slice(Math.max(0, before - 4000), before).matchAll(declared)].at(-1);
  return last === undefined
    ? ''
    : statementAt(code, Math.max(0, before - 4000) + last.index + last[0].length);
}

const SINCE =
  /(?:\btimeIntervalSinceNow\s*:|\bdateWithTimeIntervalSinceNow\s*:|\binitWithTimeIntervalSinceNow\s*:|(?:\bDate\s*\(\s*\)|\bDate\s*\.\s*now|\.now|\[NSDate date\])\s*(?:\.\s*addingTimeInterval\s*\(|\.\s*advanced\s*\(\s*by\s*:|\s*dateByAddingTimeInterval\s*:)|(?:\bDate\s*\(\s*\)|\bDate\s*\.\s*now|^\s*\.now)\s*\+)/;
const PAST = /\b(?:dateW|t)(?:ith)?[tT]?imeIntervalSince(?:1970|ReferenceDate)\s*:/;

async function dateProblem(repo: DoctorRepo, written: string): Promise<string | undefined> {
  const past = PAST.exec(written);
  if (past !== null) {
    const at = await appleNumber(repo, argumentAt(written, past.index + past[0].length));
    const isPast = at !== undefined && at < LONG_AGO;
    return isPast ? 'a date long past, as if none were set' : undefined;
  }
  const problem = judge(await secondsFromNow(repo, written));
  return problem === undefined ? undefined : `in ${problem}`;
}

async function secondsFromNow(repo: DoctorRepo, written: string): Promise<number | undefined> {
  const since = SINCE.exec(written);
  if (since !== null) {
    return appleNumber(repo, argumentAt(written, since.index + since[0].length));
  }
  const calendar =
    /\bdate\s*\(\s*byAdding\s*:\s*(?:Calendar\.Component)?\.(\w+)\s*,\s*value\s*:\s*([^,]{1,80}),\s*to\s*:\s*(?:Date\s*\(\s*\)|Date\.now|\.now)\s*\)/.exec(
      written,
    );
  const each = CALENDAR[calendar?.[1] ?? ''];
  const amount = calendar === null ? undefined : await appleNumber(repo, calendar[2] ?? '');
  return each === undefined || amount === undefined ? undefined : each * amount;
}

/** The code from a place up to what closes it. */
function argumentAt(written: string, from: number): string {
  let depth = 0;
  for (let at = from; at < written.length; at += 1) {
    const char = written[at] ?? '';
    if ('(['.includes(char)) depth += 1;
    if (')]'.includes(char) && (depth -= 1) < 0) return written.slice(from, at);
    if (char === ',' && depth === 0) return written.slice(from, at);
  }
  return written.slice(from);
}

async function fetchIntervals(repo: DoctorRepo, file: SourceFile): Promise<Given[]> {
  const { code } = file;
  const found: Given[] = [];
  for (const { index, 0: text } of [
    ...code.matchAll(/\bsetMinimumBackgroundFetchInterval\s*(?:\(|:)\s*/g),
  ].slice(0, MOST)) {
    const argument = argumentAt(code.slice(index, index + LONGEST), text.length);
    const seconds = await appleNumber(repo, argument);
    const problem = judge(seconds);
    if (problem === undefined || isSaid(file, index, seconds)) continue;
    found.push({ offset: index, message: `the minimum background fetch interval is ${problem}` });
  }
  return found;
}

/** Less than a millisecond: seconds or milliseconds were meant. */
async function sleeps(repo: DoctorRepo, file: SourceFile): Promise<Given[]> {
  const { code } = file;
  const found: Given[] = [];
  for (const { index, 0: text } of [
    ...code.matchAll(/\bTask\s*\.\s*sleep\s*\(\s*nanoseconds\s*:/g),
  ].slice(0, MOST)) {
    const open = code.indexOf('(', index);
    const close = bracketsOf(file).at(open)?.close ?? code.length;
    const [argument] = splitTopLevel(code, { start: index + text.length, end: close }, ',');
    const written = argument === undefined ? '' : code.slice(argument.start, argument.end);
    const nanoseconds = await appleNumber(repo, written);
    if (nanoseconds === undefined || nanoseconds <= 0 || nanoseconds >= 1e6) continue;
    const message = `Task.sleep(nanoseconds: ${written.trim()}) is over at once: a second has 1_000_000_000 nanoseconds`;
    found.push({ offset: index, message });
  }
  return found;
}
