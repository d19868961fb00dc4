import { dirname, join, posix, relative, sep } from 'node:path';
import { callsOf, lineIn, scriptOf, textOf } from '../doctor/code/javascript.ts';
import type { Script } from '../doctor/code/javascript.ts';
import type { FileSystem } from '../file-system.ts';
import { requirePackageJson } from '../project/package-json.ts';
import type { PackageJson } from '../project/package-json.ts';
import { RepoFiles } from '../project/repo-files.ts';
import { walkFiles } from '../project/walk.ts';
import { expandPatterns, workspacePatterns } from '../project/workspace.ts';
import { BACKGROUND_FETCH, LIBRARIES, TASK_MANAGER } from './libraries.ts';
import type { Problem } from './problem.ts';

/** Calls that give a library a task; what `defineTask` of another library's task is, its name tells. */
const GIVING = [
  ...LIBRARIES.filter(({ results }) => results !== undefined).map(({ name }) => ({
    module: name,
    name: 'registerTaskAsync',
  })),
  ...['configure', 'scheduleTask', 'registerHeadlessTask'].map((name) => ({
    module: BACKGROUND_FETCH,
    name,
  })),
];

const DEFINING = { module: TASK_MANAGER, name: 'defineTask' };

const SOURCE = /(?<!\.d)\.[cm]?[jt]sx?$/;

const LIMITS = { files: 20_000, folders: 5000, depth: 24 };

/**
 * The calls that give an old library a task in packages of the app's workspace that the app depends on, over others, too:
 * bgsync changes nothing outside of the app.
 *
 * @param root of the app, absolute
 * @returns where they are, relative to `root`
 */
export async function findTasksElsewhere(fs: FileSystem, root: string): Promise<Problem[]> {
  const scripts: { readonly script: Script; readonly name: string; readonly path: string }[] = [];
  for (const { folder, name } of await neededPackages(fs, root)) {
    const inApp = relative(folder, root).split(sep).join('/');
    const files = new RepoFiles(fs, folder);
    const paths = await walkFiles(files, '', {
      limits: LIMITS,
      accept: (path) => SOURCE.test(path),
      enter: (path) => path !== inApp,
    });
    for (const path of paths) {
      const text = await files.read(path);
      if (text === undefined || !MODULES.some((module) => text.includes(module))) continue;
      const script = scriptOf(path, text);
      const shown = posix.join(relative(root, folder).split(sep).join('/'), path);
      if (script !== undefined) scripts.push({ script, name, path: shown });
    }
  }
  const problems: Problem[] = [];
  const registered = new Set<string | undefined>();
  const add = (
    { script, name, path }: (typeof scripts)[number],
    api: (typeof GIVING)[number],
    isIt: (task: string | undefined) => boolean,
  ): void => {
    for (const call of callsOf(script, api)) {
      if (!isIt(textOf(script, call.arguments[0]))) continue;
      const reason = `${api.name} of ${api.module} is called in ${name}, another package of the workspace, which bgsync does not change: move what the task does by hand, and take this call out`;
      problems.push({ path, line: lineIn(script, call), reason });
    }
  };
  for (const one of scripts) {
    for (const api of GIVING) {
      add(one, api, (task) => {
        if (api.name === 'registerTaskAsync') registered.add(task);
        return true;
      });
    }
  }
  for (const one of scripts) {
    // A name that cannot be read could be any.
    const isIt = (task: string | undefined): boolean =>
      registered.size > 0 &&
      (task === undefined || registered.has(undefined) || registered.has(task));
    add(one, DEFINING, isIt);
  }
  return problems.sort((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1));
}

const MODULES = [...GIVING.map(({ module }) => module), TASK_MANAGER];

interface Package {
  /** Absolute. */
  readonly folder: string;
  readonly name: string;
}

/** The packages of the workspace around that the app depends on, and those that these depend on; none inside of the app. */
async function neededPackages(fs: FileSystem, root: string): Promise<Package[]> {
  const top = await findWorkspace(fs, root);
  if (top === undefined) return [];
  const known = new Map<string, { folder: string; packageJson: PackageJson }>();
  for (const path of await expandPatterns(fs, top, (await workspacePatterns(fs, top)) ?? [])) {
    const folder = join(top, path);
    const packageJson = await requirePackageJson(fs, folder).catch(() => undefined);
    if (packageJson?.name !== undefined) known.set(packageJson.name, { folder, packageJson });
  }
  const found = new Map<string, Package>();
  const open = [await requirePackageJson(fs, root)];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { dependencies, devDependencies, peerDependencies } = next;
    for (const name of Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies })) {
      const one = known.get(name);
      if (one === undefined || found.has(name)) continue;
      found.set(name, { folder: one.folder, name });
      open.push(one.packageJson);
    }
  }
  return [...found.values()].filter(({ folder }) => !`${folder}/`.startsWith(`${root}/`));
}

/** The nearest folder above whose workspace has the app. */
async function findWorkspace(fs: FileSystem, root: string): Promise<string | undefined> {
  for (let folder = dirname(root); folder !== dirname(folder); folder = dirname(folder)) {
    const patterns = await workspacePatterns(fs, folder);
    if (patterns === undefined) continue;
    const path = relative(folder, root).split(sep).join('/');
    if ((await expandPatterns(fs, folder, patterns)).includes(path)) return folder;
  }
  return undefined;
}
