import type { QueueStore, Sql } from './store';

/** A change that the app made, to be sent. */
export interface NewMutation {
  /** Kind of thing that is changed: 'note', 'order'. */
  readonly type: string;
  /**
   * Which one: the server's id, an id that the app made for good (a UUID: the better way, where the server takes it),
   * or a temporary one of `newTempId()`. Mutations of the same type and entity are sent in the order in which they
   * were made.
   */
  readonly entityId: string;
  /** What to do with it: 'create', 'rename'. Only `send` reads it. */
  readonly kind: string;
  /**
   * JSON. A string in it that is the id of an entity whose creation still waits, makes this mutation wait for it; a
   * temporary id (a whole string, or a key) is the real one by the time that `send` sees it.
   */
  readonly payload: unknown;
  /** Whether this mutation makes the entity on the server. */
  readonly creates?: boolean;
  /** Ids of other entities that must exist first, where the payload does not hold them as whole strings. */
  readonly needs?: readonly string[];
  /** The version that the change was made on, for `If-Match`; see {@link SendResult}. */
  readonly version?: string;
  /** Whole number; the higher the sooner. What it waits for is raised with it. Default 0. */
  readonly priority?: number;
}

/** A mutation as `send` gets it. */
export interface Mutation {
  /**
   * The idempotency key: the same in each try, another one as soon as the payload is another. Send it as
   * `Idempotency-Key`, and let the server answer a key that it has seen with what it answered before.
   */
  readonly key: string;
  readonly type: string;
  /** The server's id; still the temporary one only in the mutation that creates the entity. */
  readonly entityId: string;
  readonly kind: string;
  readonly payload: unknown;
  readonly version: string | null;
  /** This one included; those that no server answered do not count. */
  readonly attempts: number;
  /** An earlier try got no answer, so the server may have it already. */
  readonly mayHaveBeenApplied: boolean;
}

/**
 * What became of a mutation.
 * - `done`: the server has it. `id`: what the server calls the entity that it created (needed for a temporary id).
 *   `version`: the entity's new version; it goes into the next mutation of it, so that two edits made offline do not
 *   conflict with each other
 * - `retry`: not now (5xx, 408, 425, 429). `afterMs`: not before so many milliseconds
 * - `reject`: never (400, 404, 422). It becomes a dead letter, and what depends on it waits; the rest goes on
 * - `conflict`: someone else changed the entity (409, 412): `resolve` is asked. `id`: where creating found it there
 * - `stop`: it is not this item; nothing will go through now (signed out: `failed`; maintenance: `retry`)
 */
export type SendResult =
  | { readonly status: 'done'; readonly id?: string; readonly version?: string }
  | {
      readonly status: 'retry';
      readonly afterMs?: number;
      readonly message?: string;
    }
  | { readonly status: 'reject'; readonly message: string }
  | {
      readonly status: 'conflict';
      readonly remote?: unknown;
      readonly version?: string;
      readonly id?: string;
    }
  | {
      readonly status: 'stop';
      readonly outcome: 'retry' | 'failed';
      readonly afterMs?: number;
      readonly message?: string;
    };

/** What to do about a conflict: give up one side, or send another payload, on `version` (default: the server's). */
export type Resolution =
  | 'remote-wins'
  | 'reject'
  | { readonly payload: unknown; readonly version?: string };

export interface Applied {
  /** The server's id of the entity. */
  readonly entityId: string;
  /** The temporary id that it had, where the mutation created it under one. */
  readonly tempId: string | null;
  readonly version: string | null;
}

export interface SyncQueueOptions {
  /** Called again after it failed: a key that cannot be read before the first unlock can be read later. */
  readonly store: QueueStore | (() => Promise<QueueStore>);
  /**
   * Sends one mutation. A throw means that there was no answer: it is sent again later, under the same key. Hand the
   * signal to `fetch`; what is thrown once it is aborted is no failure.
   */
  send(mutation: Mutation, signal: AbortSignal): Promise<SendResult>;
  /** Without it, a conflict is a dead letter. Values are as the server knows them: no temporary ids. */
  resolve?(
    mutation: Mutation,
    remote: unknown,
    version: string | undefined,
  ): Resolution | Promise<Resolution>;
  /** Statements of the app for the same transaction in which a mutation that went through leaves the queue. */
  onApplied?(mutation: Mutation, applied: Applied): readonly Sql[];
  /** How many are on their way at the same time, 1 to 16. Default 4. */
  readonly concurrency?: number;
  /** After so many a mutation that keeps failing while others get through is a dead letter. Default 20. */
  readonly maxAttempts?: number;
  /** For tests: epoch milliseconds. */
  readonly now?: () => number;
  /** For tests: 0 to 1, for the jitter. */
  readonly random?: () => number;
  /** For tests. Default: made from SQLite's own random numbers; Hermes seeds `Math.random` with 31 bits. */
  readonly uuid?: () => string;
}

/** What of a SyncWindow the queue uses. */
export interface QueueWindow {
  readonly signal: AbortSignal;
  progress?(done: number, total: number): void;
}

/** A DrainResult. */
export interface QueueResult {
  readonly remaining: number;
  readonly outcome: 'done' | 'retry' | 'failed';
  readonly message?: string;
  readonly retryAfterSeconds?: number;
}

export interface QueueCounts {
  /** What will still be sent by itself. */
  readonly remaining: number;
  /** Dead letters: someone must decide. */
  readonly dead: number;
  /** What waits behind dead letters. */
  readonly parked: number;
}

export interface DeadLetter {
  readonly key: string;
  readonly type: string;
  readonly entityId: string;
  readonly kind: string;
  /** As it was enqueued, with temporary ids; the text itself where it is no JSON. */
  readonly payload: unknown;
  readonly reason: string;
  readonly attempts: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}
