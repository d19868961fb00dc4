import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const STAMP = '.cache/build';

/** What the bundle is made from: the packages are those of the lock file. */
const SOURCES = [
  'src',
  'package-lock.json',
  'package.json',
  'esbuild.config.mjs',
  'esbuild.chunks.mjs',
  'esbuild.eager.mjs',
  'esbuild.fresh.mjs',
  'esbuild.shorten.mjs',
];

/** @returns the files at or below `path`, relative to `root`, in a fixed order */
async function filesOf(root, path) {
  const about = await stat(join(root, path)).catch(() => undefined);
  if (about === undefined) return [];
  if (!about.isDirectory()) return [path];
  const entries = await readdir(join(root, path), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

/** @returns what changes with any byte of the sources, or of what was built from them */
async function state(root) {
  const hash = createHash('sha256').update(process.version);
  for (const source of [...SOURCES, 'dist', 'maps'])
    for (const file of await filesOf(root, source))
      hash.update(`\0${file}\0`).update(await readFile(join(root, file)));
  return hash.digest('hex');
}

/**
 * Every suite builds first. Two of them at once, as in `.ci/run`, must not take the bundle from below each other's
 * commands.
 *
 * @param {string} root of the repo
 * @returns {Promise<boolean>} whether dist is what a build of the sources would make
 */
export async function isFresh(root) {
  const stamp = await readFile(join(root, STAMP), 'utf8').catch(() => undefined);
  return stamp !== undefined && stamp === (await state(root));
}

/**
 * Remembers that dist was built from the sources as they are.
 *
 * @param {string} root of the repo
 */
export async function remember(root) {
  await mkdir(dirname(join(root, STAMP)), { recursive: true });
  await writeFile(join(root, STAMP), await state(root));
}
