import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import type { FileSystem } from '../file-system.ts';
import { at } from '../place.ts';
import type { Place } from '../place.ts';
import { findGitFolder } from '../project/git-folder.ts';

/** A folder for what bgsync has to keep while it changes an app, where no commit of the app's can put anything. */
export interface StateFolder {
  /** Absolute; nothing is written through a link out of it. */
  readonly root: string;
  /** Relative to it. */
  readonly path: string;
}

/** @param name '' for the folder itself */
export const inState = ({ root, path }: StateFolder, name: string): Place =>
  at(root, `${path}/${name}`);

/**
 * Where an app's lock and journal may be, the best first: in git's own folder, where every user of the checkout meets
 * them; else (there is no git, or its folder is read-only, as in some sandboxes) in the user's state folder.
 *
 * @param root of the app. Absolute.
 */
export async function stateFolders(fs: FileSystem, root: string): Promise<StateFolder[]> {
  const real = await fs.realpath(at(root, ''));
  const git = await findGitFolder(fs, real);
  return [
    // By where the app is in the work tree: it may be moved, or copied, with all that is in it.
    ...(git === undefined
      ? []
      : [{ root: git.folder, path: `bgsync/${keyOf(relative(git.top, real))}` }]),
    ...fs.stateFolders.map((folder) => ({ root: folder, path: `apps/${keyOf(real)}` })),
  ];
}

const keyOf = (path: string): string =>
  createHash('sha256').update(path.replaceAll('\\', '/')).digest('hex').slice(0, 32);
