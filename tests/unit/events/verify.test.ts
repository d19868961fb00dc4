import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SyncEvent } from '../../../src/events/event.ts';
import type { VerifyResult } from '../../../src/events/verify-result.ts';
import { Verifier } from '../../../src/events/verify.ts';

type Fields = Partial<SyncEvent> & { readonly ev: string };

function verify(events: readonly SyncEvent[]): VerifyResult {
  const verifier = new Verifier();
  events.forEach((event, i) => verifier.add(event, i + 1));
  return verifier.finish();
}

/** Events of one platform, a second apart, numbered per process. */
function log(fields: readonly Fields[], plat = 'android'): SyncEvent[] {
  const seqs = new Map<number, number>();
  return fields.map((event, i) => {
    const pid = event.pid ?? 1;
    const seq = event.seq ?? (seqs.get(pid) ?? 0) + 1;
    seqs.set(pid, seq);
    return { v: 1, ts: 1_000_000 + i * 1000, plat, pid, ...event, seq };
  });
}

const start = (run: string, pid = 1): Fields => ({ ev: 'run.start', run, pid });
const end = (run: string, pid = 1, fields: Partial<SyncEvent> = {}): Fields => ({
  ev: 'run.end',
  run,
  pid,
  out: 'done',
  ms: 1000,
  ...fields,
});
const schedule: Fields = { ev: 'schedule', next: 1 };
const other: Fields = { ev: 'register' };

const kinds = (events: readonly SyncEvent[]): string[] =>
  verify(events).violations.map(({ kind }) => kind);
const states = (events: readonly SyncEvent[]): string[] =>
  verify(events).runs.map(({ state }) => state);

describe('what is right', () => {
  it.each<[name: string, fields: Fields[], states: string[]]>([
    ['nothing', [], []],
    ['one run', [other, start('a'), schedule, end('a')], ['ended']],
    ['an answer after the end', [start('a'), end('a'), { ev: 'late', run: 'a' }], ['ended']],
    [
      'killed, and closed by the next process',
      [start('a'), end('a', 2, { out: 'killed' }), start('b', 2), end('b', 2)],
      ['killed', 'ended'],
    ],
    [
      'killed, and closed by the next process in the midst of a run, once its disk could be read',
      [start('a'), start('b', 2), end('a', 2, { out: 'killed' }), end('b', 2)],
      ['killed', 'ended'],
    ],
    [
      'expired as its process died, and closed so in the midst of a run of the next',
      [start('a'), start('b', 2), end('a', 2, { out: 'expired' }), end('b', 2)],
      ['ended', 'ended'],
    ],
    [
      'killed, and the log does not say by whom',
      [start('a'), start('b', 2), end('b', 2)],
      ['killed', 'ended'],
    ],
    [
      'killed, and its process number given again',
      [start('a'), { ev: 'register', seq: 1 }, start('b'), end('b')],
      ['killed', 'ended'],
    ],
    ['open at the end of the log', [other, start('a')], ['unknown']],
    [
      'its start before the log',
      [end('a', 1, { ms: 5000 }), start('b'), end('b')],
      ['unknown', 'ended'],
    ],
    [
      'its start before the log, without a duration',
      [
        { ev: 'progress', run: 'a' },
        { ev: 'run.end', run: 'a', out: 'done' },
      ],
      ['unknown'],
    ],
    ['a mark of the CLI in the middle', [start('a'), { ev: 'mark', pid: 99 }, end('a')], ['ended']],
    [
      'an event that we do not know',
      [start('a'), { ev: 'teleport', run: 'a' }, end('a')],
      ['ended'],
    ],
    ['refused at the gate', [start('a'), { ev: 'run.skip', why: 'busy' }, end('a')], ['ended']],
  ])('%s', (_name, fields, expected) => {
    const events = log(fields);
    expect(kinds(events)).toEqual([]);
    expect(states(events)).toEqual(expected);
  });
});

describe('what is wrong', () => {
  it.each<[name: string, fields: Fields[], kinds: string[]]>([
    ['two ends', [start('a'), end('a'), end('a', 1, { out: 'retry' })], ['two-ends']],
    ['killed after its end', [start('a'), end('a'), end('a', 2, { out: 'killed' })], ['two-ends']],
    ['two starts', [start('a'), end('a'), start('a')], ['two-starts']],
    ['an overlap', [start('a'), start('b'), end('a'), end('b')], ['overlap']],
    ['an overlap that dies', [start('a'), start('b'), { ev: 'register', pid: 2 }], ['overlap']],
    [
      'an overlap of two processes',
      [start('a'), start('b', 2), end('a'), end('b', 2)],
      ['overlap'],
    ],
    ['no end', [start('a'), other, start('b'), end('b')], ['no-end']],
    ['no start', [other, other, end('a', 1, { ms: 500 })], ['end-without-start']],
    [
      'no start, without a duration',
      [other, { ev: 'run.end', run: 'a', out: 'done' }],
      ['end-without-start'],
    ],
  ])('%s', (_name, fields, expected) => {
    expect(kinds(log(fields))).toEqual(expected);
  });

  it('says where and in plain words', () => {
    const { violations } = verify(log([start('a'), end('a'), end('a', 1, { out: 'retry' })]));
    expect(violations).toEqual([
      {
        kind: 'two-ends',
        line: 3,
        run: 'a',
        text: 'run a ended a second time, as retry; it had ended as done',
      },
    ]);
  });
});

describe('iOS', () => {
  it.each<[name: string, fields: Fields[], kinds: string[]]>([
    ['a schedule in each run', [start('a'), schedule, end('a'), start('b'), end('b')], []],
    [
      'a schedule that the platform refused',
      [start('a'), { ev: 'schedule.error' }, end('a'), start('b')],
      [],
    ],
    ['a schedule after the end', [start('a'), end('a'), schedule, start('b')], []],
    ['none', [start('a'), end('a'), start('b'), schedule, end('b')], ['no-schedule']],
    ['none at the edge of the log', [start('a'), end('a')], []],
    [
      'withdrawn by the app',
      [start('a'), { ev: 'cancel' }, end('a'), start('b'), schedule, end('b')],
      [],
    ],
  ])('%s', (_name, fields, expected) => {
    expect(kinds(log(fields, 'ios'))).toEqual(expected);
  });
});

describe('the log itself', () => {
  it('a line that stands twice counts once', () => {
    const events = log([other, start('a'), end('a')]);
    const { violations, counts } = verify([...events, ...events]);
    expect(violations).toEqual([]);
    expect(counts).toEqual({ events: 3, duplicates: 3, lost: 0 });
  });

  it('lines of two processes that differ in nothing else are two', () => {
    const one = log([other]);
    const { counts } = verify([...one, ...one.map((event) => ({ ...event, pid: 2 }))]);
    expect(counts).toMatchObject({ events: 2, duplicates: 0 });
  });

  it('gaps in the numbering are possible losses, but not before the first event', () => {
    const fields = [
      { ...other, seq: 40 },
      { ...other, seq: 43 },
      { ...other, pid: 2, seq: 3 },
    ];
    expect(verify(log(fields)).counts.lost).toBe(4);
  });

  it('events in disorder are not lost', () => {
    const fields = [
      { ...other, seq: 2 },
      { ...other, seq: 4 },
      { ...other, seq: 3 },
    ];
    expect(verify(log(fields)).counts.lost).toBe(0);
  });

  it('platforms do not disturb each other, however their lines are mixed', () => {
    const android = log([start('a'), end('a'), start('b'), start('c', 2), end('c', 2)]);
    const ios = log([start('a'), schedule, end('a'), start('d'), start('e'), end('d')], 'ios');
    const alone = [...verify(android).violations, ...verify(ios).violations].map(({ text }) =>
      text.replace(/line \d+/g, 'line'),
    );
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 11, maxLength: 11 }), (order) => {
        const left = [...android];
        const right = [...ios];
        const mixed = order.flatMap((isLeft) => (isLeft ? left : right).splice(0, 1));
        const { violations } = verify([...mixed, ...left, ...right]);
        expect(violations.map(({ text }) => text.replace(/line \d+/g, 'line')).sort()).toEqual(
          [...alone].sort(),
        );
      }),
    );
  });

  it('never throws, and gives each run one state', () => {
    const event = fc.record({
      ev: fc.constantFrom('run.start', 'run.end', 'schedule', 'late', 'mark', 'x'),
      run: fc.constantFrom('a', 'b', '__proto__', undefined),
      pid: fc.integer({ min: 1, max: 3 }),
      plat: fc.constantFrom('ios', 'android'),
      seq: fc.integer(),
      ts: fc.integer(),
      out: fc.constantFrom('done', 'killed', undefined),
    });
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const { runs } = verify(events.map((fields) => ({ v: 1, ...fields })));
        for (const { state } of runs)
          expect(['ended', 'killed', 'unknown', 'broken']).toContain(state);
        expect(new Set(runs.map(({ plat, run }) => `${plat} ${run}`)).size).toBe(runs.length);
      }),
    );
  });
});

describe('events that the log lost', () => {
  const without = (events: readonly SyncEvent[], at: number): SyncEvent[] =>
    events.filter((_, i) => i !== at);

  it.each<[name: string, events: SyncEvent[], states: string[]]>([
    ['an end', without(log([start('a'), end('a'), start('b'), end('b')]), 1), ['unknown', 'ended']],
    [
      'a start',
      without(log([start('a'), end('a'), start('b'), end('b')]), 2),
      ['ended', 'unknown'],
    ],
    [
      'a schedule of iOS',
      without(log([start('a'), schedule, end('a'), start('b'), schedule, end('b')], 'ios'), 1),
      ['ended', 'ended'],
    ],
    [
      'an end before another process',
      without(log([start('a'), end('a'), other, start('b', 2), end('b', 2)]), 1),
      ['unknown', 'ended'],
    ],
  ])('%s: unknown, no violation', (_name, events, expected) => {
    expect(kinds(events)).toEqual([]);
    expect(states(events)).toEqual(expected);
  });

  /** Sound logs: runs one after the other, over processes that end on their own or are killed in one. */
  const sound = (
    processes: readonly (readonly ('done' | 'retry' | 'killed')[])[],
    plat: string,
  ): SyncEvent[] => {
    const fields: Fields[] = [];
    let count = 0;
    let open: string | undefined;
    for (const [index, runs] of processes.entries()) {
      const pid = index + 1;
      fields.push({ ...other, pid });
      if (open !== undefined) {
        fields.push(end(open, pid, { out: 'killed', ms: undefined }), { ...schedule, pid });
      }
      open = undefined;
      for (const out of runs) {
        const run = `r${(count += 1)}`;
        fields.push(start(run, pid), { ev: 'js.start', run, pid });
        if (out === 'killed') {
          open = run;
          break;
        }
        // A second each: see `log`.
        fields.push({ ...schedule, pid }, end(run, pid, { out, ms: 3000 }));
      }
    }
    return log(fields, plat);
  };

  it('whatever lines in a row are lost, nothing that was right is a violation', () => {
    const run = fc.constantFrom('done' as const, 'retry' as const, 'killed' as const);
    const processes = fc.array(fc.array(run, { maxLength: 4 }), { minLength: 1, maxLength: 4 });
    const cut = fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 3 }));
    fc.assert(
      fc.property(processes, fc.constantFrom('android', 'ios'), cut, (all, plat, [at, length]) => {
        const events = sound(all, plat);
        expect(kinds(events)).toEqual([]);
        expect(kinds(events.filter((_, i) => i < at || i >= at + length))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('excuses nothing that a gap elsewhere cannot hold', () => {
    const events = log([other, other, start('a'), start('b'), end('b'), end('a')]);
    expect(kinds(without(events, 1))).toEqual(['overlap']);
    const open = log([start('a'), start('b'), end('b'), other, other]);
    expect(kinds(without(open, 3))).toEqual(['no-end']);
  });
});
