import { join, posix } from 'node:path';
import type { FileSystem } from '../file-system.ts';
import type { EntryFile } from './project.ts';

const EXTENSIONS = ['js', 'jsx', 'ts', 'tsx'];

/**
 * The files that a bundle starts at. A release build takes `index.<platform>.js`, else `index.js`
 * (https://github.com/facebook/react-native/blob/main/packages/react-native/scripts/react-native-xcode.sh, and
 * `entryFile` of the Gradle plugin); Metro's `index` in development finds the other extensions too.
 */
export async function findEntries(
  fs: FileSystem,
  root: string,
  main: string | undefined,
): Promise<EntryFile[]> {
  const files = new Set(await fs.list(root));
  const find = (stem: string): string | undefined =>
    EXTENSIONS.map((extension) => `${stem}.${extension}`).find((name) => files.has(name));

  const shared = find('index') ?? (await findMain(fs, root, main));
  const paths = {
    android: find('index.android') ?? shared,
    ios: find('index.ios') ?? shared,
  };
  const entries: EntryFile[] = [];
  for (const platform of ['android', 'ios'] as const) {
    const path = paths[platform];
    if (path === undefined) continue;
    const same = entries.findIndex((entry) => entry.path === path);
    if (same === -1) entries.push({ path, platforms: [platform] });
    else entries[same] = { path, platforms: ['android', 'ios'] };
  }
  return entries;
}

/** package.json's `main`, where it names a file of the app. */
async function findMain(
  fs: FileSystem,
  root: string,
  main: string | undefined,
): Promise<string | undefined> {
  if (main === undefined) return undefined;
  const path = posix.normalize(main.replace(/^\.\//, ''));
  if (posix.isAbsolute(path) || path.startsWith('..') || path.includes('node_modules/')) {
    return undefined;
  }
  for (const candidate of [path, ...EXTENSIONS.map((extension) => `${path}.${extension}`)]) {
    const absolute = join(root, candidate);
    if ((await fs.exists(absolute)) && !(await fs.isDirectory(absolute))) return candidate;
  }
  return undefined;
}
