import { join } from 'node:path';
import { CONFIG_FILE } from '../config.ts';
import { UserError } from '../errors.ts';
import type { FileSystem } from '../file-system.ts';
import { at } from '../place.ts';
import type { Ecosystem } from './ecosystem.ts';
import { ECOSYSTEMS } from './ecosystems.ts';
import { findUp } from './find-up.ts';

/** An app, and what knows how to read it. */
export interface FoundApp {
  /** Absolute. */
  readonly root: string;
  readonly ecosystem: Ecosystem;
}

/**
 * The app that is meant in a folder: that of the nearest folder upwards that has a marker of some ecosystem, as the
 * ecosystem finds it. Where a folder has several markers, that of an app comes first.
 *
 * @param cwd absolute
 * @throws UserError where there is none, or where there are several: with the flag that names each; where settings are in
 *   a folder that is no app
 */
export async function requireApp(fs: FileSystem, cwd: string): Promise<FoundApp> {
  if (!(await fs.isDirectory(at(cwd, '')))) {
    throw new UserError(`There is no folder ${cwd}.`, { hint: 'Check --cwd.' });
  }
  const marked: { folder: string; ecosystem: Ecosystem }[] = [];
  for (const ecosystem of ECOSYSTEMS) {
    const folder = await findUp(fs, cwd, ecosystem.marker);
    if (folder !== undefined) marked.push({ folder, ecosystem });
  }
  // All of them are above cwd: the longest path is the nearest.
  const depth = Math.max(...marked.map(({ folder }) => folder.length));
  const nearest = marked.filter(({ folder }) => folder.length === depth);
  const [first] = nearest;
  if (first === undefined) {
    const markers = ECOSYSTEMS.map(({ marker }) => marker).join(' or ');
    throw new UserError(`There is no ${markers} in ${cwd} or above.`, {
      hint: 'Run bgsync in the folder of a React Native, Expo or Flutter app, or name it with --cwd.',
    });
  }
  let meant = first;
  for (const one of nearest.length > 1 ? nearest.toReversed() : []) {
    if (await one.ecosystem.isApp(fs, one.folder)) meant = one;
  }
  const { folder, ecosystem } = meant;
  const root = await ecosystem.findRoot(fs, folder);
  await refuseStrayConfig(fs, folder, root);
  return { root, ecosystem };
}

/** @throws UserError where a folder that is no app has settings: they would not be those that count */
async function refuseStrayConfig(fs: FileSystem, folder: string, root: string): Promise<void> {
  if (root === folder || !(await fs.exists(at(folder, CONFIG_FILE)))) return;
  throw new UserError(`${join(folder, CONFIG_FILE)} belongs to no app: the app is ${root}.`, {
    hint: (await fs.exists(at(root, CONFIG_FILE)))
      ? 'That has one of its own, which counts. Delete the other.'
      : `Move it to ${root}, or delete it.`,
  });
}

/** {@link requireApp}, of which the folder is wanted alone. */
export const requireAppRoot = async (fs: FileSystem, cwd: string): Promise<string> =>
  (await requireApp(fs, cwd)).root;

/**
 * {@link requireAppRoot}, for what can do without an app.
 *
 * @returns undefined where there is none, or where there are several
 */
export async function findAppRoot(fs: FileSystem, cwd: string): Promise<string | undefined> {
  try {
    return await requireAppRoot(fs, cwd);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
