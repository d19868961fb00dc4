import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskSource } from '../../../src/formats/source.ts';
import type { SourceLanguage } from '../../../src/formats/source.ts';

/** `_` stands for a blank that was put there. */
const CASES: [SourceLanguage, string, string][] = [
  ['swift', 'a // b', 'a ____'],
  ['swift', 'a /* b /* c */ d */ e', `a ${'_'.repeat(17)} e`],
  ['swift', 'f("x // y")', 'f("______")'],
  ['swift', 'f("\\"x") + g', 'f("___") + g'],
  ['swift', 'f(#"a"b"#) + g', 'f(#"___"#) + g'],
  ['swift', 'f(#"\\#("a")"#, b)', 'f(#"_______"#, b)'],
  ['swift', 'f("a\\(g("b", ")")) c") + d', `f("${'_'.repeat(17)}") + d`],
  ['swift', 'f("""\na "b" c\n""") + g', 'f("""\n_______\n""") + g'],
  ['swift', 'f("open\nnext()', 'f("____\nnext()'],
  ['swift', '#if DEBUG\na()\n#endif', '#if DEBUG\na()\n#endif'],
  ['swift', 'a /* open\nb', 'a _______\n_'],
  ['kotlin', 'f("a ${g("}")} b") + c', `f("${'_'.repeat(13)}") + c`],
  ['kotlin', 'f("""a\\""") + b', 'f("""__""") + b'],
  ['kotlin', "if (c == '\"') d()", "if (c == '_') d()"],
  ['kotlin', '/* a /* b */ c */ d', `${'_'.repeat(17)} d`],
  ['java', '/* a /* b */ c', '____________ c'],
  ['java', 'f("""\n a\\""" b\n""")', `f("""\n${'_'.repeat(8)}\n""")`],
  ['objc', '[a b:@"c // d"]; // e', '[a b:@"______"]; ____'],
  ['javascript', 'f(`a ${g({ b: `c` })} d`); e', `f(\`${'_'.repeat(20)}\`); e`],
  ['javascript', 'x = /["\'/*]/.test(y); "z"', 'x = /["\'/*]/.test(y); "_"'],
  ['javascript', 'x = a / b; "c" / d', 'x = a / b; "_" / d'],
  ['dart', "f('a // b'); // c", "f('______'); ____"],
  ['dart', '/* a /* b */ c */ d', `${'_'.repeat(17)} d`],
  ['dart', "f('a\\'b', r'c\\', d)", "f('____', r'__', d)"],
  ['dart', "f('''a 'b'\n\"c\"''') + d", "f('''_____\n___''') + d"],
  ['dart', 'f(r"""a\\""") + b', 'f(r"""__""") + b'],
  ['dart', "f('a ${g('}')} b') + c", `f('${'_'.repeat(13)}') + c`],
  ['dart', "f(r'${', '}')", "f(r'__', '_')"],
  ['dart', "f(bar'a')", "f(bar'_')"],
];

describe('maskSource', () => {
  test.each(CASES)('%s: %s', (language, text, masked) => {
    expect(maskSource(text, language).code).toBe(masked.replaceAll('_', ' '));
  });

  test('leaves strings where only comments are masked, and lists them', () => {
    const { noComments, strings } = maskSource('a("b") // "c"\nd("e")', 'swift');
    expect(noComments).toBe('a("b")       \nd("e")');
    expect(strings).toEqual([
      { offset: 3, text: 'b' },
      { offset: 17, text: 'e' },
    ]);
  });

  test.each(['swift', 'objc', 'kotlin', 'java', 'javascript'] as const)(
    'keeps length and lines of any %s text',
    (language) => {
      const piece = fc.constantFrom(
        ...['"', "'", '`', '"""', '#', '\\', '(', ')', '{', '}', '${', '//', '/*', '*/', '/', '\n'],
        ...['\r\n', 'a', '[', ']', ' ', '\u{1f600}', '\u2028'],
      );
      fc.assert(
        fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
          const text = pieces.join('');
          const { code, noComments, strings } = maskSource(text, language);
          for (const masked of [code, noComments]) {
            expect(masked).toHaveLength(text.length);
            expect(masked.match(/[\r\n]/g)).toEqual(text.match(/[\r\n]/g));
          }
          for (const { offset, text: content } of strings) {
            expect(text.slice(offset, offset + content.length)).toBe(content);
          }
        }),
      );
    },
  );
});
