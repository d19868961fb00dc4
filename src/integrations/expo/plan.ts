import type { Config } from '../../config.ts';
import { ensureConfigPlugin } from '../../formats/app-config.ts';
import { ensureEntryImport } from '../../formats/entry.ts';
import { ensureJsonLists, formatLists, readJsonPath } from '../../formats/json-lists.ts';
import type { JsonList } from '../../formats/json-lists.ts';
import { ensureMain } from '../../formats/package-main.ts';
import type { LockFile } from '../../plan/lock-file.ts';
import type { Planner } from '../../plan/planner.ts';
import type { ExpoFacts } from '../../project/expo.ts';
import { packageEntryOf } from '../../project/expo.ts';
import type { FileSystem } from '../../file-system.ts';
import { at } from '../../place.ts';
import { readImportedFiles } from '../../project/imported-files.ts';
import type { Project } from '../../project/project.ts';
import { readText } from '../../project/read-text.ts';
import { importSpecifier } from '../model.ts';
import { PURPOSES } from '../purposes.ts';
import {
  planAutolinking,
  planEntries,
  planInfoPlists,
  plistEntries,
} from '../react-native/plan.ts';

/** The entry file that bgsync makes where a package's file starts the app. */
export const OWN_ENTRY = 'index.js';

/** How the app's config names the plugin of the generated package. */
export const pluginPath = (moduleDir: string): string => `./${moduleDir}/app.plugin.js`;

/**
 * The small edits that link the generated package into an Expo app. Native folders that are committed are edited as in
 * any React Native app, and the app config besides, so that the next prebuild says the same; native folders that prebuild
 * makes are never touched.
 */
export async function planExpo(
  planner: Planner,
  fs: FileSystem,
  project: Project,
  expo: ExpoFacts,
  config: Config,
  lock: LockFile | undefined,
  retiredIds: readonly string[],
): Promise<void> {
  await planAutolinking(planner, fs, project, config);
  if (config.platforms.includes('ios')) {
    if (expo.ios === 'committed') await planInfoPlists(planner, project, config, retiredIds);
    await planAppConfig(planner, fs, project.root, expo, config, retiredIds);
  }
  await planEntry(planner, project, expo, config, lock);
}

/** The first whose prebuild, where it adds the missing bundle identifier, does not double the lists of app.json's `ios`. */
const FIRST_WITHOUT_DOUBLES = 57;

/**
 * One place for the Info.plist entries: `ios.infoPlist` of an app.json, where a person reads them and no code has to run.
 * The config plugin instead where that place is not enough: a dynamic config has the last word; in a committed Info.plist
 * `ios.infoPlist` would replace the whole list at the next prebuild, where the plugin adds to it
 * (https://github.com/expo/expo/blob/main/packages/%40expo/config-plugins/src/plugins/withIosBaseMods.ts); and up to SDK
 * 56 the first prebuild of an app without a bundle identifier writes every list below `ios` twice
 * (`...exp.ios` in getOrPromptApplicationId.ts of @expo/cli). What is there already decides, and stays.
 */
async function planAppConfig(
  planner: Planner,
  fs: FileSystem,
  root: string,
  expo: ExpoFacts,
  config: Config,
  retiredIds: readonly string[],
): Promise<void> {
  const purpose = PURPOSES.appConfig;
  const { static: path, wrapper, dynamic, isUsed } = expo.config;
  const plugin = pluginPath(config.moduleDir);
  const text = path && (await readText(fs, at(root, path)));
  if (dynamic !== undefined) {
    const files = await readImportedFiles(async (one) => readText(fs, at(root, one)), dynamic);
    const given = text === undefined ? undefined : readJsonPath(text, wrapper ? [wrapper] : []);
    const wanted = { file: dynamic, plugin, taskId: config.taskId, given, files };
    await planner.edit(dynamic, purpose, (source) => ensureConfigPlugin(source, wanted));
    return;
  }
  if (!isUsed && expo.ios === 'committed') return;
  if (path === undefined || text === undefined) {
    planner.manual({
      path: 'app.json',
      purpose: purpose.reason,
      reason: 'the app has no app.json and no app.config.js',
      snippet: formatLists(plistLists('expo', config, retiredIds)),
    });
    return;
  }
  const keys = plistLists(wrapper, config, retiredIds);
  const plugins = pluginList(wrapper, plugin);
  const isSaid = (lists: readonly JsonList[]): boolean =>
    ensureJsonLists(text, lists).status === 'already';
  const bundleId = readJsonPath(text, [...(wrapper ? [wrapper] : []), 'ios', 'bundleIdentifier']);
  const isDoubled = expo.sdk < FIRST_WITHOUT_DOUBLES && bundleId === undefined;
  const needsPlugin = expo.ios === 'committed' || isDoubled;
  const lists = isSaid(plugins) || (needsPlugin && !isSaid(keys)) ? plugins : keys;
  await planner.edit(path, purpose, (source) => ensureJsonLists(source, lists));
}

const pluginList = (wrapper: 'expo' | undefined, plugin: string): JsonList[] => [
  { path: wrapper === undefined ? ['plugins'] : [wrapper, 'plugins'], values: [plugin] },
];

const plistLists = (
  wrapper: 'expo' | undefined,
  config: Config,
  retiredIds: readonly string[],
): JsonList[] =>
  plistEntries(config, retiredIds).map(({ key, values }) => ({
    path: [...(wrapper === undefined ? [] : [wrapper]), 'ios', 'infoPlist', key],
    values,
  }));

/** What starts the app loads the handler first. A package's file cannot: then a file of the app's own does both. */
async function planEntry(
  planner: Planner,
  project: Project,
  expo: ExpoFacts,
  config: Config,
  lock: LockFile | undefined,
): Promise<void> {
  const specifier = importSpecifier(OWN_ENTRY, config.handler);
  const packageEntry = expo.packageEntry ?? replacedEntry(project, lock);
  if (packageEntry === undefined) {
    await planEntries(planner, project, config);
    return;
  }
  if (expo.strayIndex !== undefined) {
    planner.manual({
      path: 'package.json',
      purpose: PURPOSES.main.reason,
      reason: `main is ${packageEntry}, and there is an ${expo.strayIndex} that does not start the app`,
      snippet: `${expo.strayIndex}:\n\nimport '${importSpecifier(expo.strayIndex, config.handler)}';\nimport '${packageEntry}';\n\npackage.json:\n\n"main": "${expo.strayIndex}"`,
    });
    return;
  }
  await planner.ensure(
    OWN_ENTRY,
    PURPOSES.entry,
    () => entryText(specifier, packageEntry),
    (source) => ensureEntryImport(source, { file: OWN_ENTRY, specifier }),
  );
  await planner.edit('package.json', PURPOSES.main, (source) => ensureMain(source, OWN_ENTRY));
}

/** What an earlier run replaced, where the app still starts at the file that it made. */
function replacedEntry(project: Project, lock: LockFile | undefined): string | undefined {
  const record = lock?.edits.find(({ id }) => id === PURPOSES.main.id);
  const was = record?.pieces?.at(-1)?.was;
  if (was === undefined || !project.entries.some(({ path }) => path === OWN_ENTRY))
    return undefined;
  return packageEntryOf(was === '' ? undefined : was.replaceAll('"', ''));
}

const entryText = (specifier: string, packageEntry: string): string =>
  [
    '// The handler first: when the OS starts the app in the background, no screen is ever rendered.',
    `import '${specifier.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}';`,
    `import '${packageEntry}';`,
    '',
  ].join('\n');
