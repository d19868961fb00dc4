import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { hasPathBelow, pathsOfIndex } from '../../../src/formats/git-index.ts';
import { scratchFolder } from '../../helpers/template-app.ts';

const PATHS = [
  'README.md',
  'android/app/build.gradle',
  'apps/mobile/ios/Demo/Info.plist',
  `docs/${'a-name-that-is-long/'.repeat(30)}index.md`,
  'docs/größe.md',
  'src/ios/a.ts',
  'src/b.ts',
];

interface Repo {
  readonly git: (...args: string[]) => string;
  readonly index: () => Buffer;
}

function repository(...options: string[]): Repo {
  const root = scratchFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' });
  git('init', '-q', ...options);
  for (const path of PATHS) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), path);
  }
  git('add', '-A');
  return { git, index: () => readFileSync(join(root, '.git/index')) };
}

function expectAnswers({ index }: Repo): void {
  const bytes = index();
  const asked = ['ios/', 'src/ios/', 'apps/mobile/ios/', 'docs/größe', 'src/b', 'src/c', 'zz/'];
  for (const prefix of [...asked, ...PATHS]) {
    const expected = PATHS.some((path) => path.startsWith(prefix));
    expect(hasPathBelow(bytes, prefix), prefix).toBe(expected);
  }
  const others = ['READme.md', 'src', 'src/b.t', 'ios/a.ts', 'docs/größe.m', ''];
  expect([...(pathsOfIndex(bytes, [...others, ...PATHS]) ?? [])].sort()).toEqual(PATHS.toSorted());
  expect(pathsOfIndex(bytes, ['src/b.ts'])).toEqual(new Set(['src/b.ts']));
  expect(pathsOfIndex(bytes, others)).toEqual(new Set());
}

test.each([
  ['version 2', [], []],
  ['version 4, whose paths build on each other', [], ['update-index', '--index-version', '4']],
  ['version 3, with a file that is to be added', [], ['add', '-N', 'later.md']],
  ['SHA-256', ['--object-format=sha256'], []],
  ['SHA-256, version 4', ['--object-format=sha256'], ['update-index', '--index-version', '4']],
])('what git has, by its index: %s', (_name, options, after) => {
  const repo = repository(...options);
  if (after.includes('later.md')) {
    const top = repo.git('rev-parse', '--show-toplevel').trim();
    writeFileSync(join(top, 'later.md'), '');
  }
  if (after.length > 0) repo.git(...after);
  expectAnswers(repo);
});

test('an index that is split over two files answers nothing that is not in this one', () => {
  const repo = repository();
  repo.git('update-index', '--split-index');
  expect(hasPathBelow(repo.index(), 'ios/')).toBeUndefined();
  expect(pathsOfIndex(repo.index(), ['no such file'])).toBeUndefined();
});

test('bytes that are no index, or a part of one, answer nothing, or what the whole would', () => {
  const bytes = repository().index();
  expect(hasPathBelow(Buffer.from(''), 'src/')).toBeUndefined();
  expect(hasPathBelow(Buffer.from('DIRC nonsense'), 'src/')).toBeUndefined();
  const newer = Buffer.from(bytes);
  newer.writeUInt32BE(5, 4);
  expect(hasPathBelow(newer, 'src/')).toBeUndefined();
  const first = bytes.indexOf('README.md');
  for (let length = 0; length < first + 200; length += 1) {
    const part = bytes.subarray(0, length);
    expect([undefined, true]).toContain(hasPathBelow(part, 'src/'));
    expect(pathsOfIndex(part, ['README.md', 'no such file'])).toBeUndefined();
  }
});
