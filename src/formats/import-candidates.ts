import { posix } from 'node:path';

const EXTENSIONS = ['', '.ts', '.tsx', '.js', '.jsx', '.mjs', '.cjs', '.json'];

/** The files that an import of a path without its extension may mean, the likely ones first. */
export const importCandidates = (path: string): string[] => [
  ...EXTENSIONS.map((extension) => path + extension),
  ...EXTENSIONS.slice(1).map((extension) => posix.join(path, `index${extension}`)),
  // TypeScript names the file that its compiler would write.
  ...(/\.[cm]?js$/.test(path) ? [path.replace(/js$/, 'ts')] : []),
];
