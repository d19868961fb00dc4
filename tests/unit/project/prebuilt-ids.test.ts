import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fileSystem } from '../../../src/file-system.ts';
import { prebuiltIds } from '../../../src/project/prebuilt-ids.ts';
import { scratchFolder } from '../../helpers/template-app.ts';

const PACKAGE = '{ "dependencies": { "expo": "~57.0.0", "react-native": "0.86.3" } }';
const APP_JSON =
  '{ "expo": { "slug": "demo", "android": { "package": "com.demo.app" }, "ios": { "bundleIdentifier": "com.demo.ios" } } }';
const dynamic = (ids: string): string =>
  `export default ({ config }) => ({ ...config, slug: 'demo', ${ids} });`;

function idsOf(
  files: Readonly<Record<string, string>>,
  platform: 'android' | 'ios' = 'android',
): ReturnType<typeof prebuiltIds> {
  const root = scratchFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries({ 'package.json': PACKAGE, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return prebuiltIds(fileSystem, root, platform);
}

test('of app.json', async () => {
  expect(await idsOf({ 'app.json': APP_JSON })).toEqual({
    file: 'app.json',
    key: 'android.package',
    ids: ['com.demo.app'],
  });
  expect(await idsOf({ 'app.json': APP_JSON }, 'ios')).toMatchObject({
    key: 'ios.bundleIdentifier',
    ids: ['com.demo.ios'],
  });
});

test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  ['in a dynamic one', { 'app.config.js': dynamic("android: { package: 'com.a' }") }, ['com.a']],
  [
    'handed on by a dynamic one',
    { 'app.json': APP_JSON, 'app.config.ts': dynamic('') },
    ['com.demo.app'],
  ],
  [
    'one of two',
    {
      'app.config.js': dynamic(
        "android: { package: process.env.APP_VARIANT === 'dev' ? 'com.a.dev' : 'com.a' }",
      ),
    },
    ['com.a.dev', 'com.a'],
  ],
  ['of the environment', { 'app.config.js': dynamic('android: { package: process.env.ID }') }, []],
  ['not named', { 'app.json': '{ "expo": { "slug": "demo" } }' }, []],
])('%s', async (_name, files, ids) => {
  expect([...((await idsOf(files))?.ids ?? ['none'])].sort()).toEqual([...ids].sort());
});

test('none where Expo does not make the native project', async () => {
  expect(await idsOf({ 'package.json': '{ "dependencies": { "react-native": "0.86.3" } }' })).toBe(
    undefined,
  );
  expect(await idsOf({})).toBe(undefined);
});
