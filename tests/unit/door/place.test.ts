import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { at, installed, isGitName, parentOf, tryAt } from '../../../src/place.ts';

describe('a place', () => {
  it.each([
    ['', ''],
    ['.', ''],
    ['a/b.txt', 'a/b.txt'],
    ['./a//b/', 'a/b'],
    ['a/../b', 'b'],
    ['..a/b', '..a/b'],
    ['.gitignore', '.gitignore'],
    ['.github/x', '.github/x'],
    ['a/git', 'a/git'],
    // An ordinary name everywhere but on Windows.
    ['a\\b', 'a\\b'],
  ])('%j is %j', (path, normal) => {
    expect(at('/app', path)).toMatchObject({ root: '/app', path: normal });
  });

  it.each([
    '..',
    '../x',
    'a/../../x',
    './../x',
    '/x',
    '//x',
    'a\0b',
    '.git',
    '.git/config',
    'sub/.git/hooks/post-checkout',
    '.GIT/config',
    '.git./config',
    '.git /config',
    'git~1/config',
    '.git::$INDEX_ALLOCATION/config',
    '.g\u200cit/config',
    'a/../.git/config',
  ])('%j is none', (path) => {
    expect(tryAt('/app', path)).toBeUndefined();
    expect(() => at('/app', path)).toThrow(UserError);
  });

  it('has a parent up to its root', () => {
    const folder = parentOf(at('/app', 'a/b'));
    expect(folder).toMatchObject({ path: 'a', absolute: '/app/a' });
    expect(parentOf(folder!)).toMatchObject({ path: '', absolute: '/app' });
    expect(parentOf(at('/app', ''))).toBeUndefined();
  });

  it('of an installed package needs the name of a package', () => {
    expect(installed('/app', '@scope/name', 'package.json')).toMatchObject({
      absolute: '/app/node_modules/@scope/name/package.json',
    });
    for (const name of ['..', '../x', '/x', 'a/b', '.git', '']) {
      expect(installed('/app', name, 'package.json')).toBeUndefined();
    }
  });
});

it('git’s folder is known by names that only some file systems take for it', () => {
  expect(['.git', '.Git', 'GIT~1', '.git. .'].every(isGitName)).toBe(true);
  expect(['.gitignore', 'git', '.git2', 'git~2', '.gi'].some(isGitName)).toBe(false);
});
