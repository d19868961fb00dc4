/**
 * What bgsync knows of the versions and names of others, each once: config, checks, `init`, templates and docs/limits.md
 * take it from here. A version that changes is changed here, and the tests say what depends on it.
 */

/** androidx.work, which Android's half is built on. */
export const WORK = {
  /** What is generated: the first without {@link WORK.broken}. */
  default: '2.11.2',
  /** Workers that wait for the network start without it. */
  broken: { from: '2.10.2', before: '2.11.2' },
  /**
   * {@link WORK.broken} and {@link WORK.oldestForWorker} for a JSON schema, which compares no versions: a plain version that
   * is new enough, and none of the broken ones.
   */
  allowed:
    /^(?!(?:[01]|2\.[0-8])\.)(?!2\.(?:10\.[2-9]|11\.[01])(?!\d))\d+\.\d+\.\d+(?:-[0-9A-Za-z]+)?$/,
  /** `setNextScheduleTimeOverride` and `getStopReason`. */
  oldestForWorker: '2.9.0',
  /** Below, its PendingIntents lack the flag that Android 12 asks for. */
  oldestForAndroid12: '2.7.0',
  /** `Configuration.Provider` is a Kotlin property from here on. */
  propertyFrom: '2.9.0',
  /** Below, R8 of {@link BUILD.agpThatShrinksMore} shrinks its database away. */
  databaseKeptFrom: '2.9.0',
  /** Periodic work whose worker throws never runs again: measured on 2.10.0; on 2.11.2 and 2.12.0 it waits for its next period. */
  throwIsFatal: { from: '2.10.0', before: '2.11.2' },
  /**
   * Its listener for the end of a run cancels the job that the enqueue of another work has made meanwhile, and never makes
   * it again: read in the bytecode of 2.10.0 and 2.11.2, and met there by a random sequence; 2.12.0 looks first.
   */
  losesJobs: { before: '2.12.0' },
  /** From here on its AAR metadata ask for it: read in the AARs of 2.10.0, 2.11.2 and 2.12.0. */
  compileLevel: { from: '2.10.0', compileSdk: 35 },
  /** From here on its manifest asks for it: read in the AARs of 2.10.0 (21), 2.11.2 (23) and 2.12.0 (24). */
  level: { from: '2.11.0', minSdk: 23 },
  higherLevel: { from: '2.12.0', minSdk: 24 },
} as const;

/** The Android build that the generated package compiles in. */
export const BUILD = {
  /** What the AAR metadata of androidx.work 2.11.2 and 2.12.0 ask for (`minAndroidGradlePluginVersion`). */
  agp: '8.6.0',
  kotlin: '2.0.0',
  minSdk: 24,
  agpThatShrinksMore: '9.0.0',
} as const;

export const REACT_NATIVE = {
  /** The first with Kotlin 2 and a Swift app delegate in its template. */
  oldest: '0.77.0',
  /** The last that is tested. */
  newest: '0.88',
  /** From here on `newArchEnabled=false` is ignored. */
  newArchitectureOnly: '0.82.0',
} as const;

/** SDKs of Expo. */
export const EXPO = {
  /** The first on React Native 0.79. */
  oldest: 53,
  newest: 58,
  /** The first whose app delegate hands its factory to the scene: `ExpoReactNativeFactoryProvider`. */
  firstWithScenes: 58,
} as const;

export const FLUTTER = {
  /** The first with Dart 3.7, in whose language the generated Dart is. */
  oldest: '3.29.0',
  dart: '3.7.0',
  /** The first whose own default of minSdk is what the generated plugin needs. */
  firstWithMinSdk: '3.35.0',
  dartWithMinSdk: '3.9.0',
  /** The first whose flutter.targetSdkVersion is `target`: https://docs.flutter.dev/release/breaking-changes/default-systemuimode-edge-to-edge */
  firstWithTarget: '3.27.0',
  dartWithTarget: '3.6.0',
  target: 35,
} as const;

/** The plugin workmanager of Flutter; versions are those of its iOS half, workmanager_apple. */
export const WORKMANAGER_PLUGIN = {
  /** From here on it registers the launch handlers of what was scheduled before by itself: flutter_workmanager#692. */
  firstThatRegisters: '0.9.3',
  /** The first that is a package for itself; before, workmanager has it. */
  firstFederated: '0.8.0',
} as const;

/** react-native-background-fetch. */
export const TRANSISTOR = {
  name: 'react-native-background-fetch',
  /**
   * The first whose framework registers only the permitted ids with {@link TRANSISTOR.prefix}; those before, 2.8 included,
   * register them all. From the binaries: 4.2.1 and 4.2.2 compared, 2.8.0 looked at.
   */
  firstWithPrefix: '4.2.2',
  prefix: 'com.transistorsoft.',
  /**
   * The first that calls the third argument of `configure` when the time is over; before, it was for errors. From index.js
   * of 3.1.0 and 4.0.1.
   */
  firstWithTimeout: '4.0.0',
  /** The first that registers without a call in the app delegate. */
  firstWithoutCall: '4.2.9',
} as const;

export const IOS = {
  /** Of the generated podspec: what React Native 0.77 and later ask for. */
  oldest: 15.1,
} as const;

/** Levels of targetSdk from which Android itself asks for something. */
export const TARGET_SDK = {
  mutability: 31,
  foregroundType: 34,
  /** https://developer.android.com/about/versions/15/behavior-changes-15#datasync-timeout */
  foregroundLimited: 35,
  /** https://developer.android.com/about/versions/12/behavior-changes-12#foreground-service-launch-restrictions */
  foregroundRefused: 31,
  /** https://developer.android.com/about/versions/12/behavior-changes-12#exact-alarm-permission */
  exactAlarm: 31,
  /** https://developer.android.com/about/versions/14/changes/schedule-exact-alarms */
  exactAlarmDenied: 33,
  /** https://developer.android.com/about/versions/12/behavior-changes-12#exported */
  exported: 31,
  /** https://developer.android.com/about/versions/14/behavior-changes-14#runtime-receivers-exported */
  receiverExported: 34,
} as const;

/**
 * The name of a further sync: a part of ids that Android and iOS store, of a file's name, and of Kotlin and Swift text.
 */
export const TASK_NAME_PATTERN = /^[a-z](?:-?[a-z0-9]){0,31}$/;

/** Names that generated code and the commands have in common. They never change once shipped. */
export const PROTOCOL = {
  /** The default id of the BGProcessingTask: build variants need no ids of their own. */
  taskId: 'dev.bgsync.processing',
  /** Of the BGAppRefreshTask, where `ios.refresh` asks for one. */
  refreshTaskId: 'dev.bgsync.refresh',
  uniqueWork: 'dev.bgsync.sync.v1',
  worker: 'dev.bgsync.BackgroundSyncWorker',
  debugReceiver: 'dev.bgsync.BackgroundSyncDebugReceiver',
  actions: ['RUN', 'STATUS', 'STOP'],
  actionPrefix: 'dev.bgsync.action.',
  logTag: 'BackgroundSync',
  /** As React Native knows it. */
  nativeModule: 'BackgroundSync',
  /** Of Apple's unified log. */
  subsystem: 'dev.bgsync',
  eventMarker: 'BGSYNC1 ',
  /** Below the app's files, oldest first. */
  androidRing: ['no_backup/bgsync/events.previous.jsonl', 'no_backup/bgsync/events.jsonl'],
  /** Below the app's container. */
  iosRing: 'Library/Application Support/dev.bgsync/events.log',
} as const;

/** A limit as docs/limits.md shows it. */
export interface Limit {
  readonly of: string;
  readonly limit: string;
  readonly effect: string;
  /** Checks of doctor that look at it; none where a command refuses. */
  readonly checks: readonly string[];
  readonly source: string;
}

const upTo = ({ from, before }: { from: string; before: string }): string =>
  `${from} up to, not with, ${before}`;
const WORK_RELEASES = 'https://developer.android.com/jetpack/androidx/releases/work';

/** Every limit there is, in the order of docs/limits.md. */
export const LIMITS: readonly Limit[] = [
  {
    of: 'androidx.work',
    limit: `not ${upTo(WORK.broken)}`,
    effect: 'workers that wait for the network start without one, on Android 15 and later',
    checks: ['A02'],
    source: 'https://issuetracker.google.com/issues/445324855',
  },
  {
    of: 'androidx.work',
    limit: `${WORK.oldestForWorker} or newer, where a pin decides it`,
    effect: 'the generated worker uses setNextScheduleTimeOverride and getStopReason',
    checks: ['A03'],
    source: `${WORK_RELEASES}#2.9.0`,
  },
  {
    of: 'androidx.work',
    limit: `${WORK.oldestForAndroid12} or newer with targetSdk ${TARGET_SDK.mutability}`,
    effect: 'the app crashes at its start on Android 12 and later',
    checks: ['A03'],
    source: `${WORK_RELEASES}#2.7.0`,
  },
  {
    of: 'androidx.work',
    limit: `${WORK.databaseKeptFrom} or newer with the Android Gradle plugin ${BUILD.agpThatShrinksMore} and R8`,
    effect: 'R8 shrinks the constructor of WorkDatabase_Impl away',
    checks: ['A04'],
    source: 'https://github.com/DataDog/dd-sdk-android/issues/3502',
  },
  {
    of: 'minSdk, compileSdk',
    limit: `compileSdk ${WORK.compileLevel.compileSdk} with androidx.work ${WORK.compileLevel.from}; minSdk ${WORK.level.minSdk} with ${WORK.level.from}, ${WORK.higherLevel.minSdk} with ${WORK.higherLevel.from}`,
    effect: 'the manifest merger or the check of AAR metadata ends the build',
    checks: ['A05'],
    source: `${WORK_RELEASES}#2.11.0`,
  },
  {
    of: 'minSdk',
    limit: `${BUILD.minSdk} with the generated package`,
    effect: 'React Native’s own AAR has it since 0.76',
    checks: ['A05'],
    source: 'https://reactnative.dev/blog/2024/10/23/release-0.76-new-architecture',
  },
  {
    of: 'Configuration.Provider',
    limit: `a property with androidx.work ${WORK.propertyFrom} or newer`,
    effect: 'the function of before does not compile',
    checks: ['A07'],
    source: `${WORK_RELEASES}#2.9.0`,
  },
  {
    of: 'androidx.work',
    limit: `nothing thrown out of a periodic worker with ${upTo(WORK.throwIsFatal)}`,
    effect: 'the work is marked as failed for ever',
    checks: ['A16'],
    source: 'https://developer.android.com/reference/androidx/work/PeriodicWorkRequest',
  },
  {
    of: 'androidx.work',
    limit: `${WORK.losesJobs.before} or newer, where another work of the app may be enqueued in the moment a run ends`,
    effect:
      'the job can be lost, in no process that starts later is it made again, and nothing runs; the app’s start heals it (`heal` with `lost`)',
    checks: ['R10'],
    source: `${WORK_RELEASES}#2.12.0`,
  },
  {
    of: 'androidx.work',
    limit: 'a clock that is right when the work falls due',
    effect:
      'where it was behind, the job waits on for as long as that (measured on 2.10.0, 2.11.2 and 2.12.0); the app’s start heals it (`heal` with `lost`)',
    checks: ['R10'],
    source: WORK_RELEASES,
  },
  {
    of: 'targetSdk',
    limit: `${TARGET_SDK.foregroundType} or higher: a type for each foreground service`,
    effect: 'InvalidForegroundServiceTypeException',
    checks: ['A22'],
    source: 'https://developer.android.com/about/versions/14/changes/fgs-types-required',
  },
  {
    of: 'Android Gradle plugin',
    limit: `${BUILD.agp} or newer`,
    effect: 'React Native 0.77 is not built with less',
    checks: ['A34'],
    source: 'https://reactnative.dev/blog/2025/01/21/version-0.77',
  },
  {
    of: 'Kotlin',
    limit: `${BUILD.kotlin} or newer`,
    effect: 'the generated code, as React Native 0.77, is Kotlin 2',
    checks: ['A34'],
    source: 'https://reactnative.dev/blog/2025/01/21/version-0.77',
  },
  {
    of: 'React Native',
    limit: `${REACT_NATIVE.oldest} or newer; tested up to ${REACT_NATIVE.newest}`,
    effect: 'older ones lack Kotlin 2 and ReactHost; `init` refuses',
    checks: [],
    source: 'https://reactnative.dev/blog/2025/01/21/version-0.77',
  },
  {
    of: 'React Native',
    limit: `newArchEnabled=false below ${REACT_NATIVE.newArchitectureOnly} alone`,
    effect: 'it is ignored from there on',
    checks: ['A25'],
    source: 'https://reactnative.dev/blog/2025/10/08/react-native-0.82',
  },
  {
    of: 'Expo SDK',
    limit: `${EXPO.oldest} to ${EXPO.newest}`,
    effect: `\`init\` refuses older ones; scenes have a host from ${EXPO.firstWithScenes} on`,
    checks: [],
    source: 'https://docs.expo.dev/versions/latest/',
  },
  {
    of: 'iOS',
    limit: `${IOS.oldest} or later`,
    effect: '`init` refuses older ones: `pod install` ends with an error',
    checks: ['I23'],
    source: 'https://guides.cocoapods.org/syntax/podspec.html#deployment_target',
  },
  {
    of: TRANSISTOR.name,
    limit: `${TRANSISTOR.firstWithPrefix} or newer beside another BGTaskScheduler task`,
    effect: 'before, it registers every permitted id: iOS ends an app that registers one twice',
    checks: ['I32', 'I33'],
    source: 'https://github.com/transistorsoft/transistor-background-fetch/issues/14',
  },
  {
    of: TRANSISTOR.name,
    limit: `a call in the app delegate below ${TRANSISTOR.firstWithoutCall}`,
    effect: 'without it, and without the old background fetch, it registers nothing',
    checks: ['I31'],
    source:
      'https://github.com/transistorsoft/react-native-background-fetch/blob/master/CHANGELOG.md',
  },
];

/**
 * The pod of the generated package, and the Swift module that it makes. CocoaPods takes one pod of a name, and the linker one
 * class: so each of them, and each Objective-C class of ours, begins with a prefix that no app has.
 */
export const POD = 'Bgsync';

/** What the pod was called up to bgsync 0.1. An app that imports it keeps it. */
export const OLDER_POD = 'BackgroundSync';

/** The name under which React Native's autolinking knows the generated package. */
export const PACKAGE_NAME = 'background-sync';

/** What the app keeps texts in by their keys; MMKV's names changed in its version 4, before which it is a class. */
export type KeyValueStore = 'none' | 'async-storage' | 'expo-kv-store' | 'mmkv' | 'mmkv-class';

/** Libraries that keep what waits to be sent themselves; the handler drains them. `init --drain` has these names. */
export const SYNC_LAYERS = {
  watermelondb: {
    title: 'WatermelonDB',
    packageName: '@nozbe/watermelondb',
    /** The versions that the suite runs the handler with, and what lies between them; a range of npm’s. */
    versions: '>=0.27.0 <0.29.0',
    /** How `init` asks, after “start the handler from”. */
    from: 'its synchronize',
  },
  tanstack: {
    title: 'TanStack’s offline transactions',
    packageName: '@tanstack/offline-transactions',
    versions: '>=1.0.50 <2.0.0',
    from: 'their outbox',
  },
  powersync: {
    title: 'PowerSync',
    packageName: '@powersync/react-native',
    /** Its types alone are checked: its SQLite is native. */
    versions: '>=1.35.0 <3.0.0',
    from: 'its upload queue',
  },
  rxdb: {
    title: 'RxDB',
    packageName: 'rxdb',
    versions: '>=16.21.0 <18.0.0',
    from: 'its replications',
  },
  'legend-state': {
    title: 'Legend-State',
    packageName: '@legendapp/state',
    /** 2.x sends what failed once more only when the app is started anew. */
    versions: '>=3.0.0-beta.30 <4.0.0',
    from: 'what it has yet to sync',
    /** Most apps have it for their state alone. */
    sign: '@legendapp/state/sync',
  },
  'redux-offline': {
    title: 'redux-offline',
    packageName: '@redux-offline/redux-offline',
    /** Those that its page has for React Native: 2.6.0 itself asks `react-native` for a NetInfo, and throws while it loads. */
    versions: '>=2.6.0-native.0 <2.6.0',
    from: 'its outbox',
  },
} as const satisfies Record<string, SyncLayerFacts>;

interface SyncLayerFacts {
  readonly title: string;
  readonly packageName: string;
  readonly versions: string;
  readonly from: string;
  /** What an app that syncs by it imports: without, it is not offered, and nothing is said of its version. */
  readonly sign?: string;
}

export type SyncLayerId = keyof typeof SYNC_LAYERS;

export const syncLayerFacts = (id: SyncLayerId): SyncLayerFacts => SYNC_LAYERS[id];

export const SYNC_LAYER_IDS = Object.keys(SYNC_LAYERS) as SyncLayerId[];

/** A library of the app's that keeps what waits to be sent. */
export interface SyncLayer {
  readonly id: SyncLayerId;
  /** The installed version, or the lowest that the declared range allows; undefined where neither tells. */
  readonly version: string | undefined;
  /** Whether the handler for it was run with this version: see {@link SYNC_LAYERS}. */
  readonly isSupported: boolean;
}
