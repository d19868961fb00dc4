/** SQLite in Node: `better-sqlite3-multiple-ciphers` or `better-sqlite3` where one is installed, else Node's own. */
import { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';
import process from 'node:process';
import type { StandInWorld } from './stand-in.ts';

export type SqlValue = string | number | bigint | null | Uint8Array;
export type SqlParameters = readonly SqlValue[] | Readonly<Record<string, SqlValue>>;

export interface SqlResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
  readonly changes: number;
  readonly lastInsertRowId: number;
}

/** One open database file. */
export interface SqlConnection {
  /** Runs one statement to its end. */
  run(sql: string, parameters: SqlParameters): SqlResult;
  /** The names of what a statement gives; it is checked, and not run. */
  columns(sql: string): readonly string[];
  /** Runs any number of statements without parameters. */
  exec(sql: string): void;
  readonly isInTransaction: boolean;
  close(): void;
}

interface BetterStatement {
  readonly reader: boolean;
  raw(isRaw: boolean): BetterStatement;
  columns(): { name: string }[];
  all(...parameters: unknown[]): SqlValue[][];
  run(...parameters: unknown[]): { changes: number; lastInsertRowid: number | bigint };
}

interface BetterDatabase {
  readonly inTransaction: boolean;
  prepare(sql: string): BetterStatement;
  exec(sql: string): void;
  close(): void;
}

interface NodeStatement {
  columns?(): { name: string }[];
  setReturnArrays?(isArray: boolean): void;
  all(...parameters: unknown[]): (SqlValue[] | Record<string, SqlValue>)[];
}

interface NodeDatabase {
  readonly isTransaction?: boolean;
  prepare(sql: string): NodeStatement;
  exec(sql: string): void;
  close(): void;
}

const NODE_PACKAGES = ['better-sqlite3-multiple-ciphers', 'better-sqlite3'];

/** @throws Error that says what to install, where no SQLite can be had */
export function openSqlite(world: StandInWorld, file: string): SqlConnection {
  for (const name of NODE_PACKAGES) {
    const Database = world.findPackage(name) as (new (file: string) => BetterDatabase) | undefined;
    if (Database !== undefined) return overBetter(new Database(file));
  }
  let node: { DatabaseSync: new (file: string) => NodeDatabase };
  try {
    node = createRequire(import.meta.url)('node:sqlite') as typeof node;
  } catch {
    throw new Error(
      `SQLite in the local runner needs Node 22.13 or better-sqlite3: \`npm install --save-dev better-sqlite3\`, or a newer Node than ${process.versions.node}`,
    );
  }
  return overNode(new node.DatabaseSync(file));
}

/** better-sqlite3 takes named parameters without their prefix, and Buffers alone. */
function bind(parameters: SqlParameters): unknown[] {
  const value = (given: SqlValue | ArrayBuffer): unknown =>
    given instanceof Uint8Array
      ? Buffer.from(given.buffer, given.byteOffset, given.byteLength)
      : given instanceof ArrayBuffer
        ? Buffer.from(given)
        : typeof given === 'boolean'
          ? Number(given)
          : (given ?? null);
  if (Array.isArray(parameters)) return (parameters as readonly SqlValue[]).map(value);
  const named = Object.entries(parameters as Record<string, SqlValue>);
  if (named.length === 0) return [];
  return [
    Object.fromEntries(named.map(([name, given]) => [name.replace(/^[:@$]/, ''), value(given)])),
  ];
}

function overBetter(db: BetterDatabase): SqlConnection {
  return {
    run(sql, parameters) {
      const statement = db.prepare(sql);
      const values = bind(parameters);
      if (!statement.reader) {
        const { changes, lastInsertRowid } = statement.run(...values);
        return { columns: [], rows: [], changes, lastInsertRowId: Number(lastInsertRowid) };
      }
      const columns = statement.columns().map(({ name }) => name);
      const rows = statement.raw(true).all(...values);
      const [[changes, id] = [0, 0]] = db
        .prepare('SELECT changes(), last_insert_rowid()')
        .raw(true)
        .all();
      return { columns, rows, changes: Number(changes), lastInsertRowId: Number(id) };
    },
    columns(sql) {
      const statement = db.prepare(sql);
      return statement.reader ? statement.columns().map(({ name }) => name) : [];
    },
    exec: (sql) => db.exec(sql),
    get isInTransaction() {
      return db.inTransaction;
    },
    close: () => db.close(),
  };
}

function overNode(db: NodeDatabase): SqlConnection {
  let depth = false;
  const note = (sql: string): void => {
    if (/^\s*BEGIN\b/i.test(sql)) depth = true;
    else if (/^\s*(?:COMMIT|END|ROLLBACK(?!\s+TO))\b/i.test(sql)) depth = false;
  };
  return {
    run(sql, parameters) {
      const statement = db.prepare(sql);
      const columns = statement.columns?.().map(({ name }) => name);
      statement.setReturnArrays?.(true);
      const found = statement.all(...bind(parameters));
      note(sql);
      const rows = found.map((row) => (Array.isArray(row) ? row : Object.values(row)));
      const [first] = found;
      const status = db.prepare('SELECT changes() AS c, last_insert_rowid() AS i').all()[0];
      const [changes, id] = Object.values(status ?? { c: 0, i: 0 });
      return {
        columns: columns ?? (first === undefined || Array.isArray(first) ? [] : Object.keys(first)),
        rows,
        changes: Number(changes),
        lastInsertRowId: Number(id),
      };
    },
    columns: (sql) =>
      db
        .prepare(sql)
        .columns?.()
        .map(({ name }) => name) ?? [],
    exec(sql) {
      db.exec(sql);
      note(sql);
    },
    get isInTransaction() {
      return db.isTransaction ?? depth;
    },
    close: () => db.close(),
  };
}
