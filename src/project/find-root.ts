import { dirname, join } from 'node:path';
import { UserError } from '../errors.ts';
import type { FileSystem } from '../file-system.ts';

/** @returns the nearest folder, from `from` upwards, that has a file of that name */
export async function findUp(
  fs: FileSystem,
  from: string,
  name: string,
): Promise<string | undefined> {
  for (let folder = from; ; folder = dirname(folder)) {
    if (await fs.exists(join(folder, name))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/**
 * The folder of the app: the nearest one with a package.json.
 *
 * @throws UserError where there is none, with what is there instead
 */
export async function requireAppRoot(fs: FileSystem, cwd: string): Promise<string> {
  if (!(await fs.isDirectory(cwd))) {
    throw new UserError(`There is no folder ${cwd}.`, { hint: 'Check --cwd.' });
  }
  const root = await findUp(fs, cwd, 'package.json');
  if (root !== undefined) return root;
  if (await fs.exists(join(cwd, 'pubspec.yaml'))) {
    throw new UserError('This is a Flutter project, which bgsync does not support yet.', {
      hint: 'Supported: bare React Native 0.77 or newer. On Flutter, use the workmanager package.',
    });
  }
  throw new UserError(`There is no package.json in ${cwd} or above.`, {
    hint: 'Run bgsync in the folder of a React Native app, or name it with --cwd.',
  });
}
