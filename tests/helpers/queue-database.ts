/** Databases that the generated queue wrote. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findIn, openSqlite, sqliteStore, unlockSqlite } from '../../src/queue/sqlite.ts';
import type { Sqlite } from '../../src/queue/sqlite.ts';
import { SyncQueue } from '../../templates/queue/queue.ts';
import { REPO } from './cli.ts';

export const SECRET = 'the payload that nobody may see';

const open = (path: string): Sqlite => {
  mkdirSync(dirname(path), { recursive: true });
  return openSqlite(path, { find: findIn([REPO]), packageName: 'node-sqlite3-wasm' });
};

/** Three sent, of which one is refused; one behind that; two that no window has seen. @returns the dead letter's key */
async function fill(sqlite: Sqlite): Promise<string> {
  await unlockSqlite(sqlite, null);
  const queue = new SyncQueue({
    store: sqliteStore(sqlite),
    send: ({ kind }) =>
      Promise.resolve(
        kind === 'refused'
          ? { status: 'reject', message: '422: too \u001b[31mlong' }
          : { status: 'done' },
      ),
  });
  const add = (entityId: string, kind: string): Promise<string> =>
    queue.enqueue({ type: 'note', entityId, kind, payload: { title: SECRET } });
  await add('1', 'rename');
  await add('2', 'rename');
  const dead = await add('3', 'refused');
  await add('3', 'rename');
  await queue.drainQueue({ signal: new AbortController().signal });
  await add('4', 'rename');
  await add('4', 'rename');
  return dead;
}

/** A queue as it is where the app has closed it. @returns the key of its dead letter */
export async function writeQueue(path: string): Promise<string> {
  const sqlite = open(path);
  const dead = await fill(sqlite);
  sqlite.close();
  return dead;
}

/** The same as an app leaves it that is open: all of it stands in the WAL alone. */
export async function writeWalQueue(path: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'bgsync-wal-'));
  try {
    const live = join(folder, 'live.db');
    const sqlite = open(live);
    // Without it this build, which has no shared memory, has no WAL.
    sqlite.all('PRAGMA locking_mode = EXCLUSIVE');
    sqlite.all('PRAGMA wal_autocheckpoint = 0');
    const dead = await fill(sqlite);
    mkdirSync(dirname(path), { recursive: true });
    for (const side of ['', '-wal']) copyFileSync(live + side, path + side);
    sqlite.close();
    if (!existsSync(`${path}-wal`)) throw new Error('this build wrote no WAL');
    return dead;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
