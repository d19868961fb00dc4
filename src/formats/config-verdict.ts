import { posix } from 'node:path';
import { APP_ROOT, evaluateModule, fromJson } from './js-evaluate.ts';
import type { Outcome } from './js-evaluate.ts';
import { ArrayValue, FunctionValue, ObjectValue, Unknown } from './js-values.ts';
import type { Value } from './js-values.ts';

/** What the tool that reads a configuration makes of it, as far as that can be told without running it. */
export type Verdict =
  | { readonly status: 'placed' }
  /** `reason`: what is there instead. */
  | { readonly status: 'absent'; readonly reason?: string }
  /** `reason` follows "it cannot be told:". */
  | { readonly status: 'unknown'; readonly reason: string };

/** The modules around a configuration. */
export interface ConfigFiles {
  /** Texts by path relative to the app's root: the configuration's, and those of what it imports. */
  readonly files: ReadonlyMap<string, string>;
}

export interface WantedPlugin extends ConfigFiles {
  /** The dynamic app config, relative to the app's root. */
  readonly file: string;
  /** As `plugins` names it: `./modules/background-sync/app.plugin.js`. */
  readonly plugin: string;
  /** Without it, entries in `ios.infoPlist` are not looked at. */
  readonly taskIds?: readonly string[];
  /** What app.json says (the object in `expo`), which Expo hands to a function: data. */
  readonly given?: unknown;
}

/**
 * Whether Expo, which reads a dynamic app config, gets the Info.plist entries of the background sync: through the plugin,
 * or in `ios.infoPlist`. As `resolveConfigExport` and `getConfig` of @expo/config
 * (https://github.com/expo/expo/blob/main/packages/%40expo/config/src/evalConfig.ts): the default export, called where it
 * is a function; of a result with `expo`, that alone.
 */
export function judgeAppConfig(wanted: WantedPlugin): Verdict {
  const { outcomes, ours } = appConfigs(wanted);
  return join(outcomes, (value) => judgePlugins(value, ours, wanted));
}

/** The plugins that Expo gets, ours left out, on each way through the config: to be compared. */
export function pluginsOf(wanted: WantedPlugin): string {
  const { outcomes, ours } = appConfigs(wanted);
  const lists = outcomes.map((outcome) => {
    if (outcome.status !== 'value') return outcome.status;
    const plugins = outcome.value instanceof ObjectValue ? outcome.value.get('plugins') : undefined;
    if (plugins instanceof Unknown) return 'unknown';
    if (!(plugins instanceof ArrayValue)) return '[]';
    const others = plugins.items.filter((item) => !isOurs(item, ours, wanted.plugin));
    return JSON.stringify([...others, ...(plugins.open === undefined ? [] : ['…'])]);
  });
  return JSON.stringify(lists);
}

function appConfigs({ plugin, ...wanted }: WantedPlugin) {
  const ours = new ObjectValue();
  const known = new Map<string, Value>([[posix.normalize(plugin), ours]]);
  return { outcomes: appConfigValues(wanted, known), ours };
}

/**
 * The config that Expo gets from a dynamic app config, on each way through it.
 *
 * @param known values of modules that are not read: by path relative to the app's root
 */
export function appConfigValues(
  { files, file, given }: Omit<WantedPlugin, 'plugin'>,
  known: ReadonlyMap<string, Value> = new Map(),
): Outcome[] {
  return evaluateModule({ files, known }, file, (exported, calls) => {
    const config = unwrapDefault(exported);
    const called = config instanceof FunctionValue ? calls.call(config, [request(given)]) : config;
    if (!(called instanceof ObjectValue)) return called;
    const wrapped = called.get('expo');
    return wrapped instanceof ObjectValue ? wrapped : called;
  });
}

function isOurs(item: Value, ours: Value, plugin: string): boolean {
  const name = item instanceof ArrayValue ? item.items[0] : item;
  return name === ours || (typeof name === 'string' && samePlugin(name, plugin));
}

/** A spread that is not known is taken to bring no `default`. */
function unwrapDefault(exported: Value): Value {
  if (!(exported instanceof ObjectValue) || !exported.has('default')) return exported;
  return exported.get('default') ?? exported;
}

/** What Expo calls a config function with; of the config that it hands over, what app.json does not say is filled in. */
function request(given: unknown): ObjectValue {
  const config = fromJson(given ?? {});
  if (config instanceof ObjectValue) {
    for (const key of ['plugins', 'ios', 'expo']) {
      if (config.get(key) === undefined) config.set(key, undefined);
    }
    config.leaveOpen('Expo fills in what app.json does not say');
  }
  const request = new ObjectValue();
  request.set('config', config);
  request.leaveOpen('what Expo hands to the config');
  return request;
}

function judgePlugins(config: Value, ours: Value, { plugin, taskIds }: WantedPlugin): Verdict {
  if (config instanceof Unknown) return { status: 'unknown', reason: config.reason };
  if (!(config instanceof ObjectValue)) return { status: 'absent', reason: 'it exports no config' };
  const plugins = config.get('plugins');
  const has =
    plugins instanceof ArrayValue && plugins.items.some((item) => isOurs(item, ours, plugin));
  if (has) return { status: 'placed' };
  const entries = taskIds === undefined ? undefined : judgeInfoPlist(config, taskIds);
  if (entries?.status === 'placed') return entries;
  if (plugins instanceof Unknown) return { status: 'unknown', reason: plugins.reason };
  if (plugins instanceof ArrayValue) {
    const hidden = plugins.open ?? reasonIn(plugins.items);
    if (hidden !== undefined) return { status: 'unknown', reason: hidden };
  }
  return entries ?? { status: 'absent' };
}

const reasonIn = (items: readonly Value[]): string | undefined =>
  items.find((item) => item instanceof Unknown)?.reason;

function judgeInfoPlist(config: ObjectValue, taskIds: readonly string[]): Verdict {
  let value: Value = config;
  for (const key of ['ios', 'infoPlist']) {
    if (value instanceof ObjectValue) value = value.get(key);
    if (value instanceof Unknown) return { status: 'unknown', reason: value.reason };
  }
  if (!(value instanceof ObjectValue)) return { status: 'absent' };
  const wanted: (readonly [string, string])[] = [
    ['UIBackgroundModes', 'processing'],
    ...taskIds.map((id) => ['BGTaskSchedulerPermittedIdentifiers', id] as const),
  ];
  for (const [key, entry] of wanted) {
    const list = value.get(key);
    if (list instanceof Unknown) return { status: 'unknown', reason: list.reason };
    if (!(list instanceof ArrayValue)) return { status: 'absent' };
    if (list.items.includes(entry)) continue;
    const hidden = list.open ?? reasonIn(list.items);
    return hidden === undefined ? { status: 'absent' } : { status: 'unknown', reason: hidden };
  }
  return { status: 'placed' };
}

/** A plugin of the app's own is named by its file: https://docs.expo.dev/config-plugins/development-and-debugging/ */
export function samePlugin(one: string, other: string): boolean {
  if (!/^[./]/.test(one)) return false;
  const path = (text: string): string => posix.resolve(APP_ROOT, text).replace(/\.js$/, '');
  return path(one) === path(other);
}

export interface WantedDependency extends ConfigFiles {
  /** Whether a .js file is an ES module. */
  readonly esm?: boolean;
  /** The react-native.config file, relative to the app's root, which is its folder. */
  readonly file: string;
  readonly name: string;
  /** The package's folder, relative to the app's root. */
  readonly root: string;
}

/**
 * Whether `react-native config` gets the package from a react-native.config file: the default export, or `module.exports`,
 * and `root` of the entry in its `dependencies`
 * (https://github.com/react-native-community/cli/blob/main/docs/dependencies.md).
 */
export function judgeDependency(wanted: WantedDependency): Verdict {
  const { files, file, name, root, esm = false } = wanted;
  // The CLI compiles a .ts file to an ES module.
  const isEsm = /\.m?ts$|\.mjs$/.test(file) || (esm && file.endsWith('.js'));
  const modules = new Set(isEsm ? [file] : []);
  const outcomes = evaluateModule({ files, modules }, file, unwrapDefault);
  return join(outcomes, (config) => judgeEntry(config, name, root));
}

function judgeEntry(config: Value, name: string, root: string): Verdict {
  if (config instanceof Unknown) return { status: 'unknown', reason: config.reason };
  if (!(config instanceof ObjectValue)) return { status: 'absent', reason: 'it exports no object' };
  let value: Value = config;
  for (const key of ['dependencies', name]) {
    value = value instanceof ObjectValue ? value.get(key) : undefined;
    if (value instanceof Unknown) return { status: 'unknown', reason: value.reason };
  }
  if (!(value instanceof ObjectValue)) return { status: 'absent' };
  const platforms = value.get('platforms');
  if (platforms instanceof ObjectValue) {
    const off = ['android', 'ios'].find((platform) => platforms.get(platform) === null);
    if (off !== undefined) {
      return { status: 'absent', reason: `dependencies['${name}'] turns ${off} off` };
    }
  }
  const path = value.get('root');
  if (path instanceof Unknown) return { status: 'unknown', reason: path.reason };
  if (typeof path !== 'string') {
    return { status: 'absent', reason: `dependencies has another ${name}, which has no root` };
  }
  if (!path.startsWith('/')) {
    return {
      status: 'absent',
      reason: `dependencies has ${name} with the root ${path}: React Native’s CLI takes an absolute path alone`,
    };
  }
  const actual = posix.relative(APP_ROOT, path);
  if (actual === posix.normalize(root).replace(/\/$/, '')) return { status: 'placed' };
  return {
    status: 'absent',
    reason: `dependencies has another ${name}, with the root ${actual}`,
  };
}

/**
 * The folders that a react-native.config file names as `project.android.sourceDir` and `project.ios.sourceDir`: relative
 * to the app's root, '' for the root itself; those are left out that it does not name, or not the same on every way.
 */
export function sourceDirsOf({
  files,
  file,
}: ConfigFiles & { readonly file: string }): Readonly<Partial<Record<'android' | 'ios', string>>> {
  const modules = new Set(/\.m?ts$|\.mjs$/.test(file) ? [file] : []);
  const outcomes = evaluateModule({ files, modules }, file, unwrapDefault);
  const folderOf = (platform: 'android' | 'ios'): string | undefined => {
    const folders = outcomes.map((outcome) => {
      let value: Value = outcome.status === 'value' ? outcome.value : undefined;
      for (const key of ['project', platform, 'sourceDir']) {
        value = value instanceof ObjectValue ? value.get(key) : undefined;
      }
      if (typeof value !== 'string') return undefined;
      const path = posix.resolve(APP_ROOT, value);
      return posix.relative(APP_ROOT, path);
    });
    const [first] = folders;
    return folders.every((folder) => folder === first) ? first : undefined;
  };
  return { android: folderOf('android'), ios: folderOf('ios') };
}

/** On every way the same, or it cannot be told. */
function join(outcomes: readonly Outcome[], judge: (value: Value) => Verdict): Verdict {
  const verdicts = outcomes.flatMap((outcome): Verdict[] => {
    if (outcome.status === 'throws') return [];
    return [outcome.status === 'unknown' ? outcome : judge(outcome.value)];
  });
  const [first] = verdicts;
  if (first === undefined)
    return { status: 'unknown', reason: 'it throws an error when it is read' };
  const unknown = verdicts.find(({ status }) => status === 'unknown');
  if (unknown !== undefined) return unknown;
  if (verdicts.every(({ status }) => status === first.status)) return first;
  return { status: 'unknown', reason: 'it is there in some variants and not in others' };
}
