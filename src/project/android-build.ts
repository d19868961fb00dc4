import { posix } from 'node:path';
import { PACKAGE_NAME } from '../facts.ts';
import { readPlugins } from '../formats/gradle-build.ts';
import { pathOf, valueOf } from '../formats/gradle.ts';
import { describeAndroid } from './android.ts';
import { REACT, appScripts, scopeOf } from './gradle-project.ts';
import type { GradleProject } from './gradle-project.ts';
import { isVersion, parseGradleFile, resolveValue } from './gradle-scope.ts';
import type { GradleScope } from './gradle-scope.ts';
import type { AndroidProject, Located, WorkUse } from './project.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';
import { isBelow } from '../versions.ts';
import { workUsesIn } from './work-uses.ts';

/** What the whole build makes of an app: what installed packages and the generated one bring into it, too. */
export interface AndroidBuild extends AndroidProject {
  /** Whether R8 shrinks some build type. */
  readonly isMinified: boolean;
  /** Whether a flavor or a build type sets a minSdk of its own. */
  readonly hasVariantMinSdk: boolean;
  /** Where React Native's plugin is applied, and nothing has what autolinking finds built in; undefined elsewhere. */
  readonly unlinked: Located<string> | undefined;
  readonly properties: ReadonlyMap<string, Located<string>>;
  /** {@link AndroidProject.workRuntime}, and what packages ask for. */
  readonly workUses: readonly WorkUse[];
  /** The version that Gradle takes, as far as the repo tells; undefined where it does not. */
  readonly work: KnownWork | undefined;
}

export interface KnownWork {
  readonly version: string;
  /** What decides it. */
  readonly use: WorkUse;
  /** Whether it is the version, and not only the highest that is asked for in sight. */
  readonly isCertain: boolean;
}

/** {@link WorkUse.owner} of bgsync’s own package. */
export const GENERATED_PACKAGE = 'the generated package';

const GROUP = 'androidx.work';
/** Installed packages whose build.gradle asks for androidx.work by name. */
const ASKING_PACKAGES = [
  '@capacitor/background-runner',
  '@notifee/react-native',
  'expo-background-task',
  'headless-task-worker',
];

/** Where the parts of a build are that are not the app's own. */
export interface BuildPackages {
  /** Whether package.json has it. */
  depends(name: string): boolean;
  /** @returns a file of an installed package with its path, found as Node would */
  readPackageFile(
    name: string,
    path: string,
  ): Promise<{ readonly path: string; readonly text: string } | undefined>;
  /** The folder of the generated package; undefined where it has no Android half. */
  readonly generated: string | undefined;
}

export async function readAndroidBuild(
  files: ReadOnlyFiles,
  project: GradleProject,
  packages: BuildPackages,
  reactNative: string | undefined,
): Promise<AndroidBuild> {
  const android = await describeAndroid(files, project, reactNative);
  const scripts = appScripts(project);
  const scope = scopeOf(project, project.app.file);
  const isTrue = (name: RegExp): boolean =>
    scripts.some((file) =>
      file.statements.some((one) => {
        const value = name.test(pathOf(one)) ? valueOf(one.rest) : undefined;
        if (value?.kind === 'reference' && value.name === 'true') return true;
        const from = { file: file.path, line: one.line };
        const at = scopeOf(project, file);
        return value !== undefined && resolveValue(at, value, from)?.value === 'true';
      }),
    );
  const workUses = [...android.workRuntime, ...(await usesOfPackages(files, packages, scope))];
  return {
    ...android,
    isMinified: isTrue(/\.(?:is)?[mM]inifyEnabled$/),
    hasVariantMinSdk: scripts.some(({ statements }) =>
      statements.some((one) =>
        /\.(?:productFlavors|buildTypes)\..*\bminSdk(?:Version)?\b/.test(pathOf(one)),
      ),
    ),
    unlinked: findUnlinked(project),
    properties: project.shared.properties,
    workUses,
    work: (await lockedWork(files, project.app.folder)) ?? knownWork(workUses),
  };
}

/** React Native's own word, those of its CLI before 0.75, and of react-native-test-app. */
const LINKS = /^(?:autolinkLibrariesWithApp|applyNativeModules\w*|applyTestApp\w*)$/;

/** https://reactnative.dev/docs/integration-with-existing-apps has it in the app's `react { }`. */
function findUnlinked(project: GradleProject): Located<string> | undefined {
  const { app, includedBuilds, unread } = project;
  // Code of the build's own, or a script that cannot be read, may do it.
  if (includedBuilds.length > 0 || unread.length > 0) return undefined;
  const plugin = readPlugins(app.file.statements).find(({ id }) => id === REACT);
  if (plugin === undefined) return undefined;
  const isLinked = appScripts(project).some(({ statements }) =>
    statements.some(
      ({ name, rest }) =>
        LINKS.test(name.split('.').at(-1) ?? '') ||
        rest.some(
          ({ kind, text }) =>
            (kind === 'word' && LINKS.test(text)) ||
            (kind === 'string' && text.endsWith(`:${PACKAGE_NAME}`)),
        ),
    ),
  );
  return isLinked ? undefined : { value: plugin.id, file: app.file.path, line: plugin.line };
}

/** What the generated package and installed ones ask for. */
async function usesOfPackages(
  files: ReadOnlyFiles,
  packages: BuildPackages,
  scope: GradleScope,
): Promise<WorkUse[]> {
  const ask = (owner: string, file: { path: string; text: string } | undefined): WorkUse[] => {
    if (file !== undefined) {
      const parsed = parseGradleFile(file.path, file.text);
      return workUsesIn({ ...scope, files: [parsed, ...scope.files] }, parsed, owner);
    }
    const unknown = { version: undefined, expression: '', isPinned: false, owner };
    return [{ ...unknown, module: `${GROUP}:*`, file: 'package.json', line: 1 }];
  };
  const script = 'android/build.gradle';
  const uses = await Promise.all(
    ASKING_PACKAGES.filter((name) => packages.depends(name)).map(async (name) =>
      ask(name, await packages.readPackageFile(name, script)),
    ),
  );
  if (packages.generated !== undefined) {
    const path = `${packages.generated}/${script}`;
    const text = await files.read(path);
    uses.push(ask(GENERATED_PACKAGE, text === undefined ? undefined : { path, text }));
  }
  return uses.flat();
}

/** Whether a configuration is what a release build runs with, of whatever flavour. */
function isReleaseClasspath(name: string): boolean {
  const lower = name.toLowerCase();
  const at = lower.indexOf('release');
  return at !== -1 && lower.includes('runtimeclasspath', at);
}

/** https://docs.gradle.org/current/userguide/dependency_locking.html */
async function lockedWork(files: ReadOnlyFiles, folder: string): Promise<KnownWork | undefined> {
  const path = posix.join(folder, 'gradle.lockfile');
  const lines = ((await files.read(path)) ?? '').split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    const [, version, configurations = ''] =
      /^androidx\.work:work-runtime:([^=]+)=(.*)$/.exec(line) ?? [];
    if (version === undefined || !isVersion(version)) continue;
    if (!configurations.split(/\W+/).some(isReleaseClasspath)) continue;
    const place = { file: path, line: index + 1, owner: undefined, expression: undefined };
    const use = { module: `${GROUP}:work-runtime`, version, isPinned: true, ...place };
    return { version, use, isCertain: true };
  }
  return undefined;
}

/** Gradle takes the highest that is asked for, unless one is pinned. */
function knownWork(uses: readonly WorkUse[]): KnownWork | undefined {
  const pins = uses.filter(({ isPinned, owner }) => isPinned && owner === undefined);
  const [pin] = pins;
  if (pin !== undefined) {
    const { version } = pin;
    const isOne = pins.every((one) => one.version === version);
    return isOne && version !== undefined ? { version, use: pin, isCertain: true } : undefined;
  }
  if (uses.some(({ version, expression }) => version === undefined && expression !== undefined)) {
    return undefined;
  }
  const known = uses.flatMap((use) => (use.version === undefined ? [] : [{ ...use, use }]));
  const [highest] = known.sort((a, b) => Number(isBelow(a.version ?? '', b.version ?? '')) - 0.5);
  return highest?.version === undefined
    ? undefined
    : { version: highest.version, use: highest.use, isCertain: false };
}
