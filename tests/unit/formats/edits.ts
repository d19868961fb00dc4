import { readFileSync } from 'node:fs';
import { diffLines } from 'diff';
import { expect } from 'vitest';
import type { EditResult } from '../../../src/formats/edit.ts';
import { applyInsertions } from '../../../src/formats/edit.ts';

export const TEMPLATES = ['077', '079', '081', '083', '085', '087'] as const;

export const readTemplate = (version: string, path: string): string =>
  readFileSync(
    new URL(`../../../node_modules/rn-template-${version}/template/${path}`, import.meta.url),
    'utf8',
  );

export type Edit = (source: string) => EditResult;

/** The same text in the forms that editors and checkouts give it. */
export const VARIANTS: readonly (readonly [name: string, vary: (text: string) => string])[] = [
  ['as it is', (text) => text],
  ['CRLF', (text) => text.replaceAll('\n', '\r\n')],
  ['tabs', (text) => text.replace(/^(?: {2})+/gm, (spaces) => '\t'.repeat(spaces.length / 2))],
  [
    'four spaces',
    (text) => text.replace(/^(?: {2}|\t)+/gm, (indent) => indent.replaceAll(/ {2}|\t/g, '    ')),
  ],
  ['byte order mark', (text) => `\uFEFF${text}`],
  ['no final newline', (text) => text.trimEnd()],
  [
    'CRLF, byte order mark, no final newline',
    (text) => `\uFEFF${text.trimEnd().replaceAll('\n', '\r\n')}`,
  ],
];

export const removedLines = (before: string, after: string): number =>
  diffLines(`${before}\n`, `${after}\n`).reduce(
    (count, part) => count + (part.removed ? part.count : 0),
    0,
  );

/** Takes the insertions out of the result again. */
function removeInsertions({
  text,
  insertions,
}: Extract<EditResult, { status: 'changed' }>): string {
  let shift = 0;
  let source = text;
  for (const insertion of insertions) {
    const at = insertion.offset;
    expect(source.slice(at, at + insertion.text.length)).toBe(insertion.text);
    source = source.slice(0, at) + source.slice(at + insertion.text.length);
    shift += insertion.text.length;
  }
  expect(text.length - shift).toBe(source.length);
  return source;
}

/** What holds for every edit that changes something: only insertions, in the file's line ending, and once. */
export function expectChanged(edit: Edit, source: string): string {
  const result = edit(source);
  if (result.status !== 'changed') {
    throw new Error(
      `expected a change, got ${JSON.stringify(result)}\nof ${JSON.stringify(source)}`,
    );
  }
  expect(applyInsertions(source, result.insertions)).toBe(result.text);
  expect(removeInsertions(result)).toBe(source);
  const offsets = result.insertions.map(({ offset }) => offset);
  expect(offsets).toEqual([...new Set(offsets)].toSorted((a, b) => a - b));
  expect(edit(result.text)).toEqual({ status: 'already' });
  if (source.includes('\r\n') && !/(?<!\r)\n/.test(source))
    expect(result.text).not.toMatch(/(?<!\r)\n/);
  if (source.includes('\n') && !source.includes('\r')) expect(result.text).not.toContain('\r');
  return result.text;
}

export function expectManual(edit: Edit, source: string): { reason: string; snippet: string } {
  const result = edit(source);
  if (result.status !== 'manual') {
    throw new Error(`expected a manual step, got ${JSON.stringify(result)}`);
  }
  return { reason: result.reason, snippet: result.snippet };
}
