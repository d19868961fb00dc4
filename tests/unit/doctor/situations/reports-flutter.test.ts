import { manifest } from '../../../helpers/doctor-bases.ts';
import { BUILD, MANIFEST } from '../checks/android-files.ts';
import { background } from '../checks/ios-files.ts';
import { PLIST } from './javascript-apps.ts';
import { describeSituations } from './situation.ts';

/** What public reports of plugins of Flutter showed. */

const pubspec = (plugins: readonly string[], environment = '') =>
  `name: demo\n${environment}dependencies:\n  flutter:\n    sdk: flutter\n${plugins.map((one) => `  ${one}\n`).join('')}`;
const ACTIVITY = '        <activity android:name=".MainActivity" android:exported="true" />';
const dart = (
  plugins: readonly string[],
  main: string,
  more: Record<string, string | undefined> = {},
) => ({
  base: 'flutter' as const,
  files: {
    [MANIFEST]: manifest(ACTIVITY),
    'pubspec.yaml': pubspec(plugins),
    'lib/main.dart': main,
    ...more,
  },
});
const SERVICE = 'flutter_background_service: ^5.1.0';
const PERMISSIONS =
  '<uses-permission android:name="android.permission.FOREGROUND_SERVICE" />\n    <uses-permission android:name="android.permission.FOREGROUND_SERVICE_DATA_SYNC" />';
const typed = (type = 'dataSync') =>
  manifest(
    `        <service android:name="id.flutter.flutter_background_service.BackgroundService" android:foregroundServiceType="${type}" />`,
    PERMISSIONS.replace('DATA_SYNC', type === 'dataSync' ? 'DATA_SYNC' : 'REMOTE_MESSAGING'),
  );
const configures = (settings: string) => `import 'package:flutter/material.dart';
import 'package:flutter_background_service/flutter_background_service.dart';

final _service = FlutterBackgroundService();
Future<void> setUp() => _service.configure(
      androidConfiguration: AndroidConfiguration(
        onStart: onStart,
        ${settings}
      ),
      iosConfiguration: IosConfiguration(),
    );

@pragma('vm:entry-point')
void onStart(ServiceInstance service) {}

Future<void> main() async {
  WidgetsFlutterBinding.ensureInitialized();
  await setUp();
  runApp(const SizedBox());
}
`;
const FOREGROUND = 'isForegroundMode: true,';
const HOSTS = `android {
    namespace = "com.example.demo"
    compileSdk = flutter.compileSdkVersion
    defaultConfig {
        applicationId = "com.example.demo"
        minSdk = flutter.minSdkVersion
        targetSdk = flutter.targetSdkVersion
    }
}
`;

describeSituations('the service of a plugin without a type (A22)', {
  'flutter_background_service, untouched': {
    ...dart([SERVICE], configures(FOREGROUND)),
    finds: ['A22 lib/main.dart:6'],
    says: 'no manifest gives it a foregroundServiceType',
  },
  flutter_foreground_task: {
    ...dart(
      ['flutter_foreground_task: ^8.0.0'],
      `import 'package:flutter_foreground_task/flutter_foreground_task.dart';
Future<void> start() => FlutterForegroundTask.startService(notificationTitle: 'a', notificationText: 'b');
void main() {}
`,
    ),
    finds: ['A22 lib/main.dart:2'],
  },
  'its element has none': {
    ...dart([SERVICE], configures(FOREGROUND), {
      [MANIFEST]: typed().replace(' android:foregroundServiceType="dataSync"', ''),
    }),
    finds: ['A22 lib/main.dart:6'],
  },
  'sound: the manifest has one': dart([SERVICE], configures(FOREGROUND), { [MANIFEST]: typed() }),
  'sound: it stays in the background': dart([SERVICE], configures('isForegroundMode: false,')),
  'sound: the build has one': dart([SERVICE], configures(FOREGROUND), {
    [BUILD]: `android {
    namespace "com.example.demo"
    compileSdk 36
    defaultConfig {
        applicationId "com.example.demo"
        minSdk 24
        targetSdk 36
        manifestPlaceholders['foregroundServiceType'] = 'dataSync'
    }
}
`,
  }),
});

describeSituations('the targetSdk of Flutter itself', {
  'by the Dart that the app asks for': {
    ...dart([SERVICE], configures(FOREGROUND), {
      [BUILD]: HOSTS,
      'pubspec.yaml': pubspec([SERVICE], 'environment:\n  sdk: ^3.6.0\n'),
    }),
    finds: ['A22 lib/main.dart:6'],
  },
  'by the Flutter that pub took': {
    ...dart([SERVICE], configures(FOREGROUND), {
      [BUILD]: HOSTS.replace('targetSdk =', 'targetSdkVersion'),
      'pubspec.lock': 'sdks:\n  dart: ">=3.5.0 <4.0.0"\n  flutter: ">=3.29.0"\n',
    }),
    finds: ['A22 lib/main.dart:6'],
  },
  'sound: an older Flutter may build it': dart([SERVICE], configures(FOREGROUND), {
    [BUILD]: HOSTS,
    'pubspec.yaml': pubspec([SERVICE], 'environment:\n  sdk: ">=3.5.0 <4.0.0"\n'),
  }),
  'sound: a level of its own': dart([SERVICE], configures(FOREGROUND), {
    [BUILD]: HOSTS.replace('flutter.targetSdkVersion', '33'),
    'pubspec.yaml': pubspec([SERVICE], 'environment:\n  sdk: ^3.6.0\n'),
  }),
});

const CHANNEL = `${FOREGROUND} notificationChannelId: kChannel,`;
const withId = (main: string) => `${main}\nconst kChannel = 'my_foreground';\n`;

describeSituations('the channel that a plugin’s service is given (A63)', {
  'nobody makes it': {
    ...dart([SERVICE], withId(configures(CHANNEL)), { [MANIFEST]: typed() }),
    finds: ['A63 lib/main.dart:8'],
    says: '“my_foreground” is made nowhere',
  },
  'the service shows a notification of it when it is too late': {
    ...dart(
      [SERVICE],
      withId(configures(CHANNEL)) +
        "final details = AndroidNotificationDetails(kChannel, 'Sync', ongoing: true);\n",
      { [MANIFEST]: typed() },
    ),
    finds: ['A63 lib/main.dart:8'],
  },
  'sound: it is made in another file': dart([SERVICE], withId(configures(CHANNEL)), {
    [MANIFEST]: typed(),
    'lib/notifications.dart':
      "const channel = AndroidNotificationChannel('my_foreground', 'Sync');\n",
  }),
  'sound: in Kotlin': dart([SERVICE], withId(configures(CHANNEL)), {
    [MANIFEST]: typed(),
    'android/app/src/main/java/com/example/demo/Channels.kt':
      'package com.example.demo\n\nfun make(m: NotificationManager) = m.createNotificationChannel(NotificationChannel("my_foreground", "Sync", 2))\n',
  }),
  'sound: the plugin makes its own': dart([SERVICE], configures(FOREGROUND), {
    [MANIFEST]: typed(),
  }),
});

describeSituations('a plugin starts its service after a restart (A49)', {
  'of the type dataSync': {
    ...dart([SERVICE], configures(`autoStartOnBoot: true, ${FOREGROUND}`), {
      [MANIFEST]: typed(),
    }),
    finds: ['A49 lib/main.dart:6'],
    says: 'after a restart of the device',
  },
  'sound: it does not': dart([SERVICE], configures(`autoStartOnBoot: false, ${FOREGROUND}`), {
    [MANIFEST]: typed(),
  }),
  'sound: of a type that may': dart([SERVICE], configures(`autoStartOnBoot: true, ${FOREGROUND}`), {
    [MANIFEST]: typed('remoteMessaging'),
  }),
});

const ALARMS = 'android_alarm_manager_plus: ^4.0.7';
const alarm = (
  call: string,
) => `import 'package:android_alarm_manager_plus/android_alarm_manager_plus.dart';
import 'package:flutter/material.dart';

@pragma('vm:entry-point')
void ring() {}

void main() async {
  WidgetsFlutterBinding.ensureInitialized();
  await AndroidAlarmManager.initialize();
  await AndroidAlarmManager.${call};
  runApp(const SizedBox());
}
`;
const PLUS = 'dev.fluttercommunity.plus.androidalarmmanager';
const OF_PLUS = `        <service android:name="${PLUS}.AlarmService" android:permission="android.permission.BIND_JOB_SERVICE" android:exported="false" />
        <receiver android:name="${PLUS}.AlarmBroadcastReceiver" android:exported="false" />`;
const PERIODIC = 'periodic(const Duration(hours: 1), 0, ring, wakeup: true)';

describeSituations('what android_alarm_manager_plus leaves to the app (A45)', {
  'nothing of it is in the manifest': {
    ...dart([ALARMS], alarm(PERIODIC)),
    finds: ['A45 lib/main.dart:10'],
    says: 'no manifest has a service of AlarmService',
  },
  'the receiver is not': {
    ...dart([ALARMS], alarm(PERIODIC), {
      [MANIFEST]: manifest(OF_PLUS.split('\n')[0]),
    }),
    finds: ['A45 lib/main.dart:10'],
    says: 'AlarmBroadcastReceiver',
  },
  'sound: it is': dart([ALARMS], alarm(PERIODIC), { [MANIFEST]: manifest(OF_PLUS) }),
  'sound: no alarm is set': dart([ALARMS], alarm('cancel(0)')),
});

const EXACT = 'oneShotAt(DateTime(2030), 1, ring, exact: true, wakeup: true)';

describeSituations('an exact alarm of Dart (A47)', {
  'no permission': {
    ...dart([ALARMS], alarm(EXACT), { [MANIFEST]: manifest(OF_PLUS) }),
    finds: ['A47 lib/main.dart:10'],
    says: 'no exact alarm is set',
  },
  'an alarm clock': {
    ...dart([ALARMS], alarm(EXACT.replace('exact', 'alarmClock')), {
      [MANIFEST]: manifest(OF_PLUS),
    }),
    finds: ['A47 lib/main.dart:10'],
  },
  'sound: it is asked for': dart([ALARMS], alarm(EXACT), {
    [MANIFEST]: manifest(
      OF_PLUS,
      '<uses-permission android:name="android.permission.SCHEDULE_EXACT_ALARM" />',
    ),
  }),
  'sound: a periodic one is never exact': dart(
    [ALARMS],
    alarm(PERIODIC.replace('wakeup', 'exact')),
    { [MANIFEST]: manifest(OF_PLUS) },
  ),
});

const WORK = 'workmanager: ^0.9.0';
const works = (setUp: string) => `import 'package:workmanager/workmanager.dart';
import 'package:flutter/material.dart';

void main() async {
  WidgetsFlutterBinding.ensureInitialized();
  ${setUp}
  await Workmanager().registerOneOffTask('upload', 'upload');
  runApp(const SizedBox());
}
`;

describeSituations('work whose callback nothing hands over (F05)', {
  'initialize is not called': {
    ...dart([WORK], works('')),
    finds: ['F05 lib/main.dart:7'],
    says: 'nothing calls initialize of workmanager',
  },
  'sound: by an object in a field': dart([WORK], works('await Jobs().start();'), {
    'lib/jobs.dart': `import 'package:workmanager/workmanager.dart';
class Jobs {
  final _manager = Workmanager();
  Future<void> start() => _manager.initialize(run);
}
@pragma('vm:entry-point')
void run() => Workmanager().executeTask((task, data) async => true);
`,
  }),
  'sound: work is only taken back': dart(
    [WORK],
    works('').replace("registerOneOffTask('upload', 'upload')", 'cancelAll()'),
  ),
});

describeSituations('other plugins that keep a handle (F05)', {
  'the headless task of flutter_background_geolocation': {
    ...dart(
      ['flutter_background_geolocation: ^4.16.0'],
      `import 'package:flutter/material.dart';
import 'package:flutter_background_geolocation/flutter_background_geolocation.dart' as bg;
void headlessTask(bg.HeadlessEvent event) async {
  print(event);
}
void main() {
  runApp(const SizedBox());
  bg.BackgroundGeolocation.registerHeadlessTask(headlessTask);
}
`,
    ),
    finds: ['F05 lib/main.dart:3'],
  },
  'the callback of flutter_downloader, a method': {
    ...dart(
      ['flutter_downloader: ^1.11.8'],
      `import 'package:flutter_downloader/flutter_downloader.dart';
class Downloads {
  void start() {
    FlutterDownloader.registerCallback(onProgress);
  }
  void onProgress(String id, int status, int progress) {}
}
`,
    ),
    finds: ['F05 lib/main.dart:4'],
  },
  'sound: kept, and static': dart(
    ['flutter_downloader: ^1.11.8'],
    `import 'package:flutter_downloader/flutter_downloader.dart';
class Downloads {
  void start() {
    FlutterDownloader.registerCallback(onProgress);
  }
  @pragma('vm:entry-point')
  static void onProgress(String id, int status, int progress) {}
}
`,
  ),
});

const FETCH = 'background_fetch: ^1.3.8';
const HTTP = 'http: ^1.2.0';
const IOS_FETCH = {
  [PLIST]: background(['fetch'], ['com.transistorsoft.fetch']),
};
const ends = (event: string, timeout: string, headless: string) =>
  dart(
    [FETCH, HTTP],
    `import 'package:background_fetch/background_fetch.dart';
import 'package:flutter/material.dart';
import 'package:http/http.dart' as http;

@pragma('vm:entry-point')
void headlessTask(HeadlessTask task) async {
  String taskId = task.taskId;
  ${headless}
}

Future<void> sync() async {
  await http.get(Uri.parse('https://example.com'));
}

void main() {
  runApp(const SizedBox());
  BackgroundFetch.registerHeadlessTask(headlessTask);
  setUp();
}

Future<void> setUp() async {
  await BackgroundFetch.configure(
    BackgroundFetchConfig(minimumFetchInterval: 15, stopOnTerminate: false, enableHeadless: true),
    (String taskId) async {
      ${event}
    }, (String taskId) async {
      ${timeout}
    });
}
`,
    IOS_FETCH,
  );
const DONE = 'BackgroundFetch.finish(taskId);';
const SOUND = `try { await sync(); } finally { ${DONE} }`;

describeSituations('a run of background_fetch that is not finished (F14)', {
  'headless, when the time is over': {
    ...ends(SOUND, DONE, `if (task.timeout) { print('timeout'); return; } await sync(); ${DONE}`),
    finds: ['F14 lib/main.dart:8'],
    says: 'this path leaves',
  },
  'where it worked alone': {
    ...ends(
      `final answer = await http.get(Uri.parse('https://example.com'));\n      if (answer.statusCode == 200) { ${DONE} }`,
      DONE,
      SOUND,
    ),
    finds: ['F14 lib/main.dart:24'],
    says: 'there is a path',
  },
  'in front of what fails': {
    ...ends(`try { await sync(); ${DONE} } catch (e) { print(e); }`, DONE, SOUND),
    finds: ['F14 lib/main.dart:24'],
  },
  never: {
    ...ends('await sync();', DONE, SOUND),
    finds: ['F14 lib/main.dart:24'],
    says: 'this callback never calls BackgroundFetch.finish',
  },
  'by the timeout': {
    ...ends(SOUND, 'print(taskId);', SOUND),
    finds: ['F14 lib/main.dart:26'],
  },
  'one branch of two': {
    ...ends(`if (taskId == 'a') { await sync(); } else { ${DONE} }`, DONE, SOUND),
    finds: ['F14 lib/main.dart:24'],
  },
  'sound: both branches': ends(
    `if (taskId == 'a') { await sync(); ${DONE} } else if (taskId == 'b') { ${DONE} } else ${DONE}`,
    DONE,
    `if (task.timeout) { ${DONE} return; } ${SOUND}`,
  ),
  'sound: caught, and on with it': ends(
    `try { await sync(); } on FormatException catch (e) { print(e); } catch (e) { print(e); }\n      ${DONE}`,
    DONE,
    `for (var i = 0; i < 2; i += 1) { await sync(); } ${DONE}`,
  ),
  'sound: left inside of what finishes': ends(
    `try { if (taskId == 'a') return; await sync(); } finally { ${DONE} }`,
    DONE,
    `switch (taskId) { case 'a': await sync(); break; } ${DONE}`,
  ),
  'sound: behind the work, in a closure': ends(
    'await sync().whenComplete(() => BackgroundFetch.finish(taskId));',
    DONE,
    'await sync().whenComplete(() => BackgroundFetch.finish(taskId));',
  ),
  'sound: in a function that gets the id': ends(
    'await Runner.of(taskId);',
    DONE,
    'await work(task);\n}\nFuture<void> work(HeadlessTask task) async {\n  BackgroundFetch.finish(task.taskId);',
  ),
  'sound: what is thrown': ends(`if (taskId == 'a') throw StateError('x'); ${DONE}`, DONE, SOUND),
});

describeSituations('work of a function that gives no Future (F11)', {
  'async, and void': {
    ...ends(`send(); ${DONE}`, DONE, SOUND),
    files: {
      ...ends(`send(); ${DONE}`, DONE, SOUND).files,
      'lib/send.dart': `import 'package:http/http.dart' as http;
void send() async {
  await http.get(Uri.parse('https://example.com'));
}
`,
    },
    finds: ['F11 lib/main.dart:25'],
  },
});

const named = (code: string, knows = "case 'sync': await sync(); case 'tidy': await sync();") =>
  dart(
    [WORK],
    `import 'package:workmanager/workmanager.dart';
import 'package:flutter/material.dart';

const tidyTask = 'tidy';
Future<void> sync() async => Future.delayed(Duration.zero);
@pragma('vm:entry-point')
void run() {
  Workmanager().executeTask((task, data) async {
    switch (task) { ${knows} }
    return true;
  });
}

void main() async {
  WidgetsFlutterBinding.ensureInitialized();
  await Workmanager().initialize(run);
  ${code}
  runApp(const SizedBox());
}
`,
    { [PLIST]: background(['fetch'], ['1', '2', 'sync']) },
  );

describeSituations('names of work (F15)', {
  'two under one': {
    ...named(
      "Workmanager().registerPeriodicTask('1', 'sync');\n  Workmanager().registerPeriodicTask('1', tidyTask);",
    ),
    finds: ['F15 lib/main.dart:18'],
    says: 'tidy is asked for under 1, which is taken by sync',
  },
  'once, and again and again': {
    ...named(
      "Workmanager().registerPeriodicTask('1', 'sync');\n  Workmanager().registerOneOffTask('1', 'sync');",
    ),
    finds: ['F15 lib/main.dart:18'],
  },
  'in functions of their own': {
    ...named(
      "first(); second();\n}\nvoid first() {\n  Workmanager().registerPeriodicTask('1', 'sync');\n}\nvoid second() {\n  Workmanager().registerPeriodicTask('1', 'tidy');",
    ),
    finds: ['F15 lib/main.dart:23'],
  },
  'a task that the callback does not know': {
    ...named("Workmanager().registerPeriodicTask('1', 'syncs');"),
    finds: ['F15 lib/main.dart:17'],
    says: "did you mean 'sync'?",
  },
  'sound: names of their own': named(
    "Workmanager().registerPeriodicTask('1', 'sync');\n  Workmanager().registerOneOffTask('2', tidyTask);",
  ),
  'sound: the same, asked for twice': named(
    "Workmanager().registerPeriodicTask('1', 'sync');\n  Workmanager().registerPeriodicTask('1', 'sync', initialDelay: Duration(hours: 1));",
  ),
  'sound: one or the other': named(
    "if (DateTime.now().hour > 12) {\n    Workmanager().registerPeriodicTask('1', 'sync');\n  } else {\n    Workmanager().registerPeriodicTask('1', 'tidy');\n  }",
  ),
  'sound: one takes the place of the other': named(
    "first();\n}\nvoid first() {\n  Workmanager().registerPeriodicTask('1', 'sync');\n}\nvoid second() {\n  Workmanager().registerPeriodicTask('1', 'tidy', existingWorkPolicy: ExistingPeriodicWorkPolicy.update);",
  ),
  'sound: cancelled in between': named(
    "first();\n}\nvoid first() {\n  Workmanager().registerPeriodicTask('1', 'sync');\n}\nvoid second() {\n  Workmanager().cancelByUniqueName('1');\n  Workmanager().registerPeriodicTask('1', 'tidy');",
  ),
  'sound: a default': named(
    "Workmanager().registerPeriodicTask('1', 'other');",
    "case 'sync': await sync(); default: await sync();",
  ),
  'sound: on iOS the unique name is what it gets': named(
    "Workmanager().registerPeriodicTask('sync', 'other');",
  ),
});

describeSituations('ids of alarms (F15)', {
  'two callbacks under one': {
    ...dart(
      [ALARMS],
      `${alarm('periodic(Duration(hours: 1), 0, ring);\n  await AndroidAlarmManager.periodic(Duration(hours: 2), 0, other)')}
@pragma('vm:entry-point')
void other() {}
`,
      { [MANIFEST]: manifest(OF_PLUS) },
    ),
    finds: ['F15 lib/main.dart:11'],
  },
});

describeSituations('periodic work that each start begins anew (A14)', {
  replaced: {
    ...named(
      "Workmanager().registerPeriodicTask('1', 'sync', existingWorkPolicy: ExistingPeriodicWorkPolicy.replace);",
    ),
    finds: ['A14 lib/main.dart:17'],
  },
  'behind cancelAll, in what main calls': {
    ...named(
      "await start();\n}\nFuture<void> start() async {\n  await Workmanager().cancelAll();\n  await Workmanager().registerPeriodicTask('1', 'sync');",
    ),
    finds: ['A14 lib/main.dart:21'],
  },
  'sound: kept': named(
    "Workmanager().registerPeriodicTask('1', 'sync', existingWorkPolicy: ExistingPeriodicWorkPolicy.keep);",
  ),
  'sound: by a button': named(
    "print(1);\n}\nvoid onPressed() {\n  Workmanager().cancelAll();\n  Workmanager().registerPeriodicTask('1', 'sync', existingWorkPolicy: ExistingPeriodicWorkPolicy.replace);",
  ),
});
