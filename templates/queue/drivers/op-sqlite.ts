/** The queue's store on @op-engineering/op-sqlite, with SQLCipher. */
import type { DB } from '@op-engineering/op-sqlite';
import { open } from '@op-engineering/op-sqlite';
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
    (await databaseKey(keys, async () => connect(open({ name })), randomKey));
  const db = open(
    key === null ? { name } : { name, encryptionKey: rawKey(key) },
  );
  await readyConnection(connect(db), key !== null);
  const all = (sql: string, values: readonly SqlValue[] = []) =>
    db.executeSync(sql, [...values]).rows;
  return {
    // Synchronous, all of it: the library's own executeBatch is BEGIN, an await, COMMIT, so that a read on this
    // connection could see a batch that is half done.
    batch: async statements => runBatch(all, statements),
    all: async <R>(sql: string, values: readonly SqlValue[] = []) =>
      all(sql, values) as unknown as R[],
  };
}

const connect = (db: DB): RawConnection => ({
  query: async sql => db.executeSync(sql).rows,
  close: async () => db.close(),
});

/** SQLite's random numbers come from the system's. */
async function randomKey(): Promise<string> {
  const db = open({ name: 'bgsync-random', location: ':memory:' });
  try {
    const { rows } = db.executeSync(
      'SELECT lower(hex(randomblob(32))) AS bytes',
    );
    return String(rows[0]?.bytes);
  } finally {
    db.close();
  }
}
