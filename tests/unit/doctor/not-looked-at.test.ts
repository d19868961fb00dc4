import { describe, expect, test } from 'vitest';
import { BASES, packageJson } from '../../helpers/doctor-bases.ts';
import type { Base } from '../../helpers/doctor-bases.ts';
import { diagnose } from '../../helpers/doctor-case.ts';
import type { Files } from '../../helpers/doctor-case.ts';
import { BUILD, MANIFEST, SOURCES } from './checks/android-files.ts';
import { DELEGATE, PLIST, PROJECT } from './checks/ios-files.ts';

/** What cannot be read has not passed: the checks that read such a file say so in each report. */

interface Unread {
  readonly base: Base;
  readonly files: Files;
  /** Of the note. */
  readonly path: string;
  readonly says: string;
  /** A check that would have read it. */
  readonly check?: string;
}

const textOf = (base: Base, path: string): string =>
  (BASES[base] as Readonly<Record<string, string>>)[path] ?? '';
const cutAt = (base: Base, path: string, mark: string): Files => {
  const text = textOf(base, path);
  return { [path]: text.slice(0, text.indexOf(mark)) };
};
const FETCH = {
  'package.json': packageJson({
    'react-native': '0.87.2',
    'react-native-background-fetch': '4.3.0',
  }),
};
const TASK = {
  'package.json': packageJson({
    expo: '~57.0.0',
    'react-native': '0.87.2',
    'expo-background-task': '~1.0.8',
    'expo-task-manager': '~13.0.0',
  }),
};
const minSdk = (value: string): Files => ({
  [BUILD]: textOf('bgsync', BUILD).replace('minSdk 24', `minSdk ${value}`),
});

const UNREAD: Readonly<Record<string, Unread>> = {
  'a manifest that is cut': {
    base: 'bgsync',
    files: cutAt('bgsync', MANIFEST, '</application>'),
    path: MANIFEST,
    says: 'it is cut',
    check: 'A06',
  },
  'a manifest that is half merged': {
    base: 'bgsync',
    files: { [MANIFEST]: `<<<<<<< HEAD\n${textOf('bgsync', MANIFEST)}` },
    path: MANIFEST,
    says: 'a merge of it is not finished',
    check: 'A06',
  },
  'an Xcode project that is cut': {
    base: 'react-native',
    files: cutAt('react-native', PROJECT, 'rootObject'),
    path: PROJECT,
    says: 'it cannot be read',
    check: 'I01',
  },
  'an Xcode project that is empty': {
    base: 'react-native',
    files: { [PROJECT]: '' },
    path: PROJECT,
    says: 'it cannot be read',
    check: 'I01',
  },
  'an Xcode project of bytes': {
    base: 'react-native',
    files: { [PROJECT]: Buffer.from([0, 1, 0xff]) },
    path: PROJECT,
    says: 'it is not UTF-8 text',
    check: 'I01',
  },
  'an ios/ without an Xcode project': {
    base: 'react-native',
    files: { [PROJECT]: undefined },
    path: 'ios',
    says: 'there is no Xcode project in it',
    check: 'I01',
  },
  'an ios/ whose project a generator makes': {
    base: 'capacitor',
    files: {
      'ios/App/Demo.xcodeproj/project.pbxproj': undefined,
      'ios/App/project.yml': 'name: Demo\n',
    },
    path: 'ios',
    says: 'there is no Xcode project in it',
  },
  'an Info.plist that is cut': {
    base: 'react-native',
    files: cutAt('react-native', PLIST, '</plist>'),
    path: PLIST,
    says: 'it is cut',
    check: 'I03',
  },
  'an Info.plist that is binary': {
    base: 'react-native',
    files: { [PLIST]: Buffer.from('bplist00\xd1\x01', 'latin1') },
    path: PLIST,
    says: 'binary property list',
    check: 'I03',
  },
  'an Info.plist whose path Xcode alone knows': {
    base: 'react-native',
    files: {
      [PROJECT]: textOf('react-native', PROJECT).replaceAll(
        'Demo/Info.plist',
        '"$(PLACE)/Info.plist"',
      ),
    },
    path: PROJECT,
    says: '$(PLACE)',
    check: 'I03',
  },
  'a build script that is cut': {
    base: 'bgsync',
    files: cutAt('bgsync', BUILD, '    defaultConfig'),
    path: BUILD,
    says: 'a block of it is not closed',
    check: 'A05',
  },
  'a build script that is empty': {
    base: 'bgsync',
    files: { [BUILD]: '' },
    path: BUILD,
    says: 'it is empty',
    check: 'A05',
  },
  'a minSdk that a function gives': {
    base: 'bgsync',
    files: minSdk('levelOf("app")'),
    path: BUILD,
    says: 'minSdk of line 8 is computed',
    check: 'A05',
  },
  'a minSdk that is a condition': {
    base: 'bgsync',
    files: minSdk('System.getenv("OLD") ? 21 : 24'),
    path: BUILD,
    says: 'minSdk of line 8 is computed',
    check: 'A05',
  },
  'a minSdk of ext that Expo’s plugin does not give': {
    base: 'bgsync',
    files: {
      ...minSdk('rootProject.ext.levels.min'),
      'android/build.gradle': "apply plugin: 'expo-root-project'\n",
    },
    path: BUILD,
    says: 'minSdk of line 8 is computed',
    check: 'A05',
  },
  'a minSdk of a convention that is not there': {
    base: 'bgsync',
    files: minSdk('rootProject.ext.levels.min'),
    path: BUILD,
    says: 'minSdk of line 8 is computed',
    check: 'A05',
  },
  'JavaScript that is cut': {
    base: 'react-native',
    files: {
      ...FETCH,
      'index.js':
        "import BackgroundFetch from 'react-native-background-fetch';\nBackgroundFetch.configure({}, async (id) => {\n",
    },
    path: 'index.js',
    says: 'it cannot be parsed',
    check: 'J16',
  },
  'JavaScript that is half merged': {
    base: 'react-native',
    files: {
      ...FETCH,
      'index.js':
        "import BackgroundFetch from 'react-native-background-fetch';\n<<<<<<< HEAD\nBackgroundFetch.finish(1);\n=======\n>>>>>>> other\n",
    },
    path: 'index.js',
    says: 'it cannot be parsed',
    check: 'J16',
  },
  'TypeScript that is no TypeScript': {
    base: 'expo',
    files: {
      ...TASK,
      'app.json': JSON.stringify({ expo: { name: 'demo', plugins: ['expo-background-task'] } }),
      'App.tsx':
        "import * as TaskManager from 'expo-task-manager';\nTaskManager.defineTask('a',, run);\n",
    },
    path: 'App.tsx',
    says: 'it cannot be parsed',
    check: 'J03',
  },
  'an app config that is cut': {
    base: 'expo',
    files: { ...TASK, 'app.json': '{ "expo": { "plugins": ["expo-background-task", ' },
    path: 'app.json',
    says: 'it is not valid JSON',
    check: 'I01',
  },
  'Swift that is cut': {
    base: 'react-native',
    files: {
      [DELEGATE]: `import BackgroundTasks\n@main class AppDelegate { func plan() { BGTaskScheduler.shared.cancelAllTaskRequests()\n`,
    },
    path: DELEGATE,
    says: 'a block of it is not closed',
    check: 'I06',
  },
  'Kotlin that is cut': {
    base: 'react-native',
    files: {
      [`${SOURCES}/SyncWorker.kt`]: `package com.example.demo\n\nclass SyncWorker(c: Context, p: WorkerParameters) : CoroutineWorker(c, p) {\n  override suspend fun doWork(): Result {\n`,
    },
    path: `${SOURCES}/SyncWorker.kt`,
    says: 'a block of it is not closed',
    check: 'A16',
  },
};

describe('what cannot be read is said to be not looked at', () => {
  test.each(Object.entries(UNREAD))('%s', async (_name, { base, files, path, says, check }) => {
    const { outcomes, notes } = await diagnose(base, files);
    expect(notes.map((note) => note.path)).toEqual([path]);
    expect(notes[0]?.reason).toContain(says);
    const unseen = outcomes.flatMap((outcome) =>
      outcome.state === 'ran' && outcome.unseen !== undefined ? [outcome.rule.id] : [],
    );
    const found = outcomes.filter(({ state }) => state === 'ran').map(({ rule }) => rule.id);
    if (check !== undefined && found.includes(check)) expect(unseen).toContain(check);
  });

  test('a level that is computed keeps the check of levels alone from passing', async () => {
    const { outcomes } = await diagnose('bgsync', minSdk('levelOf("app")'));
    const unseen = outcomes.flatMap((one) =>
      one.state === 'ran' && one.unseen !== undefined ? [one.rule.id] : [],
    );
    expect(unseen.filter((id) => id.startsWith('A'))).toEqual(['A05']);
  });
});

test('a manifest that is cut is what the checks of Android read, and no others', async () => {
  const { outcomes } = await diagnose('bgsync', cutAt('bgsync', MANIFEST, '</application>'));
  const unseen = outcomes.flatMap((outcome) =>
    outcome.state === 'ran' && outcome.unseen !== undefined ? [outcome.rule.id] : [],
  );
  expect(unseen).toContain('A06');
  expect(unseen.every((id) => id.startsWith('A'))).toBe(true);
});

describe('what can be read is not noted', () => {
  test.each<[string, Base, Files]>([
    ['nothing changed', 'bgsync', {}],
    [
      'an ios/ with nothing of a project',
      'react-native',
      {
        ...Object.fromEntries(
          Object.keys(BASES['react-native'])
            .filter((path) => path.startsWith('ios/'))
            .map((path) => [path, undefined]),
        ),
        'ios/.gitkeep': '',
      },
    ],
    [
      'marks of a merge in a comment',
      'react-native',
      {
        'App.tsx': '// <<<<<<< and >>>>>>> are marks\nexport default () => null;\n',
      },
    ],
    [
      'halves of a block in branches of #if',
      'react-native',
      {
        [DELEGATE]: `import BackgroundTasks
@main class AppDelegate {
#if DEBUG
  func plan() { BGTaskScheduler.shared.cancel(taskRequestWithIdentifier: "a")
#else
  func plan() {
#endif
  }
}
`,
      },
    ],
    [
      'a minSdk of ext',
      'bgsync',
      {
        ...minSdk('rootProject.ext.minSdkVersion'),
        'android/build.gradle': 'ext { minSdkVersion = 24 }\n',
      },
    ],
    [
      'a minSdk that Expo’s plugin of the root gives',
      'bgsync',
      {
        ...minSdk('rootProject.ext.minSdkVersion'),
        'android/build.gradle': "apply plugin: 'expo-root-project'\n",
      },
    ],
    [
      'an app.json with a comment and a comma too much',
      'expo',
      {
        'app.json': '{ // of the app\n "expo": { "name": "demo", }, }',
      },
    ],
  ])('%s', async (_name, base, files) => {
    expect((await diagnose(base, files)).notes).toEqual([]);
  });
});
