import type { DoctorRepo } from '../repo.ts';
import type { SourceFile } from '../source-files.ts';
import { splitTopLevel } from './brackets.ts';
import type { Range } from './brackets.ts';
import { classesOf, contains, functionAround, kotlinAndJava } from './kotlin-declarations.ts';

const DEEPEST = 8;
const LONGEST = 300;
/** Constants of one name: far beyond any real app. */
const MOST = 100;

/**
 * What an expression of Kotlin or Java comes to: a literal, a constant of the app's own files, a sum of strings, a product
 * of numbers.
 *
 * @returns undefined where it cannot be told, or where two constants of that name differ
 */
export async function kotlinConstant(
  repo: DoctorRepo,
  file: SourceFile,
  range: Range,
  depth = 0,
): Promise<string | number | undefined> {
  const text = file.text.slice(range.start, range.end).trim();
  const code = file.code.slice(range.start, range.end).trim();
  if (depth > DEEPEST || text.length > LONGEST || text === '') return undefined;
  const string = /^"([^"\\]*)"$/.exec(text)?.[1];
  if (string !== undefined) return interpolated(repo, { file, offset: range.start }, string, depth);
  const number = /^(-?[\d_]+)[lL]?$/.exec(text)?.[1];
  if (number !== undefined) return Number(number.replaceAll('_', ''));
  for (const operator of ['+', '*']) {
    const parts = splitTopLevel(file.code, range, operator);
    if (parts.length < 2) continue;
    const values = await Promise.all(
      parts.map((part) => kotlinConstant(repo, file, part, depth + 1)),
    );
    if (values.some((value) => value === undefined)) return undefined;
    return values.reduce((all, one) =>
      operator === '*'
        ? Number(all) * Number(one)
        : typeof all === 'number' && typeof one === 'number'
          ? all + one
          : `${all ?? ''}${one ?? ''}`,
    );
  }
  const bracketed = /^\(([^()]*)\)$/.exec(code);
  if (bracketed !== null) {
    const start = file.code.indexOf('(', range.start) + 1;
    return kotlinConstant(
      repo,
      file,
      { start, end: start + (bracketed[1]?.length ?? 0) },
      depth + 1,
    );
  }
  const milliseconds = await inMilliseconds(repo, file, range, depth);
  if (milliseconds !== undefined) return milliseconds;
  const known = /^(?:PeriodicWorkRequest\.)?(MIN_PERIODIC_\w+_MILLIS)$/.exec(code)?.[1];
  if (known !== undefined) return WORK_MILLISECONDS[known];
  return isName(code)
    ? declared(repo, code, { file, offset: range.start }, depth + 1, kotlinConstant)
    : undefined;
}

/** PeriodicWorkRequest of androidx.work */
const WORK_MILLISECONDS: Readonly<Record<string, number>> = {
  MIN_PERIODIC_INTERVAL_MILLIS: 900_000,
  MIN_PERIODIC_FLEX_MILLIS: 300_000,
};

const isName = (code: string): boolean => /^(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*$/.test(code);

/** Expressions that come to milliseconds, with what is converted and its unit; how they are written as a Duration. */
const TO_MILLISECONDS =
  /^\s*(?:java\.util\.concurrent\.)?(?:TimeUnit\.)?([A-Z]+)\.toMillis\(([^()]*(?:\([^()]*\)[^()]*)*)\)\s*$|^([^]*?)\.(?:toMillis\(\s*\)|inWholeMilliseconds|toLong\(\s*DurationUnit\.MILLISECONDS\s*\))\s*$/;
const DURATION =
  /^\s*(?:(?:java\.time\.)?Duration\.of(Days|Hours|Minutes|Seconds|Millis)\(([^()]*(?:\([^()]*\)[^()]*)*)\)|([\w.]*\w)\.(days|hours|minutes|seconds|milliseconds)(?:\.toJavaDuration\(\s*\))?)\s*$/;

async function inMilliseconds(
  repo: DoctorRepo,
  file: SourceFile,
  { start, end }: Range,
  depth: number,
): Promise<number | undefined> {
  const code = file.code.slice(start, end);
  const android = /^\s*DateUtils\.(\w+)_IN_MILLIS\s*$/.exec(code)?.[1];
  if (android !== undefined) return MILLISECONDS[`${android}S`];
  const [, unit, amount = '', duration] = TO_MILLISECONDS.exec(code) ?? [];
  if (duration !== undefined) {
    return kotlinDuration(repo, file, { start, end: start + duration.length }, depth + 1);
  }
  const factor = MILLISECONDS[unit ?? ''];
  if (factor === undefined) return undefined;
  const at = start + code.indexOf('(') + 1;
  return times(
    factor,
    await kotlinConstant(repo, file, { start: at, end: at + amount.length }, depth + 1),
  );
}

/**
 * What a `java.time.Duration` or a `kotlin.time.Duration` comes to: `Duration.ofMinutes(15)`, `15.minutes`.
 *
 * @returns milliseconds; undefined where it cannot be told
 */
export async function kotlinDuration(
  repo: DoctorRepo,
  file: SourceFile,
  { start, end }: Range,
  depth = 0,
): Promise<number | undefined> {
  const code = file.code.slice(start, end);
  const [, java, amount = '', number = '', kotlin = ''] = DURATION.exec(code) ?? [];
  const factor =
    MILLISECONDS[java === undefined ? kotlin.toUpperCase() : (DURATION_UNITS[java] ?? '')];
  if (factor === undefined) {
    if (depth > DEEPEST || !isName(code.trim())) return undefined;
    const value = await declared(
      repo,
      code.trim(),
      { file, offset: start },
      depth + 1,
      kotlinDuration,
    );
    return typeof value === 'number' ? value : undefined;
  }
  const written = java === undefined ? number : amount;
  const at = start + (java === undefined ? code.search(/\S/) : code.indexOf('(') + 1);
  return times(
    factor,
    await kotlinConstant(repo, file, { start: at, end: at + written.length }, depth + 1),
  );
}

const times = (factor: number, value: string | number | undefined): number | undefined =>
  typeof value === 'number' ? factor * value : undefined;

/** The same as {@link kotlinConstant}, for a string alone. */
export async function kotlinText(
  repo: DoctorRepo,
  file: SourceFile,
  range: Range,
): Promise<string | undefined> {
  // A named argument.
  const name = /^\s*\w+\s*=(?!=)\s*/.exec(file.code.slice(range.start, range.end))?.[0] ?? '';
  const value = await kotlinConstant(repo, file, {
    start: range.start + name.length,
    end: range.end,
  });
  return typeof value === 'string' ? value : undefined;
}

const MILLISECONDS: Readonly<Record<string, number>> = {
  DAYS: 86_400_000,
  HOURS: 3_600_000,
  MINUTES: 60_000,
  SECONDS: 1000,
  MILLISECONDS: 1,
};

const DURATION_UNITS: Readonly<Record<string, string>> = {
  Days: 'DAYS',
  Hours: 'HOURS',
  Minutes: 'MINUTES',
  Seconds: 'SECONDS',
  Millis: 'MILLISECONDS',
};

async function interpolated(
  repo: DoctorRepo,
  { file, offset }: Place,
  text: string,
  depth: number,
): Promise<string | undefined> {
  if (!text.includes('$') || file.path.endsWith('.java')) return text;
  let joined = '';
  let from = 0;
  for (const match of text.matchAll(/\$(?:\{([\w.]+)\}|(\w+))/g)) {
    const value = await declared(
      repo,
      match[1] ?? match[2] ?? '',
      { file, offset },
      depth + 1,
      kotlinConstant,
    );
    if (value === undefined) return undefined;
    joined += text.slice(from, match.index) + String(value);
    from = match.index + match[0].length;
  }
  const rest = text.slice(from);
  return rest.includes('$') ? undefined : joined + rest;
}

interface Place {
  readonly file: SourceFile;
  readonly offset: number;
}

/** The value of a constant, by the name and what stands in front of it: `Works.SYNC`. */
async function declared(
  repo: DoctorRepo,
  path: string,
  use: Place,
  depth: number,
  valueOf: typeof kotlinConstant,
): Promise<string | number | undefined> {
  const parts = path.split('.');
  const name = parts.at(-1) ?? '';
  const qualifier = parts.slice(0, -1).findLast((part) => part !== 'Companion');
  const found: (Place & { readonly value: Range })[] = [];
  for (const file of await kotlinAndJava(repo, [name])) {
    const constant = new RegExp(
      `\\b(?:val\\s+${name}(?:\\s*:\\s*\\w+)?|final\\s+(?:String|long|int|Duration)\\s+${name})\\s*=\\s*`,
      'g',
    );
    for (const match of file.code.matchAll(constant)) {
      const local = functionAround(file, match.index);
      if (local !== undefined && !(file === use.file && contains(local.body, use.offset))) continue;
      if (found.length >= MOST) return undefined;
      const start = match.index + match[0].length;
      const end = start + file.code.slice(start, start + LONGEST).search(/[;\n}]|$/);
      found.push({ file, offset: match.index, value: { start, end } });
    }
  }
  const values = new Set<string | number>();
  for (const { file, value: range } of nearest(found, qualifier, use)) {
    const value = await valueOf(repo, file, range, depth);
    if (value === undefined) return undefined;
    values.add(value);
  }
  const [only, second] = values;
  return second === undefined ? only : undefined;
}

/** Those of the class that is named in front, or of the classes around the use; all where there are none. */
function nearest<T extends Place>(
  found: readonly T[],
  qualifier: string | undefined,
  use: Place,
): readonly T[] {
  if (found.length < 2) return found;
  const own = found.filter(({ file, offset }) =>
    classesOf(file).some(
      ({ name, body }) =>
        contains(body, offset) &&
        (qualifier === undefined || qualifier === 'this'
          ? file === use.file && contains(body, use.offset)
          : name === qualifier),
    ),
  );
  return own.length > 0 ? own : found;
}
