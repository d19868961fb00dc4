import { appBuildGradle, manifest, packageJson } from '../../../helpers/doctor-bases.ts';
import { BUILD, MANIFEST, SOURCES, java, kotlin, withWork } from '../checks/android-files.ts';
import {
  APP,
  BASE_WORKER,
  FGS,
  HILT,
  HILT_WORKER,
  PERIODIC,
  WORKER,
  WORK_SERVICE,
} from './android-apps.ts';
import { describeSituations } from './situation.ts';

const WORK = { [BUILD]: withWork('2.10.1') };
const PROVIDER = `@HiltAndroidApp
class App : Application(), Configuration.Provider {
  @Inject lateinit var workerFactory: HiltWorkerFactory
  override val workManagerConfiguration get() = Configuration.Builder().setWorkerFactory(workerFactory).build()
}`;
const INITIALIZER = `        <provider android:name="androidx.startup.InitializationProvider" android:authorities="\${applicationId}.androidx-startup" android:exported="false" tools:node="merge">
            <meta-data android:name="androidx.work.WorkManagerInitializer" android:value="androidx.startup" tools:node="remove" />
        </provider>`;

describeSituations('a configuration that the default initializer comes before (F08)', {
  'F08: a provider, and nothing removed': {
    base: 'react-native',
    files: { ...HILT, [APP]: kotlin(PROVIDER), [WORKER]: kotlin(HILT_WORKER) },
    finds: [`A30 ${APP}:6`],
    says: 'default initializer',
  },
  'WorkManager.initialize by hand': {
    base: 'react-native',
    files: {
      ...WORK,
      [APP]: kotlin(
        'class App : Application() {\n  override fun onCreate() {\n    super.onCreate()\n    WorkManager.initialize(this, Configuration.Builder().build())\n  }\n}',
      ),
    },
    finds: [`A30 ${APP}:8`],
    says: 'WorkManager.initialize',
  },
  'in Java, with a factory of its own': {
    base: 'react-native',
    files: {
      ...WORK,
      [APP]: undefined,
      [`${SOURCES}/App.java`]: java(
        'public class App extends Application implements Configuration.Provider {\n  public Configuration getWorkManagerConfiguration() {\n    return new Configuration.Builder().setWorkerFactory(new SyncFactory()).build();\n  }\n}',
      ),
    },
    finds: [`A30 ${SOURCES}/App.java:5`],
  },
  'removed in the debug manifest alone': {
    base: 'react-native',
    files: {
      ...HILT,
      [APP]: kotlin(PROVIDER),
      'android/app/src/debug/AndroidManifest.xml': manifest(INITIALIZER, ''),
    },
    finds: [`A30 ${APP}:6`],
  },
  'sound: removed': {
    base: 'react-native',
    files: { ...HILT, [APP]: kotlin(PROVIDER), [MANIFEST]: manifest(INITIALIZER) },
  },
  'sound: the whole of androidx.startup removed': {
    base: 'react-native',
    files: {
      ...HILT,
      [APP]: kotlin(PROVIDER),
      [MANIFEST]: manifest(
        '        <provider android:name="androidx.startup.InitializationProvider" android:authorities="${applicationId}.androidx-startup" tools:node="remove" />',
      ),
    },
    finds: [`A09 ${MANIFEST}:4`],
  },
  'sound: a library module that merges the removal': {
    base: 'react-native',
    files: {
      ...HILT,
      'android/settings.gradle': "include ':app', ':core'\n",
      'android/core/build.gradle': 'apply plugin: "com.android.library"\n',
      'android/core/src/main/AndroidManifest.xml': manifest(INITIALIZER, ''),
      [APP]: kotlin(PROVIDER),
    },
  },
});

const REPO_WORKER = `class Repo { suspend fun sync() {} }
class SyncWorker(context: Context, params: WorkerParameters, private val repo: Repo) : CoroutineWorker(context, params) {
  override suspend fun doWork(): Result { repo.sync(); return Result.success() }
}`;
const FACTORY = `class SyncFactory(private val repo: Repo) : WorkerFactory() {
  override fun createWorker(context: Context, name: String, params: WorkerParameters): ListenableWorker? =
    when (name) {
      SyncWorker::class.java.name -> SyncWorker(context, params, repo)
      else -> null
    }
}`;
const PLAIN_PROVIDER = `class App : Application(), Configuration.Provider {
  override val workManagerConfiguration get() = Configuration.Builder().setWorkerFactory(SyncFactory(Repo())).build()
}`;

describeSituations('a worker that WorkManager cannot create (F09)', {
  'F09: a third parameter, and no factory': {
    base: 'react-native',
    files: { ...WORK, [WORKER]: kotlin(REPO_WORKER) },
    finds: [`A31 ${WORKER}:6`],
    says: 'Repo',
  },
  'private constructor': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(
        BASE_WORKER.replace('SyncWorker(context', 'SyncWorker private constructor(context'),
      ),
    },
    finds: [`A31 ${WORKER}:5`],
  },
  'an inner class': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(`class Sync {\n  inner ${BASE_WORKER.replaceAll('\n', '\n  ')}\n}`),
    },
    finds: [`A31 ${WORKER}:6`],
  },
  'Java without the public constructor': {
    base: 'react-native',
    files: {
      ...WORK,
      [`${SOURCES}/SyncWorker.java`]: java(
        'public class SyncWorker extends Worker {\n  private final Repo repo;\n  public SyncWorker(Context context, WorkerParameters params, Repo repo) { super(context, params); this.repo = repo; }\n  public Result doWork() { return Result.success(); }\n}',
      ),
    },
    finds: [`A31 ${SOURCES}/SyncWorker.java:5`],
  },
  'of Hilt, without @HiltWorker': {
    base: 'react-native',
    files: {
      ...HILT,
      [APP]: kotlin(PROVIDER),
      [MANIFEST]: manifest(INITIALIZER),
      [WORKER]: kotlin(HILT_WORKER.replace('@HiltWorker\n', '')),
    },
    finds: [`A31 ${WORKER}:5`],
    says: '@HiltWorker',
  },
  'of Hilt, and no HiltWorkerFactory': {
    base: 'react-native',
    files: {
      ...HILT,
      [APP]: kotlin('@HiltAndroidApp\nclass App : Application()'),
      [WORKER]: kotlin(HILT_WORKER),
    },
    finds: [`A31 ${WORKER}:6`],
    says: 'HiltWorkerFactory',
  },
  'a factory that knows another class': {
    base: 'react-native',
    files: {
      ...WORK,
      [MANIFEST]: manifest(INITIALIZER),
      [APP]: kotlin(PLAIN_PROVIDER),
      [`${SOURCES}/Factory.kt`]: kotlin(
        FACTORY.replace('SyncWorker::class.java.name', '"com.example.demo.OldSyncWorker"').replace(
          'SyncWorker(context, params, repo)',
          'make(context, params)',
        ),
      ),
      [WORKER]: kotlin(REPO_WORKER),
    },
    finds: [`A31 ${SOURCES}/Factory.kt:8`],
    says: 'com.example.demo.OldSyncWorker',
  },
  'sound: a factory creates it': {
    base: 'react-native',
    files: {
      ...WORK,
      [MANIFEST]: manifest(INITIALIZER),
      [APP]: kotlin(PLAIN_PROVIDER),
      [`${SOURCES}/Factory.kt`]: kotlin(FACTORY),
      [WORKER]: kotlin(REPO_WORKER),
    },
  },
  'sound: Hilt': {
    base: 'react-native',
    files: {
      ...HILT,
      [APP]: kotlin(PROVIDER),
      [MANIFEST]: manifest(INITIALIZER),
      [WORKER]: kotlin(HILT_WORKER),
    },
  },
  'sound: Koin': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(REPO_WORKER),
      [`${SOURCES}/Modules.kt`]: kotlin(
        'val modules = module {\n  worker { SyncWorker(get(), get(), get()) }\n}',
      ),
    },
  },
  'sound: a default for the third': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(
        `@JvmOverloads\n${BASE_WORKER}`.replace(
          '@JvmOverloads\nclass SyncWorker(context: Context, params: WorkerParameters)',
          'class SyncWorker @JvmOverloads constructor(context: Context, params: WorkerParameters, private val repo: Repo = Repo())',
        ),
      ),
    },
  },
  'sound: a base class of the app that nothing creates': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(
        `abstract class BaseWorker(context: Context, params: WorkerParameters, val tag: String) : CoroutineWorker(context, params)
class SyncWorker(context: Context, params: WorkerParameters) : BaseWorker(context, params, "sync") {
  override suspend fun doWork(): Result = Result.success()
}`,
      ),
    },
  },
});

const ACTIONS = {
  'package.json': packageJson({
    'react-native': '0.81.6',
    'react-native-background-actions': '4.0.1',
  }),
  'src/sync.js': `import BackgroundService from 'react-native-background-actions';

BackgroundService.start(task, { taskName: 'Sync', taskTitle: 'a', taskDesc: 'b', taskIcon: { name: 'ic_launcher', type: 'mipmap' } });
`,
};
const ACTIONS_SERVICE = (type: string): string =>
  `        <service android:name="com.asterinet.react.bgactions.RNBackgroundActionsTask" ${type} />`;
const FOREGROUND_WORKER =
  kotlin(`class SyncWorker(context: Context, params: WorkerParameters) : CoroutineWorker(context, params) {
  override suspend fun doWork(): Result {
    setForeground(getForegroundInfo())
    return Result.success()
  }
}`);
const OWN_SERVICE = `class SyncService : Service() {
  override fun onStartCommand(intent: Intent?, flags: Int, id: Int): Int {
    startForeground(1, notification())
    return START_STICKY
  }
}`;

describeSituations('foreground services: type and permission (F10)', {
  'F10: react-native-background-actions, untouched': {
    base: 'react-native',
    files: ACTIONS,
    finds: ['A22 src/sync.js:3'],
    says: 'com.asterinet.react.bgactions.RNBackgroundActionsTask',
  },
  'F10: the type without its permission': {
    base: 'react-native',
    files: { ...WORK, [WORKER]: FOREGROUND_WORKER, [MANIFEST]: manifest(WORK_SERVICE) },
    finds: [`A22 ${MANIFEST}:4`],
    says: 'FOREGROUND_SERVICE_DATA_SYNC',
  },
  'a service of the app without a type': {
    base: 'react-native',
    files: {
      [`${SOURCES}/SyncService.kt`]: kotlin(OWN_SERVICE),
      [MANIFEST]: manifest('        <service android:name=".SyncService" />', FGS),
    },
    finds: [`A22 ${MANIFEST}:5`],
  },
  'background-actions with a type, without the permission': {
    base: 'react-native',
    files: {
      ...ACTIONS,
      [MANIFEST]: manifest(
        ACTIONS_SERVICE('android:foregroundServiceType="dataSync"'),
        '<uses-permission android:name="android.permission.FOREGROUND_SERVICE" />',
      ),
    },
    finds: [`A22 ${MANIFEST}:4`],
    says: 'FOREGROUND_SERVICE_DATA_SYNC',
  },
  'two types, one permission': {
    base: 'react-native',
    files: {
      ...ACTIONS,
      [MANIFEST]: manifest(
        ACTIONS_SERVICE('android:foregroundServiceType="dataSync|location"'),
        FGS,
      ),
    },
    finds: [`A22 ${MANIFEST}:5`],
    says: 'FOREGROUND_SERVICE_LOCATION',
  },
  'sound: type and permission': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: FOREGROUND_WORKER,
      [MANIFEST]: manifest(WORK_SERVICE, FGS),
    },
  },
  'sound: background-actions with both': {
    base: 'react-native',
    files: {
      ...ACTIONS,
      [MANIFEST]: manifest(ACTIONS_SERVICE('android:foregroundServiceType="dataSync"'), FGS),
    },
  },
  'sound: below targetSdk 34': {
    base: 'react-native',
    files: { ...ACTIONS, [BUILD]: appBuildGradle().replace('targetSdk 36', 'targetSdk 33') },
  },
  'sound: installed, and never started': {
    base: 'react-native',
    files: { 'package.json': ACTIONS['package.json'] },
  },
  'sound: shortService, which has no permission of its own': {
    base: 'react-native',
    files: {
      [`${SOURCES}/SyncService.kt`]: kotlin(
        OWN_SERVICE.replace(/}\s*$/, '  override fun onTimeout(startId: Int) = stopSelf()\n}'),
      ),
      [MANIFEST]: manifest(
        '        <service android:name=".SyncService" android:foregroundServiceType="shortService" />',
        '<uses-permission android:name="android.permission.FOREGROUND_SERVICE" />',
      ),
    },
  },
});

const atStart = (body: string): string =>
  kotlin(`class App : Application() { override fun onCreate() { super.onCreate()
  ${body} } }`);

describeSituations('periodic work that is not unique (F11)', {
  'F11: enqueue at each start': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(BASE_WORKER),
      [APP]: atStart(`WorkManager.getInstance(this).enqueue(${PERIODIC})`),
    },
    finds: [`A38 ${APP}:6`],
    says: 'each start',
  },
  'through a name': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(BASE_WORKER),
      [APP]: atStart(`val request = ${PERIODIC}\n  WorkManager.getInstance(this).enqueue(request)`),
    },
    finds: [`A38 ${APP}:7`],
  },
  'one call away': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(BASE_WORKER),
      [APP]: atStart('Scheduler.start(this)'),
      [`${SOURCES}/Scheduler.kt`]: kotlin(
        `object Scheduler {\n  fun start(context: Context) {\n    WorkManager.getInstance(context).enqueue(${PERIODIC})\n  }\n}`,
      ),
    },
    finds: [`A38 ${SOURCES}/Scheduler.kt:7`],
  },
  'in Java': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(BASE_WORKER),
      [APP]: undefined,
      [`${SOURCES}/App.java`]: java(
        'public class App extends Application {\n  public void onCreate() {\n    super.onCreate();\n    PeriodicWorkRequest request = new PeriodicWorkRequest.Builder(SyncWorker.class, 1, TimeUnit.HOURS).build();\n    WorkManager.getInstance(this).enqueue(request);\n  }\n}',
      ),
    },
    finds: [`A38 ${SOURCES}/App.java:9`],
  },
  'sound: unique': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(BASE_WORKER),
      [APP]: atStart(
        `WorkManager.getInstance(this).enqueueUniquePeriodicWork("sync", ExistingPeriodicWorkPolicy.KEEP, ${PERIODIC})`,
      ),
    },
  },
  'sound: one-time work': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(BASE_WORKER),
      [APP]: atStart(
        'WorkManager.getInstance(this).enqueue(OneTimeWorkRequestBuilder<SyncWorker>().build())',
      ),
    },
  },
  'sound: cancelled by its tag before': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(BASE_WORKER),
      [APP]: atStart(
        `WorkManager.getInstance(this).cancelAllWorkByTag("sync")\n  WorkManager.getInstance(this).enqueue(PeriodicWorkRequestBuilder<SyncWorker>(1, TimeUnit.HOURS).addTag("sync").build())`,
      ),
    },
  },
});

const JOB = `class SyncJob : JobService() {
  override fun onStartJob(params: JobParameters): Boolean { sync { jobFinished(params, false) }; return true }
  override fun onStopJob(params: JobParameters) = true
}`;
const SCHEDULE = (more: string): string => `class Jobs(private val context: Context) {
  fun schedule() {
    scheduler.schedule(JobInfo.Builder(100_007, ComponentName(context, SyncJob::class.java))${more}.build())
  }
}`;
const BOOT = `        <receiver android:name=".BootReceiver" android:exported="true"><intent-filter>
            <action android:name="android.intent.action.BOOT_COMPLETED" /></intent-filter></receiver>`;
const SERVICE =
  '        <service android:name=".SyncJob" android:permission="android.permission.BIND_JOB_SERVICE" />';
const BOOT_PERMISSION =
  '<uses-permission android:name="android.permission.RECEIVE_BOOT_COMPLETED" />';
const jobs = (more: string, inside: string, beside = '') => ({
  [`${SOURCES}/SyncJob.kt`]: kotlin(JOB),
  [`${SOURCES}/Jobs.kt`]: kotlin(SCHEDULE(more)),
  [MANIFEST]: manifest(inside, beside),
});

describeSituations('JobScheduler by hand (F14)', {
  'F14: no service, no permission for the boot': {
    base: 'react-native',
    files: jobs('.setPeriodic(900_000L).setPersisted(true)', BOOT),
    finds: [`A37 ${MANIFEST}:4`, `A36 ${SOURCES}/Jobs.kt:7`, `A37 ${SOURCES}/Jobs.kt:7`],
  },
  'the service without BIND_JOB_SERVICE': {
    base: 'react-native',
    files: jobs('.setPeriodic(900_000L)', '        <service android:name=".SyncJob" />'),
    finds: [`A36 ${MANIFEST}:4`],
    says: 'BIND_JOB_SERVICE',
  },
  'persisted, and no permission for the boot': {
    base: 'react-native',
    files: jobs('.setPersisted(true)', SERVICE),
    finds: [`A37 ${SOURCES}/Jobs.kt:7`],
    says: 'RECEIVE_BOOT_COMPLETED',
  },
  'a period below 15 minutes': {
    base: 'react-native',
    files: jobs('.setPeriodic(5 * 60 * 1000)', SERVICE),
    finds: [`A19 ${SOURCES}/Jobs.kt:7`],
  },
  'a period in seconds': {
    base: 'react-native',
    files: jobs('.setPeriodic(15 * 60)', SERVICE),
    finds: [`A19 ${SOURCES}/Jobs.kt:7`],
    says: 'milliseconds',
  },
  'a boot receiver without its permission': {
    base: 'react-native',
    files: {
      [`${SOURCES}/BootReceiver.kt`]: kotlin(
        'class BootReceiver : BroadcastReceiver() { override fun onReceive(c: Context, i: Intent) {} }',
      ),
      [MANIFEST]: manifest(BOOT),
    },
    finds: [`A37 ${MANIFEST}:4`],
  },
  'sound: all there': {
    base: 'react-native',
    files: jobs(
      '.setPeriodic(900_000L).setPersisted(true)',
      `${BOOT}\n${SERVICE}`,
      BOOT_PERMISSION,
    ),
  },
  'sound: work-runtime brings the permission of the boot': {
    base: 'react-native',
    files: {
      ...WORK,
      [`${SOURCES}/BootReceiver.kt`]: kotlin(
        'class BootReceiver : BroadcastReceiver() { override fun onReceive(c: Context, i: Intent) {} }',
      ),
      [MANIFEST]: manifest(BOOT),
    },
  },
  'sound: the service of a library': {
    base: 'react-native',
    files: {
      [`${SOURCES}/Jobs.kt`]: kotlin(
        SCHEDULE('').replaceAll('SyncJob', 'com.vendor.PushJobService'),
      ),
    },
  },
});
