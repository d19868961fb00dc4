import type { Language } from '../language.ts';

/** Reasons of runs that speak of what the handler runs in. */
type Reason = 'js-gone' | 'no-host' | 'host-timeout' | 'js-timeout' | 'not-registered';

type Advice = Readonly<Partial<Record<Reason, string>>>;

/** What one kind of app has for the things that events and hints speak of. */
export interface HostWords {
  /** `host.start` and `host.ready`. */
  readonly boots: string;
  readonly isUp: string;
  readonly reasons: Readonly<Record<Reason, string>>;
  /** What to do about such an end, after `bgsync trigger` on a device. */
  readonly advice: Readonly<Record<'android' | 'ios', Readonly<Partial<Record<Reason, string>>>>>;
  /** Whether a debug build gets its code from Metro. */
  readonly hasMetro: boolean;
  /** What tells a drain that its window has closed. */
  readonly closed: string;
  /** What the app calls. */
  readonly api: string;
}

const NO_CODE =
  'Nothing in this host can boot JavaScript in the background; see `npx bgsync doctor`.';
const NO_FUNCTION =
  'The app’s Dart has no backgroundSyncMain that can be entered: `npx bgsync doctor` finds out why.';
const NO_DART =
  'Dart did not come up in time. Does the file of main() reach the handler? `npx bgsync doctor` finds out.';

const JAVASCRIPT_ADVICE = {
  android: {
    'host-timeout':
      'JavaScript did not come up in time. Does the entry file import the handler? `npx bgsync doctor` finds out.',
    'js-timeout':
      'JavaScript did not come up in time. Does the entry file import the handler? `npx bgsync doctor` finds out.',
    'no-host': NO_CODE,
  },
  ios: {
    'host-timeout': 'JavaScript did not come up: is Metro running (`npx react-native start`)?',
    'js-timeout': 'JavaScript did not take the run: does the entry file import the handler?',
    'no-host': NO_CODE,
    'js-gone': 'JavaScript was reloaded in mid-run: try again, and leave Metro alone meanwhile.',
  },
} as const;

const DART_ADVICE = {
  android: { 'host-timeout': NO_DART, 'js-timeout': NO_DART, 'no-host': NO_FUNCTION },
  ios: {
    'host-timeout': NO_DART,
    'js-timeout': NO_DART,
    'no-host': NO_FUNCTION,
    'js-gone': 'The engine that had the run ended: try again, and leave the app as it is.',
  },
} as const;

const ofBoth = (javaScript: Advice, dart: Advice): Advice =>
  Object.fromEntries(
    Object.entries(javaScript).map(([why, text]) => [
      why,
      `React Native: ${text} Flutter: ${dart[why as Reason] ?? ''}`.replace(/ Flutter: $/, ''),
    ]),
  );

/** Of each kind of app; `unknown`: the log is read where there is none. */
export const WORDS: Readonly<Record<Language | 'unknown', HostWords>> = {
  javascript: {
    boots: 'JavaScript boots',
    isUp: 'JavaScript is up',
    reasons: {
      'js-gone': 'JavaScript was reloaded in mid-run',
      'no-host': 'nothing can boot JavaScript in this host',
      'host-timeout': 'the JavaScript host did not boot in time',
      'js-timeout': 'JavaScript never took the run',
      'not-registered': 'registerBackgroundSync was never called',
    },
    advice: JAVASCRIPT_ADVICE,
    hasMetro: true,
    closed: 'window.signal',
    api: 'BackgroundSync',
  },
  dart: {
    boots: 'an engine starts, and Dart in it',
    isUp: 'Dart is up',
    reasons: {
      'js-gone': 'the engine that had the run ended',
      'no-host': 'the app’s Dart has no backgroundSyncMain that can be entered',
      'host-timeout': 'the engine did not start in time',
      'js-timeout': 'Dart never took the run',
      'not-registered': 'runBackgroundSync was never called',
    },
    advice: DART_ADVICE,
    hasMetro: false,
    closed: 'window.isExpired',
    api: 'backgroundSync',
  },
  unknown: {
    boots: 'the app’s code boots',
    isUp: 'the app’s code is up',
    reasons: {
      'js-gone': 'the app’s code was reloaded in mid-run',
      'no-host': 'nothing can boot the app’s code in this host',
      'host-timeout': 'the app’s code did not boot in time',
      'js-timeout': 'the app’s code never took the run',
      'not-registered': 'the app’s code registered no queue',
    },
    advice: {
      android: ofBoth(JAVASCRIPT_ADVICE.android, DART_ADVICE.android),
      ios: ofBoth(JAVASCRIPT_ADVICE.ios, DART_ADVICE.ios),
    },
    hasMetro: true,
    closed: 'window.signal (in Flutter window.isExpired)',
    api: 'BackgroundSync',
  },
};
