import { BASES, infoPlist } from '../../../helpers/doctor-bases.ts';
import { describeCheck, diagnose } from '../../../helpers/doctor-case.ts';
import type { Files } from '../../../helpers/doctor-case.ts';
import { expect, test } from 'vitest';

const PUBSPEC = 'pubspec.yaml';
const MAIN = 'lib/main.dart';
const PLIST = 'ios/Demo/Info.plist';
const DELEGATE = 'ios/Demo/AppDelegate.swift';

const depends = (...names: readonly string[]): Files => ({
  [PUBSPEC]: `name: demo\ndependencies:\n  flutter:\n    sdk: flutter\n${names.map((name) => `  ${name}\n`).join('')}`,
});

const strings = (values: readonly string[]): string =>
  `\t<array>\n${values.map((value) => `\t\t<string>${value}</string>\n`).join('')}\t</array>`;
const plist = (ids: readonly string[], modes: readonly string[], beside = ''): Files => ({
  [PLIST]: infoPlist(
    `\t<key>BGTaskSchedulerPermittedIdentifiers</key>\n${strings(ids)}\n\t<key>UIBackgroundModes</key>\n${strings(modes)}${beside}`,
  ),
});
const SCENES = '\n\t<key>UIApplicationSceneManifest</key>\n\t<dict/>';

const delegate = (launch: string, beside = ''): Files => ({
  [DELEGATE]: `import Flutter
import UIKit
import workmanager_apple

@main
@objc class AppDelegate: FlutterAppDelegate, FlutterImplicitEngineDelegate {
  override func application(
    _ application: UIApplication,
    didFinishLaunchingWithOptions launchOptions: [UIApplication.LaunchOptionsKey: Any]?
  ) -> Bool {
${launch}
    return super.application(application, didFinishLaunchingWithOptions: launchOptions)
  }
${beside}
}
`,
});

const REGISTRANT = `    WorkmanagerPlugin.setPluginRegistrantCallback { registry in
      GeneratedPluginRegistrant.register(with: registry)
    }`;
const REGISTER =
  '    WorkmanagerPlugin.registerPeriodicTask(withIdentifier: "com.example.sync", earliestBeginInSeconds: nil)';

/** lib/main.dart of an app with workmanager. */
const main = ({
  annotation = "@pragma('vm:entry-point')\n",
  callback = 'callbackDispatcher',
  frequency = 'const Duration(minutes: 15)',
  body = 'return true;',
  beside = '',
}: Readonly<Record<string, string>> = {}): Files => ({
  [MAIN]: `import 'package:flutter/material.dart';
import 'package:workmanager/workmanager.dart';

${annotation}void callbackDispatcher() {
  Workmanager().executeTask((task, inputData) async {
    ${body}
  });
}

Future<void> main() async {
  WidgetsFlutterBinding.ensureInitialized();
  await Workmanager().initialize(${callback});
  await Workmanager().registerPeriodicTask(
    'com.example.sync',
    'sync',
    frequency: ${frequency},
  );
  runApp(const Placeholder());
}
${beside}`,
});

/** All that workmanager asks for, as its guide has it. */
const SOUND: Files = {
  ...depends('workmanager: ^0.9.0', 'shared_preferences: ^2.3.0'),
  ...main(),
  ...plist(['com.example.sync'], ['fetch']),
  ...delegate(`${REGISTRANT}\n${REGISTER}`),
};

/** A sound app but for a file. */
const but = (files: Files): Files => ({ ...SOUND, ...files });

const BACKGROUND_FETCH: Files = {
  ...depends('background_fetch: ^1.3.0'),
  ...plist(['com.transistorsoft.fetch', 'com.transistorsoft.tidy'], ['fetch', 'processing']),
};
const fetchApp = (config: string, register = '', beside = ''): Files => ({
  ...BACKGROUND_FETCH,
  [MAIN]: `import 'package:background_fetch/background_fetch.dart';
import 'package:flutter/material.dart';

@pragma('vm:entry-point')
void headlessTask(HeadlessTask task) async {
  BackgroundFetch.finish(task.taskId);
}

void main() {
  runApp(const Placeholder());
  ${register}
  BackgroundFetch.configure(
    BackgroundFetchConfig(${config}),
    (String taskId) async => BackgroundFetch.finish(taskId),
  );
}
${beside}`,
});
const HEADLESS = 'BackgroundFetch.registerHeadlessTask(headlessTask);';
const ON = 'minimumFetchInterval: 15, stopOnTerminate: false, enableHeadless: true';

test('an app with workmanager, and one with background_fetch, as their guides have them', async () => {
  for (const files of [SOUND, fetchApp(ON, HEADLESS)]) {
    const { findings, couldNotRun } = await diagnose('flutter', files);
    expect(findings).toEqual([]);
    expect(couldNotRun).toEqual([]);
  }
});

describeCheck('F05', {
  base: 'flutter',
  triggers: {
    'no pragma': {
      files: but(main({ annotation: '' })),
      at: `${MAIN}:4`,
      message: 'has no @pragma',
    },
    'one in a comment': {
      files: but(main({ annotation: "// @pragma('vm:entry-point')\n" })),
      at: `${MAIN}:5`,
    },
    'one of another function': {
      files: but(main({ annotation: "@pragma('vm:entry-point')\nvoid other() {}\n\n" })),
      at: `${MAIN}:7`,
    },
    'another pragma': {
      files: but(main({ annotation: "@pragma('vm:prefer-inline')\n" })),
      at: `${MAIN}:5`,
    },
    'a closure': {
      files: but(main({ callback: '() => callbackDispatcher()' })),
      at: `${MAIN}:13`,
      message: 'closure',
    },
    'a closure with a block': {
      files: but(main({ callback: '() async {\n    run();\n  }' })),
      at: `${MAIN}:13`,
    },
    'a method of an object': {
      files: but({
        [MAIN]: `import 'package:workmanager/workmanager.dart';

class Sync {
  void start() => Workmanager().initialize(run);

  @pragma('vm:entry-point')
  void run() => Workmanager().executeTask((task, inputData) async => true);
}

void main() => Sync().start();
`,
      }),
      at: `${MAIN}:4`,
      message: 'Sync.run is a method of an object',
    },
    'a function inside of another': {
      files: but({
        [MAIN]: `import 'package:workmanager/workmanager.dart';

void main() {
  @pragma('vm:entry-point')
  void run() {
    Workmanager().executeTask((task, inputData) async => true);
  }

  Workmanager().initialize(run);
}
`,
      }),
      at: `${MAIN}:9`,
      message: 'inside of another',
    },
    'one in another file': {
      files: but({
        ...main({ callback: 'dispatch' }),
        'lib/background.dart': 'void dispatch() {\n  run();\n}\n',
      }),
      at: 'lib/background.dart:1',
    },
    'a static method without it': {
      files: but(
        main({
          callback: 'Background.dispatch',
          beside: 'class Background {\n  static void dispatch() {}\n}\n',
        }),
      ),
      at: `${MAIN}:22`,
    },
    'the headless task of background_fetch': {
      files: {
        ...fetchApp(
          ON,
          'BackgroundFetch.registerHeadlessTask(tidy);',
          'void tidy(HeadlessTask task) {}\n',
        ),
      },
      at: `${MAIN}:17`,
      message: 'tidy has no @pragma',
    },
  },
  near: {
    'a private function': but({
      ...main({
        callback: '_dispatch',
        beside: "@pragma('vm:entry-point')\nvoid _dispatch() {}\n",
      }),
    }),
    'a static method': but(
      main({
        callback: 'Background.dispatch',
        beside: "class Background {\n  @pragma('vm:entry-point')\n  static void dispatch() {}\n}\n",
      }),
    ),
    'the pragma in double quotes, with a comment below': but(
      main({ annotation: '@pragma("vm:entry-point") // kept\n/* called by native code */\n' }),
    ),
    'an annotation of the app’s own, which may be it': but(main({ annotation: '@keep\n' })),
    'a function that is declared nowhere in the app': but(main({ callback: 'dispatch' })),
    'another class’s initialize': but({
      ...main({
        beside:
          'class Log {\n  void initialize(void Function() f) {}\n}\nfinal log = Log()..initialize(() {});\n',
      }),
    }),
    'a call in a comment': but(main({ beside: '// Workmanager().initialize(() {});\n' })),
    'a call in a text': but(main({ beside: "const help = 'Workmanager().initialize(() {})';\n" })),
  },
});

describeCheck('F06', {
  base: 'flutter',
  triggers: {
    'never registered': { files: fetchApp(ON), at: `${MAIN}:13`, message: 'nothing calls' },
    'ends with the app': {
      files: fetchApp('minimumFetchInterval: 15, enableHeadless: true', HEADLESS),
      at: `${MAIN}:13`,
      message: 'left at true',
    },
    'said to end with the app': {
      files: fetchApp(
        'minimumFetchInterval: 15, stopOnTerminate: true, enableHeadless: true',
        HEADLESS,
      ),
      at: `${MAIN}:13`,
    },
    'a start after a restart alone': {
      files: fetchApp('minimumFetchInterval: 15, startOnBoot: true'),
      at: `${MAIN}:13`,
      message: 'nothing starts after a restart',
    },
    'a task that is scheduled': {
      files: fetchApp(
        ON,
        HEADLESS,
        "final cleaning = TaskConfig(taskId: 'com.transistorsoft.tidy', delay: 60000, enableHeadless: true);\n",
      ),
      at: `${MAIN}:17`,
    },
  },
  near: {
    'not headless': fetchApp('minimumFetchInterval: 15'),
    'a start after a restart, and not ended with the app': fetchApp(
      'minimumFetchInterval: 15, startOnBoot: true, stopOnTerminate: false',
    ),
    'set afterwards': fetchApp(
      'minimumFetchInterval: 15, startOnBoot: true)..stopOnTerminate = (false',
    ),
    'headless is off': fetchApp('minimumFetchInterval: 15, enableHeadless: false'),
    'decided by a run': fetchApp(
      'minimumFetchInterval: 15, enableHeadless: isHeadless, stopOnTerminate: false',
    ),
    'registered in another file': {
      ...fetchApp(ON),
      'lib/headless.dart': `import 'package:background_fetch/background_fetch.dart';\n@pragma('vm:entry-point')\nvoid task(HeadlessTask task) {}\nvoid register() => BackgroundFetch.registerHeadlessTask(task);\n`,
    },
  },
});

describeCheck('F07', {
  base: 'flutter',
  triggers: {
    'five minutes': {
      files: but(main({ frequency: 'const Duration(minutes: 5)' })),
      at: `${MAIN}:17`,
    },
    'in seconds': {
      files: but(main({ frequency: 'Duration(seconds: 30)' })),
      at: `${MAIN}:17`,
      message: 'less than a minute',
    },
    'of background_fetch': {
      files: fetchApp('minimumFetchInterval: 5, stopOnTerminate: false', ''),
      at: `${MAIN}:13`,
      message: '5 minutes',
    },
  },
  near: {
    'an hour and a half': but(main({ frequency: 'const Duration(hours: 1, minutes: 30)' })),
    '900 seconds': but(main({ frequency: 'Duration(seconds: 900)' })),
    'a constant': but(main({ frequency: 'kFrequency' })),
    computed: but(main({ frequency: 'Duration(minutes: settings.minutes)' })),
    'a Duration of something else': but(main({ beside: 'const wait = Duration(seconds: 5);\n' })),
  },
});

const late = (call: string): Files =>
  delegate(
    REGISTRANT,
    `  func didInitializeImplicitFlutterEngine(_ engineBridge: FlutterImplicitEngineBridge) {
    GeneratedPluginRegistrant.register(with: engineBridge.pluginRegistry)
${call}
  }`,
  );

describeCheck('F08', {
  base: 'flutter',
  triggers: {
    'scenes, and nothing registers': {
      files: but({
        ...plist(['com.example.sync'], ['fetch'], SCENES),
        ...delegate(REGISTRANT),
      }),
      at: `${MAIN}:14`,
      message: 'registerPeriodicTask schedules com.example.sync',
    },
    'scenes, and another id is registered': {
      files: but({
        ...plist(['com.example.sync', 'com.example.tidy'], ['fetch'], SCENES),
        ...delegate(`${REGISTRANT}\n${REGISTER.replace('sync', 'tidy')}`),
      }),
      at: `${MAIN}:14`,
    },
    'registered when the engine of the storyboard is there': {
      files: but({ ...plist(['com.example.sync'], ['fetch'], SCENES), ...late(REGISTER) }),
      at: `${DELEGATE}:18`,
      message: 'didInitializeImplicitFlutterEngine',
    },
    'an old workmanager, by its range': {
      files: but({
        ...depends('workmanager: ^0.5.2', 'shared_preferences: ^2.3.0'),
        ...delegate(REGISTRANT),
      }),
      at: `${MAIN}:14`,
    },
    'an old workmanager, by the lock file': {
      files: but({
        ...delegate(REGISTRANT),
        'pubspec.lock': 'packages:\n  workmanager_apple:\n    version: "0.9.1"\n',
      }),
      at: `${MAIN}:14`,
    },
    'a call in a comment': {
      files: but({
        ...plist(['com.example.sync'], ['fetch'], SCENES),
        ...delegate(`${REGISTRANT}\n    // ${REGISTER.trim()}`),
      }),
      at: `${MAIN}:14`,
    },
  },
  near: {
    'scenes, and all that were scheduled before': but({
      ...plist(['com.example.sync'], ['fetch'], SCENES),
      ...delegate(`${REGISTRANT}\n    WorkmanagerPlugin.registerLaunchHandlers()`),
    }),
    'scenes, and the id by a constant': but({
      ...plist(['com.example.sync'], ['fetch'], SCENES),
      ...delegate(
        `${REGISTRANT}\n    WorkmanagerPlugin.registerPeriodicTask(withIdentifier: Self.sync, earliestBeginInSeconds: 900)`,
        '  static let sync = "com.example.sync"',
      ),
    }),
    'a workmanager that registers by itself': but({
      ...delegate(REGISTRANT),
      'pubspec.lock': 'packages:\n  workmanager_apple:\n    version: "0.9.6"\n',
    }),
    'a version that is not known': but({
      ...depends('workmanager: any', 'shared_preferences: ^2.3.0'),
      ...delegate(REGISTRANT),
    }),
    'scheduled on Android alone': but({
      ...plist(['com.example.sync'], ['fetch'], SCENES),
      ...delegate(REGISTRANT),
      [MAIN]: (main()[MAIN] as string)
        .replace("import 'package:flutter", "import 'dart:io';\n\nimport 'package:flutter")
        .replace(
          '  await Workmanager().registerPeriodic',
          '  if (!Platform.isAndroid) return;\n  await Workmanager().registerPeriodic',
        ),
    }),
  },
});

describeCheck('F09', {
  base: 'flutter',
  triggers: {
    'never called': { files: but(delegate(REGISTER)), at: `${DELEGATE}:9` },
    'in a comment': {
      files: but(delegate(`${REGISTER}\n    /*\n${REGISTRANT}\n    */`)),
      at: `${DELEGATE}:9`,
    },
  },
  near: {
    'an app whose packages need no plugin': but({
      ...depends('workmanager: ^0.9.0', 'http: ^1.2.0'),
      ...delegate(REGISTER),
    }),
    'Objective-C': but({
      [DELEGATE]: undefined,
      'ios/Demo/AppDelegate.m': `#import "AppDelegate.h"
@import workmanager;
@implementation AppDelegate
- (BOOL)application:(UIApplication *)application didFinishLaunchingWithOptions:(NSDictionary *)launchOptions {
  [WorkmanagerPlugin setPluginRegistrantCallback:^(NSObject<FlutterPluginRegistry> *registry) {
    [GeneratedPluginRegistrant registerWithRegistry:registry];
  }];
  [WorkmanagerPlugin registerPeriodicTaskWithIdentifier:@"com.example.sync" earliestBeginInSeconds:nil];
  return [super application:application didFinishLaunchingWithOptions:launchOptions];
}
@end
`,
    }),
  },
});

const DRIFT = depends('workmanager: ^0.9.0', 'drift: ^2.20.0');
const DATABASE = `import 'package:drift/drift.dart';
import 'package:drift_flutter/drift_flutter.dart';

part 'database.g.dart';

@DriftDatabase(tables: [Items])
class AppDatabase extends _$AppDatabase {
  AppDatabase() : super(_open());

  @override
  int get schemaVersion => 1;

  static QueryExecutor _open() => driftDatabase(name: 'app');
}
`;
const twice = (
  database: string,
  body: string,
  beside = 'final database = AppDatabase();\n',
): Files => but({ ...DRIFT, ...main({ body, beside }), 'lib/database.dart': database });
const OPENS = 'final database = AppDatabase();\n    await database.drain();\n    return true;';

describeCheck('F10', {
  base: 'flutter',
  triggers: {
    'in the callback': { files: twice(DATABASE, OPENS), at: `${MAIN}:7` },
    'in a function that it calls': {
      files: twice(
        DATABASE,
        'return drain();',
        'final database = AppDatabase();\n\nFuture<bool> drain() async {\n  final own = AppDatabase();\n  return own.drain();\n}\n',
      ),
      at: `${MAIN}:24`,
    },
    'the word in a comment alone': {
      files: twice(`// no shareAcrossIsolates yet\n${DATABASE}`, OPENS),
      at: `${MAIN}:7`,
    },
  },
  near: {
    'one connection for all isolates': twice(
      DATABASE.replace(
        "(name: 'app')",
        "(name: 'app', native: const DriftNativeOptions(shareAcrossIsolates: true))",
      ),
      OPENS,
    ),
    'a log of writes, and waits': twice(
      DATABASE.replace(
        "driftDatabase(name: 'app')",
        "NativeDatabase(file, setup: (raw) => raw.execute('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000'))",
      ),
      OPENS,
    ),
    'the app alone opens it': twice(DATABASE, 'return true;'),
    'the run alone opens it': twice(DATABASE, OPENS, ''),
    'a DriftIsolate in another file': {
      ...twice(DATABASE, OPENS),
      'lib/share.dart': 'Future<DriftIsolate> share() => DriftIsolate.spawn(open);\n',
    },
  },
});

describeCheck('I01', {
  base: 'flutter',
  triggers: {
    'an id that Dart gives workmanager': {
      files: but(plist(['com.example.other'], ['fetch'])),
      at: PLIST,
      message: 'com.example.sync, which',
    },
    'a task of background_fetch': {
      files: {
        ...fetchApp(
          ON,
          `${HEADLESS}\n  BackgroundFetch.scheduleTask(TaskConfig(taskId: 'com.transistorsoft.late', delay: 1));`,
        ),
      },
      at: PLIST,
      message: 'com.transistorsoft.late',
    },
  },
  near: {
    'an id by a constant': but(main({ beside: '' })),
    'an id in a text that is put together': but({
      [MAIN]: (main()[MAIN] as string).replace("'com.example.sync'", "'com.example.$flavor'"),
    }),
  },
});

describeCheck('I03', {
  base: 'flutter',
  triggers: {
    'a processing task of workmanager': {
      files: but({
        [MAIN]: (main()[MAIN] as string).replace(
          /registerPeriodicTask\([^;]*;/,
          "registerProcessingTask('com.example.sync', 'sync');",
        ),
      }),
      at: PLIST,
      message: 'processing',
    },
  },
  near: {
    'both modes': but(plist(['com.example.sync'], ['fetch', 'processing'])),
  },
});

const KEYED = {
  'lib/store.dart': `import 'package:drift/native.dart';

NativeDatabase open(File file, String key) => NativeDatabase(
  file,
  setup: (raw) => raw.execute("PRAGMA key = '$key'"),
);
`,
};
const HOOKS = (source: string): string =>
  `hooks:\n  user_defines:\n    sqlite3:\n      source: ${source}\n`;
const drift = (version: string, beside = '', ...others: readonly string[]): Files => {
  const { [PUBSPEC]: text } = depends(`drift: ${version}`, ...others);
  return { [PUBSPEC]: `${text as string}${beside}`, ...KEYED };
};

describeCheck('Q01', {
  base: 'flutter',
  triggers: {
    'no hook': { files: drift('^2.32.0'), at: 'lib/store.dart:5', message: 'no hook asks' },
    'by the lock file': {
      files: { ...drift('any'), 'pubspec.lock': 'packages:\n  sqlite3:\n    version: "3.1.0"\n' },
      at: 'lib/store.dart:5',
    },
    'a hook that asks for the plain one': {
      files: drift('^2.32.0', HOOKS('sqlite3')),
      at: 'lib/store.dart:5',
      message: 'is built from sqlite3',
    },
    'the library that has ended, beside it': {
      files: drift('^2.32.0', '', 'sqlcipher_flutter_libs: ^0.7.0'),
      at: 'lib/store.dart:5',
    },
    'the plain library of before': {
      files: drift('2.20.0', '', 'sqlite3_flutter_libs: ^0.5.0'),
      at: 'lib/store.dart:5',
    },
  },
  near: {
    sqlcipher: drift('^2.32.0', HOOKS('sqlcipher')),
    'multiple ciphers': drift('^2.32.0', HOOKS('sqlite3mc')),
    'a SQLite of the app’s own': drift('^2.32.0', HOOKS('executable')),
    'in one line': drift('^2.32.0', 'hooks: {user_defines: {sqlite3: {source: sqlcipher}}}\n'),
    'the library of before': drift('2.20.0', '', 'sqlcipher_flutter_libs: ^0.6.0'),
    'a member of a workspace': drift('^2.32.0', 'resolution: workspace\n'),
    'the words in a comment': {
      ...drift('^2.32.0'),
      'lib/store.dart': "// 'PRAGMA key' is not used here\nconst a = 1;\n",
    },
  },
});

test('the base is sound without any plugin', async () => {
  expect((await diagnose('flutter', {})).findings).toEqual([]);
  expect(BASES.flutter[MAIN]).toContain('void main() {}');
});
