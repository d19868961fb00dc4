import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeFields } from '../../templates/queue/index.ts';
import type { Fields } from '../../templates/queue/index.ts';

describe('mergeFields', () => {
  test.each<[string, Fields, Fields, Fields, object, string[]]>([
    ['neither', { a: 1 }, { a: 1 }, { a: 1 }, { a: 1 }, []],
    ['one field each', { a: 1, b: 1 }, { a: 2, b: 1 }, { a: 1, b: 2 }, { a: 2, b: 2 }, []],
    ['the same', { a: 1 }, { a: 2 }, { a: 2 }, { a: 2 }, []],
    ['both, to different values: mine', { a: 1 }, { a: 2 }, { a: 3 }, { a: 2 }, ['a']],
    ['I removed', { a: 1, b: 1 }, { b: 1 }, { a: 1, b: 1 }, { b: 1 }, []],
    ['they removed', { a: 1 }, { a: 1 }, {}, {}, []],
    ['they removed what I changed', { a: 1 }, { a: 2 }, {}, { a: 2 }, ['a']],
    ['I removed what they changed', { a: 1 }, {}, { a: 2 }, {}, ['a']],
    ['both added', {}, { a: [1] }, { b: { c: 1 } }, { a: [1], b: { c: 1 } }, []],
    [
      'only the order of keys',
      { a: { x: 1, y: 2 } },
      { a: { y: 2, x: 1 } },
      { a: 3 },
      { a: 3 },
      [],
    ],
    ['an array is no object', { a: [] }, { a: {} }, { a: [] }, { a: {} }, []],
  ])('%s', (_, base, mine, theirs, merged, conflicts) => {
    expect(mergeFields(base, mine, theirs)).toEqual({ merged, conflicts });
  });

  const fields = fc.dictionary(
    fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor'),
    fc.jsonValue({ maxDepth: 2 }),
    { noNullPrototype: true },
  );
  const keysOf = (object: Fields): string[] => Object.keys(object).sort();

  test('a side that changed nothing has no say', () => {
    fc.assert(
      fc.property(fields, fields, (base, other) => {
        expect(mergeFields(base, base, other)).toEqual({ merged: other, conflicts: [] });
        const mine = mergeFields(base, other, base);
        expect(mine).toEqual({ merged: other, conflicts: [] });
        expect(keysOf(mine.merged)).toEqual(keysOf(other));
      }),
    );
  });
});
