import { dirname, join } from 'node:path';
import { UserError } from '../errors.ts';
import type { FileSystem } from '../file-system.ts';
import { ExitCode } from '../exit-code.ts';
import { hashOf } from './plan.ts';

/**
 * While a plan is applied, what it takes to go back is in `.bgsync/journal.json` at the app's root. The folder ignores
 * itself, and is gone when nothing is pending.
 */
export const JOURNAL_DIR = '.bgsync';

export interface JournalEntry {
  readonly path: string;
  /** The file's text before, or null where there was none. */
  readonly before: string | null;
  /** Of the file's text after, or null where it is gone. */
  readonly afterSha256: string | null;
}

export interface Journal {
  readonly version: 1;
  readonly entries: readonly JournalEntry[];
  /** Folders that the plan creates, deepest first. */
  readonly folders: readonly string[];
}

export interface Recovery {
  /** Files put back as they were. */
  readonly restored: readonly string[];
  /** Files that someone changed since: left as they are. */
  readonly left: readonly string[];
}

const journalPath = (root: string): string => join(root, JOURNAL_DIR, 'journal.json');
const lockPath = (root: string): string => join(root, JOURNAL_DIR, 'lock');

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/**
 * Makes this process the only one that changes the app.
 *
 * @throws UserError where another bgsync is at work
 */
export async function acquireLock(fs: FileSystem, root: string): Promise<void> {
  await fs.mkdir(join(root, JOURNAL_DIR));
  await fs.write(join(root, JOURNAL_DIR, '.gitignore'), '*\n');
  const path = lockPath(root);
  for (let attempt = 0; attempt < 2; attempt += 1) {
    if (await fs.createExclusive(path, String(process.pid))) return;
    const owner = Number((await fs.read(path))?.toString());
    if (Number.isInteger(owner) && owner > 0 && owner !== process.pid && isAlive(owner)) {
      throw new UserError(`Another bgsync (process ${owner}) is changing this app.`, {
        hint: 'Wait until it has ended, then run again.',
      });
    }
    // Its process is gone.
    await fs.remove(path);
  }
  throw new UserError(`${path} cannot be taken.`, { hint: 'Remove it if no bgsync is running.' });
}

export async function releaseLock(fs: FileSystem, root: string): Promise<void> {
  await fs.remove(lockPath(root));
  await fs.remove(join(root, JOURNAL_DIR, '.gitignore'));
  await fs.removeEmptyDirectory(join(root, JOURNAL_DIR));
}

export async function writeJournal(fs: FileSystem, root: string, journal: Journal): Promise<void> {
  await fs.write(journalPath(root), JSON.stringify(journal));
}

export async function removeJournal(fs: FileSystem, root: string): Promise<void> {
  await fs.remove(journalPath(root));
}

export async function hasPendingJournal(fs: FileSystem, root: string): Promise<boolean> {
  return fs.exists(journalPath(root));
}

/** Puts back what an interrupted plan had changed. The caller holds the lock. */
export async function rollBack(fs: FileSystem, root: string, journal: Journal): Promise<Recovery> {
  const restored: string[] = [];
  const left: string[] = [];
  for (const { path, before, afterSha256 } of [...journal.entries].reverse()) {
    const absolute = join(root, path);
    await removeParts(fs, absolute);
    const current = (await fs.read(absolute))?.toString('utf8');
    if (current === (before ?? undefined)) continue;
    if (hashOf(current) !== afterSha256) {
      left.push(path);
    } else {
      await (before === null ? fs.remove(absolute) : fs.write(absolute, before));
      restored.push(path);
    }
  }
  for (const folder of journal.folders) await fs.removeEmptyDirectory(join(root, folder));
  return { restored, left };
}

/** What an interrupted write left beside a file. */
async function removeParts(fs: FileSystem, absolute: string): Promise<void> {
  const folder = dirname(absolute);
  const name = absolute.slice(folder.length + 1);
  for (const entry of await fs.list(folder)) {
    if (entry.startsWith(`.${name}.`) && /\.[0-9a-f]{8}\.bgsync$/.test(entry)) {
      await fs.remove(join(folder, entry));
    }
  }
}

/**
 * Undoes what an earlier bgsync left half done.
 *
 * @returns undefined where nothing was pending
 * @throws UserError where another bgsync is still at work
 */
export async function recover(fs: FileSystem, root: string): Promise<Recovery | undefined> {
  if (!(await hasPendingJournal(fs, root))) return undefined;
  await acquireLock(fs, root);
  const text = (await fs.read(journalPath(root)))?.toString('utf8');
  if (text === undefined) return undefined;
  let journal: Journal;
  try {
    journal = JSON.parse(text) as Journal;
  } catch {
    throw new UserError(
      `${journalPath(root)} is damaged, so an interrupted change cannot be undone.`,
      {
        hint: 'Look at `git status`, put back what you do not want, then remove the folder .bgsync.',
        exitCode: ExitCode.usage,
      },
    );
  }
  const recovery = await rollBack(fs, root, journal);
  await removeJournal(fs, root);
  await releaseLock(fs, root);
  return recovery;
}
