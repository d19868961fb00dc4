import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePackageDump } from '../../../src/devices/android/app.ts';
import { parseAdbError } from '../../../src/devices/android/parse-adb-error.ts';
import { parseBroadcast, parseHookAnswer } from '../../../src/devices/android/parse-broadcast.ts';
import { parseDevices } from '../../../src/devices/android/parse-devices.ts';
import {
  parseDumpDuration,
  parseJobs,
  parseJobStops,
} from '../../../src/devices/android/parse-jobs.ts';
import { parseLogcatLine } from '../../../src/devices/android/parse-logcat.ts';
import { parseRunJob } from '../../../src/devices/android/parse-run-job.ts';
import {
  findBackgroundRestriction,
  parseBackgroundOp,
  parseLowPower,
  parseStandbyBucket,
} from '../../../src/devices/android/restrictions.ts';
import { Symptoms } from '../../../src/devices/android/symptoms.ts';
import { describeDevice } from '../../../src/devices/choose.ts';
import { parseDevicectl } from '../../../src/devices/ios/parse-devicectl.ts';
import { parseSimulators } from '../../../src/devices/ios/parse-simctl.ts';
import { xcrunError } from '../../../src/devices/ios/parse-xcrun-error.ts';
import { parseAppStatus } from '../../../src/devices/status-document.ts';
import { parseLine } from '../../../src/events/parse.ts';
import { printableLine } from '../../../src/terminal.ts';
import { ALL_FIXTURES, readFixture } from './fixtures.ts';

const APP = 'com.example.app';
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** Gives the text to every parser of what a tool printed; checks what would be shown of it. */
function readEverything(text: string): void {
  const shown = [
    ...[...parseDevices(text), ...parseSimulators(text), ...parseDevicectl(text)].map(
      describeDevice,
    ),
    ...parseJobs(text, APP).flatMap(({ uid, service, bucket = '' }) => [uid, service, bucket]),
    ...parseJobStops(text, APP).map(({ reason }) => reason),
    xcrunError('It', text, null).message,
  ];
  for (const one of shown) expect(printableLine(one)).not.toMatch(CONTROL);

  const broadcast = parseBroadcast(text);
  if (broadcast !== undefined) parseHookAnswer(broadcast);
  parseRunJob(text, null);
  parseAdbError(text);
  parsePackageDump(text);
  parseDumpDuration(text);
  parseStandbyBucket(text);
  parseLowPower(text);
  parseBackgroundOp(text);
  findBackgroundRestriction(text, APP);
  parseAppStatus(text);
  const symptoms = new Symptoms(APP, () => undefined);
  for (const line of text.split('\n')) {
    parseLine(line);
    const record = parseLogcatLine(line);
    if (record !== undefined) symptoms.add(record);
  }
  symptoms.stop();
}

const fixture = fc.constantFrom(...ALL_FIXTURES).map(readFixture);
const noise = fc.string({ unit: 'binary', maxLength: 30 });

describe('every parser, on every sample', () => {
  it('cut anywhere', () => {
    fc.assert(
      fc.property(fixture, fc.nat(8000), fc.nat(8000), (text, from, length) =>
        readEverything(text.slice(from % text.length, (from % text.length) + length)),
      ),
      { numRuns: 500 },
    );
  });

  it('with its lines, and those of others, in any order', () => {
    const lines = fc.tuple(fixture, fixture).chain(([one, other]) => {
      const all = `${one}\n${other}`.split('\n');
      return fc.shuffledSubarray(all, { minLength: Math.floor(all.length / 2) });
    });
    fc.assert(
      fc.property(lines, (all) => readEverything(all.join('\n'))),
      { numRuns: 300 },
    );
  });

  it('with anything in the middle of it', () => {
    fc.assert(
      fc.property(fixture, fc.nat(8000), noise, (text, at, garbage) =>
        readEverything(text.slice(0, at % text.length) + garbage + text.slice(at % text.length)),
      ),
      { numRuns: 500 },
    );
  });

  it('a line said again a thousand times', () => {
    for (const name of ALL_FIXTURES) {
      const lines = readFixture(name).split('\n').slice(0, 4);
      for (const line of lines) readEverything(`${line.slice(0, 300)} `.repeat(1000));
    }
  });
});
