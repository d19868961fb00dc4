import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findIgnoreRule, reinclude } from '../../../src/formats/gitignore.ts';

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

test.each([
  'modules',
  'modules/*',
  'modules/**',
  '/modules/background-sync',
  'background-sync/',
  '*',
])('the lines that bring a folder back from %j do so, and leave the rest', (pattern) => {
  const folder = 'modules/background-sync';
  const rule = findIgnoreRule([{ folder: '', text: pattern }], folder);
  const text = `${pattern}\n${reinclude(rule!, folder).join('\n')}\n`;
  expect(findIgnoreRule([{ folder: '', text }], folder)).toBeUndefined();

  const repo = mkdtempSync(join(tmpdir(), 'bgsync-'));
  onTestFinished(() => rmSync(repo, { recursive: true, force: true }));
  execFileSync('git', ['init', '-q', repo]);
  const others = ['modules/other', 'modules/background-sync/ios', 'other'];
  for (const path of [folder, ...others]) mkdirSync(join(repo, path), { recursive: true });
  const ignored = (lines: string): string[] => {
    writeFileSync(join(repo, '.gitignore'), lines);
    const args = ['-C', repo, 'check-ignore', folder, 'modules/other', 'other'];
    const { stdout } = spawnSync('git', args, { encoding: 'utf8' });
    return stdout.split('\n').filter((line) => line !== '');
  };
  const before = ignored(pattern);
  expect(before).toContain(folder);
  expect(ignored(text)).toEqual(before.filter((path) => path !== folder));
});

test('the file deeper down has the last word, and counts from its own folder', () => {
  const files = [
    { folder: '', text: 'ios' },
    { folder: 'apps/one', text: '!/ios' },
  ];
  expect(findIgnoreRule(files, 'apps/one/ios')).toBeUndefined();
  expect(findIgnoreRule(files, 'apps/two/ios')).toMatchObject({
    folder: '',
    pattern: 'ios',
    line: 1,
  });
});

test('a pattern of many stars ends at once', () => {
  const text = `${'*a'.repeat(2000)}b`;
  expect(findIgnoreRule([{ folder: '', text }], 'a'.repeat(4000))).toBeUndefined();
});
