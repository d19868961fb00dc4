import { BACKGROUND_FETCH, TASK_MANAGER } from '../doctor/code/task-libraries.ts';

export { BACKGROUND_FETCH, TASK_MANAGER };

export type OldLibrary =
  | 'expo-background-task'
  | 'expo-background-fetch'
  | 'react-native-background-fetch';

/** What an old library is known by. From the packages themselves: expo-background-task 57, expo-background-fetch 58, react-native-background-fetch 4.4. */
export interface LibraryFacts {
  readonly name: OldLibrary;
  /** The enum of what a task answers, and what each of its members means; undefined where a task answers nothing. */
  readonly results:
    | { readonly owner: string; readonly meaning: Readonly<Record<string, 'done' | 'retry'>> }
    | undefined;
  /** The minutes of one unit of its interval, and the interval where none is asked for, minutes. */
  readonly unitMinutes: number;
  readonly defaultMinutes: number;
  /** Under which its requests stay pending on iOS over an update of the app. */
  readonly iosIds: readonly string[];
  /** Of UIBackgroundModes, what it alone needs where nothing else does. */
  readonly iosModes: readonly string[];
  /** What becomes of what the version before has scheduled, for the steps that are printed. */
  readonly onPhones: string;
}

const IOS_KEPT =
  'On iOS the generated package takes its pending request, and cancels it: its id stays in the Info.plist until `npx bgsync update --forget-ids`';

export const LIBRARIES: readonly LibraryFacts[] = [
  {
    name: 'expo-background-task',
    results: { owner: 'BackgroundTaskResult', meaning: { Success: 'done', Failed: 'retry' } },
    unitMinutes: 1,
    defaultMinutes: 720,
    iosIds: ['com.expo.modules.backgroundtask.processing'],
    iosModes: [],
    onPhones: `Phones that have the old task: ${IOS_KEPT}. On Android 8 and newer the old work fails once, as its class is gone: a line in logcat.`,
  },
  {
    name: 'expo-background-fetch',
    results: {
      owner: 'BackgroundFetchResult',
      meaning: { NewData: 'done', NoData: 'done', Failed: 'retry' },
    },
    unitMinutes: 1 / 60,
    defaultMinutes: 15,
    iosIds: [],
    iosModes: ['fetch'],
    onPhones:
      'Phones that have the old task: iOS no longer calls the fetch of before iOS 13, as the Info.plist has permitted identifiers. On Android its alarm wakes no one, once the class is gone.',
  },
  {
    name: BACKGROUND_FETCH,
    results: undefined,
    unitMinutes: 1,
    defaultMinutes: 15,
    iosIds: ['com.transistorsoft.fetch'],
    iosModes: ['fetch'],
    onPhones: `Phones that have the old task: ${IOS_KEPT}. Android starts no job whose class the app no longer has.`,
  },
];
