/**
 * What the JavaScript of op-sqlite and expo-sqlite makes of their native halves, as far as the queue's drivers use it: the
 * native halves are those of the local platform. `npm run test:local` has the packages themselves above them.
 */
import { createNativeModules } from '../../../src/devices/local/stand-ins/index.ts';
import type { StandInWorld } from '../../../src/devices/local/stand-ins/stand-in.ts';
import { findIn } from '../../../src/queue/sqlite.ts';

interface OpDatabase {
  readonly execute: (sql: string, values?: unknown[]) => Promise<{ rows: object[] }>;
  readonly executeSync: (sql: string, values?: unknown[]) => { rows: object[] };
  readonly close: () => void;
}
interface OpNative {
  install(): void;
}

interface ExpoDatabase {
  initSync(): void;
  execSync(sql: string): void;
  prepareSync(statement: ExpoStatement, sql: string): void;
  isInTransactionSync(): boolean;
  closeSync(): void;
}
interface ExpoStatement {
  runSync(
    db: ExpoDatabase,
    values: object,
    blobs: object,
    isArray: boolean,
  ): { firstRowValues: unknown[] };
  getAllSync(db: ExpoDatabase): unknown[][];
  getColumnNamesSync(): string[];
  finalizeSync(db: ExpoDatabase): void;
}
interface ExpoNative {
  readonly NativeDatabase: new (path: string, options: object) => ExpoDatabase;
  readonly NativeStatement: new () => ExpoStatement;
  readonly defaultDatabaseDirectory: string;
  ensureDatabasePathExistsSync(path: string): void;
}

export interface LibraryWorld {
  /** Of the app: its package.json and app.json say whether SQLCipher is built. */
  readonly root: string;
  readonly dataFolder: string;
  /** Where builds of SQLite for Node are looked for. */
  readonly from: readonly string[];
  /** Only this one; any without it. */
  readonly packageName?: string | undefined;
}

const nativeModules = ({ root, dataFolder, from, packageName }: LibraryWorld) => {
  const find = findIn(from);
  const world: StandInWorld = {
    root,
    dataFolder,
    platform: 'android',
    network: 'wifi',
    battery: { percent: 80, charging: false, saver: false },
    findPackage: (name) =>
      packageName === undefined || name === packageName ? find(name) : undefined,
    // The newest of each.
    majorOf: () => undefined,
    note: () => undefined,
    emit: () => undefined,
  };
  return createNativeModules(world, () => undefined);
};

/** @op-engineering/op-sqlite */
export function opSqlite(library: LibraryWorld): object {
  const native = nativeModules(library).find('turbo', 'OPSQLite') as OpNative;
  native.install();
  const world = globalThis as { __OPSQLiteProxy?: { open: (options: object) => OpDatabase } };
  const { open } = world.__OPSQLiteProxy!;
  // Its `open` assigns the native methods one by one: no `this`.
  return {
    open(options: object) {
      const { execute, executeSync, close } = open(options);
      return { execute, executeSync, close };
    },
  };
}

/** expo-sqlite */
export function expoSqlite(world: LibraryWorld): object {
  const native = nativeModules(world).find('expo', 'ExpoSQLite') as ExpoNative;
  return {
    openDatabaseSync(name: string, options: object = {}) {
      const path = name === ':memory:' ? name : `${native.defaultDatabaseDirectory}/${name}`;
      native.ensureDatabasePathExistsSync(path);
      const db = new native.NativeDatabase(path, options);
      db.initSync();
      const all = (sql: string, ...values: unknown[]): object[] => {
        const statement = new native.NativeStatement();
        db.prepareSync(statement, sql);
        try {
          const bound = Object.fromEntries(values.flat().map((value, i) => [String(i), value]));
          const { firstRowValues } = statement.runSync(db, bound, {}, true);
          const names = statement.getColumnNamesSync();
          const rows = firstRowValues.length === 0 ? [] : [firstRowValues];
          return [...rows, ...statement.getAllSync(db)].map((row) =>
            Object.fromEntries(row.map((value, i) => [names[i] ?? '', value])),
          );
        } finally {
          statement.finalizeSync(db);
        }
      };
      return {
        execSync: (sql: string) => db.execSync(sql),
        runSync: all,
        getAllSync: all,
        getFirstSync: (sql: string, ...values: unknown[]) => all(sql, ...values)[0] ?? null,
        closeSync: () => db.closeSync(),
      };
    },
  };
}
