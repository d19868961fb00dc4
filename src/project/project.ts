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
  /** The react-native.config that is there. */
  readonly reactNativeConfig: string | undefined;
  readonly android: AndroidProject | undefined;
  readonly ios: IosProject | undefined;
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

export interface AndroidProject {
  /** The application module's build file. */
  readonly buildFile: string;
  readonly applicationId: string | undefined;
  /** `old` where gradle.properties says `newArchEnabled=false` and this React Native still heeds it. */
  readonly architecture: 'new' | 'old';
}

export interface IosProject {
  readonly targets: readonly IosTarget[];
  /** What stands in the way of knowing the targets, in words. */
  readonly problems: readonly ProjectProblem[];
}

export interface ProjectProblem {
  readonly path: string;
  readonly reason: string;
}

export interface IosTarget {
  readonly name: string;
  /** The .xcodeproj that has it. */
  readonly project: string;
  /** Every Info.plist that one of its build configurations uses and that is there. */
  readonly infoPlists: readonly string[];
  /** Whether the app declares a scene: React then starts in the scene, not in the app delegate. */
  readonly isSceneBased: boolean;
}

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
