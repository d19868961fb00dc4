import { packageJson } from '../../../helpers/doctor-bases.ts';
import { background } from '../checks/ios-files.ts';
import { CAP_PLIST, fetches } from './javascript-apps.ts';
import { describeSituations } from './situation.ts';
import type { Situation } from './situation.ts';

/** Libraries that are asked to run without the app, and end with it: stopOnTerminate is true unless it is set. */

const BODY = `async (taskId) => { try { await drain(); } finally { BackgroundFetch.finish(taskId); } },
  (taskId) => BackgroundFetch.finish(taskId)`;
const HEADLESS =
  'BackgroundFetch.registerHeadlessTask(async ({ taskId }) => { try { await drain(); } finally { BackgroundFetch.finish(taskId); } });\n';
const configure = (options: string, before = '', more = {}): Pick<Situation, 'base' | 'files'> => ({
  base: 'react-native',
  files: fetches(`${HEADLESS}${before}BackgroundFetch.configure(${options}, ${BODY});`, more),
});

describeSituations(
  'react-native-background-fetch is to run without the app, and ends with it (J22)',
  {
    'enableHeadless alone': {
      ...configure('{ minimumFetchInterval: 15, enableHeadless: true }'),
      finds: ['J22 index.js:6'],
      says: 'stopOnTerminate is left at true: it ends with the app',
    },
    'startOnBoot alone': {
      ...configure('{ minimumFetchInterval: 15, startOnBoot: true }'),
      finds: ['J22 index.js:6'],
      says: 'nothing starts after a restart',
    },
    'stopOnTerminate: true': {
      ...configure('{ minimumFetchInterval: 15, stopOnTerminate: true, enableHeadless: true }'),
      finds: ['J22 index.js:6'],
      says: 'stopOnTerminate is true',
    },
    'in a constant': {
      ...configure(
        'OPTIONS',
        'const OPTIONS = { minimumFetchInterval: 15, enableHeadless: true };\n',
      ),
      finds: ['J22 index.js:6'],
    },
    'spread, and taken back by what stands behind': {
      ...configure(
        '{ ...DEFAULTS, ...ANDROID }',
        'const DEFAULTS = { minimumFetchInterval: 15, stopOnTerminate: false };\nconst ANDROID = { stopOnTerminate: true, startOnBoot: true };\n',
      ),
      finds: ['J22 index.js:7'],
    },
    'by a function of another file': {
      ...configure('options()', "import { options } from './options';\n", {
        'options.js':
          'export function options() {\n  return { minimumFetchInterval: 15, enableHeadless: HEADLESS };\n}\nconst HEADLESS = true;\n',
      }),
      finds: ['J22 options.js:2'],
    },
    'of a task that is scheduled': {
      ...configure(
        '{ minimumFetchInterval: 15, stopOnTerminate: false, enableHeadless: true }',
        "BackgroundFetch.scheduleTask({ taskId: 'com.transistorsoft.upload', delay: 60000, enableHeadless: true });\n",
        {
          'ios/Demo/Info.plist': background(
            ['fetch', 'processing'],
            ['com.transistorsoft.fetch', 'com.transistorsoft.upload'],
          ),
        },
      ),
      finds: ['J22 index.js:6'],
    },
    'sound: all three': configure(
      '{ minimumFetchInterval: 15, stopOnTerminate: false, startOnBoot: true, enableHeadless: true }',
    ),
    'sound: neither is asked for': configure('{ minimumFetchInterval: 15 }'),
    'sound: both are off': configure(
      '{ minimumFetchInterval: 15, startOnBoot: false, enableHeadless: false }',
    ),
    'sound: in what is spread': configure(
      '{ ...DEFAULTS, enableHeadless: true }',
      'const DEFAULTS = { minimumFetchInterval: 15, stopOnTerminate: false };\n',
    ),
    'sound: spread of what nobody knows': {
      base: 'react-native',
      files: fetches(
        `${HEADLESS}export const start = (options) => BackgroundFetch.configure({ enableHeadless: true, ...options }, ${BODY});`,
      ),
    },
    'sound: set afterwards': configure(
      'OPTIONS',
      'const OPTIONS = { minimumFetchInterval: 15, enableHeadless: true };\nOPTIONS.stopOnTerminate = false;\n',
    ),
    'sound: by the platform': configure(
      "{ minimumFetchInterval: 15, stopOnTerminate: Platform.OS === 'ios', enableHeadless: true }",
    ),
  },
);

const capacitor = (options: string): Pick<Situation, 'base' | 'files'> => ({
  base: 'capacitor',
  files: {
    'package.json': packageJson({
      '@capacitor/core': '7.4.0',
      '@transistorsoft/capacitor-background-fetch': '8.1.3',
    }),
    'src/fetch.ts': `import { BackgroundFetch } from '@transistorsoft/capacitor-background-fetch';
export const start = () =>
  BackgroundFetch.configure(${options}, async (taskId: string) => {
    try { await drain(); } finally { BackgroundFetch.finish(taskId); }
  }, (taskId: string) => BackgroundFetch.finish(taskId));
`,
    [CAP_PLIST]: background(['fetch'], ['com.transistorsoft.fetch']),
  },
});
const geolocation = (options: string): Pick<Situation, 'base' | 'files'> => ({
  base: 'react-native',
  files: {
    'package.json': packageJson({
      'react-native': '0.87.2',
      'react-native-background-geolocation': '4.18.0',
    }),
    'index.js': `import { AppRegistry } from 'react-native';
import BackgroundGeolocation from 'react-native-background-geolocation';
import App from './App';
BackgroundGeolocation.registerHeadlessTask(async () => {});
AppRegistry.registerComponent('demo', () => App);
`,
    'src/track.ts': `import BackgroundGeolocation from 'react-native-background-geolocation';
export const start = () => BackgroundGeolocation.ready(${options});
`,
  },
});

describeSituations('other libraries with the same settings (J22)', {
  'Capacitor: startOnBoot alone': {
    ...capacitor('{ minimumFetchInterval: 15, startOnBoot: true }'),
    finds: ['J22 src/fetch.ts:3'],
  },
  'Capacitor: sound': capacitor(
    '{ minimumFetchInterval: 15, stopOnTerminate: false, startOnBoot: true }',
  ),
  'geolocation: enableHeadless alone': {
    ...geolocation("{ url: 'https://example.com', enableHeadless: true }"),
    finds: ['J22 src/track.ts:2'],
  },
  'geolocation: in the group of version 5': {
    ...geolocation('{ app: { enableHeadless: true, stopOnTerminate: true } }'),
    finds: ['J22 src/track.ts:2'],
  },
  'geolocation: sound': geolocation('{ stopOnTerminate: false, enableHeadless: true }'),
  'geolocation: sound, its restart stands alone': geolocation('{ startOnBoot: true }'),
});
