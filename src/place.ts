import { basename, dirname, join, posix } from 'node:path';
import { UserError } from './errors.ts';

declare const checked: unique symbol;

/**
 * A name that was checked, and so the only thing that {@link file://./file-system.ts} takes: a raw string is no place.
 * What a link on the way leads to is checked when the place is used.
 */
export interface Place {
  readonly [checked]: true;
  /** The folder that nothing leaves. Absolute. */
  readonly root: string;
  /** Normalized, relative to `root`, with `/`; '' for the root itself. */
  readonly path: string;
  readonly absolute: string;
  /**
   * What a link may lead to. `inside`: to what is below `root`, and never to `.git`. `anywhere`: package managers link
   * what they install, and a user may name what he likes.
   */
  readonly links: 'inside' | 'anywhere';
}

const make = (place: Omit<Place, typeof checked>): Place => place as Place;

/** HFS+ takes these for nothing, so that `.g\u200cit` is `.git` there: CVE-2014-9390. */
const IGNORED_IN_NAMES = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/gu;

/**
 * Whether a name is git's own folder on some file system: macOS and Windows tell no case, Windows drops dots and spaces
 * at the end and has a short name and streams beside it.
 */
export const isGitName = (name: string): boolean => {
  const plain = name.replace(IGNORED_IN_NAMES, '').toLowerCase();
  return /^(?:\.git|git~1)(?:[ .]*|:.*)$/.test(plain);
};

/** @returns why a path is none that bgsync goes to; undefined where it is fine */
export function problemOfPath(path: string): string | undefined {
  if (path.includes('\0')) return 'has a NUL in it';
  if (posix.isAbsolute(path)) return 'is absolute';
  if (process.platform === 'win32' && /[\\:]/.test(path)) return 'has a backslash or a colon in it';
  const parts = posix.normalize(path).split('/');
  if (parts[0] === '..') return 'leads out of the app';
  return parts.some(isGitName) ? 'leads into git’s own folder' : undefined;
}

/** Whether a path stays inside on every system, whatever this one would make of it. */
export const isPortablePath = (path: string): boolean =>
  /^(?!\/)(?![A-Za-z]:)[^\\\u0000-\u001f\u007f]+$/.test(path) &&
  path.split('/').every((part) => part !== '..' && !isGitName(part));

/** Nothing to normalize, no dot in front and no tilde, as git’s folder has. Nearly every path is one. */
const PLAIN = /^(?:[\w@+-][\w@+.-]*\/)*[\w@+-][\w@+.-]*$/;

/**
 * @param root absolute: a folder that the user or the search for the app came to, never text of the repo
 * @param path relative to it, with `/`; '' is the folder itself
 * @returns undefined where the path leaves the folder, or leads into `.git`
 */
export function tryAt(root: string, path: string): Place | undefined {
  if (PLAIN.test(path)) return make({ root, path, absolute: join(root, path), links: 'inside' });
  if (problemOfPath(path) !== undefined) return undefined;
  const normal = posix.normalize(path).replace(/\/$/, '');
  const inside = normal === '.' ? '' : normal;
  return make({ root, path: inside, absolute: join(root, inside), links: 'inside' });
}

/** {@link tryAt} for a path that has to be one. @throws UserError where it is not */
export function at(root: string, path: string): Place {
  const place = tryAt(root, path);
  if (place !== undefined) return place;
  throw new UserError(`${JSON.stringify(path)} ${problemOfPath(path) ?? 'is no path'}.`, {
    hint: `bgsync touches nothing but what is below ${root}, and never .git.`,
  });
}

/** The nearest place from here upwards: its parent folder's. @returns undefined for the root */
export const parentOf = (place: Place): Place | undefined =>
  place.path === ''
    ? undefined
    : make({
        ...place,
        path: posix.dirname(place.path).replace(/^\.$/, ''),
        absolute: join(place.root, posix.dirname(place.path)),
      });

/** Another name in the same folder, of bgsync's own making. */
export const beside = (place: Place, name: string): Place => {
  const path = posix.join(posix.dirname(place.path), name);
  return make({ ...place, path, absolute: join(place.root, path) });
};

/**
 * A file of an installed package, to be read: pnpm and workspaces link the packages' folders to elsewhere.
 *
 * @param folder absolute; has `node_modules`
 * @param name of the package
 * @param file inside it
 * @returns undefined where the name is none of a package
 */
export function installed(folder: string, name: string, file: string): Place | undefined {
  if (!/^(?:@[\w.-]+\/)?[\w-][\w.-]*$/.test(name)) return undefined;
  const place = tryAt(folder, `node_modules/${name}/${file}`);
  return place && make({ ...place, links: 'anywhere' });
}

/** A file that the command line or the environment names, not the repo. @param path absolute */
export const namedByUser = (path: string): Place =>
  make({ root: path, path: '', absolute: path, links: 'anywhere' });

/**
 * A file that the app's tools would read wherever it is, as what a tsconfig extends: above the app in a monorepo, over
 * links in `node_modules`. Only for what is parsed and never shown. @param path absolute
 */
export function readByTools(path: string): Place {
  const root = dirname(path);
  return make({ root, path: basename(path), absolute: path, links: 'anywhere' });
}

/** Where git keeps what it has of a folder, to see whether it is there: nothing in it is read. */
export const gitMarker = (folder: string): Place =>
  make({ root: folder, path: '.git', absolute: join(folder, '.git'), links: 'anywhere' });
