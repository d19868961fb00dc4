import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, it } from 'vitest';
import { defaultConfig } from '../../../src/config.ts';
import type { SessionOptions, SessionResult } from '../../../src/devices/local/session.ts';
import { runSession } from '../../../src/devices/local/session.ts';
import type { SyncEvent } from '../../../src/events/event.ts';
import { fileSystem } from '../../../src/file-system.ts';
import { Verifier } from '../../../src/events/verify.ts';
import { createLocalApp, handlerOf } from '../../helpers/local-app.ts';

/** From source; the child is the built one. */
async function run(
  handler: string,
  { files = {}, ...overrides }: Partial<SessionOptions> & { files?: Record<string, string> },
): Promise<{ result: SessionResult; events: SyncEvent[]; notes: string[]; loaded: string[] }> {
  const root = createLocalApp({ 'src/background-sync.ts': handler, ...files });
  const loaded: string[] = [];
  const events: SyncEvent[] = [];
  const notes: string[] = [];
  const result = await runSession(
    {
      fs: fileSystem,
      root,
      env: process.env,
      config: defaultConfig(),
      language: 'javascript',
      window: { budgetMs: 1000, expireAfterMs: undefined },
      battery: { percent: 80, charging: false, saver: false },
      network: 'wifi',
      respectsConstraints: false,
      runs: 1,
      killAfterMs: undefined,
      bootMs: 20_000,
      lingerMs: 100,
      signal: new AbortController().signal,
      dataFolder: join(tmpdir(), `bgsync-data-${process.pid}`),
      ...overrides,
    },
    {
      event: (event) => events.push(event),
      output: () => undefined,
      note: (text) => notes.push(text),
      loaded: (paths) =>
        loaded.push(...paths.map((path) => relative(root, path).replaceAll('\\', '/'))),
    },
  );
  return { result, events, notes, loaded };
}

const ends = (events: readonly SyncEvent[]): SyncEvent[] =>
  events.filter(({ ev }) => ev === 'run.end');

describe.concurrent('runSession', () => {
  it('runs from source', async ({ expect }) => {
    const { result } = await run(handlerOf('return 0;'), {});
    expect(result).toMatchObject({ kind: 'ended', last: { outcome: 'done', remaining: 0 } });
  });

  it('ends a handler that never finishes loading', async ({ expect }) => {
    const { result, events } = await run('while (true);', { bootMs: 1500 });
    expect(result).toMatchObject({ kind: 'not-loaded', why: 'load-failed' });
    expect(ends(events)).toMatchObject([{ out: 'skipped', why: 'load-failed' }]);
  });

  it('ends one that stays alive without registering', async ({ expect }) => {
    const { result, events } = await run('setInterval(() => {}, 100);', { bootMs: 12_000 });
    expect(result).toMatchObject({ kind: 'not-loaded', why: 'not-registered' });
    expect(ends(events)).toMatchObject([{ out: 'skipped', why: 'not-registered' }]);
  });

  it('waits for one that registers later, while something may still do so', async ({ expect }) => {
    const handler = `import('../modules/background-sync/src').then(({ registerBackgroundSync }) =>
      setTimeout(() => registerBackgroundSync({ queue: { drainQueue: async () => 0 } }), 200));`;
    const { result } = await run(handler, {});
    expect(result).toMatchObject({ kind: 'ended', last: { outcome: 'done' } });
  });

  it('starts the next run in a new process after one that ignored its signal', async ({
    expect,
  }) => {
    const { result, events } = await run(
      handlerOf('if (window.attempt === 1) while (true); return 0;'),
      { runs: 2 },
    );
    expect(result).toMatchObject({ kind: 'ended', last: { outcome: 'done' } });
    expect(ends(events).map(({ out }) => out)).toEqual(['expired', 'done']);
    expect(new Set(events.map(({ pid }) => pid)).size).toBe(2);
  });

  it('tells the files that are loaded in a run, too, before they are read', async ({ expect }) => {
    const { result, loaded } = await run(
      handlerOf(
        "require('./lazy'); await import('./imported').catch(() => {}); require('./hangs'); return 0;",
      ),
      {
        files: {
          'src/lazy.ts': "require('./settings.json'); require('stood-in');",
          'src/settings.json': '{}',
          'src/imported.ts': 'export const = 1;',
          'src/hangs.ts': 'while (true);',
          'local/stood-in.ts': '',
        },
        config: { ...defaultConfig(), local: { alias: { 'stood-in': 'local/stood-in.ts' } } },
      },
    );
    expect(result).toMatchObject({ kind: 'ended', last: { outcome: 'expired' } });
    expect(loaded.filter((path) => !path.startsWith('modules/'))).toEqual([
      'src/background-sync.ts',
      'src/lazy.ts',
      'src/settings.json',
      'local/stood-in.ts',
      'src/imported.ts',
      'src/hangs.ts',
    ]);
  });

  it('says that a run which ended first was not killed', async ({ expect }) => {
    const { notes } = await run(handlerOf('return 0;'), { killAfterMs: 60_000, runs: 1 });
    expect(notes).toEqual(['The handler was done sooner than --kill-after: nothing was killed.']);
  });

  it('never opens two runs, when the app drains by itself between two windows', async ({
    expect,
  }) => {
    const handler = handlerOf(
      "if (window.reason === 'local') setTimeout(() => BackgroundSync.drainNow(), 0); else await sleep(200); return 0;",
      "import { BackgroundSync } from '../modules/background-sync/src';",
    );
    const { events } = await run(handler, { runs: 3 });
    const verifier = new Verifier();
    events.forEach((event, i) => verifier.add(event, i + 1));
    const { runs, violations } = verifier.finish();
    expect(violations).toEqual([]);
    expect(runs.filter(({ trig }) => trig === 'local')).toHaveLength(3);
    // The one of the app's own came between two of them, or was refused.
    const isForeground = ({ ev, trig }: SyncEvent): boolean =>
      trig === 'foreground' && (ev === 'run.start' || ev === 'run.skip');
    expect(events.some(isForeground)).toBe(true);
  });

  it('stops when it is told to', async ({ expect }) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 1500);
    const { result } = await run(handlerOf('while (true);'), {
      window: { budgetMs: 60_000, expireAfterMs: undefined },
      signal: controller.signal,
    });
    expect(result).toEqual({ kind: 'interrupted' });
  });
});
