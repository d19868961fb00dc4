import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { readLockText } from '../../src/plan/lock-file.ts';
import { MODULE, appIn } from '../helpers/app.ts';
import type { TestApp } from '../helpers/app.ts';
import { makeTemplateApp, scratchFolder } from '../helpers/template-app.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';

const LOCK = `${MODULE}/bgsync.lock.json`;
const SECRET = 'npm_CANARY0123456789';

let top = '';
let app: TestApp;
beforeEach(() => {
  top = scratchFolder();
  onTestFinished(() => rmSync(top, { recursive: true, force: true }));
  mkdirSync(join(top, 'app'));
  makeTemplateApp('0.87', join(top, 'app'));
  app = appIn(join(top, 'app'));
  writeFileSync(join(top, '.npmrc'), SECRET);
  app.init();
});

interface Lock {
  moduleDir: string;
  handler: string;
  folders: string[];
  taskIds: string[];
  files: Record<string, { sha256: string; base: string }>;
  edits: Record<string, unknown>[];
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const fileOf = (text: string): Lock['files'][string] => ({
  sha256: sha256(text),
  base: deflateRawSync(Buffer.from(text)).toString('base64'),
});
const change = (edit: (lock: Lock) => void): void => {
  app.rewrite(LOCK, (text) => {
    const lock = JSON.parse(text) as Lock;
    edit(lock);
    return JSON.stringify(lock);
  });
};
const EDIT = { kind: 'created', id: 'x', reason: 'x', sha256: sha256(SECRET) };
const insertion = (path: string, text: string): object => {
  const piece = { offset: 0, text, was: '', before: '', after: '' };
  return { ...EDIT, path, kind: 'inserted', sha256: sha256(''), pieces: [piece] };
};

const ATTACKS: readonly (readonly [string, string, (lock: Lock) => void])[] = [
  ['a file of the app', 'files', ({ files }) => (files['../../App.tsx'] = fileOf(''))],
  ['git’s HEAD', 'files', ({ files }) => (files['../../.git/HEAD'] = fileOf(''))],
  ['a file beside the repo', 'files', ({ files }) => (files['../../../.npmrc'] = fileOf(SECRET))],
  ['an absolute file', 'files', ({ files }) => (files['/x'] = fileOf(''))],
  ['a drive', 'files', ({ files }) => (files['C:/x'] = fileOf(''))],
  ['backslashes', 'files', ({ files }) => (files['..\\..\\x'] = fileOf(''))],
  ['a NUL', 'files', ({ files }) => (files['a\0b'] = fileOf(''))],
  ['a package with a .git', 'files', ({ files }) => (files['.GIT/config'] = fileOf(''))],
  [
    'an edit of git’s config',
    'edits',
    ({ edits }) =>
      void edits.push({ ...insertion('.git/config', '[core]\n\tfsmonitor = "touch x"\n') }),
  ],
  [
    'an edit of an absolute file',
    'edits',
    ({ edits }) => void edits.push({ ...EDIT, path: '/App.tsx' }),
  ],
  [
    'an edit beside the repo',
    'edits',
    ({ edits }) => void edits.push({ ...EDIT, path: '../.npmrc' }),
  ],
  [
    'an edit through a folder',
    'edits',
    ({ edits }) => void edits.push({ ...EDIT, path: 'a/../../.npmrc' }),
  ],
  ['a folder outside', 'folders', ({ folders }) => void folders.push('../empty')],
  ['an absolute handler', 'handler', (lock) => (lock.handler = '/etc/passwd')],
  ['a handler outside', 'handler', (lock) => (lock.handler = '../.npmrc')],
  ['a package outside', 'moduleDir', (lock) => (lock.moduleDir = '..')],
  ['Swift in an id', 'taskIds', ({ taskIds }) => void taskIds.push('"; exit(1) //')],
  [
    'an offset that is none',
    'edits',
    ({ edits }) => void edits.push({ ...insertion('App.tsx', 'x'), pieces: [{ offset: -1 }] }),
  ],
];

describe('a lock file that names what is none of bgsync’s is refused:', () => {
  test.each(ATTACKS)('%s', (_name, key, attack) => {
    app.commit();
    change(attack);
    const before = readTree(top);
    for (const args of [
      ['update', '--yes', '--allow-dirty'],
      ['init', '--yes', '--allow-dirty'],
      ['remove', '--yes', '--force', '--allow-dirty'],
      ['diff'],
      ['update', '--dry-run'],
    ]) {
      const { code, stdout, stderr } = app.run(...args);
      expect([args, code]).toEqual([args, 2]);
      expect(stderr).toContain(`${LOCK} cannot be read`);
      expect(stderr).toMatch(new RegExp(`: ${key}[.:]`));
      expect(stderr).toContain('git checkout');
      expect(stdout + stderr).not.toContain(SECRET);
    }
    expect(changedPaths(before, readTree(top))).toEqual([]);
  });

  test.each(['', '[]', 'null', '{', '{"lockVersion":2}', '<<<<<<< HEAD\n{}', '"x"'])(
    'and so is %j',
    (text) => {
      app.write(LOCK, text);
      const { code, stderr } = app.run('update', '--yes');
      expect([code, stderr]).toEqual([2, expect.stringContaining(`${LOCK} cannot be read`)]);
    },
  );
});

test('a text that unpacks to gigabytes is not unpacked', () => {
  const base = deflateRawSync(Buffer.alloc(64 << 20)).toString('base64');
  change(({ files }) => (files['src/core.ts'] = { sha256: sha256('x'), base }));
  app.rewrite(`${MODULE}/src/core.ts`, (text) => `${text}// mine\n`);
  const { code, stdout } = app.run('update', '--yes');
  expect([code, stdout]).toEqual([3, expect.stringContaining('what it was cannot be told')]);
});

test('keys that a later bgsync adds stay', () => {
  change((lock) => Object.assign(lock, { later: 1 }));
  expect(readLockText(app.read(LOCK)).lock).toMatchObject({ later: 1 });
});

describe('what is behind a link out of the repo is not shown', () => {
  test.each([`${MODULE}/src/core.ts`, 'index.js', 'ios/HelloWorld/Info.plist'])('%s', (path) => {
    rmSync(join(app.root, path));
    const up = '../'.repeat(path.split('/').length);
    symlinkSync(`${up}.npmrc`, join(app.root, path));
    for (const args of [['diff'], ['update', '--dry-run'], ['remove', '--dry-run'], ['doctor']]) {
      const { code, stdout, stderr } = app.run(...args);
      expect([args, code]).toEqual([args, expect.toBeOneOf([0, 1, 2, 3, 4])]);
      expect(stdout + stderr).not.toContain(SECRET);
    }
  });
});

test('a dry run lists every file that it touches', () => {
  const { stdout } = app.run('remove', '--dry-run');
  expect(stdout).toContain(`delete   ${MODULE}/ `);
  for (const path of readTree(join(app.root, MODULE)).keys()) {
    expect(stdout).toContain(`\n    ${path}\n`);
  }
});
