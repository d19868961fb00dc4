import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Every file below a folder, by path with `/`, byte for byte. */
export function readTree(folder: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(relative(folder, path).replaceAll('\\', '/'), readFileSync(path));
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Paths whose bytes differ between two trees, or that only one of them has. */
export function changedPaths(before: Map<string, Buffer>, after: Map<string, Buffer>): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths]
    .filter((path) => {
      const [a, b] = [before.get(path), after.get(path)];
      return a === undefined || b === undefined || !a.equals(b);
    })
    .sort();
}

/** Every folder below a folder, by path with `/`, `.git` left out. */
export function readFolders(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => path !== '.git' && !path.startsWith('.git/'))
    .sort();
}
