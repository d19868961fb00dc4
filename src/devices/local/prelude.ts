import { join } from 'node:path';
import type { Config } from '../../config.ts';
import type { FileSystem } from '../../file-system.ts';
import { preludeOf } from '../../formats/entry-prelude.ts';
import { importSpecifier } from '../../integrations/model.ts';
import { at } from '../../place.ts';
import { openApp } from '../../project/app.ts';
import { requirePackageJson } from '../../project/package-json.ts';
import { looseFiles } from '../../project/read-only-files.ts';
import { readText } from '../../project/read-text.ts';
import type { Prelude } from './protocol.ts';

/**
 * What the entry file does for the handler before it loads it: on a phone the bundle starts there, and its polyfills are in
 * place when the handler runs.
 *
 * @param os whose entry file
 * @returns undefined where there is no entry file that can be read
 */
export async function findPrelude(
  fs: FileSystem,
  root: string,
  { handler }: Config,
  os: 'android' | 'ios',
): Promise<Prelude | undefined> {
  try {
    const packageJson = await requirePackageJson(fs, root);
    const files = looseFiles(fs, root);
    const { entries } = await openApp(fs, root, packageJson, { text: files, loose: files }).start();
    const path = entries.find(({ platforms }) => platforms.includes(os))?.path;
    const source = path === undefined ? undefined : await readText(fs, at(root, path));
    if (path === undefined || source === undefined) return undefined;
    return {
      file: join(root, path),
      parts: preludeOf(source, importSpecifier(path, handler), path),
    };
  } catch {
    // `doctor` tells of an entry file that cannot be read; a run needs none.
    return undefined;
  }
}
