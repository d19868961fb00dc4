/** What `doctor` does not load: a parser of JavaScript takes as long as all the checks of a repo that has nothing to parse. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { REPO, spawnCli } from '../helpers/cli.ts';
import { AS_MADE, BASES } from '../helpers/doctor-bases.ts';
import type { Base } from '../helpers/doctor-bases.ts';

interface Coverage {
  readonly result: readonly { readonly url: string }[];
}

/** The files of the bundle that a run of doctor loads, by what Node writes of those it ran. */
function loadedBy(base: Base, more: Readonly<Record<string, string>> = {}): string[] {
  const root = mkdtempSync(join(tmpdir(), 'bgsync-loads-'));
  const coverage = mkdtempSync(join(tmpdir(), 'bgsync-coverage-'));
  try {
    for (const [path, text] of Object.entries({ ...BASES[base], ...more })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const { code } = spawnCli(['doctor'], root, { NODE_V8_COVERAGE: coverage });
    expect(code).toBe(0);
    const urls = readdirSync(coverage).flatMap((name) =>
      (JSON.parse(readFileSync(join(coverage, name), 'utf8')) as Coverage).result.map(
        ({ url }) => url,
      ),
    );
    return [...new Set(urls)]
      .filter((url) => url.includes('/dist/'))
      .map((url) => fileURLToPath(url));
  } finally {
    rmSync(root, { recursive: true, force: true });
    rmSync(coverage, { recursive: true, force: true });
  }
}

/** By the map of the file, which names its sources. */
const hasParser = (path: string): boolean =>
  readFileSync(join(REPO, 'maps', `${basename(path)}.map`), 'utf8').includes(
    'node_modules/@babel/parser/',
  );

test.each([
  ['react-native', {}],
  ['bgsync', AS_MADE],
  ['capacitor', {}],
] as const)('no parser in an app as it was made: %s', (base, files) => {
  const loaded = loadedBy(base, files);
  expect(loaded).not.toEqual([]);
  expect(loaded.filter(hasParser)).toEqual([]);
});

test('the parser where there is a handler to read', () => {
  const handler = `${BASES.bgsync['src/background-sync.ts'] ?? ''}\nexport const more = 1;\n`;
  const loaded = loadedBy('bgsync', { 'src/background-sync.ts': handler });
  expect(loaded.filter(hasParser)).not.toEqual([]);
});
