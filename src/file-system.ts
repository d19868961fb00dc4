import { randomBytes } from 'node:crypto';
import {
  accessSync,
  constants,
  lstatSync,
  readFileSync,
  readdirSync,
  realpathSync,
  statSync,
} from 'node:fs';
import type { Stats } from 'node:fs';
import { link, open, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'other';
}

/**
 * What commands do with files. Paths are absolute. Reading blocks, whatever the promises say: a command has nothing else
 * to do meanwhile, and hundreds of small files take a fraction of the time.
 */
export interface FileSystem {
  /** @returns undefined where there is no such file */
  read(path: string): Promise<Buffer | undefined>;
  exists(path: string): Promise<boolean>;
  isWritable(path: string): Promise<boolean>;
  isDirectory(path: string): Promise<boolean>;
  isSymlink(path: string): Promise<boolean>;
  realpath(path: string): Promise<string>;
  /** What a path leads to, links followed. @returns undefined where there is nothing */
  stat(path: string): Promise<{ readonly isFile: boolean; readonly size: number } | undefined>;
  /** Names, sorted; none where there is no such folder. */
  list(path: string): Promise<string[]>;
  /** What is in a folder, sorted by name; none where there is no such folder. Links are not followed. */
  entries(path: string): Promise<DirectoryEntry[]>;
  mkdir(path: string): Promise<void>;
  /** The permission bits; undefined where there is no such file. */
  mode(path: string): Promise<number | undefined>;
  /**
   * Written beside the file, flushed, then renamed over it: the old bytes or the new ones, never a part. Both the file
   * and its folder are on disk when it returns.
   *
   * @param mode permission bits; by default those that the file has
   */
  write(path: string, content: Buffer | string, mode?: number): Promise<void>;
  /** @throws where `from` is not there */
  rename(from: string, to: string): Promise<void>;
  /** @returns false where the file is there already */
  createExclusive(path: string, content: string): Promise<boolean>;
  remove(path: string): Promise<void>;
  /** Removes a folder that is empty; leaves any other. */
  removeEmptyDirectory(path: string): Promise<void>;
}

/** A link that leads round in a circle leads to nothing, as one does whose file is gone. */
const absent = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '');

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (absent(error)) return undefined;
    throw error;
  }
}

/** A renamed file is in its folder for good once the folder is flushed; Windows cannot, and need not. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What file systems without hard links say. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'];

async function createByFlag(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

const statOf = (path: string): Stats | undefined =>
  orUndefined(() => statSync(path, { throwIfNoEntry: false }));

/* eslint-disable @typescript-eslint/require-await -- what is thrown has to arrive as a rejection */
export const fileSystem: FileSystem = {
  read: async (path) => orUndefined(() => readFileSync(path)),
  exists: async (path) => statOf(path) !== undefined,
  async isWritable(path) {
    try {
      accessSync(path, constants.W_OK);
      return true;
    } catch {
      return false;
    }
  },
  isDirectory: async (path) => statOf(path)?.isDirectory() ?? false,
  isSymlink: async (path) =>
    orUndefined(() => lstatSync(path, { throwIfNoEntry: false }))?.isSymbolicLink() ?? false,
  realpath: async (path) => realpathSync.native(path),
  async stat(path) {
    const found = statOf(path);
    return found && { isFile: found.isFile(), size: found.size };
  },
  list: async (path) => (orUndefined(() => readdirSync(path)) ?? []).sort(),
  async entries(path) {
    const found = orUndefined(() => readdirSync(path, { withFileTypes: true })) ?? [];
    return found
      .map((entry): DirectoryEntry => {
        const kind = entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : 'other';
        return { name: entry.name, kind };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  },
  async mkdir(path) {
    // Loaded by what writes alone: most commands only read.
    const { ensureDir } = await import('fs-extra/esm');
    await ensureDir(path);
  },
  async mode(path) {
    const found = statOf(path);
    return found && found.mode & 0o7777;
  },
  async write(link, content, mode) {
    // A rename would put the file in the link's place.
    const path = (await fileSystem.isSymlink(link)) ? realpathSync.native(link) : link;
    const bits = mode ?? (await fileSystem.mode(path));
    const part = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.bgsync`);
    const handle = await open(part, 'wx', bits ?? 0o666);
    try {
      await handle.writeFile(content);
      // The process's umask was taken off the mode that `open` was given.
      if (bits !== undefined) await handle.chmod(bits);
      await handle.sync();
      await handle.close();
      await rename(part, path);
    } catch (error) {
      await handle.close().catch(() => undefined);
      await rm(part, { force: true });
      throw error;
    }
    await syncDirectory(dirname(path));
  },
  rename,
  async createExclusive(path, content) {
    const part = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.bgsync`);
    try {
      await writeFile(part, content, { flag: 'wx' });
      // Never seen empty: the name appears with the content.
      await link(part, path);
      return true;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (code === 'EEXIST') return false;
      if (!NO_LINKS.includes(code)) throw error;
      return await createByFlag(path, content);
    } finally {
      await rm(part, { force: true });
    }
  },
  remove: (path) => rm(path, { force: true }),
  async removeEmptyDirectory(path) {
    try {
      await rmdir(path);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (!absent(error) && !['ENOTEMPTY', 'EEXIST'].includes(code)) throw error;
    }
  },
};
/* eslint-enable @typescript-eslint/require-await */
