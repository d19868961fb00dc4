import { describe, expect, test } from 'vitest';
import { openRepo } from '../../../src/doctor/repo.ts';
import { detectProject } from '../../../src/project/detect.ts';
import { appBuildGradle, BASES } from '../../helpers/doctor-bases.ts';
import { diagnose } from '../../helpers/doctor-case.ts';
import { memoryFileSystem } from '../../helpers/memory-file-system.ts';
import type { MemoryFile } from '../../helpers/memory-file-system.ts';

const APP = 'android/app/build.gradle';
const minSdk = (text: string, level: number): string =>
  text.replace('minSdk 24', `minSdk ${level}`);
const old = minSdk(appBuildGradle(), 21);
const SETTINGS = { 'android/settings.gradle': "include ':app'\n" };

/** What doctor and `init` make of the same repo. */
async function both(files: Readonly<Record<string, MemoryFile>>) {
  const tree: Record<string, MemoryFile> = {};
  for (const [path, content] of Object.entries({ ...BASES.bgsync, ...files })) {
    tree[`/app/${path}`] = content;
  }
  const fs = memoryFileSystem(tree);
  const repo = await openRepo(fs, '/app');
  return {
    repo,
    build: await repo.androidBuild(),
    android: (await detectProject(fs, '/app')).android,
  };
}

const idsOf = async (files: Readonly<Record<string, string>>): Promise<string[]> => {
  const { findings } = await diagnose('bgsync', files);
  return findings.map(({ id, file }) => `${id} ${file}`);
};

describe('the app’s module', () => {
  test.each<[string, Readonly<Record<string, string>>]>([
    [
      'beside a root script with the plugin’s marker on its class path',
      {
        ...SETTINGS,
        'android/build.gradle':
          'buildscript {\n  dependencies {\n    classpath("com.android.application:com.android.application.gradle.plugin:8.7.2")\n  }\n}\n',
      },
    ],
    [
      'beside a plugin that the root names with apply false',
      {
        ...SETTINGS,
        'android/build.gradle':
          'plugins {\n  id "com.android.application" version "8.7.2" apply false\n}\n',
      },
    ],
    [
      'beside a module for a watch, earlier by name',
      {
        'android/settings.gradle': "include ':Wear', ':app'\n",
        'android/Wear/build.gradle': appBuildGradle(),
        'android/Wear/src/main/AndroidManifest.xml':
          '<manifest xmlns:android="http://schemas.android.com/apk/res/android"><uses-feature android:name="android.hardware.type.watch" /></manifest>',
      },
    ],
    [
      'beside an application without React',
      {
        'android/settings.gradle': "include ':admin', ':app'\n",
        'android/admin/build.gradle': appBuildGradle(),
        [APP]: `apply plugin: "com.facebook.react"\n${old}`,
      },
    ],
  ])('is the same for all commands: %s', async (_name, files) => {
    const all = { [APP]: old, ...files };
    const { android, build } = await both(all);
    expect(android?.buildFile).toBe(APP);
    expect(build?.buildFile).toBe(APP);
    expect(build?.minSdk).toEqual(android?.minSdk);
    expect(build?.minSdk?.value).toBe(21);
    expect(build?.agp).toEqual(android?.agp);
    expect(await idsOf(all)).toContain(`A05 ${APP}`);
  });

  test('is not another one’s: what is beside it is noted, and gives no findings', async () => {
    const files = {
      'android/settings.gradle': "include ':Wear', ':app'\n",
      'android/Wear/build.gradle': old,
      [APP]: `apply plugin: "com.facebook.react"\n${appBuildGradle()}`,
    };
    expect(await idsOf(files)).toEqual([]);
    const { repo } = await both(files);
    await repo.android();
    expect(repo.notes).toEqual([
      { path: 'android/Wear', reason: 'it is another app than android/app' },
    ]);
  });

  test.each([
    ['android', 'pluginManagement {\n  includeBuild("build-logic")\n}\n', ['android/build-logic']],
    ['android', "includeBuild('../shared/gradle') { name = 'shared' }\n", ['shared/gradle']],
    ['android', 'includeBuild("../node_modules/@react-native/gradle-plugin")\n', []],
    ['android', '// includeBuild("build-logic")\n', []],
  ])('of an included build in %s is not looked at, which is said: %j', async (_in, text, noted) => {
    const { repo, android } = await both({ 'android/settings.gradle': `${text}include ':app'\n` });
    expect(android?.buildFile).toBe(APP);
    await repo.androidBuild();
    expect(repo.notes).toEqual(
      noted.map((path) => ({
        path,
        reason: 'it is an included build: what its plugins set is not read',
      })),
    );
  });
});

describe('the Xcode project', () => {
  const project = BASES.ios['Demo.xcodeproj/project.pbxproj'];
  const moved = {
    'ios/Demo.xcodeproj/project.pbxproj': undefined,
    'macos/Demo.xcodeproj/project.pbxproj': project,
    'macos/Demo/Info.plist': BASES.ios['Demo/Info.plist'],
  };

  test('of a React Native app is the one in ios/ for all commands, and none beside it', async () => {
    const tree = Object.fromEntries(
      Object.entries({ ...BASES['react-native'], ...moved })
        .filter(([, text]) => text !== undefined)
        .map(([path, text]) => [`/app/${path}`, text ?? '']),
    );
    const fs = memoryFileSystem(tree);
    expect(await (await openRepo(fs, '/app')).ios()).toBeUndefined();
    expect((await detectProject(fs, '/app')).ios).toBeUndefined();
  });

  test('of a native repo may be beside a package.json for its tools', async () => {
    const tree = Object.fromEntries(
      Object.entries({
        ...BASES.ios,
        'package.json': '{"devDependencies":{"danger":"13.0.0"}}',
      }).map(([path, text]) => [`/app/${path}`, text]),
    );
    const ios = await (await openRepo(memoryFileSystem(tree), '/app')).ios();
    expect(ios?.targets.map(({ name }) => name)).toEqual(['Demo']);
  });
});
