import { describe, expect, test } from 'vitest';
import { applyInsertions } from '../../../src/formats/edit.ts';
import type { Insertion } from '../../../src/formats/edit.ts';
import type { LockedEdit } from '../../../src/plan/lock-file.ts';
import { piecesOf } from '../../../src/plan/pieces.ts';
import { sha256 } from '../../../src/plan/plan.ts';
import { undoEdit } from '../../../src/plan/undo.ts';

const PATH = 'some.txt';

function edit(before: string, ...insertions: Insertion[]): { text: string; record: LockedEdit } {
  const text = applyInsertions(before, insertions);
  const pieces = piecesOf(before, insertions);
  return {
    text,
    record: { path: PATH, kind: 'inserted', id: 'x', reason: '', sha256: sha256(text), pieces },
  };
}

const BEFORE = 'one\ntwo\nthree\n';
const LINE = { offset: 4, text: "load('ours');\n" };
const INLINE = { offset: 6, text: "('ours')" };

describe('a file that is as it was left', () => {
  test.each<[string, string, Insertion[]]>([
    ['a line', BEFORE, [LINE]],
    ['inside a line', BEFORE, [INLINE]],
    ['several', BEFORE, [LINE, { offset: 8, text: "'more'\n" }]],
    [
      'far from each other',
      `${'x'.repeat(200)}\n`,
      [
        { offset: 0, text: 'a' },
        { offset: 150, text: 'b' },
      ],
    ],
    ['in place of another text', BEFORE, [{ offset: 4, text: 'deux', removed: 'two' }]],
    ['in an empty file', '', [{ offset: 0, text: 'all' }]],
    ['at the end', 'one', [{ offset: 3, text: '\ntwo' }]],
  ])('%s', (_name, before, insertions) => {
    const { text, record } = edit(before, ...insertions);
    expect(undoEdit(PATH, text, record)).toMatchObject({ text: before, left: [], gone: 0 });
    const windows = (source: string): string => source.replaceAll('\n', '\r\n');
    expect(undoEdit(PATH, windows(text), record).text).toBe(windows(before));
    const { taken } = undoEdit(PATH, text, record);
    expect(applyInsertions(before, taken)).toBe(text);
  });
});

describe('a file that was changed since', () => {
  test.each<[string, Insertion, (text: string) => string, string]>([
    ['elsewhere', LINE, (text) => `zero\n${text}four\n`, 'zero\none\ntwo\nthree\nfour\n'],
    ['its line moved', LINE, () => "one\ntwo\nthree\nload('ours');\n", BEFORE],
    ['its line moved to an open end', LINE, () => "one\ntwo\nload('ours');", 'one\ntwo'],
    ['its line indented', LINE, (text) => text.replace('load', '\t load'), BEFORE],
    [
      'line endings and more',
      LINE,
      (text) => `${text.replaceAll('\n', '\r\n')}x`,
      'one\r\ntwo\r\nthree\r\nx',
    ],
    ['inside a line', INLINE, (text) => `zero\n${text}`, `zero\n${BEFORE}`],
  ])('%s', (_name, insertion, change, after) => {
    const { text, record } = edit(BEFORE, insertion);
    expect(undoEdit(PATH, change(text), record)).toMatchObject({ text: after, left: [], gone: 0 });
  });

  test('what the user took out is gone, and nothing else goes', () => {
    const { record } = edit(BEFORE, LINE);
    expect(undoEdit(PATH, 'one\ntwo\n', record)).toMatchObject({ text: 'one\ntwo\n', gone: 1 });
  });

  test.each([
    ['a changed line of ours', "one\nload('ours', mine);\ntwo\nthree\n"],
    ['a line of ours that is there twice', "load('ours');\nx\nload('ours');\n"],
  ])('%s is left', (_name, text) => {
    const { record } = edit(BEFORE, LINE);
    expect(undoEdit(PATH, text, record)).toMatchObject({ text, left: [{ text: LINE.text }] });
  });

  test('of two that look alike, the one among its neighbours is ours', () => {
    const { record } = edit(BEFORE, LINE);
    const text = "zero\nload('ours');\nx\none\nload('ours');\ntwo\n";
    expect(undoEdit(PATH, text, record).text).toBe("zero\nload('ours');\nx\none\ntwo\n");
  });

  test('a text that could be anyone’s goes only among its neighbours', () => {
    const { record } = edit(BEFORE, { offset: 5, text: ',' });
    expect(undoEdit(PATH, 'a,b\n', record)).toMatchObject({ text: 'a,b\n' });
  });

  test('what would not parse any more is left', () => {
    const before = 'const a = [];\n';
    const insertions = [{ offset: 11, text: "'ours', " }];
    const text = applyInsertions(before, insertions);
    const pieces = piecesOf(before, insertions);
    const record: LockedEdit = {
      path: 'a.js',
      kind: 'inserted',
      id: 'x',
      reason: '',
      sha256: sha256(text),
      pieces,
    };
    const changed = "const b = 'ours', c = 2;\n";
    expect(undoEdit('a.js', changed, record)).toMatchObject({ text: changed });
  });
});
