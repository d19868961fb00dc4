import { maskSource } from '../../formats/source.ts';
import type { DoctorRepo } from '../repo.ts';
import type { SourceFile } from '../source-files.ts';
import { functionAround, isSwift, typesAround, typesOf } from './apple-functions.ts';
import type { SwiftType } from './apple-functions.ts';
import { bracketsOf, splitTopLevel } from './brackets.ts';
import { appleSourcesContaining } from './function-index.ts';

/** Stands for the app's own id in what {@link StringReader} returns, as it does in an Info.plist. */
export const BUNDLE_ID = '$(PRODUCT_BUNDLE_IDENTIFIER)';

/** Where an expression stands. */
export interface Place {
  readonly file: SourceFile;
  readonly offset: number;
}

const DEEPEST = 8;
const LONGEST = 500;
const MOST_VALUES = 64;

/**
 * Reads what string expressions of Swift and Objective-C come to: literals, constants, raw values of enums, elements of
 * a loop, arguments of a function, sums, and the bundle's id. What is not known for sure is not returned.
 */
export class StringReader {
  private readonly repo: DoctorRepo;
  private readonly isOpen: boolean;

  /** @param isOpen whether a string of which the start alone is known counts, with a star for the rest */
  constructor(repo: DoctorRepo, isOpen = false) {
    this.repo = repo;
    this.isOpen = isOpen;
  }

  /** @returns every value that the expression may have there; none where that is not known */
  async read(expression: string, place: Place, depth = 0): Promise<readonly string[]> {
    if (depth > DEEPEST || expression.length > LONGEST) return [];
    const text = unwrap(expression);
    if (text === '') return [];
    const { code } = maskSource(text, isSwift(place.file) ? 'swift' : 'objc');
    const whole = { start: 0, end: text.length };

    const [first] = splitTopLevel(code, whole, '??');
    if (first !== undefined && first.end < text.length) {
      return this.read(text.slice(first.start, first.end), place, depth + 1);
    }
    const terms = splitTopLevel(code, whole, '+');
    if (terms.length > 1) {
      return this.join(
        terms.map(({ start, end }) => text.slice(start, end)),
        place,
        depth,
      );
    }
    if (/^@?"[^"]*"$/.test(code)) return this.literal(text, place, depth);
    if (isBundleId(text)) return [BUNDLE_ID];
    const built = callArguments(text, code);
    if (built !== undefined) return this.join(built, place, depth);
    // An implicit member: of the type that is wanted there.
    const member = /^\.(\w+)$/.exec(text)?.[1];
    if (member !== undefined) return this.declared(member, 'String', place, depth);
    return /^[A-Za-z_]\w*(?:\.\w+)*$/.test(text) ? this.named(text, place, depth) : [];
  }

  private async literal(text: string, place: Place, depth: number): Promise<readonly string[]> {
    const content = text.slice(text.indexOf('"') + 1, -1);
    if (!content.includes('\\')) return [content];
    // Only interpolations: what other escapes stand for is no part of an id.
    const parts: string[] = [];
    let at = 0;
    while (at < content.length) {
      const escape = content.indexOf('\\', at);
      const end = escape === -1 ? content.length : escape;
      if (end > at) parts.push(`"${content.slice(at, end)}"`);
      if (escape === -1) break;
      if (content[escape + 1] !== '(') return [];
      const { code } = maskSource(content.slice(escape + 1), 'swift');
      const close = closing(code);
      if (close === undefined) return [];
      parts.push(content.slice(escape + 2, escape + 1 + close));
      at = escape + 2 + close;
    }
    return this.join(parts, place, depth);
  }

  /** All terms in a row, for every value that each may have. */
  private async join(
    terms: readonly string[],
    place: Place,
    depth: number,
  ): Promise<readonly string[]> {
    let joined: string[] = [''];
    for (const term of terms) {
      const values = await this.read(term, place, depth + 1);
      if (this.isOpen && values.length === 0) return joined.filter(Boolean).map((one) => `${one}*`);
      // What follows a part that is not known says nothing.
      if (this.isOpen && joined.some((one) => one.endsWith('*'))) return joined;
      joined = joined.flatMap((head) => values.map((value) => head + value)).slice(0, MOST_VALUES);
    }
    return joined;
  }

  private async named(path: string, place: Place, depth: number): Promise<readonly string[]> {
    const segments = path.split('.').filter((one) => !['self', 'Self', 'rawValue'].includes(one));
    const name = segments.at(-1);
    if (name === undefined) return [];
    const qualifier = segments.at(-2);
    if (qualifier === undefined) {
      const local =
        (await this.element(name, place, depth)) ?? (await this.argument(name, place, depth));
      if (local !== undefined) return local;
    }
    return this.declared(name, qualifier, place, depth);
  }

  /** What a loop puts into a name; undefined where it is no loop's. */
  private async element(
    name: string,
    { file, offset }: Place,
    depth: number,
  ): Promise<readonly string[] | undefined> {
    for (const block of bracketsOf(file).around(offset)) {
      if (block.kind !== '{') continue;
      const before = file.noComments.slice(Math.max(0, block.open - LONGEST), block.open);
      const swift = new RegExp(`\\bfor\\s+(?:let\\s+)?${name}\\s+in\\s+([^{}\\s][^{}]*)$`).exec(
        before,
      )?.[1];
      const objc = new RegExp(
        `\\bfor\\s*\\(\\s*NSString\\s*\\*\\s*${name}\\s+in\\s+([^{}\\s][^{}]*)\\)\\s*$`,
      ).exec(before)?.[1];
      const parameter = new RegExp(`^\\{\\s*(?:\\(\\s*)?${name}\\b[^\\n{}]*\\bin\\b`);
      const inside = file.code.slice(block.open, block.open + LONGEST);
      const each = parameter.test(inside)
        ? /(?<![\w.[\]", ])([\w.[\]", ]+?)\.forEach\s*(?:\(\s*)?$/.exec(before)?.[1]
        : undefined;
      const list = swift ?? objc ?? each;
      if (list !== undefined) return this.elements(list, { file, offset: block.open }, depth + 1);
    }
    return undefined;
  }

  /** The elements of a list of strings, or of an enum's cases. */
  private async elements(list: string, place: Place, depth: number): Promise<readonly string[]> {
    if (depth > DEEPEST || list.length > LONGEST * 4) return [];
    const text = list
      .trim()
      .replace(/\.map\s*(?:\(\s*\\\.rawValue\s*\)|\{\s*\$0\.rawValue\s*\})$/, '');
    const cases = /^(?:\w+\.)*(\w+)\.allCases$/.exec(text)?.[1];
    if (cases !== undefined) return this.allCases(cases, place, depth);
    if (/^@?\[/.test(text) && text.endsWith(']')) {
      const { code } = maskSource(text, isSwift(place.file) ? 'swift' : 'objc');
      const range = { start: text.indexOf('[') + 1, end: text.length - 1 };
      const values = await Promise.all(
        splitTopLevel(code, range, ',').map(({ start, end }) =>
          this.read(text.slice(start, end), place, depth + 1),
        ),
      );
      return values.flat().slice(0, MOST_VALUES);
    }
    if (!/^[A-Za-z_]\w*(?:\.\w+)*$/.test(text)) return [];
    const segments = text.split('.').filter((one) => !['self', 'Self'].includes(one));
    const found = await this.declarations(segments.at(-1) ?? '', segments.at(-2), place);
    const [only] = found;
    return only === undefined || found.length > 1 ? [] : this.elements(only.value, only, depth + 1);
  }

  private async allCases(name: string, place: Place, depth: number): Promise<readonly string[]> {
    const values: string[] = [];
    for (const file of await this.repo.sourcesContaining('swift', [name])) {
      for (const type of typesOf(file)) {
        if (type.kind !== 'enum' || type.name !== name) continue;
        const body = file.code.slice(type.block.open, type.block.close);
        for (const match of body.matchAll(/^[ \t]*case\s+(\S.*)$/gm)) {
          for (const [, one] of (match[1] ?? '').matchAll(/(?:^|,)\s*(\w+)/g)) {
            values.push(...(await this.declared(one ?? '', name, place, depth + 1)));
          }
        }
      }
    }
    return values;
  }

  /** What callers pass for a parameter; undefined where the name is none. */
  private async argument(
    name: string,
    { file, offset }: Place,
    depth: number,
  ): Promise<readonly string[] | undefined> {
    const around = functionAround(file, offset);
    const index = around?.parameters.findIndex((one) => one.name === name) ?? -1;
    const parameter = around?.parameters[index];
    if (around === undefined || parameter === undefined) return undefined;
    const values = new Set<string>();
    for (const caller of await appleSourcesContaining(this.repo, [around.name])) {
      const call = new RegExp(`(?<!func\\s{1,9})\\b${around.name}\\b`, 'g');
      for (const match of caller.code.matchAll(call)) {
        const passed = passedArgument(caller, match.index, around.name, parameter.label, index);
        if (passed === undefined && parameter.fallback === undefined) continue;
        const from =
          passed === undefined
            ? { file, offset: around.offset }
            : { file: caller, offset: match.index };
        const read = await this.read(passed ?? parameter.fallback ?? '', from, depth + 1);
        for (const value of read) values.add(value);
      }
    }
    return [...values];
  }

  private async declared(
    name: string,
    qualifier: string | undefined,
    place: Place,
    depth: number,
  ): Promise<readonly string[]> {
    const found = await this.declarations(name, qualifier, place);
    const values = new Set<string>();
    for (const one of found) {
      const read = await this.read(one.value, one, depth + 1);
      // Of two declarations, the one that cannot be read may be the one that counts.
      if (read.length === 0) return [];
      for (const value of read) values.add(value);
    }
    return values.size === 1 || found.length === 1 ? [...values] : [];
  }

  /** The declarations that a name may mean at a place: the nearest kind of them. */
  private async declarations(
    name: string,
    qualifier: string | undefined,
    place: Place,
  ): Promise<readonly Declaration[]> {
    const files = await appleSourcesContaining(this.repo, [name]);
    const all = files.flatMap((file) => declarationsIn(file, name));
    if (qualifier !== undefined)
      return all.filter(({ types }) => types[0]?.name.split('.').at(-1) === qualifier);
    const scopes = typesAround(place.file, place.offset).map((type) => type.name);
    const here = all.filter(({ file }) => file === place.file);
    const isLocal = ({ file, offset }: Declaration): boolean => {
      const around = functionAround(file, offset);
      return around !== undefined && around === functionAround(place.file, place.offset);
    };
    const nearest = [
      here.filter((one) => isLocal(one) && one.offset < place.offset),
      all.filter(({ types }) => types[0] !== undefined && scopes.includes(types[0].name)),
      all.filter(
        ({ file, offset, types }) =>
          types.length === 0 && functionAround(file, offset) === undefined,
      ),
    ];
    return nearest.find((some) => some.length > 0) ?? [];
  }
}

interface Declaration extends Place {
  /** The expression. */
  readonly value: string;
  readonly types: readonly SwiftType[];
}

function declarationsIn(file: SourceFile, name: string): Declaration[] {
  return isSwift(file) ? swiftDeclarations(file, name) : objcDeclarations(file, name);
}

function swiftDeclarations(file: SourceFile, name: string): Declaration[] {
  const { code } = file;
  const found: Declaration[] = [];
  const add = (offset: number, value: string): void => {
    found.push({ file, offset, value, types: typesAround(file, offset) });
  };
  for (const match of code.matchAll(new RegExp(`\\b(?:let|var)\\s+${name}\\b`, 'g'))) {
    const behind = match.index + match[0].length;
    const type = /^\s*(?::\s*[\w.[\]?!]+\s*)?([={])/.exec(code.slice(behind, behind + LONGEST));
    if (type === null) continue;
    const at = behind + type[0].length;
    if (type[1] === '=') {
      add(match.index, file.text.slice(at, expressionEnd(code, at)));
      continue;
    }
    const block = bracketsOf(file).at(at - 1);
    const body = block && file.noComments.slice(block.open + 1, block.close).trim();
    const value = body
      ?.replace(/^get\s*\{([^]*)\}$/, '$1')
      .trim()
      .replace(/^return\b/, '');
    if (value !== undefined && !value.includes('\n')) add(match.index, value);
  }
  for (const line of code.matchAll(/\bcase\s+[^\n{}]{1,2000}/g)) {
    const inLine = new RegExp(`(?:^case|,)\\s+\\b${name}\\b`).exec(line[0]);
    if (inLine === null) continue;
    const offset = line.index + inLine.index + inLine[0].length - name.length;
    const [type] = typesAround(file, offset);
    if (type?.kind !== 'enum') continue;
    // Not the cases of a switch in a method of the enum.
    if (
      bracketsOf(file)
        .around(offset)
        .find(({ kind }) => kind === '{') !== type.block
    )
      continue;
    const at = offset + name.length;
    const sign = /^\s*=/.exec(code.slice(at, at + LONGEST))?.[0];
    if (sign !== undefined) {
      const start = at + sign.length;
      const end = expressionEnd(code, start);
      const [first] = splitTopLevel(code, { start, end }, ',');
      add(offset, file.text.slice(start, first?.end ?? end));
    } else if (/:\s*String\b/.test(type.header)) {
      add(offset, `"${name}"`);
    }
  }
  return found;
}

function objcDeclarations(file: SourceFile, name: string): Declaration[] {
  const { code } = file;
  const found: Declaration[] = [];
  const constant = new RegExp(`\\bNSString\\b[^;={}\\n]{0,80}\\b${name}\\s*=`, 'g');
  for (const match of code.matchAll(constant)) {
    const start = match.index + match[0].length;
    const end = code.indexOf(';', start);
    if (end !== -1)
      found.push({ file, offset: match.index, value: file.text.slice(start, end), types: [] });
  }
  const macro = new RegExp(`^[ \\t]*#[ \\t]*define[ \\t]+${name}[ \\t]+(\\S.*)$`, 'gm');
  for (const match of file.noComments.matchAll(macro)) {
    found.push({ file, offset: match.index, value: match[1] ?? '', types: [] });
  }
  return found;
}

/** Where an expression of Swift ends: at the end of its line, unless the line goes on. */
function expressionEnd(code: string, start: number): number {
  let depth = 0;
  for (let at = start; at < Math.min(code.length, start + LONGEST * 4); at += 1) {
    const char = code.charAt(at);
    if ('([{'.includes(char)) depth += 1;
    else if (')]}'.includes(char)) {
      depth -= 1;
      if (depth < 0) return at;
    } else if (char === ';' && depth === 0) return at;
    else if (char === '\n' && depth === 0) {
      const isStarted = code.slice(start, at).trim() !== '';
      const goesOn =
        /(?:[+=?:]|\?\?)\s*$/.test(code.slice(Math.max(start, at - 20), at)) ||
        /^\s*(?:\+|\?\?|\.\w)/.test(code.slice(at, at + 80));
      if (isStarted && !goesOn) return at;
    }
  }
  return Math.min(code.length, start + LONGEST * 4);
}

/** Takes off what does not change a string: blanks, brackets around all of it, `as String`, `!`. */
function unwrap(expression: string): string {
  let text = expression.trim();
  for (;;) {
    const { code } = maskSource(text, 'swift');
    const bare =
      code.startsWith('(') && closing(code) === text.length - 1
        ? text.slice(1, -1).trim()
        : text.replace(/(?<!\s)\s+as[!?]?\s+(?:NS)?String$|(?<=[\w)\]])[!?]$/, '').trim();
    if (bare === text) return text;
    text = bare;
  }
}

/** Where the bracket that the code starts with closes. */
function closing(code: string): number | undefined {
  let depth = 0;
  for (let at = 0; at < code.length; at += 1) {
    const char = code.charAt(at);
    if (char === '(' || char === '[') depth += 1;
    if (char === ')' || char === ']') depth -= 1;
    if (depth === 0) return at;
  }
  return undefined;
}

const isBundleId = (text: string): boolean =>
  /^Bundle\.main\.bundleIdentifier$|^NSBundle\.mainBundle\.bundleIdentifier$/.test(text) ||
  /^\[\s*\[NSBundle mainBundle\]\s+bundleIdentifier\s*\]$|^\[NSBundle mainBundle\]\.bundleIdentifier$/.test(
    text,
  );

/** The strings that `[a stringByAppendingString:b]`, `stringWithFormat:` or `String(format:)` puts in a row. */
function callArguments(text: string, code: string): string[] | undefined {
  const appended = /^\[([^]+?)(?<!\s)\s+stringByAppendingString:/.exec(code);
  if (appended !== null && closing(code) === text.length - 1) {
    const [head, receiver = ''] = appended;
    return [text.slice(1, 1 + receiver.length), text.slice(head.length, -1)];
  }
  const format = /^(?:\[\s*NSString\s+stringWithFormat:|String\(\s*format:)/.exec(code)?.[0];
  if (format === undefined) return undefined;
  const range = { start: format.length, end: text.length - 1 };
  const [pattern = '', ...values] = splitTopLevel(code, range, ',').map(({ start, end }) =>
    text.slice(start, end).trim(),
  );
  const content = /^@?"([^"\\]*)"$/.exec(pattern)?.[1];
  const pieces = content?.split('%@');
  if (
    pieces?.length !== values.length + 1 ||
    content?.replaceAll('%@', '').includes('%') === true
  ) {
    return undefined;
  }
  const quoted = pieces.map((piece) => `"${piece}"`);
  return quoted
    .flatMap((piece, index) => [piece, values[index]])
    .filter((one) => one !== undefined);
}

/** The text that a call passes for a parameter. */
function passedArgument(
  file: SourceFile,
  offset: number,
  name: string,
  label: string | undefined,
  index: number,
): string | undefined {
  const { code, text } = file;
  const at = offset + name.length;
  const paren = /^\s*\(/.exec(code.slice(at, at + 20))?.[0];
  const list = paren === undefined ? undefined : bracketsOf(file).at(at + paren.length - 1);
  if (list !== undefined) {
    const args = splitTopLevel(code, { start: list.open + 1, end: list.close }, ',');
    const labelled = args.find(({ start, end }) =>
      label === undefined ? false : new RegExp(`^\\s*${label}\\s*:`).test(code.slice(start, end)),
    );
    const arg = label === undefined || !isSwift(file) ? args[index] : labelled;
    return (
      arg && text.slice(arg.start, arg.end).replace(label === undefined ? '' : /^\s*\w+\s*:/, '')
    );
  }
  // `[self registerTask:kSync with:…]`
  if (label === undefined) return undefined;
  const around = bracketsOf(file).around(offset)[0];
  if (around?.kind !== '[') return undefined;
  const from = code.slice(offset, around.close);
  const part = new RegExp(`\\b${label}\\s*:`).exec(from);
  if (part === null) return undefined;
  const start = offset + part.index + part[0].length;
  const next = /\s\w+\s*:/.exec(code.slice(start, around.close));
  return text.slice(start, next === null ? around.close : start + next.index);
}
