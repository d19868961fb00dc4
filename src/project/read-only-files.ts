import { join } from 'node:path';
import type { DirectoryEntry, FileSystem } from '../file-system.ts';
import { readLoosely } from './read-loosely.ts';

/** What detection reads of a repo. Paths are relative to its root, with `/`. */
export interface ReadOnlyFiles {
  /** @returns undefined where there is no such file, or none that can be read */
  bytes(path: string): Promise<Buffer | undefined>;
  /** @returns the file's text; undefined where there is none that can be read */
  read(path: string): Promise<string | undefined>;
  exists(path: string): Promise<boolean>;
  /** @returns what is in a folder, sorted by name; links are of kind `other` */
  entries(folder: string): Promise<readonly DirectoryEntry[]>;
}

/** The files below a folder as they are: bytes that are not UTF-8, as a comment in Latin-1, do not matter. */
export const looseFiles = (fs: FileSystem, root: string): ReadOnlyFiles => ({
  bytes: async (path) => {
    const absolute = join(root, path);
    return (await fs.stat(absolute))?.isFile === true ? fs.read(absolute) : undefined;
  },
  read: (path) => readLoosely(fs, join(root, path)),
  exists: (path) => fs.exists(join(root, path)),
  entries: (folder) => fs.entries(join(root, folder)),
});
