import type { ExpoProject } from '../../project/project.ts';
import { INFO_PLIST } from '../edits/info-plist.ts';
import type { HostIntegration } from '../host.ts';
import { templateModel } from '../model.ts';
import {
  describeReactNative,
  inReactNative,
  inReactNativeRuntime,
  layersOf,
  retiredLayersOf,
  stepsAfterRemoval,
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
  stepAfter(when, lock) {
    // Of a project that prebuild makes, no file was edited.
    const isCommitted = lock.edits.some(({ id }) => id === INFO_PLIST.id);
    const [command, unless] = isCommitted
      ? ['npx pod-install', '']
      : ['npx expo prebuild', ' (nothing where EAS Build does it)'];
    return when === 'remove'
      ? stepsAfterRemoval(lock, `\`${command}\`${unless}`)
      : `${command}${unless}, then build`;
  },
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
