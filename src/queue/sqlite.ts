/** SQLite in Node, whichever build of it is there: for the local platform, `bgsync queue` and the tests. */
import { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { QueueStore, SqlValue } from '../../templates/queue/store.ts';
import { rawKey, readyConnection, runBatch } from '../../templates/queue/store.ts';
import { holdWasmDatabase } from './wasm-lock.ts';

/** What the queue's port needs of a connection; each call runs one statement to its end. */
export interface Sqlite {
  run(sql: string, values?: readonly SqlValue[]): void;
  all(sql: string, values?: readonly SqlValue[]): object[];
  close(): void;
}

/** What an app can bind and read, of which the queue uses a part. */
export type AppValue = SqlValue | bigint | Uint8Array;
export type AppValues = readonly AppValue[] | Readonly<Record<string, AppValue>>;

export interface SqlResult {
  /** Empty where this build tells them of rows alone, and there was none. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly AppValue[])[];
  readonly changes: number;
  readonly lastInsertRowId: number;
}

/** A connection, with what the native half of an app's SQLite library tells of a statement. */
export interface SqliteConnection extends Sqlite {
  /** Whether this build takes a key. */
  readonly encrypts: boolean;
  /** Runs one statement to its end. */
  query(sql: string, values?: AppValues): SqlResult;
  /** The names of what a statement gives; it is checked, and not run. Empty where this build does not tell. */
  columns(sql: string): readonly string[];
  /** Runs any number of statements without values. */
  exec(sql: string): void;
  readonly isInTransaction: boolean;
}

interface Statement {
  run(...values: unknown[]): unknown;
  all(...values: unknown[]): (AppValue[] | Record<string, AppValue>)[];
  /** better-sqlite3: `all` refuses a statement that returns nothing. */
  readonly reader?: boolean;
  columns?(): { readonly name: string }[];
  /** Rows as arrays: better-sqlite3's way, and Node's. */
  raw?(isRaw: boolean): unknown;
  setReturnArrays?(isArray: boolean): void;
  /** Ends it: node-sqlite3-wasm's way, and that of @signalapp/sqlcipher. */
  finalize?(): void;
  close?(): void;
}

interface Database {
  prepare(sql: string): Statement;
  exec(sql: string): void;
  close(): void;
  /** better-sqlite3's name for it, and Node's. */
  readonly inTransaction?: boolean;
  readonly isTransaction?: boolean;
}

/** @returns a package of Node, loaded; undefined where there is none */
export type FindPackage = (name: string) => unknown;

interface Build {
  readonly packageName: string;
  /** Whether it can be given a key. */
  readonly encrypts: boolean;
  /** Values are one array, not the arguments. */
  readonly bindsArray?: boolean;
  /** Named values keep the sign that the statement has before the name. */
  readonly bindsSigns?: boolean;
  open(file: string, loaded: unknown): Database;
}

type DatabaseClass = new (file: string) => Database;

/** In the order of preference: what encrypts, what is fast, what is there without an installation. */
const BUILDS: readonly Build[] = [
  {
    packageName: 'better-sqlite3-multiple-ciphers',
    encrypts: true,
    open(file, loaded) {
      const db = new (loaded as DatabaseClass)(file);
      // As SQLCipher 4 writes it: https://utelle.github.io/SQLite3MultipleCiphers/docs/ciphers/cipher_sqlcipher/
      db.prepare("PRAGMA cipher = 'sqlcipher'").all();
      db.prepare('PRAGMA legacy = 4').all();
      return db;
    },
  },
  {
    packageName: '@signalapp/sqlcipher',
    encrypts: true,
    bindsArray: true,
    open: (file, loaded) => new (loaded as { default: DatabaseClass }).default(file),
  },
  {
    packageName: 'better-sqlite3',
    encrypts: false,
    open: (file, loaded) => new (loaded as DatabaseClass)(file),
  },
  {
    packageName: 'node:sqlite',
    encrypts: false,
    open: (file, loaded) => new (loaded as { DatabaseSync: DatabaseClass }).DatabaseSync(file),
  },
  {
    packageName: 'node-sqlite3-wasm',
    encrypts: false,
    bindsArray: true,
    bindsSigns: true,
    open(file, loaded) {
      const release = file === ':memory:' ? () => undefined : holdWasmDatabase(file);
      try {
        const db = new (loaded as { Database: DatabaseClass }).Database(file);
        return {
          prepare: (sql) => db.prepare(sql),
          exec: (sql) => db.exec(sql),
          close() {
            db.close();
            release();
          },
        };
      } catch (error) {
        release();
        throw error;
      }
    },
  },
];

/** No build of SQLite could be loaded, or none that encrypts. */
export class NoSqliteError extends Error {
  override readonly name = 'NoSqliteError';
}

export interface OpenSqliteOptions {
  readonly find: FindPackage;
  /** Whether the database needs a key. */
  readonly encrypted?: boolean;
  /** Only this build. */
  readonly packageName?: string;
}

/** Finds packages in the node_modules of some folders, the first that has one. */
export const findIn =
  (folders: readonly string[]): FindPackage =>
  (name) => {
    for (const folder of folders) {
      const loaded = attempt(() => createRequire(pathToFileURL(`${folder}/`))(name) as unknown);
      if (loaded !== undefined) return loaded;
    }
    return undefined;
  };

/**
 * Opens a database with the first build of SQLite that loads.
 *
 * @param file its path, or `:memory:`
 * @throws NoSqliteError that says what to install; whatever SQLite throws on opening the file
 */
export function openSqlite(file: string, options: OpenSqliteOptions): SqliteConnection {
  const { find, encrypted, packageName } = options;
  for (const build of BUILDS) {
    if (encrypted === true && !build.encrypts) continue;
    if (packageName !== undefined && packageName !== build.packageName) continue;
    // An addon that was built for another Node is found and does not load.
    const loaded = attempt(() => find(build.packageName));
    if (loaded !== undefined) return connect(build.open(file, loaded), build);
  }
  throw new NoSqliteError(
    encrypted === true
      ? 'no SQLite that encrypts is installed: npm install --save-dev better-sqlite3-multiple-ciphers'
      : `no SQLite is installed for Node ${process.versions.node}: npm install --save-dev better-sqlite3 (Node 22.13 has one)`,
  );
}

/** For what is not there, or repeats an error that was told already. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

const MAX_STATEMENTS = 200;

const endOf = (statement: Statement): void => {
  attempt(() => (statement.finalize === undefined ? statement.close?.() : statement.finalize()));
};

/** What SQLite itself does not tell of a connection in each build: whether a transaction is open. */
function transactionNote(): { readonly isOpen: boolean; note(sql: string): void } {
  let isOpen = false;
  return {
    get isOpen() {
      return isOpen;
    },
    note(sql) {
      if (/^\s*BEGIN\b/i.test(sql)) isOpen = true;
      else if (/^\s*(?:COMMIT|END|ROLLBACK(?!\s+TO))\b/i.test(sql)) isOpen = false;
    },
  };
}

function connect(db: Database, build: Build): SqliteConnection {
  const statements = new Map<string, Statement>();
  const transaction = transactionNote();
  const drop = (): void => {
    for (const statement of statements.values()) endOf(statement);
    statements.clear();
  };
  const prepared = (sql: string): Statement => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    if (statements.size >= MAX_STATEMENTS) drop();
    const statement = db.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const bound = (values: AppValues): unknown[] => {
    const all = Array.isArray(values)
      ? (values as readonly AppValue[]).map(bindable)
      : named(values as Readonly<Record<string, AppValue>>, build);
    if (!Array.isArray(all)) return [all];
    return build.bindsArray !== true ? all : all.length === 0 ? [] : [all];
  };
  const use = <R>(sql: string, work: (statement: Statement) => R): R => {
    const statement = prepared(sql);
    try {
      const result = work(statement);
      transaction.note(sql);
      return result;
    } catch (error) {
      // SQLite tells the error of a statement again when it is reset for its next run.
      statements.delete(sql);
      endOf(statement);
      throw error;
    }
  };
  const all = (statement: Statement, values: AppValues): ReturnType<Statement['all']> => {
    if (statement.reader !== false) return statement.all(...bound(values));
    statement.run(...bound(values));
    return [];
  };
  return {
    encrypts: build.encrypts,
    run: (sql, values = []) => {
      use(sql, (statement) => statement.run(...bound(values)));
    },
    all: (sql, values = []) => use(sql, (statement) => all(statement, values)),
    query(sql, values = []) {
      const statement = db.prepare(sql);
      let found: ReturnType<Statement['all']>;
      let columns: readonly string[];
      try {
        columns = namesOf(statement);
        if (statement.reader !== false) statement.raw?.(true);
        statement.setReturnArrays?.(true);
        found = all(statement, values);
      } finally {
        endOf(statement);
      }
      transaction.note(sql);
      const [first] = found;
      if (columns.length === 0 && first !== undefined && !Array.isArray(first)) {
        columns = Object.keys(first);
      }
      // SQLCipher answers no SELECT at all under a wrong key, which is for the statement that reads to tell.
      const [told] =
        attempt(() => this.all('SELECT changes() AS c, last_insert_rowid() AS i')) ?? [];
      const [changes, id] = Object.values(told ?? { c: 0, i: 0 }) as [unknown, unknown];
      return {
        columns,
        rows: found.map((row) => (Array.isArray(row) ? row : Object.values(row))),
        changes: Number(changes),
        lastInsertRowId: Number(id),
      };
    },
    columns(sql) {
      const statement = db.prepare(sql);
      try {
        return namesOf(statement);
      } finally {
        endOf(statement);
      }
    },
    exec(sql) {
      db.exec(sql);
      transaction.note(sql);
    },
    get isInTransaction() {
      return db.inTransaction ?? db.isTransaction ?? transaction.isOpen;
    },
    close() {
      drop();
      db.close();
    },
  };
}

const namesOf = (statement: Statement): string[] =>
  statement.reader === false ? [] : (statement.columns?.() ?? []).map(({ name }) => name);

/** better-sqlite3 takes Buffers alone; a phone's libraries take a truth value for a number, and nothing for null. */
const bindable = (given: AppValue | ArrayBuffer | boolean | undefined): unknown =>
  given instanceof Uint8Array
    ? Buffer.from(given.buffer, given.byteOffset, given.byteLength)
    : given instanceof ArrayBuffer
      ? Buffer.from(given)
      : typeof given === 'boolean'
        ? Number(given)
        : (given ?? null);

/** @returns an empty list where there is none: better-sqlite3 refuses an object for a statement without names */
function named(values: Readonly<Record<string, AppValue>>, { bindsSigns }: Build): object {
  const entries = Object.entries(values);
  if (entries.length === 0) return [];
  const name = (text: string): string => (bindsSigns === true ? text : text.replace(/^[:@$]/, ''));
  return Object.fromEntries(entries.map(([key, given]) => [name(key), bindable(given)]));
}

/** The queue's port on a connection that nobody else uses. */
export function sqliteStore(sqlite: Sqlite): QueueStore {
  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- a failure must be a rejection
    async batch(statements) {
      runBatch((sql, values) => sqlite.run(sql, values), statements);
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- a failure must be a rejection
    async all<R>(sql: string, values?: readonly SqlValue[]) {
      return sqlite.all(sql, values) as R[];
    },
  };
}

/**
 * Makes a connection ready as the drivers in an app do.
 *
 * @param key 64 hexadecimal digits, or null for a database that is not encrypted
 * @throws QueueStoreError after closing the connection
 */
export async function unlockSqlite(sqlite: Sqlite, key: string | null): Promise<void> {
  if (key !== null) sqlite.all(`PRAGMA key = "${rawKey(key)}"`);
  await readyConnection(
    {
      query: (sql) => Promise.resolve(sqlite.all(sql)),
      close: () => Promise.resolve(sqlite.close()),
    },
    key !== null,
  );
}
