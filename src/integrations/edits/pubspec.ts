import { ensurePathDependency, ensureSqlcipherHook } from '../../formats/pubspec.ts';
import type { PathDependency } from '../../formats/pubspec.ts';
import type { EditKind } from './edit-kind.ts';

/** The generated plugin among the dependencies of a Flutter app. */
export const PUBSPEC_DEPENDENCY: EditKind<PathDependency> = {
  id: 'pubspec',
  reason: 'brings the generated plugin into the app',
  ensure: ensurePathDependency,
};

/** SQLCipher in place of the SQLite that package:sqlite3 brings. */
export const PUBSPEC_SQLCIPHER: EditKind<undefined> = {
  id: 'pubspec-sqlcipher',
  reason: 'brings a SQLite that encrypts the queue',
  ensure: ensureSqlcipherHook,
};
