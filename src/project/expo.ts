import { findNodeAtLocation } from 'jsonc-parser';
import type { ParseError } from 'jsonc-parser';
import coerce from 'semver/functions/coerce.js';
import { UserError } from '../errors.ts';
import { EXPO } from '../facts.ts';
import { isIgnored, readIgnoreFiles } from './ignored.ts';
import type { FileSystem } from '../file-system.ts';
import { at, tryAt } from '../place.ts';
import { readJsonPath } from '../formats/json-lists.ts';
import { parse, parseTree } from '../formats/jsonc.ts';
import { lineNumber } from '../formats/text.ts';
import { NEIGHBOURS } from './expo-facts.ts';
import type { ExpoConfigFiles, ExpoFacts, NativeFolder, Prebuild } from './expo-facts.ts';
import { packageVersion } from './declared-version.ts';
import { declaredRange } from './package-json.ts';
import type { PackageJson } from './package-json.ts';
import { findPrebuild } from './prebuild.ts';
import type { EntryFile } from './project.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';
import { readText } from './read-text.ts';

export type { ExpoConfigFiles, ExpoFacts, ExpoNeighbour, Prebuild } from './expo-facts.ts';

/**
 * @returns undefined where package.json does not have `expo`
 * @throws UserError for an SDK that is not supported
 */
export async function requireSdk(
  fs: FileSystem,
  root: string,
  packageJson: PackageJson,
): Promise<Pick<ExpoFacts, 'declared' | 'version' | 'sdk' | 'isInstalled'> | undefined> {
  const declared = declaredRange(packageJson, 'expo');
  if (declared === undefined) return undefined;
  const oldest = `${EXPO.oldest}.0.0`;
  const { version, isInstalled } = await packageVersion(fs, root, 'expo', declared, oldest);
  const sdk = version === undefined ? undefined : coerce(version)?.major;
  if (version === undefined || sdk === undefined) {
    throw new UserError(`package.json says expo "${declared}", which names no version.`, {
      hint: 'Install the app’s dependencies first, so that bgsync can read the version.',
    });
  }
  if (sdk < EXPO.oldest) {
    throw new UserError(
      `This app uses Expo SDK ${sdk}. bgsync supports SDK ${EXPO.oldest} to ${EXPO.newest}.`,
      {
        hint: `Upgrade it (npx expo install expo@^${oldest} --fix), then run \`npx bgsync init\`. Until then, expo-background-fetch is the nearest thing.`,
      },
    );
  }
  return { declared, version, sdk, isInstalled };
}

/**
 * @returns undefined where package.json does not have `expo`
 * @throws UserError for an SDK that is not supported
 */
export async function detectExpo(
  fs: FileSystem,
  root: string,
  packageJson: PackageJson,
): Promise<ExpoFacts | undefined> {
  const found = await requireSdk(fs, root, packageJson);
  if (found === undefined) return undefined;
  const { sdk } = found;
  const config = await findConfigFiles(fs, root);
  const { platforms, architecture } = await readConfig(fs, root, config);
  const ignores = await readIgnoreFiles(fs, root);
  const folder = async (name: string): Promise<NativeFolder> =>
    (await fs.isDirectory(at(root, name))) && !isIgnored(ignores, name) ? 'committed' : 'generated';
  const [android, ios] = [await folder('android'), await folder('ios')];
  const packageEntry = await findPackageEntry(fs, root, packageJson.main);
  const { dependencies, devDependencies } = packageJson;
  return {
    ...found,
    hasSceneHost: sdk >= EXPO.firstWithScenes,
    android,
    ios,
    prebuild: await prebuildOf(ios, android === 'generated' && platforms.includes('android')),
    config,
    platforms,
    architecture: sdk < 55 ? architecture : 'new',
    packageEntry,
    strayIndex: packageEntry === undefined ? undefined : await findFile(fs, root, 'index'),
    neighbours: NEIGHBOURS.filter(
      (name) => (dependencies[name] ?? devDependencies[name]) !== undefined,
    ),
  };

  async function prebuildOf(folder: NativeFolder, isAndroidMade: boolean): Promise<Prebuild> {
    if (folder === 'generated') return { kind: 'makes' };
    // The app.json of the React Native CLI has nothing for prebuild.
    return config.isUsed ? findPrebuild(fs, root, isAndroidMade) : { kind: 'never' };
  }
}

const DYNAMIC = ['ts', 'js', 'mts', 'cts', 'mjs', 'cjs'].map((name) => `app.config.${name}`);

async function findConfigFiles(fs: FileSystem, root: string): Promise<ExpoConfigFiles> {
  const names = new Set(await fs.list(at(root, '')));
  const path = ['app.json', 'app.config.json'].find((name) => names.has(name));
  const dynamic = DYNAMIC.find((name) => names.has(name));
  const text = path && (await readText(fs, at(root, path)));
  const document = text === undefined ? undefined : readJsonPath(text, []);
  const keys = Object.keys(document ?? {});
  // One that cannot be read is taken for one as `create-expo-app` writes it.
  const wrapper = keys.includes('expo') || document === undefined ? 'expo' : undefined;
  const isReactNatives = keys.every((key) => ['name', 'displayName'].includes(key));
  return {
    static: path,
    wrapper,
    dynamic,
    isUsed: dynamic !== undefined || (path !== undefined && !(keys.length > 0 && isReactNatives)),
  };
}

async function readConfig(
  fs: FileSystem,
  root: string,
  { static: path, wrapper, dynamic }: ExpoConfigFiles,
): Promise<Pick<ExpoFacts, 'platforms' | 'architecture'>> {
  const all = ['android', 'ios'] as const;
  const text = path === undefined ? undefined : await readText(fs, at(root, path));
  const read = (...keys: string[]): unknown =>
    text === undefined ? undefined : readJsonPath(text, wrapper ? [wrapper, ...keys] : keys);
  const code = (dynamic && (await readText(fs, at(root, dynamic)))) ?? '';
  const named: unknown = dynamic === undefined ? read('platforms') : undefined;
  const platforms = Array.isArray(named) ? all.filter((name) => named.includes(name)) : all;
  const isOld =
    (read('android', 'newArchEnabled') ?? read('newArchEnabled')) === false ||
    /\bnewArchEnabled["']?\s*:\s*false\b/.test(code);
  return { platforms: platforms.length > 0 ? platforms : all, architecture: isOld ? 'old' : 'new' };
}

/** Where Expo's own entries are named, by path or by package: https://docs.expo.dev/versions/latest/sdk/expo/#registerrootcomponent */
const DEFAULT_ENTRY = 'expo/AppEntry';

/** As `resolveEntryPoint` of @expo/config/paths: a file of the app comes first, and `index` where there is no `main`. */
async function findPackageEntry(
  fs: FileSystem,
  root: string,
  main: string | undefined,
): Promise<string | undefined> {
  const entry = packageEntryOf(main);
  if (main?.replace(/^\.\//, '').startsWith('node_modules/') === true) return entry;
  return (await findFile(fs, root, main ?? 'index')) === undefined ? entry : undefined;
}

/** What an app whose `main` is this imports from a package, where no file of the app goes by that name. */
export function packageEntryOf(main: string | undefined): string | undefined {
  if (main === undefined) return DEFAULT_ENTRY;
  const name = main.replace(/^(?:\.\/)?node_modules\//, '').replace(/\.js$/, '');
  const isPlain = /^(?:@[\w.-]+\/)?[\w-][\w.-]*\/[\w./-]+$/.test(name);
  return isPlain && !name.split('/').includes('..') ? name : undefined;
}

const EXTENSIONS = ['ts', 'tsx', 'mjs', 'js', 'jsx', 'cjs'];

/** A file of the app, its extension left out or not, in Expo's order. */
async function findFile(
  fs: FileSystem,
  root: string,
  name: string,
  platform?: string,
): Promise<string | undefined> {
  if (name.split('/').includes('..') || name.startsWith('/')) return undefined;
  const stems = platform === undefined ? [name] : [`${name}.${platform}`, `${name}.native`, name];
  const candidates = stems.flatMap((stem) => EXTENSIONS.map((extension) => `${stem}.${extension}`));
  for (const path of [name, ...candidates]) {
    const place = tryAt(root, path);
    if (place === undefined) return undefined;
    if ((await fs.exists(place)) && !(await fs.isDirectory(place))) return path;
  }
  return undefined;
}

/** The files of the app that a bundle starts at; none where a package's file is the entry. */
export async function findExpoEntries(
  fs: FileSystem,
  root: string,
  main: string | undefined,
): Promise<EntryFile[]> {
  const name = (main ?? 'index').replace(/^\.\//, '').replace(/\/$/, '');
  const entries: EntryFile[] = [];
  if (name.startsWith('node_modules/')) return entries;
  for (const platform of ['android', 'ios'] as const) {
    const path = await findFile(fs, root, name, platform);
    if (path === undefined) continue;
    const same = entries.findIndex((entry) => entry.path === path);
    if (same === -1) entries.push({ path, platforms: [platform] });
    else entries[same] = { path, platforms: ['android', 'ios'] };
  }
  return entries;
}

/** A list of app.json, and the line that it begins at; undefined where there is none. */
export async function appConfigList(
  files: Pick<ReadOnlyFiles, 'read'>,
  { static: file, wrapper }: ExpoConfigFiles,
  keys: readonly string[],
): Promise<{ readonly values: readonly unknown[]; readonly line: number } | undefined> {
  const text = file === undefined ? undefined : await files.read(file);
  if (text === undefined) return undefined;
  const path = wrapper ? [wrapper, ...keys] : keys;
  const root = parseTree(text, [], { allowTrailingComma: true });
  const list = root && findNodeAtLocation(root, [...path]);
  if (list?.type !== 'array') return undefined;
  const values = list.children?.map((child) => child.value as unknown) ?? [];
  return { values, line: lineNumber(text, list.offset) };
}

/** @returns why an app config is no JSON, comments and last commas allowed; undefined where it is */
export function whyNotJson(text: string): string | undefined {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''));
    return undefined;
  } catch (error) {
    const errors: ParseError[] = [];
    parse(text, errors, { allowTrailingComma: true });
    return errors.length > 0 && error instanceof SyntaxError ? error.message : undefined;
  }
}
