import { describe, expect, it } from 'vitest';
import { parseAdbError } from '../../../src/devices/android/parse-adb-error.ts';
import { parseBroadcast } from '../../../src/devices/android/parse-broadcast.ts';
import { parseDevices } from '../../../src/devices/android/parse-devices.ts';
import {
  findWorkerJobs,
  parseJobs,
  parseJobStops,
} from '../../../src/devices/android/parse-jobs.ts';
import { parseRunJob } from '../../../src/devices/android/parse-run-job.ts';
import { findBackgroundRestriction } from '../../../src/devices/android/restrictions.ts';
import { linesOf, namesIn, readFixture } from './fixtures.ts';

const APP = 'com.example.app';
const NS = 'androidx.work.systemjobscheduler';

/** Serial, state, model, and whether it can be used. */
type DeviceRow = readonly [string, string, string, boolean];

const readDevices = (text: string): DeviceRow[] =>
  parseDevices(text).map(({ id, state, name, problem }) => [
    id,
    state,
    name,
    problem === undefined,
  ]);

describe('adb devices -l', () => {
  const table: Readonly<Record<string, DeviceRow[]>> = {
    'adb-devices-l/adb-29.0.6': [
      ['127.0.0.1:27001', 'device', 'Fake Pixel', true],
      ['127.0.0.1:27002', 'unauthorized', '', false],
      ['127.0.0.1:27031', 'offline', 'Fake Pixel', false],
      ['emulator-27010', 'device', 'Fake Pixel', true],
      ['emulator-5556', 'offline', '', false],
    ],
    'adb-devices-l/adb-34.0.5': [
      ['127.0.0.1:27002', 'unauthorized', '', false],
      ['127.0.0.1:27004', 'device', 'Fake Pixel', true],
      ['127.0.0.1:27005', 'recovery', 'Fake Pixel', false],
      ['127.0.0.1:27031', 'offline', 'Fake Pixel', false],
      ['emulator-27020', 'device', 'Fake Pixel', true],
    ],
    'adb-devices-l/daemon-lines-and-wifi': [
      ['R500000001', 'device', 'SM S918N', true],
      ['192.168.0.23:5555', 'device', 'Pixel 8 Pro', true],
      ['ZY00000001', 'unauthorized', '', false],
      ['adb-ABC000001-abcdef._adb-tls-connect._tcp', 'device', 'Pixel 8', true],
      ['emulator-5554', 'offline', '', false],
    ],
    'adb-devices-l/no-permissions': [
      ['ABC123', 'no permissions', '', false],
      ['ABC124', 'no permissions', '', false],
    ],
    'adb-devices-l/two-lists': [
      ['a0000001', 'device', 'MI 8', true],
      ['PIXEL0000001', 'device', 'Pixel 9', true],
    ],
  };

  it.each(Object.entries(table))('%s', (name, rows) => {
    expect(readDevices(readFixture(name))).toEqual(rows);
  });

  it('says something about every file', () => {
    expect(Object.keys(table).sort()).toEqual(namesIn('adb-devices-l'));
  });
});

/** bgsync polls `get-state` for a device's return; what `track-devices` prints is the same list in frames. */
it('adb track-devices: each frame, behind its length, is a list', () => {
  const [first = '', rest = ''] = readFixture('adb-track-devices/adb-29_and_34').split('---\n');
  const frames = [first, ...rest.split(/(?=^00c1)/m)];
  expect(
    frames.map((frame) => readDevices(frame.slice(4)).map(([id, state]) => [id, state])),
  ).toEqual([
    [
      ['127.0.0.1:27031', 'device'],
      ['emulator-27010', 'device'],
    ],
    [
      ['127.0.0.1:27031', 'device'],
      ['emulator-27020', 'device'],
    ],
    [
      ['127.0.0.1:27031', 'offline'],
      ['emulator-27020', 'device'],
    ],
  ]);
  expect(Number.parseInt(first.slice(0, 4), 16)).toBe(Buffer.byteLength(first) - 4);
});

describe('dumpsys jobscheduler', () => {
  const table: Readonly<Record<string, object[]>> = {
    'dumpsys-jobscheduler/android-07_custom-jobservice': [
      {
        uid: 'u0a191',
        id: 1001,
        namespace: undefined,
        service: '.OwnJobService',
        isPeriodic: true,
        required: ['TIMING_DELAY', 'DEADLINE', 'UNMETERED'],
        unsatisfied: ['TIMING_DELAY', 'DEADLINE'],
        earliestMs: 252_000,
        latestMs: 1_152_000,
        isReady: false,
        isActive: false,
      },
    ],
    'dumpsys-jobscheduler/android-09_custom-jobservice': [
      {
        id: 1024,
        isPeriodic: true,
        unsatisfied: ['TIMING_DELAY', 'DEADLINE'],
        bucket: 'ACTIVE',
        earliestMs: 797_891,
        latestMs: 1_097_891,
        isActive: false,
      },
    ],
    // The source left out the hash, and all but the constraints.
    'dumpsys-jobscheduler/android-09_workmanager_abridged': [
      { id: 13, required: ['TIMING_DELAY', 'CONNECTIVITY'], bucket: undefined },
    ],
    'dumpsys-jobscheduler/android-10_workmanager': [
      {
        uid: 'u0a172',
        id: 4,
        isPeriodic: false,
        required: ['TIMING_DELAY', 'CONNECTIVITY'],
        satisfied: ['DEVICE_NOT_DOZING', 'BACKGROUND_NOT_RESTRICTED', 'WITHIN_QUOTA'],
        unsatisfied: ['TIMING_DELAY', 'CONNECTIVITY'],
        bucket: 'RARE',
        earliestMs: 2_309_834,
        latestMs: undefined,
        isReady: false,
      },
    ],
    'dumpsys-jobscheduler/android-11_workmanager_content-trigger': [
      {
        id: 5,
        required: ['CONNECTIVITY', 'CONTENT_TRIGGER'],
        unsatisfied: ['WITHIN_QUOTA'],
        bucket: 'RARE',
        earliestMs: undefined,
        isReady: false,
        isActive: false,
      },
    ],
    // Without a header, nobody can say which job it is.
    'dumpsys-jobscheduler/android-12_workmanager_header-cut': [],
    'dumpsys-jobscheduler/android-13-14_tare_grep': [{ id: 64, uid: 'u0a347', unsatisfied: [] }],
    'dumpsys-jobscheduler/android-15-16_content-observer_no-header': [],
    'dumpsys-jobscheduler/android-16_api36_both-header-forms': [
      { id: 2, namespace: NS },
      { id: 3, namespace: undefined },
    ],
    'dumpsys-jobscheduler/android-16_api36_namespace': [
      { id: 2, namespace: NS, required: ['TIMING_DELAY', 'CONNECTIVITY', 'FLEXIBILITY'] },
    ],
    'dumpsys-jobscheduler/android-16_no-package_abridged': [],
    'dumpsys-jobscheduler/android-17_api37_trace-tag': [
      { id: 1, namespace: NS, traceTag: 'BackgroundSyncWorker', uid: 'u0a233' },
    ],
    'dumpsys-jobscheduler/job-history': [],
    'dumpsys-jobscheduler/jobstatus_in_logcat': [],
    'dumpsys-jobscheduler/vendor-constraint_elided': [
      {
        id: 275,
        required: ['TIMING_DELAY', 'CONNECTIVITY', 'UID_NOT_RESTRICTED'],
        unsatisfied: ['TIMING_DELAY'],
        earliestMs: 407_715,
        isReady: false,
      },
    ],
  };

  it.each(Object.entries(table))('%s', (name, jobs) => {
    const found = parseJobs(readFixture(name), APP);
    expect(found).toMatchObject(jobs);
    expect(found).toHaveLength(jobs.length);
  });

  it('says something about every file', () => {
    expect(Object.keys(table).sort()).toEqual(namesIn('dumpsys-jobscheduler'));
  });

  it('another app’s job is read for that app alone', () => {
    const dump = readFixture('dumpsys-jobscheduler/android-16_api36_both-header-forms');
    expect(parseJobs(dump, `${APP}.probe.native`)).toMatchObject([{ id: 1, uid: 'u0a217' }]);
    expect(parseJobs(dump, 'com.example.other')).toMatchObject([{ id: 0, namespace: NS }]);
  });

  it('finds the worker by its trace tag', () => {
    const dump = readFixture('dumpsys-jobscheduler/android-17_api37_trace-tag');
    const jobs = parseJobs(dump, APP);
    expect(findWorkerJobs(jobs, 'BackgroundSyncWorker').map(({ id }) => id)).toEqual([1]);
    expect(findWorkerJobs(jobs, 'AnotherWorker')).toEqual([]);
  });

  it('job history: who was stopped, when and why', () => {
    expect(parseJobStops(readFixture('dumpsys-jobscheduler/job-history'), APP)).toEqual([
      { id: 25, agoMs: 15_206, reason: 'cancelled while waiting for bind' },
      { id: 25, agoMs: 12_519, reason: 'canceled' },
    ]);
    expect(parseJobStops(readFixture('dumpsys-jobscheduler/android-10_workmanager'), APP)).toEqual([
      { id: 9008, agoMs: 5_726_362, reason: 'app called jobFinished' },
    ]);
  });

  it('the background restriction, where the dump tells it', () => {
    const dump = readFixture('dumpsys-jobscheduler/android-13-14_tare_grep');
    expect(findBackgroundRestriction(dump, APP)).toBe(true);
    expect(findBackgroundRestriction(dump, 'com.example')).toBeUndefined();
  });
});

describe('cmd jobscheduler run', () => {
  /** `rc=23  (-1001) TEXT            (remark)` */
  const ROW = /^rc=(\d+) +(?:\(-\d+\) +)?(.*?)(?: {2,}\(.*)?$/;

  it('all messages, of Android 7 to 16', () => {
    const kinds = linesOf('cmd-jobscheduler-run/all-messages').flatMap((line) => {
      const [, code, text = ''] = ROW.exec(line) ?? [];
      return code === undefined ? [] : [parseRunJob(`${text}\n`, Number(code)).kind];
    });
    expect(kinds).toEqual([
      ...['running', 'running', 'no-package', 'no-job', 'no-job', 'constraints', 'constraints'],
      ...['no-namespace', 'refused', 'refused', 'refused', 'refused'],
    ]);
  });

  it.each<[name: string, kinds: string[]]>([
    ['android-09_api28', ['constraints', 'running']],
    ['android-16_api36', ['running', 'constraints', 'no-job', 'running']],
    ['adb-29_and_34', ['running', 'no-job', 'no-package', 'constraints', 'refused']],
  ])('%s', (name, kinds) => {
    const [, ...answers] = `\n${readFixture(`cmd-jobscheduler-run/${name}`)}`.split(/^\$ .*\n/m);
    expect(
      answers.map((answer) => parseRunJob(answer.replace(/ {3,}.*| *\[rc=.*/g, ''), null).kind),
    ).toEqual(kinds);
  });

  it('says something about every file', () => {
    expect(namesIn('cmd-jobscheduler-run')).toHaveLength(4);
  });
});

it('am broadcast: what each receiver answered', () => {
  const results = linesOf('am-broadcast/ordered-results').flatMap((line) => {
    const result = parseBroadcast(line);
    return result === undefined ? [] : [[result.result, result.data]];
  });
  expect(results).toEqual([
    [-1, 'state=playing&volume=40&source=iPhone%20de%20Me&title=Song'],
    [-1, 'TRULY_BONDED'],
    [-1, 'accepted:NAME'],
    [-1, 'Flag 17 Completed'],
    [-1, '{"items":[{"id":"2","address":"+123456789"}],"total":2}'],
    [0, undefined],
  ]);
  expect(parseBroadcast(readFixture('am-broadcast/diagnostics_excerpt'))).toEqual({
    result: 0,
    data: undefined,
  });
});

describe('adb’s errors', () => {
  /** The lines that say what is wrong; the rest are notices, or the lines that follow one. */
  const failures = (name: string): [string, string | undefined][] =>
    linesOf(name).map((line) => [line.replace(/ {3,}.*| *\[.*/, ''), parseAdbError(line)]);

  it.each(['adb-errors/adb-29.0.6', 'adb-errors/adb-34.0.5'])('%s', (name) => {
    const found = new Map(failures(name));
    const byKind = (kind: string | undefined): string[] =>
      [...found].filter(([, failure]) => failure === kind).map(([line]) => line);
    expect(byKind('unauthorized')).toEqual([expect.stringMatching(/: device unauthorized\.$/)]);
    for (const line of byKind('gone')) {
      expect(line).toMatch(
        /no devices|no device with|not found|more than one|unable to connect for root|connect failed/,
      );
    }
    for (const line of byKind('server')) expect(line).toMatch(/daemon|server/);
    for (const line of byKind(undefined)) {
      expect(line).toMatch(
        /^(?:This adb server|Try 'adb|Otherwise check|failed to (?:connect|authenticate) to|error: could not connect to TCP port|adb server version|\* daemon|adb: execl|Full server|Server had pid|adb: unknown command)/,
      );
    }
    expect(byKind('gone').length).toBeGreaterThanOrEqual(6);
    expect(byKind('server').length).toBeGreaterThanOrEqual(2);
  });

  it('every state and error that its source names', () => {
    const [states = '', errors = ''] = linesOf('adb-errors/states');
    for (const state of states.replace(/^states: |"[^"]*"|any$/g, '').split(/\s+/)) {
      if (state === '') continue;
      const [device] = parseDevices(`SERIAL\t${state}\n`);
      expect([device?.state, device?.problem === undefined]).toEqual([state, state === 'device']);
    }
    for (const text of errors
      .replace(/^errors: /, '')
      .replaceAll('\\n', '\n')
      .split(' | ')) {
      expect(parseAdbError(`error: ${text}`), text).toMatch(
        /unauthorized|authorizing/.test(text) ? 'unauthorized' : 'gone',
      );
    }
  });

  it('is no error: what the device itself says, and a notice', () => {
    expect(parseAdbError('/system/bin/sh: foo: not found\n')).toBeUndefined();
    expect(parseAdbError('run-as: package not debuggable: a.b\n')).toBeUndefined();
    expect(parseAdbError('* daemon started successfully\n')).toBeUndefined();
  });
});
