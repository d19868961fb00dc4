import type { SourceFile } from '../source-files.ts';
import { dartFunctions } from './dart.ts';
import type { DartFunction } from './dart.ts';

/** Far more than the calls that lead from a callback to where a database is opened. */
const MOST_FUNCTIONS = 200;

/** A function, and those of the top level that it calls by their names, and so on. */
export function reachedInDart(from: DartFunction, files: readonly SourceFile[]): DartFunction[] {
  const byName = new Map<string, DartFunction[]>();
  for (const one of files.flatMap(dartFunctions)) {
    if (one.scope === 'library') byName.set(one.name, [...(byName.get(one.name) ?? []), one]);
  }
  const found = new Set([from]);
  for (const { file, body } of found) {
    // Closures in it, and functions inside of it, run with it.
    for (const one of dartFunctions(file)) {
      if (one.offset > body.start && one.offset < body.end) found.add(one);
    }
    for (const [, name = ''] of file.code
      .slice(body.start, body.end)
      .matchAll(/(?<![\w$.])([\w$]+)\s*\(/g)) {
      const all = byName.get(name) ?? [];
      if (all.length === 1 && all[0] && found.size < MOST_FUNCTIONS) found.add(all[0]);
    }
  }
  return [...found];
}
