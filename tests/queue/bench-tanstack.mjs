/**
 * `node bench-tanstack.mjs DEPTH SENDS FOLDER`: what a window that begins with a new process costs
 * `@tanstack/offline-transactions` (FOLDER/node_modules) with DEPTH mutations queued, until SENDS of them are sent. Its own
 * localStorage adapter, over a localStorage in memory: a disk would only be slower. Prints milliseconds.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [depth, sends] = process.argv.slice(2, 4).map(Number);
const from = createRequire(join(process.argv[4], 'x.js'));
const { startOfflineExecutor } = from('@tanstack/offline-transactions');
const { createCollection, localOnlyCollectionOptions } = from('@tanstack/db');

const stored = new Map();
let names;
globalThis.localStorage = {
  getItem: (key) => stored.get(key) ?? null,
  setItem(key, value) {
    stored.set(key, value);
    names = undefined;
  },
  removeItem(key) {
    stored.delete(key);
    names = undefined;
  },
  key: (index) => (names ??= [...stored.keys()])[index] ?? null,
  get length() {
    return stored.size;
  },
};

/** The only process, with a network or without. */
function start(isOnline, send) {
  const detector = {
    isOnline: () => isOnline,
    subscribe: () => () => undefined,
    notifyOnline: () => undefined,
    dispose: () => undefined,
  };
  const leaderElection = {
    requestLeadership: () => Promise.resolve(true),
    releaseLeadership: () => undefined,
    isLeader: () => true,
    onLeadershipChange: () => () => undefined,
  };
  const notes = createCollection(
    localOnlyCollectionOptions({ id: 'notes', getKey: ({ id }) => id }),
  );
  const executor = startOfflineExecutor({
    collections: { notes },
    mutationFns: { send },
    onlineDetector: detector,
    leaderElection,
  });
  return { notes, executor };
}

// One mutation as the library itself stores it; the others are like it. To enqueue them all takes it minutes.
const offline = start(false, () => Promise.resolve());
await offline.executor.waitForInit();
const transaction = offline.executor.createOfflineTransaction({
  mutationFnName: 'send',
  autoCommit: false,
});
transaction.mutate(() => offline.notes.insert({ id: 'n0', title: 'x'.repeat(200) }));
transaction.commit().catch(() => undefined);
while (stored.size === 0) await new Promise((resolve) => setTimeout(resolve, 5));
const [[key, text]] = stored;
const { id } = JSON.parse(text);
for (let i = 1; i < depth; i++) {
  const own = `${id.slice(0, -6)}${String(i).padStart(6, '0')}`;
  stored.set(key.replace(id, own), text.replaceAll(id, own).replaceAll('n0"', `n${i}"`));
}
offline.executor.dispose();

const started = performance.now();
let sent = 0;
await new Promise((resolve) => {
  start(true, () => {
    sent += 1;
    if (sent === sends) resolve();
    return Promise.resolve();
  });
});
console.log((performance.now() - started).toFixed(1));
process.exit(0);
