import { posix } from 'node:path';
import { readIncludedBuilds } from '../formats/gradle-build.ts';
import {
  APPLICATION,
  includedFolders,
  pluginIds,
  readModules,
  readShared,
  settingsOf,
} from './gradle-modules.ts';
import type { GradleModule } from './gradle-modules.ts';
import type { GradleFile, GradleScope } from './gradle-scope.ts';
import { appliedScripts, readIncludedBuild } from './included-builds.ts';
import type { AppliedScripts, IncludedBuild } from './included-builds.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';
import { readScriptPlugins } from './script-plugins.ts';
import type { ScriptPlugins, UnreadScript } from './script-plugins.ts';
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
  /** Builds of the repo's own that settings.gradle includes, for plugins or libraries; buildSrc, too. */
  readonly includedBuilds: readonly IncludedBuild[];
  /** What the app's module applies of the repo's own: plugins of included builds, and scripts. */
  readonly applied: AppliedScripts;
  /** What stands above the modules: the root's script and what that applies, settings.gradle, properties, the catalog. */
  readonly shared: GradleScope;
  /** Scripts that are applied to the app's module or to the root, and could not be read. */
  readonly unread: readonly UnreadScript[];
}

/** React Native's own plugin. */
export const REACT = 'com.facebook.react';

/**
 * Finds the app in `android/`, else in the root, as in a native repo.
 *
 * @returns undefined where there is no Android app
 */
export async function readGradleProject(files: ReadOnlyFiles): Promise<GradleProject | undefined> {
  return (await readFolder(files, 'android')) ?? readFolder(files, '');
}

/** The scripts that configure the app's module, its own first: what that sets counts, since it comes after its plugins. */
export const appScripts = ({ app, applied }: GradleProject): readonly GradleFile[] => [
  app.file,
  ...applied.files,
];

/** A file's own names hide those of the files above it; what the app's module applies sets names for all of it. */
export function scopeOf(project: GradleProject, file: GradleFile): GradleScope {
  const { shared } = project;
  const own = appScripts(project);
  const above = [...(own.includes(file) ? own : []), ...shared.files];
  return { ...shared, files: [...new Set([file, ...above])] };
}

/** The scripts that make the app: its own, those above, those of its libraries; none of another app. */
export const scriptsOf = (project: GradleProject): readonly GradleFile[] => [
  ...new Set([
    ...appScripts(project),
    ...project.shared.files,
    ...project.libraries.map(({ file }) => file),
  ]),
];

async function readFolder(
  files: ReadOnlyFiles,
  folder: string,
  depth = 0,
): Promise<GradleProject | undefined> {
  const shared = await readShared(files, folder);
  const includedBuilds = await readIncluded(files, folder, shared);
  const plugins = new Map<GradleModule, ScriptPlugins>();
  const read = async (folders: readonly string[]): Promise<readonly GradleModule[]> => {
    const found = await readModules(files, folders);
    for (const module of found) plugins.set(module, await pluginsOf(module));
    return found;
  };
  const appliedBy = (module: GradleModule): AppliedScripts =>
    appliedScripts(module.file, plugins.get(module)?.files ?? [], shared, includedBuilds);
  const applies = (plugin: string, module: GradleModule): boolean =>
    pluginIds(module.file, shared).includes(plugin) || appliedBy(module).ids.includes(plugin);
  let modules = await read(['app', ...includedFolders(shared)].map(below));
  let applications = modules.filter((one) => applies(APPLICATION, one));
  if (applications.length === 0 || settingsOf(shared) === undefined) {
    // Settings that compute their modules name none.
    const builds = includedBuilds.map((one) => one.folder);
    const all = [folder, ...(await walkFolders(files, folder, 2))].filter(
      (one) => !builds.some((build) => one === build || one.startsWith(`${build}/`)),
    );
    modules = await read([...modules.map((one) => one.folder), ...all]);
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
  if (app === undefined) return depth > 0 ? undefined : appInIncluded();
  const libraries = modules.filter((one) => one !== app && !applications.includes(one));
  return {
    folder,
    app,
    others: applications.filter((one) => one !== app),
    libraries: [...libraries, ...includedBuilds.flatMap((build) => build.libraries)],
    includedBuilds,
    applied: appliedBy(app),
    shared: {
      ...shared,
      constants: new Map(includedBuilds.flatMap(({ constants }) => [...constants])),
    },
    unread: [...(plugins.get(app)?.unread ?? []), ...shared.unread],
  };

  /** What a module's script applies, and the root's to all modules. */
  async function pluginsOf({ file, folder: project }: GradleModule): Promise<ScriptPlugins> {
    const to = { project, root: folder };
    const own = await readScriptPlugins(files, file, to);
    const [root] = shared.files.filter((one) =>
      posix.basename(one.path).startsWith('build.gradle'),
    );
    if (root === undefined || root.path === file.path) return own;
    const forAll = await readScriptPlugins(files, root, to, (use) => use.isForModules);
    return {
      files: [...own.files, ...forAll.files],
      unread: [...own.unread, ...forAll.unread],
    };
  }

  function below(path: string): string {
    return posix.join(folder, path);
  }

  /** A build that is only there to put others together has the app in one of them. */
  async function appInIncluded(): Promise<GradleProject | undefined> {
    for (const { folder: build } of includedBuilds) {
      const found = await readFolder(files, build, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** Gradle includes a build in `buildSrc` unasked. */
const BUILD_SRC = 'buildSrc';

async function readIncluded(
  files: ReadOnlyFiles,
  folder: string,
  shared: GradleScope,
): Promise<IncludedBuild[]> {
  const named = readIncludedBuilds(settingsOf(shared)?.statements ?? []);
  const own = (await files.exists(posix.join(folder, BUILD_SRC))) ? [BUILD_SRC] : [];
  const folders = [...named, ...own]
    .map((path) => posix.join(folder, path).replace(/\/$/, ''))
    .filter((path) => !path.split('/').includes('node_modules'))
    .filter((path) => path !== folder && path !== '.' && !folder.startsWith(`${path}/`));
  return Promise.all([...new Set(folders)].map((path) => readIncludedBuild(files, path)));
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
