/** Tells code from comments and strings, so that a search by text does not find what is only said. */

export type SourceLanguage = 'swift' | 'objc' | 'kotlin' | 'java' | 'javascript' | 'dart';

export interface StringLiteral {
  /** Of the first character behind the opening quote. */
  readonly offset: number;
  /** As it is written: escapes and interpolations stay as they are. */
  readonly text: string;
}

export interface MaskedSource {
  /**
   * The text with comments and what is inside string literals as spaces. Quotes, line breaks and every offset stay.
   */
  readonly code: string;
  /** The text with comments alone as spaces. */
  readonly noComments: string;
  /** In the file's order; a literal inside an interpolation belongs to the one around it. */
  readonly strings: readonly StringLiteral[];
}

interface Syntax {
  readonly nestsComments: boolean;
  /** Longest first: the first that matches opens a string. */
  readonly quotes: readonly Quote[];
  /** Swift: `#"…"#`, whose escapes are `\#`. */
  readonly hasHashes: boolean;
}

interface Quote {
  readonly mark: string;
  /** What stands before the opening mark, and makes it another kind of string: Dart's `r'…'`. */
  readonly prefix?: string;
  readonly isMultiline: boolean;
  readonly hasEscapes: boolean;
  /** What opens and closes an interpolation, behind the escape character where there is one. */
  readonly interpolation?: { readonly open: string; readonly brackets: '()' | '{}' };
}

const single = (mark: string, interpolation?: Quote['interpolation']): Quote => ({
  mark,
  isMultiline: false,
  hasEscapes: true,
  ...(interpolation && { interpolation }),
});
const multi = (
  mark: string,
  hasEscapes: boolean,
  interpolation?: Quote['interpolation'],
): Quote => ({
  ...single(mark, interpolation),
  isMultiline: true,
  hasEscapes,
});

const raw = (quote: Quote): Quote => ({
  mark: quote.mark,
  isMultiline: quote.isMultiline,
  hasEscapes: false,
  prefix: 'r',
});

const SWIFT = { open: '(', brackets: '()' } as const;
const DOLLAR = { open: '${', brackets: '{}' } as const;

/** https://dart.dev/language/built-in-types#strings */
const DART = [
  multi("'''", true, DOLLAR),
  multi('"""', true, DOLLAR),
  single("'", DOLLAR),
  single('"', DOLLAR),
];

const SYNTAX: Readonly<Record<SourceLanguage, Syntax>> = {
  swift: {
    nestsComments: true,
    hasHashes: true,
    quotes: [multi('"""', true, SWIFT), single('"', SWIFT)],
  },
  kotlin: {
    nestsComments: true,
    hasHashes: false,
    quotes: [multi('"""', false, DOLLAR), single('"', DOLLAR), single("'")],
  },
  java: {
    nestsComments: false,
    hasHashes: false,
    quotes: [multi('"""', true), single('"'), single("'")],
  },
  objc: { nestsComments: false, hasHashes: false, quotes: [single('"'), single("'")] },
  javascript: {
    nestsComments: false,
    hasHashes: false,
    quotes: [multi('`', true, DOLLAR), single('"'), single("'")],
  },
  dart: { nestsComments: true, hasHashes: false, quotes: [...DART.map(raw), ...DART] },
};

interface Span {
  readonly start: number;
  readonly end: number;
}

/** An open string, or the code inside one of its interpolations. */
type Frame =
  | { readonly kind: 'string'; readonly quote: Quote; readonly hashes: string }
  | { readonly kind: 'interpolation'; readonly brackets: '()' | '{}'; depth: number };

/**
 * Masks a source file in one pass. Never throws: a comment or a multi-line string that nothing ends goes to the end of
 * the text, any other string to the end of its line.
 *
 * JavaScript is told apart by its marks alone: text between JSX tags counts as code, so an apostrophe there hides the
 * rest of its line. Search with it; decide by parsing ({@link file://./javascript.ts}).
 */
export function maskSource(text: string, language: SourceLanguage): MaskedSource {
  const { comments, contents } = new Scanner(text, SYNTAX[language], language).scan();
  const noComments = blank(text, comments);
  return {
    noComments,
    code: blank(noComments, contents),
    strings: contents.map(({ start, end }) => ({ offset: start, text: text.slice(start, end) })),
  };
}

/** @param spans in order, none inside another */
function blank(text: string, spans: readonly Span[]): string {
  let at = 0;
  const parts: string[] = [];
  for (const { start, end } of spans) {
    parts.push(text.slice(at, start), text.slice(start, end).replace(/[^\r\n]/g, ' '));
    at = end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

/** All that may mean something in some language; what lies between is skipped at once. */
const MARKS = /[/`"'#]/g;
/** With the `r` of raw strings. */
const MARKS_OF_DART = /[/`"'#r]/g;
const MARKS_AND_BRACKETS = /[/`"'#r(){}]/g;
const MARKS_IN_STRINGS = /["'`\\$\n\r]/g;

/** @returns where the first of the characters is, from there on; the text's length where there is none */
function indexOfAny(text: string, characters: RegExp, from: number): number {
  characters.lastIndex = from;
  return characters.test(text) ? characters.lastIndex - 1 : text.length;
}

/** A slash behind one of these starts a regular expression; behind anything else it divides. */
const BEFORE_REGEX =
  /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|await|yield))$/;
/** Longer than any that is written by hand; keeps a hostile line from being searched again and again. */
const LONGEST_REGEX = 1000;

class Scanner {
  private readonly comments: Span[] = [];
  private readonly contents: Span[] = [];
  private readonly frames: Frame[] = [];
  private readonly text: string;
  private readonly syntax: Syntax;
  private readonly language: SourceLanguage;
  private at = 0;
  /** Where the outermost open string's content starts. */
  private contentStart = 0;
  /** The end of the last code before `at`, blanks left out. */
  private codeEnd = 0;

  constructor(text: string, syntax: Syntax, language: SourceLanguage) {
    this.text = text;
    this.syntax = syntax;
    this.language = language;
  }

  scan(): { comments: readonly Span[]; contents: readonly Span[] } {
    while (this.at < this.text.length) {
      const frame = this.frames.at(-1);
      if (frame?.kind === 'string') this.scanString(frame.quote, frame.hashes);
      else this.scanCode(frame);
    }
    if (this.frames.length > 0) this.contents.push({ start: this.contentStart, end: this.at });
    return { comments: this.comments, contents: this.contents };
  }

  private scanCode(frame: Extract<Frame, { kind: 'interpolation' }> | undefined): void {
    const { text } = this;
    const marks = this.language === 'dart' ? MARKS_OF_DART : MARKS;
    this.skipTo(frame === undefined ? marks : MARKS_AND_BRACKETS);
    if (this.at === text.length) return;
    const start = this.at;
    const char = text[start] ?? '';
    if (char === '/' && text[start + 1] === '/')
      return this.endComment(start, lineEnd(text, start));
    if (char === '/' && text[start + 1] === '*')
      return this.endComment(start, this.blockEnd(start));
    if (char === '/' && this.language === 'javascript' && this.skipRegex()) return;
    if (char === '`' && this.skipQuotedName()) return;
    if (this.openString()) return;
    if (frame !== undefined) {
      if (char === frame.brackets[0]) frame.depth += 1;
      if (char === frame.brackets[1]) {
        frame.depth -= 1;
        if (frame.depth === 0) this.frames.pop();
      }
    }
    this.at += 1;
    if (!isBlank(char)) this.codeEnd = this.at;
  }

  /** Goes on to the next character that may mean something, or to the end. */
  private skipTo(marks: RegExp): void {
    const { text, at } = this;
    this.at = indexOfAny(text, marks, at);
    let end = this.at;
    while (end > at && isBlank(text.charAt(end - 1))) end -= 1;
    if (end > at) this.codeEnd = end;
  }

  private endComment(start: number, end: number): void {
    if (this.frames.length === 0) this.comments.push({ start, end });
    this.at = end;
  }

  private blockEnd(start: number): number {
    const { text } = this;
    if (!this.syntax.nestsComments) {
      const end = text.indexOf('*/', start + 2);
      return end === -1 ? text.length : end + 2;
    }
    return endOfNestedComment(text, start) ?? text.length;
  }

  /** Kotlin and Swift: a name in backticks may hold an apostrophe, which opens nothing. */
  private skipQuotedName(): boolean {
    if (this.language !== 'kotlin' && this.language !== 'swift') return false;
    const close = this.text.indexOf('`', this.at + 1);
    if (close === -1 || close > lineEnd(this.text, this.at)) return false;
    this.at = close + 1;
    this.codeEnd = this.at;
    return true;
  }

  private skipRegex(): boolean {
    const before = this.text.slice(Math.max(0, this.codeEnd - 12), this.codeEnd);
    if (!BEFORE_REGEX.test(before)) return false;
    const end = regexEnd(this.text, this.at);
    if (end === undefined) return false;
    this.at = end;
    this.codeEnd = end;
    return true;
  }

  private openString(): boolean {
    const { text } = this;
    let quoteAt = this.at;
    if (this.syntax.hasHashes) while (text[quoteAt] === '#') quoteAt += 1;
    const quote = this.syntax.quotes.find(
      ({ mark, prefix = '' }) =>
        text.startsWith(prefix + mark, quoteAt) &&
        (prefix === '' || !/[\w$]/.test(text.charAt(quoteAt - 1))),
    );
    if (quote === undefined) {
      if (quoteAt === this.at) return false;
      this.at = quoteAt;
      this.codeEnd = quoteAt;
      return true;
    }
    const hashes = text.slice(this.at, quoteAt);
    this.at = quoteAt + (quote.prefix?.length ?? 0) + quote.mark.length;
    if (this.frames.length === 0) this.contentStart = this.at;
    this.frames.push({ kind: 'string', quote, hashes });
    return true;
  }

  private scanString(quote: Quote, hashes: string): void {
    const { text } = this;
    this.at = indexOfAny(text, MARKS_IN_STRINGS, this.at);
    if (this.at === text.length) return;
    const char = text[this.at] ?? '';
    if (!quote.isMultiline && (char === '\n' || char === '\r')) return this.closeString(this.at, 0);
    if (
      text.startsWith(quote.mark, this.at) &&
      text.startsWith(hashes, this.at + quote.mark.length)
    ) {
      return this.closeString(this.at, quote.mark.length + hashes.length);
    }
    const { interpolation } = quote;
    const isEscape = char === '\\' && quote.hasEscapes && text.startsWith(hashes, this.at + 1);
    // Swift interpolates behind its escape character, the others by a mark of their own.
    const opensAt = this.language === 'swift' ? this.at + 1 + hashes.length : this.at;
    if (
      interpolation !== undefined &&
      (isEscape || this.language !== 'swift') &&
      text.startsWith(interpolation.open, opensAt)
    ) {
      this.at = opensAt + interpolation.open.length;
      this.frames.push({ kind: 'interpolation', brackets: interpolation.brackets, depth: 1 });
      return;
    }
    this.at += isEscape ? Math.min(2 + hashes.length, text.length - this.at) : 1;
  }

  private closeString(end: number, width: number): void {
    this.frames.pop();
    if (this.frames.length === 0) this.contents.push({ start: this.contentStart, end });
    this.at = end + width;
    this.codeEnd = this.at;
  }
}

/** Where the regular expression that may start here ends; undefined where none does. */
function regexEnd(text: string, start: number): number | undefined {
  let isInClass = false;
  for (let at = start + 1; at < Math.min(text.length, start + LONGEST_REGEX); at += 1) {
    const char = text[at];
    if (char === '\n' || char === '\r') return undefined;
    if (char === '\\') at += 1;
    else if (char === '[') isInClass = true;
    else if (char === ']') isInClass = false;
    else if (char === '/' && !isInClass) return at + 1;
  }
  return undefined;
}

const isBlank = (char: string): boolean =>
  char === ' ' || char === '\t' || char === '\n' || char === '\r';

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end;
}

/**
 * Where a comment ends that may hold others, as those of Kotlin, Swift and Dart may.
 *
 * @param from its `/*`
 * @returns the offset behind it; undefined where it never ends
 */
export function endOfNestedComment(text: string, from: number): number | undefined {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = from;
  let depth = 0;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return undefined;
}
