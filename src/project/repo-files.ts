import { isUtf8 } from 'node:buffer';
import { isAbsolute, join, posix, relative, sep } from 'node:path';
import type { DirectoryEntry, FileSystem } from '../file-system.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';

/** A file beyond it is generated or data, and not read. */
const LARGEST_FILE = 2 * 1024 * 1024;

/** Something that was not looked at. */
export interface Note {
  /** Relative to the root. */
  readonly path: string;
  readonly reason: string;
}

/**
 * The repo's files, each read once. Nothing outside of the root is read, not through a link either, and nothing that is
 * no regular file; what cannot be read is noted, never thrown.
 */
export class RepoFiles implements ReadOnlyFiles {
  private readonly fs: FileSystem;
  private readonly root: string;
  private readonly realRoot: string;
  private readonly contents = new Map<string, Promise<Buffer | undefined>>();
  private readonly texts = new Map<string, Promise<string | undefined>>();
  private readonly folders = new Map<string, Promise<readonly DirectoryEntry[]>>();
  private readonly present = new Map<string, Promise<boolean>>();
  private readonly noted = new Map<string, string>();

  private constructor(fs: FileSystem, root: string, realRoot: string) {
    this.fs = fs;
    this.root = root;
    this.realRoot = realRoot;
  }

  static async open(fs: FileSystem, root: string): Promise<RepoFiles> {
    return new RepoFiles(fs, root, await fs.realpath(root));
  }

  /** In the order of their paths. */
  get notes(): readonly Note[] {
    return [...this.noted]
      .map(([path, reason]) => ({ path, reason }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  note(path: string, reason: string): void {
    this.noted.set(path, reason);
  }

  /** @returns undefined where there is no such file, or none that can be read */
  bytes(path: string): Promise<Buffer | undefined> {
    return cached(this.contents, path, () => this.readBytes(path));
  }

  /** @returns the file's text with its byte order mark; undefined where it is none that can be read */
  read(path: string): Promise<string | undefined> {
    return cached(this.texts, path, async () => {
      const bytes = await this.bytes(path);
      if (bytes === undefined) return undefined;
      const text = decode(bytes);
      if (text === undefined) this.note(path, 'it is not UTF-8 text');
      return text;
    });
  }

  /** @returns what is in a folder, sorted by name; links are of kind `other` */
  entries(folder: string): Promise<readonly DirectoryEntry[]> {
    return cached(this.folders, folder, async () => {
      try {
        if (!(await this.isInside(folder))) return [];
        return await this.fs.entries(join(this.root, folder));
      } catch (error) {
        this.note(folder, `it cannot be listed: ${messageOf(error)}`);
        return [];
      }
    });
  }

  exists(path: string): Promise<boolean> {
    return cached(this.present, path, () => this.isInside(path).catch(() => false));
  }

  private async readBytes(path: string): Promise<Buffer | undefined> {
    try {
      if (leavesRoot(path)) return undefined;
      const absolute = join(this.root, path);
      const [found, isInside] = await Promise.all([this.fs.stat(absolute), this.isInside(path)]);
      if (found?.isFile !== true) return undefined;
      if (!isInside) {
        this.note(path, 'it is a link out of the repo');
        return undefined;
      }
      if (found.size > LARGEST_FILE) {
        this.note(path, `it has ${found.size} bytes; up to ${LARGEST_FILE} are read`);
        return undefined;
      }
      return await this.fs.read(absolute);
    } catch (error) {
      this.note(path, `it cannot be read: ${messageOf(error)}`);
      return undefined;
    }
  }

  /** Whether it is there and, links followed, inside the root. */
  private async isInside(path: string): Promise<boolean> {
    if (leavesRoot(path)) return false;
    let real: string;
    try {
      real = relative(this.realRoot, await this.fs.realpath(join(this.root, path)));
    } catch (error) {
      if (isAbsence(error)) return false;
      throw error;
    }
    // On Windows, another drive stays absolute.
    return real !== '..' && !real.startsWith(`..${sep}`) && !isAbsolute(real);
  }
}

const isAbsence = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '');

const leavesRoot = (path: string): boolean =>
  path.includes('..') && /^\.\.(?:\/|$)/.test(posix.normalize(path));

function cached<T>(map: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

const messageOf = (error: unknown): string => {
  const code = (error as NodeJS.ErrnoException).code;
  return code ?? (error instanceof Error ? error.message : String(error));
};

/** @returns undefined where the bytes are no text */
const decode = (bytes: Buffer): string | undefined =>
  bytes.includes(0) || !isUtf8(bytes) ? undefined : bytes.toString('utf8');
