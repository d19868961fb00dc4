import { manifest } from '../../../helpers/doctor-bases.ts';
import { MANIFEST, SOURCES, java, kotlin } from '../checks/android-files.ts';
import { describeSituations } from './situation.ts';
import type { Situation } from './situation.ts';

/** Jobs and broadcasts that go on after the method that Android calls: whether they are ever finished. */

const JOB = `${SOURCES}/SyncJob.kt`;
const JAVA_JOB = `${SOURCES}/SyncJob.java`;
const job = (start: string, more = ''): Record<string, string> => ({
  [JOB]: kotlin(`class SyncJob : JobService() {
  private val scope = CoroutineScope(Dispatchers.IO)
  override fun onStartJob(params: JobParameters): Boolean {
${start}
    return true
  }
  override fun onStopJob(params: JobParameters): Boolean = true
${more}
}`),
});
const javaJob = (start: string, more = ''): Record<string, string> => ({
  [JAVA_JOB]: java(`public class SyncJob extends JobService {
  @Override
  public boolean onStartJob(final JobParameters params) {
${start}
    return true;
  }
  @Override
  public boolean onStopJob(JobParameters params) { return true; }
${more}
}`),
});
const finds = (files: Record<string, string>, ...found: string[]): Situation => ({
  base: 'react-native',
  files,
  finds: found,
});
const sound = (files: Record<string, string>): Situation => ({ base: 'react-native', files });

describeSituations('a job that goes on (A53)', {
  'nothing finishes it': finds(job('    scope.launch { Repo.sync() }'), `A53 ${JOB}:7`),
  'nothing finishes it, in Java': finds(
    javaJob('    new Thread(() -> Repo.sync()).start();'),
    `A53 ${JAVA_JOB}:7`,
  ),
  'a helper has the parameters and drops them': finds(
    job(
      '    begin(params)',
      '  private fun begin(job: JobParameters) { thread { Repo.sync(job.extras) } }',
    ),
    `A53 ${JOB}:7`,
  ),
  'a named argument to a class that drops them': finds(
    {
      ...job('    SyncTask(service = this, job = params).start()'),
      [`${SOURCES}/SyncTask.kt`]: kotlin(
        'class SyncTask(private val service: JobService, private val job: JobParameters) {\n  fun start() { thread { Repo.sync(job.jobId) } }\n}',
      ),
    },
    `A53 ${JOB}:7`,
  ),
  'it is finished where it is stopped alone': finds(
    {
      [JOB]: kotlin(`class SyncJob : JobService() {
  override fun onStartJob(params: JobParameters?): Boolean {
    current = params
    thread { Repo.sync() }
    return true
  }
  override fun onStopJob(params: JobParameters?): Boolean {
    jobFinished(current, true)
    return false
  }
  private var current: JobParameters? = null
}`),
    },
    `A53 ${JOB}:6`,
  ),
  'through a base class of the app, the call in a dead branch': finds(
    {
      [`${SOURCES}/BaseJob.kt`]: kotlin(
        'abstract class BaseJob : JobService() {\n  override fun onStopJob(params: JobParameters) = false\n}',
      ),
      [JOB]: kotlin(`class SyncJob : BaseJob() {
  override fun onStartJob(params: JobParameters): Boolean {
    thread {
      Repo.sync()
      if (false) jobFinished(params, false)
    }
    return true
  }
}`),
    },
    `A53 ${JOB}:6`,
  ),
  'a failure is logged and not finished': finds(
    job(`    scope.launch {
      try {
        Repo.sync()
        jobFinished(params, false)
      } catch (error: Exception) {
        Log.e("Sync", "failed", error)
      }
    }`),
    `A53 ${JOB}:12`,
  ),
  'the callback of a failure does not finish it, in Java': finds(
    javaJob(`    api.sync().enqueue(new Callback<Void>() {
      @Override public void onResponse(Call<Void> call, Response<Void> response) { jobFinished(params, false); }
      @Override public void onFailure(Call<Void> call, Throwable error) { Log.w("Sync", error); }
    });`),
    `A53 ${JAVA_JOB}:10`,
  ),
  'sound: finished in the coroutine': sound(
    job('    scope.launch { Repo.sync(); jobFinished(params, false) }'),
  ),
  'sound: finished by a class that has the parameters': sound({
    ...job('    SyncTask(this, params).start()'),
    [`${SOURCES}/SyncTask.kt`]: kotlin(
      'class SyncTask(private val service: JobService, private val job: JobParameters) {\n  fun start() { thread { Repo.sync(); service.jobFinished(job, false) } }\n}',
    ),
  }),
  'sound: an AsyncTask inside the class': sound(
    javaJob(
      '    this.params = params;\n    new SyncTask().execute();',
      `  private JobParameters params;
  private class SyncTask extends AsyncTask<Void, Void, Boolean> {
    @Override protected Boolean doInBackground(Void... none) { return Repo.sync(); }
    @Override protected void onPostExecute(Boolean done) { jobFinished(params, !done); }
  }`,
    ),
  ),
  'sound: an AsyncTask that is given them when it is executed': sound(
    javaJob(
      '    new SyncTask(this).execute(params);',
      `  private static class SyncTask extends AsyncTask<JobParameters, Void, JobParameters> {
    private final SyncJob service;
    SyncTask(SyncJob service) { this.service = service; }
    @Override protected JobParameters doInBackground(JobParameters... all) { Repo.sync(); return all[0]; }
    @Override protected void onPostExecute(JobParameters job) { service.jobFinished(job, false); }
  }`,
    ),
  ),
  'sound: handed to what is not seen': sound(job('    runner.begin(this, params)')),
  'sound: kept in a map': sound(
    job(
      '    running[params.jobId] = params\n    Repo.sync { done(params.jobId) }',
      '  private val running = HashMap<Int, JobParameters>()\n  private fun done(id: Int) { running.remove(id)?.let { jobFinished(it, false) } }',
    ),
  ),
  'sound: it is over when onStartJob is': sound({
    [JOB]: kotlin(`class SyncJob : JobService() {
  override fun onStartJob(params: JobParameters): Boolean {
    Repo.enqueue()
    return false
  }
  override fun onStopJob(params: JobParameters): Boolean = true
}`),
  }),
  'sound: finished in finally': sound(
    job(`    thread {
      try { Repo.sync() } catch (error: Exception) { Log.e("Sync", "failed", error) } finally { jobFinished(params, false) }
    }`),
  ),
  'sound: a catch hands them to what is not seen': sound(
    job(`    thread {
      try { Repo.sync(); jobFinished(params, false) } catch (error: Exception) { Failures.tell(this, params) }
    }`),
  ),
  'sound: caught where the work is stopped from outside': sound(
    job(`    thread {
      try { Thread.sleep(500); jobFinished(params, false) } catch (stop: InterruptedException) { }
    }`),
  ),
  'sound: caught where the coroutine is cancelled': sound(
    job(`    scope.launch {
      try { Repo.sync(); jobFinished(params, false) } catch (stop: CancellationException) { }
    }`),
  ),
  'sound: onStartJob of another class': sound({
    [`${SOURCES}/Queue.kt`]: kotlin(
      'class Queue : Listener {\n  override fun onStartJob(params: JobParameters): Boolean { return true }\n}',
    ),
  }),
  'sound: the work of a base class, finished by the class that extends it': sound({
    [`${SOURCES}/BaseJob.kt`]: kotlin(`abstract class BaseJob : JobService() {
  override fun onStartJob(params: JobParameters): Boolean {
    thread { work(params) }
    return true
  }
  abstract fun work(params: JobParameters)
  override fun onStopJob(params: JobParameters) = false
}`),
    [JOB]: kotlin(
      'class SyncJob : BaseJob() {\n  override fun work(params: JobParameters) { Repo.sync(); jobFinished(params, false) }\n}',
    ),
  }),
});

const RECEIVER = `${SOURCES}/SyncReceiver.kt`;
const JAVA_RECEIVER = `${SOURCES}/SyncReceiver.java`;
const DECLARED = {
  [MANIFEST]: manifest('<receiver android:name=".SyncReceiver" android:exported="false" />'),
};
const receiver = (body: string, more = ''): Record<string, string> => ({
  ...DECLARED,
  [RECEIVER]: kotlin(`class SyncReceiver : BroadcastReceiver() {
  private val scope = CoroutineScope(SupervisorJob() + Dispatchers.IO)
  override fun onReceive(context: Context, intent: Intent) {
${body}
  }
${more}
}`),
});
const javaReceiver = (body: string, more = ''): Record<string, string> => ({
  ...DECLARED,
  [JAVA_RECEIVER]: java(`public class SyncReceiver extends BroadcastReceiver {
  @Override
  public void onReceive(Context context, Intent intent) {
${body}
  }
${more}
}`),
});

describeSituations('a broadcast that is put off by goAsync (A54)', {
  'its result is never finished': finds(
    receiver('    val pending = goAsync()\n    scope.launch { Repo.sync(pending.resultCode) }'),
    `A54 ${RECEIVER}:8`,
  ),
  'its result is not even kept, in Java': finds(
    javaReceiver('    goAsync();\n    new Thread(() -> Repo.sync()).start();'),
    `A54 ${JAVA_RECEIVER}:8`,
  ),
  'a field of it that nobody finishes, in Java': finds(
    javaReceiver(
      '    this.result = goAsync();\n    Executors.newSingleThreadExecutor().execute(this::sync);',
      '  private PendingResult result;\n  private void sync() { Repo.sync(result.getResultCode()); }',
    ),
    `A54 ${JAVA_RECEIVER}:8`,
  ),
  'a helper of another file has it and drops it': finds(
    {
      ...receiver('    SyncTask(context, result = goAsync()).start()'),
      [`${SOURCES}/SyncTask.kt`]: kotlin(
        'class SyncTask(private val context: Context, private val result: BroadcastReceiver.PendingResult) {\n  fun start() { thread { Repo.sync() } }\n}',
      ),
    },
    `A54 ${RECEIVER}:8`,
  ),
  'a failure is logged, and not finished': finds(
    receiver(`    val pending: PendingResult = goAsync()
    scope.launch {
      try {
        Repo.sync()
        pending.finish()
      } catch (error: IOException) {
        Log.e("Sync", "failed", error)
      }
    }`),
    `A54 ${RECEIVER}:13`,
  ),
  'only a success finishes it': finds(
    receiver(
      '    val pending = goAsync()\n    Firebase.firestore.collection("x").get().addOnSuccessListener { Repo.keep(it); pending.finish() }',
    ),
    `A54 ${RECEIVER}:9`,
  ),
  'sound: finished in finally': sound(
    receiver(
      '    val pending = goAsync()\n    scope.launch { try { Repo.sync() } finally { pending.finish() } }',
    ),
  ),
  'sound: an extension of the app with a block': sound({
    ...receiver('    goAsync { Repo.sync() }'),
    [`${SOURCES}/Receivers.kt`]: kotlin(`fun BroadcastReceiver.goAsync(block: suspend () -> Unit) {
  val pending = goAsync()
  GlobalScope.launch { try { block() } finally { pending.finish() } }
}`),
  }),
  'sound: a thread that is given it, in Java': sound(
    javaReceiver(
      '    new SyncTask(goAsync()).execute();',
      `  private static class SyncTask extends AsyncTask<Void, Void, Void> {
    private final PendingResult pending;
    SyncTask(PendingResult result) { pending = result; }
    @Override protected Void doInBackground(Void... none) { Repo.sync(); return null; }
    @Override protected void onPostExecute(Void none) { pending.finish(); }
  }`,
    ),
  ),
  'sound: a method reference, in Java': sound(
    javaReceiver('    PendingResult pending = goAsync();\n    Repo.sync(pending::finish);'),
  ),
  'sound: handed to a library': sound(
    receiver('    val pending = goAsync()\n    Syncer.begin(context, pending)'),
  ),
  'sound: with apply': sound(receiver('    goAsync().apply { thread { Repo.sync(); finish() } }')),
});

describeSituations('work that onReceive leaves behind (A54)', {
  'a coroutine': finds(receiver('    scope.launch { Repo.sync() }'), `A54 ${RECEIVER}:8`),
  'GlobalScope, behind a helper': finds(
    receiver(
      '    sync(context)',
      '  private fun sync(context: Context) {\n    GlobalScope.launch(Dispatchers.IO) { Repo.sync() }\n  }',
    ),
    `A54 ${RECEIVER}:11`,
  ),
  'a thread, in Java': finds(
    javaReceiver('    Thread worker = new Thread(() -> Repo.sync());\n    worker.start();'),
    `A54 ${JAVA_RECEIVER}:8`,
  ),
  'a request with a callback, in Java': finds(
    javaReceiver(
      '    api.sync().enqueue(new Callback<Void>() {\n      @Override public void onResponse(Call<Void> call, Response<Void> response) { Repo.clear(); }\n      @Override public void onFailure(Call<Void> call, Throwable error) { }\n    });',
    ),
    `A54 ${JAVA_RECEIVER}:8`,
  ),
  'sound: it only tells': sound(receiver('    scope.launch { Log.d("Sync", "received") }')),
  'sound: WorkManager is asked in the coroutine': sound(
    receiver(
      '    scope.launch { WorkManager.getInstance(context).enqueueUniqueWork("sync", ExistingWorkPolicy.KEEP, request) }',
    ),
  ),
  'sound: a receiver that a screen registers': sound({
    [RECEIVER]: kotlin(`class SyncReceiver(private val screen: MainActivity) : BroadcastReceiver() {
  override fun onReceive(context: Context, intent: Intent) { screen.lifecycleScope.launch { Repo.sync() } }
}`),
  }),
  'sound: a foreground service goes on': sound({
    ...receiver(
      '    context.startService(Intent(context, Other::class.java))\n    thread { Repo.prepare() }',
    ),
  }),
});
