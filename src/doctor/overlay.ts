import { basename, dirname, join, relative, sep } from 'node:path';
import type { DirectoryEntry, FileSystem } from '../file-system.ts';

/**
 * A file system as it would be with these files changed. For reading only: what is written goes to the one below.
 *
 * @param files text by absolute path; null for a file that is gone
 */
export function overlay(below: FileSystem, files: ReadonlyMap<string, string | null>): FileSystem {
  /** Whether a changed file is in a folder, at any depth. */
  const holds = (folder: string): boolean =>
    [...files].some(([path, text]) => text !== null && path.startsWith(`${folder}${sep}`));
  const exists = async (path: string): Promise<boolean> => {
    const text = files.get(path);
    if (text !== undefined) return text !== null;
    return holds(path) || (await below.exists(path));
  };
  const entries = async (folder: string): Promise<DirectoryEntry[]> => {
    const found = new Map((await below.entries(folder)).map((entry) => [entry.name, entry]));
    for (const [path, text] of files) {
      const [name = '', ...deeper] = relative(folder, path).split(sep);
      if (name === '..' || name === '') continue;
      if (deeper.length > 0) {
        if (text !== null && !found.has(name)) found.set(name, { name, kind: 'directory' });
      } else if (text === null) found.delete(name);
      else if (!found.has(name)) found.set(name, { name, kind: 'file' });
    }
    return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  };
  return {
    ...below,
    async read(path) {
      const text = files.get(path);
      if (text === undefined) return below.read(path);
      return text === null ? undefined : Buffer.from(text);
    },
    exists,
    async isDirectory(path) {
      return (await below.isDirectory(path)) || holds(path);
    },
    async stat(path) {
      const text = files.get(path);
      if (text === null) return undefined;
      if (text !== undefined) return { isFile: true, size: Buffer.byteLength(text) };
      const found = await below.stat(path);
      return found ?? (holds(path) ? { isFile: false, size: 0 } : undefined);
    },
    async realpath(path) {
      if ((await below.exists(path)) || !(await exists(path))) return below.realpath(path);
      return join(await this.realpath(dirname(path)), basename(path));
    },
    list: async (folder) => (await entries(folder)).map(({ name }) => name),
    entries,
  };
}
