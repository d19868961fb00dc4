/** Code that is made to be slow: deep, long, or with a way for each of its functions. */
import { waysTo as appleWaysTo } from '../../src/doctor/code/apple-reach.ts';
import { waysTo } from '../../src/doctor/code/kotlin-reach.ts';
import { openRepo } from '../../src/doctor/repo.ts';
import { BASES, packageJson } from './doctor-bases.ts';
import { diagnose } from './doctor-case.ts';
import { memoryFileSystem } from './memory-file-system.ts';

export interface HostileCode {
  readonly name: string;
  /** How deep, long or many: seen in a moment, and enough to measure at four times of it. */
  readonly n: number;
  /** Reads it. @throws where the answer is not the right one */
  readonly read: (n: number) => Promise<void>;
}

const times = (n: number, make: (index: number) => string): string =>
  Array.from({ length: n }, (_, index) => make(index)).join('');

const inOnCreate = (body: string, rest = ''): string =>
  `class App : Application() {\n  override fun onCreate() {\n${body}\n  }\n}\n${rest}`;

const KOTLIN: readonly (readonly [string, (n: number) => string])[] = [
  ['deep blocks', (n) => inOnCreate(`${'if (a) {\n'.repeat(n)}MARK()${'}\n'.repeat(n)}`)],
  ['blocks that are never closed', (n) => `${'fun a() { if (b) {\n'.repeat(n)}MARK()`],
  ['conditions in a row', (n) => inOnCreate(`${'if (BuildConfig.DEBUG) a()\n'.repeat(n)}MARK()`)],
  ['conditions on one line', (n) => inOnCreate(`${'if (a) '.repeat(n)}MARK()`)],
  ['returns in a row', (n) => inOnCreate(`${'if (a) return\n'.repeat(n)}MARK()`)],
  [
    'branches of else',
    (n) => inOnCreate(`if (a) {}${' else if (b) {}'.repeat(n)} else { MARK() }`),
  ],
  [
    'a chain of functions',
    (n) =>
      inOnCreate(
        'f0()',
        `${times(n, (i) => `fun f${i}() { f${i + 1}() }\n`)}fun f${n}() { MARK() }`,
      ),
  ],
  [
    'one that all call',
    (n) =>
      inOnCreate('f0()', `${times(n, (i) => `fun f${i}() { last() }\n`)}fun last() { MARK() }`),
  ],
  [
    'functions that all call each other',
    (n) =>
      inOnCreate(
        'f0()',
        `${times(n / 10, (i) => `fun f${i}() { ${times(20, (k) => `f${(i + k * 7) % Math.ceil(n / 10)}(); `)} MARK${i}() }\n`)}fun last() { MARK() }`,
      ),
  ],
  ['local functions', (n) => `${'fun a() {\n'.repeat(n)}MARK()${'}\n'.repeat(n)}`],
  [
    'a receiver without end',
    (n) => inOnCreate(`a${'.b()'.repeat(n)}.last()`, 'class C { fun last() { MARK() } }'),
  ],
  [
    'parentheses in a condition',
    (n) => inOnCreate(`if (${'('.repeat(n)}a${')'.repeat(n)}) { MARK() }`),
  ],
];

const SWIFT: readonly (readonly [string, (n: number) => string])[] = [
  ['deep blocks', (n) => `func a() {\n${'if a {\n'.repeat(n)}MARK()${'}\n'.repeat(n)}}`],
  [
    'closures',
    (n) => `func a() {\n${'DispatchQueue.main.async {\n'.repeat(n)}MARK()${'}\n'.repeat(n)}}`,
  ],
  ['returns in a row', (n) => `func a() {\n${'guard b else { return }\n'.repeat(n)}MARK()\n}`],
  [
    'a chain of functions',
    (n) => `${times(n, (i) => `func f${i}() { f${i + 1}() }\n`)}func f${n}() { MARK() }`,
  ],
  [
    'one that all call',
    (n) => `${times(n, (i) => `func f${i}() { last() }\n`)}func last() { MARK() }`,
  ],
  [
    'types in types',
    (n) => `${times(n, (i) => `class C${i} {\n`)}func a() { MARK() }${'}\n'.repeat(n)}`,
  ],
];

/** Of a launch handler: what its branches do with the task. */
const LAUNCH: readonly (readonly [string, (n: number) => string])[] = [
  [
    'branches in each other',
    (n) => `${'if a {\n'.repeat(n)}task.setTaskCompleted(success: true)${'}\n'.repeat(n)}`,
  ],
  [
    'branches in a row',
    (n) => `${'if a { b() } else { c() }\n'.repeat(n)}task.setTaskCompleted(success: true)`,
  ],
  [
    'else if',
    (n) => `if a {}${' else if b { c() }'.repeat(n)} else { task.setTaskCompleted(success: true) }`,
  ],
  [
    'cases',
    (n) =>
      `switch a {\n${times(n, (i) => `case .c${i}: b()\n`)}default: task.setTaskCompleted(success: true)\n}`,
  ],
  [
    'closures',
    (n) => `${'b { ok in\n'.repeat(n)}task.setTaskCompleted(success: ok)${'}\n'.repeat(n)}`,
  ],
  [
    'catches',
    (n) =>
      `do { try b() }${' catch A.b { c() }'.repeat(n)} catch { task.setTaskCompleted(success: false) }`,
  ],
  [
    'calls of functions that call each other',
    (n) =>
      `${times(n, (i) => `f${i}()\n`)}task.setTaskCompleted(success: true)\n}\n}\n${times(n, (i) => `func f${i}() { ${times(8, (k) => `f${(i + k * 7) % n}(); `)} }\n`)}func end() { a { b {`,
  ],
  [
    'work that is begun',
    (n) =>
      `${'DispatchQueue.main.async { a() }\nqueue.addOperation { b() }\n'.repeat(n)}if a { task.setTaskCompleted(success: true) }`,
  ],
  [
    'completions that are handed on',
    (n) =>
      `f0 { task.setTaskCompleted(success: $0) }\n}\n}\n${times(n, (i) => `func f${i}(_ done: @escaping (Bool) -> Void) { if a { return }\n${times(4, (k) => `f${(i + 1 + k * 5) % n} { done($0) }\n`)} }\n`)}func end() { a { b {`,
  ],
];

const TASKS = {
  'package.json': packageJson({
    expo: '~57.0.0',
    'expo-task-manager': '~57.0.0',
    'expo-background-task': '~57.0.0',
  }),
};
const HEAD =
  "import * as TaskManager from 'expo-task-manager';\nimport * as BackgroundTask from 'expo-background-task';\n";

const config = (plugins: string): Readonly<Record<string, string>> => ({
  'app.config.js': `module.exports = { name: 'a', slug: 'a', plugins: ${plugins} };\n`,
  'src/sync.js': `${HEAD}TaskManager.defineTask('s', async () => 1);\nBackgroundTask.registerTaskAsync('s');\n`,
});

const JAVASCRIPT: readonly (readonly [string, (n: number) => Readonly<Record<string, string>>])[] =
  [
    ['plugins in each other', (n) => config(`${'['.repeat(n)}${']'.repeat(n)}`)],
    ['many plugins', (n) => config(`[${times(n, (i) => `'plugin-${i}', `)}]`)],
    ['plugins that are spread', (n) => config(`${'[...'.repeat(n)}[]${']'.repeat(n)}`)],
    [
      'plugins behind conditions',
      (n) => config(`[${times(n, (i) => `...(process.env.A${i} ? ['p${i}'] : []), `)}]`),
    ],
    [
      'a chain of functions to a definition',
      (n) => ({
        'src/sync.js': `${HEAD}${times(n, (i) => `function f${i}() { f${i + 1}(); }\n`)}function f${n}() { TaskManager.defineTask('s', async () => 1); }\nf0();\n`,
      }),
    ],
    [
      'functions that all call each other',
      (n) => ({
        'src/sync.js': `${HEAD}${times(n / 10, (i) => `function f${i}() { ${times(20, (k) => `f${(i + k * 7) % Math.ceil(n / 10)}(); `)} }\n`)}function last() { TaskManager.defineTask('s', async () => 1); ${times(n / 10, (i) => `f${i}(); `)} }\nf0();\n`,
      }),
    ],
    [
      'methods of one name',
      (n) => ({
        'src/sync.js': `${HEAD}${times(n, (i) => `class C${i} { start() { this.start(); TaskManager.defineTask('s', async () => 1); } }\n`)}`,
      }),
    ],
    [
      'deep calls',
      (n) => ({
        'src/sync.js': `${HEAD}TaskManager.defineTask('s', async () => { ${'f('.repeat(n)}${')'.repeat(n)}; });\n`,
      }),
    ],
    [
      'deep blocks',
      (n) => ({
        'src/sync.js': `${HEAD}TaskManager.defineTask('s', async () => { ${'if (a) {'.repeat(n)}${'}'.repeat(n)} });\n`,
      }),
    ],
    [
      'promises in a chain',
      (n) => ({
        'src/sync.js': `${HEAD}TaskManager.defineTask('s', async () => { a()${'.then(() => b())'.repeat(n)}; });\n`,
      }),
    ],
    [
      'constants of constants',
      (n) => ({
        'src/sync.js': `${HEAD}const c0 = 's';\n${times(n, (i) => `const c${i + 1} = c${i};\n`)}BackgroundTask.registerTaskAsync(c${n});\n`,
      }),
    ],
    [
      'sums of constants',
      (n) => ({
        'src/sync.js': `${HEAD}const c0 = 's';\n${times(n, (i) => `const c${i + 1} = c${i} + c${i};\n`)}BackgroundTask.registerTaskAsync(c${n});\n`,
      }),
    ],
    [
      'files that import each other',
      (n) => ({
        'src/sync.js': `${HEAD}import { name } from './f0';\nBackgroundTask.registerTaskAsync(name);\n`,
        ...Object.fromEntries(
          Array.from({ length: n / 8 }, (_, i) => [
            `src/f${i}.js`,
            `export { name } from './f${(i + 1) % (n / 8)}';\n`,
          ]),
        ),
      }),
    ],
    [
      'functions that call each other',
      (n) => ({
        'src/sync.js': `${HEAD}${times(n, (i) => `function f${i}() { return f${(i + 1) % n}(); }\n`)}TaskManager.defineTask('s', async () => { f0(); });\n`,
      }),
    ],
    [
      'tasks',
      (n) => ({
        'src/sync.js': `${HEAD}${times(n / 4, (i) => `TaskManager.defineTask('s${i}', async () => 1);\n`)}`,
      }),
    ],
    [
      'providers that ask each other',
      (n) => ({
        'src/sync.js': `import { AppRegistry } from 'react-native';\n${times(n, (i) => `function f${i}() {\n${times(4, (k) => `if (a${k}) return f${(i + 1 + k * 3) % n}();\n`)}return f${(i + 2) % n}();\n}\n`)}AppRegistry.registerHeadlessTask('s', f0);\n`,
      }),
    ],
    [
      'registrations without a task',
      (n) => ({
        'src/sync.js': `${HEAD}TaskManager.defineTask('s', async () => 1);\n${times(n / 8, (i) => `BackgroundTask.registerTaskAsync('x${i}');\n`)}`,
      }),
    ],
  ];

const WORKER_FILE = 'android/app/src/main/java/com/example/demo/SyncWorker.kt';
const workerWith = (body: string, members: string): Record<string, string> => ({
  [WORKER_FILE]: `import androidx.work.*\nclass SyncWorker(c: Context, p: WorkerParameters) : CoroutineWorker(c, p) {\n  override suspend fun doWork(): Result {\n${body}\n    return Result.success()\n  }\n${members}\n}\n`,
});

/** Of work that outlives its run, of objects that are handed on, and of names. */
const ANDROID: readonly (readonly [string, (n: number) => Readonly<Record<string, string>>])[] = [
  [
    'helpers of a worker that call each other, and launch',
    (n) =>
      workerWith(
        times(n, (i) => `    f${i}()\n`),
        times(
          n,
          (i) =>
            `  fun f${i}() { GlobalScope.launch { g() }; f${(i + 1) % n}(); f${(i + 7) % n}() }\n`,
        ),
      ),
  ],
  [
    'functions of a worker, each in the one before',
    (n) =>
      workerWith(
        '    a()\n',
        `${'  fun a() {\n'.repeat(n)}GlobalScope.launch { g() }${'}\n'.repeat(n)}`,
      ),
  ],
  [
    'a job whose parameters go round',
    (n) => ({
      [WORKER_FILE]: `class SyncJob : JobService() {\n  override fun onStartJob(params: JobParameters): Boolean {\n    f0(params)\n    return true\n  }\n${times(n, (i) => `  fun f${i}(p: JobParameters) { f${(i + 1) % n}(p); f${(i + 7) % n}(p) }\n`)}}\n`,
    }),
  ],
  [
    'names that helpers hand on, constants of one name',
    (n) =>
      workerWith(
        '    f0("a")',
        times(
          n,
          (i) =>
            `  fun f${i}(name: String) { f${(i + 1) % n}(name); wm.cancelUniqueWork(name); wm.enqueueUniqueWork(N, KEEP, r) }\n  object C${i} { const val N = "a${i}" }\n`,
        ),
      ),
  ],
];

async function diagnoseAndroid(files: Readonly<Record<string, string>>): Promise<void> {
  const { couldNotRun } = await diagnose('react-native', files);
  if (couldNotRun.length > 0) throw new Error(JSON.stringify(couldNotRun));
}

async function repoWith(path: string, text: string) {
  const tree = Object.entries({ ...BASES['react-native'], [path]: text });
  return openRepo(
    memoryFileSystem(Object.fromEntries(tree.map(([name, one]) => [`/app/${name}`, one]))),
    '/app',
  );
}

async function waysInKotlin(text: string): Promise<void> {
  const path = 'android/app/src/main/java/com/example/demo/App.kt';
  const repo = await repoWith(path, text);
  const files = await repo.sourcesContaining('kotlin', ['MARK()']);
  const file = files.find((one) => one.path === path);
  if (file === undefined) throw new Error(`${path} was not read`);
  const ways = await waysTo(repo, file, text.indexOf('MARK()'));
  if (ways.length >= 500) throw new Error(`${ways.length} ways`);
}

async function waysInSwift(text: string): Promise<void> {
  const repo = await repoWith('ios/Demo/Sync.swift', text);
  const [file] = await repo.sourcesContaining('swift', ['MARK()']);
  if (file === undefined) throw new Error('Sync.swift was not read');
  await appleWaysTo(repo, file, text.indexOf('MARK()'));
}

async function diagnoseLaunch(body: string): Promise<void> {
  const text = `import BackgroundTasks\nfunc set() {\n  BGTaskScheduler.shared.register(forTaskWithIdentifier: "a.b", using: nil) { task in\n${body}\n  }\n}\n`;
  const { couldNotRun } = await diagnose('react-native', { 'ios/Demo/Sync.swift': text });
  if (couldNotRun.length > 0) throw new Error(JSON.stringify(couldNotRun));
}

async function diagnoseExpo(files: Readonly<Record<string, string>>): Promise<void> {
  const { couldNotRun } = await diagnose('expo', { ...TASKS, ...files });
  if (couldNotRun.length > 0) throw new Error(JSON.stringify(couldNotRun));
}

export const HOSTILE_CODE: readonly HostileCode[] = [
  ...KOTLIN.map(([name, make]) => ({
    name: `Kotlin: ${name}`,
    n: 400,
    read: (n: number) => waysInKotlin(make(n)),
  })),
  ...SWIFT.map(([name, make]) => ({
    name: `Swift: ${name}`,
    n: 400,
    read: (n: number) => waysInSwift(make(n)),
  })),
  ...LAUNCH.map(([name, make]) => ({
    name: `a launch handler: ${name}`,
    n: 200,
    read: (n: number) => diagnoseLaunch(make(n)),
  })),
  ...ANDROID.map(([name, make]) => ({
    name: `Android: ${name}`,
    n: 400,
    read: (n: number) => diagnoseAndroid(make(n)),
  })),
  ...JAVASCRIPT.map(([name, make]) => ({
    name: `JavaScript: ${name}`,
    n: 200,
    read: (n: number) => diagnoseExpo(make(n)),
  })),
];
