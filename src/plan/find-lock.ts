import { posix } from 'node:path';
import { CONFIG_FILE, readConfigText } from '../config.ts';
import { UserError } from '../errors.ts';
import type { FileSystem } from '../file-system.ts';
import { at, tryAt } from '../place.ts';
import { readText } from '../project/read-text.ts';
import { printableLine } from '../terminal.ts';
import { LOCK_FILE, newerLock, readLockText } from './lock-file.ts';
import type { LockFile } from './lock-file.ts';

export interface FoundLock {
  /** Relative to the app's root. */
  readonly path: string;
  /** Undefined where the file cannot be read as a lock file. */
  readonly lock: LockFile | undefined;
  /** Why not. */
  readonly problem?: string;
}

export const unreadableLock = ({ path, problem = '' }: FoundLock): UserError =>
  new UserError(
    `${path} cannot be read, so bgsync cannot tell your changes from its own: ${problem}.`,
    {
      hint: `Put it back (git checkout ${path}), or remove ${posix.dirname(path)} to have it made anew.`,
    },
  );

/** Folders that hold thousands of files and never a package of the app's own. */
const PASSED_OVER = new Set(['node_modules', 'Pods', 'build', 'DerivedData', 'dist', 'vendor']);
const DEEPEST = 4;

/**
 * Finds the lock file: in the folder that the config names, else in the one that its `$schema` still names, else
 * anywhere near the app's root. The config may name another folder by now.
 *
 * @param moduleDir where it is where there is no config
 */
export async function findLock(
  fs: FileSystem,
  root: string,
  moduleDir: string,
): Promise<FoundLock | undefined> {
  const text = await readText(fs, at(root, CONFIG_FILE));
  for (const folder of [moduleDir, ...foldersOf(text)]) {
    const found = await readLock(fs, root, folder);
    if (found !== undefined) return found;
  }
  return text === undefined ? undefined : searchLock(fs, root);
}

/** Looks for a lock file anywhere near the app's root. */
export const searchLock = (fs: FileSystem, root: string): Promise<FoundLock | undefined> =>
  search(fs, root, '', DEEPEST);

function foldersOf(text: string | undefined): string[] {
  const result = text === undefined ? undefined : readConfigText(text);
  if (result?.ok !== true) return [];
  const { moduleDir, $schema } = result.config;
  return [moduleDir, ...($schema === undefined ? [] : [posix.dirname(posix.normalize($schema))])];
}

/** @throws UserError for one of a newer bgsync, which this one would damage */
async function readLock(
  fs: FileSystem,
  root: string,
  folder: string,
): Promise<FoundLock | undefined> {
  const path = posix.join(folder, LOCK_FILE);
  const place = tryAt(root, path);
  const text = place && (await readText(fs, place));
  if (text === undefined) return undefined;
  const { lock, problem } = readLockText(text);
  const newer = newerLock(text);
  if (newer !== undefined) {
    throw new UserError(
      `${path} was written by bgsync ${printableLine(newer)}, which is newer than this one.`,
      {
        hint: 'Run that version, or the newest: npx bgsync@latest',
      },
    );
  }
  // The package's folder may have been moved by hand.
  if (lock === undefined) return { path, lock, problem: printableLine(problem) };
  return { path, lock: { ...lock, moduleDir: posix.dirname(path) } };
}

async function search(
  fs: FileSystem,
  root: string,
  folder: string,
  levels: number,
): Promise<FoundLock | undefined> {
  const found = await readLock(fs, root, folder);
  if (found !== undefined || levels === 0) return found;
  for (const { name, kind } of await fs.entries(at(root, folder))) {
    if (kind !== 'directory' || name.startsWith('.') || PASSED_OVER.has(name)) continue;
    const deeper = await search(fs, root, posix.join(folder, name), levels - 1);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}
