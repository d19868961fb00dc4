import { BUILD, SOURCES, java, kotlin, withWork } from '../checks/android-files.ts';
import { manifest, packageJson } from '../../../helpers/doctor-bases.ts';
import { MANIFEST } from '../checks/android-files.ts';
import { APP, BASE_WORKER, WORKER } from './android-apps.ts';
import { describeSituations } from './situation.ts';

/** What public reports of WorkManager, Koin and AlarmManager showed. */

const SCHEDULER = `${SOURCES}/Scheduler.kt`;
const scheduled = (code: string, path = SCHEDULER) => ({
  base: 'react-native' as const,
  files: {
    [BUILD]: withWork('2.11.2'),
    [WORKER]: kotlin(BASE_WORKER),
    [path]: path.endsWith('.java') ? java(code) : kotlin(code),
  },
});
const every = (period: string, more: string) =>
  scheduled(`class Scheduler(private val manager: WorkManager) {
  fun start() {
    val request = PeriodicWorkRequestBuilder<SyncWorker>(${period}).build()
    manager.enqueueUniquePeriodicWork("sync", ExistingPeriodicWorkPolicy.KEEP, request)
  }
  ${more}
}`);

describeSituations('a period by another name (A19)', {
  'the least flex, taken for the least period, in Java': {
    ...scheduled(
      `final class Scheduler {
  static PeriodicWorkRequest request() {
    return new PeriodicWorkRequest.Builder(SyncWorker.class, PeriodicWorkRequest.MIN_PERIODIC_FLEX_MILLIS, TimeUnit.MILLISECONDS).build();
  }
}`,
      `${SOURCES}/Scheduler.java`,
    ),
    finds: [`A19 ${SOURCES}/Scheduler.java:7`],
  },
  'a Duration in a companion': {
    ...every(
      'REPEAT',
      'private companion object { val REPEAT: Duration = Duration.ofMinutes(10) }',
    ),
    finds: [`A19 ${SCHEDULER}:7`],
    says: 'the period is 10 minutes',
  },
  'a Duration of Kotlin, made of a number that has a name': {
    ...every('REPEAT', ''),
    files: {
      ...every('REPEAT', '').files,
      [`${SOURCES}/Times.kt`]: kotlin('const val MINUTES = 5\nval REPEAT = MINUTES.minutes'),
    },
    finds: [`A19 ${SCHEDULER}:7`],
  },
  'sound: the least period': every(
    'PeriodicWorkRequest.MIN_PERIODIC_INTERVAL_MILLIS, TimeUnit.MILLISECONDS',
    '',
  ),
  'sound: a Duration that is long enough': every(
    'REPEAT',
    'private companion object { val REPEAT: Duration = Duration.ofHours(1) }',
  ),
  'sound: two of a name': {
    ...every('REPEAT', ''),
    files: {
      ...every('REPEAT', '').files,
      [`${SOURCES}/A.kt`]: kotlin('val REPEAT = Duration.ofMinutes(5)'),
      [`${SOURCES}/B.kt`]: kotlin('val REPEAT = Duration.ofMinutes(30)'),
    },
  },
});

const REMOVED =
  manifest(`        <provider android:name="androidx.startup.InitializationProvider" android:authorities="\${applicationId}.androidx-startup" android:exported="false" tools:node="merge">
            <meta-data android:name="androidx.work.WorkManagerInitializer" android:value="androidx.startup" tools:node="remove" />
        </provider>`);
const UPLOAD = `class UploadWorker(context: Context, params: WorkerParameters, private val api: Api) : CoroutineWorker(context, params) {
  override suspend fun doWork(): Result { api.push(); return Result.success() }
}
class Api { suspend fun push() {} }`;
const MODULE = `import org.koin.androidx.workmanager.dsl.workerOf
import org.koin.dsl.module
val workModule = module { single { Api() }; workerOf(::UploadWorker) }`;
const starts = (inside: string) => `import org.koin.core.context.startKoin
class MainApplication : Application() {
  override fun onCreate() {
    super.onCreate()
    startKoin { androidContext(this@MainApplication); ${inside} }
  }
}`;
const koin = (
  inside: string,
  module = MODULE,
  more: Record<string, string> = {},
  worker = UPLOAD,
) => ({
  base: 'react-native' as const,
  files: {
    [BUILD]: withWork('2.11.2'),
    [`${SOURCES}/UploadWorker.kt`]: kotlin(worker),
    [`${SOURCES}/WorkModule.kt`]: kotlin(module),
    [APP]: kotlin(starts(inside)),
    ...more,
  },
});

describeSituations('a worker of Koin, and WorkManager does not hear of Koin (A31)', {
  'workManagerFactory is not called': {
    ...koin('modules(workModule)'),
    finds: [`A31 ${SOURCES}/UploadWorker.kt`],
    says: 'nothing calls workManagerFactory() of Koin',
  },
  'the definition is beside startKoin': {
    ...koin('modules(module { worker { UploadWorker(get(), get(), get()) } })', 'val nothing = 1', {
      [APP]: kotlin(
        `import org.koin.androidx.workmanager.dsl.worker\n${starts('modules(module { worker { UploadWorker(get(), get(), get()) } })')}`,
      ),
    }),
    finds: [`A31 ${SOURCES}/UploadWorker.kt`],
  },
  'sound: it is': koin('workManagerFactory(); modules(workModule)', MODULE, {
    [MANIFEST]: REMOVED,
  }),
  'sound: its factory is handed over': koin('', MODULE, {
    [MANIFEST]: REMOVED,
    [APP]: kotlin(
      starts(
        'modules(workModule) }; run { WorkManager.initialize(this, Configuration.Builder().setWorkerFactory(KoinWorkerFactory()).build())',
      ),
    ),
  }),
  'sound: something else starts Koin': koin('', MODULE, {
    [APP]: kotlin('class MainApplication : Application()'),
  }),
  'sound: the worker asks Koin itself': koin(
    'modules(workModule)',
    'val nothing = 1',
    {},
    `class UploadWorker(context: Context, params: WorkerParameters) : CoroutineWorker(context, params), KoinComponent {
  private val api: Api by inject()
  override suspend fun doWork(): Result { api.push(); return Result.success() }
}
class Api { suspend fun push() {} }`,
  ),
});

const alarms = (call: string, made = 'getService') => ({
  base: 'react-native' as const,
  files: {
    [MANIFEST]: manifest(
      '        <service android:name=".SyncService" android:exported="false" />',
    ),
    [`${SOURCES}/SyncService.kt`]: kotlin(
      'class SyncService : IntentService("sync") {\n  override fun onHandleIntent(intent: Intent?) {}\n}',
    ),
    [`${SOURCES}/Alarms.kt`]: kotlin(`class Alarms(private val context: Context) {
  private val manager by lazy { context.getSystemService(Context.ALARM_SERVICE) as AlarmManager }
  fun arm() {
    val intent = Intent(context, SyncService::class.java)
    val pending = PendingIntent.${made}(context, 1, intent, PendingIntent.FLAG_IMMUTABLE)
    manager.${call}
  }
}`),
  },
});
const REPEATS =
  'setInexactRepeating(AlarmManager.ELAPSED_REALTIME_WAKEUP, SystemClock.elapsedRealtime() + AlarmManager.INTERVAL_HOUR, AlarmManager.INTERVAL_HOUR, pending)';

describeSituations('an alarm that starts a service (A29)', {
  'over and over': {
    ...alarms(REPEATS),
    finds: [`A29 ${SOURCES}/Alarms.kt:10`],
    says: 'the alarm starts a service',
  },
  'once, made on the spot': {
    ...alarms(
      'set(AlarmManager.RTC_WAKEUP, System.currentTimeMillis() + 60_000, PendingIntent.getService(context, 2, intent, PendingIntent.FLAG_IMMUTABLE))',
    ),
    finds: [`A29 ${SOURCES}/Alarms.kt:10`],
  },
  'in Java': {
    ...alarms(REPEATS),
    files: {
      ...alarms(REPEATS).files,
      [`${SOURCES}/Alarms.kt`]: kotlin('class Alarms'),
      [`${SOURCES}/Boot.java`]: java(`final class Boot {
  static void arm(Context context) {
    AlarmManager alarms = (AlarmManager) context.getSystemService(Context.ALARM_SERVICE);
    PendingIntent operation = PendingIntent.getService(context, 0, new Intent(context, SyncService.class), PendingIntent.FLAG_IMMUTABLE);
    alarms.setRepeating(AlarmManager.RTC, System.currentTimeMillis(), 3600000L, operation);
  }
}`),
    },
    finds: [`A29 ${SOURCES}/Boot.java:9`],
  },
  'sound: a receiver': {
    ...alarms(REPEATS, 'getBroadcast'),
  },
  'sound: while idle, which lets it': alarms(
    'setAndAllowWhileIdle(AlarmManager.RTC_WAKEUP, System.currentTimeMillis() + 60_000, pending)',
  ),
  'sound: a foreground service': alarms(REPEATS, 'getForegroundService'),
  'sound: the set of another class': alarms('set(1, "RTC_WAKEUP", pending)'),
});

const ASKS = manifest(
  '',
  '<uses-permission android:name="android.permission.FOREGROUND_SERVICE" />\n    <uses-permission android:name="android.permission.FOREGROUND_SERVICE_DATA_SYNC" />',
);
const depends = (more: Record<string, string>) => ({
  base: 'react-native' as const,
  files: { [MANIFEST]: ASKS, 'package.json': packageJson({ 'react-native': '0.87.2', ...more }) },
});

describeSituations('the permission of a library’s service that lacks its type alone (A21)', {
  'nothing has such a service': { ...depends({}), finds: [`A21 ${MANIFEST}:3`] },
  'react-native-background-actions: the type is what is missing': {
    ...depends({ 'react-native-background-actions': '4.0.1' }),
    files: {
      ...depends({ 'react-native-background-actions': '4.0.1' }).files,
      'index.js': `import { AppRegistry } from 'react-native';
import BackgroundService from 'react-native-background-actions';
import App from './App';
AppRegistry.registerComponent('demo', () => App);
export const start = () => BackgroundService.start(async () => {}, { taskName: 'Sync' });
`,
    },
    finds: ['A22 index.js:5'],
  },
  'sound: Notifee': depends({ '@notifee/react-native': '9.1.8' }),
});
