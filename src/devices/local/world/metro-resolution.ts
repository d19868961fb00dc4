import { readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, extname, join, parse, relative, resolve as resolvePath, sep } from 'node:path';
import type { ResolutionContext } from 'metro-resolver';
import { resolve } from 'metro-resolver';
import type { MetroResolver } from './metro-config.ts';

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

export interface MetroResolution {
  /** What holds where the app says nothing else. */
  readonly defaults: MetroResolver;
  /** From here on what the app's own configuration says holds. */
  readonly configure: (own: MetroResolver) => void;
  /**
   * @param isImport whether the importing file is an ES module: it decides between a package's `import` and `require`
   *   conditions
   * @throws metro-resolver's errors where Metro would find nothing
   */
  readonly resolve: (specifier: string, from: string, isImport: boolean) => Resolved;
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

/** What React Native's Metro is set to. */
const defaultsOf = ({
  reactNative,
  isExpo,
}: MetroOptions): Required<Omit<MetroResolver, 'resolveRequest'>> => ({
  assetExts: [...ASSET_EXTENSIONS],
  sourceExts: isExpo ? [...SOURCE_EXTENSIONS, 'cjs', 'mjs'] : SOURCE_EXTENSIONS,
  resolverMainFields: MAIN_FIELDS,
  extraNodeModules: {},
  nodeModulesPaths: [],
  disableHierarchicalLookup: false,
  unstable_conditionNames: ['react-native'],
  unstable_enablePackageExports:
    (reactNative?.minor ?? Number.POSITIVE_INFINITY) >= FIRST_WITH_PACKAGE_EXPORTS,
});

/**
 * Metro's resolution (the real `metro-resolver`) over the app's own files, with what the app's metro.config.js sets of it, and
 * React Native's defaults for the rest.
 */
export function createMetroResolution(options: MetroOptions): MetroResolution {
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

  const defaults = defaultsOf(options);
  const shared = {
    allowHaste: false,
    customResolverOptions: {},
    dev: true,
    doesFileExist: (file: string): boolean => {
      const found = lookup(file);
      return found.exists && found.type === 'f';
    },
    fileSystemLookup: lookup,
    getPackage,
    getPackageForModule,
    preferNativePlatform: true,
    redirectModulePath: (path: string): string => path,
    resolveAsset,
    resolveHasteModule: (): undefined => undefined,
    resolveHastePackage: (): undefined => undefined,
    unstable_conditionsByPlatform: {},
    unstable_incrementalResolution: false,
    unstable_logWarning: (): void => undefined,
  };
  /** As Metro builds it of its configuration (`metro`, src/node-haste/DependencyGraph.js). */
  const contextOf = (configured: MetroResolver): Omit<ResolutionContext, 'originModulePath'> => {
    const {
      assetExts,
      resolverMainFields: mainFields,
      ...settings
    } = { ...defaults, ...configured };
    return { ...shared, ...settings, mainFields, assetExts: new Set(assetExts) };
  };
  let context = contextOf({});
  const find = (specifier: string, from: string, isImport: boolean): Resolved => {
    const found = resolve(
      { ...context, originModulePath: from, isESMImport: isImport },
      specifier,
      options.platform,
    );
    if (found.type === 'sourceFile') {
      const { filePath: file } = found;
      // A transformer makes a component of it, which nothing in the background draws.
      return { type: ASSET_EXTENSIONS.has(extname(file).slice(1)) ? 'asset' : 'source', file };
    }
    if (found.type === 'assetFiles') return { type: 'asset', file: found.filePaths[0] ?? '' };
    return { type: 'empty' };
  };
  return {
    defaults,
    configure: (own) => {
      context = contextOf(own);
    },
    resolve: find,
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
