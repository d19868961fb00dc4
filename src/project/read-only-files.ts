import type { DirectoryEntry, FileSystem } from '../file-system.ts';
import { tryAt } from '../place.ts';
import { readIfFile, readLoosely } from './read-text.ts';

/** What detection reads of a repo. Paths are relative to its root, with `/`. */
export interface ReadOnlyFiles {
  /** @returns undefined where there is no such file, or none that can be read */
  bytes(path: string): Promise<Buffer | undefined>;
  /** @returns the file's text; undefined where there is none that can be read */
  read(path: string): Promise<string | undefined>;
  exists(path: string): Promise<boolean>;
  /** Whether there is no file of that name; false, too, where the one that is there may not be read. */
  isAbsent(path: string): Promise<boolean>;
  /** @returns what is in a folder, sorted by name; links are of kind `other` */
  entries(folder: string): Promise<readonly DirectoryEntry[]>;
}

/**
 * The files below a folder as they are: bytes that are not UTF-8, as a comment in Latin-1, do not matter. A path that
 * leads out of the folder is one of no file; a file that is there and cannot be read is an error.
 */
export const looseFiles = (fs: FileSystem, root: string): ReadOnlyFiles => ({
  bytes: async (path) => {
    const place = tryAt(root, path);
    return place && readIfFile(fs, place);
  },
  read: (path) => readLoosely(fs, tryAt(root, path)),
  exists: async (path) => {
    const place = tryAt(root, path);
    return place !== undefined && fs.exists(place);
  },
  isAbsent: async (path) => {
    const place = tryAt(root, path);
    return place === undefined || (await readIfFile(fs, place)) === undefined;
  },
  entries: async (folder) => {
    const place = tryAt(root, folder);
    return place === undefined ? [] : fs.entries(place);
  },
});
