import { createHash } from 'node:crypto';
import { dirname, posix, relative } from 'node:path';
import type { Context } from '../context.ts';
import type { Environment, ExecResult } from '../exec.ts';
import { RefusedError } from '../file-system.ts';
import type { FileSystem } from '../file-system.ts';
import { at, tryAt } from '../place.ts';
import { pathsOfIndex } from '../formats/git-index.ts';
import { findCheckout, findGitFolder, readGitIndex } from './git-folder.ts';
import type { GitFolder } from './git-folder.ts';

/** What git knows of some files of the app. Paths are as they were asked for. */
export type GitState =
  /** Nobody can say: `reason` completes "git was not asked, because …". */
  | { readonly kind: 'none'; readonly reason: string }
  | {
      readonly kind: 'repo';
      /** Tracked, and not as the last commit has it: edited, staged, deleted, in conflict. */
      readonly changed: readonly string[];
      readonly untracked: readonly string[];
      readonly ignored: readonly string[];
    };

const TIMEOUT_MS = 30_000;

type Git = (...args: string[]) => Promise<ExecResult>;

/**
 * Asks git which of these files have changes that are not committed. Reads only. A file that is tracked and unchanged, or
 * is not there at all, is in none of the lists.
 *
 * A repository's own settings can name programs: a file system monitor, filters, a remote that is fetched from when an
 * object is missing. `git status` runs them (seen with 2.39). So git is asked only for what it has written down, the
 * index, the last commit's tree, the rules of what is ignored, and the files are compared here. A file that a filter
 * changes on its way into the index (Git LFS) counts as changed.
 *
 * @param root absolute; a folder in the work tree, not necessarily its top
 * @param paths relative to `root`, with `/`; files, and folders with `/` at their end, which are ignored or not
 * @throws CancelError where the signal was aborted
 */
export async function gitState(
  root: string,
  paths: readonly string[],
  {
    fs,
    exec,
    env,
    signal,
  }: Pick<Context, 'fs' | 'exec' | 'env'> & { readonly signal?: AbortSignal },
): Promise<GitState> {
  const git: Git = (...args) => runGit(root, args, { exec, env, ...(signal && { signal }) });

  const place = await git('rev-parse', '--is-inside-work-tree', '--show-prefix');
  if (place.code !== 0) return { kind: 'none', reason: explain(place) };
  if (!place.stdout.startsWith('true\n')) {
    return { kind: 'none', reason: 'this folder is in a repository without a work tree' };
  }
  // Without a path, git would look at the whole repository.
  if (paths.length === 0) return { kind: 'repo', changed: [], untracked: [], ignored: [] };

  const literal = '--literal-pathspecs';
  const index = await git(literal, 'ls-files', '--stage', '-z', '--', ...paths);
  if (index.code !== 0) return { kind: 'none', reason: explain(index) };
  // Before the first commit there is no tree.
  const isBorn = (await git('rev-parse', '--verify', '--quiet', 'HEAD')).code === 0;
  const tree = isBorn ? await git(literal, 'ls-tree', '-z', 'HEAD', '--', ...paths) : index;
  if (tree.code !== 0) return { kind: 'none', reason: explain(tree) };

  const staged = parseIndex(index.stdout);
  const committed = isBorn ? parseTree(tree.stdout) : new Map<string, Entry>();
  const changed: string[] = [];
  const others: string[] = [];
  for (const path of paths) {
    const entries = staged.get(path) ?? [];
    const last = committed.get(path);
    if (entries.length === 0 && last === undefined) {
      if (await isThere(fs, root, path)) others.push(path);
      continue;
    }
    const settled = entries.find(({ stage }) => stage === 0);
    const isCommitted = settled?.object === last?.object && settled?.mode === last?.mode;
    if (
      settled === undefined ||
      !isCommitted ||
      !(await isAsStaged(fs, git, root, path, settled))
    ) {
      changed.push(path);
    }
  }
  if (others.length === 0) return { kind: 'repo', changed, untracked: [], ignored: [] };
  const rules = await git(literal, 'ls-files', ...IGNORED_ONES, '-z', '--', ...others);
  if (rules.code !== 0) {
    // git dies of it where the app itself lies in an ignored folder (2.39: "directory entry not superset of prefix").
    const isAllIgnored = (await git('check-ignore', '--quiet', '--', '.')).code === 0;
    if (isAllIgnored) return { kind: 'repo', changed, untracked: [], ignored: others };
    return { kind: 'none', reason: explain(rules) };
  }
  const names = rules.stdout.split('\0').filter((name) => name !== '');
  const files = new Set(names);
  // A folder that is ignored as a whole stands for what is in it.
  const folders = names.filter((name) => name.endsWith('/'));
  const isIgnored = (path: string): boolean =>
    files.has(path) || folders.some((folder) => path.startsWith(folder));
  return {
    kind: 'repo',
    changed,
    untracked: others.filter((path) => !isIgnored(path)),
    ignored: others.filter(isIgnored),
  };
}

/**
 * Whether git is sure that no commit has ever had a file of this name in the app, though it would take one. Not sure of it:
 * a shallow or partial clone, an ignored file, a repository before its first commit, no repository.
 *
 * @param root absolute; the app's folder
 * @param path of the file as it is now, relative to `root`; commits are asked for its name in every folder of the app
 */
export async function wasNeverCommitted(
  root: string,
  path: string,
  outside: Pick<Context, 'exec' | 'env'>,
): Promise<boolean> {
  const git: Git = (...args) => runGit(root, args, outside);
  const shallow = await git('rev-parse', '--is-shallow-repository');
  if (shallow.code !== 0 || shallow.stdout.trim() !== 'false') return false;
  if ((await git('rev-parse', '--verify', '--quiet', 'HEAD')).code !== 0) return false;
  // 1: none is ignored (https://git-scm.com/docs/git-check-ignore#_exit_status).
  if ((await git('check-ignore', '--quiet', '--', path)).code !== 1) return false;
  const anywhere = `:(glob)**/${posix.basename(path)}`;
  const { code, stdout } = await git('rev-list', '--all', '--max-count=1', '--', anywhere);
  return code === 0 && stdout.trim() === '';
}

/** Why git ignores a file. */
export interface IgnoredBy {
  /** As it was asked for. */
  readonly path: string;
  /** The file that has the rule: from the top of the repository where it is the repo's, else absolute, or in `.git`. */
  readonly source: string;
  /** 1-based. */
  readonly line: number;
  readonly pattern: string;
}

/** Asks git which of these files, there or not, it ignores and why: from all rules that it knows, the user's own included. */
export type AskIgnored = (
  root: string,
  paths: readonly string[],
) => Promise<readonly IgnoredBy[] | undefined>;

/**
 * {@link AskIgnored} of git itself. A file that is tracked is not ignored, whatever the rules say.
 *
 * @returns a function that gives undefined where git cannot say
 */
export const askGitIgnored =
  ({ fs, ...outside }: Pick<Context, 'exec' | 'env' | 'fs'>): AskIgnored =>
  async (root, paths) => {
    if (paths.length === 0) return [];
    // A process costs as much as reading a small app does. Git looks upwards from where a folder really is.
    const real = await fs.realpath(at(root, ''));
    const git = await findGitFolder(fs, real);
    // What is not believed there, git may know.
    if (git === undefined && (await findCheckout(fs, real)) === undefined) return undefined;
    const untracked = git === undefined ? paths : await withoutTracked(fs, git, real, paths);
    if (untracked.length === 0) return [];
    const args = ['check-ignore', '--stdin', '-z', '--verbose', '--non-matching'];
    const input = untracked.map((path) => `${path}\0`).join('');
    const { code, stdout } = await runGit(root, args, { ...outside, input });
    // 1: none is ignored (https://git-scm.com/docs/git-check-ignore#_exit_status).
    if (code !== 0 && code !== 1) return undefined;
    const fields = stdout.split('\0');
    const found: IgnoredBy[] = [];
    for (let at = 0; at + 3 < fields.length; at += 4) {
      const [source = '', line, pattern = '', path = ''] = fields.slice(at, at + 4);
      // The last rule that matches may take the file back.
      if (source === '' || pattern.startsWith('!')) continue;
      found.push({ path, source, line: Number(line), pattern });
    }
    return found;
  };

/** Those that git's index does not have, or nobody can say of, without running git. */
async function withoutTracked(
  fs: FileSystem,
  git: GitFolder,
  root: string,
  paths: readonly string[],
): Promise<readonly string[]> {
  const index = await readGitIndex(fs, git);
  if (index === undefined) return paths;
  const prefix = relative(git.top, root).replaceAll('\\', '/');
  const fromTop = (path: string): string => posix.join(prefix, path);
  const tracked = pathsOfIndex(index, paths.map(fromTop));
  return tracked === undefined ? paths : paths.filter((path) => !tracked.has(fromTop(path)));
}

/** The only way to git: with settings under which it runs nothing that the repository names. */
function runGit(
  root: string,
  args: readonly string[],
  {
    exec,
    env,
    ...rest
  }: Pick<Context, 'exec' | 'env'> & { readonly signal?: AbortSignal; readonly input?: string },
): Promise<ExecResult> {
  return exec.run('git', ['-C', root, ...SAFE_CONFIG, ...args], {
    env: gitEnvironment(env),
    timeoutMs: TIMEOUT_MS,
    // Windows looks for programs in the current folder first, which is the repo: no `git.exe` of its.
    ...(process.platform === 'win32' ? { cwd: dirname(process.execPath) } : {}),
    ...rest,
  });
}

const IGNORED_ONES = ['--others', '--ignored', '--exclude-standard', '--directory'];

const SAFE_CONFIG = [
  ...['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'protocol.allow=never'],
  'submodule.recurse=false',
].flatMap((setting) => ['-c', setting]);

/** `git rev-parse --local-env-vars`, of `git -C` alone: a hook that runs bgsync has these set for its own repository. */
const OF_A_HOOK = [
  ...[
    'GIT_DIR',
    'GIT_WORK_TREE',
    'GIT_INDEX_FILE',
    'GIT_PREFIX',
    'GIT_NAMESPACE',
    'GIT_COMMON_DIR',
  ],
  ...['GIT_OBJECT_DIRECTORY', 'GIT_ALTERNATE_OBJECT_DIRECTORIES', 'GIT_GRAFT_FILE'],
  ...['GIT_SHALLOW_FILE', 'GIT_IMPLICIT_WORK_TREE', 'GIT_INTERNAL_SUPER_PREFIX'],
  ...['GIT_REPLACE_REF_BASE', 'GIT_NO_REPLACE_OBJECTS'],
];

function gitEnvironment(env: Environment): Environment {
  const own = Object.entries(env).filter(([name]) => !OF_A_HOOK.includes(name));
  return {
    ...Object.fromEntries(own),
    GIT_OPTIONAL_LOCKS: '0',
    // No missing object is fetched: the variable from git 2.45 on; before it, no protocol is left to fetch with, whatever
    // `protocol.<name>.allow` of the repository says.
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
}

function explain({ startError, isTimedOut, stderr, code }: ExecResult): string {
  if (startError === 'ENOENT') return 'git is not installed';
  if (startError !== undefined) return `git cannot be started (${startError})`;
  if (isTimedOut) return `git gave no answer within ${TIMEOUT_MS / 1000} s`;
  if (stderr.includes('not a git repository')) return 'this is not a git repository';
  const [line = ''] = stderr.trim().split('\n');
  return line === '' ? `git ended with ${code ?? 'a signal'}` : `git says: ${line}`;
}

interface Entry {
  /** As git writes it: `100644`, `120000` for a link. */
  readonly mode: string;
  /** Of the content. */
  readonly object: string;
  /** Other than 0 where a merge is not settled. */
  readonly stage: number;
}

/** Reads `git ls-files --stage -z`: paths are whole and unquoted, whatever characters they have. */
export function parseIndex(output: string): Map<string, Entry[]> {
  const found = new Map<string, Entry[]>();
  for (const line of output.split('\0')) {
    const [, mode, object, stage, path] =
      /^(\d+) ([0-9a-f]{40,64}) (\d)\t([\s\S]+)$/.exec(line) ?? [];
    if (mode === undefined || object === undefined || path === undefined) continue;
    found.set(path, [...(found.get(path) ?? []), { mode, object, stage: Number(stage) }]);
  }
  return found;
}

/** Reads `git ls-tree -z`. */
export function parseTree(output: string): Map<string, Entry> {
  const found = new Map<string, Entry>();
  for (const line of output.split('\0')) {
    const [, mode, object, path] = /^(\d+) \w+ ([0-9a-f]{40,64})\t([\s\S]+)$/.exec(line) ?? [];
    if (mode === undefined || object === undefined || path === undefined) continue;
    found.set(path, { mode, object, stage: 0 });
  }
  return found;
}

async function isThere(fs: FileSystem, root: string, path: string): Promise<boolean> {
  const place = tryAt(root, path);
  return place !== undefined && ((await fs.exists(place)) || (await fs.isSymlink(place)));
}

const LINK = '120000';

async function isAsStaged(
  fs: FileSystem,
  git: Git,
  root: string,
  path: string,
  { mode, object }: Entry,
): Promise<boolean> {
  const place = tryAt(root, path);
  if (place === undefined) return false;
  if ((await fs.isSymlink(place)) !== (mode === LINK)) return false;
  // What it leads to is asked for by its own name.
  if (mode === LINK) return true;
  const bytes = await fs.read(place).catch((error: unknown) => {
    if (error instanceof RefusedError) return undefined;
    throw error;
  });
  if (bytes === undefined) return false;
  if (blobOf(bytes, object) === object) return true;
  const text = bytes.toString('latin1');
  if (!text.includes('\r\n')) return false;
  const stored = Buffer.from(text.replaceAll('\r\n', '\n'), 'latin1');
  return blobOf(stored, object) === object && (await convertsEndings(git, path));
}

/** The name of a content: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects. SHA-256 where `like` is one. */
const blobOf = (bytes: Buffer, like: string): string =>
  createHash(like.length === 64 ? 'sha256' : 'sha1')
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest('hex');

/** Whether git stores a file with LF that is checked out with CR LF: https://git-scm.com/docs/gitattributes#_text */
async function convertsEndings(git: Git, path: string): Promise<boolean> {
  const { stdout } = await git('check-attr', '-z', 'text', 'eol', '--', path);
  const fields = stdout.split('\0');
  const valueOf = (name: string): string | undefined => fields[fields.indexOf(name, 1) + 1];
  const text = valueOf('text');
  if (text === 'unset') return false;
  if (text === 'set' || text === 'auto' || valueOf('eol') !== 'unspecified') return true;
  const setting = await git('config', '--get', 'core.autocrlf');
  return /^(?:true|input|yes|on|1)$/i.test(setting.stdout.trim());
}
