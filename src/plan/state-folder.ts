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
  /** The folder of all apps, relative to it; gone where none is being changed. */
  readonly above: string;
  /** This app's, relative to the root. */
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
    ...(git === undefined ? [] : [stateFolder(git.folder, 'bgsync', relative(git.top, real))]),
    ...fs.stateFolders.map((folder) => stateFolder(folder, 'apps', real)),
  ];
}

const stateFolder = (root: string, above: string, app: string): StateFolder => ({
  root,
  above,
  // Most commands only ask whether there is one.
  get path() {
    return `${above}/${keyOf(app)}`;
  },
});

const keyOf = (path: string): string =>
  createHash('sha256').update(path.replaceAll('\\', '/')).digest('hex').slice(0, 32);
