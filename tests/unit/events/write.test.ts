import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SyncEvent } from '../../../src/events/event.ts';
import { EVENT_MARKER, MAX_LINE_BYTES } from '../../../src/events/event.ts';
import { parseLine } from '../../../src/events/parse.ts';
import { createEventWriter, toAsciiJson } from '../../../src/events/write.ts';

function write(msg: string): SyncEvent {
  const events: SyncEvent[] = [];
  const writer = createEventWriter(
    { plat: 'local', pid: 1 },
    () => 5,
    (event) => events.push(event),
  );
  return writer.emit('run.end', { run: 'k3j9x0ab', out: 'retry', msg });
}

describe('createEventWriter', () => {
  it('counts from 1, for each process anew', () => {
    const seqs: number[] = [];
    for (let process = 0; process < 2; process++) {
      const writer = createEventWriter({ plat: 'local', pid: process }, Date.now, ({ seq }) =>
        seqs.push(seq),
      );
      writer.emit('cancel');
      writer.emit('mark');
    }
    expect(seqs).toEqual([1, 2, 1, 2]);
  });

  it('keeps each line within its limit, in ASCII, on one line, and readable', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (msg) => {
        const event = write(msg);
        const line = EVENT_MARKER + toAsciiJson(event);
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(MAX_LINE_BYTES);
        expect(line).toMatch(/^[\x20-\x7e]*$/);
        expect(parseLine(line)).toEqual([{ kind: 'event', event }]);
        expect(msg.startsWith(event.msg ?? '')).toBe(true);
        expect(event.cut === 1).toBe(event.msg !== msg);
      }),
    );
  });

  it('cuts no character in two', () => {
    expect(write('🙂'.repeat(1000)).msg).toMatch(/^(?:🙂)+$/u);
  });

  it('cuts as little as it can', () => {
    const line = EVENT_MARKER + toAsciiJson(write('x'.repeat(5000)));
    expect(line).toHaveLength(MAX_LINE_BYTES);
  });
});
