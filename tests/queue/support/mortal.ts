import type { QueueStore, SqlValue } from '../../../templates/queue/store.ts';
import type { Sqlite } from '../../../src/queue/sqlite.ts';
import { findIn, openSqlite, sqliteStore } from '../../../src/queue/sqlite.ts';

/** The build of SQLite under test; without it the first that loads. */
export const sqlitePackage = process.env.BGSYNC_SQLITE;
export const sqliteFolders = [
  ...(process.env.BGSYNC_SQLITE_FROM === undefined ? [] : [process.env.BGSYNC_SQLITE_FROM]),
  import.meta.dirname,
];

/** Tests run on the build that `npm ci` installs, unless another is asked for. */
export function testBuild(encrypted: boolean): { packageName?: string } {
  const packageName = sqlitePackage ?? (encrypted ? undefined : 'node-sqlite3-wasm');
  return packageName === undefined ? {} : { packageName };
}

export const openTestSqlite = (file: string, encrypted = false): Sqlite =>
  openSqlite(file, {
    find: findIn(sqliteFolders),
    encrypted,
    ...testBuild(encrypted),
  });

export class Death extends Error {
  override readonly name = 'Death';
}

/** A connection of a process that may die before and after each statement, BEGIN and COMMIT included. */
export class Mortal implements Sqlite {
  private ticks = 0;
  private diesAt = Infinity;
  isDead = false;

  private readonly sqlite: Sqlite;

  constructor(sqlite: Sqlite) {
    this.sqlite = sqlite;
  }

  get store(): QueueStore {
    return sqliteStore(this);
  }

  /** @param ticks of which there are two a statement */
  dieAfter(ticks: number): void {
    this.ticks = 0;
    this.diesAt = ticks;
  }

  live(): void {
    this.diesAt = Infinity;
  }

  run(sql: string, values?: readonly SqlValue[]): void {
    this.tick();
    this.sqlite.run(sql, values);
    this.tick();
  }

  all(sql: string, values?: readonly SqlValue[]): object[] {
    this.tick();
    const rows = this.sqlite.all(sql, values);
    this.tick();
    return rows;
  }

  close(): void {
    this.sqlite.close();
  }

  private tick(): void {
    this.ticks += 1;
    if (this.ticks > this.diesAt) this.isDead = true;
    if (this.isDead) throw new Death('the process died');
  }
}

/** What a database looks like to the process that comes after one that died. */
export function afterDeath(sqlite: Sqlite): Mortal {
  try {
    sqlite.run('ROLLBACK');
  } catch {
    // No transaction was open.
  }
  return new Mortal(sqlite);
}
