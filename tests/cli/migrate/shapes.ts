/**
 * Tasks in the shapes that the READMEs, documentation and examples of the old libraries show, and that apps make of them:
 * expo-background-task 57, expo-background-fetch 58, react-native-background-fetch 4.4.
 */
export interface Shape {
  readonly library: string;
  /** Files of the app, by path. */
  readonly files: Readonly<Record<string, string>>;
}

const expo = (library: string, files: Record<string, string>): Shape => ({ library, files });
const TASK = 'expo-background-task';
const FETCH = 'expo-background-fetch';
const TRANSISTOR = 'react-native-background-fetch';

const SYNC = 'export async function syncAll(): Promise<void> {}\n';

export const SHAPES: Readonly<Record<string, Shape>> = {
  'the documentation of expo-background-task, in App.tsx': expo(TASK, {
    'src/sync.ts': SYNC,
    'App.tsx': `import * as BackgroundTask from 'expo-background-task';
import * as TaskManager from 'expo-task-manager';
import { useEffect, useState } from 'react';
import { Text } from 'react-native';
import { syncAll } from './src/sync';

const BACKGROUND_TASK_IDENTIFIER = 'background-task';

// Register and create the task so that it is available also when the screen is not visible.
// Note: This needs to be called outside of a React component.
TaskManager.defineTask(BACKGROUND_TASK_IDENTIFIER, async () => {
  try {
    const now = Date.now();
    console.log(\`Got background task call at date: \${new Date(now).toISOString()}\`);
    await syncAll(); // all of it
  } catch (error) {
    console.error('Failed to execute the background task:', error);
    return BackgroundTask.BackgroundTaskResult.Failed;
  }
  return BackgroundTask.BackgroundTaskResult.Success;
});

// Register the task at some point in your app.
async function registerBackgroundTaskAsync() {
  return BackgroundTask.registerTaskAsync(BACKGROUND_TASK_IDENTIFIER);
}

export default function App() {
  const [text] = useState('Demo');

  useEffect(() => {
    registerBackgroundTaskAsync();
  }, []);

  return <Text>{text}</Text>;
}
`,
  }),
  'a switch: the app ends the task, too': expo(TASK, {
    'src/settings.ts': `import * as BackgroundTask from "expo-background-task"
import * as TaskManager from "expo-task-manager"

const NAME = "sync"

TaskManager.defineTask(NAME, async () => {
  await fetch("https://example.com/ping")
  return BackgroundTask.BackgroundTaskResult.Success
})

export async function setSync(on: boolean): Promise<void> {
  if (on) {
    return BackgroundTask.registerTaskAsync(NAME, { minimumInterval: 30 })
  }
  await BackgroundTask.unregisterTaskAsync(NAME)
}
`,
  }),
  'names of their own, and an interval in a constant': expo(TASK, {
    'src/tasks/constants.ts': `export const SYNC_TASK = 'SYNC_TASK';
export const INTERVAL = 2 * 60;
`,
    'src/tasks/sync.ts': SYNC,
    'src/tasks/background.ts': `import { BackgroundTaskResult as Result, registerTaskAsync } from 'expo-background-task';
import { defineTask, isTaskRegisteredAsync } from 'expo-task-manager';
import { INTERVAL, SYNC_TASK } from './constants';
import { syncAll } from './sync';

defineTask(SYNC_TASK, async () => {
  await syncAll();
  return Result.Success;
});

export const startBackgroundSync = async () => {
  const isRegistered = await isTaskRegisteredAsync(SYNC_TASK);
  if (!isRegistered) {
    await registerTaskAsync(SYNC_TASK, { minimumInterval: INTERVAL });
    console.log('registered');
  }
};
`,
    'App.tsx': `import { useEffect } from 'react';
import { Text } from 'react-native';
import { startBackgroundSync } from './src/tasks/background';

export default function App() {
  useEffect(() => {
    startBackgroundSync().catch(error => console.warn(error));
  }, []);
  return <Text>Demo</Text>;
}
`,
  }),
  'a function with a name, in another file': expo(TASK, {
    'src/sync-task.ts': `import * as BackgroundTask from 'expo-background-task';

let runs = 0;

/** Sends what waits. */
export async function syncTask(): Promise<BackgroundTask.BackgroundTaskResult> {
  runs += 1;
  const response = await fetch('https://example.com/queue');
  return response.ok ? BackgroundTask.BackgroundTaskResult.Success : BackgroundTask.BackgroundTaskResult.Failed;
}
`,
    'src/register.ts': `import * as BackgroundTask from 'expo-background-task';
import * as TaskManager from 'expo-task-manager';
import { syncTask } from './sync-task';

TaskManager.defineTask('sync', syncTask);
void BackgroundTask.registerTaskAsync('sync', { minimumInterval: 15 });
`,
    'App.tsx': `import { Text } from 'react-native';
import './src/register';

export default function App() {
  return <Text>Demo</Text>;
}
`,
  }),
  'a body that uses its own file stays in it': expo(TASK, {
    'src/outbox.ts': `import * as BackgroundTask from 'expo-background-task';
import * as TaskManager from 'expo-task-manager';

const TASK = 'outbox';
const waiting: string[] = [];

async function flush() {
  while (waiting.length > 0) {
    await fetch(waiting[0] ?? '');
    waiting.shift();
  }
}

// Sends what waits.
TaskManager.defineTask(TASK, async () => {
  try {
    await flush();
    return BackgroundTask.BackgroundTaskResult.Success;
  } catch {
    return BackgroundTask.BackgroundTaskResult.Failed;
  }
});

export const add = (url: string) => waiting.push(url);

BackgroundTask.registerTaskAsync(TASK, { minimumInterval: 60 * 8 }).catch(console.warn);
`,
  }),
  'JavaScript, tabs, no semicolons': expo(TASK, {
    'src/sync.js': 'export const syncAll = async () => {}\n',
    'src/background.js': `import * as BackgroundTask from 'expo-background-task'
import * as TaskManager from 'expo-task-manager'
import { syncAll } from './sync'

TaskManager.defineTask('sync', async () => {
\tif (!(await syncAll())) {
\t\treturn BackgroundTask.BackgroundTaskResult.Failed
\t}
\treturn BackgroundTask.BackgroundTaskResult.Success
})

export async function register() {
\ttry {
\t\tawait BackgroundTask.registerTaskAsync('sync', { minimumInterval: 20 })
\t} catch (error) {
\t\tconsole.log('no task', error)
\t}
}
`,
    'App.js': `import { useEffect } from 'react'
import { Text } from 'react-native'
import { register } from './src/background'

export default function App() {
\tuseEffect(() => {
\t\t(async () => {
\t\t\tawait register()
\t\t})()
\t}, [])
\treturn <Text>Demo</Text>
}
`,
  }),
  'two tasks': expo(TASK, {
    'src/tasks.ts': `import * as BackgroundTask from 'expo-background-task';
import * as TaskManager from 'expo-task-manager';

TaskManager.defineTask('sync', async () => {
  await fetch('https://example.com/sync');
  return BackgroundTask.BackgroundTaskResult.Success;
});

TaskManager.defineTask('UPLOAD_PHOTOS', async () => {
  const { ok } = await fetch('https://example.com/photos');
  if (!ok) return BackgroundTask.BackgroundTaskResult.Failed;
  return BackgroundTask.BackgroundTaskResult.Success;
});

BackgroundTask.registerTaskAsync('sync', { minimumInterval: 30 });
BackgroundTask.registerTaskAsync('UPLOAD_PHOTOS', { minimumInterval: 24 * 60 });
`,
  }),
  'a task of expo-location beside it stays': expo(TASK, {
    'src/tasks.ts': `import * as BackgroundTask from 'expo-background-task';
import * as Location from 'expo-location';
import * as TaskManager from 'expo-task-manager';

TaskManager.defineTask('places', async ({ data, error }) => {
  if (error) return;
  console.log(data);
});

TaskManager.defineTask('sync', async () => {
  await fetch('https://example.com/sync');
});

export async function start() {
  await Location.startLocationUpdatesAsync('places');
  await BackgroundTask.registerTaskAsync('sync');
}
`,
  }),
  'promises, and a function for the answer': expo(TASK, {
    'src/task.ts': `import * as BackgroundTask from 'expo-background-task';
import * as TaskManager from 'expo-task-manager';

function send() {
  return fetch('https://example.com/sync')
    .then(() => BackgroundTask.BackgroundTaskResult.Success)
    .catch(() => BackgroundTask.BackgroundTaskResult.Failed);
}

TaskManager.defineTask('sync', () => send());
BackgroundTask.registerTaskAsync('sync', {}).then(() => console.log('on'));
`,
  }),
  'the state of the task on a screen is left, with its lines': expo(TASK, {
    'src/Status.tsx': `import * as BackgroundTask from 'expo-background-task';
import * as TaskManager from 'expo-task-manager';
import { useEffect, useState } from 'react';
import { Text } from 'react-native';

TaskManager.defineTask('sync', async () => {
  await fetch('https://example.com/sync');
  return BackgroundTask.BackgroundTaskResult.Success;
});

export function Status() {
  const [status, setStatus] = useState<BackgroundTask.BackgroundTaskStatus | null>(null);
  useEffect(() => {
    BackgroundTask.getStatusAsync().then(setStatus);
    BackgroundTask.registerTaskAsync('sync');
  }, []);
  return <Text>{status === null ? '' : BackgroundTask.BackgroundTaskStatus[status]}</Text>;
}
`,
  }),
  'CRLF and a byte order mark': expo(TASK, {
    'src/task.ts': `\uFEFFimport * as BackgroundTask from 'expo-background-task';
import * as TaskManager from 'expo-task-manager';

export const version = 1;

TaskManager.defineTask('sync', async () => {
  await fetch('https://example.com/sync');
  return BackgroundTask.BackgroundTaskResult.Success;
});

void BackgroundTask.registerTaskAsync('sync');
`.replaceAll('\n', '\r\n'),
  }),
  'the documentation of expo-background-fetch: seconds': expo(FETCH, {
    'App.js': `import { Text } from 'react-native';
import * as BackgroundFetch from 'expo-background-fetch';
import * as TaskManager from 'expo-task-manager';

const BACKGROUND_FETCH_TASK = 'background-fetch';

// 1. Define the task by providing a name and the function that should be executed
// Note: This needs to be called in the global scope (e.g outside of your React components)
TaskManager.defineTask(BACKGROUND_FETCH_TASK, async () => {
  const now = Date.now();

  console.log(\`Got background fetch call at date: \${new Date(now).toISOString()}\`);

  // Be sure to return the successful result type!
  return BackgroundFetch.BackgroundFetchResult.NewData;
});

async function registerBackgroundFetchAsync() {
  return BackgroundFetch.registerTaskAsync(BACKGROUND_FETCH_TASK, {
    minimumInterval: 60 * 30, // 30 minutes
    stopOnTerminate: false, // android only,
    startOnBoot: true, // android only
  });
}

registerBackgroundFetchAsync();

export default function App() {
  return <Text>Demo</Text>;
}
`,
  }),
  'three answers of expo-background-fetch': expo(FETCH, {
    'src/fetch.ts': `import * as BackgroundFetch from 'expo-background-fetch';
import * as TaskManager from 'expo-task-manager';

TaskManager.defineTask('news', async () => {
  try {
    const response = await fetch('https://example.com/news');
    const items: unknown[] = await response.json();
    return items.length > 0
      ? BackgroundFetch.BackgroundFetchResult.NewData
      : BackgroundFetch.BackgroundFetchResult.NoData;
  } catch (error) {
    return BackgroundFetch.BackgroundFetchResult.Failed;
  }
});

BackgroundFetch.registerTaskAsync('news', { minimumInterval: 15 * 60 });
`,
  }),
  'the README of react-native-background-fetch, in an effect': expo(TRANSISTOR, {
    'src/sync.ts': SYNC,
    'App.tsx': `import { useEffect } from 'react';
import { Text } from 'react-native';
import BackgroundFetch from 'react-native-background-fetch';
import { syncAll } from './src/sync';

export default function App() {
  useEffect(() => {
    initBackgroundFetch();
  }, []);

  const initBackgroundFetch = async () => {
    // Initialize BackgroundFetch only once when component mounts.
    let status = await BackgroundFetch.configure(
      {
        minimumFetchInterval: 30, // <-- minutes (15 is minimum allowed)
        stopOnTerminate: false,
        enableHeadless: true,
        requiredNetworkType: BackgroundFetch.NETWORK_TYPE_UNMETERED,
        requiresCharging: true,
      },
      async (taskId: string) => {
        console.log('[BackgroundFetch] taskId', taskId);
        // Perform your work here.
        await syncAll();
        BackgroundFetch.finish(taskId);
      },
      (taskId: string) => {
        console.warn('[BackgroundFetch] TIMEOUT taskId:', taskId);
        BackgroundFetch.finish(taskId);
      },
    );
    console.log('[BackgroundFetch] configure status: ', status);
  };

  return <Text>Demo</Text>;
}
`,
  }),
  'one function for both, and a switch': expo(TRANSISTOR, {
    'src/fetch.ts': `import BackgroundFetch from 'react-native-background-fetch';

const URL = 'https://example.com/sync';

const onFetch = async (taskId: string) => {
  try {
    await fetch(URL);
  } catch (error) {
    console.warn(error);
  } finally {
    BackgroundFetch.finish(taskId);
  }
};

export function start() {
  BackgroundFetch.configure({ minimumFetchInterval: 15 }, onFetch, (taskId: string) => {
    BackgroundFetch.finish(taskId);
  });
}

export const pause = () => BackgroundFetch.stop();
export const resume = () => BackgroundFetch.start();

BackgroundFetch.registerHeadlessTask(onFetch);
`,
  }),
  'functions with names of their own within another, as the README has them': expo(TRANSISTOR, {
    'src/sync.ts': SYNC,
    'src/useSync.ts': `import { useEffect } from 'react';
import BackgroundFetch from 'react-native-background-fetch';
import { syncAll } from './sync';

export function useSync() {
  useEffect(() => {
    initBackgroundFetch();
  }, []);

  async function initBackgroundFetch() {
    // BackgroundFetch event handler.
    const onEvent = async (taskId: string) => {
      console.log('[BackgroundFetch] task: ', taskId);
      await syncAll();
      BackgroundFetch.finish(taskId);
    };

    // Timeout callback is executed when your Task has exceeded its allowed running-time.
    const onTimeout = async (taskId: string) => {
      console.warn('[BackgroundFetch] TIMEOUT task: ', taskId);
      BackgroundFetch.finish(taskId);
    };

    const status = await BackgroundFetch.configure({ minimumFetchInterval: 15 }, onEvent, onTimeout);
    console.log('[BackgroundFetch] configure status: ', status);
  }
}
`,
  }),
  'a function for the timeout in another file': expo(TRANSISTOR, {
    'src/late.ts': `import BackgroundFetch from 'react-native-background-fetch';

export const LIMIT = 30;

// Says that it is over.
export function onTimeout(taskId: string) {
  BackgroundFetch.finish(taskId);
}
`,
    'src/fetch.ts': `import BackgroundFetch from 'react-native-background-fetch';
import { onTimeout } from './late';

async function onFetch(taskId: string) {
  await fetch('https://example.com/sync');
  BackgroundFetch.finish(taskId);
}

export const start = () => BackgroundFetch.configure({ minimumFetchInterval: 20 }, onFetch, onTimeout);
`,
  }),
  'a chain that says when it is over': expo(TRANSISTOR, {
    'src/fetch.js': `import BackgroundFetch from 'react-native-background-fetch';

BackgroundFetch.configure(
  { minimumFetchInterval: 15, requiresDeviceIdle: true },
  taskId => {
    fetch('https://example.com/sync').finally(() => BackgroundFetch.finish(taskId));
  },
  taskId => BackgroundFetch.finish(taskId),
);
`,
  }),
};

/** What is refused, and by which words; nothing is changed then. */
export const REFUSED: Readonly<Record<string, Shape & { readonly says: readonly string[] }>> = {
  'a body that reads what only a screen has': {
    ...expo(TRANSISTOR, {
      'App.js': `import { useEffect, useState } from 'react';
import BackgroundFetch from 'react-native-background-fetch';

export default function App() {
  const [events, setEvents] = useState([]);
  useEffect(() => {
    BackgroundFetch.configure({ minimumFetchInterval: 15 }, async taskId => {
      setEvents([...events, taskId]);
      BackgroundFetch.finish(taskId);
    });
  }, []);
  return null;
}
`,
    }),
    says: ['App.js:8: ', 'it uses setEvents', 'it uses events'],
  },
  'the example of a class of react-native-background-fetch': {
    ...expo(TRANSISTOR, {
      'App.js': `import React from 'react';
import BackgroundFetch from 'react-native-background-fetch';

export default class App extends React.Component {
  componentDidMount() {
    BackgroundFetch.configure({ minimumFetchInterval: 15 }, async taskId => {
      await this.addEvent(taskId);
      BackgroundFetch.finish(taskId);
    });
  }
  addEvent(taskId) {}
  render() {
    return null;
  }
}
`,
    }),
    says: ['App.js:7: ', 'it uses this'],
  },
  scheduleTask: {
    ...expo(TRANSISTOR, {
      'src/fetch.js': `import BackgroundFetch from 'react-native-background-fetch';

BackgroundFetch.configure({}, async taskId => {
  BackgroundFetch.finish(taskId);
});
BackgroundFetch.scheduleTask({ taskId: 'com.transistorsoft.x', delay: 1000 });
`,
    }),
    says: ['src/fetch.js:6: ', 'scheduleTask has no counterpart'],
  },
  'another headless task': {
    ...expo(TRANSISTOR, {
      'src/fetch.js': `import BackgroundFetch from 'react-native-background-fetch';

BackgroundFetch.configure({}, async taskId => {
  BackgroundFetch.finish(taskId);
});
BackgroundFetch.registerHeadlessTask(async event => {
  if (event.timeout) {
    BackgroundFetch.finish(event.taskId);
    return;
  }
  await fetch('https://example.com');
  BackgroundFetch.finish(event.taskId);
});
`,
    }),
    says: ['src/fetch.js:6: ', 'the headless task is another function'],
  },
  'a timeout that does something': {
    ...expo(TRANSISTOR, {
      'src/fetch.js': `import BackgroundFetch from 'react-native-background-fetch';
import { abort } from './sync';

BackgroundFetch.configure(
  {},
  async taskId => BackgroundFetch.finish(taskId),
  async taskId => {
    abort();
    BackgroundFetch.finish(taskId);
  },
);
`,
      'src/sync.js': 'export const abort = () => {};\n',
    }),
    says: ['src/fetch.js:7: ', 'window.signal'],
  },
  'an id that the body compares': {
    ...expo(TRANSISTOR, {
      'src/fetch.js': `import BackgroundFetch from 'react-native-background-fetch';

BackgroundFetch.configure({}, async taskId => {
  if (taskId === 'com.transistorsoft.x') await fetch('https://example.com');
  BackgroundFetch.finish(taskId);
});
`,
    }),
    says: ['src/fetch.js:4: ', 'it reads taskId'],
  },
  'an answer in a variable': {
    ...expo(TASK, {
      'src/task.ts': `import * as BackgroundTask from 'expo-background-task';
import * as TaskManager from 'expo-task-manager';

TaskManager.defineTask('sync', async () => {
  let result = BackgroundTask.BackgroundTaskResult.Success;
  if (!(await fetch('https://example.com')).ok) result = BackgroundTask.BackgroundTaskResult.Failed;
  return result;
});
BackgroundTask.registerTaskAsync('sync');
`,
    }),
    says: ['src/task.ts:7: ', 'what it answers here cannot be told'],
  },
  'data that the task reads': {
    ...expo(TASK, {
      'src/task.ts': `import * as BackgroundTask from 'expo-background-task';
import * as TaskManager from 'expo-task-manager';

TaskManager.defineTask('sync', async ({ error }) => {
  if (error) return BackgroundTask.BackgroundTaskResult.Failed;
  return BackgroundTask.BackgroundTaskResult.Success;
});
BackgroundTask.registerTaskAsync('sync');
`,
    }),
    says: ['src/task.ts:5: ', 'it reads error'],
  },
  'a task that nobody defines, and a name that only a run knows': {
    ...expo(TASK, {
      'src/task.ts': `import * as BackgroundTask from 'expo-background-task';

BackgroundTask.registerTaskAsync('sync');
BackgroundTask.registerTaskAsync(String(Date.now()));
`,
    }),
    says: ['src/task.ts:3: ', 'there is no TaskManager.defineTask for sync', 'src/task.ts:4: '],
  },
  'a function whose answer is read elsewhere': {
    ...expo(TASK, {
      'src/task.ts': `import { BackgroundTaskResult, registerTaskAsync } from 'expo-background-task';
import { defineTask } from 'expo-task-manager';

export async function sync() {
  await fetch('https://example.com');
  return BackgroundTaskResult.Success;
}
defineTask('sync', sync);
registerTaskAsync('sync');
`,
      'src/screen.ts': `import { sync } from './task';

export const refresh = async () => ((await sync()) === 1 ? 'ok' : 'no');
`,
    }),
    says: ['src/screen.ts:3: ', 'sync is used here, too'],
  },
  'an answer of a function that is no task': {
    ...expo(FETCH, {
      'src/task.ts': `import * as BackgroundFetch from 'expo-background-fetch';
import * as TaskManager from 'expo-task-manager';

export const say = () => BackgroundFetch.BackgroundFetchResult.NewData;
TaskManager.defineTask('sync', async () => {
  await fetch('https://example.com');
  return BackgroundFetch.BackgroundFetchResult.NewData;
});
BackgroundFetch.registerTaskAsync('sync');
`,
    }),
    says: ['src/task.ts:4: ', 'is not what a task returns'],
  },
};
