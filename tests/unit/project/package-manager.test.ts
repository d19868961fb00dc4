import { expect, test } from 'vitest';
import { memoryFileSystem } from '../../helpers/memory-file-system.ts';
import { findPackageManager, readPackageJson } from '../../../src/project/package-json.ts';
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
  ['yarn', 'npx prettier --write src', 'yarn prettier --write src'],
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

test.each<[string, Record<string, string>, string]>([
  ['nothing says', {}, 'npm'],
  ['the app', { '/r/example/package.json': '{"packageManager":"pnpm@10.0.0"}' }, 'pnpm'],
  // As create-react-native-library makes it: a lock file comes with the first install.
  [
    'the workspace’s package.json',
    { '/r/package.json': '{"packageManager":"yarn@4.11.0"}' },
    'yarn',
  ],
  ['the workspace’s settings of pnpm', { '/r/pnpm-workspace.yaml': '' }, 'pnpm'],
  ['the workspace’s settings of Yarn', { '/r/.yarnrc.yml': '' }, 'yarn'],
  ['a lock file above', { '/r/bun.lock': '' }, 'bun'],
  ['the nearer one', { '/r/example/yarn.lock': '', '/r/bun.lock': '' }, 'yarn'],
  [
    'its name before a lock file beside it',
    { '/r/package.json': '{"packageManager":"bun@1"}', '/r/package-lock.json': '' },
    'bun',
  ],
  ['a package.json above that is no JSON', { '/r/package.json': '{', '/yarn.lock': '' }, 'yarn'],
])('which one it is: %s', async (_name, files, manager) => {
  const own = files['/r/example/package.json'] ?? '{}';
  const fs = memoryFileSystem({ '/r/example/package.json': own, ...files });
  const packageJson = readPackageJson(JSON.parse(own) as Record<string, unknown>);
  expect(await findPackageManager(fs, '/r/example', packageJson)).toBe(manager);
});
