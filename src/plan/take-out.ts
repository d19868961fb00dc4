import { diffLines } from 'diff';
import type { Inverse, InverseOf, TakenFrom } from './edits.ts';
import type { LockedEdit, LockedPiece } from './lock-file.ts';
import type { FileChange, ManualStep } from './plan.ts';
import { isAsGenerated } from './reformatted.ts';
import { lineOfPiece, looseLine, undoEdits } from './undo.ts';

export interface TakenOut {
  readonly change?: FileChange;
  /** What is left to a person: the lines that the user changed. */
  readonly steps: readonly ManualStep[];
}

/**
 * Takes out of a file what bgsync put there; a file that it made, and that no one changed, goes.
 *
 * @param inverseOf by what the edits say, where they do not stand any more as they were put in
 */
export function takeOut(
  path: string,
  before: string,
  records: readonly LockedEdit[],
  inverseOf: InverseOf,
): TakenOut {
  const own = records.find(({ kind }) => kind === 'created');
  const reason = records.map((record) => record.reason).join('; ');
  if (own !== undefined && isAsGenerated(path, before, own)) {
    return { change: { kind: 'delete', path, reason, before }, steps: [] };
  }
  const undone = undoEdits(
    path,
    before,
    records.filter(({ kind }) => kind === 'inserted'),
  );
  let after = undone.text;
  let left: readonly LockedPiece[] = undone.left;
  if (own !== undefined || left.length > 0) {
    const put = [...(own?.pieces ?? []), ...left];
    const from = { path, pieces: put, isOwnFile: own !== undefined };
    const said = removeByMeaning(after, records, inverseOf, from);
    if (said !== undefined && isOursAlone(after, said, put)) {
      after = said;
      left = [];
    }
  }
  const steps = left.map((piece): ManualStep => {
    const line = lineOfPiece(after, piece);
    return {
      path,
      ...(line === undefined ? {} : { line }),
      purpose: reason,
      reason: 'you changed it since',
      snippet: piece.text.replace(/^\r?\n/, ''),
      action: 'remove',
    };
  });
  if (own !== undefined && after === before && isStillOurs(before, own, inverseOf(own.id))) {
    const why =
      'bgsync made it, and you changed it since: remove it, or what you do not need of it';
    steps.push({ path, purpose: reason, reason: why, snippet: '' });
  }
  return after === before
    ? { steps }
    : { change: { kind: 'edit', path, reason, before, after }, steps };
}

/** Whether no line goes that was not put in: a comment of the user's in our entry stays, and so does the entry. */
function isOursAlone(before: string, after: string, put: readonly LockedPiece[]): boolean {
  const ours = new Set(put.flatMap(({ text }) => text.split(/\r?\n/).map(looseLine)));
  return diffLines(before, after, { stripTrailingCr: true })
    .filter(({ removed }) => removed)
    .flatMap(({ value }) => value.split(/\r?\n/).map(looseLine))
    .every((line) => line === '' || ours.has(line));
}

/** What is left of a file that was made may be the user's alone: that of which no line, or no entry, is ours any more. */
function isStillOurs(
  text: string,
  { pieces = [] }: LockedEdit,
  inverse: Inverse | undefined,
): boolean {
  if (inverse?.isIn !== undefined) return inverse.isIn(text);
  const lines = new Set(text.split(/\r?\n/).map(looseLine));
  const put = pieces.flatMap((piece) => piece.text.split(/\r?\n/).map(looseLine));
  return put.length === 0 || put.some((line) => line !== '' && lines.has(line));
}

/** Where the text is not as it was put in, but what it says is found. */
function removeByMeaning(
  text: string,
  records: readonly LockedEdit[],
  inverseOf: InverseOf,
  from: TakenFrom,
): string | undefined {
  for (const { id } of records) {
    const without = inverseOf(id)?.remove(text, from);
    if (without !== undefined) return without;
  }
  return undefined;
}

/**
 * Takes out what was put in before and is not wanted any more, where it does not stand as it was put in: the user has
 * something of his own in the same list.
 *
 * @param isWanted whether a text still has all that is wanted
 */
export function withoutStaleParts(
  text: string,
  left: readonly LockedPiece[],
  inverses: readonly Inverse[],
  isWanted: (text: string) => boolean,
): string {
  const parts = inverses.flatMap((inverse) => inverse.parts?.(left) ?? []);
  return parts.reduce((current, remove) => {
    const next = remove(current);
    return next !== undefined && isWanted(next) ? next : current;
  }, text);
}
