import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { KeyStore } from '../../templates/queue/store.ts';
import { databaseKey, rawKey, readyConnection } from '../../templates/queue/store.ts';
import { unlockSqlite } from '../../src/queue/sqlite.ts';
import { openTestSqlite } from './support/mortal.ts';

const KEY = 'ab'.repeat(32);

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'bgsync-queue-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('a build of SQLite that cannot encrypt', () => {
  test('is refused before anything is written', async () => {
    const sqlite = openTestSqlite(join(folder, 'queue.db'));
    await expect(unlockSqlite(sqlite, KEY)).rejects.toMatchObject({ code: 'encryption-missing' });
    expect(() => sqlite.all('SELECT 1')).toThrow();
    for (const name of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (name.isFile()) expect(readFileSync(join(name.parentPath, name.name))).toHaveLength(0);
    }
  });

  test('opens a database that is meant to be plain', async () => {
    const sqlite = openTestSqlite(join(folder, 'queue.db'));
    await unlockSqlite(sqlite, null);
    expect(sqlite.all('PRAGMA temp_store')).toEqual([{ temp_store: 2 }]);
    sqlite.close();
  });
});

test('a connection waits for another one’s lock from the first page that it reads', async () => {
  const said: string[] = [];
  await readyConnection(
    {
      query: (sql) => {
        said.push(sql);
        return Promise.resolve([]);
      },
      close: () => Promise.resolve(),
    },
    false,
  );
  const [timeout, page, wal] = ['busy_timeout', 'sqlite_master', 'journal_mode'].map((word) =>
    said.findIndex((sql) => sql.includes(word)),
  );
  expect(timeout).toBeLessThan(Math.min(page!, wal!));
  expect(timeout).not.toBe(-1);
});

describe('the key', () => {
  const empty = () =>
    Promise.resolve({ query: () => Promise.resolve([]), close: () => Promise.resolve() });
  const filled = () =>
    Promise.resolve({ query: () => Promise.resolve([{}]), close: () => Promise.resolve() });
  const encrypted = () =>
    Promise.resolve({
      query: () => Promise.reject(new Error('file is not a database')),
      close: () => Promise.resolve(),
    });
  const keychain = (held: string | null): KeyStore & { held: string | null } => ({
    held,
    read() {
      return Promise.resolve(this.held);
    },
    write(key) {
      this.held = key;
      return Promise.resolve();
    },
  });
  const random = (): Promise<string> => Promise.resolve(KEY);
  const never = (): never => {
    throw new Error('not to be called');
  };

  test('that is kept is taken, and no other is made', async () => {
    expect(await databaseKey(keychain(KEY), never, never)).toBe(KEY);
  });

  test('is made where there is no database yet', async () => {
    const keys = keychain(null);
    expect(await databaseKey(keys, empty, random)).toBe(KEY);
    expect(keys.held).toBe(KEY);
  });

  test.each([
    ['encrypted', encrypted],
    ['plain', filled],
  ])('is never made while an %s database is there', async (_, database) => {
    const keys = keychain(null);
    await expect(databaseKey(keys, database, never)).rejects.toMatchObject({ code: 'key-missing' });
    expect(keys.held).toBeNull();
  });

  test('is not called gone where the database cannot be looked into', async () => {
    const closed = vi.fn(() => Promise.resolve());
    const locked = () =>
      Promise.resolve({
        query: () => Promise.reject(new Error('database is locked')),
        close: closed,
      });
    await expect(databaseKey(keychain(null), locked, never)).rejects.toThrow('database is locked');
    expect(closed).toHaveBeenCalledOnce();
  });

  test('that cannot be read now is not replaced', async () => {
    const keys: KeyStore = { read: () => Promise.reject(new Error('locked')), write: never };
    await expect(databaseKey(keys, empty, random)).rejects.toThrow('locked');
  });

  test('that the keychain does not give back is not used', async () => {
    const keys: KeyStore = { read: () => Promise.resolve(null), write: () => Promise.resolve() };
    await expect(databaseKey(keys, empty, random)).rejects.toMatchObject({ code: 'key-not-kept' });
  });

  test.each(['', 'AB'.repeat(32), 'ab'.repeat(31), `${'ab'.repeat(31)}'"`, 'secret'])(
    'is 32 bytes in hex, not %j',
    async (key) => {
      expect(() => rawKey(key)).toThrow('64 hexadecimal digits');
      await expect(databaseKey(keychain(key), never, never)).rejects.toMatchObject({
        code: 'key-malformed',
      });
    },
  );
});
