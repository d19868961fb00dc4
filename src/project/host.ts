import { UserError } from '../errors.ts';
import type { DirectoryEntry, FileSystem } from '../file-system.ts';
import { at } from '../place.ts';
import type { Ecosystem } from './ecosystem.ts';
import { ECOSYSTEMS } from './ecosystems.ts';
import { requireAppRoot } from './find-root.ts';
import { findUp } from './find-up.ts';
import { declaredRange, requirePackageJson } from './package-json.ts';
import type { PackageJson } from './package-json.ts';
import type { HostId } from './project.ts';
import { SeveralAppsError } from './several-apps.ts';

/** What the app is built with. `native`: Swift, Objective-C, Kotlin or Java alone, or something doctor does not know. */
export type Host = HostId | 'capacitor' | 'native';

/** Whether the app's own code is JavaScript that React Native runs, and its native packages are linked by autolinking. */
export const runsReactNative = ({ host }: { readonly host: Host }): boolean =>
  host === 'react-native' || host === 'expo';

export interface HostApp {
  /** Absolute. */
  readonly root: string;
  readonly host: Host;
  readonly packageJson: PackageJson | undefined;
}

/**
 * Finds the mobile app that `cwd` is in: one of an ecosystem with a host of its own, as Flutter, that is nearer than any
 * package.json that names a host; the nearest
 * package.json upwards that does, else the app that this package lies in, or the only one of its workspace, as `init` does; else the folder itself where it has a native project.
 *
 * @throws UserError where there is nothing of the kind, or several
 */
export async function findHostApp(fs: FileSystem, cwd: string): Promise<HostApp> {
  if (!(await fs.isDirectory(at(cwd, '')))) {
    throw new UserError(`There is no folder ${cwd}.`, { hint: 'Check --cwd.' });
  }
  const holder = await findUp(fs, cwd, 'package.json');
  for (const ecosystem of ECOSYSTEMS) {
    const { host } = ecosystem;
    const root = host && (await findAppOf(ecosystem, fs, cwd, holder));
    if (host !== undefined && root !== undefined) return { root, host, packageJson: undefined };
  }
  const packageJson = holder === undefined ? undefined : await requirePackageJson(fs, holder);
  const host = packageJson && hostOf(packageJson);
  if (holder !== undefined && host !== undefined) {
    // A workspace's root may hold the dependencies of its apps.
    const root = host === 'capacitor' ? holder : await requireAppRoot(fs, holder);
    return root === holder ? { root, host, packageJson } : findHostApp(fs, root);
  }
  let native: string | undefined;
  for (const root of [cwd, holder ?? cwd]) {
    if (native === undefined && (await hasNativeProject(fs, root))) native = root;
  }
  if (holder !== undefined) {
    const root = await requireAppRoot(fs, holder).catch((error: unknown) => {
      // A library of native code is looked at for what it is.
      if (error instanceof UserError && native !== undefined) return holder;
      throw error;
    });
    // A package with native code in the app's folder, as the generated one is, is not the app.
    if (root !== holder) return findHostApp(fs, root);
  }
  if (native !== undefined) {
    return {
      root: native,
      host: 'native',
      packageJson: native === holder ? packageJson : undefined,
    };
  }
  throw new UserError(`There is no mobile app in ${cwd}.`, {
    hint: 'Run bgsync in the folder of a React Native, Expo, Flutter, Capacitor, iOS or Android app, or name it with --cwd.',
  });
}

/** The app of an ecosystem that is meant, where its marker is nearer than the package.json, or that is none of an app. */
async function findAppOf(
  ecosystem: Ecosystem,
  fs: FileSystem,
  cwd: string,
  holder: string | undefined,
): Promise<string | undefined> {
  const marked = await findUp(fs, cwd, ecosystem.marker);
  if (marked === undefined || marked.length < (holder?.length ?? 0)) return undefined;
  if (marked === holder && hostOf(await requirePackageJson(fs, holder)) !== undefined)
    return undefined;
  const root = await ecosystem.findRoot(fs, marked).catch((error: unknown) => {
    if (error instanceof UserError && !(error instanceof SeveralAppsError)) return undefined;
    throw error;
  });
  return root !== undefined && (await ecosystem.isApp(fs, root)) ? root : undefined;
}

function hostOf(packageJson: PackageJson): Host | undefined {
  const has = (name: string): boolean => declaredRange(packageJson, name) !== undefined;
  if (has('expo')) return 'expo';
  if (has('react-native')) return 'react-native';
  return has('@capacitor/core') ? 'capacitor' : undefined;
}

const NATIVE_PROJECT = /^(?:build|settings)\.gradle(?:\.kts)?$|\.xcodeproj$/;

/** Whether an Xcode or Gradle project is there or in a folder right below. */
async function hasNativeProject(fs: FileSystem, root: string): Promise<boolean> {
  const isProject = ({ name }: DirectoryEntry): boolean => NATIVE_PROJECT.test(name);
  const entries = await fs.entries(at(root, ''));
  if (entries.some(isProject)) return true;
  for (const { name, kind } of entries) {
    if (kind !== 'directory' || name === 'node_modules' || name.startsWith('.')) continue;
    const below = await fs.entries(at(root, name)).catch(() => []);
    if (below.some(isProject)) return true;
  }
  return false;
}
