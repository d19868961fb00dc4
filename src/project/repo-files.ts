import { isUtf8 } from 'node:buffer';
import { RefusedError } from '../file-system.ts';
import type { DirectoryEntry, FileSystem } from '../file-system.ts';
import { tryAt } from '../place.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';

/** Something that was not looked at. */
export interface Note {
  /** Relative to the root. */
  readonly path: string;
  readonly reason: string;
  /** The check that can tell, where the app’s own tools are run. */
  readonly answeredBy?: string;
  /** The one check that could not look; else all that read such a file. */
  readonly only?: string;
}

/**
 * The repo's files, each read once. Nothing outside of the root is read, not through a link either, and nothing that is
 * no regular file; what cannot be read is noted, never thrown.
 */
export class RepoFiles implements ReadOnlyFiles {
  private readonly fs: FileSystem;
  private readonly root: string;
  private readonly contents = new Map<string, Promise<Buffer | undefined>>();
  private readonly texts = new Map<string, Promise<string | undefined>>();
  private readonly folders = new Map<string, Promise<readonly DirectoryEntry[]>>();
  private readonly present = new Map<string, Promise<boolean>>();
  private readonly refused = new Map<string, RefusedError['why']>();
  private readonly noted = new Map<string, Omit<Note, 'path'>>();

  /** @param root absolute */
  constructor(fs: FileSystem, root: string) {
    this.fs = fs;
    this.root = root;
  }

  /** In the order of their paths. */
  get notes(): readonly Note[] {
    return [...this.noted]
      .map(([path, about]) => ({ path, ...about }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** The last reason of a path counts; one for a single check does not take the place of another. */
  note(path: string, reason: string, about: Pick<Note, 'answeredBy' | 'only'> = {}): void {
    if (about.only !== undefined && this.noted.has(path)) return;
    this.noted.set(path, { reason, ...about });
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
    return cached(this.folders, folder, () => {
      const place = tryAt(this.root, folder);
      return this.noting(folder, [], async () => {
        if (place === undefined) return [];
        return this.fs.entries(place).catch((error: unknown) => {
          // As of every link, there is nothing below it: walks pass them over, too.
          if (error instanceof RefusedError && error.why === 'link') return [];
          throw error;
        });
      });
    });
  }

  exists(path: string): Promise<boolean> {
    return cached(this.present, path, async () => {
      const place = tryAt(this.root, path);
      if (place === undefined) return false;
      return this.noting(path, false, () => this.fs.exists(place));
    });
  }

  async isAbsent(path: string): Promise<boolean> {
    return (await this.bytes(path)) === undefined && !this.refused.has(path);
  }

  /** Whether the system refused what stands there, or something below, so far as it was asked for. */
  isRefused(path: string): boolean {
    return [...this.refused].some(
      ([one, why]) => why === 'system' && (one === path || one.startsWith(`${path}/`)),
    );
  }

  private readBytes(path: string): Promise<Buffer | undefined> {
    return this.noting(path, undefined, async () => {
      const place = tryAt(this.root, path);
      if (place === undefined) return undefined;
      const bytes = await this.fs.read(place).catch(async (error: unknown) => {
        if (error instanceof RefusedError && error.why === 'kind') {
          if (await this.fs.isDirectory(place)) return undefined;
        }
        throw error;
      });
      if (bytes !== undefined && isHalfMerged(bytes))
        this.note(path, 'a merge of it is not finished: it has both sides');
      return bytes;
    });
  }

  /** What is refused counts as not there, and is noted. */
  private async noting<T>(path: string, otherwise: T, look: () => Promise<T>): Promise<T> {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      this.refused.set(path, error.why);
      this.note(path, `it ${error.reason}`);
      return otherwise;
    }
  }
}

/**
 * The same files for what is looked at for single facts, as build files are: bytes that are not UTF-8, such as a comment
 * in Latin-1, do not matter.
 */
export const loosely = (files: RepoFiles): ReadOnlyFiles => ({
  bytes: (path) => files.bytes(path),
  read: async (path) => {
    const bytes = await files.bytes(path);
    return bytes && new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  },
  exists: (path) => files.exists(path),
  isAbsent: (path) => files.isAbsent(path),
  entries: (folder) => files.entries(folder),
});

function cached<T>(map: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

const [OURS, LATER_OURS, THEIRS] = ['<<<<<<< ', '\n<<<<<<< ', '\n>>>>>>> '];

/** Whether a file has the marks of a conflict: https://git-scm.com/docs/git-merge#_how_conflicts_are_presented */
const isHalfMerged = (bytes: Buffer): boolean =>
  bytes.includes(LATER_OURS) ||
  bytes.includes(THEIRS) ||
  bytes.subarray(0, OURS.length).toString('latin1') === OURS;

/** @returns undefined where the bytes are no text */
const decode = (bytes: Buffer): string | undefined =>
  bytes.includes(0) || !isUtf8(bytes) ? undefined : bytes.toString('utf8');
