import { PUBSPEC } from '../../project/pubspec.ts';
import { isAtLeast } from '../../versions.ts';
import type { Evidence } from '../check.ts';
import type { DoctorRepo } from '../repo.ts';
import { pubDependencyOf, pubPackagesOf } from './pub-packages.ts';

/** Where the app's Dart gives a database a key that its SQLite ignores. */
export interface PlainDatabase {
  readonly file: string;
  readonly line: number;
  readonly why: string;
  readonly evidence: Evidence;
}

/** Values of `source` that bring encryption: https://pub.dev/documentation/sqlite3/latest/topics/hook-topic.html */
const ENCRYPTED = /^(?:sqlcipher|sqlite3mc)$/;

/** From here on sqlite3 brings its SQLite by a build hook, and the packages with libraries are empty. */
const FIRST_WITH_HOOKS = { sqlite3: '3.0.0', drift: '2.32.0' };

/**
 * Databases of package:sqlite3 and drift that are given `PRAGMA key`, while nothing brings a SQLite that knows it. Hooks
 * are read of the workspace's root alone, so of one of its members nothing is said.
 */
export async function plainDartDatabases(repo: DoctorRepo): Promise<readonly PlainDatabase[]> {
  const why = await whyPlain(repo);
  if (why === undefined) return [];
  const found: PlainDatabase[] = [];
  for (const file of await repo.sourcesContaining('dart', ['PRAGMA key', 'pragma key'])) {
    const at = file.strings.find(({ text }) => /^\s*PRAGMA\s+key\b/i.test(text));
    if (at !== undefined) found.push({ file: file.path, line: file.line(at.offset), ...why });
  }
  return found;
}

async function whyPlain(
  repo: DoctorRepo,
): Promise<Pick<PlainDatabase, 'why' | 'evidence'> | undefined> {
  const packages = await pubPackagesOf(repo);
  if (packages === undefined || packages.spec.isWorkspaceMember) return undefined;
  const { spec, locked } = packages;
  const depends = (name: string): boolean => packages.depends(name);
  // Other plugins bring a SQLCipher of their own.
  if (Object.keys(spec.dependencies).some((name) => name.includes('sqlcipher') && name !== LIBRARY))
    return undefined;
  const source = spec.sqliteSource;
  if (source !== undefined) {
    if (ENCRYPTED.test(source) || !PLAIN.test(source)) return undefined;
    const why = `sqlite3 is built from ${source}, which has no encryption`;
    return { why, evidence: { file: PUBSPEC, says: `hooks say source: ${source}` } };
  }
  const versionOf = (name: string): string | undefined => {
    const declared = spec.dependencies[name];
    return locked.get(name) ?? (typeof declared === 'string' ? leastOf(declared) : undefined);
  };
  for (const [name, first] of Object.entries(FIRST_WITH_HOOKS)) {
    const version = versionOf(name);
    if (version === undefined || !isAtLeast(version, first)) continue;
    if (!depends(name) && !depends('drift')) continue;
    const why = `${name} ${version} takes its SQLite from a build hook, and no hook asks for SQLCipher`;
    return { why, evidence: await pubDependencyOf(repo, depends(name) ? name : 'drift') };
  }
  if (!depends('sqlite3_flutter_libs') || depends(LIBRARY)) return undefined;
  const why = 'sqlite3_flutter_libs brings a SQLite without encryption';
  return { why, evidence: await pubDependencyOf(repo, 'sqlite3_flutter_libs') };
}

/** Until its end, with sqlite3 3.x: 0.7.0+eol is empty. */
const LIBRARY = 'sqlcipher_flutter_libs';

/** Those that are known to have none; `executable`, `process` and a source of the app's own may be anything. */
const PLAIN = /^sqlite3$/;

/** The least version that a range allows; undefined for one in other words. */
const leastOf = (range: string): string | undefined =>
  /^(?:\^|>=?\s*)?(\d+\.\d+\.\d+\S*)/.exec(range.trim())?.[1];
