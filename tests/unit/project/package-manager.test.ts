import { expect, test } from 'vitest';
import { inCommandsOf } from '../../../src/project/package-manager.ts';

test.each([
  ['yarn', 'Run `npx expo prebuild`.', 'Run `yarn expo prebuild`.'],
  ['pnpm', 'npx react-native config', 'pnpm exec react-native config'],
  ['bun', 'npx bgsync update', 'bunx bgsync update'],
  [
    'pnpm',
    'npm install --save-dev --save-exact bgsync@1.2.3',
    'pnpm add --save-dev --save-exact bgsync@1.2.3',
  ],
  ['yarn', 'npm install --save-dev better-sqlite3', 'yarn add --dev --exact better-sqlite3'],
  ['bun', 'npm install @scope/a', 'bun add @scope/a'],
  // What no app has among its dependencies, and a version by name.
  ['yarn', 'npx pod-install', 'npx pod-install'],
  ['yarn', 'npx bgsync@1.2.3 doctor', 'npx bgsync@1.2.3 doctor'],
  ['yarn', 'npx expo-doctor, npx capital', 'npx expo-doctor, npx capital'],
  ['npm', 'npx expo prebuild', 'npx expo prebuild'],
] as const)('%s: %s', (manager, text, said) => {
  expect(inCommandsOf(manager, text, true)).toBe(said);
});

test('npx downloads a bgsync that the app has not', () => {
  expect(inCommandsOf('yarn', 'npx bgsync init', false)).toBe('npx bgsync init');
});
