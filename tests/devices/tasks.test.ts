import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ADB_IS_THERE } from '../helpers/adb-server.ts';
import { testApp } from '../helpers/app.ts';
import { runCli, withPhone } from '../helpers/device-cli.ts';
import type { CliResult } from '../helpers/device-cli.ts';
import type { PhoneOptions } from '../helpers/fake-phone.ts';
import { APP } from '../helpers/fake-phone.ts';

const FIRST = 'dev.bgsync.sync.v1';
const PHOTOS = `${FIRST}.photos`;

const statusOf = (platform: string, minutes: number): object => ({
  ...{ v: 1, platform, scheduled: true, state: 'enqueued', next: 1, lastRun: null },
  ...{ consecutiveFailures: 0, openRun: null, intervalMinutes: minutes },
});

/** A build with two syncs; each run is of the one that the hook was asked for. */
const TWO: PhoneOptions = {
  status: JSON.stringify(statusOf('android', 60)),
  tasks: { photos: JSON.stringify(statusOf('android', 120)) },
  onRun: (phone, run, argv) =>
    phone.emitRun(
      run,
      { out: 'done', rem: 0 },
      'trigger',
      argv.includes('job') ? argv[argv.indexOf('job') + 1] : FIRST,
    ),
};

describe.skipIf(!ADB_IS_THERE).concurrent('two syncs on an Android phone', () => {
  const android = (env: Readonly<Record<string, string>>, command: string, ...args: string[]) =>
    runCli([command, '--platform', 'android', '--app', APP, ...args], env);

  it.for<[args: string[], task: string]>([
    [[], FIRST],
    [['--task', 'photos'], PHOTOS],
    [['--task', 'photos', '--respect-constraints'], PHOTOS],
  ])('trigger %j runs that one', async ([args, task], context) => {
    await withPhone(TWO, async ({ server, phone }) => {
      const result = await android(server.env, 'trigger', '--json', ...args);
      context.expect(result.stderr).toBe('');
      context.expect(result.code).toBe(0);
      const start = result.events.find(({ ev }) => ev === 'run.start');
      context.expect(start?.task).toBe(task);
      const call = phone.lines.find((line) => line.startsWith('am broadcast')) ?? '';
      // A build from before there were names is asked as ever.
      context.expect(call.includes('--es job')).toBe(task !== FIRST);
    });
  });

  it('trigger --task --no-wait ends with the ack, which names the sync', async (context) => {
    await withPhone(TWO, async ({ server }) => {
      const result = await android(
        server.env,
        'trigger',
        '--json',
        '--no-wait',
        '--task',
        'photos',
      );
      context.expect(result.code).toBe(0);
      context.expect(result.events[0]).toMatchObject({ ev: 'ack', task: PHOTOS });
    });
  });

  it('status: of the first, of the other, and none of a third', async (context) => {
    await withPhone(TWO, async ({ server }) => {
      const of = async (...args: string[]) =>
        JSON.parse((await android(server.env, 'status', '--json', ...args)).stdout) as {
          status: { intervalMinutes: number };
        };
      context.expect((await of()).status.intervalMinutes).toBe(60);
      context.expect((await of('--task', 'photos')).status.intervalMinutes).toBe(120);
      for (const command of ['status', 'trigger']) {
        const none = await android(server.env, command, '--task', 'videos');
        context.expect(none.stderr).toContain(`This build of ${APP} has no task videos.`);
        context.expect(none.stderr).toContain('npx bgsync update');
        context.expect(none.code).toBe(8);
      }
    });
  });

  it('logs: the runs of one, and what there is where the name is not in the log', async (context) => {
    await withPhone(TWO, async ({ server, phone }) => {
      phone.emitRun('firstrun', { out: 'done' }, 'os');
      phone.emitRun('photorun', { out: 'done' }, 'os', PHOTOS);
      const logs = (...args: string[]) =>
        android(server.env, 'logs', '--no-follow', '--json', ...args);
      const runs = ({ events }: CliResult) => [...new Set(events.map(({ run }) => run))];
      context.expect(runs(await logs())).toEqual(['firstrun', 'photorun']);
      context.expect(runs(await logs('--task', 'photos'))).toEqual(['photorun']);
      const none = await logs('--task', 'photo');
      context.expect(none.events).toEqual([]);
      context.expect(none.stderr).toContain('No event of task photo');
      context.expect(none.stderr).toContain('which names photos. Did you mean photos?');
    });
  });

  it('--via jobscheduler cannot tell them apart, and says so', async (context) => {
    await withPhone(TWO, async ({ server, phone }) => {
      const args = ['--via', 'jobscheduler', '--task', 'photos'];
      const result = await android(server.env, 'trigger', ...args);
      context.expect(result.code).toBe(2);
      context.expect(result.stderr).toContain('--job-id');
      context.expect(phone.lines).toEqual([]);
    });
  });
});

/** Against a scripted xcrun: unverified on a Mac. */
const XCRUN = fileURLToPath(new URL('../helpers/fake-xcrun.mjs', import.meta.url));
const UDID = 'D9C0A1B2-0000-4000-8000-000000000001';
const PHONE = '00008120-0014485601E3C01E';
const DEVICES = {
  simctl: {
    devices: {
      'com.apple.CoreSimulator.SimRuntime.iOS-26-1': [
        { udid: UDID, name: 'iPhone 17', state: 'Booted', isAvailable: true },
      ],
    },
  },
  devicectl: {
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
  },
};

describe.each([
  ['a simulator', UDID],
  ['an iPhone', PHONE],
])('two syncs on %s', (_, device) => {
  const ios = (command: string, ...args: string[]): Promise<CliResult> => {
    const folder = mkdtempSync(join(tmpdir(), 'bgsync-xcrun-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const scenario = {
      ...DEVICES,
      answersNotification: true,
      end: { out: 'done', rem: 0 },
      status: statusOf('ios', 60),
      tasks: { photos: statusOf('ios', 120) },
    };
    writeFileSync(join(folder, 'scenario.json'), JSON.stringify(scenario));
    writeFileSync(join(folder, 'ring.log'), '');
    const env = { PATH: process.env.PATH ?? '', BGSYNC_XCRUN: XCRUN, FAKE_XCRUN: folder };
    return runCli([command, '--platform', 'ios', '--app', APP, '--device', device, ...args], {
      ...env,
      NO_COLOR: '1',
    });
  };

  it.each<[args: string[], task: string]>([
    [[], 'dev.bgsync.processing'],
    [['--task', 'photos'], 'dev.bgsync.processing.photos'],
    [['--task', 'photos', '--respect-constraints'], 'dev.bgsync.processing.photos'],
  ])('trigger %j runs that one', async (args, task) => {
    const result = await ios('trigger', '--json', ...args);
    expect(result.stderr).toBe('');
    expect(result.code).toBe(0);
    expect(result.events.find(({ ev }) => ev === 'run.start')?.task).toBe(task);
  });

  it('trigger --task --no-wait', async () => {
    const result = await ios('trigger', '--json', '--no-wait', '--task', 'photos');
    expect(result.code).toBe(0);
    expect(result.events[0]).toMatchObject({ ev: 'ack' });
  });

  it('status: of the first, and of the other', async () => {
    const of = async (...args: string[]) =>
      (JSON.parse((await ios('status', '--json', ...args)).stdout) as { status: object }).status;
    expect(await of()).toMatchObject({ intervalMinutes: 60 });
    expect(await of('--task', 'photos')).toMatchObject({ intervalMinutes: 120 });
  });

  it('a name that the build does not have gets no answer, and that is one of the reasons given', async () => {
    const result = await ios('status', '--task', 'videos');
    expect(result.stderr).toContain('did not answer');
    expect(result.stderr).toContain('has no task videos');
    expect(result.code).toBe(8);
  });
});

it('a name that the config of the project does not have is refused before a device is looked for', async () => {
  const app = testApp();
  app.init();
  app.rewrite('bgsync.config.json', (text) => {
    const config = JSON.parse(text) as Record<string, unknown>;
    return JSON.stringify({ ...config, tasks: [{ name: 'photos' }, { name: 'log-2' }] });
  });
  const asks = ['trigger android', 'trigger ios', 'trigger local', 'status android', 'status ios'];
  for (const ask of [...asks, 'logs android', 'logs ios']) {
    const [command = '', platform = ''] = ask.split(' ');
    const result = await runCli(
      [command, '--platform', platform, '--task', 'photo'],
      { PATH: process.env.PATH ?? '' },
      app.root,
    );
    expect(result.stderr, ask).toContain('bgsync.config.json has no task photo.');
    expect(result.stderr, ask).toContain('Did you mean photos? It has photos, log-2.');
    expect(result.code, ask).toBe(2);
  }
});
