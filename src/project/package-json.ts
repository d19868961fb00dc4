import { posix, relative } from 'node:path';
import { findNodeAtLocation } from 'jsonc-parser';
import parse from 'semver/functions/parse.js';
import { UserError } from '../errors.ts';
import { RefusedError } from '../file-system.ts';
import type { FileSystem } from '../file-system.ts';
import { parseTree } from '../formats/jsonc.ts';
import { lineNumber } from '../formats/text.ts';
import { at, installed } from '../place.ts';
import { findFolder, foldersUp } from './find-up.ts';
import type { Place } from '../place.ts';
import type { PackageManager } from './project.ts';
import { readLoosely, readText } from './read-text.ts';
import { isRecord } from '../records.ts';

export interface PackageJson {
  readonly name?: string;
  readonly main?: string;
  readonly type?: string;
  readonly packageManager?: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/**
 * The range under which an app has a package. Autolinking and bundlers take devDependencies as well
 * (https://github.com/react-native-community/cli/blob/main/packages/cli-config/src/findDependencies.ts); a library has what
 * it is made for there, too, and names it as its peer.
 */
export const declaredRange = (
  {
    dependencies,
    devDependencies,
    peerDependencies,
  }: Pick<PackageJson, 'dependencies' | 'devDependencies' | 'peerDependencies'>,
  name: string,
): string | undefined =>
  dependencies[name] ?? (peerDependencies[name] === undefined ? devDependencies[name] : undefined);

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

const strings = (value: unknown): Record<string, string> =>
  isRecord(value)
    ? Object.fromEntries(
        Object.entries(value).filter(
          (entry): entry is [string, string] => typeof entry[1] === 'string',
        ),
      )
    : {};

/** @throws UserError where it is not a JSON object */
export async function requirePackageJson(fs: FileSystem, root: string): Promise<PackageJson> {
  const place = at(root, 'package.json');
  const path = place.absolute;
  let data: unknown;
  try {
    data = JSON.parse(((await readText(fs, place)) ?? '').replace(/^\uFEFF/, ''));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${path} is not valid JSON: ${(error as Error).message}`, {
      hint: 'Mend it and run again; npm cannot read it either.',
    });
  }
  if (!isRecord(data)) throw new UserError(`${path} is not a JSON object.`);
  return readPackageJson(data);
}

/** What is known of a package.json's data; what is of another type than it should be is left out. */
export function readPackageJson(data: Readonly<Record<string, unknown>>): PackageJson {
  const pick = (key: 'name' | 'main' | 'type' | 'packageManager') => {
    const value = text(data[key]);
    return value === undefined ? {} : { [key]: value };
  };
  return {
    ...pick('name'),
    ...pick('main'),
    ...pick('type'),
    ...pick('packageManager'),
    dependencies: strings(data.dependencies),
    devDependencies: strings(data.devDependencies),
    peerDependencies: strings(data.peerDependencies),
  };
}

/** @returns the version of an installed package, found as Node would from `root` */
export async function installedVersion(
  fs: FileSystem,
  root: string,
  name: string,
): Promise<string | undefined> {
  const file = (folder: string): Place | undefined => installed(folder, name, 'package.json');
  try {
    const holder = await findFolder(fs, root, file);
    const place = holder === undefined ? undefined : file(holder);
    if (place === undefined) return undefined;
    const data: unknown = JSON.parse((await readText(fs, place)) ?? '');
    const version = isRecord(data) ? text(data.version) : undefined;
    return version === undefined ? undefined : (parse(version)?.version ?? undefined);
  } catch {
    return undefined;
  }
}

/**
 * A file of an installed package, found as Node would from `root`: in its node_modules, else in one of the folders above,
 * where workspaces put it.
 *
 * @returns undefined where there is none that can be read; its path is relative to `root`
 */
export async function readPackageFile(
  fs: FileSystem,
  root: string,
  name: string,
  path: string,
): Promise<{ readonly path: string; readonly text: string } | undefined> {
  const holder = await findFolder(fs, root, (folder) => installed(folder, name, path));
  if (holder === undefined) return undefined;
  try {
    const text = await readLoosely(fs, installed(holder, name, path));
    const above = relative(root, holder).replaceAll('\\', '/');
    return text === undefined
      ? undefined
      : { path: posix.join(above, 'node_modules', name, path), text };
  } catch (error) {
    if (error instanceof RefusedError) return undefined;
    throw error;
  }
}

/** The line of a dependency's own entry in package.json's text, 1-based; 1 where there is none. */
export function lineOfDependency(text: string, name: string): number {
  const root = parseTree(text.replace(/^\uFEFF/, ' '));
  for (const key of ['dependencies', 'devDependencies']) {
    const node = root && findNodeAtLocation(root, [key, name]);
    if (node !== undefined) return lineNumber(text, node.offset);
  }
  return 1;
}

const LOCK_FILES: readonly (readonly [string, PackageManager])[] = [
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['package-lock.json', 'npm'],
];

/** What names a manager in a workspace that nobody has installed yet. */
const SETTINGS: readonly (readonly [string, PackageManager])[] = [
  ['pnpm-workspace.yaml', 'pnpm'],
  ['.yarnrc.yml', 'yarn'],
];

/**
 * From the nearest folder upwards that says: by `packageManager` of its package.json, a lock file, or a manager's own
 * settings. npm where none does.
 */
export async function findPackageManager(
  fs: FileSystem,
  root: string,
  packageJson: PackageJson,
): Promise<PackageManager> {
  for (const folder of foldersUp(root)) {
    const { packageManager = '' } =
      folder === root ? packageJson : await requirePackageJson(fs, folder).catch(() => NOTHING);
    const declared = packageManager.split('@')[0];
    for (const [, manager] of LOCK_FILES) if (manager === declared) return manager;
    for (const [file, manager] of [...LOCK_FILES, ...SETTINGS]) {
      if (await fs.exists(at(folder, file))) return manager;
    }
  }
  return 'npm';
}

const NOTHING: Pick<PackageJson, 'packageManager'> = {};
