/**
 * node-sqlite3-wasm locks a database with a folder beside it, `FILE.lock`. Where a process is killed while it has the
 * lock, the folder stays, and the database is locked for ever. So each process leaves its id beside a database while it
 * has it open, and one that opens it takes the lock of the dead away.
 */
import { readdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

const MARK = '-owner-';

/** Whether a file is such a note, by its name. */
export const isOwnerNote = (name: string): boolean => /-owner-\d+$/.test(name);

/** How many connections this process has, by path. */
const held = new Map<string, number>();

/**
 * To be called before a database is opened.
 *
 * @param file any path
 * @returns what is to be called after it was closed
 */
export function holdWasmDatabase(file: string): () => void {
  const path = resolve(file);
  const note = `${path}${MARK}${process.pid}`;
  const count = held.get(path) ?? 0;
  if (count === 0) {
    // Before the others are looked at: of two that begin at once, each sees the other, and neither touches the lock.
    writeFileSync(note, '');
    if (!hasLivingOwner(path)) removeLock(path);
  }
  held.set(path, count + 1);
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    const left = (held.get(path) ?? 1) - 1;
    if (left > 0) held.set(path, left);
    else {
      held.delete(path);
      rmSync(note, { force: true });
    }
  };
}

/** Besides this process. Notes of the dead are taken away. */
function hasLivingOwner(path: string): boolean {
  const prefix = `${basename(path)}${MARK}`;
  let isHeldByAnother = false;
  for (const name of readdirSync(dirname(path))) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : process.pid;
    if (pid === process.pid) continue;
    if (isAlive(pid)) isHeldByAnother = true;
    else rmSync(join(dirname(path), name), { force: true });
  }
  return isHeldByAnother;
}

function removeLock(path: string): void {
  try {
    rmdirSync(`${path}.lock`);
  } catch {
    // There is none, as a rule.
  }
}

/** One of another user is alive, though it may not be signalled. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
