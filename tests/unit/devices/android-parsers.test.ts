import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePackageDump } from '../../../src/devices/android/app.ts';
import { parseBroadcast, parseHookAnswer } from '../../../src/devices/android/parse-broadcast.ts';
import { parseDevices } from '../../../src/devices/android/parse-devices.ts';
import {
  findWorkerJobs,
  parseDumpDuration,
  parseJobs,
  parseJobStops,
} from '../../../src/devices/android/parse-jobs.ts';
import { parseLogcatLine } from '../../../src/devices/android/parse-logcat.ts';
import { parseRunJob } from '../../../src/devices/android/parse-run-job.ts';
import { quoteForDevice } from '../../../src/devices/android/quote.ts';

const WM = 'androidx.work.impl.background.systemjob.SystemJobService';
const NS = 'androidx.work.systemjobscheduler';
const APP = 'com.example.app';

const DEVICES = `* daemon not running; starting now at tcp:5037
* daemon started successfully
List of devices attached
R5CT31ABCDE            device usb:1-1 product:dm3q model:SM_S918N device:dm3q transport_id:1
192.168.0.23:5555      device product:husky model:Pixel_8_Pro device:husky transport_id:2
ZY22H7KQ9P             unauthorized usb:2-1 transport_id:3
adb-3A24-vWgJpq._adb-tls-connect._tcp device product:shiba model:Pixel_8 device:shiba transport_id:4
adb-3A24-vWgJpq (2)._adb-tls-connect._tcp offline transport_id:9
emulator-5554  offline
ABC123                 no permissions (missing udev rules? user is in the plugdev group); see [http://developer.android.com/tools/device.html] usb:1-1 transport_id:5

`;

describe('adb devices -l', () => {
  it('reads serials, states and models', () => {
    const devices = parseDevices(DEVICES);
    const rows = devices.map(({ id, state, name, kind }) => [id, state, name, kind]);
    expect(rows).toContainEqual(['R5CT31ABCDE', 'device', 'SM S918N', 'device']);
    expect(rows).toContainEqual(['192.168.0.23:5555', 'device', 'Pixel 8 Pro', 'device']);
    expect(rows).toContainEqual(['ZY22H7KQ9P', 'unauthorized', '', 'device']);
    expect(rows).toContainEqual(['emulator-5554', 'offline', '', 'emulator']);
    expect(rows).toContainEqual(['ABC123', 'no permissions', '', 'device']);
    const usable = devices.filter(({ problem }) => problem === undefined);
    expect(usable.map(({ transportId }) => transportId)).toEqual(['1', '2', '4']);
  });

  it('reads CRLF, and nothing out of an empty list', () => {
    expect(parseDevices('List of devices attached\r\n\r\n')).toEqual([]);
    expect(parseDevices(DEVICES.replaceAll('\n', '\r\n'))).toHaveLength(
      parseDevices(DEVICES).length,
    );
  });
});

describe('dumpsys jobscheduler', () => {
  it.each<[version: string, dump: string, expected: object]>([
    [
      'Android 7',
      `    JOB #u0a191/1001: 39fd118 ${APP}/${WM}
       JobInfo:
         PERIODIC: interval=+15m0s0ms flex=+15m0s0ms
       Required constraints: TIMING_DELAY DEADLINE UNMETERED
       Unsatisfied constraints: TIMING_DELAY DEADLINE
       Earliest run time: 04:12
       Latest run time: 19:12
       Ready: false (job=false pending=false active=false user=true)`,
      {
        id: 1001,
        isPeriodic: true,
        required: ['TIMING_DELAY', 'DEADLINE', 'UNMETERED'],
        unsatisfied: ['TIMING_DELAY', 'DEADLINE'],
        earliestMs: 252_000,
        isReady: false,
        isActive: false,
      },
    ],
    [
      'Android 10',
      `    JOB #u0a172/4: 6412553 ${APP}/${WM}
      Required constraints: TIMING_DELAY CONNECTIVITY [0x90000000]
      Satisfied constraints: DEVICE_NOT_DOZING WITHIN_QUOTA [0x3400000]
      Unsatisfied constraints: TIMING_DELAY CONNECTIVITY [0x90000000]
      Standby bucket: RARE
      Run time: earliest=+38m29s834ms, latest=none, original latest=none
      Ready: false (job=false user=true !pending=true !active=true !backingup=true comp=true)

    Job history:
      Standby bucket: ACTIVE`,
      { id: 4, bucket: 'RARE', earliestMs: 2_309_834, latestMs: undefined, namespace: undefined },
    ],
    [
      'Android 14, namespace',
      `JOB ${NS}:u0a217/-2: dfe6549 @${NS}@${APP}/${WM}
    Required constraints: TIMING_DELAY CONNECTIVITY FLEXIBILITY [0x90200000]`,
      { id: -2, namespace: NS, required: ['TIMING_DELAY', 'CONNECTIVITY', 'FLEXIBILITY'] },
    ],
    [
      'Android 17, trace tag',
      `  JOB ${NS}:u0a233/1: 258ed68 #BackgroundSyncWorker#@${NS}@${APP}/${WM}
    Unsatisfied constraints: UID_NOT_RESTRICTED [0x100000]
    Ready: true (job=true user=true !active=false comp=true)`,
      {
        id: 1,
        traceTag: 'BackgroundSyncWorker',
        unsatisfied: ['UID_NOT_RESTRICTED'],
        isActive: true,
      },
    ],
    ['a second user', `  JOB #u10a123/7: 1a2b ${APP}/${WM}`, { uid: 'u10a123', id: 7 }],
  ])('%s', (_version, dump, expected) => {
    expect(parseJobs(dump, APP)).toMatchObject([expected]);
  });

  it('leaves out other packages, and counts a job once', () => {
    const dump = [
      `  JOB #u0a1/1: aa ${APP}.probe/${WM}`,
      '    Standby bucket: NEVER',
      `  JOB #u0a2/2: bb ${APP}/${WM}`,
      '    Standby bucket: ACTIVE',
      `  JOB #u0a2/2: bb ${APP}/${WM}`,
      `    JobStatus{bb #u0a2/2 ${APP}/${WM} u=0 s=10002 TIME=-3m:none READY}: 1`,
    ].join('\n');
    expect(parseJobs(dump, APP)).toMatchObject([{ id: 2, bucket: 'ACTIVE' }]);
  });

  it('takes the tagged job; without tags, all of WorkManager’s', () => {
    const tagged = parseJobs(
      `JOB ${NS}:u0a1/1: aa #Other#@${NS}@${APP}/${WM}\nJOB ${NS}:u0a1/2: aa #BackgroundSyncWorker#@${NS}@${APP}/${WM}`,
      APP,
    );
    expect(findWorkerJobs(tagged, 'BackgroundSyncWorker').map(({ id }) => id)).toEqual([2]);
    const plain = parseJobs(`JOB #u0a1/1: aa ${APP}/${WM}\nJOB #u0a1/2: aa ${APP}/.Own`, APP);
    expect(findWorkerJobs(plain, 'BackgroundSyncWorker').map(({ id }) => id)).toEqual([1]);
  });

  it('reads why jobs were stopped', () => {
    const dump = [
      'Job history:',
      `  -15s819ms START: #u0a209/25 ${APP}/${WM}`,
      `  -12s519ms STOP: #u0a209/25 ${APP}/${WM} canceled`,
      `  -1h0m0s1ms  STOP-P: ${NS}:u0a209/26 @${NS}@${APP}/${WM} app called jobFinished`,
    ].join('\n');
    expect(parseJobStops(dump, APP)).toEqual([
      { id: 25, agoMs: 12_519, reason: 'canceled' },
      { id: 26, agoMs: 3_600_001, reason: 'app called jobFinished' },
    ]);
  });

  it.each([
    ['+1h29m59s687ms', 5_399_687],
    ['-5m2s428ms', -302_428],
    ['+2d0h0m0s1ms', 172_800_001],
    ['01:04:12', 3_852_000],
    ['none', undefined],
    ['', undefined],
  ])('duration %s', (text, ms) => {
    expect(parseDumpDuration(text)).toBe(ms);
  });
});

describe('cmd jobscheduler run', () => {
  it.each([
    ['Running job\n', 0, 'running'],
    ['Running job [FORCED]\n', 0, 'running'],
    ['Could not find job 7 in package a.b / namespace ns / user 0\n', 23, 'no-job'],
    ['Package not found: a.b / user 0\n', 24, 'no-package'],
    [
      'Job 7 in package a.b / user 0 has functional constraints but --force not specified',
      0,
      'constraints',
    ],
    ["Error: unknown option '-n'\n", 255, 'no-namespace'],
    ['', 22, 'constraints'],
    ["cmd: Can't find service: jobscheduler\n", 20, 'refused'],
    ['', null, 'refused'],
  ])('%j with %s is %s', (output, code, kind) => {
    expect(parseRunJob(output, code).kind).toBe(kind);
  });
});

describe('am broadcast', () => {
  const answer = (output: string): unknown => {
    const result = parseBroadcast(output);
    return result === undefined ? undefined : parseHookAnswer(result);
  };

  it.each<[output: string, expected: unknown]>([
    ['Broadcasting: Intent { act=x }\nBroadcast completed: result=0\n', { kind: 'none' }],
    ['Broadcast completed: result=-1, data="TRULY_BONDED"', { kind: 'none' }],
    [
      'Broadcast completed: result=-1, data="ok v=1 run=a work=b"\n',
      { kind: 'ok', rest: 'run=a work=b' },
    ],
    [
      'Broadcast completed: result=-1, data="ok v=1 {"v":1,"x":"y"}", extras: Bundle[…]\n',
      { kind: 'ok', rest: '{"v":1,"x":"y"}' },
    ],
    ['Broadcast completed: result=0, data="error v=1 why=job"', { kind: 'error', why: 'job' }],
    ['Error: unknown option', undefined],
  ])('%j', (output, expected) => {
    expect(answer(output)).toEqual(expected);
  });
});

describe('logcat -v epoch', () => {
  it('reads records, with a uid column and tags of any width', () => {
    expect(
      parseLogcatLine('         1795457645.994  4242  4243 I BackgroundSync: BGSYNC1 {}'),
    ).toEqual({
      time: '1795457645.994',
      pid: 4242,
      tid: 4243,
      priority: 'I',
      tag: 'BackgroundSync',
      message: 'BGSYNC1 {}',
    });
    expect(parseLogcatLine('1795457645.994 10123 42 43 D A B  : x: y')).toMatchObject({
      pid: 42,
      tag: 'A B',
      message: 'x: y',
    });
  });

  it.each(['--------- beginning of main', 'read: unexpected EOF!', '', '1795457645.994 1 2 I'])(
    '%j is no record',
    (line) => expect(parseLogcatLine(line)).toBeUndefined(),
  );
});

it('reads flags and the stopped state of a package', () => {
  const dump = `  flags=[ DEBUGGABLE HAS_CODE ]\n    User 0: ceDataInode=1 installed=true stopped=true\n`;
  expect(parsePackageDump(dump)).toEqual({ isDebuggable: true, isStopped: true, hasHook: false });
  expect(parsePackageDump('pkgFlags=[ HAS_CODE ]').isDebuggable).toBe(false);
});

it('quotes what a shell would take apart, and refuses a NUL', () => {
  expect(quoteForDevice(['am', "it's", '$(x)', ''])).toBe(String.raw`am 'it'\''s' '$(x)' ''`);
  expect(() => quoteForDevice(['a\0b'])).toThrow(RangeError);
});

describe('hostile input', () => {
  const fragments = fc.constantFrom(
    ...DEVICES.split(/(?=\s)/),
    `  JOB ${NS}:u0a233/1: 258ed68 #Tag#@${NS}@${APP}/${WM}\n`,
    'Run time: earliest=+9999999999999d, latest=',
    'Unsatisfied constraints: ',
    'Ready: true (',
    'Broadcast completed: result=-1, data="',
    '", extras: Bundle[',
    'Could not find job ',
    '1795457645.994  1  2 I x: y\n',
    '  -1h STOP: #u0a1/1 a/b ',
    '\n',
    '\u0000',
    '[',
    '(',
  );
  const hostile = fc
    .array(fc.oneof(fragments, fc.string({ unit: 'binary', maxLength: 20 })), { maxLength: 60 })
    .map((parts) => parts.join(''));

  it('no parser throws or hangs', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        parseDevices(text);
        parseJobs(text, APP);
        parseJobStops(text, APP);
        const broadcast = parseBroadcast(text);
        if (broadcast !== undefined) parseHookAnswer(broadcast);
        parseRunJob(text, null);
        parsePackageDump(text);
        for (const line of text.split('\n')) parseLogcatLine(line);
      }),
      { numRuns: 2000 },
    );
  });
});
