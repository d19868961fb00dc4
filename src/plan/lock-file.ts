import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as v from 'valibot';
import { TASK_ID_PATTERN } from '../config.ts';
import { OLDER_POD, POD } from '../facts.ts';
import { repoPath } from '../state-schema.ts';
import { migrateLock } from './lock-migration.ts';
import { sha256 } from './plan.ts';
import { isRecord } from '../records.ts';

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
  /** Of a created file: its text, as in {@link LockedFile}. What an older bgsync made has none. */
  readonly base?: string;
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
  /** What else of the settings it was generated from. An older bgsync wrote none. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Every iOS task id that was ever generated: a request that is still pending under an old one has to be cancelled. */
  readonly taskIds: readonly string[];
  /** Folders outside of the package that were made for a file of ours. */
  readonly folders: readonly string[];
  readonly files: Readonly<Record<string, LockedFile>>;
  readonly edits: readonly LockedEdit[];
}

const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be a SHA-256'));

/** What is not known here may be a later bgsync's of the same version, and is kept. */
const lockSchema = v.looseObject({
  lockVersion: v.literal(LOCK_VERSION),
  bgsync: v.pipe(v.string(), v.maxLength(64)),
  host: v.pipe(v.string(), v.maxLength(64)),
  retired: v.optional(v.boolean()),
  moduleDir: repoPath,
  handler: repoPath,
  settings: v.optional(v.looseObject({})),
  taskIds: v.array(v.pipe(v.string(), v.regex(TASK_ID_PATTERN), v.maxLength(128))),
  folders: v.array(repoPath),
  files: v.record(repoPath, v.looseObject({ sha256: hash, base: v.string() })),
  edits: v.array(
    v.looseObject({
      path: repoPath,
      kind: v.picklist(['created', 'inserted']),
      id: v.string(),
      reason: v.string(),
      loadsHandler: v.optional(v.boolean()),
      sha256: hash,
      base: v.optional(v.string()),
      pieces: v.optional(
        v.array(
          v.looseObject({
            offset: v.pipe(v.number(), v.integer(), v.minValue(0)),
            text: v.string(),
            was: v.string(),
            before: v.string(),
            after: v.string(),
          }),
        ),
      ),
    }),
  ),
});

export type ParsedLock =
  | { readonly lock: LockFile; readonly problem?: undefined }
  /** Completes "the file cannot be read: …". */
  | { readonly lock?: undefined; readonly problem: string };

/** Reads a lock file whole: a merge, or whoever wrote the branch, can leave any text. */
export function readLockText(text: string): ParsedLock {
  let data: unknown;
  try {
    data = migrateLock(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch (error) {
    return { problem: `it is not JSON (${(error as Error).message})` };
  }
  // As it stands, in its order: what is written back differs where something changed, and nowhere else.
  if (v.is(lockSchema, data)) return { lock: data };
  const [issue] = v.safeParse(lockSchema, data).issues ?? [];
  if (issue === undefined) return { problem: 'it is no lock file' };
  const place = v.getDotPath(issue);
  return { problem: place === null ? issue.message : `${place}: ${issue.message}` };
}

/** @returns undefined where the text is no lock file of this version */
export const parseLockFile = (text: string): LockFile | undefined => readLockText(text).lock;

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

/**
 * The pod of the package: an app that had it by an older name may import its Swift module by that.
 *
 * @param lock undefined where there is no package yet
 */
export const podOf = (lock: Pick<LockFile, 'files'> | undefined): string =>
  lock !== undefined && Object.hasOwn(lock.files, `${OLDER_POD}.podspec`) ? OLDER_POD : POD;

/**
 * @param previous keeps its encoded texts where they say the same: compressors differ between versions of Node, and a
 *   lock file that changes by itself would show in every diff
 */
export function lockFiles(
  generated: ReadonlyMap<string, string>,
  previous: LockFile | undefined,
): Record<string, LockedFile> {
  const sorted = [...generated.keys()].sort();
  const entries = sorted.map((path): [string, LockedFile] => {
    const text = generated.get(path) ?? '';
    const before = previous?.files[path];
    if (before !== undefined && decodeBase(before) === text) return [path, before];
    return [path, { sha256: sha256(text), base: encodeBase(text) }];
  });
  return Object.fromEntries(entries);
}

/** A plan is made twice, to be shown and under the lock, and to pack the texts takes a tenth of it. */
const encoded = new Map<string, string>();

export function encodeBase(text: string): string {
  const known = encoded.get(text);
  if (known !== undefined) return known;
  const base = deflateRawSync(Buffer.from(text, 'utf8'), { level: 9 }).toString('base64');
  encoded.set(text, base);
  return base;
}

/** In bytes, unpacked. No generated file has a tenth of it; a few packed bytes could stand for gigabytes. */
const LARGEST_BASE = 1 << 20;

/** @returns the generated text, or undefined where the lock file is damaged */
export function decodeBase(file: LockedFile): string | undefined {
  try {
    const text = inflateRawSync(Buffer.from(file.base, 'base64'), {
      maxOutputLength: LARGEST_BASE,
    }).toString('utf8');
    return sha256(text) === file.sha256 ? text : undefined;
  } catch {
    return undefined;
  }
}

export function formatLockFile(lock: LockFile): string {
  return `${JSON.stringify(lock, null, 2)}\n`;
}
