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
async function both(files: Readonly<Record<string, MemoryFile | undefined>>) {
  const tree: Record<string, MemoryFile> = {};
  for (const [path, content] of Object.entries({ ...BASES.bgsync, ...files })) {
    if (content !== undefined) tree[`/app/${path}`] = content;
  }
  const fs = memoryFileSystem(tree);
  const repo = await openRepo(fs, '/app');
  return {
    repo,
    build: await repo.androidBuild(),
    android: (await detectProject(fs, '/app')).android,
  };
}

const idsOf = async (files: Readonly<Record<string, string | undefined>>): Promise<string[]> => {
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
      [APP]: `apply plugin: "com.facebook.react"\n${appBuildGradle()}react { autolinkLibrariesWithApp() }\n`,
    };
    expect(await idsOf(files)).toEqual([]);
    const { repo } = await both(files);
    await repo.android();
    expect(repo.notes).toEqual([
      { path: 'android/Wear', reason: 'it is another app than android/app' },
    ]);
  });

  test.each([
    [
      'pluginManagement {\n  includeBuild("build-logic")\n}\n',
      'android/build-logic',
      'no build script is there',
    ],
    [
      "includeBuild('../../shared') { name = 'shared' }\n",
      '../shared',
      'it lies outside of the app',
    ],
    ['includeBuild("../node_modules/@react-native/gradle-plugin")\n', '', ''],
    ['// includeBuild("build-logic")\n', '', ''],
  ])(
    'is not in an included build that cannot be read, which is said: %j',
    async (text, path, why) => {
      const { repo, android } = await both({
        'android/settings.gradle': `${text}include ':app'\n`,
      });
      expect(android?.buildFile).toBe(APP);
      await repo.androidBuild();
      const reason = `it is an included build, and ${why}`;
      expect(repo.notes).toEqual(path === '' ? [] : [{ path, reason }]);
    },
  );
});

describe('scripts that are applied by a path', () => {
  const levels = 'android {\n  compileSdk 34\n  defaultConfig {\n    minSdk 21\n  }\n}\n';
  const plain = 'apply plugin: "com.android.application"\n';

  test.each([
    [
      'from the folder of the module',
      'apply from: "../gradle/app.gradle"',
      'android/gradle/app.gradle',
    ],
    [
      'from that of the build',
      'apply from: "$rootDir/gradle/app.gradle"',
      'android/gradle/app.gradle',
    ],
    [
      'by its long name',
      'apply from: "${rootProject.projectDir}/app.gradle"',
      'android/app.gradle',
    ],
    ['in Kotlin', 'apply(from = "sdk.gradle.kts")', 'android/app/sdk.gradle.kts'],
    ['as a file', 'apply from: rootProject.file("gradle/app.gradle")', 'android/gradle/app.gradle'],
    [
      'as a file of the project',
      'apply(from = project.file("own.gradle"))',
      'android/app/own.gradle',
    ],
  ])('say what the module that applies them is: %s', async (_name, statement, path) => {
    const files = { [APP]: `${plain}${statement}\n`, [path]: levels };
    const { android, build, repo } = await both(files);
    expect(android?.minSdk).toMatchObject({ value: 21, file: path, line: 4 });
    expect(android?.compileSdk).toMatchObject({ value: 34, file: path, line: 2 });
    expect(build?.minSdk).toEqual(android?.minSdk);
    expect(repo.notes).toEqual([]);
    expect(await idsOf(files)).toContain(`A05 ${path}`);
  });

  test('one by another, each path from the project that applies it; by the root to all', async () => {
    const { android } = await both({
      'android/build.gradle':
        'apply from: "versions.gradle"\nsubprojects {\n  apply from: "$rootDir/a.gradle"\n}\n',
      'android/versions.gradle': 'ext {\n  lowest = 22\n}\n',
      'android/a.gradle': 'apply from: "b.gradle"\n',
      'android/app/b.gradle':
        'apply from: "$rootDir/a.gradle"\nandroid.defaultConfig.minSdk = rootProject.ext.lowest\n',
      [APP]: plain,
    });
    expect(android?.minSdk).toMatchObject({ value: 22, file: 'android/versions.gradle', line: 2 });
  });

  test('what the module says itself has the last word; a plugin may be applied by one', async () => {
    const { android } = await both({
      [APP]: undefined,
      'android/settings.gradle': "include ':mobile'\n",
      'android/mobile/build.gradle':
        'apply from: "../common.gradle"\nandroid.defaultConfig.minSdk = 26\n',
      'android/common.gradle': `${plain}${levels}dependencies {\n  implementation "androidx.work:work-runtime:2.10.3"\n}\n`,
    });
    expect(android?.buildFile).toBe('android/mobile/build.gradle');
    expect(android?.minSdk?.value).toBe(26);
    expect(android?.compileSdk?.value).toBe(34);
    expect(android?.workRuntime).toMatchObject([
      { version: '2.10.3', file: 'android/common.gradle' },
    ]);
  });

  test.each([
    ['apply from: "../../../shared/app.gradle"', 'lies outside of the app'],
    ['apply from: "https://example.com/app.gradle"', 'is not in the repo'],
    ['apply from: System.getenv("SCRIPT")', 'is known to the build alone'],
    ['apply from: "gone.gradle"', 'is not there: android/app/gone.gradle'],
    ['if (file("x").exists()) {\n apply from: "x"\n}', undefined],
    ['apply from: "../../node_modules/react-native-code-push/android/codepush.gradle"', undefined],
    ['apply from: project(":config").projectDir.getPath() + "/dotenv.gradle"', undefined],
    [
      'apply from: new File(["node", "--print", "x"].execute(null, rootDir).text, "y.gradle")',
      undefined,
    ],
  ])('are said where they cannot be read, and are not a package’s: %s', async (statement, why) => {
    const { repo } = await both({ [APP]: `${plain}${statement}\n` });
    await repo.androidBuild();
    const reason = `the script that line 2 applies ${why}`;
    expect(repo.notes).toEqual(why === undefined ? [] : [{ path: APP, reason }]);
  });
});

test('constants of the build’s own objects are levels', async () => {
  const { android } = await both({
    'android/buildSrc/build.gradle.kts': 'plugins {\n  `kotlin-dsl`\n}\n',
    'android/buildSrc/src/main/kotlin/Versions.kt':
      'internal object Other {\n  const val minSdk = 30\n}\nobject Versions {\n  const val minSdk: Int = 21\n  const val compileSdk = "34"\n  val targetSdk = compute()\n}\n',
    [APP]:
      'apply plugin: "com.android.application"\nandroid {\n  compileSdk = Versions.compileSdk.toInt()\n  defaultConfig {\n    minSdk = com.demo.Versions.minSdk\n    targetSdk = Versions.targetSdk\n  }\n}\n',
  });
  const file = 'android/buildSrc/src/main/kotlin/Versions.kt';
  expect(android?.minSdk).toEqual({ value: 21, file, line: 5 });
  expect(android?.compileSdk).toEqual({ value: 34, file, line: 6 });
  expect(android?.targetSdk).toBeUndefined();
  expect(android?.computedLevels).toMatchObject([{ value: 'targetSdk', line: 6 }]);
});

describe('included builds', () => {
  const LOGIC = 'android/build-logic';
  const including = "pluginManagement {\n  includeBuild('build-logic')\n}\ninclude ':app'\n";
  const conventions = 'android {\n  compileSdk 34\n  defaultConfig {\n    minSdk 21\n  }\n}\n';
  const own =
    'plugins {\n  id "demo.app"\n}\nandroid {\n  defaultConfig {\n    applicationId "com.example.demo"\n  }\n}\n';

  test.each<[string, string, Readonly<Record<string, string>>]>([
    [
      'a precompiled script in Groovy',
      `${LOGIC}/src/main/groovy/demo.app.gradle`,
      {
        'android/settings.gradle': including,
        [`${LOGIC}/build.gradle`]: 'plugins {\n  id "groovy-gradle-plugin"\n}\n',
        [`${LOGIC}/src/main/groovy/demo.app.gradle`]: `plugins {\n  id 'com.android.application'\n}\n${conventions}`,
      },
    ],
    [
      'one in Kotlin, in a module of the build, its id from its package, applied by another',
      `${LOGIC}/convention/src/main/kotlin/sdk.gradle.kts`,
      {
        'android/settings.gradle': including,
        [`${LOGIC}/settings.gradle.kts`]: 'include(":convention")\n',
        [`${LOGIC}/convention/build.gradle.kts`]: 'plugins {\n  `kotlin-dsl`\n}\n',
        [`${LOGIC}/convention/src/main/kotlin/app.gradle.kts`]:
          'package demo\n\nplugins {\n  id("com.android.application")\n  id("demo.sdk")\n}\n',
        [`${LOGIC}/convention/src/main/kotlin/sdk.gradle.kts`]: `package demo\n\nandroid {\n  compileSdk = 34\n  defaultConfig {\n    minSdk = 21\n  }\n}\n`,
      },
    ],
    [
      'one in buildSrc, which no settings name',
      'android/buildSrc/src/main/groovy/demo.app.gradle',
      {
        'android/settings.gradle': "include ':app'\n",
        'android/buildSrc/build.gradle': 'plugins {\n  id "groovy-gradle-plugin"\n}\n',
        'android/buildSrc/src/main/groovy/demo.app.gradle': `plugins {\n  id 'com.android.application'\n}\n${conventions}`,
      },
    ],
    [
      'a class, what it sets in the extension',
      `${LOGIC}/src/main/kotlin/com/demo/AppPlugin.kt`,
      {
        'android/settings.gradle': including,
        [`${LOGIC}/build.gradle.kts`]:
          'plugins {\n  `kotlin-dsl`\n}\ngradlePlugin {\n  plugins {\n    register("app") {\n      id = "demo.app"\n      implementationClass = "com.demo.AppPlugin"\n    }\n  }\n}\n',
        [`${LOGIC}/src/main/kotlin/com/demo/AppPlugin.kt`]:
          'class AppPlugin : Plugin<Project> {\n  override fun apply(target: Project) {\n    with(target) {\n      pluginManager.apply("com.android.application")\n      extensions.configure<ApplicationExtension> {\n        compileSdk = 34\n        defaultConfig {\n          minSdk = 21\n        }\n      }\n    }\n  }\n}\n',
      },
    ],
  ])('say what the module that applies their plugin is: %s', async (_name, from, files) => {
    // No folder that is called app, so that nothing but the plugin makes it the app.
    const settings = files['android/settings.gradle']!.replace(':app', ':mobile');
    const all = {
      ...files,
      'android/settings.gradle': settings,
      [APP]: undefined,
      'android/mobile/build.gradle': own,
    };
    const { android, build, repo } = await both(all);
    expect(android?.buildFile).toBe('android/mobile/build.gradle');
    expect(android?.applicationId).toBe('com.example.demo');
    expect(android?.minSdk).toMatchObject({ value: 21, file: from });
    expect(android?.compileSdk).toMatchObject({ value: 34, file: from });
    expect(build?.minSdk).toEqual(android?.minSdk);
    expect(await idsOf(all)).toContain(`A05 ${from}`);
    const isClass = from.endsWith('.kt');
    expect(repo.notes.map(({ path }) => path)).toEqual(isClass ? [LOGIC] : []);
  });

  test('what the module itself sets has the last word', async () => {
    const { android } = await both({
      'android/settings.gradle': including,
      [`${LOGIC}/build.gradle`]: 'plugins {\n  id "groovy-gradle-plugin"\n}\n',
      [`${LOGIC}/src/main/groovy/demo.app.gradle`]: `plugins {\n  id 'com.android.application'\n}\n${conventions}`,
      [APP]: `${own}android.defaultConfig.minSdk = 26\n`,
    });
    expect(android?.minSdk).toMatchObject({ value: 26, file: APP });
    expect(android?.compileSdk?.value).toBe(34);
  });

  test('a plugin that is there and not applied says nothing', async () => {
    const { android } = await both({
      'android/settings.gradle': including,
      [`${LOGIC}/build.gradle`]: 'plugins {\n  id "groovy-gradle-plugin"\n}\n',
      [`${LOGIC}/src/main/groovy/demo.app.gradle`]: conventions,
    });
    expect(android?.minSdk?.value).toBe(24);
  });

  test('the plugin of Android on their class path has its version there', async () => {
    const { android } = await both({
      'android/settings.gradle': including,
      'android/build.gradle': '',
      [`${LOGIC}/build.gradle`]:
        'plugins {\n  id "groovy-gradle-plugin"\n}\ndependencies {\n  implementation "com.android.tools.build:gradle:8.5.1"\n}\n',
    });
    expect(android?.agp).toMatchObject({ value: '8.5.1', file: `${LOGIC}/build.gradle` });
  });

  test('what their libraries ask for counts as the app’s own', async () => {
    const files = {
      'android/settings.gradle': "includeBuild('../shared')\ninclude ':app'\n",
      'shared/settings.gradle': "include ':data'\n",
      'shared/data/build.gradle':
        'plugins {\n  id "com.android.library"\n}\ndependencies {\n  implementation "androidx.work:work-runtime:2.10.3"\n}\n',
    };
    const { android, repo } = await both(files);
    expect(android?.workRuntime.map(({ version, file }) => [version, file])).toEqual([
      ['2.10.3', 'shared/data/build.gradle'],
    ]);
    await repo.androidBuild();
    expect(repo.notes).toEqual([]);
  });

  test('the app may be in one of them, where the build puts others together', async () => {
    const { android, build } = await both({
      'android/settings.gradle': "includeBuild('mobile')\n",
      [APP]: undefined,
      'android/mobile/settings.gradle': "include ':app'\n",
      'android/mobile/app/build.gradle': old,
    });
    expect(android?.buildFile).toBe('android/mobile/app/build.gradle');
    expect(build?.minSdk?.value).toBe(21);
  });

  test('a build that includes itself, or one above it, ends', async () => {
    const { android } = await both({
      'android/settings.gradle': "includeBuild('.')\nincludeBuild('..')\ninclude ':app'\n",
    });
    expect(android?.buildFile).toBe(APP);
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
