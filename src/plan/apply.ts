import { posix } from 'node:path';
import { CancelError, UserError } from '../errors.ts';
import { isWithin } from '../file-system.ts';
import type { FileSystem } from '../file-system.ts';
import { at, parentOf } from '../place.ts';
import type { Place } from '../place.ts';
import { acquireLock, releaseLock, removeJournal, rollBack, writeJournal } from './journal.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { afterOf, beforeOf, hashOf } from './plan.ts';
import type { FileChange } from './plan.ts';

/**
 * Applies a plan as one transaction: all of it, or nothing. Every file is checked to be what the plan was made from,
 * then the journal is written, then the files; a failure or a signal puts everything back.
 *
 * @param folders removed where the plan empties them, deepest first
 * @throws UserError where a file changed since, lies behind a link out of the app, or cannot be written
 * @throws CancelError where `signal` was aborted
 */
export async function applyChanges(
  fs: FileSystem,
  root: string,
  changes: readonly FileChange[],
  signal: AbortSignal,
  folders: readonly string[] = [],
): Promise<void> {
  if (changes.length === 0) return;
  await checkTargets(fs, root, changes);
  await explained(acquireLock(fs, root));
  try {
    const journal = await makeJournal(fs, root, changes);
    await explained(writeJournal(fs, root, journal));
    try {
      for (const change of changes) {
        if (signal.aborted) throw new CancelError('Interrupted: nothing was changed.');
        await write(fs, root, change);
      }
      for (const folder of folders) await fs.removeEmptyDirectory(at(root, folder));
    } catch (error) {
      const { left } = await rollBack(fs, root, journal);
      await removeJournal(fs, root);
      if (error instanceof CancelError) throw error;
      throw explain(error, left);
    }
    await removeJournal(fs, root);
  } finally {
    await releaseLock(fs, root);
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
  return { version: 1, entries, folders: await missingFolders(fs, root, changes) };
}

async function write(fs: FileSystem, root: string, change: FileChange): Promise<void> {
  const place = at(root, change.path);
  // Looked at once more: an editor may have saved it while the files before it were written.
  await requireUnchanged(fs, place, change);
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

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  EACCES: 'permission was denied',
  EPERM: 'permission was denied',
  EROFS: 'the file system is read-only',
  EISDIR: 'a folder is where a file has to go',
};

/** The failure in words, and what became of the files. */
function explain(error: unknown, left: readonly string[] = []): UserError {
  const kept =
    left.length === 0
      ? 'Nothing was changed.'
      : `Everything else was put back, but not what someone changed meanwhile: ${left.join(', ')}.`;
  if (error instanceof UserError) {
    return left.length === 0 ? error : new UserError(`${error.message} ${kept}`);
  }
  const { code = '', message, path } = error as NodeJS.ErrnoException;
  const reason = REASONS[code];
  const what =
    reason === undefined ? message : `${reason} (${code}${path === undefined ? '' : `, ${path}`})`;
  return new UserError(`Could not write: ${what}. ${kept}`);
}

async function explained(step: Promise<void>): Promise<void> {
  try {
    await step;
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
  for (const change of changes) {
    const place = at(root, change.path);
    let existing = place;
    for (let up = parentOf(existing); up !== undefined; up = parentOf(existing)) {
      if (await fs.exists(existing)) break;
      existing = up;
    }
    const real = await fs.realpath(existing);
    if (!isWithin(realRoot, real)) {
      throw new UserError(`${change.path} leads out of the app, to ${real}. Nothing was changed.`, {
        hint: 'bgsync does not write through a link that leaves the app.',
      });
    }
    await requireUnchanged(fs, place, change);
    if (beforeOf(change) !== undefined && !(await fs.isWritable(place))) {
      throw new UserError(`${change.path} is read-only. Nothing was changed.`, {
        hint: 'Make it writable, or make the change by hand: bgsync init --dry-run shows it.',
      });
    }
  }
}

/** Deepest first, so that they can be removed in this order. */
async function missingFolders(
  fs: FileSystem,
  root: string,
  changes: readonly FileChange[],
): Promise<string[]> {
  const folders = new Set<string>();
  for (const { path } of changes) {
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) {
      if (await fs.exists(at(root, folder))) break;
      folders.add(folder);
    }
  }
  return [...folders].sort((a, b) => b.length - a.length);
}
