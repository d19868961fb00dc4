import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { SyncEvent } from '../../src/events/event.ts';
import type { CliResult } from '../helpers/local-app.ts';
import { createLocalApp, handlerOf, runCli, startCli } from '../helpers/local-app.ts';

const HANDLER = 'src/background-sync.ts';

const appOf = (body: string, top = ''): string =>
  createLocalApp({ [HANDLER]: handlerOf(body, top) });

/** A handler that can do what only Node can, through a stand-in: `node` is the process of the app. */
const appOnNode = (body: string): string =>
  createLocalApp(
    {
      [HANDLER]: handlerOf(body, "import { node } from 'node-side';"),
      'local/node-side.ts': 'export const node = process;',
    },
    { local: { alias: { 'node-side': 'local/node-side.ts' } } },
  );

const trigger = (cwd: string, ...args: string[]): Promise<CliResult> =>
  runCli(['trigger', '--platform', 'local', '--json', ...args], { cwd });

const named = (events: readonly SyncEvent[], ev: string): SyncEvent[] =>
  events.filter((event) => event.ev === ev);

/** Each log that the runner prints must satisfy its own proof. */
async function verify(log: string, cwd: string): Promise<void> {
  const { code, stdout } = await runCli(['logs', '--input', '-', '--verify'], { cwd, input: log });
  expect(stdout).toContain('0 violations');
  expect(code).toBe(0);
}

describe.concurrent('the outcome table', () => {
  const budget = 2000;
  it.for<[name: string, body: string, outcome: string, code: number]>([
    ['a number', 'return 0;', 'done', 0],
    ['items that remain', 'return { remaining: 7 };', 'done', 0],
    ['retry', "return { remaining: 3, outcome: 'retry' };", 'retry', 3],
    ['failed', "return { remaining: 3, outcome: 'failed' };", 'failed', 1],
    ['a throw', "throw new Error('no server');", 'retry', 3],
    ['a rejection', "return Promise.reject(new Error('no server'));", 'retry', 3],
    ['nonsense', "return 'all done';", 'failed', 1],
    ['nothing', 'return;', 'failed', 1],
    [
      'the signal honoured late',
      "await new Promise((resolve) => (window.signal as any).addEventListener('abort', resolve)); await sleep(400); return 2;",
      'expired',
      4,
    ],
    ['the signal ignored', 'await sleep(2500); return 0;', 'expired', 4],
    ['never settled', 'return new Promise(() => {});', 'expired', 4],
    ['while (true)', 'while (true);', 'expired', 4],
    ['while (true) that prints', "while (true) console.log('x'.repeat(1000));", 'expired', 4],
  ])('%s', async ([, body, outcome, code], { expect }) => {
    const cwd = appOf(body);
    const result = await trigger(cwd, '--budget', `${budget}ms`);
    const { events } = result;
    expect(named(events, 'run.start')).toHaveLength(1);
    expect(named(events, 'run.end')).toMatchObject([{ out: outcome }]);
    expect(result.code).toBe(code);
    expect(named(events, 'expire')).toHaveLength(outcome === 'expired' ? 1 : 0);
    await verify(result.stdout, cwd);
  });

  it('an answer within the grace says what remains, and the outcome stays expired', async ({
    expect,
  }) => {
    const cwd = appOf('while (!window.signal.aborted) await sleep(5); return 9;');
    const { code, events } = await trigger(cwd, '--budget', '10s');
    expect(named(events, 'run.end')).toMatchObject([{ out: 'expired', rem: 9, why: 'budget' }]);
    expect(named(events, 'late')).toHaveLength(0);
    expect(code).toBe(4);
  });

  it.for<[name: string, body: string, next: string]>([
    [
      'that said what remains is not told to stop',
      'while (!window.signal.aborted) await sleep(5); return 9;',
      'Next: run it again, as the next window: what remains is sent, and nothing twice.',
    ],
    [
      'that did not stop is told how',
      'await sleep(2000); return 9;',
      'Next: let src/background-sync.ts stop when window.signal is aborted',
    ],
  ])('a handler %s', async ([, body, next], { expect }) => {
    const { stdout } = await runCli(['trigger', '--platform', 'local', '--expire-after', '300ms'], {
      cwd: appOf(body),
    });
    expect(stdout).toContain(next);
  });

  it('an answer after the end is late, and changes nothing', async ({ expect }) => {
    const cwd = appOf('await sleep(1400); return 0;');
    const { code, events, stdout } = await trigger(cwd, '--budget', '1s');
    expect(named(events, 'late')).toMatchObject([{ out: 'done', rem: 0 }]);
    expect(events.at(-1)!.ev).toBe('late');
    expect(code).toBe(4);
    await verify(stdout, cwd);
  });
});

describe.concurrent('a handler that does not come up', () => {
  it.for<[name: string, text: string, says: string]>([
    ['a syntax error', 'export const = 1;', 'cannot be loaded'],
    ['a throw at the top level', "throw new Error('no keys');", 'no keys'],
    ['a module that is not there', "import 'left-pad-x';", 'left-pad-x'],
    ['a path that is not there', "import './nowhere';", 'cannot find ./nowhere'],
    ['no registration', 'export {};', 'never called registerBackgroundSync'],
    ['a part of react-native', "import { Alert } from 'react-native'; Alert.alert('x');", 'Alert'],
    [
      'a deep import of react-native',
      "import 'react-native/Libraries/X';",
      'react-native/Libraries/X',
    ],
  ])('%s', async ([, text, says], { expect }) => {
    const cwd = createLocalApp({ [HANDLER]: text });
    const result = await trigger(cwd);
    expect(result.stderr).toContain(says);
    expect(result.code).toBe(2);
    expect(named(result.events, 'run.start')).toHaveLength(1);
    expect(named(result.events, 'run.end')).toMatchObject([{ out: 'skipped' }]);
    await verify(result.stdout, cwd);
  });

  it('names the key with which a package that Node cannot load is replaced', async ({ expect }) => {
    const cwd = createLocalApp({
      [HANDLER]: handlerOf('return 0;', "import { MMKV } from 'react-native-mmkv'; new MMKV();"),
      'node_modules/react-native-mmkv/package.json': '{ "main": "index.js" }',
      'node_modules/react-native-mmkv/index.js': "require('./native');",
      'node_modules/react-native-mmkv/native.js': 'throw new Error("no JSI here");',
    });
    const { code, stderr } = await trigger(cwd);
    expect(code).toBe(2);
    expect(stderr).toContain('react-native-mmkv');
    expect(stderr).toContain('no JSI here');
    expect(stderr).toContain('"alias":{"react-native-mmkv":"');
  });

  it('names the process that ended while it loaded', async ({ expect }) => {
    const cwd = createLocalApp(
      { [HANDLER]: "import 'node-side';", 'local/node-side.ts': 'process.exit(0);' },
      { local: { alias: { 'node-side': 'local/node-side.ts' } } },
    );
    const { code, stderr } = await trigger(cwd);
    expect(stderr).toContain('the process ended (exit code 0)');
    expect(code).toBe(2);
  });

  it('loads what local.alias names instead, for the package and its parts', async ({ expect }) => {
    const cwd = createLocalApp(
      {
        [HANDLER]: handlerOf(
          'return count() + (await import("storage")).count();',
          "import { count } from 'storage/fast';",
        ),
        'local/storage.ts': 'export const count = (): number => 4;',
      },
      { local: { alias: { storage: 'local/storage.ts' } } },
    );
    const { code, events } = await trigger(cwd);
    expect(named(events, 'run.end')).toMatchObject([{ out: 'done', rem: 8 }]);
    expect(code).toBe(0);
  });
});

describe.concurrent('conditions', () => {
  it('offline: the network is gone, and fetch rejects as in React Native', async ({ expect }) => {
    const cwd = appOf(
      "try { await fetch('http://127.0.0.1:1'); } catch (error) { throw new Error(`${window.network.connected} ${error}`); } return 0;",
    );
    const { events } = await trigger(cwd, '--offline');
    expect(named(events, 'run.end')).toMatchObject([
      { out: 'retry', msg: 'Error: false TypeError: Network request failed' },
    ]);
    expect(named(events, 'run.start')).toMatchObject([{ env: { net: 'none' } }]);
  });

  it('a low battery is seen by the handler and doubles the wait', async ({ expect }) => {
    const cwd = appOf('return window.battery.percent;');
    const { events } = await trigger(cwd, '--battery', '12');
    const [end] = named(events, 'run.end');
    expect(end).toMatchObject({ rem: 12 });
    expect(end!.next! - end!.ts).toBeGreaterThan(1795_000);
    const charged = await trigger(cwd, '--battery', '12,charging');
    const [endCharging] = named(charged.events, 'run.end');
    expect(endCharging!.next! - endCharging!.ts).toBeLessThanOrEqual(900_000);
  });

  it('--expire-after: the OS ends the window', async ({ expect }) => {
    const cwd = appOf('while (!window.signal.aborted) await sleep(5); return 1;');
    const { code, events } = await trigger(cwd, '--expire-after', '300ms');
    expect(named(events, 'expire')).toMatchObject([{ why: 'os' }]);
    expect(named(events, 'run.end')).toMatchObject([{ out: 'expired', why: 'os', rem: 1 }]);
    expect(code).toBe(4);
  });

  it('--runs: one process, the waits skipped, failures counted', async ({ expect }) => {
    const cwd = appOf(
      "runs += 1; if (runs < 3) throw new Error('not yet'); return 0;",
      'let runs = 0;',
    );
    const { code, events, stdout } = await trigger(cwd, '--runs', '3');
    const starts = named(events, 'run.start');
    const ends = named(events, 'run.end');
    expect(starts.map(({ att }) => att)).toEqual([1, 2, 3]);
    expect(ends.map(({ out }) => out)).toEqual(['retry', 'retry', 'done']);
    expect(new Set(events.map(({ pid }) => pid)).size).toBe(1);
    expect(starts[1]!.ts).toBeGreaterThanOrEqual(ends[0]!.next!);
    expect(ends[1]!.next! - ends[1]!.ts).toBeGreaterThan(1_790_000);
    expect(code).toBe(0);
    await verify(stdout, cwd);
  });

  it('a schedule that the handler withdraws ends the session', async ({ expect }) => {
    const cwd = appOf(
      "BackgroundSync.cancel(); await new Promise((resolve) => (window.signal as any).addEventListener('abort', resolve)); return 0;",
      "import { BackgroundSync } from '../modules/background-sync/src';",
    );
    const { code, events, stderr } = await trigger(cwd, '--runs', '3');
    // Its window was closed, and it said that nothing remains.
    expect(named(events, 'run.end')).toMatchObject([{ out: 'done', why: 'cancelled' }]);
    expect(stderr).toContain('withdrawn');
    expect(code).toBe(0);
  });

  it('status, history, the foreground and the next window are answered as by native', async ({
    expect,
  }) => {
    const cwd = appOf(
      [
        'const status = await BackgroundSync.getStatus();',
        'const history = await BackgroundSync.getHistory(3);',
        'const { outcome } = await BackgroundSync.drainNow();',
        'BackgroundSync.scheduleNext(1000);',
        'return { remaining: 0, message: JSON.stringify([status.state, status.openRun === window.runId, status.consecutiveFailures, history.length, outcome]) };',
      ].join(' '),
      "import { BackgroundSync } from '../modules/background-sync/src';",
    );
    const { code, events, stdout } = await trigger(cwd);
    expect(named(events, 'run.end')).toMatchObject([{ msg: '["running",true,0,3,"skipped"]' }]);
    expect(named(events, 'run.skip')).toMatchObject([{ why: 'busy' }]);
    expect(named(events, 'schedule').map(({ why }) => why)).toContain('request');
    expect(code).toBe(0);
    await verify(stdout, cwd);
  });

  it('scheduleNext asks for a week at most, as on devices', async ({ expect }) => {
    const cwd = appOf(
      'BackgroundSync.scheduleNext(1e9); return 0;',
      "import { BackgroundSync } from '../modules/background-sync/src';",
    );
    const { events } = await trigger(cwd);
    const [asked] = named(events, 'schedule').filter(({ why }) => why === 'request');
    const week = 604_800_000;
    expect(asked?.next).toBeLessThanOrEqual(Number(asked?.ts) + week);
    expect(asked?.next).toBeGreaterThanOrEqual(Number(named(events, 'run.start')[0]?.ts) + week);
  });
});

describe.concurrent('the process dies', () => {
  it('--kill-after: the next start closes the killed run, and the next run proceeds', async ({
    expect,
  }) => {
    const cwd = appOf('if (window.attempt === 1) while (true); return 0;');
    const { code, events, stdout } = await trigger(cwd, '--kill-after', '300ms');
    const [killed, next] = named(events, 'run.start');
    const ends = named(events, 'run.end');
    expect(ends).toMatchObject([
      { out: 'killed', run: killed!.run },
      { out: 'done', run: next!.run },
    ]);
    expect(next!.att).toBe(2);
    expect(ends[0]!.pid).not.toBe(killed!.pid);
    expect(ends[0]!.pid).toBe(next!.pid);
    expect(code).toBe(0);
    await verify(stdout, cwd);
  });

  it('a process that ends by itself is a failed job, named and closed', async ({ expect }) => {
    const cwd = appOnNode('node.exit(7);');
    const { code, events, stdout } = await trigger(cwd);
    const [end] = named(events, 'run.end');
    expect(end).toMatchObject({ out: 'killed', run: named(events, 'run.start')[0]!.run });
    expect(end!.msg).toContain('exit code 7');
    expect(named(events, 'run.start')).toHaveLength(1);
    expect(code).toBe(1);
    await verify(stdout, cwd);
  });

  it('a crash outside of drainQueue is seen', async ({ expect }) => {
    const cwd = appOf("setTimeout(() => { throw new Error('deep'); }, 50); await sleep(5000);");
    const { code, stderr } = await trigger(cwd);
    expect(stderr).toContain('deep');
    expect(code).toBe(1);
  });

  it('a rejection that nobody handles does not end it, as in React Native', async ({ expect }) => {
    const cwd = appOf("void Promise.reject(new Error('stray')); await sleep(100); return 0;");
    const { code, stderr } = await trigger(cwd);
    expect(stderr).toContain('stray');
    expect(code).toBe(0);
  });
});

describe.concurrent('output', () => {
  it('human: the run, then what came of it and when the next one comes', async ({ expect }) => {
    const cwd = appOf("console.log('\\u001b[31mhowdy\\u0007'); window.progress(3, 4); return 1;");
    const { code, stdout, stderr } = await runCli(['trigger', '--platform', 'local'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /outcome +done\nprocessed +3 of 4\nremaining +1\nnext +in 15 min: items remain/,
    );
    expect(stdout).not.toContain('howdy');
    expect(stderr).toContain('\\u001b[31mhowdy\\u0007');
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
  });

  it('--json: standard output holds events and nothing else', async ({ expect }) => {
    const cwd = appOnNode("console.log('{\"v\":1}'); node.stdout.write('no newline'); return 0;");
    const { stdout, stderr } = await trigger(cwd);
    for (const line of stdout.trimEnd().split('\n')) {
      expect(JSON.parse(line)).toMatchObject({ v: 1, plat: 'local' });
    }
    expect(stderr).toContain('no newline');
  });

  it('a long message is cut at a character, and the line says so', async ({ expect }) => {
    const cwd = appOf("throw new Error('🙂\\n'.repeat(3000));");
    const { stdout, events } = await trigger(cwd);
    const [end] = named(events, 'run.end');
    expect(end).toMatchObject({ out: 'retry', cut: 1 });
    expect(
      Math.max(...stdout.split('\n').map((line) => Buffer.byteLength(line))),
    ).toBeLessThanOrEqual(892);
    expect(end!.msg).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
  });
});

/** Sends SIGINT to the CLI once the handler runs. */
function interrupt(cwd: string): Promise<{ code: number | null; pid: number }> {
  return new Promise((resolve) => {
    const child = startCli(['trigger', '--platform', 'local', '--json'], cwd);
    let pid = 0;
    child.stderr?.on('data', (text: Buffer) => {
      const [, digits] = /pid (\d+)/.exec(text.toString()) ?? [];
      if (digits !== undefined) {
        pid = Number(digits);
        child.kill('SIGINT');
      }
    });
    child.once('exit', (code) => resolve({ code, pid }));
  });
}

describe.concurrent('where it runs', () => {
  it('finds the app from a folder inside it', async ({ expect }) => {
    const cwd = appOf('return 0;');
    const { code } = await runCli(['trigger', '--platform', 'local', '--cwd', 'src'], { cwd });
    expect(code).toBe(0);
  });

  it('says what to do where there is no app', async ({ expect }) => {
    const { code, stderr } = await runCli(['trigger', '--platform', 'local'], { cwd: '/' });
    expect(code).toBe(2);
    expect(stderr).toContain('Run bgsync in the folder of a React Native, Expo or Flutter app');
  });

  it.for([
    ['local', '--via', 'hook'],
    ['local', '--timeout', '5m'],
    ['local', '--no-wait'],
    ['local', '--device', 'x'],
    ['android', '--runs', '3'],
    ['android', '--budget', '10s'],
    ['ios', '--fresh'],
  ])(
    'on %s %s is refused, and not done otherwise than asked',
    async ([platform = '', ...args], { expect }) => {
      const cwd = createLocalApp({});
      const { code, stderr } = await runCli(['trigger', '--platform', platform, ...args], { cwd });
      expect(stderr).toContain(`${args[0]} is not for --platform ${platform}.`);
      expect(code).toBe(2);
    },
  );

  it('says what to do where the handler is gone', async ({ expect }) => {
    const { code, stderr } = await trigger(createLocalApp({}));
    expect(code).toBe(2);
    expect(stderr).toContain('There is no src/background-sync.ts');
  });

  it.for([
    ['an ES module package', { 'package.json': '{ "type": "module" }' }],
    ['no tsconfig that can be read', { 'tsconfig.json': '{ "extends": [' }],
    [
      'paths of a tsconfig, and JSX beside the handler',
      {
        'tsconfig.json':
          '{ "extends": "nowhere/at-all", "compilerOptions": { "jsx": "react-native", "paths": { "@app/*": ["./src/*"] } } }',
        'src/extra.ts': "import '@app/view'; export const extra = 0;",
        'src/view.tsx': "import React from './react'; export const view = () => <p>{React}</p>;",
        'src/react.ts': 'export default 0;',
      },
    ],
  ] as [string, Record<string, string>][])('%s', async ([, files], { expect }) => {
    const cwd = createLocalApp({
      [HANDLER]: handlerOf('return 0;', 'src/extra.ts' in files ? "import '@app/extra';" : ''),
      ...files,
    });
    const { code, stderr } = await trigger(cwd);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('leaves no process and no file behind when it is interrupted', async ({ expect }) => {
    const cwd = appOnNode('console.log(`pid ${node.pid}`); while (true);');
    const { code, pid } = await interrupt(cwd);
    expect(code).toBe(130);
    expect(() => process.kill(pid, 0)).toThrow();
  });
});

describe('requests that are open when a run ends', () => {
  it('are told: a phone freezes them', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/`;
    try {
      const open = await trigger(appOf(`void fetch('${url}').catch(() => 0); return 0;`));
      expect(open.stderr).toContain(
        `A request of this run had no answer yet when it ended (${url})`,
      );
      const none = await trigger(appOf('return 0;'));
      expect(none.stderr).not.toContain('had no answer yet');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
