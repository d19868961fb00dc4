import { basename, dirname, join, resolve } from 'node:path';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import type { Context } from '../context.ts';
import type { FileSystem } from '../file-system.ts';
import { namedByUser } from '../place.ts';
import { VERSION } from '../version.ts';
import { readText } from './read-text.ts';

const LIMIT_MS = 5000;

/** The package that runs: src/project/ and dist/ are one and two folders below it. */
const OWN = resolve(
  fileURLToPath(new URL('.', import.meta.url)),
  import.meta.url.includes('/src/') ? '../..' : '..',
);

/** What npm keeps of what it installed: https://docs.npmjs.com/cli/configuring-npm/package-lock-json (hidden lockfiles) */
const hiddenLock = v.object({
  packages: v.object({
    'node_modules/bgsync': v.object({
      version: v.literal(VERSION),
      integrity: v.string(),
      resolved: v.optional(v.string()),
      link: v.optional(v.literal(false)),
    }),
  }),
});

/**
 * Whether a registry gave this machine the copy that runs, by where it lies: what npm (npx, too) and pnpm installed, or
 * Yarn's cache. No request is made. A clone, a link, a tarball and a copy that nothing is known of are none.
 *
 * @param folder of the copy, absolute and without links
 */
export async function isFromRegistry(fs: FileSystem, folder = OWN): Promise<boolean> {
  const modules = dirname(folder);
  if (basename(folder) !== 'bgsync' || basename(modules) !== 'node_modules') return false;
  const holder = basename(dirname(modules));
  // Other sources have another name there: bgsync@file+…, bgsync-file-….
  if (holder === `bgsync@${VERSION}`) return basename(dirname(dirname(modules))) === '.pnpm';
  // With Plug’n’Play: in an archive, or out of it.
  if (holder.startsWith(`bgsync-npm-${VERSION}-`)) return true;
  const place = namedByUser(join(modules, '.package-lock.json'));
  const text = await readText(fs, place).catch(() => undefined);
  try {
    const lock = v.safeParse(hiddenLock, JSON.parse(text ?? 'null'));
    if (!lock.success) return false;
    const { resolved } = lock.output.packages['node_modules/bgsync'];
    // npm leaves the address out where it is the registry's own.
    return resolved === undefined || resolved.endsWith(`/bgsync/-/bgsync-${VERSION}.tgz`);
  } catch {
    return false;
  }
}

/**
 * Whether the registry of this machine has this bgsync: a pin on a version that is not to be had breaks every install.
 * npm is asked outside of the app’s folder, where no `.npmrc` of the repo says what to run or where to ask; it is not
 * where this copy came from a registry.
 *
 * @returns false, too, where npm is not there or has no answer in time
 * @throws CancelError
 */
export async function isPublished({ exec, env, fs, signal }: Context): Promise<boolean> {
  if (await isFromRegistry(fs)) return true;
  const { code, stdout } = await exec.run('npm', ['view', `bgsync@${VERSION}`, 'bin', '--json'], {
    env,
    cwd: tmpdir(),
    timeoutMs: LIMIT_MS,
    signal,
  });
  // The name alone could be another package’s.
  return code === 0 && stdout.includes('"bin/bgsync.js"');
}
