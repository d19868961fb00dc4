import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/events/parse.ts';
import { parseLine } from '../../../src/events/parse.ts';

const EVENT = {
  v: 1,
  seq: 3,
  ts: 1_795_466_318_985,
  plat: 'android',
  pid: 4711,
  ev: 'run.end',
  run: 'k3j9x0ab',
  out: 'done',
  rem: 0,
};
const LINE = `BGSYNC1 ${JSON.stringify(EVENT)}`;
const found: Finding[] = [{ kind: 'event', event: EVENT }];

describe('where an event is found', () => {
  it.each([
    ['alone', LINE],
    ['with CRLF', `${LINE}\r\n`],
    ['logcat threadtime', `11-23 20:38:36.787  4711  4730 I BackgroundSync: ${LINE}`],
    ['logcat brief', `I/BackgroundSync( 4711): ${LINE}`],
    ['logcat long, its line after the header', `${LINE}\n`],
    [
      'logcat with year, zone and uid',
      `2026-11-23 20:38:36.787 +0100 10234  4711  4730 I BackgroundSync: ${LINE}`,
    ],
    [
      'os_log compact',
      `2026-11-23 20:38:36.787 I  App[4711:a1] [dev.bgsync:BackgroundSync] ${LINE}`,
    ],
    ['our NDJSON', JSON.stringify(EVENT)],
    [
      'log stream --style ndjson',
      JSON.stringify({ traceID: 1, eventMessage: LINE, subsystem: 'dev.bgsync' }),
    ],
    ['log show --style json, pretty-printed', `  "eventMessage" : ${JSON.stringify(LINE)},`],
    ['inside a Metro log', ` LOG  ${LINE} (x2)`],
  ])('%s', (_name, line) => {
    expect(parseLine(line)).toEqual(found);
  });

  it('several times in a line that ran together', () => {
    expect(parseLine(LINE + LINE)).toEqual([...found, ...found]);
  });

  it('behind one that was cut', () => {
    expect(parseLine(`${LINE.slice(0, 40)}${LINE}`)).toEqual([{ kind: 'malformed' }, ...found]);
  });
});

describe('what is not an event', () => {
  it.each<[name: string, line: string, kinds: Finding['kind'][]]>([
    ['another line', 'I/ReactNativeJS: BGSYNC', []],
    ['empty', '', []],
    ['other JSON', '{"level":30,"msg":"x"}', []],
    ['other JSON with a version', '{"v":1,"msg":"x"}', []],
    ['cut', LINE.slice(0, -1), ['malformed']],
    ['cut NDJSON', JSON.stringify(EVENT).slice(0, 50), ['malformed']],
    ['no object', 'BGSYNC1 [1]', ['malformed']],
    ['redacted', '… [dev.bgsync:BackgroundSync] BGSYNC1 <private>', ['redacted']],
    ['a newer format', 'BGSYNC1 {"v":2,"e":{}}', ['newer']],
    ['a wrong type', LINE.replace('"done"', '{}'), ['malformed']],
    ['no time', LINE.replace('"ts"', '"at"'), ['malformed']],
  ])('%s', (_name, line, kinds) => {
    expect(parseLine(line).map(({ kind }) => kind)).toEqual(kinds);
  });

  it('an event that a message quotes', () => {
    const quoting = { ...EVENT, msg: `the server said ${LINE}` };
    expect(parseLine(`BGSYNC1 ${JSON.stringify(quoting)}`)).toEqual([
      { kind: 'event', event: quoting },
    ]);
    expect(parseLine(JSON.stringify(quoting))).toEqual([{ kind: 'event', event: quoting }]);
  });

  it('keys that we do not know, and keys of every object', () => {
    const line = `BGSYNC1 ${JSON.stringify({ ...EVENT, user: 'x' }).replace('{', '{"__proto__":{"a":1},')}`;
    expect(parseLine(line)).toEqual(found);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });
});

describe('hostile input', () => {
  it('never throws', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.constantFrom('BGSYNC1 ', '{"v":', '{"v":1', '"eventMessage":"', '\\', '"', '{', '}', LINE),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        parseLine(pieces.join(''));
      }),
      { numRuns: 2000 },
    );
  });

  it('takes no text of the app for an event', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(LINE, ''), (text, quoted) => {
        const event = { ...EVENT, msg: text + quoted };
        expect(parseLine(`BGSYNC1 ${JSON.stringify(event)}`)).toEqual([{ kind: 'event', event }]);
      }),
    );
  });

  it('reads deep nesting without a stack', () => {
    expect(parseLine(`BGSYNC1 ${'{"a":'.repeat(200_000)}`)).toEqual([{ kind: 'malformed' }]);
  });
});
