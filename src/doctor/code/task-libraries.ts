import { queueFile } from '../../integrations/model.ts';
import { runsReactNative } from '../../project/host.ts';
import { runningConfig } from '../repo.ts';
import type { DoctorRepo } from '../repo.ts';
import type { SourceFile } from '../source-files.ts';
import { isAsLeft } from './verified.ts';

/** Libraries that run the app's own JavaScript in the background. */
export const TASK_MANAGER = 'expo-task-manager';
export const BACKGROUND_FETCH = 'react-native-background-fetch';
export const CAPACITOR_FETCH = '@transistorsoft/capacitor-background-fetch';
/** Time that an app asks for when it leaves the screen: https://capawesome.io/plugins/background-task/ */
export const LAST_TASKS = [
  '@capawesome/capacitor-background-task',
  '@robingenz/capacitor-background-task',
];
export const BACKGROUND_RUNNER = '@capacitor/background-runner';

/** Transistor's library of places: its headless task is one of React Native's, under a name of its own. */
export const GEOLOCATION = [
  'react-native-background-geolocation',
  'react-native-background-geolocation-android',
];

/** React Native's own way to run it, on Android. */
export const REGISTER_HEADLESS = {
  module: 'react-native',
  owner: 'AppRegistry',
  name: 'registerHeadlessTask',
} as const;

/** What a push in the background runs. Not each one syncs. */
export const PUSHES = [
  { module: '@react-native-firebase/messaging', name: 'setBackgroundMessageHandler' },
  { module: '@notifee/react-native', name: 'onBackgroundEvent' },
];

/** Packages whose JavaScript starts a foreground service that is theirs, and by which call. */
export const SERVICE_LIBRARIES = [
  {
    name: 'react-native-background-actions',
    service: 'com.asterinet.react.bgactions.RNBackgroundActionsTask',
    starts: 'start',
  },
  {
    name: '@supersami/rn-foreground-service',
    service: 'com.supersami.foregroundservice.ForegroundService',
    starts: 'start',
  },
  {
    name: '@voximplant/react-native-foreground-service',
    service: 'com.voximplant.foregroundservice.VIForegroundService',
    starts: 'startService',
  },
] as const;

export const BACKGROUND_ACTIONS = SERVICE_LIBRARIES[0].name;

/** What the headless task of Transistor's geolocation is given to. */
export const GEOLOCATION_TASKS = GEOLOCATION.map((module) => ({
  module,
  name: 'registerHeadlessTask',
}));

/** What has expo-task-manager run a task by its name, the first argument. */
export const TASK_STARTERS = [
  { module: 'expo-background-task', name: 'registerTaskAsync' },
  { module: 'expo-background-fetch', name: 'registerTaskAsync' },
  { module: 'expo-notifications', name: 'registerTaskAsync' },
  { module: 'expo-location', name: 'startLocationUpdatesAsync' },
  { module: 'expo-location', name: 'startGeofencingAsync' },
];

export const usesTaskLibrary = (repo: DoctorRepo): boolean =>
  repo.depends(TASK_MANAGER) || repo.depends(BACKGROUND_FETCH);

/** The app's Kotlin and Java that starts headless tasks of React Native. */
export async function headlessStarters(repo: DoctorRepo): Promise<readonly SourceFile[]> {
  if (!runsReactNative(repo)) return [];
  const needles = ['HeadlessJsTaskConfig'];
  const found = await Promise.all([
    repo.sourcesContaining('kotlin', needles),
    repo.sourcesContaining('java', needles),
  ]);
  return found.flat();
}

/** Whether there may be a function that the user wrote and a background run calls: without one, nothing has to be parsed. */
export async function mayRunInBackground(repo: DoctorRepo): Promise<boolean> {
  const config = runningConfig(repo);
  if (config !== undefined) {
    const own = config.queue === 'none' ? [config.handler] : [config.handler, queueFile(config)];
    for (const path of own) if (!(await isAsLeft(repo, path))) return true;
  }
  return usesTaskLibrary(repo) || (await headlessStarters(repo)).length > 0;
}

/**
 * Whether the app's JavaScript takes a library's old tasks back, and sets none: what is left of a library that was given up,
 * so that an update cleans up behind it. Where no JavaScript names the library, nothing is known.
 */
export async function onlyUnregisters(repo: DoctorRepo, name: string): Promise<boolean> {
  const files = await repo.sourcesContaining('javascript', [name]);
  const takesBack = files.some(({ code }) => /\bunregister\w*Async\s*\(|\.stop\s*\(/.test(code));
  const sets = files.some(({ code }) =>
    /\b(?:registerTaskAsync|defineTask)\s*\(|\.(?:configure|scheduleTask|start|registerHeadlessTask)\s*\(/.test(
      code,
    ),
  );
  return takesBack && !sets;
}
