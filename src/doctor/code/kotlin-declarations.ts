import type { DoctorRepo } from '../repo.ts';
import type { SourceFile } from '../source-files.ts';
import { bracketsOf, splitTopLevel } from './brackets.ts';
import type { Brackets, Range } from './brackets.ts';

/** Classes, functions and calls of Kotlin and Java, found on masked code: enough to say what stands where. */

export interface KotlinClass {
  readonly file: SourceFile;
  readonly name: string;
  /** The simple names of what it extends and implements. */
  readonly supertypes: readonly string[];
  /** Of the name. */
  readonly start: number;
  /** Empty where it has no body. */
  readonly body: Range;
}

export interface KotlinFunction {
  readonly file: SourceFile;
  readonly name: string;
  /** Of the name. */
  readonly start: number;
  /** Between the braces, or the expression behind `=`. */
  readonly body: Range;
}

export interface KotlinCall {
  readonly file: SourceFile;
  readonly name: string;
  /** Of the name. */
  readonly start: number;
  /** The closing parenthesis. */
  readonly end: number;
  /** The code between `<` and `>`; '' where there is none. */
  readonly typeArguments: string;
  /** One for each argument. */
  readonly arguments: readonly Range[];
}

/** The app's Kotlin and Java files that have one of these texts, in the order of their paths. */
export async function kotlinAndJava(
  repo: DoctorRepo,
  needles: readonly string[],
): Promise<readonly SourceFile[]> {
  const [kotlin, java] = await Promise.all([
    repo.sourcesContaining('kotlin', needles),
    repo.sourcesContaining('java', needles),
  ]);
  return [...kotlin, ...java].sort((a, b) => (a.path < b.path ? -1 : 1));
}

export const isKotlin = ({ path }: SourceFile): boolean => path.endsWith('.kt');

/** The code of a range, blanks at its ends left out. */
export const codeOf = (file: SourceFile, { start, end }: Range): string =>
  file.code.slice(start, end).trim();

/**
 * What a plain name stands for: the value of the one `val` or local variable of that name in the file.
 *
 * @returns undefined where the range is no plain name, or the file sets the name more than once
 */
export function valueSetOnce(file: SourceFile, range: Range): Range | undefined {
  const name = /^(?:\w+\s*=\s*)?(\w+)$/.exec(codeOf(file, range))?.[1];
  if (name === undefined) return undefined;
  const [only, second] = [
    ...file.code.matchAll(
      new RegExp(`(?<![.\\w])${name}\\s*(?::\\s*[\\w.]+\\s*)?=(?!=)[ \\t]*\\n?[ \\t]*`, 'g'),
    ),
  ];
  if (only === undefined || second !== undefined) return undefined;
  const start = only.index + only[0].length;
  const line = /^[^\n;]*/.exec(file.code.slice(start, start + 300))?.[0] ?? '';
  return { start, end: start + line.trimEnd().length };
}

export const contains = ({ start, end }: Range, offset: number): boolean =>
  start <= offset && offset < end;

const classes = new WeakMap<SourceFile, readonly KotlinClass[]>();
const functions = new WeakMap<SourceFile, readonly KotlinFunction[]>();

/** Classes and named objects, in the file's order. */
export function classesOf(file: SourceFile): readonly KotlinClass[] {
  const known = classes.get(file);
  if (known !== undefined) return known;
  const found: KotlinClass[] = [];
  const aliases = importAliases(file);
  // `object` is a name like any other in Java.
  const declaration = isKotlin(file)
    ? /(?<!::\s{0,9})\b(?:class|object)\s+(\w+)/g
    : /(?<![.\w])class\s+(\w+)/g;
  for (const match of file.code.matchAll(declaration)) {
    const [text, name = ''] = match;
    if (found.length >= MOST_DECLARATIONS) break;
    const header = headerOf(file, match.index + text.length);
    const written = file.code.slice(match.index + text.length, header.end);
    const supertypes = isKotlin(file) ? kotlinSupertypes(written) : javaSupertypes(written);
    found.push({
      file,
      name,
      supertypes: supertypes.map((type) => aliases.get(type) ?? type),
      start: match.index + text.length - name.length,
      body: header.body,
    });
  }
  classes.set(file, found);
  return found;
}

/** The simple names that a file gives other ones: `import androidx.work.CoroutineWorker as Base`, `typealias Base = …`. */
export function importAliases({ code, path }: SourceFile): ReadonlyMap<string, string> {
  if (path.endsWith('.java')) return new Map();
  const alias =
    /^[ \t]*(?:import[ \t]+(?:\w+\.)*(\w+)[ \t]+as[ \t]+(\w+)|(?:(?:private|internal|public)[ \t]+)?typealias[ \t]+(\w+)[ \t]*=[ \t]*(?:\w+\.)*(\w+))[ \t]*$/gm;
  return new Map(
    [...code.matchAll(alias)].map(([, type = '', name = '', short, long]) =>
      short === undefined ? [name, type] : [short, long ?? ''],
    ),
  );
}

const NEXT_DECLARATION =
  /^\s*(?:\}|(?:(?:private|internal|public|protected|open|abstract|sealed|data|inline|override|suspend|const|lateinit|enum|annotation|companion)\s+){0,5}(?:class|fun|val|var|object|interface|typealias|init)\b)/;
const LONGEST_HEADER = 2000;
const LONGEST_EXPRESSION = 20_000;
/** Far beyond any real file; ends one that is made to be slow. */
const MOST_DECLARATIONS = 5000;

/** What stands between a class's name and its body, and the body. */
function headerOf(file: SourceFile, from: number): { end: number; body: Range } {
  const { code } = file;
  const brackets = bracketsOf(file);
  const limit = Math.min(code.length, from + LONGEST_HEADER);
  for (let at = from; at < limit; at += 1) {
    const char = code[at];
    if (char === '{') {
      const end = brackets.at(at)?.close ?? code.length;
      return { end: at, body: { start: at + 1, end } };
    }
    if (char === '(' || char === '[') at = brackets.at(at)?.close ?? limit;
    else if (char === ';' || char === '}' || char === ')') {
      return { end: at, body: { start: at, end: at } };
    } else if (char === '\n') {
      const below = code.slice(at, at + 400);
      if (NEXT_DECLARATION.test(below)) return { end: at, body: { start: at, end: at } };
      at += below.search(/\S|$/) - 1;
    }
  }
  return { end: limit, body: { start: limit, end: limit } };
}

function withoutTypeArguments(text: string): string {
  let plain = text;
  for (let depth = 0; depth < 4 && plain.includes('<'); depth += 1) {
    plain = plain.replace(/<[^<>]*>/g, '');
  }
  return plain;
}

function kotlinSupertypes(header: string): string[] {
  const plain = withoutTypeArguments(header);
  let depth = 0;
  let colon = -1;
  for (let at = 0; at < plain.length && colon === -1; at += 1) {
    const char = plain[at];
    if (char === '(') depth += 1;
    if (char === ')') depth -= 1;
    if (char === ':' && depth === 0) colon = at;
  }
  if (colon === -1) return [];
  const range = { start: colon + 1, end: plain.length };
  return splitTopLevel(plain, range, ',').flatMap(({ start, end }) =>
    simpleName(/^[\s]*([\w.]+)/.exec(plain.slice(start, end))?.[1]),
  );
}

const javaSupertypes = (header: string): string[] =>
  withoutTypeArguments(header)
    .split(/\b(?:extends|implements)\b/)
    .slice(1)
    .flatMap((list) => list.split(','))
    .flatMap((name) => simpleName(name.trim()));

const simpleName = (name: string | undefined): string[] => {
  const last = name?.split('.').at(-1) ?? '';
  return last === '' ? [] : [last];
};

/** Functions with a body, in the file's order. */
export function functionsOf(file: SourceFile): readonly KotlinFunction[] {
  const known = functions.get(file);
  if (known !== undefined) return known;
  const found = isKotlin(file) ? kotlinFunctions(file) : javaFunctions(file);
  functions.set(file, found);
  return found;
}

const FUNCTION_NAME =
  /\s*(?:<[^>\n]{0,200}>\s*)?(?:[\w<>?*][\w<>?, *]{0,99}\.){0,3}(?:`([^`\n]{1,300})`|(\w+))\s*\(/y;

function kotlinFunctions(file: SourceFile): KotlinFunction[] {
  const { code } = file;
  const brackets = bracketsOf(file);
  const found: KotlinFunction[] = [];
  for (const match of code.matchAll(/\bfun\b/g)) {
    if (found.length >= MOST_DECLARATIONS) break;
    FUNCTION_NAME.lastIndex = match.index + 3;
    const named = FUNCTION_NAME.exec(code);
    if (named === null) continue;
    const [text, quoted, plain] = named;
    const name = quoted ?? plain ?? '';
    const open = named.index + text.length - 1;
    const body = bodyBehind(code, brackets, (brackets.at(open)?.close ?? code.length) + 1);
    if (body === undefined) continue;
    found.push({ file, name, start: named.index + text.lastIndexOf(name), body });
  }
  return found;
}

/** The body behind a function's parameters; undefined where it has none. */
function bodyBehind(code: string, brackets: Brackets, from: number): Range | undefined {
  const limit = Math.min(code.length, from + 1000);
  for (let at = from; at < limit; at += 1) {
    const char = code[at];
    if (char === '{') return { start: at + 1, end: brackets.at(at)?.close ?? code.length };
    if (char === '=') return { start: at + 1, end: expressionEnd(code, brackets, at + 1) };
    if (char === '(' || char === '[') at = brackets.at(at)?.close ?? limit;
    else if (char === '}' || char === ';') return undefined;
    else if (char === '\n' && !/^\s*(?:[{=:]|where\b)/.test(code.slice(at, at + 200))) {
      return undefined;
    }
  }
  return undefined;
}

/** Where a Kotlin expression ends: with its line, unless it goes on below. */
export function expressionEnd(code: string, brackets: Brackets, from: number): number {
  let last = '=';
  const limit = Math.min(code.length, from + LONGEST_EXPRESSION);
  for (let at = from; at < limit; at += 1) {
    const char = code.charAt(at);
    if (char === '}' || char === ')' || char === ']' || char === ';') return at;
    if ('{(['.includes(char)) {
      at = brackets.at(at)?.close ?? code.length;
      last = ')';
    } else if (char === '\n') {
      const goesOn = /^\s*(?:\.|\?\.|\?:|&&|\|\||[-+*/]\s|\{|else\b|catch\b|finally\b|as\b)/;
      if (!'=,+-*/<&|:.'.includes(last) && !goesOn.test(code.slice(at, at + 200))) return at;
    } else if (char === '>' && !/[\s-]/.test(code.charAt(at - 1))) {
      // The end of a type: `as List<T>`.
      last = ')';
    } else if (!/\s/.test(char)) last = char === '>' ? '=' : char;
  }
  return limit;
}

const JAVA_KEYWORDS = new Set(['if', 'for', 'while', 'switch', 'catch', 'synchronized', 'try']);

function javaFunctions(file: SourceFile): KotlinFunction[] {
  const { code } = file;
  const brackets = bracketsOf(file);
  const found: KotlinFunction[] = [];
  const opening = /\s*(?:throws\s[\w\s.,]{1,300})?\{/y;
  for (const match of code.matchAll(/\b(\w+)\s*\(/g)) {
    const [text, name = ''] = match;
    if (found.length >= MOST_DECLARATIONS) break;
    if (JAVA_KEYWORDS.has(name)) continue;
    if (/\bnew\s+[\w.]*$/.test(code.slice(Math.max(0, match.index - 80), match.index))) continue;
    const close = brackets.at(match.index + text.length - 1)?.close ?? code.length;
    opening.lastIndex = close + 1;
    const opened = opening.exec(code);
    if (opened === null) continue;
    const brace = opened.index + opened[0].length - 1;
    const end = brackets.at(brace)?.close ?? code.length;
    found.push({ file, name, start: match.index, body: { start: brace + 1, end } });
  }
  return found;
}

/** Declarations, so that the innermost around an offset is found at once. */
class Nesting<T extends { readonly body: Range }> {
  private readonly sorted: { readonly one: T; readonly parent: number }[] = [];

  constructor(all: readonly T[]) {
    const open: number[] = [];
    for (const one of all.toSorted((a, b) => a.body.start - b.body.start)) {
      while (open.length > 0 && !contains(this.bodyAt(open.at(-1) ?? 0), one.body.start))
        open.pop();
      this.sorted.push({ one, parent: open.at(-1) ?? -1 });
      open.push(this.sorted.length - 1);
    }
  }

  around(offset: number): T | undefined {
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.bodyAt(middle).start <= offset) low = middle + 1;
      else high = middle;
    }
    let at = low - 1;
    while (at >= 0 && !contains(this.bodyAt(at), offset)) at = this.sorted[at]?.parent ?? -1;
    return this.sorted[at]?.one;
  }

  private bodyAt(index: number): Range {
    return this.sorted[index]?.one.body ?? { start: 0, end: 0 };
  }
}

const classNesting = new WeakMap<SourceFile, Nesting<KotlinClass>>();
const functionNesting = new WeakMap<SourceFile, Nesting<KotlinFunction>>();
const members = new WeakMap<SourceFile, ReadonlyMap<number, readonly KotlinFunction[]>>();

export function functionAround(file: SourceFile, offset: number): KotlinFunction | undefined {
  const nesting = functionNesting.get(file) ?? new Nesting(functionsOf(file));
  functionNesting.set(file, nesting);
  return nesting.around(offset);
}

export function classAround(file: SourceFile, offset: number): KotlinClass | undefined {
  const nesting = classNesting.get(file) ?? new Nesting(classesOf(file));
  classNesting.set(file, nesting);
  return nesting.around(offset);
}

/** The functions that are members of the class itself, not of one inside. */
export function membersOf({ file, start }: KotlinClass): readonly KotlinFunction[] {
  const known = members.get(file) ?? groupMembers(file);
  members.set(file, known);
  return known.get(start) ?? [];
}

function groupMembers(file: SourceFile): ReadonlyMap<number, readonly KotlinFunction[]> {
  const groups = new Map<number, KotlinFunction[]>();
  for (const one of functionsOf(file)) {
    const owner = classAround(file, one.start);
    if (owner === undefined) continue;
    const group = groups.get(owner.start);
    if (group === undefined) groups.set(owner.start, [one]);
    else group.push(one);
  }
  return groups;
}

/** Of one name in one file: far beyond any real one; ends one that is made to be slow. */
const MOST_CALLS = 200;

/** Calls of a function or a constructor, declarations left out, in the file's order. */
export function callsOf(file: SourceFile, name: string, within?: Range): KotlinCall[] {
  const { code } = file;
  const brackets = bracketsOf(file);
  const found: KotlinCall[] = [];
  const opening = /\s*(?:<([\w\s.,<>?*]{0,200})>\s*)?\(/y;
  const wanted = new RegExp(`\\b${name}\\b`, 'g');
  wanted.lastIndex = within?.start ?? 0;
  for (let match = wanted.exec(code); match !== null; match = wanted.exec(code)) {
    const start = match.index;
    if (within !== undefined && start >= within.end) break;
    opening.lastIndex = start + name.length;
    const opened = opening.exec(code);
    if (opened === null) continue;
    if (found.length >= MOST_CALLS) break;
    if (/\bfun\s+$/.test(code.slice(Math.max(0, start - 20), start))) continue;
    const open = opened.index + opened[0].length - 1;
    const end = brackets.at(open)?.close ?? code.length;
    const parts = splitTopLevel(code, { start: open + 1, end }, ',');
    found.push({
      file,
      name,
      start,
      end,
      typeArguments: opened[1] ?? '',
      arguments: parts.filter((part) => code.slice(part.start, part.end).trim() !== ''),
    });
  }
  return found;
}
