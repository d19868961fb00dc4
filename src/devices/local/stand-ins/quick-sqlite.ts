import type { AppValue, SqliteConnection, SqlResult } from '../../../queue/sqlite.ts';
import { later } from './files.ts';
import { NamedDatabases } from './named-databases.ts';
import type { BatchCommand } from './sqlite.ts';
import { asRows, runBatch } from './sqlite.ts';
import type { StandIn, StandInWorld } from './stand-in.ts';

/** As each of the two libraries hands its batches over. */
type Command = BatchCommand | { query: string; params?: BatchCommand[1] };

type Row = Record<string, AppValue | ArrayBuffer>;

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Blobs come as ArrayBuffer. */
const rowsOf = (result: SqlResult): Row[] =>
  asRows(result).map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        value instanceof Uint8Array ? Uint8Array.from(value).buffer : value,
      ]),
    ),
  );

/** Before 9.2, where a value may be null it is this object: src/nullHandling.ts of react-native-nitro-sqlite 9.1. */
const valueOf = (value: unknown): AppValue =>
  typeof value === 'object' && value !== null && 'isNitroSQLiteNull' in value
    ? null
    : (value as AppValue);

/**
 * The databases of a library that addresses them by their names.
 *
 * @param show what it makes of a result
 */
function createDatabases(
  world: StandInWorld,
  packageName: string,
  show: (result: SqlResult) => object,
): Record<string, (...args: never[]) => unknown> {
  const databases = new NamedDatabases(world, packageName);
  const of = (name: string): SqliteConnection => {
    const database = databases.get(name);
    if (database === undefined) throw new Error(`Database ${name} is not open`);
    return database;
  };
  const open = (name: string, location?: string): void => {
    if (databases.get(name) === undefined) databases.open(name, databases.fileOf(name, location));
  };
  const close = (name: string): void => {
    of(name);
    databases.close(name);
  };
  const drop = (name: string, location?: string): void => databases.delete(name, location);
  const execute = (name: string, query: string, values: readonly unknown[] = []): object =>
    show(of(name).query(query, values.map(valueOf)));
  const executeBatch = (name: string, commands: readonly Command[]): object => {
    const database = of(name);
    database.exec('BEGIN EXCLUSIVE TRANSACTION');
    try {
      const result = runBatch(
        database,
        commands.map((one) => ('query' in one ? [one.query, one.params] : one)),
      );
      database.exec('COMMIT');
      return result;
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  };
  const loadFile = (): never => {
    throw new Error(`loadFile of ${packageName} does not exist in the local runner`);
  };
  return {
    open,
    close,
    delete: drop,
    drop,
    attach: (name: string, other: string, alias: string, location?: string) =>
      of(name).exec(`ATTACH DATABASE ${quoted(databases.fileOf(other, location))} AS ${alias}`),
    detach: (name: string, alias: string) => of(name).exec(`DETACH DATABASE ${alias}`),
    execute,
    executeAsync: later(execute),
    executeBatch,
    executeBatchAsync: later(executeBatch),
    loadFile,
    loadFileAsync: later(loadFile),
  };
}

/** An id where the statement has put a row in: `createSequelQueryExecutionResult` in the C++ of both. */
const changesOf = ({ changes, lastInsertRowId }: SqlResult): object => ({
  rowsAffected: changes,
  ...(changes > 0 && lastInsertRowId !== 0 && { insertId: lastInsertRowId }),
});

const KEEPS = 'SQLite in Node';

/** https://github.com/margelo/react-native-quick-sqlite */
export const quickSqlite: StandIn = {
  packageName: 'react-native-quick-sqlite',
  keeps: KEEPS,
  turbo: {
    QuickSQLite(world) {
      const proxy = createDatabases(world, 'react-native-quick-sqlite', (result) => {
        const all = rowsOf(result);
        return {
          ...changesOf(result),
          ...(all.length > 0 && { rows: { _array: all, length: all.length } }),
          metadata: result.columns.map((columnName, columnIndex) => ({
            columnName,
            columnDeclaredType: 'UNKNOWN',
            columnIndex,
          })),
        };
      });
      return {
        install() {
          Object.assign(globalThis, { __QuickSQLiteProxy: proxy });
          return true;
        },
      };
    },
  },
};

/** https://github.com/margelo/react-native-nitro-sqlite */
export const nitroSqlite: StandIn = {
  packageName: 'react-native-nitro-sqlite',
  keeps: KEEPS,
  nitro: {
    NitroSQLite: (world) =>
      createDatabases(world, 'react-native-nitro-sqlite', (result) => ({
        ...changesOf(result),
        results: rowsOf(result),
      })),
    NitroSQLiteOnLoad: () => ({ init: () => undefined }),
  },
};
