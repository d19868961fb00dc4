import type { SourceFile } from '../source-files.ts';
import { bracketsOf, splitTopLevel } from './brackets.ts';
import type { Block, Range } from './brackets.ts';

/** A function of Dart that has a body. */
export interface DartFunction {
  readonly file: SourceFile;
  readonly name: string;
  /** Of its name. */
  readonly offset: number;
  readonly body: Range;
  /** What stands before its name, comments left out: annotations, modifiers, the type that it returns. */
  readonly head: string;
  readonly scope: 'library' | 'class' | 'function';
  /** Of the class, mixin, extension or enum that it is in. */
  readonly owner: string | undefined;
  readonly isStatic: boolean;
}

export interface DartCall {
  readonly file: SourceFile;
  /** Of the first character that was searched for. */
  readonly offset: number;
  readonly positional: readonly Range[];
  readonly named: ReadonlyMap<string, Range>;
}

/** Words that a bracket and a block follow, and that are no names. */
const WORDS = new Set(
  'if for while switch catch assert return await throw new const super this when else in'.split(
    ' ',
  ),
);

/** As far back as a declaration may begin before its name. */
const LONGEST_HEAD = 1000;

const known = new WeakMap<SourceFile, readonly DartFunction[]>();

/** In the order of their names' places. */
export function dartFunctions(file: SourceFile): readonly DartFunction[] {
  const found = known.get(file) ?? findFunctions(file);
  known.set(file, found);
  return found;
}

function findFunctions(file: SourceFile): DartFunction[] {
  const { code, noComments } = file;
  const brackets = bracketsOf(file);
  const found: DartFunction[] = [];
  for (const { open, close, kind } of brackets.blocks) {
    if (kind !== '(') continue;
    const before = code.slice(Math.max(0, open - 200), open);
    const name = /(?<![\w$])([A-Za-z_$][\w$]*)\s*(?:<[^<>()]*>\s*)?$/.exec(before);
    if (name === null || WORDS.has(name[1] ?? '')) continue;
    const offset = open - before.length + name.index;
    const after = /^\s*(?:(?:async|sync)\b(?:\s*\*)?\s*)?(?:\{|=>)/.exec(
      code.slice(close + 1, close + 80),
    );
    if (after === null) continue;
    const start = headStart(code, offset);
    const own = code.slice(start, offset);
    // Behind one of these it is a call, or a closure that is handed over.
    if (/[.=(,!&|+:]\s*$|\b(?:return|await|throw|new|in)\s+$/.test(own)) continue;
    const mark = close + 1 + after[0].length;
    const block = after[0].endsWith('{') ? brackets.at(mark - 1) : undefined;
    const body = block
      ? { start: block.open + 1, end: block.close }
      : { start: mark, end: endOfExpression(code, mark) };
    const around = brackets.around(offset)[0];
    const owner = around && ownerOf(code, around);
    found.push({
      file,
      name: name[1] ?? '',
      offset,
      body,
      head: noComments.slice(start, offset),
      scope: around === undefined ? 'library' : owner === undefined ? 'function' : 'class',
      owner,
      isStatic: /\bstatic\b/.test(own),
    });
  }
  return found;
}

/** Where the declaration begins that a name is in: after the last end of a statement, or of a block. */
function headStart(code: string, offset: number): number {
  const least = Math.max(0, offset - LONGEST_HEAD);
  for (let at = offset - 1; at >= least; at -= 1) {
    if (';{}'.includes(code.charAt(at))) return at + 1;
  }
  return least;
}

/** The name of what declares members in a block; undefined where it is no such block. */
function ownerOf(code: string, block: Block): string | undefined {
  const head = code.slice(headStart(code, block.open), block.open);
  return /\b(?:class|mixin|enum|extension(?:\s+type)?(?:\s+const)?)\s+(?!class\b)([A-Za-z_$][\w$]*)/.exec(
    head,
  )?.[1];
}

/** Of the body of `=>`: up to the semicolon, or what closes the bracket around it. */
function endOfExpression(code: string, from: number): number {
  let depth = 0;
  for (let at = from; at < code.length; at += 1) {
    const char = code.charAt(at);
    if ('([{'.includes(char)) depth += 1;
    else if (')]}'.includes(char)) {
      depth -= 1;
      if (depth < 0) return at;
    } else if (depth === 0 && char === ';') return at;
  }
  return code.length;
}

/** The innermost function that an offset is in. */
export const dartFunctionAround = (file: SourceFile, offset: number): DartFunction | undefined =>
  dartFunctions(file).findLast(({ body }) => body.start <= offset && offset < body.end);

/**
 * The calls of something in a file.
 *
 * @param callee of its code, up to the opening bracket, which it does not have
 */
export function dartCalls(file: SourceFile, callee: RegExp): DartCall[] {
  const { code } = file;
  const brackets = bracketsOf(file);
  const found: DartCall[] = [];
  for (const match of code.matchAll(new RegExp(`(?:${callee.source})\\s*\\(`, 'g'))) {
    const list = brackets.at(match.index + match[0].length - 1);
    if (list === undefined) continue;
    const positional: Range[] = [];
    const named = new Map<string, Range>();
    for (const { start, end } of splitTopLevel(
      code,
      { start: list.open + 1, end: list.close },
      ',',
    )) {
      const text = code.slice(start, end);
      if (text.trim() === '') continue;
      const label = /^\s*([A-Za-z_$][\w$]*)\s*:/.exec(text);
      if (label === null) positional.push({ start, end });
      else named.set(label[1] ?? '', { start: start + label[0].length, end });
    }
    found.push({ file, offset: match.index, positional, named });
  }
  return found;
}

/** What an argument is where it is a plain text, with no interpolation; undefined for anything else. */
export function dartText(file: SourceFile, { start, end }: Range): string | undefined {
  const text = file.noComments.slice(start, end).trim();
  const value = /^r?(?:'([^'$\\\n]*)'|"([^"$\\\n]*)")$/.exec(text);
  return value?.[1] ?? value?.[2];
}

/** An argument of a call, by its place or by its name. */
export const dartArgument = (call: DartCall, argument: number | string): Range | undefined =>
  typeof argument === 'number' ? call.positional[argument] : call.named.get(argument);

/** Whether the compiler keeps a function that nothing in Dart calls; `unclear` where an annotation may say it in other words. */
export function keptByPragma({ head }: DartFunction): 'kept' | 'unclear' | 'not' {
  if (/@pragma\s*\(\s*r?(['"])vm:entry-point\1/.test(head)) return 'kept';
  const others = head.replace(/@pragma\s*\(\s*r?(['"])[^'"]*\1/g, '');
  return /@(?!override\b|protected\b|visibleForTesting\b|Deprecated\b|deprecated\b)/.test(others)
    ? 'unclear'
    : 'not';
}

/** What a callback that native code calls by its handle turns out to be. */
export type DartCallback =
  | { readonly kind: 'function'; readonly found: DartFunction }
  | { readonly kind: 'closure' }
  | { readonly kind: 'method' | 'inner'; readonly found: DartFunction };

/**
 * Follows a function that is handed over to its declaration.
 *
 * @param files where it may be declared, besides the file of the call
 * @returns undefined where that cannot be told
 */
export function callbackOf(
  { file, offset }: DartCall,
  { start, end }: Range,
  files: readonly SourceFile[],
): DartCallback | undefined {
  const text = file.code.slice(start, end).trim();
  if (/^(?:async\s*)?\(/.test(text) || /^\([^]*\)\s*(?:async\s*)?(?:=>|\{)/.test(text)) {
    return { kind: 'closure' };
  }
  const parts = /^(?:([A-Za-z_$][\w$]*)\s*\.\s*)?([A-Za-z_$][\w$]*)$/.exec(text);
  if (parts === null) return undefined;
  const [, owner, name = ''] = parts;
  const all = [file, ...files.filter((one) => one !== file)].flatMap(dartFunctions);
  const named = all.filter((one) => one.name === name);
  if (owner === undefined || owner === 'this') {
    const here = named.filter((one) => one.file === file);
    const inner = here.find((one) => {
      const block = bracketsOf(file).around(one.offset)[0];
      return one.scope === 'function' && block && block.open < offset && offset < block.close;
    });
    if (inner !== undefined) return { kind: 'inner', found: inner };
    const type = classAround(file, offset);
    const member = here.find((one) => one.scope === 'class' && one.owner === type);
    if (type !== undefined && member !== undefined) return byKind(member);
    if (owner === 'this') return undefined;
    const own = here.find(({ scope }) => scope === 'library');
    return own ? { kind: 'function', found: own } : only(named.filter(isOfLibrary));
  }
  const members = named.filter((one) => one.owner === owner);
  if (members.length > 0)
    return members.length === 1 && members[0] ? byKind(members[0]) : undefined;
  // A prefix of an import.
  return new RegExp(`\\bas\\s+${owner.replaceAll('$', '\\$')}\\b`).test(file.code)
    ? only(named.filter(isOfLibrary))
    : undefined;
}

const isOfLibrary = ({ scope }: DartFunction): boolean => scope === 'library';

const only = ([first, second]: readonly DartFunction[]): DartCallback | undefined =>
  first === undefined || second !== undefined ? undefined : { kind: 'function', found: first };

const byKind = (found: DartFunction): DartCallback =>
  found.isStatic ? { kind: 'function', found } : { kind: 'method', found };

function classAround(file: SourceFile, offset: number): string | undefined {
  for (const block of bracketsOf(file).around(offset)) {
    const owner = block.kind === '{' ? ownerOf(file.code, block) : undefined;
    if (owner !== undefined) return owner;
  }
  return undefined;
}
