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
const runner = (script: string | undefined, more: Record<string, string> = {}) => ({
  'package.json': packageJson({
    '@capacitor/core': '7.4.0',
    '@capacitor/background-runner': '2.1.0',
  }),
  'capacitor.config.json': JSON.stringify({
    appId: 'com.example.demo',
    webDir: 'www',
    plugins: {
      BackgroundRunner: {
        label: 'com.example.demo.background',
        src: 'runners/background.js',
        event: 'sync',
        repeat: true,
        interval: 15,
        autoStart: true,
      },
    },
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
