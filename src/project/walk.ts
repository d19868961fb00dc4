import type { DirectoryEntry } from '../file-system.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';
import type { RepoFiles } from './repo-files.ts';

/** Folders that hold no source of the app's own. */
const SKIPPED = new Set([
  'node_modules',
  'Pods',
  'build',
  'DerivedData',
  'Carthage',
  'dist',
  'vendor',
  'coverage',
  // With Swift, it has a project of its own.
  'fastlane',
]);

const TESTS = new Set(['__tests__', '__mocks__']);

/** Whether a folder may hold sources of the app's own. */
export const isEntered = ({ name, kind }: DirectoryEntry, withTests = false): boolean =>
  kind === 'directory' &&
  !SKIPPED.has(name) &&
  !name.startsWith('.') &&
  (withTests || !TESTS.has(name));

export interface WalkLimits {
  readonly files: number;
  readonly folders: number;
  readonly depth: number;
}

/**
 * The files below a folder, in the order of their paths. Links, hidden folders and those of builds and of installed code
 * are left out; a walk that reaches a limit is noted.
 *
 * @param folder relative to the root; '' is the root
 * @param accept of a file: its path
 * @param enter of a folder: its path
 * @param withTests whether folders of tests are entered, too
 */
export async function walkFiles(
  files: RepoFiles,
  folder: string,
  options: {
    readonly limits: WalkLimits;
    readonly accept: (path: string) => boolean;
    readonly enter: (path: string) => boolean;
    readonly withTests?: boolean;
  },
): Promise<string[]> {
  const { limits, accept, enter, withTests = false } = options;
  const found: string[] = [];
  let folders = 0;
  let isCut = false;
  const stack = [{ path: folder, depth: 0 }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { path: parent, depth } = next;
    if (depth > limits.depth || folders >= limits.folders || found.length >= limits.files) {
      isCut = true;
      continue;
    }
    folders += 1;
    const below: { path: string; depth: number }[] = [];
    for (const { name, kind } of await files.entries(parent)) {
      const path = parent === '' ? name : `${parent}/${name}`;
      if (kind === 'file' && accept(path)) {
        if (found.length < limits.files) found.push(path);
        else isCut = true;
      } else if (isEntered({ name, kind }, withTests)) {
        if (enter(path)) below.push({ path, depth: depth + 1 });
      }
    }
    stack.push(...below.reverse());
  }
  if (isCut) files.note(folder === '' ? '.' : folder, 'it is too large: only a part was looked at');
  return found.sort();
}

/** The folders below one, down to some levels, in the order of their paths; those of {@link walkFiles}, no others. */
export async function walkFolders(
  files: ReadOnlyFiles,
  folder: string,
  levels: number,
): Promise<string[]> {
  if (levels === 0) return [];
  const paths = (await files.entries(folder))
    .filter((entry) => isEntered(entry))
    .map(({ name }) => (folder === '' ? name : `${folder}/${name}`));
  const below = await Promise.all(
    paths.map(async (path) => [path, ...(await walkFolders(files, path, levels - 1))]),
  );
  return below.flat();
}
