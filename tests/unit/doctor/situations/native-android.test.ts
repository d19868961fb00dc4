import { manifest, packageJson } from '../../../helpers/doctor-bases.ts';
import { BUILD, MANIFEST, SOURCES, withWork } from '../checks/android-files.ts';
import { FGS } from './android-apps.ts';
import { describeSituations } from './situation.ts';
import type { Situation } from './situation.ts';

/** What public reports of native Android apps showed: pushes, services that Android starts again, restarts, leaving a screen. */

const ACTIVITY_ELEMENT =
  '        <activity android:name=".MainActivity" android:exported="true" />';
const imports = (end = ''): string =>
  [
    'android.app.*',
    'android.app.job.*',
    'android.content.*',
    'androidx.work.*',
    'com.google.firebase.messaging.*',
    'java.util.concurrent.TimeUnit',
  ]
    .map((name) => `import ${name}${end}\n`)
    .join('');
/** A Kotlin file whose code begins in line 10. */
const kt = (code: string): string => `package com.example.demo\n\n${imports()}\n${code}\n`;
const java = (code: string): string => `package com.example.demo;\n\n${imports(';')}\n${code}\n`;

const UPLOAD_ELEMENT =
  '        <service android:name=".UploadJob" android:permission="android.permission.BIND_JOB_SERVICE" />';

type Sources = Readonly<Record<string, string>>;
const app = (sources: Sources, elements = '', beside?: string): Situation => ({
  base: 'react-native',
  files: {
    // The ids of its jobs and WorkManager’s are another check.
    ...(elements === UPLOAD_ELEMENT ? {} : { [BUILD]: withWork('2.11.2') }),
    [MANIFEST]: manifest(`${ACTIVITY_ELEMENT}\n${elements}`, beside),
    ...Object.fromEntries(
      Object.entries(sources).map(([name, code]) => [
        `${SOURCES}/${name}`,
        name.endsWith('.java') ? java(code) : kt(code),
      ]),
    ),
  },
});
const found = (situation: Situation, at: string, says: string): Situation => {
  const [id = '', place = ''] = at.split(' ');
  return { ...situation, finds: [`${id} ${SOURCES}/${place}`], says };
};
const inManifest = (situation: Situation, at: string, says: string): Situation => ({
  ...situation,
  finds: [at.replace(' ', ` ${MANIFEST}`)],
  says,
});

const HEARS =
  '<intent-filter>\n                <action android:name="com.google.firebase.MESSAGING_EVENT" />\n            </intent-filter>';
const MESSAGING = `        <service android:name=".MyFcm" android:exported="false">\n            ${HEARS}\n        </service>`;
const SYNC_ELEMENT =
  '        <service android:name=".SyncService" android:foregroundServiceType="dataSync" />';
const SYNC = `class SyncService : Service() {
    override fun onBind(intent: Intent?) = null
    override fun onCreate() {
        startForeground(1, note(), ServiceInfo.FOREGROUND_SERVICE_TYPE_DATA_SYNC)
    }
    override fun onTimeout(startId: Int, fgsType: Int) { stopSelf() }
}`;
const START = 'ContextCompat.startForegroundService(this, Intent(this, SyncService::class.java))';
const pushed = (body: string): Situation =>
  app(
    {
      'MyFcm.kt': `class MyFcm : FirebaseMessagingService() {
    override fun onMessageReceived(message: RemoteMessage) {
        ${body}
    }
}`,
      'SyncService.kt': SYNC,
    },
    `${MESSAGING}\n${SYNC_ELEMENT}`,
    FGS,
  );

// https://github.com/element-hq/element-x-android/pull/6483, https://github.com/deltachat/deltachat-android/issues/3500
describeSituations('a message of Firebase starts a service (A29)', {
  'for the foreground': found(pushed(START), 'A29 MyFcm.kt:12', 'of high priority'),
  'a plain one, in Java': found(
    app(
      {
        'MyFcm.java': `public class MyFcm extends FirebaseMessagingService {
    @Override
    public void onMessageReceived(RemoteMessage message) {
        if ("sync".equals(message.getData().get("type"))) {
            startService(new Intent(this, SyncService.class));
        }
    }
}`,
        'SyncService.java': `public class SyncService extends IntentService {
    public SyncService() { super("SyncService"); }
    @Override
    protected void onHandleIntent(Intent intent) { Api.get().sync(); }
}`,
      },
      `${MESSAGING}\n        <service android:name=".SyncService" />`,
    ),
    'A29 MyFcm.java:14',
    'of high priority',
  ),
  'sound: of high priority': pushed(
    `if (message.priority == RemoteMessage.PRIORITY_HIGH) { ${START} }`,
  ),
  'sound: the refusal is caught': pushed(
    `try { ${START} } catch (e: IllegalStateException) { SyncWork.enqueue(this) }`,
  ),
  'sound: a worker': pushed('SyncWork.enqueue(this)'),
});

const periodic = (work: string, request = 'PeriodicWorkRequestBuilder'): Situation =>
  app(
    {
      'SyncWorker.kt': `class SyncWorker(context: Context, params: WorkerParameters) : CoroutineWorker(context, params) {
    override suspend fun doWork(): Result {
        ${work}
        return Result.success()
    }
    private suspend fun show() = setForeground(ForegroundInfo(12, note(), ServiceInfo.FOREGROUND_SERVICE_TYPE_DATA_SYNC))
    companion object {
        fun start(context: Context) {
            val request = ${request}<SyncWorker>(${request.startsWith('P') ? '6, TimeUnit.HOURS' : ''}).build()
            WorkManager.getInstance(context).enqueueUnique${request.startsWith('P') ? 'PeriodicWork("sync", ExistingPeriodicWorkPolicy' : 'Work("sync", ExistingWorkPolicy'}.KEEP, request)
        }
    }
}`,
    },
    '        <service android:name="androidx.work.impl.foreground.SystemForegroundService" android:foregroundServiceType="dataSync" tools:node="merge" />',
    FGS,
  );

// https://github.com/Tobi823/ffupdater/issues/472, https://github.com/home-assistant/android/issues/3337
describeSituations('periodic work goes into the foreground (A29)', {
  'at its start': found(periodic('show()\n        Api.sync()'), 'A29 SyncWorker.kt:16', 'throws'),
  'on another dispatcher': found(
    periodic('withContext(Dispatchers.IO) { show() }\n        Api.sync()'),
    'A29 SyncWorker.kt:16',
    'throws',
  ),
  'sound: what it throws is caught': periodic(
    'try { show() } catch (e: IllegalStateException) { Log.w("Sync", e) }\n        Api.sync()',
  ),
  'sound: where a person asked for it': periodic('if (inputData.getBoolean("now", false)) show()'),
  'sound: once': periodic('show()\n        Api.sync()', 'OneTimeWorkRequestBuilder'),
});

const handled = 'override fun onMessageReceived(message: RemoteMessage) { SyncWork.enqueue(this) }';
const FCM = { 'MyFcm.kt': `class MyFcm : FirebaseMessagingService() {\n    ${handled}\n}` };

describeSituations('a service for messages of Firebase that is not found (A45)', {
  'in no manifest': found(app(FCM), 'A45 MyFcm.kt:10', 'no manifest has a service of that class'),
  'without its intent filter': found(
    app(FCM, '        <service android:name=".MyFcm" android:exported="false" />'),
    'A45 MyFcm.kt:10',
    'no intent filter',
  ),
  'two of them': found(
    app(
      { ...FCM, 'ChatFcm.kt': `class ChatFcm : FirebaseMessagingService() {\n    ${handled}\n}` },
      `${MESSAGING}\n${MESSAGING.replace('MyFcm', 'ChatFcm')}`,
    ),
    'A45 ChatFcm.kt:10',
    'calls one service alone',
  ),
  'sound: a base class of it': app(
    {
      ...FCM,
      'BaseFcm.kt': `open class BaseFcm : FirebaseMessagingService() {\n    ${handled}\n}`,
      'MyFcm.kt': 'class MyFcm : BaseFcm()',
    },
    MESSAGING,
  ),
  'sound: one of two is switched off': app(
    { ...FCM, 'ChatFcm.kt': `class ChatFcm : FirebaseMessagingService() {\n    ${handled}\n}` },
    `${MESSAGING}\n${MESSAGING.replace('".MyFcm"', '".ChatFcm" android:enabled="@bool/chat"')}`,
  ),
  'sound: of a package whose manifest is not seen': {
    base: 'react-native',
    files: {
      [MANIFEST]: manifest(ACTIVITY_ELEMENT),
      'modules/push/android/src/main/java/com/push/MyFcm.kt': kt(FCM['MyFcm.kt']),
    },
  },
  'sound: for the token alone': app({
    'MyFcm.kt':
      'class MyFcm : FirebaseMessagingService() {\n    override fun onNewToken(token: String) { save(token) }\n}',
  }),
});

// https://github.com/wordpress-mobile/WordPress-Android/pull/22822
describeSituations('onTimeout of another type (A50)', {
  'one argument, of a dataSync service': found(
    app(
      {
        'SyncService.kt': SYNC.replace('startId: Int, fgsType: Int', 'startId: Int'),
        'MainActivity.kt': `class MainActivity : Activity() {\n    override fun onResume() { ${START} }\n}`,
      },
      SYNC_ELEMENT,
      FGS,
    ),
    'A50 SyncService.kt:10',
    'of a shortService alone',
  ),
});

const command = (parameter: string, body: string, end = 'START_STICKY'): Situation =>
  app(
    {
      'SyncService.kt': `class SyncService : Service() {
    override fun onBind(intent: Intent?) = null

    override fun onStartCommand(${parameter}, flags: Int, startId: Int): Int {
        ${body}
        return ${end}
    }
}`,
    },
    '        <service android:name=".SyncService" />',
  );
const inJava = (body: string): Situation =>
  app(
    {
      'SyncService.java': `public class SyncService extends Service {
    @Override public IBinder onBind(Intent intent) { return null; }
    @Override
    public int onStartCommand(Intent intent, int flags, int startId) {
        ${body}
        return Service.START_STICKY;
    }
}`,
    },
    '        <service android:name=".SyncService" />',
  );

// https://github.com/mozilla-mobile/focus-android/issues/535, https://github.com/AlainKnaff/Android-SFTP-Documents-Provider/issues/4
describeSituations('a service that is started again without an Intent (A66)', {
  'a parameter that takes no null': found(
    command('intent: Intent', 'drain()'),
    'A66 SyncService.kt:13',
    'its parameter intent takes no null',
  ),
  'with the package': found(
    command('intent: android.content.Intent', 'drain()'),
    'A66 SyncService.kt:13',
    'takes no null',
  ),
  'what Service itself returns': found(
    command('intent: Intent', 'drain()', 'super.onStartCommand(intent, flags, startId)'),
    'A66 SyncService.kt:13',
    'takes no null',
  ),
  'an assertion': found(
    command('intent: Intent?', 'drain(intent!!.getStringExtra("account"))'),
    'A66 SyncService.kt:13',
    'uses intent unasked',
  ),
  'in Java': found(
    inJava('if ("SYNC".equals(intent.getAction())) drain();'),
    'A66 SyncService.java:13',
    'uses intent unasked',
  ),
  'sound: it is asked': inJava('if (intent != null) drain(intent.getAction());'),
  'sound: a safe call': command('intent: Intent?', 'drain(intent?.getStringExtra("account"))'),
  'sound: the last Intent comes again': command(
    'intent: Intent',
    'drain(intent.getStringExtra("account"))',
    'START_REDELIVER_INTENT',
  ),
  'sound: it is not started again': command('intent: Intent', 'drain()', 'START_NOT_STICKY'),
  'sound: what throws is caught': command(
    'intent: Intent?',
    'try { drain(intent!!.action) } catch (e: NullPointerException) { stopSelf() }',
  ),
  'sound: an IntentService': app(
    {
      'SyncService.kt': `class SyncService : IntentService("sync") {
    override fun onHandleIntent(intent: Intent?) = drain()
    override fun onStartCommand(intent: Intent, flags: Int, startId: Int): Int {
        return super.onStartCommand(intent, flags, startId)
    }
}`,
    },
    '        <service android:name=".SyncService" />',
  ),
});

const boot = (filter: string): Situation =>
  app(
    {
      'BootReceiver.kt':
        'class BootReceiver : BroadcastReceiver() {\n    override fun onReceive(context: Context, intent: Intent) { SyncWork.enqueue(context) }\n}',
    },
    `        <receiver android:name=".BootReceiver" android:exported="true">\n${filter}\n        </receiver>`,
  );
const filter = (action: string, more = ''): string =>
  `            <intent-filter>\n                <action android:name="${action}" />${more}\n            </intent-filter>`;
const DATA = '\n                <data android:scheme="package" />';

// https://github.com/LucHocIT/ToDoList/issues/19
describeSituations('a restart that is never told (A59)', {
  'the name of the constant': inManifest(
    boot(filter('android.intent.action.ACTION_BOOT_COMPLETED')),
    'A59 :5',
    'which Android never sends',
  ),
  'the name of the permission': inManifest(
    boot(filter('android.permission.RECEIVE_BOOT_COMPLETED')),
    'A59 :5',
    'which Android never sends',
  ),
  'beside the data of another action': inManifest(
    boot(
      filter(
        'android.intent.action.BOOT_COMPLETED',
        `\n                <action android:name="android.intent.action.PACKAGE_REPLACED" />${DATA}`,
      ),
    ),
    'A59 :5',
    'has a <data>',
  ),
  'sound: a filter for each': boot(
    `${filter('android.intent.action.BOOT_COMPLETED')}\n${filter('android.intent.action.PACKAGE_REPLACED', DATA)}`,
  ),
  'sound: beside the right name': boot(
    `${filter('android.intent.action.ACTION_BOOT_COMPLETED')}\n${filter('android.intent.action.BOOT_COMPLETED')}`,
  ),
  'sound: one filter of two has data': boot(
    `${filter('android.intent.action.BOOT_COMPLETED')}\n${filter('android.intent.action.BOOT_COMPLETED', DATA)}`,
  ),
  'sound: an action of the app': boot(filter('com.example.demo.ACTION_BOOT_COMPLETED')),
});

const USER_JOB = {
  'UploadJob.kt': `class UploadJob : JobService() {
    override fun onStartJob(params: JobParameters): Boolean { Uploads.begin(this, params); return true }
    override fun onStopJob(params: JobParameters) = true
}`,
  'Uploads.kt': `fun upload(context: Context) {
    val job = JobInfo.Builder(42, ComponentName(context, UploadJob::class.java))
        .setUserInitiated(true)
        .setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)
        .build()
    context.getSystemService(JobScheduler::class.java).schedule(job)
}`,
};
// https://github.com/781flyingdutchman/background_downloader/pull/710
describeSituations('a transfer that a user begins (A62)', {
  'without its permission': found(
    app(USER_JOB, UPLOAD_ELEMENT),
    'A62 Uploads.kt:11',
    'RUN_USER_INITIATED_JOBS',
  ),
  'sound: with it': app(
    USER_JOB,
    UPLOAD_ELEMENT,
    '<uses-permission android:name="android.permission.RUN_USER_INITIATED_JOBS" />',
  ),
});

describeSituations('a period of JobScheduler as a product (A19)', {
  'of milliseconds': found(
    app(
      {
        ...USER_JOB,
        'Uploads.kt':
          'fun sync(context: Context) = schedule(JobInfo.Builder(42, ComponentName(context, UploadJob::class.java)).setPeriodic(5 * 60 * 1000).build())',
      },
      UPLOAD_ELEMENT,
    ),
    'A19 Uploads.kt:10',
    'the period is 300 seconds; JobScheduler makes 15 minutes of it',
  ),
});

const WORKER = `class SyncWorker(context: Context, params: WorkerParameters) : CoroutineWorker(context, params) {
    override suspend fun doWork(): Result { Api.sync(); return Result.success() }
}`;
const screen = (
  members: string,
  builder = 'PeriodicWorkRequestBuilder<SyncWorker>(1, TimeUnit.HOURS)',
): Situation =>
  app({
    'SyncWorker.kt': WORKER,
    'MainActivity.kt': `class MainActivity : AppCompatActivity() {
    override fun onCreate(state: Bundle?) {
        super.onCreate(state)
        val request = ${builder}.build()
        WorkManager.getInstance(this).${builder.startsWith('P') ? 'enqueueUniquePeriodicWork("sync", ExistingPeriodicWorkPolicy' : 'enqueueUniqueWork("sync", ExistingWorkPolicy'}.KEEP, request)
    }
${members}
}`,
  });
const leaving = (method: string, body: string): string =>
  `    override fun ${method}() {\n        super.${method}()\n        ${body}\n    }`;
const CANCEL = 'WorkManager.getInstance(this).cancelUniqueWork("sync")';

// https://github.com/dotnet/android/issues/3610
describeSituations('periodic work that ends with its screen (A39)', {
  'all work': found(
    screen(leaving('onDestroy', 'WorkManager.getInstance(this).cancelAllWork()')),
    'A39 MainActivity.kt:18',
    'in onDestroy ends the periodic work as MainActivity is left',
  ),
  'by its name, behind a function': found(
    screen(`${leaving('onStop', 'end()')}\n    private fun end() { ${CANCEL} }`),
    'A39 MainActivity.kt:20',
    'in onStop',
  ),
  'by the class of its worker': found(
    screen(
      leaving(
        'onPause',
        'WorkManager.getInstance(this).cancelAllWorkByTag(SyncWorker::class.java.name)',
      ),
    ),
    'A39 MainActivity.kt:18',
    'in onPause',
  ),
  'all work, a library’s too': {
    ...found(
      screen(leaving('onDestroy', 'WorkManager.getInstance(this).cancelAllWork()')),
      'A39 MainActivity.kt:18',
      'ends the periodic work',
    ),
    files: {
      ...screen(leaving('onDestroy', 'WorkManager.getInstance(this).cancelAllWork()')).files,
      'package.json': packageJson({ 'react-native': '0.87.2', 'headless-task-worker': '1.0.0' }),
    },
  },
  'sound: the user leaves the account': screen(
    leaving('onDestroy', `if (isFinishing && loggedOut) ${CANCEL}`),
  ),
  'sound: as the screen is shown': screen(leaving('onResume', CANCEL)),
  'sound: a button': screen(leaving('onResume', `off.setOnClickListener { ${CANCEL} }`)),
  'sound: work of the screen': screen(
    leaving('onDestroy', CANCEL),
    'OneTimeWorkRequestBuilder<SyncWorker>()',
  ),
  'sound: other work': screen(leaving('onDestroy', CANCEL.replace('sync', 'preview'))),
});
