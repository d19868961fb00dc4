import type { DoctorRepo } from '../repo.ts';
import type { SourceFile } from '../source-files.ts';
import { bracketsOf, splitTopLevel } from './brackets.ts';
import type { Block, Range } from './brackets.ts';
import {
  classAround,
  classesOf,
  codeOf,
  contains,
  functionAround,
  functionsOf,
  isKotlin,
  kotlinAndJava,
} from './kotlin-declarations.ts';
import type { KotlinClass, KotlinFunction } from './kotlin-declarations.ts';
import type { Place } from './kotlin-reach.ts';

/** A name that holds an object which has to be ended, and where it stands for it. */
export interface Held {
  readonly file: SourceFile;
  readonly name: string;
  readonly range: Range;
}

/** How an object of a kind is ended: `pending.finish()`, `jobFinished(params, false)`. */
export interface Ending {
  /** The method. */
  readonly method: string;
  /** Whether the object is its first argument, and not what it is called on. */
  readonly isArgument: boolean;
}

export interface Fate {
  /** `ended`: by one of the calls. `lost`: nothing that can be seen ends it. `unknown`: it is handed to what is not seen. */
  readonly kind: 'ended' | 'lost' | 'unknown';
  readonly ends: readonly Place[];
  /** Whether it is also handed to what is not seen, which may end it, too. */
  readonly isOpen: boolean;
}

const DEEPEST = 6;
/** Of one name in one function or class, and of functions of one name: far beyond any real code. */
const MOST = 60;

/** Calls that keep nothing of what they are given. */
const TELLS =
  /(?:\b(?:Log|Timber|Logger|logger|log)\s*\.\s*\w+|\b(?:println|print|requireNotNull|checkNotNull|isNull|nonNull|requireNonNull))$/;
const STATEMENT = /\b(?:if|when|while|switch|for|return|synchronized|catch)$/;

/**
 * What becomes of an object, followed through the app's own functions, constructors and fields.
 *
 * @param held what names it, or the expression that makes it: a range of the file
 */
export async function fateOf(
  repo: DoctorRepo,
  held: Held | { readonly file: SourceFile; readonly made: Range },
  ending: Ending,
): Promise<Fate> {
  const seen = new Set<string>();
  const ends: Place[] = [];
  const state = { isUnknown: false };

  const follow = async ({ file, name, range }: Held, depth: number): Promise<void> => {
    const key = `${file.path}:${range.start} ${name}`;
    if (seen.has(key)) return;
    seen.add(key);
    if (depth > DEEPEST || seen.size > MOST) {
      state.isUnknown = true;
      return;
    }
    const word = new RegExp(`\\b${name}\\b`, 'g');
    word.lastIndex = range.start;
    let count = 0;
    for (let match = word.exec(file.code); match !== null; match = word.exec(file.code)) {
      if (match.index >= range.end) break;
      if ((count += 1) > MOST) {
        state.isUnknown = true;
        return;
      }
      await use(file, name, match.index, range, depth);
    }
  };

  const use = async (
    file: SourceFile,
    name: string,
    at: number,
    range: Range,
    depth: number,
  ): Promise<void> => {
    const { code } = file;
    const before = code.slice(Math.max(range.start, at - 200), at).trimEnd();
    const after = code.slice(at + name.length, at + name.length + 200);
    const isOther = before.endsWith('.') && !/\bthis(?:@\w+)?\s*\??\.$/.test(before);
    if (!ending.isArgument) {
      if (new RegExp(`^\\s*(?:!!\\s*|\\?)?\\.\\s*${ending.method}\\s*\\(`).test(after)) {
        ends.push({ file, offset: at });
        return;
      }
      if (new RegExp(`^\\s*(?:!!\\s*)?::\\s*${ending.method}\\b`).test(after)) {
        state.isUnknown = true;
        return;
      }
    }
    // A lambda that has it for a receiver, or for `it`.
    const scope = /^\s*(?:!!\s*|\?)?\.\s*(?:apply|let|run|also|use|takeIf)\s*\{/.exec(after);
    if (scope !== null) {
      const open = at + name.length + scope[0].length - 1;
      const close = bracketsOf(file).at(open)?.close ?? code.length;
      const inside = code.slice(open, close);
      const found = new RegExp(`\\b${ending.method}\\s*\\(`).exec(inside);
      if (found !== null) ends.push({ file, offset: open + found.index });
      else if (/\bit\b|->/.test(inside)) state.isUnknown = true;
      return;
    }
    if (isOther) return;
    // A member of it, a comparison, a type, a declaration.
    if (/^\s*(?:!!\s*|\?)?\.|^\s*[!=]=|^\s*:(?!:)|^\s+(?:is|!is|in)\b/.test(after)) return;
    if (/[!=]=$/.test(before)) return;
    const block = bracketsOf(file)
      .around(at)
      .find(({ open }) => open >= range.start);
    if (/^\s*=(?!=)/.test(after)) return;
    if (block?.kind === '(') {
      await handed(file, at, block, depth);
      return;
    }
    const assigned =
      /(?:\b(?:val|var|final|PendingResult|JobParameters)\s+)?\b(?:this\s*\.\s*)?(\w+)\s*(?::\s*[\w.?]+\s*)?=$/.exec(
        before,
      )?.[1];
    if (assigned !== undefined) {
      await stored(file, at, assigned, depth);
      return;
    }
    // A statement, whose value nobody has.
    if (
      block === undefined &&
      /[\n;{}][^\S\n]*$/.test(code.slice(range.start - 1, at).slice(-200)) &&
      !/(?:->|[?:=,+&|])$/.test(before)
    )
      return;
    if (block?.kind === '[' || /(?:\breturn|->|\?:|\{|=|\])$/.test(before)) state.isUnknown = true;
  };

  const stored = async (
    file: SourceFile,
    at: number,
    name: string,
    depth: number,
  ): Promise<void> => {
    const around = functionAround(file, at);
    const owner = classAround(file, at);
    const isLocal =
      around !== undefined &&
      new RegExp(`\\b(?:val|var|final|PendingResult|JobParameters)\\s+${name}\\b`).test(
        file.code.slice(around.body.start, at),
      );
    const range = isLocal ? around.body : owner?.body;
    if (range === undefined) state.isUnknown = true;
    else await follow({ file, name, range }, depth + 1);
  };

  const handed = async (
    file: SourceFile,
    at: number,
    block: Block,
    depth: number,
  ): Promise<void> => {
    const { code } = file;
    const before = code.slice(Math.max(0, block.open - 120), block.open).trimEnd();
    const callee = /\b(\w+)$/.exec(before.replace(/<[\w\s.,?]{0,80}>$/, ''))?.[1];
    if (callee === ending.method && ending.isArgument) {
      ends.push({ file, offset: at });
      return;
    }
    if (callee === undefined || STATEMENT.test(before) || TELLS.test(before)) return;
    const isSuper = /\bsuper(?:@\w+|<\w+>)?\s*\.\s*\w+$/.test(before);
    const parts = splitTopLevel(code, { start: block.open + 1, end: block.close }, ',');
    const index = parts.findIndex((part) => contains(part, at));
    const part = parts[index];
    const named = part && /^(\w+)\s*=(?!=)/.exec(codeOf(file, part))?.[1];
    const targets = await targetsOf(repo, callee);
    if (targets.length === 0) {
      if (!isSuper) state.isUnknown = true;
      return;
    }
    for (const target of targets) {
      const parameter =
        named !== undefined && target.parameters.includes(named) ? named : target.parameters[index];
      if (parameter === undefined) state.isUnknown = true;
      else await follow({ file: target.file, name: parameter, range: target.range }, depth + 1);
    }
  };

  if ('made' in held) {
    const { file, made } = held;
    const body = functionAround(file, made.start)?.body ?? { start: 0, end: file.code.length };
    await use(file, file.code.slice(made.start, made.end), made.start, body, 0);
  } else await follow(held, 0);
  const kind = ends.length > 0 ? 'ended' : state.isUnknown ? 'unknown' : 'lost';
  return { kind, ends, isOpen: state.isUnknown };
}

interface Target {
  readonly file: SourceFile;
  readonly parameters: readonly string[];
  readonly range: Range;
}

/** The app's functions and constructors of a name. */
async function targetsOf(repo: DoctorRepo, name: string): Promise<Target[]> {
  const found: Target[] = [];
  for (const file of await kotlinAndJava(repo, [name])) {
    for (const one of functionsOf(file)) {
      if (one.name !== name) continue;
      found.push({ file, parameters: parametersOf(one), range: one.body });
    }
    if (!isKotlin(file)) continue;
    for (const one of classesOf(file)) {
      const list = one.name === name ? primaryOf(one) : undefined;
      if (list === undefined) continue;
      const parameters = namesIn(file, { start: list.open + 1, end: list.close });
      const range = { start: list.close + 1, end: Math.max(list.close + 1, one.body.end) };
      found.push({ file, parameters, range });
    }
  }
  return found.slice(0, MOST);
}

/** The parameters of a Kotlin class's own constructor. */
function primaryOf({ file, start, name }: KotlinClass): Block | undefined {
  const head = /^\s*(?:<[^<>]*>\s*)?(?:(?:@\w+\s+|\w+\s+){0,4}constructor\s*)?\(/.exec(
    file.code.slice(start + name.length, start + name.length + 300),
  );
  return head === null ? undefined : bracketsOf(file).at(start + name.length + head[0].length - 1);
}

/** The names of a function's parameters. */
export function parametersOf({ file, start, name }: KotlinFunction): string[] {
  const open = file.code.indexOf('(', start + name.length);
  const block = bracketsOf(file).at(open);
  return block === undefined ? [] : namesIn(file, { start: open + 1, end: block.close });
}

function namesIn(file: SourceFile, range: Range): string[] {
  const { code } = file;
  const names: string[] = [];
  let rest = '';
  for (const part of splitTopLevel(code, range, ',')) {
    rest += code.slice(part.start, part.end);
    // The comma of a type's arguments.
    const opened = rest.split('<').length - rest.replaceAll('->', '').split('>').length;
    if (opened > 0) {
      rest += ',';
      continue;
    }
    const name = isKotlin(file)
      ? /(?<!\w)(\w+)\s*:/.exec(rest)?.[1]
      : /(?<!\w)(\w+)\s*$/.exec(rest)?.[1];
    if (rest.trim() !== '') names.push(name ?? '');
    rest = '';
  }
  return names;
}

/** What a call of a library says of the two ends of its work, by the method that is called of each. */
const SUCCEEDED = /^on(?:Response|Success|Successful|Completed|Next|Result)$/;
const SUCCESS_BLOCK = /\b(?:addOnSuccessListener|onSuccess)\s*(?:\([^(){}]*|\([^(){}]*\)\s*)?$/;
const FAILED = /^on(?:Failure|Error|ErrorResponse|Failed)$/;

/**
 * Where an object that is ended stays open all the same: the catch, or the callback of a failure, beside the one that has
 * every call which ends it.
 *
 * @returns undefined where there is none, or it cannot be told
 */
export function missedBy(ends: readonly Place[], ending: Ending): Place | undefined {
  const [first] = ends;
  if (first === undefined) return undefined;
  const { file } = first;
  if (ends.some((one) => one.file !== file)) return undefined;
  const around = functionAround(file, first.offset);
  if (around === undefined) return undefined;
  const holdsAll = (range: Range): boolean => ends.every(({ offset }) => contains(range, offset));
  const calls = (range: Range): boolean =>
    new RegExp(`\\b(?:${ending.method}|${around.name}|throw|exitProcess|return\\s+false)\\b`).test(
      file.code.slice(range.start, range.end),
    );
  for (const block of bracketsOf(file).around(first.offset)) {
    if (block.kind !== '{' || block.open < around.body.start) continue;
    const range = { start: block.open + 1, end: block.close };
    if (!/\btry\s*$/.test(file.code.slice(Math.max(0, block.open - 20), block.open))) continue;
    if (!holdsAll(range)) continue;
    const handlers = handlersBehind(file, block);
    const missed = handlers.find(({ body, type }) => !STOPS.test(type) && !calls(body));
    if (missed !== undefined && handlers.every(({ word }) => word === 'catch')) {
      return { file, offset: missed.at };
    }
  }
  for (const block of bracketsOf(file).around(first.offset)) {
    if (block.kind !== '{' || block.open < around.body.start) continue;
    const before = file.code.slice(Math.max(0, block.open - 200), block.open);
    const listener = SUCCESS_BLOCK.exec(before);
    if (listener === null || !holdsAll({ start: block.open + 1, end: block.close })) continue;
    return { file, offset: block.open - before.length + listener.index };
  }
  if (!SUCCEEDED.test(around.name) || !holdsAll(around.body)) return undefined;
  const object = bracketsOf(file)
    .around(around.start)
    .find(({ kind }) => kind === '{');
  const sibling = functionsOf(file).find(
    (one) =>
      FAILED.test(one.name) &&
      bracketsOf(file)
        .around(one.start)
        .find(({ kind }) => kind === '{') === object,
  );
  return sibling === undefined || calls(sibling.body) ? undefined : { file, offset: sibling.start };
}

/** Caught where the work is stopped from outside. */
const STOPS = /\b(?:Interrupted|Cancellation)\w*Exception\b/;

interface Handler {
  readonly word: string;
  /** What is caught. */
  readonly type: string;
  readonly at: number;
  readonly body: Range;
}

function handlersBehind(file: SourceFile, tried: Block): Handler[] {
  const brackets = bracketsOf(file);
  const found: Handler[] = [];
  const opening = /\s*(catch|finally)\s*(?:\(|(?=\{))/y;
  const brace = /\s*\{/y;
  let from = tried.close + 1;
  for (;;) {
    opening.lastIndex = from;
    const opened = opening.exec(file.code);
    if (opened === null) return found;
    const word = opened[1] ?? '';
    const open = opened.index + opened[0].length - 1;
    brace.lastIndex = word === 'catch' ? (brackets.at(open)?.close ?? open) + 1 : open + 1;
    const braced = brace.exec(file.code);
    if (braced === null) return found;
    const start = braced.index + braced[0].length;
    const end = brackets.at(start - 1)?.close ?? file.code.length;
    const at = opened.index + opened[0].indexOf(word);
    const type = file.code.slice(open + 1, braced.index);
    found.push({ word, type, at, body: { start, end } });
    from = end + 1;
  }
}
