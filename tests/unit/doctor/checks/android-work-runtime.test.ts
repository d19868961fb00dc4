import { describe, expect, test } from 'vitest';
import { applyEdit } from './apply-edit.ts';
import { CHECKS } from '../../../../src/doctor/checks/index.ts';
import { appBuildGradle, packageJson } from '../../../helpers/doctor-bases.ts';
import { describeCheck, diagnose } from '../../../helpers/doctor-case.ts';
import { BUILD, GENERATED_BUILD, generatedBuild, integrated, withWork } from './android-files.ts';

describe('the app with a background sync on Android', () => {
  test('is sound', async () => {
    const { findings, couldNotRun } = await diagnose('react-native', integrated());
    expect({ findings, couldNotRun }).toEqual({ findings: [], couldNotRun: [] });
  });
});

test('every check of a letter stands once, in order', () => {
  const ids = CHECKS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const android = ids.filter((id) => id.startsWith('A'));
  expect(android).toEqual(android.toSorted());
});

describeCheck('A01', {
  base: 'react-native',
  triggers: {
    'the dependency is gone from the generated package': {
      files: integrated({ 'android/build.gradle': generatedBuild('') }),
      at: `${GENERATED_BUILD}:4`,
    },
    'it is only in the app’s own build': {
      files: {
        ...integrated({
          'android/build.gradle': generatedBuild(
            '    // implementation("androidx.work:work-runtime:2.11.2")',
          ),
        }),
        [BUILD]: withWork('2.11.2'),
      },
      at: `${GENERATED_BUILD}:4`,
    },
  },
  near: {
    'the version comes from the app’s catalog': integrated({
      'android/build.gradle': generatedBuild('    implementation(libs.androidx.work.runtime)'),
    }),
  },
});

const CATALOG = 'android/gradle/libs.versions.toml';
const runnerBuild = `ext {
    workManagerVersion = project.hasProperty('workManagerVersion') ? rootProject.ext.workManagerVersion : '2.11.0'
}

dependencies {
    implementation "androidx.work:work-runtime-ktx:$workManagerVersion"
}
`;
/** Without iOS, where the package needs things of its own. */
const RUNNER = {
  'ios/App/Demo.xcodeproj/project.pbxproj': undefined,
  'ios/App/Demo/Info.plist': undefined,
  'ios/App/Demo/AppDelegate.swift': undefined,
  'package.json': packageJson({
    '@capacitor/core': '7.4.0',
    '@capacitor/background-runner': '3.0.0',
  }),
  'node_modules/@capacitor/background-runner/android/build.gradle': runnerBuild,
};

describeCheck('A02', {
  base: 'android',
  triggers: {
    'a literal in Groovy': {
      files: { 'app/build.gradle': withWork('2.11.0') },
      at: 'app/build.gradle:14',
      message: 'androidx.work is 2.11.0: work that waits for the network',
    },
    'the first of them': {
      files: { 'app/build.gradle': withWork('2.10.2') },
      at: 'app/build.gradle:14',
    },
    'Kotlin script and a catalog': {
      base: 'react-native',
      files: {
        [BUILD]: undefined,
        'android/app/build.gradle.kts':
          'plugins {\n    id("com.android.application")\n}\n\ndependencies {\n    implementation(libs.androidx.work.runtime)\n}\n',
        [CATALOG]:
          '[versions]\nwork = "2.10.5"\n\n[libraries]\nandroidx-work-runtime = { module = "androidx.work:work-runtime-ktx", version.ref = "work" }\n',
      },
      at: `${CATALOG}:2`,
    },
    'a variable of the root build': {
      files: {
        'build.gradle': 'buildscript {\n    ext {\n        workVersion = "2.11.1"\n    }\n}\n',
        'app/build.gradle': withWork('$workVersion'),
      },
      at: 'build.gradle:3',
    },
    'force holds down what bgsync asks for': {
      base: 'react-native',
      files: {
        ...integrated(),
        'android/build.gradle':
          "allprojects {\n    configurations.all {\n        resolutionStrategy {\n            force 'androidx.work:work-runtime:2.11.1'\n        }\n    }\n}\n",
      },
      at: 'android/build.gradle:4',
      message: 'is pinned to 2.11.1',
    },
    'a strict constraint': {
      files: {
        'app/build.gradle': appBuildGradle(
          "    implementation 'androidx.work:work-runtime:2.12.0'\n    constraints {\n        implementation('androidx.work:work-runtime') {\n            version { strictly '2.10.4' }\n        }\n    }",
        ),
      },
      at: 'app/build.gradle:16',
    },
    useVersion: {
      files: {
        'app/build.gradle': withWork('2.12.0'),
        'build.gradle':
          "configurations.all {\n    resolutionStrategy.eachDependency { details ->\n        if (details.requested.group == 'androidx.work') {\n            details.useVersion '2.11.0'\n        }\n    }\n}\n",
      },
      at: 'build.gradle:4',
    },
    'what Capacitor’s background-runner brings': {
      base: 'capacitor',
      files: RUNNER,
      at: BUILD,
      message: '@capacitor/background-runner brings androidx.work 2.11.0',
    },
    'what the app’s variable makes of background-runner': {
      base: 'capacitor',
      files: {
        ...RUNNER,
        'android/variables.gradle': "ext {\n    workManagerVersion = '2.10.3'\n}\n",
      },
      at: BUILD,
      message: 'androidx.work 2.10.3',
    },
    'what the generated package asks for': {
      base: 'react-native',
      files: integrated({
        'android/build.gradle': generatedBuild(
          '    implementation("androidx.work:work-runtime:2.11.1")',
        ),
      }),
      at: `${GENERATED_BUILD}:6`,
      message: 'the generated package asks for androidx.work 2.11.1',
    },
    'the lock says which version it is': {
      files: {
        'app/build.gradle': withWork('2.+'),
        'app/gradle.lockfile':
          '# This is a Gradle generated file\nandroidx.work:work-runtime:2.11.0=debugRuntimeClasspath,releaseRuntimeClasspath\n',
      },
      at: 'app/gradle.lockfile:2',
    },
  },
  near: {
    'the last before': { 'app/build.gradle': withWork('2.10.1') },
    'the first after': { 'app/build.gradle': withWork('2.11.2') },
    'another line asks for a higher one': {
      'app/build.gradle': appBuildGradle(
        "    implementation 'androidx.work:work-runtime:2.11.0'\n    implementation 'androidx.work:work-gcm:2.12.0'",
      ),
    },
    'only a test asks for it': {
      'app/build.gradle': appBuildGradle(
        "    implementation 'androidx.work:work-runtime:2.12.0'\n    androidTestImplementation 'androidx.work:work-testing:2.11.0'",
      ),
    },
    'another version is an expression': {
      'app/build.gradle': appBuildGradle(
        '    implementation "androidx.work:work-runtime:2.11.0"\n    implementation "androidx.work:work-gcm:${pickVersion()}"',
      ),
    },
    'the catalog has it and nothing uses it': {
      'gradle/libs.versions.toml':
        '[libraries]\nwork = { module = "androidx.work:work-runtime", version = "2.11.0" }\n',
    },
    'a comment': {
      'app/build.gradle': appBuildGradle(
        "    // implementation 'androidx.work:work-runtime:2.11.0'",
      ),
    },
  },
});

test('A02 is the same on Capacitor where the app sets the variable, or bgsync’s own version wins', async () => {
  const set = {
    ...RUNNER,
    'android/variables.gradle': "ext {\n    workManagerVersion = '2.11.2'\n}\n",
  };
  expect((await diagnose('capacitor', set)).findings).toEqual([]);
  const ours = { ...integrated(), [BUILD]: withWork('2.11.0') };
  expect((await diagnose('react-native', ours)).findings).toEqual([]);
});

describe('the fix of A02', () => {
  test.each([
    ['2.11.0', '2.11.2'],
    ['2.11.1', '2.11.2'],
  ])('puts the first good version in place of %s', async (version, after) => {
    const { findings } = await diagnose('android', { 'app/build.gradle': withWork(version) });
    expect(await applyEdit(findings[0])).toEqual({ 'app/build.gradle': withWork(after) });
  });

  test('leaves alone what needs other levels too', async () => {
    const { findings } = await diagnose('android', { 'app/build.gradle': withWork('2.10.3') });
    expect(await applyEdit(findings[0])).toEqual({});
  });
});

const FORCED =
  "configurations.all {\n    resolutionStrategy { force 'androidx.work:work-runtime:2.8.1' }\n}\n";

describeCheck('A03', {
  base: 'android',
  triggers: {
    'crashes on Android 12': {
      files: { 'app/build.gradle': withWork('2.5.0') },
      at: 'app/build.gradle:14',
      message: 'with targetSdk 36 the app crashes at its start',
    },
    'a pin below what the generated worker needs': {
      base: 'react-native',
      files: { ...integrated(), 'android/build.gradle': FORCED },
      at: 'android/build.gradle:2',
      message: 'is pinned to 2.8.1; the generated worker needs 2.9.0',
    },
  },
  near: {
    'an older target': {
      'app/build.gradle': withWork('2.5.0').replace('targetSdk 36', 'targetSdk 30'),
    },
    'the first that is fit': { 'app/build.gradle': withWork('2.7.0') },
  },
});

test('A03 leaves alone an older version that Gradle raises to the generated one', async () => {
  const files = { ...integrated(), [BUILD]: withWork('2.5.0') };
  expect((await diagnose('react-native', files)).findings).toEqual([]);
});

const MINIFIED = (version: string, enabled = 'true') =>
  withWork(version).replace(
    '    defaultConfig {',
    `    buildTypes {\n        release {\n            minifyEnabled ${enabled}\n        }\n    }\n    defaultConfig {`,
  );
const AGP = (version: string) =>
  `buildscript {\n    dependencies {\n        classpath("com.android.tools.build:gradle:${version}")\n    }\n}\n`;

describeCheck('A04', {
  base: 'android',
  triggers: {
    'Android Gradle plugin 9': {
      files: { 'build.gradle': AGP('9.0.1'), 'app/build.gradle': MINIFIED('2.8.1') },
      at: 'app/build.gradle:19',
    },
    'in a plugins block': {
      files: {
        'build.gradle':
          "plugins {\n    id 'com.android.application' version '9.1.0' apply false\n}\n",
        'app/build.gradle': MINIFIED('2.7.1'),
      },
      at: 'app/build.gradle:19',
    },
  },
  near: {
    'Android Gradle plugin 8': {
      'build.gradle': AGP('8.12.0'),
      'app/build.gradle': MINIFIED('2.8.1'),
    },
    'not shrunk': {
      'build.gradle': AGP('9.0.1'),
      'app/build.gradle': MINIFIED('2.8.1', 'false'),
    },
    'androidx.work 2.9': {
      'build.gradle': AGP('9.0.1'),
      'app/build.gradle': MINIFIED('2.9.0'),
    },
    'full mode turned off': {
      'build.gradle': AGP('9.0.1'),
      'gradle.properties': 'android.enableR8.fullMode=false\n',
      'app/build.gradle': MINIFIED('2.8.1'),
    },
  },
});

describeCheck('A05', {
  base: 'android',
  triggers: {
    minSdk: {
      files: { 'app/build.gradle': withWork('2.11.2').replace('minSdk 24', 'minSdk 21') },
      at: 'app/build.gradle:8',
      message: 'minSdk is 21; androidx.work 2.11.2 needs 23 or higher',
    },
    'minSdk, which 2.12 has raised': {
      files: { 'app/build.gradle': withWork('2.12.0').replace('minSdk 24', 'minSdk 23') },
      at: 'app/build.gradle:8',
      message: 'minSdk is 23; androidx.work 2.12.0 needs 24 or higher',
    },
    'compileSdk, through a variable': {
      files: {
        'build.gradle': 'ext {\n    compileSdkVersion = 34\n}\n',
        'app/build.gradle': withWork('2.12.0').replace(
          'compileSdk 36',
          'compileSdk rootProject.ext.compileSdkVersion',
        ),
      },
      at: 'build.gradle:2',
    },
    'what the generated package asks for': {
      base: 'react-native',
      files: {
        ...integrated(),
        [BUILD]: appBuildGradle().replace('compileSdk 36', 'compileSdk 34'),
      },
      at: `${BUILD}:5`,
    },
    'a lower compileSdk with androidx.work 2.10': {
      files: { 'app/build.gradle': withWork('2.10.1').replace('compileSdk 36', 'compileSdk 34') },
      at: 'app/build.gradle:5',
      message: 'compileSdk is 34; androidx.work 2.10.1 needs 35 or higher',
    },
  },
  near: {
    'a lower minSdk with androidx.work 2.10': {
      'app/build.gradle': withWork('2.10.1')
        .replace('minSdk 24', 'minSdk 21')
        .replace('compileSdk 36', 'compileSdk 35'),
    },
    'a lower compileSdk with androidx.work 2.9': {
      'app/build.gradle': withWork('2.9.1').replace('compileSdk 36', 'compileSdk 34'),
    },
    'the least': {
      'app/build.gradle': withWork('2.11.2')
        .replace('minSdk 24', 'minSdk 23')
        .replace('compileSdk 36', 'compileSdk 35'),
    },
    'a flavor raises it': {
      'app/build.gradle': withWork('2.11.2')
        .replace('minSdk 24', 'minSdk 21')
        .replace(
          '    defaultConfig',
          '    productFlavors { full { minSdk 26 } }\n    defaultConfig',
        ),
    },
  },
});

describeCheck('A28', {
  base: 'react-native',
  triggers: {
    'in the app’s own build': {
      files: { [BUILD]: withWork('2.+') },
      at: `${BUILD}:14`,
      message: 'androidx.work:work-runtime-ktx has the version 2.+',
    },
    'the newest there is': { files: { [BUILD]: withWork('latest.release') }, at: `${BUILD}:14` },
  },
  near: {
    'a plain version': { [BUILD]: withWork('2.12.0') },
    'locked versions': {
      [BUILD]: withWork('2.+'),
      'android/app/gradle.lockfile': 'androidx.work:work-runtime:2.12.0=releaseRuntimeClasspath\n',
    },
    'an expression': { [BUILD]: withWork('${pickVersion()}') },
  },
});

test('A28 finds what react-native-background-fetch asks for', async () => {
  const { findings } = await diagnose('android', {
    'package.json': packageJson({ 'react-native-background-fetch': '4.3.0' }),
    'node_modules/react-native-background-fetch/android/build.gradle':
      'dependencies {\n    implementation "com.transistorsoft:tsbackgroundfetch:4.1.+"\n}\n',
  });
  expect(findings.filter(({ id }) => id === 'A28').map(({ message }) => message)).toEqual([
    'react-native-background-fetch asks for com.transistorsoft:tsbackgroundfetch:4.1.+',
  ]);
});

describeCheck('A34', {
  base: 'bgsync',
  triggers: {
    'an Android Gradle plugin and a Kotlin that are too old': {
      files: {
        'android/build.gradle':
          'buildscript {\n  ext {\n    kotlinVersion = "1.9.24"\n  }\n  dependencies {\n    classpath("com.android.tools.build:gradle:7.4.2")\n  }\n}\n',
      },
      at: ['android/build.gradle:3', 'android/build.gradle:6'],
    },
  },
  near: {
    'the first that will do': {
      'android/build.gradle':
        'buildscript {\n  ext {\n    kotlinVersion = "2.0.0"\n  }\n  dependencies {\n    classpath("com.android.tools.build:gradle:8.6.0")\n  }\n}\n',
    },
  },
});

const pinned = (version: string): string =>
  appBuildGradle(`    implementation("androidx.work:work-runtime") {
        version { strictly "${version}" }
    }`);

describeCheck('A40', {
  base: 'react-native',
  triggers: {
    'a pin below the package’s': {
      files: { ...integrated(), [BUILD]: pinned('2.10.1') },
      at: `${BUILD}:14`,
      message: 'pinned to 2.10.1',
    },
  },
  near: {
    'a pin to the package’s': { ...integrated(), [BUILD]: pinned('2.11.2') },
    'a lower version that is not pinned': { ...integrated(), [BUILD]: withWork('2.10.1') },
    'a pin without a background sync': { [BUILD]: pinned('2.10.1') },
  },
});
