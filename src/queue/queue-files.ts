/** Databases with a queue in them: a file that someone names, and those of the local platform. */
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SyncQueue } from '../../templates/queue/queue.ts';
import { BLOCKED, IN_FLIGHT, READY, WAITING } from '../../templates/queue/schema.ts';
import { QueueStoreError } from '../../templates/queue/store.ts';
import type { DeadLetter, QueueCounts } from '../../templates/queue/types.ts';
import { EXPO_SQLITE_FOLDER } from '../devices/local/stand-ins/expo-sqlite.ts';
import { OP_SQLITE_FOLDER } from '../devices/local/stand-ins/op-sqlite.ts';
import { FileStore } from '../devices/local/stand-ins/store.ts';
import { UserError } from '../errors.ts';
import { LOCAL_FILES, copyDatabase } from './copy-database.ts';
import type { DatabaseFiles } from './copy-database.ts';
import { NoSqliteError, findIn, openSqlite, sqliteStore, unlockSqlite } from './sqlite.ts';
import type { Sqlite } from './sqlite.ts';
import { isOwnerNote } from './wasm-lock.ts';

export interface QueueFile {
  /** Absolute. */
  readonly path: string;
  /** 64 hexadecimal digits; null for a database that is not encrypted. */
  readonly key: string | null;
}

/** What stands in a queue. Times are epoch milliseconds. */
export interface QueueContent {
  readonly encrypted: boolean;
  readonly counts: QueueCounts & {
    readonly ready: number;
    /** After a failure, until their time. */
    readonly waiting: number;
    /** Behind others. */
    readonly blocked: number;
    readonly inFlight: number;
  };
  /** When what still has to be sent was first put in. */
  readonly oldest: number | null;
  /** When the first of those that wait is tried again. */
  readonly nextDue: number | null;
  readonly deadLetters: readonly DeadLetter[];
}

/**
 * Reads a queue, of a copy: a database that an app has open is not written, not even for reading its journal.
 *
 * @param file whose key is not used where the database turns out to be plain
 * @param from folders in whose node_modules a SQLite is looked for where Node has none
 * @param options.files where it lies; on this machine without it
 * @param options.name what messages call it; its path without it
 * @param options.encrypted what to say of a database that needs a key, and none was given
 * @returns undefined where there is no queue in it
 * @throws UserError where it cannot be read, or is not there
 */
export async function readQueue(
  file: QueueFile,
  from: readonly string[],
  options: {
    readonly files?: DatabaseFiles;
    readonly name?: string;
    readonly encrypted?: () => UserError;
  } = {},
): Promise<QueueContent | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'bgsync-queue-'));
  try {
    const { files = LOCAL_FILES, name = file.path } = options;
    const path = await copyDatabase(files, file.path, folder);
    if (path === undefined) throw new UserError(`There is no file ${name}.`);
    const isEncrypted = !isPlain(path);
    if (isEncrypted && file.key === null && options.encrypted) throw options.encrypted();
    const key = isEncrypted ? file.key : null;
    return await withQueue(
      { path, key },
      from,
      name,
      async (queue, sqlite) => ({
        encrypted: key !== null,
        ...(await read(queue, sqlite)),
      }),
      true,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Changes a queue where it stands.
 *
 * @throws UserError where it cannot be opened, or there is none in it
 */
export async function changeQueue<T>(
  file: QueueFile,
  from: readonly string[],
  change: (queue: SyncQueue) => Promise<T>,
): Promise<T> {
  const result = await withQueue(file, from, file.path, async (queue) => ({
    value: await change(queue),
  }));
  if (result === undefined) throw new UserError(`There is no queue in ${file.path}.`);
  return result.value;
}

async function withQueue<T>(
  { path, key }: QueueFile,
  from: readonly string[],
  name: string,
  work: (queue: SyncQueue, sqlite: Sqlite) => Promise<T>,
  isOurs = false,
): Promise<T | undefined> {
  let sqlite: Sqlite | undefined;
  try {
    sqlite = openSqlite(path, { find: findIn(from), encrypted: key !== null });
    // A build without shared memory (node-sqlite3-wasm) opens a database in WAL mode only so: sqlite.org/wal.html#noshm
    if (isOurs) sqlite.all('PRAGMA locking_mode = EXCLUSIVE');
    await unlockSqlite(sqlite, key);
    const tables = sqlite.all("SELECT 1 FROM sqlite_master WHERE name = 'bgsync_meta'");
    if (tables.length === 0) return undefined;
    const queue = new SyncQueue({
      store: sqliteStore(sqlite),
      send: () => Promise.reject(new Error('nothing is sent from here')),
    });
    return await work(queue, sqlite);
  } catch (error) {
    throw asUserError(error, name);
  } finally {
    try {
      sqlite?.close();
    } catch {
      // Closed already, where it could not be unlocked.
    }
  }
}

function asUserError(error: unknown, name: string): unknown {
  if (error instanceof NoSqliteError) {
    return new UserError(`${name} cannot be read: ${error.message}`);
  }
  if (error instanceof QueueStoreError && error.code === 'wrong-key') {
    return new UserError(`${name} is encrypted, or is no database of SQLite.`, {
      hint: 'Give the key, 64 hexadecimal digits, in a file: --key-file FILE.',
    });
  }
  if (error instanceof UserError) return error;
  return new UserError(
    `${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
  );
}

async function read(queue: SyncQueue, sqlite: Sqlite): Promise<Omit<QueueContent, 'encrypted'>> {
  const counts = await queue.counts();
  const rows = sqlite.all(
    'SELECT state, count(*) AS n, min(created) AS oldest, min(due) AS due FROM bgsync_mutation GROUP BY state',
  ) as { state: number; n: number; oldest: number; due: number }[];
  const states = new Map(rows.map((row) => [row.state, row]));
  const sum = (state: number): number => states.get(state)?.n ?? 0;
  const open = rows.filter(({ state }) => state <= IN_FLIGHT);
  return {
    counts: {
      ...counts,
      ready: sum(READY),
      waiting: sum(WAITING),
      blocked: sum(BLOCKED),
      inFlight: sum(IN_FLIGHT),
    },
    oldest: open.length === 0 ? null : Math.min(...open.map(({ oldest }) => oldest)),
    nextDue: states.get(WAITING)?.due ?? null,
    deadLetters: await queue.deadLetters(),
  };
}

const isFile = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/**
 * The databases that a handler has made on the local platform, with the key that stands in its played keychain.
 *
 * @param dataFolder of the local platform
 */
export function localDatabases(dataFolder: string): QueueFile[] {
  const key = localKey(dataFolder);
  return [OP_SQLITE_FOLDER, EXPO_SQLITE_FOLDER].flatMap((folder) =>
    filesIn(join(dataFolder, folder)).map((path) => ({ path, key: isPlain(path) ? null : key })),
  );
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !/-(?:wal|shm|journal)$/.test(name) && !isOwnerNote(name))
      .map((name) => join(folder, name))
      .filter(isFile)
      .sort();
  } catch {
    return [];
  }
}

/** What a database that is not encrypted begins with: https://www.sqlite.org/fileformat.html#the_database_header */
const PLAIN = 'SQLite format 3\0';

/** An empty file is one that nothing was written to yet. */
function isPlain(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(PLAIN.length);
    const length = readSync(file, head);
    return length === 0 || head.toString('latin1') === PLAIN;
  } finally {
    closeSync(file);
  }
}

const KEY = /^[0-9a-f]{64}$/;

/** What `src/sync-queue.ts`, as generated, keeps in the keychain. */
function localKey(dataFolder: string): string | null {
  const stored = ['react-native-keychain', 'expo-secure-store'].flatMap((name) => {
    const store = new FileStore(dataFolder, name);
    return store.keys.map((one) => store.get(one) ?? '');
  });
  const texts = stored.flatMap((text) => [text, /"password":"([^"]*)"/.exec(text)?.[1] ?? '']);
  return texts.find((text) => KEY.test(text)) ?? null;
}

/**
 * A key that stands in a file, so that it is in no list of processes.
 *
 * @throws UserError where it is none
 */
export function readKeyFile(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${(error as Error).message}`);
  }
  if (!KEY.test(text)) {
    throw new UserError(`${path} is no key of a queue: 64 hexadecimal digits, in lower case.`);
  }
  return text;
}

/** @throws UserError where it is no file */
export function requireDatabase(path: string): string {
  if (!isFile(path)) throw new UserError(`There is no file ${path}.`);
  return path;
}
