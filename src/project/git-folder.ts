import { dirname, resolve, sep } from 'node:path';
import type { FileSystem } from '../file-system.ts';
import { at, gitMarker } from '../place.ts';
import { findFolder } from './find-up.ts';
import { readText } from './read-text.ts';

/** @returns the folder from here upwards that has `.git`, whatever it is. Absolute. */
export const findCheckout = (fs: FileSystem, from: string): Promise<string | undefined> =>
  findFolder(fs, from, gitMarker);

export interface GitFolder {
  /** Git's own. Absolute. */
  readonly folder: string;
  /** Of the work tree. Absolute. */
  readonly top: string;
}

/**
 * Git's own folder of the work tree that a folder is in, as `git rev-parse --absolute-git-dir` has it, without running git:
 * https://git-scm.com/docs/gitrepository-layout. A file `.git` that names another folder is believed only where that
 * folder is a worktree's and names the file in turn, or a submodule's of a repository around it: an archive may hold any.
 *
 * @param from absolute, links resolved
 * @returns undefined where there is none
 */
export async function findGitFolder(fs: FileSystem, from: string): Promise<GitFolder | undefined> {
  const top = await findCheckout(fs, from);
  if (top === undefined) return undefined;
  const marker = gitMarker(top);
  const isRepository = (folder: string): Promise<boolean> => fs.exists(at(folder, 'HEAD'));
  if (await fs.isSymlink(marker)) return undefined;
  if (await fs.isDirectory(marker)) {
    const folder = marker.absolute;
    return (await isRepository(folder)) ? { folder, top } : undefined;
  }
  const named = /^gitdir: ([^\r\n]+)(?:[\r\n]\s*)?$/.exec(await textOrNothing(fs, marker))?.[1];
  if (named === undefined) return undefined;
  const folder = resolve(top, named);
  if (!(await fs.isDirectory(at(folder, ''))) || !(await isRepository(folder))) return undefined;
  const back = (await textOrNothing(fs, at(folder, 'gitdir'))).trim();
  if (back !== '' && resolve(folder, back) === marker.absolute) return { folder, top };
  for (let up = dirname(top); up !== dirname(up); up = dirname(up)) {
    const around = gitMarker(up);
    if (folder.startsWith(`${around.absolute}${sep}modules${sep}`)) return { folder, top };
  }
  return undefined;
}

/** @returns git's index; undefined where there is none, as before the first file is added, or it is refused */
export const readGitIndex = (fs: FileSystem, { folder }: GitFolder): Promise<Buffer | undefined> =>
  fs.read(at(folder, 'index')).catch(() => undefined);

const textOrNothing = async (...[fs, place]: Parameters<typeof readText>): Promise<string> =>
  (await readText(fs, place).catch(() => undefined)) ?? '';
