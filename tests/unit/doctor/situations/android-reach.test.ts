import { manifest } from '../../../helpers/doctor-bases.ts';
import { BUILD, MANIFEST, SOURCES, java, kotlin, withWork } from '../checks/android-files.ts';
import { APP, PERIODIC, WORKER } from './android-apps.ts';
import { describeSituations } from './situation.ts';

/** Reached, or only there: every check of Kotlin and Java asks the first. */

const SYNC = `${SOURCES}/Sync.kt`;
const WORK = { [BUILD]: withWork('2.11.2') };
const REMOVED = `        <provider android:name="androidx.startup.InitializationProvider" android:authorities="\${applicationId}.androidx-startup" android:exported="false" tools:node="merge">
            <meta-data android:name="androidx.work.WorkManagerInitializer" android:value="androidx.startup" tools:node="remove" />
        </provider>`;
const INITIALIZE = 'WorkManager.initialize(this, Configuration.Builder().build())';
const app = (body: string, more = ''): string =>
  kotlin(`class App : Application() {
  override fun onCreate() {
    super.onCreate()
    ${body}
  }
  ${more}
}`);
const removed = (files: Readonly<Record<string, string>>) => ({
  base: 'react-native' as const,
  files: { ...WORK, [MANIFEST]: manifest(REMOVED), ...files },
});

describeSituations('WorkManager without its initializer is started, or only named (A06)', {
  'in a helper that nothing calls': {
    ...removed({ [APP]: app('', `private fun startWork() { ${INITIALIZE} }`) }),
    finds: [`A06 ${MANIFEST}:5`],
    says: 'startWork is never called',
  },
  'in debug builds alone': {
    ...removed({ [APP]: app(`if (BuildConfig.DEBUG) ${INITIALIZE}`) }),
    finds: [`A06 ${MANIFEST}:5`],
    says: 'debug builds',
  },
  'behind a return': {
    ...removed({ [APP]: app(`return\n    ${INITIALIZE}`) }),
    finds: [`A06 ${MANIFEST}:5`],
    says: 'behind the return',
  },
  'in an activity, which no job starts': {
    ...removed({
      [APP]: kotlin(
        `class MainActivity : ReactActivity() {\n  override fun onCreate(state: Bundle?) {\n    ${INITIALIZE}\n  }\n}`,
      ),
    }),
    finds: [`A06 ${MANIFEST}:5`],
    says: 'MainActivity.onCreate alone',
  },
  'in a method that JavaScript calls': {
    ...removed({
      [APP]: kotlin(
        `class SyncModule(c: ReactApplicationContext) : ReactContextBaseJavaModule(c) {\n  @ReactMethod\n  fun start() { ${INITIALIZE} }\n}`,
      ),
    }),
    finds: [`A06 ${MANIFEST}:5`],
    says: 'SyncModule.start alone',
  },
  'a provider that is no Application': {
    ...removed({
      [APP]: kotlin(
        'object WorkConfig : Configuration.Provider {\n  override val workManagerConfiguration get() = Configuration.Builder().build()\n}',
      ),
    }),
    finds: [`A06 ${MANIFEST}:5`],
    says: 'no Application',
  },
  'sound: in a helper of the Application': removed({
    [APP]: app('startWork()', `private fun startWork() { ${INITIALIZE} }`),
  }),
  'sound: in a helper two calls away, of another class': removed({
    [APP]: app('Boot(this).run()'),
    [SYNC]: kotlin(
      `class Boot(private val app: Application) {\n  fun run() { work() }\n  private fun work() = WorkManager.initialize(app, Configuration.Builder().build())\n}`,
    ),
  }),
  'sound: a provider through a class of the app': removed({
    [APP]: kotlin(
      'abstract class BaseApp : MultiDexApplication()\nclass App : BaseApp(), Configuration.Provider {\n  override val workManagerConfiguration get() = Configuration.Builder().build()\n}',
    ),
  }),
  'sound: by an initializer of the app’s own': removed({
    [SYNC]: kotlin(
      `class SyncInitializer : Initializer<WorkManager> {\n  override fun create(context: Context): WorkManager {\n    WorkManager.initialize(context, Configuration.Builder().build())\n    return WorkManager.getInstance(context)\n  }\n}`,
    ),
  }),
});

describeSituations('WorkManager is initialized twice, where it is reached (A30)', {
  'in a helper': {
    base: 'react-native',
    files: { ...WORK, [APP]: app('startWork()', `private fun startWork() { ${INITIALIZE} }`) },
    finds: [`A30 ${APP}:10`],
  },
  'sound: in debug builds alone': {
    base: 'react-native',
    files: { ...WORK, [APP]: app(`if (BuildConfig.DEBUG) { ${INITIALIZE} }`) },
  },
  'sound: in what nothing calls': {
    base: 'react-native',
    files: { ...WORK, [APP]: app('', `private fun startWork() { ${INITIALIZE} }`) },
  },
  'sound: a provider that nobody asks': {
    base: 'react-native',
    files: {
      ...WORK,
      [APP]: kotlin(
        'object WorkConfig : Configuration.Provider {\n  override val workManagerConfiguration get() = Configuration.Builder().setWorkerFactory(Factory()).build()\n}',
      ),
    },
  },
});

const ENQUEUE = `WorkManager.getInstance(this).enqueue(${PERIODIC})`;
const REPLACE = `WorkManager.getInstance(this).enqueueUniquePeriodicWork("s", ExistingPeriodicWorkPolicy.CANCEL_AND_REENQUEUE, ${PERIODIC})`;
const SOUND_WORKER = kotlin(
  'class SyncWorker(context: Context, params: WorkerParameters) : CoroutineWorker(context, params) {\n  override suspend fun doWork(): Result = Result.success()\n}',
);
const started = (files: Readonly<Record<string, string>>) => ({
  base: 'react-native' as const,
  files: { ...WORK, [WORKER]: SOUND_WORKER, ...files },
});

describeSituations('periodic work that each start enqueues (A14, A38)', {
  'three calls away': {
    ...started({
      [APP]: app(
        'a()',
        `private fun a() = b()\n  private fun b() { c() }\n  private fun c() { ${ENQUEUE} }`,
      ),
    }),
    finds: [`A38 ${APP}:12`],
  },
  'in a coroutine': {
    ...started({ [APP]: app(`scope.launch(Dispatchers.IO) { ${ENQUEUE} }`) }),
    finds: [`A38 ${APP}:8`],
  },
  'by a top-level function': {
    ...started({
      [APP]: app('scheduleSync(this)'),
      [SYNC]: kotlin(
        `fun scheduleSync(context: Context) {\n  WorkManager.getInstance(context).enqueue(${PERIODIC})\n}`,
      ),
    }),
    finds: [`A38 ${SYNC}:6`],
  },
  'by a companion': {
    ...started({
      [APP]: app('SyncScheduler.schedule(this)'),
      [SYNC]: kotlin(
        `class SyncScheduler {\n  companion object {\n    fun schedule(context: Context) {\n      ${REPLACE}\n    }\n  }\n}`,
      ),
    }),
    finds: [`A14 ${SYNC}:8`],
  },
  'by a provider': {
    ...started({
      [SYNC]: kotlin(
        `class Boot : ContentProvider() {\n  override fun onCreate(): Boolean {\n    ${REPLACE}\n    return true\n  }\n}`,
      ),
    }),
    finds: [`A14 ${SYNC}:7`],
  },
  'as a screen appears, in Java': {
    ...started({
      [`${SOURCES}/MainActivity.java`]: java(
        'public class MainActivity extends ReactActivity {\n  @Override\n  protected void onResume() {\n    super.onResume();\n    schedule();\n  }\n  private void schedule() {\n    PeriodicWorkRequest r = new PeriodicWorkRequest.Builder(SyncWorker.class, 1, TimeUnit.HOURS).build();\n    WorkManager.getInstance(this).enqueueUniquePeriodicWork("s", ExistingPeriodicWorkPolicy.REPLACE, r);\n  }\n}',
      ),
    }),
    finds: [`A14 ${SOURCES}/MainActivity.java:13`],
  },
  'sound: when a person asks for it': started({
    [APP]: app(`button.setOnClickListener { ${ENQUEUE} }`),
  }),
  'sound: when JavaScript asks for it': started({
    [SYNC]: kotlin(
      `class SyncModule(c: ReactApplicationContext) : ReactContextBaseJavaModule(c) {\n  @ReactMethod\n  fun start() { ${REPLACE} }\n}`,
    ),
  }),
  'sound: in debug builds alone': started({ [APP]: app(`if (BuildConfig.DEBUG) { ${REPLACE} }`) }),
  'sound: a method of that name in another class': started({
    [APP]: app('Analytics.start(this)'),
    [SYNC]: kotlin(
      `object Analytics { fun start(c: Context) {} }\nclass Sync(c: Context) {\n  fun start() { ${REPLACE} }\n}`,
    ),
  }),
});

const FOREGROUND = `class SyncWorker(context: Context, params: WorkerParameters) : CoroutineWorker(context, params) {
  override suspend fun doWork(): Result {
    show()
    return Result.success()
  }
`;

describeSituations('a foreground service that is reached (A22)', {
  'from a helper of the worker': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(`${FOREGROUND}  private suspend fun show() { setForeground(info()) }\n}`),
    },
    finds: [`A22 ${WORKER}:10`],
  },
  'from an extension in another file': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(`${FOREGROUND}}`),
      [SYNC]: kotlin('suspend fun CoroutineWorker.show() {\n  setForeground(info())\n}'),
    },
    finds: [`A22 ${SYNC}:6`],
    says: 'SyncWorker calls setForeground',
  },
  'a service through a helper': {
    base: 'react-native',
    files: {
      [SYNC]: kotlin(`class SyncService : Service() {
  override fun onStartCommand(intent: Intent?, flags: Int, id: Int): Int {
    Notices.show(this)
    return START_STICKY
  }
}
object Notices {
  fun show(service: Service) { service.startForeground(1, notice()) }
}`),
      [MANIFEST]: manifest('        <service android:name=".SyncService" />'),
    },
    finds: [`A22 ${MANIFEST}:4`],
  },
  'sound: in a helper that nothing calls': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(
        `${FOREGROUND}  private fun show() {}\n  private suspend fun old() { setForeground(info()) }\n}`,
      ),
    },
  },
});

const HEADLESS = 'class SyncService : HeadlessJsTaskService()';

describeSituations('a service that the background starts (A29)', {
  'through a helper': {
    base: 'react-native',
    files: {
      [SYNC]: kotlin(`${HEADLESS}
class BootReceiver : BroadcastReceiver() {
  override fun onReceive(context: Context, intent: Intent) { launch(context) }
  private fun launch(context: Context) { context.startService(Intent(context, SyncService::class.java)) }
}`),
    },
    finds: [`A29 ${SYNC}:8`],
    says: 'BootReceiver starts SyncService',
  },
  'through an object of another file': {
    base: 'react-native',
    files: {
      ...WORK,
      [SYNC]: kotlin(`${HEADLESS}
object Starter { fun go(context: Context) { context.startService(Intent(context, SyncService::class.java)) } }`),
      [WORKER]: kotlin(
        'class SyncWorker(c: Context, p: WorkerParameters) : CoroutineWorker(c, p) {\n  override suspend fun doWork(): Result {\n    Starter.go(applicationContext)\n    return Result.success()\n  }\n}',
      ),
    },
    finds: [`A29 ${SYNC}:6`],
    says: 'SyncWorker starts SyncService',
  },
  'sound: from a screen': {
    base: 'react-native',
    files: {
      [SYNC]: kotlin(`${HEADLESS}
class MainActivity : ReactActivity() {
  override fun onResume() { startService(Intent(this, SyncService::class.java)) }
}`),
    },
  },
  'sound: in a receiver, in debug builds alone': {
    base: 'react-native',
    files: {
      [SYNC]: kotlin(`${HEADLESS}
class BootReceiver : BroadcastReceiver() {
  override fun onReceive(context: Context, intent: Intent) {
    if (!BuildConfig.DEBUG) return
    context.startService(Intent(context, SyncService::class.java))
  }
}`),
    },
  },
});

describeSituations('what a worker’s helpers do (A16, A18)', {
  'runBlocking in a helper': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(`class SyncWorker(c: Context, p: WorkerParameters) : Worker(c, p) {
  override fun doWork(): Result = upload()
  private fun upload(): Result = runBlocking { Result.success() }
}`),
    },
    finds: [`A18 ${WORKER}:7`],
    says: 'doWork of SyncWorker',
  },
  'sound: runBlocking that no worker reaches': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(`class SyncWorker(c: Context, p: WorkerParameters) : CoroutineWorker(c, p) {
  override suspend fun doWork(): Result = Result.success()
  private fun forTests() = runBlocking { doWork() }
}`),
    },
  },
  'withTimeout in a helper': {
    base: 'react-native',
    files: {
      [BUILD]: withWork('2.10.1'),
      [APP]: app(
        `WorkManager.getInstance(this).enqueueUniquePeriodicWork("s", ExistingPeriodicWorkPolicy.KEEP, ${PERIODIC})`,
      ),
      [WORKER]: kotlin(`class SyncWorker(c: Context, p: WorkerParameters) : CoroutineWorker(c, p) {
  override suspend fun doWork(): Result = upload()
  private suspend fun upload(): Result = withTimeout(1000) { Result.success() }
}`),
    },
    finds: [`A16 ${WORKER}:7`],
  },
  'sound: withTimeout in a helper, caught by the caller': {
    base: 'react-native',
    files: {
      [BUILD]: withWork('2.10.1'),
      [APP]: app(
        `WorkManager.getInstance(this).enqueueUniquePeriodicWork("s", ExistingPeriodicWorkPolicy.KEEP, ${PERIODIC})`,
      ),
      [WORKER]: kotlin(`class SyncWorker(c: Context, p: WorkerParameters) : CoroutineWorker(c, p) {
  override suspend fun doWork(): Result {
    return try { upload() } catch (e: Exception) { Result.retry() }
  }
  private suspend fun upload(): Result = withTimeout(1000) { Result.success() }
}`),
    },
  },
});

const EXTRA_WORKER = kotlin(
  'class SyncWorker(context: Context, params: WorkerParameters, private val repo: Repo) : CoroutineWorker(context, params) {\n  override suspend fun doWork(): Result = Result.success()\n}',
);
const FACTORY = kotlin(`class SyncFactory(private val repo: Repo) : WorkerFactory() {
  override fun createWorker(context: Context, name: String, params: WorkerParameters): ListenableWorker? =
    if (name == SyncWorker::class.java.name) SyncWorker(context, params, repo) else null
}`);
const provider = (builder: string): string =>
  kotlin(
    `class App : Application(), Configuration.Provider {\n  override val workManagerConfiguration get() = Configuration.Builder()${builder}.build()\n}`,
  );

describeSituations('a factory that WorkManager gets, or that is only there (A31)', {
  'no configuration sets it': {
    ...removed({ [WORKER]: EXTRA_WORKER, [SYNC]: FACTORY, [APP]: provider('') }),
    finds: [`A31 ${WORKER}:5`],
    says: 'SyncFactory',
  },
  'another one is set': {
    ...removed({
      [WORKER]: EXTRA_WORKER,
      [SYNC]: FACTORY,
      [APP]: provider('.setWorkerFactory(WorkerFactory.getDefaultWorkerFactory())'),
    }),
    finds: [`A31 ${WORKER}:5`],
    says: 'SyncFactory',
  },
  'HiltWorkerFactory is injected, and not set': {
    ...removed({
      [WORKER]: kotlin(`@HiltWorker
class SyncWorker @AssistedInject constructor(@Assisted context: Context, @Assisted params: WorkerParameters, val repo: Repo) : CoroutineWorker(context, params) {
  override suspend fun doWork(): Result = Result.success()
}`),
      [APP]: kotlin(`@HiltAndroidApp
class App : Application(), Configuration.Provider {
  @Inject lateinit var workerFactory: HiltWorkerFactory
  override val workManagerConfiguration get() = Configuration.Builder().build()
}`),
    }),
    finds: [`A31 ${WORKER}:6`],
  },
  'sound: it is set': removed({
    [WORKER]: EXTRA_WORKER,
    [SYNC]: FACTORY,
    [APP]: provider('.setWorkerFactory(SyncFactory(Repo()))'),
  }),
  'sound: among others': removed({
    [WORKER]: EXTRA_WORKER,
    [SYNC]: FACTORY,
    [APP]: provider(
      '.setWorkerFactory(DelegatingWorkerFactory().apply { addFactory(SyncFactory(Repo())) })',
    ),
  }),
});

const DEAD = (code: string): Readonly<Record<string, string>> => ({
  ...WORK,
  [WORKER]: SOUND_WORKER,
  [SYNC]: kotlin(
    `class Jobs(private val context: Context) {\n  private fun old() {\n    ${code}\n  }\n}`,
  ),
});

describeSituations('sound: wrong in code that no release runs', {
  'a short period': {
    base: 'react-native',
    files: DEAD('PeriodicWorkRequestBuilder<SyncWorker>(5, TimeUnit.MINUTES).build()'),
  },
  'expedited with a delay': {
    base: 'react-native',
    files: DEAD(
      'OneTimeWorkRequestBuilder<SyncWorker>().setExpedited(P).setInitialDelay(1, TimeUnit.HOURS).build()',
    ),
  },
  APPEND: {
    base: 'react-native',
    files: DEAD('w.enqueueUniqueWork("upload", ExistingWorkPolicy.APPEND, request)'),
  },
  'a persisted job': {
    base: 'react-native',
    files: {
      [SYNC]: kotlin(
        'class Jobs {\n  fun schedule() {\n    if (BuildConfig.DEBUG) {\n      JobInfo.Builder(100_007, name).setPersisted(true).build()\n    }\n  }\n}',
      ),
    },
  },
});

const REFUSING = `class SyncFactory(private val repo: Repo) : WorkerFactory() {
  override fun createWorker(context: Context, name: String, params: WorkerParameters): ListenableWorker? {
    if (name == SyncWorker::class.java.name) return SyncWorker(context, params, repo)
    if (!BuildConfig.DEBUG) return null
    throw IllegalArgumentException(name)
  }
}`;
const ASKS = manifest(
  '',
  '<uses-permission android:name="android.permission.FOREGROUND_SERVICE_DATA_SYNC" />',
);

describeSituations('what debug builds alone do is no use of it (A08, A21)', {
  'sound: a factory that throws in debug builds': {
    base: 'react-native',
    files: {
      [BUILD]: withWork('2.11.2'),
      [`${SOURCES}/SyncFactory.kt`]: kotlin(REFUSING),
    },
  },
  'a type that a debug build alone names': {
    base: 'react-native',
    files: {
      [MANIFEST]: ASKS,
      [APP]: app(
        'if (BuildConfig.DEBUG) { println(ServiceInfo.FOREGROUND_SERVICE_TYPE_DATA_SYNC) }',
      ),
    },
    finds: [`A21 ${MANIFEST}`],
  },
});
