import { UserError } from '../errors.ts';
import type { FileSystem } from '../file-system.ts';
import { requireApp } from './find-root.ts';
import { declaredRange, requirePackageJson } from './package-json.ts';
import { whyNotIos } from './project.ts';
import type { Project } from './project.ts';

/**
 * Reads what is there, and changes nothing.
 *
 * @param cwd absolute; the app's root or a folder below it
 * @throws UserError where it is not an app that bgsync supports
 */
export async function detectProject(fs: FileSystem, cwd: string): Promise<Project> {
  const { root, ecosystem } = await requireApp(fs, cwd);
  return ecosystem.detect(fs, root);
}

/**
 * @throws UserError where the app has no native project that the package could be built into, and none that its host makes
 */
export async function requireNativeProject(fs: FileSystem, project: Project): Promise<void> {
  if (project.platforms.length > 0) return;
  const other = whyNotIos(project.ios);
  if (other !== undefined) {
    throw new UserError(`This app has no Android application module, and ${other}.`, {
      hint: 'bgsync sets up Android and iOS.',
    });
  }
  const isTestApp =
    'reactNative' in project &&
    declaredRange(await requirePackageJson(fs, project.root), 'react-native-test-app') !==
      undefined;
  if (isTestApp) {
    // https://github.com/microsoft/react-native-test-app: its Gradle and CocoaPods take both apps out of node_modules.
    throw new UserError(
      'This is an app of react-native-test-app: its native projects are in node_modules, and the repo has none.',
      {
        hint: 'bgsync edits the Info.plist of an app, and needs one in ios/ or an application module in android/. Run it in an app that has its own: `npx @react-native-community/cli init` makes one.',
      },
    );
  }
  throw new UserError('This app has neither an Android application module nor an Xcode project.', {
    hint: 'bgsync needs the native projects. Is this the app’s own folder?',
  });
}

/**
 * Refuses what needs what `init` puts in, in an app that has none.
 *
 * @param what is missing, as a sentence
 * @param hint that names `init`
 * @throws {UserError} why bgsync does not know such an app, where `init` would only say that; else what is given
 */
export async function refuseWithoutInit(
  fs: FileSystem,
  root: string,
  what: string,
  hint: string,
): Promise<never> {
  await requireNativeProject(fs, await detectProject(fs, root));
  throw new UserError(what, { hint });
}
