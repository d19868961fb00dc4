import { posix } from 'node:path';
import { RefusedError, isWithin, limitOf, linkedOut } from '../../src/file-system.ts';
import type { DirectoryEntry, FileSystem } from '../../src/file-system.ts';
import type { Place } from '../../src/place.ts';

/** A file's content, or the absolute path that a link leads to. */
export type MemoryFile = string | Buffer | { readonly link: string };

/** A file system in memory, for tests that need no real one. Folders are there because files are in them. */
export function memoryFileSystem(files: Readonly<Record<string, MemoryFile>>): FileSystem {
  const tree = new Map<string, MemoryFile>(
    Object.entries(files).map(([path, content]) => [posix.resolve('/', path), content]),
  );
  const folders = (): Set<string> => {
    const all = new Set(['/']);
    for (const path of tree.keys()) {
      for (let at = posix.dirname(path); !all.has(at); at = posix.dirname(at)) all.add(at);
    }
    return all;
  };
  const real = (path: string, followed = 0): string => {
    // Round in a circle: nothing has this name.
    if (followed > 32) return '\0';
    let at = '';
    const parts = posix.resolve('/', path).split('/').slice(1);
    for (const [index, part] of parts.entries()) {
      at = `${at}/${part}`;
      const found = tree.get(at);
      if (typeof found === 'object' && 'link' in found) {
        const rest = parts.slice(index + 1);
        return real(
          posix.join(posix.resolve(posix.dirname(at), found.link), ...rest),
          followed + 1,
        );
      }
    }
    return at;
  };
  const contentOf = (path: string): Buffer | undefined => {
    const found = tree.get(real(path));
    if (found === undefined || (typeof found === 'object' && 'link' in found)) return undefined;
    return Buffer.from(found);
  };
  const isDirectory = (path: string): boolean => folders().has(real(path));
  const exists = (path: string): boolean => contentOf(path) !== undefined || isDirectory(path);

  const entries = (path: string): DirectoryEntry[] => {
    const folder = real(path);
    const prefix = folder === '/' ? '/' : `${folder}/`;
    const found = new Map<string, DirectoryEntry>();
    for (const [file, content] of tree) {
      if (!file.startsWith(prefix)) continue;
      const [name = '', below] = file.slice(prefix.length).split('/');
      const isLink = typeof content === 'object' && 'link' in content;
      const kind = below !== undefined ? 'directory' : isLink ? 'other' : 'file';
      found.set(name, { name, kind });
    }
    return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  };

  /** As the real one does. */
  const requireInside = (place: Place): void => {
    if (place.links === 'anywhere' || place.path === '' || !exists(place.absolute)) return;
    if (!isWithin(real(place.root), real(place.absolute))) throw linkedOut(place);
  };

  /* eslint-disable @typescript-eslint/require-await -- what is thrown has to arrive as a rejection */
  return {
    stateFolders: ['/state'],
    isPrivate: async ({ absolute }) => exists(absolute),
    async read(place) {
      requireInside(place);
      const content = contentOf(place.absolute);
      if (content !== undefined && content.length > limitOf(place)) {
        const reason = `has ${content.length} bytes; bgsync reads up to ${limitOf(place)} of such a file`;
        throw new RefusedError('size', place.absolute, reason);
      }
      return content;
    },
    exists: async ({ absolute }) => exists(absolute),
    isWritable: async ({ absolute }) => exists(absolute),
    isDirectory: async ({ absolute }) => isDirectory(absolute),
    async isSymlink({ absolute }) {
      const found = tree.get(posix.resolve('/', absolute));
      return typeof found === 'object' && 'link' in found;
    },
    async realpath({ absolute }) {
      if (exists(absolute)) return real(absolute);
      throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
    },
    async list(place) {
      requireInside(place);
      return entries(place.absolute).map(({ name }) => name);
    },
    async entries(place) {
      requireInside(place);
      return entries(place.absolute);
    },
    mode: async ({ absolute }) => (exists(absolute) ? 0o644 : undefined),
    mkdir: () => Promise.resolve(),
    async write({ absolute }, content) {
      tree.set(real(absolute), content);
    },
    async rename(from, to) {
      const content = tree.get(real(from.absolute));
      if (content === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
      tree.delete(real(from.absolute));
      tree.set(real(to.absolute), content);
    },
    async createExclusive({ absolute }, content) {
      if (exists(absolute)) return false;
      tree.set(real(absolute), content);
      return true;
    },
    async remove({ absolute }) {
      tree.delete(posix.resolve('/', absolute));
    },
    removeEmptyDirectory: () => Promise.resolve(),
  };
  /* eslint-enable @typescript-eslint/require-await */
}
