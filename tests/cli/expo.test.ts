import { createTwoFilesPatch } from 'diff';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { appIn } from '../helpers/app.ts';
import { APP_JSON, makeExpoFixture } from '../helpers/expo-app.ts';
import type { ExpoAppOptions } from '../helpers/expo-app.ts';
import { makeTemplateApp, runCli, scratchFolder } from '../helpers/template-app.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';

const MODULE = 'modules/background-sync';
const OWN = ['bgsync.config.json', 'react-native.config.js', 'src/background-sync.js'];

function expoApp(options: ExpoAppOptions = {}): string {
  const app = scratchFolder();
  onTestFinished(() => rmSync(app, { recursive: true, force: true }));
  makeExpoFixture(app, options);
  return app;
}

const read = (app: string, path: string): string => readFileSync(join(app, path), 'utf8');

/** Runs `init`, a second `init`, and `remove`, and says what the first one did. */
function roundTrip(app: string, exitCode = 0): { changed: string[]; diff: string; stdout: string } {
  const before = readTree(app);
  const first = runCli(['init', '--yes'], app);
  expect(first.code, first.stdout + first.stderr).toBe(exitCode);
  const after = readTree(app);
  const changed = changedPaths(before, after).filter((path) => !path.startsWith(`${MODULE}/`));
  const edited = changed.filter((path) => before.has(path));
  const diff = edited
    .map((path) =>
      createTwoFilesPatch(path, path, String(before.get(path)), String(after.get(path))),
    )
    .join('');

  const second = runCli(['init', '--yes'], app);
  expect(second.code, second.stdout).toBe(exitCode);
  expect(changedPaths(after, readTree(app))).toEqual([]);

  if (exitCode === 0) {
    const doctor = runCli(['doctor'], app);
    expect(doctor.code, doctor.stdout).toBe(0);
  }
  const remove = runCli(['remove', '--yes', '--force'], app);
  expect(remove.code, remove.stdout + remove.stderr).toBe(0);
  expect(changedPaths(before, readTree(app))).toEqual([]);
  return { changed, diff, stdout: first.stdout };
}

const added = (diff: string): string[] =>
  diff
    .split('\n')
    .filter((line) => /^\+(?!\+)/.test(line))
    .map((line) => line.slice(1).trim());

describe('without native folders', () => {
  test('app.json gets the Info.plist entries, the entry file the handler, and nothing else', () => {
    const { changed, diff, stdout } = roundTrip(expoApp());
    expect(changed).toEqual([...OWN, 'app.json', 'index.js'].sort());
    expect(added(diff).join('\n')).toBe(
      [
        '"supportsTablet": true,',
        '"infoPlist": {',
        '"UIBackgroundModes": [',
        '"processing"',
        '],',
        '"BGTaskSchedulerPermittedIdentifiers": [',
        '"dev.bgsync.processing"',
        ']',
        '}',
        "import './src/background-sync';",
      ].join('\n'),
    );
    expect(stdout).toContain('expo prebuild makes ios/ and android/ (CNG)');
    expect(stdout).toContain('npx expo prebuild');
    expect(stdout).not.toContain('pod install');
  });

  test('folders that prebuild has made, and git ignores, are left alone', () => {
    const app = expoApp({
      workflow: 'committed-config',
      files: { '.gitignore': '/ios\n/android\n' },
    });
    const { changed } = roundTrip(app);
    expect(changed).toEqual([...OWN, 'app.json', 'index.js'].sort());
  });

  test('the generated package brings a config plugin for an app.config.js', () => {
    const app = expoApp({
      files: {
        'app.json': null,
        'app.config.js': "module.exports = {\n  name: 'Demo',\n  slug: 'demo',\n};\n",
      },
    });
    const { diff } = roundTrip(app);
    expect(added(diff)).toEqual([
      "plugins: ['./modules/background-sync/app.plugin.js'],",
      "import './src/background-sync';",
    ]);
  });

  test('an app.config.ts around an app.json keeps the plugins of both', () => {
    const config = `export default ({ config }) => ({
  ...config,
  name: 'Demo',
});
`;
    const { diff } = roundTrip(expoApp({ files: { 'app.config.ts': config } }));
    expect(added(diff)).toContain(
      "plugins: [...(config.plugins ?? []), './modules/background-sync/app.plugin.js'],",
    );
  });

  test('a dynamic config that cannot be followed gets a snippet, and exit code 3', () => {
    const config = "module.exports = withThings(require('./base'));\n";
    const { stdout } = roundTrip(expoApp({ files: { 'app.config.js': config } }), 3);
    expect(stdout).toContain('1 step left to you');
    expect(stdout).toContain('app.config.js: lets iOS start the task');
    expect(stdout).toContain("'./modules/background-sync/app.plugin.js',");
  });

  test('an app for one platform is set up for that one', () => {
    const config = JSON.stringify({ expo: { name: 'Demo', slug: 'demo', platforms: ['android'] } });
    const { changed } = roundTrip(expoApp({ files: { 'app.json': config } }));
    expect(changed).toEqual([...OWN, 'index.js'].sort());
  });

  test('an ignore rule without a slash in front would keep the native code from the build', () => {
    const { changed, diff } = roundTrip(
      expoApp({ files: { '.gitignore': 'node_modules/\nios/\nandroid\n' } }),
    );
    expect(changed).toContain('.gitignore');
    expect(added(diff)).toContain('!/modules/background-sync/android/');
    expect(added(diff)).toContain('!/modules/background-sync/ios/');
  });
});

describe('with committed native folders', () => {
  test('Info.plist and app.json are edited: the config plugin, which keeps what Info.plist has', () => {
    const { changed, diff, stdout } = roundTrip(expoApp({ workflow: 'committed-config' }));
    expect(changed).toEqual([...OWN, 'app.json', 'index.js', 'ios/Demo/Info.plist'].sort());
    expect(added(diff)).toContain('"./modules/background-sync/app.plugin.js"');
    expect(added(diff)).toContain('<string>processing</string>');
    expect(stdout).toContain(
      'ios/ and android/ there: Info.plist is edited, and app.json in case prebuild writes it anew. Whether',
    );
  });

  test('app.json stays as it is where git has them and nothing runs prebuild', () => {
    const root = expoApp({ workflow: 'committed-config' });
    appIn(root).commit();
    const { changed, stdout } = roundTrip(root);
    expect(changed).toEqual([...OWN, 'index.js', 'ios/Demo/Info.plist'].sort());
    expect(stdout).toContain('nothing in the repo runs expo prebuild: Info.plist is edited, app');
  });

  test('what an earlier run put into app.json stays when the folders are committed, and goes with remove', () => {
    const app = appIn(expoApp({ workflow: 'committed-config' }));
    app.git('init', '-q');
    const before = app.read('app.json');
    app.init();
    const config = app.read('app.json');
    expect(config).toContain('app.plugin.js');
    app.commit();
    expect(app.run('diff')).toMatchObject({ code: 0 });
    expect(app.run('update', '--yes')).toMatchObject({ code: 0 });
    expect(app.read('app.json')).toBe(config);
    expect(app.run('doctor').code).toBe(0);
    expect(app.run('remove', '--yes', '--force')).toMatchObject({ code: 0, stderr: '' });
    expect(app.read('app.json')).toBe(before);
  });

  test('the app.json of the React Native CLI is no Expo config', () => {
    const { changed } = roundTrip(expoApp({ workflow: 'committed' }));
    expect(changed).toEqual([...OWN, 'index.js', 'ios/Demo/Info.plist'].sort());
  });
});

describe('the entry', () => {
  test.each([
    ['expo-router/entry', 'expo-router/entry'],
    ['expo/AppEntry.js', 'expo/AppEntry'],
    ['node_modules/expo/AppEntry.js', 'expo/AppEntry'],
    ['./node_modules/expo/AppEntry', 'expo/AppEntry'],
    [null, 'expo/AppEntry'],
  ])('main %s: a file of the app’s own loads the handler first', (main, specifier) => {
    const app = expoApp({ main });
    expect(runCli(['init', '--yes'], app).code).toBe(0);
    expect(read(app, 'index.js').split('\n').slice(1)).toEqual([
      "import './src/background-sync';",
      `import '${specifier}';`,
      '',
    ]);
    expect(JSON.parse(read(app, 'package.json'))).toMatchObject({ main: 'index.js' });
    runCli(['remove', '--yes', '--force'], app);
    const { changed } = roundTrip(app);
    expect(changed).toEqual([...OWN, 'app.json', 'index.js', 'package.json'].sort());
  });

  test('a file of the app’s own, in whatever way main writes it', () => {
    const app = expoApp({
      main: './src/main',
      files: { 'src/main.tsx': "import 'expo-router/entry';\n" },
    });
    const { diff } = roundTrip(app);
    expect(added(diff)).toContain("import './background-sync';");
  });

  test('an index file that does not start the app is not taken for the entry', () => {
    const app = expoApp({
      main: 'expo-router/entry',
      files: { 'index.ts': 'export const nothing = 1;\n' },
    });
    const { stdout, changed } = roundTrip(app, 3);
    expect(changed).not.toContain('index.ts');
    expect(stdout).toContain('there is an index.ts that does not start the app');
  });
});

test('update and remove name prebuild, and no pod install, where prebuild makes the projects', () => {
  const app = expoApp();
  expect(runCli(['init', '--yes'], app).code).toBe(0);
  const config = read(app, 'bgsync.config.json');
  writeFileSync(
    join(app, 'bgsync.config.json'),
    config.replace(/"intervalMinutes": \d+/, '"intervalMinutes": 121'),
  );
  const update = runCli(['update', '--yes'], app);
  expect(update.code, update.stderr).toBe(0);
  expect(update.stdout).toContain('npx expo prebuild');
  expect(update.stdout).not.toContain('bundle exec pod install');
  const remove = runCli(['remove', '--yes', '--force'], app);
  expect(remove.stdout).toContain(
    '\nRun `npx expo prebuild` (nothing where EAS Build does it), and',
  );
});

test('what remove says at the end stands apart from what it lists', () => {
  const app = expoApp({
    files: { 'app.json': null, 'app.config.js': "module.exports = { name: 'Demo' };\n" },
  });
  expect(runCli(['init', '--yes'], app).code).toBe(0);
  // Not as init put it there.
  const config = read(app, 'app.config.js').replace('plugins', '/* mine */ plugins');
  writeFileSync(join(app, 'app.config.js'), config);
  const { stdout } = runCli(['remove', '--yes', '--force'], app);
  expect(stdout).toMatch(/Take this out:\n\n[^\n]+\n\nRun `npx expo prebuild/);
});

test('remove names pod-install, and no prebuild, where the projects are the app’s own', () => {
  const app = expoApp({ workflow: 'committed' });
  expect(runCli(['init', '--yes'], app).code).toBe(0);
  const remove = runCli(['remove', '--yes', '--force'], app);
  expect(remove.stdout).toContain('\nRun `npx pod-install`, and rebuild the app.\n');
});

describe('a step that is left to a person, done by hand, satisfies doctor', () => {
  interface Step {
    readonly path: string;
    readonly snippet: string;
  }
  const write = (app: string, path: string, text: string): void =>
    writeFileSync(join(app, path), text);
  const PLUGIN = './modules/background-sync/app.plugin.js';

  const withIos = (ios: object): string => {
    const { expo } = JSON.parse(APP_JSON) as { expo: object };
    return JSON.stringify({ expo: { ...expo, ios } });
  };

  test.each<[string, ExpoAppOptions, (app: string, steps: readonly Step[]) => void]>([
    [
      'no app config',
      { files: { 'app.json': null } },
      (app, [step]) => write(app, 'app.json', step!.snippet),
    ],
    [
      'an infoPlist that is no object',
      { files: { 'app.json': withIos({ infoPlist: [] }) } },
      (app, [step]) => {
        const own = JSON.parse(APP_JSON) as { expo: object };
        const said = JSON.parse(step!.snippet) as { expo: object };
        write(app, 'app.json', JSON.stringify({ expo: { ...own.expo, ...said.expo } }));
      },
    ],
    [
      'a config that is computed, with its base in another file',
      {
        files: {
          'app.config.js': "module.exports = withThings(require('./config/base'));\n",
          'config/base.js': 'module.exports = {\n};\n',
        },
      },
      (app, [step]) => write(app, 'config/base.js', `module.exports = {\n${step!.snippet}\n};\n`),
    ],
    [
      'a config that is computed from app.json',
      { files: { 'app.config.js': 'module.exports = ({ config }) => withThings(config);\n' } },
      (app) => {
        const own = JSON.parse(APP_JSON) as { expo: { plugins?: unknown[] } };
        const plugins = [...(own.expo.plugins ?? []), PLUGIN];
        write(app, 'app.json', JSON.stringify({ expo: { ...own.expo, plugins } }));
      },
    ],
    [
      'an index file that does not start the app',
      { main: 'expo-router/entry', files: { 'index.ts': 'export const nothing = 1;\n' } },
      (app, [step]) => {
        const [, path = '', code = '', main = ''] =
          /^(\S+):\n\n([^]*)\n\npackage\.json:\n\n(.*)$/.exec(step!.snippet) ?? [];
        write(app, path, `${code}\n${read(app, path)}`);
        const text = read(app, 'package.json');
        write(app, 'package.json', text.replace('"main": "expo-router/entry"', main));
      },
    ],
  ])('%s', (_name, options, byHand) => {
    const app = expoApp(options);
    const first = runCli(['init', '--yes', '--json'], app);
    expect(first.code, first.stderr).toBe(3);
    expect(runCli(['doctor'], app).code).toBe(1);
    byHand(app, (JSON.parse(first.stdout) as { manual: Step[] }).manual);
    const doctor = runCli(['doctor', '--strict', '--skip', 'X13'], app);
    expect(doctor.code, doctor.stdout).toBe(0);
  });
});

describe('retired', () => {
  test.each<[string, ExpoAppOptions, string[], string?]>([
    ['started by a package', { main: 'expo-router/entry' }, ['index.js', 'package.json']],
    ['with an entry file', {}, ['index.js']],
    [
      'with an app.config.js',
      { files: { 'app.json': null, 'app.config.js': "module.exports = { name: 'Demo' };\n" } },
      ['index.js'],
    ],
    [
      'with committed native folders',
      { workflow: 'committed-config' },
      ['index.js'],
      'npx pod-install, then build',
    ],
  ])(
    'an app %s loads no handler, keeps its links, and comes back',
    (_name, options, loading, ...then) => {
      const app = expoApp(options);
      const before = readTree(app);
      expect(runCli(['init', '--yes'], app).code).toBe(0);
      const integrated = readTree(app);

      const retire = runCli(['remove', '--retire', '--yes'], app);
      expect(retire.code, retire.stdout + retire.stderr).toBe(0);
      const retired = readTree(app);
      const inApp = changedPaths(integrated, retired).filter(
        (path) => !path.startsWith(`${MODULE}/`),
      );
      expect(inApp).toEqual(loading);
      for (const path of loading) expect(retired.get(path)).toEqual(before.get(path));
      expect(retire.stdout).toContain(`1. ${then[0] ?? 'npx expo prebuild (nothing'}`);
      const appConfig = String(retired.get('app.config.js') ?? retired.get('app.json'));
      const [plugin] = /modules[/].*plugin[.]js/.exec(appConfig) ?? [];
      const entries = plugin === undefined ? appConfig : String(retired.get(plugin));
      expect(entries).toContain('dev.bgsync.processing');
      const doctor = runCli(['doctor'], app);
      expect(doctor.code, doctor.stdout).toBe(0);

      expect(runCli(['init', '--yes'], app).code).toBe(0);
      expect(changedPaths(integrated, readTree(app))).toEqual([]);

      expect(runCli(['remove', '--retire', '--yes'], app).code).toBe(0);
      expect(runCli(['remove', '--yes'], app).code).toBe(0);
      expect(changedPaths(before, readTree(app))).toEqual([]);
    },
  );
});

test('a new entry file of the user’s after the retirement is left alone', () => {
  const app = expoApp({ main: 'expo-router/entry' });
  expect(runCli(['init', '--yes'], app).code).toBe(0);
  expect(runCli(['remove', '--retire', '--yes'], app).code).toBe(0);
  writeFileSync(join(app, 'index.js'), "import './mine';\n");
  const remove = runCli(['remove', '--yes'], app);
  expect(remove.code, remove.stdout).toBe(0);
  expect(read(app, 'index.js')).toBe("import './mine';\n");
});

describe('what is said', () => {
  test.each([
    [
      { 'expo-background-fetch': '~57.0.0' },
      57,
      'expo-background-fetch is installed beside bgsync',
    ],
    [{ 'expo-task-manager': '~57.0.0' }, 57, 'expo-task-manager is there too'],
    [{ 'expo-updates': '~58.0.0' }, 58, 'expo-updates cannot start without one'],
    [{}, 58, 'factory of the app delegate'],
    [{}, 59, 'newer than this bgsync was tested with'],
  ])('with %j in SDK %d', (dependencies, sdk, text) => {
    const app = expoApp({ sdk, dependencies: { 'react-native': '0.88.1', ...dependencies } });
    expect(runCli(['init', '--dry-run'], app).stderr).toContain(text);
  });

  test.each([
    ['~52.0.0', 'This app uses Expo SDK 52. bgsync supports SDK 53 to 58.'],
    ['file:../expo', 'package.json says expo "file:../expo", which names no version.'],
  ])('expo %s is refused', (expo, message) => {
    const result = runCli(['init', '--dry-run'], expoApp({ dependencies: { expo } }));
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(message);
  });

  // Whoever would install first would install for nothing.
  test.each([
    ['latest', '~52.0.0', 'This app uses Expo SDK 52.'],
    ['>=0.70', '~52.0.0', 'This app uses Expo SDK 52.'],
    ['0.76.9', 'latest', 'This app uses React Native 0.76.9.'],
    ['>=0.70 <0.77', 'latest', 'This app uses React Native 0.70.0.'],
    ['0.72 || 0.73', 'latest', 'This app uses React Native 0.72.0.'],
  ])('react-native %s, expo %s: what is too old is said', (reactNative, expo, message) => {
    const app = expoApp({ dependencies: { 'react-native': reactNative, expo } });
    const { code, stderr } = runCli(['init', '--dry-run'], app);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('dependencies first');
  });

  test.each([
    ['>=0.70', '~57.0.0'],
    ['0.x', '~57.0.0'],
    ['npm:react-native-tvos@>=0.70', '~57.0.0'],
    ['0.86.3', '>=49'],
  ])('react-native %s, expo %s: a range that goes on is not called too old', (rn, expo) => {
    const app = expoApp({ dependencies: { 'react-native': rn, expo } });
    const { code, stderr } = runCli(['init', '--dry-run'], app);
    expect(code).toBe(2);
    expect(stderr).toMatch(/which names no version[^]*dependencies first/);
  });

  test('a native project in another folder is said before anyone installs for it', () => {
    const moved = {
      'react-native.config.js':
        "module.exports = { project: { ios: { sourceDir: './native' } } };\n",
    };
    const app = expoApp({ dependencies: { 'react-native': 'latest' }, files: moved });
    expect(runCli(['init', '--dry-run'], app).stderr).toContain('is in another folder');
  });

  test.each([
    ['npm:react-native-tvos@0.86.3-0', '~57.0.0'],
    ['0.86.3', 'npm:expo@~57.0.4'],
  ])('react-native %s, expo %s are read through their aliases', (reactNative, expo) => {
    const app = expoApp({ dependencies: { 'react-native': reactNative, expo } });
    const { code, stdout } = runCli(['init', '--dry-run'], app);
    expect(code).toBe(0);
    expect(stdout).toContain('SDK 57');
    expect(stdout).toMatch(/React Native {2}0\.86\.3/);
  });

  test('newArchEnabled=false of app.json makes the old-architecture module, up to SDK 54', () => {
    const config = APP_JSON.replace('"name"', '"newArchEnabled": false,\n    "name"');
    const old = expoApp({ sdk: 54, files: { 'app.json': config } });
    const now = expoApp({ sdk: 57, files: { 'app.json': config } });
    for (const app of [old, now]) expect(runCli(['init', '--yes'], app).code).toBe(0);
    const host = 'modules/background-sync/android/src/main/java/dev/bgsync/ReactJsHost.kt';
    expect(read(old, host)).toContain('reactInstanceManager');
    expect(read(now, host)).not.toContain('reactInstanceManager');
  });
});

test.each([54, 57, 58])('SDK %d: the native code is that of a bare app, byte for byte', (sdk) => {
  const app = expoApp({ sdk });
  const bare = scratchFolder();
  onTestFinished(() => rmSync(bare, { recursive: true, force: true }));
  // The suites that compile the Kotlin and the Swift take this app.
  makeTemplateApp('0.87', bare);
  for (const one of [app, bare]) expect(runCli(['init', '--yes'], one).code).toBe(0);
  const [ours, theirs] = [app, bare].map((one) => readTree(join(one, MODULE)));
  const differing = changedPaths(theirs!, ours!);
  expect(differing).toEqual(['AGENTS.md', 'README.md', 'app.plugin.js', 'bgsync.lock.json']);
});

interface Modded {
  modResults: Record<string, unknown>;
}

test('the config plugin adds to what is there, once, and replaces nothing', () => {
  const app = expoApp();
  runCli(['init', '--yes'], app);
  // What Expo's tools hand to a plugin, as far as this one asks.
  makeExpoFixture(app, {
    files: {
      'node_modules/expo/config-plugins.js':
        'exports.withInfoPlist = (config, action) => action(config);\nexports.createRunOncePlugin = (plugin) => plugin;\n',
    },
  });
  const require = createRequire(join(app, 'index.js'));
  const plugin = require('./modules/background-sync/app.plugin.js') as (config: Modded) => Modded;
  const config: Modded = {
    modResults: {
      UIBackgroundModes: ['audio', 'processing'],
      BGTaskSchedulerPermittedIdentifiers: 'com.example.one',
      Other: true,
    },
  };
  for (let time = 0; time < 2; time += 1) {
    expect(plugin(config).modResults).toEqual({
      UIBackgroundModes: ['audio', 'processing'],
      BGTaskSchedulerPermittedIdentifiers: ['com.example.one', 'dev.bgsync.processing'],
      Other: true,
    });
  }
  expect(plugin({ modResults: {} }).modResults).toEqual({
    UIBackgroundModes: ['processing'],
    BGTaskSchedulerPermittedIdentifiers: ['dev.bgsync.processing'],
  });
});
