import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { migrateLock } from './lock-migration.ts';
import { sha256 } from './plan.ts';

/** In the generated package: what was generated and what was edited elsewhere, for `doctor`, `diff`, `update`, `remove`. */
export const LOCK_FILE = 'bgsync.lock.json';

/** Changes only where a bgsync of before could not read the file, or would do harm by it. */
export const LOCK_VERSION = 2;

export interface LockedFile {
  readonly sha256: string;
  /** The generated text, deflated and in base64. */
  readonly base: string;
}

/** What was done to a file outside of the package. */
export interface LockedEdit {
  readonly path: string;
  /** `created`: the whole file is ours until the user changes it; `inserted`: its pieces are. */
  readonly kind: 'created' | 'inserted';
  /** What it is, for bgsync: never changed once released. */
  readonly id: string;
  /** What it is for, for people. */
  readonly reason: string;
  /** It makes the app load its handler. */
  readonly loadsHandler?: boolean;
  /** Of the file after the change. */
  readonly sha256: string;
  /** By where they stand. Of a created file, all of it, where the user may extend it. */
  readonly pieces?: readonly LockedPiece[];
}

/** Text that stands in a file of the user's for us, and what to know to find it again when the file has changed. */
export interface LockedPiece {
  /** In the text after the change (UTF-16 units). */
  readonly offset: number;
  readonly text: string;
  /** What stood there before; '' where text was only added. */
  readonly was: string;
  /** Up to two lines of what stood in front of it, and behind. */
  readonly before: string;
  readonly after: string;
}

export interface LockFile {
  readonly lockVersion: typeof LOCK_VERSION;
  readonly bgsync: string;
  /** The kind of app that it was generated for. */
  readonly host: string;
  /** True once the package only cancels what an earlier one scheduled. */
  readonly retired?: boolean;
  /** Where the package and the handler were when it was generated. */
  readonly moduleDir: string;
  readonly handler: string;
  /** Every iOS task id that was ever generated: a request that is still pending under an old one has to be cancelled. */
  readonly taskIds: readonly string[];
  /** Folders outside of the package that were made for a file of ours. */
  readonly folders: readonly string[];
  readonly files: Readonly<Record<string, LockedFile>>;
  readonly edits: readonly LockedEdit[];
}

/** @returns undefined where the text is no lock file of this version */
export function parseLockFile(text: string): LockFile | undefined {
  try {
    const data = migrateLock(JSON.parse(text));
    return isLockFile(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Which bgsync wrote a lock file that only a newer one than this can read. */
export function newerLock(text: string): string | undefined {
  try {
    const data: unknown = JSON.parse(text);
    const isNewer = isRecord(data) && Number(data.lockVersion) > LOCK_VERSION;
    return isNewer ? String(data.bgsync) : undefined;
  } catch {
    return undefined;
  }
}

/** By hand: a schema would be loaded by every command. A merge can leave valid JSON of any shape. */
const isLockFile = (data: unknown): data is LockFile =>
  isRecord(data) &&
  data.lockVersion === LOCK_VERSION &&
  hasStrings(data, ['bgsync', 'host', 'moduleDir', 'handler']) &&
  isListOf(data.taskIds, isString) &&
  isListOf(data.folders, isString) &&
  isRecord(data.files) &&
  Object.values(data.files).every((file) => hasStrings(file, ['sha256', 'base'])) &&
  isListOf(data.edits, isEdit);

const isEdit = (edit: unknown): boolean =>
  hasStrings(edit, ['path', 'id', 'reason', 'sha256']) &&
  (edit.kind === 'created' || edit.kind === 'inserted') &&
  (edit.pieces === undefined || isListOf(edit.pieces, isPiece));

const isPiece = (piece: unknown): boolean =>
  hasStrings(piece, ['text', 'was', 'before', 'after']) && typeof piece.offset === 'number';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isString = (value: unknown): boolean => typeof value === 'string';

const hasStrings = (value: unknown, keys: readonly string[]): value is Record<string, unknown> =>
  isRecord(value) && keys.every((key) => isString(value[key]));

const isListOf = (value: unknown, accepts: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(accepts);

/**
 * @param previous keeps its encoded texts where they say the same: compressors differ between versions of Node, and a
 *   lock file that changes by itself would show in every diff
 */
export function lockFiles(
  generated: ReadonlyMap<string, string>,
  previous: LockFile | undefined,
): Record<string, LockedFile> {
  const entries = [...generated].map(([path, text]): [string, LockedFile] => {
    const hash = sha256(text);
    const before = previous?.files[path];
    if (before?.sha256 === hash && decodeBase(before) === text) return [path, before];
    const base = deflateRawSync(Buffer.from(text, 'utf8'), { level: 9 }).toString('base64');
    return [path, { sha256: hash, base }];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** @returns the generated text, or undefined where the lock file is damaged */
export function decodeBase(file: LockedFile): string | undefined {
  try {
    const text = inflateRawSync(Buffer.from(file.base, 'base64')).toString('utf8');
    return sha256(text) === file.sha256 ? text : undefined;
  } catch {
    return undefined;
  }
}

export function formatLockFile(lock: LockFile): string {
  return `${JSON.stringify(lock, null, 2)}\n`;
}
