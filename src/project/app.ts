import { UserError } from '../errors.ts';
import type { FileSystem } from '../file-system.ts';
import { readAndroidBuild } from './android-build.ts';
import type { AndroidBuild } from './android-build.ts';
import { describeAndroid } from './android.ts';
import { detectEntries } from './entries.ts';
import { detectExpo, findExpoEntries } from './expo.ts';
import type { ExpoFacts } from './expo.ts';
import { readGradleProject } from './gradle-project.ts';
import type { GradleProject } from './gradle-project.ts';
import type { PlistFile } from './info-plist.ts';
import { readIosApp } from './ios-app.ts';
import type { IosApp } from './ios-app.ts';
import { readManifests } from './manifests.ts';
import type { Manifest } from './manifests.ts';
import { declaredRange, installedVersion, readPackageFile } from './package-json.ts';
import type { PackageJson } from './package-json.ts';
import type { AndroidProject, EntryFile, ProjectProblem } from './project.ts';
import { readPods } from './pods.ts';
import type { Pods } from './pods.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';

/** What an app is read through. Paths are relative to its root, with `/`. */
export interface AppFiles {
  /** Where bytes that are not UTF-8 make no text: what is quoted, or edited. */
  readonly text: ReadOnlyFiles;
  /** The same for what is looked at for single facts, as build files are: such bytes do not matter. */
  readonly loose: ReadOnlyFiles;
}

/**
 * The facts of one app, for every command: `init` and its kin make a {@link Project} of them, the doctor's checks read
 * them as they are. Each is read when it is first asked for, once. What cannot be read is what `AppFiles` makes of it.
 */
export interface App {
  /** Absolute. */
  readonly root: string;
  readonly packageJson: PackageJson | undefined;

  /** Whether package.json has it in `dependencies` or `devDependencies`. */
  depends(name: string): boolean;
  /** @returns the installed version, else the lowest that the declared range allows */
  version(name: string): Promise<string | undefined>;
  /** @returns the version for people: the installed one, else what package.json says, which may be a range */
  versionText(name: string): Promise<string | undefined>;
  /** @returns a file of an installed package, wherever Node would find that from the app */
  readPackageFile(
    name: string,
    path: string,
  ): Promise<{ readonly path: string; readonly text: string } | undefined>;

  /** What Expo makes of the app; undefined where it is none, or of an SDK that bgsync does not know. */
  expo(): Promise<ExpoFacts | undefined>;
  /**
   * The same where the answer decides whether bgsync can go on.
   *
   * @throws UserError for an SDK that bgsync does not know
   */
  requireExpo(): Promise<ExpoFacts | undefined>;
  /** The files that the JavaScript bundle starts at, and what native projects name that cannot be followed. */
  start(): Promise<{
    readonly entries: readonly EntryFile[];
    readonly problems: readonly ProjectProblem[];
  }>;
  android(): Promise<GradleProject | undefined>;
  /**
   * What the Gradle files say of the app; undefined where there is none.
   *
   * @param reactNative the version, as far as one is known
   */
  describeAndroid(reactNative: string | undefined): Promise<AndroidProject | undefined>;
  /**
   * What the build of the Android app says, with what packages bring into it; undefined where there is none.
   *
   * @param generated the folder of the generated package, where it has an Android half
   */
  androidBuild(generated: string | undefined): Promise<AndroidBuild | undefined>;
  ios(): Promise<IosApp | undefined>;
  /** What CocoaPods knows in each folder with an Xcode project. */
  pods(): Promise<readonly Pods[]>;
  /** The Android manifests by source set, `main` and others. */
  manifests(): Promise<readonly Manifest[]>;
  /** The Info.plists of all iOS app targets, each once. */
  infoPlists(): Promise<readonly PlistFile[]>;
  entitlements(): Promise<readonly PlistFile[]>;
}

/** Packages that an app is built around, with its native projects in `ios/` and `android/`. */
const HOSTS = ['react-native', 'expo', '@capacitor/core'];

/** @param root absolute; the folder that an ecosystem, or the doctor, found */
export function openApp(
  fs: FileSystem,
  root: string,
  packageJson: PackageJson | undefined,
  { text, loose }: AppFiles,
): App {
  const android = once(() => readGradleProject(loose));
  const requireExpo = once(async () => packageJson && (await detectExpo(fs, root, packageJson)));
  const expo = once(() =>
    requireExpo().catch((error: unknown) => {
      if (error instanceof UserError) return undefined;
      throw error;
    }),
  );
  const declared = (name: string): string | undefined =>
    packageJson?.dependencies[name] ?? packageJson?.devDependencies[name];
  const isHosted = HOSTS.some((name) => declared(name) !== undefined);
  const ios = once(() => readIosApp(text, isHosted ? 'hosted' : 'native'));
  const versions = new Map<string, Promise<string | undefined>>();
  const version = (name: string): Promise<string | undefined> => {
    const known = versions.get(name) ?? versionOf(fs, root, name, declared(name));
    versions.set(name, known);
    return known;
  };
  const plistsOf = async (key: 'infoPlists' | 'entitlements'): Promise<PlistFile[]> => {
    const targets = (await ios())?.targets ?? [];
    const plists: PlistFile[] = [];
    for (const path of new Set(targets.flatMap((target) => target[key]))) {
      const content = await text.read(path);
      if (content === undefined) continue;
      const own = targets.filter((target) => target[key].includes(path));
      plists.push({ path, text: content, targets: own });
    }
    return plists;
  };
  const packages = {
    depends: (name: string) => declared(name) !== undefined,
    readPackageFile: (name: string, path: string) => readPackageFile(fs, root, name, path),
  };

  return {
    root,
    packageJson,
    ...packages,
    version,
    versionText: async (name) => (await installedVersion(fs, root, name)) ?? declared(name),
    expo,
    requireExpo,
    start: once(async () => {
      if (packageJson === undefined) return { entries: [], problems: [] };
      const { main } = packageJson;
      return declaredRange(packageJson, 'expo') !== undefined
        ? { entries: await findExpoEntries(fs, root, main), problems: [] }
        : detectEntries(fs, root, main);
    }),
    android,
    describeAndroid: async (reactNative) => {
      const project = await android();
      return project && describeAndroid(loose, project, reactNative);
    },
    androidBuild: async (generated) => {
      const project = await android();
      const reactNative = packages.depends('react-native')
        ? await version('react-native')
        : undefined;
      return project && readAndroidBuild(loose, project, { ...packages, generated }, reactNative);
    },
    ios,
    pods: once(async () =>
      Promise.all(((await ios())?.folders ?? []).map((folder) => readPods(text, folder))),
    ),
    manifests: once(async () => {
      const project = await android();
      return project === undefined ? [] : readManifests(text, project.app.folder);
    }),
    infoPlists: once(async () =>
      // What prebuild made last is no source: E01 looks at the app config.
      (await expo())?.ios === 'generated' ? [] : plistsOf('infoPlists'),
    ),
    entitlements: once(() => plistsOf('entitlements')),
  };
}

async function versionOf(
  fs: FileSystem,
  root: string,
  name: string,
  range: string | undefined,
): Promise<string | undefined> {
  const installed = await installedVersion(fs, root, name);
  if (installed !== undefined || range === undefined) return installed;
  // What a package manager writes needs no parser of ranges, which takes a while to load.
  const [, plain] = /^[~^]?(\d+\.\d+\.\d+)$/.exec(range) ?? [];
  if (plain !== undefined && plain !== '0.0.0') return plain;
  const { default: minVersion } = await import('semver/ranges/min-version.js');
  try {
    const lowest = minVersion(range.replace(/^(?:workspace|npm):(?:@?[^@]+@)?/, ''));
    return lowest === null || lowest.version === '0.0.0' ? undefined : lowest.version;
  } catch {
    // A tag, a URL or a path.
    return undefined;
  }
}

/** What is made when it is first asked for, once. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
