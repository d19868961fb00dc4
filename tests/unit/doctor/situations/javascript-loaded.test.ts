import { packageJson } from '../../../helpers/doctor-bases.ts';
import { CAP_PLIST, fetches } from './javascript-apps.ts';
import { background } from '../checks/ios-files.ts';
import { describeSituations } from './situation.ts';

/** Libraries that a function loads when it runs, and the two engines of Capacitor's runner. */

const start = (load: string, use: string) =>
  fetches("import { start } from './sync';\nstart();", {
    'sync.js': `export async function start() {
  ${load}
  await ${use}.configure({ minimumFetchInterval: 15 }, async taskId => {
    await fetch('https://example.com');
  }, taskId => ${use}.finish(taskId));
}
`,
  });

/** `configure` and `finish` by themselves, as the file calls them. */
const taken = (load: string, work: string, finish = 'finish') =>
  fetches("import { start } from './sync';\nstart();", {
    'sync.js': `export async function start() {
  ${load}
  await configure({ minimumFetchInterval: 15 }, async taskId => {
    ${work}
  }, taskId => ${finish}(taskId));
}
`,
  });

describeSituations('a library that is loaded in a function (J16)', {
  'by await import and its default': {
    base: 'react-native',
    files: start(
      "const { default: BackgroundFetch } = await import('react-native-background-fetch');",
      'BackgroundFetch',
    ),
    finds: ['J16 sync.js:3'],
  },
  'by the whole module': {
    base: 'react-native',
    files: start(
      "const fetches = await import('react-native-background-fetch');",
      'fetches.default',
    ),
    finds: ['J16 sync.js:3'],
  },
  'by require, in a function': {
    base: 'react-native',
    files: start(
      "const BackgroundFetch = require('react-native-background-fetch').default;",
      'BackgroundFetch',
    ),
    finds: ['J16 sync.js:3'],
  },
  'by the default of the awaited module, finish taken out of it and called too early': {
    base: 'react-native',
    files: taken(
      "const { configure, finish } = (await import('react-native-background-fetch')).default;",
      'finish(taskId);\n    await fetch(url);',
    ),
    finds: ['J16 sync.js:5'],
    says: 'before this work',
  },
  'by require and its default, a name for each, and nothing where the work fails': {
    base: 'react-native',
    files: taken(
      "const library = require('react-native-background-fetch');\n  const BackgroundFetch = library.default;\n  const { configure, finish: done } = BackgroundFetch;",
      'await fetch(url);\n    done(taskId);',
      'done',
    ),
    finds: ['J16 sync.js:6'],
    says: 'what fails here',
  },
  'sound: finish taken out of the default of the awaited module': {
    base: 'react-native',
    files: taken(
      "const { configure, finish } = (await import('react-native-background-fetch')).default;",
      'try { await fetch(url); } finally { finish(taskId); }',
    ),
  },
  'sound: finish taken out of the default of what require gives': {
    base: 'react-native',
    files: taken(
      "const configure = require('react-native-background-fetch').default.configure;\n  const finish = require('react-native-background-fetch').default.finish;",
      'try { await fetch(url); } finally { finish(taskId); }',
    ),
  },
  'sound: finish in the then of the module': {
    base: 'react-native',
    files: fetches("import { start } from './sync';\nstart();", {
      'sync.js': `export const start = () =>
  import('react-native-background-fetch').then(module => {
    const { configure, finish } = module.default;
    return configure({ minimumFetchInterval: 15 }, async taskId => {
      try { await fetch(url); } finally { finish(taskId); }
    }, finish);
  });
`,
    }),
  },
  'sound: another library has a configure, too': {
    base: 'react-native',
    files: start("const { default: Analytics } = await import('analytics');", 'Analytics'),
  },
});

const RUNNER = 'public/runners/background.js';
const ANSWERS = `addEventListener('sync', async (resolve, reject) => {
  try {
    await fetch('https://example.com');
    resolve();
  } catch (error) {
    reject(error);
  }
});
`;
const SETTINGS = {
  label: 'com.example.demo.background',
  src: 'runners/background.js',
  event: 'sync',
  repeat: true,
  interval: 15,
  autoStart: true,
};
const runner = (script: string | undefined, more: Record<string, string | undefined> = {}) => ({
  'package.json': packageJson({
    '@capacitor/core': '7.4.0',
    '@capacitor/background-runner': '2.1.0',
  }),
  'capacitor.config.json': JSON.stringify({
    appId: 'com.example.demo',
    webDir: 'www',
    plugins: { BackgroundRunner: SETTINGS },
  }),
  [CAP_PLIST]: background(['fetch', 'processing'], ['com.example.demo.background']),
  'ios/App/Demo/AppDelegate.swift': `import UIKit
import CapacitorBackgroundRunner

@main
class AppDelegate: UIResponder, UIApplicationDelegate {
  func application(_ application: UIApplication, didFinishLaunchingWithOptions options: [UIApplication.LaunchOptionsKey: Any]?) -> Bool {
    BackgroundRunnerPlugin.registerBackgroundTask()
    return true
  }
}
`,
  'android/app/src/main/AndroidManifest.xml': undefined,
  ...(script !== undefined && { [RUNNER]: script }),
  ...more,
});
const sends = (label: string, event: string) => ({
  'src/main.ts': `import { BackgroundRunner } from '@capacitor/background-runner';
export const syncNow = () =>
  BackgroundRunner.dispatchEvent({ label: '${label}', event: '${event}', details: {} });
`,
});

describeSituations('the runner’s engine is another one than the page’s (J17)', {
  'a script with an import': {
    base: 'capacitor',
    files: runner(`import { Preferences } from '@capacitor/preferences';\n${ANSWERS}`),
    finds: [`J17 ${RUNNER}:1`],
  },
  'a token from localStorage': {
    base: 'capacitor',
    files: runner(
      ANSWERS.replace(
        "await fetch('https://example.com')",
        "await fetch(localStorage.getItem('url'))",
      ),
    ),
    finds: [`J17 ${RUNNER}:3`],
    says: 'localStorage',
  },
  'an event that the script does not know': {
    base: 'capacitor',
    files: runner(ANSWERS, sends('com.example.demo.background', 'syncNow')),
    finds: ['J17 src/main.ts:3'],
  },
  'an event for another runner': {
    base: 'capacitor',
    files: runner(ANSWERS, sends('com.example.app.background', 'sync')),
    finds: ['J17 src/main.ts:3'],
  },
  'a script that is not in the repo': {
    base: 'capacitor',
    files: runner(undefined),
    notLookedAt: ['capacitor.config.json'],
  },
  'sound: the script, the config and the page agree': {
    base: 'capacitor',
    files: runner(ANSWERS, sends('com.example.demo.background', 'sync')),
  },
  'sound: it asks whether there is a localStorage': {
    base: 'capacitor',
    files: runner(`const isPage = typeof localStorage !== 'undefined';\n${ANSWERS}`),
  },
});

const CONFIG = 'capacitor.config.json';
/** Pretty, each setting on a line of its own: `event` on 7, `interval` on 9, as long as all are there. */
const set = (changed: Partial<Record<keyof typeof SETTINGS, unknown>>) => ({
  [CONFIG]: JSON.stringify(
    { appId: 'com.example.demo', plugins: { BackgroundRunner: { ...SETTINGS, ...changed } } },
    undefined,
    2,
  ),
});
const inCode = (settings: string) => ({
  [CONFIG]: undefined,
  'capacitor.config.ts': `import type { CapacitorConfig } from '@capacitor/cli';

const config: CapacitorConfig = {
  appId: 'com.example.demo',
  plugins: {
    BackgroundRunner: {
      label: 'com.example.demo.background',
      src: 'runners/background.js',
      event: 'sync',
      ${settings}
    },
  },
};

export default config;
`,
});

describeSituations('how often Capacitor’s runner runs (J19)', {
  'five minutes, over and over': {
    base: 'capacitor',
    files: runner(ANSWERS, set({ interval: 5 })),
    finds: [`J19 ${CONFIG}:9`],
    says: 'less than the least',
  },
  'a quarter of an hour in seconds': {
    base: 'capacitor',
    files: runner(ANSWERS, set({ interval: 900 })),
    finds: [`J19 ${CONFIG}:9`],
    says: '15 h, and looks like 15 min in seconds',
  },
  'in milliseconds': {
    base: 'capacitor',
    files: runner(
      ANSWERS,
      inCode('repeat: true, autoStart: true,\n      interval: 15 * 60 * 1000,'),
    ),
    finds: ['J19 capacitor.config.ts:11'],
    says: 'longer than a day',
  },
  'sound: a delay of one minute, once': {
    base: 'capacitor',
    files: runner(ANSWERS, set({ interval: 1, repeat: false })),
  },
  'sound: a development build alone asks for less': {
    base: 'capacitor',
    files: runner(
      ANSWERS,
      inCode("repeat: true, autoStart: true, interval: process.env.FAST === '1' ? 1 : 15,"),
    ),
  },
});

describeSituations('what starts Capacitor’s runner (J17)', {
  'no interval: iOS schedules nothing': {
    base: 'capacitor',
    files: { ...runner(ANSWERS), ...set({ interval: undefined }) },
    finds: [`J19 ${CONFIG}:4`],
    says: 'on iOS the runner is never scheduled',
  },
  'an interval that is a text': {
    base: 'capacitor',
    files: { ...runner(ANSWERS), ...set({ interval: '15' }) },
    finds: [`J19 ${CONFIG}:9`],
  },
  'sound: no interval, and the app starts it by hand': {
    base: 'capacitor',
    files: {
      ...runner(ANSWERS),
      ...set({ interval: undefined, autoStart: false }),
      'src/page.ts': `import { BackgroundRunner } from '@capacitor/background-runner';
export const send = () => BackgroundRunner.dispatchEvent({ label: 'com.example.demo.background', event: 'sync', details: {} });
`,
    },
  },
  'nothing: autoStart is false, and only the page has events of its own': {
    base: 'capacitor',
    files: runner(ANSWERS, {
      ...set({ autoStart: false }),
      'src/main.ts': "export const moved = () => window.dispatchEvent(new Event('moved'));\n",
    }),
    finds: [`J17 ${CONFIG}:7`],
    says: 'the runner never runs',
  },
  'nothing: autoStart is left out': {
    base: 'capacitor',
    files: runner(ANSWERS, {
      ...inCode('repeat: true, interval: 15,'),
      'src/main.ts': 'export const start = () => undefined;\n',
    }),
    finds: ['J17 capacitor.config.ts:9'],
  },
  'sound: the app sends the event itself': {
    base: 'capacitor',
    files: runner(ANSWERS, {
      ...set({ autoStart: false }),
      ...sends('com.example.demo.background', 'sync'),
    }),
  },
  'sound: through a wrapper of the app’s own': {
    base: 'capacitor',
    files: runner(ANSWERS, {
      ...set({ autoStart: false }),
      'src/main.ts':
        "import { runner } from '@demo/native';\nexport const syncNow = (options) => runner.dispatchEvent(options);\n",
    }),
  },
  'sound: native code sends it': {
    base: 'capacitor',
    files: runner(ANSWERS, {
      ...set({ autoStart: false }),
      'ios/App/Demo/Push.swift':
        'import CapacitorBackgroundRunner\n\nfunc pushed() {\n  BackgroundRunnerPlugin.dispatchEvent(event: "sync", eventArgs: [:]) { _ in }\n}\n',
    }),
  },
  'not known: an app of Vue components': {
    base: 'capacitor',
    files: runner(ANSWERS, {
      ...set({ autoStart: false }),
      'package.json': packageJson({
        '@capacitor/core': '7.4.0',
        '@capacitor/background-runner': '2.1.0',
        vue: '3.5.0',
      }),
      'src/main.ts':
        "import { createApp } from 'vue';\nimport App from './App.vue';\ncreateApp(App).mount('#app');\n",
    }),
    notLookedAt: [CONFIG],
  },
  'not known: the environment says it': {
    base: 'capacitor',
    files: runner(
      ANSWERS,
      inCode("repeat: true, interval: 15, autoStart: process.env.RUNNER === '1',"),
    ),
  },
});
