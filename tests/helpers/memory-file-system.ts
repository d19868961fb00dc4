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
  const isLink = (file: MemoryFile | undefined): file is { readonly link: string } =>
    typeof file === 'object' && 'link' in file;

  let isKnown = false;
  let hasLinks = false;
  const folders = new Map<string, Map<string, DirectoryEntry>>();
  /** What is in each folder, once until something changes: a run asks a thousand times. */
  const known = (): typeof folders => {
    if (isKnown) return folders;
    isKnown = true;
    hasLinks = false;
    folders.clear();
    folders.set('/', new Map());
    const put = (path: string, kind: DirectoryEntry['kind']): void => {
      const [above, name] = [posix.dirname(path), posix.basename(path)];
      const isNew = !folders.has(above);
      const entries = folders.get(above) ?? new Map<string, DirectoryEntry>();
      folders.set(above, entries.set(name, { name, kind }));
      if (isNew) put(above, 'directory');
    };
    for (const [path, content] of tree) {
      hasLinks ||= isLink(content);
      put(path, isLink(content) ? 'other' : 'file');
    }
    return folders;
  };
  const change = (how: () => void): void => {
    how();
    isKnown = false;
  };

  const real = (path: string, followed = 0): string => {
    // Round in a circle: nothing has this name.
    if (followed > 32) return '\0';
    known();
    if (!hasLinks) return posix.resolve('/', path);
    let at = '';
    const parts = posix.resolve('/', path).split('/').slice(1);
    for (const [index, part] of parts.entries()) {
      at = `${at}/${part}`;
      const found = tree.get(at);
      if (isLink(found)) {
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
    return found === undefined || isLink(found) ? undefined : Buffer.from(found);
  };
  const isDirectory = (path: string): boolean => known().has(real(path));
  const exists = (path: string): boolean => {
    const found = tree.get(real(path));
    return (found !== undefined && !isLink(found)) || isDirectory(path);
  };

  const entries = (path: string): DirectoryEntry[] =>
    [...(known().get(real(path))?.values() ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1));

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
      return isLink(tree.get(posix.resolve('/', absolute)));
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
      const path = real(absolute);
      change(() => tree.set(path, content));
    },
    async rename(from, to) {
      const content = tree.get(real(from.absolute));
      if (content === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
      const [old, now] = [real(from.absolute), real(to.absolute)];
      change(() => {
        tree.delete(old);
        tree.set(now, content);
      });
    },
    async createExclusive({ absolute }, content) {
      if (exists(absolute)) return false;
      const path = real(absolute);
      change(() => tree.set(path, content));
      return true;
    },
    async remove({ absolute }) {
      change(() => tree.delete(posix.resolve('/', absolute)));
    },
    removeEmptyDirectory: () => Promise.resolve(),
  };
  /* eslint-enable @typescript-eslint/require-await */
}
