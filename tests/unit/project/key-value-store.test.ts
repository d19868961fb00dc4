import { expect, test } from 'vitest';
import { findKeyValueStore } from '../../../src/project/key-value-store.ts';
import { memoryFileSystem } from '../../helpers/memory-file-system.ts';

const ASYNC_STORAGE = '@react-native-async-storage/async-storage';

test.each([
  ['nothing', {}, 'none'],
  ['AsyncStorage', { [ASYNC_STORAGE]: '^2.2.0' }, 'async-storage'],
  ['expo-sqlite', { 'expo-sqlite': '~57.0.0' }, 'expo-kv-store'],
  [
    'AsyncStorage beside expo-sqlite',
    { [ASYNC_STORAGE]: '2', 'expo-sqlite': '~57.0.0' },
    'async-storage',
  ],
  ['MMKV 2', { 'react-native-mmkv': '^2.12.0' }, 'mmkv-class'],
  ['MMKV 3', { 'react-native-mmkv': '~3.3.3' }, 'mmkv-class'],
  ['MMKV 4', { 'react-native-mmkv': '^4.0.0' }, 'mmkv'],
  ['MMKV by a tag', { 'react-native-mmkv': 'latest' }, 'mmkv'],
  ['MMKV beside AsyncStorage', { [ASYNC_STORAGE]: '2', 'react-native-mmkv': '4' }, 'mmkv'],
] as const)('%s: %j', async (_name, dependencies: Record<string, string>, store) => {
  const manifest = { dependencies, devDependencies: {}, peerDependencies: {} };
  expect(await findKeyValueStore(memoryFileSystem({}), '/app', manifest)).toBe(store);
});

test('the version that is installed counts more than the range', async () => {
  const fs = memoryFileSystem({
    '/app/node_modules/react-native-mmkv/package.json': '{"version":"3.3.3"}',
  });
  const manifest = {
    dependencies: { 'react-native-mmkv': '>=3' },
    devDependencies: {},
    peerDependencies: {},
  };
  expect(await findKeyValueStore(fs, '/app', manifest)).toBe('mmkv-class');
});
