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
  const OURS = ['modules/sync', 'modules/sync/ios', 'modules/sync/android'];
  const OTHERS = ['ios', 'modules/other'];

  test.each<[string, string[]]>([
    ['modules/', ['!/modules/', '/modules/*', '!/modules/sync/']],
    ['modules/*', ['!/modules/sync/']],
    ['ios', ['!/modules/sync/ios/']],
    ['# none', []],
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
    [
      '*',
      [
        '!/modules/',
        '/modules/*',
        '!/modules/sync/',
        '!/modules/sync/ios/',
        '!/modules/sync/android/',
      ],
    ],
  ])('%j: git takes the folders back, and nothing else', (text, lines) => {
    const file = { folder: '', text };
    expect(takingBack([file], file, OURS)).toEqual(lines);

    const repo = mkdtempSync(join(tmpdir(), 'bgsync-'));
    onTestFinished(() => rmSync(repo, { recursive: true, force: true }));
    execFileSync('git', ['init', '-q', repo]);
    for (const folder of [...OURS, ...OTHERS]) mkdirSync(join(repo, folder), { recursive: true });
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

  test('in a file deeper down, from its own folder', () => {
    const file = { folder: 'apps/one', text: 'ios' };
    const files = [{ folder: '', text: '' }, file];
    expect(takingBack(files, file, ['apps/one/m/ios'])).toEqual(['!/m/ios/']);
    expect(takingBack(files, files[0]!, ['apps/one/m/ios'])).toEqual([]);
  });
});

test('a pattern of many stars ends at once', () => {
  const text = `${'*a'.repeat(2000)}b`;
  expect(findIgnoreRule([{ folder: '', text }], 'a'.repeat(4000))).toBeUndefined();
});
