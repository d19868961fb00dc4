import { applyInsertions } from '../formats/edit.ts';
import type { EditResult, Insertion } from '../formats/edit.ts';
import { encodeBase } from './lock-file.ts';
import type { LockedEdit, LockedPiece } from './lock-file.ts';
import { piecesOf } from './pieces.ts';
import { sha256 } from './plan.ts';
import type { ManualStep, Unproven } from './plan.ts';

/** From the text of a file to the text that is wanted. */
export type Edit = (source: string) => EditResult;

/** What a change of a file is for. */
export interface Purpose {
  /** Names the change in lock files, which every later bgsync reads: it never changes. */
  readonly id: string;
  /** For people. */
  readonly reason: string;
  /** It makes the app load its handler, and goes when the background sync is retired. */
  readonly loadsHandler?: boolean;
  /** The way back; without it, what the user changed since is left to a person. */
  readonly inverse?: Inverse;
}

/** How an edit is taken out by what it says, where it does not stand any more as it was put in. */
export interface Inverse {
  /** @returns the text without it; undefined where it is not in there, or cannot be told from the user's own */
  remove(text: string, from: TakenFrom): string | undefined;
  /** What was put in, one by one: each takes one thing out, where a user may have put others beside it. */
  parts?(pieces: readonly LockedPiece[]): readonly ((text: string) => string | undefined)[];
  /** Whether a file that bgsync made is still about it, whatever the user did to it; without it, by its lines. */
  isIn?(text: string): boolean;
}

export interface TakenFrom {
  readonly path: string;
  /** As they were put in. */
  readonly pieces: readonly LockedPiece[];
  /** Whether bgsync made the file. */
  readonly isOwnFile: boolean;
}

/** The inverse of what a lock file records, by its id. */
export type InverseOf = (id: string) => Inverse | undefined;

/** An edit that is wanted of a file, and what for. */
export interface Wanted {
  readonly purpose: Purpose;
  readonly edit: Edit;
}

/** The record of a file that is ours as a whole. */
export const created = (path: string, purpose: Purpose, text: string): LockedEdit => ({
  ...recordOf(path, 'created', purpose),
  sha256: sha256(text),
  base: encodeBase(text),
});

const recordOf = (path: string, kind: LockedEdit['kind'], purpose: Purpose) => {
  const { id, reason, loadsHandler } = purpose;
  return { path, kind, id, reason, ...(loadsHandler === undefined ? {} : { loadsHandler }) };
};

/** For a file that the user may extend: then only what is ours goes again. */
export const wholeFile = (text: string): LockedPiece[] => piecesOf('', [{ offset: 0, text }]);

/** What came of the edits of one file. */
export interface Ran {
  readonly text: string;
  readonly records: readonly LockedEdit[];
  readonly steps: readonly ManualStep[];
  readonly unproven: readonly Unproven[];
}

/** Makes edits in their order, each on what the one before left. */
export function runEdits(path: string, source: string, wanted: readonly Wanted[]): Ran {
  let text = source;
  const records: LockedEdit[] = [];
  const steps: ManualStep[] = [];
  const unproven: Unproven[] = [];
  for (const { purpose, edit } of wanted) {
    const { reason } = purpose;
    const result = edit(text);
    if (result.status === 'manual') {
      const { reason: why, snippet, action } = result;
      steps.push({ path, purpose: reason, reason: why, snippet, ...(action && { action }) });
    } else if (result.status === 'already') {
      if (result.unproven !== undefined) {
        unproven.push({ path, purpose: reason, reason: result.unproven });
      }
    } else {
      if (edit(result.text).status !== 'already') {
        // An edit that would be made again each time is none.
        throw new Error(`The edit of ${path} (${reason}) does not see its own result`);
      }
      records.push(inserted(path, purpose, text, result.insertions));
      text = result.text;
    }
  }
  return { text, records, steps, unproven };
}

const inserted = (
  path: string,
  purpose: Purpose,
  before: string,
  insertions: readonly Insertion[],
): LockedEdit => ({
  ...recordOf(path, 'inserted', purpose),
  sha256: sha256(applyInsertions(before, insertions)),
  pieces: piecesOf(before, insertions),
});

/** Puts the new text where the old one stood, and not where a new edit would put it: the user may have moved it. */
export function reviseInPlace(
  path: string,
  undone: { readonly text: string; readonly taken: readonly Insertion[] },
  wanted: readonly Wanted[],
  redone: Ran,
): Ran | undefined {
  const [record] = redone.records;
  const pieces = record?.pieces ?? [];
  if (record === undefined || pieces.length !== undone.taken.length) return undefined;
  const insertions = undone.taken.map((taken, index): Insertion => ({
    ...taken,
    text: pieces[index]?.text ?? '',
  }));
  if (!pieces.every(({ was }, index) => was === (undone.taken[index]?.removed ?? '')))
    return undefined;
  const text = applyInsertions(undone.text, insertions);
  const isDone = wanted.every(({ edit }) => edit(text).status === 'already');
  if (!isDone) return undefined;
  const revised = inserted(path, record, undone.text, insertions);
  return { text, records: [revised], steps: [], unproven: [] };
}
