import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { fileSystem } from '../../src/file-system.ts';
import { findJournal } from '../../src/plan/journal.ts';
import { inState, stateFolders } from '../../src/plan/state-folder.ts';
import { appIn } from '../helpers/app.ts';
import type { TestApp } from '../helpers/app.ts';
import { makeTemplateApp, scratchFolder, spawnCli } from '../helpers/template-app.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';

const HOOK = pathToFileURL(join(import.meta.dirname, '../helpers/crash-hook.mjs')).href;

const WRITING = [
  ['init', '--yes'],
  ['update', '--yes'],
  ['remove', '--yes', '--force'],
  ['doctor', '--fix', '--yes'],
];

let top = '';
let app: TestApp;
beforeEach(() => {
  top = scratchFolder();
  onTestFinished(() => rmSync(top, { recursive: true, force: true }));
  mkdirSync(join(top, 'app'));
  makeTemplateApp('0.87', join(top, 'app'));
  app = appIn(join(top, 'app'));
  writeFileSync(join(top, '.gitignore'), 'precious\n');
  mkdirSync(join(top, 'empty'));
});

/** The tree, and what is around it, less what bgsync is there for. */
const around = (): Map<string, Buffer> =>
  new Map([...readTree(top)].filter(([path]) => !path.startsWith('app/')));

describe('a journal that came with the repo is not carried out', () => {
  const ENTRIES: readonly (readonly [string, object])[] = [
    ['above the app', { path: '../.zshenv', before: 'evil', afterSha256: null }],
    [
      'a hook of git’s',
      { path: '.git/hooks/post-checkout', before: 'evil', mode: 0o755, afterSha256: null },
    ],
    ['in the app', { path: 'App.tsx', before: 'evil', afterSha256: 'x' }],
    ['that is no object', 7 as unknown as object],
    ['with a mode that is none', { path: 'a', before: '', mode: 'rwx', afterSha256: null }],
    ['with a NUL', { path: 'a\0b', before: '', afterSha256: null }],
  ];

  test.each(ENTRIES)('%s', (_name, entry) => {
    app.commit();
    const journal = { version: 1, entries: [entry], folders: ['../empty'] };
    app.write('.bgsync/journal.json', JSON.stringify(journal));
    const before = readTree(top);
    for (const args of WRITING) {
      const { code, stdout, stderr } = app.run(...args);
      expect([args, code]).toEqual([args, 2]);
      expect(stdout + stderr).toContain('It is not carried out');
    }
    expect(changedPaths(before, readTree(top))).toEqual([]);
    expect(existsSync(join(top, 'empty'))).toBe(true);
    rmSync(join(app.root, '.bgsync'), { recursive: true });
    app.init();
  });

  test('and one that git tracks is no reason to stop', () => {
    const journal = { version: 1, entries: [], folders: ['../empty'] };
    app.write('.bgsync/journal.json', JSON.stringify(journal));
    app.commit();
    const { code, stderr } = app.run('init', '--yes');
    expect([code, stderr]).toEqual([0, expect.stringContaining('git tracks it')]);
    expect(JSON.parse(app.read('.bgsync/journal.json'))).toEqual(journal);
    expect(existsSync(join(top, 'empty'))).toBe(true);
  });

  test.each([
    ['.bgsync', '..'],
    ['.bgsync/.gitignore', '../../.gitignore'],
    ['.bgsync/lock', '../../.gitignore'],
    ['.bgsync/journal.json', '../../.gitignore'],
  ])('%s as a link to %s is not written through', (path, target) => {
    if (path !== '.bgsync') mkdirSync(join(app.root, '.bgsync'));
    symlinkSync(target, join(app.root, path));
    const before = around();
    for (const args of [['init'], ['init', '--yes']]) app.run(...args);
    expect(changedPaths(before, around())).toEqual([]);
    expect(existsSync(join(app.root, 'bgsync.config.json'))).toBe(true);
  });

  test('nor one in git’s folder, that an archive may hold', async () => {
    app.commit();
    const [folder] = await stateFolders(fileSystem, app.root);
    const journal = inState(folder!, 'journal.json').absolute;
    expect(journal.startsWith(join(app.root, '.git'))).toBe(true);
    mkdirSync(join(journal, '..'), { recursive: true });
    const entries = [{ path: 'App.tsx', before: 'evil', afterSha256: null }];
    const text = JSON.stringify({ version: 2, entries, folders: [] });
    for (const content of [text, `${'0'.repeat(64)}\n${text}`, '', '\n']) {
      writeFileSync(journal, content);
      const before = readTree(top);
      const { code, stderr } = app.run('init', '--yes');
      expect([code, stderr]).toEqual([2, expect.stringContaining('so it is not carried out')]);
      expect(stderr).toContain('git status');
      expect(changedPaths(before, readTree(top))).toEqual([]);
    }
    rmSync(journal);
    app.init();
  });

  test('and links in git’s folder are not followed', () => {
    app.commit();
    symlinkSync(join(top, 'empty'), join(app.root, '.git/bgsync'));
    const { code, stderr } = app.run('init', '--yes');
    expect([code, stderr]).toEqual([2, expect.stringContaining('is a link out of the repo')]);
    expect(readTree(join(top, 'empty')).size).toBe(0);
  });
});

describe('a journal of bgsync’s own', () => {
  const interrupt = async (): Promise<string> => {
    const { code } = spawnCli(['init', '--yes'], app.root, {
      NODE_OPTIONS: `--import=${HOOK}`,
      BGSYNC_CRASH_AT: '60',
    });
    expect(code).toBeNull();
    return (await findJournal(fileSystem, app.root)) ?? '';
  };

  test.each([
    ['in git’s folder', true],
    ['in the user’s, without git', false],
  ])('%s is found, and nothing of it is in the app', async (_name, hasGit) => {
    if (hasGit) app.commit();
    const before = readTree(app.root);
    const journal = await interrupt();
    expect(journal.startsWith(`${app.root}/`)).toBe(hasGit);
    expect(existsSync(join(app.root, '.bgsync'))).toBe(false);
    const { stderr } = app.run('remove');
    expect(stderr).toContain('An earlier bgsync was interrupted; its changes were undone');
    expect(changedPaths(before, readTree(app.root))).toEqual([]);
    expect(existsSync(journal)).toBe(false);
  });

  test('with one bit flipped is not carried out, wherever the bit is', async () => {
    const journal = await interrupt();
    const bytes = readFileSync(journal);
    const half = readTree(app.root);
    for (let n = 0; n < 40; n += 1) {
      const damaged = Buffer.from(bytes);
      const at = Math.floor((bytes.length * n) / 40);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (n % 8));
      writeFileSync(journal, damaged);
      const { code, stderr } = app.run('update', '--yes');
      expect([n, code, stderr]).toEqual([n, 2, expect.stringContaining('not carried out')]);
      expect(changedPaths(half, readTree(app.root))).toEqual([]);
    }
    writeFileSync(journal, bytes);
    expect(app.run('init', '--yes').code).toBe(0);
  });

  test('goes with the app where it is moved or copied', async () => {
    app.commit();
    await interrupt();
    // With the state of the folder it was, as `cp -r` and `docker build` make it.
    const copy = join(top, 'copy');
    renameSync(app.root, copy);
    const { code, stderr } = appIn(copy).run('init', '--yes');
    expect([code, stderr]).toEqual([0, expect.stringContaining('its changes were undone')]);
  });

  test('is found in a worktree, and in a submodule', async () => {
    app.commit();
    const tree = join(top, 'tree');
    app.git('worktree', 'add', '-q', tree);
    const outer = appIn(join(top, 'outer'));
    mkdirSync(outer.root);
    outer.write('README.md', '');
    outer.commit();
    outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', app.root, 'sub');
    for (const root of [tree, join(outer.root, 'sub')]) {
      const folder = execFileSync('git', ['rev-parse', '--absolute-git-dir'], { cwd: root });
      const [found] = await stateFolders(fileSystem, root);
      expect(found?.root).toBe(folder.toString().trim());
      appIn(root).init();
    }
  });

  test.each([
    ['another folder', (root: string) => join(root, 'elsewhere')],
    ['a folder that is not there', () => '/nowhere/.git'],
  ])('is not where a file .git points to %s', async (_name, target) => {
    mkdirSync(join(app.root, 'elsewhere'));
    writeFileSync(join(app.root, 'elsewhere/HEAD'), 'ref: refs/heads/main\n');
    app.write('.git', `gitdir: ${target(app.root)}\n`);
    const [found] = await stateFolders(fileSystem, app.root);
    expect(found?.root).toBe(fileSystem.stateFolders[0]);
  });
});
