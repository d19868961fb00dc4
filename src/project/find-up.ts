import { dirname } from 'node:path';
import type { FileSystem } from '../file-system.ts';
import { at } from '../place.ts';
import type { Place } from '../place.ts';

/** @returns the nearest folder, from `from` upwards, that has a file of that name */
export const findUp = (fs: FileSystem, from: string, name: string): Promise<string | undefined> =>
  findFolder(fs, from, (folder) => at(folder, name));

/** {@link findUp} for a place that is no plain file: of an installed package, of git. */
export async function findFolder(
  fs: FileSystem,
  from: string,
  placeIn: (folder: string) => Place | undefined,
): Promise<string | undefined> {
  for (let folder = from; ; folder = dirname(folder)) {
    const place = placeIn(folder);
    if (place !== undefined && (await fs.exists(place))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}
