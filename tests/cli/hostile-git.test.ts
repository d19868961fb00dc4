import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { testApp } from '../helpers/app.ts';
import type { TestApp } from '../helpers/app.ts';
import { runCli, scratchFolder } from '../helpers/template-app.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';

let app: TestApp;
beforeEach(() => {
  app = testApp();
});

describe('where git cannot say what is committed, nothing is changed without --allow-dirty:', () => {
  const CASES: readonly (readonly [string, () => NodeJS.ProcessEnv, RegExp])[] = [
    [
      'a checkout of another user’s',
      () => ({ GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' }),
      /dubious ownership/,
    ],
    ['no git', () => ({ PATH: '/nonexistent' }), /git is not installed/],
    [
      'a git that fails',
      () => {
        const bin = scratchFolder();
        onTestFinished(() => rmSync(bin, { recursive: true }));
        writeFileSync(join(bin, 'git'), '#!/bin/sh\necho too old >&2\nexit 129\n', { mode: 0o755 });
        return { PATH: `${bin}:${process.env.PATH ?? ''}` };
      },
      /git says: too old/,
    ],
    [
      'a broken index',
      () => {
        app.write('.git/index', 'x');
        return {};
      },
      /git says: /,
    ],
    [
      'a .git that is none',
      () => {
        app.remove('.git');
        mkdirSync(join(app.root, '.git'));
        return {};
      },
      /not a git repository/,
    ],
  ];

  test.each(CASES)('%s', (_name, spoil, reason) => {
    app.commit();
    const env = spoil();
    const before = readTree(app.root);
    const refused = runCli(['init', '--yes'], app.root, env);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(reason)]);
    expect(refused.stderr).toContain('--allow-dirty');
    expect(changedPaths(before, readTree(app.root))).toEqual([]);
    expect(runCli(['init', '--yes', '--allow-dirty'], app.root, env).code).toBe(0);
  });

  test('and without a repository there is nothing to ask for', () => {
    expect(runCli(['init', '--yes'], app.root, { PATH: '/nonexistent' }).code).toBe(0);
  });
});

describe('no command runs what .git/config names:', () => {
  const ATTACKS: readonly (readonly [string, (script: string) => void])[] = [
    [
      'filters',
      (script) => {
        app.write('.gitattributes', '* filter=evil\n');
        for (const key of ['clean', 'process', 'smudge'])
          app.git('config', `filter.evil.${key}`, script);
      },
    ],
    [
      'a remote to fetch missing objects from',
      (script) => {
        app.git('config', 'core.repositoryFormatVersion', '1');
        app.git('config', 'extensions.partialClone', 'evil');
        app.git('config', 'remote.evil.url', `ext::${script}`);
        app.git('config', 'remote.evil.promisor', 'true');
        app.git('config', 'protocol.ext.allow', 'always');
        app.remove('.git/objects');
        mkdirSync(join(app.root, '.git/objects/pack'), { recursive: true });
      },
    ],
    ['a file system monitor', (script) => app.git('config', 'core.fsmonitor', script)],
  ];

  test.each(ATTACKS)('%s', (_name, attack) => {
    app.init();
    app.commit();
    const folder = scratchFolder();
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const script = join(folder, 'script');
    writeFileSync(script, `#!/bin/sh\ntouch ${join(folder, 'ran')}\n`, { mode: 0o755 });
    app.rewrite('index.js', (text) => `${text}\n`);
    app.rewrite('bgsync.config.json', (text) => text.replace('dev.bgsync.processing', 'com.x'));
    attack(script);
    for (const args of [
      ['remove', '--dry-run'],
      ['diff'],
      ['doctor'],
      ['update', '--yes'],
      ['remove', '--yes', '--force'],
    ]) {
      const { code, stderr } = app.run(...args);
      expect([args, code, stderr]).toEqual([args, expect.toBeOneOf([0, 1, 2, 3, 4]), stderr]);
    }
    expect(existsSync(join(folder, 'ran'))).toBe(false);
  });
});

test.each([
  ['by a path in the repo', (root: string) => join(root, 'sdk')],
  ['by a relative path', () => 'sdk'],
])('nor an adb that android/local.properties names %s', (_name, sdk) => {
  app.commit();
  const ran = join(app.root, 'ran');
  app.write('android/local.properties', `sdk.dir=${sdk(app.root)}\n`);
  mkdirSync(join(app.root, 'sdk/platform-tools'), { recursive: true });
  const script = `#!/bin/sh\n: > ${ran}\necho Android Debug Bridge\n`;
  writeFileSync(join(app.root, 'sdk/platform-tools/adb'), script, { mode: 0o755 });
  runCli(['devices', '--json'], app.root, {
    PATH: '/nonexistent',
    HOME: '/nonexistent',
    ANDROID_HOME: '',
    ANDROID_SDK_ROOT: '',
    BGSYNC_ADB: '',
  });
  expect(existsSync(ran)).toBe(false);
});
