import { expect, test } from 'vitest';
import { readYaml } from '../../../src/formats/yaml.ts';

test('reads lists and maps in every style, anchors and merge keys, and scalars as they are written', async () => {
  const text = `# a workspace
packages: [
  "apps/*",   # all of them
  'packages/*',
]
base: &base
  react: 18.20
catalog:
  <<: *base
  'react-native': "0.87.0"
catalogs: { next: { expo: ~58.0.0 } }
block: >-
  a
  b
`;
  expect(await readYaml(text)).toEqual({
    packages: ['apps/*', 'packages/*'],
    base: { react: '18.20' },
    catalog: { react: '18.20', 'react-native': '0.87.0' },
    catalogs: { next: { expo: '~58.0.0' } },
    block: 'a b',
  });
});

const laughs = ['a0: &a0 [x]'];
for (let n = 1; n < 12; n += 1) {
  laughs.push(
    `a${n}: &a${n} [${Array(9)
      .fill(`*a${n - 1}`)
      .join(', ')}]`,
  );
}

test.each([
  ['what is no YAML', 'a: [b'],
  ['several documents', 'a: b\n---\nc: d'],
  ['flow nesting', '['.repeat(100_000)],
])('%s is nothing', async (_, text) => {
  expect(await readYaml(text)).toBeUndefined();
});

test('aliases of aliases are one object each, however many they would be', async () => {
  const { a11 } = (await readYaml(laughs.join('\n'))) as { a11: readonly unknown[] };
  expect(new Set(a11).size).toBe(1);
});

test('a key of an object’s own is a key', async () => {
  expect(JSON.stringify(await readYaml('__proto__: { polluted: x }'))).toBe(
    '{"__proto__":{"polluted":"x"}}',
  );
  expect('polluted' in {}).toBe(false);
});
