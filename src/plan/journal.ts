import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import * as v from 'valibot';
import { UserError } from '../errors.ts';
import { RefusedError } from '../file-system.ts';
import type { FileSystem } from '../file-system.ts';
import { at, beside, parentOf } from '../place.ts';
import type { Place } from '../place.ts';
import { repoPath } from '../state-schema.ts';
import { failureOf, isDenied } from './failure.ts';
import { hashOf } from './plan.ts';
import { seal, unseal } from './seal.ts';
import { inState, stateFolders } from './state-folder.ts';
import type { StateFolder } from './state-folder.ts';

/**
 * While a plan is applied, what it takes to go back is in a journal, sealed, in a folder of {@link stateFolders}: no commit
 * and no archive can bring one that is believed.
 */
const JOURNAL = 'journal.json';
const LOCK = 'lock';

const entrySchema = v.strictObject({
  path: repoPath,
  /** The file's text before, or null where there was none. */
  before: v.nullable(v.string()),
  /** The file's permission bits before. */
  mode: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0o7777))),
  /** Of the file's text after, or null where it is gone. */
  afterSha256: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
});

const journalSchema = v.strictObject({
  version: v.literal(2),
  entries: v.array(entrySchema),
  /** Folders that the plan creates, deepest first. */
  folders: v.array(repoPath),
});

export type JournalEntry = Readonly<v.InferOutput<typeof entrySchema>>;
export type Journal = Readonly<v.InferOutput<typeof journalSchema>>;

export interface Recovery {
  /** Files put back as they were. */
  readonly restored: readonly string[];
  /** Files that someone changed since: left as they are. */
  readonly left: readonly string[];
}

/** Who changes the app, as it stands in the lock. */
const ownerSchema = v.object({
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Epoch milliseconds. */
  since: v.number(),
  token: v.string(),
  /** The machine, or the container. */
  host: v.optional(v.string()),
});
type Owner = v.InferOutput<typeof ownerSchema>;

/** A lock that this process has. */
export interface HeldLock {
  readonly folder: StateFolder;
  readonly token: string;
}

/** The lock is held while files are written, never while someone is asked: seconds. An older one was left behind. */
const STALE_MS = 10 * 60_000;

/** Tokens of the locks that this process holds. */
const held = new Set<string>();

function isHeld({ pid, since, token, host }: Owner): boolean {
  if (held.has(token)) return true;
  if (Math.abs(Date.now() - since) > STALE_MS) return false;
  // A process of another container cannot be asked for.
  if (host !== undefined && host !== hostname()) return true;
  // In a container every process may have the same id: one that is not ours was left behind by another.
  if (pid === process.pid) return false;
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
    const result = v.safeParse(ownerSchema, JSON.parse(text ?? ''));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Makes this process the only one that changes the app.
 *
 * @throws UserError where another bgsync is at work
 */
export async function acquireLock(fs: FileSystem, root: string): Promise<HeldLock> {
  let denied: unknown;
  for (const folder of await stateFolders(fs, root)) {
    try {
      return await takeLock(fs, folder);
    } catch (error) {
      if (!isDenied(error)) throw error;
      denied = error;
    }
  }
  throw denied;
}

async function takeLock(fs: FileSystem, folder: StateFolder): Promise<HeldLock> {
  const token = randomBytes(8).toString('hex');
  const owner: Owner = { pid: process.pid, since: Date.now(), token, host: hostname() };
  // Before the lock is there to be seen.
  held.add(token);
  try {
    await putLock(fs, folder, owner);
    return { folder, token };
  } catch (error) {
    held.delete(token);
    await removeFolder(fs, folder).catch(() => undefined);
    throw error;
  }
}

async function putLock(fs: FileSystem, folder: StateFolder, owner: Owner): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      await fs.mkdir(
        inState(folder, ''),
        fs.stateFolders.includes(folder.root) ? 0o700 : undefined,
      );
      if (await fs.createExclusive(inState(folder, LOCK), JSON.stringify(owner))) return;
      await removeDeadLock(fs, folder, owner.token);
    } catch (error) {
      // Another process that has just ended took the folder away.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new UserError(`${inState(folder, LOCK).absolute} cannot be taken.`, {
    hint: 'Remove it if no bgsync is running.',
  });
}

const ATTEMPTS = 20;

/** @throws UserError where the lock's owner is at work */
async function removeDeadLock(fs: FileSystem, folder: StateFolder, token: string): Promise<void> {
  const place = inState(folder, LOCK);
  const found = (await fs.read(place))?.toString('utf8');
  if (found === undefined) return;
  const owner = parseOwner(found);
  if (owner !== undefined && isHeld(owner)) throw atWork(owner, place);
  // Taken away by a rename: of two processes that find the same dead owner, one gets it.
  const grave = beside(place, `.lock.${token.slice(0, 8)}.bgsync`);
  await fs.rename(place, grave);
  const taken = (await fs.read(grave))?.toString('utf8');
  if (taken !== found && taken !== undefined) {
    // Between the look and the rename another process had taken it over: it gets it back.
    await fs.createExclusive(place, taken);
    await fs.remove(grave);
    throw atWork(parseOwner(taken), place);
  }
  await fs.remove(grave);
}

function atWork(owner: Owner | undefined, { absolute }: Place): UserError {
  const isElsewhere = owner?.host !== undefined && owner.host !== hostname();
  const where = isElsewhere ? ` on ${owner.host ?? ''}` : '';
  return new UserError(
    `Another bgsync (process ${owner?.pid ?? 'unknown'}${where}) is changing this app.`,
    {
      hint: isElsewhere
        ? `Wait until it has ended, then run again. If it was ended by force, remove ${absolute}.`
        : 'Wait until it has ended, then run again.',
    },
  );
}

/** Never throws: what is left of a lock is that of a process that ended, and is taken over. */
export async function releaseLock(fs: FileSystem, { folder, token }: HeldLock): Promise<void> {
  try {
    for (const name of await fs.list(inState(folder, ''))) {
      if (isPart(name)) await fs.remove(inState(folder, name));
    }
    await fs.remove(inState(folder, LOCK));
    await removeFolder(fs, folder);
  } catch {
    // The work is done, or its failure is what has to be told.
  } finally {
    held.delete(token);
  }
}

/** Where no one holds it or has left something in it. */
async function removeFolder(fs: FileSystem, folder: StateFolder): Promise<void> {
  const place = inState(folder, '');
  await fs.removeEmptyDirectory(place);
  const above = parentOf(place);
  if (above !== undefined) await fs.removeEmptyDirectory(above);
}

export async function writeJournal(
  fs: FileSystem,
  { folder }: HeldLock,
  journal: Journal,
): Promise<void> {
  await fs.write(inState(folder, JOURNAL), await seal(fs, JSON.stringify(journal)), 0o600);
}

export const removeJournal = (fs: FileSystem, { folder }: HeldLock): Promise<void> =>
  fs.remove(inState(folder, JOURNAL));

/** Where the journal of a change is that was interrupted, or is being made. Absolute. */
export async function findJournal(fs: FileSystem, root: string): Promise<string | undefined> {
  for (const folder of await stateFolders(fs, root)) {
    if (!(await fs.exists(at(folder.root, folder.above)).catch(() => true))) continue;
    const place = inState(folder, JOURNAL);
    if (await fs.exists(place).catch(() => true)) return place.absolute;
  }
  return undefined;
}

/** Puts back what an interrupted plan had changed. The caller holds the lock. */
export async function rollBack(
  fs: FileSystem,
  root: string,
  { entries, folders }: Pick<Journal, 'entries' | 'folders'>,
): Promise<Recovery> {
  const restored: string[] = [];
  const left: string[] = [];
  for (const { path, before, mode, afterSha256 } of [...entries].reverse()) {
    const place = at(root, path);
    await removeParts(fs, place);
    const current = await currentText(fs, place);
    if (current === (before ?? undefined)) continue;
    if (current === null || hashOf(current) !== afterSha256) {
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
  for (const folder of folders) await fs.removeEmptyDirectory(at(root, folder));
  return { restored, left };
}

/** @returns null for what is no file of bgsync's: a folder, a link out, something larger */
async function currentText(fs: FileSystem, place: Place): Promise<string | null | undefined> {
  try {
    return (await fs.read(place))?.toString('utf8');
  } catch (error) {
    if (error instanceof RefusedError && error.why !== 'system') return null;
    throw error;
  }
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
 * @throws UserError where another bgsync is still at work, or what is there cannot be undone
 */
export async function recover(fs: FileSystem, root: string): Promise<Recovery | undefined> {
  let recovery: Recovery | undefined;
  for (const folder of await stateFolders(fs, root)) {
    if (!(await fs.exists(inState(folder, '')))) continue;
    try {
      const lock = await takeLock(fs, folder);
      try {
        recovery = (await recoverHeld(fs, root, lock)) ?? recovery;
      } finally {
        await releaseLock(fs, lock);
      }
    } catch (error) {
      if (error instanceof UserError && !(error instanceof RefusedError)) throw error;
      throw new UserError(
        `An earlier bgsync was interrupted, and what it left half done cannot be undone: ${failureOf(error)}.`,
        { hint: 'Mend that and run again: everything it takes to go back is kept.' },
      );
    }
  }
  return recovery;
}

/** {@link recover} for who holds the lock. */
export async function recoverHeld(
  fs: FileSystem,
  root: string,
  lock: HeldLock,
): Promise<Recovery | undefined> {
  const place = inState(lock.folder, JOURNAL);
  const sealed = (await fs.read(place))?.toString('utf8');
  if (sealed === undefined) return undefined;
  const journal = await openJournal(fs, place, sealed);
  const recovery = await rollBack(fs, root, journal);
  await removeJournal(fs, lock);
  return recovery;
}

async function openJournal(fs: FileSystem, { absolute }: Place, sealed: string): Promise<Journal> {
  const refuse = (why: string): UserError =>
    new UserError(`${absolute} ${why}, so it is not carried out.`, {
      hint: 'A change of bgsync’s may be half done: look at `git status`, put back what you do not want, then remove that file.',
    });
  const text = await unseal(fs, sealed);
  if (text === undefined) {
    throw refuse('is damaged, or was not written by your bgsync on this machine');
  }
  const result = v.safeParse(journalSchema, JSON.parse(text));
  if (!result.success) throw refuse('was written by another version of bgsync');
  return result.output;
}
