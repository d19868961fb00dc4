import { readFileSync, readdirSync } from 'node:fs';
import { parse } from '@babel/parser';
import fc from 'fast-check';
import { format } from 'prettier';
import { expect, test } from 'vitest';
import { saysTheSame } from '../../../src/plan/reformatted.ts';
import { numRuns } from '../../property/runs.ts';

const FOLDER = 'tests/golden/rn-087/modules/background-sync';
const read = (path: string): string => readFileSync(path, 'utf8');
const files = [
  FOLDER,
  'templates/package',
  'templates/react-native',
  'templates/queue',
  'templates/typescript',
]
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  )
  .filter((path) => /\.(?:ts|js|json|md)$/.test(path) && !path.endsWith('lock.json'));

const STYLES = {
  tabs: {
    useTabs: true,
    printWidth: 60,
    singleQuote: false,
    trailingComma: 'none',
    proseWrap: 'always',
  },
  bare: {
    semi: false,
    arrowParens: 'avoid',
    bracketSpacing: false,
    printWidth: 140,
    proseWrap: 'never',
  },
  own: { singleQuote: true, tabWidth: 8, trailingComma: 'all', experimentalTernaries: true },
} as const;

test('the files that are generated are there', () => expect(files.length).toBeGreaterThan(15));

test.each(files)('%s says the same in every style of Prettier', async (path) => {
  const text = read(path);
  for (const style of Object.values(STYLES)) {
    const other = await format(text, { filepath: path, ...style });
    expect(saysTheSame(path, other, text)).toBe(true);
    expect(saysTheSame(path, other.replaceAll('\n', '\r\n'), text)).toBe(true);
  }
});

test('one changed token, or one changed word of a comment, is a change', () => {
  // Each case parses the file twice: a short one with types, generics, templates and comments.
  const path = 'templates/queue/http.ts';
  const text = read(path);
  const { tokens } = parse(text, { sourceType: 'module', plugins: ['typescript'], tokens: true });
  const places = (tokens ?? []) as { start: number; end: number }[];
  const change = places.filter(({ start, end }) => /[^\s;,|]/.test(text.slice(start, end)));
  fc.assert(
    fc.property(fc.constantFrom(...change), fc.boolean(), ({ start, end }, removed) => {
      const token = text.slice(start, end);
      const put = removed ? '' : /^\w+$/.test(token) ? `${token}0` : token + token;
      expect(saysTheSame(path, text.slice(0, start) + put + text.slice(end), text)).toBe(false);
    }),
    { numRuns },
  );
});

test.each([
  ['a.ts', 'function f() { return x; }', 'function f() { return; x; }'],
  ['a.ts', 'for (a; ; b) {}', 'for (a; b; ) {}'],
  ['a.ts', '[a, b]', '[a, , b]'],
  ['a.ts', '`a  b`', '`a b`'],
  ['a.ts', '"a  b"', '"a b"'],
  ['a.ts', 'f(9007199254740992)', 'f(9007199254740993)'],
  ['a.ts', '{ a(); /* c */ }', '{ a(); } /* c */'],
  ['a.ts', '// @ts-ignore\na();\nb();', 'a();\n// @ts-ignore\nb();'],
  ['a.ts', '(a?.b).c', 'a?.b.c'],
  ['a.ts', 'a', 'a)'],
  ['a.ts', 'a)', 'a)'],
  ['a.json', '{"a": 1}', '{"a": 1,}'],
  ['a.json', '{"a": 1}', "{'a': 1}"],
  ['a.json', '{"a": 1, "b": 2}', '{"b": 2, "a": 1}'],
  ['a.kt', 'val a = 1', 'val a  = 1'],
  ['a.md', 'One.\n\nTwo.', 'One.\nTwo.'],
  ['a.md', 'A word.', 'Another word.'],
  ['a.md', '```sh\na\nb\n```', '```sh\na b\n```'],
  ['a.md', '| a | b |\n| --- | --- |', '| a | c |\n| --- | --- |'],
])('in %s, %s is not %s', (path, one, other) => {
  expect(saysTheSame(path, one, other)).toBe(false);
});
