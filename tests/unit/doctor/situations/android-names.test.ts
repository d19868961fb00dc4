import { SOURCES, java, kotlin } from '../checks/android-files.ts';
import { BASE_WORKER, WORKER } from './android-apps.ts';
import { describeSituations } from './situation.ts';
import type { Situation } from './situation.ts';

/** Work and its input, asked for by other names than those that were given. */

const SYNC = `${SOURCES}/Sync.kt`;
const JAVA_SYNC = `${SOURCES}/Sync.java`;
const ONCE = 'OneTimeWorkRequestBuilder<SyncWorker>()';
const sync = (begin: string, end: string, more = ''): Record<string, string> => ({
  [WORKER]: kotlin(BASE_WORKER),
  [SYNC]: kotlin(`class Sync(private val context: Context) {
  fun begin() {
    ${begin}
  }
  fun end() {
    ${end}
  }
${more}
}`),
});
const unique = (name: string): string =>
  `WorkManager.getInstance(context).enqueueUniqueWork(${name}, ExistingWorkPolicy.KEEP, ${ONCE}.build())`;
const tagged = (tag: string): string =>
  `WorkManager.getInstance(context).enqueue(${ONCE}.addTag(${tag}).build())`;
const finds = (files: Record<string, string>, found: string, says?: string): Situation => ({
  base: 'react-native',
  files,
  finds: [found],
  ...(says !== undefined && { says }),
});
const sound = (files: Record<string, string>): Situation => ({ base: 'react-native', files });

describeSituations('work by a name that nobody enqueued (A56)', {
  'a name with a letter wrong': finds(
    sync(
      unique('"photo-upload"'),
      'WorkManager.getInstance(context).cancelUniqueWork("photo-uplaod")',
    ),
    `A56 ${SYNC}:10`,
    'did you mean “photo-upload”?',
  ),
  'the unique name, taken for a tag': finds(
    sync(
      unique('WORK'),
      'WorkManager.getInstance(context).cancelAllWorkByTag(WORK)',
      '  companion object { const val WORK = "photo-upload" }',
    ),
    `A56 ${SYNC}:10`,
    'it is the name of unique work',
  ),
  'the tag, taken for a unique name': finds(
    sync(
      tagged('Works.UPLOAD'),
      'WorkManager.getInstance(context).cancelUniqueWork(uniqueWorkName = Works.UPLOAD)',
      '  object Works { const val UPLOAD = "photo-upload" }',
    ),
    `A56 ${SYNC}:10`,
    'it is a tag',
  ),
  'watched by another name, behind a helper': finds(
    sync(
      unique('"photo-upload"'),
      'watch("picture_sync")',
      '  private fun watch(name: String) = WorkManager.getInstance(context).getWorkInfosForUniqueWorkFlow(name)',
    ),
    `A56 ${SYNC}:12`,
    '“photo-upload” is what is enqueued',
  ),
  'in Java, with a constant of another class': finds(
    {
      [WORKER]: kotlin(BASE_WORKER),
      [`${SOURCES}/Works.java`]: java(
        'public final class Works {\n  public static final String UPLOAD = "photo-upload";\n  public static final String TAG = "photo_uploads";\n}',
      ),
      [JAVA_SYNC]: java(`public class Sync {
  void begin(Context context) {
    OneTimeWorkRequest request = new OneTimeWorkRequest.Builder(SyncWorker.class).addTag(Works.UPLOAD).build();
    WorkManager.getInstance(context).enqueue(request);
  }
  void end(Context context) {
    WorkManager.getInstance(context).cancelAllWorkByTag(Works.TAG);
  }
}`),
    },
    `A56 ${JAVA_SYNC}:11`,
    'did you mean “photo-upload”?',
  ),
  'two classes with a constant of the same name': finds(
    {
      ...sync(
        unique('Sync.NAME'),
        'WorkManager.getInstance(context).cancelUniqueWork(Other.NAME)',
        '  companion object { const val NAME = "photo-upload" }',
      ),
      [`${SOURCES}/Other.kt`]: kotlin(
        'class Other {\n  companion object { const val NAME = "photo-uploads" }\n}',
      ),
    },
    `A56 ${SYNC}:10`,
  ),
  'sound: one constant on both sides': sound(
    sync(
      unique('NAME'),
      'WorkManager.getInstance(context).cancelUniqueWork(NAME)',
      '  companion object { const val NAME = "photo-upload" }',
    ),
  ),
  'sound: each has its own NAME': sound({
    ...sync(
      unique('NAME'),
      'WorkManager.getInstance(context).cancelUniqueWork(NAME)',
      '  companion object { const val NAME = "photo-upload" }',
    ),
    [`${SOURCES}/Other.kt`]: kotlin(
      `class Other(private val context: Context) {\n  fun begin() = ${unique('NAME')}\n  companion object { const val NAME = "notes" }\n}`,
    ),
  }),
  'sound: the name of an earlier version is cancelled': sound(
    sync(
      `WorkManager.getInstance(context).cancelUniqueWork("photo_uploads")\n    ${unique('"photo-upload"')}`,
      'stop()',
    ),
  ),
  'sound: two versions': sound(
    sync(
      unique('"photo-upload-v2"'),
      'WorkManager.getInstance(context).cancelUniqueWork("photo-upload-v1")',
    ),
  ),
  'sound: another name is cancelled, of which nothing is known': sound(
    sync(
      unique('"photo-upload"'),
      'WorkManager.getInstance(context).cancelUniqueWork("background-sync")',
    ),
  ),
  'sound: a name that only a run knows': sound(
    sync(
      `${unique('"photo-$id"')}\n    ${unique('"notes"')}`,
      'WorkManager.getInstance(context).getWorkInfosForUniqueWork("photo-first")',
      '  private val id = UUID.randomUUID()',
    ),
  ),
  'sound: JavaScript gives a helper its name': sound(
    sync(
      'start("notes")',
      'WorkManager.getInstance(context).getWorkInfosForUniqueWork("photos")',
      `  @ReactMethod\n  fun start(name: String) {\n    ${unique('name')}\n  }`,
    ),
  ),
  'sound: the class of the worker is a tag': sound(
    sync(
      unique('"photo-upload"'),
      'WorkManager.getInstance(context).cancelAllWorkByTag("com.example.demo.SyncWorker")',
    ),
  ),
  'sound: both kinds are cleared': sound(
    sync(
      unique('"photo-upload"'),
      'WorkManager.getInstance(context).run {\n      cancelAllWorkByTag("photo-upload")\n      cancelUniqueWork("photo-upload")\n    }',
    ),
  ),
  'sound: JavaScript gives the name': sound({
    ...sync(
      unique('"photo-upload"'),
      'WorkManager.getInstance(context).getWorkInfosForUniqueWork("notes")',
    ),
    'sync.js': "NativeModules.Sync.enqueue('notes');\n",
  }),
});

const reads = (body: string, put: string, more = ''): Record<string, string> => ({
  [WORKER]:
    kotlin(`class SyncWorker(context: Context, params: WorkerParameters) : CoroutineWorker(context, params) {
  override suspend fun doWork(): Result {
    ${body}
    return Result.success()
  }
${more}
}`),
  [SYNC]: kotlin(`fun request(id: String) = ${ONCE}.setInputData(${put}).build()`),
});

describeSituations('input that is read and never put (A57)', {
  'another key': finds(
    reads(
      'val id = inputData.getString("accountId") ?: return Result.failure()',
      'workDataOf("account_id" to id)',
    ),
    `A57 ${WORKER}:7`,
    'did you mean “account_id”?',
  ),
  'a key that is like none': finds(
    reads('Repo.sync(inputData.getString("url")!!)', 'workDataOf("account_id" to id)'),
    `A57 ${WORKER}:7`,
  ),
  'through a variable, with a builder, and a constant': finds(
    reads(
      'val data = inputData\n    Repo.sync(data.getString(KEY))',
      'Data.Builder().putString("account", id).build()',
      '  companion object { const val KEY = "acount" }',
    ),
    `A57 ${WORKER}:8`,
  ),
  'a default in the place of what was put': finds(
    reads('Repo.sync(inputData.getInt("page_size", 20))', 'workDataOf("pageSize" to 50)'),
    `A57 ${WORKER}:7`,
  ),
  'in Java': finds(
    {
      [`${SOURCES}/SyncWorker.java`]: java(`public class SyncWorker extends Worker {
  public SyncWorker(Context context, WorkerParameters params) { super(context, params); }
  @Override public Result doWork() {
    String account = getInputData().getString("accountId");
    return Repo.sync(account) ? Result.success() : Result.retry();
  }
  static OneTimeWorkRequest request(String account) {
    Data data = new Data.Builder().putString("accountID_", account).build();
    return new OneTimeWorkRequest.Builder(SyncWorker.class).setInputData(data).build();
  }
}`),
    },
    `A57 ${SOURCES}/SyncWorker.java:8`,
  ),
  'sound: one constant': sound(
    reads(
      'Repo.sync(inputData.getString(KEY)!!)',
      'workDataOf(SyncWorker.KEY to id)',
      '  companion object { const val KEY = "account" }',
    ),
  ),
  'sound: optional, with a default': sound(
    reads(
      'Repo.sync(inputData.getString("url") ?: DEFAULT, inputData.getBoolean("force", false))',
      'workDataOf("account" to id)',
    ),
  ),
  'sound: a key that is put by a function': sound(
    reads(
      'Repo.sync(inputData.getString("url")!!)',
      'Data.Builder().putString(keyOf(id), id).build()',
    ),
  ),
  'sound: read in debug builds alone': sound(
    reads(
      'if (BuildConfig.DEBUG) println(inputData.getString("debug")!!)',
      'workDataOf("account" to id)',
    ),
  ),
  'sound: read of something else': sound(
    reads(
      'Repo.sync(inputData.getString("account")!!, preferences.getString("url", null))',
      'workDataOf("account" to id)',
    ),
  ),
  'sound: the output of the work before it': sound({
    ...reads('Repo.sync(inputData.getString("token")!!)', 'workDataOf("account" to id)'),
    [`${SOURCES}/LoginWorker.kt`]:
      kotlin(`class LoginWorker(context: Context, params: WorkerParameters) : CoroutineWorker(context, params) {
  override suspend fun doWork() = Result.success(workDataOf("token" to Repo.login()))
}`),
  }),
  'sound: keys that only a run knows': sound(
    reads('Repo.sync(inputData.getString("account")!!)', 'workDataOf(*pairs(id))'),
  ),
  'sound: all of a map': sound(
    reads(
      'Repo.sync(inputData.getString("account")!!)',
      'Data.Builder().putAll(mapOf(Pair("account", id))).build()',
    ),
  ),
  'sound: a worker that nothing here enqueues': sound({
    ...reads('Repo.sync(inputData.getString("account")!!)', 'workDataOf("account" to id)'),
    [`${SOURCES}/OtherWorker.kt`]:
      kotlin(`class OtherWorker(context: Context, params: WorkerParameters) : CoroutineWorker(context, params) {
  override suspend fun doWork() = Repo.other(inputData.getString("what")!!)
}`),
  }),
});
