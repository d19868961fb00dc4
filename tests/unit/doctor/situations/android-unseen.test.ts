import { manifest, packageJson } from '../../../helpers/doctor-bases.ts';
import { BUILD, MANIFEST, SOURCES, java, kotlin, withWork } from '../checks/android-files.ts';
import { APP, BASE_WORKER, FGS, HILT, PERIODIC, SYNC_JOB, WORKER } from './android-apps.ts';
import { describeSituations } from './situation.ts';

/** A third round of the reports' kinds on Android, in syntax that neither the reports nor their first neighbours have. */

const WORK = { [BUILD]: withWork('2.10.1') };
const INITIALIZER = `        <provider android:name="androidx.startup.InitializationProvider" android:authorities="\${applicationId}.androidx-startup" android:exported="false" tools:node="merge">
            <meta-data android:name="androidx.work.WorkManagerInitializer" android:value="androidx.startup" tools:node="remove" />
        </provider>`;
const app = (body: string, more = '') =>
  kotlin(`class App : Application() {
  override fun onCreate() {
    super.onCreate()
    ${body}
  }
${more}
}`);

describeSituations('F08, unseen: a configuration that comes too late', {
  'an expression body with run': {
    base: 'react-native',
    files: {
      ...WORK,
      [APP]: kotlin(`class App : Application(), Configuration.Provider {
  private val factory = DelegatingWorkerFactory().apply { addFactory(SyncFactory()) }
  override val workManagerConfiguration = Configuration.Builder().run {
    setWorkerFactory(factory)
    build()
  }
}`),
      [WORKER]: kotlin(BASE_WORKER),
    },
    finds: [`A30 ${APP}`],
  },
  'initialized in a companion, by JvmStatic': {
    base: 'react-native',
    files: {
      ...WORK,
      [APP]: app('WorkInit.setUp(this)'),
      [`${SOURCES}/WorkInit.kt`]: kotlin(`class WorkInit private constructor() {
  companion object {
    @JvmStatic
    fun setUp(context: Context) = WorkManager.initialize(context, Configuration.Builder().setMinimumLoggingLevel(Log.DEBUG).build())
  }
}`),
      [WORKER]: kotlin(BASE_WORKER),
    },
    finds: [`A30 ${SOURCES}/WorkInit.kt`],
  },
  'a static import of Java': {
    base: 'react-native',
    files: {
      ...WORK,
      [`${SOURCES}/App.java`]: java(`import static androidx.work.WorkManager.initialize;
public class App extends Application {
  @Override public void onCreate() {
    super.onCreate();
    initialize(this, new Configuration.Builder().build());
  }
}`),
      [WORKER]: kotlin(BASE_WORKER),
    },
    finds: [`A30 ${SOURCES}/App.java`],
  },
  'sound: removed by the meta-data of a flavor of all builds': {
    base: 'react-native',
    files: {
      ...WORK,
      [MANIFEST]: manifest(INITIALIZER),
      [APP]: kotlin(`class App : Application(), Configuration.Provider {
  override val workManagerConfiguration: Configuration by lazy { Configuration.Builder().build() }
}`),
      [WORKER]: kotlin(BASE_WORKER),
    },
  },
  'sound: initialized where it is not yet': {
    base: 'react-native',
    files: {
      ...WORK,
      [APP]: app(
        'if (!WorkManager.isInitialized()) WorkManager.initialize(this, Configuration.Builder().build())',
      ),
      [WORKER]: kotlin(BASE_WORKER),
    },
  },
});

const WITH_REPO = (header: string, body = '') => `${header} {
${body}
  override suspend fun doWork(): Result = Result.success()
}`;

describeSituations('F09, unseen: a worker that nobody can create', {
  'a lambda with a receiver': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(
        WITH_REPO(
          'class SyncWorker(context: Context, params: WorkerParameters, private val onDone: suspend SyncWorker.() -> Unit) : CoroutineWorker(context, params)',
        ),
      ),
      [APP]: app(
        'WorkManager.getInstance(this).enqueue(OneTimeWorkRequestBuilder<SyncWorker>().build())',
      ),
    },
    finds: [`A31 ${WORKER}`],
  },
  'of Koin, and Koin’s factory is not set up': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(
        WITH_REPO(
          'class SyncWorker(context: Context, params: WorkerParameters, private val repo: Repo) : CoroutineWorker(context, params)',
        ),
      ),
      [APP]: app('startKoin { androidContext(this@App); modules(appModule) }'),
    },
    finds: [`A31 ${WORKER}`],
  },
  'a local class': {
    base: 'react-native',
    files: {
      ...WORK,
      [APP]: app(
        `WorkManager.getInstance(this).enqueue(OneTimeWorkRequest.from(Holder.SyncWorker::class.java))`,
      ),
      [`${SOURCES}/Holder.kt`]: kotlin(`object Holder {
  private class SyncWorker(c: Context, p: WorkerParameters, val repo: Repo) : Worker(c, p) {
    override fun doWork(): Result = Result.success()
  }
}`),
    },
    finds: [`A31 ${SOURCES}/Holder.kt`],
  },
  'Java with Guice’s annotation': {
    base: 'react-native',
    files: {
      ...WORK,
      [`${SOURCES}/SyncWorker.java`]: java(`public class SyncWorker extends ListenableWorker {
  private final Repo repo;
  @Inject
  public SyncWorker(@NonNull Context context, @NonNull WorkerParameters params, Repo repo) {
    super(context, params);
    this.repo = repo;
  }
  @NonNull @Override public ListenableFuture<Result> startWork() { return Futures.immediateFuture(Result.success()); }
}`),
    },
    finds: [`A31 ${SOURCES}/SyncWorker.java`],
  },
  'sound: a companion beside the constructor': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(`class SyncWorker(appContext: Context, workerParams: WorkerParameters) :
  CoroutineWorker(appContext, workerParams) {
  companion object {
    const val NAME = "sync"
    fun request(repo: Repo) = OneTimeWorkRequestBuilder<SyncWorker>().build()
  }
  override suspend fun doWork() = withContext(Dispatchers.IO) { Result.success() }
}`),
    },
  },
  'sound: KoinComponent': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]:
        kotlin(`class SyncWorker(context: Context, params: WorkerParameters) : CoroutineWorker(context, params), KoinComponent {
  private val repo: Repo by inject()
  override suspend fun doWork(): Result { repo.sync(); return Result.success() }
}`),
    },
  },
  'sound: a typealias': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(`typealias Params = WorkerParameters
class SyncWorker(context: Context, params: Params) : CoroutineWorker(context, params) {
  override suspend fun doWork(): Result = Result.success()
}`),
    },
  },
  'sound: an import alias': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(`import android.content.Context as AndroidContext
class SyncWorker(context: AndroidContext, params: WorkerParameters) : CoroutineWorker(context, params) {
  override suspend fun doWork(): Result = Result.success()
}`),
    },
  },
  'sound: Hilt with a factory of the configuration in a module': {
    base: 'react-native',
    files: {
      ...HILT,
      [MANIFEST]: manifest(INITIALIZER),
      [APP]: kotlin(`@HiltAndroidApp
class App : Application(), Configuration.Provider {
  @Inject lateinit var configuration: Configuration
  override val workManagerConfiguration: Configuration get() = configuration
}`),
      [`${SOURCES}/WorkModule.kt`]: kotlin(`@Module @InstallIn(SingletonComponent::class)
object WorkModule {
  @Provides fun configuration(factory: HiltWorkerFactory): Configuration =
    Configuration.Builder().setWorkerFactory(factory).build()
}`),
      [WORKER]: kotlin(`@HiltWorker
class SyncWorker @AssistedInject constructor(
  @Assisted context: Context,
  @Assisted params: WorkerParameters,
  private val repo: Repo,
) : CoroutineWorker(context, params) {
  override suspend fun doWork(): Result { repo.sync(); return Result.success() }
}`),
    },
  },
});

const service = (code: string, element: string, beside: string) => ({
  [MANIFEST]: manifest(`        ${element}`, beside),
  [`${SOURCES}/UploadService.kt`]: kotlin(code),
});

describeSituations('F10, unseen: foreground services', {
  ServiceCompat: {
    base: 'react-native',
    files: service(
      'class UploadService : LifecycleService() {\n  override fun onCreate() {\n    super.onCreate()\n    ServiceCompat.startForeground(this, 1, notification(), ServiceInfo.FOREGROUND_SERVICE_TYPE_DATA_SYNC)\n  }\n}',
      '<service android:name=".UploadService" />',
      FGS,
    ),
    finds: [`A22 ${MANIFEST}`],
  },
  'a headless service that goes into the foreground': {
    base: 'react-native',
    files: {
      ...service(
        'class UploadService : HeadlessJsTaskService() {\n  override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {\n    startForeground(7, notice)\n    return super.onStartCommand(intent, flags, startId)\n  }\n  override fun getTaskConfig(intent: Intent?) = HeadlessJsTaskConfig("Sync", Arguments.createMap(), 5000, true)\n}',
        '<service android:name=".UploadService" android:exported="false"/>',
        FGS,
      ),
      'index.js':
        "import { AppRegistry } from 'react-native';\nimport App from './App';\nAppRegistry.registerComponent('demo', () => App);\nAppRegistry.registerHeadlessTask('Sync', () => async () => {});\n",
    },
    finds: [`A22 ${MANIFEST}`],
  },
  'the type is of a debug manifest alone': {
    base: 'react-native',
    files: {
      ...service(
        'class UploadService : Service() {\n  override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {\n    startForeground(1, notification())\n    return START_STICKY\n  }\n}',
        '<service android:name=".UploadService" />',
        FGS,
      ),
      'android/app/src/debug/AndroidManifest.xml': manifest(
        '        <service android:name=".UploadService" android:foregroundServiceType="dataSync" />',
        FGS,
      ),
    },
    finds: [`A22 ${MANIFEST}`],
  },
  'sound: a type of the library module': {
    base: 'react-native',
    files: service(
      'class UploadService : Service() {\n  override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {\n    startForeground(1, notification())\n    return START_STICKY\n  }\n  override fun onTimeout(startId: Int, fgsType: Int) = stopSelf()\n}',
      '<service\n            android:foregroundServiceType="dataSync"\n            android:name="com.example.demo.UploadService"\n            android:exported="false">\n        </service>',
      FGS,
    ),
  },
});

const enqueues = (files: Record<string, string>) => ({
  ...WORK,
  [WORKER]: kotlin(BASE_WORKER),
  ...files,
});

describeSituations('F11, unseen: periodic work that is not unique', {
  'a companion’s function with a default argument': {
    base: 'react-native',
    files: enqueues({
      [APP]: app('SyncPlan.start(this)'),
      [`${SOURCES}/SyncPlan.kt`]: kotlin(`class SyncPlan {
  companion object {
    fun start(context: Context, manager: WorkManager = WorkManager.getInstance(context)) {
      val request = PeriodicWorkRequestBuilder<SyncWorker>(Duration.ofHours(1)).addTag("sync").build()
      manager.enqueue(request)
    }
  }
}`),
    }),
    finds: [`A38 ${SOURCES}/SyncPlan.kt`],
  },
  with: {
    base: 'react-native',
    files: enqueues({
      [APP]: app(`with(WorkManager.getInstance(applicationContext)) { enqueue(${PERIODIC}) }`),
    }),
    finds: [`A38 ${APP}`],
  },
  'let on the request': {
    base: 'react-native',
    files: enqueues({
      [APP]: app(`${PERIODIC}.let { WorkManager.getInstance(this).enqueue(it) }`),
    }),
    finds: [`A38 ${APP}`],
  },
  also: {
    base: 'react-native',
    files: enqueues({
      [APP]: app(`${PERIODIC}.also { request -> WorkManager.getInstance(this).enqueue(request) }`),
    }),
    finds: [`A38 ${APP}`],
  },
  'a builder of Java over lines': {
    base: 'react-native',
    files: enqueues({
      [`${SOURCES}/App.java`]: java(`public class App extends Application {
  @Override public void onCreate() {
    super.onCreate();
    WorkManager.getInstance(this)
        .enqueue(
            new PeriodicWorkRequest.Builder(SyncWorker.class, 1, TimeUnit.HOURS)
                .setConstraints(Constraints.NONE)
                .build());
  }
}`),
    }),
    finds: [`A38 ${SOURCES}/App.java`],
  },
  'in a lifecycle observer that the application adds': {
    base: 'react-native',
    files: enqueues({
      [APP]: app(`registerActivityLifecycleCallbacks(object : ActivityLifecycleCallbacks {
      override fun onActivityCreated(activity: Activity, state: Bundle?) { WorkManager.getInstance(activity).enqueue(${PERIODIC}) }
    })`),
    }),
    finds: [`A38 ${APP}`],
  },
  'a static import of Java': {
    base: 'react-native',
    files: enqueues({
      [`${SOURCES}/App.java`]: java(`import static java.util.concurrent.TimeUnit.MINUTES;
public class App extends Application {
  @Override public void onCreate() {
    super.onCreate();
    var request = new PeriodicWorkRequest.Builder(SyncWorker.class, 30, MINUTES).build();
    WorkManager.getInstance(this).enqueue(request);
  }
}`),
    }),
    finds: [`A38 ${SOURCES}/App.java`],
  },
  'sound: in a lambda of Java that a button runs': {
    base: 'react-native',
    files: enqueues({
      [`${SOURCES}/MainActivity.java`]: java(`public class MainActivity extends ReactActivity {
  @Override protected void onCreate(Bundle state) {
    super.onCreate(state);
    button.setOnClickListener(v -> WorkManager.getInstance(this).enqueue(new PeriodicWorkRequest.Builder(SyncWorker.class, 1, TimeUnit.HOURS).build()));
  }
}`),
    }),
  },
  'sound: a builder of one-time work of the same shape': {
    base: 'react-native',
    files: enqueues({
      [APP]: app(
        'val request = OneTimeWorkRequestBuilder<SyncWorker>().build()\n    WorkManager.getInstance(this).also { it.enqueue(request) }',
      ),
    }),
  },
  'sound: a migration that runs once by a version': {
    base: 'react-native',
    files: enqueues({
      [APP]: app(
        `if (prefs.getInt("version", 0) < 3) {\n      WorkManager.getInstance(this).enqueue(${PERIODIC})\n      prefs.edit { putInt("version", 3) }\n    }`,
      ),
    }),
  },
  'sound: unique through an extension of the app': {
    base: 'react-native',
    files: enqueues({
      [APP]: app(`WorkManager.getInstance(this).enqueueSync(${PERIODIC})`),
      [`${SOURCES}/Ext.kt`]: kotlin(
        'fun WorkManager.enqueueSync(request: PeriodicWorkRequest) = enqueueUniquePeriodicWork("sync", ExistingPeriodicWorkPolicy.KEEP, request)',
      ),
    }),
  },
});

const BOOT = '<uses-permission android:name="android.permission.RECEIVE_BOOT_COMPLETED" />';
const JOB_SERVICE =
  '        <service android:name=".SyncJob" android:permission="android.permission.BIND_JOB_SERVICE" />';
const jobs = (body: string, text = manifest(JOB_SERVICE, BOOT)) => ({
  [MANIFEST]: text,
  [`${SOURCES}/SyncJob.kt`]: kotlin(SYNC_JOB),
  [`${SOURCES}/Jobs.kt`]: kotlin(
    `object Jobs {\n  fun schedule(context: Context) {\n${body}\n  }\n}`,
  ),
});

describeSituations('F14, unseen: JobScheduler by hand', {
  'an apply block': {
    base: 'react-native',
    files: jobs(
      '    val info = JobInfo.Builder(7, ComponentName(context, SyncJob::class.java)).apply {\n      setPeriodic(Duration.ofMinutes(5).toMillis())\n      setPersisted(true)\n    }.build()\n    context.getSystemService<JobScheduler>()?.schedule(info)',
      manifest(JOB_SERVICE),
    ),
    finds: [`A19 ${SOURCES}/Jobs.kt`, `A37 ${SOURCES}/Jobs.kt`],
  },
  'minutes of kotlin.time': {
    base: 'react-native',
    files: jobs(
      '    JobInfo.Builder(7, ComponentName(context, SyncJob::class.java)).setPeriodic(10.minutes.inWholeMilliseconds).build()',
    ),
    finds: [`A19 ${SOURCES}/Jobs.kt`],
  },
  'a service that another permission guards': {
    base: 'react-native',
    files: jobs(
      '    JobInfo.Builder(7, ComponentName(context, SyncJob::class.java)).setPeriodic(3_600_000L).build()',
      manifest(
        '        <service android:name=".SyncJob" android:permission="android.permission.BIND_ACCESSIBILITY_SERVICE" />',
        BOOT,
      ),
    ),
    finds: [`A36 ${MANIFEST}`],
  },
  LOCKED_BOOT_COMPLETED: {
    base: 'react-native',
    files: {
      [MANIFEST]: manifest(
        '        <receiver android:name=".BootReceiver" android:exported="true" android:directBootAware="true"><intent-filter><action android:name="android.intent.action.LOCKED_BOOT_COMPLETED" /></intent-filter></receiver>',
      ),
      [`${SOURCES}/BootReceiver.kt`]: kotlin(
        'class BootReceiver : BroadcastReceiver() {\n  override fun onReceive(c: Context, i: Intent) { Jobs.schedule(c) }\n}',
      ),
    },
    finds: [`A37 ${MANIFEST}`],
  },
  'sound: a constant of an object': {
    base: 'react-native',
    files: jobs(
      '    JobInfo.Builder(ID, ComponentName(context, SyncJob::class.java)).setPeriodic(Periods.SYNC).build()\n  }\n  const val ID = 7\n  object Periods { const val SYNC = 60L * 60 * 1000 }\n  fun other() {',
    ),
  },
});

const headless = (start: string, where: string) => ({
  'index.js':
    "import { AppRegistry } from 'react-native';\nimport App from './App';\nAppRegistry.registerComponent('demo', () => App);\nAppRegistry.registerHeadlessTask('Sync', () => async () => {});\n",
  [MANIFEST]: manifest(
    '        <service android:name=".SyncService" />\n        <receiver android:name=".NetReceiver" />',
  ),
  [`${SOURCES}/SyncService.kt`]: kotlin(
    'class SyncService : HeadlessJsTaskService() {\n  override fun getTaskConfig(intent: Intent?) = HeadlessJsTaskConfig("Sync", Arguments.createMap(), 5000, true)\n}',
  ),
  [`${SOURCES}/NetReceiver.${where}`]: where === 'kt' ? kotlin(start) : java(start),
});

describeSituations('a headless service from the background, unseen (A29)', {
  'an intent by apply': {
    base: 'react-native',
    files: headless(
      'class NetReceiver : BroadcastReceiver() {\n  override fun onReceive(context: Context, intent: Intent) {\n    Intent(context, SyncService::class.java).apply { putExtra("a", 1) }.also { context.startService(it) }\n  }\n}',
      'kt',
    ),
    finds: [`A29 ${SOURCES}/NetReceiver.kt`],
  },
  'Java, acquireWakeLockNow first': {
    base: 'react-native',
    files: headless(
      'public class NetReceiver extends BroadcastReceiver {\n  @Override public void onReceive(Context context, Intent intent) {\n    Intent service = new Intent(context, SyncService.class);\n    HeadlessJsTaskService.acquireWakeLockNow(context);\n    context.startService(service);\n  }\n}',
      'java',
    ),
    finds: [`A29 ${SOURCES}/NetReceiver.java`],
  },
  'sound: a JobIntentService of another kind': {
    base: 'react-native',
    files: headless(
      'class NetReceiver : BroadcastReceiver() {\n  override fun onReceive(context: Context, intent: Intent) {\n    WorkManager.getInstance(context).enqueueUniqueWork("sync", ExistingWorkPolicy.KEEP, request)\n  }\n}',
      'kt',
    ),
  },
});

describeSituations('F10, unseen: libraries’ services', {
  'react-native-background-actions through a namespace': {
    base: 'react-native',
    files: {
      'package.json': packageJson({
        'react-native': '0.81.6',
        'react-native-background-actions': '4.0.1',
      }),
      'src/sync.ts': `import * as Actions from 'react-native-background-actions';
const service = Actions.default;
export const start = () => service.start(task, options);
`,
    },
    finds: ['A22 src/sync.ts'],
  },
  'sound: something else is started in the file': {
    base: 'react-native',
    files: {
      'package.json': packageJson({
        'react-native': '0.81.6',
        'react-native-background-actions': '4.0.1',
      }),
      'src/sync.ts': `import BackgroundService from 'react-native-background-actions';
export const stop = async () => { await BackgroundService.stop(); animation.start(); };
`,
    },
  },
  '@supersami/rn-foreground-service, whose service is in no manifest': {
    base: 'react-native',
    files: {
      'package.json': packageJson({
        'react-native': '0.81.6',
        '@supersami/rn-foreground-service': '2.2.5',
      }),
      'src/sync.ts': `import ReactNativeForegroundService from '@supersami/rn-foreground-service';
ReactNativeForegroundService.start({ id: 1, title: 'Sync', message: '' });
`,
    },
    finds: ['A22 src/sync.ts'],
  },
  '@voximplant/react-native-foreground-service without a type': {
    base: 'react-native',
    files: {
      'package.json': packageJson({
        'react-native': '0.81.6',
        '@voximplant/react-native-foreground-service': '3.0.2',
      }),
      [MANIFEST]: manifest(
        '        <service android:name="com.voximplant.foregroundservice.VIForegroundService" />',
        FGS,
      ),
      'src/sync.ts': `import VIForegroundService from '@voximplant/react-native-foreground-service';
export const start = async () => { await VIForegroundService.getInstance().startService({ channelId: 'a', id: 1, title: 'Sync', text: '' }); };
`,
    },
    finds: ['A22 src/sync.ts'],
  },
});

describeSituations('sound: called in what a string interpolates', {
  'of Kotlin': {
    base: 'react-native',
    files: {
      ...WORK,
      [MANIFEST]: manifest(INITIALIZER),
      [APP]: app(
        'Log.d("Sync", "initialized: ${startWork()}")',
        '  private fun startWork(): Boolean {\n    WorkManager.initialize(this, Configuration.Builder().build())\n    return true\n  }',
      ),
      [WORKER]: kotlin(BASE_WORKER),
    },
  },
});
