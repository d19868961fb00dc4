import { infoPlist } from '../../../helpers/doctor-bases.ts';
import { describeSituations } from './situation.ts';

/** Flutter apps with workmanager, background_fetch and their like, as their reporters had them. */

const MAIN = 'lib/main.dart';
const array = (values: readonly string[]): string =>
  `<array>${values.map((value) => `<string>${value}</string>`).join('')}</array>`;
const plist = (ids: readonly string[], modes: readonly string[]) => ({
  'ios/Demo/Info.plist': infoPlist(
    `\t<key>BGTaskSchedulerPermittedIdentifiers</key>\n\t${array(ids)}\n\t<key>UIBackgroundModes</key>\n\t${array(modes)}`,
  ),
});
const pubspec = (...lines: readonly string[]) => ({
  'pubspec.yaml': `name: demo\ndependencies:\n  flutter:\n    sdk: flutter\n${lines.map((one) => `  ${one}\n`).join('')}`,
});
const IMPORTS = `import 'package:flutter/material.dart';
import 'package:workmanager/workmanager.dart';
`;
const DISPATCHER = `@pragma('vm:entry-point')
void callbackDispatcher() {
  Workmanager().executeTask((task, inputData) async {
    await syncAll();
    return true;
  });
}
`;
const SYNC = `Future<void> syncAll() async {
  await Future<void>.delayed(const Duration(seconds: 1));
}
`;
const RUNS = `Future<void> main() async {
  WidgetsFlutterBinding.ensureInitialized();
  await Workmanager().initialize(callbackDispatcher);
  runApp(const Placeholder());
}
`;
const WORKMANAGER = pubspec('workmanager: ^0.9.0');
const app = (
  dispatcher = DISPATCHER,
  main = RUNS,
  more: Readonly<Record<string, string>> = {},
) => ({
  ...WORKMANAGER,
  [MAIN]: `${IMPORTS}\n${dispatcher}\n${SYNC}\n${main}`,
  ...more,
});

describeSituations('callbacks that no run can enter (F05)', {
  'a handle of a closure': {
    base: 'flutter',
    files: {
      [MAIN]: `import 'dart:ui';
void main() {
  final handle = PluginUtilities.getCallbackHandle(() => print('run'));
}
`,
    },
    finds: [`F05 ${MAIN}:3`],
    says: 'closure',
  },
  'a handle of a method of an object': {
    base: 'flutter',
    files: {
      [MAIN]: `import 'dart:ui';
class Sync {
  void start() { channel.invokeMethod('start', PluginUtilities.getCallbackHandle(run)!.toRawHandle()); }
  void run() {}
}
void main() => Sync().start();
`,
    },
    finds: [`F05 ${MAIN}:3`],
    says: 'method of an object',
  },
  'firebase_messaging, without the pragma': {
    base: 'flutter',
    files: {
      ...pubspec('firebase_messaging: ^15.0.0'),
      [MAIN]: `import 'package:firebase_messaging/firebase_messaging.dart';
Future<void> onMessage(RemoteMessage message) async {}
void main() {
  FirebaseMessaging.onBackgroundMessage(onMessage);
  runApp(const Placeholder());
}
`,
    },
    finds: [`F05 ${MAIN}:2`],
    says: 'vm:entry-point',
  },
  'flutter_background_service, a private method of a state': {
    base: 'flutter',
    files: {
      ...pubspec('flutter_background_service: ^5.0.0'),
      [MAIN]: `import 'package:flutter_background_service/flutter_background_service.dart';
class _HomeState extends State<Home> {
  void setUp() {
    FlutterBackgroundService().configure(
      androidConfiguration: AndroidConfiguration(onStart: _onStart, isForegroundMode: true),
      iosConfiguration: IosConfiguration(),
    );
  }
  void _onStart(ServiceInstance service) {}
}
`,
    },
    finds: [`F05 ${MAIN}:5`],
  },
  'android_alarm_manager_plus, a closure': {
    base: 'flutter',
    files: {
      ...pubspec('android_alarm_manager_plus: ^4.0.0'),
      [MAIN]: `import 'package:android_alarm_manager_plus/android_alarm_manager_plus.dart';
Future<void> start() => AndroidAlarmManager.periodic(const Duration(hours: 1), 7, () => print('run'));
`,
    },
    finds: [`F05 ${MAIN}:2`],
  },
  'in a part of the library': {
    base: 'flutter',
    files: {
      ...WORKMANAGER,
      [MAIN]: `${IMPORTS}part 'background.dart';
void main() { WidgetsFlutterBinding.ensureInitialized(); start(); runApp(const Placeholder()); }
`,
      'lib/background.dart': `part of 'main.dart';
void dispatch() { Workmanager().executeTask((task, data) async => true); }
void start() { Workmanager().initialize(dispatch); }
`,
    },
    finds: ['F05 lib/background.dart:2'],
  },
  'in a package of the repo': {
    base: 'flutter',
    files: {
      ...pubspec('sync:', '  path: packages/sync'),
      'packages/sync/pubspec.yaml': 'name: sync\ndependencies:\n  workmanager: ^0.9.0\n',
      'packages/sync/lib/sync.dart': `import 'package:workmanager/workmanager.dart';
void dispatch() { Workmanager().executeTask((task, data) async => true); }
Future<void> start() => Workmanager().initialize(dispatch);
`,
    },
    finds: ['F05 packages/sync/lib/sync.dart:2'],
  },
  'in a package of a package, which takes the place of another': {
    base: 'flutter',
    files: {
      ...pubspec('app:', '  path: ./packages/app/'),
      'packages/app/pubspec.yaml':
        'name: app\ndependencies: {sync: ^1.0.0}\ndependency_overrides: {sync: {path: ../sync}}\n',
      'packages/sync/pubspec.yaml':
        'name: sync\ndependencies: {base: {path: ../base}}\nflutter:\n  assets:\n    - path: ../notes\n',
      'packages/base/pubspec.yaml':
        'name: base\ndependencies: {workmanager: ^0.9.0, app: {path: ../app}}\n',
      'packages/base/lib/base.dart': `import 'package:workmanager/workmanager.dart';
void dispatch() { Workmanager().executeTask((task, data) async => true); }
Future<void> start() => Workmanager().initialize(dispatch);
`,
    },
    finds: ['F05 packages/base/lib/base.dart:2'],
  },
  'sound: static, with the pragma, in each of them': {
    base: 'flutter',
    files: {
      ...pubspec('firebase_messaging: ^15.0.0', 'android_alarm_manager_plus: ^4.0.0'),
      [MAIN]: `import 'package:firebase_messaging/firebase_messaging.dart';
import 'package:android_alarm_manager_plus/android_alarm_manager_plus.dart';
class Background {
  @pragma('vm:entry-point')
  static Future<void> onMessage(RemoteMessage message) async {}
  @pragma('vm:entry-point')
  static void onAlarm() {}
}
Future<void> main() async {
  WidgetsFlutterBinding.ensureInitialized();
  await AndroidAlarmManager.initialize();
  FirebaseMessaging.onBackgroundMessage(Background.onMessage);
  await AndroidAlarmManager.oneShot(const Duration(minutes: 20), 1, Background.onAlarm);
}
`,
    },
  },
});

describeSituations('a run that ends before its work (F11)', {
  'a future that nobody awaits': {
    base: 'flutter',
    files: app(`@pragma('vm:entry-point')
void callbackDispatcher() {
  Workmanager().executeTask((task, inputData) {
    syncAll();
    return Future.value(true);
  });
}
`),
    finds: [`F11 ${MAIN}:7`],
    says: 'syncAll(…) is not awaited',
  },
  'a then': {
    base: 'flutter',
    files: app(`@pragma('vm:entry-point')
void callbackDispatcher() {
  Workmanager().executeTask((task, inputData) async {
    if (task == 'sync') {
      syncAll().then((_) => print('done'));
    }
    return true;
  });
}
`),
    finds: [`F11 ${MAIN}:8`],
  },
  'each of a list': {
    base: 'flutter',
    files: app(`@pragma('vm:entry-point')
void callbackDispatcher() {
  Workmanager().executeTask((task, inputData) async {
    inputData!.keys.forEach((key) async { await syncAll(); });
    return true;
  });
}
`),
    finds: [`F11 ${MAIN}:7`],
  },
  'a request of dio, in a function by name': {
    base: 'flutter',
    files: app(`@pragma('vm:entry-point')
void callbackDispatcher() => Workmanager().executeTask(handle);

Future<bool> handle(String task, Map<String, dynamic>? data) async {
  dio.post('/items', data: data);
  return true;
}
`),
    finds: [`F11 ${MAIN}:8`],
    says: 'dio.post(…)',
  },
  'a method of another file': {
    base: 'flutter',
    files: app(
      `@pragma('vm:entry-point')
void callbackDispatcher() {
  Workmanager().executeTask((task, inputData) async {
    try {
      Uploads.instance.flush();
      return true;
    } catch (_) {
      return false;
    }
  });
}
`,
      RUNS,
      {
        'lib/uploads.dart': `class Uploads {
  static final instance = Uploads();
  Future<int> flush() async { await Future<void>.delayed(Duration.zero); return 0; }
}
`,
      },
    ),
    finds: [`F11 ${MAIN}:8`],
  },
  'background_fetch, finished at once': {
    base: 'flutter',
    files: {
      ...pubspec('background_fetch: ^1.3.0'),
      ...plist(['com.transistorsoft.fetch'], ['fetch']),
      [MAIN]: `import 'package:background_fetch/background_fetch.dart';
${SYNC}
void start() {
  BackgroundFetch.configure(BackgroundFetchConfig(minimumFetchInterval: 15), (String taskId) async {
    syncAll();
    BackgroundFetch.finish(taskId);
  }, (String taskId) async { BackgroundFetch.finish(taskId); });
}
`,
    },
    finds: [`F11 ${MAIN}:8`],
  },
  'sound: awaited, returned, gathered, or meant': {
    base: 'flutter',
    files: app(`@pragma('vm:entry-point')
void callbackDispatcher() {
  Workmanager().executeTask((task, inputData) async {
    unawaited(syncAll());
    syncAll().ignore();
    final later = syncAll();
    print(task);
    await Future.wait([syncAll(), later]);
    await Future.forEach([1, 2], (_) => syncAll());
    if (task == 'more') return syncAll().then((_) => true);
    queue.add(() async { await syncAll(); });
    return await syncAll().then((_) => true);
  });
}
`),
  },
  'sound: a switch that awaits in each case': {
    base: 'flutter',
    files: app(`@pragma('vm:entry-point')
void callbackDispatcher() {
  Workmanager().executeTask((task, inputData) async {
    switch (task) {
      case 'sync':
        await syncAll();
        break;
      case Workmanager.iOSBackgroundTask:
        log('fetch');
        break;
    }
    return Future.value(true);
  });
}
void log(String text) { print(text); }
`),
  },
});

describeSituations('main() without a binding (F12)', {
  'workmanager before runApp': {
    base: 'flutter',
    files: app(
      DISPATCHER,
      `void main() {
  Workmanager().initialize(callbackDispatcher);
  runApp(const Placeholder());
}
`,
    ),
    finds: [`F12 ${MAIN}:17`],
  },
  'behind a function that makes none': {
    base: 'flutter',
    files: app(
      DISPATCHER,
      `void setUpLogging() { print('a'); }
Future<void> main() async {
  setUpLogging();
  await Workmanager().initialize(callbackDispatcher);
  runApp(const Placeholder());
}
`,
    ),
    finds: [`F12 ${MAIN}:19`],
  },
  'sound: a function of another file makes it': {
    base: 'flutter',
    files: app(
      DISPATCHER,
      `Future<void> main() async {
  await bootstrap();
  await Workmanager().initialize(callbackDispatcher);
  runApp(const Placeholder());
}
`,
      {
        'lib/bootstrap.dart':
          'Future<void> bootstrap() async { WidgetsFlutterBinding.ensureInitialized(); }\n',
      },
    ),
  },
  'sound: a package may make it': {
    base: 'flutter',
    files: app(
      DISPATCHER,
      `Future<void> main() async {
  await SentryFlutter.init((options) {}, appRunner: () => runApp(const Placeholder()));
  await Workmanager().initialize(callbackDispatcher);
}
`,
    ),
  },
  'sound: behind runApp': {
    base: 'flutter',
    files: app(
      DISPATCHER,
      'void main() {\n  runApp(const Placeholder());\n  Workmanager().initialize(callbackDispatcher);\n}\n',
    ),
  },
});

const PERIODIC = (id: string, frequency: string) => `Future<void> main() async {
  WidgetsFlutterBinding.ensureInitialized();
  await Workmanager().initialize(callbackDispatcher);
  await Workmanager().registerPeriodicTask(${id}, 'sync', frequency: ${frequency});
  runApp(const Placeholder());
}
`;

describeSituations('ids and intervals by constants of another file (I01, F07)', {
  'an id that is not permitted': {
    base: 'flutter',
    files: app(DISPATCHER, PERIODIC('Tasks.sync', 'const Duration(hours: 1)'), {
      'lib/tasks.dart': "class Tasks {\n  static const sync = 'com.example.sync';\n}\n",
      ...plist(['com.example.other'], ['fetch']),
    }),
    finds: ['I01 ios/Demo/Info.plist'],
    says: 'com.example.sync',
  },
  'an interval below the least': {
    base: 'flutter',
    files: app(DISPATCHER, PERIODIC('kSync', 'kEvery'), {
      'lib/tasks.dart':
        "const String kSync = 'com.example.sync';\nconst kMinutes = 5;\nconst kEvery = Duration(minutes: kMinutes);\n",
      ...plist(['com.example.sync'], ['fetch']),
    }),
    finds: [`F07 ${MAIN}:19`],
    says: '5 minutes',
  },
  'sound: both by constants': {
    base: 'flutter',
    files: app(DISPATCHER, PERIODIC('Tasks.sync', 'Tasks.every'), {
      'lib/tasks.dart':
        "abstract class Tasks {\n  static const String sync = 'com.example.sync';\n  static const every = Duration(hours: 6);\n}\n",
      ...plist(['com.example.sync'], ['fetch']),
    }),
  },
});
