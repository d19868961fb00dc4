import { randomFillSync } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AppValue, SqliteConnection } from '../../../queue/sqlite.ts';
import { openSqlite } from '../../../queue/sqlite.ts';
import { confined } from './files.ts';
import { asRows } from './sqlite.ts';
import type { StandIn, StandInWorld } from './stand-in.ts';

const PACKAGE = '@nozbe/watermelondb';

type Value = AppValue | boolean;
type Row = Record<string, AppValue>;

/** What is done with the id that comes first in the values: -1 forgets it, 1 keeps it, 0 neither. */
type Operation = readonly [cache: -1 | 0 | 1, table: string | null, sql: string, values: Value[][]];

type Status =
  | { code: 'ok' | 'schema_needed' }
  | { code: 'migrations_needed'; databaseVersion: number };

/** `WMDatabaseDriver.java` of 0.28: a record that JavaScript has already been given is told by its id. */
class Driver {
  private readonly database: SqliteConnection;
  private readonly told = new Map<string, Set<string>>();

  constructor(world: StandInWorld, name: string) {
    this.database = openSqlite(fileOf(world, name), { find: world.findPackage });
    this.database.exec('PRAGMA journal_mode = WAL');
  }

  statusFor(schemaVersion: number): Status {
    const version = this.version;
    if (version === schemaVersion) return { code: 'ok' };
    return version === 0 || version > schemaVersion
      ? { code: 'schema_needed' }
      : { code: 'migrations_needed', databaseVersion: version };
  }

  reset(schema: string, version: number): void {
    const all = this.rows(
      "SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'",
    );
    this.transaction(() => {
      for (const { type, name } of all) {
        this.database.exec(
          `DROP ${String(type)} IF EXISTS "${String(name).replaceAll('"', '""')}"`,
        );
      }
      this.database.exec(schema);
      this.version = version;
    });
    this.told.clear();
  }

  migrate(steps: string, from: number, to: number): void {
    if (this.version !== from) {
      throw new Error(
        `Incompatible migration set applied. DB: ${this.version}, migration: ${from}`,
      );
    }
    this.transaction(() => {
      this.database.exec(steps);
      this.version = to;
    });
  }

  find(table: string, id: string): string | Row | null {
    if (this.toldOf(table).has(id)) return id;
    const [row] = this.rows(`SELECT * FROM "${table}" WHERE id == ? LIMIT 1`, [id]);
    if (row !== undefined) this.toldOf(table).add(id);
    return row ?? null;
  }

  query(table: string, sql: string, values: readonly Value[]): (string | Row)[] {
    const told = this.toldOf(table);
    return this.rows(sql, values).map((row) => {
      const id = String(row.id);
      if (told.has(id)) return id;
      told.add(id);
      return row;
    });
  }

  rows(sql: string, values: readonly Value[] = []): Row[] {
    return asRows(this.database.query(sql, values.map(bound)));
  }

  batch(operations: readonly Operation[]): void {
    this.transaction(() => {
      for (const [, , sql, sets] of operations) {
        for (const values of sets) this.database.query(sql, values.map(bound));
      }
    });
    for (const [cache, table, , sets] of operations) {
      for (const [id] of cache === 0 ? [] : sets) {
        this.toldOf(table ?? '')[cache === 1 ? 'add' : 'delete'](String(id));
      }
    }
  }

  exec(sql: string): void {
    this.transaction(() => this.database.exec(sql));
  }

  private get version(): number {
    return Number(this.rows('PRAGMA user_version')[0]?.user_version);
  }

  private set version(version: number) {
    this.database.exec(`PRAGMA user_version = ${Math.trunc(version)}`);
  }

  private toldOf(table: string): Set<string> {
    const told = this.told.get(table) ?? new Set();
    this.told.set(table, told);
    return told;
  }

  private transaction(work: () => void): void {
    this.database.exec('BEGIN EXCLUSIVE');
    try {
      work();
      this.database.exec('COMMIT');
    } catch (error) {
      this.database.exec('ROLLBACK');
      throw error;
    }
  }
}

const bound = (value: Value): AppValue => (typeof value === 'boolean' ? Number(value) : value);

function fileOf({ dataFolder }: StandInWorld, name: string): string {
  if (name === ':memory:' || name.includes('mode=memory')) return ':memory:';
  const folder = join(dataFolder, 'watermelondb');
  const file = confined(folder, join(folder, `${name}.db`));
  mkdirSync(dirname(file), { recursive: true });
  return file;
}

/** The methods of both ways that JavaScript has to a database. */
const methodsOf = (driver: Driver) => ({
  find: (table: string, id: string) => driver.find(table, id),
  query: (table: string, sql: string, values: Value[]) => driver.query(table, sql, values),
  queryIds: (sql: string, values: Value[]) => driver.rows(sql, values).map(({ id }) => id),
  unsafeQueryRaw: (sql: string, values: Value[]) => driver.rows(sql, values),
  count: (sql: string, values: Value[]) => Object.values(driver.rows(sql, values)[0] ?? {})[0],
  batch: (operations: Operation[]) => driver.batch(operations),
  unsafeResetDatabase: (schema: string, version: number) => driver.reset(schema, version),
  getLocal: (key: string) =>
    driver.rows('SELECT "value" FROM "local_storage" WHERE "key" == ?', [key])[0]?.value ?? null,
});

/** Answers at once: `nativeWatermelonCreateAdapter` of its C++. */
function createAdapter(world: StandInWorld, name: string): object {
  const driver = new Driver(world, name);
  const { query, batch, ...methods } = methodsOf(driver);
  return {
    ...methods,
    initialize: (_name: string, version: number) => driver.statusFor(version),
    setUpWithSchema: (_name: string, schema: string, version: number) =>
      driver.reset(schema, version),
    setUpWithMigrations: (_name: string, steps: string, from: number, to: number) =>
      driver.migrate(steps, from, to),
    query,
    queryAsArray(table: string, sql: string, values: Value[]) {
      const records = query(table, sql, values);
      const columns = Object.keys(records.find((one) => typeof one === 'object') ?? {});
      const compress = (record: string | Row): unknown =>
        typeof record === 'string' ? record : columns.map((column) => record[column]);
      return records.length === 0 ? [] : [columns, ...records.map(compress)];
    },
    batchJSON: (operations: string) => batch(JSON.parse(operations) as Operation[]),
    unsafeExecuteMultiple: (sql: string) => driver.exec(sql),
    unsafeLoadFromSync() {
      throw new Error(
        `unsafeTurbo (a sync's whole answer in C++) of ${PACKAGE} does not exist in the local runner`,
      );
    },
  };
}

const METHODS = [
  'find',
  'query',
  'queryIds',
  'unsafeQueryRaw',
  'count',
  'batch',
  'unsafeResetDatabase',
  'getLocal',
] as const;

/** Answers by promises: `WMDatabaseBridge.java`. What is asked before the schema is there waits for it. */
function createBridge(world: StandInWorld): object {
  const drivers = new Map<number, { driver: Driver; ready: Promise<Driver>; settle: () => void }>();
  const connect = async (tag: number, prepare: (driver: Driver) => void): Promise<true> => {
    await Promise.resolve();
    const connection = drivers.get(tag);
    if (connection === undefined) throw new Error(`No driver with tag ${tag} available`);
    prepare(connection.driver);
    connection.settle();
    return true;
  };
  const ask =
    (run: (methods: ReturnType<typeof methodsOf>, ...args: never[]) => unknown) =>
    async (tag: number, ...args: never[]): Promise<unknown> => {
      const ready = drivers.get(tag)?.ready;
      if (ready === undefined) throw new Error(`No driver with tag ${tag} available`);
      return run(methodsOf(await ready), ...args) ?? null;
    };
  const asked = METHODS.map((name) => [
    name,
    ask((methods, ...args) => (methods[name] as (...given: never[]) => unknown)(...args)),
  ]);
  return {
    // At once, up to the answer: JavaScript asks before it has that.
    async initialize(tag: number, name: string, version: number) {
      const driver = new Driver(world, name);
      let settle: () => void = () => undefined;
      const ready = new Promise<Driver>((resolve) => (settle = () => resolve(driver)));
      const status = driver.statusFor(version);
      drivers.set(tag, { driver, ready, settle });
      if (status.code === 'ok') settle();
      await Promise.resolve();
      return status;
    },
    setUpWithSchema: (tag: number, _name: string, schema: string, version: number) =>
      connect(tag, (driver) => driver.reset(schema, version)),
    setUpWithMigrations: (tag: number, _name: string, steps: string, from: number, to: number) =>
      connect(tag, (driver) => driver.migrate(steps, from, to)),
    ...(Object.fromEntries(asked) as object),
    initializeJSI() {
      Object.assign(globalThis, {
        nativeWatermelonCreateAdapter: (name: string) => createAdapter(world, name),
      });
      return true;
    },
    getRandomBytes: (count: number) => [...randomFillSync(new Uint8Array(count))],
  };
}

/** https://github.com/Nozbe/WatermelonDB */
export const watermelonDb: StandIn = {
  packageName: PACKAGE,
  keeps: 'SQLite in Node',
  turbo: { WMDatabaseBridge: createBridge },
};
