import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Recorded {
  readonly commit: string;
  readonly signatures: readonly string[];
}

const STUBS = new URL('../../flutter/android/', import.meta.url);
const { $comment, ...recorded } = JSON.parse(
  readFileSync(new URL('signatures.json', STUBS), 'utf8'),
) as { $comment: string } & Record<string, Recorded>;

/** One blank between words, none around brackets; annotations and comments left out. */
const plain = (java: string): string =>
  java
    .replace(/\/\*[^]*?\*\/|\/\/.*/g, ' ')
    .replace(/@\w+\s/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/ ?([(),;{}]) ?/g, '$1');

test.each(Object.entries(recorded))(
  'the stub of %s has what Flutter itself declares',
  (path, { commit, signatures }) => {
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    const stub = plain(readFileSync(new URL(`stubs/${path}`, STUBS), 'utf8'));
    for (const signature of signatures) expect(stub).toContain(plain(signature));
  },
);

test('says where the signatures were read', () => {
  expect($comment).toContain('flutter/flutter');
  expect(Object.keys(recorded)).toHaveLength(7);
});
