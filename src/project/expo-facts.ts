/** What Expo adds to what bgsync knows of an app. Paths are relative to the app's root, with `/`. */
export interface ExpoFacts {
  /** As package.json has it. */
  readonly declared: string;
  /** Of the package `expo`: the installed version, or the lowest that the declared range allows. */
  readonly version: string;
  readonly sdk: number;
  readonly isInstalled: boolean;
  /** Whether the app delegate that prebuild makes owns the factory that the scene uses. */
  readonly hasSceneHost: boolean;
  readonly android: NativeFolder;
  readonly ios: NativeFolder;
  readonly prebuild: Prebuild;
  readonly config: ExpoConfigFiles;
  /** The platforms that prebuild would make. */
  readonly platforms: readonly ('android' | 'ios')[];
  /** What the config says; a dynamic one is searched for the words. */
  readonly architecture: 'new' | 'old';
  /** The package's file that starts the app, where no file of the app does: `expo-router/entry`. */
  readonly packageEntry: string | undefined;
  /** An index file at the root that does not start the app, because `packageEntry` does. */
  readonly strayIndex: string | undefined;
  /** Other packages that a background sync has to get along with. */
  readonly neighbours: readonly ExpoNeighbour[];
}

/**
 * - `generated`: by prebuild, at build time: the folder is not there, or git ignores it
 * - `committed`: it is there and git has it: it is the truth, and prebuild would change or replace it
 */
export type NativeFolder = 'generated' | 'committed';

/**
 * Whether prebuild writes the native project of iOS, so that the app config counts:
 *
 * - `makes`: ios/ is not in the repo, and prebuild makes it
 * - `runs`: it is in the repo, and something runs prebuild all the same
 * - `never`: git has ios/, and nothing in the repo runs prebuild: what the app config says for iOS is read by nobody
 * - `undecided`: `reason` says what the repo leaves open
 */
export type Prebuild =
  | { readonly kind: 'makes' | 'never' }
  | ({ readonly kind: 'runs' } & PrebuildRun)
  | { readonly kind: 'undecided'; readonly reason: string };

/** The place that runs prebuild. */
export interface PrebuildRun {
  /** Relative to the app's root; it may lie above. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** For people: `a script runs prebuild`. */
  readonly says: string;
}

export interface ExpoConfigFiles {
  /** app.json or app.config.json. */
  readonly static: string | undefined;
  /** The key in it that holds the config; undefined where the file is the config. */
  readonly wrapper: 'expo' | undefined;
  /** app.config.ts or app.config.js: it has the last word. */
  readonly dynamic: string | undefined;
  /** False for the app.json of the React Native CLI, with a name alone. */
  readonly isUsed: boolean;
}

export const NEIGHBOURS = [
  'expo-background-task',
  'expo-background-fetch',
  'expo-task-manager',
  'expo-updates',
  'expo-router',
] as const;
export type ExpoNeighbour = (typeof NEIGHBOURS)[number];
