import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Numbers in what Flutter's `create` makes, by version. No tag of Flutter could be read here: `agp` and `kotlin` are those
 * that projects quote of `packages/flutter_tools/lib/src/android/gradle_utils.dart`, `dart` and `ios` those of projects that
 * were made with it. `scenes`: the templates have a SceneDelegate. `oldKotlin`: Flutter keeps AGP 9 from compiling Kotlin by
 * itself.
 */
const VERSIONS = {
  '3.29': { dart: '^3.7.0', agp: '8.7.0', kotlin: '1.8.22', ios: '12.0' },
  '3.32': { dart: '^3.8.0', agp: '8.7.3', kotlin: '2.1.0', ios: '12.0' },
  '3.35': { dart: '^3.9.0', agp: '8.9.1', kotlin: '2.1.0', ios: '13.0' },
  '3.44': {
    dart: '^3.11.0',
    agp: '9.0.1',
    kotlin: '2.3.20',
    ios: '13.0',
    scenes: true,
    oldKotlin: true,
  },
  '3.47': {
    dart: '^3.13.0',
    agp: '9.1.0',
    kotlin: '2.4.0',
    ios: '13.0',
    scenes: true,
    oldKotlin: true,
  },
} as const satisfies Record<string, Numbers>;

interface Numbers {
  readonly dart: string;
  readonly agp: string;
  readonly kotlin: string;
  readonly ios: string;
  readonly scenes?: boolean;
  readonly oldKotlin?: boolean;
}

export type FlutterVersion = keyof typeof VERSIONS;
export const FLUTTER_VERSIONS = Object.keys(VERSIONS) as FlutterVersion[];

const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;

const PUBSPEC = (dart: string): string =>
  lines(
    'name: counter',
    'description: "A new Flutter project."',
    '# The following line prevents the package from being accidentally published.',
    "publish_to: 'none' # Remove this line if you wish to publish",
    '',
    'version: 1.0.0+1',
    '',
    'environment:',
    `  sdk: ${dart}`,
    '',
    '# Dependencies specify other packages that your package needs in order to work.',
    'dependencies:',
    '  flutter:',
    '    sdk: flutter',
    '',
    '  # The following adds the Cupertino Icons font to your application.',
    '  cupertino_icons: ^1.0.8',
    '',
    'dev_dependencies:',
    '  flutter_test:',
    '    sdk: flutter',
    '  flutter_lints: ^5.0.0',
    '',
    'flutter:',
    '  uses-material-design: true',
  );

const MAIN = lines(
  "import 'package:flutter/material.dart';",
  '',
  'void main() {',
  '  runApp(const MyApp());',
  '}',
  '',
  'class MyApp extends StatelessWidget {',
  '  const MyApp({super.key});',
  '',
  '  @override',
  '  Widget build(BuildContext context) {',
  "    return const MaterialApp(home: Text('counter'));",
  '  }',
  '}',
);

const SETTINGS = (agp: string, kotlin: string): string =>
  lines(
    'pluginManagement {',
    '    val flutterSdkPath = run {',
    '        val properties = java.util.Properties()',
    '        file("local.properties").inputStream().use { properties.load(it) }',
    '        properties.getProperty("flutter.sdk")',
    '    }',
    '    includeBuild("$flutterSdkPath/packages/flutter_tools/gradle")',
    '    repositories {',
    '        google()',
    '        mavenCentral()',
    '    }',
    '}',
    '',
    'plugins {',
    '    id("dev.flutter.flutter-plugin-loader") version "1.0.0"',
    `    id("com.android.application") version "${agp}" apply false`,
    `    id("org.jetbrains.kotlin.android") version "${kotlin}" apply false`,
    '}',
    '',
    'include(":app")',
  );

const APP_BUILD = lines(
  'plugins {',
  '    id("com.android.application")',
  '    id("kotlin-android")',
  '    // The Flutter Gradle Plugin must be applied after the Android and Kotlin Gradle plugins.',
  '    id("dev.flutter.flutter-gradle-plugin")',
  '}',
  '',
  'android {',
  '    namespace = "com.example.counter"',
  '    compileSdk = flutter.compileSdkVersion',
  '    ndkVersion = flutter.ndkVersion',
  '',
  '    compileOptions {',
  '        sourceCompatibility = JavaVersion.VERSION_11',
  '        targetCompatibility = JavaVersion.VERSION_11',
  '    }',
  '',
  '    defaultConfig {',
  '        applicationId = "com.example.counter"',
  '        minSdk = flutter.minSdkVersion',
  '        targetSdk = flutter.targetSdkVersion',
  '        versionCode = flutter.versionCode',
  '        versionName = flutter.versionName',
  '    }',
  '}',
  '',
  'flutter {',
  '    source = "../.."',
  '}',
);

const MANIFEST = lines(
  '<manifest xmlns:android="http://schemas.android.com/apk/res/android">',
  '    <application',
  '        android:label="counter"',
  '        android:name="${applicationName}"',
  '        android:icon="@mipmap/ic_launcher">',
  '        <activity',
  '            android:name=".MainActivity"',
  '            android:exported="true">',
  '            <intent-filter>',
  '                <action android:name="android.intent.action.MAIN"/>',
  '                <category android:name="android.intent.category.LAUNCHER"/>',
  '            </intent-filter>',
  '        </activity>',
  '        <meta-data',
  '            android:name="flutterEmbedding"',
  '            android:value="2" />',
  '    </application>',
  '</manifest>',
);

const orientations = (...names: readonly string[]): string[] => [
  '\t<array>',
  ...names.map((name) => `\t\t<string>UIInterfaceOrientation${name}</string>`),
  '\t</array>',
];

/** Keys and text values of the template's Info.plist, in its order. */
const PLIST_TEXTS = [
  ['CFBundleDevelopmentRegion', '$(DEVELOPMENT_LANGUAGE)'],
  ['CFBundleDisplayName', 'Counter'],
  ['CFBundleExecutable', '$(EXECUTABLE_NAME)'],
  ['CFBundleIdentifier', '$(PRODUCT_BUNDLE_IDENTIFIER)'],
  ['CFBundleInfoDictionaryVersion', '6.0'],
  ['CFBundleName', 'counter'],
  ['CFBundlePackageType', 'APPL'],
  ['CFBundleShortVersionString', '$(FLUTTER_BUILD_NAME)'],
  ['CFBundleSignature', '????'],
  ['CFBundleVersion', '$(FLUTTER_BUILD_NUMBER)'],
] as const;

const SCENE = [
  ['UISceneClassName', 'UIWindowScene'],
  ['UISceneConfigurationName', 'flutter'],
  ['UISceneDelegateClassName', '$(PRODUCT_MODULE_NAME).SceneDelegate'],
  ['UISceneStoryboardFile', 'Main'],
] as const;

const pairs = (indent: string, all: readonly (readonly [string, string])[]): string[] =>
  all.flatMap(([key, text]) => [`${indent}<key>${key}</key>`, `${indent}<string>${text}</string>`]);

const SCENE_MANIFEST = [
  '\t<key>UIApplicationSceneManifest</key>',
  '\t<dict>',
  '\t\t<key>UIApplicationSupportsMultipleScenes</key>',
  '\t\t<false/>',
  '\t\t<key>UISceneConfigurations</key>',
  '\t\t<dict>',
  '\t\t\t<key>UIWindowSceneSessionRoleApplication</key>',
  '\t\t\t<array>',
  '\t\t\t\t<dict>',
  ...pairs('\t\t\t\t\t', SCENE),
  '\t\t\t\t</dict>',
  '\t\t\t</array>',
  '\t\t</dict>',
  '\t</dict>',
];

const INFO_PLIST = (scenes: boolean): string =>
  lines(
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    '<dict>',
    '\t<key>CADisableMinimumFrameDurationOnPhone</key>',
    '\t<true/>',
    ...pairs('\t', PLIST_TEXTS),
    '\t<key>LSRequiresIPhoneOS</key>',
    '\t<true/>',
    ...(scenes ? SCENE_MANIFEST : []),
    '\t<key>UIApplicationSupportsIndirectInputEvents</key>',
    '\t<true/>',
    '\t<key>UILaunchStoryboardName</key>',
    '\t<string>LaunchScreen</string>',
    '\t<key>UIMainStoryboardFile</key>',
    '\t<string>Main</string>',
    '\t<key>UISupportedInterfaceOrientations</key>',
    ...orientations('Portrait', 'LandscapeLeft', 'LandscapeRight'),
    '\t<key>UISupportedInterfaceOrientations~ipad</key>',
    ...orientations('Portrait', 'PortraitUpsideDown', 'LandscapeLeft', 'LandscapeRight'),
    '</dict>',
    '</plist>',
  );

/** With scenes, the plugins are registered as the engine of the storyboard is there. */
const APP_DELEGATE = (scenes: boolean): string =>
  lines(
    'import Flutter',
    'import UIKit',
    '',
    '@main',
    `@objc class AppDelegate: FlutterAppDelegate${scenes ? ', FlutterImplicitEngineDelegate' : ''} {`,
    '  override func application(',
    '    _ application: UIApplication,',
    '    didFinishLaunchingWithOptions launchOptions: [UIApplication.LaunchOptionsKey: Any]?',
    '  ) -> Bool {',
    ...(scenes ? [] : ['    GeneratedPluginRegistrant.register(with: self)']),
    '    return super.application(application, didFinishLaunchingWithOptions: launchOptions)',
    '  }',
    ...(scenes
      ? [
          '',
          '  func didInitializeImplicitFlutterEngine(_ engineBridge: FlutterImplicitEngineBridge) {',
          '    GeneratedPluginRegistrant.register(with: engineBridge.pluginRegistry)',
          '  }',
        ]
      : []),
    '}',
  );

const CONFIGURATIONS = ['Debug', 'Release', 'Profile'];

/** @param settings of the app's target, in each configuration; values as they are written */
function pbxproj(target: string, settings: Readonly<Record<string, string>>): string {
  const configuration = (owner: string, name: string, body: Readonly<Record<string, string>>) => [
    `\t\t97C147${owner}${name} /* ${name} */ = {`,
    '\t\t\tisa = XCBuildConfiguration;',
    '\t\t\tbuildSettings = {',
    ...Object.entries(body).map(([key, value]) => `\t\t\t\t${key} = ${value};`),
    '\t\t\t};',
    `\t\t\tname = ${name};`,
    '\t\t};',
  ];
  const list = (owner: string) => [
    `\t\t97C147${owner}LIST = {`,
    '\t\t\tisa = XCConfigurationList;',
    '\t\t\tbuildConfigurations = (',
    ...CONFIGURATIONS.map((name) => `\t\t\t\t97C147${owner}${name} /* ${name} */,`),
    '\t\t\t);',
    '\t\t\tdefaultConfigurationName = Release;',
    '\t\t};',
  ];
  return lines(
    '// !$*UTF8*$!',
    '{',
    '\tarchiveVersion = 1;',
    '\tclasses = {',
    '\t};',
    '\tobjectVersion = 54;',
    '\tobjects = {',
    '/* Begin PBXNativeTarget section */',
    '\t\t97C146ED1CF9000F007C117D /* Runner */ = {',
    '\t\t\tisa = PBXNativeTarget;',
    '\t\t\tbuildConfigurationList = 97C147TLIST;',
    '\t\t\tbuildPhases = (',
    '\t\t\t);',
    '\t\t\tname = Runner;',
    '\t\t\tproductType = "com.apple.product-type.application";',
    '\t\t};',
    '/* End PBXNativeTarget section */',
    '/* Begin PBXProject section */',
    '\t\t97C146E61CF9000F007C117D /* Project object */ = {',
    '\t\t\tisa = PBXProject;',
    '\t\t\tbuildConfigurationList = 97C147PLIST;',
    '\t\t\ttargets = (',
    '\t\t\t\t97C146ED1CF9000F007C117D /* Runner */,',
    '\t\t\t);',
    '\t\t};',
    '/* End PBXProject section */',
    '/* Begin XCBuildConfiguration section */',
    ...CONFIGURATIONS.flatMap((name) =>
      configuration('P', name, { IPHONEOS_DEPLOYMENT_TARGET: target }),
    ),
    ...CONFIGURATIONS.flatMap((name) => configuration('T', name, settings)),
    '/* End XCBuildConfiguration section */',
    '/* Begin XCConfigurationList section */',
    ...list('P'),
    ...list('T'),
    '/* End XCConfigurationList section */',
    '\t};',
    '\trootObject = 97C146E61CF9000F007C117D /* Project object */;',
    '}',
  );
}

/**
 * Makes an app in the shape of what `flutter create --platforms=android,ios counter` makes, by hand: what a build reads
 * of it, in the wording of the templates, and none of their pictures.
 *
 * @param files in place of these, or besides; null: not there
 */
export function makeFlutterApp(
  folder: string,
  version: FlutterVersion = '3.44',
  files: Readonly<Record<string, string | null>> = {},
): void {
  const { dart, agp, kotlin, ios, scenes = false, oldKotlin = false }: Numbers = VERSIONS[version];
  const all: Record<string, string | null> = {
    'pubspec.yaml': PUBSPEC(dart),
    'lib/main.dart': MAIN,
    'analysis_options.yaml': 'include: package:flutter_lints/flutter.yaml\n',
    '.gitignore': lines('.dart_tool/', '.flutter-plugins-dependencies', '/build/'),
    '.metadata': lines('version:', '  revision: "c23637390482d4cf9598c3ce3f2be31aa7332daf"'),
    'android/settings.gradle.kts': SETTINGS(agp, kotlin),
    'android/build.gradle.kts': lines(
      'allprojects {',
      '    repositories {',
      '        google()',
      '    }',
      '}',
    ),
    'android/gradle.properties': lines(
      'org.gradle.jvmargs=-Xmx8G -XX:MaxMetaspaceSize=4G -XX:ReservedCodeCacheSize=512m',
      'android.useAndroidX=true',
      ...(oldKotlin ? ['android.newDsl=false', 'android.builtInKotlin=false'] : []),
    ),
    'android/.gitignore': lines('gradle-wrapper.jar', '/.gradle', '/local.properties'),
    'android/app/build.gradle.kts': APP_BUILD,
    'android/app/src/main/AndroidManifest.xml': MANIFEST,
    'android/app/src/main/kotlin/com/example/counter/MainActivity.kt': lines(
      'package com.example.counter',
      '',
      'import io.flutter.embedding.android.FlutterActivity',
      '',
      'class MainActivity : FlutterActivity()',
    ),
    'ios/.gitignore': lines('Flutter/Generated.xcconfig', '**/Pods/', '**/DerivedData/'),
    'ios/Flutter/Debug.xcconfig': '#include "Generated.xcconfig"\n',
    'ios/Runner/Info.plist': INFO_PLIST(scenes),
    'ios/Runner/AppDelegate.swift': APP_DELEGATE(scenes),
    'ios/Runner/SceneDelegate.swift': scenes
      ? lines('import Flutter', 'import UIKit', '', 'class SceneDelegate: FlutterSceneDelegate {}')
      : null,
    'ios/Runner.xcodeproj/project.pbxproj': pbxproj(ios, {
      INFOPLIST_FILE: 'Runner/Info.plist',
      PRODUCT_BUNDLE_IDENTIFIER: 'com.example.counter',
      PRODUCT_NAME: '"$(TARGET_NAME)"',
    }),
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    if (text === null) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
