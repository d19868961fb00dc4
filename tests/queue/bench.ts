/**
 * `npm run bench:queue`: what the queue costs as it grows, and encrypted, as ratios of one run; absolute figures are
 * those of this machine at this moment. Needs what `npm run test:queue` fetches. Exit code 3: a ratio is off.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findIn, openSqlite, sqliteStore, unlockSqlite } from '../../src/queue/sqlite.ts';
import { SyncQueue } from '../../templates/queue/index.ts';
import type { Sql } from '../../templates/queue/index.ts';
import { READ_CLAIMED, claimNext } from '../../templates/queue/statements.ts';

const CACHE = join(import.meta.dirname, '../../.cache/queue');
const SENDS = 2000;

interface Figures {
  /** Microseconds for a claim of four and reading them back. */
  readonly claim: number;
  /** No-op sends a second. */
  readonly rate: number;
}

async function measure(depth: number, key: string | null): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'bgsync-bench-'));
  const sqlite = openSqlite(join(folder, 'queue.db'), {
    find: findIn([CACHE]),
    packageName: '@signalapp/sqlcipher',
  });
  await unlockSqlite(sqlite, key);
  const store = sqliteStore(sqlite);
  const closing = new AbortController();
  let sent = 0;
  const queue = new SyncQueue({
    store,
    send: () => {
      if ((sent += 1) >= SENDS) closing.abort();
      return Promise.resolve({ status: 'done', version: '1' });
    },
  });
  await queue.open();
  for (let i = 0; i < depth + SENDS; i += 100) {
    const statements: Sql[] = [];
    for (let j = i; j < i + 100; j++) {
      const payload = { title: 'x'.repeat(200), j };
      // Four edits an entity: most of the queue waits behind others.
      const entityId = `n${Math.floor(j / 4)}`;
      statements.push(
        ...queue.prepare({ type: 'note', entityId, kind: 'update', payload }).statements,
      );
    }
    await store.batch(statements);
  }
  const claims = 200;
  const undo = 'UPDATE bgsync_mutation SET state = 0, attempts = 0 WHERE state = 3 AND state >= 3';
  const started = performance.now();
  for (let i = 0; i < claims; i++) {
    await store.batch([claimNext(String(i), 4, false)]);
    await store.all(READ_CLAIMED, [String(i)]);
    await store.batch([[undo]]);
  }
  const claim = ((performance.now() - started) / claims) * 1000;
  const drained = performance.now();
  await queue.drainQueue({ signal: closing.signal });
  const rate = (sent / (performance.now() - drained)) * 1000;
  sqlite.close();
  rmSync(folder, { recursive: true });
  return { claim, rate };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** The cases take turns, so that another load on the machine is in all of them. */
async function rounds(count: number): Promise<Record<'small' | 'deep' | 'encrypted', Figures>> {
  const all: Record<'small' | 'deep' | 'encrypted', Figures[]> = {
    small: [],
    deep: [],
    encrypted: [],
  };
  for (let i = 0; i < count; i++) {
    all.small.push(await measure(1_000, null));
    all.deep.push(await measure(100_000, null));
    all.encrypted.push(await measure(1_000, '5a'.repeat(32)));
  }
  const of = (figures: readonly Figures[]): Figures => ({
    claim: median(figures.map(({ claim }) => claim)),
    rate: median(figures.map(({ rate }) => rate)),
  });
  return { small: of(all.small), deep: of(all.deep), encrypted: of(all.encrypted) };
}

const { small, deep, encrypted } = await rounds(3);
const budgets: readonly [what: string, ratio: number, ok: boolean][] = [
  ['claim at 100,000 / at 1,000 (≤ 3)', deep.claim / small.claim, deep.claim <= 3 * small.claim],
  ['drain at 100,000 / at 1,000 (≥ 0.5)', deep.rate / small.rate, deep.rate >= 0.5 * small.rate],
  [
    'drain with SQLCipher / plain (≥ 0.25)',
    encrypted.rate / small.rate,
    encrypted.rate >= 0.25 * small.rate,
  ],
];
for (const [name, { claim, rate }] of Object.entries({ small, deep, encrypted })) {
  console.log(`${name.padEnd(10)} claim ${claim.toFixed(0)} µs, ${rate.toFixed(0)} sends/s`);
}
for (const [what, ratio, ok] of budgets) {
  console.log(`${ok ? 'ok  ' : 'OVER'} ${what}: ${ratio.toFixed(2)}`);
}
if (budgets.some(([, , ok]) => !ok)) process.exitCode = 3;
