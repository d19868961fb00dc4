import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decodeBase, encodeBase, lockFiles } from '../../../src/plan/lock-file.ts';
import type { LockedFile, LockFile } from '../../../src/plan/lock-file.ts';
import { sha256 } from '../../../src/plan/plan.ts';

const TEXT = 'generated '.repeat(40);
const recorded = (text: string, base = encodeBase(text)): LockedFile => ({
  sha256: sha256(text),
  base,
});

function lockAfter(path: string, file: LockedFile): LockFile {
  return {
    lockVersion: 2,
    host: 'react-native',
    bgsync: '0.1.0',
    moduleDir: 'modules/background-sync',
    handler: 'src/background-sync.ts',
    taskIds: [],
    folders: [],
    files: { [path]: file },
    edits: [],
  };
}

describe('the record of a generated file', () => {
  const again = (before: LockedFile): LockedFile | undefined =>
    lockFiles(new Map([['a.ts', TEXT]]), lockAfter('a.ts', before))['a.ts'];

  test('stays as another compressor wrote it, while it says the same', () => {
    const stored = recorded(TEXT, deflateRawSync(TEXT, { level: 0 }).toString('base64'));
    expect(stored.base).not.toBe(encodeBase(TEXT));
    expect(again(stored)).toBe(stored);
  });

  test.each([
    ['that is damaged', recorded(TEXT, encodeBase('other'))],
    ['of another text', recorded('other')],
  ])('%s is made anew', (_name, before) => {
    expect(again(before)).toEqual(recorded(TEXT));
  });

  test('has its place by its path, so that the file differs where something differs', () => {
    const files = lockFiles(new Map(['b', 'c', 'a', 'B'].map((name) => [name, name])), undefined);
    expect(Object.keys(files)).toEqual(['B', 'a', 'b', 'c']);
  });
});

test('a few packed bytes that stand for more than a megabyte are not unpacked', () => {
  const mebibyte = 'x'.repeat(1024 * 1024);
  expect(decodeBase(recorded(mebibyte))).toBe(mebibyte);
  expect(decodeBase(recorded(`${mebibyte}x`))).toBeUndefined();
});
