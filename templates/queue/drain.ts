/** One window's drain: what is taken, what is sent, and what becomes of each answer. */
import { readResolution, readSendResult, show } from './answers';
import { isTempId, mapStrings, tempIdsOf } from './ids';
import { containsFields } from './merge';
import { READY } from './schema';
import type { Carried, Row } from './statements';
import {
  READ_CLAIMED,
  bury,
  chunksOf,
  claimNext,
  countAttempts,
  finish,
  marks,
  postpone,
  recover,
  release,
  replacePayload,
  waitNoLonger,
} from './statements';
import type { QueueStore, Sql } from './store';
import type {
  Mutation,
  QueueCounts,
  QueueResult,
  QueueWindow,
  Resolution,
  SendResult,
  SyncQueueOptions,
} from './types';

/** So many failures in a row end the window: it is the server or the network, and the rest would fail, too. */
const BREAKER = 3;

const MAX_RESOLUTIONS = 3;

const FIRST_BACKOFF_MS = 30_000;
const LONGEST_BACKOFF_MS = 6 * 3_600_000;
/** A server may ask for more, and is asked again after this. */
const LONGEST_WAIT_MS = 24 * 3_600_000;

/**
 * What is on its way when the window closes may come back for so long, and is then released. React Native's fetch has
 * no timeout on Android: without the signal it may never come back, and each later drain would wait for this one.
 */
const GRACE_MS = 2_000;

type Conflict = Extract<SendResult, { status: 'conflict' }>;
type Stop = Extract<SendResult, { status: 'stop' }>;

/** What a drain needs of the queue. */
export interface DrainContext {
  readonly store: QueueStore;
  readonly options: SyncQueueOptions;
  readonly uuid: () => string;
  counts(): Promise<QueueCounts>;
}

export class Drain {
  private readonly store: QueueStore;
  private readonly signal: AbortSignal;
  private readonly width: number;
  private readonly maxAttempts: number;
  private readonly now: () => number;
  private readonly random: () => number;

  private readonly active = new Set<Promise<void>>();
  /** Aborted where a call of the app's is waited for no longer. */
  private readonly grace = new AbortController();
  private delivered = 0;
  private refused = 0;
  private failuresInARow = 0;
  /** Failed in this window, with the attempts that each has then if this one counts. */
  private readonly failed: { seq: number; attempts: number; reason: string }[] =
    [];
  /** Of those, what the server gave no time for. */
  private readonly untimed: number[] = [];
  private stopped: Stop | null = null;
  private longestWait = 0;
  /** The store's first failure: it ends the drain, once all that is on its way has come back. */
  private broken: { error: unknown } | null = null;
  private suspectOnItsWay = false;
  private total = 0;

  private readonly context: DrainContext;
  private readonly window: QueueWindow;

  constructor(context: DrainContext, window: QueueWindow) {
    this.context = context;
    this.window = window;
    const { options } = context;
    this.store = context.store;
    this.signal = window.signal;
    this.width = Math.min(Math.max(options.concurrency ?? 4, 1), 16);
    this.maxAttempts = options.maxAttempts ?? 20;
    this.now = options.now ?? Date.now;
    this.random = options.random ?? Math.random;
  }

  /**
   * Sends what is ready until nothing is, the window closes, or it is of no use. Settles once all that was sent has
   * come back.
   */
  async run(): Promise<QueueResult> {
    await this.store.batch(recover(this.now(), LONGEST_WAIT_MS));
    await this.buryKillers();
    this.total = (await this.context.counts()).remaining;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onAbort = (): void => {
      // Where timers stand still in the background, this one is due when the next window wakes them.
      timer = setTimeout(() => this.grace.abort(), GRACE_MS);
    };
    this.signal.addEventListener('abort', onAbort);
    try {
      await this.sendAll();
    } catch (error) {
      this.broken ??= { error };
    }
    await Promise.all(this.active);
    this.signal.removeEventListener('abort', onAbort);
    if (timer !== undefined) {
      clearTimeout(timer);
    }
    if (this.broken !== null) {
      throw this.broken.error;
    }
    await this.judgeFailures();
    return this.result();
  }

  private async sendAll(): Promise<void> {
    while (!this.signal.aborted && !this.isOver()) {
      if (this.suspectOnItsWay || this.active.size >= this.width) {
        await Promise.race(this.active);
        continue;
      }
      let rows = await this.claim(this.width - this.active.size, false);
      if (rows.length === 0 && this.active.size === 0) {
        // One that may have killed the process goes alone, and after all others.
        rows = await this.claim(1, true);
        this.suspectOnItsWay = rows.length > 0;
      }
      if (rows.length === 0) {
        if (this.active.size === 0) {
          return;
        }
        await Promise.race(this.active);
        continue;
      }
      if (this.signal.aborted) {
        await this.store.batch(
          release(
            rows.map(row => row.seq),
            false,
          ),
        );
        return;
      }
      for (const row of rows) {
        this.start(row);
      }
    }
    await this.sendLastSuspect();
  }

  /**
   * Others that fail in each window would end each before one that may have killed the process gets its turn: it has one
   * a window, after them.
   */
  private async sendLastSuspect(): Promise<void> {
    await Promise.all(this.active);
    const ended =
      this.stopped !== null || this.broken !== null || this.signal.aborted;
    if (ended || !this.isTripped()) {
      return;
    }
    const rows = await this.claim(1, true);
    if (this.signal.aborted) {
      return this.store.batch(
        release(
          rows.map(row => row.seq),
          false,
        ),
      );
    }
    for (const row of rows) {
      this.start(row);
    }
    await Promise.all(this.active);
  }

  private isTripped(): boolean {
    return this.failuresInARow >= BREAKER;
  }

  private isOver(): boolean {
    return this.stopped !== null || this.broken !== null || this.isTripped();
  }

  private async claim(limit: number, suspects: boolean): Promise<Row[]> {
    const claim = this.context.uuid();
    await this.store.batch([claimNext(claim, limit, suspects)]);
    // Read after it is taken: a cancelled one, or an older payload, cannot be among them.
    return this.store.all<Row>(READ_CLAIMED, [claim]);
  }

  private start(row: Row): void {
    const task: Promise<void> = this.send(row)
      .catch((error: unknown) => {
        this.broken ??= { error };
      })
      .then(() => {
        this.active.delete(task);
        this.suspectOnItsWay = false;
      });
    this.active.add(task);
  }

  private async send(row: Row): Promise<void> {
    let payload: unknown;
    try {
      payload = JSON.parse(row.payload);
    } catch {
      return this.refuse(row, 'its payload is not JSON');
    }
    let { id: key, base: version } = row;
    let maybeSent = row.sent === 1;
    const before = row.conflicted === 1 ? row.stale : version;
    let conflicted = row.conflicted === 1;
    for (let round = 0; ; round++) {
      const { value, missing } = await this.withRealIds(payload, row);
      if (missing !== undefined) {
        return this.refuse(
          row,
          `it needs ${missing}, and nothing in the queue creates that`,
        );
      }
      const mutation: Mutation = {
        key,
        type: row.type,
        entityId: row.entity,
        kind: row.kind,
        payload: value,
        version,
        attempts: row.attempts,
        mayHaveBeenApplied: maybeSent,
      };
      let answered: unknown;
      try {
        answered = await this.inGoodTime(() =>
          this.context.options.send(mutation, this.signal),
        );
      } catch (error) {
        return this.noAnswer(row, error);
      }
      const answer = readSendResult(answered);
      if (answer === null) {
        return this.fail(
          row,
          `send answered ${show(answered)}, which is no SendResult`,
          0,
          true,
        );
      }
      if (answer.status !== 'conflict') {
        const carried = conflicted
          ? { version: before, stale: true }
          : undefined;
        return this.settle(row, mutation, answer, carried);
      }
      if (round === MAX_RESOLUTIONS) {
        return this.fail(row, 'it conflicts again each time', 0, false);
      }
      const resolution = await this.resolve(mutation, answer);
      if (resolution === 'no-time') {
        return this.store.batch(release([row.seq], maybeSent));
      }
      if (resolution === 'remote-wins') {
        return this.finish(row, mutation, answer, {
          version: before,
          stale: true,
        });
      }
      if (resolution === 'ours-already') {
        return this.finish(row, mutation, answer);
      }
      if ('refuse' in resolution) {
        return this.refuse(row, resolution.refuse);
      }
      payload = resolution.payload;
      version = resolution.version ?? answer.version ?? version;
      key = this.context.uuid();
      maybeSent = false;
      conflicted = true;
      await this.store.batch([
        replacePayload(row.seq, key, JSON.stringify(payload), version),
      ]);
    }
  }

  private settle(
    row: Row,
    mutation: Mutation,
    answer: Exclude<SendResult, Conflict>,
    carried: Carried | undefined,
  ): Promise<void> {
    switch (answer.status) {
      case 'done':
        return this.finish(row, mutation, answer, carried);
      case 'retry':
        return this.fail(
          row,
          answer.message ?? 'the server asked for another try',
          answer.afterMs ?? 0,
          false,
        );
      case 'reject':
        return this.refuse(row, answer.message);
      case 'stop':
        this.stopped ??= answer;
        this.longestWait = Math.max(this.longestWait, answer.afterMs ?? 0);
        return this.store.batch(release([row.seq], false));
    }
  }

  /** A call of the app's, or a throw where it has not come back some time after the window closed. */
  private inGoodTime<T>(call: () => T | Promise<T>): Promise<T> {
    const { signal } = this.grace;
    let end = (): void => undefined;
    const answer = new Promise<T>((resolve, reject) => {
      end = () => reject(new Error('the window closed'));
      signal.addEventListener('abort', end);
      // A throw of `call` rejects as well.
      Promise.resolve(call()).then(resolve, reject);
    });
    return answer.finally(() => signal.removeEventListener('abort', end));
  }

  private async noAnswer(row: Row, error: unknown): Promise<void> {
    if (this.signal.aborted) {
      // The window closed: nobody's failure. The request may have arrived.
      return this.store.batch(release([row.seq], true));
    }
    return this.fail(row, String(error), 0, true);
  }

  private async resolve(
    mutation: Mutation,
    answer: Conflict,
  ): Promise<
    | Exclude<Resolution, 'reject'>
    | 'ours-already'
    | 'no-time'
    | { readonly refuse: string }
  > {
    const { resolve } = this.context.options;
    if (
      mutation.mayHaveBeenApplied &&
      containsFields(answer.remote, mutation.payload)
    ) {
      // The conflict is with ourselves: the answer to an earlier try was lost. Others may have written since, which
      // only a resolve can tell from the next mutation.
      return resolve === undefined ? 'ours-already' : 'remote-wins';
    }
    if (resolve === undefined) {
      return { refuse: 'a conflict, and the queue has no resolve' };
    }
    let answered: unknown;
    try {
      answered = await this.inGoodTime(() =>
        resolve(mutation, answer.remote, answer.version),
      );
    } catch (error) {
      return this.signal.aborted
        ? 'no-time'
        : { refuse: `resolve threw ${String(error)}` };
    }
    const resolution = readResolution(answered);
    if (resolution === null) {
      return {
        refuse: `resolve answered ${show(answered)}, which is no Resolution`,
      };
    }
    return resolution === 'reject'
      ? { refuse: 'a conflict that resolve rejected' }
      : resolution;
  }

  /** The payload as the server knows it, or the first temporary id in it that has no real one. */
  private async withRealIds(
    payload: unknown,
    row: Row,
  ): Promise<{ value: unknown; missing?: string }> {
    const temps = tempIdsOf([payload, row.entity]);
    if (temps.length === 0) {
      return { value: payload };
    }
    const real = new Map<string, string>();
    if (row.creates === 1) {
      // It is what makes this one real.
      real.set(row.entity, row.entity);
    }
    for (const chunk of chunksOf(temps)) {
      const rows = await this.store.all<{ temp: string; server: string }>(
        `SELECT temp, server FROM bgsync_id WHERE server IS NOT NULL AND temp IN (${marks(chunk)})`,
        chunk,
      );
      for (const { temp, server } of rows) {
        real.set(temp, server);
      }
    }
    return {
      value: mapStrings(payload, text => real.get(text) ?? text),
      missing: temps.find(temp => !real.has(temp)),
    };
  }

  private async finish(
    row: Row,
    mutation: Mutation,
    { id, version = null }: { id?: string; version?: string | null },
    carried: Carried = { version, stale: false },
  ): Promise<void> {
    const isCreated = row.creates === 1;
    if (isCreated && isTempId(row.entity) && id === undefined) {
      return this.refuse(
        row,
        'send answered done without the id that the server gave; once it does, retry this',
      );
    }
    const entity = isCreated && id !== undefined ? String(id) : row.entity;
    const done = (more: readonly Sql[]): Promise<void> =>
      this.store.batch(finish(row, entity, carried, more));
    let more: readonly Sql[];
    try {
      more =
        this.context.options.onApplied?.(mutation, {
          entityId: entity,
          tempId: isCreated && isTempId(row.entity) ? row.entity : null,
          version,
        }) ?? [];
    } catch (error) {
      return this.refuse(row, `onApplied threw ${String(error)}`);
    }
    try {
      await done(more);
    } catch (error) {
      if (more.length === 0) {
        throw error;
      }
      // The app's own statements may be what failed. Where it is the store, this throws as well.
      return this.refuse(row, `the statements of onApplied: ${String(error)}`);
    }
    this.failuresInARow = 0;
    this.delivered += 1;
    this.window.progress?.(
      this.delivered,
      Math.max(this.total, this.delivered),
    );
  }

  private async refuse(row: Row, reason: string): Promise<void> {
    await this.store.batch(bury(row.seq, reason));
    this.refused += 1;
    this.failuresInARow = 0;
  }

  private async fail(
    row: Row,
    reason: string,
    afterMs: number,
    maybeSent: boolean,
  ): Promise<void> {
    const asked = Math.min(Math.max(afterMs, 0), LONGEST_WAIT_MS);
    // Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    const ceiling = Math.min(
      LONGEST_BACKOFF_MS,
      FIRST_BACKOFF_MS * 2 ** Math.min(row.attempts - 1, 20),
    );
    const due =
      this.now() + Math.max(asked, Math.floor(this.random() * ceiling));
    await this.store.batch([postpone(row.seq, due, reason, maybeSent)]);
    this.failed.push({ seq: row.seq, attempts: row.attempts, reason });
    if (asked === 0) {
      this.untimed.push(row.seq);
    }
    this.longestWait = Math.max(this.longestWait, asked);
    this.failuresInARow += 1;
  }

  /**
   * A failure counts against an item only where others got through or were refused, so that the server was there; no
   * outage, however long, makes a dead letter.
   */
  private async judgeFailures(): Promise<void> {
    if (this.failed.length === 0) {
      return;
    }
    if (this.delivered + this.refused === 0) {
      return this.store.batch(waitNoLonger(this.untimed, this.now()));
    }
    await this.store.batch([
      ...countAttempts(this.failed.map(({ seq }) => seq)),
      ...this.failed
        .filter(({ attempts }) => attempts >= this.maxAttempts)
        .flatMap(({ seq, attempts, reason }) =>
          bury(seq, `failed ${attempts} times, at last: ${reason}`),
        ),
    ]);
  }

  /** What was alone on its way each time that a process died is a dead letter in the end. */
  private async buryKillers(): Promise<void> {
    const killers = await this.store.all<{ seq: number; crashes: number }>(
      `SELECT seq, crashes FROM bgsync_mutation WHERE state = ${READY} AND crashes > 0 AND crashes >= ?`,
      [this.maxAttempts],
    );
    if (killers.length > 0) {
      await this.store.batch(
        killers.flatMap(({ seq, crashes }) =>
          bury(seq, `the app ended ${crashes} times while it was sent`),
        ),
      );
    }
  }

  private async result(): Promise<QueueResult> {
    const { remaining, dead } = await this.context.counts();
    const outcome = this.outcome();
    const message = [
      this.stopped === null
        ? this.isTripped() && `${BREAKER} in a row failed`
        : this.stopped.message,
      dead > 0 && `${dead} dead letter${dead === 1 ? '' : 's'}`,
    ]
      .filter(Boolean)
      .join('; ');
    return {
      remaining,
      outcome,
      ...(message !== '' && { message }),
      ...(outcome === 'retry' &&
        this.longestWait > 0 && {
          retryAfterSeconds: Math.ceil(this.longestWait / 1000),
        }),
    };
  }

  /** `retry` backs the next windows off, so it is said only where this one brought nothing. */
  private outcome(): QueueResult['outcome'] {
    if (this.stopped !== null) {
      return this.stopped.outcome;
    }
    return this.failed.length > 0 && this.delivered === 0 ? 'retry' : 'done';
  }
}
