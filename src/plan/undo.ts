import type { Insertion } from '../formats/edit.ts';
import { checkoutForms, inEndingsOf } from './line-endings.ts';
import type { LockedEdit, LockedPiece } from './lock-file.ts';
import { sha256 } from './plan.ts';
import { parses } from './parses.ts';

/** What becomes of a text when an edit is taken out of it. */
export interface Undone {
  readonly text: string;
  /** What was taken out: put into `text`, these make the text from before again. Ascending. */
  readonly taken: readonly Insertion[];
  /** Pieces that the user changed, or that cannot be told from the user's own text: they are still there. */
  readonly left: readonly LockedPiece[];
  /** How many pieces the user had taken out already. */
  readonly gone: number;
}

/**
 * Takes out of a text what an edit put in, whatever else has changed since. A piece is taken out only where it stands
 * as it was put in, at one place that can be told; a line of the user's is never among it.
 */
export function undoEdit(path: string, current: string, edit: LockedEdit): Undone {
  const pieces = edit.pieces ?? [];
  const form = checkoutForms(current).find((text) => sha256(text) === edit.sha256);
  if (form !== undefined) return undoExactly(current, form, pieces);

  const ranges: { start: number; end: number; piece: LockedPiece }[] = [];
  const left: LockedPiece[] = [];
  let gone = 0;
  for (const piece of pieces) {
    const found = findPiece(current, piece);
    if (found === 'gone') gone += 1;
    else if (found === 'left' || ranges.some(({ end, start }) => overlap(found, { start, end }))) {
      left.push(piece);
    } else ranges.push({ ...found, piece });
  }
  const undone = cut(current, ranges);
  // What does not parse any more was not only ours.
  if (parses(path, current) && !parses(path, undone.text)) {
    return { text: current, taken: [], left: pieces, gone };
  }
  return { ...undone, left, gone };
}

/** Undoes all edits of a file, the last one first. */
export function undoEdits(path: string, current: string, edits: readonly LockedEdit[]): Undone {
  let result: Undone = { text: current, taken: [], left: [], gone: 0 };
  for (const edit of edits.toReversed()) {
    const undone = undoEdit(path, result.text, edit);
    result = {
      text: undone.text,
      taken: undone.taken,
      left: [...undone.left, ...result.left],
      gone: result.gone + undone.gone,
    };
  }
  return result;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

const overlap = (a: Range, b: Range): boolean => a.start < b.end && b.start < a.end;

/** The file is as it was left, but for its line endings. */
function undoExactly(current: string, form: string, pieces: readonly LockedPiece[]): Undone {
  const ranges = pieces.map((piece) => ({
    start: piece.offset,
    end: piece.offset + piece.text.length,
    piece,
  }));
  const undone = cut(form, ranges);
  if (form === current) return { ...undone, left: [], gone: 0 };
  const text = inEndingsOf(current, undone.text);
  const taken = undone.taken.map(({ offset, text: put, removed }) => ({
    offset: inEndingsOf(current, undone.text.slice(0, offset)).length,
    text: inEndingsOf(current, put),
    ...(removed === undefined ? {} : { removed: inEndingsOf(current, removed) }),
  }));
  return { text, taken, left: [], gone: 0 };
}

function cut(
  source: string,
  ranges: readonly (Range & { piece: LockedPiece })[],
): Pick<Undone, 'text' | 'taken'> {
  let text = '';
  let from = 0;
  const taken: Insertion[] = [];
  for (const { start, end, piece } of ranges.toSorted((a, b) => a.start - b.start)) {
    const was = inEndingsOf(source, piece.was);
    text += source.slice(from, start);
    taken.push({
      offset: text.length,
      text: source.slice(start, end),
      ...(was === '' ? {} : { removed: was }),
    });
    text += was;
    from = end;
  }
  return { text: text + source.slice(from), taken };
}

function findPiece(source: string, piece: LockedPiece): Range | 'gone' | 'left' {
  const text = inEndingsOf(source, piece.text);
  const marks = marksOf(text);
  const isThere = (): 'gone' | 'left' =>
    marks.some((mark) => source.includes(mark)) ? 'left' : 'gone';

  const ways = isWholeLines(piece)
    ? [exactLine, looseLine].map((form) => findLines(source, text, form))
    : [findText(source, text)];
  for (const candidates of ways) {
    const [only, second] = candidates;
    if (only === undefined) continue;
    // A whole line with a name of ours is ours wherever it stands; a part of a line among what it was put into.
    if (second === undefined && isWholeLines(piece) && marks.length > 0) return only;
    const [near, other] = candidates.filter((range) => agrees(source, range, piece));
    return near !== undefined && other === undefined ? near : 'left';
  }
  return isThere();
}

/** What can be told from other text: names in quotes, or between tags. */
const marksOf = (text: string): string[] =>
  text.match(/'[^'\n]{3,}'|"[^"\n]{3,}"|>[^<>\s][^<>\n]{2,}</g) ?? [];

/** Where what is left of a piece stands: the first line of it, or else the first that has a name in it. 1-based. */
export function lineOfPiece(source: string, { text }: LockedPiece): number | undefined {
  const lines = source.split(/\r?\n/);
  const wanted = text.split(/\r?\n/).map(looseLine);
  const first = wanted.find((line) => line !== '');
  const marks = marksOf(text);
  const ways: ((line: string) => boolean)[] = [
    (line) => looseLine(line) === first,
    (line) => marks.some((mark) => line.includes(mark)),
  ];
  for (const isMeant of ways) {
    const index = lines.findIndex(isMeant);
    if (index !== -1) return index + 1;
  }
  return undefined;
}

const isWholeLines = ({ text, was, before, after }: LockedPiece): boolean =>
  was === '' &&
  ((text.endsWith('\n') && (before === '' || before === '\uFEFF' || before.endsWith('\n'))) ||
    (/^\r?\n/.test(text) && !text.endsWith('\n') && (after === '' || /^\r?\n/.test(after))));

const exactLine = (line: string): string => line;

/** Formatters change indentation, quotes and semicolons. */
export const looseLine = (line: string): string =>
  line.trim().replaceAll(/["`]/g, "'").replace(/;$/, '');

function findLines(source: string, text: string, form: (line: string) => string): Range[] {
  const wanted = text
    .replace(/^\r?\n/, '')
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map(form);
  const lines: (Range & { readonly text: string })[] = [];
  for (let start = 0; start < source.length;) {
    const newline = source.indexOf('\n', start);
    const end = newline === -1 ? source.length : newline + 1;
    const content = source.slice(start, end).replace(/\r?\n$/, '');
    lines.push({ start, end, text: form(content) });
    start = end;
  }
  const found: Range[] = [];
  for (let at = 0; at + wanted.length <= lines.length; at += 1) {
    if (!wanted.every((line, index) => lines[at + index]?.text === line)) continue;
    const start = lines[at]?.start ?? 0;
    const end = lines[at + wanted.length - 1]?.end ?? source.length;
    // The last line of a file without a final newline takes the newline in front of it along.
    const isOpen = end === source.length && !source.endsWith('\n');
    const ending = isOpen ? (/\r?\n$/.exec(source.slice(0, start))?.[0].length ?? 0) : 0;
    found.push({ start: start - ending, end });
  }
  return found;
}

function findText(source: string, text: string): Range[] {
  const found: Range[] = [];
  if (text === '') return found;
  for (let at = source.indexOf(text); at !== -1; at = source.indexOf(text, at + 1)) {
    found.push({ start: at, end: at + text.length });
  }
  return found;
}

/** Whether what stands right in front of a place, or right behind it, is what stood there. */
function agrees(source: string, { start, end }: Range, piece: LockedPiece): boolean {
  const near = (text: string, side: 'first' | 'last'): string | undefined => {
    const lines = text.split('\n').map((line) => line.trim());
    return side === 'first'
      ? lines.find((line) => line !== '')
      : lines.findLast((line) => line !== '');
  };
  const before = near(source.slice(Math.max(0, start - 400), start), 'last');
  const after = near(source.slice(end, end + 400), 'first');
  return before === near(piece.before, 'last') || after === near(piece.after, 'first');
}
