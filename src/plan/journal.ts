import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { UserError } from '../errors.ts';
import type { FileSystem } from '../file-system.ts';
import { at, beside, parentOf } from '../place.ts';
import type { Place } from '../place.ts';
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
  /** The file's permission bits before. */
  readonly mode?: number;
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

/** Who changes the app, as it stands in the lock. */
interface Owner {
  readonly pid: number;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly token: string;
}

const journalPath = (root: string): Place => at(root, `${JOURNAL_DIR}/journal.json`);
const lockPath = (root: string): Place => at(root, `${JOURNAL_DIR}/lock`);

/** The lock is held while files are written, never while someone is asked: seconds. An older one was left behind. */
const STALE_MS = 10 * 60_000;

/** Tokens of the locks that this process holds. */
const held = new Set<string>();

function isHeld({ pid, since, token }: Owner): boolean {
  // In a container every process may have the same id: one that is not ours was left behind by another.
  if (pid === process.pid) return held.has(token);
  if (Math.abs(Date.now() - since) > STALE_MS) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** @returns undefined for what a process that died left of a lock */
function parseOwner(text: string | undefined): Owner | undefined {
  try {
    const owner = JSON.parse(text ?? '') as Partial<Owner> | null;
    return typeof owner?.pid === 'number' && owner.pid > 0 && typeof owner.since === 'number'
      ? { pid: owner.pid, since: owner.since, token: String(owner.token) }
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Makes this process the only one that changes the app.
 *
 * @throws UserError where another bgsync is at work
 */
export async function acquireLock(fs: FileSystem, root: string): Promise<void> {
  try {
    await takeLock(fs, root);
  } catch (error) {
    // A folder that no one holds is not left behind. Nothing else is touched: another process may have just come.
    if (!(await fs.exists(lockPath(root)))) await removeFolder(fs, root);
    throw error;
  }
}

async function takeLock(fs: FileSystem, root: string): Promise<void> {
  const token = randomBytes(8).toString('hex');
  const owner: Owner = { pid: process.pid, since: Date.now(), token };
  // Before the lock is there to be seen.
  held.add(token);
  try {
    await putLock(fs, root, owner);
  } catch (error) {
    held.delete(token);
    throw error;
  }
}

async function putLock(fs: FileSystem, root: string, owner: Owner): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      await fs.mkdir(at(root, JOURNAL_DIR));
      await fs.write(at(root, `${JOURNAL_DIR}/.gitignore`), '*\n');
      if (!(await fs.createExclusive(lockPath(root), JSON.stringify(owner)))) {
        await removeDeadLock(fs, root, owner.token);
        continue;
      }
      return;
    } catch (error) {
      // Another process that has just ended took the folder away.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new UserError(`${lockPath(root).absolute} cannot be taken.`, {
    hint: 'Remove it if no bgsync is running.',
  });
}

const ATTEMPTS = 5;

/** @throws UserError where the lock's owner is at work */
async function removeDeadLock(fs: FileSystem, root: string, token: string): Promise<void> {
  const path = lockPath(root);
  const found = (await fs.read(path))?.toString('utf8');
  if (found === undefined) return;
  const owner = parseOwner(found);
  if (owner !== undefined && isHeld(owner)) throw atWork(owner.pid);
  // Taken away by a rename: of two processes that find the same dead owner, one gets it.
  const grave = beside(path, `.lock.${token.slice(0, 8)}.bgsync`);
  await fs.rename(path, grave);
  const taken = (await fs.read(grave))?.toString('utf8');
  if (taken !== found && taken !== undefined) {
    // Between the look and the rename another process had taken it over: it gets it back.
    await fs.createExclusive(path, taken);
    await fs.remove(grave);
    throw atWork(parseOwner(taken)?.pid);
  }
  await fs.remove(grave);
}

const atWork = (pid: number | undefined): UserError =>
  new UserError(`Another bgsync (process ${pid ?? 'unknown'}) is changing this app.`, {
    hint: 'Wait until it has ended, then run again.',
  });

export async function releaseLock(fs: FileSystem, root: string): Promise<void> {
  const folder = at(root, JOURNAL_DIR);
  const owner = parseOwner((await fs.read(lockPath(root)))?.toString('utf8'));
  try {
    for (const name of await fs.list(folder))
      if (isPart(name)) await fs.remove(at(root, `${JOURNAL_DIR}/${name}`));
    // Who comes now finds the folder empty, or not at all.
    await fs.remove(at(root, `${JOURNAL_DIR}/.gitignore`));
    await fs.remove(lockPath(root));
  } finally {
    // Not earlier: the lock would be that of a process that died.
    if (owner !== undefined) held.delete(owner.token);
  }
  await fs.removeEmptyDirectory(folder);
}

async function removeFolder(fs: FileSystem, root: string): Promise<void> {
  const folder = at(root, JOURNAL_DIR);
  await fs.remove(at(root, `${JOURNAL_DIR}/.gitignore`));
  await fs.removeEmptyDirectory(folder);
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
  for (const { path, before, mode, afterSha256 } of [...journal.entries].reverse()) {
    const place = at(root, path);
    await removeParts(fs, place);
    const current = (await fs.read(place))?.toString('utf8');
    if (current === (before ?? undefined)) continue;
    if (hashOf(current) !== afterSha256) {
      left.push(path);
    } else if (before === null) {
      await fs.remove(place);
      restored.push(path);
    } else {
      await fs.mkdir(parentOf(place) ?? place);
      await fs.write(place, before, mode);
      restored.push(path);
    }
  }
  for (const folder of journal.folders) await fs.removeEmptyDirectory(at(root, folder));
  return { restored, left };
}

const isPart = (name: string): boolean => /\.[0-9a-f]{8}\.bgsync$/.test(name);

/** What an interrupted write left beside a file. */
async function removeParts(fs: FileSystem, place: Place): Promise<void> {
  const folder = parentOf(place);
  if (folder === undefined) return;
  const start = `.${basename(place.path)}.`;
  for (const name of await fs.list(folder)) {
    if (name.startsWith(start) && isPart(name)) await fs.remove(beside(place, name));
  }
}

/**
 * Undoes what an earlier bgsync left half done, and clears away what is left of it.
 *
 * @returns undefined where nothing was pending
 * @throws UserError where another bgsync is still at work
 */
export async function recover(fs: FileSystem, root: string): Promise<Recovery | undefined> {
  if (!(await fs.exists(at(root, JOURNAL_DIR)))) return undefined;
  await acquireLock(fs, root);
  try {
    const text = (await fs.read(journalPath(root)))?.toString('utf8');
    if (text === undefined) return undefined;
    const recovery = await rollBack(fs, root, parseJournal(root, text));
    await removeJournal(fs, root);
    return recovery;
  } finally {
    await releaseLock(fs, root);
  }
}

function parseJournal(root: string, text: string): Journal {
  try {
    const journal = JSON.parse(text) as Partial<Journal> | null;
    if (Array.isArray(journal?.entries) && Array.isArray(journal.folders))
      return journal as Journal;
  } catch {
    // Said below.
  }
  throw new UserError(
    `${journalPath(root).absolute} is damaged, so an interrupted change cannot be undone.`,
    {
      hint: 'Look at `git status`, put back what you do not want, then remove the folder .bgsync.',
    },
  );
}
