import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { exec } from '../../../src/exec.ts';
import { fileSystem } from '../../../src/file-system.ts';
import { askGitIgnored, gitState, parseIndex, parseTree } from '../../../src/project/git.ts';
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
  gitState(root, paths, { fs: fileSystem, exec, env });

describe('askGitIgnored', () => {
  const counting = (): {
    readonly started: string[];
    readonly ask: ReturnType<typeof askGitIgnored>;
  } => {
    const started: string[] = [];
    const run: typeof exec.run = (file, ...rest) => {
      started.push(file);
      return exec.run(file, ...rest);
    };
    const ask = askGitIgnored({ fs: fileSystem, exec: { ...exec, run }, env: ENV });
    return { started, ask };
  };

  test('starts no process where no folder upwards is a repository', async () => {
    const { started, ask } = counting();
    await expect(ask(scratch(), ['a.js'])).resolves.toBeUndefined();
    expect(started).toEqual([]);
  });

  test('starts none for files that the index has: git ignores none of them, whatever its rules say', async () => {
    const repo = makeRepo({ 'app/a.js': '', 'app/b/c.js': '' });
    write(repo, { '.gitignore': '*.js\n' });
    const { started, ask } = counting();
    const app = join(repo, 'app');
    await expect(ask(app, ['a.js', 'b/c.js'])).resolves.toEqual([]);
    expect(started).toEqual([]);
    const found = await ask(app, ['a.js', 'new.js', 'b/c.js']);
    expect(found?.map(({ path }) => path)).toEqual(['new.js']);
    expect(started).toEqual(['git']);
  });

  test.each([
    ['was taken out of the index', ['rm', '-q', '--cached', 'a.js']],
    ['is in an index that is split over two files', ['update-index', '--split-index']],
  ])('asks git of a file that %s', async (_name, after) => {
    const repo = makeRepo({ 'a.js': '' });
    write(repo, { '.gitignore': '*.js\n' });
    git(repo, ...after);
    const { started, ask } = counting();
    await ask(repo, ['a.js']);
    expect(started).toEqual(['git']);
  });

  test('asks git of an app behind a link, which has the repository above where it really is', async () => {
    const repo = makeRepo({ '.gitignore': 'a.js\n', 'app/b.js': '' });
    const link = join(scratch(), 'app');
    symlinkSync(join(repo, 'app'), link);
    const { started, ask } = counting();
    const found = await ask(link, ['a.js', 'b.js']);
    expect(found?.map(({ path }) => path)).toEqual(['a.js']);
    expect(started).toEqual(['git']);
  });
});

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

  test('answers for an app in a folder that is ignored', async () => {
    const top = makeRepo({ '.gitignore': 'build/\n' });
    write(top, { 'build/app/index.js': '1', 'build/app/src/a.ts': '1' });
    expect(await ask(join(top, 'build/app'), ['index.js', 'src/a.ts', 'absent.js'])).toEqual({
      kind: 'repo',
      changed: [],
      untracked: [],
      ignored: ['index.js', 'src/a.ts'],
    });
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

const OBJECT = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';

test('entries are read to their NUL', () => {
  const index = `100644 ${OBJECT} 0\ta b.js\x00100755 ${OBJECT} 1\tx\ny\x00100644 ${OBJECT} 2\tx\ny\0`;
  expect([...parseIndex(index)]).toEqual([
    ['a b.js', [{ mode: '100644', object: OBJECT, stage: 0 }]],
    [
      'x\ny',
      [
        { mode: '100755', object: OBJECT, stage: 1 },
        { mode: '100644', object: OBJECT, stage: 2 },
      ],
    ],
  ]);
  expect([...parseTree(`100644 blob ${OBJECT}\tx\ty\0`)]).toEqual([
    ['x\ty', { mode: '100644', object: OBJECT, stage: 0 }],
  ]);
});

test.each(['', '\0\0', 'M', '100644 x 0\ta\0', 'garbage\0more'])('survives %j', (output) => {
  expect(parseIndex(output).size + parseTree(output).size).toBe(0);
});

test('a repository in the folder stands for the files in it', async () => {
  const root = makeRepo({ '.gitignore': 'dist/\n' });
  write(root, { 'nested/a.js': '1', 'dist/b.js': '1' });
  git(join(root, 'nested'), 'init', '-q');
  expect(await ask(root, ['nested/a.js', 'dist/b.js', 'dist/'])).toMatchObject({
    untracked: ['nested/a.js'],
    ignored: ['dist/b.js', 'dist/'],
  });
});

describe('line endings', () => {
  test.each([
    ['core.autocrlf', '', { 'core.autocrlf': 'true' }, []],
    ['an attribute', '* text=auto\n', { 'core.eol': 'crlf' }, []],
    ['an attribute, eol', '* eol=crlf\n', {}, []],
    ['nothing', '', {}, ['a.js']],
    ['an attribute, -text', '* -text\n', { 'core.autocrlf': 'true' }, ['a.js']],
  ])('of a checkout with CR LF, by %s', async (_name, attributes, settings, changed) => {
    const root = makeRepo({ '.gitattributes': attributes, 'a.js': 'one\ntwo\n' });
    for (const [key, value] of Object.entries(settings)) git(root, 'config', key, value);
    rmSync(join(root, 'a.js'));
    git(root, 'checkout', '--', 'a.js');
    const text = 'one\r\ntwo\r\n';
    if (changed.length === 0) expect(readFileSync(join(root, 'a.js'), 'utf8')).toBe(text);
    else write(root, { 'a.js': text });
    expect(await ask(root, ['a.js'])).toMatchObject({ changed });
    // As git itself has it.
    const said = git(root, 'status', '--porcelain', '--', 'a.js');
    expect(said === '' ? [] : ['a.js']).toEqual(changed);
  });
});

test('objects with SHA-256', async () => {
  const root = scratch();
  git(root, 'init', '-q', '--object-format=sha256');
  write(root, { 'a.js': '1', 'b.js': '1' });
  git(root, 'add', '-A');
  git(root, 'commit', '-q', '-m', 'first');
  write(root, { 'b.js': '2' });
  expect(await ask(root, ['a.js', 'b.js'])).toMatchObject({ changed: ['b.js'] });
});

describe('runs no program that the repository names:', () => {
  const SETTINGS: readonly (readonly [string, (root: string, script: string) => unknown])[] = [
    [
      'a clean filter',
      (root, script) => {
        write(root, { '.gitattributes': '* filter=evil\n' });
        for (const key of ['clean', 'smudge', 'process'])
          git(root, 'config', `filter.evil.${key}`, script);
      },
    ],
    ['a file system monitor', (root, script) => git(root, 'config', 'core.fsmonitor', script)],
    [
      'hooks',
      (root, script) => {
        mkdirSync(join(root, 'hooks'));
        for (const name of [
          'post-index-change',
          'pre-auto-gc',
          'reference-transaction',
          'fsmonitor-watchman',
        ])
          writeFileSync(join(root, 'hooks', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
        git(root, 'config', 'core.hooksPath', join(root, 'hooks'));
      },
    ],
    ...['ext::%s', '%s', 'ssh://host/%s', 'evil::x'].map(
      (url): [string, (root: string, script: string) => unknown] => [
        `a promisor remote, ${url}`,
        (root, script) => {
          const settings = [
            ['extensions.partialClone', 'evil'],
            ['core.repositoryFormatVersion', '1'],
            ['remote.evil.promisor', 'true'],
            ['remote.evil.url', url.replace('%s', url === '%s' ? root : script)],
            ['remote.evil.uploadpack', script],
            ['core.sshCommand', script],
            ['protocol.allow', 'always'],
            ['protocol.ext.allow', 'always'],
            ['protocol.file.allow', 'always'],
          ];
          for (const [key, value] of settings) git(root, 'config', key!, value!);
          rmSync(join(root, '.git/objects'), { recursive: true });
          mkdirSync(join(root, '.git/objects/pack'), { recursive: true });
        },
      ],
    ),
    [
      'external diff and merge programs',
      (root, script) => {
        write(root, { '.gitattributes': '* diff=evil merge=evil\n' });
        const keys = [
          'diff.external',
          'diff.evil.command',
          'diff.evil.textconv',
          'merge.evil.driver',
          'core.pager',
          'core.editor',
          'core.askPass',
          'gpg.program',
          'credential.helper',
        ];
        for (const key of keys) git(root, 'config', key, script);
      },
    ],
  ];

  test.each(SETTINGS)('%s', async (_name, attack) => {
    const root = makeRepo({ 'a.js': '1', 'b.js': '1' });
    const ran = join(scratch(), 'ran');
    const script = join(dirname(ran), 'script');
    writeFileSync(script, `#!/bin/sh\ntouch ${ran}\n`, { mode: 0o755 });
    write(root, { 'a.js': '22', 'new.js': '1' });
    attack(root, script);
    const state = await ask(root, ['a.js', 'b.js', 'new.js']);
    expect(existsSync(ran)).toBe(false);
    if (state.kind === 'repo') expect(state.changed).toContain('a.js');
    else expect(state.reason).toMatch(/^git says: /);
  });
});
