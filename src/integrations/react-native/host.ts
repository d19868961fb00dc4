import { lockedPlatforms } from '../host.ts';
import type { HostIntegration } from '../host.ts';
import type { ReactNativeProject } from '../../project/project.ts';
import { templateModel } from '../model.ts';
import {
  describeReactNative,
  inReactNative,
  inReactNativeRuntime,
  layersOf,
  retiredLayersOf,
  stepsAfterRemoval,
} from './common.ts';
import { planReactNative } from './plan.ts';

/** React Native without Expo: the native projects are the app's own. */
export const reactNativeHost: HostIntegration<ReactNativeProject> = {
  ...inReactNative,
  name: 'React Native',
  layers: (config) => layersOf(config),
  retiredLayers: (platforms) => retiredLayersOf(platforms),
  model: ({ android, keyValueStore }, config, shipped) =>
    templateModel(
      config,
      android?.architecture ?? 'new',
      shipped,
      inReactNativeRuntime(keyValueStore),
    ),
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
    const hasPods = lockedPlatforms(lock).includes('ios');
    if (when === 'remove') {
      const pods = '`cd ios && bundle exec pod install` (or pod install)';
      return stepsAfterRemoval(lock, hasPods ? pods : undefined);
    }
    return hasPods ? 'cd ios && bundle exec pod install, then build' : 'Build';
  },
  describe: ({ reactNative }) => [describeReactNative(reactNative)],
  startsAt: ({ entries }) => entries.map(({ path }) => path),
  notes: () => [],
  startsWithoutScene: () => false,
};
