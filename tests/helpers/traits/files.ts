import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PrintedStep } from './trait.ts';

/** What was printed for a file; fails where that is nothing. */
export const snippetOf = (steps: readonly PrintedStep[], path: string): string => {
  const step = steps.find((candidate) => candidate.path === path);
  if (step === undefined) throw new Error(`no step was printed for ${path}`);
  return step.snippet;
};

/** Writes files, by path relative to a folder; folders are made. */
export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    const absolute = join(folder, path);
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, text);
  }
}

/** Lines of a file, each ended by a line feed. */
export const lines = (...texts: readonly string[]): string => `${texts.join('\n')}\n`;

/** Changes a file's text; fails where that changes nothing. */
export function change(folder: string, path: string, edit: (text: string) => string): void {
  const absolute = join(folder, path);
  const before = readFileSync(absolute, 'utf8');
  const after = edit(before);
  if (after === before) throw new Error(`${path} stays as it was`);
  writeFileSync(absolute, after);
}

interface PackageJson {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  [key: string]: unknown;
}

/** Changes package.json as data; two spaces, as npm writes it. */
export function changePackageJson(folder: string, edit: (data: PackageJson) => void): void {
  change(folder, 'package.json', (text) => {
    const data = JSON.parse(text) as PackageJson;
    edit(data);
    return `${JSON.stringify(data, null, 2)}\n`;
  });
}
