/**
 * Where the queue keeps what it holds: the port that a driver fills, and how a database is opened so that nothing is
 * ever written in plain text by mistake.
 */

export type SqlValue = string | number | null;

/** One statement: anonymous `?` only, each bound once, since drivers disagree about `?1` and about names. */
export type Sql = readonly [sql: string, values?: readonly SqlValue[]];

/**
 * All that the queue asks of a database.
 *
 * There is no `transaction(callback)`, on purpose. In JavaScript that is BEGIN … await … COMMIT on a connection that
 * other code uses too, so another caller's statement can land inside it (expo-sqlite's `withTransactionAsync` says so
 * itself), and expo-sqlite's `withExclusiveTransactionAsync` opens a second connection, on which `PRAGMA key` was
 * never run (https://github.com/expo/expo/issues/41986). So each write is one list, and its conditions are in the SQL.
 */
export interface QueueStore {
  /**
   * Runs the statements in order in one transaction, which no other caller's statement can enter.
   * Rejects, with nothing changed, where one of them fails.
   */
  batch(statements: readonly Sql[]): Promise<void>;
  /** Runs one query. */
  all<R>(sql: string, values?: readonly SqlValue[]): Promise<R[]>;
}

/**
 * Where the database's key is: the keychain or the keystore, readable *after first unlock*, on this device only. With
 * the keychain's default class (when unlocked) nothing can be read while the device is locked, which is when most
 * background windows are.
 */
export interface KeyStore {
  /** @returns the key as it was written, or null where there is none. Throws where it cannot be read now. */
  read(): Promise<string | null>;
  write(key: string): Promise<void>;
}

/** Why a database was not opened. Nothing was written, and nothing is lost. */
export class QueueStoreError extends Error {
  readonly code:
    | 'encryption-missing'
    | 'wrong-key'
    | 'key-missing'
    | 'key-malformed'
    | 'key-not-kept';

  constructor(code: QueueStoreError['code'], message: string) {
    super(message);
    this.name = 'QueueStoreError';
    this.code = code;
  }
}

/** A connection on which nothing but `PRAGMA key` was run. */
export interface RawConnection {
  query(sql: string): Promise<readonly object[]>;
  close(): Promise<void>;
}

/** 32 bytes in hex. */
const KEY = /^[0-9a-f]{64}$/;

/**
 * The key as SQLCipher takes it raw, without deriving it from a passphrase, which costs a quarter of a second at each
 * opening: https://www.zetetic.net/sqlcipher/sqlcipher-api/#key
 *
 * @throws QueueStoreError where it is no key of 32 bytes in hex; so no other text gets into the statement
 */
export function rawKey(key: string): string {
  if (!KEY.test(key)) {
    throw new QueueStoreError(
      'key-malformed',
      'The key of the queue must be 64 hexadecimal digits (32 bytes), in lower case.',
    );
  }
  return `x'${key}'`;
}

/**
 * The database's key: the one that is kept, or, for a database that does not exist yet, a new one.
 *
 * A key that is gone or unreadable while its database is there is never replaced: that would lose what waits in it.
 *
 * @param unkeyed opens the database without a key, to see whether there is anything in it
 * @param random 32 random bytes in hex, lower case
 * @throws QueueStoreError; and whatever reading the key throws, while the device is locked for instance
 */
export async function databaseKey(
  keys: KeyStore,
  unkeyed: () => Promise<RawConnection>,
  random: () => Promise<string>,
): Promise<string> {
  const kept = await keys.read();
  if (kept !== null) {
    rawKey(kept);
    return kept;
  }
  if (!(await isEmpty(await unkeyed()))) {
    throw new QueueStoreError(
      'key-missing',
      'The queue’s database is there, but its key is not in the keychain. No new key is made, for what waits in the ' +
        'database could never be read again. Bring the key back, or, where that is impossible, delete the database.',
    );
  }
  const key = await random();
  rawKey(key);
  await keys.write(key);
  if ((await keys.read()) !== key) {
    throw new QueueStoreError(
      'key-not-kept',
      'The key of the queue was written, and reading it gave something else. Nothing was stored under it.',
    );
  }
  return key;
}

/** An encrypted file cannot be read without its key, so it is not empty. */
async function isEmpty(connection: RawConnection): Promise<boolean> {
  try {
    return (
      (await connection.query('SELECT 1 FROM sqlite_master LIMIT 1')).length ===
      0
    );
  } catch (error) {
    // Whoever hears that the key is gone may delete the database: not where the disk fails, or another has its lock.
    if (!isOtherwiseEncrypted(error)) {
      throw error;
    }
    return false;
  } finally {
    await connection.close();
  }
}

/** As SQLite says it of a file whose first page it cannot read with the key that it has, or without one. */
const isOtherwiseEncrypted = (error: unknown): boolean =>
  /not a database/i.test(String(error));

const firstText = (rows: readonly object[]): string => {
  const value: unknown = Object.values(rows[0] ?? {})[0];
  return typeof value === 'string' ? value : '';
};

/**
 * Makes a connection ready for the queue. Where it must be encrypted, the library proves first that it can: without
 * SQLCipher `PRAGMA key` is an unknown pragma, which SQLite ignores without a word, and then writes plain text.
 *
 * @param encrypted whether `PRAGMA key` (or the driver's own way to say it) was the first thing on this connection
 * @throws QueueStoreError after closing the connection, before anything is written
 */
export async function readyConnection(
  connection: RawConnection,
  encrypted: boolean,
): Promise<void> {
  try {
    if (encrypted) {
      await requireEncryption(connection);
    }
    // The connection of a JavaScript runtime that was just reloaded may still be closing.
    await connection.query('PRAGMA busy_timeout = 5000');
    await readFirstPage(connection, encrypted);
    // A crash of the app loses nothing of it. A power cut can lose the last commits: the app's own row and its mutation
    // together, and what was already sent is sent again under the same key.
    await connection.query('PRAGMA journal_mode = WAL');
    await connection.query('PRAGMA synchronous = NORMAL');
    // What SQLite sorts or keeps aside must not lie on the disk unencrypted.
    await connection.query('PRAGMA temp_store = MEMORY');
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function requireEncryption(connection: RawConnection): Promise<void> {
  const version = firstText(await connection.query('PRAGMA cipher_version'));
  // SQLite3 Multiple Ciphers has no version to tell, but names its cipher.
  if (
    version === '' &&
    firstText(await connection.query('PRAGMA cipher')) === ''
  ) {
    throw new QueueStoreError(
      'encryption-missing',
      'This build of SQLite cannot encrypt: it would have ignored the key and written plain text. Turn SQLCipher on ' +
        '(op-sqlite: "op-sqlite": { "sqlcipher": true } in package.json; expo-sqlite: the plugin’s useSQLCipher, ' +
        'then prebuild), and rebuild the app.',
    );
  }
}

async function readFirstPage(
  connection: RawConnection,
  encrypted: boolean,
): Promise<void> {
  try {
    await connection.query('SELECT count(*) FROM sqlite_master');
  } catch (error) {
    if (!isOtherwiseEncrypted(error)) {
      throw error;
    }
    throw new QueueStoreError(
      'wrong-key',
      encrypted
        ? 'The queue’s database does not open with this key: it has another one, or was written without encryption.'
        : 'The queue’s database is encrypted, and was opened without a key.',
    );
  }
}

/**
 * A batch on a connection that answers at once, so that no other caller's statement can enter it. It takes a few
 * milliseconds.
 */
export function runBatch(
  run: (sql: string, values?: readonly SqlValue[]) => unknown,
  statements: readonly Sql[],
): void {
  run('BEGIN IMMEDIATE');
  try {
    for (const [sql, values] of statements) {
      run(sql, values);
    }
    run('COMMIT');
  } catch (error) {
    try {
      run('ROLLBACK');
    } catch {
      // SQLite may have ended the transaction itself, where the disk is full for instance: what it failed of is told.
    }
    throw error;
  }
}
