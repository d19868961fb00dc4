import { packageJson } from '../../../helpers/doctor-bases.ts';
import { ANSWERS, fetches } from './javascript-apps.ts';
import { describeSituations } from './situation.ts';

/** What public reports showed of tasks of JavaScript: where they are given, whether they end, how often they are asked for. */

const GEOLOCATION = {
  'package.json': packageJson({
    'react-native': '0.81.4',
    'react-native-background-geolocation': '4.16.2',
  }),
};
const READY = 'stopOnTerminate: false, startOnBoot: true, enableHeadless: true';
const places = (index: string, app: string) => ({
  base: 'react-native' as const,
  files: {
    ...GEOLOCATION,
    'index.js': `import { AppRegistry } from 'react-native';
import BackgroundGeolocation from 'react-native-background-geolocation';
import App from './App';
${index}
AppRegistry.registerComponent('demo', () => App);
`,
    'App.tsx': `import { Component } from 'react';
import BackgroundGeolocation from 'react-native-background-geolocation';
export default class App extends Component {
  componentDidMount() {
    ${app}
  }
  render() { return null; }
}
`,
  },
});
const TASK = "async (event) => { await fetch('https://example.com', { body: event.name }); }";

describeSituations('the headless task of react-native-background-geolocation (J03, J01, J18)', {
  'enabled, and none is given': {
    ...places('', `BackgroundGeolocation.ready({ ${READY} });`),
    finds: ['J03 App.tsx:5'],
    says: 'BackgroundGeolocation.registerHeadlessTask is never called',
  },
  'enabled in the group of version 5': {
    ...places('', `BackgroundGeolocation.ready({ app: { ${READY} } });`),
    finds: ['J03 App.tsx:5'],
  },
  'given where a component is mounted': {
    ...places(
      '',
      `BackgroundGeolocation.registerHeadlessTask(${TASK});\n    BackgroundGeolocation.ready({ ${READY} });`,
    ),
    finds: ['J01 App.tsx:5'],
  },
  'a request that nobody awaits': {
    ...places(
      "BackgroundGeolocation.registerHeadlessTask(async (event) => { fetch('https://example.com'); });",
      `BackgroundGeolocation.ready({ ${READY} });`,
    ),
    finds: ['J18 index.js:4'],
  },
  'sound: in the entry': places(
    `BackgroundGeolocation.registerHeadlessTask(${TASK});`,
    `BackgroundGeolocation.ready({ ${READY} });`,
  ),
  'sound: without the app nothing runs': places(
    '',
    'BackgroundGeolocation.ready({ stopOnTerminate: true, enableHeadless: false });',
  ),
});

const service = (index: string, app: string) => ({
  base: 'react-native' as const,
  files: {
    'package.json': packageJson({ 'react-native': '0.81.4', '@notifee/react-native': '9.1.8' }),
    'index.js': `import { AppRegistry } from 'react-native';
import notifee from '@notifee/react-native';
import App from './App';
${index}
AppRegistry.registerComponent('demo', () => App);
`,
    'App.tsx': `import notifee from '@notifee/react-native';
import { useEffect } from 'react';
export default function App() {
  useEffect(() => { ${app} }, []);
  return null;
}
`,
  },
});
const SERVICE = `notifee.registerForegroundService(() => new Promise(() => {
    setInterval(async () => { await fetch('https://example.com'); }, 60000);
  }));`;

describeSituations('the function of Notifee’s service is set when the bundle is loaded (J01)', {
  'in an effect': {
    ...service('', SERVICE),
    finds: ['J01 App.tsx:4'],
    says: 'registerForegroundService is called in the hook useEffect',
  },
  'sound: in the entry, and left by stopForegroundService': service(SERVICE, 'console.log(1);'),
});

const EXPO = {
  'package.json': packageJson({
    expo: '~54.0.0',
    'react-native': '0.81.4',
    'expo-background-task': '~1.0.8',
    'expo-task-manager': '~14.0.7',
  }),
  'app.json': JSON.stringify({
    expo: { name: 'demo', slug: 'demo', plugins: ['expo-background-task'] },
  }),
};
const RUN = "async () => { await fetch('https://example.com'); return 1; }";
const START = "BackgroundTask.registerTaskAsync('sync', { minimumInterval: 15 });";
const IMPORTS = `import * as BackgroundTask from 'expo-background-task';
import * as TaskManager from 'expo-task-manager';
`;
const tasks = (app: string, sync: string, entry = "import './sync';\n") => ({
  base: 'expo' as const,
  files: {
    ...EXPO,
    'index.js': `import { registerRootComponent } from 'expo';
${entry}import App from './App';
registerRootComponent(App);
`,
    'App.tsx': `import { useEffect } from 'react';\n${app}`,
    'sync.js': `${IMPORTS}${sync}`,
  },
});
const USES = (code: string) => `import * as sync from './sync';
export default function App() {
  useEffect(() => { ${code} }, []);
  return null;
}
`;

describeSituations('several ways to where a task is defined (J01)', {
  'sound: at the load, and in an effect once more': tasks(
    USES('sync.define();'),
    `export function define() { TaskManager.defineTask('sync', ${RUN}); }\ndefine();\n${START}\n`,
  ),
  'sound: in an effect, and by what cannot be followed': tasks(
    USES('sync.define();'),
    `export function define() { TaskManager.defineTask('sync', ${RUN}); }\nglobal.bootstrap(define);\n${START}\n`,
  ),
  'in an effect, and in development at the load': {
    ...tasks(
      USES('sync.define();'),
      `export function define() { TaskManager.defineTask('sync', ${RUN}); }\nif (__DEV__) define();\n${START}\n`,
    ),
    finds: ['J01 sync.js:3'],
    says: 'in the hook useEffect',
  },
  'in an effect of a file that is loaded late': {
    ...tasks(
      "export default function App() {\n  useEffect(() => { void import('./sync'); }, []);\n  return null;\n}\n",
      `import { useEffect } from 'react';
export default function Sync() {
  useEffect(() => { TaskManager.defineTask('sync', ${RUN}); ${START} }, []);
  return null;
}
`,
      '',
    ),
    finds: ['J01 sync.js:5'],
    says: 'in the hook useEffect',
  },
});

describeSituations('a route in an app that starts at expo-router (J14)', {
  'its layout': {
    base: 'expo',
    files: {
      'package.json': JSON.stringify({
        name: 'demo',
        main: 'expo-router/entry',
        dependencies: {
          expo: '~54.0.0',
          'react-native': '0.81.4',
          'expo-router': '~6.0.0',
          'expo-background-task': '~1.0.8',
          'expo-task-manager': '~14.0.7',
        },
      }),
      'app.json': EXPO['app.json'],
      'app/_layout.tsx': `${IMPORTS}import { Stack } from 'expo-router';
TaskManager.defineTask('sync', ${RUN});
${START}
export default function Layout() { return <Stack />; }
`,
    },
    finds: ['J14 app/_layout.tsx:4'],
  },
});

const configured = (event: string, timeout = '(id) => BackgroundFetch.finish(id)') =>
  fetches(`BackgroundFetch.configure({ minimumFetchInterval: 15 }, ${event}, ${timeout});`);

describeSituations('how a run of background-fetch ends (J16)', {
  'a timeout that finishes nothing': {
    base: 'react-native',
    files: configured('(id) => BackgroundFetch.finish(id)', '(id) => { console.warn(id); }'),
    finds: ['J16 index.js:5'],
    says: 'the third argument is what is called when the time is over',
  },
  'a function of another file that never finishes is told of there': {
    base: 'react-native',
    files: {
      ...fetches(
        "import { onFetch } from './sync';\nBackgroundFetch.configure({ minimumFetchInterval: 15 }, onFetch, (id) => BackgroundFetch.finish(id));",
      ),
      'sync.js': "export async function onFetch(id) {\n  await fetch('https://example.com');\n}\n",
    },
    finds: ['J16 sync.js:1'],
  },
  'a headless task that leaves at the timeout': {
    base: 'react-native',
    files: fetches(
      'BackgroundFetch.registerHeadlessTask(async (event) => {\n  if (event.timeout) return;\n  BackgroundFetch.finish(event.taskId);\n});',
    ),
    finds: ['J16 index.js:6'],
    says: 'this path leaves',
  },
  'sound: a headless task that finishes both': {
    base: 'react-native',
    files: fetches(
      'BackgroundFetch.registerHeadlessTask(async (event) => {\n  if (event.timeout) { BackgroundFetch.finish(event.taskId); return; }\n  BackgroundFetch.finish(event.taskId);\n});',
    ),
  },
  'sound: of what it is given only a part has a name': {
    base: 'react-native',
    files: fetches(
      "import { end } from './sync';\nBackgroundFetch.registerHeadlessTask(async ({ taskId }) => { await end(taskId); });",
      { 'sync.js': 'export async function end(taskId) { global.ends(taskId); }\n' },
    ),
  },
  'sound: the id is kept, and finished where the work ends': {
    base: 'react-native',
    files: fetches(
      "import { sync } from './sync';\nBackgroundFetch.configure({ minimumFetchInterval: 15 }, (id) => { global.current = id; sync(); }, (id) => BackgroundFetch.finish(id));",
      {
        'sync.js':
          "import BackgroundFetch from 'react-native-background-fetch';\nexport async function sync() {\n  try { await fetch('https://example.com'); } finally { BackgroundFetch.finish(global.current); }\n}\n",
      },
    ),
  },
  'sound: the time is over, and what is told of it is not awaited': {
    base: 'react-native',
    files: configured(
      '(id) => BackgroundFetch.finish(id)',
      "(id) => { fetch('https://example.com'); BackgroundFetch.finish(id); }",
    ),
  },
});

const fetched = (code: string) => ({
  base: 'expo' as const,
  files: {
    'package.json': packageJson({
      expo: '~52.0.0',
      'react-native': '0.76.9',
      'expo-background-fetch': '~13.0.0',
      'expo-task-manager': '~12.0.0',
    }),
    'App.tsx': `import * as BackgroundFetch from 'expo-background-fetch';
import * as TaskManager from 'expo-task-manager';
TaskManager.defineTask('sync', async () => BackgroundFetch.BackgroundFetchResult.NewData);
${code}
export default () => null;
`,
  },
});

const CBR = {
  'package.json': packageJson({
    '@capacitor/core': '7.4.0',
    '@capacitor/background-runner': '2.1.1',
  }),
  'www/runner.js': ANSWERS,
};

describeSituations('intervals (J19)', {
  'minutes of expo-background-fetch, made of hours': {
    ...fetched("BackgroundFetch.registerTaskAsync('sync', { minimumInterval: 30 });"),
    finds: ['J19 App.tsx:4'],
    says: '30 min are 1800 seconds',
  },
  'the number itself': {
    ...fetched(
      "BackgroundFetch.registerTaskAsync('sync', { minimumInterval: 900 });\nBackgroundFetch.setMinimumIntervalAsync(15);",
    ),
    finds: ['J19 App.tsx:5'],
    says: 'setMinimumIntervalAsync is 15, in seconds',
  },
  'sound: as often as the system likes': fetched(
    "BackgroundFetch.registerTaskAsync('sync', { minimumInterval: 0 });\nBackgroundFetch.setMinimumIntervalAsync(900);",
  ),
  'sound: a text': fetched("BackgroundFetch.registerTaskAsync('sync', { minimumInterval: '5' });"),
  'sound: a runner without an interval, for Android alone': {
    base: 'capacitor',
    files: {
      ...CBR,
      'ios/App/Demo.xcodeproj/project.pbxproj': undefined,
      'ios/App/Demo/Info.plist': undefined,
      'ios/App/Demo/AppDelegate.swift': undefined,
      'capacitor.config.json': JSON.stringify({
        appId: 'com.example.demo',
        webDir: 'www',
        plugins: {
          BackgroundRunner: {
            label: 'com.example.check',
            src: 'runner.js',
            event: 'myCustomEvent',
            repeat: true,
            autoStart: true,
          },
        },
      }),
    },
  },
});

const exits = (work: string, behind = '') => ({
  base: 'capacitor' as const,
  files: {
    'package.json': packageJson({
      '@capacitor/core': '7.4.0',
      '@capacitor/app': '7.0.1',
      '@capawesome/capacitor-background-task': '7.0.1',
    }),
    'src/main.ts': `import { App } from '@capacitor/app';
import { BackgroundTask } from '@capawesome/capacitor-background-task';
const upload = async () => { await fetch('https://example.com'); };
App.addListener('appStateChange', async ({ isActive }) => {
  if (isActive) return;
  const taskId = await BackgroundTask.beforeExit(async () => {
    ${work}
  });
  ${behind}
});
`,
  },
});
const END = 'BackgroundTask.finish({ taskId });';

describeSituations('time that Capawesome asks for (J16)', {
  'never finished': {
    ...exits('await upload();'),
    finds: ['J16 src/main.ts:6'],
    says: 'BackgroundTask.finish is never called',
  },
  'not where it fails': {
    ...exits(`try { await upload(); ${END} } catch (e) { console.warn(e); }`),
    finds: ['J16 src/main.ts:6'],
  },
  'not where it leaves': {
    ...exits(`if (!navigator.onLine) return;\n    try { await upload(); } finally { ${END} }`),
    finds: ['J16 src/main.ts:7'],
  },
  'before the work': {
    ...exits(`upload();\n    ${END}`),
    finds: ['J16 src/main.ts:7'],
    says: 'BackgroundTask.finish is called before its work is done',
  },
  'sound: on each path': exits(`try { await upload(); } finally { ${END} }`),
  'sound: behind it': exits('', `try { await upload(); } finally { ${END} }`),
  'sound: the id is handed on': exits('end(taskId);'),
});

const staying = (app: string, more: Record<string, string> = {}) => ({
  base: 'expo' as const,
  files: {
    ...EXPO,
    'App.tsx': `${IMPORTS}import { useEffect } from 'react';
TaskManager.defineTask('sync', ${RUN});
${app}
`,
    ...more,
  },
});
const effect = (code: string) =>
  `export default function App() {\n  useEffect(() => {\n    ${code}\n  }, []);\n  return null;\n}`;

describeSituations('a task that nothing starts, or that is taken back (J24)', {
  'no start at all': {
    ...staying('export default () => null;'),
    finds: ['J24 App.tsx:4'],
    says: "the task 'sync' is defined, and nothing starts it",
  },
  'in a function that nothing calls': {
    ...staying(`async function register() { ${START} }\nexport default () => null;`),
    finds: ['J24 App.tsx:5'],
    says: 'register is never called',
  },
  'where it is registered already': {
    ...staying(
      effect(
        `(async () => {\n      if (await TaskManager.isTaskRegisteredAsync('sync')) {\n        ${START}\n      }\n    })();`,
      ),
    ),
    finds: ['J24 App.tsx:9'],
    says: 'registered where it is registered already',
  },
  'behind a return': {
    ...staying(
      effect(
        `register();\n  }, []);\n  return null;\n}\nasync function register() {\n  const isThere = await TaskManager.isTaskRegisteredAsync('sync');\n  if (!isThere) return;\n  ${START}`,
      ).replace(/\n {2}\}, \[\]\);\n {2}return null;\n\}$/, '\n}'),
    ),
    finds: ['J24 App.tsx:14'],
  },
  'taken back at once': {
    ...staying(
      effect(
        `(async () => {\n      await ${START}\n      await TaskManager.unregisterAllTasksAsync();\n    })();`,
      ),
    ),
    finds: ['J24 App.tsx:9'],
    says: 'takes back what was started just before',
  },
  'taken back with the component': {
    ...staying(
      effect(`${START}\n    return () => { BackgroundTask.unregisterTaskAsync('sync'); };`),
    ),
    finds: ['J24 App.tsx:8'],
  },
  'taken back at a log-out, and started at the load alone': {
    ...staying(
      `${START}\nexport default function App() { return <Button onPress={logOut} />; }\nasync function logOut() { await TaskManager.unregisterAllTasksAsync(); }`,
    ),
    finds: ['J24 App.tsx:7'],
  },
  'sound: where it is not registered yet': staying(
    effect(
      `(async () => {\n      if (!(await TaskManager.isTaskRegisteredAsync('sync'))) {\n        ${START}\n      }\n    })();`,
    ),
  ),
  'sound: with other settings where it is there': staying(
    `${START}\nexport async function change() {\n  const isThere = await TaskManager.isTaskRegisteredAsync('sync');\n  if (isThere) { await BackgroundTask.unregisterTaskAsync('sync'); await ${START} }\n}\nexport default () => null;`,
  ),
  'sound: all are taken back, and started anew': staying(
    effect(
      `(async () => {\n      await TaskManager.unregisterAllTasksAsync();\n      await ${START}\n    })();`,
    ),
  ),
  'sound: taken back at a log-out, started at each log-in': staying(
    `export default function App() { return <Button onPress={logOut} onLongPress={logIn} />; }\nasync function logIn() { ${START} }\nasync function logOut() { await TaskManager.unregisterAllTasksAsync(); }`,
  ),
  'sound: by a switch': staying(
    `export default function App() { return <Switch onValueChange={change} />; }\nconst change = async (isOn) => { if (isOn) { ${START} } else { await BackgroundTask.unregisterTaskAsync('sync'); } };`,
  ),
  'sound: an old task whose function is kept, and taken back': staying(
    effect("BackgroundTask.unregisterTaskAsync('sync');"),
  ),
  'sound: the file that starts it is the user’s own': staying('export default () => null;', {
    'index.js': `import { registerRootComponent } from 'expo';
import { start } from '@acme/sync';
import App from './App';
start();
registerRootComponent(App);
`,
  }),
});

const leaving = (
  condition: string,
  options = "{ foregroundService: { notificationTitle: 'a' } }",
) => ({
  base: 'expo' as const,
  files: {
    'package.json': packageJson({
      expo: '~54.0.0',
      'react-native': '0.81.4',
      'expo-location': '~19.0.0',
      'expo-task-manager': '~14.0.7',
    }),
    'app.json': JSON.stringify({
      expo: {
        name: 'demo',
        slug: 'demo',
        plugins: [
          [
            'expo-location',
            { isIosBackgroundLocationEnabled: true, isAndroidBackgroundLocationEnabled: true },
          ],
        ],
      },
    }),
    'App.tsx': `import { useEffect, useRef } from 'react';
import { AppState } from 'react-native';
import * as Location from 'expo-location';
import * as TaskManager from 'expo-task-manager';
TaskManager.defineTask('places', async () => { await fetch('https://example.com'); });
export default function App() {
  const last = useRef(AppState.currentState);
  useEffect(() => {
    AppState.addEventListener('change', async (next) => {
      ${condition} {
        await Location.startLocationUpdatesAsync('places', ${options});
      }
      last.current = next;
    });
  }, []);
  return null;
}
`,
  },
});

describeSituations('places that are asked for when the app leaves the screen (A29)', {
  'in the background': {
    ...leaving("if (next === 'background')"),
    finds: ['A29 App.tsx:11'],
  },
  'as the documentation of AppState has it': {
    ...leaving('if (last.current.match(/active/) && next.match(/inactive|background/))'),
    finds: ['A29 App.tsx:11'],
  },
  'not active any more': { ...leaving("if (next !== 'active')"), finds: ['A29 App.tsx:11'] },
  'sound: back on the screen': leaving(
    "if (last.current.match(/inactive|background/) && next === 'active')",
  ),
  'sound: without a service': leaving("if (next === 'background')", '{ accuracy: 3 }'),
});
