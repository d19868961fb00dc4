/**
 * An outbox of mutations: a SyncQueueService that loses nothing. What the app changed while it was offline waits in
 * SQLite, in order, and is sent in the windows of the background sync. `docs/queue.md` of bgsync tells how to use it.
 */
import { Drain } from './drain';
import { uuidSequence } from './ids';
import { SCHEMA_VERSION, migrationFrom } from './schema';
import {
  READ_COUNTS,
  READ_DEAD,
  READ_GONE,
  deleteGone,
  enqueue,
  revive,
  takeOut,
} from './statements';
import type { QueueStore, Sql } from './store';
import type {
  DeadLetter,
  NewMutation,
  QueueCounts,
  QueueResult,
  QueueWindow,
  SyncQueueOptions,
} from './types';

interface Opened {
  readonly store: QueueStore;
  readonly uuid: () => string;
}

/** Hand it to `registerBackgroundSync({ queue })`. One for a database, in one process. */
export class SyncQueue {
  private readonly options: SyncQueueOptions;
  private opening: Promise<Opened> | null = null;
  private opened: Opened | null = null;
  /** The drain that runs, or ran last: two at once would take each other's items for those of a dead process. */
  private drains: Promise<unknown> = Promise.resolve();

  /** Opens nothing yet. */
  constructor(options: SyncQueueOptions) {
    this.options = options;
  }

  /**
   * Opens the store and brings its tables to this version. The other methods do it too, `prepare` and `newTempId`
   * excepted. After a failure, the next call tries again.
   *
   * @throws whatever the store throws; an Error where a newer version of the queue wrote the database
   */
  async open(): Promise<void> {
    await this.ready();
  }

  /**
   * An id for an entity that the server will name. Where the server lets the app choose the id, use a UUID for good
   * instead: nothing has to be mapped then.
   *
   * @throws Error before the queue is open
   */
  newTempId(): string {
    return `tmp_${this.mustBeOpen().uuid()}`;
  }

  /**
   * Puts a mutation into the queue.
   *
   * @param alongside the app's own statements, in the same transaction: its row is there if and only if the mutation is
   * @returns the mutation's key
   * @throws TypeError where the mutation is none, or its payload no JSON; whatever the store throws, nothing written
   */
  async enqueue(
    mutation: NewMutation,
    alongside: readonly Sql[] = [],
  ): Promise<string> {
    const { store } = await this.ready();
    const { key, statements } = this.prepare(mutation);
    await store.batch([...alongside, ...statements]);
    return key;
  }

  /**
   * The statements that put a mutation into the queue, for a transaction of the app's own on the same database.
   *
   * @throws TypeError as `enqueue`; Error before the queue is open
   */
  prepare(mutation: NewMutation): { key: string; statements: Sql[] } {
    const { uuid } = this.mustBeOpen();
    requireMutation(mutation);
    const key = uuid();
    return { key, statements: enqueue(key, mutation, this.now()) };
  }

  /**
   * Sends what is ready, in the window that the background sync gives. Cut off at any point, nothing is lost, and
   * nothing is applied twice by a server that keeps idempotency keys.
   *
   * @throws whatever the store throws, once all that was on its way has come back
   */
  drainQueue(window: QueueWindow): Promise<QueueResult> {
    const drain = async (): Promise<QueueResult> => {
      const { store, uuid } = await this.ready();
      const { options } = this;
      const counts = (): Promise<QueueCounts> => this.counts();
      return new Drain({ store, options, uuid, counts }, window).run();
    };
    const result = this.drains.then(drain, drain);
    this.drains = result;
    return result;
  }

  /** How much is in the queue. Cheap at any depth. */
  async counts(): Promise<QueueCounts> {
    const { store } = await this.ready();
    const [row] = await store.all<Record<string, number>>(READ_COUNTS);
    const { total = 0, dead = 0, parked = 0, gone = 0 } = row ?? {};
    return { remaining: total - dead - parked - gone, dead, parked };
  }

  /** What will not be sent again by itself, oldest first. Show it to someone who can decide. */
  async deadLetters(): Promise<DeadLetter[]> {
    const { store } = await this.ready();
    const rows = await store.all<{
      id: string;
      type: string;
      entity: string;
      kind: string;
      payload: string;
      error: string | null;
      attempts: number;
      created: number;
    }>(READ_DEAD);
    return rows.map(row => ({
      key: row.id,
      type: row.type,
      entityId: row.entity,
      kind: row.kind,
      payload: parsed(row.payload),
      reason: row.error ?? '',
      attempts: row.attempts,
      createdAt: row.created,
    }));
  }

  /** Puts a dead letter, and what is parked behind it, back into the queue. */
  async retry(key: string): Promise<void> {
    const { store } = await this.ready();
    await store.batch(revive(key));
  }

  /**
   * Gives a dead letter up, and with it what needs the id of the entity that it would have created.
   *
   * @returns the keys of what went, for the app to undo its own rows; none where the key is no dead letter's
   */
  discard(key: string): Promise<string[]> {
    return this.takeOut(key, 'dead');
  }

  /**
   * Takes back a mutation that was never sent, with what needs the id of the entity that it would have created.
   *
   * @returns the keys of what went; none where it was sent already, or is on its way
   */
  cancel(key: string): Promise<string[]> {
    return this.takeOut(key, 'unsent');
  }

  /** The server's id for a temporary one; null while it has none. */
  async idOf(tempId: string): Promise<string | null> {
    const { store } = await this.ready();
    const [row] = await store.all<{ server: string | null }>(
      'SELECT server FROM bgsync_id WHERE temp = ?',
      [tempId],
    );
    return row?.server ?? null;
  }

  private async takeOut(key: string, of: 'dead' | 'unsent'): Promise<string[]> {
    const { store, uuid } = await this.ready();
    const claim = uuid();
    await store.batch(takeOut(key, of, claim));
    const gone = await store.all<{ id: string }>(READ_GONE, [claim]);
    await store.batch([deleteGone()]);
    return gone.map(({ id }) => id);
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }

  private mustBeOpen(): Opened {
    if (this.opened === null) {
      throw new Error('The queue is not open yet: await queue.open() first.');
    }
    return this.opened;
  }

  private ready(): Promise<Opened> {
    this.opening ??= this.openStore().catch((error: unknown) => {
      this.opening = null;
      throw error;
    });
    return this.opening;
  }

  private async openStore(): Promise<Opened> {
    const { store: given, uuid } = this.options;
    const store = typeof given === 'function' ? await given() : given;
    const version = await versionOf(store);
    if (version > SCHEMA_VERSION) {
      throw new Error(
        `The queue's database is of version ${version}, this app knows ${SCHEMA_VERSION}. Nothing was changed.`,
      );
    }
    if (version < SCHEMA_VERSION) {
      await store.batch(migrationFrom(version));
    }
    // SQLite takes its random numbers from the system. Not each JavaScript engine does so for Math.random, and without
    // a polyfill React Native has no `crypto`.
    const [row] = await store.all<{ seed: string }>(
      'SELECT lower(hex(randomblob(16))) AS seed',
    );
    const seed = row?.seed ?? '';
    if (!/^[0-9a-f]{32}$/.test(seed)) {
      throw new Error('SQLite gave no random numbers.');
    }
    this.opened = { store, uuid: uuid ?? uuidSequence(seed) };
    return this.opened;
  }
}

async function versionOf(store: QueueStore): Promise<number> {
  const tables = await store.all(
    "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'bgsync_meta'",
  );
  if (tables.length === 0) {
    return 0;
  }
  const [row] = await store.all<{ value: number }>(
    "SELECT value FROM bgsync_meta WHERE name = 'version'",
  );
  return row?.value ?? 0;
}

function requireMutation(m: NewMutation): void {
  for (const name of ['type', 'entityId', 'kind'] as const) {
    if (typeof m[name] !== 'string' || m[name] === '') {
      throw new TypeError(`A mutation needs its ${name}, a string.`);
    }
  }
  if (m.priority !== undefined && !Number.isInteger(m.priority)) {
    throw new TypeError('The priority of a mutation is a whole number.');
  }
  if (m.version !== undefined && typeof m.version !== 'string') {
    throw new TypeError('The version of a mutation is a string.');
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
