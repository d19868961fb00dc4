import { createHmac, randomBytes } from 'node:crypto';
import type { FileSystem } from '../file-system.ts';
import { at } from '../place.ts';

/**
 * What bgsync writes for itself alone carries a seal: a keyed hash (RFC 2104) over the text. The key is in the user's own
 * state folder, where no repo, archive or shared volume can have put it; a text that was changed by one bit, or that
 * someone else wrote, does not open.
 */
export async function seal(fs: FileSystem, text: string): Promise<string> {
  return `${hashOf(await ownKey(fs), text)}\n${text}`;
}

/** @returns the text; undefined where this user's bgsync has not sealed it */
export async function unseal(fs: FileSystem, sealed: string): Promise<string | undefined> {
  const end = sealed.indexOf('\n');
  const text = sealed.slice(end + 1);
  for (const folder of fs.stateFolders) {
    const key = await readKey(fs, folder);
    if (key !== undefined && hashOf(key, text) === sealed.slice(0, Math.max(end, 0))) return text;
  }
  return undefined;
}

const hashOf = (key: string, text: string): string =>
  createHmac('sha256', key).update(text).digest('hex');

const KEY = /^[0-9a-f]{64}\n$/;

/** @returns undefined where there is none, or one that others could have written */
async function readKey(fs: FileSystem, folder: string): Promise<string | undefined> {
  const place = at(folder, 'key');
  if (!(await fs.isPrivate(at(folder, ''))) || !(await fs.isPrivate(place))) return undefined;
  const text = (await fs.read(place))?.toString('latin1');
  return text !== undefined && KEY.test(text) ? text : undefined;
}

/** Made when it is first needed. @throws the system's error where it can be made nowhere */
async function ownKey(fs: FileSystem): Promise<string> {
  let failure: Error | undefined;
  for (const folder of fs.stateFolders) {
    try {
      const known = await readKey(fs, folder);
      if (known !== undefined) return known;
      await fs.mkdir(at(folder, ''), 0o700);
      if (!(await fs.isPrivate(at(folder, '')))) continue;
      const place = at(folder, 'key');
      const made = `${randomBytes(32).toString('hex')}\n`;
      if (await fs.createExclusive(place, made, 0o600)) return made;
      // Of two processes that make one at once, the first has made it.
      const other = await readKey(fs, folder);
      if (other !== undefined) return other;
      // Damaged, or not private: what was sealed with it is lost.
      await fs.remove(place);
      if (await fs.createExclusive(place, made, 0o600)) return made;
    } catch (error) {
      failure = error as Error;
    }
  }
  throw failure ?? new Error('there is no folder for what bgsync keeps');
}
