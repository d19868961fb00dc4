import { onRuns } from './signal.ts';
import type { Signal } from './signal.ts';

/** Why no JavaScript host came up. */
const NO_HOST: Readonly<Record<string, string>> = {
  'no-host': 'nothing in this app can start JavaScript without a window',
  'host-timeout': 'JavaScript did not boot in time',
  'host-failed': 'JavaScript failed to boot',
  'main-blocked': 'the main thread was blocked',
};

/** Why nobody took the run. */
const NO_HANDLER: Readonly<Record<string, string>> = {
  'js-timeout': 'JavaScript was up, and nobody took the run',
  'not-registered': 'registerBackgroundSync was never called',
  'load-failed': 'the handler could not be loaded',
};

const meaning = (known: Readonly<Record<string, string>>, why = ''): string | undefined =>
  Object.hasOwn(known, why) ? known[why] : undefined;

const withMessage = (text: string | undefined, message = ''): string | undefined =>
  text === undefined || message === '' ? text : `${text}: ${message}`;

export const noHost: Signal = {
  id: 'R11',
  title: 'JavaScript boots in the background',
  severity: 'error',
  why: 'The system gave a window, and the app’s JavaScript never came up in it: nothing was synced.',
  source: 'https://reactnative.dev/docs/headless-js-android',
  fix: 'A release build needs its bundle inside; a debug build needs Metro. On iOS, where a scene starts React Native, hand the factory over (README, “Scene-based apps”).',
  explain:
    'When the system starts the app in the background there is no activity and no scene. The generated code boots the React host itself and waits 30 seconds. It fails where the bundle is missing or crashes while it loads, where a debug build finds no Metro, where the main thread is blocked by the app’s own start, and on iOS where only a scene creates the React Native factory.',
  watch: onRuns(({ outcome, why, message, isBooting, isBooted }) => {
    const text = withMessage(meaning(NO_HOST, why), message);
    if (text !== undefined) return text;
    const isStuck = isBooting && !isBooted && (outcome === 'expired' || outcome === 'killed');
    return isStuck ? `it ended as ${outcome} while JavaScript was booting` : undefined;
  }),
};

export const noHandler: Signal = {
  id: 'R12',
  title: 'The handler takes the run',
  severity: 'error',
  why: 'JavaScript was up, and no handler asked for the run: nothing was synced.',
  source: 'https://github.com/expo/expo/issues/29783',
  fix: 'Call registerBackgroundSync({ queue }) at the top level of a file that the entry file imports: `npx bgsync doctor --only J01,J02`.',
  explain:
    'The handler registers when its file is loaded. Where registerBackgroundSync stands in a component, a hook or a callback, or its file is only loaded later (inlineRequires), a background start renders nothing and never gets there. An exception while the entry file loads does the same.',
  watch: onRuns(({ why, message, outcome, isBooted, isTaken, isWhole }) => {
    const text = withMessage(meaning(NO_HANDLER, why), message);
    if (text !== undefined) return text;
    const isIdle = isWhole && isBooted && !isTaken && outcome === 'expired';
    return isIdle ? 'JavaScript was up, and nobody took the run' : undefined;
  }),
};
