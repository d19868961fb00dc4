import { packageJson } from '../../../helpers/doctor-bases.ts';
import { describeCheck } from '../../../helpers/doctor-case.ts';
import type { Trigger } from '../../../helpers/doctor-case.ts';
import { BUILD, SOURCES, java, kotlin, withWork } from './android-files.ts';

const APPLICATION = `${SOURCES}/MainApplication.kt`;
const SYNC = `${SOURCES}/Sync.kt`;

const application = (policy: string) =>
  kotlin(`class MainApplication : Application(), ReactApplication {
  override val reactHost: ReactHost by lazy { getDefaultReactHost(this, packages) }

  override fun onCreate() {
    super.onCreate()
    WorkManager.getInstance(this).enqueueUniquePeriodicWork(
      "sync",
      ExistingPeriodicWorkPolicy.${policy},
      PeriodicWorkRequestBuilder<SyncWorker>(1, TimeUnit.HOURS).build(),
    )
  }
}`);

const scheduler = (policy: string) =>
  kotlin(`object SyncScheduler {
  fun schedule(context: Context) {
    WorkManager.getInstance(context)
      .enqueueUniquePeriodicWork("sync", ExistingPeriodicWorkPolicy.${policy}, request)
  }
}`);

const calling = kotlin(`class MainApplication : Application() {
  override fun onCreate() {
    super.onCreate()
    SyncScheduler.schedule(this)
  }
}`);

describeCheck('A14', {
  base: 'react-native',
  triggers: {
    'REPLACE in onCreate of the Application': {
      files: { [APPLICATION]: application('REPLACE') },
      at: `${APPLICATION}:12`,
      message: 'REPLACE at each start of the app',
    },
    'in a function that onCreate calls': {
      files: { [APPLICATION]: calling, [SYNC]: scheduler('CANCEL_AND_REENQUEUE') },
      at: `${SYNC}:8`,
    },
    'in Java': {
      files: {
        [APPLICATION]: undefined,
        [`${SOURCES}/MainActivity.java`]: java(`public class MainActivity extends ReactActivity {
  @Override
  protected void onCreate(Bundle state) {
    super.onCreate(state);
    WorkManager.getInstance(this)
        .enqueueUniquePeriodicWork("sync", ExistingPeriodicWorkPolicy.REPLACE, request());
  }
}`),
      },
      at: `${SOURCES}/MainActivity.java:10`,
    },
  },
  near: {
    KEEP: { [APPLICATION]: application('KEEP') },
    UPDATE: { [APPLICATION]: application('UPDATE') },
    'another class’s function of the same name is called at the start': {
      [APPLICATION]: calling.replace('SyncScheduler.schedule(this)', 'analytics.schedule(this)'),
      [SYNC]: scheduler('CANCEL_AND_REENQUEUE'),
    },
    'when a setting changes': {
      [SYNC]: scheduler('CANCEL_AND_REENQUEUE'),
      [`${SOURCES}/Settings.kt`]: kotlin(
        'class Settings { fun onIntervalChanged(c: Context) = SyncScheduler.schedule(c) }',
      ),
    },
  },
});

const append = (call: string) => ({
  [SYNC]: kotlin(`fun upload(context: Context) {\n  ${call}\n}`),
});

describeCheck('A15', {
  base: 'react-native',
  triggers: {
    enqueueUniqueWork: {
      files: append(
        'WorkManager.getInstance(context)\n    .enqueueUniqueWork("upload", ExistingWorkPolicy.APPEND, request)',
      ),
      at: `${SYNC}:7`,
    },
    'a worker that enqueues its successor': {
      files: {
        [`${SOURCES}/SyncWorker.java`]: java(`public class SyncWorker extends Worker {
  public Result doWork() {
    WorkManager.getInstance(getApplicationContext())
        .beginUniqueWork("sync", ExistingWorkPolicy.APPEND, next())
        .enqueue();
    return Result.success();
  }
}`),
      },
      at: `${SOURCES}/SyncWorker.java:8`,
    },
    'an imported constant': {
      files: append('workManager.enqueueUniqueWork(\n    NAME,\n    APPEND,\n    request,\n  )'),
      at: `${SYNC}:8`,
    },
  },
  near: {
    APPEND_OR_REPLACE: append(
      'workManager.enqueueUniqueWork("upload", ExistingWorkPolicy.APPEND_OR_REPLACE, request)',
    ),
    'a new name each time': append(
      'workManager.enqueueUniqueWork("alert_${System.currentTimeMillis()}", ExistingWorkPolicy.APPEND, request)',
    ),
    'only said': append('log("ExistingWorkPolicy.APPEND") // ExistingWorkPolicy.APPEND'),
  },
});

const request = (code: string) => ({ [SYNC]: kotlin(code) });

describeCheck('A19', {
  base: 'react-native',
  triggers: {
    minutes: {
      files: request(
        'val request = PeriodicWorkRequestBuilder<SyncWorker>(5, TimeUnit.MINUTES).build()',
      ),
      at: `${SYNC}:5`,
      message: 'the period is 5 minutes; WorkManager makes 15 minutes of it',
    },
    'a Duration and a flex': {
      files: request(
        'val request = PeriodicWorkRequestBuilder<SyncWorker>(Duration.ofMinutes(10), Duration.ofMinutes(5)).build()',
      ),
      at: `${SYNC}:5`,
    },
    'a constant': {
      files: request(
        'private const val INTERVAL = 60L\n\nval request = PeriodicWorkRequestBuilder<SyncWorker>(INTERVAL, TimeUnit.SECONDS).build()',
      ),
      at: `${SYNC}:7`,
    },
    'named arguments': {
      files: request(
        'val request = PeriodicWorkRequestBuilder<SyncWorker>(\n  repeatIntervalTimeUnit = TimeUnit.MINUTES,\n  repeatInterval = 1,\n).build()',
      ),
      at: `${SYNC}:5`,
    },
    Java: {
      files: {
        [`${SOURCES}/Sync.java`]: java(`class Sync {
  PeriodicWorkRequest request =
      new PeriodicWorkRequest.Builder(SyncWorker.class, 600000, TimeUnit.MILLISECONDS).build();
}`),
      },
      at: `${SOURCES}/Sync.java:7`,
    },
  },
  near: {
    '15 minutes': request(
      'val request = PeriodicWorkRequestBuilder<SyncWorker>(15, TimeUnit.MINUTES).build()',
    ),
    'an hour': request(
      'val request = PeriodicWorkRequestBuilder<SyncWorker>(1, TimeUnit.HOURS).build()',
    ),
    'the least that there is': request(
      'val request = PeriodicWorkRequestBuilder<SyncWorker>(PeriodicWorkRequest.MIN_PERIODIC_INTERVAL_MILLIS, TimeUnit.MILLISECONDS).build()',
    ),
    'a setting': request(
      'fun request(minutes: Long) = PeriodicWorkRequestBuilder<SyncWorker>(minutes, TimeUnit.MINUTES).build()',
    ),
  },
});

describeCheck('A20', {
  base: 'react-native',
  triggers: {
    'periodic work': {
      files: request(`val request = PeriodicWorkRequestBuilder<SyncWorker>(1, TimeUnit.HOURS)
  .setExpedited(OutOfQuotaPolicy.RUN_AS_NON_EXPEDITED_WORK_REQUEST)
  .build()`),
      at: `${SYNC}:6`,
      message: 'periodic work cannot be expedited: build() throws',
    },
    'a delay': {
      files: request(`val request = OneTimeWorkRequestBuilder<SyncWorker>()
  .setInitialDelay(10, TimeUnit.MINUTES)
  .setExpedited(OutOfQuotaPolicy.RUN_AS_NON_EXPEDITED_WORK_REQUEST)
  .build()`),
      at: `${SYNC}:7`,
      message: 'cannot be delayed',
    },
    'constraints in a variable': {
      files: request(`fun enqueue() {
  val constraints = Constraints.Builder().setRequiresCharging(true).build()
  val request = OneTimeWorkRequestBuilder<SyncWorker>()
    .setExpedited(OutOfQuotaPolicy.RUN_AS_NON_EXPEDITED_WORK_REQUEST)
    .setConstraints(constraints)
    .build()
}`),
      at: `${SYNC}:8`,
      message: 'the charger',
    },
    Java: {
      files: {
        [`${SOURCES}/Sync.java`]: java(`class Sync {
  WorkRequest request = new OneTimeWorkRequest.Builder(SyncWorker.class)
      .setExpedited(OutOfQuotaPolicy.DROP_WORK_REQUEST)
      .setConstraints(new Constraints.Builder().setRequiresBatteryNotLow(true).build())
      .build();
}`),
      },
      at: `${SOURCES}/Sync.java:7`,
    },
  },
  near: {
    'a network constraint': request(`val request = OneTimeWorkRequestBuilder<SyncWorker>()
  .setExpedited(OutOfQuotaPolicy.RUN_AS_NON_EXPEDITED_WORK_REQUEST)
  .setConstraints(Constraints.Builder().setRequiredNetworkType(NetworkType.CONNECTED).setRequiresCharging(false).build())
  .build()`),
    'a delay in another request': request(`fun enqueue() {
  val first = OneTimeWorkRequestBuilder<SyncWorker>().setExpedited(OutOfQuotaPolicy.DROP_WORK_REQUEST).build()
  val second = OneTimeWorkRequestBuilder<SyncWorker>().setInitialDelay(1, TimeUnit.HOURS).build()
}`),
  },
});

const JOB = `${SOURCES}/Jobs.kt`;
const job = (id: string) => ({
  [BUILD]: withWork('2.11.2'),
  [JOB]: `package com.example.demo

import android.app.job.JobInfo

fun job(context: Context) = JobInfo.Builder(${id}, ComponentName(context, Cleanup::class.java)).build()
`,
});

describeCheck('A26', {
  base: 'react-native',
  triggers: {
    'a small number': {
      files: job('42'),
      at: `${JOB}:5`,
      message: 'job 42 is in the range',
    },
  },
  near: {
    'a range for WorkManager': {
      ...job('42'),
      [SYNC]: kotlin(
        'val configuration = Configuration.Builder().setJobSchedulerJobIdRange(10_000, 20_000).build()',
      ),
    },
    'a number that is no literal': job('CLEANUP_ID'),
    'no WorkManager': {
      ...job('42'),
      [BUILD]: withWork('1.17.0').replace('androidx.work', 'androidx.core'),
    },
  },
});

describeCheck('A35', {
  base: 'react-native',
  triggers: {
    'constraints in the chain': {
      files: request(`val request = PeriodicWorkRequestBuilder<SyncWorker>(1, TimeUnit.HOURS)
  .setConstraints(Constraints.Builder().setRequiresDeviceIdle(true).build())
  .setBackoffCriteria(BackoffPolicy.LINEAR, 30, TimeUnit.SECONDS)
  .build()`),
      at: `${SYNC}:7`,
      message: 'cannot back off: build() throws',
    },
    'constraints in a variable': {
      files: request(`fun enqueue() {
  val constraints = Constraints.Builder().setRequiresCharging(true).setRequiresDeviceIdle(true).build()
  val request = OneTimeWorkRequestBuilder<SyncWorker>()
    .setBackoffCriteria(BackoffPolicy.EXPONENTIAL, 1, TimeUnit.MINUTES)
    .setConstraints(constraints)
    .build()
}`),
      at: `${SYNC}:8`,
    },
    Java: {
      files: {
        [`${SOURCES}/Sync.java`]: java(`class Sync {
  WorkRequest request = new OneTimeWorkRequest.Builder(SyncWorker.class)
      .setBackoffCriteria(BackoffPolicy.LINEAR, 30, TimeUnit.SECONDS)
      .setConstraints(new Constraints.Builder().setRequiresDeviceIdle(true).build())
      .build();
}`),
      },
      at: `${SOURCES}/Sync.java:7`,
    },
  },
  near: {
    'idle, and no back-off': request(`val request = OneTimeWorkRequestBuilder<SyncWorker>()
  .setConstraints(Constraints.Builder().setRequiresDeviceIdle(true).build())
  .build()`),
    'a back-off, and no idle device': request(`val request = OneTimeWorkRequestBuilder<SyncWorker>()
  .setConstraints(Constraints.Builder().setRequiresDeviceIdle(false).setRequiresCharging(true).build())
  .setBackoffCriteria(BackoffPolicy.LINEAR, 30, TimeUnit.SECONDS)
  .build()`),
    'each in a request of its own': request(`fun enqueue() {
  val first = OneTimeWorkRequestBuilder<SyncWorker>().setBackoffCriteria(BackoffPolicy.LINEAR, 30, TimeUnit.SECONDS).build()
  val second = OneTimeWorkRequestBuilder<SyncWorker>().setConstraints(Constraints.Builder().setRequiresDeviceIdle(true).build()).build()
}`),
  },
});

const EXPO_TASK = {
  'package.json': packageJson({ 'react-native': '0.81.0', 'expo-background-task': '1.0.8' }),
};
const CANCEL = 'WorkManager.getInstance(this).cancelAllWork()';
const starting = (body: string, members = '') => ({
  ...EXPO_TASK,
  [APPLICATION]: kotlin(`class MainApplication : Application(), ReactApplication {
  override val reactHost: ReactHost by lazy { getDefaultReactHost(this, packages) }

  override fun onCreate() {
    super.onCreate()
    ${body}
  }
${members}}`),
});
const info = (body: string, where = ''): Trigger => ({
  files: starting('', body),
  at: `${APPLICATION}:13`,
  message: `cancelAllWork()${where} cancels the background sync, too`,
});

describeCheck('A39', {
  base: 'react-native',
  triggers: {
    'all work, in onCreate of the Application': {
      files: starting(CANCEL),
      at: `${APPLICATION}:10`,
      message: 'cancelAllWork() at each start of the app cancels',
    },
    'on lines of their own': {
      files: starting('WorkManager.getInstance(this)\n      .cancelAllWork()'),
      at: `${APPLICATION}:11`,
    },
    'in a try and a coroutine': {
      files: starting(`try { scope.launch { ${CANCEL} } } catch (e: Exception) {}`),
      at: `${APPLICATION}:10`,
      message: 'at each start',
    },
    'finished work': {
      files: starting(CANCEL.replace('cancelAllWork', 'pruneWork')),
      at: `${APPLICATION}:10`,
      message: 'pruneWork() at each start of the app forgets',
    },
    'in a function that onCreate calls': {
      files: {
        ...EXPO_TASK,
        [APPLICATION]: calling,
        [SYNC]: kotlin(
          `object SyncScheduler {\n  fun schedule(context: Context) {\n    ${CANCEL}\n  }\n}`,
        ),
      },
      at: `${SYNC}:7`,
      message: 'at each start',
    },
    'in Java': {
      files: {
        ...EXPO_TASK,
        [APPLICATION]: undefined,
        [`${SOURCES}/MainActivity.java`]: java(`public class MainActivity extends ReactActivity {
  @Override
  protected void onCreate(Bundle state) {
    WorkManager.getInstance(this).cancelAllWork();
  }
}`),
      },
      at: `${SOURCES}/MainActivity.java:8`,
      message: 'at each start',
    },
    'by a log-out: information': info(`  fun logOut() {\n${CANCEL}\n  }\n`, ' in logOut'),
    'behind a condition: information': {
      files: starting(`if (isFirstStart()) {\n      ${CANCEL}\n    }`),
      at: `${APPLICATION}:11`,
      message: 'cancelAllWork() in onCreate cancels',
    },
    'in a listener: information': {
      files: starting(`button.setOnClickListener {\n      ${CANCEL}\n    }`),
      at: `${APPLICATION}:11`,
      message: 'cancelAllWork() in onCreate cancels',
    },
  },
  near: {
    'the app’s own work': starting(CANCEL.replace('AllWork()', 'AllWorkByTag("upload")')),
    'one unique work': starting(CANCEL.replace('AllWork()', 'UniqueWork("upload")')),
    'in a comment': starting(`// ${CANCEL}`),
    'in debug builds': starting(`if (BuildConfig.DEBUG) ${CANCEL}`),
    'finished work, by a log-out': starting(
      '',
      '  fun logOut() {\n    WorkManager.getInstance(this).pruneWork()\n  }\n',
    ),
    'a function of the app’s own': starting(
      'cancelAllWork()',
      '  fun cancelAllWork() = uploads.stop()\n',
    ),
    'nobody else has work': { [APPLICATION]: starting(CANCEL)[APPLICATION] },
  },
});
