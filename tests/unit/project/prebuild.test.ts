import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fileSystem } from '../../../src/file-system.ts';
import type { Prebuild } from '../../../src/project/expo-facts.ts';
import { findPrebuild } from '../../../src/project/prebuild.ts';
import { scratchFolder } from '../../helpers/template-app.ts';

const APP = { 'package.json': '{ "scripts": { "ios": "expo run:ios", "prebuild": "tsc" } }' };
const IOS = { 'ios/Demo/Info.plist': '<plist/>' };

/** @param tracked whether git has the files, in place of seeing them */
async function prebuildOf(
  files: Readonly<Record<string, string>>,
  { tracked = true, app = '', isAndroidMade = false } = {},
): Promise<Prebuild> {
  const root = scratchFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  execFileSync('git', ['init', '-q', root]);
  if (tracked) execFileSync('git', ['-C', root, 'add', '-A']);
  return findPrebuild(fileSystem, join(root, app), isAndroidMade);
}

test('never, where git has ios/ and nothing runs prebuild', async () => {
  expect(await prebuildOf({ ...APP, ...IOS })).toEqual({ kind: 'never' });
});

test('in a folder of a monorepo, too', async () => {
  const files = { 'apps/mobile/package.json': '{}', 'apps/mobile/ios/Podfile': '' };
  expect(await prebuildOf(files, { app: 'apps/mobile' })).toEqual({ kind: 'never' });
  expect(
    await prebuildOf(
      { 'apps/mobile/package.json': '{}', 'ios/Podfile': '' },
      { app: 'apps/mobile' },
    ),
  ).toMatchObject({ kind: 'undecided' });
});

test('undecided, where git does not have ios/, or android/ is made', async () => {
  expect(await prebuildOf({ ...APP, ...IOS }, { tracked: false })).toMatchObject({
    kind: 'undecided',
    reason: 'Git does not have ios/, nor ignores it: prebuild may have made it',
  });
  expect(await prebuildOf({ ...APP, ...IOS }, { isAndroidMade: true })).toMatchObject({
    kind: 'undecided',
    reason: expect.stringContaining('No android/ is in the repo') as string,
  });
});

test.each([
  ['package.json', '{\n  "scripts": {\n    "gen": "yarn expo prebuild"\n  }\n}', 3],
  ['package.json', '{ "scripts": { "gen": "npx expo@latest prebuild --no-install" } }', 1],
  ['Makefile', 'ios:\n\tnpx expo-cli prebuild -p ios\n', 2],
  ['.github/workflows/ios.yaml', '# a build\nsteps:\n  - run: bunx expo prebuild\n', 3],
  ['.eas/build/ios.yml', 'build:\n  steps:\n    - eas/checkout\n    - eas/prebuild\n', 4],
  ['scripts/gen.js', "spawnSync('npx', ['expo', 'prebuild']);\n", 1],
  ['eas.json', '{ "build": {\n  "a": { "prebuildCommand": "prebuild --clean" } } }', 2],
  ['.easignore', 'node_modules\n/ios/\n', 2],
])('runs: %s (%#)', async (file, text, line) => {
  const found = await prebuildOf({ ...APP, ...IOS, [file]: text });
  expect(found).toMatchObject({ kind: 'runs', file, line });
});

test.each([
  ['package.json', '{ "description": "run expo prebuild", "scripts": { "prebuild": "tsc" } }'],
  ['package.json', '{ "scripts": { "gen": "expo prebuild --platform android" } }'],
  ['package.json', 'no JSON: expo prebuild'],
  ['Makefile', 'ios:\n\t# npx expo prebuild\n\txcodebuild\n'],
  ['eas.json', '{ "build": { "a": { "prebuildCommand": "prebuild -p android" } } }'],
  ['.easignore', '/modules/ios\n'],
  ['.github/workflows/ios.yml', '- run: npx expo prebuild -p android\n'],
])('does not: %s (%#)', async (file, text) => {
  expect(await prebuildOf({ ...APP, ...IOS, [file]: text })).toEqual({ kind: 'never' });
});

test('what the top of a monorepo runs is named from the app', async () => {
  const files = {
    'package.json': '{ "scripts": { "gen": "cd apps/mobile && expo prebuild" } }',
    'apps/mobile/package.json': '{}',
    'apps/mobile/ios/Podfile': '',
  };
  expect(await prebuildOf(files, { app: 'apps/mobile' })).toMatchObject({
    kind: 'runs',
    file: '../../package.json',
  });
});
