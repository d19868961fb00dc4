import { UserError } from '../errors.ts';
import type { FileSystem } from '../file-system.ts';

/**
 * Reads a file as UTF-8, keeping a byte order mark as the first character.
 *
 * @returns undefined where there is no such file
 * @throws UserError where its bytes are not UTF-8 (writing it back would change them), or a folder goes by that name
 */
export async function readText(fs: FileSystem, path: string): Promise<string | undefined> {
  const bytes = await fs.read(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EISDIR') throw error;
    throw new UserError(`${path} is a folder, where a file is expected.`, {
      hint: 'Move it away and run again.',
    });
  });
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UserError(`${path} is not UTF-8 text.`, { hint: 'Save it as UTF-8 and run again.' });
  }
}
