import { SOURCES, java, kotlin } from '../checks/android-files.ts';
import { WORKER } from './android-apps.ts';
import { describeSituations } from './situation.ts';
import type { Situation } from './situation.ts';

/** Work that goes on when the method that stands for it has returned: WorkManager counts the run as done. */

const JAVA_WORKER = `${SOURCES}/SyncWorker.java`;
const REPO = `${SOURCES}/Repo.kt`;
const worker = (body: string, more = '', base = 'CoroutineWorker'): Record<string, string> => ({
  [WORKER]:
    kotlin(`class SyncWorker(context: Context, params: WorkerParameters) : ${base}(context, params) {
  override ${base === 'Worker' ? '' : 'suspend '}fun doWork(): Result {
${body}
    return Result.success()
  }
${more}
}`),
});
const javaWorker = (body: string, more = ''): Record<string, string> => ({
  [JAVA_WORKER]: java(`public class SyncWorker extends Worker {
  public SyncWorker(Context context, WorkerParameters params) { super(context, params); }
  @NonNull
  @Override
  public Result doWork() {
${body}
    return Result.success();
  }
${more}
}`),
});
const finds = (files: Record<string, string>, ...found: string[]): Situation => ({
  base: 'react-native',
  files,
  finds: found,
});
const sound = (files: Record<string, string>): Situation => ({ base: 'react-native', files });

describeSituations('a worker that starts its work elsewhere (A55)', {
  'another scope': finds(
    worker('    CoroutineScope(Dispatchers.IO).launch {\n      Repo.sync()\n    }'),
    `A55 ${WORKER}:7`,
  ),
  'GlobalScope, behind a helper': finds(
    worker(
      '    begin()',
      '  private fun begin() {\n    GlobalScope.launch(Dispatchers.IO) { Repo.sync() }\n  }',
    ),
    `A55 ${WORKER}:11`,
  ),
  'GlobalScope inside of withContext': finds(
    worker('    withContext(Dispatchers.IO) {\n      GlobalScope.launch { Repo.sync() }\n    }'),
    `A55 ${WORKER}:8`,
  ),
  'a scope of its own, and what is awaited is inside of it': finds(
    worker(
      '    scope.launch { sync() }',
      '  private val scope = CoroutineScope(SupervisorJob() + Dispatchers.IO)\n  private suspend fun sync() { api.upload().await() }',
    ),
    `A55 ${WORKER}:7`,
  ),
  'a class of another file': finds(
    {
      ...worker('    repo.sync()', '  private val repo = Repo()'),
      [REPO]: kotlin(`class Repo {
  private val scope = CoroutineScope(Dispatchers.IO)
  fun sync() {
    scope.launch { api.upload() }
  }
}`),
    },
    `A55 ${REPO}:8`,
  ),
  'a flow that is launched in another scope': finds(
    worker('    Repo.flow().onEach { Repo.put(it) }.launchIn(GlobalScope)'),
    `A55 ${WORKER}:7`,
  ),
  'in an app of Flutter': {
    ...finds(worker('    GlobalScope.launch { Repo.sync() }'), `A55 ${WORKER}:7`),
    base: 'flutter',
  },
  'in an app of Capacitor, an injected scope': {
    ...finds(
      {
        [WORKER]:
          worker('    (applicationContext as App).appScope.launch { Repo.sync() }')[WORKER] ?? '',
        [`${SOURCES}/App.kt`]: kotlin(
          'class App : Application() {\n  val appScope = CoroutineScope(SupervisorJob())\n}',
        ),
      },
      `A55 ${WORKER}:7`,
    ),
    base: 'capacitor',
  },
  'a thread': finds(worker('    thread { Repo.sync() }', '', 'Worker'), `A55 ${WORKER}:7`),
  'a thread, in Java': finds(
    javaWorker(
      '    new Thread(new Runnable() {\n      @Override public void run() { Repo.sync(); }\n    }).start();',
    ),
    `A55 ${JAVA_WORKER}:10`,
  ),
  'an executor of a field, in Java': finds(
    javaWorker(
      '    pool.execute(() -> Repo.sync());',
      '  private final ExecutorService pool = Executors.newFixedThreadPool(2);',
    ),
    `A55 ${JAVA_WORKER}:10`,
  ),
  'an AsyncTask, in Java': finds(
    javaWorker(
      '    new SyncTask().execute();',
      '  static class SyncTask extends AsyncTask<Void, Void, Void> {\n    @Override protected Void doInBackground(Void... none) { Repo.sync(); return null; }\n  }',
    ),
    `A55 ${JAVA_WORKER}:10`,
  ),
  'a call of Retrofit with a callback': finds(
    worker(
      '    api.sync().enqueue(object : Callback<Unit> {\n      override fun onResponse(call: Call<Unit>, response: Response<Unit>) { Repo.clear() }\n      override fun onFailure(call: Call<Unit>, t: Throwable) {}\n    })',
    ),
    `A55 ${WORKER}:7`,
  ),
  'a call of OkHttp whose callback is a variable, in Java': finds(
    javaWorker(
      '    Callback callback = new Callback() {\n      @Override public void onResponse(Call call, Response response) { Repo.clear(); }\n      @Override public void onFailure(Call call, IOException e) { }\n    };\n    client.newCall(request).enqueue(callback);',
    ),
    `A55 ${JAVA_WORKER}:14`,
  ),
  'a Task of Firebase': finds(
    worker(
      '    Firebase.firestore.collection("notes").add(note)\n      .addOnSuccessListener { Repo.clear() }\n      .addOnFailureListener { Log.w("Sync", it) }',
    ),
    `A55 ${WORKER}:8`,
  ),
  'a request of Volley, in Java': finds(
    {
      [JAVA_WORKER]: java(`import com.android.volley.toolbox.Volley;
public class SyncWorker extends Worker {
  public SyncWorker(Context context, WorkerParameters params) { super(context, params); }
  @Override public Result doWork() {
    Volley.newRequestQueue(getApplicationContext()).add(request);
    return Result.success();
  }
}`),
    },
    `A55 ${JAVA_WORKER}:9`,
  ),
  'RxJava that is subscribed to': finds(
    worker(
      '    Repo.upload()\n      .subscribeOn(Schedulers.io())\n      .subscribe({ Repo.clear() }, { Log.w("Sync", it) })',
      '',
      'Worker',
    ),
    `A55 ${WORKER}:9`,
  ),
  'a JobIntentService, in Java': finds(
    {
      [`${SOURCES}/SyncService.java`]: java(`public class SyncService extends JobIntentService {
  @Override
  protected void onHandleWork(@NonNull Intent intent) {
    new Thread(() -> Repo.sync()).start();
  }
}`),
    },
    `A55 ${SOURCES}/SyncService.java:8`,
  ),
  'a job that says it is over': finds(
    {
      [`${SOURCES}/SyncJob.kt`]: kotlin(`class SyncJob : JobService() {
  override fun onStartJob(params: JobParameters): Boolean {
    GlobalScope.launch { Repo.sync() }
    return false
  }
  override fun onStopJob(params: JobParameters) = true
}`),
    },
    `A55 ${SOURCES}/SyncJob.kt:7`,
  ),
});

describeSituations('sound: a worker that waits for what it starts', {
  'sound: coroutineScope': sound(
    worker(
      '    coroutineScope {\n      launch { Repo.sync() }\n      async { Repo.photos() }\n    }',
    ),
  ),
  'sound: a job that is joined': sound(
    worker('    val job = CoroutineScope(Dispatchers.IO).launch { Repo.sync() }\n    job.join()'),
  ),
  'sound: joined in one chain': sound(worker('    GlobalScope.launch { Repo.sync() }.join()')),
  'sound: a helper that returns the job': sound(
    worker('    begin().join()', '  private fun begin() = GlobalScope.launch { Repo.sync() }'),
  ),
  'sound: async that is awaited': sound(
    worker(
      '    val one = scope.async { Repo.sync() }\n    one.await()',
      '  private val scope = CoroutineScope(Dispatchers.IO)',
    ),
  ),
  'sound: a child of the work that runs': sound(
    worker('    CoroutineScope(coroutineContext).launch { Repo.sync() }'),
  ),
  'sound: a scope that is handed on': sound(
    worker(
      '    coroutineScope { begin(this) }',
      '  private fun begin(scope: CoroutineScope) { scope.launch { Repo.sync() } }',
    ),
  ),
  'sound: a latch, in Java': sound(
    javaWorker(`    CountDownLatch latch = new CountDownLatch(1);
    api.sync().enqueue(new Callback<Void>() {
      @Override public void onResponse(Call<Void> call, Response<Void> response) { latch.countDown(); }
      @Override public void onFailure(Call<Void> call, Throwable error) { latch.countDown(); }
    });
    latch.await();`),
  ),
  'sound: suspendCancellableCoroutine around the callback': sound(
    worker(`    suspendCancellableCoroutine<Unit> { next ->
      api.sync().enqueue(object : Callback<Unit> {
        override fun onResponse(call: Call<Unit>, response: Response<Unit>) { next.resume(Unit) }
        override fun onFailure(call: Call<Unit>, t: Throwable) { next.resumeWithException(t) }
      })
    }`),
  ),
  'sound: other work of WorkManager': sound(
    worker(
      '    WorkManager.getInstance(applicationContext).enqueue(OneTimeWorkRequestBuilder<SyncWorker>().build())',
    ),
  ),
  'sound: execute of a call, on the worker’s own thread': sound(
    javaWorker(
      '    Response<Void> response = api.sync().execute();\n    if (!response.isSuccessful()) return Result.retry();',
    ),
  ),
  'sound: Tasks.await': sound(
    worker(
      '    Tasks.await(Firebase.firestore.collection("notes").add(note).addOnSuccessListener { Repo.clear() })',
      '',
      'Worker',
    ),
  ),
  'sound: a future of an executor, in Java': sound(
    javaWorker(
      '    pool.submit(() -> Repo.sync()).get(8, TimeUnit.MINUTES);',
      '  private final ExecutorService pool = Executors.newFixedThreadPool(2);',
    ),
  ),
  'sound: what watches is cancelled at the end': sound(
    worker(
      '    val watch = scope.launch { Repo.states.collect { setProgress(it.toData()) } }\n    Repo.sync()\n    watch.cancel()',
      '  private val scope = CoroutineScope(Dispatchers.Default)',
    ),
  ),
  'sound: it only tells, beside the work': sound(
    worker('    Repo.sync()\n    GlobalScope.launch { Log.d("Sync", "done") }'),
  ),
  'sound: a ListenableWorker with a future': sound({
    [WORKER]:
      kotlin(`class SyncWorker(context: Context, params: WorkerParameters) : ListenableWorker(context, params) {
  override fun startWork() = CallbackToFutureAdapter.getFuture { completer ->
    api.sync().enqueue(object : Callback<Unit> {
      override fun onResponse(call: Call<Unit>, response: Response<Unit>) { completer.set(Result.success()) }
      override fun onFailure(call: Call<Unit>, t: Throwable) { completer.set(Result.retry()) }
    })
  }
}`),
  }),
  'sound: the same function of a screen': sound({
    ...worker('    Repo.sync()'),
    [`${SOURCES}/Screen.kt`]: kotlin(
      'class Screen : Fragment() {\n  override fun onViewCreated(view: View, state: Bundle?) { lifecycleScope.launch { Repo.sync() } }\n}',
    ),
  }),
});
