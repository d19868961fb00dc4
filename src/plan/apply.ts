import { dirname, join, posix, relative, sep } from 'node:path';
import { CancelError, UserError } from '../errors.ts';
import type { FileSystem } from '../file-system.ts';
import { acquireLock, releaseLock, removeJournal, rollBack, writeJournal } from './journal.ts';
import type { Journal } from './journal.ts';
import { afterOf, beforeOf, hashOf } from './plan.ts';
import type { FileChange } from './plan.ts';

/**
 * Applies a plan as one transaction: all of it, or nothing. Every file is checked to be what the plan was made from,
 * then the journal is written, then the files; a failure or a signal puts everything back.
 *
 * @throws UserError where a file changed since, lies behind a link out of the app, or cannot be written
 * @throws CancelError where `signal` was aborted
 */
export async function applyChanges(
  fs: FileSystem,
  root: string,
  changes: readonly FileChange[],
  signal: AbortSignal,
): Promise<void> {
  if (changes.length === 0) return;
  await checkTargets(fs, root, changes);
  await acquireLock(fs, root);
  try {
    const journal: Journal = {
      version: 1,
      entries: changes.map((change) => ({
        path: change.path,
        before: beforeOf(change) ?? null,
        afterSha256: hashOf(afterOf(change)),
      })),
      folders: await missingFolders(fs, root, changes),
    };
    await writeJournal(fs, root, journal);
    try {
      for (const change of changes) {
        if (signal.aborted) throw new CancelError('Interrupted: nothing was changed.');
        const absolute = join(root, change.path);
        const after = afterOf(change);
        if (after === undefined) {
          await fs.remove(absolute);
        } else {
          await fs.mkdir(dirname(absolute));
          await fs.write(absolute, after);
        }
      }
    } catch (error) {
      await rollBack(fs, root, journal);
      await removeJournal(fs, root);
      if (error instanceof CancelError) throw error;
      throw new UserError(`Could not write: ${(error as Error).message}. Nothing was changed.`);
    }
    await removeJournal(fs, root);
  } finally {
    await releaseLock(fs, root);
  }
}

async function checkTargets(
  fs: FileSystem,
  root: string,
  changes: readonly FileChange[],
): Promise<void> {
  const realRoot = await fs.realpath(root);
  for (const change of changes) {
    const absolute = join(root, change.path);
    const current = (await fs.read(absolute))?.toString('utf8');
    const expected = beforeOf(change);
    if (current !== expected) {
      throw new UserError(`${change.path} changed since the plan was made. Nothing was changed.`, {
        hint: 'Run bgsync again: the plan is made anew.',
      });
    }
    let existing = absolute;
    while (!(await fs.exists(existing))) existing = dirname(existing);
    const real = await fs.realpath(existing);
    if (real !== realRoot && !real.startsWith(realRoot + sep)) {
      throw new UserError(`${change.path} leads out of the app, to ${real}. Nothing was changed.`, {
        hint: 'bgsync does not write through a link that leaves the app.',
      });
    }
    if (expected !== undefined && !(await fs.isWritable(absolute))) {
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
      const absolute = join(root, folder);
      if (await fs.exists(absolute)) break;
      folders.add(relative(root, absolute).replaceAll(sep, '/'));
    }
  }
  return [...folders].sort((a, b) => b.length - a.length);
}
