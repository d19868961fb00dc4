import { readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, parse, relative, resolve as resolvePath, sep } from 'node:path';
import type { ResolutionContext } from 'metro-resolver';
import { resolve } from 'metro-resolver';

type PackageJson = NonNullable<ReturnType<ResolutionContext['getPackage']>>;
type PackageForModule = NonNullable<ReturnType<ResolutionContext['getPackageForModule']>>;

export type Platform = 'android' | 'ios';

/** What Metro would put into the bundle for an import. */
export type Resolved =
  | { readonly type: 'source' | 'asset'; readonly file: string }
  /** `"browser": { "x": false }` and the like. */
  | { readonly type: 'empty' };

export interface MetroOptions {
  /** The app's root, absolute and real. */
  readonly root: string;
  readonly platform: Platform;
  /** The installed react-native; undefined where it is not known. */
  readonly reactNative: { readonly minor: number } | undefined;
  readonly isExpo: boolean;
}

/**
 * The defaults of metro-config 0.84 (`src/defaults/defaults.js`) and @react-native/metro-config (`resolverMainFields`,
 * `unstable_conditionNames`). Expo adds `mjs` and `cjs`.
 */
const ASSET_EXTENSIONS = new Set(
  (
    'bmp gif jpg jpeg png psd svg webp xml m4v mov mp4 mpeg mpg webm aac aiff caf m4a mp3 wav html pdf yaml yml otf ' +
    'ttf zip heic avif db'
  ).split(' '),
);
const SOURCE_EXTENSIONS = ['js', 'jsx', 'json', 'ts', 'tsx'];
const MAIN_FIELDS = ['react-native', 'browser', 'main'];

/** React Native 0.79 brought Metro 0.82, the first that honours `exports` by default (https://metrobundler.dev/docs/package-exports). */
const FIRST_WITH_PACKAGE_EXPORTS = 79;

type Lookup = { exists: false } | { exists: true; type: 'f' | 'd'; realPath: string };

/**
 * Metro's resolution (the real `metro-resolver`) over the app's own files, with the defaults of React Native.
 *
 * What a metro.config.js changes is not seen: `local.alias` in bgsync.config.json is for that.
 *
 * @returns a function that throws metro-resolver's errors where Metro would find nothing. `isImport` says whether the
 *   importing file is an ES module: it decides between a package's `import` and `require` conditions.
 */
export function createMetroResolution(
  options: MetroOptions,
): (specifier: string, from: string, isImport: boolean) => Resolved {
  const packages = new Map<string, PackageJson | null>();
  const lookups = new Map<string, Lookup>();

  const getPackage = (file: string): PackageJson | null => {
    let found = packages.get(file);
    if (found === undefined) {
      found = readPackage(file);
      packages.set(file, found);
    }
    return found;
  };
  const lookup = (path: string): Lookup => {
    const file = resolvePath(options.root, path);
    let found = lookups.get(file);
    if (found === undefined) {
      found = lookUp(file);
      // What is not there may be written by the handler, or on the next save.
      if (found.exists) lookups.set(file, found);
    }
    return found;
  };
  const getPackageForModule = (file: string): PackageForModule | null => {
    const { root } = parse(file);
    // The path may be the package's own folder.
    for (let folder = file; ; folder = dirname(folder)) {
      if (folder.endsWith(`${sep}node_modules`)) return null;
      const packageJson = getPackage(join(folder, 'package.json'));
      if (packageJson !== null) {
        return { rootPath: folder, packageJson, packageRelativePath: relative(folder, file) };
      }
      if (folder === root) return null;
    }
  };

  const minor = options.reactNative?.minor ?? Number.POSITIVE_INFINITY;
  const shared = {
    allowHaste: false,
    assetExts: ASSET_EXTENSIONS,
    customResolverOptions: {},
    dev: true,
    disableHierarchicalLookup: false,
    doesFileExist: (file: string): boolean => {
      const found = lookup(file);
      return found.exists && found.type === 'f';
    },
    extraNodeModules: null,
    fileSystemLookup: lookup,
    getPackage,
    getPackageForModule,
    mainFields: MAIN_FIELDS,
    nodeModulesPaths: [],
    preferNativePlatform: true,
    redirectModulePath: (path: string): string => path,
    resolveAsset,
    resolveHasteModule: (): undefined => undefined,
    resolveHastePackage: (): undefined => undefined,
    sourceExts: options.isExpo ? [...SOURCE_EXTENSIONS, 'cjs', 'mjs'] : SOURCE_EXTENSIONS,
    unstable_conditionNames: ['react-native'],
    unstable_conditionsByPlatform: {},
    unstable_enablePackageExports: minor >= FIRST_WITH_PACKAGE_EXPORTS,
    unstable_incrementalResolution: false,
    unstable_logWarning: (): void => undefined,
  };
  return (specifier, from, isImport) => {
    const found = resolve(
      { ...shared, originModulePath: from, isESMImport: isImport },
      specifier,
      options.platform,
    );
    if (found.type === 'sourceFile') return { type: 'source', file: found.filePath };
    if (found.type === 'assetFiles') return { type: 'asset', file: found.filePaths[0] ?? '' };
    return { type: 'empty' };
  };
}

function readPackage(file: string): PackageJson | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return null;
  }
}

function lookUp(file: string): Lookup {
  try {
    const stat = statSync(file);
    const type = stat.isFile() ? 'f' : stat.isDirectory() ? 'd' : undefined;
    if (type === undefined) return { exists: false };
    return { exists: true, type, realPath: realpathSync(file) };
  } catch {
    return { exists: false };
  }
}

/** `icon.png` may exist as `icon@2x.png` or `icon.ios.png` alone. */
function resolveAsset(folder: string, name: string, extension: string): string[] | null {
  let entries: string[];
  try {
    entries = readdirSync(folder);
  } catch {
    return null;
  }
  const rest = entries.filter(
    (entry) =>
      entry.startsWith(name) &&
      entry.endsWith(extension) &&
      /^(?:@[\d.]+x)?(?:\.(?:ios|android|native))?$/.test(
        entry.slice(name.length, entry.length - extension.length),
      ),
  );
  return rest.length === 0 ? null : rest.map((entry) => join(folder, entry));
}
