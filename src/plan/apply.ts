import { posix } from 'node:path';
import type { Interrupts } from '../context.ts';
import { CancelError, UserError } from '../errors.ts';
import { RefusedError, isWithin } from '../file-system.ts';
import type { FileSystem } from '../file-system.ts';
import { at, parentOf } from '../place.ts';
import type { Place } from '../place.ts';
import { failureOf } from './failure.ts';
import {
  acquireLock,
  recoverHeld,
  releaseLock,
  removeJournal,
  rollBack,
  writeJournal,
} from './journal.ts';
import type { HeldLock, Journal, JournalEntry, Recovery } from './journal.ts';
import { afterOf, beforeOf, hashOf } from './plan.ts';
import type { FileChange } from './plan.ts';

/**
 * Applies a plan as one transaction: all of it, or nothing. Under the lock the plan is checked to be what would be planned
 * now, and every file to be what it was made from; then the journal is written, then the files; a failure or a signal
 * puts back what was written.
 *
 * @param folders removed where the plan empties them, deepest first
 * @param verify called under the lock; throws where the plan would be another by now
 * @throws UserError where a file changed since, lies behind a link out of the app, or cannot be written
 * @throws CancelError where a signal came while files were written
 */
export async function applyChanges(
  fs: FileSystem,
  root: string,
  changes: readonly FileChange[],
  { signal, heed }: Interrupts,
  folders: readonly string[] = [],
  verify: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  if (changes.length === 0) return;
  const lock = await explained(acquireLock(fs, root));
  try {
    if ((await explained(recoverHeld(fs, root, lock))) !== undefined) {
      throw new UserError('Another bgsync was interrupted meanwhile; its changes were undone.', {
        hint: 'Run bgsync again: the plan is made anew.',
      });
    }
    await verify();
    await checkTargets(fs, root, changes);
    const journal = await makeJournal(fs, root, changes);
    await heed(async () => {
      await explained(writeJournal(fs, lock, journal));
      await carryOut(fs, root, { changes, folders, journal, lock, signal });
    });
  } finally {
    await releaseLock(fs, lock);
  }
}

async function carryOut(
  fs: FileSystem,
  root: string,
  {
    changes,
    folders,
    journal,
    lock,
    signal,
  }: {
    readonly changes: readonly FileChange[];
    readonly folders: readonly string[];
    readonly journal: Journal;
    readonly lock: HeldLock;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  let begun = 0;
  try {
    for (const change of changes) {
      if (signal.aborted) throw new CancelError('Interrupted: nothing was changed.');
      // Looked at once more: an editor may have saved it while the files before it were written.
      await requireUnchanged(fs, at(root, change.path), change);
      begun += 1;
      await write(fs, root, change);
    }
    for (const folder of folders) await fs.removeEmptyDirectory(at(root, folder));
    await removeJournal(fs, lock);
  } catch (error) {
    // What was not begun may look like the plan's all the same: then it is someone else's.
    const undone = await undo(fs, root, lock, {
      entries: journal.entries.slice(0, begun),
      folders: journal.folders,
    });
    if (undone instanceof UserError) {
      throw new UserError(`Could not write: ${failureOf(error)}. ${undone.message}`, {
        ...(undone.hint === undefined ? {} : { hint: undone.hint }),
      });
    }
    if (error instanceof CancelError) throw error;
    throw explain(error, undone.left);
  }
}

/** @returns the error to tell where it could not be done: the journal stays, and the next command undoes the rest */
async function undo(
  fs: FileSystem,
  root: string,
  lock: HeldLock,
  written: Pick<Journal, 'entries' | 'folders'>,
): Promise<Recovery | UserError> {
  try {
    const recovery = await rollBack(fs, root, written);
    await removeJournal(fs, lock);
    return recovery;
  } catch (error) {
    return new UserError(
      `Putting back what was written failed, too: ${failureOf(error)}. The change is half done.`,
      {
        hint: 'Once that is mended, run `npx bgsync update`: it undoes the rest first. Everything it takes is kept.',
      },
    );
  }
}

async function makeJournal(
  fs: FileSystem,
  root: string,
  changes: readonly FileChange[],
): Promise<Journal> {
  const entries: JournalEntry[] = [];
  for (const change of changes) {
    const before = beforeOf(change);
    const mode = before === undefined ? undefined : await fs.mode(at(root, change.path));
    entries.push({
      path: change.path,
      before: before ?? null,
      ...(mode === undefined ? {} : { mode }),
      afterSha256: hashOf(afterOf(change)),
    });
  }
  const folders = await missingFolders(fs, root, changes);
  return { version: 2, entries, folders };
}

async function write(fs: FileSystem, root: string, change: FileChange): Promise<void> {
  const place = at(root, change.path);
  const after = afterOf(change);
  if (after === undefined) {
    await fs.remove(place);
  } else {
    await fs.mkdir(parentOf(place) ?? place);
    await fs.write(place, after);
  }
}

async function requireUnchanged(fs: FileSystem, place: Place, change: FileChange): Promise<void> {
  const current = (await fs.read(place))?.toString('utf8');
  if (current === beforeOf(change)) return;
  throw new UserError(`${change.path} changed since the plan was made. Nothing was changed.`, {
    hint: 'Run bgsync again: the plan is made anew.',
  });
}

/** The failure in words, and what became of the files. */
function explain(error: unknown, left: readonly string[] = []): UserError {
  const kept =
    left.length === 0
      ? 'Nothing was changed.'
      : `Everything else was put back, but not what someone changed meanwhile: ${left.join(', ')}.`;
  if (error instanceof UserError && !(error instanceof RefusedError)) {
    return left.length === 0 ? error : new UserError(`${error.message} ${kept}`);
  }
  return new UserError(`Could not write: ${failureOf(error)}. ${kept}`);
}

async function explained<T>(step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    throw explain(error);
  }
}

async function checkTargets(
  fs: FileSystem,
  root: string,
  changes: readonly FileChange[],
): Promise<void> {
  const realRoot = await fs.realpath(at(root, ''));
  const folders = new Map<string, Target>();
  /** Where a folder is, or would be made: the nearest one that is there. */
  const nearest = async (folder: Place): Promise<Target> => {
    const known = folders.get(folder.absolute);
    if (known !== undefined) return known;
    const up = parentOf(folder);
    const found =
      up === undefined || (await fs.exists(folder))
        ? await targetOf(fs, folder)
        : await nearest(up);
    folders.set(folder.absolute, found);
    return found;
  };
  for (const change of changes) {
    const place = at(root, change.path);
    const folder = await nearest(parentOf(place) ?? place);
    const file = (await fs.exists(place)) ? await targetOf(fs, place) : undefined;
    const { real } = file ?? folder;
    if (!isWithin(realRoot, real)) {
      throw new UserError(`${change.path} leads out of the app, to ${real}. Nothing was changed.`, {
        hint: 'bgsync does not write through a link that leaves the app.',
      });
    }
    await requireUnchanged(fs, place, change);
    // A file is written beside the old one, which it then replaces.
    const locked = [...(file === undefined ? [] : [file]), folder].find((one) => !one.isWritable);
    if (locked === undefined) continue;
    throw new UserError(
      `${locked.place.path || 'The folder of the app'} is read-only. Nothing was changed.`,
      {
        hint: 'Make it writable (`ls -ld` tells whose it is), or make the change by hand: the same command with --dry-run shows it.',
      },
    );
  }
}

/** A file or folder that is there, and that a change needs. */
interface Target {
  readonly place: Place;
  /** Links followed. */
  readonly real: string;
  readonly isWritable: boolean;
}

const targetOf = async (fs: FileSystem, place: Place): Promise<Target> => ({
  place,
  real: await fs.realpath(place),
  isWritable: await fs.isWritable(place),
});

/** Deepest first, so that they can be removed in this order. */
async function missingFolders(
  fs: FileSystem,
  root: string,
  changes: readonly FileChange[],
): Promise<string[]> {
  const folders = new Set<string>();
  for (const { path } of changes) {
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) {
      if (folders.has(folder) || (await fs.exists(at(root, folder)))) break;
      folders.add(folder);
    }
  }
  return [...folders].sort((a, b) => b.length - a.length);
}
