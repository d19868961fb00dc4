import { matchesSegments } from '../formats/glob.ts';
import { join } from 'node:path';
import type { FileSystem } from '../file-system.ts';
import { at } from '../place.ts';
import type { Place } from '../place.ts';
import { readYaml } from '../formats/yaml.ts';
import { declaredRange, readPackageJson } from './package-json.ts';
import { readText } from './read-text.ts';
import { isRecord } from '../records.ts';

/** Folders that hold no package of the repo's own. */
const SKIPPED = new Set(['node_modules', 'Pods', 'build', 'dist']);

/** A repo with more is cut: what lies beyond is not found, and has to be named with `--cwd`. */
const LIMITS = { folders: 5000, depth: 8 };

/** Where a repo without workspaces keeps the app that shows its library. */
const EXAMPLES = ['example', 'example/*', 'examples/*', 'Example', 'sample', 'demo', 'apps/*'];

/** The folders that a workspace's patterns name, from package.json, pnpm-workspace.yaml or lerna.json. */
export async function workspacePatterns(
  fs: FileSystem,
  root: string,
): Promise<readonly string[] | undefined> {
  const pnpm = await readOrSkip(fs, at(root, 'pnpm-workspace.yaml'));
  const own = patternsOf(await readJson(fs, at(root, 'package.json')), 'workspaces');
  const lerna = patternsOf(await readJson(fs, at(root, 'lerna.json')), 'packages');
  const listed = pnpm === undefined ? undefined : patternsOf(await readYaml(pnpm), 'packages');
  return listed ?? own ?? lerna;
}

/**
 * The React Native and Expo apps below a folder: packages of its workspace (without one, where examples usually are)
 * that depend on react-native or expo and have a native project, or are Expo's to generate.
 *
 * @returns paths relative to `root`, with `/`, sorted
 */
export async function findAppsBelow(fs: FileSystem, root: string): Promise<string[]> {
  const patterns = (await workspacePatterns(fs, root)) ?? EXAMPLES;
  return findWhere(fs, root, patterns, isApp);
}

/** Packages of a workspace with a native project and without react-native: they may have it from the workspace's root. */
export async function findUndeclaredApps(fs: FileSystem, root: string): Promise<string[]> {
  return findWhere(fs, root, (await workspacePatterns(fs, root)) ?? [], hasNativeProject);
}

async function findWhere(
  fs: FileSystem,
  root: string,
  patterns: readonly string[],
  accepts: (fs: FileSystem, folder: string) => Promise<boolean>,
): Promise<string[]> {
  const found: string[] = [];
  for (const folder of await expandPatterns(fs, root, patterns)) {
    if (await accepts(fs, join(root, folder))) found.push(folder);
  }
  return found;
}

/** Whether a folder is an app that runs, not a library of native code. */
export async function isApp(fs: FileSystem, root: string): Promise<boolean> {
  const data = await readJson(fs, at(root, 'package.json'));
  if (!isRecord(data)) return false;
  const packageJson = readPackageJson(data);
  const usesExpo = declaredRange(packageJson, 'expo') !== undefined;
  if (!usesExpo && declaredRange(packageJson, 'react-native') === undefined) return false;
  if (await hasNativeProject(fs, root)) return true;
  const names = usesExpo ? await listOrSkip(fs, at(root, '')) : [];
  return names.some((name) => /^app\.(?:json|config\.[cm]?[jt]s)$/.test(name));
}

/** Whether a folder has the native project of an app, in the usual place. */
export async function hasNativeProject(fs: FileSystem, root: string): Promise<boolean> {
  for (const file of ['android/app/build.gradle', 'android/app/build.gradle.kts']) {
    if (await fs.exists(at(root, file))) return true;
  }
  const ios = await listOrSkip(fs, at(root, 'ios'));
  return ios.some((name) => name.endsWith('.xcodeproj') && name !== 'Pods.xcodeproj');
}

/**
 * The folders below `root` that patterns as in package.json's `workspaces` match and that have a package.json. `*` and
 * `?` stay within a name, `**` stands for any folders, `{a,b}` for either; what a pattern with `!` matches is left out.
 * Links are not followed.
 */
export async function expandPatterns(
  fs: FileSystem,
  root: string,
  patterns: readonly string[],
): Promise<string[]> {
  const parsed = patterns.flatMap(expandBraces).map(parsePattern);
  const wanted = parsed.filter(({ isNegated }) => !isNegated);
  const unwanted = parsed.filter(({ isNegated }) => isNegated);
  const found: string[] = [];
  let visited = 0;
  const queue: (readonly string[])[] = [[]];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    visited += 1;
    if (visited > LIMITS.folders) break;
    const names: readonly string[] = path;
    const isMatch = ({ segments }: Pattern): boolean => matchesSegments(segments, names, false);
    const absolute = join(root, ...path);
    if (path.length > 0 && wanted.some(isMatch) && !unwanted.some(isMatch)) {
      if (await fs.exists(at(absolute, 'package.json'))) found.push(path.join('/'));
    }
    if (path.length >= LIMITS.depth) continue;
    for (const { name, kind } of await fs.entries(at(absolute, '')).catch(() => [])) {
      if (kind !== 'directory' || SKIPPED.has(name) || name.startsWith('.')) continue;
      const below = [...path, name];
      if (wanted.some(({ segments }) => matchesSegments(segments, below, true))) queue.push(below);
    }
  }
  return found.sort();
}

interface Pattern {
  readonly segments: readonly string[];
  readonly isNegated: boolean;
}

function parsePattern(text: string): Pattern {
  const isNegated = text.startsWith('!');
  const segments = text
    .slice(isNegated ? 1 : 0)
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.');
  return { segments, isNegated };
}

const MOST_BRACES = 50;

function expandBraces(pattern: string): string[] {
  let open = [pattern];
  const done: string[] = [];
  for (let rounds = 0; open.length > 0 && rounds < MOST_BRACES; rounds += 1) {
    const next: string[] = [];
    for (const text of open) {
      const match = /\{([^{}]*)\}/.exec(text);
      if (match?.[1] === undefined) done.push(text);
      else {
        const [before, after] = [
          text.slice(0, match.index),
          text.slice(match.index + match[0].length),
        ];
        next.push(...match[1].split(',').map((part) => before + part + after));
      }
    }
    open = next.slice(0, MOST_BRACES);
  }
  return done;
}

const strings = (value: unknown): string[] | undefined =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : undefined;

function patternsOf(data: unknown, key: 'workspaces' | 'packages'): string[] | undefined {
  if (!isRecord(data)) return undefined;
  const value = data[key];
  return strings(value) ?? (isRecord(value) ? strings(value.packages) : undefined);
}

/** A package among others that cannot be read is not the app. */
async function readOrSkip(fs: FileSystem, place: Place): Promise<string | undefined> {
  try {
    return (await readText(fs, place))?.replace(/^\uFEFF/, '');
  } catch {
    return undefined;
  }
}

const listOrSkip = (fs: FileSystem, place: Place): Promise<string[]> =>
  fs.list(place).catch(() => []);

async function readJson(fs: FileSystem, place: Place): Promise<unknown> {
  try {
    return JSON.parse((await readOrSkip(fs, place)) ?? 'null');
  } catch {
    return undefined;
  }
}
