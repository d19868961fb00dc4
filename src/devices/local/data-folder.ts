import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';

/**
 * Where the local platform keeps what a phone would keep of an app (storage, keychain, databases): the system's folder
 * for caches, since nothing in it is more than a rehearsal, and outside of the repo.
 *
 * @param root the app's root, absolute and real
 */
export function localDataFolder(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string {
  const set = (value: string | undefined): string | undefined => (value === '' ? undefined : value);
  const home = homedir();
  const caches =
    set(env.XDG_CACHE_HOME) ??
    (platform === 'darwin'
      ? join(home, 'Library', 'Caches')
      : platform === 'win32'
        ? (set(env.LOCALAPPDATA) ?? join(home, 'AppData', 'Local'))
        : join(home, '.cache'));
  const key = createHash('sha256').update(root).digest('hex').slice(0, 12);
  return join(caches, 'bgsync', 'local', `${basename(root)}-${key}`);
}

/** What an app's uninstall would take away. */
export const removeLocalData = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true });
