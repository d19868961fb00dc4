import { onRuns } from './signal.ts';
import type { Signal } from './signal.ts';

/** Why the app’s JavaScript, or Dart, did not come up. */
const NO_HOST: Readonly<Record<string, string>> = {
  'no-host': 'nothing in this app can start its code without a window',
  'host-timeout': 'the app’s code did not boot in time',
  'host-failed': 'the app’s code failed to boot',
  'main-blocked': 'the main thread was blocked',
};

/** Why nobody took the run. */
const NO_HANDLER: Readonly<Record<string, string>> = {
  'js-timeout': 'the app’s code was up, and nobody took the run',
  'not-registered': 'the app’s code handed no queue over',
  'load-failed': 'the handler could not be loaded',
};

const meaning = (known: Readonly<Record<string, string>>, why = ''): string | undefined =>
  Object.hasOwn(known, why) ? known[why] : undefined;

const withMessage = (text: string | undefined, message = ''): string | undefined =>
  text === undefined || message === '' ? text : `${text}: ${message}`;

export const noHost: Signal = {
  id: 'R11',
  title: 'The app’s code boots in the background',
  severity: 'error',
  why: 'The system gave a window, and the app’s own code never came up in it: nothing was synced.',
  source: 'https://reactnative.dev/docs/headless-js-android',
  fix: 'Run `npx bgsync doctor` in the app: its checks of entry files, handler and scenes say what stops a start without a window. `npx bgsync doctor --explain R11` has what each kind of app needs.',
  explain:
    'When the system starts the app in the background there is no activity and no scene. The generated code boots the React host itself, or starts a FlutterEngine, and waits 30 seconds. It fails where the bundle is missing or crashes while it loads, where a debug build finds no Metro, where the main thread is blocked by the app’s own start, on iOS where only a scene creates the React Native factory, and in a Flutter app where its Dart has no backgroundSyncMain.\n\nReact Native: a release build needs its bundle inside, a debug build needs Metro; on iOS, where a scene starts React Native, hand the factory over (docs/ios.md, “Scene-based apps”). Flutter: the file of main() must import or export the handler (F02), and its function be kept (F03).',
  watch: onRuns(({ outcome, why, message, isBooting, isBooted }) => {
    const text = withMessage(meaning(NO_HOST, why), message);
    if (text !== undefined) return text;
    const isStuck = isBooting && !isBooted && (outcome === 'expired' || outcome === 'killed');
    return isStuck ? `it ended as ${outcome} while the app’s code was booting` : undefined;
  }),
};

export const noHandler: Signal = {
  id: 'R12',
  title: 'The handler takes the run',
  severity: 'error',
  why: 'The app’s code was up, and no handler asked for the run: nothing was synced.',
  source: 'https://github.com/expo/expo/issues/29783',
  fix: 'The handler must hand its queue over as soon as it is loaded: `npx bgsync doctor --only J01,J02,F02,F03`, and `npx bgsync doctor --explain R12`.',
  explain:
    'The handler registers when its file is loaded. Where registerBackgroundSync stands in a component, a hook or a callback, or its file is only loaded later (inlineRequires), a background start renders nothing and never gets there. An exception while the entry file loads does the same, and in a Flutter app one in backgroundSyncMain.\n\nReact Native: call registerBackgroundSync({ queue }) at the top level of a file that the entry file imports. Flutter: call runBackgroundSync(queue: …) in backgroundSyncMain, before anything that may not end.',
  watch: onRuns(({ why, message, outcome, isBooted, isTaken, isWhole }) => {
    const text = withMessage(meaning(NO_HANDLER, why), message);
    if (text !== undefined) return text;
    const isIdle = isWhole && isBooted && !isTaken && outcome === 'expired';
    return isIdle ? 'the app’s code was up, and nobody took the run' : undefined;
  }),
};
