import type { EditResult } from './edit.ts';
import { endOfNestedComment } from './source.ts';
import { changed, editBehindMark, lineEnding, lineNumber, lineStart } from './text.ts';

/** One of the lines that a Dart file begins with. */
export interface DartDirective {
  readonly kind: 'library' | 'import' | 'export' | 'part' | 'part of';
  /** As it is written, without its quotes; undefined for a library, and where it is not a plain text. */
  readonly uri: string | undefined;
  /** Names after `show`; undefined where there is none. */
  readonly show: readonly string[] | undefined;
  readonly hide: readonly string[];
  readonly isDeferred: boolean;
  readonly start: number;
  /** After its semicolon. */
  readonly end: number;
}

export interface DartFile {
  readonly directives: readonly DartDirective[];
  /** Where the first declaration begins, its annotations and comments not counted; the end of the text without one. */
  readonly body: number;
}

/**
 * Reads the directives of a Dart file. By the grammar they come before all else
 * (https://dart.dev/language/libraries), each up to its semicolon.
 *
 * @returns undefined where a text or a comment has no end
 */
export function readDart(source: string): DartFile | undefined {
  const directives: DartDirective[] = [];
  let at = source.startsWith('#!') ? endOfLine(source, 0) : 0;
  for (;;) {
    const start = skipBlank(source, at);
    if (start === undefined) return undefined;
    const afterMetadata = skipMetadata(source, start);
    if (afterMetadata === undefined) return undefined;
    const head = /^(?:library\b|import\b|export\b|part\s+of\b|part\b)/.exec(
      source.slice(afterMetadata, afterMetadata + 200),
    )?.[0];
    if (head === undefined) return { directives, body: start };
    const end = endOfDirective(source, afterMetadata + head.length);
    if (end === undefined) {
      // `import` and its like are names, too, where a declaration may begin: `part() {}`.
      return { directives, body: start };
    }
    const text = source.slice(afterMetadata + head.length, end - 1);
    const names = (word: string): string[] =>
      [...text.matchAll(new RegExp(`\\b${word}\\s+([\\w$]+(?:\\s*,\\s*[\\w$]+)*)`, 'g'))].flatMap(
        ([, list = '']) => list.split(',').map((name) => name.trim()),
      );
    const show = names('show');
    directives.push({
      kind:
        head.startsWith('part') && head !== 'part' ? 'part of' : (head as DartDirective['kind']),
      uri: /^\s*(?:r?'([^'$\\]*)'|r?"([^"$\\]*)")/.exec(text)?.slice(1).find(Boolean),
      show: show.length > 0 ? show : undefined,
      hide: names('hide'),
      isDeferred: /\bdeferred\s+as\b/.test(text),
      start,
      end,
    });
    at = end;
  }
}

export interface DartExport {
  /** As the file would name it: relative, with `/`. */
  readonly uri: string;
  /** The same library in other words: `package:app/background_sync.dart`. */
  readonly sameAs: string;
  readonly name: string;
}

/**
 * Makes sure that a library is part of the program that a Dart file begins: one line that exports a name of it, below the
 * last import or export. An export is never unused. One that imports or exports the library already has it.
 */
export function ensureDartExport(source: string, { uri, sameAs, name }: DartExport): EditResult {
  return editBehindMark(source, (body) => {
    const line = `export '${uri}' show ${name};`;
    const manual = (reason: string): EditResult => ({ status: 'manual', reason, snippet: line });
    const file = readDart(body);
    if (file === undefined) return manual('a text or a comment in it has no end');
    const { directives } = file;
    if (directives.some(({ kind }) => kind === 'part of')) {
      return manual('it is a part of another library');
    }
    const isIt = (one: DartDirective): boolean =>
      (one.kind === 'import' || one.kind === 'export') &&
      (one.uri === uri || one.uri === `./${uri}` || one.uri === sameAs);
    const own = directives.filter(isIt);
    if (own.some(({ isDeferred }) => !isDeferred)) return { status: 'already' };
    const ending = lineEnding(body);
    const last = directives.findLast(({ kind }) => kind === 'import' || kind === 'export');
    if (last !== undefined) {
      return changed(body, [{ offset: last.end, text: ending + line }]);
    }
    const library = directives.findLast(({ kind }) => kind === 'library');
    if (library !== undefined) {
      return changed(body, [{ offset: library.end, text: ending + ending + line }]);
    }
    const first = directives[0]?.start ?? file.body;
    const offset = aboveComments(body, first);
    if (/^[\t ]*\/\/\s*@dart\b/m.test(body.slice(offset, first))) {
      return manual(
        `line ${lineNumber(body, offset)} names a version of Dart, which must come first`,
      );
    }
    return changed(body, [{ offset, text: line + ending + ending }]);
  });
}

const endOfLine = (source: string, from: number): number => {
  const end = source.indexOf('\n', from);
  return end === -1 ? source.length : end + 1;
};

/** Past blanks and comments; Dart's block comments nest. */
function skipBlank(source: string, from: number): number | undefined {
  let at = from;
  for (;;) {
    const blanks = /^\s+/.exec(source.slice(at, at + 4096))?.[0].length ?? 0;
    at += blanks;
    if (blanks > 0) continue;
    if (source.startsWith('//', at)) at = endOfLine(source, at);
    else if (source.startsWith('/*', at)) {
      const end = endOfNestedComment(source, at);
      if (end === undefined) return undefined;
      at = end;
    } else return at;
  }
}

/** Past annotations, with their arguments. */
function skipMetadata(source: string, from: number): number | undefined {
  let at: number | undefined = from;
  while (at !== undefined && source[at] === '@') {
    const name = /^@\s*[\w$]+(?:\s*\.\s*[\w$]+)*/.exec(source.slice(at, at + 1000))?.[0];
    if (name === undefined) return at;
    const after = skipBlank(source, at + name.length);
    if (after === undefined) return undefined;
    at = source[after] === '(' ? endOfBrackets(source, after) : after;
    at = at === undefined ? undefined : skipBlank(source, at);
  }
  return at;
}

/** Past a bracket that is open at `from`. */
function endOfBrackets(source: string, from: number): number | undefined {
  let depth = 0;
  for (let at: number | undefined = from; at !== undefined && at < source.length;) {
    const char = source[at];
    if (char === '"' || char === "'") at = endOfText(source, at);
    else if (source.startsWith('//', at)) at = endOfLine(source, at);
    else if (source.startsWith('/*', at)) at = endOfNestedComment(source, at);
    else {
      if (char === '(' || char === '[' || char === '{') depth += 1;
      else if (char === ')' || char === ']' || char === '}') depth -= 1;
      at += 1;
      if (depth === 0) return at;
    }
  }
  return undefined;
}

/** After the semicolon of a directive; undefined where something comes first that none has. */
function endOfDirective(source: string, from: number): number | undefined {
  for (let at: number | undefined = from; at !== undefined && at < source.length;) {
    const char = source[at] ?? '';
    if (char === ';') return at + 1;
    if (char === '"' || char === "'") at = endOfText(source, at);
    else if (source.startsWith('//', at)) at = endOfLine(source, at);
    else if (source.startsWith('/*', at)) at = endOfNestedComment(source, at);
    // Of conditional imports: `if (dart.library.io == 'true')`.
    else if (char === '(') at = endOfBrackets(source, at);
    else if (/[\s\w$.,=]/.test(char)) at += 1;
    else return undefined;
  }
  return undefined;
}

/** Past a text; one with an interpolation is none that a directive has. */
function endOfText(source: string, from: number): number | undefined {
  const quote = source[from] ?? '';
  const isRaw = source[from - 1] === 'r';
  const triple = quote.repeat(3);
  const mark = source.startsWith(triple, from) ? triple : quote;
  for (let at = from + mark.length; at < source.length; at += 1) {
    if (source.startsWith(mark, at)) return at + mark.length;
    if (mark === quote && source[at] === '\n') return undefined;
    if (source[at] === '\\' && !isRaw) at += 1;
  }
  return undefined;
}

/** Where the comments begin that stand right above an offset, with no empty line between. */
function aboveComments(source: string, offset: number): number {
  let start = lineStart(source, offset);
  if (source.slice(start, offset).trim() !== '') return offset;
  while (start > 0) {
    const above = lineStart(source, start - 1);
    const line = source.slice(above, start).trim();
    if (line.startsWith('//')) start = above;
    else if (line.endsWith('*/')) start = lineStart(source, source.lastIndexOf('/*', start));
    else break;
  }
  return start;
}
