/** The queue on real SQLCipher: two builds of it, one from npm, one from PyPI. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SyncQueue } from '../../../templates/queue/index.ts';
import type { KeyStore, QueueStore } from '../../../templates/queue/store.ts';
import { EXPO_SQLITE_FOLDER } from '../../../src/devices/local/stand-ins/expo-sqlite.ts';
import { OP_SQLITE_FOLDER } from '../../../src/devices/local/stand-ins/op-sqlite.ts';
import { findIn, openSqlite, sqliteStore, unlockSqlite } from '../../../src/queue/sqlite.ts';
import type { Sqlite } from '../../../src/queue/sqlite.ts';
import { sqliteFolders } from '../support/mortal.ts';
import { expoSqlite, opSqlite } from '../support/libraries.ts';
import { update } from '../support/open-queue.ts';

const KEY = '5a'.repeat(32);
const OTHER_KEY = 'a5'.repeat(32);
const SECRET = 'the patient is allergic to penicillin';

const openReal = (file: string): Sqlite =>
  openSqlite(file, { find: findIn(sqliteFolders), packageName: '@signalapp/sqlcipher' });

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bgsync-sqlcipher-'));
  file = join(folder, 'queue.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function fill(sqlite: Sqlite, count: number): Promise<SyncQueue> {
  const queue = new SyncQueue({
    store: sqliteStore(sqlite),
    send: () => Promise.resolve({ status: 'reject', message: SECRET }),
  });
  for (let i = 0; i < count; i++) await queue.enqueue(update(`n${i}`, { text: `${SECRET} ${i}` }));
  return queue;
}

/** What each file of the folder holds, the WAL's included: read while the database is open. */
const bytes = (): Map<string, Buffer> =>
  new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));

const inPython = (key: string, sql: string): { status: number | null; text: string } => {
  const code = `
import sys
from sqlcipher3 import dbapi2
db = dbapi2.connect(sys.argv[1])
db.execute('PRAGMA key = "x\\'' + sys.argv[2] + '\\'"')
print(db.execute('PRAGMA cipher_version').fetchone()[0])
print(db.execute(sys.argv[3]).fetchall())
db.commit()`;
  const python = process.env.BGSYNC_SQLCIPHER_PYTHON ?? 'python3';
  const { status, stdout, stderr } = spawnSync(python, ['-c', code, file, key, sql], {
    encoding: 'utf8',
  });
  return { status, text: stdout + stderr };
};

describe('a keyed queue', () => {
  test('leaves no payload in the file, the WAL or beside them', async () => {
    const sqlite = openReal(file);
    await unlockSqlite(sqlite, KEY);
    const queue = await fill(sqlite, 300);
    await queue.drainQueue(new AbortController());
    expect((await queue.counts()).dead).toBe(300);
    const files = bytes();
    expect([...files.keys()].sort()).toEqual(['queue.db', 'queue.db-shm', 'queue.db-wal']);
    expect(files.get('queue.db-wal')!.length).toBeGreaterThan(100_000);
    for (const [name, content] of files) {
      for (const text of [SECRET, 'SQLite format 3', 'bgsync_mutation']) {
        expect(content.includes(text), `${name} holds ${text}`).toBe(false);
      }
    }
    sqlite.close();
    expect(bytes().get('queue.db')!.includes(SECRET)).toBe(false);
  });

  test('without a key would have: the search finds it', async () => {
    const sqlite = openReal(file);
    await unlockSqlite(sqlite, null);
    await fill(sqlite, 3);
    expect([...bytes().values()].some((content) => content.includes(SECRET))).toBe(true);
    sqlite.close();
  });

  test('opens with another build of SQLCipher, and comes back from it', async () => {
    const sqlite = openReal(file);
    await unlockSqlite(sqlite, KEY);
    await fill(sqlite, 5);
    const [own] = sqlite.all('PRAGMA cipher_version') as { cipher_version: string }[];
    sqlite.close();
    const read = inPython(KEY, 'SELECT count(*) FROM bgsync_mutation');
    expect(read).toMatchObject({ status: 0, text: expect.stringContaining('[(5,)]') as string });
    expect(read.text).not.toContain(own!.cipher_version);
    expect(inPython(KEY, "UPDATE bgsync_mutation SET type = 'changed'").status).toBe(0);
    const again = openReal(file);
    await unlockSqlite(again, KEY);
    expect(again.all('SELECT DISTINCT type FROM bgsync_mutation')).toEqual([{ type: 'changed' }]);
    again.close();
  });

  test.each([
    ['another key', OTHER_KEY],
    ['no key', null],
  ])('is refused with %s, and unharmed', async (_, key) => {
    const sqlite = openReal(file);
    await unlockSqlite(sqlite, KEY);
    await fill(sqlite, 1);
    sqlite.close();
    const before = readFileSync(file);
    await expect(unlockSqlite(openReal(file), key)).rejects.toMatchObject({ code: 'wrong-key' });
    expect(readFileSync(file)).toEqual(before);
    expect(inPython(OTHER_KEY, 'SELECT count(*) FROM sqlite_master').status).not.toBe(0);
  });

  test('does not take a plain database over', async () => {
    const sqlite = openReal(file);
    await unlockSqlite(sqlite, null);
    await fill(sqlite, 1);
    sqlite.close();
    await expect(unlockSqlite(openReal(file), KEY)).rejects.toMatchObject({ code: 'wrong-key' });
  });
});

describe.each(['op-sqlite', 'expo-sqlite'])('the driver of %s', (name) => {
  interface Driver {
    readonly openQueueStore: (name: string, keys: KeyStore) => Promise<QueueStore>;
  }
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
  let root: string;
  beforeEach(() => {
    // An app that asks for SQLCipher, in the words of either library.
    root = folder;
    writeFileSync(join(root, 'package.json'), '{"op-sqlite":{"sqlcipher":true}}');
    writeFileSync(
      join(root, 'app.json'),
      '{"expo":{"plugins":[["expo-sqlite",{"useSQLCipher":true}]]}}',
    );
    folder = join(root, name === 'op-sqlite' ? OP_SQLITE_FOLDER : EXPO_SQLITE_FOLDER);
    file = join(folder, 'queue.db');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const load = async (): Promise<Driver> => {
    vi.resetModules();
    const packageName = '@signalapp/sqlcipher';
    const world = { root, dataFolder: root, from: sqliteFolders, packageName };
    vi.doMock('@op-engineering/op-sqlite', () => opSqlite(world));
    vi.doMock('expo-sqlite', () => expoSqlite(world));
    return (await import(`../../../templates/queue/drivers/${name}.ts`)) as Driver;
  };

  test('makes a key once, and encrypts with it', async () => {
    const { openQueueStore } = await load();
    const keys = keychain(null);
    const store = await openQueueStore('queue.db', keys);
    const queue = new SyncQueue({ store, send: () => Promise.resolve({ status: 'done' }) });
    await queue.enqueue(update('a', { text: SECRET }));
    const first = keys.held;
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    for (const content of bytes().values()) expect(content.includes(SECRET)).toBe(false);
    await openQueueStore('queue.db', keys);
    expect(keys.held).toBe(first);
    expect(inPython(first!, 'SELECT count(*) FROM bgsync_mutation').text).toContain('[(1,)]');
  });

  test('never makes another while the database is there', async () => {
    const { openQueueStore } = await load();
    const store = await openQueueStore('queue.db', keychain(KEY));
    await store.batch([['CREATE TABLE t (a)']]);
    const lost = keychain(null);
    await expect(openQueueStore('queue.db', lost)).rejects.toMatchObject({ code: 'key-missing' });
    expect(lost.held).toBeNull();
    await expect(openQueueStore('queue.db', keychain(OTHER_KEY))).rejects.toMatchObject({
      code: 'wrong-key',
    });
    expect(await store.all('SELECT * FROM t')).toEqual([]);
  });
});
