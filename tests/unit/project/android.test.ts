import { rmSync, writeFileSync } from 'node:fs';
import { expect, describe, it, onTestFinished } from 'vitest';
import { fileSystem } from '../../../src/file-system.ts';
import { detectAndroid } from '../../../src/project/android.ts';
import { looseFiles } from '../../../src/project/read-only-files.ts';
import { makeTemplateApp, scratchFolder } from '../../helpers/template-app.ts';
import { ANDROID_TRAITS } from '../../helpers/traits/android.ts';
import { change, write } from '../../helpers/traits/files.ts';

const BUILD = 'android/build.gradle';
const APP_BUILD = 'android/app/build.gradle';

async function detect(make: (root: string) => void) {
  const root = scratchFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  make(root);
  const android = await detectAndroid(looseFiles(fileSystem, root), '0.81.0');
  if (android === undefined) throw new Error('no Android project');
  return android;
}

const detectTrait = (name: string) =>
  detect((root) => ANDROID_TRAITS.find((trait) => trait.name === name)?.make(root));

describe('detectAndroid', () => {
  it('reads a template: what it leaves to React Native is unknown', async () => {
    const android = await detect((root) => makeTemplateApp('0.87', root));
    expect(android).toEqual({
      buildFile: APP_BUILD,
      applicationId: 'com.helloworld',
      architecture: 'new',
      namespace: { value: 'com.helloworld', file: APP_BUILD, line: 80 },
      compileSdk: { value: 37, file: BUILD, line: 5 },
      minSdk: { value: 24, file: BUILD, line: 4 },
      targetSdk: { value: 36, file: BUILD, line: 6 },
      computedLevels: [],
      agp: undefined,
      kotlin: undefined,
      usesKotlin: true,
      flavors: [],
      buildTypes: [],
      applicationIds: ['com.helloworld'],
      workRuntime: [],
      warnings: [],
    });
  });

  it('reads flavors, build types and the ids that they make', async () => {
    const android = await detectTrait('android-flavors-with-manifests-and-suffixes');
    expect(android.flavors.map(({ name }) => name)).toEqual(['dev', 'store']);
    expect(android.applicationIds).toEqual([
      'com.example.store',
      'com.example.store.debug',
      'com.helloworld.dev',
      'com.helloworld.dev.debug',
    ]);
  });

  it('does not guess an id that is an expression, and says so', async () => {
    const android = await detectTrait('android-namespace-in-manifest-and-id-from-properties');
    expect(android).toMatchObject({
      applicationId: undefined,
      applicationIds: [],
      namespace: { value: 'com.example.legacy', file: 'android/app/src/main/AndroidManifest.xml' },
    });
    expect(android.warnings).toEqual([
      {
        path: APP_BUILD,
        reason: expect.stringContaining('give trigger, logs and status') as string,
      },
    ]);
  });

  it('reads Kotlin and a version catalog', async () => {
    const android = await detectTrait('android-kotlin-dsl-and-version-catalog');
    const catalog = 'android/gradle/libs.versions.toml';
    expect(android).toMatchObject({
      buildFile: 'android/app/build.gradle.kts',
      compileSdk: { value: 36, file: catalog, line: 4 },
      minSdk: { value: 24, file: 'android/app/build.gradle.kts', line: 12 },
      agp: { value: '8.12.0', file: catalog, line: 2 },
      kotlin: { value: '2.1.20', file: catalog, line: 3 },
      usesKotlin: true,
      workRuntime: [
        {
          module: 'androidx.work:work-runtime-ktx',
          version: '2.9.1',
          isPinned: false,
          file: catalog,
          line: 5,
        },
      ],
    });
    expect(android.warnings).toEqual([]);
  });

  it('finds the app in a module of another name, and no Kotlin in it', async () => {
    const android = await detectTrait('android-java-only-in-a-module-called-mobile');
    expect(android).toMatchObject({ buildFile: 'android/mobile/build.gradle', usesKotlin: false });
  });

  it('finds androidx.work in dependencies and constraints, and what Gradle will make of it', async () => {
    const android = await detectTrait('android-older-workmanager-in-constraints');
    expect(android.workRuntime).toMatchObject([
      { version: '2.8.1', isPinned: false },
      { version: '2.10.5', isPinned: false, file: APP_BUILD, line: 1 },
    ]);
  });

  it('takes WorkManager.initialize of the application class for what takes its place', async () => {
    const android = await detect((root) => {
      ANDROID_TRAITS.find(({ name }) => name === 'android-own-workmanager-configuration')?.make(
        root,
      );
      change(root, 'android/app/src/main/java/com/helloworld/MainApplication.kt', (text) =>
        text
          .replace(', Configuration.Provider', '')
          .replace(
            'super.onCreate()',
            'super.onCreate()\n    WorkManager.initialize(this, Configuration.Builder().build())',
          ),
      );
    });
    const text = android.warnings.map(({ reason }) => reason).join('\n');
    expect(text).not.toContain('not initialized properly');
  });

  it.each([
    ['safeExtGet', 'compileSdkVersion safeExtGet("compileSdkVersion", 30)', 35],
    ['an extra', 'compileSdk = rootProject.extra["compileSdkVersion"] as Int', 35],
    ['a property', 'compileSdk project.property("SDK").toInteger()', 31],
    ['a codename string', 'compileSdkVersion "android-34"', 34],
    ['an expression', 'compileSdk Math.max(34, x)', undefined],
    ['the environment', 'compileSdk System.getenv("SDK").toInteger()', undefined],
    ['nothing known', 'compileSdk rootProject.ext.nothing', undefined],
  ])('reads compileSdk from %s', async (_name, line, expected) => {
    const android = await detect((root) => {
      makeTemplateApp('0.77', root);
      change(root, 'android/gradle.properties', (text) => `${text}\nSDK=31\n`);
      change(root, APP_BUILD, (text) =>
        text.replace('compileSdk rootProject.ext.compileSdkVersion', line),
      );
    });
    expect(android.compileSdk?.value).toBe(expected);
  });

  it('takes ext.kotlinVersion for the Kotlin version only where no plugin is on the class path', async () => {
    const make = (root: string): void => {
      makeTemplateApp('0.77', root);
      change(root, BUILD, (text) => text.replace('"2.0.21"', '"1.8.0"'));
    };
    expect((await detect(make)).kotlin).toBeUndefined();
    const without = await detect((root) => {
      make(root);
      change(root, BUILD, (text) => text.replace(/.*kotlin-gradle-plugin.*\n/, ''));
      change(root, APP_BUILD, (text) => text.replace(/.*kotlin\.android.*\n/, ''));
    });
    expect(without.kotlin).toEqual({ value: '1.8.0', file: BUILD, line: 8 });
  });

  it('reads past a comment that is not UTF-8', async () => {
    const android = await detect((root) => {
      makeTemplateApp('0.77', root);
      writeFileSync(
        `${root}/android/gradle.properties`,
        Buffer.from('# caf\xe9\nnewArchEnabled=false\n', 'latin1'),
      );
    });
    expect(android.architecture).toBe('old');
  });

  it('never leaves the app: a module elsewhere is not read', async () => {
    const android = await detect((root) => {
      makeTemplateApp('0.77', root);
      write(root, {
        'android/settings.gradle':
          "include ':app', ':x'\nproject(':x').projectDir = file('../../../etc')\n",
      });
    });
    expect(android.buildFile).toBe(APP_BUILD);
  });
});
