/** SQLite in Node, whichever build of it is there: for the local platform, `bgsync queue` and the tests. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { QueueStore, SqlValue } from '../../templates/queue/store.ts';
import { rawKey, readyConnection } from '../../templates/queue/store.ts';

/** A connection; each call runs one statement to its end. */
export interface Sqlite {
  run(sql: string, values?: readonly SqlValue[]): void;
  all(sql: string, values?: readonly SqlValue[]): object[];
  close(): void;
}

interface Statement {
  run(...values: unknown[]): unknown;
  all(...values: unknown[]): object[];
  /** better-sqlite3: `all` refuses a statement that returns nothing. */
  readonly reader?: boolean;
  finalize?(): void;
}

interface Database {
  prepare(sql: string): Statement;
  close(): void;
}

type Require = (name: string) => unknown;

interface Build {
  readonly packageName: string;
  /** Whether it can be given a key. */
  readonly encrypts: boolean;
  /** Values are one array, not the arguments. */
  readonly bindsArray?: boolean;
  open(file: string, load: Require): Database;
}

type DatabaseClass = new (file: string) => Database;

/** In the order of preference: what encrypts, what is fast, what is there without an installation. */
const BUILDS: readonly Build[] = [
  {
    packageName: 'better-sqlite3-multiple-ciphers',
    encrypts: true,
    open(file, load) {
      const db = new (load('better-sqlite3-multiple-ciphers') as DatabaseClass)(file);
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
    open: (file, load) =>
      new (load('@signalapp/sqlcipher') as { default: DatabaseClass }).default(file),
  },
  {
    packageName: 'better-sqlite3',
    encrypts: false,
    open: (file, load) => new (load('better-sqlite3') as DatabaseClass)(file),
  },
  {
    packageName: 'node:sqlite',
    encrypts: false,
    open: (file, load) =>
      new (load('node:sqlite') as { DatabaseSync: DatabaseClass }).DatabaseSync(file),
  },
  {
    packageName: 'node-sqlite3-wasm',
    encrypts: false,
    bindsArray: true,
    open: (file, load) =>
      new (load('node-sqlite3-wasm') as { Database: DatabaseClass }).Database(file),
  },
];

/** No build of SQLite could be loaded, or none that encrypts. */
export class NoSqliteError extends Error {
  override readonly name = 'NoSqliteError';
}

export interface OpenSqliteOptions {
  /** Folders in whose node_modules a build is looked for, first the app's. */
  readonly from: readonly string[];
  /** Whether the database needs a key. */
  readonly encrypted?: boolean;
  /** Only this build. */
  readonly packageName?: string;
}

/**
 * Opens a database with the first build of SQLite that loads.
 *
 * @param file its path, or `:memory:`
 * @throws NoSqliteError that says what to install; whatever SQLite throws on opening the file
 */
export function openSqlite(file: string, options: OpenSqliteOptions): Sqlite {
  const wanted = BUILDS.filter(
    ({ packageName, encrypts }) =>
      (options.encrypted !== true || encrypts) &&
      (options.packageName === undefined || packageName === options.packageName),
  );
  for (const build of wanted) {
    for (const folder of options.from) {
      const load = createRequire(pathToFileURL(`${folder}/`));
      if (!canLoad(build, load)) continue;
      return connect(build.open(file, load), build.bindsArray === true);
    }
  }
  throw new NoSqliteError(
    options.encrypted === true
      ? 'no SQLite that encrypts is installed: npm install --save-dev better-sqlite3-multiple-ciphers'
      : `no SQLite is installed for Node ${process.versions.node}: npm install --save-dev better-sqlite3 (Node 22.13 has one)`,
  );
}

/** An addon that was built for another Node resolves and does not load. */
function canLoad(build: Build, load: Require): boolean {
  try {
    load(build.packageName);
    return true;
  } catch {
    return false;
  }
}

/** For what repeats an error that was told already: SQLite ended the transaction itself, or a statement had failed. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // Told already.
  }
}

const MAX_STATEMENTS = 200;

function connect(db: Database, bindsArray: boolean): Sqlite {
  const statements = new Map<string, Statement>();
  const drop = (): void => {
    for (const statement of statements.values()) {
      attempt(() => statement.finalize?.());
    }
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
  const bound = (values: readonly SqlValue[]): unknown[] =>
    bindsArray ? (values.length === 0 ? [] : [values]) : [...values];
  const use = <R>(sql: string, work: (statement: Statement) => R): R => {
    const statement = prepared(sql);
    try {
      return work(statement);
    } catch (error) {
      // SQLite tells the error of a statement again when it is reset for its next run.
      statements.delete(sql);
      attempt(() => statement.finalize?.());
      throw error;
    }
  };
  return {
    run: (sql, values = []) => {
      use(sql, (statement) => statement.run(...bound(values)));
    },
    all: (sql, values = []) =>
      use(sql, (statement) => {
        if (statement.reader !== false) return statement.all(...bound(values));
        statement.run(...bound(values));
        return [];
      }),
    close() {
      drop();
      db.close();
    },
  };
}

/** The queue's port on a connection that nobody else uses. */
export function sqliteStore(sqlite: Sqlite): QueueStore {
  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- a failure must be a rejection
    async batch(statements) {
      sqlite.run('BEGIN IMMEDIATE');
      try {
        for (const [sql, values] of statements) sqlite.run(sql, values);
        sqlite.run('COMMIT');
      } catch (error) {
        attempt(() => sqlite.run('ROLLBACK'));
        throw error;
      }
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
