import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCli } from '../helpers/device-cli.ts';
import type { CliResult } from '../helpers/device-cli.ts';

/** Against a scripted xcrun: unverified on a Mac. */
const XCRUN = fileURLToPath(new URL('../helpers/fake-xcrun.mjs', import.meta.url));
const APP = 'com.example.app';
const UDID = 'D9C0A1B2-0000-4000-8000-000000000001';
const PHONE = '00008120-0014485601E3C01E';

const simctl = (...states: string[]): object => ({
  devices: {
    'com.apple.CoreSimulator.SimRuntime.tvOS-26-1': [
      { udid: 'TV', name: 'Apple TV', state: 'Booted', isAvailable: true },
    ],
    'com.apple.CoreSimulator.SimRuntime.iOS-26-10': states.map((state, index) => ({
      udid: UDID.slice(0, -1) + String(index + 1),
      name: `iPhone ${17 + index}`,
      state,
      isAvailable: true,
    })),
  },
});
const devicectl = {
  result: {
    devices: [
      {
        identifier: '6986451F-A2FF-48DE-A70E-45E06E1F1446',
        connectionProperties: { pairingState: 'paired', tunnelState: 'connected' },
        deviceProperties: {
          name: 'iPhone',
          osVersionNumber: '18.4.1',
          developerModeStatus: 'enabled',
        },
        hardwareProperties: { platform: 'iOS', reality: 'physical', udid: PHONE },
      },
    ],
  },
};

interface Bench {
  readonly folder: string;
  readonly cli: (command: string, ...args: string[]) => Promise<CliResult>;
  readonly calls: () => string[][];
}

/** @param whenOver of the test, where it is one of several at a time */
function bench(scenario: Readonly<Record<string, unknown>>, whenOver = onTestFinished): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'bgsync-xcrun-'));
  whenOver(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'scenario.json'), JSON.stringify(scenario));
  const env = { PATH: process.env.PATH ?? '', BGSYNC_XCRUN: XCRUN, FAKE_XCRUN: folder };
  return {
    folder,
    cli: (command, ...args) =>
      runCli([command, '--platform', 'ios', '--app', APP, ...args], { ...env, NO_COLOR: '1' }),
    calls: () =>
      readFileSync(join(folder, 'calls'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as string[]),
  };
}

const booted = { simctl: simctl('Booted', 'Shutdown'), answersNotification: true };

describe('trigger --platform ios, on a simulator', () => {
  it.each([
    ['done', 0, ''],
    ['failed', 1, 'bgsync logs --platform ios'],
    ['retry', 3, 'bgsync status --platform ios'],
    ['expired', 4, 'the next one goes on'],
  ])('%s', async (out, code, next) => {
    const { cli, calls } = bench({ ...booted, end: { out, rem: 0, ms: 5 } });
    const result = await cli('trigger', '--json');
    expect(result.stderr).toContain(next);
    if (next === '') expect(result.stderr).toBe('');
    expect(result.code).toBe(code);
    expect(result.events.map(({ ev }) => ev)).toEqual(['ack', 'run.start', 'run.end']);
    const run = result.events[0]!.run!;
    const name = `${APP}.bgsync.trigger`;
    expect(calls()).toContainEqual([
      ...['simctl', 'spawn', UDID, 'notifyutil'],
      ...['-s', name, String(Number.parseInt(run, 36)), '-p', name],
    ]);
  });

  it('relaunches the app where the notification gets no answer', async () => {
    const { cli } = bench({
      simctl: simctl('Booted'),
      answersRelaunch: true,
      end: { out: 'done' },
    });
    const { code, stderr } = await cli('trigger', '--json');
    expect(stderr).toContain('launched again');
    expect(code).toBe(0);
  });

  // What the Swift writes, `refuse` and `end` of RunLedger: each reason has its own way out.
  it.each<[why: string, fields: object, code: number, says: string]>([
    ['busy', {}, 2, 'Another run is open'],
    ['locked', {}, 2, '`npx bgsync update` ends that'],
    ['before-first-unlock', {}, 2, 'unlock it once'],
    ['cancelled', {}, 2, 'BackgroundSync.register() switches the sync on again'],
    ['no-host', {}, 2, 'see `npx bgsync doctor`'],
    ['constraint', { msg: 'network,charging' }, 9, '--respect-constraints'],
  ])('a run that is turned away: %s', async (why, fields, code, says) => {
    const { cli } = bench({ ...booted, skip: { why, ...fields } });
    const result = await cli('trigger');
    expect(result.stderr).toContain(says);
    expect(result.code).toBe(code);
  });

  it.each<[why: string, out: string, code: number, says: string]>([
    ['host-timeout', 'skipped', 2, 'is Metro running'],
    ['js-timeout', 'skipped', 2, 'does the entry file import the handler'],
    ['js-gone', 'retry', 3, 'JavaScript was reloaded in mid-run'],
    ['budget', 'expired', 4, 'the next one goes on'],
    ['toString', 'expired', 4, 'the next one goes on'],
  ])('a run that ends by itself: %s', async (why, out, code, says) => {
    const { cli } = bench({ ...booted, end: { out, why } });
    const result = await cli('trigger');
    expect(result.stderr).toContain(says);
    expect(result.code).toBe(code);
  });

  it.each<[name: string, scenario: object, args: string[], code: number, says: string]>([
    ['no hook', { simctl: simctl('Booted') }, ['--timeout', '500ms'], 8, 'did not answer'],
    ['not installed', { ...booted, isInstalled: false }, [], 8, 'not installed'],
    ['none booted', { simctl: simctl('Shutdown') }, [], 6, 'Boot it'],
    ['two booted', { simctl: simctl('Booted', 'Booted') }, [], 6, '--device'],
    [
      'Command Line Tools only',
      {
        fail: {
          code: 72,
          stderr:
            'xcrun: error: unable to find utility "simctl", not a developer tool or in PATH\n',
        },
      },
      [],
      7,
      'xcode-select -s',
    ],
    ['an option of Android’s', booted, ['--stop-after', '1s'], 2, 'Android'],
  ])('%s', async (_name, scenario, args, code, says) => {
    const { cli } = bench({ ...scenario });
    const result = await cli('trigger', ...args);
    expect(result.stderr).toContain(says);
    expect(result.code).toBe(code);
  });

  // What is there is there before the limit begins to run: the log is followed by then, and read within moments.
  it.concurrent.for<[name: string, scenario: object, code: number, says: string]>([
    ['no start', { ...booted, starts: false }, 5, 'no run started'],
    ['redacted', { ...booted, isRedacted: true }, 8, '<private>'],
    ['no end', booted, 5, 'has not ended'],
  ])('%s', async ([, scenario, code, says], { onTestFinished: whenOver }) => {
    const { cli } = bench({ ...scenario }, whenOver);
    const result = await cli('trigger', '--timeout', '10s');
    expect(result.stderr).toContain(says);
    expect(result.code).toBe(code);
  });

  it.skipIf(process.platform === 'darwin')(
    'on another system: a clear answer at once',
    async () => {
      const result = await runCli(['trigger', '--platform', 'ios', '--app', APP], {
        PATH: process.env.PATH ?? '',
      });
      expect(result.code).toBe(7);
      expect(result.stderr).toContain('macOS');
    },
  );
});

describe('an iPhone', () => {
  const scenario = { simctl: simctl('Shutdown'), devicectl, end: { out: 'done', rem: 0 } };

  it('trigger: launched with its console, which brings the events', async () => {
    const { cli } = bench(scenario);
    const { code, events, stderr } = await cli('trigger', '--json', '--device', PHONE);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(events.map(({ ev }) => ev)).toEqual(['ack', 'run.start', 'run.end']);
  });

  it('trigger --no-wait, and status: a notification, answered in the ring file', async () => {
    const status = {
      ...{ v: 1, platform: 'ios', scheduled: true, state: 'pending', next: 1, lastRun: null },
      ...{ consecutiveFailures: 0, openRun: null },
    };
    const { cli, calls, folder } = bench({ ...scenario, answersNotification: true, status });
    writeFileSync(join(folder, 'ring.log'), '');
    const { code, events, stderr } = await cli('trigger', '--no-wait', '--json');
    expect(code).toBe(0);
    expect(events).toMatchObject([{ ev: 'ack', run: 'ownrun01' }]);
    expect(stderr).toContain('--history');
    const name = `${APP}.bgsync.trigger`;
    expect(calls()).toContainEqual([
      ...['devicectl', 'device', 'notification', 'post', '--device', PHONE, '--name', name],
    ]);
    expect(calls().flat()).not.toContain('--terminate-existing');
    expect(JSON.parse((await cli('status', '--json')).stdout)).toMatchObject({ status });
  });

  it('trigger --no-wait --respect-constraints: refused before anything is posted, with the way that there is', async () => {
    const { cli, calls } = bench({ ...scenario, answersNotification: true });
    const { code, stderr, stdout } = await cli('trigger', '--no-wait', '--respect-constraints');
    expect(code).toBe(2);
    expect(stderr).toContain('--respect-constraints does not go with --no-wait on an iPhone');
    expect(stderr).toContain('carries nothing along');
    expect(stdout).toBe('');
    expect(calls().flat()).not.toContain('notification');
    expect(calls().flat()).not.toContain('launch');
  });

  it.each([
    [[], undefined],
    [['--respect-constraints'], '1'],
  ])('trigger %j: the launched app is told whether constraints count', async (args, told) => {
    const { cli, calls } = bench(scenario);
    expect((await cli('trigger', '--device', PHONE, ...args)).code).toBe(0);
    const launch = calls().find((call) => call.includes('--environment-variables'));
    const environment = JSON.parse(
      launch?.[launch.indexOf('--environment-variables') + 1] ?? '{}',
    ) as Record<string, string>;
    expect(environment.BGSYNC_RESPECT).toBe(told);
  });

  it('logs: the history is read, the live log refused with the reason', async () => {
    const { cli, folder } = bench(scenario);
    const event = { v: 1, seq: 1, ts: 1, plat: 'ios', pid: 1, ev: 'register' };
    writeFileSync(join(folder, 'ring.log'), `BGSYNC1 ${JSON.stringify(event)}\n`);
    expect((await cli('logs', '--history', '--json')).events).toEqual([event]);
    const live = await cli('logs');
    expect(live.code).toBe(2);
    expect(live.stderr).toContain('--history');
  });
});

describe('logs and status, on a simulator', () => {
  it('reads the ring file from the container, and the log', async () => {
    const { cli, folder } = bench({ ...booted, end: { out: 'done' } });
    const ring = join(folder, 'Library/Application Support/dev.bgsync');
    mkdirSync(ring, { recursive: true });
    const event = { v: 1, seq: 1, ts: 1, plat: 'ios', pid: 1, ev: 'register' };
    writeFileSync(join(ring, 'events.log'), `BGSYNC1 ${JSON.stringify(event)}\n`);
    expect((await cli('logs', '--history', '--json')).events).toEqual([event]);
    await cli('trigger');
    expect((await cli('logs', '--no-follow', '--json')).events).toHaveLength(3);
  });

  it('asks the debug hook for the status', async () => {
    const status = {
      v: 1,
      platform: 'ios',
      scheduled: false,
      state: 'none',
      next: 0,
      lastRun: null,
      consecutiveFailures: 0,
      openRun: null,
      env: {},
    };
    const { cli } = bench({ ...booted, status });
    const { code, stdout } = await cli('status', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ v: 1, device: UDID, status });
  });
});
