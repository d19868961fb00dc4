import { posix } from 'node:path';
import { readIncludes, readPlugins } from '../formats/gradle-build.ts';
import type { PluginUse } from '../formats/gradle-build.ts';
import { readProperties } from '../formats/gradle.ts';
import { readVersionCatalog } from '../formats/version-catalog.ts';
import { parseGradleFile } from './gradle-scope.ts';
import type { GradleFile, GradleScope } from './gradle-scope.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';
import { readScriptPlugins } from './script-plugins.ts';
import type { UnreadScript } from './script-plugins.ts';

export interface GradleModule {
  /** Relative to the app's root: `android/app`. */
  readonly folder: string;
  readonly file: GradleFile;
}

export const APPLICATION = 'com.android.application';
/** The plugins that a script applies, by id. */
export const pluginIds = ({ statements }: GradleFile, scope: GradleScope): readonly string[] =>
  readPlugins(statements)
    .filter(({ isApplied }) => isApplied)
    .map((use) => pluginId(use, scope));

/** A plugin's id, behind an alias of the version catalog too. */
export function pluginId({ id, isAlias }: PluginUse, { catalog }: GradleScope): string {
  const known = isAlias ? catalog?.content.plugins.get(id)?.id : id;
  // A catalog from elsewhere: its aliases are called after what they stand for.
  return known ?? (/(?:^|\.)android\.?application$/i.test(id) ? APPLICATION : id);
}

/** What stands above the modules of a build. */
export interface SharedScope extends GradleScope {
  /** What the root's script applies and cannot be read. */
  readonly unread: readonly UnreadScript[];
}

/** What stands above the modules of the build in a folder. */
export async function readShared(files: ReadOnlyFiles, folder: string): Promise<SharedScope> {
  const place = (name: string): string => posix.join(folder, name);
  const scripts = await Promise.all(
    // Capacitor keeps its versions in variables.gradle, which the root's script applies.
    ['build', 'settings', 'variables'].map((name) => readScript(files, place(name))),
  );
  const [root] = scripts;
  const to = { project: folder, root: folder };
  const applied = root && (await readScriptPlugins(files, root, to, (use) => !use.isForModules));
  const catalogPath = place('gradle/libs.versions.toml');
  const catalog = await files.read(catalogPath);
  const propertiesPath = place('gradle.properties');
  const properties = (await files.read(propertiesPath)) ?? '';
  const lines = propertyLines(properties);
  return {
    files: [
      ...scripts.filter((file) => file !== undefined),
      ...(applied?.files ?? []).filter(({ path }) => scripts.every((one) => one?.path !== path)),
    ],
    unread: applied?.unread ?? [],
    properties: new Map(
      [...readProperties(properties)].map(([key, value]) => [
        key,
        { value, file: propertiesPath, line: lines.get(key) ?? 1 },
      ]),
    ),
    catalog:
      catalog === undefined
        ? undefined
        : { path: catalogPath, content: await readVersionCatalog(catalog) },
  };
}

/** Where each key stands; of several the last, which counts. */
const propertyLines = (text: string): ReadonlyMap<string, number> =>
  new Map(
    text
      .split(/\r\n|\r|\n/)
      .map((line, index) => [/^\s*([^\s=:]+)/.exec(line)?.[1] ?? '', index + 1]),
  );

/** @param stem a script's path without `.gradle` or `.gradle.kts` */
export async function readScript(
  files: ReadOnlyFiles,
  stem: string,
): Promise<GradleFile | undefined> {
  for (const path of [`${stem}.gradle`, `${stem}.gradle.kts`]) {
    const text = await files.read(path);
    if (text !== undefined) return parseGradleFile(path, text);
  }
  return undefined;
}

export const settingsOf = ({ files }: GradleScope): GradleFile | undefined =>
  files.find(({ path }) => posix.basename(path).startsWith('settings.gradle'));

/** Of what settings.gradle includes, relative to it. */
export function includedFolders(shared: GradleScope): string[] {
  return readIncludes(settingsOf(shared)?.statements ?? [])
    .map(({ folder }) => folder)
    .filter((folder) => folder !== undefined);
}

/** The modules in these folders; what lies outside of the root is none of the app's own. */
export async function readModules(
  files: ReadOnlyFiles,
  folders: readonly string[],
): Promise<GradleModule[]> {
  const inside = [...new Set(folders.map((folder) => folder.replace(/\/$|^\.$/, '')))].filter(
    (folder) => !folder.startsWith('..') && !folder.split('/').includes('node_modules'),
  );
  const modules = await Promise.all(
    inside.map(async (folder) => {
      const file = await readScript(files, posix.join(folder, 'build'));
      return file && { folder, file };
    }),
  );
  return modules.filter((module) => module !== undefined);
}
