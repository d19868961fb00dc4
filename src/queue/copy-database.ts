/** A copy of a database that an app may have open, and may be writing. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';

/** Where the files of a database lie: on this machine, or on a device. */
export interface DatabaseFiles {
  /** @returns the names in a folder; none where there is no such folder */
  list(folder: string): Promise<string[]>;
  /** @returns what stands in a file; undefined where there is none */
  read(path: string): Promise<Buffer | undefined>;
  /** @returns the SHA-1 of what stands in it, in hexadecimal digits; undefined where there is none */
  digest(path: string): Promise<string | undefined>;
}

/** The `-shm` is no part of it: SQLite makes it anew of the WAL, and one of another moment would not fit. */
const SIDES = ['', '-wal', '-journal'];

const TRIES = 5;

const sha1 = (bytes: Buffer): string => createHash('sha1').update(bytes).digest('hex');

/**
 * Copies a database with what its journals hold, as it was at one moment. Its files are read one after another, and a
 * checkpoint in between would leave a database that never was: so all are looked at again, and where one has changed
 * since it was read, all are read again.
 *
 * @param path of the database, among those files
 * @param folder on this machine, for the copy alone
 * @returns the copy’s path; undefined where there is no such database
 * @throws UserError where it changes too fast
 */
export async function copyDatabase(
  files: DatabaseFiles,
  path: string,
  folder: string,
): Promise<string | undefined> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const parts: { side: string; bytes: Buffer | undefined }[] = [];
    for (const side of SIDES) parts.push({ side, bytes: await files.read(path + side) });
    if (!(await isStill(files, path, parts))) continue;
    if (parts[0]?.bytes === undefined) return undefined;
    // A name of ours: the device's may be none that this machine can have.
    const copy = join(folder, 'copy.db');
    for (const { side, bytes } of parts) {
      if (bytes !== undefined) writeFileSync(copy + side, bytes);
    }
    return copy;
  }
  throw new UserError(`${path} changes all the time.`, {
    hint: 'Close the app, or wait until its sync has ended, and try again.',
  });
}

async function isStill(
  files: DatabaseFiles,
  path: string,
  parts: readonly { side: string; bytes: Buffer | undefined }[],
): Promise<boolean> {
  for (const { side, bytes } of parts) {
    if ((await files.digest(path + side)) !== (bytes && sha1(bytes))) return false;
  }
  return true;
}

function unlessMissing<T>(path: string, read: (path: string) => T): T | undefined {
  try {
    return read(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UserError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

const bytesOf = (path: string): Buffer | undefined =>
  unlessMissing(path, (one) => readFileSync(one));

/** A failure is a rejection. */
const settled = <T>(work: () => T): Promise<T> => new Promise((resolve) => resolve(work()));

/** The files of this machine, by their paths. */
export const LOCAL_FILES: DatabaseFiles = {
  list: (folder) => settled(() => unlessMissing(folder, (one) => readdirSync(one)) ?? []),
  read: (path) => settled(() => bytesOf(path)),
  digest: (path) =>
    settled(() => {
      const bytes = bytesOf(path);
      return bytes && sha1(bytes);
    }),
};
