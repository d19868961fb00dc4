import { posix } from 'node:path';
import { UserError } from '../errors.ts';
import type { FileSystem } from '../file-system.ts';
import { lineNumber } from '../formats/text.ts';
import { readYaml } from '../formats/yaml.ts';
import { at } from '../place.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';
import { readText } from './read-text.ts';

export const PUBSPEC = 'pubspec.yaml';

/** What bgsync reads of a pubspec.yaml; every value as the text that it is written in. */
export interface Pubspec {
  readonly name: string | undefined;
  readonly dependencies: Readonly<Record<string, unknown>>;
  /** What takes the place of dependencies, its own and those of others: https://dart.dev/tools/pub/dependencies#dependency-overrides */
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, unknown>>;
  /** The section of Flutter itself: assets, and what a plugin or a module is. */
  readonly flutter: Readonly<Record<string, unknown>>;
  /** Whether it is a member of a pub workspace, whose root is above it. */
  readonly isWorkspaceMember: boolean;
  /** Folders of a pub workspace, as patterns. */
  readonly workspace: readonly string[];
  /** Folders of a workspace of melos, where it is kept in the pubspec. */
  readonly melos: readonly string[];
  /**
   * What `hooks:` has sqlite3 build: `sqlcipher`, for example. Undefined where nothing is said, '' where it is no text.
   * https://pub.dev/documentation/sqlite3/latest/topics/hook-topic.html
   */
  readonly sqliteSource: string | undefined;
}

/** An empty one where it is no map. */
export const mapOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};

const textOf = (value: unknown): string | undefined =>
  value === undefined ? undefined : typeof value === 'string' ? value : '';

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

/** @returns undefined where there is none, or it is no YAML */
export async function readPubspec(fs: FileSystem, folder: string): Promise<Pubspec | undefined> {
  const text = await readText(fs, at(folder, PUBSPEC));
  return text === undefined ? undefined : readPubspecText(text);
}

/** @returns undefined where it is no YAML */
export async function readPubspecText(text: string): Promise<Pubspec | undefined> {
  const document = await readYaml(text);
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    return undefined;
  const spec = mapOf(document);
  return {
    name: typeof spec.name === 'string' ? spec.name : undefined,
    dependencies: mapOf(spec.dependencies),
    overrides: mapOf(spec.dependency_overrides),
    environment: mapOf(spec.environment),
    flutter: mapOf(spec.flutter),
    isWorkspaceMember: spec.resolution === 'workspace',
    workspace: textsOf(spec.workspace),
    melos: textsOf(mapOf(spec.melos).packages),
    sqliteSource: textOf(mapOf(mapOf(mapOf(spec.hooks).user_defines).sqlite3).source),
  };
}

/**
 * The app's pubspec by the folder '', and those of packages below it that it, or one of those, depends on by a path.
 *
 * @returns none where the app's own cannot be read
 */
export async function pathPackages(
  files: Pick<ReadOnlyFiles, 'read'>,
): Promise<ReadonlyMap<string, Pubspec>> {
  const found = new Map<string, Pubspec>();
  const follow = async (folder: string): Promise<void> => {
    if (found.has(folder)) return;
    const spec = await readPubspecText((await files.read(posix.join(folder, PUBSPEC))) ?? '');
    if (spec === undefined) return;
    found.set(folder, spec);
    for (const path of pathsOf(spec)) {
      const below = posix.join(folder, path).replace(/\/$/, '');
      if (!below.startsWith('..') && below !== '.') await follow(below);
    }
  };
  await follow('');
  return found;
}

const pathsOf = ({ dependencies, overrides }: Pubspec): readonly string[] =>
  Object.values({ ...dependencies, ...overrides })
    .map((one) => mapOf(one).path)
    .filter((path) => typeof path === 'string')
    .filter((path) => path !== '' && !posix.isAbsolute(path));

/** The versions that pub took, by name, from pubspec.lock; empty where that is not in the repo, or is the workspace's. */
export async function lockedVersions(
  files: Pick<ReadOnlyFiles, 'read'>,
): Promise<ReadonlyMap<string, string>> {
  const lock = mapOf(await readYaml((await files.read('pubspec.lock')) ?? ''));
  const versions = new Map<string, string>();
  for (const [name, entry] of Object.entries(mapOf(lock.packages))) {
    const { version } = mapOf(entry);
    if (typeof version === 'string') versions.set(name, version);
  }
  return versions;
}

/** The line that names a dependency, 1-based; undefined where it is written in another form than one a line. */
export async function lineOfDependency(
  files: Pick<ReadOnlyFiles, 'read'>,
  name: string,
): Promise<number | undefined> {
  const text = (await files.read(PUBSPEC)) ?? '';
  const offset = text.search(new RegExp(`^ +["']?${name}["']?\\s*:`, 'm'));
  return offset === -1 ? undefined : lineNumber(text, offset);
}

/** Whether pubspec.yaml has a package and its folder on one line, or on two that follow each other, in whatever form. */
export async function namesPackage(
  files: Pick<ReadOnlyFiles, 'read'>,
  name: string,
  folder: string,
): Promise<boolean> {
  const lines = ((await files.read(PUBSPEC)) ?? '').split('\n');
  return lines.some(
    (line, at) => line.includes(name) && `${line}\n${lines[at + 1] ?? ''}`.includes(folder),
  );
}

/** @throws UserError where it is not there, or cannot be read */
export async function requirePubspec(fs: FileSystem, folder: string): Promise<Pubspec> {
  const spec = await readPubspec(fs, folder);
  if (spec !== undefined) return spec;
  throw new UserError(`${PUBSPEC} in ${folder} cannot be read as YAML.`, {
    hint: 'Mend it: `flutter pub get` says where it is wrong.',
  });
}
