import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { SyncQueue } from '../../templates/queue/index.ts';
import type { QueueStore, SendResult } from '../../templates/queue/index.ts';
import { sqliteStore } from '../../src/queue/sqlite.ts';
import { audit } from './support/audit.ts';
import { openTestSqlite } from './support/mortal.ts';
import { create, openQueue, update } from './support/open-queue.ts';

const HOURS = 3_600_000;
const noNetwork = (): never => {
  throw new TypeError('Network request failed');
};

describe('what is sent, and when', () => {
  test('an empty queue is done', async () => {
    const { drain } = await openQueue();
    expect(await drain()).toEqual({ remaining: 0, outcome: 'done' });
  });

  test('the higher priority goes first, with what it waits for', async () => {
    const { queue, drain, sent } = await openQueue(({ kind }) =>
      kind === 'create' ? { status: 'done', id: '7' } : { status: 'done' },
    );
    const temp = queue.newTempId();
    await queue.enqueue(update('plain'));
    await queue.enqueue(create(temp));
    await queue.enqueue({ ...update('urgent', { parent: temp }), priority: 5 });
    await drain();
    expect(sent.map(({ payload }) => payload)).toEqual([
      { title: temp },
      { parent: '7' },
      { title: 'plain' },
    ]);
  });

  test('the id of the server stands wherever the temporary one stood, keys included', async () => {
    const { queue, drain, sent } = await openQueue(({ kind }) =>
      kind === 'create' ? { status: 'done', id: '7' } : { status: 'done' },
    );
    const temp = queue.newTempId();
    await queue.enqueue(create(temp));
    await queue.enqueue(update(temp, { list: [{ [temp]: temp }], text: `see ${temp}` }));
    await drain();
    expect(sent[1]).toMatchObject({
      entityId: '7',
      // What is part of a longer text may be the user's words.
      payload: { list: [{ '7': '7' }], text: `see ${temp}` },
    });
    expect(await queue.idOf(temp)).toBe('7');
    await queue.enqueue(update(temp));
    await drain();
    expect(sent[2]?.entityId).toBe('7');
  });

  test('what names an entity under an id for good waits for its creation, too', async () => {
    const id = '0b9c7a52-6f1e-4c62-9f77-0d0a4f2c1e11';
    let isDown = true;
    const { queue, drain, sent } = await openQueue(({ kind }) =>
      isDown && kind === 'create' ? noNetwork() : { status: 'done' },
    );
    await queue.enqueue(create(id));
    await queue.enqueue(update('other', { parent: id }));
    await queue.enqueue({ ...update('third', {}), needs: [id] });
    await drain();
    expect(sent).toHaveLength(1);
    isDown = false;
    await drain();
    expect(sent.map(({ entityId }) => entityId)).toEqual([id, id, 'other', 'third']);
  });

  test('the version that an edit made is what the next edit is sent on', async () => {
    const { queue, drain, sent } = await openQueue(({ version }) => ({
      status: 'done',
      version: `${version ?? ''}+`,
    }));
    await queue.enqueue({ ...update('a'), version: 'v1' });
    await queue.enqueue({ ...update('a'), version: 'v1' });
    await drain();
    expect(sent.map(({ version }) => version)).toEqual(['v1', 'v1+']);
  });

  test('three throwing items do not starve a thousand healthy ones', async () => {
    const test = await openQueue(({ payload }) =>
      payload === 'bad' ? noNetwork() : { status: 'done' },
    );
    for (let i = 0; i < 3; i++) await test.queue.enqueue(update(`bad${i}`, 'bad'));
    for (let i = 0; i < 1000; i++) await test.queue.enqueue(update(`good${i}`));
    const first = await test.drain();
    expect(first).toMatchObject({ outcome: 'retry', message: '3 in a row failed' });
    test.time += 7 * HOURS;
    expect(await test.drain()).toMatchObject({ remaining: 3, outcome: 'done' });
  });

  test('sixty windows without a server make no dead letter, and cost no waiting', async () => {
    let isDown = true;
    const test = await openQueue(() => (isDown ? noNetwork() : { status: 'done' }), {
      maxAttempts: 3,
      concurrency: 4,
    });
    for (let i = 0; i < 10; i++) await test.queue.enqueue(update(`n${i}`));
    for (let i = 0; i < 60; i++) {
      expect(await test.drain()).toMatchObject({ remaining: 10, outcome: 'retry' });
    }
    isDown = false;
    await test.drain();
    expect(await test.queue.counts()).toEqual({ remaining: 0, dead: 0, parked: 0 });
    expect(Math.max(...test.sent.map(({ attempts }) => attempts))).toBe(1);
  });

  test('a gateway that answers 503 for days makes none either', async () => {
    const test = await openQueue(() => ({ status: 'retry', message: '503' }), { maxAttempts: 3 });
    await test.queue.enqueue(update('a'));
    for (let i = 0; i < 20; i++) {
      await test.drain();
      test.time += 7 * HOURS;
    }
    expect(await test.queue.counts()).toEqual({ remaining: 1, dead: 0, parked: 0 });
  });

  test('what fails while others get through is a dead letter after maxAttempts', async () => {
    const test = await openQueue(
      ({ entityId }) =>
        entityId === 'bad' ? { status: 'retry', message: 'HTTP 500' } : { status: 'done' },
      { maxAttempts: 3 },
    );
    await test.queue.enqueue(update('bad'));
    for (let i = 0; i < 3; i++) {
      await test.queue.enqueue(update(`good${i}`));
      await test.drain();
      test.time += 7 * HOURS;
    }
    expect(await test.queue.deadLetters()).toMatchObject([
      { entityId: 'bad', reason: 'failed 3 times, at last: HTTP 500', attempts: 3 },
    ]);
  });

  test('Retry-After is kept, and told to the schedule', async () => {
    const test = await openQueue(() => ({ status: 'retry', afterMs: 2 * HOURS }), {
      random: () => 0,
    });
    await test.queue.enqueue(update('a'));
    expect(await test.drain()).toMatchObject({ outcome: 'retry', retryAfterSeconds: 7200 });
    test.time += 2 * HOURS - 1;
    await test.drain();
    expect(test.sent).toHaveLength(1);
    test.time += 1;
    await test.drain();
    expect(test.sent).toHaveLength(2);
  });

  test('a clock that ran ahead does not make an item wait for years', async () => {
    const test = await openQueue(() => ({ status: 'retry', afterMs: 1000 }));
    test.time += 20 * 365 * 24 * HOURS;
    await test.queue.enqueue(update('a'));
    await test.drain();
    test.time -= 20 * 365 * 24 * HOURS;
    await test.drain();
    expect(test.sent).toHaveLength(2);
  });
});

describe('the window', () => {
  test('closing is nobody’s failure', async () => {
    const closing = new AbortController();
    const test = await openQueue((_, signal) => {
      closing.abort();
      throw signal.reason as Error;
    });
    await test.queue.enqueue(update('a'));
    expect(await test.queue.drainQueue(closing)).toEqual({ remaining: 1, outcome: 'done' });
    await test.drain().catch(() => undefined);
    expect(test.sent.map((m) => [m.attempts, m.mayHaveBeenApplied])).toEqual([
      [1, false],
      [1, true],
    ]);
    expect(test.sent[0]?.key).toBe(test.sent[1]?.key);
  });

  test('progress counts what was delivered', async () => {
    const { queue } = await openQueue();
    for (const id of ['a', 'b']) await queue.enqueue(update(id));
    const told: number[][] = [];
    await queue.drainQueue({
      signal: new AbortController().signal,
      progress: (...args) => told.push(args),
    });
    expect(told).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  test('a second drain waits for the first, instead of taking its items for those of a dead process', async () => {
    const goOn: (() => void)[] = [];
    const { queue, drain, sent } = await openQueue(
      () => new Promise((resolve) => goOn.push(() => resolve({ status: 'done' }))),
    );
    await queue.enqueue(update('a'));
    const first = drain();
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    const second = drain();
    // Long enough for the second one to send it, too, if it did not wait.
    for (let i = 0; i < 50; i++) await queue.counts();
    expect(sent).toHaveLength(1);
    for (const one of goOn) one();
    expect(await Promise.all([first, second])).toMatchObject([{ remaining: 0 }, { remaining: 0 }]);
    expect(sent).toHaveLength(1);
  });

  test.each(['send', 'resolve'])('a %s that never comes back ends with it', async (which) => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const closing = new AbortController();
    let isHanging = true;
    const hang = <T>(): Promise<T> => {
      closing.abort();
      return new Promise<T>(() => undefined);
    };
    const test = await openQueue(
      () => {
        if (!isHanging) return { status: 'done' };
        return which === 'send' ? hang() : { status: 'conflict' };
      },
      { resolve: hang },
    );
    await test.queue.enqueue(update('a'));
    const first = test.queue.drainQueue(closing);
    await vi.runAllTimersAsync();
    expect(await first).toEqual({ remaining: 1, outcome: 'done' });
    isHanging = false;
    expect(await test.drain()).toEqual({ remaining: 0, outcome: 'done' });
    expect(test.sent.map((m) => [m.attempts, m.mayHaveBeenApplied])).toEqual([
      [1, false],
      [1, which === 'send'],
    ]);
    expect(test.sent[0]?.key).toBe(test.sent[1]?.key);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('an answer that comes just after it closed is taken', async () => {
    const closing = new AbortController();
    const { queue } = await openQueue(async () => {
      closing.abort();
      await new Promise((resolve) => setTimeout(resolve, 5));
      return { status: 'done' };
    });
    await queue.enqueue(update('a'));
    expect(await queue.drainQueue(closing)).toEqual({ remaining: 0, outcome: 'done' });
  });

  test('signed out ends it, and blames no item', async () => {
    const { queue, drain, sent } = await openQueue(() => ({
      status: 'stop',
      outcome: 'failed',
      message: 'HTTP 401',
    }));
    for (const id of ['a', 'b']) await queue.enqueue(update(id));
    expect(await drain()).toEqual({ remaining: 2, outcome: 'failed', message: 'HTTP 401' });
    expect(sent).toHaveLength(1);
    await drain();
    expect(sent[1]).toMatchObject({ attempts: 1, mayHaveBeenApplied: false });
  });

  test('a store that fails is told once all that is on its way has come back', async () => {
    const sqlite = openTestSqlite(':memory:');
    const store = sqliteStore(sqlite);
    let isBroken = false;
    let back = 0;
    const failing: QueueStore = {
      all: (sql, values) => store.all(sql, values),
      batch: (statements) =>
        isBroken ? Promise.reject(new Error('disk I/O error')) : store.batch(statements),
    };
    const queue = new SyncQueue({
      store: failing,
      send: async () => {
        isBroken = true;
        await new Promise((resolve) => setTimeout(resolve, 5));
        back += 1;
        return { status: 'done' };
      },
    });
    for (const id of ['a', 'b', 'c']) await queue.enqueue(update(id));
    await expect(queue.drainQueue(new AbortController())).rejects.toThrow('disk I/O error');
    expect(back).toBe(3);
  });
});

/** What a body of the server's, or a `send` in JavaScript, puts where the types say something else. */
const circular: Record<string, unknown> = {};
circular.self = circular;

describe('what the types forbid', () => {
  test.each([
    ['nothing', undefined, 'send answered undefined, which is no SendResult'],
    ['null', null, 'send answered null'],
    ['text', 'done', 'send answered "done"'],
    ['a status of its own', { status: 'ok' }, 'send answered {"status":"ok"}'],
    ['what is no JSON', circular, 'send answered [object Object]'],
    ['a stop that says nothing', { status: 'stop' }, 'send answered {"status":"stop"}'],
  ])('an answer of %s is tried again later, and blames nobody else', async (_, answer, reason) => {
    const { queue, drain, sent, sqlite } = await openQueue(({ entityId }) =>
      entityId === 'a' ? (answer as unknown as SendResult) : { status: 'done' },
    );
    for (const id of ['a', 'b']) await queue.enqueue(update(id));
    expect(await drain()).toEqual({ remaining: 1, outcome: 'done' });
    expect(sqlite.all('SELECT state, crashes, attempts FROM bgsync_mutation')).toEqual([
      { state: 1, crashes: 0, attempts: 1 },
    ]);
    expect(sqlite.all('SELECT error FROM bgsync_mutation')).toEqual([
      { error: expect.stringContaining(reason) as string },
    ]);
    expect(sent).toHaveLength(2);
  });

  test.each([
    ['no message', undefined, 'undefined'],
    ['the body for a message', { code: 7 }, '{"code":7}'],
  ])('a reject with %s is a dead letter', async (_, message, reason) => {
    const { queue, drain } = await openQueue(
      () => ({ status: 'reject', message }) as unknown as SendResult,
    );
    await queue.enqueue(update('a'));
    expect(await drain()).toMatchObject({ remaining: 0, outcome: 'done' });
    expect((await queue.deadLetters())[0]?.reason).toContain(reason);
  });

  test.each([Number.NaN, '5', null])('a wait of %s is none', async (afterMs) => {
    const { queue, drain } = await openQueue(
      () => ({ status: 'retry', afterMs, message: null }) as unknown as SendResult,
    );
    await queue.enqueue(update('a'));
    expect(await drain()).toEqual({ remaining: 1, outcome: 'retry' });
  });

  test('a version is a string, whatever the body had', async () => {
    const { queue, drain, sent } = await openQueue(
      () => ({ status: 'done', version: sent.length === 1 ? 3 : null }) as unknown as SendResult,
    );
    for (const title of ['first', 'second', 'third']) await queue.enqueue(update('a', title));
    expect(await drain()).toEqual({ remaining: 0, outcome: 'done' });
    expect(sent.map(({ version }) => version)).toEqual([null, '3', null]);
  });

  test('an id of null names nothing', async () => {
    const { queue, drain } = await openQueue(
      () => ({ status: 'done', id: null }) as unknown as SendResult,
    );
    const temp = queue.newTempId();
    await queue.enqueue(create(temp));
    await drain();
    expect(await queue.idOf(temp)).toBeNull();
    expect((await queue.deadLetters())[0]?.reason).toContain('without the id');
  });

  test.each([
    ['nothing', undefined, 'undefined'],
    ['another word', 'local-wins', '"local-wins"'],
    ['no payload', {}, '{}'],
    ['a payload that is no JSON', { payload: circular }, '[object Object]'],
  ])('a resolve that answers %s makes a dead letter', async (_, resolution, reason) => {
    const { queue, drain } = await openQueue(() => ({ status: 'conflict' }), {
      resolve: () => resolution as never,
    });
    for (const id of ['a', 'b']) await queue.enqueue(update(id));
    await drain();
    expect((await queue.deadLetters()).map((letter) => letter.reason)).toEqual([
      `resolve answered ${reason}, which is no Resolution`,
      `resolve answered ${reason}, which is no Resolution`,
    ]);
  });
});

describe('dead letters', () => {
  const refusing = () =>
    openQueue(({ entityId, kind }) =>
      entityId === 'bad' || kind === 'create'
        ? { status: 'reject', message: 'HTTP 422: no title' }
        : { status: 'done' },
    );

  test('hold up only what depends on them', async () => {
    const { queue, drain, sent } = await refusing();
    await queue.enqueue(update('bad', 1));
    await queue.enqueue(update('bad', 2));
    await queue.enqueue(update('good'));
    expect(await drain()).toEqual({ remaining: 0, outcome: 'done', message: '1 dead letter' });
    expect(sent.map(({ entityId }) => entityId)).toEqual(['bad', 'good']);
    expect(await queue.counts()).toEqual({ remaining: 0, dead: 1, parked: 1 });
    await queue.enqueue(update('bad', 3));
    expect(await queue.counts()).toEqual({ remaining: 0, dead: 1, parked: 2 });
    expect(await queue.deadLetters()).toMatchObject([
      { entityId: 'bad', kind: 'update', payload: 1, reason: 'HTTP 422: no title' },
    ]);
  });

  test('retry puts them and what waits behind back, in order', async () => {
    let isMended = false;
    const { queue, drain, sent, sqlite } = await openQueue(() =>
      isMended ? { status: 'done' } : { status: 'reject', message: '422' },
    );
    const key = await queue.enqueue(update('bad', 1));
    await queue.enqueue(update('bad', 2));
    await drain();
    isMended = true;
    await queue.retry('no such key');
    expect(await queue.counts()).toMatchObject({ dead: 1 });
    await queue.retry(key);
    audit(sqlite);
    await drain();
    expect(sent.map(({ payload }) => payload)).toEqual([1, 1, 2]);
  });

  test('discard takes what needs the entity, and leaves what only came after', async () => {
    const { queue, drain, sent, sqlite } = await refusing();
    const temp = queue.newTempId();
    const keys = [
      await queue.enqueue(create(temp)),
      await queue.enqueue(update(temp, 'of it')),
      await queue.enqueue(update('other', { parent: temp })),
    ];
    await queue.enqueue(update('other', 'without it'));
    await drain();
    expect(await queue.counts()).toEqual({ remaining: 0, dead: 1, parked: 3 });
    expect(await queue.discard(keys[1]!)).toEqual([]);
    expect(await queue.discard(keys[0]!)).toEqual(keys);
    audit(sqlite);
    expect(await queue.counts()).toEqual({ remaining: 1, dead: 0, parked: 0 });
    await drain();
    expect(sent.at(-1)?.payload).toBe('without it');
  });

  test.each([
    ['no JSON', "UPDATE bgsync_mutation SET payload = '{'", 'its payload is not JSON'],
    ['an unknown temporary id', undefined, 'and nothing in the queue creates that'],
  ])('%s is one', async (_, sql, reason) => {
    const { queue, drain, sqlite } = await openQueue();
    await queue.enqueue(update('a', { ref: sql === undefined ? queue.newTempId() : '' }));
    if (sql !== undefined) sqlite.run(sql);
    await drain();
    expect((await queue.deadLetters())[0]?.reason).toContain(reason);
  });

  test('a creation without the id that the server gave is one, and goes through once send tells it', async () => {
    let id: { id?: string } = {};
    const { queue, drain, sent } = await openQueue(() => ({ status: 'done', ...id }));
    const temp = queue.newTempId();
    const key = await queue.enqueue(create(temp));
    await queue.enqueue(update(temp));
    await drain();
    expect((await queue.deadLetters())[0]?.reason).toContain('without the id');
    id = { id: '7' };
    await queue.retry(key);
    await drain();
    expect(sent.map(({ key: k }) => k).slice(0, 2)).toEqual([key, key]);
    expect(sent[2]?.entityId).toBe('7');
  });

  test('what was on its way each time that the app ended is one in the end', async () => {
    const test = await openQueue(undefined, { maxAttempts: 3 });
    await test.queue.enqueue(update('a'));
    for (let i = 0; i < 3; i++) {
      test.sqlite.run('UPDATE bgsync_mutation SET state = 3, attempts = attempts + 1');
      if (i < 2) {
        await test.queue.drainQueue({ signal: AbortSignal.abort() });
        expect(await test.queue.counts()).toMatchObject({ remaining: 1 });
      }
    }
    await test.drain();
    expect(test.sent).toEqual([]);
    expect((await test.queue.deadLetters())[0]?.reason).toContain('the app ended 3 times');
  });

  test('what may have ended the app goes alone, after all others', async () => {
    let onTheirWay = 0;
    const most = new Map<string, number>();
    const test = await openQueue(
      async ({ entityId }) => {
        onTheirWay += 1;
        most.set(entityId, onTheirWay);
        await new Promise((resolve) => setTimeout(resolve, 1));
        onTheirWay -= 1;
        return { status: 'done' };
      },
      { concurrency: 4 },
    );
    await test.queue.enqueue({ ...update('suspect'), priority: 9 });
    test.sqlite.run('UPDATE bgsync_mutation SET state = 3');
    for (let i = 0; i < 6; i++) await test.queue.enqueue(update(`n${i}`));
    await test.drain();
    expect(test.sent.at(-1)).toMatchObject({ entityId: 'suspect', mayHaveBeenApplied: true });
    expect(most.get('suspect')).toBe(1);
    expect(Math.max(...most.values())).toBe(4);
  });
});

describe('cancel', () => {
  test('takes back what was never sent, and lets the rest keep its order', async () => {
    const test = await openQueue();
    await test.queue.enqueue(update('a', 1));
    const second = await test.queue.enqueue(update('a', 2));
    await test.queue.enqueue(update('a', 3));
    expect(await test.queue.cancel(second)).toEqual([second]);
    audit(test.sqlite);
    // The third now waits for the first.
    expect(test.sqlite.all('SELECT blockers FROM bgsync_mutation ORDER BY seq')).toEqual([
      { blockers: 0 },
      { blockers: 1 },
    ]);
    await test.drain();
    expect(test.sent.map(({ payload }) => payload)).toEqual([1, 3]);
  });

  test('takes with a creation what needs it', async () => {
    const { queue, sqlite } = await openQueue();
    const temp = queue.newTempId();
    const keys = [await queue.enqueue(create(temp)), await queue.enqueue(update(temp))];
    expect(await queue.cancel(keys[0]!)).toEqual(keys);
    audit(sqlite);
    expect(sqlite.all('SELECT * FROM bgsync_id')).toEqual([]);
  });

  test('refuses what is on its way or was tried', async () => {
    const cancelled: string[][] = [];
    const test = await openQueue(async ({ key }) => {
      cancelled.push(await test.queue.cancel(key));
      return noNetwork();
    });
    const key = await test.queue.enqueue(update('a'));
    await test.drain();
    expect(cancelled).toEqual([[]]);
    expect(await test.queue.cancel(key)).toEqual([]);
    expect(await test.queue.counts()).toMatchObject({ remaining: 1 });
  });
});

describe('conflicts', () => {
  const conflict = { status: 'conflict', remote: { title: 'theirs' }, version: 'v2' } as const;

  test('without resolve, are dead letters', async () => {
    const { queue, drain } = await openQueue(() => conflict);
    await queue.enqueue(update('a'));
    await drain();
    expect((await queue.deadLetters())[0]?.reason).toContain('no resolve');
  });

  test('a new payload goes out on the server’s version, under a new key', async () => {
    const { queue, drain, sent } = await openQueue(
      ({ version }) => (version === 'v2' ? { status: 'done', version: 'v3' } : conflict),
      { resolve: () => ({ payload: { title: 'both' } }) },
    );
    await queue.enqueue({ ...update('a'), version: 'v1' });
    await drain();
    expect(sent[1]).toMatchObject({ payload: { title: 'both' }, version: 'v2' });
    expect(sent[1]?.key).not.toBe(sent[0]?.key);
  });

  test('the next edit does not inherit the version of a merge that it knows nothing of', async () => {
    const seen: unknown[] = [];
    const { queue, drain, sent } = await openQueue(
      ({ version }) => (version === 'v1' ? conflict : { status: 'done', version: 'v3' }),
      {
        resolve: ({ payload }, remote) => {
          seen.push([payload, remote]);
          return { payload: { merged: payload } };
        },
      },
    );
    await queue.enqueue({ ...update('a', 1), version: 'v1' });
    await queue.enqueue(update('a', 2));
    await drain();
    expect(sent.map(({ version }) => version)).toEqual(['v1', 'v2', 'v1', 'v2']);
    expect(seen).toHaveLength(2);
  });

  test('remote-wins ends it, reject buries it, a throw buries it and says so', async () => {
    const answers = ['remote-wins', 'reject'] as const;
    const { queue, drain } = await openQueue(() => conflict, {
      resolve: ({ payload }) => {
        const answer = answers[payload as number];
        if (answer === undefined) throw new Error('no rule');
        return answer;
      },
    });
    for (const n of [0, 1, 2]) await queue.enqueue(update(`n${n}`, n));
    await drain();
    expect((await queue.deadLetters()).map(({ reason }) => reason)).toEqual([
      'a conflict that resolve rejected',
      'resolve threw Error: no rule',
    ]);
    expect(await queue.counts()).toMatchObject({ remaining: 0 });
  });

  test('with our own earlier write is none', async () => {
    let tries = 0;
    const test = await openQueue(
      () => ((tries += 1) === 1 ? noNetwork() : { ...conflict, remote: { title: 'a', by: 'me' } }),
      { resolve: () => 'reject' },
    );
    await test.queue.enqueue(update('a'));
    await test.drain();
    await test.drain();
    expect(await test.queue.counts()).toEqual({ remaining: 0, dead: 0, parked: 0 });
  });

  test('with our own write is one where that was never tried', async () => {
    const test = await openQueue(() => ({ ...conflict, remote: { title: 'a' } }), {
      resolve: () => 'reject',
    });
    await test.queue.enqueue(update('a'));
    await test.drain();
    expect(await test.queue.counts()).toMatchObject({ dead: 1 });
  });

  test('that never end are tried again later', async () => {
    const test = await openQueue(() => conflict, { resolve: () => ({ payload: {} }) });
    await test.queue.enqueue(update('a'));
    expect(await test.drain()).toMatchObject({ remaining: 1, outcome: 'retry' });
    expect(test.sent).toHaveLength(4);
  });
});

describe('the app’s own rows', () => {
  test('are there if and only if the mutation is', async () => {
    const { queue, sqlite } = await openQueue();
    sqlite.run('CREATE TABLE note (id TEXT PRIMARY KEY)');
    await queue.enqueue(update('a'), [['INSERT INTO note VALUES (?)', ['a']]]);
    await expect(
      queue.enqueue(update('a'), [['INSERT INTO note VALUES (?)', ['a']]]),
    ).rejects.toThrow();
    expect(await queue.counts()).toMatchObject({ remaining: 1 });
  });

  test('onApplied writes in the transaction in which the mutation leaves', async () => {
    const { queue, sqlite, drain } = await openQueue(
      () => ({ status: 'done', id: '7', version: '1' }),
      {
        onApplied: (_, applied) => [
          [
            'UPDATE note SET id = ?, version = ? WHERE id = ?',
            [applied.entityId, applied.version, applied.tempId],
          ],
        ],
      },
    );
    sqlite.run('CREATE TABLE note (id TEXT PRIMARY KEY, version TEXT)');
    const temp = queue.newTempId();
    await queue.enqueue(create(temp), [['INSERT INTO note (id) VALUES (?)', [temp]]]);
    await drain();
    expect(sqlite.all('SELECT * FROM note')).toEqual([{ id: '7', version: '1' }]);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('oops');
      },
    ],
    ['writes nonsense', () => [['INSERT INTO no_such_table VALUES (1)'] as const]],
  ])('an onApplied that %s loses nothing', async (_, onApplied) => {
    const { queue, drain } = await openQueue(undefined, { onApplied });
    await queue.enqueue(update('a'));
    await queue.enqueue(update('b'));
    await drain();
    expect((await queue.deadLetters()).map(({ reason }) => reason)).toEqual([
      expect.stringContaining('onApplied'),
      expect.stringContaining('onApplied'),
    ]);
  });
});

describe('opening', () => {
  test('is tried again after it failed', async () => {
    const store = sqliteStore(openTestSqlite(':memory:'));
    let isLocked = true;
    const queue = new SyncQueue({
      store: () => (isLocked ? Promise.reject(new Error('locked')) : Promise.resolve(store)),
      send: () => Promise.resolve({ status: 'done' }),
    });
    await expect(queue.drainQueue(new AbortController())).rejects.toThrow('locked');
    isLocked = false;
    await queue.enqueue(update('a'));
    expect(await queue.drainQueue(new AbortController())).toMatchObject({ remaining: 0 });
  });

  test('leaves a database of a newer version alone', async () => {
    const { queue, sqlite } = await openQueue();
    await queue.enqueue(update('a'));
    sqlite.run('UPDATE bgsync_meta SET value = 99');
    const older = new SyncQueue({
      store: sqliteStore(sqlite),
      send: () => Promise.resolve({ status: 'done' }),
    });
    await expect(older.open()).rejects.toThrow('version 99');
  });

  test('gives each process its own UUIDs', async () => {
    const sqlite = openTestSqlite(':memory:');
    const ids = new Set<string>();
    for (let i = 0; i < 20; i++) {
      const queue = new SyncQueue({
        store: sqliteStore(sqlite),
        send: () => Promise.resolve({ status: 'done' }),
      });
      expect(() => queue.newTempId()).toThrow('not open');
      await queue.open();
      for (let j = 0; j < 20; j++) ids.add(queue.newTempId());
    }
    expect(ids.size).toBe(400);
    for (const id of ids) {
      expect(id).toMatch(
        /^tmp_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }
  });

  test.each([
    [{ ...update(''), entityId: '' }, 'entityId'],
    [{ ...update('a'), priority: 1.5 }, 'priority'],
    [{ ...update('a'), version: 3 as unknown as string }, 'version'],
    [update('a', { n: 1n }), 'BigInt'],
  ])('refuses what is no mutation: %#', async (mutation, message) => {
    const { queue } = await openQueue();
    await expect(queue.enqueue(mutation)).rejects.toThrow(message);
    expect(await queue.counts()).toMatchObject({ remaining: 0 });
  });
});

test('no query of a drain looks at each row of a deep queue', async () => {
  const sqlite = openTestSqlite(':memory:');
  const store = sqliteStore(sqlite);
  const used = new Set<string>();
  const queue = new SyncQueue({
    store: {
      all(sql, values) {
        used.add(sql);
        return store.all(sql, values);
      },
      batch(statements) {
        for (const [sql] of statements) used.add(sql);
        return store.batch(statements);
      },
    },
    send: ({ kind }) =>
      Promise.resolve(
        kind === 'create' ? { status: 'done', id: '7', version: '1' } : { status: 'retry' },
      ),
  });
  await queue.open();
  used.clear();
  await queue.enqueue({ ...create(queue.newTempId()), priority: 1 });
  await queue.enqueue(update('a'));
  await queue.drainQueue(new AbortController());
  expect(used.size).toBeGreaterThan(15);
  for (const sql of used) {
    const plan = sqlite
      .all(`EXPLAIN QUERY PLAN ${sql}`)
      .map((row) => (row as { detail: string }).detail);
    const scans = plan.filter((step) => /^SCAN (\w+)$/.test(step) && !/first|later$/.test(step));
    expect(scans, sql).toEqual([]);
    // What walks an index from its end to its other is counted only: the number of rows.
    const walks = plan.filter((step) =>
      /^SCAN .* USING COVERING INDEX bgsync_(?!ready|suspect)/.test(step),
    );
    expect(walks.length, `${sql}\n${plan.join('\n')}`).toBeLessThanOrEqual(
      sql.includes('AS total') ? 4 : 0,
    );
  }
});
