import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  realpathSync,
  statSync,
} from 'node:fs';
import type { Stats } from 'node:fs';
import { link, open, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { UserError } from './errors.ts';
import { isGitName, parentOf } from './place.ts';
import type { Place } from './place.ts';

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'other';
}

/** A file or folder that is there and that bgsync does not read, or write: shown to the user, or noted. */
export class RefusedError extends UserError {
  /** Completes "… was not looked at, because it". */
  readonly reason: string;
  readonly why: 'link' | 'kind' | 'size' | 'system';

  constructor(why: RefusedError['why'], path: string, reason: string, hint?: string) {
    super(`${path} ${reason}.`, hint === undefined ? {} : { hint });
    this.why = why;
    this.reason = reason;
  }
}

/** In bytes. What people write is far smaller; what is larger would take memory and minutes. */
const LARGEST_FILE = 2 << 20;
const LARGER: readonly (readonly [RegExp, number])[] = [
  // Large apps have them: thousands of files, each named three times.
  [/\.pbxproj$/, 32 << 20],
  // Hold the generated texts, and all that a plan changes.
  [/(?:^|\/)journal\.json$/, 64 << 20],
  [/(?:^|\/)bgsync\.lock\.json$/, 4 << 20],
  [/(?:^|\/)(?:package\.json|pnpm-workspace\.yaml)$/, 8 << 20],
];
/** What the user named himself. */
const LARGEST_NAMED = 64 << 20;

/** @returns how many bytes of a file are read at most: a larger one is refused */
export const limitOf = ({ path }: Place): number =>
  path === ''
    ? LARGEST_NAMED
    : (LARGER.find(([pattern]) => pattern.test(path))?.[1] ?? LARGEST_FILE);

/**
 * The one door to the disk. It takes places, which are checked names; what they lead to is checked here: nothing is read
 * or written through a link that leaves the place's root or leads into `.git`, nothing but regular files is read, and
 * none beyond a limit. Names that lead nowhere are absent; what is there and refused is a {@link RefusedError}.
 *
 * Reading blocks, whatever the promises say: a command has nothing else to do meanwhile, and hundreds of small files take
 * a fraction of the time. Against a process that swaps folders for links while bgsync runs there is no defence in Node,
 * which has no `openat`: who can do that can write the files himself.
 */
export interface FileSystem {
  /**
   * Where bgsync may keep what is this user's alone, the best first. Absolute; none of them need be there. The system's
   * folder for state (https://specifications.freedesktop.org/basedir-spec/latest/), and for a user without a home one
   * among the temporary files.
   */
  readonly stateFolders: readonly string[];
  /** Whether it is there, is this user's, no link, and no one else may write to it. On Windows: whether it is there. */
  isPrivate(place: Place): Promise<boolean>;
  /**
   * @returns undefined where there is no such file
   * @throws RefusedError where it is no regular file, too large, behind a link that leaves the root, or not permitted
   */
  read(place: Place): Promise<Buffer | undefined>;
  /** Whether there is something, links followed. It may be none that can be read. */
  exists(place: Place): Promise<boolean>;
  isWritable(place: Place): Promise<boolean>;
  isDirectory(place: Place): Promise<boolean>;
  isSymlink(place: Place): Promise<boolean>;
  /** @throws an error with the code ENOENT where there is nothing */
  realpath(place: Place): Promise<string>;
  /** Names, sorted; none where there is no such folder. @throws RefusedError as `entries` does */
  list(place: Place): Promise<string[]>;
  /**
   * What is in a folder, sorted by name; none where there is no such folder. Links are not followed.
   *
   * @throws RefusedError where it is behind a link that leaves the root, or not permitted
   */
  entries(place: Place): Promise<DirectoryEntry[]>;
  /**
   * With the folders above it.
   *
   * @param mode permission bits of what is made
   * @throws RefusedError where it would be made outside of the root; so do all that write
   */
  mkdir(place: Place, mode?: number): Promise<void>;
  /** The permission bits; undefined where there is no such file. */
  mode(place: Place): Promise<number | undefined>;
  /**
   * Written beside the file, flushed, then renamed over it: the old bytes or the new ones, never a part. Both the file
   * and its folder are on disk when it returns.
   *
   * @param mode permission bits; by default those that the file has
   */
  write(place: Place, content: Buffer | string, mode?: number): Promise<void>;
  /** @throws where `from` is not there */
  rename(from: Place, to: Place): Promise<void>;
  /**
   * @param mode permission bits, less the process's umask
   * @returns false where the file is there already
   */
  createExclusive(place: Place, content: string, mode?: number): Promise<boolean>;
  remove(place: Place): Promise<void>;
  /** Removes a folder that is empty; leaves any other. */
  removeEmptyDirectory(place: Place): Promise<void>;
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

/** A link that leads round in a circle leads to nothing, as one does whose file is gone; so does a name beyond any limit. */
const absent = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes(codeOf(error));

const DENIED = ['EACCES', 'EPERM'];

/** @returns what `read` gives; undefined where there is nothing. @throws RefusedError where the system refuses */
function look<T>(place: Place, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (absent(error)) return undefined;
    const code = codeOf(error);
    if (code === '') throw error;
    const denied = DENIED.includes(code);
    throw new RefusedError(
      'system',
      place.absolute,
      `cannot be read: ${denied ? 'permission was denied' : 'the system says'} (${code})`,
      denied
        ? 'Files that root left in a container are the usual cause: `ls -l` tells.'
        : undefined,
    );
  }
}

/** @returns whether a real path is below a real root, and not in `.git` there */
export function isWithin(realRoot: string, real: string): boolean {
  const path = relative(realRoot, real);
  // On Windows, another drive stays absolute.
  if (path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)) return false;
  return !path.split(sep).some(isGitName);
}

/** @returns the error for a place behind a link that leaves its root */
export const linkedOut = ({ absolute }: Place): RefusedError =>
  new RefusedError(
    'link',
    absolute,
    'is a link out of the repo',
    'bgsync neither reads nor writes through a link that leaves the app.',
  );

/**
 * @param found what has the place's name. Most of what is asked for is not there, and an error of each would take longer
 *   than all that is
 * @returns where a place really is; undefined where there is nothing
 * @throws RefusedError where that is none of its root
 */
function resolve(place: Place, found = lstatOf(place)): string | undefined {
  if (found === undefined) return undefined;
  return requireInside(place, realOf(place));
}

const realOf = (place: Place): string | undefined =>
  look(place, () => realpathSync.native(place.absolute));

function requireInside(place: Place, real: string | undefined): string | undefined {
  if (real === undefined || place.links === 'anywhere' || place.path === '') return real;
  // No link on the way: a place's own name is below its root, and none of git's.
  if (real === place.absolute) return real;
  const realRoot = look(place, () => realpathSync.native(place.root));
  if (realRoot !== undefined && isWithin(realRoot, real)) return real;
  throw linkedOut(place);
}

/**
 * @returns the real path of a place to be written: the file that a link leads to, else the name itself in its real folder
 * @throws RefusedError where that is none of its root; an error with the code ENOENT where there is no such folder
 */
function resolveTarget(place: Place): string {
  const found = lstatOf(place);
  const folder = parentOf(place);
  if (folder === undefined) return place.absolute;
  if (found?.isSymbolicLink() === true) {
    const real = resolve(place);
    if (real !== undefined) return real;
    throw new RefusedError(
      'link',
      place.absolute,
      'is a link that leads nowhere',
      'Remove it first.',
    );
  }
  return join(resolve(folder) ?? realpathSync.native(folder.absolute), basename(place.absolute));
}

/** The name itself in its real folder: what is removed or renamed is the link, not what it leads to. */
function resolveName(place: Place): string {
  const folder = parentOf(place);
  if (folder === undefined) return place.absolute;
  return join(resolve(folder) ?? folder.absolute, basename(place.absolute));
}

const lstatOf = (place: Place): Stats | undefined =>
  look(place, () => lstatSync(place.absolute, { throwIfNoEntry: false }));

const statOf = (place: Place): Stats | undefined =>
  look(place, () => statSync(place.absolute, { throwIfNoEntry: false }));

const kindOf = (found: Stats): string =>
  found.isDirectory()
    ? 'is a folder, where a file is expected'
    : found.isFIFO()
      ? 'is a named pipe, where a file is expected'
      : found.isSocket()
        ? 'is a socket, where a file is expected'
        : 'is a device, where a file is expected';

/** @returns what was found. @throws RefusedError where it is none that is read */
function requireFile(place: Place, found: Stats): Stats {
  if (!found.isFile()) {
    throw new RefusedError('kind', place.absolute, kindOf(found), 'Move it away and run again.');
  }
  const limit = limitOf(place);
  if (found.size <= limit) return found;
  throw new RefusedError(
    'size',
    place.absolute,
    `has ${found.size} bytes; bgsync reads up to ${limit} of such a file`,
  );
}

/** On Windows there are none of these, and nothing that would block. */
const NO_WAIT = constants.O_NONBLOCK | constants.O_NOFOLLOW;

/** Node's own way asks once more for the size, and for what is behind the end: as long again, of thousands of files. */
function readWhole(file: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  while (at < size) {
    const read = readSync(file, bytes, at, size - at, null);
    if (read === 0) break;
    at += read;
  }
  // Some systems' own files have no size, and bytes all the same.
  return size === 0 ? readFileSync(file) : bytes.subarray(0, at);
}

/**
 * Where folders really are that files were just read from: the system looks at each name of a path for a link, and an app
 * has thousands of files in a few folders. Forgotten as soon as the event loop turns: nothing but this reads until then.
 */
const realFolders = new Map<string, string>();

/** What {@link resolve} gives of a file that is to be read. */
function resolveFile(place: Place, found: Stats): string | undefined {
  if (found.isSymbolicLink() || place.path === '') return resolve(place, found);
  const folder = dirname(place.absolute);
  const known = realFolders.get(folder) ?? look(place, () => realpathSync.native(folder));
  if (known === undefined) return undefined;
  if (realFolders.size === 0) setImmediate(() => realFolders.clear());
  realFolders.set(folder, known);
  return requireInside(place, join(known, basename(place.absolute)));
}

/** What is opened is what was looked at: links were resolved, and the open file is asked what it is. */
function readRegular(place: Place): Buffer | undefined {
  const found = lstatOf(place);
  if (found === undefined) return undefined;
  const real = resolveFile(place, found);
  if (real === undefined) return undefined;
  return look(place, () => {
    // To open a device can do something.
    requireFile(place, found.isSymbolicLink() ? lstatSync(real) : found);
    const file = openSync(real, constants.O_RDONLY | NO_WAIT);
    try {
      const { size } = requireFile(place, fstatSync(file));
      return readWhole(file, size);
    } finally {
      closeSync(file);
    }
  });
}

/** How long signals and timers wait at most while files are read one after the other. Milliseconds. */
const LONGEST_TURN_MS = 50;
/** Of a clock that is never set. `performance.now()` is one, too, and loads a dozen of Node’s modules. */
const clockMs = (): number => process.uptime() * 1000;
let turnBegan = clockMs();

/** What only awaits what is there already never lets the event loop turn, and Ctrl-C would wait for the last file. */
async function letEventsIn(): Promise<void> {
  if (clockMs() - turnBegan < LONGEST_TURN_MS) return;
  await nextTurn();
  turnBegan = clockMs();
}

/** A renamed file is in its folder for good once the folder is flushed; Windows cannot, and need not. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What file systems without hard links say. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'];

async function createByFlag(path: string, content: string, mode: number): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx', mode });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function findStateFolders(): string[] {
  const { env, platform } = process;
  const spare = join(tmpdir(), `bgsync-${process.getuid?.() ?? 'user'}`);
  const home = orUndefined(homedir);
  const named = [env.XDG_STATE_HOME, platform === 'win32' ? env.LOCALAPPDATA : undefined].find(
    (path) => path !== undefined && isAbsolute(path),
  );
  const usual = platform === 'darwin' ? 'Library/Application Support' : '.local/state';
  const base = named ?? (home === undefined ? undefined : join(home, usual));
  const own = base === undefined ? undefined : join(base, 'bgsync');
  return [...(own === undefined || isClosed(own) ? [] : [own]), spare];
}

/** In the home of someone else, as root's is where a container runs as another user: this one has left nothing there. */
function isClosed(folder: string): boolean {
  try {
    statSync(folder, { throwIfNoEntry: false });
    return false;
  } catch (error) {
    return DENIED.includes(codeOf(error));
  }
}

/** A user without an entry in the system's list of users has no home: Node throws. */
function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** What is written first, before it gets its name. */
const partOf = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.bgsync`);

/* eslint-disable @typescript-eslint/require-await -- what is thrown has to arrive as a rejection */
export const fileSystem: FileSystem = {
  get stateFolders() {
    return findStateFolders();
  },
  async isPrivate(place) {
    const found = lstatOf(place);
    if (found === undefined || found.isSymbolicLink()) return false;
    if (process.getuid === undefined) return true;
    return found.uid === process.getuid() && (found.mode & 0o022) === 0;
  },
  async read(place) {
    await letEventsIn();
    return readRegular(place);
  },
  exists: async (place) => statOf(place) !== undefined,
  async isWritable(place) {
    try {
      accessSync(place.absolute, constants.W_OK);
      return true;
    } catch {
      return false;
    }
  },
  isDirectory: async (place) => statOf(place)?.isDirectory() ?? false,
  isSymlink: async (place) => lstatOf(place)?.isSymbolicLink() ?? false,
  async realpath(place) {
    const real = realOf(place);
    if (real !== undefined) return real;
    throw Object.assign(new Error(`ENOENT: ${place.absolute}`), { code: 'ENOENT' });
  },
  list: async (place) => (await fileSystem.entries(place)).map(({ name }) => name),
  async entries(place) {
    const real = resolve(place);
    if (real === undefined) return [];
    const found = look(place, () => readdirSync(real, { withFileTypes: true })) ?? [];
    return found
      .map((entry): DirectoryEntry => {
        const kind = entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : 'other';
        return { name: entry.name, kind };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  },
  async mkdir(place, mode) {
    let existing: Place | undefined = place;
    while (existing !== undefined && lstatOf(existing) === undefined) existing = parentOf(existing);
    if (existing !== undefined) resolve(existing);
    if (existing === place && statOf(place)?.isDirectory() === true) return;
    // Loaded by what writes alone: most commands only read.
    const { ensureDir } = await import('fs-extra/esm');
    await ensureDir(place.absolute, mode);
  },
  async mode(place) {
    const found = statOf(place);
    return found === undefined ? undefined : found.mode & 0o7777;
  },
  async write(place, content, mode) {
    // A rename would put the file in a link's place.
    const path = resolveTarget(place);
    const bits = mode ?? (await fileSystem.mode(place));
    const part = partOf(path);
    const handle = await open(part, 'wx', bits ?? 0o666);
    try {
      await handle.writeFile(content);
      // The process's umask was taken off the mode that `open` was given.
      if (bits !== undefined) await handle.chmod(bits);
      await handle.sync();
      await handle.close();
      await rename(part, path);
    } catch (error) {
      await handle.close().catch(() => undefined);
      await rm(part, { force: true });
      throw error;
    }
    await syncDirectory(dirname(path));
  },
  rename: async (from, to) => rename(resolveName(from), resolveName(to)),
  async createExclusive(place, content, mode = 0o666) {
    const path = resolveName(place);
    const part = partOf(path);
    try {
      await writeFile(part, content, { flag: 'wx', mode });
      // Never seen empty: the name appears with the content.
      await link(part, path);
      return true;
    } catch (error) {
      const code = codeOf(error);
      if (code === 'EEXIST') return false;
      if (!NO_LINKS.includes(code)) throw error;
      return await createByFlag(path, content, mode);
    } finally {
      await rm(part, { force: true });
    }
  },
  remove: async (place) => rm(resolveName(place), { force: true }),
  async removeEmptyDirectory(place) {
    try {
      await rmdir(resolveName(place));
    } catch (error) {
      if (!absent(error) && !['ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error;
    }
  },
};
/* eslint-enable @typescript-eslint/require-await */
