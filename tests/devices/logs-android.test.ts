import { describe, it } from 'vitest';
import { ADB_IS_THERE } from '../helpers/adb-server.ts';
import type { AdbServer } from '../helpers/adb-server.ts';
import { eventually, runCli, startCli, withPhone } from '../helpers/device-cli.ts';
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
      const json = await runCli(['status', ...ANDROID, '--json'], server.env);
      expect(JSON.parse(json.stdout)).toMatchObject({
        v: 1,
        device: serial,
        status: { scheduled: true, lastRun: { run: 'nightly1' } },
        jobs: [{ id: 12, namespace: null, unsatisfied: ['CONNECTIVITY'], bucket: 'RARE' }],
      });
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
