import type { ExpoFacts } from '../../project/expo.ts';
import type { Project } from '../../project/project.ts';
import type { HostIntegration } from '../host.ts';
import { describeWorkflow, expoNotes, expoSteps } from './notes.ts';
import { REACT_NATIVE, reactNativeLayers } from '../react-native/host.ts';
import { planExpo } from './plan.ts';

/** @throws Error where the app is none of Expo's: the host was chosen by these facts */
function factsOf({ expo }: Project): ExpoFacts {
  if (expo === undefined) throw new Error('This is no Expo app');
  return expo;
}

/** Expo: prebuild makes the native projects from the app config, or would. */
export const expoHost: HostIntegration = {
  id: 'expo',
  detects: ({ expo }) => expo !== undefined,
  layers: (platforms) => [...reactNativeLayers(platforms), { layer: 'expo' }],
  // The app config goes on naming Expo’s plugin: without the file, Expo reads no config at all.
  retiredLayers: ['expo'],
  runtime: () => REACT_NATIVE,
  queueDriver: 'expo-sqlite',
  plan: (planner, request) => planExpo(planner, { ...request, expo: factsOf(request.project) }),
  steps: (_when, project, config) => expoSteps(factsOf(project), config),
  stepAfter: (when) =>
    when === 'remove'
      ? 'Run your package manager, then `npx expo prebuild` (`npx pod-install` where ios/ is committed), and rebuild the app.'
      : 'npx expo prebuild (npx pod-install where ios/ is committed; nothing where EAS Build does it), then build',
  describe(project) {
    const expo = factsOf(project);
    const version = expo.isInstalled ? expo.version : `${expo.version}, not installed`;
    return [
      ['Expo', `SDK ${expo.sdk} (${version})`],
      ['native', describeWorkflow(expo)],
    ];
  },
  notes: (project, config) => expoNotes(factsOf(project), config),
  startsWithoutScene: (project) => factsOf(project).hasSceneHost,
};
