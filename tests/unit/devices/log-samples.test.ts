import { describe, expect, it } from 'vitest';
import { parseLogcatLine } from '../../../src/devices/android/parse-logcat.ts';
import { Symptoms } from '../../../src/devices/android/symptoms.ts';
import type { UserError } from '../../../src/errors.ts';
import { parseLine } from '../../../src/events/parse.ts';
import { linesOf, namesIn, readFixture } from './fixtures.ts';

const EVENT = { v: 1, seq: 7, ts: 1, plat: 'android', pid: 1, ev: 'run.end', out: 'done' };
const OURS = `BGSYNC1 ${JSON.stringify(EVENT)}`;
const FOUND = [{ kind: 'event', event: EVENT }];

/** A line as `-v epoch`, the only format that bgsync asks logcat for, would have it. */
const toEpoch = (line: string): string =>
  line.replace(/^(?:\d{4}-)?\d\d-\d\d \d\d:\d\d:\d\d\.(\d{3})\d*/, '1790090110.$1');

/** The first failure that these lines tell of. */
function firstFailure(lines: readonly string[]): UserError | undefined {
  let failure: UserError | undefined;
  const symptoms = new Symptoms('com.example.app', (error) => (failure ??= error));
  for (const line of lines) {
    const record = parseLogcatLine(toEpoch(line));
    if (record !== undefined) symptoms.add(record);
  }
  symptoms.stop();
  return failure;
}

describe('logcat', () => {
  it('epoch: time, process, priority, tag, message', () => {
    const records = linesOf('logcat/epoch_trimmed').map(parseLogcatLine);
    expect(
      records.map((record) => [record?.pid, record?.tid, record?.priority, record?.tag]),
    ).toEqual([
      [6037, 6071, 'D', 'AppTag'],
      [6037, 6059, 'I', 'WM-WorkerWrapper'],
      [6037, 6059, 'I', 'WM-WorkerWrapper'],
    ]);
    expect(records[1]?.message).toMatch(/^Worker result SUCCESS for Work \[ id=354a48f1/);
    expect(records[0]?.time).toBe('1790090110.319');
  });

  it.each<[name: string, tags: (string | undefined)[]]>([
    [
      'logcat/threadtime_run',
      ['AppTag', 'AppTag', 'WM-WorkerWrapper', 'WM-Processor', 'WM-SystemJobService'],
    ],
    ['logcat/permission-denial_broadcast', ['BroadcastQueue']],
    // The last two are of other formats: brief, and Android Studio's.
    ['logcat/chatty_collapsed', ['chatty', 'chatty', undefined, undefined]],
    [
      'logcat/dividers_and_noise',
      [...Array<undefined>(2), 'AndroidRuntime', ...Array<undefined>(5)],
    ],
    // Without process and thread no logcat prints it: abridged by its source.
    ['logcat/no-pid_failure', Array<undefined>(4).fill(undefined)],
  ])('%s, in epoch times', (name, tags) => {
    expect(linesOf(name).map((line) => parseLogcatLine(toEpoch(line))?.tag)).toEqual(tags);
  });

  it.each(namesIn('logcat'))(
    '%s: an event of ours is found in a line of that shape, and no other',
    (name) => {
      for (const line of linesOf(name)) {
        expect(parseLine(line)).toEqual([]);
        const [head] = /^.*?(?:[A-Za-z]\w*\s*(?:\( *\d+\))?: )/.exec(line) ?? [];
        if (head !== undefined) expect(parseLine(head + OURS)).toEqual(FOUND);
      }
    },
  );

  it('WorkManager’s refusal of work that is not due, and only that, is a failure', () => {
    const lines = linesOf('cmd-jobscheduler-run/android-16_api36');
    expect(firstFailure(lines)).toMatchObject({ exitCode: 9 });
    expect(firstFailure(lines)?.message).toContain('not due yet');
    for (const name of namesIn('logcat')) expect(firstFailure(linesOf(name)), name).toBeUndefined();
  });

  it.each(['am-broadcast/diagnostics_threadtime', 'am-broadcast/diagnostics_android-studio'])(
    '%s: WorkManager’s tables are no events, and no failure',
    (name) => {
      expect(linesOf(name).flatMap(parseLine)).toEqual([]);
      expect(firstFailure(linesOf(name))).toBeUndefined();
    },
  );
});

describe('log stream and log show', () => {
  it('records: none is ours; in each, whatever its other keys, ours is found', () => {
    const records = linesOf('log-ndjson/records');
    expect(records.flatMap(parseLine)).toEqual([]);
    let carriers = 0;
    for (const line of records) {
      const ours = line.replace(/"eventMessage":"(?:[^"\\]|\\.)*"/, () => {
        carriers += 1;
        return `"eventMessage":${JSON.stringify(OURS)}`;
      });
      if (ours !== line) expect(parseLine(ours)).toEqual(FOUND);
      const redacted = line.replace(
        /"eventMessage":"(?:[^"\\]|\\.)*"/,
        '"eventMessage":"BGSYNC1 <private>"',
      );
      if (redacted !== line) expect(parseLine(redacted)).toEqual([{ kind: 'redacted' }]);
    }
    expect(carriers).toBe(5);
  });

  it.each(['log-ndjson/non-json-lines', 'log-ndjson/framework-messages'])(
    '%s: not ours',
    (name) => {
      expect(linesOf(name).flatMap(parseLine)).toEqual([]);
    },
  );

  it.each(['log-ndjson/compact-and-syslog', 'devicectl/launch-console'])(
    '%s: ours is found behind the head of a line',
    (name) => {
      expect(linesOf(name).flatMap(parseLine)).toEqual([]);
      const heads = readFixture(name).match(/^\d{4}-.*?\] /gm) ?? [];
      expect(heads).toHaveLength(2);
      for (const head of heads) expect(parseLine(head + OURS)).toEqual(FOUND);
    },
  );
});
