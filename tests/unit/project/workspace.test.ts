import { realpathSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fileSystem } from '../../../src/file-system.ts';
import { requireAppRoot } from '../../../src/project/find-root.ts';
import { expandPatterns, workspacePatterns } from '../../../src/project/workspace.ts';
import { scratchFolder } from '../../helpers/template-app.ts';
import { write } from '../../helpers/traits/files.ts';

function make(files: Readonly<Record<string, string>>): string {
  const root = realpathSync(scratchFolder());
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  write(root, files);
  return root;
}

const APP = '{"dependencies":{"react-native":"0.87.1"}}';
const app = (folder: string): Record<string, string> => ({
  [`${folder}package.json`]: APP,
  [`${folder}android/app/build.gradle`]: '',
});

describe('expandPatterns', () => {
  const PACKAGES = [
    'apps/a',
    'apps/b/deep',
    'libs/one',
    'libs/two',
    'tools',
    'node_modules/x',
    '.x',
  ];

  test.each([
    [['apps/*'], ['apps/a']],
    [['apps/**'], ['apps/a', 'apps/b/deep']],
    [['**'], ['apps/a', 'apps/b/deep', 'libs/one', 'libs/two', 'tools']],
    [['./libs/*/', '!libs/two'], ['libs/one']],
    [['libs/{one,two}'], ['libs/one', 'libs/two']],
    [
      ['l?bs/t*', 'tools'],
      ['libs/two', 'tools'],
    ],
    [['**/deep'], ['apps/b/deep']],
    [['*'], ['tools']],
    [['../**', '/', ''], []],
    [['*a'.repeat(40), '{'.repeat(200), `${'**/'.repeat(60)}none`], []],
  ])('%j', async (patterns, expected) => {
    const root = make(Object.fromEntries(PACKAGES.map((path) => [`${path}/package.json`, '{}'])));
    expect(await expandPatterns(fileSystem, root, patterns)).toEqual(expected);
  });

  test('follows no link', async () => {
    const root = make({ 'a/package.json': '{}' });
    symlinkSync('.', join(root, 'loop'));
    symlinkSync('a', join(root, 'b'));
    expect(await expandPatterns(fileSystem, root, ['**'])).toEqual(['a']);
  });
});

describe('workspacePatterns', () => {
  test.each<[Record<string, string>, readonly string[] | undefined]>([
    [{ 'package.json': '{"workspaces":["a/*"]}' }, ['a/*']],
    [{ 'package.json': '{"workspaces":{"packages":["b/*"]}}' }, ['b/*']],
    [{ 'pnpm-workspace.yaml': 'packages: ["c/*", d]\n', 'package.json': '{}' }, ['c/*', 'd']],
    [{ 'pnpm-workspace.yaml': "packages:\n- c/*\n-  'd # e'\nother:\n- f\n" }, ['c/*', 'd # e']],
    [{ 'lerna.json': '{"packages":["e/*"]}' }, ['e/*']],
    [{ 'package.json': '{' }, undefined],
    [{}, undefined],
  ])('%j', async (files, expected) => {
    expect(await workspacePatterns(fileSystem, make(files))).toEqual(expected);
  });
});

describe('requireAppRoot', () => {
  const find = (root: string, cwd = ''): Promise<string> =>
    requireAppRoot(fileSystem, join(root, cwd));

  test.each<[string, Record<string, string>, string, string]>([
    ['the app itself', app(''), '', ''],
    ['a folder of the app', { ...app(''), 'src/a.js': '' }, 'src', ''],
    ['a package inside the app', { ...app(''), 'functions/package.json': '{}' }, 'functions', ''],
    [
      'the only app of a workspace',
      { 'package.json': '{"workspaces":["x/*"]}', ...app('x/m/'), 'x/web/package.json': '{}' },
      '',
      'x/m',
    ],
    [
      'the only app below, where no workspace is declared',
      { 'package.json': '{}', ...app('apps/m/') },
      '',
      'apps/m',
    ],
    [
      'an app whose native projects are not there',
      { 'package.json': '{"workspaces":["x/*"]}', 'x/m/package.json': APP },
      'x/m',
      'x/m',
    ],
  ])('%s', async (_name, files, cwd, expected) => {
    const root = make(files);
    expect(await find(root, cwd)).toBe(join(root, expected));
  });

  test.each<[string, Record<string, string>, string, RegExp]>([
    [
      'several apps',
      { 'package.json': '{"workspaces":["x/*"]}', ...app('x/a/'), ...app("x/b's/") },
      '',
      /^ {2}--cwd \S+\/x\/a\n {2}--cwd '\S+\/x\/b'\\''s'$/m,
    ],
    [
      'a library with an example',
      { 'package.json': '{"peerDependencies":{"react-native":"*"}}', ...app('example/') },
      '',
      /^ {2}--cwd \S+\/example$/m,
    ],
    [
      'a package beside the app',
      {
        'package.json': '{"workspaces":["x/*"]}',
        ...app('x/m/'),
        'x/ui/package.json': '{"devDependencies":{"react-native":"1"}}',
      },
      'x/ui',
      /^ {2}--cwd \S+\/x\/m$/m,
    ],
  ])('names what to run instead: %s', async (_name, files, cwd, hint) => {
    const error: unknown = await find(make(files), cwd).catch((thrown: unknown) => thrown);
    expect(error).toHaveProperty('hint', expect.stringMatching(hint));
  });

  test('does not pass over a package.json that cannot be read', async () => {
    const root = make({ ...app(''), 'sub/package.json': '{' });
    await expect(find(root, 'sub')).rejects.toThrow('not valid JSON');
  });
});
