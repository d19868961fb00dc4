import { UserError } from '../errors.ts';
import { RefusedError } from '../file-system.ts';
import type { FileSystem } from '../file-system.ts';
import type { Place } from '../place.ts';

/**
 * Reads a file as UTF-8, keeping a byte order mark as the first character.
 *
 * @returns undefined where there is no such file
 * @throws UserError where its bytes are not UTF-8 (writing it back would change them), or the file is refused
 */
export async function readText(fs: FileSystem, place: Place): Promise<string | undefined> {
  const bytes = await fs.read(place);
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UserError(`${place.absolute} is not UTF-8 text.`, {
      hint: 'Save it as UTF-8 and run again.',
    });
  }
}

/**
 * Reads a file that is only looked at, never written: bytes that are not UTF-8, as a comment in Latin-1, do not matter.
 *
 * @returns undefined where there is no such file: none, a folder or a device, or a place that is undefined
 * @throws RefusedError
 */
export async function readLoosely(
  fs: FileSystem,
  place: Place | undefined,
): Promise<string | undefined> {
  const bytes = place && (await readIfFile(fs, place));
  return bytes && new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** @returns undefined where there is no file, something else of that name included */
export async function readIfFile(fs: FileSystem, place: Place): Promise<Buffer | undefined> {
  try {
    return await fs.read(place);
  } catch (error) {
    if (error instanceof RefusedError && error.why === 'kind') return undefined;
    throw error;
  }
}
