import { relative, sep } from 'node:path';
import type { FileSystem } from '../file-system.ts';
import { at } from '../place.ts';
import { findCheckout } from '../project/git-folder.ts';
import type { CiRequest } from './plan.ts';

/**
 * The repository that CI works on, and the app in it.
 *
 * @param root of the app, absolute
 * @returns undefined where there is no repository around it
 */
export async function findCiPlace(fs: FileSystem, root: string): Promise<CiRequest | undefined> {
  const top = await findCheckout(fs, root);
  if (top === undefined) return undefined;
  const real = (folder: string): Promise<string> => fs.realpath(at(folder, ''));
  const app = relative(await real(top), await real(root)).replaceAll(sep, '/');
  return { top, app };
}
