/**
 * What @op-engineering/op-sqlite and expo-sqlite are in Node: as much of them as the queue's drivers and a simple app
 * use, on whichever SQLite is there. Their own native parts exist on a phone only.
 */
import { join } from 'node:path';
import { rawKey } from '../../templates/queue/store.ts';
import type { SqlValue } from '../../templates/queue/store.ts';
import type { Sqlite } from './sqlite.ts';

/** @param file absolute, or `:memory:` */
export type OpenSqlite = (file: string) => Sqlite;

const MEMORY = ':memory:';

/** @param folder where an app's databases are */
export function opSqlite(folder: string, openSqlite: OpenSqlite): Record<string, unknown> {
  return {
    open(options: { name: string; location?: string; encryptionKey?: string }) {
      const isMemory = options.name === MEMORY || options.location === MEMORY;
      const sqlite = openSqlite(isMemory ? MEMORY : join(folder, options.name));
      if (options.encryptionKey !== undefined) {
        // As its C++ does, which hands the key to SQLCipher whole; a build without SQLCipher takes no notice.
        sqlite.all(`PRAGMA key = "${rawKey(options.encryptionKey.slice(2, -1))}"`);
      }
      const execute = (sql: string, values?: SqlValue[]): { rows: object[] } => ({
        rows: sqlite.all(sql, values),
      });
      return {
        execute: (sql: string, values?: SqlValue[]) => later(() => execute(sql, values)),
        executeSync: execute,
        executeBatch: (statements: [string, SqlValue[]?][]) =>
          later(() => {
            inTransaction(sqlite, 'BEGIN EXCLUSIVE', () => {
              for (const [sql, values] of statements) sqlite.run(sql, values);
            });
            return {};
          }),
        close: () => sqlite.close(),
      };
    },
  };
}

/** @param folder where an app's databases are */
export function expoSqlite(folder: string, openSqlite: OpenSqlite): Record<string, unknown> {
  return {
    defaultDatabaseDirectory: folder,
    openDatabaseSync(name: string) {
      const sqlite = openSqlite(name === MEMORY ? MEMORY : join(folder, name));
      const all = (sql: string, ...values: unknown[]): object[] =>
        sqlite.all(sql, values.flat() as SqlValue[]);
      const run = (sql: string, ...values: unknown[]): void =>
        sqlite.run(sql, values.flat() as SqlValue[]);
      return {
        execSync: (sql: string) => void sqlite.all(sql),
        execAsync: (sql: string) => later(() => void sqlite.all(sql)),
        runSync: run,
        runAsync: (sql: string, ...values: unknown[]) => later(() => run(sql, ...values)),
        getAllSync: all,
        getAllAsync: (sql: string, ...values: unknown[]) => later(() => all(sql, ...values)),
        getFirstSync: (sql: string, ...values: unknown[]) => all(sql, ...values)[0] ?? null,
        getFirstAsync: (sql: string, ...values: unknown[]) =>
          later(() => all(sql, ...values)[0] ?? null),
        withTransactionSync: (work: () => void) => inTransaction(sqlite, 'BEGIN', work),
        closeSync: () => sqlite.close(),
        closeAsync: () => later(() => sqlite.close()),
      };
    },
  };
}

// eslint-disable-next-line @typescript-eslint/require-await -- a failure must be a rejection
const later = async <T>(work: () => T): Promise<T> => work();

function inTransaction(sqlite: Sqlite, begin: string, work: () => void): void {
  sqlite.run(begin);
  try {
    work();
    sqlite.run('COMMIT');
  } catch (error) {
    sqlite.run('ROLLBACK');
    throw error;
  }
}
