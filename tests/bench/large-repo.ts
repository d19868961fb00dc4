import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const FILES = 100_000;
const PER_FOLDER = 100;

/** 100,000 source files beside the app's own, some levels deep, as in a repository of many packages. */
export function addFiles(folder: string): void {
  for (let index = 0; index < FILES / PER_FOLDER; index += 1) {
    // A tenth is the app's own.
    const above = index % 10 === 0 ? 'src' : join('packages', `p${index % 25}`, 'src');
    const path = join(folder, above, `f${index}`);
    mkdirSync(path, { recursive: true });
    for (let file = 0; file < PER_FOLDER; file += 1) {
      const value = index * PER_FOLDER + file;
      writeFileSync(join(path, `m${file}.ts`), `export const value = ${value};\n`);
    }
  }
}
