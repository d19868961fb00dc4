import { posix } from 'node:path';
import type { LockFile } from './lock-file.ts';
import type { FileChange } from './plan.ts';

/** The folders of a path, the nearest first. */
export function ancestors(path: string): string[] {
  const folders: string[] = [];
  for (let folder = posix.dirname(path); !/^[./]$/.test(folder); folder = posix.dirname(folder)) {
    folders.push(folder);
  }
  return folders;
}

/** Of the folders that deletions may empty, those that were made by bgsync; the deepest first. */
export function ownFolders(
  changes: readonly FileChange[],
  locked: Pick<LockFile, 'folders' | 'moduleDir'> | undefined,
): string[] {
  if (locked === undefined) return [];
  const own = new Set(locked.folders);
  const folders = changes
    .filter(({ kind }) => kind === 'delete')
    .flatMap(({ path }) => ancestors(path))
    .filter((folder) => own.has(folder) || folder.startsWith(`${locked.moduleDir}/`));
  return [...new Set(folders)].sort((a, b) => b.length - a.length);
}
