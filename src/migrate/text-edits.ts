import { isFirstOnLine, lineEnd, lineStart, nextLine } from '../formats/text.ts';
import { ABOUT_THE_FILE } from '../formats/javascript.ts';
import type { Module } from '../formats/javascript.ts';

/** Text that takes the place of a range of a file. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Makes edits of one text; one that lies in another is part of that, and is not made. Where whole lines go, one of two blank
 * lines that would meet goes with them.
 */
export function applyEdits(source: string, edits: readonly TextEdit[]): string {
  let result = '';
  let from = 0;
  for (const { start, end, text } of joined(source, edits)) {
    result += source.slice(from, start) + text;
    from = end;
  }
  return result + source.slice(from);
}

function joined(source: string, edits: readonly TextEdit[]): TextEdit[] {
  const found: TextEdit[] = [];
  for (const edit of edits.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = found.at(-1);
    if (last !== undefined && edit.start < last.end) continue;
    const between = last === undefined ? '' : source.slice(last.end, edit.start);
    const areOne =
      last !== undefined && isLines(source, last) && isLines(source, edit) && between.trim() === '';
    if (areOne) found[found.length - 1] = { ...last, end: edit.end };
    else found.push(edit);
  }
  return found.map((edit) => (isLines(source, edit) ? withBlank(source, edit) : edit));
}

/** Whether an edit takes out whole lines. */
const isLines = (source: string, { start, end, text }: TextEdit): boolean =>
  text === '' && end > start && start === lineStart(source, start) && source[end - 1] === '\n';

function withBlank(source: string, { start, end, text }: TextEdit): TextEdit {
  const before = source.slice(0, start);
  const isBlankBehind = /^[\t ]*\r?\n/.test(source.slice(end));
  const isBlankAbove = before.trim() === '' || /\n[\t ]*\r?\n$/.test(before);
  const opensBlock = /[{([][\t ]*\r?\n$/.test(before);
  if (isBlankBehind && (isBlankAbove || opensBlock)) {
    return { start, end: nextLine(source, end), text };
  }
  const isLast = /^[\t ]*(?:[})\]]|$)/.test(source.slice(end));
  return isBlankAbove && isLast && start > 0
    ? { start: lineStart(source, start - 1), end, text }
    : { start, end, text };
}

/** Takes a range out: with its whole lines where nothing else stands on them, and with the comments right above it, which speak of it. */
export function cut({ source, comments }: Module, start: number, end: number): TextEdit {
  const isAlone =
    isFirstOnLine(source, start) && source.slice(end, lineEnd(source, end)).trim() === '';
  if (!isAlone) return { start, end, text: '' };
  let first = lineStart(source, start);
  for (;;) {
    const above = comments.find(
      (one) =>
        (one.end ?? 0) <= first &&
        /^[\t ]*\r?\n$/.test(source.slice(one.end ?? 0, first)) &&
        isFirstOnLine(source, one.start ?? 0) &&
        // The head of a file speaks of the file.
        (one.start ?? 0) > 0 &&
        !ABOUT_THE_FILE.test(one.value.trim()),
    );
    if (above === undefined) break;
    first = lineStart(source, above.start ?? 0);
  }
  return { start: first, end: nextLine(source, end), text: '' };
}
