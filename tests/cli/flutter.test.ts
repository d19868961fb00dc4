import { createTwoFilesPatch } from 'diff';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeFlutterApp } from '../helpers/flutter-app.ts';
import type { FlutterVersion } from '../helpers/flutter-app.ts';
import { runCli, scratchFolder } from '../helpers/template-app.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';

const GOLDEN = join(import.meta.dirname, '../golden');
const MODULE = 'packages/background_sync';

function flutterApp(
  version: FlutterVersion = '3.44',
  files: Readonly<Record<string, string | null>> = {},
): string {
  const app = scratchFolder();
  onTestFinished(() => rmSync(app, { recursive: true, force: true }));
  makeFlutterApp(app, version, files);
  return app;
}

const read = (app: string, path: string): string => readFileSync(join(app, path), 'utf8');
const write = (app: string, path: string, text: string): void => {
  mkdirSync(join(app, path, '..'), { recursive: true });
  writeFileSync(join(app, path), text);
};
const rewrite = (app: string, path: string, change: (text: string) => string): void =>
  write(app, path, change(read(app, path)));

const EDITED = ['ios/Runner/Info.plist', 'lib/main.dart', 'pubspec.yaml'];

/** What CocoaPods and SwiftPM ask of the app, as the steps of init say it. */
const raiseIos = (app: string): void =>
  rewrite(app, 'ios/Runner.xcodeproj/project.pbxproj', (text) =>
    text.replaceAll(/IPHONEOS_DEPLOYMENT_TARGET = [\d.]+/g, 'IPHONEOS_DEPLOYMENT_TARGET = 15.1'),
  );

/** Of the oldest one that is supported, one between, and the newest. */
describe.each(['3.29', '3.35', '3.47'] as const)('made by Flutter %s', (version) => {
  test('adds only what is meant, changes nothing the second time, and goes without a trace', async () => {
    const app = flutterApp(version);
    if (version === '3.29') {
      // Its template has a Kotlin that cannot read WorkManager.
      expect(runCli(['init', '--yes'], app).stderr).toContain('Kotlin is 1.8.22');
      rewrite(app, 'android/settings.gradle.kts', (text) => text.replace('1.8.22', '2.1.0'));
    }
    const before = readTree(app);
    const first = runCli(['init', '--yes'], app);
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('Raise iOS to 15.1');
    const after = readTree(app);
    const changed = changedPaths(before, after).filter((path) => !path.startsWith(`${MODULE}/`));
    expect(changed).toEqual(['bgsync.config.json', ...EDITED, 'lib/background_sync.dart'].sort());

    let patch = '';
    for (const path of EDITED) {
      const [old, now] = [before.get(path)!.toString(), after.get(path)!.toString()];
      const diff = createTwoFilesPatch(path, path, old, now, '', '', { context: 1 });
      expect(diff.split('\n').filter((line) => /^-(?!--)/.test(line))).toEqual([]);
      patch += diff;
    }
    const name = `flutter-${version.replace('.', '')}.diff`;
    await expect(patch).toMatchFileSnapshot(join(GOLDEN, 'edits', name));

    const second = runCli(['init', '--yes'], app);
    expect(second.code).toBe(0);
    expect(second.stdout).toContain('Nothing to do');
    expect(runCli(['diff'], app).code).toBe(0);
    expect(changedPaths(after, readTree(app))).toEqual([]);

    expect(runCli(['doctor'], app).stdout).toMatch(/^ {2}ios\/Runner\.xcodeproj.* F04 {2}/m);
    raiseIos(app);
    expect(runCli(['doctor'], app)).toMatchObject({ code: 0, stderr: '' });

    expect(runCli(['remove', '--force', '--yes'], app).code).toBe(0);
    const gone = changedPaths(before, readTree(app));
    expect(gone).toEqual(['ios/Runner.xcodeproj/project.pbxproj']);
  });
});

test('writes these files, byte by byte', async () => {
  const app = flutterApp();
  runCli(['init', '--yes'], app);
  const tree = [...readTree(app).keys()].filter((path) => path.startsWith(`${MODULE}/`));
  await expect(`${tree.join('\n')}\n`).toMatchFileSnapshot(
    join(GOLDEN, 'flutter/files-of-the-package.txt'),
  );
  // The rest is the core of React Native's package, or a template as it stands.
  for (const path of [
    'bgsync.config.json',
    'lib/background_sync.dart',
    `${MODULE}/pubspec.yaml`,
    `${MODULE}/android/build.gradle`,
    `${MODULE}/android/src/main/java/dev/bgsync/BackgroundSyncRuntime.kt`,
    `${MODULE}/android/src/main/java/dev/bgsync/DartHandler.kt`,
    `${MODULE}/android/src/main/java/dev/bgsync/JsHost.kt`,
    `${MODULE}/ios/background_sync.podspec`,
    `${MODULE}/ios/background_sync/Sources/background_sync/DartHandler.swift`,
    `${MODULE}/ios/background_sync/Sources/background_sync/BackgroundSyncWorker.swift`,
  ]) {
    await expect(read(app, path)).toMatchFileSnapshot(join(GOLDEN, 'flutter', path));
  }
  const native = tree.filter((path) => /\.(?:kt|swift)$/.test(path)).map((path) => read(app, path));
  expect(native.filter((text) => /\bJavaScript\b|com\.facebook/.test(text))).toEqual([]);
});

describe('what it finds', () => {
  test('flavors: each main gets the line, one that starts another does not', () => {
    const app = flutterApp('3.44', {
      'lib/main_dev.dart': "import 'package:flutter/material.dart';\n\nvoid main() {}\n",
      'lib/main_prod.dart': "import 'main.dart' as app;\n\nvoid main() => app.main();\n",
      'lib/main_menu.dart': 'class MainMenu {}\n',
    });
    const { stdout } = runCli(['init', '--yes'], app);
    expect(stdout).toMatch(/entry +lib\/main\.dart, lib\/main_dev\.dart, lib\/main_prod\.dart/);
    const line = "export 'background_sync.dart' show backgroundSyncMain;";
    expect(read(app, 'lib/main.dart')).toContain(line);
    expect(read(app, 'lib/main_dev.dart')).toContain(line);
    expect(read(app, 'lib/main_prod.dart')).not.toContain(line);
    expect(read(app, 'lib/main_menu.dart')).not.toContain(line);
    raiseIos(app);
    expect(runCli(['doctor'], app)).toMatchObject({ code: 0, stderr: '' });
  });

  test('a pub workspace: the only app of it, from its root', () => {
    const root = scratchFolder();
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    makeFlutterApp(join(root, 'apps/counter'));
    write(root, 'pubspec.yaml', 'name: _\nworkspace:\n  - apps/counter\n  - packages/core\n');
    write(root, 'packages/core/pubspec.yaml', 'name: core\nresolution: workspace\n');
    const { code, stdout } = runCli(['init', '--yes'], root);
    expect(code).toBe(0);
    expect(stdout).toContain('apps/counter');
    expect(read(root, 'apps/counter/pubspec.yaml')).toContain('path: packages/background_sync');
  });

  test('melos, several apps: names the flag for each', () => {
    const root = scratchFolder();
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    makeFlutterApp(join(root, 'apps/one'));
    makeFlutterApp(join(root, 'apps/two'));
    write(root, 'pubspec.yaml', 'name: _\n');
    write(root, 'melos.yaml', 'name: all\npackages:\n  - apps/**\n');
    const { code, stderr } = runCli(['init', '--yes'], root);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/--cwd \S*apps\/one\n *--cwd \S*apps\/two/);
  });

  test('an Info.plist that Xcode generates: the rest is done, and the file to make is shown', () => {
    const app = flutterApp('3.44', { 'ios/Runner/Info.plist': null });
    rewrite(app, 'ios/Runner.xcodeproj/project.pbxproj', (text) =>
      text.replaceAll('INFOPLIST_FILE = Runner/Info.plist', 'GENERATE_INFOPLIST_FILE = YES'),
    );
    const { code, stdout } = runCli(['init', '--yes'], app);
    expect(code).toBe(3);
    expect(stdout).toContain('Runner-Info.plist');
    expect(read(app, 'pubspec.yaml')).toContain('background_sync:');
  });

  test('a pubspec in a form that is not edited: handed over, and nothing of it touched', () => {
    const app = flutterApp();
    rewrite(app, 'pubspec.yaml', (text) =>
      text.replace(
        /dependencies:\n[^]*?\n\ndev_/,
        'dependencies: {flutter: {sdk: flutter}}\n\ndev_',
      ),
    );
    const before = read(app, 'pubspec.yaml');
    const { code, stdout } = runCli(['init', '--yes'], app);
    expect(code).toBe(3);
    expect(stdout).toContain('  background_sync:\n');
    expect(read(app, 'pubspec.yaml')).toBe(before);
    // By hand, in the app's own form.
    rewrite(app, 'pubspec.yaml', (text) =>
      text.replace('sdk: flutter}}', `sdk: flutter}, background_sync: {path: ${MODULE}}}`),
    );
    raiseIos(app);
    expect(runCli(['doctor'], app)).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('what it refuses, with nothing written', () => {
  const spec = (change: (text: string) => string) => (app: string) => {
    rewrite(app, 'pubspec.yaml', change);
  };
  test.each<[name: string, change: (app: string) => void, says: RegExp]>([
    [
      'a Flutter that is too old, by its version manager',
      (app) => write(app, '.fvmrc', '{ "flutter": "3.24.5" }\n'),
      /This app uses Flutter 3\.24\.5 \(\.fvmrc\)/,
    ],
    [
      'a Dart that is too old',
      spec((text) => text.replace(/sdk: \^3\S+/, "sdk: '>=2.19.0 <3.0.0'")),
      /allows Dart >=2\.19\.0 <3\.0\.0/,
    ],
    [
      'a module of another app',
      spec((text) => `${text}  module:\n    androidX: true\n`),
      /This is a Flutter module/,
    ],
    [
      'a plugin',
      spec((text) => `${text}  plugin:\n    platforms: {}\n`),
      /This is a Flutter plugin, not an app/,
    ],
    [
      'a name that would clash with the plugin',
      spec((text) => text.replace('name: counter', 'name: background_sync')),
      /names the app background_sync/,
    ],
    [
      'a name that is none',
      spec((text) => text.replace('name: counter', "name: 'x\"; evil'")),
      /is no name of a package/,
    ],
    [
      'a pubspec that is no YAML',
      (app) => write(app, 'pubspec.yaml', 'name: [\n'),
      /cannot be read/,
    ],
    [
      'Kotlin 1',
      (app) =>
        rewrite(app, 'android/settings.gradle.kts', (text) => text.replace('2.3.20', '1.8.22')),
      /Kotlin is 1\.8\.22/,
    ],
    [
      'another file where the handler would be',
      (app) => write(app, 'lib/background_sync.dart', 'class BackgroundSync {}\n'),
      /is there already, and is no handler/,
    ],
  ])('%s', (_name, change, says) => {
    const app = flutterApp();
    change(app);
    const before = readTree(app);
    const { code, stderr } = runCli(['init', '--yes'], app);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(says);
    expect(changedPaths(before, readTree(app))).toEqual([]);
  });
});

/** It becomes a part of a text in Kotlin, in Swift and in Dart. */
test.each(['lib/a"+x.dart', "lib/a';x.dart", 'lib/${x}.dart', 'lib/a b.dart', 'src/a.dart'])(
  'takes no handler %s: not by its flag, and not by the config',
  (handler) => {
    const app = flutterApp();
    const before = readTree(app);
    const refused = runCli(['init', '--yes', '--handler', handler], app);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('--handler must name a .dart file in lib/');
    expect(changedPaths(before, readTree(app))).toEqual([]);

    runCli(['init', '--yes'], app);
    rewrite(app, 'bgsync.config.json', (text) =>
      text.replace('"lib/background_sync.dart"', () => JSON.stringify(handler)),
    );
    write(app, handler, read(app, 'lib/background_sync.dart'));
    rewrite(app, 'lib/main.dart', (text) => text.replace(/export.*\n/, ''));
    const kept = readTree(app);
    for (const command of [['init'], ['update'], ['doctor', '--fix']]) {
      const { code } = runCli([...command, '--yes'], app);
      expect(code, command.join(' ')).not.toBe(0);
      expect(changedPaths(kept, readTree(app)), command.join(' ')).toEqual([]);
    }
  },
);

test('doctor sends an app without a sync to init, and none that init refuses', () => {
  const app = flutterApp();
  const says = (): string => runCli(['doctor'], app).stdout.replace(/\s+/g, ' ');
  expect(says()).toContain('`npx bgsync init` puts one in.');
  const pubspec = read(app, 'pubspec.yaml');
  rewrite(app, 'pubspec.yaml', (text) =>
    text.replace(/sdk: *['"]?[\^>].*/, "sdk: '>=2.12.0 <3.0.0'"),
  );
  expect(says()).toContain('`npx bgsync init` would refuse: pubspec.yaml allows Dart');
  write(app, 'pubspec.yaml', pubspec);
  rewrite(app, 'pubspec.yaml', (text) => `${text}  module:\n    androidX: true\n`);
  expect(says()).toContain(
    '`npx bgsync init` puts one into apps of React Native, Expo and Flutter.',
  );
});

describe('remove --retire', () => {
  test.each([[[]], [['--queue', 'drift']], [['--platform', 'ios']], [['--platform', 'android']]])(
    'init %j: leaves the plugin that cancels, with the Dart that the app imports',
    (options) => {
      const app = flutterApp();
      const before = readTree(app);
      expect(runCli(['init', '--yes', ...options], app).code).toBe(0);
      const full = readTree(app);
      const result = runCli(['remove', '--retire', '--yes'], app);
      expect(result).toMatchObject({ code: 0, stderr: '' });
      expect(result.stdout).toContain('flutter pub get');

      const retired = readTree(app);
      const changed = changedPaths(full, retired);
      expect(changed.filter((path) => !path.startsWith(`${MODULE}/`))).toEqual(['lib/main.dart']);
      expect(changed.filter((path) => /\.dart$|pubspec/.test(path))).toEqual(['lib/main.dart']);
      expect(retired.get('lib/main.dart')).toEqual(before.get('lib/main.dart'));
      const names = [...retired.keys()].filter((path) => path.startsWith(`${MODULE}/`));
      const native = names
        .filter((path) => /^packages\/background_sync\/(?:android|ios)\//.test(path))
        .map((path) => path.slice(MODULE.length + 1));
      const android = [
        'android/build.gradle',
        'android/src/main/AndroidManifest.xml',
        'android/src/main/java/dev/bgsync/BackgroundSyncPlugin.kt',
        'android/src/main/java/dev/bgsync/BackgroundSyncWorker.kt',
        'android/src/main/java/dev/bgsync/Retirement.kt',
      ];
      const ios = [
        'ios/background_sync.podspec',
        'ios/background_sync/Package.swift',
        'ios/background_sync/Sources/background_sync/BackgroundSyncPlugin.swift',
        'ios/background_sync/Sources/background_sync/Retirement.swift',
        'ios/background_sync/Sources/background_sync/RetirementLaunch.swift',
        'ios/background_sync/Sources/background_sync_launch/BackgroundSyncLaunch.m',
        'ios/background_sync/Sources/background_sync_launch/include/BackgroundSyncLaunch.h',
      ];
      const has = (platform: string): boolean =>
        !options.includes('--platform') || options.includes(platform);
      expect(native.sort()).toEqual([
        ...(has('android') ? android : []),
        ...(has('ios') ? ios : []),
      ]);
      expect(names).not.toContain(`${MODULE}/package.json`);

      // A second time, and the commands that follow the config, change nothing.
      expect(runCli(['remove', '--retire', '--yes'], app).code).toBe(0);
      expect(runCli(['update', '--yes'], app).code).toBe(0);
      expect(runCli(['diff'], app).code).toBe(0);
      raiseIos(app);
      expect(runCli(['doctor'], app).stdout).not.toMatch(/ F0\d {2}/);
      expect(runCli(['remove', '--yes'], app).code).toBe(0);
      const mine = options.includes('drift') ? ['lib/sync_queue.dart'] : [];
      expect(changedPaths(before, readTree(app)).filter((path) => !mine.includes(path))).toEqual([
        'ios/Runner.xcodeproj/project.pbxproj',
      ]);
    },
  );

  test('init brings it back, byte for byte', () => {
    const app = flutterApp();
    runCli(['init', '--yes'], app);
    const full = readTree(app);
    expect(runCli(['remove', '--retire', '--yes'], app).code).toBe(0);
    expect(runCli(['init', '--yes'], app).code).toBe(0);
    expect(changedPaths(full, readTree(app))).toEqual([]);
  });
});

describe('doctor', () => {
  test.each<[id: string, path: string, change: (text: string) => string]>([
    ['F01', 'pubspec.yaml', (text) => text.replace(/ {2}background_sync:\n.*\n/, '')],
    ['F01', 'pubspec.yaml', (text) => text.replace(MODULE, 'packages/another')],
    ['F02', 'lib/main.dart', (text) => text.replace(/export.*\n/, '')],
    ['F02', 'lib/main.dart', (text) => text.replace('export', '// export')],
    ['F03', 'lib/background_sync.dart', (text) => text.replace(/@pragma.*\n/, '')],
    [
      'F03',
      'lib/background_sync.dart',
      (text) =>
        text.replace(
          /^(@pragma.*\n)(Future<void> backgroundSyncMain.*)$/m,
          'class Sync {\n$1static $2\n}',
        ),
    ],
    [
      'F03',
      'lib/background_sync.dart',
      (text) => text.replaceAll('backgroundSyncMain', 'syncMain'),
    ],
  ])('%s: %s', (id, path, change) => {
    const app = flutterApp();
    runCli(['init', '--yes'], app);
    raiseIos(app);
    rewrite(app, path, (text) => {
      const changed = change(text);
      expect(changed).not.toBe(text);
      return changed;
    });
    const { code, stdout } = runCli(['doctor'], app);
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`^ {2}${path}\\S* {2}${id} {2}`, 'm'));
  });

  test('mends the two lines where it can', () => {
    const app = flutterApp();
    runCli(['init', '--yes'], app);
    raiseIos(app);
    const before = readTree(app);
    rewrite(app, 'pubspec.yaml', (text) => text.replace(/ {2}background_sync:\n.*\n/, ''));
    rewrite(app, 'lib/main.dart', (text) => text.replace(/export.*\n/, ''));
    expect(runCli(['doctor', '--fix', '--yes'], app).code).toBe(0);
    expect(changedPaths(before, readTree(app))).toEqual([]);
  });

  test('takes a handler that is reached over another file', () => {
    const app = flutterApp();
    runCli(['init', '--yes'], app);
    raiseIos(app);
    write(app, 'lib/app.dart', "export 'background_sync.dart';\n");
    rewrite(app, 'lib/main.dart', (text) => text.replace(/export.*;/, "import 'app.dart';"));
    expect(runCli(['doctor'], app)).toMatchObject({ code: 0, stderr: '' });
  });
});

test('the package moves with moduleDir, and the handler with its library', () => {
  const app = flutterApp();
  const before = readTree(app);
  runCli(['init', '--yes', '--handler', 'lib/src/sync.dart'], app);
  expect(read(app, 'lib/main.dart')).toContain("export 'src/sync.dart' show backgroundSyncMain;");
  const library = (): string =>
    /"package:[^"]+"/.exec(
      read(app, `${MODULE}/android/src/main/java/dev/bgsync/DartHandler.kt`),
    )?.[0] ?? '';
  expect(library()).toBe('"package:counter/src/sync.dart"');
  rewrite(app, 'bgsync.config.json', (text) => text.replaceAll(MODULE, 'plugins/sync'));
  expect(runCli(['update', '--yes'], app).code).toBe(0);
  expect(read(app, 'pubspec.yaml')).toContain('    path: plugins/sync\n');
  expect(read(app, 'pubspec.yaml')).not.toContain(MODULE);
  expect(runCli(['remove', '--force', '--yes'], app).code).toBe(0);
  // The settings were changed by hand, and stay.
  expect(changedPaths(before, readTree(app))).toEqual(['bgsync.config.json']);
});
