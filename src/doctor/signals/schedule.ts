import type { SyncEvent } from '../../events/event.ts';
import { formatDuration } from '../../events/format.ts';
import { onEvents, onRuns, timeOf } from './signal.ts';
import type { Signal } from './signal.ts';

/** https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler/error/code */
const UNAVAILABLE = '1';
const NOT_PERMITTED = new Set(['3', 'not-in-plist']);

const isRefused = (event: SyncEvent, isMeant: (why: string) => boolean): boolean =>
  event.ev === 'schedule.error' && isMeant(event.why ?? '');

const reasonOf = ({ why = 'no reason', msg = '' }: SyncEvent): string =>
  msg === '' ? why : `${why}, ${msg}`;

export const refreshOff: Signal = {
  id: 'R06',
  title: 'iOS takes background tasks from this app',
  severity: 'warning',
  why: 'While Background App Refresh is off, iOS refuses every request: nothing is ever synced in the background.',
  source:
    'https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler/error/code/unavailable',
  fix: 'Turn it on in Settings, General, Background App Refresh, for the app as well. On a Simulator nothing is wrong: it has no scheduler.',
  explain:
    'BGTaskScheduler refused with code 1, unavailable: the user switched Background App Refresh off, for the app or for all, or Low Power Mode did. The app can read `UIApplication.backgroundRefreshStatus` and say so to the user.\n\nThe Simulator always answers like this.',
  watch: onEvents((event) =>
    event.plat === 'ios' && isRefused(event, (why) => why === UNAVAILABLE)
      ? 'iOS refused the next window: unavailable (code 1)'
      : undefined,
  ),
};

export const notPermitted: Signal = {
  id: 'R07',
  title: 'The build that ran permits its task id',
  severity: 'error',
  why: 'The Info.plist of the shipped build lacks the id or the mode `processing`: no request is ever accepted.',
  source:
    'https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler/error/code/notpermitted',
  fix: 'Run `npx bgsync doctor` in the repo of that build (I01, I03), mend the Info.plist of each target, and ship a new build.',
  explain:
    'BGTaskScheduler refused with code 3, notPermitted, or the task’s id was not in the Info.plist at launch. The repo may be right by now: the log tells of the build that ran. Builds with an Info.plist of their own (another target, another configuration, a plist that a script writes) are what is usually forgotten.',
  watch: onEvents((event) =>
    isRefused(event, (why) => NOT_PERMITTED.has(why))
      ? `iOS refused the next window: not permitted (${reasonOf(event)})`
      : undefined,
  ),
};

export const refused: Signal = {
  id: 'R08',
  title: 'The platform accepts the next window',
  severity: 'error',
  why: 'Without a window that the platform accepted, nothing runs any more.',
  source: 'https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler/submit(_:)',
  fix: 'Read the reason in the message; `npx bgsync status` shows what is scheduled now, and `npx bgsync doctor` what the repo lacks.',
  explain:
    'The platform refused or did not answer: on iOS too many pending requests (code 2), a task that was not registered at launch, or no answer from the scheduler; on Android WorkManager is not initialized or its database is broken, which is the exception that is named.\n\nA request after `cancel` is refused as well, and is no defect.',
  watch: () => {
    let isWithdrawn = false;
    const inner = onEvents((event) =>
      isRefused(event, (why) => why !== UNAVAILABLE && !NOT_PERMITTED.has(why)) &&
      !(isWithdrawn && event.why === 'not-registered')
        ? `the next window was refused: ${reasonOf(event)}`
        : undefined,
    )();
    return {
      event(event, line) {
        if (event.ev === 'cancel') isWithdrawn = true;
        else if (event.ev === 'register') isWithdrawn = false;
        inner.event?.(event, line);
      },
      finish: () => inner.finish(),
    };
  },
};

export const healed: Signal = {
  id: 'R10',
  title: 'The schedule never dies',
  severity: 'warning',
  why: 'Dead work is only armed again when the app is opened: until then nothing was synced.',
  source:
    'https://developer.android.com/develop/background-work/background-tasks/persistent/how-to/states',
  fix: 'Look for code that cancels all work (`cancelAllWork`, a logout that clears everything) or its own worker that fails; after it call `BackgroundSync.register()`.',
  explain:
    'At the app’s start the scheduled work was found FAILED, CANCELLED or SUCCEEDED, or on iOS the request was gone, and it was armed again (`heal`). On Android the usual causes are `WorkManager.cancelAllWork()` somewhere in the app or in a library, and a worker class that could not be created (renamed, or stripped by R8); `lost` is work whose job WorkManager itself took away, which its versions before 2.12.0 can do when another work of the app is enqueued in the moment a run ends. On iOS a request is lost after a restore to another device, or when someone calls `cancelAllTaskRequests()`.',
  watch: onEvents(({ ev, why = 'dead' }) =>
    ev === 'heal' ? `the schedule was ${why} and had to be armed again` : undefined,
  ),
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Doze defers Android’s jobs for hours; iOS runs the task at night, on the charger. Milliseconds. */
const PATIENCE: Readonly<Record<string, number>> = { android: 12 * HOUR, ios: 72 * HOUR };

export const neverRuns: Signal = {
  id: 'R13',
  title: 'Windows come about when they are due',
  severity: 'warning',
  why: 'The app was used, and the sync that was due long before had not run: something keeps the system from starting it.',
  source: 'https://dontkillmyapp.com',
  fix: 'Run `npx bgsync doctor --device`: force-stop, a restricted app, battery saver. On phones of vendors with task killers the user has to allow the app to run in the background.',
  explain:
    'A window was due, and the next thing that this log has of the app, long after, is not a run by the system: on Android more than twelve hours and three intervals late, on iOS three days. After a force-stop or a swipe away on some phones Android starts nothing of the app; iOS starts nothing after the user swiped the app away, until it is opened again.\n\nA phone that was switched off looks the same.',
  watch: () => {
    let due: { readonly next: number; readonly limit: number } | undefined;
    let found: { readonly line: number; readonly message: string } | undefined;
    return {
      event(event, line) {
        const patience = PATIENCE[event.plat];
        if (patience === undefined) return;
        if (due !== undefined && event.ts > due.limit) {
          const late = formatDuration(event.ts - due.next);
          found ??= {
            line,
            message: `the window that was due at ${timeOf(due.next)} had not come ${late} later`,
          };
        }
        if (event.ev === 'cancel') due = undefined;
        else if (event.next !== undefined && event.next > 0) {
          const limit = event.next + Math.max(3 * (event.next - event.ts), patience);
          due = { next: event.next, limit };
        }
      },
      finish: () => found,
    };
  },
};

export const chainEnds: Signal = {
  id: 'R18',
  title: 'Each iOS run sets the next window',
  severity: 'error',
  why: 'A BGTask request is used up by its run. Without a new one the app is never started again in the background.',
  source: 'https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler/submit(_:)',
  fix: 'If you changed the generated Swift, submit the next request before the work starts; compare it with `npx bgsync doctor --only X01`.',
  explain:
    'A run ended and no `schedule` stood between its start and its end, nor a refusal. The generated code submits the next request as soon as iOS starts the task, and again when it ends: only changed code, or a log with lines missing, looks like this.',
  watch: onRuns(({ plat, outcome, isScheduled, isWhole }) =>
    plat === 'ios' && isWhole && !isScheduled && outcome !== 'skipped' && outcome !== 'killed'
      ? 'it set no next window'
      : undefined,
  ),
};
