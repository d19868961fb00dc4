/**
 * `npm run bench:queue`: what the queue costs as it grows, encrypted, and beside `@tanstack/offline-transactions`, as ratios
 * of one run; absolute figures are those of this machine at this moment. Needs what `npm run test:queue` fetches, and
 * fetches TanStack's. BGSYNC_SQLITE and BGSYNC_SQLITE_FROM name another build of SQLite, and the folder whose
 * node_modules has it. Exit code 3: a ratio is off.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findIn, openSqlite, sqliteStore, unlockSqlite } from '../../src/queue/sqlite.ts';
import { SyncQueue } from '../../templates/queue/index.ts';
import type { Sql } from '../../templates/queue/index.ts';
import { READ_CLAIMED, claimNext } from '../../templates/queue/statements.ts';

const CACHE = join(import.meta.dirname, '../../.cache/queue');
const SQLITE = process.env.BGSYNC_SQLITE ?? '@signalapp/sqlcipher';
const FROM = process.env.BGSYNC_SQLITE_FROM ?? CACHE;
const SENDS = 2000;

/** The database package is the very version that the other asks for: with a second copy nothing is queued at all. */
const TANSTACK = ['@tanstack/offline-transactions@1.0.53', '@tanstack/db@0.8.7'];
const TANSTACK_SENDS = 500;
/** After that many it is taken as that long; the real figure is worse. */
const TANSTACK_LIMIT_MS = 120_000;

interface Figures {
  /** Microseconds for a claim of four and reading them back. */
  readonly claim: number;
  /** No-op sends a second. */
  readonly rate: number;
}

interface Bench {
  readonly file: string;
  readonly key: string | null;
}

async function open({ file, key }: Bench, sends: number) {
  const sqlite = openSqlite(file, { find: findIn([FROM]), packageName: SQLITE });
  await unlockSqlite(sqlite, key);
  const store = sqliteStore(sqlite);
  const closing = new AbortController();
  let sent = 0;
  const queue = new SyncQueue({
    store,
    send: () => {
      if ((sent += 1) >= sends) closing.abort();
      return Promise.resolve({ status: 'done', version: '1' });
    },
  });
  await queue.open();
  return {
    queue,
    store,
    close: () => sqlite.close(),
    async drain(): Promise<number> {
      const started = performance.now();
      await queue.drainQueue({ signal: closing.signal });
      return (sent / (performance.now() - started)) * 1000;
    },
  };
}

/** Four edits an entity, or one: with four, most of the queue waits behind others. */
async function fill({ queue, store }: Awaited<ReturnType<typeof open>>, depth: number, each = 4) {
  for (let i = 0; i < depth; i += 100) {
    const statements: Sql[] = [];
    for (let j = i; j < Math.min(i + 100, depth); j++) {
      const payload = { title: 'x'.repeat(200), j };
      const entityId = `n${Math.floor(j / each)}`;
      statements.push(
        ...queue.prepare({ type: 'note', entityId, kind: 'update', payload }).statements,
      );
    }
    await store.batch(statements);
  }
}

async function inFolder<T>(work: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'bgsync-bench-'));
  try {
    return await work(join(folder, 'queue.db'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const measure = (depth: number, key: string | null): Promise<Figures> =>
  inFolder(async (file) => {
    const bench = await open({ file, key }, SENDS);
    await fill(bench, depth + SENDS);
    const claims = 200;
    const undo =
      'UPDATE bgsync_mutation SET state = 0, attempts = 0 WHERE state = 3 AND state >= 3';
    const started = performance.now();
    for (let i = 0; i < claims; i++) {
      await bench.store.batch([claimNext(String(i), 4, false)]);
      await bench.store.all(READ_CLAIMED, [String(i)]);
      await bench.store.batch([[undo]]);
    }
    const claim = ((performance.now() - started) / claims) * 1000;
    const rate = await bench.drain();
    bench.close();
    return { claim, rate };
  });

/** Milliseconds from the opening of a queue, as a new process does it, until {@link TANSTACK_SENDS} are sent. */
const ownWindow = (depth: number): Promise<number> =>
  inFolder(async (file) => {
    const before = await open({ file, key: null }, 0);
    await fill(before, depth, 1);
    before.close();
    const started = performance.now();
    const bench = await open({ file, key: null }, TANSTACK_SENDS);
    await bench.drain();
    const ms = performance.now() - started;
    bench.close();
    return ms;
  });

function fetchTanstack(): string {
  const folder = join(CACHE, '../queue-tanstack');
  if (existsSync(join(folder, 'node_modules'))) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
  const args = ['install', '--prefix', folder, ...flags, ...TANSTACK];
  if (spawnSync('npm', args, { stdio: 'inherit' }).status !== 0) {
    throw new Error(`npm could not install ${TANSTACK.join(', ')}`);
  }
  return folder;
}

/** The same of TanStack's, in a process of its own. */
function tanstackWindow(folder: string, depth: number): number {
  const script = join(import.meta.dirname, 'bench-tanstack.mjs');
  const args = [script, String(depth), String(TANSTACK_SENDS), folder];
  const { stdout, error } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    timeout: TANSTACK_LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  if ((error as { code?: string } | undefined)?.code === 'ETIMEDOUT') return TANSTACK_LIMIT_MS;
  const ms = Number(stdout);
  if (!(ms > 0)) throw new Error(`no figure of TanStack: ${stdout}`);
  return ms;
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
const folder = fetchTanstack();
const own: number[][] = [[], []];
const theirs: number[] = [];
for (const [at, depth] of [1_000, 10_000].entries()) {
  for (let i = 0; i < 3; i++) own[at]!.push(await ownWindow(depth));
  theirs.push(tanstackWindow(folder, depth));
}
const [own1k = NaN, own10k = NaN] = own.map(median);
const [theirs1k = NaN, theirs10k = NaN] = theirs;

const ratio = (what: string, value: number, limit: number, isMost: boolean) => ({
  what: `${what} (${isMost ? '≤' : '≥'} ${limit.toFixed(2)})`,
  value,
  ok: isMost ? value <= limit : value >= limit,
});
const budgets = [
  ratio('claim at 100,000 / at 1,000', deep.claim / small.claim, 3, true),
  ratio('drain at 100,000 / at 1,000', deep.rate / small.rate, 0.5, false),
  ratio('drain with SQLCipher / plain', encrypted.rate / small.rate, 0.25, false),
  ratio('a window at 10,000: ours / TanStack’s', own10k / theirs10k, 1, true),
  ratio(
    'growth from 1,000 to 10,000: ours / TanStack’s',
    own10k / own1k,
    theirs10k / theirs1k,
    true,
  ),
];
for (const [name, { claim, rate }] of Object.entries({ small, deep, encrypted })) {
  console.log(`${name.padEnd(10)} claim ${claim.toFixed(0)} µs, ${rate.toFixed(0)} sends/s`);
}
const window = (name: string, at1k: number, at10k: number): void =>
  console.log(
    `${name.padEnd(10)} a new process until ${TANSTACK_SENDS} are sent: ${at1k.toFixed(0)} ms at 1,000, ` +
      `${at10k >= TANSTACK_LIMIT_MS ? 'more than ' : ''}${at10k.toFixed(0)} ms at 10,000`,
  );
window('ours', own1k, own10k);
window('TanStack', theirs1k, theirs10k);
for (const { what, value, ok } of budgets) {
  console.log(`${ok ? 'ok  ' : 'OVER'} ${what}: ${value.toFixed(3)}`);
}
if (budgets.some(({ ok }) => !ok)) process.exitCode = 3;
