import { lineStart } from '../../formats/text.ts';
import type { SourceFile } from '../source-files.ts';
import { bracketsOf, splitTopLevel } from './brackets.ts';
import type { Block, Range } from './brackets.ts';

export interface Parameter {
  /** What the caller writes; undefined where it writes none. */
  readonly label: string | undefined;
  /** What the body calls it. */
  readonly name: string;
  /** What it is where the caller leaves it out, as it is written; Swift alone. */
  readonly fallback?: string;
}

/** A function of Swift or a method or function of Objective-C that has a body. */
export interface AppleFunction {
  readonly file: SourceFile;
  /** Of a selector its first word; `init` for an initializer. */
  readonly name: string;
  /** From its first word to the body. */
  readonly header: string;
  readonly parameters: readonly Parameter[];
  readonly offset: number;
  readonly body: Range;
  /** The types that it is in, the innermost first; Swift alone. */
  readonly types: readonly SwiftType[];
}

export interface SwiftType {
  readonly kind: string;
  readonly name: string;
  /** With its attributes and what it inherits. */
  readonly header: string;
  readonly block: Block;
}

const LONGEST_HEADER = 2000;

const functions = new WeakMap<SourceFile, readonly AppleFunction[]>();
const types = new WeakMap<SourceFile, readonly SwiftType[]>();

export const isSwift = (file: SourceFile): boolean => file.path.endsWith('.swift');

/** In the order of their bodies. */
export function functionsOf(file: SourceFile): readonly AppleFunction[] {
  const known = functions.get(file);
  if (known !== undefined) return known;
  const found = isSwift(file) ? swiftFunctions(file) : objcFunctions(file);
  functions.set(file, found);
  return found;
}

/** The innermost function that an offset is in. */
export function functionAround(file: SourceFile, offset: number): AppleFunction | undefined {
  return functionsOf(file).findLast(({ body }) => body.start <= offset && offset < body.end);
}

/** The Swift types of a file, in its order. */
export function typesOf(file: SourceFile): readonly SwiftType[] {
  const known = types.get(file);
  if (known !== undefined) return known;
  const found: SwiftType[] = [];
  const brackets = bracketsOf(file);
  const declaration =
    /\b(class|struct|enum|extension|actor|protocol)\s+(?!func\b|var\b|let\b|subscript\b)([A-Za-z_][\w.]*)/g;
  for (let match = declaration.exec(file.code); match; match = declaration.exec(file.code)) {
    const [, kind = '', name = ''] = match;
    const open = file.code.slice(match.index, match.index + LONGEST_HEADER).search(/[{};]/);
    const block = open === -1 ? undefined : brackets.at(match.index + open);
    if (block?.kind !== '{') continue;
    const start = attributesStart(file.code, match.index);
    found.push({ kind, name, header: file.code.slice(start, block.open), block });
  }
  types.set(file, found);
  return found;
}

/** The types that an offset is in, the innermost first. */
export const typesAround = (file: SourceFile, offset: number): SwiftType[] =>
  typesOf(file)
    .filter(({ block }) => block.open < offset && offset < block.close)
    .reverse();

function swiftFunctions(file: SourceFile): AppleFunction[] {
  const { code } = file;
  const brackets = bracketsOf(file);
  const found: AppleFunction[] = [];
  const declaration = /\bfunc\s+`?([A-Za-z_]\w*)`?|\b(init)\s*(?:[?!]\s*)?(?=[<(])/g;
  for (let match = declaration.exec(code); match !== null; match = declaration.exec(code)) {
    const from = match.index + match[0].length;
    // `super.init(…)` and `Type.init(…)` are calls.
    if (match[2] !== undefined && code[match.index - 1] === '.') continue;
    const near = code.slice(from, from + LONGEST_HEADER);
    const paren = near.search(/[({]/);
    const list = paren === -1 ? undefined : brackets.at(from + paren);
    if (list?.kind !== '(') continue;
    const behind = code.slice(list.close + 1, list.close + 1 + LONGEST_HEADER);
    const brace = behind.search(/[{};]/);
    if (brace === -1 || behind[brace] !== '{') continue;
    if (/\b(?:func|var|let|case|init|class|struct)\b/.test(behind.slice(0, brace))) continue;
    const open = list.close + 1 + brace;
    const block = brackets.at(open);
    if (block === undefined) continue;
    const start = attributesStart(code, match.index);
    found.push({
      file,
      name: match[1] ?? 'init',
      header: code.slice(start, open),
      parameters: splitTopLevel(code, { start: list.open + 1, end: list.close }, ',')
        .map(({ start: at, end }) => swiftParameter(code.slice(at, end), file.text.slice(at, end)))
        .filter((parameter) => parameter !== undefined),
      offset: match.index,
      body: { start: open + 1, end: block.close },
      types: typesAround(file, match.index),
    });
  }
  return found;
}

function swiftParameter(text: string, written: string): Parameter | undefined {
  const match = /^\s*(?:@\w+\s+)*(\w+)(?:\s+(\w+))?\s*:/.exec(text);
  const [, first, second] = match ?? [];
  if (first === undefined) return undefined;
  const equals = text.search(/(?<![=!<>])=(?!=)/);
  return {
    label: first === '_' ? undefined : first,
    name: second ?? first,
    ...(equals !== -1 && { fallback: written.slice(equals + 1).trim() }),
  };
}

/** Where the line of a declaration starts, lines of attributes before it included. */
function attributesStart(code: string, offset: number): number {
  let start = lineStart(code, offset);
  while (start > 0) {
    const before = lineStart(code, start - 1);
    if (!/^\s*@\w[\w().,* ]*$/.test(code.slice(before, start).trimEnd())) break;
    start = before;
  }
  // `enum Ids { static func … }` on one line.
  return Math.max(start, code.lastIndexOf('{', offset) + 1, code.lastIndexOf('}', offset) + 1);
}

/** Every outermost block of Objective-C that a header stands before. */
function objcFunctions(file: SourceFile): AppleFunction[] {
  const { code } = file;
  const found: AppleFunction[] = [];
  let behind = 0;
  for (const block of bracketsOf(file).blocks) {
    if (block.kind !== '{' || block.parent !== undefined) continue;
    const from = Math.max(behind, block.open - LONGEST_HEADER);
    behind = block.close + 1;
    const all = code.slice(from, block.open);
    // `- (void)sync;` in front of a body is the header of it all the same.
    const open = all.replace(/;(?=\s*$)/, ' ');
    const header = /[-+]\s*\([^()]*\)[^;{}]*$/.exec(open)?.[0] ?? lastStatement(all);
    const name = objcName(header);
    if (name === undefined) continue;
    found.push({
      file,
      name,
      header,
      parameters: objcParameters(header),
      offset: block.open - header.length,
      body: { start: block.open + 1, end: block.close },
      types: [],
    });
  }
  return found;
}

const lastStatement = (text: string): string =>
  text.slice(Math.max(text.lastIndexOf(';'), text.lastIndexOf('}'), text.lastIndexOf('@end')) + 1);

function objcName(header: string): string | undefined {
  const method = /^[-+]\s*\([^()]*\)\s*(\w+)/.exec(header)?.[1];
  if (method !== undefined) return method;
  const exported = /\bRCT_(?:EXPORT|REMAP)_METHOD\s*\(\s*(\w+)/.exec(header)?.[1];
  return exported ?? /(?<!\w)(\w+)\s*\([^()]*\)\s*$/.exec(header)?.[1];
}

function objcParameters(header: string): Parameter[] {
  return [...header.matchAll(/(?<!\w)(\w+)\s*:\s*\([^()]*(?:\([^()]*\)[^()]*)*\)\s*(\w+)/g)].map(
    ([, label, name]) => ({ label, name: name ?? '' }),
  );
}
