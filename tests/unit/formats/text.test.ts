import { describe, expect, it } from 'vitest';
import { indentUnit, lineEnding, lineIndent, lineNumber } from '../../../src/formats/text.ts';

describe('text', () => {
  it.each([
    ['', '\n'],
    ['a', '\n'],
    ['a\r\nb', '\r\n'],
    ['a\r\nb\nc', '\r\n'],
    ['a\nb\r\nc', '\n'],
    ['a\nb\r\nc\r\n', '\r\n'],
  ])('the line ending of %j', (text, expected) => {
    expect(lineEnding(text)).toBe(expected);
  });

  it.each([
    ['a', '  '],
    ['a\n\tb\n\t\tc', '\t'],
    ['a\n    b\n        c', '    '],
    ['a\n  b\n    c', '  '],
    ['/**\n * a\n */\n    b', '    '],
  ])('the indentation of %j', (text, expected) => {
    expect(indentUnit(text)).toBe(expected);
  });

  it('knows lines', () => {
    expect(lineIndent('\uFEFF  a\n\tb', 4)).toBe('  ');
    expect(lineIndent('\uFEFF  a\n\tb', 6)).toBe('\t');
    expect(
      ['a\r\nb\n', 'ab'].map((text) => [0, 1, 2, 3].map((at) => lineNumber(text, at))),
    ).toEqual([
      [1, 1, 1, 2],
      [1, 1, 1, 1],
    ]);
  });
});
