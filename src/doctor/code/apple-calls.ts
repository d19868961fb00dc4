import { posix } from 'node:path';
import type { SourceFile } from '../source-files.ts';
import { functionAround, isSwift, typesAround } from './apple-functions.ts';
import type { AppleFunction } from './apple-functions.ts';
import { bracketsOf, splitTopLevel } from './brackets.ts';
import type { Block, Range } from './brackets.ts';
import type { FunctionIndex } from './function-index.ts';

/** A call of a function of the app that is known to be the one. */
export interface AppleCall {
  readonly one: AppleFunction;
  /** Of the callee's name. */
  readonly offset: number;
}

/** As far back as a receiver, or the head of a closure, is looked for. */
const NEAR = 300;

/** The only function of the app that a call by this name may mean, as its receiver shows; undefined where that is not known. */
export function calledFunction(
  functions: FunctionIndex,
  file: SourceFile,
  name: string,
  offset: number,
): AppleFunction | undefined {
  const [one, other] = functions.named(name);
  if (one === undefined || other !== undefined) return undefined;
  if (isSwift(one.file) !== isSwift(file)) return undefined;
  return mayReceive(file, offset, one) ? one : undefined;
}

function mayReceive(file: SourceFile, offset: number, one: AppleFunction): boolean {
  const before = file.code.slice(Math.max(0, offset - NEAR), offset);
  const owner = ownerOf(one);
  if (!isSwift(file)) {
    const message = /\[\s{0,20}(?:(\w+)|\[\s{0,20}(\w+)\s[^[\]]{0,100}\])\s{1,20}$/.exec(before);
    if (message === null) return !/^[-+]/.test(one.header.trim());
    const receiver = message[1] ?? message[2] ?? '';
    if (receiver === 'self') return one.file === file;
    return isNamedAfter(file, receiver, owner);
  }
  const chain = receiverBefore(before);
  const parts = chain.replace(/\([^()]*\)|[?!]/g, '').split('.');
  const [root = '', next] = parts;
  const isOwn = root === '' || root === 'self' || root === 'Self';
  if (isOwn && next === undefined) {
    return (
      one.types.length === 0 ||
      typesAround(file, offset).some((type) => type.name === owner || type.header.includes(owner))
    );
  }
  const last = isOwn ? next : root;
  if (last === undefined || one.types.length === 0) return false;
  if (/^[A-Z]/.test(last)) return last === owner;
  return parts.length <= (isOwn ? 2 : 1) && isNamedAfter(file, last, owner);
}

/** `SyncManager.shared` in front of `.sync()`, from its first name on; '' where there is none. */
function receiverBefore(before: string): string {
  let at = before.trimEnd().length;
  if (before[at - 1] !== '.') return '';
  const end = at - 1;
  for (let depth = 0; at > 0; at -= 1) {
    const char = before.charAt(at - 1);
    if (char === ')') depth += 1;
    else if (char === '(') depth -= 1;
    if (depth < 0 || (depth === 0 && !/[\w.?!(]/.test(char))) break;
  }
  return before.slice(at, end);
}

/** The type that a function is a method of; of Objective-C by its file. */
const ownerOf = ({ file, types: [type] }: AppleFunction): string =>
  type?.name.split('.').at(-1) ?? posix.parse(file.path).name.split('+')[0] ?? '';

/** Whether a type, a variable or a property of this name is one of a type: `Sync`, `let sync = Sync()`, `syncManager`. */
function isNamedAfter(file: SourceFile, name: string, owner: string): boolean {
  const bare = name.replace(/^_/, '');
  if (bare === owner || bare === owner.charAt(0).toLowerCase() + owner.slice(1)) return true;
  const declared = new RegExp(
    `\\b(?:let|var)\\s+${bare}\\s*(?::\\s*(\\w+)|=\\s*(?:try[?!]?\\s+)?(\\w+)\\s*[(.])|\\b(\\w+)\\s*\\*\\s*_?${bare}\\s*[;=]`,
  ).exec(file.code);
  return declared !== null && (declared[1] ?? declared[2] ?? declared[3]) === owner;
}

/** A parameter of a function of the app that is called with a closure, or another name for one. */
export interface HandedClosure extends AppleCall {
  readonly parameter: string;
}

/** The parameter that a closure is handed to where it is written. */
export function closureTarget(
  functions: FunctionIndex,
  file: SourceFile,
  { open }: Block,
): HandedClosure | undefined {
  const { code } = file;
  const before = code.slice(Math.max(0, open - NEAR), open);
  if (!isSwift(file)) {
    const label = /(?<!\w)(\w+)\s*:\s*\^[^{}:;]{0,200}$/.exec(before);
    return label === null
      ? undefined
      : messageTarget(functions, file, open - before.length + label.index, label[1] ?? '');
  }
  const labelled = /(?<!\w)(\w+)\s*:\s*$/.exec(before);
  if (labelled !== null) {
    const [list] = bracketsOf(file).around(open - before.length + labelled.index);
    return list?.kind === '(' ? swiftTarget(functions, file, list.open, labelled[1]) : undefined;
  }
  const at = open - before.length + before.trimEnd().length;
  if (code[at - 1] === ')') {
    const list = bracketsOf(file).blocks.find(
      ({ kind, close }) => kind === '(' && close === at - 1,
    );
    return list && swiftTarget(functions, file, list.open, undefined);
  }
  return swiftTarget(functions, file, at, undefined);
}

/** The parameter that a name is handed to: `send(items, completion: completion)`. */
export function nameTarget(
  functions: FunctionIndex,
  file: SourceFile,
  offset: number,
): HandedClosure | undefined {
  const before = file.code.slice(Math.max(0, offset - NEAR), offset);
  const label = /(?<!\w)(\w+)\s*:\s*$/.exec(before);
  if (!isSwift(file)) {
    return label === null
      ? undefined
      : messageTarget(functions, file, offset - before.length + label.index, label[1] ?? '');
  }
  const [list] = bracketsOf(file).around(offset);
  if (list?.kind !== '(') return undefined;
  return swiftTarget(functions, file, list.open, label?.[1]);
}

/** @param end behind the callee's name, where its arguments begin */
function swiftTarget(
  functions: FunctionIndex,
  file: SourceFile,
  end: number,
  label: string | undefined,
): HandedClosure | undefined {
  const callee = /(?<!\w)(\w+)\s*$/.exec(file.code.slice(Math.max(0, end - NEAR), end));
  const name = callee?.[1];
  if (callee === null || name === undefined) return undefined;
  const offset = end - callee[0].length;
  const one = calledFunction(functions, file, name, offset);
  const parameter = one?.parameters.findLast((each) => label === undefined || each.label === label);
  if (one === undefined || parameter === undefined || !takesClosure(one, parameter.name)) {
    return undefined;
  }
  return { one, offset, parameter: parameter.name };
}

/** `[sender send:items completion:^{ … }]` */
function messageTarget(
  functions: FunctionIndex,
  file: SourceFile,
  offset: number,
  label: string,
): HandedClosure | undefined {
  const message = bracketsOf(file)
    .around(offset)
    .find(({ kind }) => kind === '[');
  if (message === undefined) return undefined;
  const inside = file.code.slice(message.open, message.close);
  const head = /^\[\s*(?:\w+|\[[^[\]]*\])\s+(\w+)\s*:/.exec(inside);
  const name = head?.[1];
  if (head === null || name === undefined) return undefined;
  const start = message.open + head[0].lastIndexOf(name);
  const one = calledFunction(functions, file, name, start);
  const parameter = one?.parameters.find((each) => each.label === label);
  if (one === undefined || parameter === undefined || !takesClosure(one, parameter.name)) {
    return undefined;
  }
  return { one, offset: start, parameter: parameter.name };
}

/** Whether a parameter is a closure, by its type. */
function takesClosure({ file, header }: AppleFunction, name: string): boolean {
  if (!isSwift(file)) return /\(\s*(?:\^|\w*(?:Block|Handler|Completion|Callback))/.test(header);
  const type = new RegExp(`\\b${name}\\s*:\\s*([^,]*)`).exec(header)?.[1] ?? '';
  return /->|@escaping|(?:Completion|Handler|Callback|Closure)\b/.test(type);
}

/** In one body: far beyond any real one. */
const MOST_CALLS = 100;

/** A call that is a statement of its own: nothing is done with what it gives. */
const STATEMENT =
  /(?<=^|[;{}\n])[ \t]*(?:_\s*=\s*)?(?:try[?!]?\s+)?(?:[A-Za-z_]\w*(?:\([^(){}\n]{0,80}\))?[?!]?\.){0,4}([A-Za-z_]\w*)\s?\(|(?<=^|[;{}\n])[ \t]*\[\s?(?:\w+|\[\s?\w+\s[\w: ]{1,80}\])\s(\w+)\s?[:\]]/g;

/** Calls of the app's own functions that are statements, and are handed no closure: nobody hears of their end. */
export function plainCalls(
  functions: FunctionIndex,
  file: SourceFile,
  { start, end }: Range,
): (AppleCall & { readonly end: number })[] {
  const { code } = file;
  const found: (AppleCall & { readonly end: number })[] = [];
  const text = code.slice(start, end);
  for (const match of text.matchAll(STATEMENT)) {
    if (found.length >= MOST_CALLS) break;
    const name = match[1] ?? match[2] ?? '';
    const offset = start + match.index + match[0].lastIndexOf(name);
    const brackets = bracketsOf(file);
    const list =
      match[1] === undefined
        ? brackets.around(offset).find(({ kind }) => kind === '[')
        : brackets.at(start + match.index + match[0].length - 1);
    if (list === undefined || list.close > end) continue;
    if (/[{^]/.test(code.slice(list.open, list.close))) continue;
    if (/^\s*(?:\{|[?!]?\.)/.test(code.slice(list.close + 1, list.close + 40))) continue;
    const one = calledFunction(functions, file, name, offset);
    if (one === undefined || one === functionAround(file, offset)) continue;
    // A closure by its name.
    const closures = one.parameters.filter((each) => takesClosure(one, each.name));
    const given = splitTopLevel(code, { start: list.open + 1, end: list.close }, ',').map(
      (part) => /^\s*(\w+)\s*:/.exec(code.slice(part.start, part.end))?.[1],
    );
    if (closures.some(({ label }) => label === undefined || given.includes(label))) continue;
    found.push({ one, offset, end: list.close + 1 });
  }
  return found;
}
