import { packageJson } from '../../../helpers/doctor-bases.ts';
import { describeSituations } from './situation.ts';

/** Tasks of expo-task-manager: whatever starts them, and in whatever folder of the app they stand. */

const expo = (
  library: string,
  version: string,
  plugins: readonly unknown[],
  files: Readonly<Record<string, string>>,
) => ({
  'package.json': packageJson({
    expo: '~54.0.0',
    'react-native': '0.81.5',
    'expo-task-manager': '~14.0.7',
    [library]: version,
  }),
  'app.json': JSON.stringify({ expo: { name: 'demo', slug: 'demo', plugins } }),
  ...files,
});
const background = (files: Readonly<Record<string, string>>) =>
  expo('expo-background-task', '~1.0.8', ['expo-background-task'], files);
const entry = (...imports: readonly string[]) => ({
  'index.js': `import { registerRootComponent } from 'expo';
${imports.map((one) => `import '${one}';\n`).join('')}import App from './App';
registerRootComponent(App);
`,
});
const IMPORTS = `import * as TaskManager from 'expo-task-manager';
import * as BackgroundTask from 'expo-background-task';
`;
const notifications = (code: string) =>
  expo(
    'expo-notifications',
    '~0.32.0',
    [['expo-notifications', { enableBackgroundRemoteNotifications: true }]],
    {
      'App.tsx': `import * as TaskManager from 'expo-task-manager';
import * as Notifications from 'expo-notifications';
${code}`,
    },
  );
const location = (code: string) =>
  expo('expo-location', '~19.0.0', [['expo-location', { isIosBackgroundLocationEnabled: true }]], {
    'App.tsx': `import * as TaskManager from 'expo-task-manager';
import * as Location from 'expo-location';
${code}
export default () => null;
`,
  });

describeSituations('in any folder of the app', {
  'two names, in a folder of features': {
    base: 'expo',
    files: background({
      ...entry('./features/sync/task'),
      'features/sync/task.ts': `${IMPORTS}TaskManager.defineTask('bg-sync', async () => BackgroundTask.BackgroundTaskResult.Success);
export const register = () => BackgroundTask.registerTaskAsync('background-sync', { minimumInterval: 15 });
`,
    }),
    finds: ['J03 features/sync/task.ts:4'],
    says: 'background-sync',
  },
  'defined in an effect of a component that shows nothing': {
    base: 'expo',
    files: background({
      'index.js':
        "import { registerRootComponent } from 'expo';\nimport Root from './client/Root';\nregisterRootComponent(Root);\n",
      'client/Root.tsx': `import { useEffect } from 'react';
${IMPORTS}export default function Root() {
  useEffect(() => {
    TaskManager.defineTask('bg-sync', async () => BackgroundTask.BackgroundTaskResult.Success);
    BackgroundTask.registerTaskAsync('bg-sync', { minimumInterval: 15 });
  }, []);
  return null;
}
`,
    }),
    finds: ['J01 client/Root.tsx:6'],
    says: 'useEffect',
  },
  'sound: a server, scripts and end-to-end tests of the repo are not the app': {
    base: 'expo',
    files: background({
      ...entry('./background/sync'),
      'background/sync.ts': `${IMPORTS}TaskManager.defineTask('bg-sync', async () => BackgroundTask.BackgroundTaskResult.Success);
export const register = () => BackgroundTask.registerTaskAsync('bg-sync', { minimumInterval: 15 });
`,
      ...Object.fromEntries(
        ['server/tasks.ts', 'scripts/tasks.ts', 'e2e/tasks.ts', 'functions/tasks.ts'].map(
          (path) => [
            path,
            `${IMPORTS}BackgroundTask.registerTaskAsync('another', { minimumInterval: 5 });\n`,
          ],
        ),
      ),
    }),
  },
});

describeSituations('what else starts a task by its name (J03, J01)', {
  'a push, under another name': {
    base: 'expo',
    files: notifications(`TaskManager.defineTask('BACKGROUND-NOTIFICATION-TASK', async () => {});
Notifications.registerTaskAsync('BACKGROUND_NOTIFICATION_TASK');
export default () => null;
`),
    finds: ['J03 App.tsx:4'],
    says: "did you mean 'BACKGROUND-NOTIFICATION-TASK'?",
  },
  'a push, defined in a component': {
    base: 'expo',
    files: notifications(`const TASK = 'push';
export default function App() {
  TaskManager.defineTask(TASK, ({ data }) => { console.log(data); });
  Notifications.registerTaskAsync(TASK);
  return null;
}
`),
    finds: ['J01 App.tsx:5'],
    says: 'the component App',
  },
  'places, under another name': {
    base: 'expo',
    files: location(`TaskManager.defineTask('location', async () => {});
export const go = () => Location.startLocationUpdatesAsync('locations', { accuracy: 3 });`),
    finds: ['J03 App.tsx:4'],
    says: "starts the task 'locations'",
  },
  'a fence that nothing is defined for': {
    base: 'expo',
    files: location(
      "export const go = (regions) => Location.startGeofencingAsync('fence', regions);\nexport const stop = TaskManager.unregisterTaskAsync;",
    ),
    finds: ['J03 App.tsx:3'],
    says: 'never called',
  },
  'sound: the same constant': {
    base: 'expo',
    files: location(`const TASK = 'location';
TaskManager.defineTask(TASK, async () => {});
export const go = () => Location.startLocationUpdatesAsync(TASK, { accuracy: 3 });`),
  },
  'sound: a push, at the top level': {
    base: 'expo',
    files: notifications(`const TASK = 'push';
TaskManager.defineTask(TASK, async () => {});
Notifications.registerTaskAsync(TASK);
export default function App() { return null; }
`),
  },
});

/** The other library is still installed by another package. */
const moved = (files: Readonly<Record<string, string>>) =>
  background({ ...entry('./sync'), ...files });
const FETCH_TOO = `${IMPORTS}import * as BackgroundFetch from 'expo-background-fetch';
import { BackgroundFetchResult } from 'expo-background-fetch';
`;
const REGISTERED = "export const register = () => BackgroundTask.registerTaskAsync('sync');\n";

describeSituations('answers of the library that runs the task (J23)', {
  'new data, of the library before': {
    base: 'expo',
    files: moved({
      'sync.ts': `${FETCH_TOO}TaskManager.defineTask('sync', async () => {
  try {
    await fetch('https://example.com');
    return BackgroundFetch.BackgroundFetchResult.NewData;
  } catch {
    return BackgroundTask.BackgroundTaskResult.Failed;
  }
});
${REGISTERED}`,
    }),
    finds: ['J23 sync.ts:8'],
    says: 'it is 2, which is Failed there',
  },
  'by name, of a ternary in a function elsewhere': {
    base: 'expo',
    files: moved({
      'work.ts': `import { BackgroundFetchResult as Result } from 'expo-background-fetch';
export async function work() {
  const response = await fetch('https://example.com');
  return response.ok ? Result.NoData : Result.Failed;
}
`,
      'sync.ts': `${IMPORTS}import { work } from './work';
TaskManager.defineTask('sync', () => work());
${REGISTERED}`,
    }),
    finds: ['J23 work.ts:4'],
    says: 'it is 3, which is no failure there',
  },
  'in then': {
    base: 'expo',
    files: moved({
      'sync.ts': `${FETCH_TOO}TaskManager.defineTask('sync', () =>
  fetch('https://example.com').then(() => BackgroundFetchResult.NewData));
${REGISTERED}`,
    }),
    finds: ['J23 sync.ts:6'],
  },
  'the other way round': {
    base: 'expo',
    files: moved({
      'sync.ts': `${FETCH_TOO}TaskManager.defineTask('sync', async () => BackgroundTask.BackgroundTaskResult.Success);
export const register = () => BackgroundFetch.registerTaskAsync('sync', { minimumInterval: 15 * 60 });
`,
    }),
    finds: ['J23 sync.ts:5'],
    says: 'it is 1, which is NoData there',
  },
  'sound: its own results, and nothing new by the same number': {
    base: 'expo',
    files: moved({
      'sync.ts': `${FETCH_TOO}TaskManager.defineTask('sync', async () => {
  const { ok } = await fetch('https://example.com');
  if (ok) return BackgroundTask.BackgroundTaskResult.Success;
  return BackgroundFetchResult.NoData;
});
TaskManager.defineTask('fetch', async () => BackgroundFetch.BackgroundFetchResult.NewData);
export const fetching = () => BackgroundFetch.registerTaskAsync('fetch', { minimumInterval: 15 * 60 });
${REGISTERED}`,
    }),
  },
  'sound: registered with both, or by a name that only a run knows': {
    base: 'expo',
    files: moved({
      'sync.ts': `${FETCH_TOO}TaskManager.defineTask('sync', async () => BackgroundFetchResult.NewData);
export const fetching = (name: string) => BackgroundFetch.registerTaskAsync(name, { minimumInterval: 15 * 60 });
${REGISTERED}`,
    }),
  },
  'sound: an enum of the app’s own with that name': {
    base: 'expo',
    files: moved({
      'results.ts':
        "import { BackgroundTaskResult } from 'expo-background-task';\nexport const BackgroundFetchResult = { NewData: BackgroundTaskResult.Success };\n",
      'sync.ts': `${IMPORTS}import { BackgroundFetchResult } from './results';
TaskManager.defineTask('sync', async () => BackgroundFetchResult.NewData);
${REGISTERED}`,
    }),
  },
});
