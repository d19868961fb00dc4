import { expect, test } from 'vitest';
import { printable, printableJson, printableLine } from '../../src/terminal.ts';

const OBEYED = [
  ...Array.from({ length: 0x20 }, (_, code) => code).filter((code) => code !== 9 && code !== 10),
  ...Array.from({ length: 0x21 }, (_, n) => 0x7f + n),
  ...[0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e],
  ...[0x2066, 0x2067, 0x2068, 0x2069, 0xfeff],
].map((code) => String.fromCharCode(code));

test.each(OBEYED.map((char) => [char.charCodeAt(0).toString(16), char]))(
  'U+%s is shown, not obeyed, and nothing of a document is lost',
  (_code, char) => {
    expect(printable(`a${char}b`)).toMatch(/^a\\u[0-9a-f]{4}b$/);
    const json = printableJson({ [`a${char}`]: char });
    expect(json).not.toContain(char);
    expect(JSON.parse(json)).toEqual({ [`a${char}`]: char });
  },
);

test('what people write stays', () => {
  const text = 'é\u00a0 日本語 👩\u200d💻 עברית\t\n';
  expect(printable(text)).toBe(text);
  expect(printableLine('a\tb\nc')).toBe('a\\tb\\nc');
});
