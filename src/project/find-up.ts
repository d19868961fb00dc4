import { dirname } from 'node:path';
import type { FileSystem } from '../file-system.ts';
import { at } from '../place.ts';
import type { Place } from '../place.ts';

/** @returns the nearest folder, from `from` upwards, that has a file of that name */
export const findUp = (fs: FileSystem, from: string, name: string): Promise<string | undefined> =>
  findFolder(fs, from, (folder) => at(folder, name));

/** A folder and all above it, the nearest first. */
export function* foldersUp(from: string): Generator<string, void> {
  for (let folder = from; ; folder = dirname(folder)) {
    yield folder;
    if (dirname(folder) === folder) return;
  }
}

/** {@link findUp} for a place that is no plain file: of an installed package, of git. */
export async function findFolder(
  fs: FileSystem,
  from: string,
  placeIn: (folder: string) => Place | undefined,
): Promise<string | undefined> {
  for (const folder of foldersUp(from)) {
    const place = placeIn(folder);
    if (place !== undefined && (await fs.exists(place))) return folder;
  }
  return undefined;
}
