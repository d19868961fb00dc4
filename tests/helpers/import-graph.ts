import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

/**
 * What each TypeScript file of some folders imports of the repo, for types, too.
 *
 * @param repo its root, absolute
 * @param folders relative to it
 * @param withLazy whether `import()` counts
 * @returns by path relative to the root, with `/`
 */
export function importGraph(
  repo: string,
  folders: readonly string[],
  withLazy = true,
): ReadonlyMap<string, readonly string[]> {
  const graph = new Map<string, string[]>();
  for (const folder of folders) {
    for (const name of readdirSync(join(repo, folder), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts') || name.includes('node_modules')) continue;
      const path = posix.join(folder, name.replaceAll('\\', '/'));
      const text = readFileSync(join(repo, path), 'utf8');
      const read = withLazy ? text : text.replace(/\bimport\(\s*'[^']*'\s*\)/g, '');
      const { importedFiles } = ts.preProcessFile(read);
      const imported = importedFiles
        .filter(({ fileName }) => fileName.startsWith('.'))
        .map(({ fileName }) => posix.join(posix.dirname(path), fileName))
        .filter((file) => existsSync(join(repo, file)));
      graph.set(path, [...new Set(imported)]);
    }
  }
  return graph;
}

/** Files that import each other, over any number of others: Tarjan's strongly connected components of more than one. */
export function circlesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): number => {
    const own = order.size;
    order.set(file, own);
    let low = own;
    stack.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!order.has(next)) low = Math.min(low, visit(next));
      else if (stack.includes(next)) low = Math.min(low, order.get(next) ?? low);
    }
    lowest.set(file, low);
    if (low === own) {
      const circle = stack.splice(stack.indexOf(file));
      if (circle.length > 1) circles.push(circle.sort());
    }
    return low;
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return circles;
}
