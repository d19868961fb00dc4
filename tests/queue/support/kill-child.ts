/**
 * An app's process that is killed for good: it fills the queue or drains it against a server in another process, and
 * sends itself SIGKILL after so many statements.
 */
import type { Sqlite } from '../../../src/queue/sqlite.ts';
import { sqliteStore, unlockSqlite } from '../../../src/queue/sqlite.ts';
import { SyncQueue, resultOf } from '../../../templates/queue/index.ts';
import { openTestSqlite } from './mortal.ts';

const [file = '', work = '', url = '', after = '', key = ''] = process.argv.slice(2);

let left = Number(after);
const sqlite = openTestSqlite(file, key !== '');
const counted = (run: () => void): void => {
  if ((left -= 1) === 0) process.kill(process.pid, 'SIGKILL');
  run();
};
const mortal: Sqlite = {
  run: (sql, values) => counted(() => sqlite.run(sql, values)),
  all: (sql, values) => {
    counted(() => undefined);
    return sqlite.all(sql, values);
  },
  close: () => sqlite.close(),
};
await unlockSqlite(sqlite, key === '' ? null : key);
const queue = new SyncQueue({
  store: sqliteStore(mortal),
  concurrency: 3,
  async send(mutation, signal) {
    const isCreate = mutation.kind === 'create';
    const response = await fetch(`${url}/notes${isCreate ? '' : `/${mutation.entityId}`}`, {
      method: isCreate ? 'POST' : 'PUT',
      signal,
      headers: {
        'Idempotency-Key': mutation.key,
        ...(mutation.version !== null && { 'If-Match': mutation.version }),
      },
      body: JSON.stringify(mutation.payload),
    });
    return resultOf(response);
  },
});
await queue.open();
if (work === 'fill') {
  sqlite.run('CREATE TABLE IF NOT EXISTS app_intent (name TEXT PRIMARY KEY)');
  for (let i = 0; i < 8; i++) {
    const temp = queue.newTempId();
    for (let j = 0; j < 3; j++) {
      const intent = `${process.pid}-${i}-${j}`;
      await queue.enqueue(
        {
          type: 'note',
          entityId: temp,
          kind: j === 0 ? 'create' : 'update',
          creates: j === 0,
          payload: { intent },
        },
        [['INSERT INTO app_intent VALUES (?)', [intent]]],
      );
    }
  }
} else {
  const result = await queue.drainQueue(new AbortController());
  console.log(JSON.stringify({ ...result, ...(await queue.counts()) }));
}
sqlite.close();
