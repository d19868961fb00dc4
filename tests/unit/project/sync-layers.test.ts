import minVersion from 'semver/ranges/min-version.js';
import { expect, test } from 'vitest';
import { SYNC_LAYERS, SYNC_LAYER_IDS } from '../../../src/facts.ts';
import { findSyncLayers, isUsedForSync } from '../../../src/project/sync-layers.ts';
import { memoryFileSystem } from '../../helpers/memory-file-system.ts';

const WATERMELON = '@nozbe/watermelondb';
const manifest = (dependencies: Record<string, string>) => ({
  dependencies,
  devDependencies: {},
  peerDependencies: {},
});
const installed = (name: string, version: string) =>
  memoryFileSystem({
    [`/app/node_modules/${name}/package.json`]: JSON.stringify({ version }),
  });

test('an app without one has none', async () => {
  expect(await findSyncLayers(memoryFileSystem({}), '/app', manifest({ react: '19' }))).toEqual([]);
});

test.each([
  ['^0.28.0', '0.28.0', true],
  ['0.27.1', '0.27.1', true],
  ['0.28.0-2', '0.28.0-2', true],
  ['^0.25.5', '0.25.5', false],
  ['0.29.0', '0.29.0', false],
  ['latest', undefined, true],
])('of WatermelonDB %s', async (range, version, isSupported) => {
  const layers = await findSyncLayers(
    memoryFileSystem({}),
    '/app',
    manifest({ [WATERMELON]: range }),
  );
  expect(layers).toEqual([{ id: 'watermelondb', version, isSupported }]);
});

test('what is installed counts more than the range', async () => {
  const fs = installed(WATERMELON, '0.25.5');
  expect(await findSyncLayers(fs, '/app', manifest({ [WATERMELON]: '>=0.20' }))).toMatchObject([
    { version: '0.25.5', isSupported: false },
  ]);
});

test('each is found by its own package, in the order of the table', async () => {
  const layers = await findSyncLayers(
    memoryFileSystem({}),
    '/app',
    manifest(
      Object.fromEntries(
        Object.values(SYNC_LAYERS).map(({ packageName, versions }) => [
          packageName,
          minVersion(versions)?.version ?? '',
        ]),
      ),
    ),
  );
  expect(layers.map(({ id }) => id)).toEqual(SYNC_LAYER_IDS);
  expect(layers.every(({ isSupported }) => isSupported)).toBe(true);
});

test.each([
  ['a sync plugin', "import { syncedCrud } from '@legendapp/state/sync-plugins/crud';", true],
  ['its state alone', "import { observable } from '@legendapp/state';", false],
])('what is had for other things, too, is one where it syncs: %s', async (_, text, expected) => {
  const fs = memoryFileSystem({ '/app/src/state.ts': text });
  expect(await isUsedForSync(fs, '/app', 'legend-state')).toBe(expected);
  expect(await isUsedForSync(fs, '/app', 'watermelondb')).toBe(true);
});
