import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSearch, createSearchOfOne, earliestOf } from '../../../src/events/search.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\n', 'é'), maxLength: 60 });
const needle = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 2, maxLength: 7 });

it('finds what a search for each needle apart finds first', () => {
  fc.assert(
    fc.property(
      text,
      fc.array(needle, { minLength: 1, maxLength: 12 }),
      fc.nat(70),
      (log, needles, from) => {
        const bytes = Buffer.from(log);
        const places = needles
          .map((word) => bytes.indexOf(word, from, 'latin1'))
          .filter((at) => at >= 0);
        expect(createSearch(needles)(bytes, from)).toBe(Math.min(...places));
      },
    ),
    { numRuns: 300 },
  );
});

it('finds place after place what the first of several searches finds', () => {
  const log = fc.array(text, { maxLength: 4 });
  const needles = fc.array(needle, { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(log, needles, (parts, words) => {
      const search = earliestOf([
        ...words.slice(1).map(createSearchOfOne),
        createSearch(words.slice(0, 1)),
      ]);
      const whole = createSearch(words);
      for (const part of parts) {
        const bytes = Buffer.from(part);
        for (let from = 0; from < bytes.length;) {
          const at = whole(bytes, from);
          expect(search(bytes, from)).toBe(at);
          from = at + 1;
        }
      }
    }),
    { numRuns: 300 },
  );
});

it('refuses a needle that is no block', () => {
  expect(() => createSearch(['ab', 'c'])).toThrow(RangeError);
});
