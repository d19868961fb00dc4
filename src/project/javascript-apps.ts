import { dirname, join } from 'node:path';
import { UserError } from '../errors.ts';
import type { FileSystem } from '../file-system.ts';
import { at } from '../place.ts';
import { openApp } from './app.ts';
import type { Ecosystem } from './ecosystem.ts';
import { detectIos } from './ios.ts';
import { requireSdk } from './expo.ts';
import { readImportedFiles } from './imported-files.ts';
import { findKeyValueStore } from './key-value-store.ts';
import { findSyncLayers } from './sync-layers.ts';
import { findPackageManager, requirePackageJson } from './package-json.ts';
import type { PackageJson } from './package-json.ts';
import { PLATFORMS, platformsIn } from './project.ts';
import type { Project } from './project.ts';
import { looseFiles } from './read-only-files.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';
import { requireReactNative } from './react-native.ts';
import { SeveralAppsError, nameOne } from './several-apps.ts';
import { REACT_NATIVE_CONFIGS, describeMoved, movedProjects } from './source-dirs.ts';
import {
  findAppsBelow,
  findUndeclaredApps,
  hasNativeProject,
  isApp,
  workspacePatterns,
} from './workspace.ts';

/** React Native and Expo: a package.json that depends on one of them. */
export const javaScriptApps: Ecosystem = {
  marker: 'package.json',
  language: 'javascript',
  isApp,
  async findRoot(fs, nearest) {
    const packageJson = await requirePackageJson(fs, nearest);
    if (await isApp(fs, nearest)) return nearest;
    const below = await findBelow(fs, nearest, packageJson);
    if (below !== undefined) return below;
    const { dependencies } = packageJson;
    const isMeant = (dependencies['react-native'] ?? dependencies.expo) !== undefined;
    const [undeclared] = isMeant ? await findUndeclaredApps(fs, nearest) : [];
    if (undeclared !== undefined) throw undeclaredError(join(nearest, undeclared), packageJson);
    return (isMeant ? undefined : await findAbove(fs, nearest)) ?? nearest;
  },
  detect: detectJavaScriptApp,
};

async function detectJavaScriptApp(fs: FileSystem, root: string): Promise<Project> {
  const packageJson = await requirePackageJson(fs, root);
  // What is there and cannot be read is an error: a plan is made of it.
  const files = looseFiles(fs, root);
  const reactNative = await requireReactNative(fs, root, packageJson, async () => {
    await refuseMoved(files);
    await requireSdk(fs, root, packageJson);
  });
  await refuseMoved(files);
  const names = new Set(await fs.list(at(root, '')));
  const facts = openApp(fs, root, packageJson, { text: files, loose: files });
  const expo = await facts.requireExpo();
  const { entries, problems: entryProblems } = await facts.start();
  const android = await facts.describeAndroid(reactNative.version);
  const ios = (await fs.isDirectory(at(root, 'ios'))) ? await detectIos(fs, root) : undefined;
  const app = {
    root,
    name: packageJson.name ?? root,
    reactNative,
    packageManager: await findPackageManager(fs, root, packageJson),
    usesTypeScript:
      names.has('tsconfig.json') ||
      (packageJson.devDependencies.typescript ?? packageJson.dependencies.typescript) !==
        undefined ||
      (await loadsTypeScript(
        files,
        entries.map(({ path }) => path),
      )),
    keyValueStore: await findKeyValueStore(fs, root, packageJson),
    syncLayers: await findSyncLayers(fs, root, packageJson),
    isEsm: packageJson.type === 'module',
    entries,
    entryProblems,
    reactNativeConfig: REACT_NATIVE_CONFIGS.find((name) => names.has(name)),
    android,
    ios,
  };
  const present = platformsIn(app);
  if (expo === undefined) return { host: 'react-native', platforms: present, ...app };
  const isBuilt = (name: 'android' | 'ios'): boolean =>
    present.includes(name) || (expo[name] === 'generated' && expo.platforms.includes(name));
  return { host: 'expo', platforms: PLATFORMS.filter(isBuilt), ...app, expo };
}

/** Whether an app's own code is TypeScript, whose compiler and tsconfig may be the workspace's. */
async function loadsTypeScript(files: ReadOnlyFiles, entries: readonly string[]): Promise<boolean> {
  for (const path of entries) {
    const loaded = [path, ...(await readImportedFiles(files, path)).keys()];
    if (loaded.some((one) => /\.tsx?$/.test(one))) return true;
  }
  return false;
}

/** @throws UserError where React Native's CLI builds a native project that bgsync would not read */
async function refuseMoved(files: ReadOnlyFiles): Promise<void> {
  const moved = await movedProjects(files);
  const [first] = moved;
  if (first === undefined) return;
  const places = moved.map((one) => `${one.file}:${one.line}: ${describeMoved(one)}`);
  throw new UserError(
    `A native project of this app is in another folder:\n  ${places.join('\n  ')}`,
    {
      hint: `Nothing was changed. Move it to ${moved.map(({ platform }) => `${platform}/`).join(' and ')} and take sourceDir out, then run bgsync again.`,
    },
  );
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
