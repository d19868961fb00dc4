import { posix } from 'node:path';
import { parseGradle, valueOf } from '../formats/gradle.ts';
import type { GradleStatement } from '../formats/gradle.ts';
import { includedFolders, pluginIds, readModules, readShared } from './gradle-modules.ts';
import type { GradleModule } from './gradle-modules.ts';
import { parseGradleFile } from './gradle-scope.ts';
import type { GradleFile, GradleScope } from './gradle-scope.ts';
import type { Located } from './project.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';

/** A build of the repo's own inside the app's: https://docs.gradle.org/current/userguide/composite_builds.html */
export interface IncludedBuild {
  /** Relative to the app's root. */
  readonly folder: string;
  /** Why nothing of it was read; undefined where it was. */
  readonly unread: string | undefined;
  /** Its modules of Android code, which take the place of dependencies that are named as they are. */
  readonly libraries: readonly GradleModule[];
  /** The build scripts of what is no library: a plugin's dependencies are on the class path of who applies it. */
  readonly classPath: readonly GradleFile[];
  /** Its plugins, by id. */
  readonly plugins: ReadonlyMap<string, OwnPlugin>;
  /** What its Kotlin objects hold, by object and name: `Versions.minSdk`. */
  readonly constants: ReadonlyMap<string, Located<string>>;
}

/** A plugin that the repo has the source of. */
export interface OwnPlugin {
  /** As a script would say it; of a class, what it sets in the Android extension. */
  readonly file: GradleFile;
  /** A script is read as it is; of a class it is not known what else it does. */
  readonly kind: 'script' | 'class';
  /** The ids that it applies. */
  readonly applies: readonly string[];
}

/** What the script of a module applies of the repo's own, and what that applies in turn. */
export interface AppliedScripts {
  /** The last that is applied first. */
  readonly files: readonly GradleFile[];
  /** All plugins that they apply, by id. */
  readonly ids: readonly string[];
  /** Plugins that are classes: their build, and the file in it. */
  readonly classes: readonly { readonly folder: string; readonly path: string }[];
}

const LIBRARY = 'com.android.library';

/** @param folder relative to the app's root; what lies outside of that cannot be read */
export async function readIncludedBuild(
  files: ReadOnlyFiles,
  folder: string,
): Promise<IncludedBuild> {
  const plugins = new Map<string, OwnPlugin>();
  const constants = new Map<string, Located<string>>();
  const nothing = { folder, libraries: [], classPath: [], plugins, constants };
  if (folder.startsWith('..')) return { ...nothing, unread: 'it lies outside of the app' };
  const shared = await readShared(files, folder);
  const inside = includedFolders(shared).map((one) => posix.join(folder, one));
  const modules = await readModules(files, [folder, ...inside]);
  if (modules.length === 0 && shared.files.length === 0) {
    return { ...nothing, unread: 'no build script is there' };
  }
  const libraries = modules.filter(({ file }) => pluginIds(file, shared).includes(LIBRARY));
  const others = modules.filter((one) => !libraries.includes(one));
  for (const { folder: module, file } of others) {
    const registered = classPlugins(file);
    for (const path of await sourcesBelow(files, posix.join(module, 'src/main'))) {
      const name = posix.basename(path);
      const isScript = /\.gradle(?:\.kts)?$/.test(name);
      const classOf = [...registered].filter(([, one]) => one.split('.').at(-1) === stemOf(name));
      if (!isScript && classOf.length === 0 && !name.endsWith('.kt')) continue;
      const text = await files.read(path);
      if (text === undefined) continue;
      if (name.endsWith('.kt')) readConstants(path, text, constants);
      if (isScript) plugins.set(scriptId(name, text), scriptPlugin(path, text, shared));
      else for (const [id] of classOf) plugins.set(id, classPlugin(path, text));
    }
  }
  return {
    folder,
    unread: undefined,
    libraries,
    classPath: others.map((one) => one.file),
    plugins,
    constants,
  };
}

/** `object Versions { const val minSdk = 24 }`. */
function readConstants(path: string, text: string, found: Map<string, Located<string>>): void {
  if (!/\bobject\s/.test(text)) return;
  for (const { name, blocks, rest, line } of parseGradle(text).statements) {
    const owner = [
      blocks.at(-1)?.name ?? '',
      ...(blocks.at(-1)?.rest ?? []).map((one) => one.text),
    ];
    const object = owner[owner.indexOf('object') + 1];
    const at = rest.findIndex((one) => one.kind === 'mark' && one.text === '=');
    const value = at === -1 ? undefined : valueOf(rest.slice(at));
    if (!owner.includes('object') || object === undefined || value?.kind !== 'literal') continue;
    found.set(`${object}.${name}`, { value: value.text, file: path, line });
  }
}

/**
 * @param file a module's own script
 * @param scripts what it applies by a path, the last that is applied first
 */
export function appliedScripts(
  file: GradleFile,
  scripts: readonly GradleFile[],
  shared: GradleScope,
  builds: readonly IncludedBuild[],
): AppliedScripts {
  const found = new Map<string, OwnPlugin & { readonly folder: string }>();
  const ids: string[] = [];
  const follow = (wanted: readonly string[]): void => {
    for (const id of wanted) {
      const build = builds.find(({ plugins }) => plugins.has(id));
      const plugin = build?.plugins.get(id);
      if (found.has(id) || plugin === undefined) continue;
      found.set(id, { ...plugin, folder: build?.folder ?? '' });
      ids.push(...plugin.applies);
      follow(plugin.applies);
    }
  };
  // The last that is applied has the last word.
  for (const script of [file, ...scripts]) follow(pluginIds(script, shared).toReversed());
  ids.push(...scripts.flatMap((script) => pluginIds(script, shared)));
  const all = [...found.values()];
  return {
    files: [...scripts, ...all.map((one) => one.file)],
    ids,
    classes: all.flatMap(({ kind, folder, file: { path } }) =>
      kind === 'class' ? [{ folder, path: posix.relative(folder, path) }] : [],
    ),
  };
}

/** A precompiled script: https://docs.gradle.org/current/userguide/implementing_gradle_plugins_precompiled.html */
function scriptPlugin(path: string, text: string, shared: GradleScope): OwnPlugin {
  const file = parseGradleFile(path, text);
  return { file, kind: 'script', applies: pluginIds(file, shared) };
}

/** What the id of a precompiled script is: its name, below the package that a Kotlin script says. */
function scriptId(name: string, text: string): string {
  const own = name.replace(/\.gradle(?:\.kts)?$/, '');
  const folder = /^package\s+([\w.]+)/m.exec(text)?.[1];
  return folder === undefined || !name.endsWith('.kts') ? own : `${folder}.${own}`;
}

/** `gradlePlugin { plugins { register("…") { id = "…"; implementationClass = "…" } } }`: the classes by id. */
function classPlugins({ statements }: GradleFile): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const inside = statements.filter(({ blocks }) => blocks[0]?.name === 'gradlePlugin');
  for (const { name, blocks, rest } of inside) {
    if (name !== 'implementationClass') continue;
    const id = inside.find((one) => one.name === 'id' && one.blocks.at(-1) === blocks.at(-1));
    const [from, to] = [stringIn(id), rest.find(({ kind }) => kind === 'string')?.text];
    if (from !== undefined && to !== undefined) found.set(from, to);
  }
  return found;
}

const stringIn = (statement: GradleStatement | undefined): string | undefined =>
  statement?.rest.find(({ kind, isTemplate }) => kind === 'string' && !isTemplate)?.text;

/** The types of the Android extension that `extensions.configure<…> { … }` is given. */
const EXTENSION = /^(?:ApplicationExtension|BaseAppModuleExtension|AppExtension|BaseExtension)$/;

/** What a class says as a build script would: the ids that it applies, and what it sets in the Android extension. */
function classPlugin(path: string, text: string): OwnPlugin {
  const { statements, isClosed } = parseGradle(text);
  const applies = statements
    .filter(({ name }) => /(?:^|\.)apply$/.test(name))
    .flatMap((statement) => stringIn(statement) ?? []);
  const android: GradleStatement = { blocks: [], name: 'android', rest: [], line: 1 };
  const inExtension = statements.flatMap((statement): GradleStatement[] => {
    const at = statement.blocks.findLastIndex(
      ({ name, rest }) =>
        /(?:^|\.)configure$/.test(name) && rest.some((one) => EXTENSION.test(one.text)),
    );
    if (at === -1) return [];
    return [{ ...statement, blocks: [android, ...statement.blocks.slice(at + 1)] }];
  });
  const file: GradleFile = { path, statements: inExtension, isClosed, variables: new Map() };
  return { file, kind: 'class', applies };
}

const stemOf = (name: string): string => name.replace(/\.\w+$/, '');

const SOURCE = /\.(?:gradle|gradle\.kts|kt|java|groovy)$/;
const LEVELS = 8;

async function sourcesBelow(
  files: ReadOnlyFiles,
  folder: string,
  levels = LEVELS,
): Promise<string[]> {
  if (levels === 0 || !(await files.exists(folder))) return [];
  const found: string[] = [];
  for (const { name, kind } of await files.entries(folder)) {
    const path = posix.join(folder, name);
    if (kind === 'file' && SOURCE.test(name)) found.push(path);
    if (kind === 'directory') found.push(...(await sourcesBelow(files, path, levels - 1)));
  }
  return found;
}
