import { appBuildGradle, manifest as manifestOf } from '../../../helpers/doctor-bases.ts';
import { BUILD, MANIFEST, SOURCES, java, kotlin, withWork } from '../checks/android-files.ts';
import { APP, BASE_WORKER, WORKER } from './android-apps.ts';
import { describeSituations } from './situation.ts';

/** What the app's code names, and what the manifest has of it. */

const ACTIVITY = '        <activity android:name=".MainActivity" android:exported="true" />';
const manifest = (inside = '', beside?: string): string =>
  manifestOf(`${ACTIVITY}\n${inside}`, beside);
const WHOLE = { [MANIFEST]: manifest() };

const WORK = { [BUILD]: withWork('2.11.2') };
const HEADLESS = `class SyncService : HeadlessJsTaskService() {
  override fun getTaskConfig(intent: Intent?) =
    HeadlessJsTaskConfig("Sync", Arguments.createMap(), 60_000, true)
}`;
const ENTRY = {
  'index.js':
    "import { AppRegistry } from 'react-native';\nimport App from './App';\nAppRegistry.registerComponent('demo', () => App);\nAppRegistry.registerHeadlessTask('Sync', () => require('./sync').default);\n",
  'sync.js': 'export default async () => {};\n',
};
const MODULE = `${SOURCES}/SyncModule.kt`;
const STARTS = `class SyncModule(private val context: ReactApplicationContext) : ReactContextBaseJavaModule(context) {
  @ReactMethod fun start() {
    val intent = Intent(context, SyncService::class.java)
    context.startService(intent)
  }
}`;
const RECEIVER = `class AlarmReceiver : BroadcastReceiver() {
  override fun onReceive(context: Context, intent: Intent) { Sync.run(context) }
}`;
const ALARMS = (call: string, more = '') => `class Alarms(private val context: Context) {
  private val alarms = context.getSystemService(AlarmManager::class.java)
  private fun pending() = PendingIntent.getBroadcast(context, 1, Intent(context, AlarmReceiver::class.java), PendingIntent.FLAG_IMMUTABLE)
  fun schedule(at: Long) { ${call} }
${more}}`;
const EXACT = 'alarms.setExactAndAllowWhileIdle(AlarmManager.RTC_WAKEUP, at, pending())';
const DECLARED = '        <receiver android:name=".AlarmReceiver" android:exported="false" />';
const asks = (name: string): string =>
  `<uses-permission android:name="android.permission.${name}" />`;

describeSituations('services and receivers that an Intent names (A45)', {
  'a headless service that is in no manifest': {
    base: 'react-native',
    files: {
      ...WHOLE,
      ...ENTRY,
      [`${SOURCES}/SyncService.kt`]: kotlin(HEADLESS),
      [MODULE]: kotlin(STARTS),
    },
    finds: [`A45 ${MODULE}:7`],
    says: 'SyncService',
  },
  'in Java, with another service in the manifest': {
    base: 'react-native',
    files: {
      ...WHOLE,
      ...ENTRY,
      [MANIFEST]: manifest('        <service android:name=".SyncServiceTwo" />'),
      [`${SOURCES}/SyncService.java`]:
        java(`public class SyncService extends HeadlessJsTaskService {
  @Override protected @Nullable HeadlessJsTaskConfig getTaskConfig(Intent intent) {
    return new HeadlessJsTaskConfig("Sync", Arguments.createMap(), 5000, true);
  }
}`),
      [`${SOURCES}/Starter.java`]: java(`public final class Starter {
  static void start(Context context) {
    Intent service = new Intent(context.getApplicationContext(), com.example.demo.SyncService.class);
    context.startService(service);
  }
}`),
    },
    finds: [`A45 ${SOURCES}/Starter.java`],
  },
  'a receiver that an alarm names': {
    base: 'react-native',
    files: {
      ...WHOLE,
      [`${SOURCES}/AlarmReceiver.kt`]: kotlin(RECEIVER),
      [`${SOURCES}/Alarms.kt`]: kotlin(
        ALARMS('alarms.setAndAllowWhileIdle(AlarmManager.RTC_WAKEUP, at, pending())'),
      ),
    },
    finds: [`A45 ${SOURCES}/Alarms.kt:7`],
  },
  'in the manifest of debug builds alone': {
    base: 'react-native',
    files: {
      ...WHOLE,
      [`${SOURCES}/AlarmReceiver.kt`]: kotlin(RECEIVER),
      [`${SOURCES}/Alarms.kt`]: kotlin(
        ALARMS('alarms.setAndAllowWhileIdle(AlarmManager.RTC_WAKEUP, at, pending())'),
      ),
      'android/app/src/debug/AndroidManifest.xml': manifestOf(DECLARED),
    },
    finds: [`A45 ${SOURCES}/Alarms.kt:7`],
  },
  'sound: it is in the manifest by its whole name': {
    base: 'react-native',
    files: {
      ...WHOLE,
      ...ENTRY,
      [MANIFEST]: manifest('        <service android:name="com.example.demo.SyncService" />'),
      [`${SOURCES}/SyncService.kt`]: kotlin(HEADLESS),
      [MODULE]: kotlin(STARTS),
    },
  },
  'sound: it is registered by code, and gets no Intent of its class': {
    base: 'react-native',
    files: {
      ...WHOLE,
      [`${SOURCES}/NetReceiver.kt`]: kotlin(`class NetReceiver : BroadcastReceiver() {
  override fun onReceive(context: Context, intent: Intent) { Sync.run(context) }
  companion object {
    fun listen(context: Context) = context.registerReceiver(NetReceiver(), IntentFilter("sync"), Context.RECEIVER_NOT_EXPORTED)
    fun open(context: Context) = context.startActivity(Intent(context, MainActivity::class.java))
  }
}`),
    },
  },
  'sound: the manifest of a library module has it': {
    base: 'react-native',
    files: {
      ...WHOLE,
      ...ENTRY,
      'android/settings.gradle': "include ':app', ':sync'\n",
      'android/app/build.gradle': appBuildGradle("    implementation project(':sync')"),
      'android/sync/build.gradle':
        'apply plugin: "com.android.library"\nandroid {\n    namespace "com.example.sync"\n    compileSdk 36\n}\n',
      'android/sync/src/main/AndroidManifest.xml': manifestOf(
        '        <service android:name="com.example.sync.SyncService" />',
      ),
      'android/sync/src/main/java/com/example/sync/SyncService.kt': kotlin(HEADLESS),
      [MODULE]: kotlin(STARTS),
    },
  },
});

const EXPEDITED = `fun now(context: Context) = WorkManager.getInstance(context).enqueueUniqueWork(
  "now",
  ExistingWorkPolicy.KEEP,
  OneTimeWorkRequestBuilder<SyncWorker>()
    .setExpedited(OutOfQuotaPolicy.RUN_AS_NON_EXPEDITED_WORK_REQUEST)
    .build(),
)`;
const SYNC = `${SOURCES}/Sync.kt`;

describeSituations('expedited work below Android 12 (A46)', {
  'a worker without a notification': {
    base: 'react-native',
    files: { ...WORK, [WORKER]: kotlin(BASE_WORKER), [SYNC]: kotlin(EXPEDITED) },
    finds: [`A46 ${SYNC}:9`],
    says: 'getForegroundInfo',
  },
  'in Java': {
    base: 'react-native',
    files: {
      ...WORK,
      [`${SOURCES}/UploadWorker.java`]: java(`public class UploadWorker extends Worker {
  public UploadWorker(Context context, WorkerParameters params) { super(context, params); }
  @Override public Result doWork() { return Result.success(); }
}`),
      [`${SOURCES}/Sync.java`]: java(`public final class Sync {
  static void now(Context context) {
    OneTimeWorkRequest request = new OneTimeWorkRequest.Builder(UploadWorker.class)
      .setExpedited(OutOfQuotaPolicy.DROP_WORK_REQUEST).build();
    WorkManager.getInstance(context).enqueue(request);
  }
}`),
    },
    finds: [`A46 ${SOURCES}/Sync.java:8`],
  },
  'sound: it has one': {
    base: 'react-native',
    files: {
      ...WORK,
      [WORKER]: kotlin(
        BASE_WORKER.replace(
          '{',
          '{\n  override suspend fun getForegroundInfo() = ForegroundInfo(1, notification())',
        ),
      ),
      [SYNC]: kotlin(EXPEDITED),
    },
  },
  'sound: a base class of the app has one': {
    base: 'react-native',
    files: {
      ...WORK,
      [`${SOURCES}/BaseWorker.kt`]:
        kotlin(`abstract class BaseWorker(context: Context, params: WorkerParameters) : CoroutineWorker(context, params) {
  override suspend fun getForegroundInfo(): ForegroundInfo = ForegroundInfo(1, notification())
}`),
      [WORKER]:
        kotlin(`class SyncWorker(context: Context, params: WorkerParameters) : BaseWorker(context, params) {
  override suspend fun doWork(): Result = Result.success()
}`),
      [SYNC]: kotlin(EXPEDITED),
    },
  },
  'sound: Android 12 is the least': {
    base: 'react-native',
    files: {
      [BUILD]: withWork('2.11.2').replace('minSdk 24', 'minSdk 31'),
      [WORKER]: kotlin(BASE_WORKER),
      [SYNC]: kotlin(EXPEDITED),
    },
  },
});

const ALARM_FILES = { [`${SOURCES}/AlarmReceiver.kt`]: kotlin(RECEIVER) };
const CLOCK = `${SOURCES}/Alarms.kt`;

describeSituations('exact alarms (A47)', {
  'no permission': {
    base: 'react-native',
    files: { ...ALARM_FILES, [MANIFEST]: manifest(DECLARED), [CLOCK]: kotlin(ALARMS(EXACT)) },
    finds: [`A47 ${CLOCK}:8`],
    says: 'SecurityException',
  },
  'in Java, through AlarmManagerCompat': {
    base: 'react-native',
    files: {
      ...ALARM_FILES,
      [MANIFEST]: manifest(DECLARED),
      [`${SOURCES}/Clock.java`]: java(`public class Clock {
  static void set(Context c, AlarmManager alarms, PendingIntent pending) {
    AlarmManagerCompat.setExactAndAllowWhileIdle(alarms, AlarmManager.RTC_WAKEUP, 1L, pending);
  }
}`),
    },
    finds: [`A47 ${SOURCES}/Clock.java`],
  },
  'asked for, and the user was never asked': {
    base: 'react-native',
    files: {
      ...ALARM_FILES,
      [MANIFEST]: manifest(DECLARED, asks('SCHEDULE_EXACT_ALARM')),
      [CLOCK]: kotlin(ALARMS(EXACT)),
    },
    finds: [`A47 ${CLOCK}:8`],
    says: 'canScheduleExactAlarms',
  },
  'sound: USE_EXACT_ALARM': {
    base: 'react-native',
    files: {
      ...ALARM_FILES,
      [MANIFEST]: manifest(DECLARED, asks('USE_EXACT_ALARM')),
      [CLOCK]: kotlin(ALARMS(EXACT)),
    },
  },
  'sound: it asks first': {
    base: 'react-native',
    files: {
      ...ALARM_FILES,
      [MANIFEST]: manifest(DECLARED, asks('SCHEDULE_EXACT_ALARM')),
      [CLOCK]: kotlin(ALARMS(`if (alarms.canScheduleExactAlarms()) ${EXACT}`)),
    },
  },
  'sound: it catches the exception': {
    base: 'react-native',
    files: {
      ...ALARM_FILES,
      [MANIFEST]: manifest(DECLARED, asks('SCHEDULE_EXACT_ALARM')),
      [CLOCK]: kotlin(ALARMS(`try { ${EXACT} } catch (e: SecurityException) { later() }`)),
    },
  },
  'sound: a listener, an inexact alarm, and another class’s setExact': {
    base: 'react-native',
    files: {
      ...ALARM_FILES,
      [MANIFEST]: manifest(DECLARED),
      [CLOCK]: kotlin(
        ALARMS(
          'alarms.setExact(AlarmManager.RTC, at, "sync", { run() }, null); alarms.setWindow(0, at, 1000L, pending())',
        ),
      ),
      [`${SOURCES}/Slider.kt`]: kotlin('class Slider { fun set(v: View) { v.setExact(1) } }'),
    },
  },
});

const KOIN = kotlin(`import org.koin.androidx.workmanager.koin.workManagerFactory
class App : Application() {
  override fun onCreate() {
    super.onCreate()
    startKoin {
      androidContext(this@App)
      workManagerFactory()
      modules(module { workerOf(::SyncWorker) })
    }
  }
}`);
const KOIN_WORKER =
  kotlin(`class SyncWorker(context: Context, params: WorkerParameters, private val repo: Repo) : CoroutineWorker(context, params) {
  override suspend fun doWork(): Result { repo.sync(); return Result.success() }
}`);
const REMOVED = `        <provider android:name="androidx.startup.InitializationProvider" android:authorities="\${applicationId}.androidx-startup" android:exported="false" tools:node="merge">
            <meta-data android:name="androidx.work.WorkManagerInitializer" android:value="androidx.startup" tools:node="remove" />
        </provider>`;

describeSituations('Koin’s factory initializes WorkManager (A30)', {
  'the default initializer is left in': {
    base: 'react-native',
    files: { ...WORK, [APP]: KOIN, [WORKER]: KOIN_WORKER },
    finds: [`A30 ${APP}:11`],
    says: 'workManagerFactory throws',
  },
  'sound: it is taken out': {
    base: 'react-native',
    files: { ...WORK, [APP]: KOIN, [WORKER]: KOIN_WORKER, [MANIFEST]: manifest(REMOVED) },
  },
});
