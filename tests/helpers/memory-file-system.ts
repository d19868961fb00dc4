import { posix } from 'node:path';
import type { DirectoryEntry, FileSystem } from '../../src/file-system.ts';

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

  return {
    read: (path) => Promise.resolve(contentOf(path)),
    exists: (path) => Promise.resolve(exists(path)),
    isWritable: (path) => Promise.resolve(exists(path)),
    isDirectory: (path) => Promise.resolve(isDirectory(path)),
    isSymlink(path) {
      const found = tree.get(posix.resolve('/', path));
      return Promise.resolve(typeof found === 'object' && 'link' in found);
    },
    realpath(path) {
      const found = exists(path) ? real(path) : undefined;
      if (found !== undefined) return Promise.resolve(found);
      return Promise.reject(Object.assign(new Error('ENOENT'), { code: 'ENOENT' }));
    },
    stat(path) {
      const content = contentOf(path);
      if (content !== undefined) return Promise.resolve({ isFile: true, size: content.length });
      return Promise.resolve(isDirectory(path) ? { isFile: false, size: 0 } : undefined);
    },
    list: (path) => Promise.resolve(entries(path).map(({ name }) => name)),
    entries: (path) => Promise.resolve(entries(path)),
    mode: (path) => Promise.resolve(exists(path) ? 0o644 : undefined),
    mkdir: () => Promise.resolve(),
    write(path, content) {
      tree.set(real(path), content);
      return Promise.resolve();
    },
    rename(from, to) {
      const content = tree.get(real(from));
      if (content === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
      tree.delete(real(from));
      tree.set(real(to), content);
      return Promise.resolve();
    },
    createExclusive(path, content) {
      if (exists(path)) return Promise.resolve(false);
      tree.set(real(path), content);
      return Promise.resolve(true);
    },
    remove(path) {
      tree.delete(posix.resolve('/', path));
      return Promise.resolve();
    },
    removeEmptyDirectory: () => Promise.resolve(),
  };
}
