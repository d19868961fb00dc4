/** All commands find the same app, from wherever they are run. */
import { EventEmitter } from 'node:events';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { XmlElement, parseXml } from '@rgrove/parse-xml';
import { describe, expect, onTestFinished, test } from 'vitest';
import { run } from '../../src/run.ts';
import { appIn, testApp } from '../helpers/app.ts';
import type { TestApp } from '../helpers/app.ts';
import { fillIn } from '../helpers/fill-in.ts';
import { makeTemplateApp, runCli, scratchFolder } from '../helpers/template-app.ts';
import { quietReport, testContext } from '../helpers/test-context.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';

const ANDROID = ['--platform', 'android'];

/** A workspace with a library, and these apps in `apps/`. */
function workspace(...apps: string[]): TestApp {
  const root = scratchFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const repo = appIn(root);
  repo.write(
    'package.json',
    '{ "name": "repo", "private": true, "workspaces": ["apps/*", "packages/*"] }',
  );
  repo.write('packages/lib/package.json', '{ "name": "lib" }');
  for (const app of apps) {
    mkdirSync(join(root, 'apps', app), { recursive: true });
    makeTemplateApp('0.87', join(root, 'apps', app));
  }
  return repo;
}

/** An adb that knows one phone, and answers whatever it is asked with nothing. */
function fakeAdb(folder: string): string {
  const path = join(folder, 'adb');
  const script = `#!/bin/sh
case "$*" in
  version) echo 'Android Debug Bridge version 1.0.41' ;;
  'devices -l') printf 'List of devices attached\\nphone device product:p model:p device:p transport_id:1\\n' ;;
  *sys.boot_completed*) echo 1 ;;
esac
`;
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return path;
}

const said = (repo: TestApp, ...args: string[]): string => {
  const { stdout, stderr } = runCli(args, repo.root);
  return stdout + stderr;
};

describe('at the root of a workspace', () => {
  test('with one app, every command works in it', () => {
    const repo = workspace('shop');
    const adb = fakeAdb(repo.root);
    expect(said(repo, 'trigger', '--platform', 'local')).toContain('apps/shop');
    repo.init();
    for (const command of ['diff', 'doctor', 'init', 'update']) {
      expect([command, repo.run(command).code]).toEqual([command, 0]);
    }
    // The handler is found; it is the example, whose queue is empty.
    expect(said(repo, 'trigger', '--platform', 'local')).toContain(
      'src/background-sync.ts on this machine',
    );
    for (const command of [['status'], ['trigger'], ['logs', '--history']]) {
      const text = said(repo, ...command, '--platform', 'android', '--adb', adb);
      expect(text).toContain('com.helloworld');
    }
    expect(said(repo, 'status', '--platform', 'ios', '--xcrun', '/nonexistent/xcrun')).toContain(
      'cannot be started',
    );
    expect(repo.run('remove', '--yes', '--force').code).toBe(0);
  });

  test('an app that EAS Build makes is found on a device by its app config', () => {
    const root = scratchFolder();
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    const app = appIn(root);
    app.write(
      'package.json',
      '{ "name": "demo", "dependencies": { "expo": "~57.0.0", "react-native": "0.86.3" } }',
    );
    app.write(
      'app.json',
      '{ "expo": { "slug": "demo", "android": { "package": "com.demo.app" } } }',
    );
    const adb = fakeAdb(root);
    const of = (...command: string[]): string =>
      said(app, ...command, '--platform', 'android', '--adb', adb);
    expect(of('status')).toContain('com.demo.app is not installed');
    app.write('app.json', '{ "expo": { "slug": "demo" } }');
    expect(of('status')).toContain('app.json does not name android.package in so many words');
    app.write('package.json', '{ "name": "demo", "dependencies": { "react-native": "0.86.3" } }');
    expect(of('status')).toContain('There is no Android app in this folder');
  });

  test('with two apps, every command names them', () => {
    const repo = workspace('shop', 'driver');
    const adb = fakeAdb(repo.root);
    const commands = [
      ['init'],
      ['diff'],
      ['update'],
      ['remove'],
      ['doctor'],
      ['trigger', '--platform', 'local'],
      ['trigger', '--platform', 'android', '--adb', adb],
      ['status', '--platform', 'android', '--adb', adb],
      ['logs', '--history', '--platform', 'android', '--adb', adb],
      ['status', '--platform', 'ios', '--xcrun', adb],
      ['trigger', '--platform', 'ios', '--xcrun', adb],
    ];
    for (const args of commands) {
      const { code, stderr } = runCli(args, repo.root);
      expect([args, code]).toEqual([args, 2]);
      expect([args, stderr]).toEqual([args, expect.stringContaining('There are 2 apps')]);
      expect([args, stderr]).toEqual([args, expect.stringContaining('apps/driver')]);
    }
  });

  test('devices and adb need no app', () => {
    const repo = workspace('shop', 'driver');
    expect(runCli(['devices', '--adb', fakeAdb(repo.root)], repo.root)).toMatchObject({ code: 0 });
  });
});

describe('several bgsync.config.json in one repo', () => {
  test('each is its own app’s, for every command; what is done to one leaves the other as it is', () => {
    const repo = workspace('admin', 'shop');
    for (const app of ['admin', 'shop']) repo.init('--cwd', join('apps', app));
    repo.rewrite('apps/shop/bgsync.config.json', (text) =>
      text.replace('"intervalMinutes": 60', '"intervalMinutes": 120'),
    );
    const admin = readTree(join(repo.root, 'apps/admin'));
    const at = (app: string, ...args: string[]) =>
      runCli(args, join(repo.root, 'apps', app, 'modules/background-sync'));
    expect(at('admin', 'diff').code).toBe(0);
    expect(at('shop', 'diff').code).toBe(4);
    expect(at('shop', 'update', '--yes').code).toBe(0);
    expect(at('shop', 'diff').code).toBe(0);
    expect(at('admin', 'doctor').code).toBe(0);
    expect(repo.run('doctor', '--all').stdout).toMatch(/apps\/admin[^]*apps\/shop/);
    expect(at('admin', 'trigger', '--platform', 'local').code).toBe(0);
    expect(at('shop', 'remove', '--yes', '--force').code).toBe(0);
    expect(changedPaths(admin, readTree(join(repo.root, 'apps/admin')))).toEqual([]);
    for (const command of [['status'], ['trigger', '--platform', 'local'], ['diff'], ['queue']]) {
      const { code, stderr } = repo.run(...command, ...(command[0] === 'status' ? ANDROID : []));
      expect([command, code]).toEqual([command, 2]);
      expect(stderr).toContain('There are 2 apps');
    }
  });

  test('an app in the folder of an app has its own, and --all looks at both', () => {
    const repo = testApp();
    makeTemplateApp('0.87', join(repo.root, 'example'));
    const example = () => readTree(join(repo.root, 'example'));
    const before = example();
    repo.init();
    expect(changedPaths(before, example())).toEqual([]);
    repo.init('--cwd', 'example');
    for (const cwd of ['.', 'example']) expect(repo.run('doctor', '--cwd', cwd).code).toBe(0);
    expect(repo.run('doctor', '--cwd', 'example').stdout).toContain(' doctor: example (');
    expect(repo.run('doctor').stdout).toContain(` doctor: ${basename(repo.root)} (`);
    const { code, stdout } = repo.run('doctor', '--all');
    expect(code).toBe(0);
    expect(stdout.match(/^bgsync \S+ doctor: .*$/gm)).toEqual([
      expect.stringContaining(' doctor: . ('),
      expect.stringContaining(' doctor: example ('),
    ]);
    const root = readTree(repo.root);
    expect(repo.run('remove', '--yes', '--force', '--cwd', 'example').code).toBe(0);
    expect(changedPaths(before, example())).toEqual([]);
    expect(
      changedPaths(root, readTree(repo.root)).every((path) => path.startsWith('example/')),
    ).toBe(true);
  });

  test.each(['init', 'diff', 'update', 'doctor', 'remove', 'queue'])(
    'one in a folder that is no app is refused by %s',
    (command) => {
      const repo = workspace('shop');
      repo.write('bgsync.config.json', '{}');
      const before = readTree(repo.root);
      const { code, stderr } = repo.run(command);
      expect(code).toBe(2);
      expect(stderr).toContain(`bgsync.config.json belongs to no app: the app is`);
      expect(stderr).toContain(`Move it to ${join('apps', 'shop')}, or delete it.`);
      expect(changedPaths(before, readTree(repo.root))).toEqual([]);
    },
  );

  test('trigger, logs and status refuse it as well', () => {
    const repo = workspace('shop');
    repo.init();
    repo.write('bgsync.config.json', '{}');
    const adb = fakeAdb(repo.root);
    for (const args of [
      ['trigger', '--platform', 'local'],
      ['status', ...ANDROID, '--adb', adb],
      ['trigger', ...ANDROID, '--adb', adb],
    ]) {
      const { code, stderr } = repo.run(...args);
      expect([args[0], code]).toEqual([args[0], 2]);
      expect(stderr).toContain('That has one of its own, which counts. Delete the other.');
    }
  });
});

test('below the app, in the generated package and in a folder of another package', () => {
  const repo = workspace('shop');
  repo.init();
  for (const folder of ['apps/shop', 'apps/shop/src', 'apps/shop/modules/background-sync/src']) {
    const { stdout } = runCli(['trigger', '--platform', 'local'], join(repo.root, folder));
    expect([folder, stdout]).toEqual([folder, expect.stringContaining('on this machine')]);
  }
});

describe('in another folder than the app’s', () => {
  const elsewhere = (): TestApp => {
    const repo = workspace('shop', 'driver');
    repo.init('--cwd', 'apps/shop');
    return repo;
  };

  test('what comes next is a command that works there', () => {
    const repo = elsewhere();
    const at = (command: string, ...options: string[]): string =>
      said(repo, command, '--cwd', 'apps/shop', ...options);
    expect(at('trigger', '--platform', 'local')).toMatch(
      /Next: fill in apps\/shop\/src\/background-sync\.ts:\d+, /,
    );
    repo.rewrite('apps/shop/src/background-sync.ts', fillIn);
    expect(at('trigger', '--platform', 'local')).toContain(
      'Next: `npx bgsync trigger --cwd apps/shop --platform android` runs it',
    );
    repo.rewrite('apps/shop/bgsync.config.json', (text) => text.replace('60', '120'));
    expect(at('diff')).toContain('`npx bgsync update --cwd apps/shop` keeps your own edits');
    expect(at('update', '--yes')).toContain('1. cd apps/shop   (the app)');
    expect(at('remove', '--retire', '--yes')).toMatch(
      /1\. cd apps\/shop[^]*npx bgsync remove\n[^]*`npx bgsync init --cwd apps\/shop` brings/,
    );
    const other = ['--cwd', 'apps/driver'];
    expect(said(repo, 'doctor', ...other)).toContain('`npx bgsync init --cwd apps/driver` puts');
    expect(said(repo, 'update', ...other)).toContain('`npx bgsync init --cwd apps/driver` first');
    expect(said(repo, 'trigger', ...other, '--platform', 'local')).toContain(
      '`npx bgsync init --cwd apps/driver` in the app',
    );
    expect(said(repo, 'queue', '--cwd', 'apps/shop')).toContain(
      '`npx bgsync update --cwd apps/shop`',
    );
  });

  test('what doctor says to do is done from there, and in each app of --all', () => {
    const repo = elsewhere();
    repo.remove('apps/shop/modules/background-sync/src/index.ts');
    const fix = /fix {2}.*`npx bgsync (?:init|update) --cwd apps\/shop`/;
    expect(said(repo, 'doctor', '--cwd', 'apps/shop')).toMatch(fix);
    expect(said(repo, 'doctor', '--all')).toMatch(fix);
    const inside = runCli(['doctor'], join(repo.root, 'apps/shop/src'));
    expect(inside.stdout).toMatch(/fix {2}.*`npx bgsync (?:init|update)`/);
    expect(inside.stdout).not.toContain('--cwd');
    expect(runCli(['doctor', '--all', '--cwd', 'apps'], repo.root).stdout).toContain(
      'doctor: apps/shop (',
    );
  });
});

test('doctor of a library of native code says which apps below it did not look at', () => {
  const root = scratchFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const repo = appIn(root);
  repo.write(
    'package.json',
    '{ "name": "lib", "peerDependencies": { "react-native": "*" }, "workspaces": ["example"] }',
  );
  repo.write('android/build.gradle', "apply plugin: 'com.android.library'\n");
  const unseen = 'Not looked at:';
  expect(said(repo, 'doctor')).not.toContain(unseen);
  mkdirSync(join(root, 'example'));
  makeTemplateApp('0.87', join(root, 'example'));
  const one = `${unseen} the app below. \`npx bgsync doctor --cwd example\` looks at it.`;
  expect(said(repo, 'doctor')).toContain(one);
  repo.write(
    'android/src/main/java/dev/lib/W.kt',
    'package dev.lib\nimport androidx.work.Worker\nclass W\n',
  );
  expect(said(repo, 'doctor')).toContain(one);
  expect(said(repo, 'doctor', '--all')).not.toContain(unseen);
  expect(said(repo, 'doctor', '--cwd', 'example')).not.toContain(unseen);

  repo.write('package.json', '{ "name": "lib", "peerDependencies": { "react-native": "*" } }');
  mkdirSync(join(root, 'examples/my app'), { recursive: true });
  makeTemplateApp('0.87', join(root, 'examples/my app'));
  expect(said(repo, 'doctor')).toContain(
    `${unseen} 2 apps below. \`npx bgsync doctor --all\` looks at them, too.`,
  );
});

test('each line of a hint stands below its error', () => {
  const repo = workspace('admin', 'shop');
  expect(runCli(['doctor'], repo.root).stderr.split('\n').slice(1, -1)).toEqual([
    '  Run the command again with one of these:',
    '    --cwd apps/admin',
    '    --cwd apps/shop',
    '  Or look at all of them with --all.',
  ]);
});

describe('doctor --all', () => {
  const apps = (): TestApp => {
    const repo = workspace('a&b', 'shop');
    const shop = appIn(join(repo.root, 'apps/shop'));
    shop.init();
    shop.remove('ios/HelloWorld/Info.plist');
    shop.write(
      'ios/HelloWorld/Info.plist',
      '<?xml version="1.0"?><plist version="1.0"><dict/></plist>',
    );
    // Where the repo begins: reports for other tools name files from there.
    repo.commit();
    return repo;
  };

  test('looks at each app, names it, and ends as the worst of them', () => {
    const repo = apps();
    const { code, stdout } = repo.run('doctor', '--all');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^bgsync \S+ doctor: apps\/a&b \(React Native\)\n/);
    expect(stdout).toMatch(/\n\nbgsync \S+ doctor: apps\/shop \(React Native\)\n/);
    expect(repo.run('doctor').code).toBe(2);
    expect(repo.run('doctor', '--all', '--fix')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--cwd') as string,
    });
  });

  test('is one document in each format', () => {
    const repo = apps();
    const of = (format: string): string => repo.run('doctor', '--all', '--format', format).stdout;
    const json = JSON.parse(of('json')) as { apps: { app: string; findings: unknown[] }[] };
    expect(json.apps.map(({ app, findings }) => [app, findings.length > 0])).toEqual([
      ['apps/a&b', false],
      ['apps/shop', true],
    ]);
    const sarif = JSON.parse(of('sarif')) as {
      runs: { automationDetails: { id: string }; results: unknown[] }[];
    };
    expect(sarif.runs.map(({ automationDetails: { id } }) => id)).toEqual([
      'bgsync/doctor/apps/a&b/',
      'bgsync/doctor/apps/shop/',
    ]);
    const junit = of('junit');
    const suites = parseXml(junit).root?.children.filter((child) => child instanceof XmlElement);
    expect(suites?.map(({ attributes }) => attributes.name)).toEqual([
      'bgsync doctor apps/a&b',
      'bgsync doctor apps/shop',
    ]);
    const sum = suites?.reduce((total, { attributes }) => total + Number(attributes.tests), 0);
    expect(junit).toContain(`<testsuites name="bgsync doctor" tests="${sum}"`);
    expect(of('github')).toContain('::error file=apps/shop/');
  });

  test('in one app it is that app', () => {
    const repo = workspace('shop');
    expect(repo.run('doctor', '--all').stdout).toContain('doctor: apps/shop (React Native)');
  });
});

test('a terminal is asked for the app', async () => {
  const repo = workspace('one', 'two');
  const { code, said, asked } = await runInTerminal(repo, 'init', '--yes');
  expect(code, said).toBe(0);
  expect(asked).toEqual([expect.stringContaining('2 apps'), 'apps/one', 'apps/two']);
  expect(said).toContain('1. cd apps/two   (the app)');
  expect(appIn(join(repo.root, 'apps/two')).run('doctor').code).toBe(0);
  expect(existsSync(join(repo.root, 'apps/one/bgsync.config.json'))).toBe(false);
  appIn(join(repo.root, 'apps/two')).rewrite('src/background-sync.ts', fillIn);
  // What comes next is said of the app that was chosen, and files are found where the user is.
  expect((await runInTerminal(repo, 'trigger', '--platform', 'local')).said).toContain(
    '`npx bgsync trigger --cwd apps/two --platform android`',
  );
  const baseline = await runInTerminal(repo, 'doctor', '--write-baseline', 'known.json');
  expect(baseline.code, baseline.said).toBe(0);
  expect(existsSync(join(repo.root, 'known.json'))).toBe(true);
});

/** A person at the repo's root, who chooses the second app. */
async function runInTerminal(
  repo: TestApp,
  ...args: string[]
): Promise<{ code: number; said: string; asked: string[] }> {
  const asked: string[] = [];
  let said = '';
  const code = await run(args, {
    ...testContext({ cwd: repo.root }),
    isInteractive: true,
    prompt: {
      confirm: () => Promise.reject(new Error('asked')),
      select: (message, options) => {
        asked.push(message, ...options.map(({ label }) => label));
        return Promise.resolve(options[1]!.value);
      },
    },
    report: quietReport({ line: (text = '') => void (said += text) }),
    signals: new EventEmitter(),
    exit: () => undefined,
  });
  return { code, said, asked };
}
