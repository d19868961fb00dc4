import { onEvents, onMostRuns } from './signal.ts';
import type { Signal } from './signal.ts';

const QUOTA = new Set(['quota', 'app-standby']);

/** 40 rare, 45 restricted: https://developer.android.com/topic/performance/appstandby */
const RARE = 40;

export const quota: Signal = {
  id: 'R03',
  title: 'Runs stay within the app’s quota',
  severity: 'info',
  why: 'Android stopped a run because the app had used up what its standby bucket allows.',
  source: 'https://developer.android.com/topic/performance/appstandby',
  fix: 'Nothing, where it is seldom. Else make runs shorter or fewer: a longer `schedule.intervalMinutes`, a smaller batch.',
  explain:
    'Each standby bucket has a quota of time for jobs: the less the app is used, the smaller. A run that is stopped with the reason quota or app-standby is reported as expired and goes on in the next window.',
  watch: onEvents(({ ev, why = '', run = '?' }) =>
    ev === 'expire' && QUOTA.has(why) ? `Android stopped run ${run}: ${why}` : undefined,
  ),
};

export const restricted: Signal = {
  id: 'R04',
  title: 'The app is free to run in the background',
  severity: 'info',
  why: 'In the buckets rare and restricted Android runs an app’s jobs about once a day, and a background restriction stops them.',
  source: 'https://developer.android.com/topic/performance/background-optimization#bg-restrict',
  fix: 'Using the app lifts it out of its bucket. A background restriction is the user’s: ask for it to be lifted in the app’s battery settings.',
  explain:
    'The system puts apps that are seldom used into the bucket rare, and those that misbehave, or that the user restricted, into restricted. Both are legitimate; a sync that has to be fresh needs a push message with high priority instead.',
  watch: onEvents(({ env, why, ev }) => {
    const bucket = env?.bucket ?? 0;
    if (bucket >= RARE) return `the app was in the standby bucket ${bucket}`;
    return ev === 'expire' && why === 'background-restriction'
      ? 'the app’s background use is restricted'
      : undefined;
  }),
};

export const saver: Signal = {
  id: 'R09',
  title: 'Runs do not meet battery saver most of the time',
  severity: 'info',
  why: 'In battery saver or Low Power Mode the system defers background work, and takes its network away.',
  source: 'https://developer.apple.com/documentation/foundation/processinfo/islowpowermodeenabled',
  fix: 'Nothing in the code. Tell the user, and drain the queue while the app is open: `BackgroundSync.drainNow()`.',
  explain:
    'More than half of the runs in this log found battery saver (Android) or Low Power Mode (iOS) on. The runs that you see are those that came through; most did not start at all.',
  watch: onMostRuns(
    3,
    ({ env }) => env?.save !== undefined,
    ({ env }) => env?.save === 1,
    'found battery saver on',
  ),
};

export const locked: Signal = {
  id: 'R14',
  title: 'Runs find their data readable',
  severity: 'info',
  why: 'After a restart, before the first unlock, files and Keychain items of the default class cannot be read: the run is skipped.',
  source:
    'https://developer.apple.com/documentation/uikit/protecting_the_user_s_privacy/encrypting_your_app_s_files',
  fix: 'Keep the queue and the session so that they are readable after the first unlock: `completeUntilFirstUserAuthentication`, `kSecAttrAccessibleAfterFirstUnlock`.',
  explain:
    'After a restart nothing of the default class can be read until the device is unlocked for the first time; a run is skipped then (`run.skip why=before-first-unlock`), and tried again soon. On Android the system starts no worker then; a run that the app’s own code asks for is skipped. A device that is merely locked is where most windows are: the run takes place, with `window.locked`, and what is closed then is only the class complete.',
  watch: onEvents(({ why, ev }) =>
    // The second is what packages of earlier builds write.
    ev === 'run.skip' && (why === 'before-first-unlock' || why === 'locked')
      ? 'protected data was unavailable'
      : undefined,
  ),
};
