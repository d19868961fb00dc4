import { describe, expect, test } from 'vitest';
import { MODULE, testApp } from '../helpers/app.ts';
import type { TestApp } from '../helpers/app.ts';
import { readTree } from '../helpers/tree.ts';

/** What the setup of react-native-background-fetch asks for in the native projects: of 4.2 and before, and of now. */

const LIBRARY = 'react-native-background-fetch';
const FETCH = `import BackgroundFetch from '${LIBRARY}';

BackgroundFetch.configure(
  { minimumFetchInterval: 15, requiredNetworkType: BackgroundFetch.NETWORK_TYPE_ANY },
  async taskId => {
    await fetch('https://example.com/sync');
    BackgroundFetch.finish(taskId);
  },
  taskId => BackgroundFetch.finish(taskId),
);
`;

const MAVEN = `
allprojects {
    repositories {
        mavenCentral()
        maven {
            // ${LIBRARY}
            url("\${project(':${LIBRARY}').projectDir}/libs")
        }
    }
}
`;

const KEEP = `
# [react-native-background-fetch]
-keep class com.transistorsoft.rnbackgroundfetch.HeadlessTask { *; }
`;

const MODES = `	<key>UIBackgroundModes</key>
	<array>
		<string>fetch</string>
		<string>audio</string>
	</array>
	<key>BGTaskSchedulerPermittedIdentifiers</key>
	<array>
		<string>com.transistorsoft.fetch</string>
	</array>
</dict>
</plist>`;

/** As the config plugin of the library (4.2.8, expo/plugin/build/iOSPlugin.js) leaves an Objective-C delegate. */
const OBJECTIVE_C = `#import "AppDelegate.h"

#import <React/RCTBundleURLProvider.h>
// @generated begin react-native-background-fetch-import - expo prebuild (DO NOT MODIFY) sync-0123abcd
#import <TSBackgroundFetch/TSBackgroundFetch.h>
// @generated end react-native-background-fetch-import

@implementation AppDelegate

- (BOOL)application:(UIApplication *)application didFinishLaunchingWithOptions:(NSDictionary *)launchOptions
{
  self.moduleName = @"HelloWorld";
  self.initialProps = @{};

// @generated begin react-native-background-fetch-didFinishLaunching - expo prebuild (DO NOT MODIFY) sync-0123abcd
  [[TSBackgroundFetch sharedInstance] didFinishLaunching];
// @generated end react-native-background-fetch-didFinishLaunching

  return [super application:application didFinishLaunchingWithOptions:launchOptions];
}

@end
`;

const PLIST = 'ios/HelloWorld/Info.plist';
const DELEGATE = 'ios/HelloWorld/AppDelegate.swift';
const GRADLE = 'android/build.gradle';
const PROGUARD = 'android/app/proguard-rules.pro';

/** Empties a template app of the library, and puts it in again as its setup says. */
function appWithFetch(): { app: TestApp; plain: Map<string, Buffer> } {
  const app = testApp('0.79');
  const plain = readTree(app.root);
  app.rewrite('package.json', (text) =>
    text.replace('"react": ', `"${LIBRARY}": "^4.2.7",\n    "react": `),
  );
  app.write('src/fetch.js', FETCH);
  app.rewrite('index.js', (text) => `${text.trimEnd()}\nimport './src/fetch';\n`);
  app.rewrite(GRADLE, (text) => text + MAVEN);
  app.rewrite(PROGUARD, (text) => text + KEEP);
  app.rewrite(PLIST, (text) => text.replace('</dict>\n</plist>', MODES));
  app.rewrite(DELEGATE, (text) =>
    text
      .replace('import UIKit\n', 'import UIKit\nimport TSBackgroundFetch\n')
      .replace(
        '    return true\n',
        '    TSBackgroundFetch.sharedInstance().didFinishLaunching()\n    return true\n',
      ),
  );
  return { app, plain };
}

describe('react-native-background-fetch in a bare app', () => {
  test('goes out of the native projects, and what is not its own stays', () => {
    const { app, plain } = appWithFetch();
    const { code, stdout, stderr } = app.run('migrate', '--yes');
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    for (const path of [DELEGATE, 'package.json']) {
      expect(app.read(path)).toBe(plain.get(path)?.toString());
    }
    expect(app.read(GRADLE)).toBe(
      String(plain.get(GRADLE)) + MAVEN.replace(/ {8}maven \{[^]*?\n {8}\}\n/, ''),
    );
    expect(app.read(PROGUARD)).toBe(String(plain.get(PROGUARD)) + '\n');
    const plist = app.read(PLIST);
    expect(plist).toContain('<string>audio</string>');
    expect(plist).not.toContain('<string>fetch</string>');
    // The old request may be pending: the package has a handler for it.
    expect(plist).toContain('<string>com.transistorsoft.fetch</string>');
    expect(app.read(`${MODULE}/ios/BackgroundSyncConfig.swift`)).toContain(
      '["com.transistorsoft.fetch"]',
    );
    expect(app.read('index.js')).not.toContain('./src/fetch');
    expect(readTree(app.root).has('src/fetch.js')).toBe(false);

    const doctor = app.run('doctor', '--json');
    expect(doctor.code, doctor.stdout).toBe(0);
    expect(app.run('update', '--yes', '--forget-ids').code).toBe(0);
    expect(app.read(PLIST)).not.toContain('com.transistorsoft.fetch');
  });

  test('goes out of an app delegate in Objective-C', () => {
    const { app } = appWithFetch();
    app.remove(DELEGATE);
    const delegate = 'ios/HelloWorld/AppDelegate.mm';
    app.write(delegate, OBJECTIVE_C);
    app.rewrite('ios/HelloWorld.xcodeproj/project.pbxproj', (text) =>
      text
        .replaceAll('AppDelegate.swift', 'AppDelegate.mm')
        .replaceAll('sourcecode.swift', 'sourcecode.cpp.objcpp'),
    );
    const { code, stdout, stderr } = app.run('migrate', '--yes');
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    expect(app.read(delegate)).toBe(
      OBJECTIVE_C.replaceAll(/^.*(?:TSBackgroundFetch|@generated).*\n/gm, ''),
    );
    expect(app.run('doctor', '--json').code).toBe(0);
  });

  test('a line that is not as the setup has it is named, and the rest goes', () => {
    const { app } = appWithFetch();
    app.rewrite(DELEGATE, (text) =>
      text.replace('sharedInstance().did', 'sharedInstance()\n      .did'),
    );
    app.rewrite('android/settings.gradle', (text) => `${text}\ninclude ':${LIBRARY}'\n`);
    const lineOf = (path: string, words: string): number =>
      app
        .read(path)
        .split('\n')
        .findIndex((line) => line.includes(words)) + 1;
    const { code, stdout } = app.run('migrate', '--yes');
    expect(code).toBe(3);
    expect(stdout).toContain(`${DELEGATE}:${lineOf(DELEGATE, 'TSBackgroundFetch.shared')}: `);
    const settings = 'android/settings.gradle';
    expect(stdout).toContain(`${settings}:${lineOf(settings, LIBRARY)}: `);
    expect(app.read(GRADLE)).not.toContain(LIBRARY);
    expect(app.read('package.json')).not.toContain(LIBRARY);
  });

  test('stays where react-native-background-geolocation needs it', () => {
    const { app } = appWithFetch();
    app.rewrite('package.json', (text) =>
      text.replace('"react": ', '"react-native-background-geolocation": "^4.18.0",\n    "react": '),
    );
    const native = [GRADLE, PROGUARD, DELEGATE];
    const before = native.map((path) => app.read(path));
    const { code, stdout } = app.run('migrate', '--yes');
    expect(code).toBe(3);
    expect(stdout).toContain(`react-native-background-geolocation needs ${LIBRARY}: it stays`);
    expect(native.map((path) => app.read(path))).toEqual(before);
    expect(app.read('package.json')).toContain(`"${LIBRARY}"`);
    // It registers its own id, which must have one owner.
    expect(app.read(`${MODULE}/ios/BackgroundSyncConfig.swift`)).not.toContain('transistorsoft');
  });

  test('a mode that the app’s own code uses stays', () => {
    const { app } = appWithFetch();
    app.write(
      'ios/HelloWorld/Refresh.swift',
      'import BackgroundTasks\nlet request = BGAppRefreshTaskRequest(identifier: "com.demo.refresh")\n',
    );
    app.run('migrate', '--yes');
    expect(app.read(PLIST)).toContain('<string>fetch</string>');
  });
});

test('a Flutter app is refused', () => {
  const app = testApp('0.79');
  app.remove('package.json');
  app.write('pubspec.yaml', 'name: demo\ndependencies:\n  flutter:\n    sdk: flutter\n');
  app.write('lib/main.dart', 'void main() {}\n');
  const { code, stderr } = app.run('migrate', '--yes');
  expect(code).toBe(2);
  expect(stderr).toContain('Flutter');
});
