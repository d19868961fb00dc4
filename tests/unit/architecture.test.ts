import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
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

describe('src/doctor reads no build file, manifest, plist, project or config by itself', () => {
  const doctor = [...graph.keys()].filter((path) => path.startsWith('src/doctor/'));
  const sources = new Map(doctor.map((path) => [path, readFileSync(`${REPO}${path}`, 'utf8')]));
  const having = (wanted: (text: string) => boolean): string[] =>
    [...sources].filter(([, text]) => wanted(text)).map(([path]) => path);

  test('of src/formats it imports the readers of languages', () => {
    const imported = doctor.flatMap((path) => graph.get(path) ?? []);
    expect([...new Set(imported)].filter((path) => path.startsWith('src/formats/')).sort()).toEqual(
      ['dart', 'edit', 'entry', 'glob', 'import-candidates', 'javascript', 'source', 'text'].map(
        (name) => `src/formats/${name}.ts`,
      ),
    );
  });

  test('what src/project reads through is handed on, and not read from', () => {
    const reads = having((text) =>
      /\bfiles\s*\.\s*(?:read|bytes|entries)\(|\breadPackageFile\(/.test(text),
    );
    expect(reads.sort()).toEqual([
      // Compares a file with the hash of what bgsync left.
      'src/doctor/code/verified.ts',
      // Tries an edit of src/integrations on the file.
      'src/doctor/edit-fix.ts',
      'src/doctor/not-looked-at.ts',
      'src/doctor/repo.ts',
      'src/doctor/source-files.ts',
    ]);
  });

  test('no pattern of it is one of their syntax', () => {
    const syntax =
      /<\\?\/?(?:activity|application|array|key|manifest|meta-data|provider|receiver|service|string|uses-)|\b(?:android|tools):|IPHONEOS_|\b(?:minSdk|compileSdk|targetSdk|implementation)\b/;
    const found: string[] = [];
    const visit = (path: string, node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node) && syntax.test(node.text))
        found.push(`${path}: ${node.text}`);
      ts.forEachChild(node, (child) => {
        visit(path, child);
      });
    };
    for (const [path, text] of sources)
      visit(path, ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
    expect(found).toEqual([]);
  });
});

/** Calls of `at` whose root is a call itself: a root is a folder that was found, and what comes below it the second argument. */
const nestedRoots = (path: string, text: string): string[] => {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isCallExpression(node) &&
      ts.isIdentifier(node.expression) &&
      node.expression.text === 'at' &&
      node.arguments[0] !== undefined &&
      ts.isCallExpression(node.arguments[0])
    )
      found.push(`${path}: ${node.getText()}`);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return found;
};

test('no root of a place is a place that was put together', () => {
  expect(nestedRoots('a.ts', "at(at(root, 'a'), 'b'); at(root, 'c');")).toEqual([
    "a.ts: at(at(root, 'a'), 'b')",
  ]);
  const sources = [...graph.keys()].map((path) => [path, readFileSync(`${REPO}${path}`, 'utf8')]);
  expect(
    sources
      .filter(([, text]) => /\bat\(\s*[\w.]+\(/.test(text!))
      .flatMap(([path, text]) => nestedRoots(path!, text!)),
  ).toEqual([]);
});

test('no source file is larger than 600 lines', () => {
  const large = [...graph.keys()].filter(
    (path) => readFileSync(`${REPO}${path}`, 'utf8').split('\n').length > 600,
  );
  expect(large).toEqual([]);
});
