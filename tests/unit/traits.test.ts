import { describe, expect, test } from 'vitest';
import { CASES } from '../helpers/traits/cases.ts';
import { TRAITS } from '../helpers/traits/index.ts';

describe.each(Object.entries(CASES))('%s', (_case, names) => {
  test('is a trait of the suites, beside two of its kind', () => {
    expect(new Set(names).size).toBeGreaterThanOrEqual(3);
    const known = new Set(TRAITS.map(({ name }) => name));
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });
});

test('what is refused or left to a person is completed by hand, and looked at again', () => {
  const unfinished = TRAITS.filter(({ exit }) => exit === 3 || exit === 2);
  expect(unfinished.length).toBeGreaterThan(10);
  expect(unfinished.filter(({ byHand }) => byHand === undefined).map(({ name }) => name)).toEqual(
    [],
  );
});
