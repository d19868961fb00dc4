import { manifest, packageJson } from '../../../helpers/doctor-bases.ts';
import { MANIFEST, SOURCES } from '../checks/android-files.ts';
import { background } from '../checks/ios-files.ts';
import { ANSWERS, CAP_PLIST, RNBF, register } from './javascript-apps.ts';
import { describeSituations } from './situation.ts';

const configure = (callbacks: string, more = '') => ({
  ...RNBF,
  'index.js': `import { AppRegistry } from 'react-native';
import BackgroundFetch from 'react-native-background-fetch';
import App from './App';
${more}
AppRegistry.registerComponent('demo', () => App);
BackgroundFetch.configure({ minimumFetchInterval: 15 },
${callbacks});
`,
});
const TIMEOUT = '  (taskId) => BackgroundFetch.finish(taskId)';

describeSituations('a run that is not finished, or too early (F16)', {
  'F16: a rejection never finishes, and the third argument is that of before': {
    base: 'react-native',
    files:
      configure(`  async taskId => { drain().then(() => { BackgroundFetch.finish(taskId); }); },
  error => { console.log(error); }`),
    finds: ['J16 index.js:7', 'J16 index.js:8'],
  },
  'a path that returns': {
    base: 'react-native',
    files: configure(`  async (taskId) => {
    if (!token) return;
    await drain();
    BackgroundFetch.finish(taskId);
  },
${TIMEOUT}`),
    finds: ['J16 index.js:8'],
  },
  'an await that may fail before it': {
    base: 'react-native',
    files: configure(`  async (taskId) => {
    await drain();
    BackgroundFetch.finish(taskId);
  },
${TIMEOUT}`),
    finds: ['J16 index.js:8'],
    says: 'throws',
  },
  'finished before the work': {
    base: 'react-native',
    files: configure(`  async (taskId) => {
    BackgroundFetch.finish(taskId);
    await drain();
  },
${TIMEOUT}`),
    finds: ['J16 index.js:9'],
    says: 'before',
  },
  'work that is not awaited': {
    base: 'react-native',
    files: configure(
      `  async (taskId) => {
    drain();
    BackgroundFetch.finish(taskId);
  },
${TIMEOUT}`,
      'async function drain() { await fetch("https://example.com"); }',
    ),
    finds: ['J16 index.js:8'],
    says: 'not awaited',
  },
  'sound: no timeout callback, for which the library has one that finishes': {
    base: 'react-native',
    files: configure(`  async (taskId) => {
    try { await drain(); } finally { BackgroundFetch.finish(taskId); }
  }`),
  },
  'sound: finally': {
    base: 'react-native',
    files: configure(`  async (taskId) => {
    try { await drain(); } finally { BackgroundFetch.finish(taskId); }
  },
${TIMEOUT}`),
  },
  'sound: then and catch': {
    base: 'react-native',
    files:
      configure(`  (taskId) => { drain().catch(report).then(() => BackgroundFetch.finish(taskId)); },
${TIMEOUT}`),
  },
  'sound: promise finally': {
    base: 'react-native',
    files: configure(`  (taskId) => { drain().finally(() => BackgroundFetch.finish(taskId)); },
${TIMEOUT}`),
  },
  'sound: both branches': {
    base: 'react-native',
    files: configure(`  async (taskId) => {
    try { await drain(); BackgroundFetch.finish(taskId); } catch (e) { report(e); BackgroundFetch.finish(taskId); }
  },
${TIMEOUT}`),
  },
  'sound: a function that is imported': {
    base: 'react-native',
    files: configure('  onFetch,\n  onTimeout', "import { onFetch, onTimeout } from './sync';"),
  },
});

const handler = (body: string) => ({
  'src/background-sync.ts': `import { registerBackgroundSync } from '../modules/background-sync/src';

async function send(signal?: AbortSignal) { await fetch('https://example.com', { signal }); }

registerBackgroundSync({
  queue: {
    ${body}
  },
});
`,
});

describeSituations('drainQueue that ends before its work (F16, bgsync)', {
  'F16: send() is not awaited': {
    base: 'bgsync',
    files: handler('async drainQueue() { send(); return 0; },'),
    finds: ['J18 src/background-sync.ts:7'],
    says: 'send',
  },
  'forEach with an async callback': {
    base: 'bgsync',
    files: handler(
      'async drainQueue({ signal }) { const items = await all(); items.forEach(async (one) => { await send(signal); }); return 0; },',
    ),
    finds: ['J18 src/background-sync.ts:7'],
    says: 'forEach',
  },
  'a then that nobody waits for': {
    base: 'bgsync',
    files: handler('async drainQueue() { fetch("https://example.com").then(save); return 0; },'),
    finds: ['J15 src/background-sync.ts:7', 'J18 src/background-sync.ts:7'],
  },
  'one step away': {
    base: 'bgsync',
    files: {
      ...handler('async drainQueue() { await drainAll(); return 0; },'),
      'src/background-sync.ts': handler('async drainQueue() { await drainAll(); return 0; },')[
        'src/background-sync.ts'
      ].replace(
        'registerBackgroundSync({',
        'async function drainAll() { send(); }\n\nregisterBackgroundSync({',
      ),
    },
    finds: ['J18 src/background-sync.ts:5', 'J06 src/background-sync.ts'],
  },
  'a task of expo-task-manager': {
    base: 'react-native',
    files: {
      'package.json': packageJson({ 'react-native': '0.87.2', 'expo-task-manager': '14.0.0' }),
      'index.js': `import * as TaskManager from 'expo-task-manager';
TaskManager.defineTask('sync', async () => { fetch('https://example.com'); return 1; });
`,
    },
    finds: ['J18 index.js:2'],
  },
  'sound: awaited': {
    base: 'bgsync',
    files: handler('async drainQueue({ signal }) { await send(signal); return 0; },'),
  },
  'sound: returned': {
    base: 'bgsync',
    files: handler('drainQueue({ signal }) { return send(signal).then(() => 0); },'),
  },
  'sound: gathered': {
    base: 'bgsync',
    files: handler(
      'async drainQueue({ signal }) { const all = [1, 2].map(() => send(signal)); await Promise.all(all); return 0; },',
    ),
  },
  'sound: started, and awaited later': {
    base: 'bgsync',
    files: handler(
      'async drainQueue({ signal }) { const sending = send(signal); await sending; return 0; },',
    ),
  },
  'sound: what is not known to be a promise': {
    base: 'bgsync',
    files: handler(
      'async drainQueue({ signal }) { console.log("start"); report("x"); await send(signal); return 0; },',
    ),
  },
  'sound: marked as meant': {
    base: 'bgsync',
    files: handler('async drainQueue({ signal }) { void send(); await send(signal); return 0; },'),
  },
});

const EXPO_TASK = {
  'package.json': packageJson({
    expo: '~54.0.0',
    'react-native': '0.81.6',
    'expo-background-task': '~1.0.8',
    'expo-task-manager': '~14.0.0',
  }),
  'app.json': JSON.stringify({
    expo: { name: 'demo', slug: 'demo', plugins: ['expo-background-task'] },
  }),
};
const ENTRY = `import { registerRootComponent } from 'expo';
import App from './App';
import './sync';

registerRootComponent(App);
`;
const expoTask = (files: Record<string, string>) => ({ ...EXPO_TASK, 'index.js': ENTRY, ...files });
const IMPORTS = `import * as BackgroundTask from 'expo-background-task';
import * as TaskManager from 'expo-task-manager';
`;

describeSituations('defined too late, behind one step (F17)', {
  'F17: a dynamic import in an effect': {
    base: 'expo',
    files: {
      ...EXPO_TASK,
      'index.js': ENTRY.replace("import './sync';\n", ''),
      'App.tsx': `import { useEffect } from 'react';
import * as BackgroundTask from 'expo-background-task';
export default function App() {
  useEffect(() => { import('./sync').then(() => BackgroundTask.registerTaskAsync('background-sync', { minimumInterval: 15 })); }, []);
  return null;
}
`,
      'sync.js': `import * as TaskManager from 'expo-task-manager';
TaskManager.defineTask('background-sync', async () => 1);
`,
    },
    finds: ['J01 sync.js:2'],
    says: 'App.tsx',
  },
  'a require in a function': {
    base: 'expo',
    files: {
      ...EXPO_TASK,
      'index.js': ENTRY.replace("import './sync';\n", ''),
      'App.tsx':
        "export default function App() {\n  const open = () => require('./sync');\n  return <Button onPress={open} />;\n}\n",
      'sync.js': `${IMPORTS}TaskManager.defineTask('a', async () => 1);\n${register("'a'")}`,
    },
    finds: ['J01 sync.js:3'],
  },
  'in a screen that is loaded when it is shown': {
    base: 'expo',
    files: {
      ...EXPO_TASK,
      'index.js': ENTRY.replace("import './sync';\n", ''),
      'App.tsx':
        "import { lazy } from 'react';\nconst Settings = lazy(() => import('./Settings'));\nexport default () => <Settings />;\n",
      'Settings.tsx': "import './sync';\nexport default () => null;\n",
      'sync.js': `${IMPORTS}TaskManager.defineTask('a', async () => 1);\n${register("'a'")}`,
    },
    finds: ['J01 sync.js:3'],
    says: 'Settings.tsx',
  },
  'in a function that an effect alone calls': {
    base: 'expo',
    files: {
      ...expoTask({}),
      'sync.js': `${IMPORTS}export function setUp() { TaskManager.defineTask('a', async () => 1); }\n${register("'a'")}`,
      'App.tsx':
        "import { useEffect } from 'react';\nimport { setUp } from './sync';\nexport default function App() {\n  useEffect(() => { setUp(); }, []);\n  return null;\n}\n",
    },
    finds: ['J01 sync.js:3'],
  },
  'sound: imported by what the entry imports': {
    base: 'expo',
    files: {
      ...EXPO_TASK,
      'index.js': ENTRY.replace("'./sync'", "'./tasks'"),
      'tasks.js': "export * from './sync';\n",
      'sync.js': `${IMPORTS}TaskManager.defineTask('a', async () => 1);\n${register("'a'")}`,
    },
  },
  'sound: a function that the top level calls': {
    base: 'expo',
    files: expoTask({
      'sync.js': `${IMPORTS}function setUp() { TaskManager.defineTask('a', async () => 1); }\nsetUp();\n${register("'a'")}`,
    }),
  },
  'sound: imported by an alias': {
    base: 'expo',
    files: {
      ...EXPO_TASK,
      'index.js': ENTRY.replace("'./sync'", "'@/tasks/sync'"),
      'src/tasks/sync.js': `${IMPORTS}TaskManager.defineTask('a', async () => 1);\n${register("'a'")}`,
    },
  },
  'sound: required at the top level': {
    base: 'expo',
    files: {
      ...EXPO_TASK,
      'index.js': ENTRY.replace("import './sync';\n", "require('./sync');\n"),
      'sync.js': `${IMPORTS}TaskManager.defineTask('a', async () => 1);\n${register("'a'")}`,
    },
  },
});

describeSituations('names of a task, over files (F18)', {
  'F18: nothing is defined': {
    base: 'expo',
    files: expoTask({ 'sync.js': IMPORTS + register("'background-sync'") }),
    finds: ['J03 sync.js:3'],
    says: 'defineTask is never called',
  },
  'F18: members of an object of another file': {
    base: 'expo',
    files: expoTask({
      'constants.ts':
        "export const Tasks = { SYNC: 'sync-task', SYNC_OLD: 'sync_task' } as const;\n",
      'sync.js': `${IMPORTS}import { Tasks } from './constants';
TaskManager.defineTask(Tasks.SYNC, async () => 1);
import './start';
`,
      'start.js': `import * as BackgroundTask from 'expo-background-task';
import { Tasks } from './constants';
${register('Tasks.SYNC_OLD')}`,
    }),
    finds: ['J03 start.js:3'],
    says: "'sync_task'",
  },
  'members of an enum': {
    base: 'expo',
    files: expoTask({
      'constants.ts': "export enum Task { Sync = 'sync', Upload = 'upload' }\n",
      'sync.js': `${IMPORTS}import { Task } from './constants';
TaskManager.defineTask(Task.Sync, async () => 1);
${register('Task.Upload')}`,
    }),
    finds: ['J03 sync.js:5'],
  },
  'a template string': {
    base: 'expo',
    files: expoTask({
      'constants.ts': "const PREFIX = 'demo';\nexport const SYNC = `${PREFIX}-sync`;\n",
      'sync.js': `${IMPORTS}import { SYNC } from './constants';
TaskManager.defineTask(SYNC, async () => 1);
${register("'demo_sync'")}`,
    }),
    finds: ['J03 sync.js:5'],
  },
  'a constant of Kotlin': {
    base: 'react-native',
    files: {
      'index.js':
        "import { AppRegistry } from 'react-native';\nimport App from './App';\nAppRegistry.registerComponent('demo', () => App);\nAppRegistry.registerHeadlessTask('Sync', () => async () => {});\n",
      [`${SOURCES}/SyncService.kt`]: `package com.example.demo
class SyncService : HeadlessJsTaskService() {
  override fun getTaskConfig(intent: Intent?) = HeadlessJsTaskConfig(TASK, Arguments.createMap(), 60_000, true)
  companion object { const val TASK = "sync" }
}
`,
      [MANIFEST]: manifest('        <service android:name=".SyncService" />'),
    },
    finds: [`J03 ${SOURCES}/SyncService.kt:3`],
  },
  'a headless task that nothing registers': {
    base: 'react-native',
    files: {
      [`${SOURCES}/SyncService.kt`]: `package com.example.demo
class SyncService : HeadlessJsTaskService() {
  override fun getTaskConfig(intent: Intent?) = HeadlessJsTaskConfig("Sync", Arguments.createMap(), 60_000, true)
}
`,
      [MANIFEST]: manifest('        <service android:name=".SyncService" />'),
    },
    finds: [`J03 ${SOURCES}/SyncService.kt:3`],
    says: 'registerHeadlessTask is never called',
  },
  'sound: the same member': {
    base: 'expo',
    files: expoTask({
      'constants.ts': "export const Tasks = { SYNC: 'sync-task' } as const;\n",
      'sync.js': `${IMPORTS}import { Tasks } from './constants';
TaskManager.defineTask(Tasks.SYNC, async () => 1);
${register('Tasks.SYNC')}`,
    }),
  },
  'sound: renamed on its way': {
    base: 'expo',
    files: expoTask({
      'names.ts': "export const SYNC = 'sync';\nexport default SYNC;\n",
      'constants.ts': "export { SYNC as TASK } from './names';\n",
      'sync.js': `${IMPORTS}import { TASK } from './constants';
import NAME from './names';
TaskManager.defineTask(TASK, async () => 1);
${register('NAME')}`,
    }),
  },
  'sound: a name that only a run knows': {
    base: 'expo',
    files: expoTask({
      'sync.js': `${IMPORTS}TaskManager.defineTask(nameOf('sync'), async () => 1);\n${register("'sync'")}`,
    }),
  },
  'sound: an installed package defines it': {
    base: 'expo',
    files: {
      ...expoTask({ 'sync.js': `import 'our-sync-kit';\n${IMPORTS}${register("'kit-sync'")}` }),
      'node_modules/our-sync-kit/index.js':
        "require('expo-task-manager').defineTask('kit-sync', () => 1);\n",
    },
  },
});

describeSituations('units (F19)', {
  'F19: seconds where minutes are meant': {
    base: 'expo',
    files: expoTask({
      'sync.js': `${IMPORTS}TaskManager.defineTask('a', async () => 1);\n${register("'a'", '{ minimumInterval: 60 * 15 }')}`,
    }),
    finds: ['J19 sync.js:4'],
    says: '15 h',
  },
  milliseconds: {
    base: 'expo',
    files: expoTask({
      'sync.js': `${IMPORTS}const INTERVAL = 15 * 60 * 1000;\nTaskManager.defineTask('a', async () => 1);\n${register("'a'", '{ minimumInterval: INTERVAL }')}`,
    }),
    finds: ['J19 sync.js:5'],
  },
  'minutes where expo-background-fetch takes seconds': {
    base: 'expo',
    files: {
      ...expoTask({
        'sync.js': `import * as BackgroundFetch from 'expo-background-fetch';
import * as TaskManager from 'expo-task-manager';
TaskManager.defineTask('a', async () => 1);
export const start = () => BackgroundFetch.registerTaskAsync('a', { minimumInterval: 15 });
`,
      }),
      'package.json': packageJson({
        expo: '~54.0.0',
        'react-native': '0.81.6',
        'expo-background-fetch': '~14.0.0',
        'expo-task-manager': '~14.0.0',
      }),
    },
    finds: ['J19 sync.js:4'],
    says: 'seconds',
  },
  'a constant of another file, for react-native-background-fetch': {
    base: 'react-native',
    files: {
      ...configure(`  async (taskId) => { try { await drain(); } finally { BackgroundFetch.finish(taskId); } },
${TIMEOUT}`),
      'index.js': configure(
        `  async (taskId) => { try { await drain(); } finally { BackgroundFetch.finish(taskId); } },
${TIMEOUT}`,
        "import { EVERY } from './every';",
      )['index.js'].replace('minimumFetchInterval: 15', 'minimumFetchInterval: EVERY'),
      'every.ts': 'const MINUTE = 60;\nexport const EVERY = 15 * MINUTE;\n',
    },
    finds: ['J19 index.js:6'],
  },
  'sound: minutes': {
    base: 'expo',
    files: expoTask({
      'sync.js': `${IMPORTS}TaskManager.defineTask('a', async () => 1);\n${register("'a'", '{ minimumInterval: 60 }')}`,
    }),
  },
  'sound: half a day, written as hours': {
    base: 'expo',
    files: expoTask({
      'sync.js': `${IMPORTS}TaskManager.defineTask('a', async () => 1);\n${register("'a'", '{ minimumInterval: 12 * 60 }')}`,
    }),
  },
  'sound: once a day': {
    base: 'expo',
    files: expoTask({
      'sync.js': `${IMPORTS}TaskManager.defineTask('a', async () => 1);\n${register("'a'", '{ minimumInterval: 60 * 24 }')}`,
    }),
  },
});

const STORE = "export const saveToken = (t) => SecureStore.setItemAsync('jwt', t";
const secure = (save: string) => ({
  'package.json': packageJson({
    expo: '~54.0.0',
    'react-native': '0.81.6',
    'expo-secure-store': '~15.0.0',
    'expo-background-task': '~1.0.8',
    'expo-task-manager': '~14.0.0',
  }),
  'app.json': EXPO_TASK['app.json'],
  'index.js': ENTRY,
  'auth.js': `import * as SecureStore from 'expo-secure-store';\n${save}\n`,
  'sync.js': `import * as SecureStore from 'expo-secure-store';
import * as TaskManager from 'expo-task-manager';
import * as BackgroundTask from 'expo-background-task';
import { saveToken } from './auth';
TaskManager.defineTask('s', async () => { const jwt = await SecureStore.getItemAsync('jwt'); return jwt ? 1 : 2; });
export const start = () => BackgroundTask.registerTaskAsync('s', { minimumInterval: 15 });
`,
});

describeSituations('keychains of JavaScript (F20)', {
  'F20: expo-secure-store with its default': {
    base: 'expo',
    files: secure(`${STORE});`),
    finds: ['I22 auth.js:2'],
    says: 'WHEN_UNLOCKED',
  },
  'expo-secure-store, said in so many words': {
    base: 'expo',
    files: secure(`${STORE}, { keychainAccessible: SecureStore.WHEN_UNLOCKED_THIS_DEVICE_ONLY });`),
    finds: ['I22 auth.js:2'],
  },
  'react-native-keychain': {
    base: 'react-native',
    files: {
      ...configure(
        `  async (id) => { try { await drain(await Keychain.getGenericPassword()); } finally { BackgroundFetch.finish(id); } },
${TIMEOUT}`,
        "import * as Keychain from 'react-native-keychain';\nimport './auth';",
      ),
      'package.json': packageJson({
        'react-native': '0.87.2',
        'react-native-background-fetch': '4.3.0',
        'react-native-keychain': '10.0.0',
      }),
      'auth.js': `import * as Keychain from 'react-native-keychain';
export const save = (t) => Keychain.setGenericPassword('jwt', t, { accessible: Keychain.ACCESSIBLE.WHEN_UNLOCKED });
`,
    },
    finds: ['I22 auth.js:2'],
  },
  'react-native-sensitive-info, beside bgsync': {
    base: 'bgsync',
    files: {
      'package.json': packageJson({
        'react-native': '0.87.2',
        'react-native-sensitive-info': '5.5.8',
      }),
      'src/background-sync.ts': `import SInfo from 'react-native-sensitive-info';
import { registerBackgroundSync } from '../modules/background-sync/src';
export const save = (t: string) => SInfo.setItem('jwt', t, {});
registerBackgroundSync({ queue: { async drainQueue({ signal }) { const t = await SInfo.getItem('jwt', {}); return send(t, signal); } } });
`,
    },
    finds: ['I22 src/background-sync.ts:3'],
  },
  'sound: after the first unlock': {
    base: 'expo',
    files: secure(`${STORE}, { keychainAccessible: SecureStore.AFTER_FIRST_UNLOCK });`),
  },
  'sound: nothing of it is read in the background': {
    base: 'expo',
    files: {
      ...secure(`${STORE});`),
      'sync.js': `import * as TaskManager from 'expo-task-manager';
import * as BackgroundTask from 'expo-background-task';
TaskManager.defineTask('s', async () => 1);
export const start = () => BackgroundTask.registerTaskAsync('s', { minimumInterval: 15 });
`,
    },
  },
  'sound: react-native-keychain with its default': {
    base: 'bgsync',
    files: {
      'package.json': packageJson({ 'react-native': '0.87.2', 'react-native-keychain': '10.0.0' }),
      'src/background-sync.ts': `import * as Keychain from 'react-native-keychain';
import { registerBackgroundSync } from '../modules/background-sync/src';
export const save = (t: string) => Keychain.setGenericPassword('jwt', t);
registerBackgroundSync({ queue: { async drainQueue({ signal }) { const t = await Keychain.getGenericPassword(); return send(t, signal); } } });
`,
    },
  },
});

const RUNNER = '@capacitor/background-runner';
const CAP_DELEGATE = 'ios/App/Demo/AppDelegate.swift';
const runner = (config: Record<string, string | undefined>, script: string, plist = CAP_SOUND) => ({
  'package.json': packageJson({ '@capacitor/core': '7.4.0', [RUNNER]: '2.1.0' }),
  'capacitor.config.json': undefined,
  ...config,
  'public/background.js': script,
  [CAP_PLIST]: plist,
  [CAP_DELEGATE]: `import UIKit
import CapacitorBackgroundRunner

@main
class AppDelegate: UIResponder, UIApplicationDelegate {
  func application(_ application: UIApplication, didFinishLaunchingWithOptions launchOptions: [UIApplication.LaunchOptionsKey: Any]?) -> Bool {
    BackgroundRunnerPlugin.registerBackgroundTask()
    BackgroundRunnerPlugin.handleApplicationDidFinishLaunching(launchOptions: launchOptions)
    return true
  }
}
`,
});
const CAP_SOUND = background(['fetch'], ['com.example.demo.background']);
const SETTINGS =
  "label: 'com.example.demo.background', src: 'background.js', event: 'myCustomEvent', repeat: true, interval: 15, autoStart: true";
const PIECEMEAL = `const config = { appId: 'com.example.demo', appName: 'demo', webDir: 'dist', plugins: {} };
config.plugins.BackgroundRunner = { ${SETTINGS} };
module.exports = config;
`;
const LITERAL = `export default { appId: 'com.example.demo', plugins: { BackgroundRunner: { ${SETTINGS} } } };\n`;

describeSituations('the runner of Capacitor (F21)', {
  'F21: a config that is put together': {
    base: 'capacitor',
    files: runner({ 'capacitor.config.js': PIECEMEAL }, ANSWERS, background(undefined)),
    finds: [`I01 ${CAP_PLIST}`, `I03 ${CAP_PLIST}`],
  },
  'F21: a parameter that is used, and no answer': {
    base: 'capacitor',
    files: runner(
      { 'capacitor.config.ts': LITERAL },
      "addEventListener('myCustomEvent', details => { details.completed(); });\n",
    ),
    finds: ['J17 public/background.js:1'],
    says: 'never calls resolve or reject',
  },
  'an event that nobody listens to, of a config with a function': {
    base: 'capacitor',
    files: runner(
      {
        'capacitor.config.ts': `const runner = (event: string) => ({ ${SETTINGS.replace("event: 'myCustomEvent'", 'event')} });
export default { appId: 'a.b.c', plugins: { BackgroundRunner: runner('other') } };
`,
      },
      ANSWERS,
    ),
    finds: ['J17 capacitor.config.ts'],
  },
  'no answer where it fails': {
    base: 'capacitor',
    files: runner(
      { 'capacitor.config.ts': LITERAL },
      "addEventListener('myCustomEvent', async (resolve, reject) => {\n  await send();\n  resolve();\n});\n",
    ),
    finds: ['J17 public/background.js:2'],
  },
  'answered before the work': {
    base: 'capacitor',
    files: runner(
      { 'capacitor.config.ts': LITERAL },
      "addEventListener('myCustomEvent', async (resolve, reject) => {\n  send();\n  resolve();\n});\nasync function send() { await fetch('https://example.com'); }\n",
    ),
    finds: ['J17 public/background.js:2'],
  },
  'a config that only a run knows': {
    base: 'capacitor',
    files: runner(
      { 'capacitor.config.ts': "import { make } from 'our-config';\nexport default make();\n" },
      ANSWERS,
      background(undefined),
    ),
    notLookedAt: ['capacitor.config.ts'],
  },
  'sound: literal': {
    base: 'capacitor',
    files: runner({ 'capacitor.config.ts': LITERAL }, ANSWERS),
  },
  'sound: put together': {
    base: 'capacitor',
    files: runner({ 'capacitor.config.js': PIECEMEAL }, ANSWERS),
  },
  'sound: try and catch': {
    base: 'capacitor',
    files: runner(
      { 'capacitor.config.ts': LITERAL },
      "addEventListener('myCustomEvent', async (resolve, reject) => {\n  try { await send(); resolve(); } catch (error) { reject(error); }\n});\n",
    ),
  },
});

const cng = (expo: object, sync = IMPORTS + register("'s'")) => ({
  ...EXPO_TASK,
  'index.js': ENTRY,
  'app.json': JSON.stringify({ expo: { name: 'demo', slug: 'demo', ...expo } }, null, 2),
  'sync.js': sync.replace(
    'export const start',
    "TaskManager.defineTask('s', async () => 1);\nexport const start",
  ),
});
const BUNDLE = { bundleIdentifier: 'com.example.demo' };

describeSituations('an Expo app without native folders (F07)', {
  'F07: the plugin of the library is missing': {
    base: 'expo',
    files: cng({
      ios: { ...BUNDLE, infoPlist: { UIBackgroundModes: ['fetch', 'processing'] } },
      plugins: [],
    }),
    finds: ['I01 app.json'],
    says: 'expo-background-task',
  },
  'F07: processing without ids': {
    base: 'expo',
    files: {
      'app.json': JSON.stringify(
        {
          expo: {
            name: 'demo',
            slug: 'demo',
            ios: { infoPlist: { UIBackgroundModes: ['remote-notification', 'processing'] } },
          },
        },
        null,
        2,
      ),
    },
    finds: ['I04 app.json:9'],
  },
  'sound: prebuild adds the plugin of expo-background-fetch by itself': {
    base: 'expo',
    files: {
      ...cng(
        { plugins: [] },
        `import * as BackgroundFetch from 'expo-background-fetch';
import * as TaskManager from 'expo-task-manager';
export const start = () => BackgroundFetch.registerTaskAsync('s', { minimumInterval: 900 });
`,
      ),
      'package.json': packageJson({
        expo: '~54.0.0',
        'react-native': '0.81.6',
        'expo-background-fetch': '~14.0.0',
        'expo-task-manager': '~14.0.0',
      }),
    },
  },
  'react-native-background-fetch without its plugin': {
    base: 'expo',
    files: {
      'package.json': packageJson({
        expo: '~54.0.0',
        'react-native': '0.81.6',
        'react-native-background-fetch': '4.3.0',
      }),
      'index.js': ENTRY.replace("'./sync'", "'./fetch'"),
      'fetch.js': `import BackgroundFetch from 'react-native-background-fetch';
BackgroundFetch.configure({}, async (id) => { try { await drain(); } finally { BackgroundFetch.finish(id); } }, (id) => BackgroundFetch.finish(id));
`,
    },
    finds: ['I01 app.json', 'I03 app.json'],
  },
  'a dynamic config without the plugin': {
    base: 'expo',
    files: {
      ...cng({}),
      'app.config.js':
        "module.exports = ({ config }) => ({ ...config, plugins: ['expo-router'] });\n",
    },
    finds: ['I01 app.config.js', 'I03 app.config.js'],
  },
  'a dynamic config that cannot be told': {
    base: 'expo',
    files: {
      ...cng({}),
      'app.config.js': "module.exports = require('our-config').make();\n",
    },
    notLookedAt: ['app.config.js'],
  },
  'sound: the plugin': {
    base: 'expo',
    files: cng({ ios: BUNDLE, plugins: ['expo-background-task'] }),
  },
  'sound: the keys by hand': {
    base: 'expo',
    files: cng({
      ios: {
        ...BUNDLE,
        infoPlist: {
          UIBackgroundModes: ['processing'],
          BGTaskSchedulerPermittedIdentifiers: ['com.expo.modules.backgroundtask.processing'],
        },
      },
    }),
  },
  'sound: a plugin of the app that may do anything': {
    base: 'expo',
    files: cng({ plugins: ['./plugins/with-ios'] }),
    notLookedAt: ['app.json'],
  },
  'sound: a dynamic config that adds it': {
    base: 'expo',
    files: {
      ...cng({}),
      'app.config.js':
        "module.exports = ({ config }) => ({ ...config, plugins: [...(config.plugins ?? []), 'expo-background-task'] });\n",
    },
  },
  'sound: Android alone': {
    base: 'expo',
    files: cng({ platforms: ['android'], plugins: [] }),
  },
});
