import { describe, expect, test } from 'vitest';
import { openRepo } from '../../../src/doctor/repo.ts';
import { BASES } from '../../helpers/doctor-bases.ts';
import type { Base } from '../../helpers/doctor-bases.ts';
import { diagnose } from '../../helpers/doctor-case.ts';
import type { Files } from '../../helpers/doctor-case.ts';
import { memoryFileSystem } from '../../helpers/memory-file-system.ts';
import type { MemoryFile } from '../../helpers/memory-file-system.ts';

const open = (files: Files, cwd = '/app') => {
  const tree: Record<string, MemoryFile> = {};
  for (const [path, content] of Object.entries(files)) {
    if (content !== undefined) tree[path.startsWith('/') ? path : `/app/${path}`] = content;
  }
  return openRepo(memoryFileSystem(tree), cwd);
};
const openBase = (base: Base, files: Files = {}) => open({ ...BASES[base], ...files });

describe('the host', () => {
  test.each([
    ['react-native', 'react-native', 'android', 'ios'],
    ['expo', 'expo', undefined, undefined],
    ['capacitor', 'capacitor', 'android', 'ios/App'],
    ['ios', 'native', undefined, ''],
    ['android', 'native', '', undefined],
  ] as const)('of %s is found', async (base, host, android, ios) => {
    const repo = await openBase(base);
    expect(repo.host).toBe(host);
    expect((await repo.android())?.folder).toBe(android);
    expect((await repo.ios())?.folders).toEqual(ios === undefined ? undefined : [ios]);
    expect((await repo.infoPlists()).map(({ path }) => path)).toEqual(
      ios === undefined ? [] : [`${ios === '' ? '' : `${ios}/`}Demo/Info.plist`],
    );
    // Of an Expo app without native folders: what prebuild would write.
    expect((await repo.manifests()).map(({ sourceSet }) => sourceSet)).toEqual(
      android === undefined && host !== 'expo' ? [] : ['main'],
    );
  });

  test('is found from a folder below', async () => {
    const files = Object.entries(BASES['react-native']).map(([path, text]) => [
      `/app/${path}`,
      text,
    ]);
    const fs = memoryFileSystem(Object.fromEntries(files) as Record<string, string>);
    expect((await openRepo(fs, '/app/ios')).root).toBe('/app');
  });

  test.each([
    ['the workspace’s root', '/w', {}],
    ['a root that holds the dependencies', '/w', { dependencies: { 'react-native': '0.87.0' } }],
    ['a native package in the app', '/w/apps/a/modules/sync/src', {}],
  ])('is found from %s', async (_name, cwd, root) => {
    const files: Record<string, string> = {
      '/w/package.json': JSON.stringify({ ...root, private: true, workspaces: ['apps/*'] }),
      '/w/apps/a/modules/sync/package.json': '{ "name": "sync" }',
      '/w/apps/a/modules/sync/src/index.js': '',
      '/w/apps/a/modules/sync/android/build.gradle': '',
    };
    for (const [path, text] of Object.entries(BASES['react-native'])) {
      files[`/w/apps/a/${path}`] = text;
    }
    const repo = await openRepo(memoryFileSystem(files), cwd);
    expect([repo.root, repo.host]).toEqual(['/w/apps/a', 'react-native']);
  });

  test('is missing where there is no app', async () => {
    await expect(open({ 'README.md': '' })).rejects.toThrow('There is no mobile app in /app');
    await expect(open({ 'package.json': '{}' })).rejects.toThrow('There is no mobile app');
  });

  test.each(Object.keys(BASES) as Base[])('%s is sound', async (base) => {
    expect(await diagnose(base)).toMatchObject({ findings: [], couldNotRun: [] });
  });
});

describe('files', () => {
  test('are one object each, for all who ask at the same time', async () => {
    const repo = await openBase('ios');
    const [all, some] = await Promise.all([
      repo.sources('swift'),
      repo.sourcesContaining('swift', ['UIKit']),
    ]);
    expect(all).toHaveLength(1);
    expect(some[0]).toBe(all[0]);
  });

  test('know the lines of their offsets', async () => {
    const text = 'a\nb\r\n\nc';
    const repo = await openBase('ios', { 'Demo/AppDelegate.swift': text });
    const [file] = await repo.sources('swift');
    expect(Array.from(text, (_char, offset) => file?.line(offset))).toEqual([1, 1, 2, 2, 2, 3, 4]);
    expect(file?.line(text.length)).toBe(4);
  });

  test('that lead round in a circle are not there', async () => {
    const repo = await open({
      ...BASES.android,
      '.gitignore': { link: '.gitignore' },
      'app/src/main/again': { link: '..' },
    });
    expect(await repo.read('.gitignore')).toBeUndefined();
    expect(await repo.isAbsent('.gitignore')).toBe(true);
    expect(await repo.sources('kotlin')).toHaveLength(1);
  });

  test('outside of the repo are not read, and noted', async () => {
    const repo = await openBase('react-native', {
      '/secret.txt': 'secret',
      'link.txt': { link: '/secret.txt' },
      folder: { link: '/' },
    });
    expect(await repo.read('link.txt')).toBeUndefined();
    expect(await repo.read('../secret.txt')).toBeUndefined();
    expect(await repo.list('folder')).toEqual([]);
    expect(repo.notes).toEqual([{ path: 'link.txt', reason: 'it is a link out of the repo' }]);
  });

  test.each([
    ['binary', Buffer.from([0x62, 0x00, 0x01])],
    ['not UTF-8', Buffer.from([0xff, 0xfe, 0xfd])],
    ['huge', Buffer.alloc(2 * 1024 * 1024 + 1, 'a')],
  ])('that are %s count as not there', async (_name, content) => {
    const repo = await openBase('react-native', { 'src/a.ts': content, 'src/b.ts': '' });
    const paths = (await repo.sources('javascript')).map(({ path }) => path);
    expect(paths).toEqual(['App.tsx', 'index.js', 'src/b.ts']);
    expect(repo.notes.map(({ path }) => path)).toEqual(['src/a.ts']);
  });
});

test('sources are the app’s own, in order', async () => {
  const repo = await openBase('react-native', {
    'ios/Pods/Other/Other.swift': '',
    'ios/DemoTests/Tests.swift': '',
    'ios/Demo/Sync.swift': '',
    'ios/loop': { link: '/app/ios' },
    'modules/mine/ios/Mine.swift': '',
    'android/app/src/test/java/WorkerTest.kt': '',
    'android/app/build/generated/src/main/Gen.kt': '',
    'src/z.ts': '',
    'src/a.tsx': '',
    'src/a.test.tsx': '',
    'node_modules/x/index.js': '',
  });
  const paths = async (language: 'swift' | 'kotlin' | 'javascript') =>
    (await repo.sources(language)).map(({ path }) => path);
  expect(await paths('swift')).toEqual([
    'ios/Demo/AppDelegate.swift',
    'ios/Demo/Sync.swift',
    'modules/mine/ios/Mine.swift',
  ]);
  expect(await paths('kotlin')).toEqual([
    'android/app/src/main/java/com/example/demo/MainApplication.kt',
  ]);
  expect(await paths('javascript')).toEqual(['App.tsx', 'index.js', 'src/a.tsx', 'src/z.ts']);
  const found = await repo.sourcesContaining('swift', ['UIApplicationDelegate']);
  expect(found.map(({ path }) => path)).toEqual(['ios/Demo/AppDelegate.swift']);
});

test.each([
  ['^4.1.2', '4.1.2'],
  ['>=2 <3', '2.0.0'],
  ['npm:@scope/fork@1.2.3', '1.2.3'],
  ['workspace:^1.0.0', '1.0.0'],
  ['latest', undefined],
  ['*', undefined],
  ['github:a/b#main', undefined],
])('the version of %s is %s', async (range, version) => {
  const repo = await open({
    'package.json': JSON.stringify({ dependencies: { 'react-native': '0.87.0', lib: range } }),
  });
  expect(await repo.version('lib')).toBe(version);
  expect(repo.depends('lib')).toBe(true);
  expect(repo.depends('other')).toBe(false);
});

test('an installed version counts before the declared one', async () => {
  const repo = await openBase('react-native', {
    'node_modules/react-native/package.json': '{"version":"0.85.1"}',
  });
  expect(await repo.version('react-native')).toBe('0.85.1');
});
