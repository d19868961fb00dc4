/** Libraries that have WebSQL's transactions in JavaScript, and hand the native half statements alone. */
import { Buffer } from 'node:buffer';
import type { AppValue, SqliteConnection, SqlResult } from '../../../queue/sqlite.ts';
import { NamedDatabases } from './named-databases.ts';
import { asRows } from './sqlite.ts';
import type { StandIn, StandInWorld } from './stand-in.ts';

const PACKAGE = 'react-native-sqlite-storage';
const KEEPS = 'SQLite in Node';

/** Both libraries have databases in memory, too. */
const fileOf = (databases: NamedDatabases, name: string, location?: string): string =>
  name === ':memory:' ? name : databases.fileOf(name, location);

/** Bytes come as base64. */
const shown = (value: AppValue): AppValue =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;

const isInsert = (sql: string): boolean => /^\s*(?:INSERT|REPLACE)\b/i.test(sql);
const isChange = (sql: string): boolean => /^\s*(?:INSERT|REPLACE|UPDATE|DELETE)\b/i.test(sql);

interface OpenArguments {
  readonly name: string;
  readonly dblocation?: string;
  /** A database that comes with the app. */
  readonly assetFilename?: string;
}

interface Batch {
  readonly dbargs: { readonly dbname: string };
  readonly executes: readonly { readonly sql: string; readonly params: readonly AppValue[] }[];
}

type Tell = (value?: unknown) => void;

const resultOf = (sql: string, result: SqlResult): object => ({
  ...(result.rows.length > 0 && {
    rows: asRows({ ...result, rows: result.rows.map((row) => row.map(shown)) }),
  }),
  ...(isChange(sql) && { rowsAffected: result.changes }),
  ...(isInsert(sql) && result.changes > 0 && { insertId: result.lastInsertRowId }),
});

/** `SQLitePlugin.java` of 6.0: every method tells one of two functions. */
function createPlugin(world: StandInWorld): object {
  const databases = new NamedDatabases(world, PACKAGE);
  // iOS has folders for them, Android one.
  const at = (location?: string): string => (world.platform === 'ios' ? (location ?? '') : '');
  const telling =
    <T>(run: (given: T) => unknown) =>
    (given: T, tell: Tell, fail: Tell): void =>
      queueMicrotask(() => {
        let answer: unknown;
        try {
          answer = run(given);
        } catch (error) {
          fail((error as Error).message);
          return;
        }
        tell(answer);
      });
  const of = (name: string): SqliteConnection => {
    const database = databases.get(name);
    if (database === undefined) throw new Error(`Database ${name} is not created yet`);
    return database;
  };
  return {
    open: telling(({ name, dblocation, assetFilename }: OpenArguments) => {
      if (assetFilename !== undefined) {
        world.note(
          `${PACKAGE}: the database ${name} comes with the app (createFromLocation), which is not played here: open one without it.`,
        );
        throw new Error('createFromLocation does not exist in the local runner');
      }
      try {
        databases.open(name, fileOf(databases, name, at(dblocation)));
      } catch (error) {
        // The package says no more than that it could not be opened.
        world.note(`${PACKAGE}: ${name} could not be opened: ${(error as Error).message}.`);
        throw error;
      }
      return 'Database opened';
    }),
    close: telling(({ path }: { path: string }) => databases.close(path)),
    delete: telling(({ path, dblocation }: { path: string; dblocation?: string }) =>
      databases.delete(path, at(dblocation)),
    ),
    attach: telling(
      ({ path, dbName, dbAlias }: { path: string; dbName: string; dbAlias: string }) => {
        const file = databases.fileOf(dbName).replaceAll("'", "''");
        of(path).exec(`ATTACH DATABASE '${file}' AS ${dbAlias}`);
      },
    ),
    // A statement that fails keeps none of the others: JavaScript rolls back.
    backgroundExecuteSqlBatch: telling(({ dbargs, executes }: Batch) => {
      const database = of(dbargs.dbname);
      return executes.map(({ sql, params }) => {
        try {
          return { type: 'success', result: resultOf(sql, database.query(sql, params)) };
        } catch (error) {
          return { type: 'error', result: { code: 0, message: (error as Error).message } };
        }
      });
    }),
    echoStringValue: telling(({ value }: { value: string }) => value),
  };
}

/** https://github.com/andpor/react-native-sqlite-storage */
export const sqliteStorage: StandIn = {
  packageName: PACKAGE,
  keeps: KEEPS,
  turbo: { SQLite: createPlugin },
};

/** Of each statement: an error, the id, the changes, the columns, the rows. */
function createExec(world: StandInWorld): object {
  const databases = new NamedDatabases(world, 'react-native-sqlite-2');
  const run = (database: SqliteConnection, sql: string, values: AppValue[]): unknown[] => {
    try {
      const result = database.query(sql, values);
      return [
        null,
        isInsert(sql) ? result.lastInsertRowId : 0,
        isChange(sql) ? result.changes : 0,
        result.columns,
        result.rows.map((row) => row.map(shown)),
      ];
    } catch (error) {
      return [(error as Error).message, null, 0, [], []];
    }
  };
  return {
    async exec(name: string, queries: [string, AppValue[]][], readOnly: boolean) {
      await Promise.resolve();
      const database = databases.open(name, fileOf(databases, name));
      return queries.map(([sql, values]) =>
        readOnly && !/^\s*(?:SELECT|PRAGMA)\b/i.test(sql)
          ? ['could not prepare statement (23 not authorized)', null, 0, [], []]
          : run(database, sql, values),
      );
    },
  };
}

/** https://github.com/craftzdog/react-native-sqlite-2 */
export const sqlite2: StandIn = {
  packageName: 'react-native-sqlite-2',
  keeps: KEEPS,
  turbo: { RNSqlite2: createExec },
};
