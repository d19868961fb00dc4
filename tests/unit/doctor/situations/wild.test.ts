import { packageJson } from '../../../helpers/doctor-bases.ts';
import { BUILD, kotlin, withWork } from '../checks/android-files.ts';
import { background } from '../checks/ios-files.ts';
import { APP, PERIODIC, WORKER } from './android-apps.ts';
import { PLIST, fetches } from './javascript-apps.ts';
import { describeSituations } from './situation.ts';

/** What rebuilt public apps showed, on apps of our own making. */

const WORK = { [BUILD]: withWork('2.11.2') };
const RUN = 'async () => BackgroundTask.BackgroundTaskResult.Success';
const DEFINE = `TaskManager.defineTask('sync', ${RUN});`;
const IMPORTS = `import * as BackgroundTask from 'expo-background-task';
import * as TaskManager from 'expo-task-manager';`;
const expo = (index: string, more: Record<string, string> = {}) => ({
  base: 'expo' as const,
  files: {
    'package.json': packageJson({
      expo: '57.0.8',
      'react-native': '0.87.2',
      'expo-background-task': '2.0.0',
      'expo-task-manager': '15.0.0',
    }),
    'app.json': JSON.stringify({
      expo: {
        name: 'demo',
        slug: 'demo',
        ios: { bundleIdentifier: 'com.example.demo' },
        plugins: ['expo-background-task'],
      },
    }),
    'App.tsx': 'export default function App() { return null; }\n',
    'index.js': `import { registerRootComponent } from 'expo';\nimport App from './App';\n${index}\nregisterRootComponent(App);\n`,
    ...more,
  },
});
const interval = (code: string) => expo(`${IMPORTS}\n${DEFINE}\n${code}`);

describeSituations('an interval that depends on the platform (J19)', {
  'one side of a ternary': {
    ...interval(
      "BackgroundTask.registerTaskAsync('sync', { minimumInterval: Platform.OS === 'ios' ? 15 : 1 });",
    ),
    finds: ['J19 index.js'],
    says: 'minimumInterval is 1, in minutes',
  },
  'options of two kinds': {
    ...interval(`const options = Platform.OS === 'ios' ? { minimumInterval: 15 } : { minimumInterval: 60 * 15 };
BackgroundTask.registerTaskAsync('sync', options);`),
    finds: ['J19 index.js'],
    says: 'minimumInterval is 900, in minutes',
  },
  'both sides alike': {
    ...interval(`const options = Platform.OS === 'ios' ? { minimumInterval: 2 } : { minimumInterval: 2 };
BackgroundTask.registerTaskAsync('sync', options);`),
    finds: ['J19 index.js'],
  },
  'what stands in for a setting': {
    ...interval(`export const start = (minutes) =>
  BackgroundTask.registerTaskAsync('sync', { minimumInterval: minutes ?? 3 });`),
    finds: ['J19 index.js'],
  },
  'sound: both sides': interval(
    "BackgroundTask.registerTaskAsync('sync', { minimumInterval: Platform.OS === 'ios' ? 15 : 30 });",
  ),
  'sound: the short side is of development': interval(
    "BackgroundTask.registerTaskAsync('sync', { minimumInterval: __DEV__ ? 1 : 30 });",
  ),
  'sound: development’s options':
    interval(`const options = __DEV__ ? { minimumInterval: 1 } : { minimumInterval: 30 };
BackgroundTask.registerTaskAsync('sync', options);`),
});

const SYNC = `${IMPORTS}\n${DEFINE}\nexport const start = () => BackgroundTask.registerTaskAsync('sync', { minimumInterval: 1 });\n`;

describeSituations('a folder that is not the app’s by its name alone', {
  'libs, from the entry': {
    ...expo("import { start } from './libs/sync';\nstart();", { 'libs/sync.ts': SYNC }),
    finds: ['J19 libs/sync.ts'],
  },
  'functions, from a folder of the app': {
    ...expo("import './screens/home';", {
      'screens/home.js': "import { start } from '../functions/sync';\nstart();",
      'functions/sync.ts': SYNC,
    }),
    finds: ['J19 functions/sync.ts'],
  },
  'tools, from libs': {
    ...expo("import './libs';", {
      'libs/index.ts': "export * from '../tools/sync';",
      'tools/sync.ts': SYNC,
    }),
    finds: ['J19 tools/sync.ts'],
  },
  'libs, by an alias': {
    ...expo("import { start } from '@/libs/sync';\nstart();", { 'libs/sync.ts': SYNC }),
    finds: ['J19 libs/sync.ts'],
  },
  'sound: nothing imports from it': expo('', { 'libs/sync.ts': SYNC }),
  'sound: the settings of a tool do': expo('', {
    'babel.config.js': "require('./tools/sync');",
    'tools/sync.ts': SYNC,
  }),
  'sound: a folder of that name deeper': expo("import './screens/home';", {
    'screens/home.js': "import './libs/sync';",
    'screens/libs/sync.js': 'export const a = 1;',
    'libs/sync.ts': SYNC,
  }),
});

const foreground = (body: string) => ({
  base: 'react-native' as const,
  files: {
    ...WORK,
    [WORKER]:
      kotlin(`class SyncWorker(context: Context, params: WorkerParameters) : CoroutineWorker(context, params) {
  override suspend fun doWork(): Result {
    ${body}
    return Result.success()
  }
  private suspend fun show() { setForeground(getForegroundInfo()) }
}`),
  },
});
const SHOW = 'setForeground(getForegroundInfo())';

describeSituations('a foreground service by the version of Android (A22)', {
  'sound: below 12 alone': foreground(
    `if (Build.VERSION.SDK_INT <= Build.VERSION_CODES.R)\n      ${SHOW}`,
  ),
  'sound: a number': foreground(`if (Build.VERSION.SDK_INT < 31) { ${SHOW} }`),
  'sound: the other branch': foreground(
    `if (SDK_INT >= Build.VERSION_CODES.S) { log() } else { ${SHOW} }`,
  ),
  'sound: behind a return': foreground(
    `if (Build.VERSION.SDK_INT > Build.VERSION_CODES.TIRAMISU) return Result.success()\n    ${SHOW}`,
  ),
  'sound: a helper that older versions alone call': foreground(
    'if (Build.VERSION.SDK_INT < Build.VERSION_CODES.S) { show() }',
  ),
  'from 12 on': {
    ...foreground(`if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) { ${SHOW} }`),
    finds: [`A22 ${WORKER}`],
  },
  'up to 14': {
    ...foreground(`if (Build.VERSION.SDK_INT <= Build.VERSION_CODES.UPSIDE_DOWN_CAKE) { ${SHOW} }`),
    finds: [`A22 ${WORKER}`],
  },
  'a helper that newer versions call, too': {
    ...foreground('if (Build.VERSION.SDK_INT < Build.VERSION_CODES.S) { log() }\n    show()'),
    finds: [`A22 ${WORKER}`],
  },
});

const enqueued = (policy: string, more = '') => ({
  base: 'react-native' as const,
  files: {
    ...WORK,
    [WORKER]: kotlin(
      'class SyncWorker(context: Context, params: WorkerParameters) : CoroutineWorker(context, params) {\n  override suspend fun doWork(): Result = Result.success()\n}',
    ),
    [APP]: kotlin(`class App : Application() {
  override fun onCreate() {
    super.onCreate()
    ${policy}
    val manager = WorkManager.getInstance(this)
    manager.enqueueUniquePeriodicWork("sync", policy, ${PERIODIC})
  }
  ${more}
}`),
  },
});

describeSituations('the policy in a variable (A14)', {
  REPLACE: {
    ...enqueued('val policy = ExistingPeriodicWorkPolicy.REPLACE'),
    finds: [`A14 ${APP}:8`],
  },
  'with its type': {
    ...enqueued(
      'val policy: ExistingPeriodicWorkPolicy = ExistingPeriodicWorkPolicy.CANCEL_AND_REENQUEUE',
    ),
    finds: [`A14 ${APP}:8`],
  },
  'sound: KEEP': enqueued('val policy = ExistingPeriodicWorkPolicy.KEEP'),
  'sound: one of two': enqueued(
    'var policy = ExistingPeriodicWorkPolicy.REPLACE\n    if (isKept) policy = ExistingPeriodicWorkPolicy.KEEP',
  ),
  'sound: asked of a setting': enqueued(
    'val policy = if (isNew) ExistingPeriodicWorkPolicy.KEEP else ExistingPeriodicWorkPolicy.REPLACE',
  ),
});

const TIMEOUT = '(taskId) => BackgroundFetch.finish(taskId)';
const WORKS = '(taskId) => { BackgroundFetch.finish(taskId); }';
const scheduled = (code: string, more: Record<string, string> = {}) => ({
  base: 'react-native' as const,
  files: fetches(
    `BackgroundFetch.configure({ minimumFetchInterval: 15 }, ${WORKS}, ${TIMEOUT});\n${code}`,
    more,
  ),
});
const NEEDS = [`I03 ${PLIST}`, `I01 ${PLIST}`];

describeSituations('the id of scheduleTask that no literal gives (I01, I03)', {
  'a constant': {
    ...scheduled(
      "const TASK = 'com.transistorsoft.pulse';\nBackgroundFetch.scheduleTask({ taskId: TASK, delay: 60000 });",
    ),
    finds: NEEDS,
  },
  'of another file, in options of their own': {
    ...scheduled(
      "import { TASK } from './ids';\nconst options = { taskId: TASK, delay: 60000 };\nBackgroundFetch.scheduleTask(options);",
      { 'ids.js': "export const TASK = 'com.transistorsoft.pulse';" },
    ),
    finds: NEEDS,
  },
  'under another name of the import': {
    ...scheduled("Fetch.scheduleTask({ taskId: 'com.transistorsoft.pulse', delay: 60000 });", {
      'index.js': `import { AppRegistry } from 'react-native';
import Fetch from 'react-native-background-fetch';
import App from './App';
AppRegistry.registerComponent('demo', () => App);
Fetch.configure({ minimumFetchInterval: 15 }, (taskId) => { Fetch.finish(taskId); }, (taskId) => Fetch.finish(taskId));
Fetch.scheduleTask({ taskId: 'com.transistorsoft.pulse', delay: 60000 });
`,
    }),
    finds: NEEDS,
  },
  'sound: permitted': scheduled(
    "const TASK = 'com.transistorsoft.pulse';\nBackgroundFetch.scheduleTask({ taskId: TASK, delay: 60000 });",
    {
      [PLIST]: background(
        ['fetch', 'processing'],
        ['com.transistorsoft.fetch', 'com.transistorsoft.pulse'],
      ),
    },
  ),
  'sound: known in a run alone': scheduled(
    'export const later = (id) => BackgroundFetch.scheduleTask({ taskId: `com.transistorsoft.${id}`, delay: 60000 });',
  ),
});

const configured = (version: string, last: string) => ({
  base: 'react-native' as const,
  files: {
    'package.json': packageJson({
      'react-native': '0.87.2',
      'react-native-background-fetch': version,
    }),
    [PLIST]: background(['fetch'], ['com.transistorsoft.fetch']),
    'ios/Demo/AppDelegate.swift': `import TSBackgroundFetch
@main
class AppDelegate: UIResponder, UIApplicationDelegate {
  func application(_ application: UIApplication, didFinishLaunchingWithOptions launchOptions: [UIApplication.LaunchOptionsKey: Any]? = nil) -> Bool {
    TSBackgroundFetch.sharedInstance().didFinishLaunching()
    return true
  }
}
`,
    'index.js': `import { AppRegistry } from 'react-native';
import BackgroundFetch from 'react-native-background-fetch';
import App from './App';
AppRegistry.registerComponent('demo', () => App);
BackgroundFetch.configure({ minimumFetchInterval: 15 }, ${last});
`,
  },
});
const ERRORS = `${WORKS}, (error) => { console.warn(error); }`;

describeSituations('the third argument of configure by the version (J16)', {
  'sound: for errors, before 4': configured('^3.1.0', ERRORS),
  'from 4 on': { ...configured('^4.1.0', ERRORS), finds: ['J16 index.js'] },
  'the work, before 4': {
    ...configured('3.0.6', '(taskId) => { console.log(taskId); }, (error) => {}'),
    finds: ['J16 index.js'],
  },
});
