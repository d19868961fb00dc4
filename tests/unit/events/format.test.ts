import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_NAMES } from '../../../src/events/event.ts';
import type { SyncEvent } from '../../../src/events/event.ts';
import { createColors, formatElapsed, formatEvent } from '../../../src/events/format.ts';

const colors = createColors(false);
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
