import { posix } from 'node:path';
import { readIncludedBuilds, readIncludes, readPlugins } from '../formats/gradle-build.ts';
import type { PluginUse } from '../formats/gradle-build.ts';
import { readProperties } from '../formats/gradle.ts';
import { readVersionCatalog } from '../formats/version-catalog.ts';
import { parseGradleFile } from './gradle-scope.ts';
import type { GradleFile, GradleScope } from './gradle-scope.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';
import { walkFolders } from './walk.ts';

/** The Gradle project that has the Android app, as every command reads it. */
export interface GradleProject {
  /** Relative to the app's root: `android`; '' is the root itself. */
  readonly folder: string;
  /** The application module of the app that the background sync is for. */
  readonly app: GradleModule;
  /** Further application modules: for a watch or a TV, or another app beside it. */
  readonly others: readonly GradleModule[];
  /** The library modules, as far as they lie below the root. */
  readonly libraries: readonly GradleModule[];
  /** Builds of the repo's own that settings.gradle includes, for plugins or libraries; what they set is not read. */
  readonly includedBuilds: readonly string[];
  /** What stands above the modules: the root's script, settings.gradle, Capacitor's variables, properties, the catalog. */
  readonly shared: GradleScope;
}

export interface GradleModule {
  /** Relative to the app's root: `android/app`. */
  readonly folder: string;
  readonly file: GradleFile;
}

export const APPLICATION = 'com.android.application';
const REACT = 'com.facebook.react';

/**
 * Finds the app in `android/`, else in the root, as in a native repo.
 *
 * @returns undefined where there is no Android app
 */
export async function readGradleProject(files: ReadOnlyFiles): Promise<GradleProject | undefined> {
  return (await readFolder(files, 'android')) ?? readFolder(files, '');
}

/** A file's own names hide those of the files above it. */
export const scopeOf = ({ shared }: GradleProject, file: GradleFile): GradleScope => ({
  ...shared,
  files: [file, ...shared.files.filter((one) => one !== file)],
});

/** The scripts that make the app: its own, those above, those of its libraries; none of another app. */
export const scriptsOf = ({ app, libraries, shared }: GradleProject): readonly GradleFile[] => [
  ...new Set([app.file, ...shared.files, ...libraries.map(({ file }) => file)]),
];

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

async function readFolder(
  files: ReadOnlyFiles,
  folder: string,
): Promise<GradleProject | undefined> {
  const shared = await readShared(files, folder);
  const applies = (plugin: string, { file }: GradleModule): boolean =>
    pluginIds(file, shared).includes(plugin);
  let modules = await readModules(files, ['app', ...includedFolders(shared)].map(below));
  let applications = modules.filter((one) => applies(APPLICATION, one));
  if (applications.length === 0 || settingsOf(shared) === undefined) {
    // Settings that compute their modules name none.
    const all = [folder, ...(await walkFolders(files, folder, 2))];
    modules = await readModules(files, [...modules.map((one) => one.folder), ...all]);
    applications = modules.filter((one) => applies(APPLICATION, one));
  }
  const app =
    (await firstForPhones(
      files,
      applications.filter((one) => applies(REACT, one)),
    )) ??
    (await firstForPhones(files, applications)) ??
    // A plugin of the project's own may apply it.
    modules.find((one) => one.folder === below('app'));
  if (app === undefined) return undefined;
  return {
    folder,
    app,
    others: applications.filter((one) => one !== app),
    libraries: modules.filter((one) => one !== app && !applications.includes(one)),
    includedBuilds: readIncludedBuilds(settingsOf(shared)?.statements ?? [])
      .map((path) => posix.join(folder, path))
      .filter((path) => !path.split('/').includes('node_modules')),
    shared,
  };

  function below(path: string): string {
    return posix.join(folder, path);
  }
}

/** Of several applications, the first that is not for a watch or a TV. */
async function firstForPhones(
  files: ReadOnlyFiles,
  applications: readonly GradleModule[],
): Promise<GradleModule | undefined> {
  if (applications.length > 1) {
    for (const one of applications) {
      const manifest = await files.read(posix.join(one.folder, 'src/main/AndroidManifest.xml'));
      if (!FOR_OTHERS.test(manifest ?? '')) return one;
    }
  }
  return applications[0];
}

/**
 * https://developer.android.com/training/wearables/packaging and
 * https://developer.android.com/training/tv/get-started/create#tv-activity: a phone app may have the launcher, too.
 */
const FOR_OTHERS =
  /android\.hardware\.type\.(?:watch|television)|android\.software\.leanback"\s+android:required="true"/;

async function readShared(files: ReadOnlyFiles, folder: string): Promise<GradleScope> {
  const place = (name: string): string => posix.join(folder, name);
  const scripts = await Promise.all(
    // Capacitor keeps its versions in variables.gradle, which the root's script applies.
    ['build', 'settings', 'variables'].map((name) => readScript(files, place(name))),
  );
  const catalogPath = place('gradle/libs.versions.toml');
  const catalog = await files.read(catalogPath);
  const propertiesPath = place('gradle.properties');
  const properties = (await files.read(propertiesPath)) ?? '';
  const lines = propertyLines(properties);
  return {
    files: scripts.filter((file) => file !== undefined),
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
async function readScript(files: ReadOnlyFiles, stem: string): Promise<GradleFile | undefined> {
  for (const path of [`${stem}.gradle`, `${stem}.gradle.kts`]) {
    const text = await files.read(path);
    if (text !== undefined) return parseGradleFile(path, text);
  }
  return undefined;
}

const settingsOf = ({ files }: GradleScope): GradleFile | undefined =>
  files.find(({ path }) => posix.basename(path).startsWith('settings.gradle'));

/** Of what settings.gradle includes, relative to it. */
function includedFolders(shared: GradleScope): string[] {
  return readIncludes(settingsOf(shared)?.statements ?? [])
    .map(({ folder }) => folder)
    .filter((folder) => folder !== undefined);
}

/** The modules in these folders; what lies outside of the root is none of the app's own. */
async function readModules(
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
