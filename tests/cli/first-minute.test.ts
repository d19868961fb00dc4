/** What a newcomer types first: bgsync alone, its help, a command without its platform. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { testApp } from '../helpers/app.ts';
import { BIN, COMMANDS, runCli, spawnCli } from '../helpers/cli.ts';
import { fillIn } from '../helpers/fill-in.ts';
import { makeTemplateApp, scratchFolder } from '../helpers/template-app.ts';

describe('bgsync alone', () => {
  test('says what comes first in an app without it, and writes nothing', () => {
    const app = testApp();
    const { code, stdout, stderr } = app.run();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/app +HelloWorld \(\.\)\n +sync +not set up/);
    expect(stdout).toMatch(/Next\n +npx bgsync init /);
  });

  test('an app whose handler is as bgsync made it is told to fill it in, until it is', () => {
    const app = testApp();
    app.init();
    const handler = app.read('src/background-sync.ts');
    const line = handler.slice(0, handler.indexOf('throw new Error')).split('\n').length;
    const place = `src/background-sync.ts:${line}`;
    const local = (): string => app.run('trigger', '--platform', 'local').stdout;
    expect(app.run().stdout).toMatch(new RegExp(`fill in +${place} {2}until then nothing is sent`));
    expect(local()).toContain(`\nNext: fill in ${place}, which is as bgsync made it`);
    expect(app.run('doctor').stdout).toMatch(new RegExp(`${place} +X13 `));
    app.write('src/background-sync.ts', fillIn(handler));
    expect(app.run().stdout).not.toContain('fill in');
    expect(local()).toContain('\nNext: `npx bgsync trigger --platform android`');
    expect(app.run('doctor').stdout).toContain('0 warnings');
  });

  test('after init it points at the handler, after a change of the config at the difference', () => {
    const app = testApp();
    app.init();
    expect(app.run().stdout).toMatch(
      /sync +in place, as bgsync .*\n\nNext\n +npx bgsync trigger --platform local/,
    );
    app.rewrite('bgsync.config.json', (text) => text.replace('60', '120'));
    expect(app.run().stdout).toMatch(
      /sync +in place; \d files? differ.*\n\nNext\n +npx bgsync diff/,
    );
    expect(app.run('remove', '--retire', '--yes').code).toBe(0);
    expect(app.run().stdout).toMatch(/sync +retired/);
  });

  test.each([['--cwd', 'app/src'], ['--cwd=app/src'], ['--no-color', '--cwd', 'app/src']])(
    'with %s %s names the app and its commands from where the user is',
    (...args) => {
      const shell = scratchFolder();
      onTestFinished(() => rmSync(shell, { recursive: true }));
      mkdirSync(join(shell, 'app/src'), { recursive: true });
      makeTemplateApp('0.87', join(shell, 'app'));
      const { code, stdout, stderr } = runCli(args, shell);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/app +HelloWorld \(app\)\n/);
      expect(stdout).toMatch(/Next\n +npx bgsync init --cwd app\/src /);
      // In the folder itself nothing has to be said of it.
      expect(runCli([], join(shell, 'app/src')).stdout).toMatch(
        /HelloWorld \(\.\.\)\n[^]*Next\n +npx bgsync init {2}/,
      );
    },
  );

  test('--cwd may stand before a command, too', () => {
    const app = testApp();
    const shell = dirname(app.root);
    const folder = basename(app.root);
    const after = runCli(['init', '--json', '--dry-run', '--cwd', folder], shell);
    expect(after.code).toBe(0);
    for (const before of [['--cwd', folder], [`--cwd=${folder}`]]) {
      expect(runCli([...before, 'init', '--json', '--dry-run'], shell)).toEqual(after);
    }
    expect(runCli(['--cwd'], shell)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("option '--cwd <dir>' argument missing") as string,
    });
    expect(runCli(['--cwd', folder, '--jsno'], shell)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("unknown option '--jsno'") as string,
    });
    expect(runCli(['--cwd', folder, '--help'], shell).stdout).toContain('Usage: bgsync [options]');
  });

  test('tells why an app cannot take it', () => {
    const app = testApp();
    app.write('bgsync.config.json', '{');
    const { code, stdout } = app.run();
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /problem +bgsync\.config\.json is not valid:\n +bgsync\.config\.json:1 {2}not JSON: close brace expected\n/,
    );
    // As little as any other command that reads it, diff could run.
    expect(stdout).not.toContain('bgsync diff');
    expect(stdout).toContain('npx bgsync doctor');
  });

  test('offers no diff in an app that it never was put into, and that cannot take it', () => {
    const app = testApp();
    app.rewrite('package.json', (text) =>
      text.replace(/"react-native": "[^"]*"/, '"react-native": "0.63.2"'),
    );
    const { code, stdout } = app.run();
    expect(code).toBe(0);
    expect(stdout).toMatch(/problem +\S/);
    expect(stdout).not.toContain('bgsync diff');
  });

  test('in a package that is no mobile app it sends to no command that would refuse', () => {
    const root = scratchFolder();
    onTestFinished(() => rmSync(root, { recursive: true }));
    writeFileSync(join(root, 'package.json'), '{ "name": "site" }');
    const { code, stdout } = runCli([], root);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\n {2}app +This is not a React Native app: package\.json has no/);
    expect(stdout).toMatch(/Next\n +npx bgsync init --cwd <dir> /);
    expect(stdout).toContain('npx bgsync doctor --cwd <dir>');
    // What doctor can look at, it is offered for.
    writeFileSync(join(root, 'settings.gradle'), '');
    expect(runCli([], root).stdout).toMatch(/Next\n +npx bgsync doctor {2}/);
  });

  test('outside of an app it says so, and what works there', () => {
    const app = testApp();
    const folder = join(app.root, 'elsewhere');
    mkdirSync(folder);
    app.remove('package.json');
    const { code, stdout } = runCli([], folder);
    expect(code).toBe(0);
    expect(stdout).toContain('no package.json');
    expect(stdout).toContain('bgsync logs --input');
    // Each host that doctor looks at is one that it names.
    expect(runCli(['doctor'], folder).stderr).toContain(
      'a React Native, Expo, Flutter, Capacitor, iOS or Android app',
    );
  });

  test.each([
    ['init', '--yes'],
    ['update', '--yes'],
    ['diff'],
    ['trigger', '--platform', 'local'],
    ['migrate', '--yes'],
  ])('Capacitor is told each host that would do, by %s', (...command) => {
    const app = testApp();
    app.rewrite('package.json', (text) =>
      text.replace(/"react-native": "[^"]*"/, '"@capacitor/core": "8.0.0"'),
    );
    const { code, stderr } = app.run(...command);
    expect(code).toBe(2);
    expect(stderr).toContain('This is a Capacitor app');
    expect(stderr).toContain('It supports Flutter');
  });
});

test('at the root of a workspace doctor and bgsync alone name the way to all of its apps', () => {
  const workspace = scratchFolder();
  onTestFinished(() => rmSync(workspace, { recursive: true }));
  for (const name of ['one', 'two']) {
    mkdirSync(join(workspace, name));
    makeTemplateApp('0.87', join(workspace, name));
  }
  writeFileSync(join(workspace, 'package.json'), '{ "private": true, "workspaces": ["*"] }');
  const { code, stderr } = runCli(['doctor'], workspace);
  expect(code).toBe(2);
  expect(stderr).toContain('There are 2 apps in this workspace.');
  expect(stderr).toContain('--all');
  expect(runCli([], workspace).stdout).toMatch(/npx bgsync doctor --all +\S/);
  expect(runCli(['doctor', '--all'], workspace).stdout).toMatch(/doctor: one[^]*doctor: two/);
  expect(runCli(['init'], workspace).stderr).not.toContain('--all');
});

test('where nobody can be asked, one file is one file', () => {
  const app = testApp();
  app.git('init', '-q');
  const { code, stderr } = app.run('ci', 'install');
  expect(code).toBe(2);
  expect(stderr).toContain('1 file would be changed, and no one can be asked.');
});

describe('help', () => {
  test.each(COMMANDS)('of %s has examples and exit codes, and fits 80 columns', (command) => {
    const { code, stdout } = runCli([command, '--help'], '/');
    expect(code).toBe(0);
    expect(stdout).toContain(`\nExamples:\n`);
    expect(stdout).toContain(`  bgsync ${command}`);
    expect(stdout).toMatch(/\nExit codes:\n {2}0 /);
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(runCli(['help', command], '/')).toEqual({ code, stdout, stderr: '' });
  });

  test('every option of an example is one of its command', () => {
    for (const command of COMMANDS) {
      const { stdout } = runCli([command, '--help'], '/');
      const [options = '', examples = ''] = stdout.split(/\n(?:Examples|Exit codes):\n/);
      for (const [flag] of examples.matchAll(/--[a-z-]+/g))
        expect(options, command).toContain(flag);
    }
  });

  test('of a command that does not exist is an error', () => {
    const { code, stderr } = runCli(['help', 'nosuch'], '/');
    expect(code).toBe(2);
    expect(stderr).toContain('no command nosuch');
  });

  test('-v and -V name the version; --no-color is taken anywhere', () => {
    expect(runCli(['-v'], '/').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(runCli(['-V'], '/')).toEqual(runCli(['--version'], '/'));
    const env = { NO_COLOR: undefined, FORCE_COLOR: '1' };
    for (const args of [
      ['--no-color', 'devices'],
      ['devices', '--no-color'],
    ]) {
      const { stdout, stderr } = spawnCli(args, '/', env);
      expect(stdout + stderr).not.toContain('\u001b[');
    }
  });
});

test.each([
  ['trigger', 'local, android or ios'],
  ['status', 'android or ios'],
  ['logs', '--input'],
])('%s without a platform and without a terminal names what is missing', (command, names) => {
  const { code, stderr } = runCli([command], BIN.replace(/bin\/bgsync\.js$/, ''));
  expect(code).toBe(2);
  expect(stderr).toContain(names);
});

test('a green doctor says which app it looked at', () => {
  const app = testApp();
  app.init();
  const { code, stdout } = runCli(['doctor'], join(app.root, 'src'));
  expect(code).toBe(0);
  expect(stdout).toMatch(/^bgsync \d+\.\d+\.\d+ doctor: \.\. \(React Native\)\n/);
  expect(runCli(['doctor', '--json'], app.root).stdout).toMatch(/^\{/);
});

test('trigger says how long things take, the outcome, and one thing to do next', () => {
  const app = testApp();
  app.init();
  app.rewrite('src/background-sync.ts', fillIn);
  const { code, stdout } = spawnCli(['trigger', '--platform', 'local'], app.root);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ +\+\d+\.\d s {2}run started by bgsync trigger, locally/m);
  expect(stdout).not.toMatch(/\d\d:\d\d:\d\d/);
  expect(stdout).toMatch(/\nNext: `npx bgsync trigger --platform android` [^\n]*\n$/);
});
