import { syncsOf } from '../../config.ts';
import type { Config } from '../../config.ts';
import { ensureConfigPlugin, findConfigPlugin } from '../../formats/app-config.ts';
import type { AppConfigPlugin, FoundPlugin } from '../../formats/app-config.ts';
import { ensureJsonLists, readJsonPath } from '../../formats/json-lists.ts';
import type { JsonList } from '../../formats/json-lists.ts';
import type { ExpoFacts } from '../../project/expo.ts';
import { readImportedFiles } from '../../project/imported-files.ts';
import type { ReadOnlyFiles } from '../../project/read-only-files.ts';
import type { EditKind } from './edit-kind.ts';
import { plistEntries } from './info-plist.ts';

/** What has the last word in an Expo app, and what it has to say. */
export type AppConfigWanted =
  | { readonly plugin: AppConfigPlugin }
  | { readonly lists: readonly JsonList[] };

/** What an Expo app's config says for the Info.plist that prebuild writes. */
export const APP_CONFIG: EditKind<AppConfigWanted> = {
  id: 'app-config',
  reason: 'lets iOS start the task (expo prebuild writes it to Info.plist)',
  ensure: (source, wanted) =>
    'plugin' in wanted
      ? ensureConfigPlugin(source, wanted.plugin)
      : ensureJsonLists(source, wanted.lists),
};

/** Whether Expo gets the plugin from a dynamic app config. */
export const findPlugin = (
  source: string,
  { plugin }: { readonly plugin: AppConfigPlugin },
): FoundPlugin => findConfigPlugin(source, plugin);

export interface AppConfigPlace {
  readonly path: string;
  readonly text: string;
  readonly wanted: AppConfigWanted;
}

/** How the app's config names the plugin of the generated package. */
export const pluginPath = (moduleDir: string): string => `./${moduleDir}/app.plugin.js`;

/** The first whose prebuild, where it adds the missing bundle identifier, does not double the lists of app.json's `ios`. */
const FIRST_WITHOUT_DOUBLES = 57;

/**
 * One place for the Info.plist entries: `ios.infoPlist` of an app.json, where a person reads them and no code has to run.
 * The config plugin instead where that place is not enough: a dynamic config has the last word; in a committed Info.plist
 * `ios.infoPlist` would replace the whole list at the next prebuild, where the plugin adds to it
 * (https://github.com/expo/expo/blob/main/packages/%40expo/config-plugins/src/plugins/withIosBaseMods.ts); and up to SDK
 * 56 the first prebuild of an app without a bundle identifier writes every list below `ios` twice
 * (`...exp.ios` in getOrPromptApplicationId.ts of @expo/cli). What is there already decides, and stays.
 *
 * @param files those of the app
 * @returns `unused` where prebuild is never run, `missing` where the app has no config
 */
export async function placeAppConfig(
  files: Pick<ReadOnlyFiles, 'read'>,
  expo: ExpoFacts,
  config: Config,
  retiredIds: readonly string[],
): Promise<AppConfigPlace | 'unused' | 'missing'> {
  const { static: path, wrapper, dynamic } = expo.config;
  if (expo.prebuild.kind === 'never') return 'unused';
  const plugin = pluginPath(config.moduleDir);
  const text = path === undefined ? undefined : await files.read(path);
  if (dynamic !== undefined) {
    const around = await readImportedFiles(files, dynamic);
    const given = text === undefined ? undefined : readJsonPath(text, wrapper ? [wrapper] : []);
    const taskIds = syncsOf(config).map(({ taskId }) => taskId);
    const wanted = { file: dynamic, plugin, taskIds, given, files: around };
    return { path: dynamic, text: (await files.read(dynamic)) ?? '', wanted: { plugin: wanted } };
  }
  if (path === undefined || text === undefined) return 'missing';
  const keys = plistLists(wrapper, config, retiredIds);
  const plugins = pluginList(wrapper, plugin);
  const isSaid = (lists: readonly JsonList[]): boolean =>
    ensureJsonLists(text, lists).status === 'already';
  const bundleId = readJsonPath(text, [...(wrapper ? [wrapper] : []), 'ios', 'bundleIdentifier']);
  const isDoubled = expo.sdk < FIRST_WITHOUT_DOUBLES && bundleId === undefined;
  const needsPlugin = expo.ios === 'committed' || isDoubled;
  const lists = isSaid(plugins) || (needsPlugin && !isSaid(keys)) ? plugins : keys;
  return { path, text, wanted: { lists } };
}

const pluginList = (wrapper: 'expo' | undefined, plugin: string): JsonList[] => [
  { path: wrapper === undefined ? ['plugins'] : [wrapper, 'plugins'], values: [plugin] },
];

export const plistLists = (
  wrapper: 'expo' | undefined,
  config: Config,
  retiredIds: readonly string[],
): JsonList[] =>
  plistEntries(config, retiredIds).map(({ key, values }) => ({
    path: [...(wrapper === undefined ? [] : [wrapper]), 'ios', 'infoPlist', key],
    values,
  }));
