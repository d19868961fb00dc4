import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeTemplateApp } from '../template-app.ts';
import { change, lines, write } from './files.ts';
import type { Trait } from './trait.ts';

const BUILD = 'android/build.gradle';
const APP_BUILD = 'android/app/build.gradle';
const SOURCES = 'android/app/src/main/java/com/helloworld';

function move(root: string, from: string, to: string): void {
  mkdirSync(dirname(join(root, to)), { recursive: true });
  renameSync(join(root, from), join(root, to));
}

const addDependency = (root: string, ...texts: readonly string[]): void =>
  change(root, APP_BUILD, (text) =>
    text.replace(
      /^dependencies \{\n/m,
      (start) => start + lines(...texts.map((one) => `    ${one}`)),
    ),
  );

const WATCH = '<uses-feature android:name="android.hardware.type.watch" />';
const TELEVISION =
  '<uses-feature android:name="android.software.leanback" android:required="true" />';

/** Adds an application module beside the app's, which settings.gradle names before it. */
function addModule(root: string, name: string, feature: string, ...dependencies: string[]): void {
  change(root, 'android/settings.gradle', (text) =>
    text.replace("include ':app'", `include ':${name}', ':app'`),
  );
  write(root, {
    [`android/${name}/build.gradle`]: lines(
      "apply plugin: 'com.android.application'",
      'android {',
      `    namespace 'com.helloworld.${name.toLowerCase()}'`,
      '    compileSdk 30',
      '    defaultConfig {',
      `        applicationId 'com.helloworld.${name.toLowerCase()}'`,
      '        minSdk 21',
      '    }',
      '}',
      'dependencies {',
      ...dependencies,
      '}',
    ),
    [`android/${name}/src/main/AndroidManifest.xml`]: lines(
      '<manifest xmlns:android="http://schemas.android.com/apk/res/android">',
      `  ${feature}`,
      '</manifest>',
    ),
  });
}

export const ANDROID_TRAITS: readonly Trait[] = [
  {
    name: 'android-flavors-with-manifests-and-suffixes',
    make(root) {
      makeTemplateApp('0.83', root);
      change(root, APP_BUILD, (text) =>
        text.replace(
          '    buildTypes {\n        debug {\n',
          lines(
            "    flavorDimensions 'stage'",
            '    productFlavors {',
            '        dev {',
            "            dimension 'stage'",
            "            applicationIdSuffix '.dev'",
            '        }',
            '        store {',
            "            dimension 'stage'",
            "            applicationId 'com.example.store'",
            '        }',
            '    }',
            '    buildTypes {',
            '        debug {',
            "            applicationIdSuffix '.debug'",
          ),
        ),
      );
      const manifest = '<manifest xmlns:android="http://schemas.android.com/apk/res/android"/>\n';
      write(root, {
        'android/app/src/dev/AndroidManifest.xml': manifest,
        'android/app/src/store/AndroidManifest.xml': manifest,
      });
    },
    exit: 0,
  },
  {
    // Three names for one app; the id is an expression, which is said and not guessed.
    name: 'android-namespace-in-manifest-and-id-from-properties',
    make(root) {
      makeTemplateApp('0.81', root);
      change(root, APP_BUILD, (text) =>
        text
          .replace('    namespace "com.helloworld"\n', '')
          .replace('applicationId "com.helloworld"', 'applicationId project.APP_ID'),
      );
      change(root, 'android/gradle.properties', (text) => `${text}\nAPP_ID=com.example.shop\n`);
      change(root, 'android/app/src/main/AndroidManifest.xml', (text) =>
        text
          .replace('<manifest ', '<manifest package="com.example.legacy" ')
          .replace(
            'android:name=".MainApplication"',
            'android:name="com.helloworld.MainApplication"',
          ),
      );
    },
    exit: 0,
  },
  {
    name: 'android-app-by-a-plugin-of-an-included-build',
    make(root) {
      makeTemplateApp('0.87', root);
      change(root, 'android/settings.gradle', (text) =>
        text.replace('pluginManagement {', "pluginManagement { includeBuild('build-logic');"),
      );
      change(root, APP_BUILD, (text) =>
        text
          .replace('apply plugin: "com.android.application"', 'apply plugin: "shop.application"')
          .replace(/^ *(?:minSdkVersion|targetSdkVersion|compileSdk) .*\n/gm, ''),
      );
      write(root, {
        'android/build-logic/settings.gradle': "rootProject.name = 'build-logic'\n",
        'android/build-logic/build.gradle': "plugins {\n    id 'groovy-gradle-plugin'\n}\n",
        'android/build-logic/src/main/groovy/shop.application.gradle': lines(
          'plugins {',
          "    id 'com.android.application'",
          '}',
          'android {',
          '    compileSdk 36',
          '    defaultConfig {',
          '        minSdkVersion 24',
          '        targetSdkVersion 36',
          '    }',
          '}',
        ),
      });
    },
    exit: 0,
  },
  {
    name: 'android-too-old-by-a-plugin-of-an-included-build',
    make(root) {
      makeTemplateApp('0.87', root);
      change(root, 'android/settings.gradle', (text) => `includeBuild('logic')\n${text}`);
      change(root, APP_BUILD, (text) =>
        text
          .replace('apply plugin: "com.android.application"', 'apply plugin: "shop.application"')
          .replace(/^ *minSdkVersion .*\n/m, ''),
      );
      write(root, {
        'android/logic/build.gradle.kts': lines(
          'plugins {',
          '    `kotlin-dsl`',
          '}',
          'gradlePlugin {',
          '    plugins {',
          '        create("application") {',
          '            id = "shop.application"',
          '            implementationClass = "ApplicationPlugin"',
          '        }',
          '    }',
          '}',
        ),
        'android/logic/src/main/kotlin/ApplicationPlugin.kt': lines(
          'class ApplicationPlugin : Plugin<Project> {',
          '    override fun apply(target: Project) {',
          '        target.pluginManager.apply("com.android.application")',
          '        target.extensions.configure<ApplicationExtension> {',
          '            defaultConfig.minSdk = 21',
          '        }',
          '    }',
          '}',
        ),
      });
    },
    exit: 2,
    byHand(app) {
      change(app, 'android/logic/src/main/kotlin/ApplicationPlugin.kt', (text) =>
        text.replace('minSdk = 21', 'minSdk = 24'),
      );
    },
  },
  {
    name: 'android-kotlin-dsl-and-version-catalog',
    make(root) {
      makeTemplateApp('0.87', root);
      for (const path of [BUILD, APP_BUILD, 'android/settings.gradle']) rmSync(join(root, path));
      write(root, {
        'android/settings.gradle.kts': lines(
          'pluginManagement { includeBuild("../node_modules/@react-native/gradle-plugin") }',
          'plugins { id("com.facebook.react.settings") }',
          'rootProject.name = "HelloWorld"',
          'include(":app")',
        ),
        'android/build.gradle.kts': lines(
          'plugins {',
          '    alias(libs.plugins.android.application) apply false',
          '    alias(libs.plugins.kotlin.android) apply false',
          '}',
          'apply(plugin = "com.facebook.react.rootproject")',
        ),
        'android/gradle/libs.versions.toml': lines(
          '[versions]',
          'agp = "8.12.0"',
          'kotlin = { require = "2.1.20" }',
          'sdk-compile = "36"',
          'work = "2.9.1"',
          '',
          '[libraries]',
          'androidx-work = { module = "androidx.work:work-runtime-ktx", version.ref = "work" }',
          '',
          '[plugins]',
          'android-application = { id = "com.android.application", version.ref = "agp" }',
          'kotlin-android = { id = "org.jetbrains.kotlin.android", version.ref = "kotlin" }',
        ),
        'android/app/build.gradle.kts': lines(
          'plugins {',
          '    alias(libs.plugins.android.application)',
          '    alias(libs.plugins.kotlin.android)',
          '    id("com.facebook.react")',
          '}',
          'react { autolinkLibrariesWithApp() }',
          'android {',
          '    namespace = "com.helloworld"',
          '    compileSdk = libs.versions.sdk.compile.get().toInt()',
          '    defaultConfig {',
          '        applicationId = "com.helloworld"',
          '        minSdk = 24',
          '    }',
          '}',
          'dependencies {',
          '    implementation("com.facebook.react:react-android")',
          '    implementation(libs.androidx.work)',
          '}',
        ),
      });
    },
    exit: 0,
  },
  {
    // Ten years of Gradle: refused before anything is written, with every place that is too old.
    name: 'android-too-old',
    make(root) {
      makeTemplateApp('0.77', root);
      change(root, BUILD, (text) =>
        text
          .replace('minSdkVersion = 24', 'minSdkVersion = 21')
          .replace('compileSdkVersion = 35', 'compileSdkVersion = 30')
          .replace('kotlinVersion = "2.0.21"', "kotlinVersion = '1.9.24'")
          .replace(
            'classpath("com.android.tools.build:gradle")',
            "classpath('com.android.tools.build:gradle:7.4.2')",
          )
          .replace(
            'classpath("org.jetbrains.kotlin:kotlin-gradle-plugin")',
            'classpath "org.jetbrains.kotlin:kotlin-gradle-plugin:$kotlinVersion"',
          ),
      );
    },
    exit: 2,
    byHand(app) {
      change(app, BUILD, (text) =>
        text
          .replace('minSdkVersion = 21', 'minSdkVersion = 24')
          .replace('compileSdkVersion = 30', 'compileSdkVersion = 35')
          .replace("'1.9.24'", "'2.0.0'")
          .replace('gradle:7.4.2', 'gradle:8.6.0'),
      );
    },
  },
  {
    // No Kotlin in the app: the package brings its own. The module has a name of its own, too.
    name: 'android-java-only-in-a-module-called-mobile',
    make(root) {
      makeTemplateApp('0.79', root);
      change(root, APP_BUILD, (text) =>
        text.replace('apply plugin: "org.jetbrains.kotlin.android"\n', ''),
      );
      rmSync(join(root, SOURCES), { recursive: true });
      write(root, {
        [`${SOURCES}/MainApplication.java`]: lines(
          'package com.helloworld;',
          'public class MainApplication extends android.app.Application {}',
        ),
      });
      move(root, 'android/app', 'android/mobile');
      change(root, 'android/settings.gradle', (text) =>
        text.replace("include ':app'", "include ':mobile', ':wear'"),
      );
      write(root, {
        'android/wear/build.gradle': lines(
          "apply plugin: 'com.android.application'",
          "android { defaultConfig { applicationId 'com.helloworld.wear' } }",
        ),
      });
    },
    exit: 0,
  },
  {
    // Gradle takes the highest, so a lower one that is not pinned gives way: in constraints, too.
    name: 'android-older-workmanager-in-constraints',
    make(root) {
      makeTemplateApp('0.85', root);
      change(root, APP_BUILD, (text) => `def workVersion = "2.10.5"\n${text}`);
      addDependency(
        root,
        'constraints {',
        '    implementation("androidx.work:work-runtime:2.8.1")',
        '}',
        'implementation "androidx.work:work-runtime-ktx:$workVersion"',
      );
    },
    exit: 0,
  },
  {
    name: 'android-workmanager-pinned-in-the-broken-range',
    make(root) {
      makeTemplateApp('0.85', root);
      addDependency(
        root,
        'implementation("androidx.work:work-runtime") {',
        '    version { strictly("2.11.0") }',
        '}',
      );
    },
    exit: 0,
  },
  {
    name: 'android-workmanager-pinned-too-low',
    make(root) {
      makeTemplateApp('0.87', root);
      change(
        root,
        BUILD,
        (text) =>
          `${text}\n${lines(
            'allprojects {',
            '    configurations.all {',
            '        resolutionStrategy {',
            "            force 'androidx.work:work-runtime:2.7.1'",
            '        }',
            '    }',
            '}',
          )}`,
      );
    },
    exit: 2,
    byHand(app) {
      change(app, BUILD, (text) => text.replace(/^ +force .*\n/m, ''));
    },
  },
  {
    name: 'android-own-workmanager-configuration',
    make(root) {
      makeTemplateApp('0.83', root);
      addDependency(root, "implementation 'androidx.work:work-runtime-ktx:2.8.1'");
      change(root, 'android/app/src/main/AndroidManifest.xml', (text) =>
        text
          .replace(
            '</application>',
            lines(
              '<provider android:name="androidx.startup.InitializationProvider" tools:node="merge">',
              '        <meta-data android:name="androidx.work.WorkManagerInitializer" tools:node="remove"/>',
              '      </provider>',
              '    </application>',
            ).trimEnd(),
          )
          .replace('<manifest ', '<manifest xmlns:tools="http://schemas.android.com/tools" '),
      );
      change(root, `${SOURCES}/MainApplication.kt`, (text) =>
        text.replace(
          'ReactApplication {\n',
          (start) =>
            start.replace(' {', ', Configuration.Provider {') +
            lines(
              '',
              '  override fun getWorkManagerConfiguration(): Configuration =',
              '      Configuration.Builder().setWorkerFactory(AppWorkerFactory()).build()',
            ),
        ),
      );
    },
    exit: 0,
  },
  {
    // Its minSdk and its own WorkManager are none of the phone app's.
    name: 'android-watch-app-earlier-by-name',
    make(root) {
      makeTemplateApp('0.87', root);
      addModule(root, 'Wear', WATCH, "    implementation 'androidx.work:work-runtime:2.7.1'");
    },
    exit: 0,
  },
  {
    name: 'android-tv-app-that-settings-name-first',
    make(root) {
      makeTemplateApp('0.83', root);
      addModule(root, 'atv', TELEVISION);
    },
    exit: 0,
  },
  {
    // Both have React Native, as with react-native-tvos; the app for phones is not called app.
    name: 'android-tv-app-with-react-native-too',
    make(root) {
      makeTemplateApp('0.85', root);
      addModule(root, 'atv', TELEVISION);
      move(root, 'android/app', 'android/mobile');
      change(root, 'android/settings.gradle', (text) => text.replace("':app'", "':mobile'"));
      change(
        root,
        'android/atv/build.gradle',
        (text) => `${text}apply plugin: "com.facebook.react"\n`,
      );
    },
    exit: 0,
  },
  {
    // The plugin's marker on the root's class path makes no app of the root.
    name: 'android-plugin-on-the-class-path-of-the-root',
    make(root) {
      makeTemplateApp('0.87', root);
      change(root, BUILD, (text) =>
        text.replace(
          'classpath("com.android.tools.build:gradle")',
          'classpath("com.android.application:com.android.application.gradle.plugin:8.12.0")',
        ),
      );
    },
    exit: 0,
  },
];
