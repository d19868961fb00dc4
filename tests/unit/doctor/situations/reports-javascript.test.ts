import { manifest, packageJson } from '../../../helpers/doctor-bases.ts';
import { MANIFEST } from '../checks/android-files.ts';
import { background } from '../checks/ios-files.ts';
import { PLIST, RNBF } from './javascript-apps.ts';
import { describeSituations } from './situation.ts';

/** What public reports of libraries of JavaScript showed. */

const ACTIONS = {
  'package.json': packageJson({
    'react-native': '0.87.2',
    'react-native-background-actions': '4.0.1',
  }),
  [MANIFEST]: manifest(
    '        <service android:name="com.asterinet.react.bgactions.RNBackgroundActionsTask" android:foregroundServiceType="dataSync" />',
    '<uses-permission android:name="android.permission.FOREGROUND_SERVICE" />\n    <uses-permission android:name="android.permission.FOREGROUND_SERVICE_DATA_SYNC" />',
  ),
};
const OPTIONS = "{ taskName: 'Sync', taskTitle: 'a', taskDesc: 'b' }";
const acts = (task: string) => ({
  base: 'react-native' as const,
  files: {
    ...ACTIONS,
    'App.tsx': `import React from 'react';
import { Button } from 'react-native';
import BackgroundService from 'react-native-background-actions';
${task}
export default class App extends React.Component {
  start = async () => { await BackgroundService.start(work, ${OPTIONS}); };
  render() { return <Button title="start" onPress={this.start} />; }
}
`,
  },
});

describeSituations('the task of react-native-background-actions ends before its work (J18)', {
  'a timer': {
    ...acts(`const work = async ({ delay }) => {
  setInterval(async () => { await fetch('https://example.com'); }, delay);
};`),
    finds: ['J18 App.tsx:5'],
    says: 'setInterval(…) is not awaited',
  },
  'a request': {
    ...acts("const work = async () => { fetch('https://example.com'); };"),
    finds: ['J18 App.tsx:4'],
  },
  'sound: a promise that goes on': acts(`const work = async ({ delay }) => {
  await new Promise(async () => {
    for (let i = 0; BackgroundService.isRunning(); i += 1) {
      await fetch('https://example.com');
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  });
};`),
  'sound: a timer beside what it waits for': acts(`const work = async () => {
  setInterval(async () => { await fetch('https://example.com'); }, 1000);
  await new Promise(() => {});
};`),
  'sound: a timer that only tells': acts(
    'const work = async () => { setTimeout(() => console.log(1), 1000); };',
  ),
});

const pushed = (handler: string, more: Record<string, string> = {}) => ({
  base: 'react-native' as const,
  files: {
    'package.json': packageJson({
      'react-native': '0.87.2',
      '@react-native-firebase/messaging': '21.6.1',
      'react-native-background-timer': '2.4.1',
    }),
    [PLIST]: background(['remote-notification']),
    'index.js': `import { AppRegistry } from 'react-native';
import messaging from '@react-native-firebase/messaging';
import BackgroundTimer from 'react-native-background-timer';
import App from './App';
messaging().setBackgroundMessageHandler(${handler});
AppRegistry.registerComponent('demo', () => App);
`,
    ...more,
  },
});

describeSituations('a push ends before its work (J18)', {
  'a request that is not awaited': {
    ...pushed("async (message) => { fetch('https://example.com'); }"),
    finds: ['J18 index.js:5'],
    says: 'fetch(…) is not awaited',
  },
  'a function of another file, in the modular form': {
    ...pushed(''),
    files: {
      ...pushed('').files,
      'index.js': `import { AppRegistry } from 'react-native';
import { getMessaging, setBackgroundMessageHandler } from '@react-native-firebase/messaging';
import App from './App';
import { store } from './src/store';
setBackgroundMessageHandler(getMessaging(), async (message) => { store(message); });
AppRegistry.registerComponent('demo', () => App);
`,
      'src/store.js':
        "export async function store(message) { await fetch('https://example.com', { body: message }); }\n",
    },
    finds: ['J18 index.js:5'],
  },
  'a timer of a library': {
    ...pushed(
      "async () => { BackgroundTimer.setTimeout(async () => { await fetch('https://example.com'); }, 10000); }",
    ),
    finds: ['J18 index.js:5'],
  },
  'sound: awaited': pushed("async (message) => { await fetch('https://example.com'); }"),
  'sound: returned': pushed("(message) => fetch('https://example.com')"),
  'sound: nothing to do': pushed('async () => {}'),
});

const FETCH_AND_ACTIONS = {
  ...RNBF,
  ...ACTIONS,
  'package.json': packageJson({
    'react-native': '0.87.2',
    'react-native-background-fetch': '4.3.0',
    'react-native-background-actions': '4.0.1',
  }),
};
const runs = (more: string, job: string, files: Record<string, string> = {}) => ({
  base: 'react-native' as const,
  files: {
    ...FETCH_AND_ACTIONS,
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
import { startJob } from './src/job';
BackgroundFetch.registerHeadlessTask(async ({ taskId }) => {
  try { ${more} } finally { BackgroundFetch.finish(taskId); }
});
AppRegistry.registerComponent('demo', () => App);
`,
    'src/job.ts': `import { AppState } from 'react-native';
import BackgroundJob from 'react-native-background-actions';
const work = async () => { await fetch('https://example.com'); };
export async function startJob() {
  ${job}
}
`,
    ...files,
  },
});
const START = `if (!BackgroundJob.isRunning()) await BackgroundJob.start(work, ${OPTIONS});`;

describeSituations('a run starts the foreground service of a library (A29)', {
  'a headless task, through a file of its own': {
    ...runs('await startJob();', START),
    finds: ['A29 src/job.ts:5'],
    says: 'a run in the background has react-native-background-actions start',
  },
  'sound: a screen alone does': runs("await fetch('https://example.com');", START),
  'sound: while the app is on the screen': runs(
    'await startJob();',
    `if (AppState.currentState === 'active') { ${START} }`,
  ),
  'sound: an app that may': runs('await startJob();', START, {
    [MANIFEST]: ACTIONS[MANIFEST].replace(
      '    <application',
      '    <uses-permission android:name="android.permission.SYSTEM_ALERT_WINDOW" />\n    <application',
    ),
  }),
});

const located = (plugin: unknown, options: string, plist = {}) => ({
  base: 'expo' as const,
  files: {
    'package.json': packageJson({
      expo: '~57.0.0',
      'react-native': '0.87.2',
      'expo-location': '57.0.20',
      'expo-task-manager': '57.0.0',
    }),
    'app.json': JSON.stringify({
      expo: {
        name: 'demo',
        slug: 'demo',
        ios: { bundleIdentifier: 'com.example.demo', infoPlist: plist },
        android: { package: 'com.example.demo' },
        plugins: [plugin],
      },
    }),
    'index.js': `import { registerRootComponent } from 'expo';
import * as TaskManager from 'expo-task-manager';
import App from './App';
TaskManager.defineTask('track', async () => {});
registerRootComponent(App);
`,
    'App.tsx': `import { Button } from 'react-native';
import * as Location from 'expo-location';
const start = () => Location.startLocationUpdatesAsync('track', ${options});
export default () => <Button title="start" onPress={start} />;
`,
  },
});
const SHOWN = "{ foregroundService: { notificationTitle: 'a', notificationBody: 'b' } }";
const IOS = { isIosBackgroundLocationEnabled: true };

describeSituations('a task of places, and what the app config says of it (I03, A22)', {
  'no background mode': {
    ...located('expo-location', '{ accuracy: 3 }'),
    finds: ['I03 app.json'],
    says: 'location, which startLocationUpdatesAsync of expo-location needs',
  },
  'no permission for its service': {
    ...located(['expo-location', IOS], SHOWN),
    finds: ['A22 App.tsx:3'],
    says: 'does not ask for FOREGROUND_SERVICE_LOCATION',
  },
  'sound: by the plugin': located(
    ['expo-location', { ...IOS, isAndroidForegroundServiceEnabled: true }],
    SHOWN,
  ),
  'sound: with the location in the background': located(
    ['expo-location', { ...IOS, isAndroidBackgroundLocationEnabled: true }],
    SHOWN,
  ),
  'sound: the mode by hand': located('expo-location', '{ accuracy: 3 }', {
    UIBackgroundModes: ['location'],
  }),
});

const older = (library: string, index: string, app: string) => ({
  base: 'react-native' as const,
  files: {
    'jobs.js': JOBS(library),
    'package.json': packageJson({ 'react-native': '0.87.2', [library]: '*' }),
    'index.js': `import { AppRegistry } from 'react-native';
import App from './App';
${index}
AppRegistry.registerComponent('demo', () => App);
`,
    'App.tsx': `import React from 'react';
import Background from '${library}';
export default class App extends React.Component {
  ${app}
  render() { return null; }
}
`,
  },
});
const JOBS = (library: string) => `import Background from '${library}';
class Base {}
export class Jobs extends Base {
  constructor() { super(); Background.register({ jobKey: 'sync', job: () => fetch('https://example.com') }); }
}
`;
const TASK = "Background.define(async () => { await fetch('https://example.com'); });";
const JOB = "Background.register({ jobKey: 'sync', job: () => fetch('https://example.com') });";

describeSituations('older libraries whose task a component defines (J01)', {
  'react-native-background-task': {
    ...older('react-native-background-task', '', `componentDidMount() { ${TASK} }`),
    finds: ['J01 App.tsx:4'],
    says: 'define is called in the component’s componentDidMount',
  },
  'react-native-background-job': {
    ...older('react-native-background-job', '', `constructor(props) { super(props); ${JOB} }`),
    finds: ['J01 App.tsx:4'],
    says: 'the component’s constructor',
  },
  'sound: at the top level': older(
    'react-native-background-task',
    `import Background from 'react-native-background-task';\n${TASK}`,
    'componentDidMount() { Background.schedule({ period: 1800 }); }',
  ),
  'sound: in the constructor of a class that the entry makes': older(
    'react-native-background-job',
    "import { Jobs } from './jobs';\nnew Jobs();",
    '',
  ),
  'sound: the same names of another library': older(
    'react-native-other-task',
    '',
    `componentDidMount() { ${TASK} ${JOB} }`,
  ),
});
