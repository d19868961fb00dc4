/** The least that is an app, and sound: what the cases of doctor's checks are laid over. */
import { queueFile } from '../../src/integrations/model.ts';
import { defaultConfig } from '../../src/config.ts';
import type { Config } from '../../src/config.ts';
import { planIntegration } from '../../src/integrations/plan.ts';
import { LOCK_FILE, parseLockFile } from '../../src/plan/lock-file.ts';
import { afterOf } from '../../src/plan/plan.ts';
import { detectProject } from '../../src/project/detect.ts';
import { fillIn } from './fill-in.ts';
import { memoryFileSystem } from './memory-file-system.ts';

const PBXPROJ = `// !$*UTF8*$!
{
	archiveVersion = 1;
	objectVersion = 54;
	objects = {
		P = { isa = PBXProject; buildConfigurationList = PL; targets = ( T ); };
		T = { isa = PBXNativeTarget; name = Demo; productType = "com.apple.product-type.application"; buildConfigurationList = TL; };
		PL = { isa = XCConfigurationList; buildConfigurations = ( PD, PR ); defaultConfigurationName = Release; };
		PD = { isa = XCBuildConfiguration; name = Debug; buildSettings = { SDKROOT = iphoneos; IPHONEOS_DEPLOYMENT_TARGET = 15.1; }; };
		PR = { isa = XCBuildConfiguration; name = Release; buildSettings = { SDKROOT = iphoneos; IPHONEOS_DEPLOYMENT_TARGET = 15.1; }; };
		TL = { isa = XCConfigurationList; buildConfigurations = ( TD, TR ); defaultConfigurationName = Release; };
		TD = { isa = XCBuildConfiguration; name = Debug; buildSettings = { INFOPLIST_FILE = Demo/Info.plist; PRODUCT_BUNDLE_IDENTIFIER = com.example.demo; SWIFT_VERSION = 5.0; }; };
		TR = { isa = XCBuildConfiguration; name = Release; buildSettings = { INFOPLIST_FILE = Demo/Info.plist; PRODUCT_BUNDLE_IDENTIFIER = com.example.demo; SWIFT_VERSION = 5.0; }; };
	};
	rootObject = P;
}
`;

/** An Info.plist with these keys, given as XML. */
export const infoPlist = (keys = ''): string => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>CFBundleIdentifier</key>
	<string>$(PRODUCT_BUNDLE_IDENTIFIER)</string>
${keys}
</dict>
</plist>
`;

/** An AndroidManifest.xml with this inside its <application>, and this beside it. */
export const manifest = (
  inside = '',
  beside = '<uses-permission android:name="android.permission.INTERNET" />',
): string => `<manifest xmlns:android="http://schemas.android.com/apk/res/android" xmlns:tools="http://schemas.android.com/tools">
    ${beside}
    <application android:name=".MainApplication" android:allowBackup="false">
${inside}
    </application>
</manifest>
`;

/** app/build.gradle with these lines inside `dependencies`. */
export const appBuildGradle = (
  dependencies = '',
): string => `apply plugin: "com.android.application"

android {
    namespace "com.example.demo"
    compileSdk 36
    defaultConfig {
        applicationId "com.example.demo"
        minSdk 24
        targetSdk 36
    }
}

dependencies {
${dependencies}
}
`;

/** package.json with these dependencies. */
export const packageJson = (dependencies: Readonly<Record<string, string>>): string =>
  JSON.stringify({ name: 'demo', version: '1.0.0', main: 'index.js', dependencies });

const APP_DELEGATE = `import UIKit

@main
class AppDelegate: UIResponder, UIApplicationDelegate {
  func application(
    _ application: UIApplication,
    didFinishLaunchingWithOptions options: [UIApplication.LaunchOptionsKey: Any]?
  ) -> Bool {
    return true
  }
}
`;

const MAIN_APPLICATION = `package com.example.demo

import android.app.Application

class MainApplication : Application()
`;

const ENTRY = `import { AppRegistry } from 'react-native';
import App from './App';

AppRegistry.registerComponent('demo', () => App);
`;

const xcode = (folder: string) => ({
  [`${folder}Demo.xcodeproj/project.pbxproj`]: PBXPROJ,
  [`${folder}Demo/Info.plist`]: infoPlist(),
  [`${folder}Demo/AppDelegate.swift`]: APP_DELEGATE,
});

const gradle = (folder: string) => ({
  [`${folder}settings.gradle`]: "include ':app'\n",
  [`${folder}build.gradle`]: '',
  [`${folder}gradle.properties`]: 'android.useAndroidX=true\n',
  [`${folder}app/build.gradle`]: appBuildGradle(),
  [`${folder}app/src/main/AndroidManifest.xml`]: manifest(),
  [`${folder}app/src/main/java/com/example/demo/MainApplication.kt`]: MAIN_APPLICATION,
});

const REACT = { 'index.js': ENTRY, 'App.tsx': 'export default () => null;\n' };

const REACT_NATIVE = {
  ...REACT,
  ...xcode('ios/'),
  ...gradle('android/'),
  'package.json': packageJson({ 'react-native': '0.87.2' }),
};

const EXPO = {
  ...REACT,
  'package.json': packageJson({ expo: '~57.0.0', 'react-native': '0.87.2' }),
  'app.json': JSON.stringify({ expo: { name: 'demo', slug: 'demo' } }),
};

const FLUTTER = {
  ...xcode('ios/'),
  ...gradle('android/'),
  'pubspec.yaml': 'name: demo\ndependencies:\n  flutter:\n    sdk: flutter\n',
  'lib/main.dart': "import 'package:flutter/material.dart';\n\nvoid main() {}\n",
};

/** The app as `bgsync init` leaves it. */
async function integrated(
  app: Readonly<Record<string, string>>,
  settings: Partial<Config> = {},
): Promise<Record<string, string>> {
  const fs = memoryFileSystem(
    Object.fromEntries(Object.entries(app).map(([path, text]) => [`/app/${path}`, text])),
  );
  const config = { ...defaultConfig(), ...settings };
  const project = await detectProject(fs, '/app');
  const { changes } = await planIntegration(fs, { config, pin: false, project });
  const after = Object.fromEntries(
    changes.map((change) => [change.path, afterOf(change)]),
  ) as Record<string, string>;
  return { ...app, ...after };
}

/** The same, and its handler filled in, and what sends for its queue. */
async function inUse(...args: Parameters<typeof integrated>): Promise<Record<string, string>> {
  const app = await integrated(...args);
  const { handler, queue } = { ...defaultConfig(), ...args[1] };
  const own = queue === 'none' ? handler : queueFile({ handler });
  return { ...app, [own]: fillIn(app[own] ?? '') };
}

/** React Native with bgsync’s own background sync in it, of which nothing was filled in. */
export const AS_MADE = await integrated(REACT_NATIVE);

export const BASES = {
  'react-native': REACT_NATIVE,
  /** With bgsync's own background sync in it. */
  bgsync: await inUse(REACT_NATIVE),
  /** With its queue, encrypted. */
  'bgsync-queue': await inUse(
    {
      ...REACT_NATIVE,
      'package.json': JSON.stringify({
        ...(JSON.parse(
          packageJson({
            'react-native': '0.87.2',
            '@op-engineering/op-sqlite': '18.2.5',
            'react-native-keychain': '10.0.0',
          }),
        ) as object),
        'op-sqlite': { sqlcipher: true },
      }),
    },
    { queue: 'op-sqlite' },
  ),
  /** Continuous native generation: no ios/, no android/. */
  expo: EXPO,
  'bgsync-expo': await inUse(EXPO),
  flutter: FLUTTER,
  'bgsync-flutter': await inUse(FLUTTER, {
    moduleDir: 'packages/background_sync',
    handler: 'lib/background_sync.dart',
  }),
  capacitor: {
    ...xcode('ios/App/'),
    ...gradle('android/'),
    'package.json': packageJson({ '@capacitor/core': '7.4.0' }),
    'capacitor.config.json': JSON.stringify({ appId: 'com.example.demo', webDir: 'www' }),
  },
  ios: xcode(''),
  android: gradle(''),
} satisfies Record<string, Record<string, string>>;

export type Base = keyof typeof BASES;

const LOCK = `${defaultConfig().moduleDir}/${LOCK_FILE}`;

/** The lock file of the base `bgsync`, with other values; one that is undefined is not in it. */
export const withLock = (change: Readonly<Record<string, unknown>>): Record<string, string> => ({
  [LOCK]: JSON.stringify({ ...parseLockFile(BASES.bgsync[LOCK] ?? ''), ...change }),
});
