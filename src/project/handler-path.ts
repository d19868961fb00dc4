import { posix } from 'node:path';
import { UserError } from '../errors.ts';
import type { FileSystem } from '../file-system.ts';
import { at } from '../place.ts';
import { findTopLevelCall } from '../formats/entry.ts';
import { readText } from './read-text.ts';

/** The order in which Metro tries them: https://metrobundler.dev/docs/configuration/#sourceexts */
const EXTENSIONS = ['js', 'jsx', 'json', 'ts', 'tsx'];
const PLATFORMS = ['.android', '.ios', '.native', ''];

/**
 * Makes sure that the handler's path can become bgsync's: the entry file imports it without its extension, and a file of
 * another kind beside it would be loaded in its place.
 *
 * @param handler relative to `root`, with `/`
 * @throws UserError where the path, or its name without the extension, belongs to another file
 */
export async function requireFreeHandler(
  fs: FileSystem,
  root: string,
  handler: string,
): Promise<void> {
  const hint = 'Name another file with --handler.';
  const text = await readText(fs, at(root, handler));
  const call =
    text === undefined
      ? undefined
      : findTopLevelCall(text, 'registerBackgroundSync', undefined, handler);
  if (call?.status === 'absent') {
    throw new UserError(
      `${handler} is there already, and is no handler: it never calls registerBackgroundSync.`,
      { hint },
    );
  }
  const folder = posix.dirname(handler);
  const { name, base } = posix.parse(handler);
  const names = new Set(await fs.list(at(root, folder)));
  const others = PLATFORMS.flatMap((platform) =>
    EXTENSIONS.map((extension) => `${name}${platform}.${extension}`),
  );
  const other = others.find((candidate) => candidate !== base && names.has(candidate));
  if (other !== undefined) {
    throw new UserError(
      `${posix.join(folder, other)} is there: an import of ${posix.join(folder, name)} means that file, or ${handler}.`,
      { hint },
    );
  }
}
