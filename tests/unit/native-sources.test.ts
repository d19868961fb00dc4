/** What no run on this machine can show of the generated native code. */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const TEMPLATES = fileURLToPath(new URL('../../templates/', import.meta.url));

test('Kotlin that puts a file in the place of another has flushed it: a power cut leaves the old bytes or the new', () => {
  const replacing = readdirSync(TEMPLATES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.kt'))
    .map((name) => readFileSync(`${TEMPLATES}${name}`, 'utf8'))
    .filter((text) => text.includes('.renameTo(this)'));
  expect(replacing).toHaveLength(1);
  for (const text of replacing)
    expect(text).toMatch(/\.fd\.sync\(\)\n +\}\n +\w+\.renameTo\(this\)/);
});
