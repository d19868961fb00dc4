import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ADB_IS_THERE } from '../helpers/adb-server.ts';
import { runCli, scratch, withPhone } from '../helpers/device-cli.ts';
import type { CliResult } from '../helpers/device-cli.ts';
import type { PhoneOptions } from '../helpers/fake-phone.ts';
import { APP } from '../helpers/fake-phone.ts';

interface Found {
  readonly id: string;
  readonly file: string;
  readonly message: string;
  readonly fix: string;
}

const findingsOf = ({ stdout }: CliResult): readonly Found[] =>
  (JSON.parse(stdout) as { findings: Found[] }).findings;

const doctor = (env: Readonly<Record<string, string>>, platform: string, ...args: string[]) =>
  runCli(['doctor', '--device', '--platform', platform, '--app', APP, '--json', ...args], {
    NO_COLOR: '1',
    ...env,
  });

const SERVICE = 'androidx.work.impl.background.systemjob.SystemJobService';
const job = (namespace: string, trace: string): string =>
  [
    'Registered 1 jobs:',
    `  JOB ${namespace}u0a217/-7: 5d421eb ${trace}${APP}/${SERVICE}`,
    `    Source: uid=u0a217 user=0 pkg=${APP}`,
    '    Required constraints: TIMING_DELAY CONNECTIVITY [0x90000000]',
  ].join('\n');
const NAMESPACE = 'androidx.work.systemjobscheduler';
const JOBS = job(`${NAMESPACE}:`, `#BackgroundSyncWorker#@${NAMESPACE}@`);

const ANSWERS = {
  'getprop ro.build.version.sdk': '35\n',
  'getprop sys.boot_completed': '1\n',
  'settings get global low_power': '0\n',
  'cmd appops get': 'No operations.\n',
};
const sound: PhoneOptions = { jobs: JOBS, answers: ANSWERS };
const answering = (more: Readonly<Record<string, string>>): PhoneOptions => ({
  ...sound,
  answers: { ...ANSWERS, ...more },
});

describe.skipIf(!ADB_IS_THERE).concurrent('doctor --device, on Android', () => {
  it('finds nothing where all is well', async ({ expect }) => {
    await withPhone(sound, async ({ server }) => {
      const result = await doctor(server.env, 'android');
      expect(findingsOf(result)).toEqual([]);
      expect([result.code, result.stderr]).toEqual([0, '']);
    });
  });

  it.for<[id: string, name: string, options: PhoneOptions, says: string]>([
    ['D05', 'it still starts', answering({ 'getprop sys.boot_completed': '\n' }), 'not finished'],
    ['D06', 'the app is not there', { ...sound, isInstalled: false }, 'is not installed'],
    ['D07', 'a debug build without the hook', { ...sound, hasHook: false }, 'no debug hook'],
    ['D08', 'a release build with it', { ...sound, isDebuggable: false }, 'has the debug hook'],
    ['D09', 'force-stopped', { ...sound, isStopped: true }, 'stopped'],
    [
      'D10',
      'restricted',
      answering({ 'cmd appops get': 'RUN_ANY_IN_BACKGROUND: ignore\n' }),
      'restricted',
    ],
    ['D11', 'battery saver', answering({ 'settings get global low_power': '1\n' }), 'is on'],
    ['D12', 'a low bucket', answering({ 'am get-standby-bucket': '45\n' }), 'RESTRICTED'],
    ['D13', 'nothing scheduled', { answers: ANSWERS }, 'no job'],
    ['D14', 'an old WorkManager', { ...sound, jobs: job('#', '') }, 'WorkManager 2.9'],
  ])('%s: %s', async ([id, , options, says], { expect }) => {
    await withPhone(options, async ({ server, serial }) => {
      const result = await doctor(server.env, 'android');
      expect(findingsOf(result)).toMatchObject([{ id, file: serial }]);
      expect(findingsOf(result)[0]!.message).toContain(says);
    });
  });

  it('an old Android has no namespaces: D14 is not for it', async ({ expect }) => {
    const old = { ...answering({ 'getprop ro.build.version.sdk': '33\n' }), jobs: job('#', '') };
    await withPhone(old, async ({ server }) => {
      expect(findingsOf(await doctor(server.env, 'android'))).toEqual([]);
    });
  });

  it('D03: no device, or none of that name', async ({ expect }) => {
    await withPhone(sound, async ({ server, phone }) => {
      const named = [
        'doctor',
        '--device',
        'other',
        '--platform',
        'android',
        '--app',
        APP,
        '--json',
      ];
      const other = await runCli(named, { NO_COLOR: '1', ...server.env });
      expect([other.code, findingsOf(other).map(({ id }) => id)]).toEqual([1, ['D03']]);
      await phone.adbd.drop();
      await server.adb('disconnect');
      const none = await doctor(server.env, 'android');
      expect([none.code, findingsOf(none).map(({ id }) => id)]).toEqual([1, ['D03']]);
    });
  });
});

/** An adb of the test's own, that answers as told. */
async function withAdb(script: string, body: (env: Record<string, string>) => Promise<void>) {
  const { path, remove } = scratch();
  try {
    const adb = join(path, 'adb');
    writeFileSync(
      adb,
      `#!/bin/sh\ncase "$1" in\nversion) echo Android Debug Bridge;;\n${script}\nesac\n`,
    );
    chmodSync(adb, 0o755);
    await body({ PATH: process.env.PATH ?? '', HOME: path, BGSYNC_ADB: adb });
  } finally {
    remove();
  }
}

describe.skipIf(process.platform === 'win32')('doctor --device, adb itself', () => {
  it('D01: there is none', async () => {
    const { path, remove } = scratch();
    const result = await doctor(
      { PATH: '', HOME: path, BGSYNC_ADB: join(path, 'none') },
      'android',
    );
    remove();
    expect(findingsOf(result)).toMatchObject([{ id: 'D01', file: 'adb' }]);
    expect(result.code).toBe(1);
  });

  it('D02: another version’s server is met', async () => {
    const words = "adb server version (39) doesn't match this client (41); killing...";
    const script = `start-server) echo "${words}" >&2;;\ndevices) printf 'List of devices attached\\n';;`;
    await withAdb(script, async (env) => {
      const ids = findingsOf(await doctor(env, 'android')).map(({ id, message }) => [id, message]);
      expect(ids).toContainEqual(['D02', words]);
    });
  });

  it('D03: the only device is not authorised, with what to do', async () => {
    const list = "printf 'List of devices attached\\nABC unauthorized usb:1-1 transport_id:1\\n'";
    await withAdb(`devices) ${list};;`, async (env) => {
      expect(findingsOf(await doctor(env, 'android'))).toMatchObject([
        { id: 'D03', file: 'ABC', fix: expect.stringContaining('allow USB debugging') as string },
      ]);
    });
  });

  it('D04 beside a usable one; D05 where that one does not answer', async () => {
    const list =
      "printf 'List of devices attached\\nABC unauthorized usb:1-1\\nDEF device product:x model:y\\n'";
    const script = `devices) ${list};;\n-s) echo "error: closed" >&2; exit 1;;`;
    await withAdb(script, async (env) => {
      const result = await doctor(env, 'android');
      expect(findingsOf(result).map(({ id, file }) => [id, file])).toEqual([
        ['D04', 'ABC'],
        ['D05', 'DEF'],
      ]);
    });
  });
});

/** Against a scripted xcrun: unverified on a Mac. */
const XCRUN = fileURLToPath(new URL('../helpers/fake-xcrun.mjs', import.meta.url));

const simulators = (...states: string[]): object => ({
  devices: {
    'com.apple.CoreSimulator.SimRuntime.iOS-26-1': states.map((state, index) => ({
      udid: `SIM-${index}`,
      name: `iPhone ${index}`,
      state,
      isAvailable: true,
    })),
  },
});
const iphone = (developerModeStatus: string): object => ({
  result: {
    devices: [
      {
        identifier: 'CORE-1',
        connectionProperties: { pairingState: 'paired', tunnelState: 'connected' },
        deviceProperties: { name: 'My iPhone', osVersionNumber: '18.4', developerModeStatus },
        hardwareProperties: { platform: 'iOS', reality: 'physical', udid: 'PHONE' },
      },
    ],
  },
});

describe('doctor --device, on iOS', () => {
  const find = async (scenario: object): Promise<CliResult> => {
    const { path, remove } = scratch();
    try {
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, 'scenario.json'), JSON.stringify(scenario));
      const env = { PATH: process.env.PATH ?? '', BGSYNC_XCRUN: XCRUN, FAKE_XCRUN: path };
      return await doctor(env, 'ios');
    } finally {
      remove();
    }
  };
  const sound = { simctl: simulators('Booted', 'Shutdown'), devicectl: iphone('enabled') };

  it('finds nothing where all is well', async () => {
    const result = await find(sound);
    expect([findingsOf(result), result.code]).toEqual([[], 0]);
  });

  it.each<[id: string, scenario: object, file: string, says: string]>([
    [
      'D15',
      { fail: { code: 72, stderr: 'xcrun: error: unable to find utility "simctl"\n' } },
      'Xcode',
      'Command Line Tools',
    ],
    ['D16', { simctl: simulators('Shutdown') }, 'Xcode', 'no device'],
    ['D17', { ...sound, devicectl: iphone('disabled') }, 'PHONE', 'My iPhone'],
    ['D19', { ...sound, isInstalled: false }, 'SIM-0', 'is not installed'],
  ])('%s', async (id, scenario, file, says) => {
    const findings = findingsOf(await find(scenario));
    expect(findings).toMatchObject([{ id, file }]);
    expect(findings[0]!.message).toContain(says);
  });

  it.skipIf(process.platform === 'darwin')('needs macOS', async () => {
    const result = await doctor({ PATH: process.env.PATH ?? '' }, 'ios');
    expect(findingsOf(result)).toMatchObject([{ id: 'D15' }]);
  });
});
