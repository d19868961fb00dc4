import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NEEDS } from '../../../src/doctor/signals/needs.ts';
import { LogWatch } from '../../../src/doctor/signals/log-watch.ts';
import { SIGNALS } from '../../../src/doctor/signals/index.ts';
import { EVENT_MARKER, EVENT_NAMES } from '../../../src/events/event.ts';
import type { EventName, SyncEvent } from '../../../src/events/event.ts';
import type { EventFields } from '../../../src/events/write.ts';
import { readFindings } from '../../../src/events/read.ts';
import { parseSystemLine } from '../../../src/events/system-lines.ts';
import { createEventWriter, toAsciiJson } from '../../../src/events/write.ts';

const T0 = Date.UTC(2026, 2, 14, 21, 0, 0);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Writes the events of an app's processes, a second apart. */
class Log {
  readonly events: SyncEvent[] = [];
  now = T0;
  private pid = 100;
  private readonly plat: string;
  private writer: ReturnType<typeof createEventWriter>;

  constructor(plat = 'android') {
    this.plat = plat;
    this.writer = this.restart();
  }

  restart(): ReturnType<typeof createEventWriter> {
    this.pid += 1;
    this.writer = createEventWriter(
      { plat: this.plat, pid: this.pid },
      () => (this.now += 1000),
      (event) => this.events.push(event),
    );
    return this.writer;
  }

  emit(ev: EventName, fields: EventFields = {}): this {
    this.writer.emit(ev, fields);
    return this;
  }

  wait(ms: number): this {
    this.now += ms;
    return this;
  }

  /** A run as both platforms write it, from its start to its end. */
  run(run: string, end: EventFields = {}, start: EventFields = {}): this {
    this.emit('run.start', { run, trig: 'os', att: 1, ...start });
    this.emit('host.start', { run }).emit('host.ready', { run }).emit('js.start', { run });
    const next = this.now + HOUR;
    this.emit('schedule', { run, why: 'done', next });
    return this.emit('run.end', { run, ms: 4000, out: 'done', rem: 0, next, ...end });
  }
}

function look(events: readonly SyncEvent[]) {
  const watch = new LogWatch(SIGNALS);
  for (const [index, event] of events.entries()) watch.event(event, index + 1);
  return watch.finish('device.log').findings;
}

const android = (): Log => new Log().emit('register', { why: 'new', next: T0 + HOUR });
const ios = (): Log =>
  new Log('ios')
    .emit('register', { why: 'new' })
    .emit('schedule', { why: 'register', next: T0 + HOUR });

const runs = (log: Log, ...ends: EventFields[]): Log => {
  for (const [index, end] of ends.entries()) log.run(`run${index}`, end);
  return log;
};
const expired: EventFields = { out: 'expired', why: 'budget' };

type Found = readonly [name: string, log: Log, says: string, line?: number];

interface Case {
  /** The log, and part of the message; `line` where it stands. */
  readonly found: readonly Found[];
  readonly near: readonly (readonly [name: string, log: Log])[];
}

const killedRun = (log: Log): Log => {
  log.emit('run.start', { run: 'dead', trig: 'os' }).restart();
  return log;
};

const CASES: Readonly<Record<string, Case>> = {
  R01: {
    found: [
      [
        'the next process says so',
        killedRun(android()).emit('run.end', { run: 'dead', out: 'killed' }),
        'run dead at 2026-03-14T21:00:02.000Z: its process died',
        2,
      ],
      [
        'the next process is another',
        killedRun(android()).emit('register', { why: 'kept' }),
        'died',
      ],
      [
        'twice',
        killedRun(killedRun(android()).emit('run.end', { run: 'dead', out: 'killed' })).emit(
          'run.end',
          { run: 'dead', out: 'killed' },
        ),
        '(2 times, this is the first)',
      ],
    ],
    near: [['open at the end of the log', android().emit('run.start', { run: 'a', trig: 'os' })]],
  },
  R02: {
    found: [['three of four', runs(android(), expired, expired, {}, expired), '3 of 4 runs', 2]],
    near: [
      ['half', runs(android(), expired, {}, expired, {})],
      ['too few to say', runs(android(), expired, expired, expired)],
    ],
  },
  R03: {
    found: [
      ['quota', android().emit('expire', { run: 'a', why: 'quota' }), 'run a: quota'],
      ['standby', android().emit('expire', { run: 'a', why: 'app-standby' }), 'app-standby'],
    ],
    near: [['our own budget', android().emit('expire', { run: 'a', why: 'budget' })]],
  },
  R04: {
    found: [
      ['rare', android().run('a', {}, { env: { bucket: 40 } }), 'bucket 40', 2],
      ['a restriction', android().emit('expire', { why: 'background-restriction' }), 'restricted'],
    ],
    near: [['frequent', android().run('a', {}, { env: { bucket: 30 } })]],
  },
  R05: {
    found: [
      ['the system’s limit', android().emit('expire', { run: 'a', why: 'timeout' }), 'run a'],
    ],
    near: [['no network', android().emit('expire', { run: 'a', why: 'no-network' })]],
  },
  R06: {
    found: [['code 1', ios().emit('schedule.error', { why: '1' }), 'unavailable (code 1)', 3]],
    near: [['accepted', ios().emit('schedule', { next: T0 })]],
  },
  R07: {
    found: [
      ['code 3', ios().emit('schedule.error', { why: '3', msg: 'not permitted' }), 'not permitted'],
      ['at launch', ios().emit('schedule.error', { why: 'not-in-plist' }), 'not-in-plist'],
    ],
    near: [['no such word', ios().emit('schedule', { why: '3', next: T0 })]],
  },
  R08: {
    found: [
      ['too many', ios().emit('schedule.error', { why: '2', msg: 'too many' }), '2, too many'],
      [
        'an exception',
        android().emit('schedule.error', { why: 'SQLiteException' }),
        'SQLiteException',
      ],
      ['not registered', android().emit('schedule.error', { why: 'not-registered' }), 'refused'],
    ],
    near: [
      ['withdrawn', android().emit('cancel').emit('schedule.error', { why: 'not-registered' })],
    ],
  },
  R09: {
    found: [
      [
        'three of three',
        android()
          .run('a', {}, { env: { save: 1 } })
          .run('b', {}, { env: { save: 1 } })
          .run('c', {}, { env: { save: 1 } }),
        '3 of 3 runs found battery saver on',
      ],
    ],
    near: [
      [
        'one of three',
        android()
          .run('a', {}, { env: { save: 1 } })
          .run('b', {}, { env: { save: 0 } })
          .run('c', {}, { env: { save: 0 } }),
      ],
    ],
  },
  R10: {
    found: [['heal', android().emit('heal', { why: 'failed', next: T0 + HOUR }), 'was failed']],
    near: [['kept', android().emit('register', { why: 'kept' })]],
  },
  R11: {
    found: [
      ['no host', ios().emit('run.skip', { run: 'a', why: 'no-host' }), 'without a window'],
      [
        'too late',
        android()
          .emit('run.start', { run: 'a' })
          .emit('host.start', { run: 'a' })
          .emit('run.end', { run: 'a', out: 'skipped', why: 'host-timeout' }),
        'did not boot in time',
      ],
      [
        'with its error',
        android()
          .emit('run.start', { run: 'a' })
          .emit('run.end', { run: 'a', out: 'skipped', why: 'host-failed', msg: 'no bundle' }),
        'failed to boot: no bundle',
      ],
      [
        'the window closed meanwhile',
        android()
          .emit('run.start', { run: 'a' })
          .emit('host.start', { run: 'a' })
          .emit('run.end', { run: 'a', out: 'expired', why: 'os' }),
        'while the app’s code was booting',
      ],
    ],
    near: [
      ['busy', android().emit('run.skip', { run: 'a', why: 'busy' })],
      ['booted before', android().emit('run.start', { run: 'a' }).emit('run.end', expiredEnd('a'))],
    ],
  },
  R12: {
    found: [
      [
        'nobody took it',
        android()
          .emit('run.start', { run: 'a' })
          .emit('run.end', { run: 'a', out: 'skipped', why: 'js-timeout' }),
        'nobody took the run',
      ],
      [
        'the window closed meanwhile',
        android()
          .emit('run.start', { run: 'a' })
          .emit('host.start', { run: 'a' })
          .emit('host.ready', { run: 'a' })
          .emit('run.end', expiredEnd('a')),
        'nobody took the run',
      ],
    ],
    near: [['taken', android().run('a', expired)]],
  },
  R13: {
    found: [
      [
        'opened a day later',
        android()
          .wait(24 * HOUR)
          .emit('register', { why: 'kept' }),
        'the window that was due at 2026-03-14T22:00:00.000Z had not come',
        2,
      ],
      [
        'iOS, after four days',
        ios()
          .wait(96 * HOUR)
          .emit('register', { why: 'kept' }),
        'due',
      ],
    ],
    near: [
      [
        'a night in Doze',
        android()
          .wait(11 * HOUR)
          .run('a'),
      ],
      [
        'iOS, after a day',
        ios()
          .wait(30 * HOUR)
          .run('a'),
      ],
      [
        'a long interval',
        android()
          .emit('schedule', { next: T0 + 48 * HOUR })
          .wait(60 * HOUR)
          .run('a'),
      ],
      [
        'withdrawn',
        android()
          .emit('cancel')
          .wait(96 * HOUR)
          .emit('register', { why: 'new' }),
      ],
      [
        'the local platform',
        new Log('local')
          .emit('schedule', { next: T0 })
          .wait(96 * HOUR)
          .run('a'),
      ],
    ],
  },
  R14: {
    found: [
      ['locked', ios().emit('run.skip', { run: 'a', why: 'locked' }), 'unavailable'],
      [
        'never unlocked',
        ios().emit('run.skip', { run: 'a', why: 'before-first-unlock' }),
        'unavail',
      ],
    ],
    near: [
      ['unlocked', ios().run('a', {}, { env: { locked: 0 } })],
      ['locked, and run', ios().run('a', {}, { env: { locked: 1 } })],
    ],
  },
  R15: {
    found: [
      [
        'three in a row',
        runs(android(), { rem: 7 }, { rem: 7 }, { rem: 7 }),
        '3 runs in a row ended done and left the same 7 items, from run run0',
        2,
      ],
      [
        'four',
        runs(android(), { rem: 1 }, { rem: 7 }, { rem: 7 }, { rem: 7 }, { rem: 7 }),
        '4 runs',
      ],
    ],
    near: [
      ['fewer each time', runs(android(), { rem: 9 }, { rem: 8 }, { rem: 7 })],
      ['two', runs(android(), { rem: 7 }, { rem: 7 }, { rem: 6 })],
      ['an empty queue', runs(android(), { rem: 0 }, { rem: 0 }, { rem: 0 })],
      [
        'asks for a retry',
        runs(android(), { rem: 7 }, { rem: 7, out: 'retry' }, { rem: 7 }, { rem: 7 }),
      ],
    ],
  },
  R16: {
    found: [
      ['late', android().emit('late', { run: 'a', out: 'done' }), 'answered done after run a'],
    ],
    near: [['in time', android().run('a', expired)]],
  },
  R17: {
    found: [
      [
        'two at once',
        android()
          .emit('run.start', { run: 'a' })
          .emit('run.start', { run: 'b' })
          .emit('run.end', { run: 'b', out: 'done' })
          .emit('run.end', { run: 'a', out: 'done' }),
        'run a at 2026-03-14T21:00:02.000Z: run b started while it was open',
        2,
      ],
    ],
    near: [
      [
        'refused',
        android()
          .emit('run.start', { run: 'a' })
          .emit('run.skip', { why: 'busy' })
          .emit('run.end', { run: 'a', out: 'done' }),
      ],
    ],
  },
  R18: {
    found: [
      [
        'no next window',
        ios().emit('run.start', { run: 'a' }).emit('run.end', { run: 'a', out: 'done' }),
        'run a at 2026-03-14T21:00:03.000Z: it set no next window',
        3,
      ],
    ],
    near: [
      ['set', ios().run('a')],
      [
        'withdrawn',
        ios()
          .emit('run.start', { run: 'a' })
          .emit('cancel')
          .emit('run.end', { run: 'a', out: 'done' }),
      ],
      [
        'Android repeats by itself',
        android().emit('run.start', { run: 'a' }).emit('run.end', { run: 'a', out: 'done' }),
      ],
      ['lines are missing', withoutSchedule(ios().run('a'))],
    ],
  },
};

function expiredEnd(run: string): EventFields {
  return { run, out: 'expired', why: 'os' };
}

/** As a log that lost a line. */
function withoutSchedule(log: Log): Log {
  const at = log.events.findIndex(({ ev, run }) => ev === 'schedule' && run === 'a');
  log.events.splice(at, 1);
  const end = log.events.findIndex(({ ev }) => ev === 'run.end');
  const event: Record<string, unknown> = { ...log.events[end]! };
  delete event.next;
  log.events[end] = event as unknown as SyncEvent;
  return log;
}

test('every signal has its cases', () => {
  // Those of the systems' own lines have theirs in system-lines.test.ts and in situations.ts.
  expect(SIGNALS.map(({ id }) => id)).toEqual(
    Array.from({ length: 29 }, (_, index) => `R${String(index + 1).padStart(2, '0')}`),
  );
  expect(Object.keys(CASES)).toEqual(SIGNALS.map(({ id }) => id).slice(0, 18));
  expect(Object.keys(NEEDS)).toEqual(SIGNALS.map(({ id }) => id));
});

describe('what was not there to look at has not passed', () => {
  const whyUnseen = (feed: (watch: LogWatch) => void): Record<string, string | undefined> => {
    const watch = new LogWatch(SIGNALS);
    feed(watch);
    const { outcomes } = watch.finish('device.log');
    return Object.fromEntries(outcomes.map(({ rule, unseen }) => [rule.id, unseen]));
  };
  const feedAll =
    ({ events }: Log, from = 1) =>
    (watch: LogWatch): void => {
      for (const [index, event] of events.entries()) watch.event(event, from + index);
    };
  const line = parseSystemLine(
    '10-11 15:33:49.000  4242  4262 I WM-WorkerWrapper: Worker result SUCCESS for Work [ id=1 ]',
  );

  test('runs, where no event of ours is there', () => {
    const of = whyUnseen((watch) => watch.system(line!, 1));
    expect(of).toMatchObject({ R01: 'no event of bgsync is in the log', R19: undefined });
    expect(of).toMatchObject({ R20: expect.stringContaining('iOS') as string, R22: undefined });
  });

  test('runs, where the app did nothing but register', () => {
    const of = whyUnseen(feedAll(new Log().emit('register'), 7));
    expect(of).toMatchObject({ R01: 'no run is in the log', R08: undefined, R19: undefined });
  });

  test('the other platform', () => {
    const of = whyUnseen(feedAll(new Log('ios').run('a'), 7));
    expect(of).toMatchObject({ R05: expect.stringContaining('Android') as string, R18: undefined });
    expect(of).toMatchObject({ R22: expect.stringContaining('Android') as string, R20: undefined });
  });

  test('the system’s lines, where the log can have none', () => {
    const of = whyUnseen(feedAll(new Log().run('a')));
    expect(of).toMatchObject({ R19: 'the log has bgsync’s own events alone', R01: undefined });
  });

  test.each(Object.entries(CASES))('but %s, where it is found', (id, { found }) => {
    for (const [, log] of found) expect(whyUnseen(feedAll(log))[id]).toBeUndefined();
  });
});

const pad = (value: number): string => String(value).padStart(2, '0');

/** What the tools print of an event; https://developer.android.com/tools/logcat#outputFormat, log(1). */
const FORMATS: Readonly<Record<string, (event: SyncEvent) => string>> = {
  'logcat -v threadtime': (event) => {
    const date = new Date(event.ts);
    const day = `${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;
    const time = date.toISOString().slice(11, 23);
    return `${day} ${time}  ${event.pid}  4986 I BackgroundSync: ${EVENT_MARKER}${toAsciiJson(event)}`;
  },
  'logcat -v brief': (event) =>
    `I/BackgroundSync( ${event.pid}): ${EVENT_MARKER}${toAsciiJson(event)}`,
  'log show': (event) => {
    const time = new Date(event.ts).toISOString().replace('T', ' ').replace('Z', '000+0000');
    const start = `${time} 0x6aab     Default     0x0                  ${event.pid}    0    `;
    return `${start}HelloWorld: [dev.bgsync:sync] ${EVENT_MARKER}${toAsciiJson(event)}`;
  },
  'log show --style ndjson': (event) =>
    JSON.stringify({
      timestamp: new Date(event.ts).toISOString(),
      processID: event.pid,
      eventType: 'logEvent',
      eventMessage: EVENT_MARKER + toAsciiJson(event),
      subsystem: 'dev.bgsync',
    }),
  'bgsync logs --json': toAsciiJson,
};

async function lookAtText(text: string) {
  const watch = new LogWatch(SIGNALS);
  const chunks = Readable.from([Buffer.from(text)]);
  for await (const { line, finding } of readFindings(chunks)) {
    if (finding.kind === 'event') watch.event(finding.event, line);
  }
  return watch.finish('device.log').findings;
}

test.each(Object.entries(FORMATS))(
  '%s: all signals are seen, and no others',
  async (_name, print) => {
    for (const { found, near } of Object.values(CASES)) {
      for (const [name, { events }] of [...found, ...near]) {
        const lines = events.map(print);
        const findings = await lookAtText(`${lines.join('\r\n')}\r\n`);
        expect([name, findings]).toEqual([name, look(events)]);
      }
    }
  },
);

describe.each(Object.entries(CASES))('%s', (id, { found, near }) => {
  for (const [name, log, says, line] of found) {
    test(`is seen: ${name}`, () => {
      const findings = look(log.events);
      expect(findings.map((finding) => finding.id)).toEqual([id]);
      expect(findings[0]).toMatchObject({ file: 'device.log' });
      expect(findings[0]!.message).toContain(says);
      if (line !== undefined) expect(findings[0]!.line).toBe(line);
    });
  }

  test.each([...near])('is not seen: %s', (_name, log) => {
    expect(look(log.events).map((finding) => finding.id)).not.toContain(id);
  });
});

test('a sound log shows nothing', () => {
  for (const log of [android(), ios()]) {
    for (let day = 0; day < 5; day++) log.run(`d${day}`, { rem: 5 - day }).wait(HOUR);
    expect(look(log.events)).toEqual([]);
  }
});

test('platforms are told apart, and lines that stand twice count once', () => {
  const one = android().emit('late', { run: 'a' }).events;
  const other = ios().emit('late', { run: 'b' }).events;
  const findings = look([...one, ...one, ...other]);
  expect(findings.map(({ id, message }) => [id, message.includes('times')])).toEqual([
    ['R16', false],
    ['R16', false],
  ]);
});

test('memory does not grow with the log', () => {
  const watch = new LogWatch(SIGNALS);
  const state = (): number => JSON.stringify([...deep(watch)]).length;
  const log = new Log();
  let line = 0;
  const feed = (count: number): void => {
    for (let index = 0; index < count; index++) {
      log.emit('run.start', { run: `r${line}-${index}` });
      log.emit('schedule.error', { why: 'x' }).emit('late', { run: 'l' });
      for (const event of log.events.splice(0)) watch.event(event, ++line);
    }
  };
  feed(3000);
  const before = state();
  feed(12_000);
  expect(state()).toBeLessThan(before * 1.2);
});

/** Everything that is reachable from a value, closures left out. */
function* deep(value: unknown, seen = new Set()): Generator<string> {
  if (typeof value !== 'object' || value === null) {
    yield String(value);
    return;
  }
  if (seen.has(value)) return;
  seen.add(value);
  const parts =
    value instanceof Map ? [...value] : value instanceof Set ? [...value] : Object.values(value);
  for (const part of parts) yield* deep(part, seen);
}

test('no log makes it throw', () => {
  const value = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.constantFrom('1', '3', 'killed', 'done', '__proto__'),
  );
  const event = fc.record(
    {
      v: fc.constant(1),
      seq: fc.integer({ min: 1, max: 9 }),
      ts: fc.oneof(fc.integer({ min: T0, max: T0 + 99 * HOUR }), fc.double({ noNaN: true })),
      plat: fc.constantFrom('android', 'ios', 'local', '__proto__', 'x'),
      pid: fc.integer({ min: 1, max: 3 }),
      ev: fc.constantFrom(...EVENT_NAMES, 'other'),
      run: fc.constantFrom('a', 'b', 'c'),
      why: value.map(String),
      out: value.map(String),
      msg: fc.string(),
      rem: fc.integer(),
      next: fc.oneof(fc.integer(), fc.double({ noNaN: true })),
      env: fc.record({ bucket: fc.integer(), save: fc.integer(), locked: fc.integer() }),
    },
    { requiredKeys: ['v', 'seq', 'ts', 'plat', 'pid', 'ev'] },
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      for (const { message, line } of look(events)) {
        expect(message).not.toBe('');
        expect(line).toBeGreaterThan(0);
      }
    }),
    { numRuns: 300 },
  );
});
