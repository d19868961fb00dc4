import type { SourceFile } from '../source-files.ts';
import { bracketsOf } from './brackets.ts';
import type { Block, Range } from './brackets.ts';
import { contains, expressionEnd, isKotlin } from './kotlin-declarations.ts';

/** What has to hold for a place in a function to be reached, as far as it is written around it. */
export interface Held {
  /** Debug builds alone get there. */
  readonly isDebug: boolean;
  /** Why nothing gets there; undefined where something may. */
  readonly dead: string | undefined;
}

type Truth = 'true' | 'false' | 'debug' | 'release' | 'open';

const OPPOSITE: Readonly<Record<Truth, Truth>> = {
  true: 'false',
  false: 'true',
  debug: 'release',
  release: 'debug',
  open: 'open',
};
const DEBUG = /^(?:[\w.]*\.)?BuildConfig\s*\.\s*DEBUG$/;
/** `Build.VERSION.SDK_INT < 31`, `SDK_INT >= Build.VERSION_CODES.S`. */
const VERSION =
  /^(?:[\w.]*\.)?SDK_INT\s*(<=?|>=?)\s*(?:(\d{1,3})|(?:[\w.]*\.)?VERSION_CODES\s*\.\s*(\w+))$/;
/** From Android 6 on: https://developer.android.com/reference/android/os/Build.VERSION_CODES */
const API_LEVELS: Readonly<Record<string, number>> = {
  M: 23,
  N: 24,
  N_MR1: 25,
  O: 26,
  O_MR1: 27,
  P: 28,
  Q: 29,
  R: 30,
  S: 31,
  S_V2: 32,
  TIRAMISU: 33,
  UPSIDE_DOWN_CAKE: 34,
  VANILLA_ICE_CREAM: 35,
  BAKLAVA: 36,
};

/** What a condition is read with. */
interface Known {
  readonly constants: ReadonlyMap<string, boolean>;
  /** The API level that the device has at least; undefined where the question is of every device. */
  readonly api: number | undefined;
}

/** A condition that is longer says nothing that is known here. */
const LONGEST = 200;
/** Far beyond any real code. */
const DEEPEST = 64;

/** What a condition is, where that does not depend on the run; a conjunction is at most what one of its parts is. */
function truthOf(condition: string, known: Known): Truth {
  const text = unwrapped(condition.trim());
  if (text.length > LONGEST) return 'open';
  const parts = text.split('&&');
  if (parts.length > 1) {
    const truths = parts.map((part) => truthOf(part, known));
    return (
      (['false', 'debug', 'release'] as const).find((one) => truths.includes(one)) ??
      (truths.every((one) => one === 'true') ? 'true' : 'open')
    );
  }
  if (text.includes('||')) {
    const truths = text.split('||').map((part) => truthOf(part, known));
    const [first = 'open'] = truths;
    return truths.every((one) => one === first) ? first : 'open';
  }
  if (text.startsWith('!')) return OPPOSITE[truthOf(text.slice(1), known)];
  if (text === 'true' || text === 'false') return text;
  if (DEBUG.test(text)) return 'debug';
  const version = known.api === undefined ? undefined : versionTruth(text, known.api);
  if (version !== undefined) return version;
  const equals = text.lastIndexOf('==');
  const other = text.slice(equals + 2).trim();
  if (equals >= 0 && (other === 'true' || other === 'false')) {
    const truth = truthOf(text.slice(0, equals).trim(), known);
    return other === 'true' ? truth : OPPOSITE[truth];
  }
  const value = known.constants.get(/^(?:\w+\.)*(\w+)$/.exec(text)?.[1] ?? '');
  return value === undefined ? 'open' : value ? 'true' : 'false';
}

/** What a comparison with the version of Android is on each device from an API level on; undefined where it is none. */
function versionTruth(text: string, api: number): Truth | undefined {
  const [, operator = '', number, name = ''] = VERSION.exec(text) ?? [];
  const level = number === undefined ? API_LEVELS[name] : Number(number);
  if (level === undefined) return undefined;
  // The first level at which `>=` and `>` hold, and `<` and `<=` no longer do.
  const turn = operator === '>=' || operator === '<' ? level : level + 1;
  if (api < turn) return 'open';
  return operator.startsWith('>') ? 'true' : 'false';
}

/** Without the parentheses around all of it. */
function unwrapped(text: string): string {
  let inner = text;
  while (inner.startsWith('(') && inner.endsWith(')') && !/^\([^()]*\).*\([^()]*\)$/.test(inner)) {
    inner = inner.slice(1, -1).trim();
  }
  return inner;
}

const constants = new WeakMap<SourceFile, ReadonlyMap<string, boolean>>();

/** Constants of the file that are a boolean: `const val SYNC = false`, `static final boolean SYNC = false`. */
function constantsOf(file: SourceFile): ReadonlyMap<string, boolean> {
  const known = constants.get(file);
  if (known !== undefined) return known;
  const found = new Map<string, boolean>();
  for (const [, kotlin, java, value] of file.code.matchAll(
    /\b(?:const\s+val\s+(\w+)(?:\s*:\s*Boolean)?|(?:static\s+final|final\s+static)\s+boolean\s+(\w+))\s*=\s*(true|false)\b/g,
  )) {
    found.set(kotlin ?? java ?? '', value === 'true');
  }
  constants.set(file, found);
  return found;
}

/**
 * @param within the function's body
 * @param api the API level that the device has at least, where the question is of newer devices alone
 * @returns what the branches, the `return` in front of it and the source set say of a place
 */
export function heldAt(file: SourceFile, offset: number, within: Range, api?: number): Held {
  const values: Known = { constants: constantsOf(file), api };
  let isDebug = isDebugSource(file);
  let dead: string | undefined;
  const take = (truth: Truth): void => {
    if (truth === 'debug') isDebug = true;
    if (truth === 'false') dead ??= 'the condition is false';
  };
  const blocks = bracketsOf(file)
    .around(offset)
    .filter(({ kind, open }) => kind === '{' && open >= within.start - 1)
    .slice(0, DEEPEST);
  for (const truth of bareConditions(file, offset, within)) take(truthOf(truth, values));
  // The block of an expression body or of a file is not there.
  let inner = offset;
  for (const block of blocks) {
    const early = returnBefore(file, block, inner, values);
    if (early?.truth === 'true') {
      dead ??= `it stands behind the ${early.word} in line ${file.line(early.at)}`;
    } else if (early !== undefined) take(OPPOSITE[early.truth]);
    inner = block.open;
    if (block.open < within.start) break;
    const condition = conditionOf(file, block);
    if (condition !== undefined) {
      const truth = truthOf(condition.text, values);
      take(condition.isElse ? OPPOSITE[truth] : truth);
    }
    for (const bare of bareConditions(file, block.open, within)) {
      if (condition === undefined) take(truthOf(bare, values));
    }
  }
  return { isDebug, dead };
}

/** Source sets that Gradle compiles for debug builds alone. */
const isDebugSource = ({ path }: SourceFile): boolean => /\/src\/\w*[dD]ebug\w*\//.test(path);

/** The condition that a block is for: of `if (…) {`, `} else {`, or a branch of `when`. */
function conditionOf(
  file: SourceFile,
  { open }: Block,
): { readonly text: string; readonly isElse: boolean } | undefined {
  const { code } = file;
  const before = code.slice(Math.max(0, open - 400), open).trimEnd();
  const end = open - (code.slice(Math.max(0, open - 400), open).length - before.length);
  if (before.endsWith(')')) {
    const header = headerBefore(file, end - 1);
    return header?.word === 'if' ? { text: header.text, isElse: false } : undefined;
  }
  if (/\belse$/.test(before)) {
    const brace = before.slice(0, -4).trimEnd();
    if (!brace.endsWith('}')) return undefined;
    const close = end - (before.length - brace.length) - 1;
    const other = openOf(file, close);
    const condition = other === undefined ? undefined : conditionOf(file, other);
    return condition === undefined || condition.isElse ? undefined : { ...condition, isElse: true };
  }
  const branch = /(?:^|[\n{;}])[ \t]*([^\n{};]+?)\s*->$/.exec(before)?.[1];
  return branch === undefined ? undefined : { text: branch, isElse: false };
}

/**
 * The parentheses of a statement that may go on without what comes behind them.
 *
 * @param close of the parentheses
 */
function headerBefore(
  file: SourceFile,
  close: number,
): { readonly word: string; readonly text: string } | undefined {
  const block = openOf(file, close);
  if (block?.kind !== '(') return undefined;
  const before = file.code.slice(Math.max(0, block.open - 20), block.open);
  const word = /\b(if|while|for)\s*$/.exec(before)?.[1];
  return word === undefined ? undefined : { word, text: file.code.slice(block.open + 1, close) };
}

const closings = new WeakMap<SourceFile, ReadonlyMap<number, Block>>();

function openOf(file: SourceFile, close: number): Block | undefined {
  const known =
    closings.get(file) ??
    new Map(bracketsOf(file).blocks.map((block) => [block.close, block] as const));
  closings.set(file, known);
  return known.get(close);
}

/** Conditions of `if` without braces that a statement hangs on. */
function bareConditions(file: SourceFile, offset: number, within: Range): string[] {
  const { code } = file;
  const from = Math.max(within.start, offset - 1000);
  const before = code.slice(from, offset);
  // The statement begins behind the last brace or semicolon, or with its line; the line above may hold its condition.
  const start = from + Math.max(before.search(/[^{};]*$/), 0);
  const found: string[] = [];
  for (const match of code.slice(start, offset).matchAll(/\bif\s*\(/g)) {
    const open = start + match.index + match[0].length - 1;
    const close = bracketsOf(file).at(open)?.close ?? code.length;
    if (close >= offset) continue;
    // What follows on the same line, or alone on the next one; a chain of calls may go on below.
    const between = code.slice(close + 1, offset).replace(/\n\s*(?=\.|\?\.)/g, '');
    if (between.trimStart().includes('\n')) continue;
    if (/\belse\b/.test(between)) continue;
    found.push(code.slice(open + 1, close));
  }
  return found;
}

interface Early {
  readonly at: number;
  readonly word: string;
  /** When it is taken. */
  readonly truth: Truth;
}

/** A `return` or `throw` of the block itself, in front of an offset: taken always, or in some builds. */
function returnBefore(
  file: SourceFile,
  block: Block,
  offset: number,
  values: Known,
): Early | undefined {
  const { code } = file;
  const before = code.slice(block.open + 1, offset);
  if (!/\b(?:return|throw)\b/.test(before)) return undefined;
  // A branch of `switch` or `when`: the next one begins behind it.
  if (/\bcase\b[^\n]*:|\bdefault\s*:/.test(before)) return undefined;
  const brackets = bracketsOf(file);
  let found: Early | undefined;
  for (const match of before.matchAll(/\b(return|throw)\b/g)) {
    const at = block.open + 1 + match.index;
    const word = match[1] ?? '';
    const [inner] = brackets.around(at);
    const isOwn = inner === block;
    const guard = isOwn ? undefined : guardOf(file, inner, block);
    if (!isOwn && guard === undefined) continue;
    if (contains({ start: at, end: endOf(file, at + word.length) }, offset)) continue;
    if (isOwn) {
      const line = code.slice(Math.max(block.open + 1, at - LONGEST), at);
      const close = at - line.length + line.trimEnd().length - 1;
      const header = code[close] === ')' ? headerBefore(file, close) : undefined;
      if (header?.word === 'if') found ??= settled(at, word, truthOf(header.text, values));
      if (header !== undefined || /(?:\b(?:else|do)|->|\?:|&&|\|\|)\s*$/.test(line)) continue;
      if (/(?:^|[;\n])[ \t]*$/.test(line)) return { at, word, truth: 'true' };
    } else if (guard !== undefined) {
      found ??= settled(at, word, truthOf(guard, values));
    }
  }
  return found;
}

/** A condition that depends on the run says nothing of what comes behind it. */
const settled = (at: number, word: string, truth: Truth): Early | undefined =>
  truth === 'open' || truth === 'false' ? undefined : { at, word, truth };

/** The condition of an `if` directly in a block, whose braces hold a `return`. */
function guardOf(file: SourceFile, inner: Block | undefined, block: Block): string | undefined {
  if (inner?.kind !== '{' || inner.parent !== block) return undefined;
  const condition = conditionOf(file, inner);
  return condition === undefined || condition.isElse ? undefined : condition.text;
}

/** Where the value that is returned ends. */
function endOf(file: SourceFile, from: number): number {
  const { code } = file;
  if (/^[ \t]*(?:\n|\}|;)/.test(code.slice(from, from + LONGEST))) return from;
  if (isKotlin(file)) return expressionEnd(code, bracketsOf(file), from);
  const end = code.indexOf(';', from);
  return end === -1 ? code.length : end;
}
