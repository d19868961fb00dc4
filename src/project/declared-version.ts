import { dirname, posix } from 'node:path';
import coerce from 'semver/functions/coerce.js';
import lt from 'semver/functions/lt.js';
import intersects from 'semver/ranges/intersects.js';
import type { FileSystem } from '../file-system.ts';
import { at } from '../place.ts';
import { readYaml } from '../formats/yaml.ts';
import { findUp, foldersUp } from './find-up.ts';
import { installedVersion } from './package-json.ts';
import { readText } from './read-text.ts';

/**
 * The lowest version that a dependency's specifier in package.json allows, where it names one: a range, an alias
 * (`npm:react-native-tvos@0.81.4`), a patch of Yarn's, a tag or a release branch of a git repository, `workspace:`.
 *
 * @returns undefined for `*`, a tag such as `latest`, a commit, a folder: what is installed says more
 */
export function declaredVersion(specifier: string): string | undefined {
  const text = rangeOf(specifier);
  return text === undefined ? undefined : coerceVersion(text);
}

/** The part of a specifier that names a version or a range of them. */
function rangeOf(specifier: string): string | undefined {
  const text = specifier.trim();
  if (text.startsWith('patch:')) {
    // patch:react-native@npm%3A0.81.4#~/.yarn/patches/…
    const source = /^patch:(?:@[^/]+\/)?[^@#]+@([^#]+)/.exec(text)?.[1] ?? '';
    return rangeOf(decode(source));
  }
  if (/^(?:npm|workspace):/.test(text)) {
    const target = text.slice(text.indexOf(':') + 1);
    return rangeOf(target.slice(target.lastIndexOf('@') + 1));
  }
  const hash = text.indexOf('#');
  if (hash !== -1) {
    const name = text.slice(hash + 1).replace(/^(?:semver:|tag=|head=)|-stable$/g, '');
    return /^[v^~>=]*\d+\.\d+/.test(name) ? name : undefined;
  }
  if (/^https?:.*\.tgz$/.test(text)) {
    return /-(\d+\.\d+\.\d+(?:-[\w.]+)?)\.tgz$/.exec(posix.basename(text))?.[1];
  }
  return /^[v^~<>=\s]*\d/.test(text) ? text : undefined;
}

const coerceVersion = (text: string): string | undefined =>
  coerce(text, { includePrerelease: true })?.version;

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * What a `catalog:` specifier stands for, from the nearest pnpm-workspace.yaml, .yarnrc.yml, or `catalogs` in a
 * package.json above (Bun): https://pnpm.io/catalogs, https://bun.com/docs/install/catalogs
 *
 * @returns the specifier itself where it is none, or the catalog does not have the package
 */
export async function resolveCatalog(
  fs: FileSystem,
  root: string,
  name: string,
  specifier: string,
): Promise<string> {
  if (!specifier.startsWith('catalog:')) return specifier;
  const catalog = specifier.slice('catalog:'.length).trim();
  const isDefault = catalog === '' || catalog === 'default';
  const keys = [
    ...(isDefault ? [['catalog', name]] : []),
    ['catalogs', isDefault ? 'default' : catalog, name],
  ];
  for (const file of ['pnpm-workspace.yaml', '.yarnrc.yml', 'package.json']) {
    // The app's own package.json has no catalog: the workspace's root has.
    let from = root;
    for (let depth = 0; depth < MOST_LEVELS; depth += 1) {
      const holder = await findUp(fs, from, file);
      if (holder === undefined) break;
      const text = (await readText(fs, at(holder, file)).catch(() => undefined)) ?? '';
      const source = text.replace(/^\uFEFF/, '');
      const data = file.endsWith('.json') ? fromJson(source) : await readYaml(source);
      const found = findIn(data, keys);
      if (found !== undefined) return found;
      if (dirname(holder) === holder) break;
      from = dirname(holder);
    }
  }
  return specifier;
}

const MOST_LEVELS = 20;

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Bun’s catalogs may also stand in `workspaces`. */
function findIn(data: unknown, keys: readonly (readonly string[])[]): string | undefined {
  const holders = [data, childOf(data, 'workspaces')];
  return keys
    .flatMap((key) => holders.map((holder) => key.reduce(childOf, holder)))
    .find((value): value is string => typeof value === 'string');
}

const childOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;

/** Whether a specifier whose lowest version is below another allows that one, or a later one, too. */
function reaches(specifier: string, version: string): boolean {
  try {
    return intersects(rangeOf(specifier) ?? '', `>=${version}`, { includePrerelease: true });
  } catch {
    // Not a range to npm: the one version that it was read as.
    return false;
  }
}

/**
 * The version of a package that an app has: the installed one, else the lowest that its specifier allows, or the
 * workspace's where the app takes any.
 *
 * @param oldest the first that is any good: a range that begins below and goes on beyond it leaves open which is meant
 * @returns no version where it is not installed and the specifier names none
 */
export async function packageVersion(
  fs: FileSystem,
  root: string,
  name: string,
  declared: string,
  oldest?: string,
): Promise<{ readonly version: string | undefined; readonly isInstalled: boolean }> {
  const installed = await installedVersion(fs, root, name);
  if (installed !== undefined) return { version: installed, isInstalled: true };
  const asked = isAny(declared) ? await askedAbove(fs, root, name) : undefined;
  const { specifier, from } = asked ?? { specifier: declared, from: root };
  const range = await resolveCatalog(fs, from, name, specifier);
  const version = declaredVersion(range);
  const isOpen =
    version !== undefined && oldest !== undefined && lt(version, oldest) && reaches(range, oldest);
  return { version: isOpen ? undefined : version, isInstalled: false };
}

/** Nx writes the versions of its apps into the workspace's package.json, and `*` into theirs. */
const isAny = (specifier: string): boolean => /^[*x]?$/.test(specifier.trim());

/** What the nearest package.json above an app asks for, and that package's folder. */
async function askedAbove(
  fs: FileSystem,
  root: string,
  name: string,
): Promise<{ readonly specifier: string; readonly from: string } | undefined> {
  for (const folder of foldersUp(dirname(root))) {
    const text = await readText(fs, at(folder, 'package.json')).catch(() => undefined);
    const data = text === undefined ? undefined : fromJson(text.replace(/^\uFEFF/, ''));
    for (const key of ['dependencies', 'devDependencies']) {
      const specifier = childOf(childOf(data, key), name);
      if (typeof specifier === 'string') return { specifier, from: folder };
    }
  }
  return undefined;
}
