import { expect, test } from 'vitest';
import { findLeftBehind } from '../../../src/plan/left-behind.ts';
import type { LockFile } from '../../../src/plan/lock-file.ts';
import { memoryFileSystem } from '../../helpers/memory-file-system.ts';

const lock: LockFile = {
  lockVersion: 2,
  host: 'react-native',
  bgsync: '0.1.0',
  moduleDir: 'modules/background-sync',
  handler: 'src/background-sync.ts',
  taskIds: ['dev.bgsync.processing'],
  folders: [],
  files: {},
  edits: [],
};

async function leftIn(
  path: string,
  text: string,
  dependencies: Readonly<Record<string, string>> = {},
  handler = lock.handler,
): Promise<string[]> {
  const fs = memoryFileSystem({
    '/app/package.json': JSON.stringify({ name: 'demo', dependencies }),
    [`/app/${path}`]: text,
  });
  const changes = [
    {
      kind: 'delete',
      path: handler,
      reason: 'the background sync goes away',
      before: '',
    },
  ] as const;
  const steps = await findLeftBehind(fs, '/app', { ...lock, handler }, changes);
  return steps.map((step) => `${step.path}:${step.line ?? '-'} ${step.purpose}`);
}

const NAMES = 'names what goes away';

test.each([
  ['an import of the handler', 'src/a.ts', "import './background-sync';", NAMES],
  ['a test of it', 'src/__tests__/a.test.ts', "import '../background-sync';", NAMES],
  ['an alias', 'src/a.ts', "import '@/background-sync';", NAMES],
  ['the package by its name', 'src/a.ts', "import 'background-sync';", NAMES],
  [
    'the task alone',
    'ios/Demo/Info.plist',
    '<string>dev.bgsync.processing</string>',
    'lets iOS start the task, which goes away',
  ],
])('%s is left behind', async (_name, path, text, purpose) => {
  expect(await leftIn(path, text)).toEqual([`${path}:1 ${purpose}`]);
});

test.each([
  ['another file', 'src/a.ts', "import './foreground-sync';"],
  ['a file that tools write', 'package-lock.json', '{"a": "modules/background-sync"}'],
  ['a package that is not read', 'node_modules/a/index.js', "require('background-sync')"],
])('%s is not', async (_name, path, text) => {
  expect(await leftIn(path, text)).toEqual([]);
});

test('a package of the same name from a registry is another one', async () => {
  const text = "import 'background-sync';";
  expect(await leftIn('src/a.ts', text, { 'background-sync': '^1.0.0' })).toEqual([]);
  const linked = { 'background-sync': 'file:modules/background-sync' };
  expect(await leftIn('src/a.ts', text, linked)).toContain(`src/a.ts:1 ${NAMES}`);
});

test('a package whose name ends as a path of ours does is another one', async () => {
  const text = "import '@acme/background-sync';";
  expect(await leftIn('src/a.ts', text, { '@acme/background-sync': '^1.0.0' })).toEqual([]);
  expect(await leftIn('src/a.ts', text)).toEqual([`src/a.ts:1 ${NAMES}`]);
  expect(await leftIn('src/a.ts', "import 'uploads';", {}, 'src/uploads.ts')).toEqual([]);
  const alias = await leftIn('src/a.ts', "import '@/uploads';", {}, 'src/uploads.ts');
  expect(alias).toEqual([`src/a.ts:1 ${NAMES}`]);
});
