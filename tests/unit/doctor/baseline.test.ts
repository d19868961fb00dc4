import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Baseline, formatBaseline, parseBaseline } from '../../../src/doctor/baseline.ts';
import { fingerprintsOf } from '../../../src/doctor/fingerprint.ts';
import type { Diagnosis } from '../../../src/doctor/run.ts';

const entry = (id: string, file = 'a', fingerprint = 'f:1') => ({ id, file, fingerprint });

describe('the file', () => {
  test('has a line for each, sorted by id, file and fingerprint', () => {
    const text = formatBaseline([
      entry('A10'),
      entry('A2', 'b'),
      entry('A2', 'a', 'g'),
      entry('A2'),
    ]);
    expect(text.split('\n')).toEqual([
      '{"bgsyncBaseline":1}',
      '{"id":"A2","file":"a","fingerprint":"f:1"}',
      '{"id":"A2","file":"a","fingerprint":"g"}',
      '{"id":"A2","file":"b","fingerprint":"f:1"}',
      '{"id":"A10","file":"a","fingerprint":"f:1"}',
      '',
    ]);
  });

  test('is read as it was written, after a merge and a checkout with CR LF too', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ id: fc.string(), file: fc.string(), fingerprint: fc.string() })),
        (entries) => {
          const text = formatBaseline(entries);
          const read = parseBaseline(`${text}\n${text}`.replaceAll('\n', '\r\n'), 'x');
          const baseline = new Baseline(read);
          expect(entries.every((one) => baseline.has(one))).toBe(true);
          expect(baseline.stale(() => true)).toEqual([]);
        },
      ),
    );
  });

  test.each(['<<<<<<< ours', '{"id":"A1"}', '[]', 'null', '{"id":1,"file":"a","fingerprint":"b"}'])(
    'with the line %s is refused',
    (line) => {
      expect(() => parseBaseline(`{"bgsyncBaseline":1}\n${line}\n`, 'base.ndjson')).toThrow(
        'base.ndjson:2 is no line of a baseline',
      );
    },
  );
});

test('what is not found any more is stale, where it was looked for', () => {
  const baseline = new Baseline([entry('A1'), entry('A2'), entry('A3')]);
  expect(baseline.has(entry('A1'))).toBe(true);
  expect(baseline.has(entry('A1', 'b'))).toBe(false);
  expect(baseline.stale((id) => id !== 'A3')).toEqual([entry('A2')]);
});

describe('a fingerprint', () => {
  const finding = (more: Partial<Diagnosis>): Diagnosis => ({
    id: 'A1',
    title: '',
    severity: 'error',
    why: '',
    source: '',
    fix: '',
    file: 'a',
    message: 'm',
    evidence: [],
    ...more,
  });
  const of = async (text: string, ...findings: Partial<Diagnosis>[]): Promise<string[]> =>
    fingerprintsOf(findings.map(finding), () => Promise.resolve(text));

  test('is that of the line’s text and of what is said of it', async () => {
    const [one] = await of('x\n  target\n', { line: 2 });
    expect(await of('new\nx\n\ttarget  \r\n', { line: 3 })).toEqual([one]);
    expect(await of('x\ntarget\n', { line: 2, message: 'other words' })).not.toEqual([one]);
    expect(await of('x\nother\n', { line: 2 })).not.toEqual([one]);
    expect(await of('x\ntarget\n', { line: 2, id: 'A2' })).not.toEqual([one]);
    expect(await of('x\ntarget\n', { line: 2, file: 'b' })).not.toEqual([one]);
  });

  test('leaves numbers of the message aside, not those in names', async () => {
    const [one] = await of('', { message: 'line 12 is odd' });
    expect(await of('', { message: 'line 7 is odd' })).toEqual([one]);
    expect(await of('', { message: 'line 7 is bad' })).not.toEqual([one]);
    expect(await of('', { message: 'line 7 is odd', line: 99 })).toEqual([one]);
    const [task] = await of('', { message: 'app.task1 is not permitted' });
    expect(await of('', { message: 'app.task2 is not permitted' })).not.toEqual([task]);
  });

  test('counts equal ones', async () => {
    const [first, second] = await of('same\nsame\n', { line: 1 }, { line: 2 });
    expect(first).toMatch(/^[0-9a-f]{16}:1$/);
    expect(second).toBe(first!.replace(/1$/, '2'));
  });
});
