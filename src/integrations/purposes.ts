import type { Purpose } from '../plan/edits.ts';

/**
 * What each edit outside of the generated package is for. The ids stand in the lock files of every app that was ever
 * set up: one that is changed makes `update` take an edit for one that is no longer wanted, and undo it. The reasons are
 * for people, and free to change.
 */
export const PURPOSES = {
  settings: { id: 'settings', reason: 'your settings' },
  handler: { id: 'handler', reason: 'your handler: what is synced' },
  queue: { id: 'queue', reason: 'your queue: where it is kept, and how a mutation is sent' },
  autolinking: { id: 'autolinking', reason: 'links the generated package (autolinking)' },
  infoPlist: { id: 'info-plist', reason: 'lets iOS start the task' },
  appConfig: {
    id: 'app-config',
    reason: 'lets iOS start the task (expo prebuild writes it to Info.plist)',
  },
  entry: { id: 'entry', reason: 'loads your handler when the app starts', loadsHandler: true },
  main: {
    id: 'main',
    reason: 'starts the app at index.js, which loads your handler first',
    loadsHandler: true,
  },
  pin: { id: 'pin', reason: 'pins bgsync, so that CI runs what generated (--no-pin: not)' },
} as const satisfies Record<string, Purpose>;
