import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import {
  access,
  lstat,
  open,
  readFile,
  readdir,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import fse from 'fs-extra';

/** What commands do with files. Paths are absolute. */
export interface FileSystem {
  /** @returns undefined where there is no such file */
  read(path: string): Promise<Buffer | undefined>;
  exists(path: string): Promise<boolean>;
  isWritable(path: string): Promise<boolean>;
  isDirectory(path: string): Promise<boolean>;
  isSymlink(path: string): Promise<boolean>;
  realpath(path: string): Promise<string>;
  /** Names, sorted; none where there is no such folder. */
  list(path: string): Promise<string[]>;
  mkdir(path: string): Promise<void>;
  /** Written beside the file, flushed, then renamed over it: the old bytes or the new ones, never a part. Keeps the mode. */
  write(path: string, content: Buffer | string): Promise<void>;
  /** @returns false where the file is there already */
  createExclusive(path: string, content: string): Promise<boolean>;
  remove(path: string): Promise<void>;
  /** Removes a folder that is empty; leaves any other. */
  removeEmptyDirectory(path: string): Promise<void>;
}

const absent = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

async function orUndefined<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (absent(error)) return undefined;
    throw error;
  }
}

export const fileSystem: FileSystem = {
  read: (path) => orUndefined(readFile(path)),
  exists: async (path) => (await orUndefined(stat(path))) !== undefined,
  isWritable: (path) =>
    access(path, constants.W_OK).then(
      () => true,
      () => false,
    ),
  isDirectory: async (path) => (await orUndefined(stat(path)))?.isDirectory() ?? false,
  isSymlink: async (path) => (await orUndefined(lstat(path)))?.isSymbolicLink() ?? false,
  realpath,
  list: async (path) => ((await orUndefined(readdir(path))) ?? []).sort(),
  mkdir: (path) => fse.ensureDir(path),
  async write(path, content) {
    const mode = (await orUndefined(stat(path)))?.mode ?? 0o666;
    const part = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.bgsync`);
    const handle = await open(part, 'wx', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } catch (error) {
      await handle.close();
      await rm(part, { force: true });
      throw error;
    }
    await handle.close();
    await rename(part, path);
  },
  async createExclusive(path, content) {
    try {
      await writeFile(path, content, { flag: 'wx' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
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
