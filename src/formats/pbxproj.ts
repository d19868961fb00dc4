import { lineNumber, withoutMark } from './text.ts';

/** Reads project.pbxproj, an OpenStep property list; nothing here writes one. */

export type PbxprojValue = string | Uint8Array | PbxprojValue[] | PbxprojDict;

export interface PbxprojDict {
  [key: string]: PbxprojValue;
}

export class PbxprojSyntaxError extends Error {
  override readonly name = 'PbxprojSyntaxError';
  /** 1 for the first line. */
  readonly line: number;

  constructor(problem: string, line: number) {
    super(`${problem} (line ${line})`);
    this.line = line;
  }
}

/**
 * Parses a whole project.pbxproj.
 *
 * @throws PbxprojSyntaxError where it is none, conflict markers included
 */
export function parsePbxproj(text: string): PbxprojDict {
  const parser = new Parser(text);
  const value = parser.parseDocument();
  if (isDict(value)) return value;
  throw new PbxprojSyntaxError('the top level is not a dictionary', 1);
}

export const isDict = (value: PbxprojValue | undefined): value is PbxprojDict =>
  typeof value === 'object' && !Array.isArray(value) && !(value instanceof Uint8Array);

/** A dictionary's value; undefined too where the dictionary is. */
export const own = (dict: PbxprojDict | undefined, key: string): PbxprojValue | undefined =>
  dict !== undefined && Object.hasOwn(dict, key) ? dict[key] : undefined;

export const textOf = (value: PbxprojValue | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

export const listOf = (value: PbxprojValue | undefined): readonly PbxprojValue[] =>
  Array.isArray(value) ? value : [];

/** Far beyond any real project, and far below what overflows the stack. */
const DEEPEST = 256;

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const BLANKS = /\s+/y;
const WORD = /[^\s{}()<>=;,"'/]+/y;
const IN_DOUBLE_QUOTES = /[^"\\]+/y;
const IN_SINGLE_QUOTES = /[^'\\]+/y;

/**
 * The grammar is that of CFOldStylePList.c
 * (https://github.com/apple-oss-distributions/CF/blob/main/CFOldStylePList.c); more characters than there are taken
 * for part of an unquoted word, since nothing else can begin with them.
 */
class Parser {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = withoutMark(text);
  }

  parseDocument(): PbxprojValue {
    const value = this.parseValue(0);
    this.skipBlanks();
    if (this.at < this.text.length) throw this.error('something follows the end of the project');
    return value;
  }

  private parseValue(depth: number): PbxprojValue {
    if (depth > DEEPEST) throw this.error('it is nested too deep');
    this.skipBlanks();
    switch (this.text[this.at]) {
      case '{':
        return this.parseDict(depth);
      case '(':
        return this.parseArray(depth);
      case '<':
        return this.parseData();
      default:
        return this.parseString('a value');
    }
  }

  private parseDict(depth: number): PbxprojDict {
    const start = this.at;
    // No prototype: a key may be called __proto__.
    const dict = Object.create(null) as PbxprojDict;
    this.at += 1;
    for (;;) {
      this.skipBlanks();
      if (this.at >= this.text.length) throw this.error('a { is never closed', start);
      if (this.take('}')) return dict;
      const key = this.parseString('a key');
      this.expect('=');
      dict[key] = this.parseValue(depth + 1);
      this.expect(';');
    }
  }

  private parseArray(depth: number): PbxprojValue[] {
    const start = this.at;
    const array: PbxprojValue[] = [];
    this.at += 1;
    for (;;) {
      this.skipBlanks();
      if (this.at >= this.text.length) throw this.error('a ( is never closed', start);
      if (this.take(')')) return array;
      array.push(this.parseValue(depth + 1));
      this.skipBlanks();
      if (!this.take(',') && this.text[this.at] !== ')') throw this.unexpected('a , or a )');
    }
  }

  private parseData(): Uint8Array {
    const match = /<([0-9A-Fa-f\s]*)>/y;
    match.lastIndex = this.at;
    const digits = match.exec(this.text)?.[1]?.replace(/\s/g, '');
    if (digits === undefined || digits.length % 2 !== 0) throw this.unexpected('a value');
    this.at = match.lastIndex;
    return Uint8Array.from(digits.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  }

  private parseString(what: string): string {
    const quote = this.text[this.at];
    if (quote === '"' || quote === "'") return this.parseQuoted(quote);
    const start = this.at;
    this.match(WORD);
    while (this.text[this.at] === '/' && this.text[this.at + 1] !== '*') {
      this.at += 1;
      this.match(WORD);
    }
    if (this.at === start) throw this.unexpected(what);
    return this.text.slice(start, this.at);
  }

  private parseQuoted(quote: string): string {
    const start = this.at;
    let value = '';
    this.at += 1;
    while (this.at < this.text.length) {
      value += this.match(quote === '"' ? IN_DOUBLE_QUOTES : IN_SINGLE_QUOTES);
      if (this.take(quote)) return value;
      if (this.take('\\')) value += this.parseEscape();
    }
    throw this.error('a string is never closed', start);
  }

  private parseEscape(): string {
    const code = /([0-7]{1,3})|U([0-9A-Fa-f]{1,4})/y;
    code.lastIndex = this.at;
    const match = code.exec(this.text);
    if (match !== null) {
      this.at = code.lastIndex;
      const [, octal, hex = ''] = match;
      return String.fromCharCode(
        octal === undefined ? Number.parseInt(hex, 16) : Number.parseInt(octal, 8),
      );
    }
    const character = this.text.charAt(this.at);
    this.at += 1;
    return ESCAPES[character] ?? character;
  }

  private skipBlanks(): void {
    for (;;) {
      this.match(BLANKS);
      if (this.text[this.at] !== '/') return;
      if (this.text.startsWith('//', this.at)) {
        const newline = this.text.indexOf('\n', this.at);
        this.at = newline === -1 ? this.text.length : newline + 1;
      } else if (this.text.startsWith('/*', this.at)) {
        const end = this.text.indexOf('*/', this.at + 2);
        if (end === -1) throw this.error('a comment is never closed');
        this.at = end + 2;
      } else {
        return;
      }
    }
  }

  /** What a sticky pattern finds here, '' for nothing; goes behind it. */
  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private expect(character: string): void {
    this.skipBlanks();
    if (!this.take(character)) throw this.unexpected(`a ${character}`);
  }

  private unexpected(expected: string): PbxprojSyntaxError {
    const found = this.text[this.at];
    return this.error(
      found === undefined
        ? `it ends where ${expected} is due`
        : `${JSON.stringify(found)} where ${expected} is due`,
    );
  }

  private error(problem: string, offset = this.at): PbxprojSyntaxError {
    return new PbxprojSyntaxError(problem, lineNumber(this.text, offset));
  }
}
