import { describe, expect, test } from 'vitest';
import { hasBackgroundWork } from '../../../src/doctor/background-work.ts';
import { CHECKS } from '../../../src/doctor/checks/index.ts';
import { RULES } from '../../../src/doctor/catalogue.ts';
import { openRepo } from '../../../src/doctor/repo.ts';
import { runChecks } from '../../../src/doctor/run.ts';
import { BASES, appBuildGradle, infoPlist, packageJson } from '../../helpers/doctor-bases.ts';
import type { Base } from '../../helpers/doctor-bases.ts';
import { describeCheck, diagnose } from '../../helpers/doctor-case.ts';
import type { Files } from '../../helpers/doctor-case.ts';
import { memoryFileSystem } from '../../helpers/memory-file-system.ts';
import { PLIST, PROJECT, background, soundDelegate } from './checks/ios-files.ts';

const RNBF = 'react-native-background-fetch';
const FETCH_MODE = infoPlist('<key>UIBackgroundModes</key><array><string>fetch</string></array>');
const APP = {
  'package.json': packageJson({ 'react-native': '0.87.2', [RNBF]: '4.2.8' }),
  'src/sync.ts': `import BackgroundFetch from '${RNBF}';\nBackgroundFetch.configure({}, run, stop);\n`,
};
const CALLBACK =
  '@implementation AppDelegate(Fetch)\n-(void)application:(UIApplication *)a performFetchWithCompletionHandler:(void (^)(UIBackgroundFetchResult))done {\n  [[TSBackgroundFetch sharedInstance] performFetchWithCompletionHandler:done applicationState:a.applicationState];\n}\n@end\n';
const withReference = BASES.ios['Demo.xcodeproj/project.pbxproj']?.replace(
  '\tobjects = {',
  '\tobjects = {\n\t\tF = { isa = PBXFileReference; path = "../node_modules/react-native-background-fetch/ios/RNBackgroundFetch/RNBackgroundFetch+AppDelegate.m"; };',
);

describe('react-native-background-fetch through the fetch of before iOS 13', () => {
  test.each<[string, Files]>([
    ['with a callback of the app’s own', { 'ios/Demo/AppDelegate+Fetch.m': CALLBACK }],
    ['with the library’s file in a target', { [PROJECT]: withReference }],
  ])('works, and is left alone: %s', async (_name, files) => {
    const { findings, couldNotRun } = await diagnose('react-native', {
      ...APP,
      [PLIST]: FETCH_MODE,
      ...files,
    });
    expect({ findings, couldNotRun }).toEqual({ findings: [], couldNotRun: [] });
  });

  test.each<[string, Files]>([
    ['without the callback', { [PLIST]: FETCH_MODE }],
    [
      'with permitted ids, which turn it off',
      { [PLIST]: background(['fetch'], ['com.x']), 'ios/Demo/AppDelegate+Fetch.m': CALLBACK },
    ],
  ])('does not work %s', async (_name, files) => {
    const { findings } = await diagnose('react-native', { ...APP, ...files });
    expect(findings.map(({ id }) => id)).toEqual(expect.arrayContaining(['I01', 'I31']));
  });
});

/** For each fix: an app where its edit would change more than its finding, or could not help. */
const MUST_NOT: Readonly<Record<string, readonly (readonly [string, Base, Files])[]>> = {
  A02: [
    [
      'the variable gives its version to other libraries',
      'android',
      {
        'build.gradle': 'ext {\n  androidxVersion = "2.11.0"\n}\n',
        'app/build.gradle': appBuildGradle().replace(
          'dependencies {',
          'dependencies {\n  implementation "androidx.work:work-runtime:$androidxVersion"\n  implementation "androidx.other:other:$androidxVersion"',
        ),
      },
    ],
    [
      'a variable of that name gives its version to another library, too',
      'android',
      {
        'build.gradle': 'ext {\n  workVersion = "2.11.0"\n}\n',
        'app/build.gradle': appBuildGradle().replace(
          'dependencies {',
          'dependencies {\n  implementation "androidx.work:work-runtime:$workVersion"\n  implementation "com.acme:workflow:$workVersion"',
        ),
      },
    ],
    [
      'so does a line of the version catalog',
      'android',
      {
        'gradle/libs.versions.toml':
          '[versions]\nwork = "2.11.0"\n\n[libraries]\nandroidx-work = { module = "androidx.work:work-runtime", version.ref = "work" }\nacme-flow = { module = "com.acme:flow", version.ref = "work" }\n',
        'app/build.gradle': appBuildGradle().replace(
          'dependencies {',
          'dependencies {\n  implementation libs.androidx.work\n  implementation libs.acme.flow',
        ),
      },
    ],
    [
      'an older version, which asks for less of the build',
      'android',
      {
        'app/build.gradle': appBuildGradle('  implementation "androidx.work:work-runtime:2.10.5"'),
      },
    ],
  ],
  I01: [
    [
      'react-native-background-fetch registers every id that is listed',
      'bgsync',
      {
        'package.json': packageJson({ 'react-native': '0.87.2', [RNBF]: '4.2.1' }),
        [PLIST]: background(['processing'], ['com.transistorsoft.fetch']),
      },
    ],
    [
      'one of two names is a typo',
      'ios',
      {
        'Demo/AppDelegate.swift': soundDelegate('"com.example.demo.sync"'),
        'Demo/Info.plist': background(['processing'], ['com.example.demo.synk']),
      },
    ],
    [
      'the key turns off a fetch that the plist leaves on',
      'react-native',
      { ...APP, [PLIST]: FETCH_MODE },
    ],
    [
      'a task of the app’s own beside such a fetch',
      'ios',
      {
        'Demo/AppDelegate.swift': soundDelegate('"com.example.demo.sync"'),
        'Demo/Info.plist': infoPlist(
          '<key>UIBackgroundModes</key><array><string>fetch</string><string>processing</string></array>',
        ),
      },
    ],
  ],
  I03: [
    [
      'processing without permitted ids is refused at the upload',
      'ios',
      {
        'Demo/AppDelegate.swift': soundDelegate('"com.example.demo.sync"'),
        'Demo/Info.plist': infoPlist(),
      },
    ],
  ],
  J02: [
    [
      'the handler is not there',
      'bgsync',
      { 'index.js': BASES['react-native']['index.js'], 'src/background-sync.ts': undefined },
    ],
  ],
  J12: [
    [
      'the package is not there',
      'bgsync',
      {
        'react-native.config.js': 'module.exports = {};\n',
        'modules/background-sync/package.json': undefined,
      },
    ],
  ],
  F01: [
    [
      'another package has the name of the plugin',
      'bgsync-flutter',
      {
        'pubspec.yaml':
          'name: demo\ndependencies:\n  flutter:\n    sdk: flutter\n  background_sync: ^1.0.0\n',
      },
    ],
  ],
  F02: [
    [
      'the handler is not there',
      'bgsync-flutter',
      { 'lib/main.dart': 'void main() {}\n', 'lib/background_sync.dart': undefined },
    ],
  ],
  E01: [
    [
      'the ids turn off what expo-background-fetch is built on',
      'bgsync-expo',
      {
        'app.json': JSON.stringify({ expo: { name: 'demo', slug: 'demo' } }),
        'package.json': packageJson({
          expo: '~57.0.0',
          'react-native': '0.87.2',
          'expo-background-fetch': '14.0.0',
        }),
      },
    ],
    [
      'the config leaves the fetch of before iOS 13 on',
      'bgsync-expo',
      {
        'app.json': JSON.stringify({
          expo: {
            name: 'demo',
            slug: 'demo',
            ios: { infoPlist: { UIBackgroundModes: ['fetch'] } },
          },
        }),
      },
    ],
    [
      'react-native-background-fetch registers every id that is listed',
      'bgsync-expo',
      {
        'app.json': JSON.stringify({ expo: { name: 'demo', slug: 'demo' } }),
        'package.json': packageJson({
          expo: '~57.0.0',
          'react-native': '0.87.2',
          [RNBF]: '4.2.1',
        }),
      },
    ],
  ],
};

/** For each fix: an app where it is offered, so that the cases above are no silence of a fix that is never offered. */
const MAY: Readonly<Record<string, readonly [Base, Files]>> = {
  A02: [
    'android',
    {
      'build.gradle': 'ext {\n  workVersion = "2.11.0"\n}\n',
      'app/build.gradle': appBuildGradle(
        '  implementation "androidx.work:work-runtime:$workVersion"',
      ),
    },
  ],
  I01: [
    'ios',
    {
      'Demo/AppDelegate.swift': soundDelegate('"com.example.demo.sync"'),
      'Demo/Info.plist': background(['processing'], ['org.other.task']),
    },
  ],
  I03: [
    'ios',
    {
      'Demo/AppDelegate.swift': soundDelegate('"com.example.demo.sync"'),
      'Demo/Info.plist': background(['audio'], ['com.example.demo.sync']),
    },
  ],
  J02: ['bgsync', { 'index.js': BASES['react-native']['index.js'] }],
  J12: ['bgsync', { 'react-native.config.js': 'module.exports = {};\n' }],
  F01: [
    'bgsync-flutter',
    { 'pubspec.yaml': 'name: demo\ndependencies:\n  flutter:\n    sdk: flutter\n' },
  ],
  F02: ['bgsync-flutter', { 'lib/main.dart': 'void main() {}\n' }],
  E01: ['bgsync-expo', { 'app.json': JSON.stringify({ expo: { name: 'demo', slug: 'demo' } }) }],
};

describe('a fix is not offered where', () => {
  const cases = Object.entries(MUST_NOT).flatMap(([id, apps]) =>
    apps.map(([why, base, files]) => [id, why, base, files] as const),
  );
  test.each(cases)('%s: %s', async (id, _why, base, files) => {
    const found = (await diagnose(base, files)).findings.filter((finding) => finding.id === id);
    expect(found.length).toBeGreaterThan(0);
    for (const { fixEdits } of found) expect((await fixEdits?.()) ?? []).toEqual([]);
  });

  test.each(Object.entries(MAY))('%s, unlike where it may be', async (id, [base, files]) => {
    const found = (await diagnose(base, files)).findings.filter((finding) => finding.id === id);
    expect(found.length).toBeGreaterThan(0);
    for (const { fixEdits } of found) expect(await fixEdits?.()).toHaveLength(1);
  });

  test('of every check with fixes there is such an app, and one where it may be', () => {
    // A check that brings edits and has no `mends` fails itself (src/doctor/run.ts).
    const fixable = RULES.filter(({ mends }) => mends !== undefined).map(({ id }) => id);
    expect(fixable.length).toBeGreaterThan(0);
    expect(Object.keys(MUST_NOT).sort()).toEqual(fixable.sort());
    expect(Object.keys(MAY).sort()).toEqual(fixable.sort());
  });

  test('its check does not say what it switches', async () => {
    const silent = CHECKS.find(({ mends }) => mends === undefined);
    if (silent === undefined) throw new Error('every check has fixes');
    const fixEdits = () => Promise.resolve([]);
    const run = () => Promise.resolve([{ file: 'a', message: 'b', fixEdits }]);
    const repo = await openRepo(
      memoryFileSystem({
        '/app/package.json': '{"dependencies":{"react-native":"0.87.2"}}',
        '/app/android/app/build.gradle': '',
      }),
      '/app',
    );
    const { findings, couldNotRun } = await runChecks(
      [{ ...silent, appliesTo: () => true, run }],
      repo,
    );
    expect(findings).toEqual([]);
    expect(couldNotRun).toEqual([
      { id: silent.id, reason: 'it brings edits, and does not say what they switch' },
    ]);
  });
});

const twoLibraries = packageJson({
  'react-native': '0.87.2',
  'expo-background-task': '1.0.0',
  'expo-background-fetch': '14.0.0',
});
const NEW_TASK = {
  'src/task.ts':
    "import * as TaskManager from 'expo-task-manager';\nimport * as BackgroundTask from 'expo-background-task';\nTaskManager.defineTask('sync', async () => BackgroundTask.BackgroundTaskResult.Success);\nvoid BackgroundTask.registerTaskAsync('sync');\n",
  'index.js': `import './src/task';\n${BASES['react-native']['index.js']}`,
  [PLIST]: background(['processing'], ['com.expo.modules.backgroundtask.processing']),
};

describe('a library of which old tasks are only taken back', () => {
  test.each([
    ['is no second library', 'void BackgroundFetch.unregisterTaskAsync("old");\n', false],
    [
      'is one where it sets tasks too',
      'void BackgroundFetch.unregisterTaskAsync("old");\nvoid BackgroundFetch.registerTaskAsync("new");\n',
      true,
    ],
  ])('%s', async (_name, code, isFound) => {
    const { findings } = await diagnose('react-native', {
      'package.json': twoLibraries,
      ...NEW_TASK,
      'src/old.ts': `import * as BackgroundFetch from 'expo-background-fetch';\n${code}`,
    });
    expect(findings.some(({ id }) => id === 'A27')).toBe(isFound);
    expect(findings.some(({ id }) => id === 'I25')).toBe(isFound);
  });
});

describeCheck('A27', {
  base: 'react-native',
  triggers: {
    'its own entry is shown, not another list that has its name': {
      files: {
        'package.json': `{\n  "expo": { "autolinking": { "android": { "buildFromSource": ["expo-background-task", "expo-background-fetch"] } } },\n  "name": "demo",\n  "dependencies": {\n    "react-native": "0.87.2",\n    "expo-background-fetch": "14.0.0",\n    "expo-background-task": "1.0.0"\n  }\n}\n`,
      },
      at: 'package.json:7',
    },
  },
  near: {},
});

describe('an invalid config', () => {
  const invalid = (): Files => {
    const config = BASES.bgsync['bgsync.config.json'] ?? '';
    return {
      'bgsync.config.json': config.replace('"intervalMinutes": 60', '"intervalMinutes": 5'),
    };
  };

  test('makes no check vanish: each that needs it says that it could not look', async () => {
    const sound = await diagnose('bgsync');
    const { findings, couldNotRun, outcomes } = await diagnose('bgsync', invalid());
    expect(findings.map(({ id }) => id)).toEqual(['X07']);
    const looked = (list: typeof outcomes): string[] =>
      list.filter(({ state }) => state !== 'not-applicable').map(({ rule }) => rule.id);
    expect(looked(sound.outcomes).filter((id) => !looked(outcomes).includes(id))).toEqual([]);
    const ids = couldNotRun.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['J02', 'J04', 'J12', 'A27', 'A34']));
    expect(ids).not.toContain('X07');
    for (const { reason } of couldNotRun) expect(reason).toContain('is not valid (X07)');
  });

  test('keeps what does not depend on it', async () => {
    const { findings } = await diagnose('bgsync', {
      ...invalid(),
      'android/app/src/main/java/com/example/demo/W.kt':
        'package com.example.demo\nimport androidx.work.CoroutineWorker\nclass W : CoroutineWorker(c, p) {\n  override fun onStopped() {}\n}\n',
    });
    expect(findings.map(({ id }) => id).sort()).toEqual(['A17', 'X07']);
  });
});

test('a check that could look is not said to have failed', async () => {
  for (const base of Object.keys(BASES) as Base[]) {
    expect((await diagnose(base)).couldNotRun).toEqual([]);
  }
  expect(CHECKS.length).toBeGreaterThan(60);
});

test.each<[Base, Files, boolean]>([
  ['react-native', {}, false],
  ['expo', {}, false],
  ['android', {}, false],
  ['bgsync', {}, true],
  ['react-native', APP, true],
  ['ios', { 'Demo/AppDelegate.swift': soundDelegate('"com.example.demo.sync"') }, true],
])('background work in %s: %#', async (base, files, expected) => {
  const tree = Object.fromEntries(
    Object.entries({ ...BASES[base], ...files }).map(([path, text]) => [
      `/app/${path}`,
      text ?? '',
    ]),
  );
  expect(await hasBackgroundWork(await openRepo(memoryFileSystem(tree), '/app'))).toBe(expected);
});
