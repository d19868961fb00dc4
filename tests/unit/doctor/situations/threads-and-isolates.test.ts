import { BUILD, SOURCES, java, kotlin, withWork } from '../checks/android-files.ts';
import { describeSituations } from './situation.ts';
import type { Situation } from './situation.ts';

/** What a worker's thread, and an isolate of a run, do not have: a Looper (A18), the end of a post (A55), what main() made (F13). */

const WORKER = `${SOURCES}/SyncWorker.kt`;
const JAVA_WORKER = `${SOURCES}/SyncWorker.java`;
type App = Pick<Situation, 'base' | 'files'>;
const worker = (body: string, more = '', base = 'Worker'): App => ({
  base: 'react-native',
  files: {
    [BUILD]: withWork('2.11.2'),
    [WORKER]:
      kotlin(`class SyncWorker(context: Context, params: WorkerParameters) : ${base}(context, params) {
${more}
  override ${base === 'CoroutineWorker' ? 'suspend ' : ''}fun doWork(): Result {
${body}
    return Result.success()
  }
}`),
  },
});
const javaWorker = (body: string): App => ({
  base: 'react-native',
  files: {
    [BUILD]: withWork('2.11.2'),
    [JAVA_WORKER]: java(`class SyncWorker extends Worker {
  SyncWorker(Context context, WorkerParameters params) { super(context, params); }
  @Override
  public Result doWork() {
${body}
    return Result.success();
  }
}`),
  },
});
const finds = (app: App, found: string, says: string): Situation => ({
  ...app,
  finds: [found],
  says,
});
const MAIN = 'Handler(Looper.getMainLooper())';

describeSituations('a Handler of a thread without a Looper (A18)', {
  'in doWork': finds(
    worker('    val handler = Handler(Looper.myLooper()!!)\n    println(handler)'),
    `A18 ${WORKER}:8`,
    'throws in SyncWorker: its thread has no Looper',
  ),
  'a field': finds(
    worker('    println(handler)', '  private val handler = Handler()'),
    `A18 ${WORKER}:6`,
    'Handler() throws',
  ),
  'in a function that it calls': finds(
    worker('    listen()', '  private fun listen() {\n    Handler().sendEmptyMessage(1)\n  }'),
    `A18 ${WORKER}:7`,
    'Handler() throws',
  ),
  'a coroutine': finds(
    worker('    println(Handler(Looper.myLooper()!!))', '', 'CoroutineWorker'),
    `A18 ${WORKER}:8`,
    'throws',
  ),
  Java: finds(
    javaWorker('    Handler handler = new Handler();\n    handler.sendEmptyMessage(1);'),
    `A18 ${JAVA_WORKER}:9`,
    'throws',
  ),
});

describeSituations('work that is put to a Handler (A55)', {
  posted: finds(
    worker(`    ${MAIN}.post { repository.sync() }`),
    `A55 ${WORKER}:8`,
    'while what Handler.post starts is still running',
  ),
  'after a while': finds(
    worker(`    ${MAIN}.postDelayed({ upload() }, 5_000)`),
    `A55 ${WORKER}:8`,
    'Handler.postDelayed',
  ),
  'by its name, in Java': finds(
    javaWorker(
      '    Handler handler = new Handler(Looper.getMainLooper());\n    handler.postDelayed(() -> api.sendAll(), 1000);',
    ),
    `A55 ${JAVA_WORKER}:10`,
    'Handler.postDelayed',
  ),
});

describeSituations('sound: Handlers (A18, A55)', {
  'the main Looper, for the screen': worker(
    `    ${MAIN}.post { Toast.makeText(applicationContext, "done", 0).show() }`,
  ),
  'a value for the screen': worker(`    ${MAIN}.post { state.value = "done" }`),
  'a broadcast': worker(
    `    ${MAIN}.post { state.update(applicationContext.sendBroadcast(Intent("done"))) }`,
  ),
  'that is waited for': worker(
    `    val latch = CountDownLatch(1)\n    ${MAIN}.post { upload { latch.countDown() } }\n    latch.await(1, TimeUnit.MINUTES)`,
  ),
  'another class has post, too': worker('    client.post { upload() }'),
  'on the main thread': worker(
    '    withContext(Dispatchers.Main) { Handler(Looper.myLooper()!!) }',
    '',
    'CoroutineWorker',
  ),
  'with a Looper of its own': worker(
    '    Looper.prepare()\n    val handler = Handler()\n    println(handler)',
  ),
  'of an activity': {
    base: 'react-native',
    files: {
      ...worker('    println("sync")').files,
      [`${SOURCES}/MainActivity.kt`]: kotlin(
        'class MainActivity : Activity() {\n  private val handler = Handler()\n}',
      ),
    },
  },
  'made when it is asked for': worker(
    '    println("sync")',
    '  private val handler by lazy { Handler() }',
  ),
  'a function of another class': worker(
    '    println("sync")',
    '  companion object { fun forScreen() = Handler() }',
  ),
});

const flutter = (
  run: string,
  main: string,
  more = '',
  packages: readonly string[] = ['firebase_core', 'cloud_firestore'],
): App => ({
  base: 'flutter',
  files: {
    'pubspec.yaml': `name: demo\ndependencies:\n  flutter:\n    sdk: flutter\n  workmanager: ^0.9.0\n${packages.map((name) => `  ${name}: any\n`).join('')}`,
    'ios/Demo/AppDelegate.swift': `import UIKit
import workmanager_apple
@main
class AppDelegate: FlutterAppDelegate {
  override func application(_ application: UIApplication, didFinishLaunchingWithOptions options: [UIApplication.LaunchOptionsKey: Any]?) -> Bool {
    WorkmanagerPlugin.setPluginRegistrantCallback { registry in GeneratedPluginRegistrant.register(with: registry) }
    return super.application(application, didFinishLaunchingWithOptions: options)
  }
}
`,
    'lib/main.dart': `import 'package:workmanager/workmanager.dart';

@pragma('vm:entry-point')
void callbackDispatcher() {
  Workmanager().executeTask((task, data) async {
    ${run}
    return true;
  });
}

Future<void> main() async {
  WidgetsFlutterBinding.ensureInitialized();
  ${main}
  await Workmanager().initialize(callbackDispatcher);
  runApp(const App());
}
${more}
`,
  },
});
const READ = "await FirebaseFirestore.instance.collection('notes').get();";
const INIT = 'await Firebase.initializeApp();';
const HIVE = ['hive', 'hive_flutter'];

describeSituations('a callback without what main() set up (F13)', {
  Firebase: finds(flutter(READ, INIT), 'F13 lib/main.dart:6', 'calls no Firebase.initializeApp'),
  'Firebase, in a function that it calls': finds(
    flutter('await sync();', INIT, `Future<void> sync() async {\n  ${READ}\n}`),
    'F13 lib/main.dart:18',
    'calls no Firebase.initializeApp',
  ),
  'Firebase, set up by a function that main alone calls': finds(
    flutter(READ, 'await setUp();', `Future<void> setUp() async {\n  ${INIT}\n}`),
    'F13 lib/main.dart:6',
    'calls no Firebase.initializeApp',
  ),
  Hive: finds(
    flutter(
      "await Hive.box('queue').clear();",
      "await Hive.initFlutter();\n  await Hive.openBox('queue');",
      '',
      HIVE,
    ),
    'F13 lib/main.dart:6',
    'calls no Hive.openBox',
  ),
});

describeSituations('sound: callbacks that set up what they use (F13)', {
  Firebase: flutter(`${INIT}\n    ${READ}`, INIT),
  'Firebase, through a function': flutter(
    `await setUp();\n    ${READ}`,
    'await setUp();',
    `Future<void> setUp() async {\n  ${INIT}\n}`,
  ),
  'Firebase, through a class': flutter(
    `await Backend().begin();\n    ${READ}`,
    'await Backend().begin();',
    `class Backend {\n  Future<void> begin() async {\n    ${INIT}\n  }\n}`,
  ),
  'Firebase in the app alone': flutter('print(task);', `${INIT}\n  ${READ}`),
  'where it is set up is not seen': flutter(READ, 'await bootstrap();'),
  Hive: flutter(
    "await Hive.initFlutter();\n    await Hive.openBox('queue');\n    await Hive.box('queue').clear();",
    "await Hive.initFlutter();\n  await Hive.openBox('queue');",
    '',
    HIVE,
  ),
});
