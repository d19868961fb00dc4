import { manifest, packageJson } from '../../../helpers/doctor-bases.ts';
import { BUILD, MANIFEST, SOURCES, java, kotlin, withWork } from '../checks/android-files.ts';
import {
  APP,
  BASE_WORKER,
  FGS,
  HILT,
  HILT_WORKER,
  PERIODIC,
  SYNC_JOB,
  WORKER,
} from './android-apps.ts';
import { describeSituations } from './situation.ts';

/** Neighbours of the reports about Android: the same kinds in other spellings, each with sound twins. */

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

describeSituations('F08, neighbours: a configuration that comes too late', {
  'a property, of a delegate by its own name': {
    base: 'react-native',
    files: {
      ...HILT,
      [APP]: kotlin(`import androidx.work.Configuration as WorkConfiguration
@HiltAndroidApp
class App : Application(), WorkConfiguration.Provider {
  @Inject lateinit var workerFactory: HiltWorkerFactory
  override val workManagerConfiguration: WorkConfiguration
    get() = WorkConfiguration.Builder().setWorkerFactory(workerFactory).build()
}`),
      [WORKER]: kotlin(HILT_WORKER),
    },
    finds: [`A30 ${APP}`],
  },
  'initialized in a helper, in Java': {
    base: 'react-native',
    files: {
      ...WORK,
      [`${SOURCES}/App.java`]: java(
        'public class App extends Application {\n  @Override public void onCreate() {\n    super.onCreate();\n    setUp();\n  }\n  private void setUp() {\n    WorkManager.initialize(this, new Configuration.Builder().setMinimumLoggingLevel(4).build());\n  }\n}',
      ),
    },
    finds: [`A30 ${SOURCES}/App.java:11`],
  },
  'by lazy': {
    base: 'react-native',
    files: {
      ...HILT,
      [APP]: kotlin(`@HiltAndroidApp
class App : Application(), Configuration.Provider {
  @Inject lateinit var factory: HiltWorkerFactory
  override val workManagerConfiguration: Configuration by lazy {
    Configuration.Builder().setWorkerFactory(factory).build()
  }
}`),
      [WORKER]: kotlin(HILT_WORKER),
    },
    finds: [`A30 ${APP}:6`],
  },
  'another initializer is removed': {
    base: 'react-native',
    files: {
      ...WORK,
      [APP]: app('WorkManager.initialize(this, Configuration.Builder().build())'),
      [MANIFEST]: manifest(
        INITIALIZER.replace(
          'androidx.work.WorkManagerInitializer',
          'androidx.lifecycle.ProcessLifecycleInitializer',
        ),
      ),
    },
    finds: [`A30 ${APP}:8`],
  },
  'sound: a configuration that is made, and given to nobody': {
    base: 'react-native',
    files: {
      ...WORK,
      [APP]: app(
        'val configuration = Configuration.Builder().build()\n    Log.d("work", "$configuration")',
      ),
    },
  },
  'sound: initialized in a test helper': {
    base: 'react-native',
    files: {
      ...WORK,
      'android/app/src/androidTest/java/com/example/demo/SyncTest.kt': kotlin(
        'class SyncTest {\n  @Before fun setUp() { WorkManager.initialize(context, Configuration.Builder().build()) }\n}',
      ),
    },
  },
});

describeSituations('F09, neighbours: a worker that nobody can create', {
  'a third parameter, in a secondary constructor': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(`class SyncWorker : CoroutineWorker {
  private val repo: Repo
  constructor(context: Context, params: WorkerParameters, repo: Repo) : super(context, params) { this.repo = repo }
  override suspend fun doWork(): Result = Result.success()
}`),
    },
    finds: [`A31 ${WORKER}`],
  },
  'through a base class of the app': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]:
        kotlin(`abstract class BaseWorker(context: Context, params: WorkerParameters) : CoroutineWorker(context, params)
class SyncWorker(context: Context, params: WorkerParameters, private val api: Api) : BaseWorker(context, params) {
  override suspend fun doWork(): Result = Result.success()
}`),
    },
    finds: [`A31 ${WORKER}:6`],
  },
  'the parameters the other way round': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]:
        kotlin(`class SyncWorker(params: WorkerParameters, context: Context) : CoroutineWorker(context, params) {
  override suspend fun doWork(): Result = Result.success()
}`),
    },
    finds: [`A31 ${WORKER}:5`],
  },
  'an abstract class is enqueued': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(
        `abstract class SyncWorker(context: Context, params: WorkerParameters) : CoroutineWorker(context, params)`,
      ),
      [APP]: app(
        'WorkManager.getInstance(this).enqueue(OneTimeWorkRequestBuilder<SyncWorker>().build())',
      ),
    },
    finds: [`A31 ${APP}:8`],
  },
  'a Java class that is not static': {
    base: 'react-native',
    files: {
      ...WORK,
      [`${SOURCES}/Sync.java`]: java(
        'public class Sync {\n  public class SyncWorker extends Worker {\n    public SyncWorker(Context context, WorkerParameters params) { super(context, params); }\n    public Result doWork() { return Result.success(); }\n  }\n}',
      ),
    },
    finds: [`A31 ${SOURCES}/Sync.java:6`],
  },
  'sound: @JvmOverloads and a default': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(`class SyncWorker @JvmOverloads constructor(
  context: Context,
  params: WorkerParameters,
  private val repo: Repo = Repo(),
) : CoroutineWorker(context, params) {
  override suspend fun doWork(): Result = Result.success()
}`),
    },
  },
  'sound: two constructors': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]:
        kotlin(`class SyncWorker(context: Context, params: WorkerParameters, private val repo: Repo) : CoroutineWorker(context, params) {
  constructor(context: Context, params: WorkerParameters) : this(context, params, Repo())
  override suspend fun doWork(): Result = Result.success()
}`),
    },
  },
  'sound: dependencies of Dagger’s entry point': {
    base: 'react-native',
    files: {
      ...HILT,
      [APP]: kotlin('@HiltAndroidApp\nclass App : Application()'),
      [WORKER]:
        kotlin(`class SyncWorker(context: Context, params: WorkerParameters) : CoroutineWorker(context, params) {
  @EntryPoint @InstallIn(SingletonComponent::class) interface Dependencies { fun repo(): Repo }
  override suspend fun doWork(): Result = Result.success()
}`),
    },
  },
});

const BACKGROUND_ACTIONS = {
  'package.json': packageJson({
    'react-native': '0.81.6',
    'react-native-background-actions': '4.0.1',
  }),
};
const RN_ACTIONS_SERVICE = 'com.asterinet.react.bgactions.RNBackgroundActionsTask';
const starts = (
  call: string,
  imports = "import BackgroundService from 'react-native-background-actions';",
) => ({
  'src/sync.js': `${imports}
export async function startSync() {
  ${call}
}
`,
});

describeSituations('F10, neighbours: foreground services', {
  'required, and started through another name': {
    base: 'react-native',
    files: {
      ...BACKGROUND_ACTIONS,
      ...starts(
        'await service.start(task, options);',
        "const service = require('react-native-background-actions').default;",
      ),
    },
    finds: ['A22 src/sync.js'],
    says: RN_ACTIONS_SERVICE,
  },
  'another whose name ends in the package’s': {
    base: 'react-native',
    files: {
      ...BACKGROUND_ACTIONS,
      ...starts('await b.start(task, options);', "load('lib-react-native-background-actions');"),
      // No statement takes anything from it, and the letter before it is none of a name.
      'src/b.js':
        "export function go(b) {\n  b.start(why('breact-native-background-actions'));\n}\n",
    },
    finds: [],
  },
  'from TypeScript': {
    base: 'react-native',
    files: {
      ...BACKGROUND_ACTIONS,
      'src/sync.ts': `import BackgroundJob from 'react-native-background-actions';
const options: Options = { taskName: 'Sync', taskTitle: 'a', taskDesc: 'b', taskIcon: { name: 'ic_launcher', type: 'mipmap' } };
export const startSync = (): Promise<void> => BackgroundJob.start(task, options);
`,
    },
    finds: ['A22 src/sync.ts'],
  },
  'setForeground in a worker, without a type': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]:
        kotlin(`class SyncWorker(context: Context, params: WorkerParameters) : CoroutineWorker(context, params) {
  override suspend fun doWork(): Result {
    setForeground(getForegroundInfo())
    return Result.success()
  }
  override suspend fun getForegroundInfo() = ForegroundInfo(1, notification(), ServiceInfo.FOREGROUND_SERVICE_TYPE_DATA_SYNC)
}`),
    },
    finds: [`A22 ${WORKER}`],
  },
  'a service of the app, started by an intent of Java': {
    base: 'react-native',
    files: {
      [MANIFEST]: manifest('        <service android:name=".UploadService" />', FGS.split('\n')[0]),
      [`${SOURCES}/UploadService.java`]: java(
        'public class UploadService extends Service {\n  @Override public int onStartCommand(Intent intent, int flags, int startId) {\n    startForeground(1, buildNotification());\n    return START_STICKY;\n  }\n}',
      ),
    },
    finds: [`A22 ${MANIFEST}:4`],
  },
  'the permission of another type': {
    base: 'react-native',
    files: {
      [MANIFEST]: manifest(
        '        <service android:name=".UploadService" android:foregroundServiceType="location" />',
        FGS.split('\n')[0],
      ),
      [`${SOURCES}/UploadService.kt`]: kotlin(
        'class UploadService : Service() {\n  override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {\n    startForeground(1, notification(), ServiceInfo.FOREGROUND_SERVICE_TYPE_LOCATION)\n    return START_STICKY\n  }\n}',
      ),
    },
    finds: [`A22 ${MANIFEST}:4`],
    says: 'FOREGROUND_SERVICE_LOCATION',
  },
  'sound: of a constant that a library module has': {
    base: 'react-native',
    files: {
      ...BACKGROUND_ACTIONS,
      ...starts('await BackgroundService.start(task, options);'),
      [MANIFEST]: manifest(
        `        <service android:name="${RN_ACTIONS_SERVICE}" android:foregroundServiceType="dataSync" />`,
        FGS,
      ),
    },
  },
  'sound: only stopped': {
    base: 'react-native',
    files: { ...BACKGROUND_ACTIONS, ...starts('await BackgroundService.stop();') },
  },
});

const enqueues = (files: Record<string, string>) => ({
  ...WORK,
  [WORKER]: kotlin(BASE_WORKER),
  ...files,
});

describeSituations('F11, neighbours: periodic work that is not unique', {
  'in a block of apply': {
    base: 'react-native',
    files: enqueues({
      [APP]: app(`WorkManager.getInstance(this).apply {\n      enqueue(${PERIODIC})\n    }`),
    }),
    finds: [`A38 ${APP}`],
  },
  'in an init of the application': {
    base: 'react-native',
    files: enqueues({
      [APP]: app('Scheduler(this).start()'),
      [`${SOURCES}/Scheduler.kt`]: kotlin(`class Scheduler(private val context: Context) {
  private val request = PeriodicWorkRequest.Builder(SyncWorker::class.java, 1, TimeUnit.HOURS).build()
  fun start() {
    val manager = WorkManager.getInstance(context)
    manager.enqueue(request)
  }
}`),
    }),
    finds: [`A38 ${SOURCES}/Scheduler.kt`],
  },
  'a list of requests': {
    base: 'react-native',
    files: enqueues({
      [APP]: app(`WorkManager.getInstance(this).enqueue(listOf(${PERIODIC}))`),
    }),
    finds: [`A38 ${APP}`],
  },
  'in the activity’s onCreate, in Java': {
    base: 'react-native',
    files: enqueues({
      [`${SOURCES}/MainActivity.java`]: java(
        'public class MainActivity extends ReactActivity {\n  @Override protected void onCreate(Bundle state) {\n    super.onCreate(state);\n    PeriodicWorkRequest request = new PeriodicWorkRequest.Builder(SyncWorker.class, 1, TimeUnit.HOURS).build();\n    WorkManager.getInstance(this).enqueue(request);\n  }\n}',
      ),
    }),
    finds: [`A38 ${SOURCES}/MainActivity.java:9`],
  },
  'sound: only once, by a flag that is kept': {
    base: 'react-native',
    files: enqueues({
      [APP]: app(
        `if (!prefs.getBoolean("scheduled", false)) {\n      WorkManager.getInstance(this).enqueue(${PERIODIC})\n      prefs.edit().putBoolean("scheduled", true).apply()\n    }`,
      ),
    }),
  },
  'sound: in what a button does': {
    base: 'react-native',
    files: enqueues({
      [`${SOURCES}/MainActivity.kt`]: kotlin(`class MainActivity : ReactActivity() {
  override fun onCreate(state: Bundle?) {
    super.onCreate(state)
    button.setOnClickListener { WorkManager.getInstance(this).enqueue(${PERIODIC}) }
  }
}`),
    }),
  },
});

const JOB_SERVICE =
  '        <service android:name=".SyncJob" android:permission="android.permission.BIND_JOB_SERVICE" />';
const BOOT = '<uses-permission android:name="android.permission.RECEIVE_BOOT_COMPLETED" />';
const jobs = (body: string, text = manifest(JOB_SERVICE, BOOT)) => ({
  [MANIFEST]: text,
  [`${SOURCES}/SyncJob.kt`]: kotlin(SYNC_JOB),
  [`${SOURCES}/Jobs.kt`]: kotlin(
    `object Jobs {\n  fun schedule(context: Context) {\n${body}\n  }\n}`,
  ),
});

describeSituations('F14, neighbours: JobScheduler by hand', {
  'persisted by a constant, and no permission': {
    base: 'react-native',
    files: jobs(
      '    val builder = JobInfo.Builder(7, ComponentName(context, SyncJob::class.java))\n    builder.setPeriodic(3_600_000L)\n    builder.setPersisted(true)\n    context.getSystemService(JobScheduler::class.java).schedule(builder.build())',
      manifest(JOB_SERVICE),
    ),
    finds: [`A37 ${SOURCES}/Jobs.kt`],
  },
  'a service of another name': {
    base: 'react-native',
    files: jobs(
      '    JobInfo.Builder(7, ComponentName(context, SyncJob::class.java)).setPeriodic(3_600_000L).build()',
      manifest(JOB_SERVICE.replace('.SyncJob', '.OldSyncJob'), BOOT),
    ),
    finds: [`A36 ${SOURCES}/Jobs.kt`],
  },
  'a name in a string, of Java': {
    base: 'react-native',
    files: {
      [MANIFEST]: manifest('', BOOT),
      [`${SOURCES}/SyncJob.kt`]: kotlin(SYNC_JOB),
      [`${SOURCES}/Jobs.java`]: java(
        'public class Jobs {\n  static void schedule(Context context) {\n    ComponentName name = new ComponentName(context, SyncJob.class);\n    JobInfo job = new JobInfo.Builder(7, name).setPeriodic(3600000L).build();\n  }\n}',
      ),
    },
    finds: [`A36 ${SOURCES}/Jobs.java`],
  },
  'minutes of a TimeUnit, below the floor': {
    base: 'react-native',
    files: jobs(
      '    JobInfo.Builder(7, ComponentName(context, SyncJob::class.java)).setPeriodic(TimeUnit.MINUTES.toMillis(5)).build()',
    ),
    finds: [`A19 ${SOURCES}/Jobs.kt`],
  },
  'a boot receiver of Java, whose permission is only named in a comment': {
    base: 'react-native',
    files: {
      [MANIFEST]: manifest(
        '        <receiver android:name=".BootReceiver" android:exported="true"><intent-filter><action android:name="android.intent.action.BOOT_COMPLETED" /></intent-filter></receiver>',
        `<!-- ${BOOT} -->`,
      ),
      [`${SOURCES}/BootReceiver.java`]: java(
        'public class BootReceiver extends BroadcastReceiver {\n  public void onReceive(Context c, Intent i) { Sync.schedule(c); }\n}',
      ),
    },
    finds: [`A37 ${MANIFEST}`],
  },
  'sound: a day': {
    base: 'react-native',
    files: jobs(
      '    JobInfo.Builder(7, ComponentName(context, SyncJob::class.java)).setPeriodic(TimeUnit.DAYS.toMillis(1)).setPersisted(true).build()',
    ),
  },
  'sound: by its whole name': {
    base: 'react-native',
    files: jobs(
      '    JobInfo.Builder(7, ComponentName("com.example.demo", "com.example.demo.SyncJob")).setMinimumLatency(60_000).build()',
    ),
  },
});
