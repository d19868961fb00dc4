import { dirname, join, posix, relative, resolve } from 'node:path';
import type { FileSystem } from '../file-system.ts';
import { RefusedError } from '../file-system.ts';
import { matchesSegments } from '../formats/glob.ts';
import { readTsconfig } from './tsconfig-files.ts';

/** What of a tsconfig says which files are its own. Folders are relative to the app's root; '' is the root. */
export interface TypeScriptProject {
  /** Relative to the app's root. */
  readonly path: string;
  readonly isComposite: boolean;
  readonly rootDir: string | undefined;
  /** Whether it has a file of that path, by its `files`, `include` and `exclude`, whoever imports it. */
  lists(path: string): boolean;
  /** Folders that its `include` names, without what follows a wildcard. */
  readonly folders: readonly string[];
}

/** A compiler that would refuse the generated TypeScript where it is to be. */
export interface TypeScriptProblem {
  /** The tsconfig. */
  readonly path: string;
  readonly reason: string;
  /** Where the package would be compiled; undefined where no folder is known. */
  readonly moduleDir: string | undefined;
}

/**
 * The app's tsconfig, and those that it references: `tsc -b` compiles each by itself.
 *
 * @param root of the app, absolute
 */
export async function readTypeScriptProjects(
  fs: FileSystem,
  root: string,
): Promise<TypeScriptProject[]> {
  const found: TypeScriptProject[] = [];
  const seen = new Set<string>();
  const open = [join(root, 'tsconfig.json')];
  for (let file = open.shift(); file !== undefined; file = open.shift()) {
    if (seen.has(file) || seen.size >= MOST_PROJECTS) continue;
    seen.add(file);
    const { project, references } = await readProject(fs, root, file);
    if (project !== undefined) found.push(project);
    open.push(...references);
  }
  return found;
}

const MOST_PROJECTS = 20;

async function readProject(
  fs: FileSystem,
  root: string,
  file: string,
): Promise<{ project?: TypeScriptProject; references: string[] }> {
  const chain = await readTsconfig(fs, file).catch((error: unknown) => {
    if (error instanceof RefusedError) return [];
    throw error;
  });
  const own = chain.at(-1)?.document;
  if (own === undefined) return { references: [] };
  const fromRoot = (from: string, path: string): string =>
    relative(root, resolve(dirname(from), path)).replaceAll('\\', '/');
  let isComposite = false;
  let rootDir: string | undefined;
  const lists = new Map<string, string[]>();
  for (const { file: from, document } of chain) {
    const { composite, rootDir: dir } = (document.compilerOptions ?? {}) as Record<string, unknown>;
    if (typeof composite === 'boolean') isComposite = composite;
    if (typeof dir === 'string') rootDir = fromRoot(from, dir.replaceAll('${configDir}', '.'));
    for (const key of ['files', 'include', 'exclude']) {
      const value = document[key];
      if (!Array.isArray(value)) continue;
      const paths = value.filter((one): one is string => typeof one === 'string');
      lists.set(
        key,
        paths.map((path) => fromRoot(from, path.replaceAll('${configDir}', '.'))),
      );
    }
  }
  // A composite project has its own folder for root (https://www.typescriptlang.org/tsconfig/#rootDir).
  const folder = fromRoot(file, '.');
  if (isComposite) rootDir ??= folder;
  const files = lists.get('files');
  const include = lists.get('include') ?? (files === undefined ? [folder] : []);
  const exclude = lists.get('exclude') ?? [];
  const references = (Array.isArray(own.references) ? own.references : []).flatMap((one) => {
    const path = (one as { path?: unknown } | null)?.path;
    if (typeof path !== 'string') return [];
    const target = resolve(dirname(file), path);
    return [target.endsWith('.json') ? target : join(target, 'tsconfig.json')];
  });
  return {
    references,
    project: {
      path: relative(root, file).replaceAll('\\', '/'),
      isComposite,
      rootDir,
      lists: (path) =>
        files?.includes(path) === true ||
        (include.some((pattern) => matches(pattern, path)) &&
          !foldersAbove(path).some((one) => exclude.some((pattern) => matches(pattern, one)))),
      folders: include.map(folderOf),
    },
  };
}

/** A path, and the folders that it is in: one that is excluded takes all that is in it along. */
const foldersAbove = (path: string): string[] =>
  path.split('/').map((_part, index, parts) => parts.slice(0, index + 1).join('/'));

/** The folder that a pattern starts from: `src` of `src/**` and of `src/*.ts`. */
function folderOf(pattern: string): string {
  const parts = pattern.split('/');
  const end = parts.findIndex((part) => /[*?]/.test(part) || /\.\w+$/.test(part));
  return (end === -1 ? parts : parts.slice(0, end)).join('/');
}

/** As TypeScript does: a pattern without a wildcard and an extension in its last part is a folder. */
function matches(pattern: string, path: string): boolean {
  if (pattern.startsWith('..')) return false;
  const segments = pattern.split('/').filter((segment) => segment !== '' && segment !== '.');
  const last = segments.at(-1) ?? '';
  if (last === '**') segments.push('*');
  else if (!/[*?.]/.test(last)) segments.push('**', '*');
  return matchesSegments(segments, path.split('/'));
}

const isBelow = (folder: string, path: string): boolean =>
  folder === '' || path.startsWith(`${folder}/`);

/**
 * Whether a compiler of the app's that takes in the handler would refuse the package that it imports: out of `rootDir`
 * (TS6059), or not listed in a project that has to list all that it compiles (`composite`, TS6307).
 *
 * @param handler and `moduleDir` relative to the app's root
 */
export function findTypeScriptProblem(
  projects: readonly TypeScriptProject[],
  { handler, moduleDir }: { readonly handler: string; readonly moduleDir: string },
): TypeScriptProblem | undefined {
  const problemOf = (project: TypeScriptProject, folder: string): string | undefined => {
    const file = `${folder}/src/index.ts`;
    if (project.rootDir !== undefined && !isBelow(project.rootDir, file)) {
      return `its rootDir is ${project.rootDir}, and ${folder} is outside of it (TS6059)`;
    }
    return project.isComposite && !project.lists(file)
      ? `it is composite, and its include does not have ${folder} (TS6307)`
      : undefined;
  };
  for (const project of projects) {
    if (!project.lists(handler)) continue;
    const reason = problemOf(project, moduleDir);
    if (reason === undefined) continue;
    const beside = posix.dirname(handler);
    const folders = [...project.folders.filter((one) => isBelow(one, handler)), beside];
    const better = folders
      .filter((folder) => folder !== '' && folder !== '.')
      .map((folder) => posix.join(folder, moduleDir))
      .find((folder) => problemOf(project, folder) === undefined);
    return { path: project.path, reason, moduleDir: better };
  }
  return undefined;
}
