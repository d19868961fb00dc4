import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { NativeModule, ReactNativeVersion } from '../react-native-stub.ts';
import {
  createReactNative,
  createReactNativeFiles,
  emitNativeEvent,
} from '../react-native-stub.ts';
import type { OnCall } from '../unplayed.ts';
import type { NativeKind } from '../stand-ins/index.ts';
import { AppFolders } from '../stand-ins/files.ts';
import { createNativeModules } from '../stand-ins/index.ts';
import { readEnvironment } from './expo-env.ts';
import { createExpoModulesCore } from './expo-modules.ts';
import { installGlobals, nodeGlobals } from './globals.ts';
import type { Loader } from './loader.ts';
import { installLoader } from './loader.ts';
import { readMetroConfig } from './metro-config.ts';
import { createMetroResolution } from './metro-resolution.ts';
import type { MissingModule } from './missing-modules.ts';
import { MissingModules } from './missing-modules.ts';
import { withTsconfigPaths } from './tsconfig-paths.ts';
import type { BatteryState } from '../../../schedule/policy.ts';
import type { LocalNetwork } from '../device.ts';
import { createTransform, createStandInTransform } from './transform.ts';

export interface PhoneOptions {
  /** The app's root, absolute. */
  readonly root: string;
  /** The folder of the generated package, absolute. */
  readonly generated: string;
  /** Where stand-ins keep their files, absolute. */
  readonly dataFolder: string;
  readonly platform: 'android' | 'ios';
  /** Module specifier to file, absolute. */
  readonly alias: Readonly<Record<string, string>>;
  readonly network: LocalNetwork;
  readonly battery: BatteryState;
  /** Where requests go, whatever address they have; undefined: where they should. */
  readonly server?: string;
  /** What of the app's tsconfig changes how its code runs, as JSON. */
  readonly tsconfig: string;
  readonly native: NativeModule;
  /** Whether a run has begun. */
  readonly hasRun: () => boolean;
  /** Something that the user should know of the world that is played. */
  readonly note: (text: string) => void;
  /** Told each of the app's own files before it is loaded, absolute. */
  readonly onFile: (file: string) => void;
  /** The first use of a package whose native half is played. */
  readonly onStandIn: (packageName: string, keeps: string) => void;
}

export interface Phone {
  readonly loader: Loader;
  /** Reads how the app's Metro finds imports; before anything of the app is loaded. */
  readonly readMetroConfig: () => Promise<void>;
  /** @returns what to say of a global that the app's code missed */
  readonly explainMissing: (name: string) => string | undefined;
  /** @returns what to say of an error whose text names a member that a phone's object has not */
  readonly explainMember: (message: string) => string | undefined;
  /** A run begins. */
  readonly beginRun: () => void;
  /** Native modules that were asked for, and that nothing here plays. */
  readonly missingModules: () => readonly MissingModule[];
  /** @returns the package whose stand-in lacks what an error's text says is no function */
  readonly lackingIn: (message: string) => { packageName: string; member: string } | undefined;
}

/** What errors call a native module. */
const TITLES: Readonly<Record<NativeKind, string>> = {
  turbo: 'the native module ',
  expo: "Expo's native ",
  nitro: "Nitro's ",
};

/** Turns this process into one that app code takes for a phone. Cannot be undone. */
export function becomePhone(options: PhoneOptions): Phone {
  const { root, platform, alias, network, native, note } = options;
  const require = createRequire(join(root, 'package.json'));
  const reactNative = versionOf(require, 'react-native');
  const expo = versionOf(require, 'expo');
  const isExpo = expo !== undefined;

  const modules = createNativeModules(
    {
      root,
      dataFolder: options.dataFolder,
      platform,
      network,
      battery: options.battery,
      findPackage: (name) => findPackage(root, name, loader),
      majorOf: (name) => versionOf(require, name)?.major,
      note,
      emit: emitNativeEvent,
    },
    (packageName, keeps) => {
      played.add(packageName);
      options.onStandIn(packageName, keeps);
    },
    (packageName, member) => void lacking.set(member, packageName),
  );
  const played = new Set<string>();
  const lacking = new Map<string, string>();
  const isCalledByHandler = (): boolean => options.hasRun() && !loader.isLoading;
  const missing = new MissingModules(root, isCalledByHandler);
  const find = (kind: NativeKind, name: string): object | undefined =>
    modules.find(kind, name) ?? missing.ask(name, false, TITLES[kind] + name);
  const enforce = (kind: NativeKind, name: string): object =>
    modules.find(kind, name) ?? missing.ask(name, true, TITLES[kind] + name) ?? {};
  let core: object | undefined;
  const expoModulesCore = (): object =>
    (core ??= createExpoModulesCore(
      (name) => find('expo', name),
      platform,
      (name) => enforce('expo', name),
      isCalledByHandler,
    ));
  // Packages that run with and without Expo know by a global of its modules where they are.
  if (isExpo) expoModulesCore();
  const replacements = createReplacements(
    createReactNative(
      native,
      platform,
      (name) => find('turbo', name),
      reactNative,
      (name) => enforce('turbo', name),
      isCalledByHandler,
    ),
    expoModulesCore,
    (name) => find('nitro', name),
    (name) => enforce('nitro', name),
    () => expoFetch,
    isCalledByHandler,
  );

  const metro = createMetroResolution({ root, platform, reactNative, isExpo });
  const { tsconfig } = options;
  const nodes = nodeGlobals();
  const transform = createTransform({
    root,
    generated: options.generated,
    platform,
    tsconfig,
    tools: () => loader.tools,
    note,
  });
  const loader: Loader = installLoader({
    alias,
    replace: replacements,
    resolve: withTsconfigPaths(metro.resolve, tsconfig),
    transform,
    transformStandIn: createStandInTransform(tsconfig, () => loader.tools),
    nodeGlobals: nodes,
    own: [dirname(fileURLToPath(import.meta.url))],
    onFile: options.onFile,
    missing,
  });
  // esbuild's thread does not start once the globals are gone, and Babel is not loaded.
  for (const folder of [options.generated, root]) transform('', join(folder, 'first.ts'));
  // Node maps the frames of a stack by the maps that the transforms left in the code.
  process.setSourceMapsEnabled(true);
  const { explainMissing, explainMember, put, expoFetch } = installGlobals(
    {
      offline: network === 'none',
      ...(options.server === undefined ? {} : { server: options.server }),
      reactNative,
      expo,
      env: readEnvironment(root, process.env, isExpo),
      pathOf: (uri) => new AppFolders(options).pathOf(uri),
      note,
    },
    nodes,
    (file) => loader.sourceOf(file),
  );
  if (!isExpo) putUrls(loader, folderOf(require, 'react-native'), put);
  return {
    loader,
    async readMetroConfig() {
      metro.configure(await readMetroConfig(root, loader.tools, metro.defaults, note));
    },
    explainMissing,
    explainMember,
    beginRun: () => missing.beginRun(),
    missingModules: () => missing.list(played),
    lackingIn(message) {
      const member = /\b(\w+) is not a function/.exec(message)?.[1] ?? '';
      const packageName = lacking.get(member);
      return packageName === undefined ? undefined : { packageName, member };
    },
  };
}

/** React Native's own URL differs from the standard; Expo puts one of its own in its place (`expo/src/winter/url.ts`). */
function putUrls(
  loader: Loader,
  reactNative: string | undefined,
  put: (name: string, value: unknown) => void,
): void {
  if (reactNative === undefined) return;
  try {
    const { URL, URLSearchParams } = loader.load(
      join(reactNative, 'Libraries/Blob/URL.js'),
    ) as Record<string, unknown>;
    put('URL', URL);
    put('URLSearchParams', URLSearchParams);
  } catch {
    // Of a release that is newer than what is read here: Node's stays.
  }
}

/** https://docs.expo.dev/versions/latest/sdk/expo/#api: the same requests by another native module, with streams. */
const createExpoFetch = (find: () => typeof fetch): object => ({
  get fetch() {
    return find();
  },
  get FormData() {
    return globalThis.FormData;
  },
  get Headers() {
    return globalThis.Headers;
  },
});

function createReplacements(
  reactNative: object,
  expoModulesCore: () => object,
  findNitro: (name: string) => object | undefined,
  enforceNitro: (name: string) => object,
  expoFetch: () => typeof fetch,
  onCall: OnCall,
): (specifier: string, importer: string | undefined) => { exports: unknown } | undefined {
  const files = createReactNativeFiles(reactNative, onCall);
  const nitro = {
    NitroModules: {
      createHybridObject: enforceNitro,
      hasHybridObject: (name: string) => findNitro(name) !== undefined,
    },
  };
  const modules = new Map<string, object>([
    ['react-native', reactNative],
    ['expo/fetch', createExpoFetch(expoFetch)],
    ['react-native-nitro-modules', nitro],
    // For databases that ship as assets, and hooks: nothing else of it is of use here.
    ['expo-asset', { Asset: {} }],
    [
      '@react-native/assets-registry/registry',
      { registerAsset: () => 1, getAssetByID: () => null },
    ],
  ]);
  return (specifier, importer) => {
    const path = pathInReactNative(specifier, importer);
    const exports =
      path !== undefined
        ? files(path)
        : specifier === 'expo' || specifier === 'expo-modules-core'
          ? expoModulesCore()
          : modules.get(specifier);
    return exports === undefined ? undefined : { exports };
  };
}

/** @returns which file below react-native an import means; undefined for all others */
function pathInReactNative(specifier: string, importer = ''): string | undefined {
  const [, inside] = /^react-native\/(.+)/.exec(specifier) ?? [];
  if (inside !== undefined) return inside;
  const folder = join('node_modules', 'react-native') + sep;
  const at = importer.lastIndexOf(sep + folder);
  if (at === -1 || !specifier.startsWith('.')) return undefined;
  const root = importer.slice(0, at + sep.length + folder.length);
  return relative(root, join(dirname(importer), specifier)).replaceAll('\\', '/');
}

/** @returns where an installed package lies */
const folderOf = (require: NodeJS.Require, name: string): string | undefined =>
  (require.resolve.paths(name) ?? [])
    .map((folder) => join(folder, name))
    .find((folder) => existsSync(join(folder, 'package.json')));

/** @returns the version of an installed package; undefined where it is not there or cannot be read */
function versionOf(require: NodeJS.Require, name: string): ReactNativeVersion | undefined {
  const folder = folderOf(require, name);
  if (folder === undefined) return undefined;
  try {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      version?: unknown;
    };
    const numbers = /^(\d+)\.(\d+)\.(\d+)/.exec(String(version))?.slice(1).map(Number);
    const [major = 0, minor = 0, patch = 0] = numbers ?? [];
    return numbers === undefined ? undefined : { major, minor, patch };
  } catch {
    return undefined;
  }
}

function findPackage(root: string, name: string, { tools }: Loader): unknown {
  for (const from of [join(root, 'package.json'), fileURLToPath(import.meta.url)]) {
    const file = tools.find(name, from);
    if (file !== undefined) return tools.load(file);
  }
  return undefined;
}
