import { execFileSync } from 'node:child_process';
import { mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { exec } from '../../../src/exec.ts';
import { gitState, parsePrefix, parseStatus, sortPaths } from '../../../src/project/git.ts';
import { scratchFolder } from '../../helpers/template-app.ts';

const ENV = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_CEILING_DIRECTORIES: '/',
};
const IDENTITY = ['-c', 'user.name=t', '-c', 'user.email=t@example.org'];

function write(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const git = (folder: string, ...args: string[]): string =>
  execFileSync('git', ['-C', folder, ...IDENTITY, ...args], { env: ENV, encoding: 'utf8' });

function scratch(): string {
  const folder = realpathSync(scratchFolder());
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function makeRepo(files: Record<string, string>): string {
  const folder = scratch();
  git(folder, 'init', '-q');
  write(folder, files);
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'first');
  return folder;
}

const ask = (root: string, paths: readonly string[], env: NodeJS.ProcessEnv = ENV) =>
  gitState(root, paths, { exec, env });

describe('gitState', () => {
  test('sorts files by what git knows of them, and leaves out what is as committed', async () => {
    const root = makeRepo({
      'same.js': '1',
      'edited.js': '1',
      'staged.js': '1',
      'gone.js': '1',
      'other.js': '1',
      '.gitignore': 'ignored/\n',
    });
    write(root, {
      'edited.js': '2',
      'staged.js': '2',
      'other.js': '2',
      'new/file.js': '1',
      'ignored/file.js': '1',
      'added.js': '1',
    });
    git(root, 'add', 'staged.js', 'added.js');
    rmSync(join(root, 'gone.js'));
    const asked = ['same.js', 'edited.js', 'staged.js', 'gone.js', 'added.js', 'new/file.js'];
    expect(await ask(root, [...asked, 'ignored/file.js', 'absent.js'])).toEqual({
      kind: 'repo',
      changed: ['edited.js', 'staged.js', 'gone.js', 'added.js'],
      untracked: ['new/file.js'],
      ignored: ['ignored/file.js'],
    });
  });

  test('takes paths relative to a folder below the top, whatever their characters', async () => {
    const names = ['a\nb.js', 'с пробелом.js', '*.js', ':(top)x.js', '"quoted".js', '-rf.js'];
    const root = makeRepo(Object.fromEntries(names.map((name) => [`apps/my app\n2/${name}`, '1'])));
    const app = join(root, 'apps/my app\n2');
    expect(await ask(app, names)).toMatchObject({ changed: [], untracked: [] });
    write(app, Object.fromEntries(names.map((name) => [name, '2'])));
    write(app, { 'not asked.js': '1' });
    expect(await ask(app, names)).toEqual({
      kind: 'repo',
      changed: names,
      untracked: [],
      ignored: [],
    });
    // A path that is a pattern means only itself.
    expect(await ask(app, ['*.js'])).toMatchObject({ changed: ['*.js'] });
  });

  test('knows a renamed file, by its old path and its new one', async () => {
    const root = makeRepo({ 'old.js': 'one\ntwo\nthree\n' });
    git(root, 'mv', 'old.js', 'new.js');
    expect(await ask(root, ['old.js', 'new.js'])).toMatchObject({ changed: ['old.js', 'new.js'] });
  });

  test('asked for nothing, does not look at the whole repository', async () => {
    const root = makeRepo({ 'a.js': '1' });
    write(root, { 'a.js': '2' });
    expect(await ask(root, [])).toEqual({ kind: 'repo', changed: [], untracked: [], ignored: [] });
  });

  test('works before the first commit', async () => {
    const root = scratch();
    git(root, 'init', '-q');
    write(root, { 'a.js': '1' });
    expect(await ask(root, ['a.js'])).toMatchObject({ kind: 'repo', untracked: ['a.js'] });
  });

  test('asks the submodule that the app is', async () => {
    const inner = makeRepo({ 'a.js': '1' });
    const outer = makeRepo({ 'README.md': '1' });
    git(outer, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'app');
    write(outer, { 'app/a.js': '2' });
    expect(await ask(join(outer, 'app'), ['a.js'])).toMatchObject({ changed: ['a.js'] });
  });

  test('asks the repository of the folder, not that of the hook that runs bgsync', async () => {
    const root = makeRepo({ 'a.js': '1' });
    const other = makeRepo({ 'b.js': '1' });
    write(root, { 'a.js': '2' });
    const env = { ...ENV, GIT_DIR: join(other, '.git'), GIT_INDEX_FILE: join(other, '.git/index') };
    expect(await ask(root, ['a.js'], env)).toMatchObject({ changed: ['a.js'] });
  });

  test('runs no program that the repository names, and writes nothing into it', async () => {
    const root = makeRepo({ 'a.js': '1' });
    git(root, 'config', 'core.fsmonitor', `touch ${join(root, 'ran')}; false`);
    const index = (): string => git(root, 'hash-object', '--no-filters', '.git/index');
    const before = index();
    write(root, { 'a.js': '2' });
    await ask(root, ['a.js', 'ran']);
    expect(await ask(root, ['ran'])).toMatchObject({ untracked: [] });
    expect(index()).toBe(before);
  });

  test.each([
    ['no repository', () => scratch(), ENV, /^this is not a git repository$/],
    [
      'no git',
      () => makeRepo({ 'a.js': '1' }),
      { ...ENV, PATH: '/nonexistent' },
      /^git is not installed$/,
    ],
    [
      'a bare repository',
      () => {
        const folder = scratch();
        git(folder, 'init', '-q', '--bare');
        return folder;
      },
      ENV,
      /^this folder is in a repository without a work tree$/,
    ],
    [
      'a repository that is broken',
      () => {
        const root = makeRepo({ 'a.js': '1' });
        writeFileSync(join(root, '.git/index'), 'x');
        return root;
      },
      ENV,
      /^git says: /,
    ],
  ])('says why nobody can say: %s', async (_name, make, env, reason) => {
    const state = await ask(make(), ['a.js'], env);
    expect(state.kind === 'none' ? state.reason : state).toMatch(reason);
  });
});

describe('parsePrefix', () => {
  test.each([
    ['true\n\n', ''],
    ['true\napps/mobile/\n', 'apps/mobile/'],
    ['true\na\nb/\n', 'a\nb/'],
    ['false\n', undefined],
    ['', undefined],
  ])('%j', (output, prefix) => {
    expect(parsePrefix(output)).toBe(prefix);
  });
});

describe('parseStatus', () => {
  test('reads entries to their NUL, and both paths of a rename', () => {
    const output = ' M a b.js\0R  new.js\0old.js\0?? x\ny\0!! dist/\0UU both.js\0';
    expect(parseStatus(output)).toEqual([
      { code: ' M', path: 'a b.js' },
      { code: 'R ', path: 'new.js' },
      { code: 'R ', path: 'old.js' },
      { code: '??', path: 'x\ny' },
      { code: '!!', path: 'dist/' },
      { code: 'UU', path: 'both.js' },
    ]);
  });

  test.each(['', '\0\0', 'M', 'R  only\0', 'garbage\0more'])('survives %j', (output) => {
    expect(() => parseStatus(output)).not.toThrow();
  });
});

test('a folder that git names as a whole stands for the files in it', () => {
  const entries = [
    { code: '??', path: 'app/nested/' },
    { code: '!!', path: 'app/dist/' },
  ];
  expect(sortPaths(entries, 'app/', ['nested/a.js', 'dist/b.js', 'nestedness.js'])).toEqual({
    changed: [],
    untracked: ['nested/a.js'],
    ignored: ['dist/b.js'],
  });
});
