import type { ExpoFacts } from './expo.ts';

/** What bgsync knows of the app it works on. Paths are relative to `root`, with `/`. */
export interface Project {
  /** Absolute. */
  readonly root: string;
  readonly name: string;
  readonly reactNative: ReactNativeFacts;
  readonly packageManager: PackageManager;
  readonly usesTypeScript: boolean;
  /** True where package.json says `"type": "module"`. */
  readonly isEsm: boolean;
  readonly entries: readonly EntryFile[];
  /** Where a native project names an entry file that cannot be followed: `entries` has the usual one instead. */
  readonly entryProblems: readonly ProjectProblem[];
  /** The react-native.config that is there. */
  readonly reactNativeConfig: string | undefined;
  readonly android: AndroidProject | undefined;
  readonly ios: IosProject | undefined;
  /** Undefined in a bare React Native app. */
  readonly expo?: ExpoFacts;
}

export type PackageManager = 'npm' | 'yarn' | 'pnpm' | 'bun';

export interface ReactNativeFacts {
  /** As package.json has it. */
  readonly declared: string;
  /** The installed version, or the lowest that the declared range allows. */
  readonly version: string;
  readonly isInstalled: boolean;
}

export interface EntryFile {
  readonly path: string;
  readonly platforms: readonly ('android' | 'ios')[];
}

/** A fact with the place that it is read from, which is where one would change it. */
export interface Located<T> {
  readonly value: T;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** What is `undefined` is not said in the build, or only running the build would tell; it is never guessed. */
export interface AndroidProject {
  /** The application module's build file. */
  readonly buildFile: string;
  readonly applicationId: string | undefined;
  /** `old` where gradle.properties says `newArchEnabled=false` and this React Native still heeds it. */
  readonly architecture: 'new' | 'old';
  /** From the build file, else `package` of the manifest. */
  readonly namespace: Located<string> | undefined;
  readonly compileSdk: Located<number> | undefined;
  /** Of `defaultConfig`. */
  readonly minSdk: Located<number> | undefined;
  readonly targetSdk: Located<number> | undefined;
  /** The Android Gradle plugin, where the build names its version and does not leave it to React Native. */
  readonly agp: Located<string> | undefined;
  /**
   * The Kotlin Gradle plugin, likewise; where it is not on the class path, `ext.kotlinVersion`, which the generated
   * package then takes.
   */
  readonly kotlin: Located<string> | undefined;
  /** Whether the application module itself is compiled with Kotlin. */
  readonly usesKotlin: boolean;
  readonly flavors: readonly AndroidVariant[];
  /** Those that differ from the default only: build types with an id of their own. */
  readonly buildTypes: readonly AndroidVariant[];
  /** Every id that a build of the app may have, as far as literals tell; sorted. */
  readonly applicationIds: readonly string[];
  /** Every place in the app's own build that names androidx.work. */
  readonly workRuntime: readonly WorkUse[];
  /** The app's own `Configuration.Provider`, in the class that the manifest names as application. */
  readonly workConfiguration: WorkConfiguration | undefined;
  /** Where the manifest takes out WorkManager's own initializer. */
  readonly removedInitializer: Located<true> | undefined;
  /** Worth knowing before it bites, and no reason to refuse. */
  readonly warnings: readonly ProjectProblem[];
}

/** A product flavor or a build type. */
export interface AndroidVariant {
  readonly name: string;
  readonly applicationId: string | undefined;
  readonly applicationIdSuffix: string | undefined;
  readonly file: string;
  readonly line: number;
}

export interface WorkUse {
  /** `androidx.work:work-runtime`; `androidx.work:*` for a rule about all of them. */
  readonly module: string;
  /** Undefined where none stands there, or it is an expression or a range. */
  readonly version: string | undefined;
  /** What is written in place of a plain version: a range such as `2.+`, an expression. */
  readonly expression: string | undefined;
  /** Forced or strict: Gradle then takes no higher version. */
  readonly isPinned: boolean;
  /** An installed package that asks for it; undefined for the app's own build. */
  readonly owner: string | undefined;
  readonly file: string;
  readonly line: number;
}

export interface WorkConfiguration {
  readonly file: string;
  readonly line: number;
  /** Kotlin's `fun getWorkManagerConfiguration()`, which does not compile from androidx.work 2.9 on. */
  readonly isFunction: boolean;
  readonly hasWorkerFactory: boolean;
}

export interface IosProject {
  readonly targets: readonly IosTarget[];
  /** What stands in the way of knowing the targets, in words. */
  readonly problems: readonly InfoPlistProblem[];
  /** Worth knowing before it bites, and no reason to refuse. */
  readonly warnings: readonly ProjectProblem[];
}

export interface InfoPlistProblem extends ProjectProblem {
  /** Whether bgsync does the rest once the reason is gone: there is nothing to paste. */
  readonly runAgain?: true;
  /** Where the target has no Info.plist at all: the file to make, and the target whose build settings are to name it. */
  readonly newFile?: { readonly path: string; readonly setting: string; readonly target: string };
}

export interface ProjectProblem {
  readonly path: string;
  /** 1-based. */
  readonly line?: number;
  readonly reason: string;
}

export interface IosTarget {
  readonly name: string;
  /** The .xcodeproj that has it. */
  readonly project: string;
  /** Every Info.plist that one of its build configurations uses and that is there. */
  readonly infoPlists: readonly string[];
  /** Whether the app declares a scene, and is not seen to start React in the app delegate all the same. */
  readonly isSceneBased: boolean;
}

/** The platforms that the app is built for: those with a native project, and those that Expo makes one for. */
export const platformsOf = (project: Project): readonly ('android' | 'ios')[] =>
  (['android', 'ios'] as const).filter(
    (name) =>
      project[name] !== undefined ||
      (project.expo?.[name] === 'generated' && project.expo.platforms.includes(name)),
  );

/** The entry files of these platforms. */
export const entriesOf = (
  project: Project,
  wanted: readonly ('android' | 'ios')[],
): readonly EntryFile[] =>
  project.entries.filter(({ platforms }) => platforms.some((one) => wanted.includes(one)));

/** The Info.plists of all iOS app targets, each once. */
export const infoPlistsOf = (project: Project): readonly string[] => [
  ...new Set(project.ios?.targets.flatMap((target) => target.infoPlists)),
];
