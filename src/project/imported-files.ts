import { posix } from 'node:path';
import { importCandidates } from '../formats/import-candidates.ts';

/** A configuration is spread over a handful of files; one that imports the app itself is cut. */
const MOST_FILES = 40;
const LONGEST = 200_000;

const IMPORTED = /(?:from|import|require(?:\.resolve)?\s*\()\s*['"](\.{1,2}\/[^'"\n]*)['"]/g;

/**
 * The files of the app that a configuration imports by relative path, and what those import; the configuration itself is
 * left out. Files that cannot be read are left out, too: what they say is then not known.
 *
 * @param read gives the text of a file by its path relative to the app's root, with `/`; may reject
 * @returns texts by those paths
 */
export async function readImportedFiles(
  read: (path: string) => Promise<string | undefined>,
  file: string,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const open = [file];
  for (let path = open.shift(); path !== undefined; path = open.shift()) {
    const text = found.get(path) ?? (await readSome(read, path));
    if (text === undefined || path.endsWith('.json')) continue;
    for (const [, specifier = ''] of text.matchAll(IMPORTED)) {
      const target = posix.join(posix.dirname(path), specifier);
      if (target.startsWith('..')) continue;
      for (const candidate of importCandidates(target)) {
        if (candidate === file || found.has(candidate)) break;
        const imported = await readSome(read, candidate);
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
  read: (path: string) => Promise<string | undefined>,
  path: string,
): Promise<string | undefined> {
  const text = await read(path).catch(() => undefined);
  return text === undefined || text.length > LONGEST ? undefined : text;
}
