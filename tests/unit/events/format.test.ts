import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_NAMES } from '../../../src/events/event.ts';
import type { SyncEvent } from '../../../src/events/event.ts';
import {
  createColors,
  formatElapsed as elapsedIn,
  formatEvent as eventIn,
} from '../../../src/events/format.ts';
import { WORDS } from '../../../src/events/words.ts';

const colors = createColors(false);
const formatEvent = (one: SyncEvent, hues: typeof colors) => eventIn(one, hues, WORDS.javascript);
const formatElapsed = (one: SyncEvent, origin: number, hues: typeof colors) =>
  elapsedIn(one, origin, hues, WORDS.javascript);
const event = (fields: Partial<SyncEvent>): SyncEvent => ({
  v: 1,
  seq: 1,
  ts: Date.UTC(2026, 2, 14, 12),
  plat: 'android',
  pid: 1,
  ev: 'mark',
  ...fields,
});

describe('formatEvent', () => {
  it('has words for every event that we know', () => {
    for (const ev of EVENT_NAMES) expect(formatEvent(event({ ev }), colors)).toBeDefined();
  });

  it('has words for every reason of WorkManager to stop a run, those for constraints first', () => {
    const kotlin = readFileSync('templates/android/src/main/java/dev/bgsync/StopReason.kt', 'utf8');
    const names = [...kotlin.matchAll(/-> "([a-z-]+)"/g)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(15);
    const closes = (why: string): string =>
      formatEvent(event({ ev: 'expire', why }), colors)!.split('the window closes: ')[1]!;
    for (const why of names) expect(closes(why), why).not.toBe(why);
    const stops = JSON.parse(readFileSync('tests/vectors/constraint-stops.json', 'utf8')) as {
      stop: string;
      stopped: string;
    }[];
    expect(stops.map(({ stop }) => closes(stop))).toEqual(stops.map(({ stopped }) => stopped));
  });

  it('says why work that is registered has no job yet', () => {
    const kept = event({ ev: 'register', why: 'kept' });
    const text = 'registered, the schedule was kept';
    expect(formatEvent(kept, colors)).toMatch(new RegExp(`${text}$`));
    const msg = 'it waits for its turn';
    expect(formatEvent({ ...kept, msg }, colors)).toContain(`${text}; ${msg}`);
  });

  it('leaves out an event of a newer writer', () => {
    expect(formatEvent(event({ ev: 'teleport' }), colors)).toBeUndefined();
  });

  it('says when, where, which run, what', () => {
    const text = formatEvent(
      event({ ev: 'run.end', run: 'k3j9x0ab', out: 'expired', ms: 1500, rem: 3, why: 'budget' }),
      colors,
    );
    expect(text).toMatch(
      /^2026-03-1\d \d\d:\d\d:00\.000 {2}android {2}k3j9x0ab {2}run ended, expired/,
    );
    expect(text).toContain('after 1.5 s, 3 remain, the budget is used up');
  });

  it('is one line that a terminal only shows, whatever the log holds', () => {
    const text = fc.string({ unit: 'binary' });
    const number = fc.oneof(fc.double(), fc.constant(Number.MAX_VALUE));
    fc.assert(
      fc.property(
        fc.record({
          ev: fc.constantFrom(...EVENT_NAMES),
          plat: text,
          ts: number,
          run: text,
          out: fc.oneof(text, fc.constant('__proto__')),
          why: fc.oneof(text, fc.constant('constructor')),
          msg: text,
          next: number,
          ms: number,
          env: fc.record({ net: text, bat: number }),
        }),
        (fields) => {
          expect(formatEvent(event(fields), colors)).not.toMatch(
            /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/,
          );
        },
      ),
    );
  });
});

describe('formatElapsed', () => {
  const origin = Date.UTC(2026, 2, 14, 12);

  it('counts from the beginning, also to the next window', () => {
    expect(
      formatElapsed(
        event({ ev: 'run.end', ts: origin + 780, run: 'k3j9x0ab', out: 'done', ms: 700 }),
        origin,
        colors,
      ),
    ).toBe('    +0.8 s  run ended, done; after 700 ms');
    expect(
      formatElapsed(
        event({ ev: 'schedule', ts: origin, next: origin + 3_600_000, why: 'done' }),
        origin,
        colors,
      ),
    ).toBe('    +0.0 s  next window in 60 min (done)');
  });

  it('leaves out an event of a newer writer', () => {
    expect(formatElapsed(event({ ev: 'teleport' }), origin, colors)).toBeUndefined();
  });
});

describe('the words of a kind of app', () => {
  const whys = [undefined, ...Object.keys(WORDS.dart.reasons)];
  const textOf = (words: (typeof WORDS)['dart']): string =>
    [
      ...EVENT_NAMES.flatMap((ev) => whys.map((why) => eventIn(event({ ev, why }), colors, words))),
      ...Object.values(words.advice).flatMap((one) => Object.values<string>(one)),
      words.closed,
      words.api,
    ].join('\n');

  it('says nothing of JavaScript where the app has none, or is not known', () => {
    // Where nobody knows what the app is, both are told what to do.
    const { boots, isUp, reasons } = WORDS.unknown;
    for (const words of [WORDS.dart, { ...WORDS.dart, boots, isUp, reasons }]) {
      expect(textOf(words)).not.toMatch(
        /JavaScript|Metro|React|node_modules|registerBackgroundSync/,
      );
    }
    expect(textOf(WORDS.javascript)).not.toMatch(/Dart|engine|Flutter/i);
  });

  it.each(['javascript', 'dart', 'unknown'] as const)('knows each reason in %s', (language) => {
    for (const [why, text] of Object.entries(WORDS[language].reasons)) {
      expect(eventIn(event({ ev: 'run.skip', why }), colors, WORDS[language])).toContain(text);
    }
  });
});
