import { expect, test } from 'vitest';
import { hasConflictMarks, mergeTexts } from '../../../src/plan/merge.ts';

const BASE = 'a\nb\nc\nd\n';

test.each([
  ['changes apart', 'a\nB\nc\nd\n', 'a\nb\nc\nD\n', 'a\nB\nc\nD\n'],
  ['the same change', 'a\nB\nc\nd\n', 'a\nB\nc\nd\n', 'a\nB\nc\nd\n'],
  [
    'lines of both at the ends',
    'mine\na\nb\nc\nd\n',
    'a\nb\nc\nd\nnew\n',
    'mine\na\nb\nc\nd\nnew\n',
  ],
  [
    'Windows line endings of the user',
    'a\r\nB\r\nc\r\nd\r\n',
    'a\nb\nc\nD\n',
    'a\r\nB\r\nc\r\nD\r\n',
  ],
])('%s', (_name, yours, bgsync, text) => {
  expect(mergeTexts(yours, BASE, bgsync)).toEqual({ text, hasConflict: false });
});

test('a conflict has both sides, marked', () => {
  const merged = mergeTexts('a\nmine\nc\nd\n', BASE, 'a\nnew\nc\nd\n');
  expect(merged).toEqual({
    text: 'a\n<<<<<<< yours\nmine\n=======\nnew\n>>>>>>> bgsync\nc\nd\n',
    hasConflict: true,
  });
  expect(hasConflictMarks(merged.text)).toBe(true);
  expect(hasConflictMarks(merged.text.replaceAll('\n', '\r\n'))).toBe(true);
  expect(hasConflictMarks(BASE)).toBe(false);
});
