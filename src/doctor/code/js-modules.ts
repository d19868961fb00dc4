import { posix } from 'node:path';
import { importCandidates } from '../../formats/import-candidates.ts';
import type { DoctorRepo } from '../repo.ts';
import type { SourceFile } from '../source-files.ts';
import { bracketsOf } from './brackets.ts';

/** Which of the app's files the bundle loads when it starts, and which wait for something. */
export interface ModuleGraph {
  /** Files that run when the bundle is loaded. */
  readonly loaded: ReadonlySet<string>;
  /** Files that something loads later, by path: where that stands first. */
  readonly lazy: ReadonlyMap<string, { readonly file: string; readonly line: number }>;
  /** Whether an import that cannot be followed may mean a file. */
  mayMean(path: string): boolean;
  /** Whether it loads what may bring background work of its own: a package that is not well known, or a file that is not found. */
  readonly importsUnknown: boolean;
}

const KNOWN_PACKAGES =
  /^(?:node:|react$|react\/|react-native|@react-native|@react-navigation|expo$|expo-|expo\/|@expo|axios$|lodash|redux|@reduxjs|zustand$|@tanstack|date-fns|dayjs$|uuid$)/;
const PLATFORMS = ['', '.native', '.android', '.ios'];
const IMPORT =
  /(?:^|[\n;{}])[^\S\n]*(?:import|export)\b(?!\s+type\b)[^'"`;()]{0,2000}?\bfrom\s*(['"])([^'"\n]+)\1|(?:^|[\n;])[^\S\n]*import\s*(['"])([^'"\n]+)\3|\b(?:require|import)\s*\(\s*(['"])([^'"\n]+)\5\s*\)/g;
/** More than any app's own files that are reached from its entry. */
const MOST_FILES = 5000;

const known = new WeakMap<DoctorRepo, Promise<ModuleGraph | undefined>>();
const resolved = new WeakMap<DoctorRepo, Map<string, Promise<string | undefined>>>();

/** @returns undefined where the entry is not a file of the app: then nothing is known of what is loaded */
export function moduleGraph(repo: DoctorRepo): Promise<ModuleGraph | undefined> {
  const found = known.get(repo) ?? fromEntries(repo);
  known.set(repo, found);
  return found;
}

async function fromEntries(repo: DoctorRepo): Promise<ModuleGraph | undefined> {
  const entries = await repo.entries();
  return entries.length === 0
    ? undefined
    : modulesFrom(
        repo,
        entries.map(({ path }) => path),
      );
}

/** The file of the app that an import means; undefined where it is a package, or cannot be followed. */
export function resolveImport(
  repo: DoctorRepo,
  from: string,
  specifier: string,
): Promise<string | undefined> {
  const all = resolved.get(repo) ?? new Map<string, Promise<string | undefined>>();
  resolved.set(repo, all);
  const key = specifier.startsWith('.')
    ? posix.join(posix.dirname(from), specifier)
    : `:${specifier}`;
  const found = all.get(key) ?? find(repo, from, specifier);
  all.set(key, found);
  return found;
}

async function find(
  repo: DoctorRepo,
  from: string,
  specifier: string,
): Promise<string | undefined> {
  const targets = specifier.startsWith('.')
    ? [posix.join(posix.dirname(from), specifier)]
    : aliased(specifier);
  for (const target of targets) {
    if (target.startsWith('..')) continue;
    const candidates = importCandidates(target).flatMap((one) => {
      const { dir, name, ext } = posix.parse(one);
      return ext === ''
        ? [one]
        : PLATFORMS.map((platform) => posix.join(dir, name + platform + ext));
    });
    for (const one of candidates) {
      if (/\.[cm]?[jt]sx?$/.test(one) && (await repo.read(one)) !== undefined) return one;
    }
  }
  return undefined;
}

/** What aliases of Babel, TypeScript and package.json mean most often: `@/tasks`, `~/tasks`, `src/tasks`. */
function aliased(specifier: string): string[] {
  const below = /^(?:@|~|#|\$)(?:\w+)?\/(.+)$/.exec(specifier)?.[1];
  if (below !== undefined) return [`src/${below}`, `app/${below}`, below];
  return specifier.includes('/') && !specifier.startsWith('@')
    ? [specifier, `src/${specifier}`]
    : [];
}

/** What is loaded with these files of the app. */
export async function modulesFrom(
  repo: DoctorRepo,
  paths: readonly string[],
): Promise<ModuleGraph> {
  const sources = new Map((await repo.sources('javascript')).map((file) => [file.path, file]));
  const loaded = new Set<string>();
  const lazy = new Map<string, { file: string; line: number }>();
  const open = new Set<string>();
  const others = new Set<string>();
  const waiting = paths.map((path) => ({ path, isLazy: false }));
  const seen = new Set<string>();
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { path, isLazy } = next;
    if (loaded.has(path) || (isLazy && seen.has(path)) || seen.size > MOST_FILES) continue;
    seen.add(path);
    if (!isLazy) loaded.add(path);
    const file = sources.get(path);
    const text = file?.text ?? (await repo.read(path)) ?? '';
    if (!/\b(?:import|require|from)\b/.test(text)) continue;
    for (const one of importsOf(text, file)) {
      const target = await resolveImport(repo, path, one.specifier);
      if (target === undefined) {
        if (!isPackage(repo, one.specifier)) open.add(one.specifier);
        else if (!KNOWN_PACKAGES.test(one.specifier)) others.add(one.specifier);
        continue;
      }
      if (one.isLazy || isLazy) {
        if (!lazy.has(target)) lazy.set(target, { file: path, line: lineAt(text, one.offset) });
      }
      waiting[one.isLazy || isLazy ? 'push' : 'unshift']({
        path: target,
        isLazy: one.isLazy || isLazy,
      });
    }
    if (/\brequire\s*\.\s*context\b|\bimport\.meta\.glob\b/.test(text)) open.add('*');
  }
  for (const path of loaded) lazy.delete(path);
  return {
    loaded,
    lazy,
    importsUnknown: others.size > 0 || open.size > 0,
    mayMean: (path) => {
      const stem = posix.basename(path).replace(/(?:\.\w+)+$/, '');
      const folder = posix.basename(posix.dirname(path));
      return [...open].some((one) => {
        const last = posix.basename(one).replace(/\.\w+$/, '');
        return one === '*' || last === stem || (stem === 'index' && last === folder);
      });
    },
  };
}

interface Import {
  readonly specifier: string;
  readonly offset: number;
  /** It stands in a function: what it names is loaded when that runs. */
  readonly isLazy: boolean;
}

function importsOf(text: string, file: SourceFile | undefined): Import[] {
  const code = file?.noComments ?? text;
  return [...code.matchAll(IMPORT)].map((match) => {
    const specifier = match[2] ?? match[4] ?? match[6] ?? '';
    const offset = match.index + match[0].length - 1;
    const isCall = match[6] !== undefined;
    return {
      specifier,
      offset,
      isLazy: isCall && file !== undefined && isInFunction(file, match.index),
    };
  });
}

/** Whether code stands in a function that is not called where it is written. */
function isInFunction(file: SourceFile, offset: number): boolean {
  const { code } = file;
  const brackets = bracketsOf(file);
  const from = Math.max(code.lastIndexOf('\n', offset), code.lastIndexOf(';', offset)) + 1;
  // `const load = () => require('./sync')`
  const line = code.slice(from, offset);
  const arrow = line.lastIndexOf('=>');
  if (arrow !== -1 && !line.slice(arrow).includes(';')) return true;
  return brackets.around(offset).some(({ kind, open, close }) => {
    if (kind !== '{') return false;
    const before = code.slice(Math.max(0, open - 200), open).trimEnd();
    const isFunction =
      before.endsWith('=>') ||
      (/\)(?:\s*:\s*[\w<>[\]| .]+)?$/.test(before) &&
        !/\b(?:if|for|while|switch|catch)\s*\([^{}]*\)$/.test(before));
    // `(() => { … })()`
    return isFunction && !/^\s*\)\s*\(/.test(code.slice(close + 1, close + 20));
  });
}

function isPackage(repo: DoctorRepo, specifier: string): boolean {
  if (/^(?:node:|\.)/.test(specifier)) return false;
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  return repo.depends(name) || /^(?:react|react-native|expo)$/.test(name);
}

const lineAt = (text: string, offset: number): number => {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
  }
  return line;
};
