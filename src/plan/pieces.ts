import type { Insertion } from '../formats/edit.ts';
import type { LockedPiece } from './lock-file.ts';

/** Insertions with no more than this between them are one piece: a lone `array` of `<array>` is found nowhere. */
const NEAR = 40;

/** Describes what an edit put into a text, so that it can be found there later. */
export function piecesOf(before: string, insertions: readonly Insertion[]): LockedPiece[] {
  const groups: Insertion[][] = [];
  for (const insertion of insertions) {
    const last = groups.at(-1)?.at(-1);
    const isNear =
      last !== undefined && insertion.offset - last.offset - (last.removed ?? '').length <= NEAR;
    if (isNear) groups.at(-1)?.push(insertion);
    else groups.push([insertion]);
  }

  let shift = 0;
  return groups.map((group) => {
    const start = group[0]?.offset ?? 0;
    let text = '';
    let end = start;
    for (const { offset, text: added, removed = '' } of group) {
      text += before.slice(end, offset) + added;
      end = offset + removed.length;
    }
    const was = before.slice(start, end);
    const piece = {
      offset: start + shift,
      text,
      was,
      before: lastLines(before.slice(Math.max(0, start - CONTEXT), start)),
      after: firstLines(before.slice(end, end + CONTEXT)),
    };
    shift += text.length - was.length;
    return piece;
  });
}

/** Characters of context, at most: a line can be a whole minified file. */
const CONTEXT = 240;

const lastLines = (text: string): string => text.split('\n').slice(-3).join('\n');
const firstLines = (text: string): string => text.split('\n').slice(0, 3).join('\n');
