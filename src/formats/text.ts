import { applyInsertions } from './edit.ts';
import type { EditResult, Insertion } from './edit.ts';

/** Shared by the editors. Offsets count UTF-16 units; a byte order mark is the text's first character. */

export type LineEnding = '\n' | '\r\n';

export const BYTE_ORDER_MARK = '\uFEFF';

/** What most lines end in; of as many each, what the first one ends in; `\n` for a single line. */
export function lineEnding(text: string): LineEnding {
  const all = text.match(/\r?\n/g) ?? [];
  const windows = all.filter((ending) => ending === '\r\n').length;
  if (windows * 2 === all.length) return all[0] === '\r\n' ? '\r\n' : '\n';
  return windows * 2 > all.length ? '\r\n' : '\n';
}

/** One step of the text's indentation: a tab, or the narrowest run of spaces (two at least) that a line starts with. */
export function indentUnit(text: string, fallback = '  '): string {
  const indents = (text.match(/^(?:\t|  +)(?=[^\s*])/gm) ?? []).filter((indent) => indent !== '');
  if (indents.length === 0) return fallback;
  const tabs = indents.filter((indent) => indent === '\t').length;
  if (tabs * 2 >= indents.length) return '\t';
  const widths = indents.filter((indent) => indent !== '\t').map((indent) => indent.length);
  return ' '.repeat(Math.min(...widths));
}

/** The number of the line of `offset`, from 1. */
export const lineAt = (text: string, offset: number): number =>
  text.slice(0, offset).split('\n').length;

/** Where the line of `offset` starts, behind a byte order mark. */
export function lineStart(text: string, offset: number): number {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  return start === 0 && text.startsWith(BYTE_ORDER_MARK) ? 1 : start;
}

/** Where the line of `offset` ends: at its line ending, or at the end of the text. */
export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  if (newline === -1) return text.length;
  return newline > offset && text[newline - 1] === '\r' ? newline - 1 : newline;
}

/** Where the line after that of `offset` starts, or the end of the text. */
export function nextLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline === -1 ? text.length : newline + 1;
}

/** The blanks that the line of `offset` starts with. */
export function lineIndent(text: string, offset: number): string {
  return /^[\t ]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? '';
}

/** Whether only blanks stand before `offset` in its line. */
export function isFirstOnLine(text: string, offset: number): boolean {
  return /^[\t ]*$/.test(text.slice(lineStart(text, offset), offset));
}

/** 1 for the first line. */
export function lineNumber(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
  }
  return line;
}

/** A changed result: insertions in order of their offset, those at the same one joined. */
export function changed(source: string, insertions: readonly Insertion[]): EditResult {
  const joined: Insertion[] = [];
  for (const insertion of insertions.toSorted((a, b) => a.offset - b.offset)) {
    const last = joined.at(-1);
    if (last?.offset === insertion.offset) {
      joined[joined.length - 1] = { offset: last.offset, text: last.text + insertion.text };
    } else {
      joined.push(insertion);
    }
  }
  return { status: 'changed', text: applyInsertions(source, joined), insertions: joined };
}

/** Runs an edit on the text behind the byte order mark, for formats whose parsers know none. */
export function editBehindMark(source: string, edit: (body: string) => EditResult): EditResult {
  if (!source.startsWith(BYTE_ORDER_MARK)) return edit(source);
  const result = edit(source.slice(1));
  if (result.status !== 'changed') return result;
  return changed(
    source,
    result.insertions.map((one) => ({ ...one, offset: one.offset + 1 })),
  );
}

export const withoutMark = (source: string): string =>
  source.startsWith(BYTE_ORDER_MARK) ? source.slice(1) : source;
