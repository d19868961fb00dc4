import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { removeDatabase } from './named-databases.ts';
import type { StandIn, StandInWorld } from './stand-in.ts';
import type {
  AppValue as SqlValue,
  AppValues as SqlParameters,
  SqliteConnection,
  SqlResult,
} from '../../../queue/sqlite.ts';
import { openAppDatabase, SQLITE_IN_NODE, whereItIsKept } from './sqlite.ts';

const PACKAGE = 'expo-sqlite';
/** In the folder of the local platform's data, by the name that it has on a phone. */
export const EXPO_SQLITE_FOLDER = 'SQLite';

type Bound = Record<string, SqlValue>;
interface RunResult {
  readonly lastInsertRowId: number;
  readonly changes: number;
  readonly firstRowValues: readonly SqlValue[];
}

/** The methods of a class, each also as `…Async`, whose throws are rejections. */
function bothWays(methods: Record<string, (this: never, ...args: never[]) => unknown>): object {
  const both: Record<string, unknown> = {};
  for (const [name, run] of Object.entries(methods)) {
    both[`${name}Sync`] = run;
    both[`${name}Async`] = async function (this: never, ...args: never[]) {
      // Off the caller's stack, as on a phone, where a thread of its own runs it.
      await Promise.resolve();
      return run.apply(this, args);
    };
  }
  return both;
}

interface State {
  readonly path: string;
  connection: SqliteConnection | undefined;
}

/** https://docs.expo.dev/versions/latest/sdk/sqlite/: the native classes below its JavaScript, SDK 50 and newer. */
function createModule(world: StandInWorld): object {
  const folder = join(world.dataFolder, EXPO_SQLITE_FOLDER);
  const states = new WeakMap<object, State>();
  const stateOf = (database: object): State => {
    const state = states.get(database);
    if (state === undefined) throw new Error('Access to closed resource');
    return state;
  };
  const connectionOf = (database: object): SqliteConnection => {
    const { connection } = stateOf(database);
    if (connection === undefined) throw new Error('Access to closed resource');
    return connection;
  };

  function NativeDatabase(this: object, path: string): void {
    states.set(this, { path, connection: undefined });
  }
  Object.assign(
    NativeDatabase.prototype,
    bothWays({
      init(this: object) {
        const state = stateOf(this);
        state.connection ??= openAppDatabase(world, PACKAGE, state.path);
      },
      isInTransaction(this: object) {
        return connectionOf(this).isInTransaction;
      },
      close(this: object) {
        const state = stateOf(this);
        state.connection?.close();
        state.connection = undefined;
      },
      exec(this: object, source: string) {
        connectionOf(this).exec(source);
      },
      prepare(this: object, statement: NativeStatement, source: string) {
        statement.columns = connectionOf(this).columns(source);
        statement.source = source;
        return statement;
      },
      serialize: unsupported('serialize'),
      createSession: unsupported('sessions'),
      loadExtension: unsupported('extensions'),
    }),
  );

  class NativeStatement {
    source: string | undefined;
    columns: readonly string[] = [];
    rest: (readonly SqlValue[])[] = [];
  }
  const sourceOf = (statement: NativeStatement): string => {
    if (statement.source === undefined) throw new Error('Access to closed resource');
    return statement.source;
  };
  Object.assign(
    NativeStatement.prototype,
    bothWays({
      run(
        this: NativeStatement,
        database: object,
        primitive: Bound,
        blobs: Bound,
        isArray: boolean,
      ): RunResult {
        const all = { ...primitive, ...blobs };
        const parameters: SqlParameters = isArray
          ? Object.keys(all)
              .sort((a, b) => Number(a) - Number(b))
              .map((key) => all[key] ?? null)
          : all;
        const result: SqlResult = connectionOf(database).query(sourceOf(this), parameters);
        if (result.columns.length > 0) this.columns = result.columns;
        const [first = [], ...rest] = result.rows;
        this.rest = rest;
        return {
          lastInsertRowId: result.lastInsertRowId,
          changes: result.changes,
          firstRowValues: first,
        };
      },
      step(this: NativeStatement) {
        return this.rest.shift() ?? null;
      },
      getAll(this: NativeStatement) {
        return this.rest.splice(0);
      },
      reset(this: NativeStatement) {
        this.rest = [];
      },
      getColumnNames(this: NativeStatement) {
        return this.columns;
      },
      finalize(this: NativeStatement) {
        this.source = undefined;
        this.rest = [];
      },
    }),
  );

  const NativeSession = unsupported('sessions');
  const ensure = (path: string): void => {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  };
  const remove = (path: string): void => {
    removeDatabase(path);
  };
  return {
    defaultDatabaseDirectory: folder,
    bundledExtensions: {},
    NativeDatabase,
    NativeStatement,
    NativeSession,
    ensureDatabasePathExistsSync: ensure,
    ensureDatabasePathExistsAsync: (path: string) => Promise.resolve(ensure(path)),
    deleteDatabaseSync: remove,
    deleteDatabaseAsync: (path: string) => Promise.resolve(remove(path)),
  };
}

/** A function, so that it can also stand for a class. */
function unsupported(what: string): () => never {
  return function () {
    throw new Error(`${what} of expo-sqlite do not exist in the local runner`);
  };
}

export const expoSqlite: StandIn = {
  packageName: PACKAGE,
  keeps: SQLITE_IN_NODE,
  keepsHere: whereItIsKept(PACKAGE),
  expo: { ExpoSQLite: createModule },
};
