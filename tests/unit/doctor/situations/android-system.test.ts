import { manifest, packageJson } from '../../../helpers/doctor-bases.ts';
import { BUILD, MANIFEST, SOURCES, java, kotlin, withWork } from '../checks/android-files.ts';
import { BASE_WORKER, FGS, WORKER } from './android-apps.ts';
import { describeSituations } from './situation.ts';
import type { Situation } from './situation.ts';

/** What Android itself refuses, replaces or does not deliver, of alarms, jobs, broadcasts, services and unique work. */

const SYNC = `${SOURCES}/Sync.kt`;
const JAVA_SYNC = `${SOURCES}/Sync.java`;
const finds = (files: Record<string, string>, found: string, says?: string): Situation => ({
  base: 'react-native',
  files,
  finds: [found],
  ...(says !== undefined && { says }),
});
const sound = (files: Record<string, string>): Situation => ({ base: 'react-native', files });

const WORK = { [BUILD]: withWork('2.10.1'), [WORKER]: kotlin(BASE_WORKER) };
const EVERY =
  'WorkManager.getInstance(context).enqueueUniquePeriodicWork("sync", ExistingPeriodicWorkPolicy.UPDATE, PeriodicWorkRequestBuilder<SyncWorker>(1, TimeUnit.HOURS).build())';
const once = (policy: string, name = '"sync"'): string =>
  `WorkManager.getInstance(context).enqueueUniqueWork(${name}, ExistingWorkPolicy.${policy}, OneTimeWorkRequestBuilder<SyncWorker>().build())`;
const names = (every: string, now: string, more = '') => ({
  ...WORK,
  [SYNC]: kotlin(`class Sync(private val context: Context) {
  fun every() {
    ${every}
  }
  fun now() {
    ${now}
  }
${more}
}`),
});

describeSituations('one-time work under the name of periodic work (A58)', {
  'KEEP leaves it out': finds(names(EVERY, once('KEEP')), `A58 ${SYNC}:10`, 'is left out'),
  'REPLACE ends the periodic work': finds(
    names(EVERY, once('REPLACE', 'NAME'), '  companion object { const val NAME = "sync" }'),
    `A58 ${SYNC}:10`,
    'runs no more',
  ),
  'APPEND_OR_REPLACE waits for its end': finds(
    names(EVERY, once('APPEND_OR_REPLACE')),
    `A58 ${SYNC}:10`,
    'which it never does',
  ),
  'behind a helper, with the policy in a variable, in Java': finds(
    {
      ...WORK,
      [JAVA_SYNC]: java(`class Sync {
  static final String NAME = "sync";
  void every(Context context, PeriodicWorkRequest request) {
    WorkManager.getInstance(context).enqueueUniquePeriodicWork(NAME, ExistingPeriodicWorkPolicy.KEEP, request);
  }
  void now(Context context, OneTimeWorkRequest request) {
    ExistingWorkPolicy policy = ExistingWorkPolicy.KEEP;
    enqueue(context, NAME, request, policy);
  }
  private void enqueue(Context context, String name, OneTimeWorkRequest request, ExistingWorkPolicy policy) {
    WorkManager.getInstance(context).beginUniqueWork(name, ExistingWorkPolicy.KEEP, request).enqueue();
  }
}`),
    },
    `A58 ${JAVA_SYNC}:15`,
  ),
  'a worker that enqueues itself by KEEP': finds(
    {
      [BUILD]: withWork('2.10.1'),
      [WORKER]:
        kotlin(`class SyncWorker(context: Context, params: WorkerParameters) : CoroutineWorker(context, params) {
  override suspend fun doWork(): Result {
    Repo.sync()
    schedule(applicationContext)
    return Result.success()
  }
  companion object {
    fun schedule(context: Context) {
      val next = OneTimeWorkRequestBuilder<SyncWorker>().setInitialDelay(30, TimeUnit.MINUTES).build()
      WorkManager.getInstance(context).enqueueUniqueWork("sync", ExistingWorkPolicy.KEEP, next)
    }
  }
}`),
      [SYNC]: kotlin(
        'class Start : Activity() {\n  override fun onCreate(state: Bundle?) { SyncWorker.schedule(this) }\n}',
      ),
    },
    `A58 ${WORKER}:14`,
    'KEEP leaves the next run of SyncWorker out',
  ),
  'sound: a name of its own': sound(names(EVERY, once('KEEP', '"sync-now"'))),
  'sound: one function chooses': sound(
    names(
      `if (isPeriodic) {\n      ${EVERY}\n    } else {\n      ${once('REPLACE')}\n    }`,
      'every()',
    ),
  ),
  'sound: a name that only a run knows': sound(
    names(EVERY, once('KEEP', '"sync-$id"'), '  private val id = UUID.randomUUID()'),
  ),
  'sound: a worker that enqueues another one by KEEP': sound({
    ...WORK,
    [SYNC]: kotlin(
      `class Sync(private val context: Context) {\n  fun now() {\n    ${once('KEEP')}\n  }\n}`,
    ),
    [`${SOURCES}/PhotoWorker.kt`]:
      kotlin(`class PhotoWorker(context: Context, params: WorkerParameters) : CoroutineWorker(context, params) {
  override suspend fun doWork(): Result {
    ${once('KEEP').replace('context', 'applicationContext')}
    return Result.success()
  }
}`),
  }),
});

const filter = (...actions: string[]): string =>
  `<intent-filter>${actions.map((name) => `<action android:name="${name}" />`).join('')}</intent-filter>`;
const receiving = (attributes: string, actions: string, more: Record<string, string> = {}) => ({
  [MANIFEST]: manifest(
    `        <receiver android:name=".SyncReceiver" android:exported="true" ${attributes}>${actions}</receiver>`,
    '<uses-permission android:name="android.permission.RECEIVE_BOOT_COMPLETED" />',
  ),
  ...more,
});
const NETWORK = 'android.net.conn.CONNECTIVITY_CHANGE';
const LOCKED = 'android.intent.action.LOCKED_BOOT_COMPLETED';
const RECEIVER = `${SOURCES}/SyncReceiver.kt`;
const RECEIVES = kotlin(
  'class SyncReceiver : BroadcastReceiver() {\n  override fun onReceive(context: Context, intent: Intent) { Queue.mark() }\n}',
);

describeSituations('broadcasts that no receiver of a manifest gets (A59)', {
  'of the network': finds(
    receiving('', filter(NETWORK)),
    `A59 ${MANIFEST}:4`,
    'CONNECTIVITY_CHANGE',
  ),
  'of the charger and the screen': finds(
    receiving(
      '',
      filter('android.intent.action.ACTION_POWER_CONNECTED', 'android.intent.action.SCREEN_ON'),
    ),
    `A59 ${MANIFEST}:4`,
    'ACTION_POWER_CONNECTED',
  ),
  'before the phone is unlocked': finds(
    receiving('', filter(LOCKED)),
    `A59 ${MANIFEST}:4`,
    'directBootAware',
  ),
  'switched off, and never on': finds(
    receiving('android:enabled="false"', filter('android.intent.action.BOOT_COMPLETED'), {
      [RECEIVER]: RECEIVES,
    }),
    `A59 ${MANIFEST}:4`,
    'android:enabled="false"',
  ),
  'sound: a restart beside the network': sound(
    receiving('', filter('android.intent.action.BOOT_COMPLETED', NETWORK)),
  ),
  'sound: registered in code, too': sound(
    receiving('', filter(NETWORK), {
      [RECEIVER]: RECEIVES,
      [SYNC]: kotlin(
        `fun watch(context: Context) = context.registerReceiver(SyncReceiver(), IntentFilter("${NETWORK}"))`,
      ),
    }),
  ),
  'sound: aware of the locked phone': sound(
    receiving('android:directBootAware="true"', filter(LOCKED)),
  ),
  'sound: switched on in code': sound(
    receiving('android:enabled="false"', filter('android.intent.action.BOOT_COMPLETED'), {
      [RECEIVER]: RECEIVES,
      [SYNC]: kotlin(
        'fun on(context: Context, name: ComponentName) = context.packageManager.setComponentEnabledSetting(name, PackageManager.COMPONENT_ENABLED_STATE_ENABLED, PackageManager.DONT_KILL_APP)',
      ),
    }),
  ),
});

const alarm = (body: string): Record<string, string> => ({
  [MANIFEST]: manifest(
    '        <receiver android:name=".SyncReceiver" android:exported="false" />',
  ),
  [RECEIVER]: RECEIVES,
  [SYNC]: kotlin(`class Sync(private val context: Context, private val alarms: AlarmManager) {
  fun begin() {
    val intent = Intent(context, SyncReceiver::class.java)
${body}
  }
}`),
});
const pending = (flags: string): string =>
  `    val pending = PendingIntent.getBroadcast(context, 0, intent, ${flags})`;
const SAFE = pending('PendingIntent.FLAG_IMMUTABLE');

describeSituations('a PendingIntent without its mutability (A60)', {
  'FLAG_UPDATE_CURRENT alone': finds(
    alarm(pending('PendingIntent.FLAG_UPDATE_CURRENT')),
    `A60 ${SYNC}:8`,
  ),
  'two flags': finds(
    alarm(pending('FLAG_CANCEL_CURRENT or PendingIntent.FLAG_ONE_SHOT')),
    `A60 ${SYNC}:8`,
  ),
  'a variable': finds(alarm(`    val flags = 0\n${pending('flags')}`), `A60 ${SYNC}:9`),
  'in Java': finds(
    {
      [JAVA_SYNC]: java(`class Sync {
  PendingIntent open(Context context, Intent intent) {
    return PendingIntent.getActivity(context, 0, intent, PendingIntent.FLAG_UPDATE_CURRENT | PendingIntent.FLAG_ONE_SHOT);
  }
}`),
    },
    `A60 ${JAVA_SYNC}:7`,
  ),
  'sound: immutable': sound(alarm(SAFE)),
  'sound: a variable that a comparison sets': sound(
    alarm(
      `    val flags = if (Build.VERSION.SDK_INT >= 23) PendingIntent.FLAG_IMMUTABLE else 0\n${pending('flags')}`,
    ),
  ),
  'sound: on older Android alone': sound(
    alarm(
      `    if (Build.VERSION.SDK_INT < Build.VERSION_CODES.S) {\n  ${pending('PendingIntent.FLAG_UPDATE_CURRENT')}\n    }`,
    ),
  ),
  'sound: flags that a function gives': sound(alarm(pending('flagsOf(context)'))),
  'sound: targetSdk 30': sound({
    ...alarm(pending('0')),
    [BUILD]: withWork('2.10.1').replace('targetSdk 36', 'targetSdk 30'),
  }),
});

describeSituations('alarms on the wrong clock (A61)', {
  'the calendar for the time since the start': finds(
    alarm(
      `${SAFE}\n    alarms.setInexactRepeating(AlarmManager.ELAPSED_REALTIME_WAKEUP, System.currentTimeMillis() + HOUR, HOUR, pending)`,
    ),
    `A61 ${SYNC}:9`,
    'fifty years',
  ),
  'the time since the start for the calendar': finds(
    alarm(
      `${SAFE}\n    val at = SystemClock.elapsedRealtime() + HOUR\n    alarms.setAndAllowWhileIdle(AlarmManager.RTC_WAKEUP, at, pending)`,
    ),
    `A61 ${SYNC}:10`,
    'at once',
  ),
  'of a Calendar, in Java': finds(
    {
      [JAVA_SYNC]: java(`class Sync {
  void begin(AlarmManager alarms, Calendar calendar, PendingIntent pending) {
    alarms.set(AlarmManager.ELAPSED_REALTIME, calendar.getTimeInMillis(), pending);
  }
}`),
    },
    `A61 ${JAVA_SYNC}:7`,
  ),
  'sound: each with its own': sound(
    alarm(
      `${SAFE}\n    alarms.set(AlarmManager.ELAPSED_REALTIME, SystemClock.elapsedRealtime() + HOUR, pending)\n    alarms.set(AlarmManager.RTC, System.currentTimeMillis() + HOUR, pending)`,
    ),
  ),
  'sound: one reckoned from the other': sound(
    alarm(
      `${SAFE}\n    alarms.set(AlarmManager.ELAPSED_REALTIME, SystemClock.elapsedRealtime() + (due - System.currentTimeMillis()), pending)`,
    ),
  ),
  'sound: a time that a function gives': sound(
    alarm(`${SAFE}\n    alarms.set(AlarmManager.ELAPSED_REALTIME, nextRun(), pending)`),
  ),
});

const JOBS = ['SyncJob', 'PhotoJob'];
const jobs = (body: string): Record<string, string> => ({
  [MANIFEST]: manifest(
    JOBS.map(
      (name) =>
        `<service android:name=".${name}" android:permission="android.permission.BIND_JOB_SERVICE" android:exported="false" />`,
    ).join('\n'),
  ),
  [`${SOURCES}/Jobs.kt`]: kotlin(
    JOBS.map(
      (name) =>
        `class ${name} : JobService() {\n  override fun onStartJob(params: JobParameters) = false\n  override fun onStopJob(params: JobParameters) = true\n}`,
    ).join('\n'),
  ),
  [SYNC]: kotlin(`class Sync(private val context: Context, private val scheduler: JobScheduler) {
  fun begin() {
${body}
  }
}`),
});
const builder = (name = 'SyncJob', id = '20001'): string =>
  `JobInfo.Builder(${id}, ComponentName(context, ${name}::class.java))`;

describeSituations('jobs that JobScheduler refuses or replaces (A62)', {
  'a periodic job with a latency': finds(
    jobs(
      `    scheduler.schedule(${builder()}.setPeriodic(3_600_000L).setMinimumLatency(1000L).build())`,
    ),
    `A62 ${SYNC}:7`,
    'setMinimumLatency',
  ),
  'a deadline, on a variable': finds(
    jobs(
      `    val job = ${builder()}\n    job.setOverrideDeadline(60_000L)\n    job.setPeriodic(3_600_000L)\n    scheduler.schedule(job.build())`,
    ),
    `A62 ${SYNC}:7`,
    'setOverrideDeadline',
  ),
  'idle with a back-off': finds(
    jobs(
      `    scheduler.schedule(${builder()}.setRequiresDeviceIdle(true).setBackoffCriteria(30_000L, JobInfo.BACKOFF_POLICY_LINEAR).build())`,
    ),
    `A62 ${SYNC}:7`,
  ),
  'two services with one id': finds(
    jobs(
      `    scheduler.schedule(${builder()}.setPeriodic(3_600_000L).build())\n    scheduler.schedule(${builder('PhotoJob')}.setPeriodic(3_600_000L).build())`,
    ),
    `A62 ${SYNC}:8`,
    'has the id 20001',
  ),
  'sound: each its own id': sound(
    jobs(
      `    scheduler.schedule(${builder()}.setPeriodic(3_600_000L).build())\n    scheduler.schedule(${builder('PhotoJob', '20002')}.setRequiresDeviceIdle(false).setBackoffCriteria(30_000L, 0).build())`,
    ),
  ),
  'sound: one or the other': sound(
    jobs(
      `    val job = ${builder()}\n    if (isOnce) job.setMinimumLatency(1000L)\n    else job.setPeriodic(3_600_000L)\n    scheduler.schedule(job.build())`,
    ),
  ),
  'sound: one or the other in apply': sound(
    jobs(
      `    scheduler.schedule(${builder()}.apply { if (isOnce) setMinimumLatency(1000L) else setPeriodic(3_600_000L) }.build())`,
    ),
  ),
});

const SERVICE = `${SOURCES}/SyncService.kt`;
const service = (declared: string, start: Record<string, string>) => ({
  [MANIFEST]: manifest(
    `        <service android:name=".SyncService" android:foregroundServiceType="dataSync" />${declared}`,
    `${FGS}<uses-permission android:name="android.permission.RECEIVE_BOOT_COMPLETED" />`,
  ),
  [SERVICE]: kotlin(`class SyncService : Service() {
  override fun onBind(intent: Intent?): IBinder? = null
  override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {
    startForeground(7, note(), ServiceInfo.FOREGROUND_SERVICE_TYPE_DATA_SYNC)
    return START_NOT_STICKY
  }
  override fun onTimeout(startId: Int, fgsType: Int) { stopSelf() }
}`),
  ...start,
});
const starts = (call: string): string =>
  kotlin(`class SyncReceiver : BroadcastReceiver() {
  override fun onReceive(context: Context, intent: Intent) {
    ${call}
  }
}`);
const workerStarts = (call: string) => ({
  [BUILD]: withWork('2.10.1'),
  [WORKER]:
    kotlin(`class SyncWorker(context: Context, params: WorkerParameters) : CoroutineWorker(context, params) {
  override suspend fun doWork(): Result {
    ${call}
    return Result.success()
  }
}`),
});
const BOOT = `<receiver android:name=".SyncReceiver" android:exported="true">${filter('android.intent.action.BOOT_COMPLETED')}</receiver>`;
const PLAIN = '<receiver android:name=".SyncReceiver" android:exported="false" />';
const START = 'context.startService(Intent(context, SyncService::class.java))';
const FOREGROUND =
  'ContextCompat.startForegroundService(applicationContext, Intent(applicationContext, SyncService::class.java))';

describeSituations('a service that the background starts (A29)', {
  'a receiver of a restart': finds(
    service(BOOT, { [RECEIVER]: starts(START) }),
    `A29 ${RECEIVER}:7`,
  ),
  'a receiver of an alarm': finds(
    service(PLAIN, {
      [RECEIVER]: starts(START),
      [SYNC]: kotlin(
        'fun plan(context: Context, alarms: AlarmManager) = alarms.set(AlarmManager.RTC, 0L, PendingIntent.getBroadcast(context, 0, Intent(context, SyncReceiver::class.java), PendingIntent.FLAG_IMMUTABLE))',
      ),
    }),
    `A29 ${RECEIVER}:7`,
  ),
  'a worker': finds(
    service('', workerStarts(START.replaceAll('context', 'applicationContext'))),
    `A29 ${WORKER}:7`,
  ),
  'a worker, for the foreground': finds(service('', workerStarts(FOREGROUND)), `A29 ${WORKER}:7`),
  'sound: a button of a notification': sound(service(PLAIN, { [RECEIVER]: starts(START) })),
  'sound: what Android throws is caught': sound(
    service(
      '',
      workerStarts(
        `try { ${FOREGROUND} } catch (error: IllegalStateException) { return Result.retry() }`,
      ),
    ),
  ),
  'sound: it asks for the screen first': sound(
    service(
      '',
      workerStarts(
        `if (ProcessLifecycleOwner.get().lifecycle.currentState.isAtLeast(Lifecycle.State.STARTED)) ${START.replaceAll('context', 'applicationContext')}`,
      ),
    ),
  ),
  'sound: an app that may': sound({
    ...service('', workerStarts(FOREGROUND)),
    [MANIFEST]: manifest(
      '<service android:name=".SyncService" android:foregroundServiceType="dataSync" />',
      `${FGS}<uses-permission android:name="android.permission.SYSTEM_ALERT_WINDOW" />`,
    ),
  }),
  'sound: a screen starts it': sound(
    service('', {
      [SYNC]: kotlin(
        `class Screen : Activity() {\n  override fun onResume() {\n    super.onResume()\n    startService(Intent(this, SyncService::class.java))\n  }\n}`,
      ),
    }),
  ),
});

const intentService = (permission: string) => ({
  [MANIFEST]: manifest(`        <service android:name=".SyncService" ${permission} />`),
  [`${SOURCES}/SyncService.java`]: java(`public class SyncService extends JobIntentService {
  static void enqueue(Context context, Intent work) {
    enqueueWork(context, SyncService.class, 20003, work);
  }
  @Override protected void onHandleWork(Intent intent) { Repo.sync(); }
}`),
});

describeSituations('a JobIntentService (A36)', {
  'without the permission that JobScheduler has': finds(
    intentService('android:exported="false"'),
    `A36 ${MANIFEST}:4`,
  ),
  'in no manifest': finds(
    { ...intentService(''), [MANIFEST]: manifest() },
    `A36 ${SOURCES}/SyncService.java:7`,
  ),
  'sound: with it': sound(
    intentService('android:permission="android.permission.BIND_JOB_SERVICE"'),
  ),
});

const notified = (note: string, more = '', files: Record<string, string> = {}) => ({
  [MANIFEST]: manifest(
    '        <service android:name=".SyncService" android:foregroundServiceType="dataSync" />',
    FGS,
  ),
  [SERVICE]: kotlin(`class SyncService : Service() {
  override fun onBind(intent: Intent?): IBinder? = null
  override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {
    ${note}
    startForeground(7, note, ServiceInfo.FOREGROUND_SERVICE_TYPE_DATA_SYNC)
    return START_NOT_STICKY
  }
  override fun onTimeout(startId: Int, fgsType: Int) { stopSelf() }
${more}
}`),
  ...files,
});
const JAVA_SERVICE = `${SOURCES}/SyncService.java`;
const note = (channel: string): string =>
  `val note = NotificationCompat.Builder(this, ${channel}).setSmallIcon(R.drawable.sync).build()`;
const makes = (id: string): string =>
  `  override fun onCreate() { manager.createNotificationChannel(NotificationChannel(${id}, "Sync", NotificationManager.IMPORTANCE_LOW)) }`;

describeSituations('the channel of a foreground service (A63)', {
  'nobody makes one': finds(notified(note('"sync"')), `A63 ${SERVICE}:8`, 'is made nowhere'),
  'another one is made': finds(
    notified(
      note('CHANNEL'),
      `  companion object { const val CHANNEL = "sync-chanel" }\n${makes('"sync-channel"')}`,
    ),
    `A63 ${SERVICE}:8`,
    'did you mean “sync-channel”?',
  ),
  'none is named, in Java': finds(
    {
      [MANIFEST]: notified('')[MANIFEST],
      [JAVA_SERVICE]: java(`public class SyncService extends Service {
  @Override public IBinder onBind(Intent intent) { return null; }
  @Override public int onStartCommand(Intent intent, int flags, int startId) {
    Notification note = new NotificationCompat.Builder(this).setContentTitle("Sync").build();
    startForeground(7, note);
    return START_NOT_STICKY;
  }
  @Override public void onTimeout(int startId, int type) { stopSelf(); }
}`),
    },
    `A63 ${JAVA_SERVICE}:8`,
    'names no channel',
  ),
  'sound: it is made in another file, with a builder': sound(
    notified(note('Channels.SYNC'), '', {
      [SYNC]: kotlin(`object Channels {
  const val SYNC = "sync"
  fun make(context: Context) = NotificationManagerCompat.from(context).createNotificationChannel(
    NotificationChannelCompat.Builder(SYNC, NotificationManagerCompat.IMPORTANCE_LOW).build())
}`),
    }),
  ),
  'sound: a channel whose id only a run knows': sound(
    notified(note('"sync"'), makes('channelId()')),
  ),
  'sound: the form of before Android 8 beside that of today': sound(
    notified(
      'val note = if (Build.VERSION.SDK_INT >= 26) Notification.Builder(this, "sync").build() else Notification.Builder(this).build()',
      makes('"sync"'),
    ),
  ),
  'sound: a library makes channels': sound({
    ...notified(note('"sync"')),
    'package.json': packageJson({ 'react-native': '0.87.2', '@notifee/react-native': '9.1.8' }),
  }),
  'sound: JavaScript makes it': sound({
    ...notified(note('"sync"')),
    'channels.js': "NativeModules.Channels.create('sync');\n",
  }),
});
