import { Ajv } from 'ajv';
import { describe, it } from 'vitest';
import { ADB_IS_THERE } from '../helpers/adb-server.ts';
import type { AdbServer } from '../helpers/adb-server.ts';
import type { StartedCli } from '../helpers/device-cli.ts';
import { eventually, runCli, startCli, withPhone } from '../helpers/device-cli.ts';
import type { FakePhone, PhoneOptions } from '../helpers/fake-phone.ts';
import { APP } from '../helpers/fake-phone.ts';

const ANDROID = ['--platform', 'android', '--app', APP];
const logs = (server: AdbServer, ...args: string[]) =>
  runCli(['logs', ...ANDROID, ...args], server.env);

describe.skipIf(!ADB_IS_THERE).concurrent('logs --platform android', () => {
  it('--no-follow: what is there, as text, NDJSON, raw lines, one run, a picture, a proof', async ({
    expect,
  }) => {
    await withPhone({}, async ({ server, phone }) => {
      phone.emitRun('aaaaaaa1', { out: 'done', rem: 0 }, 'os');
      phone.emitRun('aaaaaaa2', { out: 'retry', rem: 4, next: Date.now() + 900_000 }, 'os');
      const text = await logs(server, '--no-follow');
      expect(text.code).toBe(0);
      expect(text.stdout.match(/run ended/g)).toHaveLength(2);
      const json = await logs(server, '--no-follow', '--json', '--run', 'aaaaaaa2');
      expect(json.events.map(({ ev }) => ev)).toEqual([
        'run.start',
        'js.start',
        'progress',
        'run.end',
      ]);
      const raw = await logs(server, '--no-follow', '--raw');
      expect(raw.stdout).toContain('I BackgroundSync: BGSYNC1 {');
      const timeline = await logs(server, '--timeline');
      expect(timeline.stdout).toMatch(/^aaaaaaa1 {2}done {5}\|#/m);
      expect(timeline.stdout).toContain('>');
      expect((await logs(server, '--verify')).stdout).toContain('0 violations');
    });
  });

  it('--history: the ring file, through run-as', async ({ expect }) => {
    await withPhone({}, async ({ server, phone }) => {
      phone.emitRun('nightly1', { out: 'done', rem: 0 }, 'os');
      const { code, events } = await logs(server, '--history', '--json');
      expect(code).toBe(0);
      expect(events).toHaveLength(4);
      expect(phone.lines).toContain(
        `run-as ${APP} cat no_backup/bgsync/events.previous.jsonl no_backup/bgsync/events.jsonl`,
      );
      phone.options = { isDebuggable: false };
      const release = await logs(server, '--history');
      expect(release.code).toBe(8);
      expect(release.stderr).toContain('not debuggable');
    });
  });

  it('live: survives an app restart and the loss of the device, without a loss or a repetition', async ({
    expect,
  }) => {
    await withPhone({}, async ({ server, phone }) => {
      const cli = startCli(['logs', ...ANDROID, '--json'], server.env);
      await eventually('the stream', () => phone.lines.some((line) => line.includes('logcat')));
      await new Promise((resolve) => setTimeout(resolve, 300));
      phone.emitRun('aaaaaaa1', { out: 'done' }, 'os');
      await eventually('the first run', () => cli.output().includes('"done"'));
      await phone.adbd.drop();
      phone.restartApp();
      phone.emitRun('aaaaaaa2', { out: 'failed' }, 'os');
      await phone.adbd.start();
      await eventually('the second run', () => cli.output().includes('"failed"'));
      phone.emit('register', { why: 'kept' });
      await eventually('the last event', () => cli.output().includes('register'));
      cli.interrupt();
      const { code, stdout, stderr } = await cli.result;
      expect(code).toBe(130);
      expect(stdout.trim().split('\n')).toHaveLength(9);
      expect(stderr).not.toContain('missing');
    });
  });

  it('live: says where logd dropped events', async ({ expect }) => {
    await withPhone({}, async ({ server, phone }) => {
      const cli = startCli(['logs', ...ANDROID], server.env);
      await eventually('the stream', () => phone.lines.some((line) => line.includes('logcat')));
      await new Promise((resolve) => setTimeout(resolve, 300));
      phone.emit('register', { why: 'kept' });
      phone.isLogStalled = true;
      phone.emit('schedule', { next: 1 });
      phone.emit('schedule', { next: 2 });
      phone.isLogStalled = false;
      phone.emit('cancel');
      await eventually('the last event', () => cli.output().includes('withdrawn'));
      cli.interrupt();
      expect((await cli.result).stderr).toContain('2 events are missing');
    });
  });
});

describe.skipIf(!ADB_IS_THERE).concurrent('logs --platform android, over time', () => {
  const start = async (server: AdbServer, phone: FakePhone, ...args: string[]) => {
    const cli = startCli(['logs', ...ANDROID, ...args], server.env);
    await eventually('the stream', () => phone.lines.some((line) => line.includes('logcat')));
    await new Promise((resolve) => setTimeout(resolve, 300));
    return cli;
  };
  const interrupted = async (cli: StartedCli) => {
    cli.interrupt();
    return cli.result;
  };

  it('a restart, with the clock behind: goes on with the new log, and says what is lost', async ({
    expect,
  }) => {
    await withPhone({}, async ({ server, phone }) => {
      const cli = await start(server, phone, '--json', '--since', '10m');
      phone.emitRun('aaaaaaa1', { out: 'done' }, 'os');
      await eventually('the first run', () => cli.output().includes('"done"'));
      await phone.powerOff();
      phone.clockOffset = -86_400_000;
      phone.restartApp();
      phone.emit('register', { why: 'kept' });
      await phone.powerOn(-86_400_000);
      await eventually('what was logged before adb was back', () =>
        cli.output().includes('register'),
      );
      phone.emitRun('aaaaaaa2', { out: 'failed' }, 'os');
      await eventually('the second run', () => cli.output().includes('"failed"'));
      phone.clockOffset = 0;
      phone.emit('cancel');
      await eventually('what came when the clock was right', () => cli.output().includes('cancel'));
      const { code, stdout, stderr } = await interrupted(cli);
      expect(code).toBe(130);
      expect(stdout.trim().split('\n')).toHaveLength(10);
      expect(stderr).toContain('was restarted');
      expect(stderr).toContain('--history');
    });
  });

  it('a clock that was set back while the device was away hides nothing', async ({ expect }) => {
    await withPhone({}, async ({ server, phone }) => {
      const cli = await start(server, phone, '--json');
      phone.emit('schedule', { next: 1 });
      await eventually('the first event', () => cli.output().includes('schedule'));
      await phone.adbd.drop();
      phone.clockOffset = -3_600_000;
      phone.emit('register', { why: 'kept' });
      await phone.adbd.start();
      await eventually('the second event', () => cli.output().includes('register'));
      phone.emit('cancel');
      await eventually('the third event', () => cli.output().includes('cancel'));
      const { stdout, stderr } = await interrupted(cli);
      expect(stdout.trim().split('\n')).toHaveLength(3);
      expect(stderr).not.toMatch(/missing|restarted/);
    });
  });

  it('redacted and damaged lines are explained once, as they come and at the end', async ({
    expect,
  }) => {
    await withPhone({}, async ({ server, phone }) => {
      const cli = await start(server, phone);
      phone.printOurs('BGSYNC1 <private>');
      phone.printOurs('BGSYNC1 <private>');
      phone.printOurs('BGSYNC1 {"v":1,"seq"');
      phone.emit('cancel');
      await eventually('the event', () => cli.output().includes('withdrawn'));
      const { stderr } = await interrupted(cli);
      expect(stderr.match(/redacted \(<private>\): the app logs them without/g)).toHaveLength(1);
      expect(stderr.match(/cut or damaged/g)).toHaveLength(1);
      const whole = await logs(server, '--no-follow');
      expect(whole.stderr).toContain('2 of our lines are redacted');
      expect(whole.stderr).toContain('--history');
    });
  });

  it('--since counts on the device’s clock; --run, --raw work live', async ({ expect }) => {
    await withPhone({}, async ({ server, phone }) => {
      phone.clockOffset = -5_400_000;
      phone.emitRun('toolongx', { out: 'done' }, 'os');
      phone.clockOffset = -3_600_000;
      phone.emitRun('recently', { out: 'done' }, 'os');
      for (const where of ['--no-follow', '--history']) {
        const { events } = await logs(server, where, '--json', '--since', '10m');
        expect(events.map(({ run }) => run)).toEqual(Array(4).fill('recently'));
      }
      const one = await start(server, phone, '--since', '40m', '--run', 'toolongx', '--json');
      await eventually('the old run', () => one.output().includes('run.end'));
      expect((await interrupted(one)).stdout).not.toContain('recently');
      const raw = await start(server, phone, '--since', '10m', '--raw');
      await eventually('the lines', () => raw.output().includes('run.end'));
      expect((await interrupted(raw)).stdout).toMatch(/^ +\d+\.\d{3} +4242 .* I BackgroundSync/);
    });
  });
});

const STATUS = JSON.stringify({
  v: 1,
  platform: 'android',
  scheduled: true,
  state: 'enqueued',
  next: 1_795_500_000_000,
  lastRun: { run: 'nightly1', out: 'done', ts: 1_795_400_000_000, ms: 1200, rem: 0 },
  consecutiveFailures: 0,
  openRun: null,
  env: {},
});
const JOBS = [
  `  JOB #u0a217/12: 5d421eb ${APP}/androidx.work.impl.background.systemjob.SystemJobService`,
  '    Required constraints: TIMING_DELAY CONNECTIVITY [0x90000000]',
  '    Unsatisfied constraints: CONNECTIVITY [0x10000000]',
  '    Standby bucket: RARE',
  '    Run time: earliest=+38m29s834ms, latest=none, original latest=none',
].join('\n');

describe.skipIf(!ADB_IS_THERE).concurrent('status and devices', () => {
  it('what is scheduled, from the dump and the hook', async ({ expect }) => {
    await withPhone({ jobs: JOBS, status: STATUS }, async ({ server, serial }) => {
      const text = await runCli(['status', ...ANDROID], server.env);
      expect(text.code).toBe(0);
      expect(text.stdout).toContain('scheduled   yes (enqueued)');
      expect(text.stdout).toContain('CONNECTIVITY (no suitable network)');
      expect(text.stdout).toContain('in 38 min');
      expect(text.stdout).not.toContain('battery saver');
      const json = await runCli(['status', ...ANDROID, '--json'], server.env);
      expect(JSON.parse(json.stdout)).toMatchObject({
        v: 1,
        device: serial,
        status: { scheduled: true, lastRun: { run: 'nightly1' } },
        jobs: [{ id: 12, namespace: null, unsatisfied: ['CONNECTIVITY'], bucket: 'RARE' }],
      });
    });
  });

  it('what holds all its jobs back', async ({ expect }) => {
    const options: PhoneOptions = {
      isStopped: true,
      answers: {
        'settings get global low_power': '1\n',
        'cmd appops get': 'RUN_ANY_IN_BACKGROUND: ignore; time=+3d2h1m0s0ms ago\n',
        'am get-standby-bucket': '45\n',
      },
    };
    await withPhone(options, async ({ server }) => {
      const { stdout } = await runCli(['status', ...ANDROID], server.env);
      expect(stdout.match(/^held by .*$/gm)).toEqual([
        expect.stringContaining('force-stopped'),
        expect.stringContaining('battery saver'),
        expect.stringContaining('background use'),
        expect.stringContaining('RESTRICTED'),
      ]);
      const json = await runCli(['status', ...ANDROID, '--json'], server.env);
      expect(JSON.parse(json.stdout)).toMatchObject({
        stopped: true,
        restrictions: { batterySaver: true, background: true, bucket: 'RESTRICTED' },
      });
    });
  });

  it('nothing that the device says moves the cursor', async ({ expect }) => {
    const hostile = '\u001b[2J\u202e';
    const state = { ...(JSON.parse(STATUS) as object), state: hostile, openRun: hostile };
    const options: PhoneOptions = {
      jobs: `${JOBS}\nJob history:\n  -15s206ms STOP: #u0a217/12 ${APP}/x ${hostile}\n`,
      status: JSON.stringify(state),
      onRun: (phone) => phone.crash(`java.lang.Error: ${hostile}`),
    };
    await withPhone(options, async ({ server, phone }) => {
      const status = await runCli(['status', ...ANDROID], server.env);
      expect(status.stdout).toContain('\\u001b[2J\\u202e');
      expect(status.stdout.match(/\\u001b/g)).toHaveLength(3);
      const crash = await runCli(['trigger', ...ANDROID], server.env);
      expect(crash.stderr).toContain('java.lang.Error: \\u001b');
      phone.emit('run.end', { run: hostile, out: hostile, msg: hostile });
      phone.printOurs(`BGSYNC1 ${hostile}`);
      const raw = await logs(server, '--no-follow', '--raw');
      const shown = await logs(server, '--no-follow');
      const drawn = await logs(server, '--timeline');
      for (const { stdout, stderr } of [status, crash, raw, shown, drawn]) {
        expect(stdout + stderr).not.toMatch(/[\u001b\u202e]/);
      }
    });
  });

  it('--json is what --schema says', async ({ expect }) => {
    const schema = await runCli(['status', '--schema'], { PATH: process.env.PATH ?? '' });
    expect(schema.code).toBe(0);
    const validate = new Ajv().compile(JSON.parse(schema.stdout) as object);
    await withPhone({ jobs: JOBS, status: STATUS }, async ({ server }) => {
      const { stdout } = await runCli(['status', ...ANDROID, '--json'], server.env);
      const document = JSON.parse(stdout) as object;
      expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
      expect(validate({ ...document, jobs: [{ id: 'one' }] })).toBe(false);
    });
  });

  it('lists devices, and says what is wrong with those that cannot be used', async ({ expect }) => {
    await withPhone({ adbd: { state: 'recovery' } }, async ({ server, serial }) => {
      const { code, stdout } = await runCli(['devices', '--json'], server.env);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        devices: [{ id: serial, state: 'recovery', usable: false, name: 'Fake Pixel' }],
        problems: process.platform === 'darwin' ? [] : [{ platform: 'ios' }],
      });
    });
  });
});
