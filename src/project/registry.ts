import { tmpdir } from 'node:os';
import type { Context } from '../context.ts';
import { VERSION } from '../version.ts';

const LIMIT_MS = 5000;

/**
 * Whether the registry of this machine has this bgsync: a pin on a version that is not to be had breaks every install.
 * npm is asked outside of the app’s folder, where no `.npmrc` of the repo says what to run or where to ask.
 *
 * @returns false, too, where npm is not there or has no answer in time
 * @throws CancelError
 */
export async function isPublished({ exec, env, signal }: Context): Promise<boolean> {
  const { code, stdout } = await exec.run('npm', ['view', `bgsync@${VERSION}`, 'bin', '--json'], {
    env,
    cwd: tmpdir(),
    timeoutMs: LIMIT_MS,
    signal,
  });
  // The name alone could be another package’s.
  return code === 0 && stdout.includes('"bin/bgsync.js"');
}
