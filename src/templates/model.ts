import { PROTOCOL } from '../facts.ts';
import type { KeyValueStore, SyncLayerId } from '../facts.ts';
import type { SyncConstraints } from '../schedule/constraints.ts';
import type { SchedulePolicyConfig } from '../schedule/policy.ts';

export { PACKAGE_NAME } from '../facts.ts';

/** The id of the BGAppRefreshTask, where `ios.refresh` asks for one. */
export const REFRESH_TASK_ID = PROTOCOL.refreshTaskId;

/** What a handler imports from the app's own code. Texts are '' where nothing is found. */
export interface FoundPart {
  /** The whole import, under the name that the template has for it; of several one a line. */
  readonly statement: string;
  /** Where it comes from, relative to the app's root; of several the first. */
  readonly file: string;
  /** Of several, what the template takes of the imports, with commas; else ''. */
  readonly all: string;
  /** A place where the app makes it, exported or not: `src/db.ts:12`. */
  readonly seen: string;
}

/** A library of the app's that keeps what waits to be sent, and that a new handler drains. */
export interface HandlerLayer {
  readonly id: SyncLayerId;
  /** By the names that the template has for them. */
  readonly parts: Readonly<Record<string, FoundPart>>;
}

/** All that templates may use. No user text but what is validated here reaches Kotlin or Swift. */
export interface TemplateModel {
  readonly bgsyncVersion: string;
  /** What runs the handler: of React Native both kinds, bare and with Expo. */
  readonly host: 'react-native' | 'flutter';
  readonly packageName: string;
  /** Those that the package is generated for. */
  readonly platforms: readonly ('android' | 'ios')[];
  /** Matches /^[A-Za-z0-9.-]+$/: safe in a Swift string and in XML. */
  readonly taskId: string;
  readonly handler: {
    /** Relative to the app's root. */
    readonly path: string;
    /** The package's TypeScript as the handler imports it: a quoted JavaScript string. */
    readonly packageImport: string;
    readonly typed: boolean;
    /** What it keeps its example in. */
    readonly store: KeyValueStore;
    /** In the handler of a layer alone. */
    readonly layer?: HandlerLayer;
  };
  /** Of the user's own file, which only an app with a generated queue has. */
  readonly queue: {
    readonly driver: 'none' | 'op-sqlite' | 'expo-sqlite' | 'drift' | 'custom';
    /** Relative to the app's root. */
    readonly path: string;
    readonly typed: boolean;
    /** Quoted JavaScript strings: the generated queue and its driver as that file imports them, that file as the handler does. */
    readonly packageImport: string;
    readonly driverImport: string;
    readonly handlerImport: string;
  };
  readonly schedule: SchedulePolicyConfig;
  readonly constraints: SyncConstraints;
  /** The syncs beside the first, whose settings are the ones above. */
  readonly tasks: readonly {
    /** Matches TASK_NAME_PATTERN of config.ts. */
    readonly name: string;
    readonly taskId: string;
    readonly schedule: SchedulePolicyConfig;
    readonly constraints: SyncConstraints;
  }[];
  readonly android: {
    /** A plain version, /^[0-9A-Za-z.-]+$/. */
    readonly workRuntime: string;
    /** What the handler gets, from the moment that JavaScript takes the run. 10 to 480. */
    readonly budgetSeconds: number;
    /** `old` only for `newArchEnabled=false`, up to React Native 0.81. */
    readonly architecture: 'new' | 'old';
    /** The class that brings the handler up. */
    readonly host: 'ReactJsHost' | 'FlutterDartHost';
  };
  readonly ios: {
    /** The class that brings the handler up. */
    readonly host: 'ReactHost' | 'FlutterHost';
    /** The pod, and the Swift module that it makes: see PODS in facts.ts. */
    readonly pod: string;
    readonly requiresExternalPower: boolean;
    /** Whether a BGAppRefreshTask runs the sync as well. */
    readonly refresh: boolean;
    /** Of that task; a constant, as the default of the other. */
    readonly refreshTaskId: string;
    /** Whether the app drains when it leaves the foreground. */
    readonly drainOnBackground: boolean;
    /** As for Android; the system may end the window earlier. 10 to 480. */
    readonly budgetSeconds: number;
    /** Ids that an older generated version submitted: a pending request without a handler crashes the app at its launch. */
    readonly retiredTaskIds: readonly string[];
  };
  readonly flutter: {
    /** The library of the handler: `package:` and what is safe in a Kotlin and a Swift string. '' in other hosts. */
    readonly library: string;
    /** Of the queue in Dart: what it says to SQLite, by the name of each text, and by version of the schema. */
    readonly statements: readonly { readonly name: string; readonly text: string }[];
    readonly migrations: readonly (readonly string[])[];
  };
}
