/**
 * What the app's background code finds in place of react-native: the few parts that mean something without a screen.
 * Any other export says, when it is used, what to do about it.
 */

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
 * The exports of react-native (0.77 to 0.88). Compiled `import` statements copy a module's own keys, so a trap alone
 * would never be asked: each name needs a getter.
 */
const OTHER_EXPORTS =
  'AccessibilityInfo ActionSheetIOS ActivityIndicator Alert Animated Appearance BackHandler Button Clipboard ' +
  'DevMenu DevSettings DeviceInfo Dimensions DrawerLayoutAndroid DynamicColorIOS Easing FlatList ' +
  'I18nManager Image ImageBackground InputAccessoryView InteractionManager Keyboard KeyboardAvoidingView ' +
  'LayoutAnimation LayoutConformance Linking Modal NativeComponentRegistry NativeDialogManagerAndroid ' +
  'Networking PanResponder PermissionsAndroid PixelRatio PlatformColor Pressable ' +
  'ProgressBarAndroid PushNotificationIOS ReactNativeVersion RefreshControl RootTagContext SafeAreaView ScrollView SectionList ' +
  'Settings Share StatusBar StyleSheet Switch Systrace Text TextInput ToastAndroid Touchable TouchableHighlight ' +
  'TouchableNativeFeedback TouchableOpacity TouchableWithoutFeedback UIManager UTFSequence Vibration View ' +
  'VirtualView VirtualViewMode VirtualizedList VirtualizedSectionList codegenNativeCommands codegenNativeComponent ' +
  'findNodeHandle processColor registerCallableModule requireNativeComponent unstable_batchedUpdates ' +
  'useAnimatedValue useColorScheme useWindowDimensions experimental_LayoutConformance';

const noop = (): void => undefined;

/** Where code asks a module what it is, before it uses it: the language, the module loader, `await`, console.log. */
const PROBES = new Set(['__esModule', 'default', 'then', 'toJSON', 'constructor', '$$typeof']);

const missing = (name: string): Error =>
  new Error(
    `react-native's ${name} does not exist in the local runner. Keep it out of what the handler imports, or set ` +
      'local.alias in bgsync.config.json: {"local":{"alias":{"react-native":"<a file of the app>"}}}',
  );

/** Events that never come: nothing native is there to send them. */
class SilentEmitter {
  private readonly listeners = new Map<string, Set<(...args: unknown[]) => void>>();

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

/** The parts that work. */
function createParts(
  native: NativeModule,
  os: 'android' | 'ios',
  findNative: FindNative,
): Record<string, unknown> {
  const find = (name: string): object | null =>
    name === 'BackgroundSync' ? native : (findNative(name) ?? null);
  const deviceEvents = new SilentEmitter();
  return {
    TurboModuleRegistry: {
      get: find,
      getEnforcing(name: string) {
        const found = find(name);
        if (found === null) throw missing(`native module ${name}`);
        return found;
      },
    },
    NativeModules: new Proxy(
      {},
      { get: (_, name) => (typeof name === 'string' ? (find(name) ?? undefined) : undefined) },
    ),
    NativeEventEmitter: SilentEmitter,
    DeviceEventEmitter: deviceEvents,
    NativeAppEventEmitter: deviceEvents,
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
      constants: {},
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

/** The module `react-native`, as compiled imports find it. */
export function createReactNative(
  native: NativeModule,
  os: 'android' | 'ios',
  findNative: FindNative = () => undefined,
): object {
  const parts = createParts(native, os, findNative);
  for (const name of OTHER_EXPORTS.split(' ')) {
    Object.defineProperty(parts, name, {
      enumerable: true,
      configurable: true,
      get() {
        throw missing(name);
      },
    });
  }
  return new Proxy(parts, {
    get(target, key, receiver): unknown {
      if (typeof key === 'string' && !(key in target) && !PROBES.has(key)) throw missing(key);
      return Reflect.get(target, key, receiver);
    },
  });
}
