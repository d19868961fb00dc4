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
