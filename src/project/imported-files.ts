import { posix } from 'node:path';
import { importCandidates } from '../formats/import-candidates.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';

/** A configuration is spread over a handful of files; one that imports the app itself is cut. */
const MOST_FILES = 40;
const LONGEST = 200_000;

const IMPORTED = /(?:from|import|require(?:\.resolve)?\s*\()\s*['"](\.{1,2}\/[^'"\n]*)['"]/g;

/**
 * The files of the app that a configuration imports by relative path, and what those import; the configuration itself is
 * left out. Files that cannot be read are left out, too: what they say is then not known.
 *
 * @param files those of the app; a read may reject
 * @returns texts by those paths
 */
export async function readImportedFiles(
  files: Pick<ReadOnlyFiles, 'read'>,
  file: string,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const open = [file];
  for (let path = open.shift(); path !== undefined; path = open.shift()) {
    const text = found.get(path) ?? (await readSome(files, path));
    if (text === undefined || path.endsWith('.json')) continue;
    for (const [, specifier = ''] of text.matchAll(IMPORTED)) {
      const target = posix.join(posix.dirname(path), specifier);
      if (target.startsWith('..')) continue;
      for (const candidate of importCandidates(target)) {
        if (candidate === file || found.has(candidate)) break;
        const imported = await readSome(files, candidate);
        if (imported === undefined) continue;
        if (found.size >= MOST_FILES) return found;
        found.set(candidate, imported);
        open.push(candidate);
        break;
      }
    }
  }
  return found;
}

async function readSome(
  files: Pick<ReadOnlyFiles, 'read'>,
  path: string,
): Promise<string | undefined> {
  const text = await files.read(path).catch(() => undefined);
  return text === undefined || text.length > LONGEST ? undefined : text;
}
