/** The SQLite of an app's library, as its own build would have it: with SQLCipher where the app asks for that. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  SQLCIPHER_SETTINGS,
  isBuiltWithoutSqlCipher,
} from '../../../project/sqlcipher-settings.ts';
import type { SqliteLibrary } from '../../../project/sqlcipher-settings.ts';
import { NoSqliteError, openSqlite } from '../../../queue/sqlite.ts';
import type { AppValue, SqliteConnection, SqlResult } from '../../../queue/sqlite.ts';
import type { StandInWorld } from './stand-in.ts';

/**
 * - `none`: the app builds its library without SQLCipher, so that a key is ignored, as on the phone
 * - `real`: the app asks for SQLCipher, and a build of SQLite that encrypts is installed for Node
 * - `played`: the app asks for it, and there is none for Node: the library says that it encrypts, and the file is plain
 */
export type Encryption = 'none' | 'real' | 'played';

export function encryptionOf(world: StandInWorld, library: SqliteLibrary): Encryption {
  const texts = new Map<string, string>();
  for (const path of SQLCIPHER_SETTINGS[library]) {
    try {
      texts.set(path, readFileSync(join(world.root, path), 'utf8'));
    } catch {
      // Not every app has each of them.
    }
  }
  if (isBuiltWithoutSqlCipher(library, texts)) return 'none';
  try {
    openSqlite(':memory:', { find: world.findPackage, encrypted: true }).close();
    return 'real';
  } catch (error) {
    if (error instanceof NoSqliteError) return 'played';
    throw error;
  }
}

/** For the documentation. */
export const SQLITE_IN_NODE =
  'SQLite in Node; SQLCipher where the app builds it, and better-sqlite3-multiple-ciphers is installed';

/** For the head line of a run. */
export const whereItIsKept = (library: SqliteLibrary) => (world: StandInWorld) =>
  ({
    none: 'SQLite in Node',
    real: 'SQLCipher in Node',
    played: 'SQLite in Node, not encrypted: better-sqlite3-multiple-ciphers would',
  })[encryptionOf(world, library)];

/** @throws Error that says what to install, where no SQLite can be had */
export function openAppDatabase(
  world: StandInWorld,
  library: SqliteLibrary,
  file: string,
): SqliteConnection {
  const encryption = encryptionOf(world, library);
  const sqlite = openSqlite(file, {
    find: world.findPackage,
    encrypted: encryption === 'real',
  });
  return encryption === 'played'
    ? saysThatItEncrypts(sqlite)
    : encryption === 'none' && sqlite.encrypts
      ? ignoresKeys(sqlite)
      : sqlite;
}

/** A statement with its values, or with several lists of them. */
export type BatchCommand = readonly [sql: string, values?: AppValue[] | AppValue[][]];

/** Runs each command, in no transaction of its own. */
export function runBatch(
  sqlite: SqliteConnection,
  commands: readonly BatchCommand[],
): { rowsAffected: number } {
  let rowsAffected = 0;
  for (const [query, params = []] of commands) {
    const sets = Array.isArray(params[0]) ? (params as AppValue[][]) : [params as AppValue[]];
    for (const values of sets) rowsAffected += sqlite.query(query, values).changes;
  }
  return { rowsAffected };
}

/** The rows as objects, as JavaScript gets them. */
export const asRows = ({ columns, rows }: SqlResult): Record<string, AppValue>[] =>
  rows.map((row) => Object.fromEntries(row.map((value, i) => [columns[i] ?? '', value])));

const KEY = /^\s*PRAGMA\s+(?:re)?key\s*=\s*(?:"[^"]*"|'(?:[^']|'')*')\s*;?/i;
const VERSION = /^\s*PRAGMA\s+cipher_version\b/i;
const CIPHER = /^\s*PRAGMA\s+cipher/i;

const NOTHING = { columns: [], rows: [], changes: 0, lastInsertRowId: 0 } as const;

/** What an unknown pragma is to SQLite. */
function ignoresKeys(sqlite: SqliteConnection): SqliteConnection {
  const isIgnored = (sql: string): boolean => KEY.test(sql) || CIPHER.test(sql);
  return over(sqlite, {
    query: (sql, values) => (isIgnored(sql) ? NOTHING : sqlite.query(sql, values)),
    columns: (sql) => (isIgnored(sql) ? [] : sqlite.columns(sql)),
    exec: (sql) => sqlite.exec(sql.replace(KEY, '')),
  });
}

/** Plain SQLite ignores the key by itself. */
function saysThatItEncrypts(sqlite: SqliteConnection): SqliteConnection {
  const columns = ['cipher_version'];
  return over(sqlite, {
    query: (sql, values) =>
      VERSION.test(sql)
        ? { ...NOTHING, columns, rows: [['played by bgsync, not encrypted']] }
        : sqlite.query(sql, values),
    columns: (sql) => (VERSION.test(sql) ? columns : sqlite.columns(sql)),
  });
}

const over = (sqlite: SqliteConnection, changed: Partial<SqliteConnection>): SqliteConnection => ({
  ...sqlite,
  ...changed,
  get isInTransaction() {
    return sqlite.isInTransaction;
  },
});
