import type { DoctorRepo } from '../repo.ts';
import type { SourceFile } from '../source-files.ts';
import { isSwift } from './apple-functions.ts';
import { waysTo } from './apple-reach.ts';
import { StringReader } from './apple-strings.ts';
import { bracketsOf, splitTopLevel } from './brackets.ts';
import { isDebugOnly } from './conditions.ts';
import { appleSourcesContaining } from './function-index.ts';

/** Where a URLSession of the background is configured. */
export interface BackgroundSession {
  readonly file: SourceFile;
  readonly offset: number;
  /** What the file calls the session: a variable, a property, a function that gives it. */
  readonly names: ReadonlySet<string>;
  /** Every identifier that it may have; none where they are not known. */
  readonly ids: readonly string[];
  /** Whether each start of the app makes another one. */
  readonly isRandom: boolean;
}

/** In one file: far beyond any real one; ends one that is made to be slow. */
const MOST = 20;
const CONFIGURES =
  /(?:\bURLSessionConfiguration\s*)?\.\s*background\s*\(\s*withIdentifier\s*:|\bbackgroundSessionConfigurationWithIdentifier\s*:/g;

const known = new WeakMap<DoctorRepo, Promise<readonly BackgroundSession[]>>();

/** The background sessions that a release of the app makes itself, once. */
export function backgroundSessionsOf(repo: DoctorRepo): Promise<readonly BackgroundSession[]> {
  const found = known.get(repo) ?? find(repo);
  known.set(repo, found);
  return found;
}

async function find(repo: DoctorRepo): Promise<readonly BackgroundSession[]> {
  const found: BackgroundSession[] = [];
  const reader = new StringReader(repo);
  const needles = ['background(withIdentifier', 'backgroundSessionConfigurationWithIdentifier'];
  for (const file of await appleSourcesContaining(repo, needles)) {
    const all = [...file.code.matchAll(CONFIGURES)].slice(0, MOST);
    const names = all.length === 0 ? new Set<string>() : sessionNames(file);
    for (const { 0: call, index } of all) {
      const ways = await waysTo(repo, file, index);
      if (ways.every(({ kind, isDebug, isOpen }) => isDebug || (kind === 'never' && !isOpen))) {
        continue;
      }
      const argument = argumentAt(file, index + call.length);
      const ids = await reader.read(argument, { file, offset: index });
      const isRandom = /\bUUID\s*(?:\(|UUID\b|\])|\bgloballyUniqueString\b/.test(argument);
      found.push({ file, offset: index, names, ids, isRandom });
    }
  }
  return found;
}

/** The text of the argument that begins at an offset. */
function argumentAt(file: SourceFile, start: number): string {
  const [list] = bracketsOf(file).around(start);
  if (list === undefined) return '';
  const [first] = splitTopLevel(file.code, { start, end: list.close }, ',');
  return file.text.slice(start, first?.end ?? list.close);
}

/** A scene's `.backgroundTask(.urlSession(…))`. */
export interface SessionScene {
  readonly file: SourceFile;
  readonly offset: number;
  /** Every identifier that it may have; none where they are not known, or it takes all that a closure chooses. */
  readonly ids: readonly string[];
}

/** Those that a release of the app has. */
export async function sessionScenesOf(repo: DoctorRepo): Promise<readonly SessionScene[]> {
  const found: SessionScene[] = [];
  const reader = new StringReader(repo);
  for (const file of await appleSourcesContaining(repo, ['.urlSession'])) {
    const all = file.code.matchAll(/\.backgroundTask\s?\(\s*\.urlSession\b\s?(\()?/g);
    for (const { 0: call, 1: open, index: offset } of [...all].slice(0, MOST)) {
      if (isDebugOnly(file, offset)) continue;
      const isAny =
        open === undefined || /^\s*matching\s*:/.test(file.code.slice(offset + call.length));
      const ids = isAny
        ? []
        : await reader.read(argumentAt(file, offset + call.length), { file, offset });
      found.push({ file, offset, ids });
    }
  }
  return found;
}

const MAKES =
  /\bURLSession\s*\(\s*configuration\s*:|\[\s*NSURLSession\s+sessionWithConfiguration\s*:/g;

/** The names of the sessions of a file, where all that the file makes are sessions of the background. */
function sessionNames(file: SourceFile): ReadonlySet<string> {
  const { code } = file;
  const isBackground = (text: string): boolean => new RegExp(CONFIGURES.source).test(text);
  const configured = new Set(
    [...code.matchAll(/(?<![\w.])(\w+)\s*(?::[^=\n]{0,80})?=\s*([^\n;]{1,200})/g)]
      .filter(([, , value = '']) => isBackground(value))
      .map(([, name = '']) => name),
  );
  const names = new Set<string>();
  const others = new Set<string>();
  for (const match of [...code.matchAll(MAKES)].slice(0, MOST)) {
    const behind = code.slice(match.index + match[0].length, match.index + match[0].length + 120);
    const argument = /^\s*(?:self\s*\.\s*)?(\w+)\s*(?:[,)\]]|delegate\s*:)/.exec(behind)?.[1];
    const isIt = argument === undefined ? isBackground(behind) : configured.has(argument);
    const name = nameOfValue(file, match.index);
    if (name !== undefined) (isIt ? names : others).add(name);
  }
  for (const name of others) names.delete(name);
  return names;
}

/** What a value is kept under: `let session = …`, `_session = …`, `lazy var session: URLSession = { … }()`, `func make() -> …`. */
function nameOfValue(file: SourceFile, offset: number): string | undefined {
  const { code } = file;
  const line = code.slice(Math.max(0, offset - 120), offset);
  const assigned = /(?<!\w)(?:self\s*[.]\s*)?(\w+)\s*(?::[^=\n;]{1,60})?=\s*$/.exec(line)?.[1];
  if (assigned !== undefined) return assigned;
  if (!/(?:\breturn\s+|\{\s*)$/.test(line)) return undefined;
  for (const { kind, open } of bracketsOf(file).around(offset)) {
    if (kind !== '{') continue;
    const head = code.slice(Math.max(0, open - 200), open);
    const name =
      /\b(?:let|var)\s+(\w+)\s*(?::[^={}\n]{1,60})?=\s*$/.exec(head)?.[1] ??
      /\bvar\s+(\w+)\s*:\s*URLSession\s*$/.exec(head)?.[1] ??
      /\bfunc\s+(\w+)\s*\([^{}]*\)\s*->\s*URLSession\s*$/.exec(head)?.[1] ??
      /\(\s*NSURLSession\s*\*\s*\)\s*(\w+)\s*$/.exec(head)?.[1];
    if (name !== undefined) return name;
  }
  return undefined;
}

/** A task that a background session refuses, with an exception. */
export interface RefusedTask {
  readonly file: SourceFile;
  readonly offset: number;
  /** `handler`: it has a completion handler, or is awaited. `data`: its body is no file. */
  readonly what: 'handler' | 'data';
  readonly name: string;
}

/** The tasks of a background session, in its own file, that it refuses. */
export function refusedTasks({ file, names }: BackgroundSession): readonly RefusedTask[] {
  return isSwift(file) ? swiftTasks(file, names) : objcTasks(file, names);
}

function swiftTasks(file: SourceFile, names: ReadonlySet<string>): RefusedTask[] {
  const { code } = file;
  const found: RefusedTask[] = [];
  const calls = /\.\s{0,40}(uploadTask|downloadTask|dataTask|data|upload|download|bytes)\s?\(/g;
  for (const match of [...code.matchAll(calls)].slice(0, 10 * MOST)) {
    const [text, name = ''] = match;
    const before = code.slice(Math.max(0, match.index - 120), match.index);
    const receiver = /(?<!\w)(\w{1,60})(?:\(\))?[?!]?\s{0,40}$/.exec(before);
    const [, owner = ''] = receiver ?? [];
    if (!names.has(owner)) continue;
    const list = bracketsOf(file).at(match.index + text.length - 1);
    if (list === undefined) continue;
    const inside = code.slice(list.open + 1, list.close);
    const offset = match.index - (receiver?.[0].length ?? 0);
    const isTask = name.endsWith('Task');
    if (!isTask) {
      const isAwaited = /\bawait\s+(?:self\s*\.\s*)?$/.test(
        code.slice(Math.max(0, offset - 40), offset),
      );
      if (isAwaited) found.push({ file, offset, what: 'handler', name: `await ${name}` });
      continue;
    }
    const hasClosure = /^\s*\{/.test(code.slice(list.close + 1, list.close + 40));
    if (hasClosure || /\bcompletionHandler\s*:/.test(inside)) {
      found.push({ file, offset, what: 'handler', name });
    } else if (name === 'uploadTask' && /,\s*from\s*:/.test(inside)) {
      found.push({ file, offset, what: 'data', name });
    }
  }
  return found;
}

function objcTasks(file: SourceFile, names: ReadonlySet<string>): RefusedTask[] {
  const { code } = file;
  const found: RefusedTask[] = [];
  const calls = /\[\s*(?:self\s*\.\s*)?(\w+)\s+((?:upload|download|data)TaskWith\w+)\s*:/g;
  for (const match of [...code.matchAll(calls)].slice(0, 10 * MOST)) {
    const [, owner = '', name = ''] = match;
    if (!names.has(owner) && !names.has(`_${owner}`)) continue;
    const message = bracketsOf(file).at(match.index);
    const inside = message === undefined ? '' : code.slice(message.open, message.close);
    const offset = match.index;
    const handler = /\bcompletionHandler\s*:\s*(\w+)?/.exec(inside);
    if (handler !== null && handler[1] !== 'nil') {
      found.push({ file, offset, what: 'handler', name });
    } else if (name.startsWith('upload') && /\bfromData\s*:/.test(inside)) {
      found.push({ file, offset, what: 'data', name });
    }
  }
  return found;
}
