import type { InverseOf, Purpose } from '../../plan/edits.ts';
import { APP_CONFIG } from './app-config.ts';
import { AUTOLINKING } from './autolinking.ts';
import { DART_MAIN } from './dart-main.ts';
import { ENTRY } from './entry.ts';
import { IGNORE_FILE } from './ignore-file.ts';
import { INFO_PLIST } from './info-plist.ts';
import { MAIN, PIN } from './package-json.ts';
import { PUBSPEC_DEPENDENCY, PUBSPEC_SQLCIPHER } from './pubspec.ts';

/**
 * Everything that bgsync changes outside of the generated package. The ids stand in the lock files of every app that was
 * ever set up: one that is changed makes `update` take an edit for one that is no longer wanted, and undo it. The reasons
 * are for people, and free to change.
 */
export const EDITS = {
  settings: { id: 'settings', reason: 'your settings' },
  handler: { id: 'handler', reason: 'your handler: what is synced' },
  queue: { id: 'queue', reason: 'your queue: where it is kept, and how a mutation is sent' },
  autolinking: AUTOLINKING,
  infoPlist: INFO_PLIST,
  appConfig: APP_CONFIG,
  entry: ENTRY,
  main: MAIN,
  pubspec: PUBSPEC_DEPENDENCY,
  pubspecSqlcipher: PUBSPEC_SQLCIPHER,
  dartMain: DART_MAIN,
  ignoreFile: IGNORE_FILE,
  pin: PIN,
} as const satisfies Record<string, Purpose>;

/** The way back of an edit that a lock file has. */
export const inverseOf: InverseOf = (id) => {
  const edits: readonly Purpose[] = Object.values(EDITS);
  return edits.find((edit) => edit.id === id)?.inverse;
};
