import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LocatedFinding } from '../../../src/events/read.ts';
import { readFindings } from '../../../src/events/read.ts';

const eventLine = (seq: number, msg = ''): string =>
  `BGSYNC1 ${JSON.stringify({ v: 1, seq, ts: seq, plat: 'ios', pid: 1, ev: 'mark', msg })}`;

async function read(chunks: Iterable<Uint8Array>): Promise<LocatedFinding[]> {
  const findings: LocatedFinding[] = [];
  // eslint-disable-next-line @typescript-eslint/require-await -- a stream is asynchronous
  const source = async function* (): AsyncGenerator<Uint8Array> {
    yield* chunks;
  };
  for await (const finding of readFindings(source())) findings.push(finding);
  return findings;
}

const places = (findings: readonly LocatedFinding[]): [line: number, seq: number][] =>
  findings.map(({ line, finding }) => [line, finding.kind === 'event' ? finding.event.seq : -1]);

describe('readFindings', () => {
  it('numbers the lines, whatever ends them', async () => {
    const text = ['a', eventLine(1), '', `x ${eventLine(2)}`, 'BGSYNC1 {', eventLine(3)];
    for (const end of ['\n', '\r\n']) {
      const findings = await read([Buffer.from(text.join(end))]);
      expect(places(findings)).toEqual([
        [2, 1],
        [4, 2],
        [5, -1],
        [6, 3],
      ]);
    }
  });

  it('does not depend on where the chunks end', async () => {
    const lines = Array.from({ length: 30 }, (_, i) =>
      i % 3 === 0 ? 'ünrelated 🙂 {"v":' : eventLine(i, 'Gruß 🙂 \\ "BGSYNC1 {"'),
    );
    const bytes = Buffer.from(lines.join('\n'));
    const whole = await read([bytes]);
    expect(places(whole)).toHaveLength(20);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: bytes.length })), async (cuts) => {
        const ends = [...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = ends.map((end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end));
        expect(await read(chunks)).toEqual(whole);
      }),
    );
  });

  it('never throws on bytes, nor on lines in disorder', async () => {
    const piece = fc.oneof(
      fc.uint8Array(),
      fc
        .constantFrom('\n', '\r\n', eventLine(1), eventLine(2).slice(20), 'BGSYNC1 ')
        .map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece), async (chunks) => {
        await read(chunks);
      }),
      { numRuns: 300 },
    );
  });

  it('passes over a line without end in constant memory, and goes on behind it', async () => {
    const filler = Buffer.alloc(1 << 16, 'x');
    const chunks = function* (): Generator<Uint8Array> {
      yield Buffer.from(`${eventLine(1)}\nBGSYNC1 `);
      for (let i = 0; i < 400; i++) yield filler;
      yield Buffer.from(`\n${eventLine(2)}\n`);
    };
    expect(places(await read(chunks()))).toEqual([
      [1, 1],
      [2, -1],
      [3, 2],
    ]);
  });

  it('is not confused by a stream that uses its buffer again', async () => {
    const bytes = Buffer.from(`${eventLine(1)}\n${eventLine(2)}\n`);
    const buffer = Buffer.alloc(7);
    const chunks = function* (): Generator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += 7) {
        const length = bytes.copy(buffer, 0, at, at + 7);
        yield buffer.subarray(0, length);
      }
    };
    expect(places(await read(chunks()))).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });
});
