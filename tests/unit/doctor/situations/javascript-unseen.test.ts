import { manifest, packageJson } from '../../../helpers/doctor-bases.ts';
import { MANIFEST, SOURCES } from '../checks/android-files.ts';
import { background } from '../checks/ios-files.ts';
import { PLIST, fetches } from './javascript-apps.ts';
import { describeSituations } from './situation.ts';

/** A third round of the reports' kinds in JavaScript and TypeScript, in syntax that the first neighbours do not have. */

const TIMEOUT = '(taskId) => BackgroundFetch.finish(taskId)';
const OPTIONS = '{ minimumFetchInterval: 15 }';

describeSituations('F16, unseen: a run that is not finished', {
  'an optional call alone': {
    base: 'react-native',
    files: fetches(`BackgroundFetch.configure(${OPTIONS}, async (taskId) => {
  const store = globalThis.store;
  if (!store) return;
  try { await store.drain(); } finally { BackgroundFetch.finish(taskId); }
}, ${TIMEOUT});`),
    finds: ['J16 index.js'],
  },
  'a short circuit': {
    base: 'react-native',
    files: fetches(`BackgroundFetch.configure(${OPTIONS}, async (taskId) => {
  try { await drain(); } catch {}
  online && BackgroundFetch.finish(taskId);
}, ${TIMEOUT});`),
    finds: ['J16 index.js'],
  },
  'a ternary with one side': {
    base: 'react-native',
    files: fetches(`BackgroundFetch.configure(${OPTIONS}, async (taskId) => {
  try { await drain(); } catch (e) {}
  taskId === 'react-native-background-fetch' ? BackgroundFetch.finish(taskId) : console.log(taskId);
}, ${TIMEOUT});`),
    finds: ['J16 index.js'],
  },
  'a loop that may not run': {
    base: 'react-native',
    files: fetches(`BackgroundFetch.configure(${OPTIONS}, async (taskId) => {
  for (const item of items) {
    try { await send(item); } finally { BackgroundFetch.finish(taskId); }
  }
}, ${TIMEOUT});`),
    finds: ['J16 index.js'],
  },
  'throws in the catch': {
    base: 'react-native',
    files: fetches(`BackgroundFetch.configure(${OPTIONS}, async (taskId) => {
  try { await drain(); } catch (error) { throw new Error('sync failed', { cause: error }); }
  BackgroundFetch.finish(taskId);
}, ${TIMEOUT});`),
    finds: ['J16 index.js'],
  },
  'another id is finished': {
    base: 'react-native',
    files: fetches(`BackgroundFetch.configure(${OPTIONS}, async (taskId) => {
  try { await drain(); } finally { console.log(taskId); }
}, ${TIMEOUT});`),
    finds: ['J16 index.js'],
  },
  'a class with methods': {
    base: 'react-native',
    files: fetches(`class Sync {
  start() { BackgroundFetch.configure(${OPTIONS}, this.onFetch, this.onTimeout); }
  onFetch = async (taskId) => { await drain(); BackgroundFetch.finish(taskId); };
  onTimeout = (taskId) => { BackgroundFetch.finish(taskId); };
}
new Sync().start();`),
    finds: ['J16 index.js'],
  },
  'scheduleTask never finishes its own id': {
    base: 'react-native',
    files: fetches(`BackgroundFetch.configure(${OPTIONS}, async (taskId) => {
  switch (taskId) {
    case 'com.transistorsoft.sync': await drain().catch(() => {}); return;
  }
  BackgroundFetch.finish(taskId);
}, ${TIMEOUT});`),
    finds: ['J16 index.js'],
  },
  'sound: a wrapper with a callback': {
    base: 'react-native',
    files: fetches(`const guarded = (work) => async (taskId) => {
  try { await work(); } catch (error) { console.warn(error); } finally { BackgroundFetch.finish(taskId); }
};
BackgroundFetch.configure(${OPTIONS}, guarded(drain), ${TIMEOUT});`),
  },
  'sound: destructured finish': {
    base: 'react-native',
    files: fetches(`const { finish } = BackgroundFetch;
BackgroundFetch.configure(${OPTIONS}, async (taskId) => { try { await drain(); } finally { finish(taskId); } }, ${TIMEOUT});`),
  },
  'sound: a label and a break': {
    base: 'react-native',
    files: fetches(`BackgroundFetch.configure(${OPTIONS}, async (taskId) => {
  work: { if (!ready) break work; try { await drain(); } catch {} }
  BackgroundFetch.finish(taskId);
}, ${TIMEOUT});`),
  },
  'sound: allSettled before it': {
    base: 'react-native',
    files: fetches(`BackgroundFetch.configure(${OPTIONS}, async (taskId) => {
  await Promise.allSettled([drain(), upload()]);
  BackgroundFetch.finish(taskId);
}, ${TIMEOUT});`),
  },
  'sound: a catch on the call itself': {
    base: 'react-native',
    files: fetches(`BackgroundFetch.configure(${OPTIONS}, async (taskId) => {
  await drain().catch(console.warn);
  BackgroundFetch.finish(taskId);
}, ${TIMEOUT});`),
  },
  'sound: bound methods of a class': {
    base: 'react-native',
    files: fetches(`class Sync {
  start() { BackgroundFetch.configure(${OPTIONS}, this.onFetch.bind(this), this.onTimeout.bind(this)); }
  async onFetch(taskId) { try { await drain(); } finally { BackgroundFetch.finish(taskId); } }
  onTimeout(taskId) { BackgroundFetch.finish(taskId); }
}
new Sync().start();`),
  },
});

const EXPO = {
  'package.json': packageJson({
    expo: '~54.0.0',
    'react-native': '0.81.5',
    'expo-background-task': '~1.0.8',
    'expo-task-manager': '~14.0.7',
  }),
  'app.json': JSON.stringify({
    expo: {
      name: 'demo',
      slug: 'demo',
      ios: { bundleIdentifier: 'com.example.demo' },
      plugins: ['expo-background-task'],
    },
  }),
};
const expo = (index: string, more: Record<string, string> = {}) => ({
  ...EXPO,
  'index.js': `import { registerRootComponent } from 'expo';
import * as TaskManager from 'expo-task-manager';
import * as BackgroundTask from 'expo-background-task';
import App from './App';
${index}
registerRootComponent(App);
`,
  'App.tsx': 'export default function App() { return null; }\n',
  ...more,
});
const RUN = 'async () => { await drain(); return BackgroundTask.BackgroundTaskResult.Success; }';
const REGISTER = "BackgroundTask.registerTaskAsync('sync', { minimumInterval: 15 });";

describeSituations('F16, unseen: a task of Expo whose work is not awaited', {
  'an immediate function': {
    base: 'expo',
    files: expo(`TaskManager.defineTask('sync', async () => {
  (async () => { await push(); })();
  return BackgroundTask.BackgroundTaskResult.Success;
});
async function push() {}
${REGISTER}`),
    finds: ['J18 index.js'],
  },
  'a method of an imported object': {
    base: 'expo',
    files: expo(
      `import { api } from './api';
TaskManager.defineTask('sync', async () => { api.push(); return BackgroundTask.BackgroundTaskResult.Success; });
${REGISTER}`,
      { 'api.ts': `export const api = { async push(): Promise<void> { await 1; } };\n` },
    ),
    finds: ['J18 index.js'],
  },
  'a default export that is async': {
    base: 'expo',
    files: expo(
      `import push from './push';
TaskManager.defineTask('sync', async () => { push(); return BackgroundTask.BackgroundTaskResult.Success; });
${REGISTER}`,
      { 'push.ts': `export default async function push(): Promise<void> { await 1; }\n` },
    ),
    finds: ['J18 index.js'],
  },
  're-exported through a barrel': {
    base: 'expo',
    files: expo(
      `import { push } from './lib';
TaskManager.defineTask('sync', async () => { push(); return BackgroundTask.BackgroundTaskResult.Success; });
${REGISTER}`,
      {
        'lib/index.ts': "export * from './push';\n",
        'lib/push.ts': `export const push = async (): Promise<void> => { await 1; };\n`,
      },
    ),
    finds: ['J18 index.js'],
  },
  'sound: Promise.all, returned': {
    base: 'expo',
    files: expo(
      `import { push } from './push';
TaskManager.defineTask('sync', () => Promise.all([push(), push()]).then(() => BackgroundTask.BackgroundTaskResult.Success));
${REGISTER}`,
      { 'push.ts': `export const push = async () => { await 1; };\n` },
    ),
  },
  'sound: a reduce over promises': {
    base: 'expo',
    files: expo(
      `import { push } from './push';
TaskManager.defineTask('sync', async () => { await items.reduce((before, item) => before.then(() => push(item)), Promise.resolve()); return BackgroundTask.BackgroundTaskResult.Success; });
${REGISTER}`,
      { 'push.ts': `export const push = async () => { await 1; };\n` },
    ),
  },
});

describeSituations('F17, unseen: defined too late', {
  'in a custom hook that the app uses': {
    base: 'expo',
    files: expo('', {
      'App.tsx':
        "import { useSync } from './useSync';\nexport default function App() { useSync(); return null; }\n",
      'useSync.ts': `import { useEffect } from 'react';
import * as TaskManager from 'expo-task-manager';
import * as BackgroundTask from 'expo-background-task';
export const useSync = () => {
  useEffect(() => {
    TaskManager.defineTask('sync', ${RUN});
    BackgroundTask.registerTaskAsync('sync', { minimumInterval: 15 });
  }, []);
};
`,
    }),
    finds: ['J01 useSync.ts'],
  },
  'in a provider of a context': {
    base: 'expo',
    files: expo('', {
      'App.tsx':
        "import { SyncProvider } from './SyncProvider';\nexport default function App() { return <SyncProvider />; }\n",
      'SyncProvider.tsx': `import React from 'react';
import * as TaskManager from 'expo-task-manager';
import * as BackgroundTask from 'expo-background-task';
export function SyncProvider({ children }) {
  React.useMemo(() => TaskManager.defineTask('sync', ${RUN}), []);
  React.useEffect(() => { BackgroundTask.registerTaskAsync('sync', { minimumInterval: 15 }); }, []);
  return children;
}
`,
    }),
    finds: ['J01 SyncProvider.tsx'],
  },
  'a saga': {
    base: 'expo',
    files: expo("import { start } from './store';\nsetTimeout(() => start(), 0);", {
      'store.js': `import * as TaskManager from 'expo-task-manager';
import * as BackgroundTask from 'expo-background-task';
export const start = () => { TaskManager.defineTask('sync', ${RUN}); ${REGISTER} };
`,
    }),
    finds: ['J01 store.js'],
  },
  'React.lazy': {
    base: 'expo',
    files: expo('', {
      'App.tsx':
        "import React from 'react';\nconst Home = React.lazy(() => import('./Home'));\nexport default function App() { return <Home />; }\n",
      'Home.js': `import * as TaskManager from 'expo-task-manager';
import * as BackgroundTask from 'expo-background-task';
TaskManager.defineTask('sync', ${RUN});
${REGISTER}
export default function Home() { return null; }
`,
    }),
    finds: ['J01 Home.js'],
  },
  'an event of AppState': {
    base: 'expo',
    files: expo(`import { AppState } from 'react-native';
AppState.addEventListener('change', (state) => { if (state === 'active') TaskManager.defineTask('sync', ${RUN}); });
${REGISTER}`),
    finds: ['J01 index.js'],
  },
  'sound: a side-effect import of a barrel': {
    base: 'expo',
    files: expo("import './tasks';", {
      'tasks/index.ts': "export * from './sync';\n",
      'tasks/sync.ts': `import * as TaskManager from 'expo-task-manager';
import * as BackgroundTask from 'expo-background-task';
TaskManager.defineTask('sync', ${RUN});
export const register = () => BackgroundTask.registerTaskAsync('sync', { minimumInterval: 15 });
`,
    }),
  },
  'sound: an IIFE': {
    base: 'expo',
    files: expo(`(() => { TaskManager.defineTask('sync', ${RUN}); })();\n${REGISTER}`),
  },
  'sound: a static block of a class': {
    base: 'expo',
    files: expo(`class Sync { static { TaskManager.defineTask('sync', ${RUN}); } }\n${REGISTER}`),
  },
  'sound: a require under a condition of the platform': {
    base: 'expo',
    files: expo(
      "import { Platform } from 'react-native';\nif (Platform.OS !== 'web') require('./sync');",
      {
        'sync.js': `import * as TaskManager from 'expo-task-manager';
import * as BackgroundTask from 'expo-background-task';
TaskManager.defineTask('sync', ${RUN});
${REGISTER}
`,
      },
    ),
  },
});

const both = (define: string, register: string, constants: string) =>
  expo("import './sync';\nimport './register';", {
    'constants.ts': constants,
    'sync.ts': `import * as TaskManager from 'expo-task-manager';
import * as BackgroundTask from 'expo-background-task';
${define}
`,
    'register.ts': `import * as BackgroundTask from 'expo-background-task';
${register}
`,
  });

describeSituations('F18, unseen: names of a task', {
  're-exported under another name': {
    base: 'expo',
    files: both(
      `import { NEW as SYNC } from './constants';\nTaskManager.defineTask(SYNC, ${RUN});`,
      "import { OLD as SYNC } from './constants';\nBackgroundTask.registerTaskAsync(SYNC, { minimumInterval: 15 });",
      "export const NEW = 'sync-task';\nexport const OLD = 'sync_task';\n",
    ),
    finds: ['J03 register.ts'],
  },
  'a const enum': {
    base: 'expo',
    files: both(
      `import { Task } from './constants';\nTaskManager.defineTask(Task.Sync, ${RUN});`,
      "import { Task } from './constants';\nBackgroundTask.registerTaskAsync(Task.Upload, { minimumInterval: 15 });",
      "export const enum Task { Sync = 'sync', Upload = 'upload' }\n",
    ),
    finds: ['J03 register.ts'],
  },
  'a namespace import': {
    base: 'expo',
    files: both(
      `import * as names from './constants';\nTaskManager.defineTask(names.SYNC, ${RUN});`,
      "import * as names from './constants';\nBackgroundTask.registerTaskAsync(names.SYNC_V2, { minimumInterval: 15 });",
      "export const SYNC = 'sync';\nexport const SYNC_V2 = `${SYNC}-v2`;\n",
    ),
    finds: ['J03 register.ts'],
  },
  'Object.freeze': {
    base: 'expo',
    files: both(
      `import { TASKS } from './constants';\nTaskManager.defineTask(TASKS.sync, ${RUN});`,
      "import { TASKS } from './constants';\nBackgroundTask.registerTaskAsync(TASKS['upload'], { minimumInterval: 15 });",
      "export const TASKS = Object.freeze({ sync: 'sync', upload: 'upload' });\n",
    ),
    finds: ['J03 register.ts'],
  },
  'a default export of a class': {
    base: 'expo',
    files: both(
      `import Names from './constants';\nTaskManager.defineTask(Names.SYNC, ${RUN});`,
      "import Names from './constants';\nBackgroundTask.registerTaskAsync(Names.OTHER, { minimumInterval: 15 });",
      "export default class Names { static readonly SYNC = 'sync'; static readonly OTHER = 'other'; }\n",
    ),
    finds: ['J03 register.ts'],
  },
  'a concat': {
    base: 'expo',
    files: both(
      `import { PREFIX } from './constants';\nTaskManager.defineTask(PREFIX.concat('.sync'), ${RUN});`,
      "import { PREFIX } from './constants';\nBackgroundTask.registerTaskAsync(PREFIX + '.upload', { minimumInterval: 15 });",
      "export const PREFIX = 'com.example';\n",
    ),
    finds: ['J03 register.ts'],
  },
  'sound: a satisfies expression': {
    base: 'expo',
    files: both(
      `import { TASKS } from './constants';\nTaskManager.defineTask(TASKS.sync, ${RUN});`,
      "import { TASKS } from './constants';\nBackgroundTask.registerTaskAsync(TASKS.sync, { minimumInterval: 15 });",
      "export const TASKS = { sync: 'sync' } as const satisfies Record<string, string>;\n",
    ),
  },
  'sound: a function of the app registers': {
    base: 'expo',
    files: both(
      `import { SYNC } from './constants';\nTaskManager.defineTask(SYNC, ${RUN});`,
      "import { SYNC } from './constants';\nasync function ensure(name: string) { await BackgroundTask.registerTaskAsync(name, { minimumInterval: 15 }); }\nvoid ensure(SYNC);",
      "export const SYNC = 'sync';\n",
    ),
  },
  'sound: export default of a string': {
    base: 'expo',
    files: both(
      `import SYNC from './constants';\nTaskManager.defineTask(SYNC, ${RUN});`,
      "import name from './constants';\nBackgroundTask.registerTaskAsync(name, { minimumInterval: 15 });",
      "export default 'sync';\n",
    ),
  },
});

describeSituations('F18, unseen: headless tasks', {
  'a service of Java whose task another name has': {
    base: 'react-native',
    files: {
      'index.js': `import { AppRegistry } from 'react-native';
import App from './App';
import sync from './sync';
AppRegistry.registerComponent('demo', () => App);
AppRegistry.registerHeadlessTask('Sync', () => sync);
`,
      'sync.js': 'export default async () => {};\n',
      [`${SOURCES}/SyncService.java`]: `package com.example.demo;
public class SyncService extends HeadlessJsTaskService {
  static final String TASK = "BackgroundSync";
  @Override
  protected @Nullable HeadlessJsTaskConfig getTaskConfig(Intent intent) {
    return new HeadlessJsTaskConfig(TASK, Arguments.createMap(), 5000, true);
  }
}
`,
      [MANIFEST]: manifest('        <service android:name=".SyncService" />'),
    },
    finds: [`J03 ${SOURCES}/SyncService.java`],
  },
  'a companion’s constant': {
    base: 'react-native',
    files: {
      'index.js': `import { AppRegistry } from 'react-native';
import App from './App';
AppRegistry.registerComponent('demo', () => App);
AppRegistry.registerHeadlessTask('sync', () => async () => {});
`,
      [`${SOURCES}/SyncService.kt`]: `package com.example.demo
class SyncService : HeadlessJsTaskService() {
  override fun getTaskConfig(intent: Intent?): HeadlessJsTaskConfig? = intent?.extras?.let {
    HeadlessJsTaskConfig(taskKey = NAME, data = Arguments.fromBundle(it), timeout = 5000)
  }
  companion object { private const val NAME = "Sync" }
}
`,
      [MANIFEST]: manifest('        <service android:name=".SyncService" />'),
    },
    finds: [`J03 ${SOURCES}/SyncService.kt`],
  },
  'sound: registerHeadlessTask through an alias': {
    base: 'react-native',
    files: {
      'index.js': `import { AppRegistry as Registry } from 'react-native';
import App from './App';
const TASKS = { sync: 'Sync' };
Registry.registerComponent('demo', () => App);
Registry.registerHeadlessTask(TASKS.sync, () => require('./sync').default);
`,
      'sync.js': 'export default async () => {};\n',
      [`${SOURCES}/SyncService.kt`]: `package com.example.demo
class SyncService : HeadlessJsTaskService() {
  override fun getTaskConfig(intent: Intent?) = HeadlessJsTaskConfig("Sync", Arguments.createMap(), 5000, true)
}
`,
      [MANIFEST]: manifest('        <service android:name=".SyncService" />'),
    },
  },
});

describeSituations('F19, unseen: units', {
  'a variable of the environment’s default': {
    base: 'expo',
    files: expo(`TaskManager.defineTask('sync', ${RUN});
const MINUTE = 60;
BackgroundTask.registerTaskAsync('sync', { minimumInterval: 15 * MINUTE });`),
    finds: ['J19 index.js'],
  },
  'options that are spread': {
    base: 'expo',
    files: expo(`TaskManager.defineTask('sync', ${RUN});
const defaults = { minimumInterval: 15 * 60 };
BackgroundTask.registerTaskAsync('sync', { ...defaults });`),
    finds: ['J19 index.js'],
  },
  'a function of an import': {
    base: 'expo',
    files: expo(
      `import { minutes } from './time';
TaskManager.defineTask('sync', ${RUN});
BackgroundTask.registerTaskAsync('sync', { minimumInterval: minutes(15) });`,
      { 'time.ts': 'export function minutes(n: number) { return n * 60; }\n' },
    ),
    finds: ['J19 index.js'],
  },
  'as number': {
    base: 'expo',
    files: expo(
      `import { register } from './register';
TaskManager.defineTask('sync', ${RUN});
register();`,
      {
        'register.ts': `import * as BackgroundTask from 'expo-background-task';
const options: BackgroundTask.BackgroundTaskOptions = { minimumInterval: (15 * 60 * 1000) as number };
export const register = () => BackgroundTask.registerTaskAsync('sync', options);
`,
      },
    ),
    finds: ['J19 register.ts'],
  },
  'delay of scheduleTask in minutes': {
    base: 'react-native',
    files: {
      ...fetches(`BackgroundFetch.configure(${OPTIONS}, async (taskId) => { try { await drain(); } finally { BackgroundFetch.finish(taskId); } }, ${TIMEOUT});
BackgroundFetch.scheduleTask({ taskId: 'com.transistorsoft.sync', delay: 15, periodic: true });`),
      [PLIST]: background(
        ['fetch', 'processing'],
        ['com.transistorsoft.fetch', 'com.transistorsoft.sync'],
      ),
    },
    finds: ['J19 index.js'],
  },
  'sound: division': {
    base: 'expo',
    files: expo(`TaskManager.defineTask('sync', ${RUN});
BackgroundTask.registerTaskAsync('sync', { minimumInterval: (15 * 60 * 1000) / 60_000 });`),
  },
  'sound: a ternary by __DEV__': {
    base: 'expo',
    files: expo(`TaskManager.defineTask('sync', ${RUN});
BackgroundTask.registerTaskAsync('sync', { minimumInterval: __DEV__ ? 15 : 60 * 6 });`),
  },
});
