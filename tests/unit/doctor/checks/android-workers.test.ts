import { BUILD, MANIFEST, SOURCES, java, kotlin, withWork } from './android-files.ts';
import { manifest } from '../../../helpers/doctor-bases.ts';
import { describeCheck } from '../../../helpers/doctor-case.ts';

const WORKER = `${SOURCES}/SyncWorker.kt`;
const FACTORY = `${SOURCES}/AppWorkerFactory.kt`;
const work = (code: string) => ({ [WORKER]: kotlin(code), [BUILD]: withWork('2.11.2') });

describeCheck('A08', {
  base: 'react-native',
  triggers: {
    'else throws': {
      files: {
        [FACTORY]: kotlin(`class AppWorkerFactory(private val api: Api) : WorkerFactory() {
  override fun createWorker(
    appContext: Context,
    workerClassName: String,
    workerParameters: WorkerParameters,
  ): ListenableWorker? =
    when (workerClassName) {
      UploadWorker::class.java.name -> UploadWorker(appContext, workerParameters, api)
      else -> throw IllegalArgumentException("unknown worker: $workerClassName")
    }
}`),
      },
      at: `${FACTORY}:13`,
      message: 'AppWorkerFactory throws for a worker that it does not know',
    },
    'a map of providers': {
      files: {
        [FACTORY]:
          kotlin(`class AppWorkerFactory(val makers: Map<String, Provider<Maker>>) : WorkerFactory() {
  override fun createWorker(context: Context, name: String, parameters: WorkerParameters): ListenableWorker? {
    val maker = makers[name] ?: error("no maker for $name")
    return maker.get().create(context, parameters)
  }
}`),
      },
      at: `${FACTORY}:7`,
    },
    Java: {
      files: {
        [`${SOURCES}/AppWorkerFactory.java`]:
          java(`public class AppWorkerFactory extends WorkerFactory {
  @Override
  public ListenableWorker createWorker(Context context, String name, WorkerParameters parameters) {
    switch (name) {
      case "upload":
        return new UploadWorker(context, parameters);
      default:
        throw new IllegalArgumentException(name);
    }
  }
}`),
      },
      at: `${SOURCES}/AppWorkerFactory.java:12`,
    },
  },
  near: {
    'else is null': {
      [FACTORY]: kotlin(`class AppWorkerFactory(private val api: Api) : WorkerFactory() {
  override fun createWorker(context: Context, name: String, parameters: WorkerParameters) =
    when (name) {
      UploadWorker::class.java.name -> UploadWorker(context, parameters, api)
      else -> null
    }
}`),
    },
    'another method throws': {
      [FACTORY]: kotlin(`class AppWorkerFactory : WorkerFactory() {
  override fun createWorker(context: Context, name: String, parameters: WorkerParameters) = null
  fun api(): Api = current ?: throw IllegalStateException("no api")
}`),
    },
    'another factory': {
      [FACTORY]: kotlin(`class ScreenFactory : Factory() {
  fun createWorker(name: String) = when (name) { "a" -> A() else -> throw Exception(name) }
}`),
    },
  },
});

const PERIODIC = 'val request = PeriodicWorkRequestBuilder<SyncWorker>(1, TimeUnit.HOURS).build()';
const periodic = (body: string, version = '2.10.0') => ({
  [WORKER]: kotlin(`class SyncWorker(context: Context, parameters: WorkerParameters) :
  CoroutineWorker(context, parameters) {
${body}
}
${PERIODIC}`),
  [BUILD]: withWork(version),
});

describeCheck('A16', {
  base: 'react-native',
  triggers: {
    'withTimeout that nothing catches': {
      files: periodic(`  override suspend fun doWork(): Result {
    withTimeout(60_000) { upload() }
    return Result.success()
  }`),
      at: `${WORKER}:8`,
      message: 'when withTimeout ends, its exception leaves doWork of SyncWorker',
    },
    'withTimeout behind a handler that passes cancellations on': {
      files: periodic(`  override suspend fun doWork(): Result = withContext(Dispatchers.IO) {
    try {
      withTimeout(60_000) { upload() }
      Result.success()
    } catch (e: CancellationException) {
      throw e
    } catch (e: Exception) {
      Result.retry()
    }
  }`),
      at: `${WORKER}:9`,
    },
    'a handler for something else': {
      files: periodic(`  override suspend fun doWork(): Result =
    try {
      withTimeout(60_000) { upload() }
      Result.success()
    } catch (e: IOException) {
      Result.retry()
    }`),
      at: `${WORKER}:9`,
    },
    'a throw': {
      files: periodic(
        `  override suspend fun doWork(): Result {
    if (!upload()) {
      throw IllegalStateException("not uploaded")
    }
    return Result.success()
  }`,
        '2.10.1',
      ),
      at: `${WORKER}:9`,
      message: 'what is thrown here leaves doWork',
    },
    'a handler that throws again': {
      files: periodic(`  override suspend fun doWork(): Result =
    try {
      upload()
      Result.success()
    } catch (e: IOException) {
      report(e)
      throw RuntimeException(e)
    }`),
      at: `${WORKER}:13`,
    },
    'a Worker in Java': {
      files: {
        [BUILD]: withWork('2.10.0'),
        [`${SOURCES}/UploadWorker.java`]: java(`public class UploadWorker extends Worker {
  @NonNull
  @Override
  public Result doWork() {
    if (!new Uploader().upload()) {
      throw new IllegalStateException("not uploaded");
    }
    return Result.success();
  }

  static PeriodicWorkRequest request() {
    return new PeriodicWorkRequest.Builder(UploadWorker.class, 1, TimeUnit.HOURS).build();
  }
}`),
      },
      at: `${SOURCES}/UploadWorker.java:10`,
    },
  },
  near: {
    withTimeoutOrNull: periodic(`  override suspend fun doWork(): Result {
    withTimeoutOrNull(60_000) { upload() } ?: return Result.retry()
    return Result.success()
  }`),
    'withTimeout, and its exception caught': periodic(`  override suspend fun doWork(): Result =
    try {
      withTimeout(60_000) { upload() }
      Result.success()
    } catch (e: TimeoutCancellationException) {
      Result.retry()
    }`),
    'a handler for all': periodic(`  override suspend fun doWork(): Result =
    try {
      withTimeout(60_000) { upload() }
      Result.success()
    } catch (e: Exception) {
      if (isStopped) throw e
      Result.retry()
    }`),
    runCatching: periodic(`  override suspend fun doWork(): Result =
    runCatching { withTimeout(60_000) { upload() } }.fold({ Result.success() }, { Result.retry() })`),
    'a cancellation passed on': periodic(`  override suspend fun doWork(): Result =
    try {
      upload()
      Result.success()
    } catch (e: CancellationException) {
      throw e
    } catch (e: Exception) {
      Result.retry()
    }`),
    'another function throws':
      periodic(`  override suspend fun doWork(): Result = try { upload() } catch (e: Exception) { Result.retry() }

  private fun upload(): Result = throw IOException("no network")`),
    'androidx.work 2.11.2': periodic(
      `  override suspend fun doWork(): Result {
    withTimeout(60_000) { upload() }
    return Result.success()
  }`,
      '2.11.2',
    ),
    'one-time work': {
      [BUILD]: withWork('2.11.2'),
      [WORKER]:
        kotlin(`class SyncWorker(context: Context, parameters: WorkerParameters) : CoroutineWorker(context, parameters) {
  override suspend fun doWork(): Result {
    withTimeout(60_000) { upload() }
    return Result.success()
  }
}
val request = OneTimeWorkRequestBuilder<SyncWorker>().build()`),
    },
  },
});

describeCheck('A17', {
  base: 'react-native',
  triggers: {
    'override in a CoroutineWorker': {
      files: work(`@HiltWorker
class SyncWorker @AssistedInject constructor(
  @Assisted context: Context,
  @Assisted parameters: WorkerParameters,
  private val api: Api,
) : CoroutineWorker(context, parameters) {
  override suspend fun doWork(): Result = Result.success()

  override fun onStopped() {
    super.onStopped()
    api.close()
  }
}`),
      at: `${WORKER}:13`,
      message: 'SyncWorker is a CoroutineWorker, whose onStopped is final',
    },
    'through a base class of the app': {
      files: {
        [`${SOURCES}/BaseWorker.kt`]: kotlin(
          'abstract class BaseWorker(c: Context, p: WorkerParameters) : CoroutineWorker(c, p)',
        ),
        ...work(`class SyncWorker(c: Context, p: WorkerParameters) : BaseWorker(c, p) {
  override fun onStopped() = close()
}`),
      },
      at: `${WORKER}:6`,
    },
  },
  near: {
    'a plain Worker': work(`class SyncWorker(c: Context, p: WorkerParameters) : Worker(c, p) {
  override fun doWork(): Result = Result.success()
  override fun onStopped() { close() }
}`),
    'a class inside':
      work(`class SyncWorker(c: Context, p: WorkerParameters) : CoroutineWorker(c, p) {
  override suspend fun doWork(): Result = Result.success()
  private inner class Player : MediaPlayer() {
    override fun onStopped() { close() }
  }
}`),
    'a comment': work(`class SyncWorker(c: Context, p: WorkerParameters) : CoroutineWorker(c, p) {
  // override fun onStopped() { }
  override suspend fun doWork(): Result = Result.success()
}`),
    'a worker of another kind': {
      [WORKER]: `package com.example.demo

class SyncWorker : CoroutineWorker() {
  override fun onStopped() { close() }
}
`,
    },
  },
});

describeCheck('A18', {
  base: 'react-native',
  triggers: {
    'runBlocking in a Worker': {
      files: work(`class SyncWorker(c: Context, p: WorkerParameters) : Worker(c, p) {
  override fun doWork(): Result = runBlocking {
    upload()
    Result.success()
  }
}`),
      at: `${WORKER}:6`,
      message: 'runBlocking in doWork of SyncWorker',
    },
    'Thread.sleep': {
      files: work(`class SyncWorker(c: Context, p: WorkerParameters) : CoroutineWorker(c, p) {
  override suspend fun doWork(): Result {
    while (isBusy()) Thread.sleep(1000)
    return Result.success()
  }
}`),
      at: `${WORKER}:7`,
    },
    'Thread.sleep in Java': {
      files: {
        [`${SOURCES}/SyncWorker.java`]: java(`public class SyncWorker extends Worker {
  @Override
  public Result doWork() {
    try {
      Thread.sleep(5000);
    } catch (InterruptedException e) {
      return Result.failure();
    }
    return Result.success();
  }
}`),
      },
      at: `${SOURCES}/SyncWorker.java:9`,
    },
  },
  near: {
    delay: work(`class SyncWorker(c: Context, p: WorkerParameters) : CoroutineWorker(c, p) {
  override suspend fun doWork(): Result { delay(1000); return Result.success() }
}`),
    'elsewhere than in a worker': work(`class Uploader {
  fun upload() = runBlocking { Thread.sleep(10) }
}`),
  },
});

const FOREGROUND = work(`class SyncWorker(c: Context, p: WorkerParameters) : CoroutineWorker(c, p) {
  override suspend fun doWork(): Result {
    setForeground(createForegroundInfo())
    return Result.success()
  }
}`);
const service = (type: string) =>
  manifest(
    `<service android:name="androidx.work.impl.foreground.SystemForegroundService" ${type} tools:node="merge" />`,
    !type.includes('dataSync')
      ? ''
      : '<uses-permission android:name="android.permission.FOREGROUND_SERVICE_DATA_SYNC" />',
  );

describeCheck('A22', {
  base: 'react-native',
  triggers: {
    'no type': {
      files: FOREGROUND,
      at: `${WORKER}:7`,
      message: 'SyncWorker calls setForeground',
    },
    'the service without a type': {
      files: { ...FOREGROUND, [MANIFEST]: service('android:exported="false"') },
      at: `${WORKER}:7`,
    },
    'setForegroundAsync in Java': {
      files: {
        [BUILD]: withWork('2.11.2'),
        [`${SOURCES}/SyncWorker.java`]: java(`public class SyncWorker extends Worker {
  public Result doWork() {
    setForegroundAsync(createForegroundInfo());
    return Result.success();
  }
}`),
      },
      at: `${SOURCES}/SyncWorker.java:7`,
    },
  },
  near: {
    'a type': { ...FOREGROUND, [MANIFEST]: service('android:foregroundServiceType="dataSync"') },
    'a type in another module': {
      ...FOREGROUND,
      'android/settings.gradle': "include ':app', ':sync'\n",
      'android/sync/build.gradle': 'apply plugin: "com.android.library"\n',
      'android/sync/src/main/AndroidManifest.xml': service(
        'android:foregroundServiceType="dataSync"',
      ),
    },
    'an older target': {
      ...FOREGROUND,
      [BUILD]: withWork('2.11.2').replace('targetSdk 36', 'targetSdk 33'),
    },
  },
});

const HEADLESS = `${SOURCES}/SyncTaskService.kt`;
const task = {
  [HEADLESS]: `package com.example.demo

import com.facebook.react.HeadlessJsTaskService

class SyncTaskService : HeadlessJsTaskService() {
  override fun getTaskConfig(intent: Intent?) = HeadlessJsTaskConfig("Sync", Arguments.createMap(), 5000, true)
}
`,
  // Without it J03 would tell of the other half.
  'sync.js':
    "import { AppRegistry } from 'react-native';\nAppRegistry.registerHeadlessTask('Sync', () => async () => {});\n",
};

describeCheck('A29', {
  base: 'react-native',
  triggers: {
    'from a receiver': {
      files: {
        ...task,
        [`${SOURCES}/BootReceiver.kt`]: `package com.example.demo

class BootReceiver : BroadcastReceiver() {
  override fun onReceive(context: Context, intent: Intent) {
    context.startService(Intent(context, SyncTaskService::class.java))
  }
}
`,
      },
      at: `${SOURCES}/BootReceiver.kt:5`,
      message: 'BootReceiver starts SyncTaskService',
    },
    'from a worker in Java': {
      files: {
        ...task,
        [`${SOURCES}/SyncWorker.java`]: java(`public class SyncWorker extends Worker {
  public Result doWork() {
    Context context = getApplicationContext();
    context.startService(new Intent(context, SyncTaskService.class));
    return Result.success();
  }
}`),
      },
      at: `${SOURCES}/SyncWorker.java:8`,
    },
  },
  near: {
    'from an activity': {
      ...task,
      [`${SOURCES}/MainActivity.kt`]: `package com.example.demo

class MainActivity : ReactActivity() {
  fun sync() = startService(Intent(this, SyncTaskService::class.java))
}
`,
    },
    'another service': {
      ...task,
      [`${SOURCES}/PushReceiver.kt`]: `package com.example.demo

class PushReceiver : BroadcastReceiver() {
  override fun onReceive(context: Context, intent: Intent) {
    context.startService(Intent(context, PlayerService::class.java))
  }
}
`,
    },
  },
});
