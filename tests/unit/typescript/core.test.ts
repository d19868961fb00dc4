import { afterEach, describe, expect, it, vi } from 'vitest';
import type {
  DrainResult,
  NativeBackgroundSync,
  RunSummary,
  SyncWindow,
} from '../../../templates/typescript/core.ts';
import { BackgroundSyncWorker } from '../../../templates/typescript/core.ts';

/** Native, as far as JavaScript sees it: the test hands over runs and closes windows. */
class FakeNative implements NativeBackgroundSync {
  readonly completed: [runId: string, outcome: string, remaining: number, message: string][] = [];
  readonly reported: [runId: string, done: number, total: number][] = [];
  readonly registerTask = vi.fn<(switchOn: boolean) => Promise<boolean>>(() =>
    Promise.resolve(true),
  );
  readonly cancel = vi.fn(() => Promise.resolve());
  readonly configure = vi.fn<(settings: string) => Promise<boolean>>(() => Promise.resolve(true));
  readonly scheduleNext = vi.fn((delaySeconds: number) => Promise.resolve(delaySeconds));
  foreground = '';
  takers: { resolve: (json: string) => void; reject: (error: Error) => void }[] = [];
  private readonly windows = new Map<string, (reason: string) => void>();

  unmet: string[] | undefined = [];
  getStatus(): Promise<string> {
    return Promise.resolve(JSON.stringify({ v: 1, openRun: null, unmet: this.unmet }));
  }
  getHistory(limit: number): Promise<string> {
    return Promise.resolve(JSON.stringify([{ seq: limit }]));
  }
  /** Runs that have ended, as native keeps them until they are acknowledged. */
  ended: { n: number }[] = [];
  acknowledged: number[] = [];
  private listener: { resolve: (json: string) => void } | undefined;
  endedRun(after: number): Promise<string> {
    this.acknowledged.push(after);
    this.ended = this.ended.filter(({ n }) => n > after);
    return new Promise((resolve) => {
      this.listener = { resolve };
      this.tell();
    });
  }
  tell(): void {
    const [oldest] = this.ended;
    if (oldest === undefined) return;
    this.listener?.resolve(JSON.stringify(oldest));
    this.listener = undefined;
  }
  nextRun(): Promise<string> {
    return new Promise((resolve, reject) => this.takers.push({ resolve, reject }));
  }
  whenExpired(runId: string): Promise<string> {
    return new Promise((resolve) => this.windows.set(runId, resolve));
  }
  progress(runId: string, done: number, total: number): void {
    this.reported.push([runId, done, total]);
  }
  complete(runId: string, outcome: string, remaining: number, message: string): void {
    this.completed.push([runId, outcome, remaining, message]);
    this.windows.get(runId)?.('');
  }
  beginForeground(): Promise<string> {
    return Promise.resolve(this.foreground);
  }

  hand(runId: string): void {
    this.takers.shift()?.resolve(runJson(runId, 'os'));
  }
  expire(runId: string): void {
    this.windows.get(runId)?.('budget');
  }
  close(runId: string): void {
    this.windows.get(runId)?.('');
  }
}

const runJson = (runId: string, reason: string): string =>
  JSON.stringify({
    runId,
    taskId: 'dev.bgsync.processing',
    reason,
    deadline: 1_000,
    attempt: 2,
    battery: { percent: 50, charging: false, saver: false },
    network: { connected: true, metered: false },
    locked: reason === 'os',
  });

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function setUp(drainQueue: (window: SyncWindow) => Promise<DrainResult>) {
  const native = new FakeNative();
  const warnings: string[] = [];
  const worker = new BackgroundSyncWorker(native, (message) => warnings.push(message));
  worker.start({ drainQueue });
  return { native, warnings, worker };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

const endedRun = (n: number, run: string, out = 'done') => {
  const where = { task: 'dev.bgsync.processing', trig: 'os', att: 1 };
  return { n, run, out, ...where, ts: 5, ms: 7, rem: 0 };
};

describe('onRun', () => {
  function listen(onRun: ((run: RunSummary) => unknown) | undefined, ended: { n: number }[]) {
    const native = new FakeNative();
    native.ended = ended;
    const warnings: string[] = [];
    const worker = new BackgroundSyncWorker(native, (message) => warnings.push(message));
    const queue = { drainQueue: () => Promise.resolve(0) };
    worker.start(queue, onRun);
    return { native, worker, warnings, queue };
  }

  it('hears of each run once, in order, and of those that end later', async () => {
    const runs: RunSummary[] = [];
    const ended = [endedRun(8, 'a', 'killed'), { ...endedRun(9, 'b'), why: 'budget' }];
    const { native, warnings } = listen((run) => runs.push(run), ended);
    await settled();
    expect(runs).toEqual([
      {
        runId: 'a',
        taskId: 'dev.bgsync.processing',
        reason: 'os',
        outcome: 'killed',
        why: null,
        remaining: 0,
        attempt: 1,
        endedAt: 5,
        durationMs: 7,
      },
      expect.objectContaining({ runId: 'b', why: 'budget' }),
    ]);
    expect(native.acknowledged).toEqual([0, 8, 9]);
    native.ended.push(endedRun(10, 'c'));
    native.tell();
    await settled();
    expect(runs.map(({ runId }) => runId)).toEqual(['a', 'b', 'c']);
    expect(warnings).toEqual([]);
  });

  it('counts a run as told only when the hook’s promise has settled', async () => {
    let settle: () => void = () => undefined;
    const hook = vi.fn(() => new Promise<void>((resolve) => (settle = resolve)));
    const { native } = listen(hook, [endedRun(1, 'a'), endedRun(2, 'b')]);
    await settled();
    expect(native.acknowledged).toEqual([0]);
    settle();
    await settled();
    expect(native.acknowledged).toEqual([0, 1]);
    expect(hook).toHaveBeenCalledTimes(2);
  });

  it('goes on after a hook that throws, or rejects', async () => {
    const hook = vi
      .fn<(run: RunSummary) => unknown>()
      .mockImplementationOnce(() => {
        throw new Error('no');
      })
      .mockRejectedValueOnce(new Error('no'));
    const { warnings } = listen(hook, [endedRun(1, 'a'), endedRun(2, 'b'), endedRun(3, 'c')]);
    await settled();
    expect(hook).toHaveBeenCalledTimes(3);
    expect(warnings).toEqual(['onRun failed: Error: no', 'onRun failed: Error: no']);
  });

  it('asks native for nothing where there is no hook, and once after a Fast Refresh', async () => {
    const { native, worker, queue } = listen(undefined, [endedRun(1, 'a')]);
    await settled();
    expect(native.acknowledged).toEqual([]);
    const old = vi.fn();
    const fresh = vi.fn();
    worker.start(queue, old);
    worker.start(queue, fresh);
    await settled();
    expect(old).not.toHaveBeenCalled();
    expect(fresh).toHaveBeenCalledOnce();
    expect(native.acknowledged).toEqual([0, 1]);
  });
});

describe('a run', () => {
  it('hands the window over and completes once', async () => {
    let seen: SyncWindow | undefined;
    const { native, warnings } = setUp((window) => {
      seen = window;
      window.progress(1, 2);
      window.progress(NaN, 2);
      return Promise.resolve({ remaining: 1, message: 'half' });
    });
    native.hand('a');
    await settled();
    expect(seen).toMatchObject({
      runId: 'a',
      reason: 'os',
      deadline: 1_000,
      attempt: 2,
      locked: true,
    });
    expect(native.reported).toEqual([['a', 1, 2]]);
    expect(native.completed).toEqual([['a', 'done', 1, 'half']]);
    expect(native.takers).toHaveLength(1);
    expect(warnings).toEqual([]);
  });

  it.each<[name: string, drain: () => unknown, outcome: string, message: RegExp]>([
    [
      'a throw',
      () => {
        throw new Error('x');
      },
      'retry',
      /^Error: x$/,
    ],
    ['a rejection', () => Promise.reject(new TypeError('x')), 'retry', /^TypeError: x$/],
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- apps do it
    ['a rejection with nothing', () => Promise.reject(undefined), 'retry', /^undefined$/],
    [
      'an error that cannot be shown',
      () => {
        throw Object.create(null);
      },
      'retry',
      /cannot be shown/,
    ],
    ['nothing', () => undefined, 'failed', /it returned undefined$/],
    ['a string', () => 'ok', 'failed', /it returned "ok"$/],
    ['a negative count', () => -1, 'failed', /it returned -1$/],
    ['no number', () => NaN, 'failed', /it returned null$/],
    ['an outcome of ours', () => ({ remaining: 0, outcome: 'expired' }), 'failed', /expired/],
    [
      'a circle',
      () => {
        const a: Record<string, unknown> = {};
        a.a = a;
        return a;
      },
      'failed',
      /object$/,
    ],
    ['a bigint', () => ({ remaining: 1n }), 'failed', /object$/],
    [
      'a getter that throws',
      () => ({
        get remaining() {
          throw new Error('trap');
        },
      }),
      'retry',
      /trap/,
    ],
  ])('%s becomes an answer', async (_name, drain, outcome, message) => {
    const { native } = setUp(drain as () => Promise<DrainResult>);
    native.hand('a');
    await settled();
    expect(native.completed).toHaveLength(1);
    expect(native.completed[0]![1]).toBe(outcome);
    expect(native.completed[0]![3]).toMatch(message);
    // It waits for the next one.
    expect(native.takers).toHaveLength(1);
  });

  it('is aborted by native, and a late answer is native’s to ignore', async () => {
    let answer: (value: DrainResult) => void = () => undefined;
    let signal: AbortSignal | undefined;
    const { native } = setUp((window) => {
      signal = window.signal;
      return new Promise((resolve) => (answer = resolve));
    });
    native.hand('a');
    await settled();
    expect(signal!.aborted).toBe(false);
    native.expire('a');
    await settled();
    expect(signal!.aborted).toBe(true);
    expect(native.completed).toEqual([]);
    answer(4);
    await settled();
    expect(native.completed).toEqual([['a', 'done', 4, '']]);
  });

  it('waits for the drain before it, which is still closing: the abort and the next run come together', async () => {
    const drained: string[] = [];
    const { native, warnings } = setUp(async ({ runId, signal }) => {
      drained.push(runId);
      if (runId !== 'a') return 0;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      // Closes its transaction.
      await new Promise((resolve) => setTimeout(resolve, 20));
      return 3;
    });
    native.hand('a');
    await settled();
    native.expire('a');
    await vi.waitFor(() => expect(native.takers).toHaveLength(1));
    native.hand('b');
    await vi.waitFor(() => expect(native.completed).toHaveLength(2));
    expect(native.completed).toEqual([
      ['a', 'done', 3, ''],
      ['b', 'done', 0, ''],
    ]);
    expect(drained).toEqual(['a', 'b']);
    expect(warnings).toEqual([]);
  });

  it('that closes while the drain before it still hangs is answered, and the next one goes on', async () => {
    let answer: (value: DrainResult) => void = () => undefined;
    const { native } = setUp(() => new Promise((resolve) => (answer = resolve)));
    native.hand('a');
    await settled();
    native.expire('a');
    await settled();
    native.hand('b');
    await settled();
    expect(native.completed).toEqual([]);
    native.expire('b');
    await settled();
    expect(native.completed).toEqual([
      ['b', 'retry', -1, 'drainQueue of run a has not settled: it ignores its signal'],
    ]);
    answer(0);
    await settled();
    native.hand('c');
    await settled();
    answer(0);
    await settled();
    expect(native.completed.slice(1)).toEqual([
      ['a', 'done', 0, ''],
      ['c', 'done', 0, ''],
    ]);
  });

  it('that is over in native while it waits is not drained', async () => {
    let calls = 0;
    const { native } = setUp(() => {
      calls += 1;
      return new Promise(() => undefined);
    });
    native.hand('a');
    await settled();
    native.expire('a');
    await settled();
    native.hand('b');
    await settled();
    // As native answers for a run that it does not know any more.
    native.close('b');
    await settled();
    expect(calls).toBe(1);
    expect(native.takers).toHaveLength(1);
  });

  it('asks for the time of a Retry-After before it is complete', async () => {
    const calls: unknown[] = [];
    const results: DrainResult[] = [
      { remaining: 2, outcome: 'retry', retryAfterSeconds: 7200 },
      { remaining: 2, outcome: 'retry', retryAfterSeconds: NaN },
    ];
    const { native } = setUp(() => Promise.resolve(results.shift()!));
    native.scheduleNext.mockImplementation((seconds) => {
      calls.push(seconds);
      return Promise.resolve(1);
    });
    native.complete = (runId, outcome) => calls.push([runId, outcome]);
    native.hand('a');
    await settled();
    native.hand('b');
    await settled();
    expect(calls).toEqual([7200, ['a', 'retry'], ['b', 'retry']]);
  });

  it('shows the developer alone where a throw came from', async () => {
    const inQueue = (): Promise<DrainResult> => Promise.reject(new TypeError('a@b.c'));
    const { native, warnings } = setUp(inQueue);
    native.hand('a');
    await settled();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^drainQueue threw TypeError: a@b\.c\n +at .*inQueue .*$/);
    expect(warnings[0]).not.toContain('callQueue');
    vi.stubGlobal('__DEV__', false);
    native.hand('b');
    await settled();
    expect(native.completed).toHaveLength(2);
    expect(warnings).toHaveLength(1);
  });

  it.each<[what: string, drain: () => unknown, message: RegExp]>([
    [
      'the text of what was thrown',
      () => Promise.reject(new SyntaxError('a@b.c')),
      /^SyntaxError$/,
    ],
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- apps do it
    ['a text that was thrown', () => Promise.reject('a@b.c'), /^string$/],
    [
      'a name that is a text',
      () => Promise.reject(Object.assign(new Error('a@b.c'), { name: 'of a@b.c' })),
      /^Error$/,
    ],
    ['what is no result', () => ({ mail: 'a@b.c' }), /it returned object$/],
  ])('keeps %s out of the log of a release', async (_what, drain, message) => {
    vi.stubGlobal('__DEV__', false);
    const { native } = setUp(drain as () => Promise<DrainResult>);
    native.hand('a');
    await settled();
    expect(native.completed[0]![3]).toMatch(message);
    expect(JSON.stringify(native.completed)).not.toContain('a@b.c');
  });

  it('survives a native module that throws', async () => {
    const { native, warnings } = setUp(() => Promise.resolve(0));
    native.complete = () => {
      throw new Error('gone');
    };
    native.hand('a');
    await settled();
    expect(warnings).toEqual(['complete failed: Error: gone']);
  });
});

describe('the worker', () => {
  it('listens once, and takes the queue of a newer call', async () => {
    const { native, worker } = setUp(() => Promise.resolve(1));
    worker.start({ drainQueue: () => Promise.resolve(2) });
    expect(native.takers).toHaveLength(1);
    expect(native.registerTask.mock.calls).toEqual([[false, '']]);
    // The start keeps what the app has switched off; this call is the app's own word.
    worker.register();
    expect(native.registerTask.mock.calls).toEqual([
      [false, ''],
      [true, ''],
    ]);
    native.hand('a');
    await settled();
    expect(native.completed).toEqual([['a', 'done', 2, '']]);
  });

  it('ends with its module, and listens again when it is started again', async () => {
    const { native, worker, warnings } = setUp(() => Promise.resolve(0));
    native.takers.shift()!.reject(new Error('reloaded'));
    await settled();
    expect(warnings).toEqual(['Waiting for runs ended: Error: reloaded']);
    worker.start({ drainQueue: () => Promise.resolve(0) });
    expect(native.takers).toHaveLength(1);
  });

  it('warns once where the native module is absent, and never rejects', async () => {
    const warn = vi.fn();
    const worker = new BackgroundSyncWorker(null, warn);
    worker.start({ drainQueue: () => Promise.resolve(0) });
    worker.register();
    worker.cancel();
    worker.scheduleNext(900);
    worker.handleExpiration();
    expect(await worker.execute('x')).toBe(false);
    expect(await worker.drainNow()).toEqual({ outcome: 'skipped', remaining: -1 });
    expect(await worker.configure(null)).toBe(false);
    expect(await worker.getStatus()).toBeNull();
    expect(await worker.getHistory()).toEqual([]);
    expect(warn).toHaveBeenCalledOnce();
  });

  it('refuses what is no queue', () => {
    const native = new FakeNative();
    const warn = vi.fn();
    new BackgroundSyncWorker(native, warn).start({} as never);
    expect(warn).toHaveBeenCalledOnce();
    expect(native.takers).toHaveLength(0);
  });

  it('drains in the foreground through native’s gate', async () => {
    const { native, worker } = setUp((window) =>
      Promise.resolve(window.reason === 'foreground' ? 3 : 9),
    );
    expect(await worker.drainNow()).toEqual({ outcome: 'skipped', remaining: -1 });
    native.foreground = runJson('f', 'foreground');
    expect(await worker.drainNow()).toEqual({ outcome: 'done', remaining: 3 });
    expect(native.completed).toEqual([['f', 'done', 3, '']]);
  });

  it('passes schedule and cancel on, and turns what fails there into a warning', async () => {
    const { native, worker, warnings } = setUp(() => Promise.resolve(0));
    worker.scheduleNext(1200);
    worker.scheduleNext(-1);
    native.cancel.mockRejectedValueOnce(new Error('no'));
    worker.cancel();
    native.registerTask.mockResolvedValueOnce(false);
    worker.register();
    await settled();
    expect(native.scheduleNext.mock.calls).toEqual([[1200, '']]);
    expect(warnings.sort()).toEqual([
      'The platform refused the schedule. `bgsync doctor` says why.',
      'cancel failed: Error: no',
      'scheduleNext needs seconds, got -1.',
    ]);
  });

  describe('with several syncs', () => {
    const named = (runId: string, name: string) =>
      JSON.stringify({
        ...(JSON.parse(runJson(runId, 'os')) as object),
        taskId: `t.${name}`,
        name,
      });

    it('gives each run to the queue of its name, and arms each once', async () => {
      const seen: string[] = [];
      const { native, worker } = setUp((window) => {
        seen.push(`first ${String(window.name)}`);
        return Promise.resolve(0);
      });
      const photos = {
        drainQueue: (window: SyncWindow) => {
          seen.push(`photos ${String(window.name)}`);
          return Promise.resolve({ remaining: 1, retryAfterSeconds: 1800 });
        },
      };
      worker.start(photos, null, 'photos');
      worker.start(photos, null, 'photos');
      await settled();
      expect(native.registerTask.mock.calls).toEqual([
        [false, ''],
        [false, 'photos'],
      ]);
      native.takers.shift()?.resolve(named('p', 'photos'));
      await settled();
      native.hand('a');
      await settled();
      expect(seen).toEqual(['photos photos', 'first undefined']);
      expect(native.scheduleNext.mock.calls).toEqual([[1800, 'photos']]);
      expect(native.completed.map(([run]) => run)).toEqual(['p', 'a']);
    });

    it('says of a run without a queue that nobody registered one, and takes the next', async () => {
      const { native } = setUp(() => Promise.resolve(0));
      await settled();
      native.takers.shift()?.resolve(named('p', 'photos'));
      await settled();
      expect(native.completed).toEqual([['p', 'failed', -1, 'no queue is registered for photos']]);
      native.hand('a');
      await settled();
      expect(native.completed[1]).toEqual(['a', 'done', 0, '']);
    });

    it('passes the name on in each call', async () => {
      const { native, worker } = setUp(() => Promise.resolve(0));
      worker.start({ drainQueue: () => Promise.resolve(0) }, null, 'photos');
      worker.register('photos');
      worker.cancel('photos');
      worker.scheduleNext(900, 'photos');
      await worker.configure(null, 'photos');
      const begun = vi.spyOn(native, 'beginForeground');
      await worker.drainNow({ name: 'photos' });
      await settled();
      expect(native.registerTask).toHaveBeenLastCalledWith(true, 'photos');
      expect(native.cancel).toHaveBeenLastCalledWith('photos');
      expect(native.scheduleNext).toHaveBeenLastCalledWith(900, 'photos');
      expect(native.configure).toHaveBeenLastCalledWith('', 'photos');
      expect(begun.mock.calls).toEqual([['photos']]);
      expect(await worker.drainNow({ name: 'nobody' })).toEqual({
        outcome: 'skipped',
        remaining: -1,
      });
      expect(begun).toHaveBeenCalledTimes(1);
    });

    it.each([
      ['', 'photos'],
      ['photos', ''],
    ])(
      'tells the onRun of %j of the runs of all, also where %j, later, brings none',
      async (one, other) => {
        const runs: RunSummary[] = [];
        const { native, worker } = setUp(() => Promise.resolve(0));
        native.ended = [endedRun(1, 'a'), { ...endedRun(2, 'p'), name: 'photos' } as never];
        const queue = { drainQueue: () => Promise.resolve(0) };
        worker.start(queue, (run) => runs.push(run), one);
        worker.start(queue, null, other);
        await settled();
        expect(runs.map(({ runId, name }) => `${runId} ${String(name)}`)).toEqual([
          'a undefined',
          'p photos',
        ]);
      },
    );

    it('tells nobody where the sync that gave onRun comes again without', async () => {
      const told = vi.fn();
      const { native, worker } = setUp(() => Promise.resolve(0));
      const queue = { drainQueue: () => Promise.resolve(0) };
      worker.start(queue, told, 'photos');
      worker.start(queue, null, 'photos');
      native.ended = [endedRun(1, 'a')];
      native.tell();
      await settled();
      expect(told).not.toHaveBeenCalled();
    });
  });

  it('hands settings to native, and null as none', async () => {
    const { native, worker, warnings } = setUp(() => Promise.resolve(0));
    const settings = { constraints: { network: 'unmetered', charging: true }, intervalMinutes: 30 };
    expect(await worker.configure(settings as never)).toBe(true);
    expect(await worker.configure(null)).toBe(true);
    expect(await worker.configure({})).toBe(true);
    expect(native.configure.mock.calls).toEqual([
      [JSON.stringify(settings), ''],
      ['', ''],
      ['{}', ''],
    ]);
    native.configure.mockResolvedValueOnce(false);
    expect(await worker.configure(null)).toBe(false);
    expect(warnings).toEqual([]);
    native.configure.mockRejectedValueOnce(new Error('no'));
    expect(await worker.configure(null)).toBe(false);
    expect(warnings).toEqual(['configure failed: Error: no']);
  });

  it.each([
    ['wifi', 'it needs { constraints, intervalMinutes }, or null'],
    [undefined, 'it needs { constraints, intervalMinutes }, or null'],
    [{ network: 'unmetered' }, 'there is no network'],
    [{ constraints: null }, 'constraints must be an object'],
    [
      { constraints: { network: 'wifi' } },
      'network must be one of any, unmetered, notRoaming, none, got wifi',
    ],
    [{ constraints: { wifi: true } }, 'there is no constraint wifi'],
    [{ constraints: { charging: 'yes' } }, 'charging must be true or false, got yes'],
    [{ intervalMinutes: 14 }, 'intervalMinutes must be whole, 15 to 10080, got 14'],
    [{ intervalMinutes: 20.5 }, 'intervalMinutes must be whole, 15 to 10080, got 20.5'],
    [{ intervalMinutes: 10_081 }, 'intervalMinutes must be whole, 15 to 10080, got 10081'],
  ])('changes nothing for settings that are a mistake: %j', async (settings, mistake) => {
    const { native, worker, warnings } = setUp(() => Promise.resolve(0));
    expect(await worker.configure(settings as never)).toBe(false);
    expect(warnings).toEqual([`configure changed nothing: ${mistake}.`]);
    expect(native.configure).not.toHaveBeenCalled();
  });

  it('heeds constraints in the foreground only where it is told to', async () => {
    const { native, worker } = setUp(() => Promise.resolve(0));
    native.foreground = runJson('f', 'foreground');
    native.unmet = ['unmetered'];
    expect(await worker.drainNow({ respectConstraints: true })).toEqual({
      outcome: 'skipped',
      remaining: -1,
    });
    expect(native.completed).toEqual([]);
    expect(await worker.drainNow()).toMatchObject({ outcome: 'done' });
    native.unmet = [];
    expect(await worker.drainNow({ respectConstraints: true })).toMatchObject({ outcome: 'done' });
    // A native side that is older than this file.
    native.unmet = undefined;
    expect(await worker.drainNow({ respectConstraints: true })).toMatchObject({ outcome: 'done' });
  });

  it('reads status and history', async () => {
    const { worker } = setUp(() => Promise.resolve(0));
    expect(await worker.getStatus()).toMatchObject({ openRun: null });
    expect(await worker.getHistory(7)).toEqual([{ seq: 7 }]);
  });
});
