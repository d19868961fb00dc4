import type { Config } from '../../config.ts';
import type { ExpoFacts } from '../../project/expo.ts';
import { EXPO } from '../../facts.ts';

/** How the app gets its native projects, and what follows for init. */
export function describeWorkflow(expo: ExpoFacts): string {
  const { android, ios, config } = expo;
  const app = config.dynamic ?? config.static ?? 'app.json';
  if (android === 'generated' && ios === 'generated') {
    return `expo prebuild makes ios/ and android/ (CNG): nothing in them is edited, ${app} is`;
  }
  const committed = [ios === 'committed' ? 'ios/' : '', android === 'committed' ? 'android/' : '']
    .filter((name) => name !== '')
    .join(' and ');
  if (ios === 'generated')
    return `${committed} committed, expo prebuild makes ios/: ${app} is edited`;
  if (!config.isUsed) return `${committed} committed, no Expo app config: Info.plist is edited`;
  const { prebuild } = expo;
  switch (prebuild.kind) {
    case 'makes':
    case 'never':
      return `${committed} committed, and nothing in the repo runs expo prebuild: Info.plist is edited, ${app} is not`;
    case 'runs':
      return `${committed} committed, and ${prebuild.says} (${prebuild.file}:${prebuild.line}): Info.plist is edited, and ${app}`;
    case 'undecided':
      return `${committed} there: Info.plist is edited, and ${app} in case prebuild writes it anew. ${prebuild.reason}`;
  }
}

/** What the developer should know before the plan is applied. */
export function expoNotes(expo: ExpoFacts, { platforms }: Config): string[] {
  const has = (name: ExpoFacts['neighbours'][number]): boolean => expo.neighbours.includes(name);
  const notes: string[] = [];
  if (expo.sdk > EXPO.newest) {
    notes.push(`Expo SDK ${expo.sdk} is newer than this bgsync was tested with.`);
  }
  if (has('expo-task-manager') && !has('expo-background-task') && !has('expo-background-fetch')) {
    notes.push(
      'expo-task-manager is there too (location, notifications). The background sync does not go through it: nothing to do.',
    );
  }
  if (platforms.includes('ios') && expo.hasSceneHost) {
    notes.push(
      has('expo-updates')
        ? 'Expo SDK 58 starts JavaScript in a scene, and expo-updates cannot start without one: when iOS launches the app in\n' +
            'the background, the run ends as `run.skip why=no-host`. While the app is in memory, the sync runs.'
        : 'Expo SDK 58 starts JavaScript in a scene, and a background launch has none: the generated package starts it in the\n' +
            'factory of the app delegate (ExpoReactNativeFactoryProvider). Try it on a device before you rely on it.',
    );
  }
  return notes;
}

/** What is left to the user, in place of `pod install` and a rebuild. */
export function expoSteps(
  expo: Pick<ExpoFacts, 'android' | 'ios' | 'prebuild'>,
  { platforms }: Pick<Config, 'platforms'>,
): string[] {
  const generated = platforms.filter((name) => expo[name] === 'generated');
  const steps: string[] = [];
  if (platforms.includes('ios') && expo.ios === 'committed') steps.push('npx pod-install');
  if (generated.length > 0) {
    const flag = generated.length === 1 ? ` --platform ${generated.join('')}` : '';
    steps.push(`npx expo prebuild${flag}   (or nothing, where EAS Build does it)`);
  }
  // Such an app is built by its own commands, `react-native run-android` or Xcode: `expo run` may not even start.
  const isBare = generated.length === 0 && expo.prebuild.kind === 'never';
  steps.push(
    isBare
      ? 'Rebuild the app, as you build it: native code was added, which a reload of JavaScript and Expo Go do not have.'
      : 'Build a development build: npx expo run:android, npx expo run:ios, or eas build. Expo Go does not have the native module.',
  );
  return steps;
}
