import type { KeyValueStore, SyncLayer } from '../facts.ts';
import type { ExpoFacts } from './expo-facts.ts';

/**
 * What bgsync knows of the app it works on, whatever it is written in. Paths are relative to `root`, with `/`. What only
 * one host has is in that host's type: `project.host` tells which it is.
 */
export interface AppProject {
  /** Names the host in lock files, too, which every later bgsync reads: a name never changes. */
  readonly host: string;
  /** Those that the app is built for: by a native project that is there, or one that the host makes. */
  readonly platforms: readonly Platform[];
  /** Absolute. */
  readonly root: string;
  readonly name: string;
  /** The files that the app's own code starts at. */
  readonly entries: readonly EntryFile[];
  /** Where a native project names an entry file that cannot be followed: `entries` has the usual one instead. */
  readonly entryProblems: readonly ProjectProblem[];
  /** Libraries that keep what waits to be sent themselves. */
  readonly syncLayers: readonly SyncLayer[];
  readonly android: AndroidProject | undefined;
  readonly ios: IosProject | undefined;
}

/** What every app has that React Native runs in. */
export interface JavaScriptProject extends AppProject {
  readonly reactNative: ReactNativeFacts;
  readonly packageManager: PackageManager;
  readonly usesTypeScript: boolean;
  readonly keyValueStore: KeyValueStore;
  /** True where package.json says `"type": "module"`. */
  readonly isEsm: boolean;
  /** The react-native.config that is there. */
  readonly reactNativeConfig: string | undefined;
}

export interface ReactNativeProject extends JavaScriptProject {
  readonly host: 'react-native';
}

export interface ExpoProject extends JavaScriptProject {
  readonly host: 'expo';
  readonly expo: ExpoFacts;
}

export interface FlutterProject extends AppProject {
  readonly host: 'flutter';
  readonly flutter: FlutterFacts;
}

export interface FlutterFacts {
  /** Of the pubspec: what `package:` names the app by. */
  readonly package: string;
  /** The version that the app is built with, where a file of the repo tells it, and that file. */
  readonly version: { readonly value: string; readonly file: string } | undefined;
  /** The constraint on Dart, as the pubspec has it. */
  readonly dart: string | undefined;
  /** Whether it is a member of a pub workspace, whose root is above it. */
  readonly isWorkspaceMember: boolean;
  /** Below what the generated plugin needs: where the Xcode project says so. */
  readonly lowTarget: Located<string> | undefined;
}

/** The hosts that bgsync sets up; a new one is one more type here. */
export type Project = ReactNativeProject | ExpoProject | FlutterProject;
export type HostId = Project['host'];
export type ProjectOf<Id extends HostId> = Extract<Project, { readonly host: Id }>;

export const PLATFORMS = ['android', 'ios'] as const;
export type Platform = (typeof PLATFORMS)[number];

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
  readonly platforms: readonly Platform[];
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
  /** Of these levels, those that the app's scripts set to what only the build knows, by the name of the level. */
  readonly computedLevels: readonly Located<'compileSdk' | 'minSdk' | 'targetSdk'>[];
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

export interface IosProject {
  readonly targets: readonly IosTarget[];
  /** What the app targets build for where none of them is for iOS, as in an app for Apple TV: `tvOS`. Else empty. */
  readonly onlyFor: readonly string[];
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

/** The platforms that a native project is there for: one in `ios/` that builds for tvOS alone is none for iOS. */
export const platformsIn = ({
  android,
  ios,
}: Pick<AppProject, 'android' | 'ios'>): readonly Platform[] => [
  ...(android === undefined ? [] : (['android'] as const)),
  ...(ios === undefined || ios.onlyFor.length > 0 ? [] : (['ios'] as const)),
];

/** `the Xcode project in ios/ builds for tvOS alone`; undefined where it builds for iOS, or there is none. */
export const whyNotIos = (ios: Pick<IosProject, 'onlyFor'> | undefined): string | undefined =>
  ios === undefined || ios.onlyFor.length === 0
    ? undefined
    : `the Xcode project in ios/ builds for ${ios.onlyFor.join(' and ')} alone`;

/** The entry files of these platforms. */
export const entriesOf = (project: AppProject, wanted: readonly Platform[]): readonly EntryFile[] =>
  project.entries.filter(({ platforms }) => platforms.some((one) => wanted.includes(one)));

/** The Info.plists of all iOS app targets, each once. */
export const infoPlistsOf = (project: AppProject): readonly string[] => [
  ...new Set(project.ios?.targets.flatMap((target) => target.infoPlists)),
];
