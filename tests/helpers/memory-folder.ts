/**
 * Vitest's global set-up. Most of what the tests of commands wait for is the disk: every file that bgsync writes is
 * flushed. Where the system has a file system in memory with room, temporary folders are made there, and all are gone with
 * the run. What a flush is for, no test can see: they kill processes, never the machine.
 */
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

const SHARED_MEMORY = '/dev/shm';
const NAME = /^bgsync-tests-(\d+)$/;
/** Bytes: several times what a run has there at its peak. */
const ROOM = 2 ** 31;

/** Containers often have a small one, and one that programs cannot be started from: the tests write such. */
function isUsable(): boolean {
  try {
    const { bavail, bsize } = statfsSync(SHARED_MEMORY);
    const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
    const options = mounts
      .map((line) => line.split(' '))
      .findLast(([, at]) => at === SHARED_MEMORY);
    return bavail * bsize >= ROOM && options !== undefined && !/\bnoexec\b/.test(options[3] ?? '');
  } catch {
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export default function setUp(): (() => void) | undefined {
  if (process.env.TMPDIR !== undefined || !isUsable()) return undefined;
  // Of a run that was killed.
  for (const name of readdirSync(SHARED_MEMORY)) {
    const pid = Number(NAME.exec(name)?.[1] ?? process.pid);
    if (!isRunning(pid)) rmSync(join(SHARED_MEMORY, name), { recursive: true, force: true });
  }
  const folder = join(SHARED_MEMORY, `bgsync-tests-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  // As /tmp: some tests start bgsync as another user.
  chmodSync(folder, 0o1777);
  process.env.TMPDIR = folder;
  return () => {
    delete process.env.TMPDIR;
    rmSync(folder, { recursive: true, force: true });
  };
}
