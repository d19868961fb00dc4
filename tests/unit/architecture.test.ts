import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { circlesOf, importGraph } from '../helpers/import-graph.ts';

const REPO = fileURLToPath(new URL('../../', import.meta.url));
const graph = importGraph(REPO, ['src']);

/** The table of docs/architecture.md: what the files of a folder may import besides their own folder. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  formats: [],
  project: ['formats'],
  plan: ['formats', 'project'],
  integrations: ['formats', 'project', 'plan', 'templates'],
  templates: ['schedule'],
};
/** '' for a single file of src, which any layer may use. */
const folderOf = (path: string): string => /^src\/([\w-]+)\//.exec(path)?.[1] ?? '';

test('no file of src imports itself by way of others, not for a type either', () => {
  expect(graph.size).toBeGreaterThan(300);
  // What `import()` puts off is loaded when all of these are.
  expect(circlesOf(importGraph(REPO, ['src'], false))).toEqual([]);
});

test('a circle would be seen', () => {
  const circle = new Map([
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['b']],
  ]);
  expect(circlesOf(circle)).toEqual([['b', 'c']]);
});

test.each(Object.entries(LAYERS))('src/%s imports what its layer may use', (folder, allowed) => {
  const leaks = [...graph].flatMap(([path, imported]) =>
    folderOf(path) !== folder
      ? []
      : imported
          .filter((one) => ![folder, '', ...allowed].includes(folderOf(one)))
          .map((one) => `${path} -> ${one}`),
  );
  expect(leaks).toEqual([]);
});

test('no source file is larger than 600 lines', () => {
  const large = [...graph.keys()].filter(
    (path) => readFileSync(`${REPO}${path}`, 'utf8').split('\n').length > 600,
  );
  expect(large).toEqual([]);
});
