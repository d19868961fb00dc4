import type { FileSystem } from '../file-system.ts';
import { at } from '../place.ts';
import { detectAndroid } from './android.ts';
import { detectEntries } from './entries.ts';
import { detectExpo, findExpoEntries } from './expo.ts';
import { requireAppRoot } from './find-root.ts';
import { detectIos } from './ios.ts';
import { findPackageManager, requirePackageJson } from './package-json.ts';
import type { Project } from './project.ts';
import { looseFiles } from './read-only-files.ts';
import { requireReactNative } from './react-native.ts';

const REACT_NATIVE_CONFIGS = ['js', 'cjs', 'mjs', 'ts'].map(
  (extension) => `react-native.config.${extension}`,
);

/**
 * Reads what is there, and changes nothing.
 *
 * @param cwd absolute; the app's root or a folder below it
 * @throws UserError where it is not an app that bgsync supports
 */
export async function detectProject(fs: FileSystem, cwd: string): Promise<Project> {
  const root = await requireAppRoot(fs, cwd);
  const packageJson = await requirePackageJson(fs, root);
  const reactNative = await requireReactNative(fs, root, packageJson);
  const names = new Set(await fs.list(at(root, '')));
  const expo = await detectExpo(fs, root, packageJson);
  const { entries, problems: entryProblems } =
    expo === undefined
      ? await detectEntries(fs, root, packageJson.main)
      : { entries: await findExpoEntries(fs, root, packageJson.main), problems: [] };
  return {
    root,
    name: packageJson.name ?? root,
    reactNative,
    packageManager: await findPackageManager(fs, root, packageJson),
    usesTypeScript:
      names.has('tsconfig.json') ||
      (packageJson.devDependencies.typescript ?? packageJson.dependencies.typescript) !== undefined,
    isEsm: packageJson.type === 'module',
    entries,
    entryProblems,
    reactNativeConfig: REACT_NATIVE_CONFIGS.find((name) => names.has(name)),
    android: await detectAndroid(looseFiles(fs, root), reactNative.version),
    ios: (await fs.isDirectory(at(root, 'ios'))) ? await detectIos(fs, root) : undefined,
    ...(expo === undefined ? {} : { expo }),
  };
}
