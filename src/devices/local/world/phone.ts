import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { NativeModule } from '../react-native-stub.ts';
import { createReactNative } from '../react-native-stub.ts';
import { createNativeModules } from '../stand-ins/index.ts';
import { createExpoModulesCore } from './expo-modules.ts';
import { installGlobals, nodeGlobals } from './globals.ts';
import type { Loader } from './loader.ts';
import { installLoader } from './loader.ts';
import { createMetroResolution } from './metro-resolution.ts';
import { withTsconfigPaths } from './tsconfig-paths.ts';
import type { LocalNetwork } from '../device.ts';
import { createTransform, createStandInTransform } from './transform.ts';

export interface PhoneOptions {
  /** The app's root, absolute. */
  readonly root: string;
  /** Where stand-ins keep their files, absolute. */
  readonly dataFolder: string;
  readonly platform: 'android' | 'ios';
  /** Module specifier to file, absolute. */
  readonly alias: Readonly<Record<string, string>>;
  readonly network: LocalNetwork;
  /** Where requests go, whatever address they have; undefined: where they should. */
  readonly server?: string;
  /** What of the app's tsconfig changes how its code runs, as JSON. */
  readonly tsconfig: string;
  readonly native: NativeModule;
  /** Something that the user should know of the world that is played. */
  readonly note: (text: string) => void;
  /** The first use of a package whose native half is played. */
  readonly onStandIn: (packageName: string, keeps: string) => void;
}

export interface Phone {
  readonly loader: Loader;
  /** @returns what to say of a global that the app's code missed */
  readonly explainMissing: (name: string) => string | undefined;
}

/** Turns this process into one that app code takes for a phone. Cannot be undone. */
export function becomePhone(options: PhoneOptions): Phone {
  const { root, platform, alias, network, native, note } = options;
  const require = createRequire(join(root, 'package.json'));
  const reactNative = versionOf(require, 'react-native');
  const isExpo = versionOf(require, 'expo') !== undefined;

  const modules = createNativeModules(
    {
      root,
      dataFolder: options.dataFolder,
      platform,
      network,
      findPackage: (name) => findPackage(root, name, loader),
    },
    options.onStandIn,
  );
  const replacements = createReplacements(
    createReactNative(native, platform, (name) => modules.find('turbo', name)),
    createExpoModulesCore((name) => modules.find('expo', name), platform),
    (name) => modules.find('nitro', name),
  );

  const { tsconfig } = options;
  const nodes = nodeGlobals();
  const transform = createTransform({
    root,
    platform,
    tsconfig,
    tools: () => loader.tools,
    note,
  });
  const loader: Loader = installLoader({
    alias,
    replace: replacements,
    resolve: withTsconfigPaths(
      createMetroResolution({ root, platform, reactNative, isExpo }),
      tsconfig,
    ),
    transform,
    transformStandIn: createStandInTransform(tsconfig, () => loader.tools),
    nodeGlobals: nodes,
    own: [dirname(fileURLToPath(import.meta.url))],
  });
  // esbuild's thread does not start once the globals are gone.
  transform('', join(root, 'first.ts'));
  // Node maps the frames of a stack by the maps that the transforms left in the code.
  process.setSourceMapsEnabled(true);
  const explainMissing = installGlobals(
    {
      offline: network === 'none',
      ...(options.server === undefined ? {} : { server: options.server }),
      reactNative,
      isExpo,
      env: Object.fromEntries(
        Object.entries(process.env).filter(([name]) => name.startsWith('EXPO_PUBLIC_')),
      ),
    },
    nodes,
    (file) => loader.sourceOf(file),
  );
  return { loader, explainMissing };
}

function createReplacements(
  reactNative: object,
  expoModulesCore: object,
  findNitro: (name: string) => object | undefined,
): (specifier: string) => { exports: unknown } | undefined {
  const nitro = {
    NitroModules: {
      createHybridObject(name: string): object {
        const found = findNitro(name);
        if (found === undefined) {
          throw new Error(`Nitro's ${name} does not exist in the local runner`);
        }
        return found;
      },
      hasHybridObject: (name: string) => findNitro(name) !== undefined,
    },
  };
  const modules = new Map<string, object>([
    ['react-native', reactNative],
    ['expo-modules-core', expoModulesCore],
    ['expo', expoModulesCore],
    ['react-native-nitro-modules', nitro],
    // For databases that ship as assets, and hooks: nothing else of it is of use here.
    ['expo-asset', { Asset: {} }],
    [
      '@react-native/assets-registry/registry',
      { registerAsset: () => 1, getAssetByID: () => null },
    ],
  ]);
  return (specifier) => {
    const exports = modules.get(specifier);
    if (exports !== undefined) return { exports };
    if (specifier.startsWith('react-native/')) {
      throw new Error('parts of react-native do not exist in the local runner');
    }
    return undefined;
  };
}

/** @returns the version of an installed package; undefined where it is not there or cannot be read */
function versionOf(require: NodeJS.Require, name: string): { minor: number } | undefined {
  for (const folder of require.resolve.paths(name) ?? []) {
    const file = join(folder, name, 'package.json');
    if (!existsSync(file)) continue;
    try {
      const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version?: unknown };
      const minor = /^\d+\.(\d+)\./.exec(String(version))?.[1];
      return minor === undefined ? undefined : { minor: Number(minor) };
    } catch {
      return undefined;
    }
  }
  return undefined;
}

function findPackage(root: string, name: string, { tools }: Loader): unknown {
  for (const from of [join(root, 'package.json'), fileURLToPath(import.meta.url)]) {
    const file = tools.find(name, from);
    if (file !== undefined) return tools.load(file);
  }
  return undefined;
}
