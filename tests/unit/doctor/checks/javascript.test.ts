import { BASES, packageJson } from '../../../helpers/doctor-bases.ts';
import { describeCheck } from '../../../helpers/doctor-case.ts';
import type { Files } from '../../../helpers/doctor-case.ts';
import { background, DELEGATE, delegate, PLIST } from './ios-files.ts';

const HANDLER = 'src/background-sync.ts';
const REACT_NATIVE = { 'react-native': '0.87.2' };
const EXPO = { expo: '~57.0.0', ...REACT_NATIVE };

/** A handler of bgsync with this as its queue. */
const handler = (queue: string, before = ''): string => `import { AppState } from 'react-native';
import { registerBackgroundSync } from '../modules/background-sync/src';
import { outbox } from './outbox';
${before}
const queue = ${queue};

registerBackgroundSync({ queue });
`;

/** What drains, with these lines in it; the first is line 7. */
const drain = (lines: string, before?: string): Files => ({
  [HANDLER]: handler(
    `{
  async drainQueue(window) {
${lines}
    return outbox.count(window.signal);
  },
}`,
    before,
  ),
});

/** Kotlin that starts the headless task of this name. */
const service = (name: string): string => `package com.example.demo

import com.facebook.react.HeadlessJsTaskService
import com.facebook.react.jstasks.HeadlessJsTaskConfig

class SyncService : HeadlessJsTaskService() {
    override fun getTaskConfig(intent: Intent?): HeadlessJsTaskConfig =
        HeadlessJsTaskConfig("${name}", Arguments.createMap(), 60_000, true)
}
`;
const SERVICE = 'android/app/src/main/java/com/example/demo/SyncService.kt';

/** An app whose Kotlin starts this as a headless task. */
const headless = (task: string, before = ''): Files => ({
  [SERVICE]: service('Sync'),
  'index.js': `import { AppRegistry, AppState } from 'react-native';
import App from './App';
${before}
AppRegistry.registerComponent('demo', () => App);
AppRegistry.registerHeadlessTask('Sync', () => ${task});
`,
});

const expoApp = (extra: Readonly<Record<string, string>>, files: Files): Files => ({
  'package.json': packageJson({ ...EXPO, 'expo-task-manager': '~14.0.0', ...extra }),
  // Without it I01 would tell of what prebuild does not write.
  'app.json': JSON.stringify({
    expo: { name: 'demo', slug: 'demo', plugins: ['expo-background-task'] },
  }),
  ...files,
});
const BACKGROUND_TASK = { 'expo-background-task': '~1.0.0' };

/** An app of react-native-background-fetch, with what its Info.plist needs. */
const fetchApp = (files: Files): Files => ({
  'package.json': packageJson({ ...REACT_NATIVE, 'react-native-background-fetch': '^4.2.8' }),
  [PLIST]: background(['fetch'], ['com.transistorsoft.fetch']),
  [DELEGATE]: delegate('TSBackgroundFetch.sharedInstance().didFinishLaunching()'),
  ...files,
});

describeCheck('J03', {
  base: 'react-native',
  triggers: {
    'Kotlin starts another name than JavaScript registers': {
      files: { ...headless('async () => {}'), [SERVICE]: service('sync') },
      at: `${SERVICE}:8`,
      message: `starts the task "sync"; registerHeadlessTask is called for 'Sync'`,
    },
    'registerTaskAsync of a name that is not defined': {
      base: 'expo',
      files: expoApp(BACKGROUND_TASK, {
        'tasks/sync.ts': `import * as TaskManager from 'expo-task-manager';
import * as BackgroundTask from 'expo-background-task';

const TASK = 'background-sync';
TaskManager.defineTask(TASK, async () => BackgroundTask.BackgroundTaskResult.Success);

export const start = () => BackgroundTask.registerTaskAsync('background_sync', { minimumInterval: 60 });
`,
      }),
      at: 'tasks/sync.ts:7',
      message: "registers the task 'background_sync'",
    },
    'enableHeadless without registerHeadlessTask': {
      files: fetchApp({
        'src/sync.ts': `import BackgroundFetch from 'react-native-background-fetch';

BackgroundFetch.configure(
  {
    minimumFetchInterval: 15,
    stopOnTerminate: false,
    enableHeadless: true,
  },
  async (taskId) => BackgroundFetch.finish(taskId),
  (taskId) => BackgroundFetch.finish(taskId),
);
`,
      }),
      at: 'src/sync.ts:7',
    },
  },
  near: {
    'the same name, from a constant': {
      ...headless('async () => {}'),
      [SERVICE]: service('Sync').replace('"Sync"', 'TASK_NAME'),
    },
    'a name that is put together in JavaScript': {
      [SERVICE]: service('Sync'),
      'index.js': `import { AppRegistry } from 'react-native';
import { name } from './app.json';
AppRegistry.registerHeadlessTask(\`\${name}Sync\`, () => async () => {});
`,
    },
    'a library registers it': {
      'index.js': `import 'library-sync';\n${BASES['react-native']['index.js']}`,
      [SERVICE]: service('LibrarySync'),
    },
    'a name in a comment': {
      ...headless('async () => {}'),
      [SERVICE]: service('Sync').replace('class', '// HeadlessJsTaskConfig("Old")\nclass'),
    },
    'tasks of expo-location are registered under names of their own': expoApp(BACKGROUND_TASK, {
      'tasks/sync.ts': `import * as TaskManager from 'expo-task-manager';
import * as Location from 'expo-location';
TaskManager.defineTask('sync', async () => {});
export const start = () => Location.startLocationUpdatesAsync('tracking');
`,
    }),
    'enableHeadless, and a headless task': fetchApp({
      'index.js': `import BackgroundFetch from 'react-native-background-fetch';
BackgroundFetch.registerHeadlessTask(async ({ taskId }) => BackgroundFetch.finish(taskId));
BackgroundFetch.configure({ stopOnTerminate: false, enableHeadless: true }, (taskId) => BackgroundFetch.finish(taskId), (taskId) => BackgroundFetch.finish(taskId));
`,
    }),
  },
});

describeCheck('J04', {
  base: 'bgsync',
  triggers: {
    'a pause between two attempts': {
      files: drain('    await new Promise((resolve) => setTimeout(resolve, 1000));'),
      at: `${HANDLER}:7`,
      message: 'setTimeout',
    },
    'a deadline, in a function that two of the file call': {
      files: drain(
        '    await limited(outbox.send(window.signal));\n    await again();',
        `
const limited = (work) => Promise.race([work, new Promise((_, reject) => setTimeout(reject, 1e4))]);
const again = () => limited(outbox.send());
`,
      ),
      at: `${HANDLER}:5`,
    },
    'a pause that hangs on how much there is, in a function that is called': {
      files: drain(
        '    await flush(await outbox.all(), window.signal);',
        `
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const flush = async (items, signal) => {
  if (items.length > 5) await sleep(300);
  await outbox.send(signal);
};
`,
      ),
      at: `${HANDLER}:5`,
    },
    'a pause behind a flag of the window itself': {
      files: drain(
        '    if (window.locked) await new Promise((resolve) => setTimeout(resolve, 1000));',
      ),
      at: `${HANDLER}:7`,
    },
    'a timer that aborts, in a task that nothing else bounds': {
      base: 'react-native',
      files: headless(`async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 10_000);
  await send(controller.signal).catch(console.warn);
}`),
      at: 'index.js:7',
    },
  },
  near: {
    'a limit for one request, within a window that native ends':
      drain(`    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), 15_000);
    await outbox.send(AbortSignal.any([window.signal, limit.signal]));
    clearTimeout(timer);`),
    'the same with a block': drain(`    const limit = new AbortController();
    setTimeout(() => { limit.abort(); }, 15_000);
    await outbox.send(window.signal);`),
    'a pause for a person, which the background does not ask for': drain(
      '    await flush({ wait: false }, window.signal);',
      `
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const flush = async ({ wait }, signal) => {
  if (wait) await sleep(300);
  await outbox.send(signal);
};
`,
    ),
    'the same in the function that has the flag': drain(
      '    await flush({ isUserWaiting: false }, window.signal);',
      `
const flush = async (options, signal) => {
  if (!options.isUserWaiting) return outbox.send(signal);
  await (options.isUserWaiting && new Promise((resolve) => setTimeout(resolve, 300)));
};
`,
    ),
    'a timer in what the screen calls': drain(
      '    await outbox.send(window.signal);',
      `
export const later = (done) => setTimeout(done, 1000);
`,
    ),
    'a setTimeout of the app’s own': drain(
      '    await setTimeout(1000);',
      "\nimport { setTimeout } from './native-timers';\n",
    ),
    'AbortSignal.timeout': drain(
      '    await outbox.send(AbortSignal.any([window.signal, AbortSignal.timeout(5000)]));',
    ),
  },
});

describeCheck('J05', {
  base: 'react-native',
  triggers: {
    'an await that nothing catches': {
      files: headless(`async (data) => {
  await sync(data);
}`),
      at: 'index.js:6',
    },
    'try with finally alone': {
      files: headless(`async () => {
  try {
    await sync();
  } finally {
    console.log('done');
  }
}`),
      at: 'index.js:7',
    },
    'a function of the file': {
      files: headless('run', 'async function run() {\n  await open();\n}'),
      at: 'index.js:4',
    },
    'a function of another file that catches the half of it': {
      files: {
        ...headless('async () => { await safely(); }', "import { safely } from './src/safely';"),
        'src/safely.js':
          'export async function safely() {\n  await open();\n  try { await sync(); } catch (error) { report(error); }\n}\n',
      },
      at: 'index.js:5',
    },
    'beside the try': {
      files: headless(`async () => {
  await open();
  try {
    await sync();
  } catch (error) {
    report(error);
  }
}`),
      at: 'index.js:6',
    },
  },
  near: {
    'all in try … catch': headless(`async () => {
  try {
    await open();
    await sync();
  } catch (error) {
    await report(error);
  } finally {
    close();
  }
}`),
    '.catch': headless(`async () => {
  await sync().catch(report);
  await sync().then(tell).catch(report).finally(close);
}`),
    allSettled: headless('async () => { await Promise.allSettled([a(), b()]); }'),
    'a function of the file that catches all': headless(
      'async () => { await safely(); }',
      'async function safely() {\n  try {\n    await sync();\n  } catch (error) {\n    report(error);\n  }\n}',
    ),
    'a function of another file that catches all, exported anew': {
      ...headless('async () => { await safely(); }', "import { safely } from './src';"),
      'src/index.js': "export { default as safely } from './safely';\n",
      'src/safely.js':
        'export default async () => {\n  try { await sync(); } catch (error) { report(error); }\n};\n',
    },
    'an await in a function that it defines': headless(`async () => {
  queue.add(async () => { await sync(); });
}`),
    'nothing native starts it': {
      'index.js':
        "import { AppRegistry } from 'react-native';\nAppRegistry.registerHeadlessTask('Sync', () => async () => { await sync(); });\n",
    },
  },
});

describeCheck('J06', {
  base: 'bgsync',
  triggers: {
    'a drain that takes no window': {
      files: {
        [HANDLER]: handler(`{
  async drainQueue() {
    for (const item of await outbox.all()) await item.send();
    return outbox.count();
  },
}`),
      },
      at: `${HANDLER}:6`,
    },
    'one that reads everything but the signal': {
      files: {
        [HANDLER]: handler(`{
  drainQueue: async ({ progress, taskId }) => {
    for await (const item of outbox.items()) progress(item.index, 10);
    return 0;
  },
}`),
      },
      at: `${HANDLER}:6`,
    },
    'a class': {
      files: {
        [HANDLER]: handler(
          'new Queue()',
          `
class Queue {
  drainQueue = async (window) => {
    window.progress(await outbox.flush(), 1);
    return 0;
  };
}`,
        ),
      },
      at: `${HANDLER}:6`,
    },
    'a function of another file gets the window, and reads another thing': {
      files: {
        [HANDLER]: handler(
          '{ async drainQueue(window) { return await flush(window, 20); } }',
          "\nimport { flush } from './flush';\n",
        ),
        'src/flush.ts': `export async function flush(window, size) {
  for (const item of await outbox.take(size)) { await item.send(); window.progress(1, size); }
  return 0;
}
`,
      },
      at: `${HANDLER}:7`,
    },
    'another file gets the signal under its name, and does not look': {
      files: {
        [HANDLER]: handler(
          '{ drainQueue: ({ signal }) => flush({ signal, size: 20 }) }',
          "\nimport { flush } from './flush';\n",
        ),
        'src/flush.ts':
          'export const flush = async ({ size }) => {\n  await outbox.take(size);\n  return 0;\n};\n',
      },
      at: `${HANDLER}:7`,
    },
    'taken out, and never used': {
      files: {
        [HANDLER]: handler(
          '{ async drainQueue({ signal, progress }) { await outbox.flush(); progress(1, 1); return 0; } }',
        ),
      },
      at: `${HANDLER}:5`,
    },
    'a drain of another file, by its name': {
      files: {
        [HANDLER]: handler(
          '{ drainQueue: drainOutbox }',
          "\nimport { drainOutbox } from './outbox';\n",
        ),
        'src/outbox.ts': 'export async function drainOutbox() {\n  await send();\n  return 0;\n}\n',
      },
      at: 'src/outbox.ts:1',
    },
    'a method of an object that another file makes': {
      files: {
        [HANDLER]: handler(
          '{ async drainQueue(window) { await mine.flush(window); return 0; } }',
          "\nimport { mine } from './mine';\n",
        ),
        'src/mine.ts':
          'class Outbox {\n  async flush(window) { await send(window.taskId); }\n}\nexport const mine = new Outbox();\n',
      },
      at: `${HANDLER}:7`,
    },
  },
  near: {
    'two files on, it is read': {
      [HANDLER]: handler(
        '{ drainQueue: (window) => flush(window) }',
        "\nimport { flush } from './flush';\n",
      ),
      'src/flush.ts': `import { each } from './each';
export const flush = async ({ signal: over, ...rest }) => { await each({ signal: over }); return 0; };
`,
      'src/each.ts': `export async function each(options) {
  for (const item of await all()) {
    const { signal } = options;
    if (signal.aborted) break;
    await send(item);
  }
}
`,
    },
    'two functions get it, and one of them reads it': {
      [HANDLER]: handler(
        '{ async drainQueue(window) { await log(window); await flush(window.signal); return 0; } }',
        "\nimport { flush, log } from './flush';\n",
      ),
      'src/flush.ts': `export const log = async (window) => { await console.log(window.taskId); };
export const flush = async (over) => { await send({ signal: over }); };
`,
    },
    'what unknown code gets, in another file': {
      [HANDLER]: handler(
        '{ async drainQueue(window) { return await flush(window); } }',
        "\nimport { flush } from './flush';\n",
      ),
      'src/flush.ts':
        "import { run } from '@acme/outbox';\nexport const flush = async (window) => run(window);\n",
    },
    'arguments of a function of another file': {
      [HANDLER]: handler(
        '{ async drainQueue(window) { return await flush(1, window); } }',
        "\nimport { flush } from './flush';\n",
      ),
      'src/flush.ts':
        'export async function flush(first, ...more) { await send(first, ...more); return 0; }\n',
    },
    'the window is handed on': {
      [HANDLER]: handler(
        '{ drainQueue: async (window) => { await outbox.flush(window); return 0; } }',
      ),
    },
    'the rest of it is handed on': {
      [HANDLER]: handler(
        '{ drainQueue: async ({ taskId, ...rest }) => { await outbox.flush(rest); return 0; } }',
      ),
    },
    'the signal alone': {
      [HANDLER]: handler(
        '{ drainQueue: async ({ signal }) => { await outbox.flush(signal); return 0; } }',
      ),
    },
    'the signal with a default': {
      [HANDLER]: handler(
        '{ async drainQueue({ signal: over } = {}) { await outbox.flush(over); return 0; } }',
      ),
    },
    'nothing is awaited': { [HANDLER]: handler('{ drainQueue: () => outbox.flush() }') },
    'a queue from another file': {
      [HANDLER]: handler('outbox'),
    },
  },
});

const GATE = "    if (AppState.currentState !== 'active') return 0;";

describeCheck('J07', {
  base: 'bgsync',
  triggers: {
    'a drain that returns unless active': { files: drain(GATE), at: `${HANDLER}:7` },
    'the other way round, with more': {
      files: drain(`    const { signal } = window;
    if (signal.aborted || AppState.currentState === 'background') {
      console.log('not now');
      return 0;
    }`),
      at: `${HANDLER}:8`,
    },
    'inside of try': {
      files: drain(`    try {
  ${GATE}
      await outbox.send(window.signal);
    } catch {}`),
      at: `${HANDLER}:8`,
    },
    'in a function of the file that does all the work': {
      files: {
        [HANDLER]: handler(
          '{ drainQueue: (window) => flush(window) }',
          `
async function flush(window) {
${GATE}
  return outbox.send(window.signal);
}`,
        ),
      },
      at: `${HANDLER}:6`,
    },
    'in a function of another file that does all the work': {
      files: {
        [HANDLER]: handler(
          '{ drainQueue: (window) => flush(window) }',
          "\nimport { flush } from './flush';\n",
        ),
        'src/flush.ts': `import { AppState } from 'react-native';
export const flush = async (window) => {
${GATE}
  return outbox.send(window.signal);
};
`,
      },
      at: 'src/flush.ts:3',
    },
    'a headless task': {
      base: 'react-native',
      files: headless(`async () => {
  if (AppState.currentState !== 'active') return;
  sync();
}`),
      at: 'index.js:6',
    },
  },
  near: {
    'a message that is for the screen alone, behind the work':
      drain(`    await outbox.send(window.signal);
${GATE}
    banner.show();`),
    'in a function that tells the user': drain(
      '    await outbox.send(window.signal);\n    tell();',
      `
function tell() {
  if (AppState.currentState !== 'active') return;
  banner.show();
}`,
    ),
    'a headless task that leaves the foreground to the app': {
      ...drain("    if (AppState.currentState === 'active') return 0;"),
    },
    'a function of another file that asks behind the work': {
      [HANDLER]: handler(
        '{ drainQueue: (window) => flush(window) }',
        "\nimport { flush } from './flush';\n",
      ),
      'src/flush.ts': `import { AppState } from 'react-native';
export const flush = async (window) => {
  await outbox.send(window.signal);
${GATE}
  return banner.show();
};
`,
    },
    'another state': drain("    if (outbox.currentState !== 'active') return 0;"),
    'a branch, not a return': drain(
      "    if (AppState.currentState !== 'active') outbox.useSmallBatches();",
    ),
  },
});

const withSideEffects = (value: unknown, extra = {}): string =>
  JSON.stringify(
    {
      name: 'demo',
      main: 'index.js',
      dependencies: { ...REACT_NATIVE, '@callstack/repack': '^5.0.0', ...extra },
      sideEffects: value,
    },
    null,
    2,
  );

describeCheck('J13', {
  base: 'bgsync',
  triggers: {
    'no file has side effects': {
      files: { 'package.json': withSideEffects(false) },
      at: 'package.json:8',
    },
    'others have': {
      files: { 'package.json': withSideEffects(['*.css', './index.js']) },
      at: 'package.json:8',
      message: HANDLER,
    },
    'an Expo app': {
      base: 'bgsync-expo',
      files: {
        'package.json': JSON.stringify({ name: 'demo', dependencies: EXPO, sideEffects: false }),
      },
      at: 'package.json:1',
    },
  },
  near: {
    'the handler is named': { 'package.json': withSideEffects([`./${HANDLER}`]) },
    'its folder is': { 'package.json': withSideEffects(['./src/**']) },
    'its name is, wherever it is': { 'package.json': withSideEffects(['background-sync.ts']) },
    'all have them': { 'package.json': withSideEffects(true) },
    'Metro reads no such key': {
      'package.json': JSON.stringify({
        name: 'demo',
        dependencies: REACT_NATIVE,
        sideEffects: false,
      }),
    },
  },
});

const ROUTER = { 'expo-router': '~6.0.0' };
const DEFINES = `import * as TaskManager from 'expo-task-manager';

TaskManager.defineTask('sync', async () => {});
`;

describeCheck('J14', {
  base: 'expo',
  triggers: {
    'the root layout': {
      files: expoApp(ROUTER, { 'app/_layout.tsx': `${DEFINES}export default () => null;\n` }),
      at: 'app/_layout.tsx:3',
    },
    'a route below src': {
      files: expoApp(ROUTER, {
        'src/app/(tabs)/index.tsx': `${DEFINES}export default () => null;\n`,
      }),
      at: 'src/app/(tabs)/index.tsx:3',
    },
    'a file that a route alone imports': {
      files: expoApp(ROUTER, {
        'tasks/index.ts': "export * from './sync';\n",
        'tasks/sync.ts': DEFINES,
        'app/_layout.tsx': "import '../tasks';\nexport default () => null;\n",
        'app/index.tsx': 'export default () => null;\n',
        'index.js': "import 'expo-router/entry';\n",
      }),
      at: 'tasks/sync.ts:3',
    },
    'a file by an alias, and expo-router’s own entry': {
      files: expoApp(ROUTER, {
        'package.json': JSON.stringify({
          name: 'demo',
          main: 'expo-router/entry',
          dependencies: { ...EXPO, 'expo-task-manager': '~14.0.0', ...ROUTER },
        }),
        'index.js': undefined,
        'lib/tasks.ts': DEFINES,
        'app/(tabs)/_layout.tsx': "import '@/lib/tasks';\nexport default () => null;\n",
      }),
      at: 'lib/tasks.ts:3',
    },
  },
  near: {
    'a file that the entry and a route import': expoApp(ROUTER, {
      'tasks/sync.ts': DEFINES,
      'app/_layout.tsx': "import '../tasks/sync';\nexport default () => null;\n",
      'index.js': "import './tasks/sync';\nimport 'expo-router/entry';\n",
    }),
    'a file that the entry and a route come to': expoApp(ROUTER, {
      'tasks/sync.ts': DEFINES,
      'setup.ts': "import { ready } from './tasks';\nready();\n",
      'tasks/index.ts': "import './sync';\nexport const ready = () => {};\n",
      'app/_layout.tsx': "import { ready } from '../tasks';\nexport default () => ready();\n",
      'index.js': "import './setup';\nimport 'expo-router/entry';\n",
    }),
    'a file outside of the routes': expoApp(ROUTER, { 'src/tasks.ts': DEFINES }),
    'a file among the routes that the entry loads': expoApp(ROUTER, {
      'app/tasks.ts': DEFINES,
      'index.js': "import './app/tasks';\nimport 'expo-router/entry';\n",
    }),
    'a folder app without expo-router': expoApp({}, { 'app/tasks.ts': DEFINES }),
    'a route that asks whether it is defined': expoApp(ROUTER, {
      'app/index.tsx': `import * as TaskManager from 'expo-task-manager';
export default function Home() { return TaskManager.isTaskDefined('sync') ? null : null; }
`,
    }),
  },
});

describeCheck('J15', {
  base: 'bgsync',
  triggers: {
    'no options': { files: drain("    await fetch('https://example.com');"), at: `${HANDLER}:7` },
    'options without it, in a function of the file': {
      files: drain('    await send();', "\nconst send = () => fetch(URL, { method: 'POST' });\n"),
      at: `${HANDLER}:5`,
    },
  },
  near: {
    'with it': drain('    await fetch(URL, { method: "POST", signal: window.signal });'),
    'in what is spread': drain('    await fetch(URL, { ...options(window) });'),
    'options from elsewhere': drain('    await fetch(URL, options);'),
    'a Request that brings it': drain(
      '    const request = new Request(URL, { signal: window.signal });\n    await fetch(request);',
    ),
    'a fetch of the app’s own': drain(
      '    await fetch(URL);',
      "\nimport { fetch } from './http';\n",
    ),
    'another object’s': drain('    await api.fetch(URL);'),
    'a screen’s': drain('', '\nexport const load = () => fetch(URL);\n'),
  },
});

const configure = (
  callback: string,
): string => `import BackgroundFetch from 'react-native-background-fetch';

BackgroundFetch.configure({ minimumFetchInterval: 15 }, ${callback});
`;

describeCheck('J16', {
  base: 'react-native',
  triggers: {
    'no finish at all': {
      files: fetchApp({
        'src/sync.ts': configure(
          "async (taskId) => {\n  console.log('[BackgroundFetch] taskId', taskId);\n  await upload();\n}",
        ),
      }),
      at: 'src/sync.ts:3',
    },
    'no parameter': {
      files: fetchApp({ 'src/sync.ts': configure('async () => {\n  await upload();\n}') }),
      at: 'src/sync.ts:3',
    },
  },
  near: {
    'finish in another file': fetchApp({
      'src/sync.ts': configure('async (taskId) => { await upload(); done(); }'),
      'src/done.ts':
        "import BackgroundFetch from 'react-native-background-fetch';\nexport const done = () => BackgroundFetch.finish();\n",
    }),
    'the id is handed on, to where doctor does not look': fetchApp({
      'src/sync.ts': configure('async (taskId) => { await run(taskId); }'),
    }),
    'a callback from elsewhere': fetchApp({ 'src/sync.ts': configure('onFetch, onTimeout') }),
  },
});

const RUNNER = {
  'package.json': packageJson({
    '@capacitor/core': '7.4.0',
    '@capacitor/background-runner': '^3.0.0',
  }),
  'ios/App/Demo/Info.plist': background(['fetch'], ['com.example.sync']),
  'ios/App/Demo/AppDelegate.swift': delegate(`BackgroundRunnerPlugin.registerBackgroundTask()
BackgroundRunnerPlugin.handleApplicationDidFinishLaunching(launchOptions: options)`),
  'android/variables.gradle': "ext {\n    workManagerVersion = '2.11.2'\n}\n",
};
const runnerConfig = (event: string): string =>
  JSON.stringify(
    {
      appId: 'com.example.demo',
      webDir: 'www',
      plugins: {
        BackgroundRunner: {
          label: 'com.example.sync',
          src: 'runners/runner.js',
          event,
          interval: 15,
          autoStart: true,
        },
      },
    },
    null,
    2,
  );
const listener = (body: string, parameters = 'resolve, reject, args'): string =>
  `addEventListener('sync', async (${parameters}) => {
  ${body}
});
`;
const SCRIPT = 'public/runners/runner.js';

describeCheck('J17', {
  base: 'capacitor',
  triggers: {
    'another event than the script listens to': {
      files: {
        ...RUNNER,
        'capacitor.config.json': runnerConfig('checkIn'),
        [SCRIPT]: listener('resolve();'),
      },
      at: 'capacitor.config.json:8',
      message: `the event is 'checkIn'; ${SCRIPT} listens to 'sync'`,
    },
    'in a TypeScript config': {
      files: {
        ...RUNNER,
        'capacitor.config.json': undefined,
        'capacitor.config.ts': `import type { CapacitorConfig } from '@capacitor/cli';

const config: CapacitorConfig = {
  appId: 'com.example.demo',
  plugins: {
    BackgroundRunner: { label: 'com.example.sync', src: 'runner.js', event: 'Sync' },
  },
};
export default config;
`,
        'src/assets/runner.js': listener('resolve();'),
      },
      at: 'capacitor.config.ts:6',
    },
    'a listener that never answers': {
      files: {
        ...RUNNER,
        'capacitor.config.json': runnerConfig('sync'),
        [SCRIPT]: listener('await send();'),
      },
      at: `${SCRIPT}:1`,
      message: 'never calls resolve or reject',
    },
    'a listener that takes no answer': {
      files: {
        ...RUNNER,
        'capacitor.config.json': runnerConfig('sync'),
        [SCRIPT]: listener('await send();', ''),
      },
      at: `${SCRIPT}:1`,
    },
  },
  near: {
    'both the same, answered in a callback': {
      ...RUNNER,
      'capacitor.config.json': runnerConfig('sync'),
      [SCRIPT]: `${listener('send().then(() => resolve(), (error) => reject(error));')}addEventListener('other', () => {});\n`,
    },
    'the answer is handed on': {
      ...RUNNER,
      'capacitor.config.json': runnerConfig('sync'),
      [SCRIPT]: listener('await answer({ resolve, reject });'),
    },
    'names that are put together': {
      ...RUNNER,
      'capacitor.config.json': runnerConfig('checkIn'),
      [SCRIPT]: 'for (const name of EVENTS) addEventListener(name, run);\n',
    },
    'a script that a bundler makes': {
      ...RUNNER,
      'capacitor.config.json': runnerConfig('sync'),
    },
  },
});

describeCheck('J25', {
  base: 'bgsync',
  triggers: {
    'a sorted copy': {
      files: drain('    await outbox.send(queue.items.toSorted((a, b) => a.at - b.at));'),
      at: `${HANDLER}:7`,
      message: 'toSorted is called, which Hermes has not: copy the array first',
    },
    'groups, in a function that it calls': {
      files: drain(
        '    await outbox.send(byType(await outbox.all()));',
        'const byType = (items) => Object.groupBy(items, ({ type }) => type);',
      ),
      at: `${HANDLER}:4`,
      message: 'Object.groupBy',
    },
    'a part of Intl': {
      files: drain('    log(new Intl.PluralRules("en").select(1));'),
      at: `${HANDLER}:7`,
      message: 'Intl.PluralRules',
    },
    'a literal that ends the build': {
      files: drain('    log(/[\\p{L}--a]/v.test("b"), [/x/g].length);'),
      at: `${HANDLER}:7`,
      message: 'Hermes refuses a regular expression with the flag v: use the flag u',
    },
    'a regular expression that throws, whatever is polyfilled': {
      files: {
        ...drain('    log(new RegExp("(?i:a)b").test("Ab"));'),
        'src/polyfills.js': "import 'core-js/actual';\n",
      },
      at: `${HANDLER}:7`,
      message: 'a modifier in a group',
    },
    'two groups of one name': {
      files: drain('    log(RegExp("(?<y>a)|(?<y>b)", "u").test("b"));'),
      at: `${HANDLER}:7`,
      message: 'two groups of one name',
    },
    'what Hermes V1 brought, before it': {
      files: {
        ...drain('    const { promise } = Promise.withResolvers();\n    await promise;'),
        'package.json': packageJson({ 'react-native': '0.83.1' }),
      },
      at: `${HANDLER}:7`,
      message: 'Promise.withResolvers',
    },
    'a headless task': {
      base: 'react-native',
      files: headless('() => read().then((all) => send(all.toSorted())).catch(console.warn)'),
      at: 'index.js:5',
    },
  },
  near: {
    'regular expressions that Hermes takes': drain(
      '    log(/(?:a)(?<b>c)[(?i:x)]\\(?i:/du, /(?<y>a)|(?<y>b)/, new RegExp("(?<=a)b", flags), new RegExp(pattern, "giu"));',
    ),
    'what Hermes V1 brought': drain(
      '    const { promise } = Promise.withResolvers();\n    await promise;',
    ),
    'a function of the name that is nobody’s built-in': drain(
      '    await outbox.send(lodash.groupBy(await outbox.all(), "type"));',
    ),
    'a polyfill that is imported': {
      ...drain('    await outbox.send(queue.items.toSorted());'),
      'index.js': "import 'core-js/actual/array/to-sorted';\nimport './src/background-sync';\n",
    },
    'a polyfill of the app’s own': {
      ...drain('    await outbox.send(queue.items.toSorted());'),
      'src/arrays.js':
        'Array.prototype.toSorted ??= function (by) { return [...this].sort(by); };\n',
    },
    'a call that asks first': drain(
      '    await outbox.send(queue.items.toSorted ? queue.items.toSorted() : [...queue.items].sort());',
    ),
    'code of screens': {
      'src/List.js': 'export const sorted = (items) => items.toSorted();\n',
    },
  },
});

const GRADLE = 'android/app/build.gradle';
const PODFILE = 'ios/Podfile';

/** The app's own build, with React Native's plugin and these lines. */
const gradleApp = (...lines: readonly string[]): Files => ({
  [GRADLE]: `apply plugin: "com.facebook.react"\n${BASES.bgsync[GRADLE]}${lines.join('\n')}\n`,
});
const podfile = (...lines: readonly string[]): Files => ({
  [PODFILE]: ["target 'Demo' do", ...lines, 'end', ''].join('\n'),
});

describeCheck('J26', {
  base: 'bgsync',
  triggers: {
    'an app into which React Native was put by hand': {
      files: gradleApp('react {', '    // autolinkLibrariesWithApp()', '}'),
      at: `${GRADLE}:1`,
      message: 'autolinkLibrariesWithApp() is called nowhere',
    },
    'a Podfile that names its pods': {
      files: podfile('  # config = use_native_modules!', '  use_react_native!(:path => RN)'),
      at: `${PODFILE}:3`,
      message: 'the app is built without the pod Bgsync',
    },
  },
  near: {
    'as in the template': {
      ...gradleApp('react {', '    autolinkLibrariesWithApp()', '}'),
      ...podfile('  config = use_native_modules!', '  use_react_native!(config)'),
    },
    'with the CLI’s older script': gradleApp(
      'apply from: file("../../node_modules/@react-native-community/cli-platform-android/native_modules.gradle"); applyNativeModulesAppBuildGradle(project)',
    ),
    'in a script that it applies': {
      ...gradleApp('apply from: "react.gradle"'),
      'android/app/react.gradle': 'react { autolinkLibrariesWithApp() }\n',
    },
    'in a script that cannot be read': gradleApp('apply from: "$where/react.gradle"'),
    'by a plugin of the build’s own': {
      ...gradleApp(),
      'android/buildSrc/src/main/kotlin/React.kt': 'class React : Plugin<Project>\n',
      'android/buildSrc/build.gradle.kts': 'plugins { `kotlin-dsl` }\n',
    },
    'named by hand': {
      ...gradleApp('dependencies { implementation project(":background-sync") }'),
      ...podfile("  pod 'Bgsync', :path => '../modules/background-sync'", '  use_react_native!()'),
    },
    'in Ruby of the app’s own': podfile("  require_relative 'pods'", '  use_react_native!()'),
    'a Podfile without React Native': podfile("  pod 'Alamofire'"),
  },
});
