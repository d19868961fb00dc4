/**
 * The end of the demo: the generated queue, from `init --queue` to the last mutation delivered. 50 are made offline; a window
 * closes early, a process dies, somebody else was faster with one note; the server carries each out once.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { REPO } from '../helpers/template-app.ts';

const COUNT = 50;

/** As generated, but for the address, the key that this machine's SQLite has no use for, and the notes that are made. */
const SYNC_QUEUE = `import type { Mutation, SendResult } from '../modules/background-sync/src/queue';
import {
  SyncQueue,
  mergeFields,
  resultOf,
} from '../modules/background-sync/src/queue';
import { openQueueStore } from '../modules/background-sync/src/queue/drivers/op-sqlite';

async function send(
  mutation: Mutation,
  signal: AbortSignal,
): Promise<SendResult> {
  const response = await fetch(
    \`https://api.example.com/notes/\${mutation.entityId}\`,
    {
      method: 'PUT',
      signal,
      headers: {
        'Content-Type': 'application/json',
        'Idempotency-Key': mutation.key,
        ...(mutation.version === null ? {} : { 'If-Match': mutation.version }),
      },
      body: JSON.stringify(mutation.payload),
    },
  );
  return resultOf(response);
}

export const queue = new SyncQueue({
  store: () => openQueueStore('sync-queue.db', null),
  send,
  // Somebody else changed the note: their fields stay, and ours go on top.
  resolve: (mutation, remote) => ({
    payload: mergeFields({}, mutation.payload as object, remote as object)
      .merged,
  }),
  // A demo does not wait for a back-off.
  random: () => 0,
});

export async function makeNotes(count: number): Promise<void> {
  for (let n = 1; n <= count; n++) {
    await queue.enqueue({
      type: 'note',
      entityId: \`note-\${n}\`,
      kind: 'save',
      payload: { title: \`Note \${n}\` },
      version: '0',
    });
  }
}
`;

const HANDLER = `import { registerBackgroundSync } from '../modules/background-sync/src';
import { makeNotes, queue } from './sync-queue';

const made = Number(process.env.EXPO_PUBLIC_NOTES ?? 0);
const ready = makeNotes(made);

registerBackgroundSync({
  queue: {
    async drainQueue(window) {
      await ready;
      return queue.drainQueue(window);
    },
  },
});
`;

/** The native half of op-sqlite on this machine: the package itself is not installed in the demo's app. */
const OP_SQLITE = (app: string): string => `import { createRequire } from 'node:module';
const require = createRequire(${JSON.stringify(join(REPO, 'package.json'))});
const { rmSync } = require('node:fs');
const { Database } = require('node-sqlite3-wasm');
// Its lock is a folder, which stays where a process was killed while it had it.
rmSync(${JSON.stringify(`${app}/`)} + 'sync-queue.db.lock', { recursive: true, force: true });
export function open({ name, location }) {
  const db = new Database(location === ':memory:' ? location : ${JSON.stringify(`${app}/`)} + name);
  return {
    executeSync: (sql, values = []) => ({ rows: db.all(sql, values.length === 0 ? undefined : values) }),
    close: () => db.close(),
  };
}
`;

export type Run = (expected: number, args: readonly string[], env?: Record<string, string>) => void;

interface Server {
  readonly address: string;
  /** Ends it. */
  counts(): Promise<Record<string, number>>;
}

async function startServer(): Promise<Server> {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', 'tsx', join(REPO, 'tests/demo/server.ts')],
    { cwd: REPO, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => String((await lines.next()).value);
  return {
    address: await next(),
    async counts() {
      child.stdin?.end();
      const counts = JSON.parse(await next()) as Record<string, number>;
      if (child.exitCode === null) await once(child, 'exit');
      return counts;
    },
  };
}

/**
 * @param app where `init --queue op-sqlite` was run
 * @param run one command of bgsync there
 */
export async function showQueue(app: string, run: Run): Promise<void> {
  console.log('\nThe queue: src/sync-queue.ts says how a note is sent.');
  writeFileSync(join(app, 'src/sync-queue.ts'), SYNC_QUEUE);
  writeFileSync(join(app, 'src/background-sync.ts'), HANDLER);
  mkdirSync(join(app, 'local'), { recursive: true });
  writeFileSync(join(app, 'local/op-sqlite.mjs'), OP_SQLITE(app));
  const file = join(app, 'bgsync.config.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as object;
  const local = { alias: { '@op-engineering/op-sqlite': 'local/op-sqlite.mjs' } };
  writeFileSync(file, JSON.stringify({ ...config, local }, null, 2));

  const trigger = ['trigger', '--platform', 'local'];
  const show = (): void => run(0, ['queue', '--input', 'sync-queue.db']);
  console.log(`${COUNT} notes are saved while there is no network:`);
  run(3, [...trigger, '--offline'], { EXPO_PUBLIC_NOTES: String(COUNT) });
  show();
  const server = await startServer();
  const online = [...trigger, '--server', server.address];
  // Somebody else has note 40 already, so that ours, made on no version, conflicts.
  const other = await fetch(`${server.address}/notes/note-40`, {
    method: 'PUT',
    body: JSON.stringify({ title: 'Theirs', colour: 'red' }),
  });
  if (!other.ok) throw new Error(`the server answered ${other.status}`);
  console.log('\nThe network is back, and the OS closes the window early:');
  run(4, [...online, '--expire-after', '1500ms']);
  console.log('\nThen the process dies in mid-run; the next window finds what was on its way:');
  run(0, [...online, '--kill-after', '600ms', '--runs', '2']);
  show();

  const counts = await server.counts();
  console.log(
    `\nThe server carried out ${(counts.applied ?? 0) - 1} changes for ${COUNT} notes, and answered ${counts.repeated ?? 0} repeated keys as before.`,
  );
  if (counts.applied !== COUNT + 1) {
    throw new Error(`${(counts.applied ?? 0) - 1} changes for ${COUNT} notes`);
  }
}
