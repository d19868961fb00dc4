/**
 * Apps of the three libraries as their own documentation has them, and as apps make of it: each with its real types.
 * `SERVER` stands for a server that counts what it is asked for.
 */
export interface MigrateCase {
  readonly name: string;
  readonly library:
    | 'expo-background-task'
    | 'expo-background-fetch'
    | 'react-native-background-fetch';
  readonly files: Readonly<Record<string, string>>;
  /** What the moved handlers ask the server for, each in a window of its own; for a task by its name. */
  readonly asks: Readonly<Record<string, readonly string[]>>;
  /** What only its owner can judge: the library stays, and `migrate` ends with 3. */
  readonly left?: readonly string[];
  /** Text of the user’s that has to be somewhere still. */
  readonly keeps: readonly string[];
}

export interface RefusedCase {
  readonly name: string;
  readonly library: MigrateCase['library'];
  /** The number of the block of JavaScript in the README of the library; the app’s App.js. */
  readonly block?: number;
  readonly files?: Readonly<Record<string, string>>;
  readonly says: readonly string[];
}

const SYNC = `/** Sends what waits. */
export async function syncAll(path: string): Promise<boolean> {
  const response = await fetch(\`SERVER/\${path}\`);
  return response.ok;
}
`;

const expoTask = `import * as BackgroundTask from 'expo-background-task';
import * as TaskManager from 'expo-task-manager';
`;
const expoFetch = `import * as BackgroundFetch from 'expo-background-fetch';
import * as TaskManager from 'expo-task-manager';
`;
const transistor = `import BackgroundFetch from 'react-native-background-fetch';
`;

const screen = (imports: string, effect: string): string => `import { useEffect } from 'react';
import { Text, View } from 'react-native';
${imports}
export default function App() {
  useEffect(() => {
    ${effect}
  }, []);
  return (
    <View>
      <Text>Demo</Text>
    </View>
  );
}
`;

export const MIGRATED: readonly MigrateCase[] = [
  {
    name: 'the documentation of expo-background-task',
    library: 'expo-background-task',
    files: {
      'src/sync.ts': SYNC,
      'App.tsx': `import { useEffect, useState } from 'react';
import { Button, Text, View } from 'react-native';
${expoTask}import { syncAll } from './src/sync';

const BACKGROUND_TASK_IDENTIFIER = 'background-task';

// Register and create the task so that it is available also when the background task screen
// (a React component defined later in this example) is not visible.
// Note: This needs to be called outside of a React component.
TaskManager.defineTask(BACKGROUND_TASK_IDENTIFIER, async () => {
  try {
    const now = Date.now();
    console.log(\`Got background task call at date: \${new Date(now).toISOString()}\`);
    await syncAll('documentation');
  } catch (error) {
    console.error('Failed to execute the background task:', error);
    return BackgroundTask.BackgroundTaskResult.Failed;
  }
  return BackgroundTask.BackgroundTaskResult.Success;
});

// 2. Register the task at some point in your app by providing the same name
// Note: This does NOT need to be in the global scope and CAN be used in your React components!
async function registerBackgroundTaskAsync() {
  return BackgroundTask.registerTaskAsync(BACKGROUND_TASK_IDENTIFIER);
}

export default function App() {
  const [count, setCount] = useState(0);

  useEffect(() => {
    registerBackgroundTaskAsync();
  }, []);

  return (
    <View>
      <Text>{count}</Text>
      <Button title="More" onPress={() => setCount(count + 1)} />
    </View>
  );
}
`,
    },
    asks: { '': ['/documentation'] },
    keeps: [
      'Got background task call at date',
      'Failed to execute the background task',
      'setCount(count + 1)',
    ],
  },
  {
    name: 'expo-background-task, defined in another file than it is registered in',
    library: 'expo-background-task',
    files: {
      'src/sync.ts': SYNC,
      'src/tasks/names.ts': `export const SYNC_TASK = 'com.example.sync';\n`,
      'src/tasks/define.ts': `${expoTask}import { syncAll } from '../sync';
import { SYNC_TASK } from './names';

TaskManager.defineTask(SYNC_TASK, async () => {
  const isSent = await syncAll('another-file');
  return isSent ? BackgroundTask.BackgroundTaskResult.Success : BackgroundTask.BackgroundTaskResult.Failed;
});
`,
      'src/tasks/register.ts': `import { registerTaskAsync } from 'expo-background-task';
import { SYNC_TASK } from './names';
import './define';

export async function registerSync(): Promise<void> {
  await registerTaskAsync(SYNC_TASK, { minimumInterval: 60 });
}
`,
      'App.tsx': screen(
        `import { registerSync } from './src/tasks/register';\n`,
        'void registerSync();',
      ),
    },
    asks: { '': ['/another-file'] },
    keeps: ['Sends what waits'],
  },
  {
    name: 'expo-background-task, a method of a class',
    library: 'expo-background-task',
    files: {
      'src/outbox.ts': `export class Outbox {
  private readonly waiting = ['class'];

  async drain(): Promise<void> {
    for (const path of this.waiting) await fetch(\`SERVER/\${path}\`);
  }
}

export const outbox = new Outbox();
`,
      'src/task.ts': `${expoTask}import { outbox } from './outbox';

TaskManager.defineTask('drain', async () => {
  try {
    await outbox.drain();
    return BackgroundTask.BackgroundTaskResult.Success;
  } catch {
    return BackgroundTask.BackgroundTaskResult.Failed;
  }
});

void BackgroundTask.registerTaskAsync('drain', { minimumInterval: 15 });
`,
      'App.tsx': screen(`import './src/task';\n`, `console.log('up');`),
    },
    asks: { '': ['/class'] },
    keeps: ['private readonly waiting', `console.log('up');`],
  },
  {
    name: 'expo-background-task, several tasks',
    library: 'expo-background-task',
    files: {
      'src/sync.ts': SYNC,
      'src/tasks.ts': `${expoTask}import { syncAll } from './sync';

TaskManager.defineTask('messages', async () => {
  await syncAll('messages');
  return BackgroundTask.BackgroundTaskResult.Success;
});

TaskManager.defineTask('photos', async () => {
  if (!(await syncAll('photos'))) return BackgroundTask.BackgroundTaskResult.Failed;
  return BackgroundTask.BackgroundTaskResult.Success;
});

export async function registerAll() {
  await Promise.all([
    BackgroundTask.registerTaskAsync('messages', { minimumInterval: 30 }),
    BackgroundTask.registerTaskAsync('photos', { minimumInterval: 24 * 60 }),
  ]);
}
`,
      'App.tsx': screen(`import { registerAll } from './src/tasks';\n`, 'void registerAll();'),
    },
    asks: { '': ['/messages'], photos: ['/photos'] },
    keeps: [],
  },
  {
    name: 'the whole documentation of expo-background-task, with its switch and its status',
    library: 'expo-background-task',
    files: {
      'App.tsx': `import { useEffect, useState } from 'react';
import { Button, StyleSheet, Text, View } from 'react-native';
${expoTask}
const BACKGROUND_TASK_IDENTIFIER = 'background-task';

TaskManager.defineTask(BACKGROUND_TASK_IDENTIFIER, async () => {
  try {
    const now = Date.now();
    console.log(\`Got background task call at date: \${new Date(now).toISOString()}\`);
    await fetch('SERVER/switch');
  } catch (error) {
    console.error('Failed to execute the background task:', error);
    return BackgroundTask.BackgroundTaskResult.Failed;
  }
  return BackgroundTask.BackgroundTaskResult.Success;
});

async function registerBackgroundTaskAsync() {
  return BackgroundTask.registerTaskAsync(BACKGROUND_TASK_IDENTIFIER);
}

// 3. (Optional) Unregister tasks by specifying the task name
async function unregisterBackgroundTaskAsync() {
  return BackgroundTask.unregisterTaskAsync(BACKGROUND_TASK_IDENTIFIER);
}

export default function BackgroundTaskScreen() {
  const [isRegistered, setIsRegistered] = useState<boolean>(false);
  const [status, setStatus] = useState<BackgroundTask.BackgroundTaskStatus | null>(null);

  useEffect(() => {
    updateAsync();
  }, []);

  const updateAsync = async () => {
    const status = await BackgroundTask.getStatusAsync();
    setStatus(status);
    const isRegistered = await TaskManager.isTaskRegisteredAsync(BACKGROUND_TASK_IDENTIFIER);
    setIsRegistered(isRegistered);
  };

  const toggle = async () => {
    if (!isRegistered) {
      await registerBackgroundTaskAsync();
    } else {
      await unregisterBackgroundTaskAsync();
    }
    await updateAsync();
  };

  // 5. Trigger the task worker for testing
  const triggerTask = async () => {
    await BackgroundTask.triggerTaskWorkerForTestingAsync();
  };

  return (
    <View style={styles.screen}>
      <Text>
        Background Task Service Availability:{' '}
        <Text>{status ? BackgroundTask.BackgroundTaskStatus[status] : null}</Text>
      </Text>
      <Button disabled={status === BackgroundTask.BackgroundTaskStatus.Restricted} title="Toggle" onPress={toggle} />
      <Button title="Run Background Task (Debug)" onPress={triggerTask} />
    </View>
  );
}

const styles = StyleSheet.create({ screen: { flex: 1 } });
`,
    },
    asks: { '': ['/switch'] },
    left: ['App.tsx:'],
    keeps: [
      'Got background task call at date',
      'Run Background Task (Debug)',
      '3. (Optional) Unregister',
    ],
  },
  {
    name: 'expo-background-task, a status before it is started, and a listener',
    library: 'expo-background-task',
    files: {
      'src/task.ts': `${expoTask}
export const NAME = 'status';

TaskManager.defineTask<{ id: string }>(NAME, async () => {
  await fetch('SERVER/status');
  return BackgroundTask.BackgroundTaskResult.Success;
});

export async function start(): Promise<boolean> {
  const status = await BackgroundTask.getStatusAsync();
  if (status === BackgroundTask.BackgroundTaskStatus.Restricted) return false;
  await BackgroundTask.registerTaskAsync(NAME, { minimumInterval: 15 });
  return true;
}

export const subscription = BackgroundTask.addExpirationListener(() => console.log('over'));
`,
      'App.tsx': screen(`import { start } from './src/task';\n`, 'void start();'),
    },
    asks: { '': ['/status'] },
    left: ['src/task.ts:'],
    keeps: ['addExpirationListener', 'getStatusAsync'],
  },
  {
    name: 'the documentation of expo-background-fetch',
    library: 'expo-background-fetch',
    files: {
      'src/sync.ts': SYNC,
      'App.tsx': `import { useEffect, useState } from 'react';
import { Text, View } from 'react-native';
${expoFetch}import { syncAll } from './src/sync';

const BACKGROUND_FETCH_TASK = 'background-fetch';

// 1. Define the task by providing a name and the function that should be executed
// Note: This needs to be called in the global scope (e.g outside of your React components)
TaskManager.defineTask(BACKGROUND_FETCH_TASK, async () => {
  const now = Date.now();

  console.log(\`Got background fetch call at date: \${new Date(now).toISOString()}\`);
  await syncAll('fetch-documentation');

  // Be sure to return the successful result type!
  return BackgroundFetch.BackgroundFetchResult.NewData;
});

// 2. Register the task at some point in your app by providing the same name,
// and some configuration options for how the background fetch should behave
// Note: This does NOT need to be in the global scope and CAN be used in your React components!
async function registerBackgroundFetchAsync() {
  return BackgroundFetch.registerTaskAsync(BACKGROUND_FETCH_TASK, {
    minimumInterval: 60 * 15, // 15 minutes
    stopOnTerminate: false, // android only,
    startOnBoot: true, // android only
  });
}

export default function App() {
  const [isUp, setUp] = useState(false);
  useEffect(() => {
    registerBackgroundFetchAsync().then(() => setUp(true));
  }, []);
  return (
    <View>
      <Text>{isUp ? 'up' : 'down'}</Text>
    </View>
  );
}
`,
    },
    asks: { '': ['/fetch-documentation'] },
    keeps: ['Got background fetch call at date', "isUp ? 'up' : 'down'"],
  },
  {
    name: 'expo-background-fetch, a function of another file',
    library: 'expo-background-fetch',
    files: {
      'src/fetch-task.ts': `import { BackgroundFetchResult } from 'expo-background-fetch';

/** Fetches the news. */
export async function fetchNews() {
  const response = await fetch('SERVER/news');
  if (!response.ok) return BackgroundFetchResult.Failed;
  const { items } = (await response.json()) as { items: readonly string[] };
  return items.length > 0 ? BackgroundFetchResult.NewData : BackgroundFetchResult.NoData;
}
`,
      'src/register.ts': `${expoFetch}import { fetchNews } from './fetch-task';

TaskManager.defineTask('news', fetchNews);

export const start = () => BackgroundFetch.registerTaskAsync('news', { minimumInterval: 60 * 60 });
`,
      'App.tsx': screen(`import { start } from './src/register';\n`, 'void start();'),
    },
    asks: { '': ['/news'] },
    keeps: ['/** Fetches the news. */'],
  },
  {
    name: 'expo-background-fetch, a static method and a switch',
    library: 'expo-background-fetch',
    files: {
      'src/service.ts': `${expoFetch}
const NAME = 'service';

export class Service {
  static readonly url = 'SERVER/static';

  static async run(): Promise<void> {
    await fetch(Service.url);
  }
}

TaskManager.defineTask(NAME, async () => {
  await Service.run();
  return BackgroundFetch.BackgroundFetchResult.NewData;
});

export async function toggle(isOn: boolean): Promise<void> {
  if (isOn) {
    await BackgroundFetch.registerTaskAsync(NAME, { minimumInterval: 15 * 60 });
  } else {
    await BackgroundFetch.unregisterTaskAsync(NAME);
  }
}
`,
      'App.tsx': screen(`import { toggle } from './src/service';\n`, 'void toggle(true);'),
    },
    asks: { '': ['/static'] },
    keeps: ['static readonly url', 'void toggle(true);'],
  },
  {
    name: 'expo-background-fetch, several tasks',
    library: 'expo-background-fetch',
    files: {
      'src/sync.ts': SYNC,
      'src/up.ts': `${expoFetch}import { syncAll } from './sync';

TaskManager.defineTask('up', async () => {
  await syncAll('up');
  return BackgroundFetch.BackgroundFetchResult.NewData;
});
void BackgroundFetch.registerTaskAsync('up', { minimumInterval: 15 * 60 });
`,
      'src/down.ts': `${expoFetch}import { syncAll } from './sync';

TaskManager.defineTask('down', async () => {
  await syncAll('down');
  return BackgroundFetch.BackgroundFetchResult.NewData;
});
void BackgroundFetch.registerTaskAsync('down', { minimumInterval: 60 * 60 });
`,
      'App.tsx': screen(`import './src/up';\nimport './src/down';\n`, `console.log('up');`),
    },
    // The files in their order: the first task has no name.
    asks: { '': ['/down'], up: ['/up'] },
    keeps: [],
  },
  {
    name: 'the README of react-native-background-fetch, with a headless task',
    library: 'react-native-background-fetch',
    files: {
      'src/fetch.ts': `${transistor}
export async function onEvent(taskId: string): Promise<void> {
  console.log('[BackgroundFetch] task: ', taskId);
  // Do your background work...
  await fetch('SERVER/readme');
  // IMPORTANT:  You must signal to the OS that your task is complete.
  BackgroundFetch.finish(taskId);
}

// Timeout callback is executed when your Task has exceeded its allowed running-time.
const onTimeout = async (taskId: string) => {
  console.warn('[BackgroundFetch] TIMEOUT task: ', taskId);
  BackgroundFetch.finish(taskId);
};

export async function initBackgroundFetch() {
  // Initialize BackgroundFetch only once when component mounts.
  let status = await BackgroundFetch.configure(
    { minimumFetchInterval: 15, stopOnTerminate: false, startOnBoot: true, enableHeadless: true },
    onEvent,
    onTimeout,
  );

  console.log('[BackgroundFetch] configure status: ', status);
}
`,
      'App.tsx': screen(
        `import { initBackgroundFetch } from './src/fetch';\n`,
        'initBackgroundFetch();',
      ),
    },
    asks: { '': ['/readme'] },
    keeps: ['// Do your background work...'],
  },
  {
    name: 'the README of react-native-background-fetch, as a function component',
    library: 'react-native-background-fetch',
    files: {
      'src/sync.ts': SYNC,
      'App.tsx': screen(
        `import BackgroundFetch from 'react-native-background-fetch';\nimport { syncAll } from './src/sync';\n`,
        `initBackgroundFetch();

    async function initBackgroundFetch() {
      // BackgroundFetch event handler.
      const onEvent = async (taskId: string) => {
        console.log('[BackgroundFetch] task: ', taskId);
        // Do your background work...
        await syncAll('component');
        // IMPORTANT:  You must signal to the OS that your task is complete.
        BackgroundFetch.finish(taskId);
      };

      // Timeout callback is executed when your Task has exceeded its allowed running-time.
      // You must stop what you're doing immediately BackgroundFetch.finish(taskId)
      const onTimeout = async (taskId: string) => {
        console.warn('[BackgroundFetch] TIMEOUT task: ', taskId);
        BackgroundFetch.finish(taskId);
      };

      // Initialize BackgroundFetch only once when component mounts.
      let status = await BackgroundFetch.configure({ minimumFetchInterval: 15 }, onEvent, onTimeout);

      console.log('[BackgroundFetch] configure status: ', status);
    }`,
      ),
    },
    asks: { '': ['/component'] },
    keeps: ['// Do your background work...', '// BackgroundFetch event handler.'],
  },
  {
    name: 'react-native-background-fetch, a function for the timeout that something else uses',
    library: 'react-native-background-fetch',
    files: {
      'src/fetch.ts': `${transistor}
export const onTimeout = (taskId: string) => {
  BackgroundFetch.finish(taskId);
};

BackgroundFetch.configure(
  { minimumFetchInterval: 20 },
  async (taskId) => {
    await fetch('SERVER/late');
    BackgroundFetch.finish(taskId);
  },
  onTimeout,
);
`,
      'App.tsx': screen(
        `import { onTimeout } from './src/fetch';\n`,
        `return () => onTimeout('react-native-background-fetch');`,
      ),
    },
    asks: { '': ['/late'] },
    left: ['src/fetch.ts:'],
    keeps: ['export const onTimeout'],
  },
  {
    name: 'react-native-background-fetch, its work in another file',
    library: 'react-native-background-fetch',
    files: {
      'src/sync.ts': SYNC,
      'src/background.ts': `${transistor}import { syncAll } from './sync';

const run = async (taskId: string): Promise<void> => {
  try {
    await syncAll('another-file');
  } finally {
    BackgroundFetch.finish(taskId);
  }
};

export const start = () =>
  BackgroundFetch.configure(
    { minimumFetchInterval: 60, requiredNetworkType: BackgroundFetch.NETWORK_TYPE_UNMETERED },
    run,
    (taskId) => BackgroundFetch.finish(taskId),
  );
`,
      'App.tsx': screen(`import { start } from './src/background';\n`, 'void start();'),
    },
    asks: { '': ['/another-file'] },
    keeps: ['Sends what waits'],
  },
  {
    name: 'react-native-background-fetch, an object of a class',
    library: 'react-native-background-fetch',
    files: {
      'src/outbox.ts': `class Outbox {
  private readonly paths = ['class'];

  async drain(): Promise<void> {
    for (const path of this.paths) await fetch(\`SERVER/\${path}\`);
  }
}

export const outbox = new Outbox();
`,
      'App.tsx': screen(
        `import BackgroundFetch from 'react-native-background-fetch';\nimport { outbox } from './src/outbox';\n`,
        `BackgroundFetch.configure(
      { minimumFetchInterval: 15 },
      async (taskId) => {
        await outbox.drain();
        BackgroundFetch.finish(taskId);
      },
      (taskId) => {
        BackgroundFetch.finish(taskId);
      },
    );`,
      ),
    },
    asks: { '': ['/class'] },
    keeps: ['private readonly paths'],
  },
  {
    name: 'react-native-background-fetch, inline and headless alike',
    library: 'react-native-background-fetch',
    files: {
      'src/sync.ts': SYNC,
      'src/fetch.ts': `${transistor}import { syncAll } from './sync';

void BackgroundFetch.configure(
  { minimumFetchInterval: 30, requiresCharging: true },
  async (taskId) => {
    await syncAll('inline');
    BackgroundFetch.finish(taskId);
  },
  async (taskId) => {
    BackgroundFetch.finish(taskId);
  },
).then((status) => console.log(status));
`,
      'App.tsx': screen(`import './src/fetch';\n`, `console.log('up');`),
    },
    asks: { '': ['/inline'] },
    keeps: [`console.log('up');`],
  },
  {
    name: 'react-native-background-fetch, a property of the one object of a class',
    library: 'react-native-background-fetch',
    files: {
      'src/sync.ts': SYNC,
      'src/background.ts': `${transistor}import { syncAll } from './sync';

class Background {
  private readonly path = 'property';

  start(): void {
    void BackgroundFetch.configure({ minimumFetchInterval: 20 }, this.onFetch, this.onTimeout);
  }

  private readonly onFetch = async (taskId: string): Promise<void> => {
    await syncAll(this.path);
    BackgroundFetch.finish(taskId);
  };

  private readonly onTimeout = (taskId: string): void => {
    BackgroundFetch.finish(taskId);
  };
}

export const background = new Background();
`,
      'App.tsx': screen(`import { background } from './src/background';\n`, 'background.start();'),
    },
    asks: { '': ['/property'] },
    keeps: ["path = 'property'"],
  },
  {
    name: 'react-native-background-fetch, a bound method',
    library: 'react-native-background-fetch',
    files: {
      'src/background.ts': `${transistor}
class Background {
  path = 'bound';
  async run(taskId: string): Promise<void> {
    await fetch(\`SERVER/\${this.path}\`);
    BackgroundFetch.finish(taskId);
  }
}
const background = new Background();

void BackgroundFetch.configure({ minimumFetchInterval: 20 }, background.run.bind(background), (taskId) => {
  BackgroundFetch.finish(taskId);
});
`,
      'App.tsx': screen(`import './src/background';\n`, `console.log('up');`),
    },
    asks: { '': ['/bound'] },
    keeps: ["path = 'bound'"],
  },
  {
    name: 'expo-background-task, a method of an object of another file',
    library: 'expo-background-task',
    files: {
      'src/sync.ts': `import * as BackgroundTask from 'expo-background-task';

export const sync = {
  async run() {
    const response = await fetch('SERVER/object');
    return response.ok
      ? BackgroundTask.BackgroundTaskResult.Success
      : BackgroundTask.BackgroundTaskResult.Failed;
  },
};
`,
      'src/task.ts': `${expoTask}import { sync } from './sync';

TaskManager.defineTask('sync', sync.run);
void BackgroundTask.registerTaskAsync('sync', { minimumInterval: 60 });
`,
      'App.tsx': screen(`import './src/task';\n`, `console.log('up');`),
    },
    asks: { '': ['/object'] },
    keeps: [],
  },
  {
    name: 'react-native-background-fetch, useCallback',
    library: 'react-native-background-fetch',
    files: {
      'src/sync.ts': SYNC,
      'App.tsx': screen(
        `import { useCallback } from 'react';\nimport BackgroundFetch from 'react-native-background-fetch';\nimport { syncAll } from './src/sync';\n`,
        `void BackgroundFetch.configure({ minimumFetchInterval: 15 }, onEvent, onTimeout);`,
      )
        .replace('}, []);', '}, [onEvent, onTimeout]);')
        .replace(
          '  useEffect(',
          `  const onEvent = useCallback(async (taskId: string) => {
    await syncAll('callback');
    BackgroundFetch.finish(taskId);
  }, []);
  const onTimeout = useCallback((taskId: string) => {
    BackgroundFetch.finish(taskId);
  }, []);
  useEffect(`,
        ),
    },
    asks: { '': ['/callback'] },
    keeps: [],
  },
  {
    name: 'expo-background-task, a wrapper',
    library: 'expo-background-task',
    files: {
      'src/sync.ts': SYNC,
      'src/log.ts': `export const withLogging =
  <T>(task: () => Promise<T>) =>
  async (): Promise<T> => {
    console.log('begins');
    return task();
  };
`,
      'src/task.ts': `${expoTask}import { withLogging } from './log';
import { syncAll } from './sync';

const task = withLogging(async () => {
  const isSent = await syncAll('wrapper');
  return isSent
    ? BackgroundTask.BackgroundTaskResult.Success
    : BackgroundTask.BackgroundTaskResult.Failed;
});
TaskManager.defineTask('sync', task);
void BackgroundTask.registerTaskAsync('sync');
`,
      'App.tsx': screen(`import './src/task';\n`, `console.log('up');`),
    },
    asks: { '': ['/wrapper'] },
    keeps: ["console.log('begins');"],
  },
];

export const REFUSED: readonly RefusedCase[] = [
  {
    name: 'the class of the README of react-native-background-fetch',
    library: 'react-native-background-fetch',
    block: 0,
    says: ['App.js:37: ', 'it uses this'],
  },
  {
    name: 'a task of scheduleTask, of the README',
    library: 'react-native-background-fetch',
    block: 1,
    says: ['scheduleTask has no counterpart'],
  },
  {
    name: 'the headless task of the README, beside another',
    library: 'react-native-background-fetch',
    block: 3,
    says: ['App.js:'],
  },
  {
    name: 'a method of a class of which there are two',
    library: 'react-native-background-fetch',
    files: {
      'App.js': `${transistor}
class Sync {
  async run(taskId) {
    BackgroundFetch.finish(taskId);
  }
  start() {
    BackgroundFetch.configure({}, this.run);
  }
}
export const one = new Sync();
export const two = new Sync();
one.start();
`,
    },
    says: ['App.js:8: ', 'has no name at the top level of its file, or there are several'],
  },
  {
    name: 'a method whose answer is read elsewhere',
    library: 'expo-background-task',
    files: {
      'App.js': `${expoTask}
const sync = {
  async run() {
    return BackgroundTask.BackgroundTaskResult.Success;
  },
};
TaskManager.defineTask('sync', sync.run);
BackgroundTask.registerTaskAsync('sync');
export const now = async () => (await sync.run()) === 1;
`,
    },
    says: ['App.js:11: ', 'run is used here, too'],
  },
  {
    name: 'a method bound to another object',
    library: 'expo-background-task',
    files: {
      'App.js': `${expoTask}
const sync = { async run() { return BackgroundTask.BackgroundTaskResult.Success; } };
const other = {};
TaskManager.defineTask('sync', sync.run.bind(other));
BackgroundTask.registerTaskAsync('sync');
`,
    },
    says: ['App.js:6: ', 'bound to another object'],
  },
  {
    name: 'useCallback that uses state',
    library: 'react-native-background-fetch',
    files: {
      'App.js': `import { useCallback, useEffect, useState } from 'react';
${transistor}
export default function App() {
  const [count] = useState(0);
  const onEvent = useCallback(async (taskId) => {
    await fetch('SERVER/' + count);
    BackgroundFetch.finish(taskId);
  }, [count]);
  useEffect(() => {
    BackgroundFetch.configure({}, onEvent);
  }, [onEvent]);
  return null;
}
`,
    },
    says: ['App.js:7: ', 'it uses count, which is not there'],
  },
  {
    name: 'useCallback that an effect needs which does more',
    library: 'react-native-background-fetch',
    files: {
      'App.js': `import { useCallback, useEffect } from 'react';
${transistor}
export default function App() {
  const onEvent = useCallback(async (taskId) => {
    BackgroundFetch.finish(taskId);
  }, []);
  useEffect(() => {
    document.title = 'Demo';
    BackgroundFetch.configure({}, onEvent);
  }, [onEvent]);
  return null;
}
`,
    },
    says: ['App.js:10: ', 'onEvent is used for something else, too'],
  },
  ...[
    ['of a library', "import { withLogging } from 'logging';", ''],
    [
      'that answers nothing where the task fails',
      '',
      `const withLogging = (task) => async () => {
  try {
    return await task();
  } catch (error) {
    console.warn(error);
  }
};`,
    ],
    [
      'that reads the answer',
      '',
      `const withLogging = (task) => async () => {
  const result = await task();
  return result === 1 ? 2 : result;
};`,
    ],
  ].map(([name, imported, own]): RefusedCase => ({
    name: `a wrapper ${name}`,
    library: 'expo-background-task',
    files: {
      'App.js': `${expoTask}${imported}
${own}
TaskManager.defineTask('sync', withLogging(async () => BackgroundTask.BackgroundTaskResult.Success));
BackgroundTask.registerTaskAsync('sync');
`,
    },
    says: ['it is wrapped in withLogging, of which it cannot be told'],
  })),
  {
    name: 'a loop',
    library: 'expo-background-task',
    files: {
      'App.js': `${expoTask}
for (const name of ['up', 'down']) {
  TaskManager.defineTask(name, async () => BackgroundTask.BackgroundTaskResult.Success);
  BackgroundTask.registerTaskAsync(name);
}
`,
    },
    says: ['App.js:6: ', 'it is in a loop, which a task cannot be'],
  },
];
