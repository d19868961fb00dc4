import type { ExpoProject } from '../../project/project.ts';
import type { HostIntegration } from '../host.ts';
import { templateModel } from '../model.ts';
import {
  describeReactNative,
  inReactNative,
  inReactNativeRuntime,
  layersOf,
  retiredLayersOf,
} from '../react-native/common.ts';
import { describeWorkflow, expoNotes, expoSteps } from './notes.ts';
import { planExpo } from './plan.ts';

/** Expo: prebuild makes the native projects from the app config, or would. */
export const expoHost: HostIntegration<ExpoProject> = {
  ...inReactNative,
  name: 'Expo',
  layers: (config) => layersOf(config, 'expo'),
  // The app config goes on naming Expo’s plugin: without the file, Expo reads no config at all.
  retiredLayers: (platforms) => retiredLayersOf(platforms, 'expo'),
  model: ({ android, expo, keyValueStore }, config, shipped) =>
    templateModel(
      config,
      android?.architecture ?? expo.architecture,
      shipped,
      inReactNativeRuntime(keyValueStore),
    ),
  queueDriver: 'expo-sqlite',
  plan: planExpo,
  steps: (_when, { expo }, config) => expoSteps(expo, config),
  stepAfter: (when) =>
    when === 'remove'
      ? 'Run your package manager, then `npx expo prebuild` (`npx pod-install` where ios/ is committed), and rebuild the app.'
      : 'npx expo prebuild (npx pod-install where ios/ is committed; nothing where EAS Build does it), then build',
  describe({ reactNative, expo }) {
    const version = expo.isInstalled ? expo.version : `${expo.version}, not installed`;
    return [
      describeReactNative(reactNative),
      ['Expo', `SDK ${expo.sdk} (${version})`],
      ['native', describeWorkflow(expo)],
    ];
  },
  startsAt: ({ entries, expo }) =>
    entries.length > 0
      ? entries.map(({ path }) => path)
      : [expo.packageEntry].filter((entry) => entry !== undefined),
  notes: ({ expo }, config) => expoNotes(expo, config),
  startsWithoutScene: ({ expo }) => expo.hasSceneHost,
};
