import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findIgnoreRule, takingBack } from '../../../src/formats/gitignore.ts';

const FOLDERS = [
  'ios',
  'android',
  'modules/background-sync',
  'modules/background-sync/ios',
  'apps/one/ios',
];

const CASES: readonly [string, readonly string[]][] = [
  ['/ios', ['ios']],
  ['/ios/', ['ios']],
  ['ios', ['ios', 'modules/background-sync/ios', 'apps/one/ios']],
  ['ios/', ['ios', 'modules/background-sync/ios', 'apps/one/ios']],
  ['*ios', ['ios', 'modules/background-sync/ios', 'apps/one/ios']],
  ['**/ios', ['ios', 'modules/background-sync/ios', 'apps/one/ios']],
  ['apps/*/ios', ['apps/one/ios']],
  ['apps/**', ['apps/one/ios']],
  ['modules', ['modules/background-sync', 'modules/background-sync/ios']],
  ['ios\n!/ios', ['modules/background-sync/ios', 'apps/one/ios']],
  ['ios\n!modules/background-sync/ios/', ['ios', 'apps/one/ios']],
  [
    'modules/\n!modules/background-sync/',
    ['modules/background-sync', 'modules/background-sync/ios'],
  ],
  ['# ios\n\n\\#ios\n', []],
  ['io?\r\nandroi*  \r\n', ['ios', 'android', 'modules/background-sync/ios', 'apps/one/ios']],
  ['/one/ios', []],
];

describe('findIgnoreRule says what git says', () => {
  test.each(CASES)('%j', (text, ignored) => {
    const found = FOLDERS.filter((folder) => findIgnoreRule([{ folder: '', text }], folder));
    expect(found).toEqual(ignored);

    const repo = mkdtempSync(join(tmpdir(), 'bgsync-'));
    onTestFinished(() => rmSync(repo, { recursive: true, force: true }));
    execFileSync('git', ['init', '-q', repo]);
    writeFileSync(join(repo, '.gitignore'), text);
    for (const folder of FOLDERS) mkdirSync(join(repo, folder), { recursive: true });
    const { stdout } = spawnSync('git', ['-C', repo, 'check-ignore', ...FOLDERS], {
      encoding: 'utf8',
    });
    expect(stdout.split('\n').filter((line) => line !== '')).toEqual(ignored);
  });
});

test('the file deeper down has the last word, and counts from its own folder', () => {
  const files = [
    { folder: '', text: 'ios' },
    { folder: 'apps/one', text: '!/ios' },
  ];
  expect(findIgnoreRule(files, 'apps/one/ios')).toBeUndefined();
  expect(findIgnoreRule(files, 'apps/two/ios')).toEqual({
    folder: '',
    pattern: 'ios',
    line: 1,
    match: 'apps/two/ios',
  });
});

describe('takingBack', () => {
  const OURS = [
    'package.json',
    'ios/A.swift',
    'android/src/debug/D.kt',
    'android/build.gradle',
  ].map((path) => `modules/sync/${path}`);
  const OTHERS = ['ios/Info.plist', 'modules/other/a.js', 'android/debug/x', 'modules/other/x.log'];

  test.each<[string, string[]]>([
    ['modules/', ['!/modules/', '/modules/*', '!/modules/sync/']],
    ['modules/*', ['!/modules/sync/']],
    [
      'modules/sync/*',
      OURS.slice(0, 1)
        .map((path) => `!/${path}`)
        .concat('!/modules/sync/ios/', '!/modules/sync/android/'),
    ],
    ['ios', ['!/modules/sync/ios/']],
    ['# none', []],
    ['[Dd]ebug/', ['!/modules/sync/android/src/debug/']],
    ['debug', ['!/modules/sync/android/src/debug/']],
    ['[a-e]ebu[!a-f]/\n', ['!/modules/sync/android/src/debug/']],
    ['**/debug/**', ['!/modules/sync/android/src/debug/D.kt']],
    ['*.kt\n*.log', ['!/modules/sync/android/src/debug/D.kt']],
    [
      'debug/\n!/android/debug/\n*.[[:alpha:]]t',
      ['!/modules/sync/android/src/debug/', '!/modules/sync/android/src/debug/D.kt'],
    ],
    [
      'modules\n**/ios\nandroid/',
      [
        '!/modules/',
        '/modules/*',
        '!/modules/sync/',
        '!/modules/sync/ios/',
        '!/modules/sync/android/',
      ],
    ],
  ])('%j: git takes the files back, and nothing else', (text, lines) => {
    const file = { folder: '', text };
    const found = takingBack([file], OURS, 'modules/sync');
    expect(found.flatMap((one) => one.lines)).toEqual(lines);
    expect(found.length).toBe(lines.length === 0 ? 0 : 1);

    const repo = mkdtempSync(join(tmpdir(), 'bgsync-'));
    onTestFinished(() => rmSync(repo, { recursive: true, force: true }));
    execFileSync('git', ['init', '-q', repo]);
    const ignored = (ignore: string): string => {
      writeFileSync(join(repo, '.gitignore'), ignore);
      return spawnSync('git', ['-C', repo, 'check-ignore', ...OTHERS, ...OURS], {
        encoding: 'utf8',
      }).stdout;
    };
    const before = ignored(text).split('\n');
    const after = ignored([text, ...lines, ''].join('\n')).split('\n');
    expect(after).toEqual(before.filter((path) => !OURS.includes(path)));
  });

  test('in a file deeper down, from its own folder; in both where both ignore', () => {
    const file = { folder: 'apps/one', text: 'ios' };
    const top = { folder: '', text: '' };
    const path = 'apps/one/m/ios/a';
    expect(takingBack([top, file], [path], 'apps/one/m')).toMatchObject([
      { file, lines: ['!/m/ios/'] },
    ]);
    const other = { folder: '', text: '*.kt' };
    const files = ['apps/one/m/ios/a.kt'];
    expect(takingBack([other, file], files, 'apps/one/m')).toMatchObject([
      { file: other, lines: ['!/apps/one/m/ios/a.kt'] },
      { file, lines: ['!/m/ios/'] },
    ]);
  });

  test('what a file outside of the repo ignores is taken back in one of the repo', () => {
    const outside = { folder: '', text: '[Dd]ebug/', isOutside: true as const };
    const file = { folder: 'app', text: '' };
    const paths = ['app/m/debug/a.kt'];
    expect(takingBack([outside, file], paths, 'app/m', file)).toMatchObject([
      { file, rules: [{ file: outside }], lines: ['!/m/debug/'] },
    ]);
  });
});

describe('a name with brackets or a backslash matches what git matches', () => {
  const NAMES = ['a', 'b', 'B', 'z', '-', ']', '[', '!', '^', '\\', 'ab', '[ab]', '1', 'a*', '*'];
  test.each([
    '[ab]',
    '[!ab]',
    '[^ab]',
    '[a-y]',
    '[A-Z]',
    '[]a]',
    '[!]a]',
    '[a-]',
    '[-a]',
    '[[:digit:]]',
    '[[:lower:]b]',
    '[ab',
    '\\[ab]',
    '[\\]]',
    '\\*',
    'a\\*',
    '[a\\-z]',
    '[!-]',
    '?[b]',
    '*[b]',
    '[[]',
    '[[:nope:]]',
    '[z-a]',
  ])('%s', (pattern) => {
    const repo = mkdtempSync(join(tmpdir(), 'bgsync-'));
    onTestFinished(() => rmSync(repo, { recursive: true, force: true }));
    execFileSync('git', ['init', '-q', repo]);
    writeFileSync(join(repo, '.gitignore'), `${pattern}\n`);
    const { stdout } = spawnSync('git', ['-C', repo, 'check-ignore', '-z', '--stdin'], {
      encoding: 'utf8',
      input: NAMES.map((name) => `./d/${name}\0`).join(''),
    });
    const files = [{ folder: '', text: pattern }];
    const found = NAMES.filter((name) => findIgnoreRule(files, `d/${name}`, 'file') !== undefined);
    expect(found).toEqual(
      stdout.split('\0').flatMap((path) => (path === '' ? [] : [path.slice(4)])),
    );
  });
});

test('a pattern of many stars ends at once', () => {
  const text = `${'*a'.repeat(2000)}b`;
  expect(findIgnoreRule([{ folder: '', text }], 'a'.repeat(4000))).toBeUndefined();
});
