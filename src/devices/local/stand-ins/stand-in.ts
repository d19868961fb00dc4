import type { BatteryState } from '../../../schedule/policy.ts';
import type { LocalNetwork } from '../device.ts';

/** What a stand-in for a native module may know of the phone that is played. */
export interface StandInWorld {
  /** The app's root, absolute. */
  readonly root: string;
  /** Where stand-ins keep their files, absolute; survives the process. */
  readonly dataFolder: string;
  readonly platform: 'android' | 'ios';
  readonly network: LocalNetwork;
  readonly battery: BatteryState;
  /** Loads a Node package: the app's own, else bgsync's; undefined where neither has it. */
  readonly findPackage: (name: string) => unknown;
  /** The major version of a package that the app has; undefined where it has none, or that cannot be read. */
  readonly majorOf: (name: string) => number | undefined;
  /** Says something to the user, in one line; the same text once. */
  readonly note: (text: string) => void;
  /** Sends an event to JavaScript, for NativeEventEmitter and DeviceEventEmitter. */
  readonly emit: (event: string, body: unknown) => void;
}

/** The native half of a package; its JavaScript is the app's own, installed one. */
export interface StandIn {
  /** The npm package. */
  readonly packageName: string;
  /** What keeps its data, for the head line: `a file`, `SQLite`, `this run's network`. */
  readonly keeps: string;
  /** The same, where it depends on the app or on what is installed. */
  readonly keepsHere?: (world: StandInWorld) => string;
  /** For `NativeModules` and `TurboModuleRegistry`, by the module's name. */
  readonly turbo?: Readonly<Record<string, (world: StandInWorld) => object>>;
  /** For `requireNativeModule` of expo-modules-core. */
  readonly expo?: Readonly<Record<string, (world: StandInWorld) => object>>;
  /** For `NitroModules.createHybridObject`. */
  readonly nitro?: Readonly<Record<string, (world: StandInWorld) => object>>;
}
