/** Handlers that are imported through a barrel which brings screens, too: on a phone they load. */
import type { LocalCase } from './cases.ts';

const BABEL = { '@babel/core': '7.28.4', '@babel/runtime': '7.28.4' };
const REACT = { 'react-native': '0.88.1', react: '19.3.1', ...BABEL };
const ANIMATED = { 'react-native-reanimated': '4.8.0', 'react-native-worklets': '0.14.0' };

const BARE = {
  ...REACT,
  ...ANIMATED,
  '@react-native/babel-preset': '0.88.1',
  'react-native-gesture-handler': '3.5.0',
  'react-native-svg': '15.16.1',
  'react-native-screens': '4.30.1',
  'react-native-safe-area-context': '5.11.1',
  '@react-navigation/native': '7.5.1',
  '@react-navigation/native-stack': '7.21.0',
  '@react-navigation/bottom-tabs': '7.21.0',
  'react-native-vector-icons': '10.3.0',
  '@shopify/react-native-skia': '2.14.0',
  '@shopify/flash-list': '2.3.2',
  'lottie-react-native': '7.5.0',
  'react-native-paper': '5.15.3',
  'react-native-webview': '16.0.0',
  'react-native-maps': '1.29.11',
  'react-native-keyboard-controller': '1.22.5',
  '@gorhom/bottom-sheet': '5.2.14',
  'react-native-image-picker': '8.2.1',
  'react-native-video': '6.19.3',
  'react-native-purchases': '10.10.2',
};

const EXPO = {
  ...REACT,
  ...ANIMATED,
  expo: '58.0.26',
  'babel-preset-expo': '58.0.26',
  'expo-router': '58.0.6',
  'expo-image': '58.0.18',
  '@expo/vector-icons': '15.1.1',
  'expo-font': '58.0.12',
  'expo-linear-gradient': '58.0.4',
  'expo-blur': '58.0.6',
  'expo-haptics': '57.0.3',
  'expo-splash-screen': '57.0.9',
  'expo-camera': '57.0.6',
  'expo-image-picker': '57.0.20',
  'expo-video': '58.0.1',
  '@expo/ui': '58.0.6',
  'react-native-screens': '4.30.1',
  'react-native-safe-area-context': '5.11.1',
  'react-native-gesture-handler': '3.5.0',
  nativewind: '4.2.7',
};

/** `src/index.ts` is the barrel. */
const barrel = (
  screen: string,
  babel: string,
  sync = 'export const syncAll = async () => 3;',
): Record<string, string> => ({
  'babel.config.js': `module.exports = ${babel};`,
  'src/index.ts': "export * from './things/sync';\nexport * from './things/screen';\n",
  'src/things/sync.ts': `${sync}\n`,
  'src/things/screen.tsx': `import * as React from 'react';\nvoid React;\n${screen}\n`,
});

const OF_REACT_NATIVE =
  "{ presets: ['module:@react-native/babel-preset'], plugins: ['react-native-worklets/plugin'] }";

const inBarrel = (
  name: string,
  files: Readonly<Record<string, string>>,
  more: Partial<LocalCase>,
): LocalCase => ({
  name,
  packages: BARE,
  files,
  top: "import { syncAll } from './index';",
  body: 'return syncAll();',
  exit: 0,
  ...(more.exit === undefined && { remaining: 3 }),
  ...more,
});

export const SCREEN_CASES: readonly LocalCase[] = [
  inBarrel(
    'a barrel with the screens of a bare app',
    barrel(
      `
import { DevSettings, NativeModules, Platform, UIManager, View, requireNativeComponent } from 'react-native';
import Animated, { Easing, FadeIn, interpolate, makeMutable, useSharedValue, withTiming } from 'react-native-reanimated';
import { scheduleOnUI } from 'react-native-worklets';
import { FlatList, Gesture, GestureDetector, GestureHandlerRootView } from 'react-native-gesture-handler';
import Svg, { Path } from 'react-native-svg';
import { ScreenStack, enableFreeze, enableScreens } from 'react-native-screens';
import { SafeAreaProvider, initialWindowMetrics, useSafeAreaInsets } from 'react-native-safe-area-context';
import { DefaultTheme, NavigationContainer, createNavigationContainerRef } from '@react-navigation/native';
import { createNativeStackNavigator } from '@react-navigation/native-stack';
import { createBottomTabNavigator } from '@react-navigation/bottom-tabs';
import Icon from 'react-native-vector-icons/MaterialIcons';
import { Canvas, Skia } from '@shopify/react-native-skia';
import { FlashList } from '@shopify/flash-list';
import LottieView from 'lottie-react-native';
import { MD3LightTheme, PaperProvider } from 'react-native-paper';
import { WebView } from 'react-native-webview';
import MapView from 'react-native-maps';
import { KeyboardProvider } from 'react-native-keyboard-controller';
import BottomSheet from '@gorhom/bottom-sheet';
import { launchCamera } from 'react-native-image-picker';
import Video from 'react-native-video';
import Purchases from 'react-native-purchases';
enableScreens();
enableFreeze(true);
DevSettings.addMenuItem('Sync', () => {});
if (Platform.OS === 'android') UIManager.setLayoutAnimationEnabledExperimental?.(true);
export const thing = requireNativeComponent('Thing');
export const Box = Animated.createAnimatedComponent(View);
export const entering = FadeIn.duration(300).easing(Easing.inOut(Easing.quad));
export const shared = makeMutable(0);
export const ref = createNavigationContainerRef();
export const Stack = createNativeStackNavigator();
export const Tabs = createBottomTabNavigator();
export const theme = { ...MD3LightTheme, colors: { ...DefaultTheme.colors } };
export const paint = Skia.Paint();
export const animate = () => { shared.value = withTiming(interpolate(1, [0, 1], [0, 2])); return useSharedValue(0); };
export const pan = () => { scheduleOnUI(() => { 'worklet'; }); return Gesture.Pan(); };
export const App = () => <GestureHandlerRootView><SafeAreaProvider initialMetrics={initialWindowMetrics}><PaperProvider><NavigationContainer ref={ref}><Stack.Navigator /></NavigationContainer></PaperProvider></SafeAreaProvider></GestureHandlerRootView>;
export const parts = [FlatList, GestureDetector, Svg, Path, ScreenStack, useSafeAreaInsets, Icon, Canvas, FlashList, LottieView, WebView, MapView, KeyboardProvider, BottomSheet, launchCamera, Video, Purchases, NativeModules];`,
      OF_REACT_NATIVE,
    ),
    {
      documented:
        'a handler beside screens: react-native-reanimated, react-native-gesture-handler, react-native-svg, react-native-screens, @react-navigation, @shopify/react-native-skia and others',
      // Neither React Native's own timers nor its error handling come in.
      body: 'await new Promise((resolve) => setTimeout(resolve, 5)); return syncAll();',
      never: ['is not played here', 'Timing native module', "hasn't been linked"],
    },
  ),
  inBarrel(
    'a barrel with the screens of an Expo app',
    barrel(
      `
import { Ionicons } from '@expo/vector-icons';
import { Image } from 'expo-image';
import { useFonts } from 'expo-font';
import { LinearGradient } from 'expo-linear-gradient';
import { BlurView } from 'expo-blur';
import * as Haptics from 'expo-haptics';
import * as SplashScreen from 'expo-splash-screen';
import { CameraView } from 'expo-camera';
import * as ImagePicker from 'expo-image-picker';
import { useVideoPlayer } from 'expo-video';
import { Host } from '@expo/ui/swift-ui';
import { Link, Stack, router, useRouter } from 'expo-router';
import Animated, { FadeIn } from 'react-native-reanimated';
import { cssInterop } from 'nativewind';
import { View } from 'react-native';
SplashScreen.preventAutoHideAsync();
SplashScreen.setOptions({ fade: true });
cssInterop(View, { className: 'style' });
export const Box = Animated.createAnimatedComponent(View);
export const entering = FadeIn.duration(300);
export const Layout = () => <Stack><Link href="/"><Image /></Link></Stack>;
export const parts = [Ionicons, useFonts, LinearGradient, BlurView, Haptics, CameraView, ImagePicker, useVideoPlayer, Host, router, useRouter];`,
      "{ presets: ['babel-preset-expo'] }",
    ),
    {
      packages: EXPO,
      documented:
        'a handler beside screens of Expo: expo-router, expo-image, @expo/vector-icons, nativewind and others',
      never: ['is not played here'],
    },
  ),
  inBarrel(
    'what of a screen the handler calls is named',
    barrel(
      'export const a = 1;',
      OF_REACT_NATIVE,
      "import { makeMutable } from 'react-native-reanimated';\nexport const syncAll = async () => makeMutable(0).value;",
    ),
    {
      exit: 3,
      says: [
        'react-native-reanimated.makeMutable does not exist in the local runner',
        '{"local":{"alias":{"react-native-reanimated":"local/react-native-reanimated.ts"}}}',
      ],
      never: ['react-native-gesture-handler'],
    },
  ),
  inBarrel(
    'a package that asks whether its native half is there, and does less without, is named once it is called',
    barrel(
      'export const a = 1;',
      OF_REACT_NATIVE,
      "import { launchCamera } from 'react-native-image-picker';\nexport const syncAll = async () => { try { await launchCamera({ mediaType: 'photo' }); } catch {} return 3; };",
    ),
    { says: ['react-native-image-picker: its native half (ImagePicker) is not played here.'] },
  ),
  inBarrel(
    "the app's own native modules, used while its files are loaded",
    {
      ...barrel('export const a = 1;', OF_REACT_NATIVE),
      'src/native/scanner.ts':
        "import { NativeModules } from 'react-native';\nexport default NativeModules.Scanner;\n",
      'src/native/uploader.ts':
        "import { NativeModules } from 'react-native';\nif (NativeModules.Uploader == null) throw new Error('Uploader is not linked');\nexport const { MAX_SIZE, upload } = NativeModules.Uploader;\n",
      'src/things/sync.ts': `
import { NativeEventEmitter, NativeModules } from 'react-native';
import Scanner from '../native/scanner';
import { MAX_SIZE, upload } from '../native/uploader';
const { EVENTS } = NativeModules.Printer.getConstants();
const codes = Scanner.CODES;
new NativeEventEmitter(NativeModules.Printer).addListener(EVENTS.done, () => {});
Scanner.prepare().then(() => {});
void [codes, MAX_SIZE];
export const send = () => upload('a');
export const syncAll = async () => 3;
`,
    },
    { never: ['is not played here'] },
  ),
  inBarrel(
    "the app's own native module, called by the handler",
    {
      ...barrel('export const a = 1;', OF_REACT_NATIVE),
      'src/things/sync.ts':
        "import { NativeModules } from 'react-native';\nconst { max } = NativeModules.Uploader.getConstants();\nexport const syncAll = async () => NativeModules.Uploader.upload('a', max);\n",
    },
    {
      exit: 3,
      says: [
        'the native module Uploader.upload does not exist in the local runner',
        'The native half of the app itself (Uploader, which src/things/sync.ts asks for) is not played here.',
        'src/things/sync.ts:3',
      ],
    },
  ),
  inBarrel(
    'code that the Babel of the app refuses, as it does for Metro',
    {
      ...barrel('export const a = 1;', OF_REACT_NATIVE),
      'src/index.ts':
        "export * as screens from './things/screen';\nexport * from './things/sync';\n",
    },
    {
      exit: 2,
      says: ['src/index.ts: Export namespace should be first transformed'],
      never: ['cannot be used; the code is read without it'],
    },
  ),
];
