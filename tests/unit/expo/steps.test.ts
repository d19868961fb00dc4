import { expect, test } from 'vitest';
import { expoSteps } from '../../../src/integrations/expo/notes.ts';
import type { NativeFolder, Prebuild } from '../../../src/project/expo-facts.ts';

const steps = (folder: NativeFolder, prebuild: Prebuild): string =>
  expoSteps({ android: folder, ios: folder, prebuild }, { platforms: ['android', 'ios'] }).join(
    '\n',
  );

test('an app that is built by other commands than Expo’s is not told to run those', () => {
  const bare = steps('committed', { kind: 'never' });
  expect(bare).toContain('Rebuild the app, as you build it');
  expect(bare).not.toContain('expo run');
});

test.each<[NativeFolder, Prebuild]>([
  ['generated', { kind: 'makes' }],
  ['committed', { kind: 'runs', file: 'package.json', line: 3, says: 'a script runs prebuild' }],
  ['committed', { kind: 'undecided', reason: 'eas.json is there.' }],
])('%s, prebuild %j: a development build', (folder, prebuild) => {
  expect(steps(folder, prebuild)).toContain('npx expo run:android');
});
