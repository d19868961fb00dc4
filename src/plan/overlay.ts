import { basename, join, relative, sep } from 'node:path';
import type { DirectoryEntry, FileSystem } from '../file-system.ts';
import { parentOf } from '../place.ts';
import type { Place } from '../place.ts';

/**
 * A file system as it would be with these files changed. For reading only: what is written goes to the one below.
 *
 * @param files text by absolute path; null for a file that is gone
 */
export function overlay(below: FileSystem, files: ReadonlyMap<string, string | null>): FileSystem {
  /** Whether a changed file is in a folder, at any depth. */
  const holds = (folder: string): boolean =>
    [...files].some(([path, text]) => text !== null && path.startsWith(`${folder}${sep}`));
  const exists = async (place: Place): Promise<boolean> => {
    const text = files.get(place.absolute);
    if (text !== undefined) return text !== null;
    return holds(place.absolute) || (await below.exists(place));
  };
  const entries = async (folder: Place): Promise<DirectoryEntry[]> => {
    const found = new Map((await below.entries(folder)).map((entry) => [entry.name, entry]));
    for (const [path, text] of files) {
      const [name = '', ...deeper] = relative(folder.absolute, path).split(sep);
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
    async read(place) {
      const text = files.get(place.absolute);
      if (text === undefined) return below.read(place);
      return text === null ? undefined : Buffer.from(text);
    },
    exists,
    async isDirectory(place) {
      return (await below.isDirectory(place)) || holds(place.absolute);
    },
    async realpath(place) {
      const folder = parentOf(place);
      if (folder === undefined || (await below.exists(place)) || !(await exists(place))) {
        return below.realpath(place);
      }
      return join(await this.realpath(folder), basename(place.absolute));
    },
    list: async (folder) => (await entries(folder)).map(({ name }) => name),
    entries,
  };
}
