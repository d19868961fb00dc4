import { packageJson } from '../../../helpers/doctor-bases.ts';
import { background } from '../checks/ios-files.ts';
import { CAP_PLIST, fetches } from './javascript-apps.ts';
import { describeSituations } from './situation.ts';
import type { Situation } from './situation.ts';

/** Functions that a push in the background runs, and runs of background-fetch that do not say which one is over. */

type App = Pick<Situation, 'base' | 'files'>;

const firebase = (app: string, index = ''): App => ({
  base: 'react-native',
  files: {
    'package.json': packageJson({
      'react-native': '0.87.2',
      '@react-native-firebase/messaging': '23.0.0',
    }),
    'index.js': `import { AppRegistry } from 'react-native';
${index.startsWith('import') ? index : ''}
import App from './App';
${index.startsWith('import') ? '' : index}
AppRegistry.registerComponent('demo', () => App);
`,
    'App.tsx': app,
  },
});
const HANDLER = 'async (message) => { await sync(message); }';
const EMPTY = 'export default () => null;\n';

describeSituations('what a push runs is set when the bundle is loaded (J01)', {
  'in an effect': {
    ...firebase(`import { useEffect } from 'react';
import messaging from '@react-native-firebase/messaging';
export default function App() {
  useEffect(() => {
    messaging().setBackgroundMessageHandler(${HANDLER});
  }, []);
  return null;
}
`),
    finds: ['J01 App.tsx:5'],
    says: 'setBackgroundMessageHandler is called in the hook useEffect',
  },
  'in a component, by the modular form': {
    ...firebase(`import { getMessaging, setBackgroundMessageHandler } from '@react-native-firebase/messaging';
export default function App() {
  setBackgroundMessageHandler(getMessaging(), ${HANDLER});
  return null;
}
`),
    finds: ['J01 App.tsx:3'],
  },
  'in a function that an effect calls': {
    ...firebase(`import { useEffect } from 'react';
import messaging from '@react-native-firebase/messaging';
function setUp() {
  messaging().setBackgroundMessageHandler(${HANDLER});
}
export default function App() {
  useEffect(() => { setUp(); }, []);
  return null;
}
`),
    finds: ['J01 App.tsx:4'],
  },
  'Notifee, in an effect': {
    base: 'react-native',
    files: {
      'package.json': packageJson({ 'react-native': '0.87.2', '@notifee/react-native': '9.1.8' }),
      'App.tsx': `import { useEffect } from 'react';
import notifee from '@notifee/react-native';
export default function App() {
  useEffect(() => notifee.onBackgroundEvent(${HANDLER}), []);
  return null;
}
`,
    },
    finds: ['J01 App.tsx:4'],
    says: 'onBackgroundEvent',
  },
  'sound: in the entry': firebase(
    EMPTY,
    `import messaging from '@react-native-firebase/messaging';\nmessaging().setBackgroundMessageHandler(${HANDLER});`,
  ),
  'sound: in a function that the entry calls': firebase(
    EMPTY,
    `import messaging from '@react-native-firebase/messaging';\nfunction setUp() { messaging().setBackgroundMessageHandler(${HANDLER}); }\nsetUp();`,
  ),
  'sound: what is heard in the foreground': firebase(`import { useEffect } from 'react';
import messaging from '@react-native-firebase/messaging';
export default function App() {
  useEffect(() => messaging().onMessage(${HANDLER}), []);
  return null;
}
`),
});

const TIMEOUT = '(taskId) => BackgroundFetch.finish(taskId)';
const finishing = (call: string, more: Record<string, string> = {}): App => ({
  base: 'react-native',
  files: fetches(
    `BackgroundFetch.configure({ minimumFetchInterval: 15 }, async (taskId) => {
  try {
    await drain();
  } finally {
    ${call}
  }
}, ${TIMEOUT});`,
    more,
  ),
});
const capacitor = (code: string): App => ({
  base: 'capacitor',
  files: {
    'package.json': packageJson({
      '@capacitor/core': '7.4.0',
      '@transistorsoft/capacitor-background-fetch': '8.1.3',
    }),
    'src/fetch.ts': `import { BackgroundFetch } from '@transistorsoft/capacitor-background-fetch';\n${code}\n`,
    [CAP_PLIST]: background(['fetch'], ['com.transistorsoft.fetch']),
  },
});

describeSituations('a run of background-fetch says that it is over (J16)', {
  'without its id': {
    ...finishing('BackgroundFetch.finish();'),
    finds: ['J16 index.js:9'],
    says: 'without the id of the run',
  },
  'in the timeout': {
    base: 'react-native',
    files: fetches(`BackgroundFetch.configure({ minimumFetchInterval: 15 }, async (taskId) => {
  try { await drain(); } finally { BackgroundFetch.finish(taskId); }
}, () => BackgroundFetch.finish());`),
    finds: ['J16 index.js:7'],
  },
  'by a name of its own': {
    base: 'react-native',
    files: fetches(`const { finish } = BackgroundFetch;
BackgroundFetch.configure({ minimumFetchInterval: 15 }, async (taskId) => {
  try { await drain(); } finally { finish(); }
}, ${TIMEOUT});`),
    finds: ['J16 index.js:7'],
  },
  'Capacitor: never': {
    ...capacitor(
      `BackgroundFetch.configure({ minimumFetchInterval: 15 }, async () => { await drain(); }, ${TIMEOUT});`,
    ),
    finds: ['J16 src/fetch.ts:2'],
    says: 'never called',
  },
  'Capacitor: where the work fails': {
    ...capacitor(
      `BackgroundFetch.configure({ minimumFetchInterval: 15 }, async (taskId) => {\n  await fetch('https://example.com');\n  BackgroundFetch.finish(taskId);\n}, ${TIMEOUT});`,
    ),
    finds: ['J16 src/fetch.ts:3'],
  },
  'sound: another object is finished, too': finishing(
    'span.finish(); BackgroundFetch.finish(taskId);',
  ),
  'up to version 3 it took none': {
    ...finishing('BackgroundFetch.finish();', {
      'package.json': packageJson({
        'react-native': '0.87.2',
        'react-native-background-fetch': '2.8.0',
      }),
    }),
    finds: ['I31 ios/Demo/AppDelegate.swift'],
  },
  'sound: Capacitor': capacitor(
    `BackgroundFetch.configure({ minimumFetchInterval: 15 }, async (taskId) => {\n  try { await drain(); } finally { BackgroundFetch.finish(taskId); }\n}, ${TIMEOUT});`,
  ),
});

const each = (options: string): App =>
  capacitor(
    `BackgroundFetch.configure(${options}, async (taskId) => { BackgroundFetch.finish(taskId); }, ${TIMEOUT});`,
  );
describeSituations('intervals of Capacitor’s background-fetch (J19)', {
  'minutes that are seconds': {
    ...each('{ minimumFetchInterval: 15 * 60 }'),
    finds: ['J19 src/fetch.ts:2'],
  },
  'less than the least': { ...each('{ minimumFetchInterval: 5 }'), finds: ['J19 src/fetch.ts:2'] },
  'sound: minutes': each('{ minimumFetchInterval: 30 }'),
});
