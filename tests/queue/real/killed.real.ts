import { spawnSync } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { QueueCounts, QueueResult } from '../../../templates/queue/index.ts';
import { unlockSqlite } from '../../../src/queue/sqlite.ts';
import { audit } from '../support/audit.ts';
import { openTestSqlite } from '../support/mortal.ts';

/** In a thread of its own, since this one waits for each child. */
const SERVER = `
  const { workerData, parentPort } = require('node:worker_threads');
  require('tsx/cjs/api').register();
  const { createServer } = require('node:http');
  const { NotesServer } = require(workerData);
  const notes = new NotesServer();
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += chunk));
    request.on('end', () => {
      const { method, url: path, headers } = request;
      const answer = notes.answer({ method, path, headers, body: JSON.parse(text) });
      response.writeHead(answer.status, answer.headers).end(JSON.stringify(answer.body));
    });
  }).listen(0, '127.0.0.1', () => parentPort.postMessage({ port: server.address().port }));
  parentPort.on('message', () =>
    parentPort.postMessage({ effects: notes.effects, offences: notes.offences }));`;

interface Seen {
  readonly effects: string[];
  readonly offences: string[];
}

let folder: string;
let server: Worker;
let url: string;
const told = <T>(): Promise<T> => new Promise((resolve) => server.once('message', resolve));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bgsync-killed-'));
  const workerData = join(import.meta.dirname, '../support/notes-server.ts');
  server = new Worker(SERVER, { eval: true, workerData });
  url = `http://127.0.0.1:${(await told<{ port: number }>()).port}`;
});
afterEach(async () => {
  await server.terminate();
  rmSync(folder, { recursive: true });
});

const CHILD = join(import.meta.dirname, '../support/kill-child.ts');
const child = (work: string, after: number, key: string) =>
  spawnSync(
    process.execPath,
    ['--import', 'tsx', CHILD, join(folder, 'queue.db'), work, url, String(after), key],
    { encoding: 'utf8' },
  );

describe.each([
  ['plain SQLite', ''],
  ['SQLCipher', '5a'.repeat(32)],
])('%s', (_, key) => {
  test.each([
    { filled: [20, 45], drained: [3, 17, 40] },
    { filled: [30, 61, 62, 63], drained: [25, 26, 27, 28, 29, 30, 31] },
  ])(
    'SIGKILL at statements $filled of filling and $drained of draining',
    async ({ filled, drained }) => {
      for (const after of filled) expect(child('fill', after, key).signal).toBe('SIGKILL');
      expect(child('fill', 1_000_000, key)).toMatchObject({ status: 0, stderr: '' });
      for (const after of drained) expect(child('drain', after, key).signal).toBe('SIGKILL');
      const last = child('drain', 1_000_000, key);
      expect(last).toMatchObject({ status: 0, stderr: '' });
      expect(JSON.parse(last.stdout) as QueueResult & QueueCounts).toMatchObject({
        remaining: 0,
        dead: 0,
        parked: 0,
      });

      server.postMessage('what was it?');
      const { effects, offences } = await told<Seen>();
      const sqlite = openTestSqlite(join(folder, 'queue.db'), key !== '');
      await unlockSqlite(sqlite, key === '' ? null : key);
      audit(sqlite);
      const made = sqlite.all('SELECT name FROM app_intent ORDER BY rowid') as { name: string }[];
      sqlite.close();
      expect(offences).toEqual([]);
      expect(made.length).toBeGreaterThanOrEqual(24);
      // Each once, and none that the app does not know of.
      expect([...effects].sort()).toEqual(made.map(({ name }) => name).sort());
    },
  );
});
