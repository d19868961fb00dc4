import type { FileSystem } from '../file-system.ts';
import { at } from '../place.ts';

/**
 * Where bgsync 0.1.0 kept its journal: in the app itself, so that a commit, too, could bring one with any path and any
 * text. It is never carried out.
 */
export const OLDER_JOURNAL = '.bgsync/journal.json';

/**
 * @returns `link` where `.bgsync` or the journal is one, which bgsync never made; `journal` where there is one; else
 *   undefined
 */
export async function findOlderJournal(
  fs: FileSystem,
  root: string,
): Promise<'link' | 'journal' | undefined> {
  if (await fs.isSymlink(at(root, '.bgsync'))) return 'link';
  const journal = at(root, OLDER_JOURNAL);
  if (await fs.isSymlink(journal)) return 'link';
  return (await fs.exists(journal)) ? 'journal' : undefined;
}
