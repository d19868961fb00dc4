import { expect } from 'vitest';
import { applyInsertions } from '../../src/formats/edit.ts';
import type { EditResult } from '../../src/formats/edit.ts';

/** What every edit of a user's file keeps to: nothing is taken out, and a second time changes nothing. */
export function expectOnlyInsertions(
  source: string,
  result: EditResult,
  again: (text: string) => EditResult,
): void {
  if (result.status !== 'changed') return;
  const { text, insertions } = result;
  expect(insertions.map(({ removed = '' }) => removed).join('')).toBe('');
  expect(applyInsertions(source, insertions)).toBe(text);
  expect(again(text)).toEqual({ status: 'already' });
}
