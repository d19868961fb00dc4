/**
 * The parts of react-native that are for a screen, as far as code without one evaluates them. On a phone they are there in
 * a background run, too: a package that brings components beside its logic asks for them when it is loaded.
 */
import process from 'node:process';

const noop = (): void => undefined;
const subscribe = (): { remove: () => void } => ({ remove: noop });

const COMPONENTS =
  'ActivityIndicator Button DrawerLayoutAndroid FlatList Image ImageBackground InputAccessoryView KeyboardAvoidingView ' +
  'LayoutConformance Modal Pressable ProgressBarAndroid RefreshControl SafeAreaView ScrollView SectionList StatusBar ' +
  'Switch Text TextInput TouchableHighlight TouchableNativeFeedback TouchableOpacity TouchableWithoutFeedback View ' +
  'VirtualView VirtualizedList VirtualizedSectionList experimental_LayoutConformance';

type Refuse = (name: string) => object;

/** Packages derive from it; nothing can render it here. */
function createComponent(name: string, refuse: Refuse): unknown {
  const refused = refuse(name) as () => unknown;
  return Object.assign(
    function component() {
      return refused();
    },
    { displayName: name },
  );
}

/** https://reactnative.dev/docs/animated: values without a clock. */
class AnimatedValue {
  private value: number;

  constructor(value = 0) {
    this.value = value;
  }

  setValue(value: number): void {
    this.value = value;
  }

  interpolate(): this {
    return this;
  }

  addListener(): string {
    return '';
  }

  removeAllListeners = noop;

  stopAnimation(callback?: (value: number) => void): void {
    callback?.(this.value);
  }
}

type Style = Readonly<Record<string, unknown>>;

/** https://reactnative.dev/docs/stylesheet */
const flatten = (style: unknown): Style =>
  Array.isArray(style)
    ? Object.fromEntries(style.flatMap((part) => Object.entries(flatten(part))))
    : { ...(style as Style | undefined) };

const FILL = { position: 'absolute', left: 0, right: 0, top: 0, bottom: 0 };
const WINDOW = { width: 390, height: 844, scale: 3, fontScale: 1 };

/** https://reactnative.dev/docs/interactionmanager: without animations, in a later turn. */
function runAfterInteractions(
  task?: (() => unknown) | { gen?: () => unknown; run?: () => unknown },
) {
  const run = typeof task === 'function' ? task : (task?.gen ?? task?.run);
  const done = Promise.resolve().then(run);
  return { then: done.then.bind(done), done: noop, cancel: noop };
}

/** https://reactnative.dev/docs/alert, https://reactnative.dev/docs/toastandroid: without a screen they warn, and go on. */
const warnOf =
  (name: string) =>
  (...texts: unknown[]): void => {
    const said = texts.filter((text) => typeof text === 'string').join(': ');
    process.stderr.write(`${name} “${said}”: nobody sees it in the background.\n`);
  };

const PERMISSION = 'android.permission.';

/** https://reactnative.dev/docs/permissionsandroid: nothing is granted. */
const createPermissions = (refuse: Refuse): object => ({
  PERMISSIONS: new Proxy({}, { get: (_, name) => `${PERMISSION}${String(name)}` }),
  RESULTS: { GRANTED: 'granted', DENIED: 'denied', NEVER_ASK_AGAIN: 'never_ask_again' },
  check: () => Promise.resolve(false),
  request: refuse('PermissionsAndroid.request'),
  requestMultiple: refuse('PermissionsAndroid.requestMultiple'),
});

const identity = (value: unknown): unknown => value;

/**
 * @param refuse gives what fails where such a part is used as only a screen can
 * @returns the exports by their names
 */
export function createScreenParts(refuse: Refuse): Record<string, unknown> {
  const component = (name: string): unknown => createComponent(name, refuse);
  const components = Object.fromEntries(
    COMPONENTS.split(' ').map((name) => [name, component(name)]),
  );
  const animations = 'timing spring decay sequence parallel stagger loop delay event add multiply';
  return {
    ...components,
    AccessibilityInfo: {
      addEventListener: subscribe,
      isReduceMotionEnabled: () => Promise.resolve(false),
      isScreenReaderEnabled: () => Promise.resolve(false),
    },
    Alert: { alert: warnOf('Alert'), prompt: warnOf('Alert') },
    Animated: {
      Value: AnimatedValue,
      ValueXY: AnimatedValue,
      Color: AnimatedValue,
      createAnimatedComponent: identity,
      ...components,
      ...Object.fromEntries(
        animations.split(' ').map((name) => [name, refuse(`Animated.${name}`)]),
      ),
    },
    Appearance: {
      getColorScheme: () => 'light',
      setColorScheme: noop,
      addChangeListener: subscribe,
    },
    BackHandler: { addEventListener: subscribe, exitApp: refuse('BackHandler.exitApp') },
    Dimensions: { get: () => WINDOW, addEventListener: subscribe },
    DynamicColorIOS: identity,
    Easing: new Proxy(
      {},
      { get: () => (value: unknown) => (typeof value === 'number' ? value : identity) },
    ),
    I18nManager: {
      isRTL: false,
      doLeftAndRightSwapInRTL: true,
      allowRTL: noop,
      forceRTL: noop,
      swapLeftAndRightInRTL: noop,
      getConstants: () => ({ isRTL: false, doLeftAndRightSwapInRTL: true }),
    },
    InteractionManager: {
      runAfterInteractions,
      createInteractionHandle: () => 1,
      clearInteractionHandle: noop,
      setDeadline: noop,
    },
    Keyboard: { addListener: subscribe, dismiss: noop, removeAllListeners: noop },
    LayoutAnimation: {
      configureNext: noop,
      create: identity,
      Presets: {},
      Types: {},
      Properties: {},
    },
    Linking: {
      addEventListener: subscribe,
      getInitialURL: () => Promise.resolve(null),
      canOpenURL: () => Promise.resolve(false),
      openURL: refuse('Linking.openURL'),
      openSettings: refuse('Linking.openSettings'),
      sendIntent: refuse('Linking.sendIntent'),
    },
    NativeComponentRegistry: { get: component },
    PanResponder: { create: () => ({ panHandlers: {} }) },
    PermissionsAndroid: createPermissions(refuse),
    PixelRatio: {
      get: () => WINDOW.scale,
      getFontScale: () => WINDOW.fontScale,
      getPixelSizeForLayoutSize: (size: number) => Math.round(size * WINDOW.scale),
      roundToNearestPixel: (size: number) => Math.round(size * WINDOW.scale) / WINDOW.scale,
    },
    PlatformColor: identity,
    StyleSheet: {
      absoluteFill: FILL,
      absoluteFillObject: FILL,
      compose: (a: unknown, b: unknown) => flatten([a, b]),
      create: identity,
      flatten,
      hairlineWidth: 1 / WINDOW.scale,
    },
    Systrace: new Proxy({}, { get: () => noop }),
    ToastAndroid: {
      ...{ SHORT: 0, LONG: 1, TOP: 49, BOTTOM: 81, CENTER: 17 },
      show: warnOf('Toast'),
      showWithGravity: warnOf('Toast'),
      showWithGravityAndOffset: warnOf('Toast'),
    },
    UIManager: {
      getConstants: () => ({}),
      getViewManagerConfig: () => ({ Commands: {}, Constants: {} }),
      hasViewManagerConfig: () => true,
      setLayoutAnimationEnabledExperimental: noop,
    },
    Vibration: { vibrate: noop, cancel: noop },
    codegenNativeCommands: () => ({}),
    codegenNativeComponent: component,
    findNodeHandle: () => null,
    processColor: identity,
    requireNativeComponent: component,
    unstable_batchedUpdates: (run: () => unknown) => run(),
  };
}
