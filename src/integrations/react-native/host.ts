import { lockedPlatforms } from '../host.ts';
import type { HostIntegration, HostRuntime } from '../host.ts';
import { planReactNative } from './plan.ts';

/** The package in both kinds of React Native. */
export const reactNativeLayers: HostIntegration['layers'] = (platforms) =>
  [
    'package' as const,
    'react-native' as const,
    'typescript' as const,
    ...platforms.flatMap((name) => [name, `react-native-${name}`] as const),
  ].map((layer) => ({ layer }));

export const REACT_NATIVE: HostRuntime = { host: 'react-native', flutter: { library: '' } };

/** React Native without Expo: the native projects are the app's own. */
export const reactNativeHost: HostIntegration = {
  id: 'react-native',
  detects: () => true,
  layers: reactNativeLayers,
  retiredLayers: [],
  runtime: () => REACT_NATIVE,
  queueDriver: 'op-sqlite',
  plan: planReactNative,
  steps(when, _project, { platforms }) {
    const pods = 'cd ios && bundle exec pod install';
    return [
      ...(platforms.includes('ios') ? [when === 'init' ? `${pods}   (or pod install)` : pods] : []),
      when === 'init'
        ? 'Rebuild the app: a native module was added.'
        : 'Rebuild the app: the generated native code changed.',
    ];
  },
  stepAfter(when, lock) {
    if (when === 'remove') {
      return 'Run your package manager and `pod install` again, and rebuild the app.';
    }
    return lockedPlatforms(lock).includes('ios')
      ? 'cd ios && bundle exec pod install, then build'
      : 'Build';
  },
  describe: () => [],
  notes: () => [],
  startsWithoutScene: () => false,
};
