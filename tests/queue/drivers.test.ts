/** The drivers that an app gets, on the stand-ins of their libraries; the encrypted part is in real/encryption.real.ts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { QueueStore } from '../../templates/queue/store.ts';
import { SyncQueue } from '../../templates/queue/index.ts';
import { expoSqlite, opSqlite } from './support/libraries.ts';
import { sqliteFolders, testBuild } from './support/mortal.ts';
import { create, update } from './support/open-queue.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bgsync-queue-'));
  vi.resetModules();
  const world = { root: folder, dataFolder: folder, from: sqliteFolders, ...testBuild(false) };
  vi.doMock('@op-engineering/op-sqlite', () => opSqlite(world));
  vi.doMock('expo-sqlite', () => expoSqlite(world));
});
afterEach(() => {
  vi.doUnmock('@op-engineering/op-sqlite');
  vi.doUnmock('expo-sqlite');
  rmSync(folder, { recursive: true, force: true });
});

interface Driver {
  readonly openQueueStore: (name: string, keys: object | null) => Promise<QueueStore>;
}
// Their libraries' types are not installed here: `npm run test:queue` fetches them and checks the drivers by them.
const load = async (name: string): Promise<Driver> =>
  (await import(`../../templates/queue/drivers/${name}.ts`)) as Driver;

describe.each(['op-sqlite', 'expo-sqlite'])('%s', (name) => {
  test('keeps the queue from one opening to the next', async () => {
    const { openQueueStore } = await load(name);
    const sent: string[] = [];
    const open = async (): Promise<SyncQueue> => {
      const store = await openQueueStore('queue.db', null);
      return new SyncQueue({
        store,
        send: ({ entityId }) => {
          sent.push(entityId);
          return Promise.resolve({ status: 'done', id: '7', version: '1' });
        },
      });
    };
    const first = await open();
    await first.open();
    const temp = first.newTempId();
    await first.enqueue(create(temp));
    await first.enqueue(update(temp));
    const second = await open();
    expect(await second.drainQueue(new AbortController())).toMatchObject({ remaining: 0 });
    expect(sent).toEqual([temp, '7']);
  });

  test('a batch is all or nothing', async () => {
    const { openQueueStore } = await load(name);
    const store = await openQueueStore('queue.db', null);
    await store.batch([['CREATE TABLE t (a INTEGER UNIQUE)']]);
    await expect(
      store.batch([
        ['INSERT INTO t VALUES (?)', [1]],
        ['INSERT INTO t VALUES (?)', [1]],
      ]),
    ).rejects.toThrow();
    expect(await store.all('SELECT * FROM t')).toEqual([]);
  });

  test('what a batch failed of is told, also where SQLite has rolled it back itself', async () => {
    const { openQueueStore } = await load(name);
    const store = await openQueueStore('queue.db', null);
    await store.batch([['CREATE TABLE t (a INTEGER UNIQUE)']]);
    // As SQLite does it where the disk is full, for one.
    const failing = store.batch([
      ['INSERT INTO t VALUES (?)', [1]],
      ['INSERT OR ROLLBACK INTO t VALUES (?)', [1]],
    ]);
    await expect(failing).rejects.toThrow('UNIQUE');
    await store.batch([['INSERT INTO t VALUES (?)', [2]]]);
    expect(await store.all('SELECT * FROM t')).toEqual([{ a: 2 }]);
  });

  test('a read that comes while a batch runs sees all of it, or nothing', async () => {
    const { openQueueStore } = await load(name);
    const store = await openQueueStore('queue.db', null);
    await store.batch([['CREATE TABLE t (a INTEGER)']]);
    const batch = store.batch([1, 2, 3].map((n) => ['INSERT INTO t VALUES (?)', [n]]));
    for (let i = 0; i < 5; i++) {
      expect([0, 3]).toContain((await store.all('SELECT * FROM t')).length);
    }
    await batch;
    expect(await store.all('SELECT * FROM t')).toHaveLength(3);
  });

  test('refuses to go on where the build cannot encrypt', async () => {
    const { openQueueStore } = await load(name);
    let held: string | null = null;
    const keys = {
      read: () => Promise.resolve(held),
      write: (key: string) => {
        held = key;
        return Promise.resolve();
      },
    };
    await expect(openQueueStore('queue.db', keys)).rejects.toMatchObject({
      code: 'encryption-missing',
    });
    expect(held).toMatch(/^[0-9a-f]{64}$/);
  });
});
