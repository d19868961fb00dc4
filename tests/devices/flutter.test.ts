/**
 * The device commands in the folder of a Flutter app, as its developer runs them: they find the app's ids there by
 * themselves. What answers is the played phone and the played simulator of the other suites.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ADB_IS_THERE } from '../helpers/adb-server.ts';
import { runCli, withPhone } from '../helpers/device-cli.ts';
import { APP } from '../helpers/fake-phone.ts';
import { makeFlutterApp } from '../helpers/flutter-app.ts';

const XCRUN = fileURLToPath(new URL('../helpers/fake-xcrun.mjs', import.meta.url));
const UDID = 'D9C0A1B2-0000-4000-8000-000000000001';

let app = '';

beforeAll(async () => {
  app = mkdtempSync(join(tmpdir(), 'bgsync-flutter-device-'));
  makeFlutterApp(app, '3.44');
  for (const path of ['android/app/build.gradle.kts', 'ios/Runner.xcodeproj/project.pbxproj']) {
    const text = readFileSync(join(app, path), 'utf8');
    writeFileSync(join(app, path), text.replaceAll('com.example.counter', APP));
  }
  const { code } = await runCli(['init', '--yes'], { PATH: process.env.PATH ?? '' }, app);
  expect(code).toBe(0);
});

afterAll(() => rmSync(app, { recursive: true, force: true }));

describe.skipIf(!ADB_IS_THERE)('Android', () => {
  it('trigger, logs and status name the app by themselves', async () => {
    await withPhone(
      { onRun: (phone, run) => phone.emitRun(run, { out: 'done', rem: 0 }) },
      async ({ server, phone }) => {
        const cli = (command: string, ...args: string[]) =>
          runCli([command, '--platform', 'android', ...args], server.env, app);
        const trigger = await cli('trigger', '--json');
        expect(trigger.stderr).toBe('');
        expect(trigger.code).toBe(0);
        expect(trigger.events.map(({ ev }) => ev)).toEqual([
          'ack',
          'run.start',
          'js.start',
          'progress',
          'run.end',
        ]);
        expect(phone.lines.join('\n')).toContain(
          `-n ${APP}/dev.bgsync.BackgroundSyncDebugReceiver -a dev.bgsync.action.RUN`,
        );
        const logs = await cli('logs', '--no-follow', '--verify');
        expect(logs.code).toBe(0);
        expect(logs.stdout).toContain('0 violations');
        const status = await cli('status', '--json');
        expect(status.stderr).toBe('');
        expect(JSON.parse(status.stdout)).toMatchObject({ app: APP });
      },
    );
  });

  it('speaks of Dart where the handler was never reached', async () => {
    await withPhone(
      { onRun: (phone, run) => phone.emitRun(run, { out: 'skipped', why: 'js-timeout' }) },
      async ({ server }) => {
        const { code, stdout, stderr } = await runCli(
          ['trigger', '--platform', 'android'],
          server.env,
          app,
        );
        expect(code).toBe(2);
        expect(stderr).toContain('Dart did not come up in time');
        expect(`${stdout}${stderr}`).not.toMatch(/JavaScript|Metro/);
      },
    );
  });
});

describe('iOS', () => {
  it('trigger, logs and status name the app by themselves', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bgsync-xcrun-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const scenario = {
      simctl: {
        devices: {
          'com.apple.CoreSimulator.SimRuntime.iOS-26-10': [
            { udid: UDID, name: 'iPhone 17', state: 'Booted', isAvailable: true },
          ],
        },
      },
      answersNotification: true,
      end: { out: 'retry', rem: 3, ms: 5 },
      status: {
        ...{ v: 1, platform: 'ios', scheduled: true, state: 'pending', next: 1, lastRun: null },
        ...{ consecutiveFailures: 0, openRun: null, env: {} },
      },
    };
    writeFileSync(join(folder, 'scenario.json'), JSON.stringify(scenario));
    const env = {
      PATH: process.env.PATH ?? '',
      BGSYNC_XCRUN: XCRUN,
      FAKE_XCRUN: folder,
      NO_COLOR: '1',
    };
    const cli = (command: string, ...args: string[]) =>
      runCli([command, '--platform', 'ios', ...args], env, app);
    const trigger = await cli('trigger', '--json');
    expect(trigger.code).toBe(3);
    expect(trigger.events.map(({ ev }) => ev)).toEqual(['ack', 'run.start', 'run.end']);
    expect(readFileSync(join(folder, 'calls'), 'utf8')).toContain(`${APP}.bgsync.trigger`);
    const logs = await cli('logs', '--no-follow', '--json');
    expect(logs.code).toBe(0);
    expect(logs.events.map(({ ev }) => ev)).toEqual(['ack', 'run.start', 'run.end']);
    const status = await cli('status', '--json');
    expect(status.stderr).toBe('');
    expect(JSON.parse(status.stdout)).toMatchObject({ device: UDID, app: APP });

    // Of a run that never got to the handler it speaks as of a Flutter app.
    const late = { ...scenario, end: { out: 'skipped', why: 'host-timeout' } };
    writeFileSync(join(folder, 'scenario.json'), JSON.stringify(late));
    const stuck = await cli('trigger');
    expect(stuck.code).toBe(2);
    const said = `${stuck.stdout}${stuck.stderr}`;
    expect(said).toContain('Dart did not come up in time');
    expect(said).toContain('the engine did not start in time');
    expect(said).not.toMatch(/JavaScript|Metro/);
  });
});
