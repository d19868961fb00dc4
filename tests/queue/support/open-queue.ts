import type { Mutation, SendResult, SyncQueueOptions } from '../../../templates/queue/index.ts';
import { SyncQueue } from '../../../templates/queue/index.ts';
import type { Sqlite } from '../../../src/queue/sqlite.ts';
import { sqliteStore } from '../../../src/queue/sqlite.ts';
import { openTestSqlite } from './mortal.ts';

export interface TestQueue {
  readonly queue: SyncQueue;
  readonly sqlite: Sqlite;
  /** What `send` got, in order. */
  readonly sent: Mutation[];
  /** The clock, epoch milliseconds; set it to move it. */
  time: number;
  /** A window that nobody closes. */
  readonly drain: () => ReturnType<SyncQueue['drainQueue']>;
}

export type Send = (mutation: Mutation, signal: AbortSignal) => SendResult | Promise<SendResult>;

/** An open queue in memory, on one item at a time unless told otherwise. */
export async function openQueue(
  send: Send = () => ({ status: 'done' }),
  options: Partial<SyncQueueOptions> = {},
): Promise<TestQueue> {
  const sqlite = openTestSqlite(':memory:');
  const sent: Mutation[] = [];
  const queue = new SyncQueue({
    store: sqliteStore(sqlite),
    concurrency: 1,
    now: () => test.time,
    ...options,
    send: async (mutation, signal) => {
      sent.push(mutation);
      return send(mutation, signal);
    },
  });
  const test: TestQueue = {
    queue,
    sqlite,
    sent,
    time: 1_000_000,
    drain: () => queue.drainQueue({ signal: new AbortController().signal }),
  };
  await queue.open();
  return test;
}

/** An update of note `entityId`. */
export const update = (entityId: string, payload: unknown = { title: entityId }) => ({
  type: 'note',
  entityId,
  kind: 'update',
  payload,
});

export const create = (entityId: string, payload: unknown = { title: entityId }) => ({
  type: 'note',
  entityId,
  kind: 'create',
  payload,
  creates: true,
});
