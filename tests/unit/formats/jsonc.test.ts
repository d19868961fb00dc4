import type { ParseError } from 'jsonc-parser';
import { expect, test } from 'vitest';
import { parse, parseTree } from '../../../src/formats/jsonc.ts';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

test.each([500, 12, 1])('reads what is %i deep', (depth) => {
  const errors: ParseError[] = [];
  const text = `// a comment\n${nested(depth)}`;
  expect(JSON.stringify(parse(text, errors))).toBe(nested(depth));
  expect(parseTree(text, errors)).toBeDefined();
  expect(errors).toEqual([]);
});

test.each([
  ['501 levels', nested(501), 500],
  ['100,000 levels', '['.repeat(100_000), 500],
  ['100,000 objects', '{"a":'.repeat(100_000), 2500],
])('%s are an error where they become too deep', (_what, text, offset) => {
  const errors: ParseError[] = [];
  expect(parse(text, errors)).toBeUndefined();
  expect(parseTree(text, errors)).toBeUndefined();
  expect(errors.map((error) => error.offset)).toEqual([offset, offset]);
});

test('brackets in strings and comments, and many side by side, are not deep', () => {
  const text = `[${'"[", '.repeat(600)}/* ${'['.repeat(600)} */ ${'[], '.repeat(600)}1]`;
  const errors: ParseError[] = [];
  expect(parse(text, errors)).toHaveLength(1201);
  expect(errors).toEqual([]);
});
