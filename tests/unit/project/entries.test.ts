import { realpathSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fileSystem } from '../../../src/file-system.ts';
import { detectEntries, readGradleEntry, readXcodeEntry } from '../../../src/project/entries.ts';
import { requireFreeHandler } from '../../../src/project/handler-path.ts';
import { scratchFolder } from '../../helpers/template-app.ts';
import { write } from '../../helpers/traits/files.ts';

function make(files: Readonly<Record<string, string>>): string {
  const root = realpathSync(scratchFolder());
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  write(root, files);
  return root;
}

describe('readGradleEntry', () => {
  test.each([
    ['react {\n  entryFile = file("../../main.js")\n}', '../../main.js', 'android/app'],
    ["react { entryFile = file('../../main.js') }", '../../main.js', 'android/app'],
    ['react { entryFile.set(file("../../main.js")) }', '../../main.js', 'android/app'],
    ['react { entryFile = rootProject.file("../main.js") }', '../main.js', 'android'],
    ['react { entryFile = file("$rootDir/../main.js") }', undefined, 'android/app'],
    ['react { entryFile = entry }', undefined, 'android/app'],
  ])('%s', (source, path, from) => {
    expect(readGradleEntry(source)).toMatchObject({ path, from });
  });

  test.each([
    'react {\n  // entryFile = file("../../main.js")\n}',
    '/* entryFile = file("x") */',
    'def text = "entryFile"',
    '',
  ])('finds none in %s', (source) => {
    expect(readGradleEntry(source)).toBeUndefined();
  });
});

describe('readXcodeEntry', () => {
  test.each([
    ['export ENTRY_FILE=main.js', 'main.js'],
    ['ENTRY_FILE="js/my main.ts"  # ours', 'js/my main.ts'],
    ["export ENTRY_FILE=a.js\nexport ENTRY_FILE='b.js'\r\n", 'b.js'],
    ['export ENTRY_FILE=$APP/main.js', undefined],
  ])('%s', (source, path) => {
    expect(readXcodeEntry(source)).toMatchObject({ path });
  });

  test.each(['# export ENTRY_FILE=a.js', 'export ENTRY_FILE=', 'export NODE_BINARY=node'])(
    'finds none in %s',
    (source) => {
      expect(readXcodeEntry(source)).toBeUndefined();
    },
  );
});

describe('detectEntries', () => {
  const both = (path: string) => [{ path, platforms: ['android', 'ios'] }];
  const gradle = (path: string) => ({
    'android/app/build.gradle': `react { entryFile = file("${path}") }`,
  });

  test.each<[string, Record<string, string>, string | undefined, object]>([
    ['index.js', { 'index.js': '' }, 'other.js', { entries: both('index.js'), problems: [] }],
    ['js before ts', { 'index.ts': '', 'index.js': '' }, undefined, { entries: both('index.js') }],
    ['main', { 'app/main.tsx': '' }, './app/main', { entries: both('app/main.tsx') }],
    ['main out of the app', { 'a.js': '' }, '../a.js', { entries: [] }],
    [
      'one for each platform',
      { 'index.android.tsx': '', 'index.js': '' },
      undefined,
      {
        entries: [
          { path: 'index.android.tsx', platforms: ['android'] },
          { path: 'index.js', platforms: ['ios'] },
        ],
      },
    ],
    [
      'what both builds name',
      {
        'index.js': '',
        'x.js': '',
        ...gradle('../../x.js'),
        'ios/.xcode.env': 'ENTRY_FILE=x.js\n',
      },
      undefined,
      { entries: both('x.js'), problems: [] },
    ],
    [
      'what is not there',
      { 'index.js': '', ...gradle('../../gone.js') },
      undefined,
      { entries: both('index.js'), problems: [{ path: 'android/app/build.gradle' }] },
    ],
    [
      'what is out of the app',
      { 'index.js': '', ...gradle('../../../x.js') },
      undefined,
      { entries: both('index.js'), problems: [{ path: 'android/app/build.gradle' }] },
    ],
  ])('%s', async (_name, files, main, expected) => {
    expect(await detectEntries(fileSystem, make(files), main)).toMatchObject(expected);
  });

  test('takes the file that a link leads to, and leaves a link out of the app', async () => {
    const root = make({ 'app/js/entry.js': '', 'out.js': '' });
    symlinkSync('js/entry.js', join(root, 'app/index.android.js'));
    symlinkSync('../out.js', join(root, 'app/index.ios.js'));
    expect(await detectEntries(fileSystem, join(root, 'app'), undefined)).toMatchObject({
      entries: [{ path: 'js/entry.js' }, { path: 'index.ios.js' }],
    });
  });
});

describe('requireFreeHandler', () => {
  const check = (files: Record<string, string>): Promise<void> =>
    requireFreeHandler(fileSystem, make(files), 'src/sync.ts');

  test.each<Record<string, string>>([
    {},
    { 'src/sync.ts': "import { registerBackgroundSync } from 'x';\nregisterBackgroundSync({});" },
    { 'src/sync.test.ts': '', 'src/sync/index.ts': '', 'src/syncs.js': '' },
  ])('takes %j', async (files) => {
    await expect(check(files)).resolves.toBeUndefined();
  });

  test.each([
    [{ 'src/sync.ts': 'export const a = 1;' }, 'never calls registerBackgroundSync'],
    [{ 'src/sync.js': '' }, 'src/sync.js is there'],
    [{ 'src/sync.native.tsx': '' }, 'src/sync.native.tsx is there'],
  ])('refuses %j', async (files, message) => {
    await expect(check(files as Record<string, string>)).rejects.toThrow(message);
  });
});
