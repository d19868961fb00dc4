/** Expo's schedulers of background tasks: what is registered is kept, and run by nobody here. */
import { sharedStore } from './store.ts';
import type { StandIn, StandInWorld } from './stand-in.ts';

interface Registered {
  readonly taskName: string;
  readonly taskType: string;
  readonly options: object;
}

/** What the three packages share: `TaskService` on the phone. */
function tasksOf(world: StandInWorld) {
  const store = sharedStore(world, 'expo-task-manager');
  const get = (name: string): Registered | undefined => {
    const text = store.get(name);
    return text === undefined ? undefined : (JSON.parse(text) as Registered);
  };
  return {
    get,
    all: () => store.keys.flatMap((name) => get(name) ?? []),
    keep: (task: Registered) => store.set([task.taskName, JSON.stringify(task)]),
    drop(name: string) {
      if (!store.delete(name)) throw new Error(`Task '${name}' not found for app ID 'bgsync'.`);
    },
    clear: () => void store.delete(...store.keys),
  };
}

const KEEPS = 'a file, no task is run';

/** https://docs.expo.dev/versions/latest/sdk/task-manager/ */
export const expoTaskManager: StandIn = {
  packageName: 'expo-task-manager',
  keeps: KEEPS,
  expo: {
    ExpoTaskManager(world) {
      const tasks = tasksOf(world);
      return {
        EVENT_NAME: 'TaskManager.executeTask',
        isAvailableAsync: () => Promise.resolve(true),
        isTaskRegisteredAsync: (name: string) => Promise.resolve(tasks.get(name) !== undefined),
        async getTaskOptionsAsync(name: string) {
          await Promise.resolve();
          return tasks.get(name)?.options ?? null;
        },
        getRegisteredTasksAsync: () => Promise.resolve(tasks.all()),
        async unregisterTaskAsync(name: string) {
          await Promise.resolve();
          tasks.drop(name);
        },
        unregisterAllTasksAsync: () => Promise.resolve(tasks.clear()),
        notifyTaskFinishedAsync: () => Promise.resolve(null),
      };
    },
  },
};

/** @param available the package's own value for a phone that runs tasks */
const scheduler = (
  packageName: string,
  module: string,
  taskType: string,
  available: number,
): StandIn => ({
  packageName,
  keeps: KEEPS,
  expo: {
    [module](world) {
      const tasks = tasksOf(world);
      return {
        getStatusAsync: () => Promise.resolve(available),
        async registerTaskAsync(name: string, options: object = {}) {
          await Promise.resolve();
          tasks.keep({ taskName: name, taskType, options });
          world.note(
            `${packageName}: the task “${name}” is kept as registered, and not run here: trigger runs the handler of bgsync alone.`,
          );
        },
        async unregisterTaskAsync(name: string) {
          await Promise.resolve();
          tasks.drop(name);
        },
        setMinimumIntervalAsync: () => Promise.resolve(null),
        triggerTaskWorkerForTestingAsync: () => Promise.resolve(false),
      };
    },
  },
});

/** https://docs.expo.dev/versions/latest/sdk/background-task/: `BackgroundTaskStatus.Available` */
export const expoBackgroundTask = scheduler(
  'expo-background-task',
  'ExpoBackgroundTask',
  'expo-background-task',
  2,
);

/** https://docs.expo.dev/versions/latest/sdk/background-fetch/: `BackgroundFetchStatus.Available` */
export const expoBackgroundFetch = scheduler(
  'expo-background-fetch',
  'ExpoBackgroundFetch',
  'backgroundFetch',
  3,
);
