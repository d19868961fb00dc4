import { dirname, join } from 'node:path';
import type { FileSystem } from '../file-system.ts';

/** @returns the nearest folder, from `from` upwards, that has a file of that name */
export async function findUp(
  fs: FileSystem,
  from: string,
  name: string,
): Promise<string | undefined> {
  for (let folder = from; ; folder = dirname(folder)) {
    if (await fs.exists(join(folder, name))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}
