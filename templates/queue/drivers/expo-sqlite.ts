/** The queue's store on expo-sqlite, with SQLCipher. */
import type { SQLiteDatabase } from 'expo-sqlite';
import { openDatabaseSync } from 'expo-sqlite';
import type { KeyStore, QueueStore, RawConnection, SqlValue } from '../store';
import { databaseKey, rawKey, readyConnection, runBatch } from '../store';

/**
 * Opens the queue's database on a connection of its own, and makes its key where there is no database yet.
 *
 * @param name of the file; the queue needs one for itself, or shares the app's where the app writes through it
 * @param keys where the key is kept; null for a database that is not encrypted
 * @throws QueueStoreError where it cannot be opened as asked; whatever `keys` throws
 */
export async function openQueueStore(
  name: string,
  keys: KeyStore | null,
): Promise<QueueStore> {
  const key =
    keys &&
    (await databaseKey(keys, async () => connect(open(name)), randomKey));
  const db = open(name);
  if (key !== null) {
    db.execSync(`PRAGMA key = "${rawKey(key)}"`);
  }
  await readyConnection(connect(db), key !== null);
  return {
    // Not in the library's withTransactionSync, which tells that ROLLBACK failed in place of what the batch failed of:
    // https://github.com/expo/expo/issues/49281
    batch: async statements =>
      runBatch((sql, values = []) => db.runSync(sql, [...values]), statements),
    // Synchronous as well: on this connection an asynchronous read could see a batch that is half done.
    all: async <R>(sql: string, values: readonly SqlValue[] = []) =>
      db.getAllSync<R>(sql, [...values]),
  };
}

const open = (name: string): SQLiteDatabase =>
  openDatabaseSync(name, { useNewConnection: true });

const connect = (db: SQLiteDatabase): RawConnection => ({
  query: async sql => db.getAllSync<object>(sql),
  close: async () => db.closeSync(),
});

/** SQLite's random numbers come from the system's. */
async function randomKey(): Promise<string> {
  const db = openDatabaseSync(':memory:', { useNewConnection: true });
  try {
    const row = db.getFirstSync<{ bytes: string }>(
      'SELECT lower(hex(randomblob(32))) AS bytes',
    );
    return row?.bytes ?? '';
  } finally {
    db.closeSync();
  }
}
