import { dirname, join } from 'node:path';
import { UserError } from '../errors.ts';
import type { FileSystem } from '../file-system.ts';
import { at } from '../place.ts';
import { findUp } from './find-up.ts';
import { requirePackageJson } from './package-json.ts';
import type { PackageJson } from './package-json.ts';
import {
  findAppsBelow,
  findUndeclaredApps,
  hasNativeProject,
  isApp,
  workspacePatterns,
} from './workspace.ts';

export { findUp } from './find-up.ts';

/** Several apps could be meant. In a terminal one is chosen; elsewhere the message names the flag for each. */
export class SeveralAppsError extends UserError {
  /** Absolute. */
  readonly apps: readonly string[];

  constructor(apps: readonly string[]) {
    super(`There are ${apps.length} apps in this workspace.`, { hint: nameOne(apps) });
    this.apps = apps;
  }
}

/**
 * The folder of the app: the nearest one upwards that is an app; else the only app of the workspace that `cwd` is the
 * root of; else the nearest folder with a package.json, which may be an app all the same.
 *
 * @throws UserError where there is none, or where there are several: with the flag that names each
 */
export async function requireAppRoot(fs: FileSystem, cwd: string): Promise<string> {
  if (!(await fs.isDirectory(at(cwd, '')))) {
    throw new UserError(`There is no folder ${cwd}.`, { hint: 'Check --cwd.' });
  }
  const nearest = await findUp(fs, cwd, 'package.json');
  if (nearest !== undefined) {
    const packageJson = await requirePackageJson(fs, nearest);
    if (await isApp(fs, nearest)) return nearest;
    const below = await findBelow(fs, nearest, packageJson);
    if (below !== undefined) return below;
    const { dependencies } = packageJson;
    const isMeant = (dependencies['react-native'] ?? dependencies.expo) !== undefined;
    const [undeclared] = isMeant ? await findUndeclaredApps(fs, nearest) : [];
    if (undeclared !== undefined) throw undeclaredError(join(nearest, undeclared), packageJson);
    return (isMeant ? undefined : await findAbove(fs, nearest)) ?? nearest;
  }
  if (await fs.exists(at(cwd, 'pubspec.yaml'))) {
    throw new UserError('This is a Flutter project, which bgsync does not support yet.', {
      hint: 'Supported: React Native 0.77 or newer, Expo SDK 53 or newer. On Flutter, use the workmanager package.',
    });
  }
  throw new UserError(`There is no package.json in ${cwd} or above.`, {
    hint: 'Run bgsync in the folder of a React Native app, or name it with --cwd.',
  });
}

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

/**
 * An app that has react-native from a folder above it alone. Metro finds it there; autolinking reads the dependencies
 * that the app's own package.json names
 * (https://github.com/react-native-community/cli/blob/main/packages/cli-config/src/findDependencies.ts).
 */
function undeclaredError(app: string, above: PackageJson): UserError {
  const version = above.dependencies['react-native'] ?? above.dependencies.expo ?? '*';
  return new UserError(`${join(app, 'package.json')} has no react-native; a folder above has it.`, {
    hint: `Name it in the app’s own dependencies, "react-native": ${JSON.stringify(version)}: autolinking reads those alone. Then run bgsync in ${app}.`,
  });
}

/** The only app of a workspace. An example below a library is named, not taken: it is not what the folder is. */
async function findBelow(
  fs: FileSystem,
  root: string,
  { peerDependencies }: PackageJson,
): Promise<string | undefined> {
  const apps = (await findAppsBelow(fs, root)).map((path) => join(root, path));
  const [only, second] = apps;
  if (only === undefined) return undefined;
  if (peerDependencies['react-native'] !== undefined) {
    throw new UserError('This is a React Native library, not an app.', { hint: nameOne(apps) });
  }
  if (second === undefined) return only;
  throw new SeveralAppsError(apps);
}

/** The app that a folder with a package.json of its own lies in; a sibling in its workspace is named. */
async function findAbove(fs: FileSystem, from: string): Promise<string | undefined> {
  for (let folder = dirname(from); folder !== dirname(folder); folder = dirname(folder)) {
    if (await isApp(fs, folder)) return folder;
    if ((await workspacePatterns(fs, folder)) === undefined) continue;
    if (await hasNativeProject(fs, from)) {
      const above = await requirePackageJson(fs, folder);
      if (above.dependencies['react-native'] !== undefined) throw undeclaredError(from, above);
    }
    const apps = (await findAppsBelow(fs, folder)).map((path) => join(folder, path));
    if (apps.length === 0) return undefined;
    throw new UserError(`This package of the workspace ${folder} is not an app.`, {
      hint: nameOne(apps),
    });
  }
  return undefined;
}

function nameOne(apps: readonly string[]): string {
  const flags = apps.map((app) => `  --cwd ${quotePath(app)}`);
  return `Run the command again with ${apps.length === 1 ? 'this' : 'one of these'}:\n${flags.join('\n')}`;
}

/** A path as a word for a POSIX shell and PowerShell. */
export const quotePath = (path: string): string =>
  /^[\w@%+=:,./\\-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
