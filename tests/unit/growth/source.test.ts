import { expect, test } from 'vitest';
import { maskSource } from '../../../src/formats/source.ts';

// Quadratic work on a megabyte would run into the test's time limit by far.
test.each(['/*', '"\\(', '${', '`${', '#', '##"', '=/[', '\\', '"""', '/* */'])(
  'maskSource ends on a megabyte of %s',
  (piece) => {
    const text = piece.repeat(1_000_000 / piece.length);
    for (const language of ['swift', 'kotlin', 'javascript'] as const) {
      expect(maskSource(text, language).code).toHaveLength(text.length);
    }
  },
);
