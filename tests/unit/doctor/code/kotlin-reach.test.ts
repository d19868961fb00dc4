import { describe, expect, test } from 'vitest';
import { waysTo } from '../../../../src/doctor/code/kotlin-reach.ts';
import { openRepo } from '../../../../src/doctor/repo.ts';
import { BASES } from '../../../helpers/doctor-bases.ts';
import { memoryFileSystem } from '../../../helpers/memory-file-system.ts';

const FOLDER = 'android/app/src/main/java/com/example/demo';

/** The ways to `MARK` in these files, shortly: kind, its entry, `debug`. */
async function ways(...sources: readonly string[]): Promise<string[]> {
  const files = Object.fromEntries(
    sources.map((text, index) => {
      const ext = /^\s*public class/.test(text) ? 'java' : 'kt';
      return [`${FOLDER}/File${index}.${ext}`, text] as const;
    }),
  );
  const tree = Object.entries({ ...BASES['react-native'], ...files });
  const repo = await openRepo(
    memoryFileSystem(Object.fromEntries(tree.map(([path, text]) => [`/app/${path}`, text]))),
    '/app',
  );
  const marked = [
    ...(await repo.sourcesContaining('kotlin', ['MARK'])),
    ...(await repo.sourcesContaining('java', ['MARK'])),
  ];
  expect(marked).toHaveLength(1);
  const [file] = marked;
  const found = await waysTo(repo, file!, file!.text.indexOf('MARK'));
  return found
    .map(({ kind, entry, why, isDebug }) =>
      [kind, entry && `${entry.owner?.name ?? ''}.${entry.name}`, why, isDebug && 'debug']
        .filter(Boolean)
        .join(' '),
    )
    .sort();
}

const inApp = (body: string, more = ''): string =>
  `class App : Application() {\n  override fun onCreate() {\n    super.onCreate()\n    ${body}\n  }\n${more}\n}`;

describe('where a way begins', () => {
  test.each<[string, string[], readonly string[]]>([
    ['Application.onCreate', [inApp('MARK()')], ['process App.onCreate']],
    [
      'a helper of it',
      [inApp('sync()', 'private fun sync() { MARK() }')],
      ['process App.onCreate'],
    ],
    [
      'a helper with an expression body',
      [inApp('sync()', 'private fun sync() = MARK()')],
      ['process App.onCreate'],
    ],
    [
      'an object',
      [inApp('Scheduler.start(this)'), 'object Scheduler { fun start(c: Context) { MARK() } }'],
      ['process App.onCreate'],
    ],
    [
      'a companion',
      [
        inApp('Scheduler.start(this)'),
        'class Scheduler { companion object { fun start(c: Context) { MARK() } } }',
      ],
      ['process App.onCreate'],
    ],
    [
      'an instance',
      [inApp('Scheduler(this).start()'), 'class Scheduler(c: Context) { fun start() { MARK() } }'],
      ['process App.onCreate'],
    ],
    [
      'a variable',
      [
        inApp('val s = Scheduler(this)\n    s.start()'),
        'class Scheduler(c: Context) { fun start() { MARK() } }',
      ],
      ['process App.onCreate'],
    ],
    [
      'a property',
      [
        inApp('scheduler.start()', 'private val scheduler: Scheduler by lazy { make() }'),
        'class Scheduler(c: Context) { fun start() { MARK() } }',
      ],
      ['process App.onCreate'],
    ],
    [
      'a top-level function',
      [inApp('startSync(this)'), 'fun startSync(c: Context) { MARK() }'],
      ['process App.onCreate'],
    ],
    [
      'an extension',
      [inApp('startSync()'), 'fun Context.startSync() { MARK() }'],
      ['process App.onCreate'],
    ],
    [
      'three calls away',
      [inApp('a()', 'private fun a() { b() }\nprivate fun b() = c()\nprivate fun c() { MARK() }')],
      ['process App.onCreate'],
    ],
    ['a coroutine', [inApp('scope.launch { MARK() }')], ['process App.onCreate']],
    [
      'a thread',
      [inApp('thread { sync() }', 'private fun sync() { MARK() }')],
      ['process App.onCreate'],
    ],
    [
      'an executor',
      [inApp('Executors.newSingleThreadExecutor().execute { MARK() }')],
      ['process App.onCreate'],
    ],
    ['init', ['class App : Application() {\n  init { MARK() }\n}'], ['process App.init']],
    [
      'attachBaseContext',
      ['class App : Application() {\n  override fun attachBaseContext(b: Context) { MARK() }\n}'],
      ['process App.attachBaseContext'],
    ],
    [
      'a class of the app between',
      [
        'abstract class Base : MultiDexApplication()',
        'class App : Base() {\n  override fun onCreate() { MARK() }\n}',
      ],
      ['process App.onCreate'],
    ],
    [
      'a provider',
      ['class P : ContentProvider() { override fun onCreate(): Boolean { MARK(); return true } }'],
      ['process P.onCreate'],
    ],
    [
      'an initializer',
      ['class I : Initializer<Unit> { override fun create(c: Context) { MARK() } }'],
      ['process I.create'],
    ],
    [
      'a screen',
      ['class MainActivity : ReactActivity() { override fun onResume() { MARK() } }'],
      ['screen MainActivity.onResume'],
    ],
    [
      'JavaScript',
      [
        'class M(c: ReactApplicationContext) : ReactContextBaseJavaModule(c) {\n  @ReactMethod\n  fun start() { MARK() }\n}',
      ],
      ['screen M.start'],
    ],
    [
      'a module of Expo',
      [
        'class M : Module() { override fun definition() = ModuleDefinition { AsyncFunction("start") { MARK() } } }',
      ],
      ['screen M.AsyncFunction { … }'],
    ],
    [
      'a listener',
      [inApp('button.setOnClickListener { MARK() }')],
      ['screen App.setOnClickListener { … }'],
    ],
    [
      'a receiver',
      [
        'class R : BroadcastReceiver() { override fun onReceive(c: Context, i: Intent) { go(c) }\n private fun go(c: Context) { MARK() } }',
      ],
      ['receiver R.onReceive'],
    ],
    [
      'a service',
      [
        'class S : Service() { override fun onStartCommand(i: Intent?, f: Int, id: Int): Int { MARK(); return 1 } }',
      ],
      ['service S.onStartCommand'],
    ],
    [
      'a job',
      [
        'class S : JobService() { override fun onStartJob(p: JobParameters): Boolean { MARK(); return true } }',
      ],
      ['service S.onStartJob'],
    ],
    [
      'a push',
      [
        'class S : FirebaseMessagingService() { override fun onMessageReceived(m: RemoteMessage) { MARK() } }',
      ],
      ['service S.onMessageReceived'],
    ],
    [
      'a worker',
      [
        'class W(c: Context, p: WorkerParameters) : CoroutineWorker(c, p) { override suspend fun doWork(): Result { return work() }\n private suspend fun work(): Result { MARK(); return Result.success() } }',
      ],
      ['worker W.doWork'],
    ],
    [
      'two',
      [
        inApp('sync()', 'fun sync() { MARK() }'),
        'class R : BroadcastReceiver() { override fun onReceive(c: Context, i: Intent) { (c.applicationContext as App).sync() } }',
      ],
      ['process App.onCreate', 'receiver R.onReceive'],
    ],
    [
      'Java',
      [
        'public class App extends Application {\n  @Override\n  public void onCreate() {\n    super.onCreate();\n    schedule();\n  }\n  private void schedule() { MARK(); }\n}',
      ],
      ['process App.onCreate'],
    ],
    [
      'Java without @Override, a static of another class',
      [
        'public class App extends Application {\n  public void onCreate() {\n    Scheduler.start(this);\n  }\n}',
        'public class Scheduler {\n  public static void start(Context c) { MARK(); }\n}',
      ],
      ['process App.onCreate'],
    ],
    [
      'Java, a Runnable',
      [
        'public class App extends Application {\n  public void onCreate() {\n    handler.post(new Runnable() {\n      @Override public void run() { MARK(); }\n    });\n  }\n}',
      ],
      ['process App.onCreate'],
    ],
    [
      'Java, a click',
      [
        'public class App extends Application {\n  public void onCreate() {\n    b.setOnClickListener(new View.OnClickListener() {\n      @Override public void onClick(View v) { MARK(); }\n    });\n  }\n}',
      ],
      ['screen App.onClick'],
    ],
  ])('%s', async (_name, sources, said) => {
    expect(await ways(...sources)).toEqual(said);
  });
});

describe('what is never reached', () => {
  test.each<[string, string[], readonly string[]]>([
    [
      'a private function that nothing calls',
      [inApp('', 'private fun sync() { MARK() }')],
      ['never sync is never called'],
    ],
    ['a public one', ['object S { fun sync() { MARK() } }'], ['never sync is never called']],
    [
      'called by one that nothing calls',
      [inApp('', 'private fun a() { b() }\nprivate fun b() { MARK() }')],
      ['never a is never called'],
    ],
    [
      'named in a comment and a string alone',
      [inApp('// sync()\n    Log.d("x", "sync()")', 'private fun sync() { MARK() }')],
      ['never sync is never called'],
    ],
    [
      'called by itself',
      [inApp('', 'private fun sync() { if (x) sync()\n MARK() }')],
      ['never sync is never called'],
    ],
    [
      'of another class of that name',
      [
        inApp('Other().sync()'),
        'class Other { fun sync() {} }',
        'class Sync { fun sync() { MARK() } }',
      ],
      ['never sync is never called'],
    ],
    ['if (false)', [inApp('if (false) { MARK() }')], ['never the condition is false']],
    [
      'a constant that is false',
      [inApp('if (SYNC) { MARK() }', 'companion object { const val SYNC = false }')],
      ['never the condition is false'],
    ],
    [
      'behind a return',
      [inApp('return\n    MARK()')],
      ['never it stands behind the return in line 4'],
    ],
    [
      'behind a throw',
      [inApp('throw IllegalStateException()\n    MARK()')],
      ['never it stands behind the throw in line 4'],
    ],
    [
      'else of true',
      [inApp('if (true) { a() } else { MARK() }')],
      ['never the condition is false'],
    ],
    ['debug builds', [inApp('if (BuildConfig.DEBUG) { MARK() }')], ['process App.onCreate debug']],
    [
      'debug builds, without braces',
      [inApp('if (BuildConfig.DEBUG) MARK()')],
      ['process App.onCreate debug'],
    ],
    [
      'debug builds, on the next line',
      [inApp('if (BuildConfig.DEBUG)\n      MARK()')],
      ['process App.onCreate debug'],
    ],
    [
      'debug builds, a part of the condition',
      [inApp('if (BuildConfig.DEBUG && ready) { MARK() }')],
      ['process App.onCreate debug'],
    ],
    [
      'debug builds, the else of a release',
      [inApp('if (!BuildConfig.DEBUG) { a() } else { MARK() }')],
      ['process App.onCreate debug'],
    ],
    [
      'debug builds, a return of releases in front',
      [inApp('if (!BuildConfig.DEBUG) return\n    MARK()')],
      ['process App.onCreate debug'],
    ],
    [
      'debug builds, the same with braces',
      [inApp('if (!BuildConfig.DEBUG) { return }\n    MARK()')],
      ['process App.onCreate debug'],
    ],
    [
      'debug builds, a branch of when',
      [inApp('when {\n      BuildConfig.DEBUG -> { MARK() }\n      else -> a()\n    }')],
      ['process App.onCreate debug'],
    ],
    [
      'debug builds, the call alone',
      [inApp('if (BuildConfig.DEBUG) sync()', 'private fun sync() { MARK() }')],
      ['process App.onCreate debug'],
    ],
  ])('%s', async (_name, sources, said) => {
    expect(await ways(...sources)).toEqual(said);
  });
});

describe('what is reached, though it looks as if it were not', () => {
  test.each<[string, string[], readonly string[]]>([
    [
      'the else of debug builds',
      [inApp('if (BuildConfig.DEBUG) { a() } else { MARK() }')],
      ['process App.onCreate'],
    ],
    [
      'either build',
      [inApp('if (BuildConfig.DEBUG || ready) { MARK() }')],
      ['process App.onCreate'],
    ],
    [
      'behind a return of debug builds',
      [inApp('if (BuildConfig.DEBUG) return\n    MARK()')],
      ['process App.onCreate'],
    ],
    [
      'behind a return with a condition',
      [inApp('if (ready) return\n    MARK()')],
      ['process App.onCreate'],
    ],
    [
      'behind a return on the next line',
      [inApp('if (ready)\n      return\n    MARK()')],
      ['process App.onCreate'],
    ],
    [
      'behind a call and the return of a lambda',
      [inApp('a { return@a }\n    MARK()')],
      ['process App.onCreate'],
    ],
    ['behind ?: return', [inApp('val x = y ?: return\n    MARK()')], ['process App.onCreate']],
    [
      'in what is returned',
      [
        'fun top() = 1\nclass App : Application() {\n  override fun onCreate() {\n    return WorkManager.getInstance(this)\n      .MARK()\n  }\n}',
      ],
      ['process App.onCreate'],
    ],
    [
      'behind a branch of when that returns',
      [inApp('when (x) {\n      1 -> return\n      else -> MARK()\n    }')],
      ['process App.onCreate'],
    ],
    [
      'a debug line above',
      [inApp('if (BuildConfig.DEBUG) a()\n    MARK()')],
      ['process App.onCreate'],
    ],
    ['a reference', [inApp('run(::sync)', 'private fun sync() { MARK() }')], ['unknown']],
    [
      'with (scheduler)',
      [inApp('with(scheduler) { sync() }'), 'class Scheduler { fun sync() { MARK() } }'],
      ['unknown'],
    ],
    [
      'an override of what is not the app’s',
      ['class C : Callback() { override fun onDone() { MARK() } }'],
      ['unknown'],
    ],
    [
      'an annotation of a library',
      ['class C { @Subscribe fun onDone(e: Event) { MARK() } }'],
      ['unknown'],
    ],
    ['a getter', ['class App : Application() {\n  val x get() = MARK()\n}'], ['unknown']],
  ])('%s', async (_name, sources, said) => {
    expect(await ways(...sources)).toEqual(said);
  });
});
