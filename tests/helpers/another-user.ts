import { spawnSync } from 'node:child_process';

/** `nobody`, whom nothing belongs to. */
const NOBODY = 65_534;

/**
 * For a process that has to be denied what permissions deny, which root never is. As root: the ids of another user, for
 * `uid` and `gid` of a child process; else none, as the user himself is denied.
 */
export const asAnother = (): { uid?: number; gid?: number } =>
  process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/** Whether Node itself can be run so: not where the checkout is in a folder that others may not enter. */
export const canBeAnother = (): boolean =>
  spawnSync(
    process.execPath,
    [new URL('../../bin/bgsync.js', import.meta.url).pathname, '--version'],
    {
      ...asAnother(),
      stdio: 'ignore',
    },
  ).status === 0;
