import { appBuildGradle, manifest } from '../../../helpers/doctor-bases.ts';
import { BUILD, MANIFEST, SOURCES, kotlin, withWork } from '../checks/android-files.ts';
import { APP, FGS, WORK_SERVICE } from './android-apps.ts';
import { describeSituations } from './situation.ts';

/** Foreground services, headless tasks and Hilt, of several files each, as their reporters have them. */

const SERVICE = `${SOURCES}/SyncService.kt`;
const ACTIVITY = `${SOURCES}/MainActivity.kt`;
const START = 'startForeground(1, note(), ServiceInfo.FOREGROUND_SERVICE_TYPE_DATA_SYNC)';
const TIMEOUT = 'override fun onTimeout(startId: Int, fgsType: Int) { stopSelf() }';
const service = (start: string, member = TIMEOUT): string =>
  kotlin(`class SyncService : Service() {
  override fun onBind(intent: Intent?): IBinder? = null
  override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {
    ${start}
    scope.launch { Repo.syncAll(); stopSelf(startId) }
    return START_NOT_STICKY
  }
  ${member}
}`);
const [BASE = ''] = FGS.split('\n');
const STARTS = kotlin(`class MainActivity : Activity() {
  override fun onCreate(state: Bundle?) {
    super.onCreate(state)
    ContextCompat.startForegroundService(this, Intent(this, SyncService::class.java))
  }
}`);
const declared = (type = 'dataSync', more = '', beside = FGS): string =>
  manifest(
    `<activity android:name=".MainActivity" android:exported="true" />\n<service android:name=".SyncService" android:foregroundServiceType="${type}" />\n${more}`,
    beside,
  );
const services = (code: string, more: Record<string, string> = {}) => ({
  [MANIFEST]: declared(),
  [SERVICE]: code,
  [ACTIVITY]: STARTS,
  ...more,
});

describeSituations('a foreground service and its sides (A22, A48, A50)', {
  'it never calls startForeground': {
    base: 'react-native',
    files: services(service('')),
    finds: [`A48 ${ACTIVITY}:8`],
  },
  'its notification has the id 0': {
    base: 'react-native',
    files: services(
      service(
        START.replace('(1,', '(NOTE,'),
        `${TIMEOUT}\n  companion object { const val NOTE = 0 }`,
      ),
    ),
    finds: [`A48 ${SERVICE}:8`],
    says: 'the id must not be 0',
  },
  'its notification has the id 0, by ServiceCompat': {
    base: 'react-native',
    files: services(
      service(START.replace('startForeground(1', 'ServiceCompat.startForeground(this, 0')),
    ),
    finds: [`A48 ${SERVICE}:8`],
    says: 'the id must not be 0',
  },
  'sound: the id 0 in debug builds alone': {
    base: 'react-native',
    files: services(service(`${START}\n    if (BuildConfig.DEBUG) ${START.replace('(1,', '(0,')}`)),
  },
  'sound: the id 0 in a function of no service': {
    base: 'react-native',
    files: services(service(START), {
      [`${SOURCES}/Notes.kt`]: kotlin(
        'fun note(service: Service) = service.startForeground(0, note(), ServiceInfo.FOREGROUND_SERVICE_TYPE_DATA_SYNC)',
      ),
    }),
  },
  'another type than the manifest’s': {
    base: 'react-native',
    files: services(service(START.replace('DATA_SYNC', 'LOCATION'))),
    finds: [`A22 ${SERVICE}:8`],
    says: 'starts as location',
  },
  'without the permission of all foreground services': {
    base: 'react-native',
    files: services(service(START), {
      [MANIFEST]: declared('dataSync', '', FGS.split('\n')[1]),
    }),
    finds: [`A22 ${SERVICE}:8`],
    says: 'does not ask for android.permission.FOREGROUND_SERVICE',
  },
  'a worker whose ForegroundInfo has no type': {
    base: 'react-native',
    files: {
      [BUILD]: withWork('2.11.2'),
      [MANIFEST]: manifest(WORK_SERVICE, FGS),
      [`${SOURCES}/SyncWorker.kt`]:
        kotlin(`class SyncWorker(context: Context, params: WorkerParameters) : CoroutineWorker(context, params) {
  override suspend fun doWork(): Result {
    setForeground(getForegroundInfo())
    return Result.success()
  }
  override suspend fun getForegroundInfo() = ForegroundInfo(7, note())
}`),
    },
    finds: [`A22 ${SOURCES}/SyncWorker.kt:10`],
    says: 'ForegroundInfo names no type',
  },
  'sound: a ForegroundInfo without a type that Android 11 and older alone ask for': {
    base: 'react-native',
    files: {
      [BUILD]: withWork('2.11.2'),
      [MANIFEST]: manifest(WORK_SERVICE, FGS),
      [`${SOURCES}/SyncWorker.kt`]:
        kotlin(`class SyncWorker(context: Context, params: WorkerParameters) : CoroutineWorker(context, params) {
  override suspend fun doWork(): Result = Result.success()
  override suspend fun getForegroundInfo() = ForegroundInfo(7, note())
}

val now = OneTimeWorkRequestBuilder<SyncWorker>()
  .setExpedited(OutOfQuotaPolicy.RUN_AS_NON_EXPEDITED_WORK_REQUEST).build()`),
    },
  },
  'no onTimeout, and it stops when it is done': {
    base: 'react-native',
    files: services(service(START, '')),
    finds: [`A50 ${SERVICE}:5`],
  },
  'a shortService without onTimeout': {
    base: 'react-native',
    files: services(service('startForeground(1, note())', ''), {
      [MANIFEST]: declared('shortService', '', BASE),
    }),
    finds: [`A50 ${SERVICE}:5`],
    says: '3 minutes',
  },
  'sound: each side has its other': { base: 'react-native', files: services(service(START)) },
  'sound: a type with no limit beside it': {
    base: 'react-native',
    files: services(service(START, ''), {
      [MANIFEST]: declared(
        'dataSync|location',
        '',
        `${FGS}<uses-permission android:name="android.permission.FOREGROUND_SERVICE_LOCATION" />`,
      ),
    }),
  },
});

const BOOT = `<receiver android:name=".BootReceiver" android:exported="true"><intent-filter><action android:name="android.intent.action.BOOT_COMPLETED" /></intent-filter></receiver>`;
const RECEIVER = `${SOURCES}/BootReceiver.kt`;
const boots = (type: string) => ({
  [MANIFEST]: declared(
    type,
    BOOT,
    `${type === 'dataSync' ? FGS : BASE}<uses-permission android:name="android.permission.FOREGROUND_SERVICE_SPECIAL_USE" /><uses-permission android:name="android.permission.RECEIVE_BOOT_COMPLETED" />`,
  ),
  [SERVICE]: service('startForeground(1, note())'),
  [RECEIVER]: kotlin(`class BootReceiver : BroadcastReceiver() {
  override fun onReceive(context: Context, intent: Intent) {
    ContextCompat.startForegroundService(context, Intent(context, SyncService::class.java))
  }
}`),
});

describeSituations('a restart of the device starts a service (A49)', {
  'of the type dataSync': {
    base: 'react-native',
    files: boots('dataSync'),
    finds: [`A49 ${RECEIVER}:7`],
  },
  'sound: of a type that may': { base: 'react-native', files: boots('specialUse') },
});

const TASK = `${SOURCES}/SyncTaskService.kt`;
const headless = (config: string) => ({
  [MANIFEST]: manifest(
    '<activity android:name=".MainActivity" android:exported="true" />\n<service android:name=".SyncTaskService" />',
  ),
  [TASK]: kotlin(`class SyncTaskService : HeadlessJsTaskService() {
  override fun getTaskConfig(intent: Intent?): HeadlessJsTaskConfig? =
    ${config}
}`),
  [ACTIVITY]: kotlin(`class MainActivity : ReactActivity() {
  override fun onCreate(state: Bundle?) {
    super.onCreate(state)
    startService(Intent(this, SyncTaskService::class.java))
  }
}`),
  'index.js': `import { AppRegistry } from 'react-native';
import App from './App';
AppRegistry.registerComponent('demo', () => App);
AppRegistry.registerHeadlessTask('Sync', () => async () => undefined);
`,
});

describeSituations('the config of a headless task (A51)', {
  'no timeout': {
    base: 'react-native',
    files: headless('HeadlessJsTaskConfig("Sync", Arguments.createMap(), 0, true)'),
    finds: [`A51 ${TASK}:7`],
  },
  seconds: {
    base: 'react-native',
    files: headless('HeadlessJsTaskConfig("Sync", Arguments.createMap(), 30, true)'),
    finds: [`A51 ${TASK}:7`],
    says: '30 milliseconds',
  },
  'not for the foreground, and started there': {
    base: 'react-native',
    files: headless('HeadlessJsTaskConfig("Sync", Arguments.createMap(), timeout = 5000)'),
    finds: [`A51 ${TASK}:7`],
    says: 'MainActivity.onCreate starts it',
  },
  'sound: both are given': {
    base: 'react-native',
    files: headless('HeadlessJsTaskConfig("Sync", Arguments.createMap(), 5_000, true)'),
  },
});

const HILT_BUILD = (compiler: string): string =>
  appBuildGradle(
    `    implementation "androidx.work:work-runtime-ktx:2.11.2"\n    implementation "androidx.hilt:hilt-work:1.2.0"\n    ksp "com.google.dagger:hilt-compiler:2.57"\n${compiler}`,
  );
const REMOVED =
  '<provider android:name="androidx.startup.InitializationProvider" android:authorities="${applicationId}.androidx-startup" tools:node="merge"><meta-data android:name="androidx.work.WorkManagerInitializer" android:value="androidx.startup" tools:node="remove" /></provider>';
const HILT_APP = kotlin(`import androidx.hilt.work.HiltWorkerFactory

@HiltAndroidApp
class MainApplication : Application(), Configuration.Provider {
  @Inject lateinit var workerFactory: HiltWorkerFactory
  override val workManagerConfiguration: Configuration
    get() = Configuration.Builder().setWorkerFactory(workerFactory).build()
}`);
const HILT_WORKER = kotlin(`@HiltWorker
class SyncWorker @AssistedInject constructor(
  @Assisted context: Context,
  @Assisted params: WorkerParameters,
  private val repo: Repo,
) : CoroutineWorker(context, params) {
  override suspend fun doWork(): Result { repo.sync(); return Result.success() }
}`);
const hilt = (more: Record<string, string> = {}) => ({
  [BUILD]: HILT_BUILD('    ksp "androidx.hilt:hilt-compiler:1.2.0"'),
  [MANIFEST]: manifest(REMOVED),
  [APP]: HILT_APP,
  [`${SOURCES}/SyncWorker.kt`]: HILT_WORKER,
  ...more,
});

describeSituations('Hilt and WorkManager (A31, A52)', {
  'no compiler of androidx.hilt': {
    base: 'react-native',
    files: hilt({ [BUILD]: HILT_BUILD('') }),
    finds: [`A31 ${BUILD}:15`],
    says: 'hilt-compiler is not in the build',
  },
  'the compiler as a library': {
    base: 'react-native',
    files: hilt({
      [BUILD]: HILT_BUILD('    implementation "androidx.hilt:hilt-compiler:1.2.0"'),
    }),
    finds: [`A31 ${BUILD}:17`],
  },
  'a constructor without @AssistedInject': {
    base: 'react-native',
    files: hilt({
      [`${SOURCES}/SyncWorker.kt`]: HILT_WORKER.replace('@AssistedInject', '@Inject'),
    }),
    finds: [`A31 ${SOURCES}/SyncWorker.kt:6`],
    says: 'Worker constructor should be annotated with @AssistedInject instead of @Inject.',
  },
  'the two that WorkManager gives, and nobody asks Hilt for them': {
    base: 'react-native',
    files: hilt({
      [`${SOURCES}/SyncWorker.kt`]: kotlin(`@HiltWorker
class SyncWorker(context: Context, params: WorkerParameters) : CoroutineWorker(context, params) {
  override suspend fun doWork(): Result = Result.success()
}`),
    }),
    finds: [`A31 ${SOURCES}/SyncWorker.kt:6`],
    says: 'exactly one @AssistedInject annotated constructor',
  },
  'the parameters before the context': {
    base: 'react-native',
    files: hilt({
      [`${SOURCES}/SyncWorker.kt`]: HILT_WORKER.replace(
        /( {2}@Assisted context.*\n)( {2}@Assisted params.*\n)/,
        '$2$1',
      ),
    }),
    finds: [`A31 ${SOURCES}/SyncWorker.kt:6`],
    says: 'must be declared before',
  },
  'a private constructor': {
    base: 'react-native',
    files: hilt({
      [`${SOURCES}/SyncWorker.kt`]: HILT_WORKER.replace(
        '@AssistedInject constructor',
        '@AssistedInject private constructor',
      ),
    }),
    finds: [`A31 ${SOURCES}/SyncWorker.kt:6`],
    says: 'must not be private',
  },
  'sound: the HiltWorker of Dagger itself takes @Inject': {
    base: 'react-native',
    files: hilt({
      [`${SOURCES}/SyncWorker.kt`]: HILT_WORKER.replace(
        '@HiltWorker',
        'import dagger.hilt.android.work.HiltWorker\n\n@HiltWorker',
      )
        .replace('@AssistedInject', '@Inject')
        .replaceAll('@Assisted ', ''),
    }),
  },
  'a context without @Assisted': {
    base: 'react-native',
    files: hilt({
      [`${SOURCES}/SyncWorker.kt`]: HILT_WORKER.replace('@Assisted context', 'context'),
    }),
    finds: [`A31 ${SOURCES}/SyncWorker.kt:6`],
  },
  'a factory that is not injected': {
    base: 'react-native',
    files: hilt({ [APP]: HILT_APP.replace('@Inject lateinit', 'lateinit') }),
    finds: [`A52 ${APP}:9`],
  },
  'a configuration that is made with the class': {
    base: 'react-native',
    files: hilt({ [APP]: HILT_APP.replace(/\n\s*get\(\) =/, ' =') }),
    finds: [`A52 ${APP}:10`],
    says: 'before workerFactory is injected',
  },
  'an Application without @HiltAndroidApp': {
    base: 'react-native',
    files: hilt({ [APP]: HILT_APP.replace('@HiltAndroidApp', '') }),
    finds: [`A52 ${APP}:8`],
  },
  'the manifest starts another Application': {
    base: 'react-native',
    files: hilt({
      [MANIFEST]: manifest(REMOVED).replace('.MainApplication', '.OtherApplication'),
      [`${SOURCES}/OtherApplication.kt`]: kotlin('class OtherApplication : Application()'),
    }),
    finds: [`A52 ${APP}:8`],
    says: 'the manifest starts OtherApplication',
  },
  'sound: all of it': { base: 'react-native', files: hilt() },
  'sound: the compilers come from a loop': {
    base: 'react-native',
    files: hilt({ [BUILD]: HILT_BUILD('    hiltCompilers.each { ksp it }') }),
  },
});
