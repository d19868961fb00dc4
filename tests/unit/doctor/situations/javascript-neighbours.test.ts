import { manifest, packageJson } from '../../../helpers/doctor-bases.ts';
import { MANIFEST, SOURCES } from '../checks/android-files.ts';
import { background } from '../checks/ios-files.ts';
import { ANSWERS, CAP_PLIST, PLIST, fetches, register } from './javascript-apps.ts';
import { describeSituations } from './situation.ts';

/** Neighbours of the reports about JavaScript: the same kinds in other spellings, each with sound twins. */

const TIMEOUT = '(taskId) => BackgroundFetch.finish(taskId)';

describeSituations('F16, neighbours: a run that is not finished, or too early', {
  'an if without its else': {
    base: 'react-native',
    files: fetches(`const onEvent = async (taskId) => {
  try {
    if (await hasWork()) { await drain(); BackgroundFetch.finish(taskId); }
  } catch (error) { BackgroundFetch.finish(taskId); }
};
BackgroundFetch.configure({ minimumFetchInterval: 15 }, onEvent, ${TIMEOUT});`),
    finds: ['J16 index.js'],
  },
  'a catch that only logs': {
    base: 'react-native',
    files:
      fetches(`BackgroundFetch.configure({ minimumFetchInterval: 15 }, async function onEvent(taskId) {
  try { await drain(); BackgroundFetch.finish(taskId); } catch (error) { console.warn(error); }
}, ${TIMEOUT});`),
    finds: ['J16 index.js'],
  },
  'a switch with a case that does not finish': {
    base: 'react-native',
    files: fetches(`BackgroundFetch.configure({ minimumFetchInterval: 15 }, async (taskId) => {
  switch (taskId) {
    case 'react-native-background-fetch':
      try { await drain(); } finally { BackgroundFetch.finish(taskId); }
      break;
    default:
      console.log(taskId);
  }
}, ${TIMEOUT});`),
    finds: ['J16 index.js'],
  },
  'a timeout that does not finish, in another file': {
    base: 'react-native',
    files: fetches(
      `import { onEvent, onTimeout } from './sync';
BackgroundFetch.configure({ minimumFetchInterval: 15 }, onEvent, onTimeout);`,
      {
        'sync.ts': `import BackgroundFetch from 'react-native-background-fetch';
export async function onEvent(taskId: string) { try { await drain(); } finally { BackgroundFetch.finish(taskId); } }
export function onTimeout(taskId: string) { console.warn('timeout', taskId); }
`,
      },
    ),
    finds: ['J16 sync.ts:3'],
  },
  'a request of axios that nobody awaits': {
    base: 'react-native',
    files: fetches(
      `import axios from 'axios';
BackgroundFetch.configure({ minimumFetchInterval: 15 }, (taskId) => {
  axios.post('https://example.com', queue);
  BackgroundFetch.finish(taskId);
}, ${TIMEOUT});`,
      {
        'package.json': packageJson({
          'react-native': '0.87.2',
          'react-native-background-fetch': '4.3.0',
          axios: '1.7.0',
        }),
      },
    ),
    finds: ['J16 index.js'],
  },
  'sound: through a wrapper that finishes': {
    base: 'react-native',
    files:
      fetches(`const finishing = (work) => async (taskId) => { try { await work(taskId); } finally { BackgroundFetch.finish(taskId); } };
BackgroundFetch.configure({ minimumFetchInterval: 15 }, finishing(drain), ${TIMEOUT});`),
  },
  'sound: in both answers of then': {
    base: 'react-native',
    files: fetches(`BackgroundFetch.configure({ minimumFetchInterval: 15 }, (taskId) => {
  drain().then(() => BackgroundFetch.finish(taskId), () => BackgroundFetch.finish(taskId));
}, ${TIMEOUT});`),
  },
  'sound: a variable, finished at the end': {
    base: 'react-native',
    files: fetches(`BackgroundFetch.configure({ minimumFetchInterval: 15 }, async (taskId) => {
  let ok = false;
  try { ok = await drain(); } catch { ok = false; }
  report(ok);
  BackgroundFetch.finish(taskId);
}, ${TIMEOUT});`),
  },
});

const handler = (body: string, more = '') => ({
  'src/background-sync.ts': `import { registerBackgroundSync } from '../modules/background-sync/src';
${more}
async function send(signal?: AbortSignal) { await fetch('https://example.com', { signal }); }

registerBackgroundSync({
  queue: {
    ${body}
  },
});
`,
});

describeSituations('F16, neighbours: drainQueue that ends before its work', {
  'a promise in a variable that nobody awaits': {
    base: 'bgsync',
    files: handler(
      'async drainQueue({ signal }) { const work = send(signal); return { remaining: 0 }; },',
    ),
    finds: ['J18 src/background-sync.ts'],
  },
  'map without Promise.all': {
    base: 'bgsync',
    files: handler(
      'async drainQueue({ signal }) { const items = await all(); items.map((one) => send(signal)); return 0; },',
    ),
    finds: ['J18 src/background-sync.ts'],
  },
  'an arrow that starts, and returns a number': {
    base: 'bgsync',
    files: handler('drainQueue: async ({ signal }) => (send(signal), 0),'),
    finds: ['J18 src/background-sync.ts'],
  },
  'in a branch': {
    base: 'bgsync',
    files: handler(
      'async drainQueue({ signal }) { if (await online()) { send(signal); } return 0; },',
    ),
    finds: ['J18 src/background-sync.ts'],
  },
  'a method of a class': {
    base: 'bgsync',
    files: {
      'src/background-sync.ts': `import { registerBackgroundSync } from '../modules/background-sync/src';
import { Queue } from './queue';
registerBackgroundSync({ queue: new Queue() });
`,
      'src/queue.ts': `export class Queue {
  async drainQueue({ signal }: { signal: AbortSignal }) {
    this.send(signal);
    return 0;
  }
  private async send(signal: AbortSignal) { await fetch('https://example.com', { signal }); }
}
`,
    },
    finds: ['J18 src/queue.ts:3'],
  },
  'a callback of setTimeout, in a promise that is not awaited': {
    base: 'bgsync',
    files: handler(
      "async drainQueue({ signal }) { new Promise((resolve) => fetch('https://example.com', { signal }).then(resolve)); return 0; },",
    ),
    finds: ['J18 src/background-sync.ts'],
  },
  'sound: allSettled over a map': {
    base: 'bgsync',
    files: handler(
      'async drainQueue({ signal }) { const items = await all(); await Promise.allSettled(items.map(() => send(signal))); return 0; },',
    ),
  },
  'sound: pushed, and awaited together': {
    base: 'bgsync',
    files: handler(
      'async drainQueue({ signal }) { const open: Promise<void>[] = []; for (const one of await all()) open.push(send(signal)); await Promise.all(open); return 0; },',
    ),
  },
  'sound: for await': {
    base: 'bgsync',
    files: handler(
      'async drainQueue({ signal }) { for await (const one of stream()) { await send(signal); } return 0; },',
    ),
  },
  'sound: a chain that is returned': {
    base: 'bgsync',
    files: handler(
      'drainQueue({ signal }) { return send(signal).then(() => ({ remaining: 0 })); },',
    ),
  },
  'sound: raced with the signal': {
    base: 'bgsync',
    files: handler(
      'async drainQueue({ signal }) { const work = send(signal); await Promise.race([work, aborted(signal)]); return 0; },',
    ),
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
const LAZY = ENTRY.replace("import './sync';\n", '');
const expoTask = (files: Record<string, string>) => ({ ...EXPO_TASK, 'index.js': ENTRY, ...files });
const IMPORTS = `import * as BackgroundTask from 'expo-background-task';
import * as TaskManager from 'expo-task-manager';
`;
const DEFINED = `${IMPORTS}TaskManager.defineTask('a', async () => 1);\n${register("'a'")}`;

describeSituations('F17, neighbours: defined too late', {
  'awaited in a handler': {
    base: 'expo',
    files: {
      ...EXPO_TASK,
      'index.js': LAZY,
      'App.tsx': `export default function App() {
  const enable = async () => { const { start } = await import('./sync'); await start(); };
  return <Switch onValueChange={enable} />;
}
`,
      'sync.js': DEFINED,
    },
    finds: ['J01 sync.js:3'],
  },
  'in a hook of the app, two files away': {
    base: 'expo',
    files: {
      ...EXPO_TASK,
      'index.js': LAZY,
      'App.tsx':
        "import { useSync } from './useSync';\nexport default function App() { useSync(); return null; }\n",
      'useSync.ts':
        "import { useEffect } from 'react';\nexport function useSync() {\n  useEffect(() => { void import('./sync').then((m) => m.start()); }, []);\n}\n",
      'sync.js': DEFINED,
    },
    finds: ['J01 sync.js:3'],
  },
  'when a component is mounted': {
    base: 'expo',
    files: expoTask({
      'sync.js': `${IMPORTS}import React from 'react';
export class Sync extends React.Component {
  componentDidMount() { TaskManager.defineTask('a', async () => 1); BackgroundTask.registerTaskAsync('a', { minimumInterval: 15 }); }
  render() { return null; }
}
`,
    }),
    finds: ['J01 sync.js:5'],
  },
  'in the answer of a promise': {
    base: 'expo',
    files: expoTask({
      'sync.js': `${IMPORTS}import AsyncStorage from '@react-native-async-storage/async-storage';
AsyncStorage.getItem('enabled').then(() => { TaskManager.defineTask('a', async () => 1); });
${register("'a'")}`,
    }),
    finds: ['J01 sync.js:4'],
  },
  'behind an await of the top level’s function': {
    base: 'expo',
    files: expoTask({
      'sync.js': `${IMPORTS}async function setUp() {
  await loadSettings();
  TaskManager.defineTask('a', async () => 1);
}
setUp();
${register("'a'")}`,
    }),
    finds: ['J01 sync.js:5'],
  },
  'in development alone': {
    base: 'expo',
    files: expoTask({
      'sync.js': `${IMPORTS}if (__DEV__) {
  TaskManager.defineTask('a', async () => 1);
}
${register("'a'")}`,
    }),
    finds: ['J01 sync.js:4'],
    says: '__DEV__',
  },
  'in a function that nothing calls': {
    base: 'expo',
    files: expoTask({
      'sync.js': `${IMPORTS}function setUp() {
  TaskManager.defineTask('a', async () => 1);
}
${register("'a'")}`,
    }),
    finds: ['J01 sync.js:4'],
    says: 'never called',
  },
  'in a listener': {
    base: 'expo',
    files: expoTask({
      'sync.js': `${IMPORTS}import { AppState } from 'react-native';
AppState.addEventListener('change', (state) => {
  if (state === 'background') TaskManager.defineTask('a', async () => 1);
});
${register("'a'")}`,
    }),
    finds: ['J01 sync.js:5'],
  },
  'in a callback of a timer': {
    base: 'expo',
    files: expoTask({
      'sync.js': `${IMPORTS}setTimeout(() => TaskManager.defineTask('a', async () => 1), 0);
${register("'a'")}`,
    }),
    finds: ['J01 sync.js:3'],
  },
  'sound: a class that the top level makes': {
    base: 'expo',
    files: expoTask({
      'sync.js': `${IMPORTS}class Sync {
  constructor() { TaskManager.defineTask('a', async () => 1); }
  start() { return BackgroundTask.registerTaskAsync('a', { minimumInterval: 15 }); }
}
export const sync = new Sync();
`,
    }),
  },
  'sound: called at once': {
    base: 'expo',
    files: expoTask({
      'sync.js': `${IMPORTS}(() => { TaskManager.defineTask('a', async () => 1); })();\n${register("'a'")}`,
    }),
  },
  'sound: an imported function that the entry calls': {
    base: 'expo',
    files: {
      ...EXPO_TASK,
      'index.js': `import { setUp } from './sync';\n${LAZY}setUp();\n`,
      'sync.js': `${IMPORTS}export const setUp = () => TaskManager.defineTask('a', async () => 1);\n${register("'a'")}`,
    },
  },
  'sound: unless it is defined already': {
    base: 'expo',
    files: expoTask({
      'sync.js': `${IMPORTS}if (!TaskManager.isTaskDefined('a')) {
  TaskManager.defineTask('a', async () => 1);
}
${register("'a'")}`,
    }),
  },
  'sound: in each of a list': {
    base: 'expo',
    files: expoTask({
      'sync.js': `${IMPORTS}['a', 'b'].forEach((name) => TaskManager.defineTask(name, async () => 1));\n${register("'a'")}`,
    }),
  },
  'sound: on one platform': {
    base: 'expo',
    files: expoTask({
      'sync.js': `${IMPORTS}import { Platform } from 'react-native';
if (Platform.OS !== 'web') {
  TaskManager.defineTask('a', async () => 1);
}
${register("'a'")}`,
    }),
  },
});

describeSituations('F18, neighbours: names of a task', {
  'a default export that is an object': {
    base: 'expo',
    files: expoTask({
      'names.js': "export default { sync: 'sync-task', old: 'sync_task' };\n",
      'sync.js': `${IMPORTS}import names from './names';
TaskManager.defineTask(names.sync, async () => 1);
${register('names.old')}`,
    }),
    finds: ['J03 sync.js:5'],
  },
  'a static member of a class': {
    base: 'expo',
    files: expoTask({
      'sync.js':
        `${IMPORTS}class Names { static readonly SYNC = 'sync-task'; static OTHER = 'other'; }
TaskManager.defineTask(Names.SYNC, async () => 1);
${register('Names.OTHER')}`.replace('readonly ', ''),
    }),
    finds: ['J03 sync.js:5'],
  },
  destructured: {
    base: 'expo',
    files: expoTask({
      'names.ts': "export const NAMES = { SYNC: 'sync', UPLOAD: 'upload' } as const;\n",
      'sync.js': `${IMPORTS}import { NAMES } from './names';
const { SYNC, UPLOAD } = NAMES;
TaskManager.defineTask(SYNC, async () => 1);
${register('UPLOAD')}`,
    }),
    finds: ['J03 sync.js:6'],
  },
  'joined with +': {
    base: 'expo',
    files: expoTask({
      'sync.js': `${IMPORTS}const PREFIX = 'demo.';
TaskManager.defineTask(PREFIX + 'sync', async () => 1);
${register("PREFIX + 'synch'")}`,
    }),
    finds: ['J03 sync.js:5'],
  },
  'of CommonJS': {
    base: 'expo',
    files: expoTask({
      'names.js': "module.exports = { SYNC: 'sync', OLD: 'old-sync' };\n",
      'sync.js': `${IMPORTS}const { SYNC, OLD } = require('./names');
TaskManager.defineTask(SYNC, async () => 1);
${register('OLD')}`,
    }),
    finds: ['J03 sync.js:5'],
  },
  'a headless task of Java': {
    base: 'react-native',
    files: {
      'index.js':
        "import { AppRegistry } from 'react-native';\nimport App from './App';\nAppRegistry.registerComponent('demo', () => App);\nAppRegistry.registerHeadlessTask('SyncTask', () => async () => {});\n",
      [`${SOURCES}/SyncService.java`]: `package com.example.demo;
public class SyncService extends HeadlessJsTaskService {
  private static final String TASK = "SyncTasks";
  @Override protected HeadlessJsTaskConfig getTaskConfig(Intent intent) {
    return new HeadlessJsTaskConfig(TASK, Arguments.createMap(), 60000, true);
  }
}
`,
      [MANIFEST]: manifest('        <service android:name=".SyncService" />'),
    },
    finds: [`J03 ${SOURCES}/SyncService.java`],
  },
  'sound: destructured on both sides': {
    base: 'expo',
    files: expoTask({
      'names.ts': "export const NAMES = { SYNC: 'sync', UPLOAD: 'upload' } as const;\n",
      'sync.js': `${IMPORTS}import { NAMES } from './names';
const { SYNC: TASK } = NAMES;
TaskManager.defineTask(NAMES.SYNC, async () => 1);
${register('TASK')}`,
    }),
  },
  'sound: spread into another object': {
    base: 'expo',
    files: expoTask({
      'sync.js': `${IMPORTS}const BASE = { SYNC: 'sync' };
const NAMES = { ...BASE, UPLOAD: 'upload' };
TaskManager.defineTask(NAMES.SYNC, async () => 1);
${register("'sync'")}`,
    }),
  },
  'sound: a parameter of a helper that defines': {
    base: 'expo',
    files: expoTask({
      'sync.js': `${IMPORTS}const define = (name) => TaskManager.defineTask(name, async () => 1);
define('sync');
${register("'sync'")}`,
    }),
  },
  'sound: a headless task of Kotlin, by an enum of JavaScript': {
    base: 'react-native',
    files: {
      'index.js':
        "import { AppRegistry } from 'react-native';\nimport App from './App';\nimport { Tasks } from './tasks';\nAppRegistry.registerComponent('demo', () => App);\nAppRegistry.registerHeadlessTask(Tasks.Sync, () => async () => {});\n",
      'tasks.ts': "export enum Tasks { Sync = 'SyncTask' }\n",
      [`${SOURCES}/SyncService.kt`]: `package com.example.demo
class SyncService : HeadlessJsTaskService() {
  override fun getTaskConfig(intent: Intent?) = HeadlessJsTaskConfig("SyncTask", Arguments.createMap(), 60_000, true)
}
`,
      [MANIFEST]: manifest('        <service android:name=".SyncService" />'),
    },
  },
});

const every = (options: string, more = '') =>
  expoTask({
    'sync.js': `${IMPORTS}${more}TaskManager.defineTask('a', async () => 1);\n${register("'a'", options)}`,
  });

describeSituations('F19, neighbours: units', {
  'a constant in an object of options': {
    base: 'expo',
    files: every('OPTIONS', 'const OPTIONS = { minimumInterval: 900 };\n'),
    finds: ['J19 sync.js'],
  },
  'a number with separators': {
    base: 'expo',
    files: every('{ minimumInterval: 900_000 }'),
    finds: ['J19 sync.js'],
  },
  'a helper that makes milliseconds': {
    base: 'expo',
    files: every('{ minimumInterval: minutes(15) }', 'const minutes = (n) => n * 60 * 1000;\n'),
    finds: ['J19 sync.js'],
  },
  'an enum': {
    base: 'expo',
    files: expoTask({
      'every.ts': 'export enum Every { Quarter = 15 * 60, Hour = 60 * 60 }\n',
      'sync.js': `${IMPORTS}import { Every } from './every';\nTaskManager.defineTask('a', async () => 1);\n${register("'a'", '{ minimumInterval: Every.Hour }')}`,
    }),
    finds: ['J19 sync.js'],
  },
  'seconds for scheduleTask': {
    base: 'react-native',
    files: fetches(
      `BackgroundFetch.configure({ minimumFetchInterval: 15 }, async (id) => { try { await drain(); } finally { BackgroundFetch.finish(id); } }, ${TIMEOUT});
BackgroundFetch.scheduleTask({ taskId: 'com.transistorsoft.sync', delay: 15 * 60, periodic: true });`,
      {
        [PLIST]: background(
          ['fetch', 'processing'],
          ['com.transistorsoft.fetch', 'com.transistorsoft.sync'],
        ),
      },
    ),
    finds: ['J19 index.js'],
  },
  'sound: an hour': {
    base: 'expo',
    files: every('{ minimumInterval: HOUR }', 'const HOUR = 60;\n'),
  },
  'sound: a number that the server gives': {
    base: 'expo',
    files: every(
      '{ minimumInterval: settings.interval }',
      "import { settings } from './settings';\n",
    ),
  },
  'sound: minutes for scheduleTask, in milliseconds': {
    base: 'react-native',
    files: fetches(
      `BackgroundFetch.configure({ minimumFetchInterval: 15 }, async (id) => { try { await drain(); } finally { BackgroundFetch.finish(id); } }, ${TIMEOUT});
BackgroundFetch.scheduleTask({ taskId: 'com.transistorsoft.sync', delay: 15 * 60 * 1000, periodic: true });`,
      {
        [PLIST]: background(
          ['fetch', 'processing'],
          ['com.transistorsoft.fetch', 'com.transistorsoft.sync'],
        ),
      },
    ),
  },
});

const secure = (auth: string, sync: string) => ({
  'package.json': packageJson({
    expo: '~54.0.0',
    'react-native': '0.81.6',
    'expo-secure-store': '~15.0.0',
    'expo-background-task': '~1.0.8',
    'expo-task-manager': '~14.0.0',
  }),
  'app.json': EXPO_TASK['app.json'],
  'index.js': ENTRY,
  'auth.js': auth,
  'sync.js': `import * as TaskManager from 'expo-task-manager';
import * as BackgroundTask from 'expo-background-task';
${sync}
export const start = () => BackgroundTask.registerTaskAsync('s', { minimumInterval: 15 });
`,
});

describeSituations('F20, neighbours: keychains of JavaScript', {
  'a named import, read through a function': {
    base: 'expo',
    files: secure(
      `import { getItemAsync, setItemAsync } from 'expo-secure-store';
export const saveToken = (token) => setItemAsync('jwt', token);
export const readToken = () => getItemAsync('jwt');
`,
      "import { readToken } from './auth';\nTaskManager.defineTask('s', async () => { await send(await readToken()); return 1; });",
    ),
    finds: ['I22 auth.js:2'],
  },
  'a key of a constant, written at once': {
    base: 'expo',
    files: secure(
      `import * as SecureStore from 'expo-secure-store';
export const KEY = 'jwt';
export function saveToken(token) { SecureStore.setItem(KEY, token); }
`,
      "import * as SecureStore from 'expo-secure-store';\nimport { KEY } from './auth';\nTaskManager.defineTask('s', async () => { await send(SecureStore.getItem(KEY)); return 1; });",
    ),
    finds: ['I22 auth.js:3'],
  },
  'a wrapper of the app’s own': {
    base: 'expo',
    files: {
      ...secure(
        `import * as SecureStore from 'expo-secure-store';
export const storage = {
  get: (key) => SecureStore.getItemAsync(key),
  set: (key, value) => SecureStore.setItemAsync(key, value),
};
`,
        "import { storage } from './auth';\nTaskManager.defineTask('s', async () => { await send(await storage.get('jwt')); return 1; });",
      ),
    },
    finds: ['I22 auth.js:4'],
  },
  'sound: options of a constant': {
    base: 'expo',
    files: secure(
      `import * as SecureStore from 'expo-secure-store';
const OPTIONS = { keychainAccessible: SecureStore.AFTER_FIRST_UNLOCK };
export const saveToken = (token) => SecureStore.setItemAsync('jwt', token, OPTIONS);
export const readToken = () => SecureStore.getItemAsync('jwt', OPTIONS);
`,
      "import { readToken } from './auth';\nTaskManager.defineTask('s', async () => { await send(await readToken()); return 1; });",
    ),
  },
  'sound: another key is read': {
    base: 'expo',
    files: secure(
      `import * as SecureStore from 'expo-secure-store';
export const savePin = (pin) => SecureStore.setItemAsync('pin', pin);
export const saveToken = (token) => SecureStore.setItemAsync('jwt', token, { keychainAccessible: SecureStore.AFTER_FIRST_UNLOCK });
`,
      "import * as SecureStore from 'expo-secure-store';\nTaskManager.defineTask('s', async () => { await send(await SecureStore.getItemAsync('jwt')); return 1; });",
    ),
  },
});

const RUNNER = '@capacitor/background-runner';
const SETTINGS =
  "label: 'com.example.demo.background', src: 'background.js', event: 'myCustomEvent', repeat: true, interval: 15, autoStart: true";
const LITERAL = `export default { appId: 'com.example.demo', plugins: { BackgroundRunner: { ${SETTINGS} } } };\n`;
const runner = (
  config: Record<string, string | undefined>,
  script: string,
  plist = background(['fetch'], ['com.example.demo.background']),
) => ({
  'package.json': packageJson({ '@capacitor/core': '7.4.0', [RUNNER]: '2.1.0' }),
  'capacitor.config.json': undefined,
  ...config,
  'public/background.js': script,
  [CAP_PLIST]: plist,
  'ios/App/Demo/AppDelegate.swift': `import UIKit
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

describeSituations('F21, neighbours: the runner of Capacitor', {
  'a config of TypeScript with satisfies': {
    base: 'capacitor',
    files: runner(
      {
        'capacitor.config.ts': `import type { CapacitorConfig } from '@capacitor/cli';
const event = 'sync';
const config = { appId: 'com.example.demo', plugins: { BackgroundRunner: { ${SETTINGS.replace("'myCustomEvent'", 'event')} } } } satisfies CapacitorConfig;
export default config;
`,
      },
      ANSWERS,
    ),
    finds: ['J17 capacitor.config.ts'],
  },
  'Object.assign': {
    base: 'capacitor',
    files: runner(
      {
        'capacitor.config.ts': `const config = { appId: 'com.example.demo', plugins: {} };
Object.assign(config.plugins, { BackgroundRunner: { ${SETTINGS} } });
export default config;
`,
      },
      ANSWERS,
      background(undefined),
    ),
    finds: [`I01 ${CAP_PLIST}`, `I03 ${CAP_PLIST}`],
  },
  'a branch without an answer': {
    base: 'capacitor',
    files: runner(
      { 'capacitor.config.ts': LITERAL },
      `addEventListener('myCustomEvent', async (resolve, reject) => {
  try {
    const items = CapacitorKV.get('items');
    if (items) { await send(items); resolve(); }
  } catch (error) { reject(error); }
});
`,
    ),
    finds: ['J17 public/background.js'],
  },
  'a then without a catch': {
    base: 'capacitor',
    files: runner(
      { 'capacitor.config.ts': LITERAL },
      `addEventListener('myCustomEvent', (resolve, reject) => {
  fetch('https://example.com').then(() => resolve());
});
`,
    ),
    finds: ['J17 public/background.js'],
  },
  'a function by name': {
    base: 'capacitor',
    files: runner(
      { 'capacitor.config.ts': LITERAL },
      `async function sync(resolve, reject, args) {
  await fetch('https://example.com');
}
addEventListener('myCustomEvent', sync);
`,
    ),
    finds: ['J17 public/background.js'],
  },
  'sound: answers are handed on': {
    base: 'capacitor',
    files: runner(
      { 'capacitor.config.ts': LITERAL },
      `const sync = (resolve, reject) => fetch('https://example.com').then(resolve, reject);
addEventListener('myCustomEvent', (resolve, reject, args) => { sync(resolve, reject); });
`,
    ),
  },
  'sound: a constant for the event': {
    base: 'capacitor',
    files: runner(
      { 'capacitor.config.ts': LITERAL },
      "const EVENT = 'myCustomEvent';\naddEventListener(EVENT, (resolve) => { resolve(); });\n",
    ),
  },
});

const cng = (expo: object, config: Record<string, string> = {}) => ({
  ...EXPO_TASK,
  'index.js': ENTRY,
  'app.json': JSON.stringify({ expo: { name: 'demo', slug: 'demo', ...expo } }, null, 2),
  'sync.js': DEFINED,
  ...config,
});

describeSituations('F07, neighbours: an Expo app without native folders', {
  'a config of TypeScript without the plugin': {
    base: 'expo',
    files: cng(
      {},
      {
        'app.config.ts': `import type { ConfigContext, ExpoConfig } from 'expo/config';
export default ({ config }: ConfigContext): ExpoConfig => ({ ...config, name: 'demo', slug: 'demo', plugins: ['expo-router', ['expo-build-properties', {}]] });
`,
      },
    ),
    finds: ['I01 app.config.ts', 'I03 app.config.ts'],
  },
  'the mode by hand, and another id': {
    base: 'expo',
    files: cng({
      ios: {
        infoPlist: {
          UIBackgroundModes: ['processing'],
          BGTaskSchedulerPermittedIdentifiers: ['com.expo.modules.backgroundtask'],
        },
      },
    }),
    finds: ['I01 app.json'],
  },
  'the id by hand, without the mode': {
    base: 'expo',
    files: cng({
      ios: {
        infoPlist: {
          BGTaskSchedulerPermittedIdentifiers: ['com.expo.modules.backgroundtask.processing'],
        },
      },
    }),
    finds: ['I03 app.json'],
  },
  'sound: the plugin with options': {
    base: 'expo',
    files: cng({ plugins: [['expo-background-task', {}]] }),
  },
  // https://www.npmjs.com/package/react-native-background-fetch: expo/plugin/build/index.js of 4.4.2 gives the config back.
  'a plugin of react-native-background-fetch, which writes nothing': {
    base: 'expo',
    finds: ['I01 app.json', 'I03 app.json'],
    files: {
      'package.json': packageJson({
        expo: '~54.0.0',
        'react-native': '0.81.6',
        'react-native-background-fetch': '4.3.0',
      }),
      'app.json': JSON.stringify({
        expo: { name: 'demo', slug: 'demo', plugins: ['react-native-background-fetch'] },
      }),
      'index.js': ENTRY.replace("'./sync'", "'./fetch'"),
      'fetch.js': `import BackgroundFetch from 'react-native-background-fetch';
BackgroundFetch.configure({}, async (id) => { try { await drain(); } finally { BackgroundFetch.finish(id); } }, (id) => BackgroundFetch.finish(id));
`,
    },
  },
  'not looked at: a plugin of a package that writes the keys': {
    base: 'expo',
    files: {
      ...cng({ plugins: ['our-sync-plugin'] }),
      'node_modules/our-sync-plugin/app.plugin.js':
        "module.exports = (config) => { config.ios.infoPlist.UIBackgroundModes = ['processing']; return config; };\n",
    },
    notLookedAt: ['app.json'],
  },
  'sound: plugins in a variable': {
    base: 'expo',
    files: cng(
      {},
      {
        'app.config.js':
          "const plugins = ['expo-background-task'];\nif (process.env.SENTRY) plugins.push('@sentry/react-native');\nmodule.exports = { name: 'demo', slug: 'demo', plugins };\n",
      },
    ),
  },
});
