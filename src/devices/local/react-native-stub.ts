/**
 * What the app's background code finds in place of react-native: what means something without a screen, and what is
 * evaluated without one. Any other export says, when it is used, what to do about it.
 */
import { createScreenParts } from './react-native-screen.ts';
import type { OnCall } from './unplayed.ts';
import { createUnplayed, createUnplayedMember, insteadOf } from './unplayed.ts';

/** The methods of the codegen spec, `templates/typescript/NativeBackgroundSync.ts`. */
export interface NativeModule {
  registerTask(switchOn: boolean, name: string): Promise<unknown>;
  cancel(name: string): Promise<unknown>;
  scheduleNext(delaySeconds: number, name: string): Promise<unknown>;
  configure(settings: string, name: string): Promise<unknown>;
  getStatus(name: string): Promise<unknown>;
  getHistory(limit: number): Promise<unknown>;
  nextRun(): Promise<unknown>;
  endedRun(after: number): Promise<unknown>;
  whenExpired(runId: string): Promise<unknown>;
  progress(runId: string, done: number, total: number): void;
  complete(runId: string, outcome: string, remaining: number, message: string): void;
  beginForeground(name: string): Promise<unknown>;
}

/**
 * The other exports of react-native (0.77 to 0.88). Compiled `export *` copies a module's own keys: each name needs a
 * getter.
 */
const OTHER_EXPORTS =
  'ActionSheetIOS Clipboard DevMenu DevSettings DeviceInfo NativeDialogManagerAndroid Networking ' +
  'PushNotificationIOS RootTagContext Settings Share Touchable UTFSequence VirtualViewMode ' +
  'registerCallableModule useAnimatedValue useColorScheme useWindowDimensions';

const noop = (): void => undefined;

class Emitter {
  private readonly listeners: Map<string, Set<(...args: unknown[]) => void>>;

  /** @param shared whose listeners these are, too */
  constructor(shared?: Emitter) {
    this.listeners = shared?.listeners ?? new Map<string, Set<(...args: unknown[]) => void>>();
  }

  addListener(type: string, listener: (...args: unknown[]) => void): { remove: () => void } {
    const known = this.listeners.get(type) ?? new Set();
    this.listeners.set(type, known.add(listener));
    return { remove: () => void known.delete(listener) };
  }

  emit(type: string, ...args: unknown[]): void {
    for (const listener of this.listeners.get(type) ?? []) listener(...args);
  }

  removeAllListeners(type: string): void {
    this.listeners.delete(type);
  }

  listenerCount(type: string): number {
    return this.listeners.get(type)?.size ?? 0;
  }
}

/** Where stand-ins send their events: https://reactnative.dev/docs/legacy/native-modules-ios#sending-events-to-javascript */
const deviceEvents = new Emitter();

/** Listens where all native events come, as React Native's own does. */
class NativeEmitter extends Emitter {
  constructor() {
    super(deviceEvents);
  }
}

/** What a native module has to tell JavaScript. */
export const emitNativeEvent = (event: string, body: unknown): void =>
  deviceEvents.emit(event, body);

/** What react-native's own files enforce. */
const OWN_MODULES = new Map<string, object>([
  ['SourceCode', { getConstants: () => ({ scriptURL: null }) }],
]);

/** The parts that work. */
function createParts(
  native: NativeModule,
  os: 'android' | 'ios',
  findNative: FindNative,
  version: ReactNativeVersion,
  enforce: (name: string) => object,
  refuse: (name: string) => object,
): Record<string, unknown> {
  const find = (name: string): object | null =>
    name === 'BackgroundSync' ? native : (findNative(name) ?? OWN_MODULES.get(name) ?? null);
  return {
    ...createScreenParts(refuse),
    TurboModuleRegistry: {
      get: find,
      getEnforcing: (name: string) =>
        name === 'BackgroundSync' ? native : (OWN_MODULES.get(name) ?? enforce(name)),
    },
    NativeModules: new Proxy(
      {},
      { get: (_, name) => (typeof name === 'string' ? (find(name) ?? undefined) : undefined) },
    ),
    NativeEventEmitter: NativeEmitter,
    DeviceEventEmitter: deviceEvents,
    NativeAppEventEmitter: deviceEvents,
    ReactNativeVersion: { version: { ...version, prerelease: null } },
    LogBox: { ignoreLogs: noop, ignoreAllLogs: noop, install: noop, uninstall: noop },
    AppRegistry: {
      registerHeadlessTask: noop,
      registerCancellableHeadlessTask: noop,
      registerComponent: (name: string) => name,
      registerRunnable: (name: string) => name,
    },
    Platform: {
      OS: os,
      Version: os === 'android' ? 36 : '26.0',
      isPad: false,
      isTV: false,
      isTesting: false,
      // Packages read it without asking whether it is there.
      constants: { reactNativeVersion: { ...version, prerelease: null } },
      select: (choices: Record<string, unknown>): unknown =>
        [os, 'native', 'default']
          .filter((key) => Object.hasOwn(choices, key))
          .map((key) => choices[key])[0],
    },
    AppState: {
      currentState: 'background',
      isAvailable: true,
      addEventListener: () => ({ remove: noop }),
    },
  };
}

/** @returns the native module of a stand-in, by its name */
export type FindNative = (name: string) => object | undefined;

export interface ReactNativeVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/**
 * The module `react-native`, as compiled imports find it.
 *
 * @param enforce gives the native module that a package cannot be without
 */
export function createReactNative(
  native: NativeModule,
  os: 'android' | 'ios',
  findNative: FindNative = () => undefined,
  version: ReactNativeVersion = { major: 0, minor: 0, patch: 0 },
  enforce: (name: string) => object = (name) =>
    findNative(name) ?? createUnplayed(`the native module ${name}`),
  onCall: OnCall = () => true,
): object {
  const others = createUnplayedMember('react-native', onCall, {
    advice: insteadOf('react-native'),
  });
  const refuse = (name: string): object => Reflect.get(others, name) as object;
  const parts = createParts(native, os, findNative, version, enforce, refuse);
  for (const name of OTHER_EXPORTS.split(' ')) {
    Object.defineProperty(parts, name, {
      enumerable: true,
      configurable: true,
      get: () => refuse(name),
    });
  }
  return Object.setPrototypeOf(parts, others) as object;
}

/** Files of react-native that are not named as what they export. */
const EXPORTED_BY = new Map([
  ['RCTDeviceEventEmitter', 'DeviceEventEmitter'],
  ['RCTNativeAppEventEmitter', 'NativeAppEventEmitter'],
]);

/** Files that render, and what starts React Native itself: it would put timers of its own in place of what is here. */
const FOR_SCREENS =
  /^Libraries\/(?:Animated|Components|Core\/(?:InitializeCore|setUp)|Image|Inspector|Interaction|Lists|LogBox|Modal|Pressability|ReactNative|Renderer|Text|Utilities\/HMRClient)\b/;

/**
 * @param reactNative {@link createReactNative}
 * @returns what packages import from below `react-native/`, by its path there; undefined where the installed file itself
 *   has to be read, as it touches nothing native by itself
 */
export function createReactNativeFiles(
  reactNative: object,
  onCall: OnCall = () => true,
): (path: string) => object | undefined {
  return (path) => {
    const [, file] = /^Libraries\/(?:.+\/)?(\w+)(?:\.js)?$/.exec(path) ?? [];
    if (file === undefined) return undefined;
    if (file === 'EventEmitter') return Object.assign(Emitter, { default: Emitter });
    const name = EXPORTED_BY.get(file) ?? file;
    const part: unknown = Object.getOwnPropertyDescriptor(reactNative, name)?.value;
    if (typeof part === 'function') return Object.assign(part, { default: part });
    if (typeof part !== 'object' || part === null) {
      return FOR_SCREENS.test(path)
        ? createUnplayedMember(`react-native/${path}`, onCall, {
            advice: insteadOf('react-native'),
            names: [],
          })
        : undefined;
    }
    // The default export from React Native 0.79 on; before, and where the file has names, all that it exports.
    return new Proxy(part, {
      get: (target, key): unknown => (key === 'default' ? target : Reflect.get(target, key)),
    });
  };
}
