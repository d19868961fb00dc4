import { posix } from 'node:path';
import type { FileSystem } from '../file-system.ts';
import { at } from '../place.ts';
import { LOCK_FILE } from './lock-file.ts';
import { ancestors } from './folders.ts';

/**
 * What is in the generated package besides its own files. A folder that has none of them counts as one, with `/` at its
 * end: a build of the app leaves thousands of files.
 *
 * @param root of the app. Absolute.
 * @param folder of the package, relative to it
 * @param names the package's own files, by path inside it
 * @returns paths inside the package
 */
export async function otherFiles(
  fs: FileSystem,
  root: string,
  folder: string,
  names: ReadonlySet<string>,
): Promise<string[]> {
  const folders = new Set([...names].flatMap(ancestors));
  const found: string[] = [];
  for (const inside of ['', ...folders]) {
    for (const { name, kind } of await fs.entries(at(root, posix.join(folder, inside)))) {
      const path = posix.join(inside, name);
      if (path === LOCK_FILE || names.has(path) || folders.has(path)) continue;
      found.push(kind === 'directory' ? `${path}/` : path);
    }
  }
  return found.sort();
}
