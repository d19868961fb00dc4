import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolutionContext } from 'metro-resolver';
import type { Tools } from './tools.ts';
import { isRecord } from '../../../records.ts';

/** What a metro.config.js says of how imports are found (https://metrobundler.dev/docs/configuration/#resolver-options). */
export interface MetroResolver {
  readonly assetExts?: readonly string[];
  readonly sourceExts?: readonly string[];
  readonly resolverMainFields?: readonly string[];
  readonly extraNodeModules?: ResolutionContext['extraNodeModules'];
  readonly nodeModulesPaths?: readonly string[];
  readonly disableHierarchicalLookup?: boolean;
  readonly unstable_conditionNames?: readonly string[];
  readonly unstable_enablePackageExports?: boolean;
  readonly resolveRequest?: ResolutionContext['resolveRequest'];
}

/** In the order in which Metro looks for one (`metro-config`, src/loadConfig.js). */
const NAMES = ['js', 'cjs', 'mjs', 'json', 'ts', 'cts', 'mts'].map((end) => `metro.config.${end}`);

/** What the templates of React Native and Expo begin with. */
const IS_DEFAULT = /Cannot find module '(?:@react-native\/metro-config|expo\/metro-config)'/;

/**
 * @param root of the app, absolute: where Metro is started
 * @param base what the app's settings are merged with by Metro; given to a configuration that is a function
 * @param note told why the file could not be read
 * @returns what the app's own configuration says; empty where it has none, or none that can be read
 */
export async function readMetroConfig(
  root: string,
  tools: Tools,
  base: MetroResolver,
  note: (text: string) => void,
): Promise<MetroResolver> {
  const name = NAMES.find((one) => existsSync(join(root, one)));
  if (name === undefined) return {};
  try {
    const loaded = await defaultOf(tools.load(join(root, name)));
    return resolverOf(await (isFunction(loaded) ? loaded(configOf(base)) : loaded));
  } catch (error) {
    const [line = ''] = String(error).split('\n', 1);
    // An app that is not installed yet: its Metro is not there either.
    if (IS_DEFAULT.test(line)) return {};
    note(`${name} could not be read, imports are found without it: ${line}`);
    return {};
  }
}

const defaultOf = (loaded: unknown): unknown =>
  isRecord(loaded) && '__esModule' in loaded ? loaded.default : loaded;

const configOf = (resolver: MetroResolver): object => ({
  resolver,
  transformer: {},
  serializer: {},
  server: {},
  symbolicator: {},
  watcher: {},
});

const isFunction = (value: unknown): value is (...args: unknown[]) => unknown =>
  typeof value === 'function';

/** Of each setting what is of its type: what is not is Metro's to refuse. */
function resolverOf(config: unknown): MetroResolver {
  const resolver = isRecord(config) && isRecord(config.resolver) ? config.resolver : {};
  const pick = <T>(key: string, isOne: (value: unknown) => value is T): Record<string, T> => {
    const value = resolver[key];
    return isOne(value) ? { [key]: value } : {};
  };
  return {
    ...pick('assetExts', isTexts),
    ...pick('sourceExts', isTexts),
    ...pick('resolverMainFields', isTexts),
    ...pick('extraNodeModules', isRecord),
    ...pick('nodeModulesPaths', isTexts),
    ...pick('disableHierarchicalLookup', isSwitch),
    ...pick('unstable_conditionNames', isTexts),
    ...pick('unstable_enablePackageExports', isSwitch),
    ...pick('resolveRequest', isFunction),
  };
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

const isSwitch = (value: unknown): value is boolean => typeof value === 'boolean';
