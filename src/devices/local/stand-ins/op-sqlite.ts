import { mkdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { AppValue as SqlValue, SqliteConnection, SqlResult } from '../../../queue/sqlite.ts';
import type { BatchCommand } from './sqlite.ts';
import {
  asRows,
  encryptionOf,
  openAppDatabase,
  runBatch,
  SQLITE_IN_NODE,
  whereItIsKept,
} from './sqlite.ts';
import { removeDatabase } from './named-databases.ts';
import type { StandIn, StandInWorld } from './stand-in.ts';

const PACKAGE = '@op-engineering/op-sqlite';
/** In the folder of the local platform's data. */
export const OP_SQLITE_FOLDER = 'op-sqlite';

const asResult = (result: SqlResult): object => ({
  insertId: result.lastInsertRowId,
  rowsAffected: result.changes,
  rows: asRows(result),
  rawRows: result.rows,
  columnNames: result.columns,
  metadata: result.columns.map((name, index) => ({ name, type: 'UNKNOWN', index })),
});

/** The object that op-sqlite's C++ gives for a database, versions 9 to 18. */
function createDatabase(world: StandInWorld, path: string, key: string | undefined): object {
  const db: SqliteConnection = openAppDatabase(world, PACKAGE, path);
  if (key !== undefined) {
    // As its C++ hands the key over, whole: SQLCipher reads x'…' in it. A build without SQLCipher takes no notice.
    db.exec(`PRAGMA key = "${key.replaceAll('"', '""')}"`);
  }
  const run = (query: string, params: readonly SqlValue[] = []): SqlResult =>
    db.query(query, params);
  // Arrays alone before 17: create_raw_result in cpp/utils.cpp of 16.2.2 and 17.0.0. Drizzle 0.45 needs these.
  const asRaw = (result: SqlResult): unknown =>
    (world.majorOf(PACKAGE) ?? 17) < 17 ? result.rows : asResult(result);
  const later = async <T>(work: () => T): Promise<T> => {
    await Promise.resolve();
    return work();
  };
  // No transaction: its JavaScript puts BEGIN and COMMIT around it (src/functions.ts of 18.2).
  const batch = (commands: readonly BatchCommand[]): object => runBatch(db, commands);
  const unsupported = (what: string) => (): never => {
    throw new Error(`${what} of op-sqlite does not exist in the local runner`);
  };
  return {
    close: () => db.close(),
    interrupt: () => undefined,
    delete() {
      db.close();
      removeDatabase(path);
    },
    execute: (query: string, params?: SqlValue[]) => later(() => asResult(run(query, params))),
    executeSync: (query: string, params?: SqlValue[]) => asResult(run(query, params)),
    executeWithHostObjects: (query: string, params?: SqlValue[]) =>
      later(() => asResult(run(query, params))),
    executeRaw: (query: string, params?: SqlValue[]) => later(() => asRaw(run(query, params))),
    executeRawSync: (query: string, params?: SqlValue[]) => asRaw(run(query, params)),
    executeBatch: (commands: readonly BatchCommand[]) => later(() => batch(commands)),
    prepareStatement(query: string) {
      let values: SqlValue[] = [];
      const bind = (params: SqlValue[]): void => {
        values = params;
      };
      return {
        bind: (params: SqlValue[]) => later(() => bind(params)),
        bindSync: bind,
        execute: () => later(() => asResult(run(query, values))),
        executeSync: () => asResult(run(query, values)),
      };
    },
    getDbPath: () => path,
    updateHook: () => undefined,
    commitHook: () => undefined,
    rollbackHook: () => undefined,
    flushPendingReactiveQueries: () => Promise.resolve(),
    attach: unsupported('attach'),
    detach: unsupported('detach'),
    loadFile: unsupported('loadFile'),
    loadExtension: unsupported('loadExtension'),
    reactiveExecute: unsupported('reactiveExecute'),
    sync: unsupported('sync'),
    setReservedBytes: () => undefined,
    getReservedBytes: () => 0,
  };
}

function createModule(world: StandInWorld): object {
  const folder = join(world.dataFolder, OP_SQLITE_FOLDER);
  const constants = {
    IOS_DOCUMENT_PATH: folder,
    IOS_LIBRARY_PATH: folder,
    ANDROID_DATABASE_PATH: folder,
    ANDROID_FILES_PATH: folder,
    ANDROID_EXTERNAL_FILES_PATH: folder,
  };
  const open = (options: { name: string; location?: string; encryptionKey?: string }): object => {
    const { name, location, encryptionKey } = options;
    if (location === ':memory:') return createDatabase(world, ':memory:', encryptionKey);
    const base =
      location === undefined ? folder : isAbsolute(location) ? location : join(folder, location);
    mkdirSync(base, { recursive: true });
    return createDatabase(world, join(base, name), encryptionKey);
  };
  const unsupported = (): never => {
    throw new Error('libsql does not exist in the local runner');
  };
  return {
    ...constants,
    getConstants: () => constants,
    install() {
      Object.assign(globalThis, {
        __OPSQLiteProxy: {
          open,
          openRemote: unsupported,
          openSync: unsupported,
          isSQLCipher: () => encryptionOf(world, PACKAGE) !== 'none',
          isLibsql: () => false,
          isTurso: () => false,
          isIOSEmbedded: () => false,
        },
      });
      return true;
    },
    moveAssetsDatabase: () => false,
  };
}

/** https://github.com/OP-Engineering/op-sqlite */
export const opSqlite: StandIn = {
  packageName: PACKAGE,
  keeps: SQLITE_IN_NODE,
  keepsHere: whereItIsKept(PACKAGE),
  turbo: { OPSQLite: createModule },
};
