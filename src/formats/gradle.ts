import { withoutMark } from './text.ts';

/**
 * Reads Gradle files, Groovy and Kotlin alike; nothing here writes one, and nothing is executed. What only running the
 * build would tell is `undefined`.
 */

export interface GradleStatement {
  /** The statements whose blocks it stands in, outermost first. */
  readonly blocks: readonly GradleStatement[];
  /** The dotted word it starts with, without `def`, `val` and the like; `''` for a block without a name. */
  readonly name: string;
  /** What follows the name, up to the end of the statement or to its block. */
  readonly rest: readonly GradleToken[];
  /** 1 for the first line. */
  readonly line: number;
}

export interface GradleToken {
  readonly kind: 'word' | 'number' | 'string' | 'mark' | 'newline';
  /** Of a string: what is between the quotes, escapes undone. */
  readonly text: string;
  /** Whether the string has `$name` or `${…}` inside. */
  readonly isTemplate: boolean;
  readonly line: number;
}

export type GradleValue =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'template'; readonly text: string }
  /** `argument` is the string it is asked for: `rootProject.ext.get("minSdk")`, `safeExtGet('minSdk', 24)`. */
  | { readonly kind: 'reference'; readonly name: string; readonly argument?: string };

export interface AndroidBuild {
  /** Of `android { defaultConfig { … } }`; flavors may have others. */
  readonly applicationId: string | undefined;
  readonly namespace: string | undefined;
}

/** Reads what app/build.gradle or app/build.gradle.kts says in so many words. */
export function readAndroidBuild(text: string): AndroidBuild {
  const statements = readGradle(text);
  const literal = (path: string): string | undefined => {
    const value = findLast(statements, path)?.value;
    return value?.kind === 'literal' ? value.text : undefined;
  };
  return {
    applicationId: literal('android.defaultConfig.applicationId'),
    namespace: literal('android.namespace'),
  };
}

/** The last statement with this path, `.set(…)` or not, and what it sets. */
export function findLast(
  statements: readonly GradleStatement[],
  path: string,
): { readonly value: GradleValue | undefined; readonly line: number } | undefined {
  const found = statements.findLast((one) => pathOf(one).replace(/\.set$/, '') === path);
  return found && { value: valueOf(found.rest), line: found.line };
}

const paths = new WeakMap<GradleStatement, string>();

/** The path of a statement: the names of its blocks, and its own. Kept, since every reader asks for every one. */
export function pathOf(statement: GradleStatement): string {
  const { blocks, name } = statement;
  const path = paths.get(statement) ?? [...blocks.map((block) => block.name), name].join('.');
  paths.set(statement, path);
  return path;
}

/** Reads a build.gradle, settings.gradle or their `.kts` as a list of statements, in the file's order. */
export const readGradle = (text: string): GradleStatement[] => parseGradle(text).statements;

/** @returns the statements, and whether every block of them is closed: a file that is cut, or half merged, leaves one open */
export function parseGradle(text: string): { statements: GradleStatement[]; isClosed: boolean } {
  const tokens = tokenize(withoutMark(text));
  const statements: GradleStatement[] = [];
  const open: GradleStatement[] = [];
  let at = 0;

  const add = (collected: readonly GradleToken[]): GradleStatement | undefined => {
    const statement = toStatement(collected, [...open]);
    if (statement !== undefined) statements.push(statement);
    return statement;
  };

  let collected: GradleToken[] = [];
  let depth = 0;
  for (; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    const { kind, text: mark } = token;
    if (kind === 'newline') {
      if (depth > 0 || isContinued(collected, tokens, at)) continue;
      add(collected);
      collected = [];
    } else if (kind !== 'mark') {
      collected.push(token);
    } else if (mark === '{') {
      // A closure among arguments too: what stands before it names it.
      const block = add(collected);
      if (open.length < DEEPEST) {
        open.push(block ?? { blocks: [...open], name: '', rest: [], line: token.line });
      }
      collected = [];
      depth = 0;
    } else if (mark === '}') {
      add(collected);
      open.pop();
      collected = [];
      depth = 0;
    } else if (mark === ';' && depth === 0) {
      add(collected);
      collected = [];
    } else if (mark === '>' && depth === 0 && isMark(collected.at(-1), '-')) {
      // The parameters of a closure.
      collected = [];
    } else {
      if (mark === '(' || mark === '[') depth += 1;
      if (mark === ')' || mark === ']') depth = Math.max(0, depth - 1);
      collected.push(token);
    }
  }
  add(collected);
  return { statements, isClosed: open.length === 0 };
}

/** Far beyond any real file; ends one that is made to be slow. */
const DEEPEST = 64;

const isMark = (token: GradleToken | undefined, mark: string): boolean =>
  token?.kind === 'mark' && token.text === mark;

function isContinued(
  collected: readonly GradleToken[],
  tokens: readonly GradleToken[],
  newline: number,
): boolean {
  if (collected.length === 0) return true;
  if (['=', ',', '+', '.', '?', ':'].some((mark) => isMark(collected.at(-1), mark))) return true;
  let next = newline;
  while (tokens[next]?.kind === 'newline') next += 1;
  return isMark(tokens[next], '.') || isMark(tokens[next], '?');
}

const DECLARATIONS = new Set(['def', 'val', 'var', 'const', 'final', 'private', 'lateinit']);
const TYPES = new Set(['String', 'int', 'Integer', 'boolean', 'Boolean', 'long', 'Object']);

function toStatement(
  tokens: readonly GradleToken[],
  blocks: readonly GradleStatement[],
): GradleStatement | undefined {
  let at = 0;
  while (
    tokens[at]?.kind === 'word' &&
    tokens[at + 1]?.kind === 'word' &&
    (DECLARATIONS.has(tokens[at]?.text ?? '') || TYPES.has(tokens[at]?.text ?? ''))
  ) {
    at += 1;
  }
  const first = tokens[at];
  // "debugImplementation"("…") is how Kotlin calls a configuration that it has no accessor for.
  if (first === undefined || (first.kind !== 'word' && first.kind !== 'string')) return undefined;
  const [name, end] = dottedName(tokens, at);
  return { blocks, name, rest: tokens.slice(end), line: first.line };
}

/** Reads `a.b?.c` from `at` on; returns it with the index behind it. */
function dottedName(tokens: readonly GradleToken[], at: number): [name: string, end: number] {
  let name = tokens[at]?.text ?? '';
  let end = at + 1;
  for (;;) {
    let next = end;
    if (isMark(tokens[next], '?')) next += 1;
    const word = tokens[next + 1];
    if (!isMark(tokens[next], '.') || word?.kind !== 'word') return [name, end];
    name += `.${word.text}`;
    end = next + 2;
  }
}

/**
 * What a statement sets: `name = value`, `name value`, `name(value)`, `name.set(value)`.
 *
 * @returns undefined for an expression
 */
export function valueOf(rest: readonly GradleToken[]): GradleValue | undefined {
  let tokens = rest.filter(({ kind }) => kind !== 'newline');
  if (isMark(tokens[0], '=')) tokens = tokens.slice(1);
  tokens = withoutConversion(withoutParentheses(tokens));
  const [first] = tokens;
  if (first === undefined) return undefined;
  if (tokens.length === 1 && first.kind === 'number') return { kind: 'literal', text: first.text };
  if (tokens.length === 1 && first.kind === 'string') {
    return { kind: first.isTemplate ? 'template' : 'literal', text: first.text };
  }
  if (first.kind !== 'word') return undefined;
  const [name, end] = dottedName(tokens, 0);
  if (end === tokens.length) return { kind: 'reference', name };
  const opening = tokens[end];
  const argument = tokens[end + 1];
  const isAsked =
    (isMark(opening, '(') || isMark(opening, '[')) &&
    argument?.kind === 'string' &&
    !argument.isTemplate &&
    closingIndex(tokens, end) === tokens.length - 1;
  return isAsked ? { kind: 'reference', name, argument: argument.text } : undefined;
}

function closingIndex(tokens: readonly GradleToken[], opening: number): number {
  let depth = 0;
  for (let at = opening; at < tokens.length; at += 1) {
    if (isMark(tokens[at], '(') || isMark(tokens[at], '[')) depth += 1;
    if (isMark(tokens[at], ')') || isMark(tokens[at], ']')) depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

function withoutParentheses(tokens: GradleToken[]): GradleToken[] {
  let inner = tokens;
  while (isMark(inner[0], '(') && closingIndex(inner, 0) === inner.length - 1) {
    inner = inner.slice(1, -1);
  }
  return inner;
}

/** Takes `.get()`, `.toInteger()`, `as Int` and their like off the end. */
function withoutConversion(tokens: GradleToken[]): GradleToken[] {
  let value = tokens;
  for (;;) {
    const [dot, name, opening, closing] = value.slice(-4);
    const isCall =
      isMark(dot, '.') &&
      ['get', 'toInteger', 'toInt', 'toString', 'asInt'].includes(name?.text ?? '') &&
      isMark(opening, '(') &&
      isMark(closing, ')');
    const isCast = value.length > 2 && value.at(-2)?.text === 'as' && value.at(-1)?.kind === 'word';
    if (isCall) value = value.slice(0, -4);
    else if (isCast) value = value.slice(0, -2);
    else return value;
  }
}

/**
 * Reads a .properties file, as java.util.Properties does
 * (https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/Properties.html#load(java.io.Reader)), but for
 * blanks at the end of a value: they are left out.
 */
export function readProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>();
  const lines = withoutMark(text).split(/\r\n|\r|\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const parts: string[] = [];
    let line = (lines[index] ?? '').trimStart();
    if (line === '' || line.startsWith('#') || line.startsWith('!')) continue;
    while (/(?<!\\)(?:\\\\)*\\$/.test(line) && index + 1 < lines.length) {
      index += 1;
      parts.push(line.slice(0, -1));
      line = (lines[index] ?? '').trimStart();
    }
    line = parts.join('') + line;
    const [head = '', key = ''] =
      /^((?:\\[^]|[^\\=:\s])*)[\t\f ]*(?:[=:][\t\f ]*)?/.exec(line) ?? [];
    properties.set(unescape(key), unescape(line.slice(head.length).trimEnd()));
  }
  return properties;
}

const CONTROL: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

const unescape = (text: string): string =>
  text.replace(/\\(?:u([0-9A-Fa-f]{4})|(.?))/gs, (_match, hex?: string, character?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return CONTROL[character ?? ''] ?? character ?? '';
  });

const TOKEN = new RegExp(
  [
    /(?<newline>\r\n|\r|\n)/,
    /(?<blank>[^\S\r\n]+|\\\r?\n|\/\/[^\r\n]*|\/\*[\s\S]*?(?:\*\/|$))/,
    /(?<long>"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$))/,
    // A string ends with its line, even where its quote is missing.
    /(?<short>"(?:\\.|[^"\\\r\n])*"?|'(?:\\.|[^'\\\r\n])*'?)/,
    /(?<word>`[^`\r\n]*`|[A-Za-z_][\w]*)/,
    /(?<number>\d[\w]*)/,
    /(?<mark>[\s\S])/,
  ]
    .map((part) => part.source)
    .join('|'),
  'g',
);

function tokenize(text: string): GradleToken[] {
  const tokens: GradleToken[] = [];
  let line = 1;
  for (const match of text.matchAll(TOKEN)) {
    const { long, short, word, number, mark, newline } = match.groups ?? {};
    const add = (kind: GradleToken['kind'], value: string, isTemplate = false): void => {
      tokens.push({ kind, text: value, isTemplate, line });
    };
    if (newline !== undefined) add('newline', '');
    else if (long !== undefined) add('string', ...stringOf(long, 3));
    else if (short !== undefined) add('string', ...stringOf(short, 1));
    else if (word !== undefined) add('word', word.replaceAll('`', ''));
    else if (number !== undefined) add('number', number.replace(/[_Ll]/g, ''));
    else if (mark !== undefined) add('mark', mark);
    line += match[0].match(/\r\n|\r|\n/g)?.length ?? 0;
  }
  return tokens;
}

function stringOf(raw: string, quotes: number): [text: string, isTemplate: boolean] {
  const body = raw.slice(quotes, -quotes);
  const isTemplate = raw.startsWith('"') && /(?<!\\)(?:\\\\)*\$/.test(body);
  return [body.replace(/\\(.)/gs, '$1'), isTemplate];
}
