/** No regular expression of bgsync takes more than linear time, whatever a repo, a log or a device holds. */
import { analyse } from 'scslre';
import { describe, expect, test } from 'vitest';
import { BOUNDED, NAME, PATTERNS, isBounded } from '../../helpers/source-patterns.ts';
import type { Pattern } from '../../helpers/source-patterns.ts';

test('every one is found', () => {
  expect(PATTERNS.length).toBeGreaterThan(550);
  expect(PATTERNS.filter(({ name }) => name.includes(NAME)).length).toBeGreaterThan(10);
});

const superLinear = ({ pattern }: Pattern): boolean => analyse(pattern).reports.length > 0;

describe('the analysis', () => {
  test.each([/(a*)*$/, /^(a+)+$/, /\s+$/, /^\s*a?\s*$/, /(\w+)\s*\([^)]*$/, /x\s*\^?\s*\{/g])(
    'sees %s',
    (pattern) => {
      expect(superLinear({ name: '', pattern })).toBe(true);
    },
  );

  test('finds no other that is more than linear', () => {
    const found = PATTERNS.filter(superLinear).map(({ name }) => name);
    expect(found.filter((name) => !isBounded(name))).toEqual([]);
    const unused = Object.keys(BOUNDED).filter(
      (begin) => !PATTERNS.some(({ name }) => name.startsWith(begin)),
    );
    expect(unused).toEqual([]);
  });
});
