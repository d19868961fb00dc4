import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { importGraph } from '../helpers/import-graph.ts';

/** Enough to see most faults, few enough to be run for each. */
const MOST_TESTS = 4;

const graphs = new Map<string, ReadonlyMap<string, readonly string[]>>();

/**
 * The unit tests that import a file, by way of the fewest others; of a check, which all import, those that describe it.
 *
 * @param repo its root, absolute
 * @param file relative to it, with `/`
 */
export function nearestTests(repo: string, file: string): string[] {
  const ofCheck = testsOfCheck(repo, file);
  if (ofCheck.length > 0) return ofCheck;
  const importers = graphs.get(repo) ?? importersIn(repo);
  graphs.set(repo, importers);
  const seen = new Set([file]);
  let level: readonly string[] = [file];
  while (level.length > 0) {
    level = [...new Set(level.flatMap((one) => importers.get(one) ?? []))].filter(
      (one) => !seen.has(one),
    );
    for (const one of level) seen.add(one);
    const tests = level.filter((one) => one.startsWith('tests/unit/') && one.endsWith('.test.ts'));
    if (tests.length > 0) return tests.sort().slice(0, MOST_TESTS);
  }
  return [];
}

/** For each file of `src` and `tests`, those that import it. */
function importersIn(repo: string): ReadonlyMap<string, readonly string[]> {
  const importers = new Map<string, string[]>();
  for (const [path, imported] of importGraph(repo, ['src', 'tests'])) {
    for (const one of imported) importers.set(one, [...(importers.get(one) ?? []), path]);
  }
  return importers;
}

const CHECK_TESTS = 'tests/unit/doctor/checks';

function testsOfCheck(repo: string, file: string): string[] {
  const id = /^ {2}id: '(\w+)',$/m.exec(readFileSync(join(repo, file), 'utf8'))?.[1];
  if (id === undefined || !file.startsWith('src/doctor/checks/')) return [];
  return readdirSync(join(repo, CHECK_TESTS))
    .map((name) => `${CHECK_TESTS}/${name}`)
    .filter((path) => readFileSync(join(repo, path), 'utf8').includes(`describeCheck('${id}'`));
}
