import type { Environment, Exec, ExecResult } from '../exec.ts';

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

/** One line of `git status`: two letters, and a path from the repository's top. */
export interface StatusEntry {
  readonly code: string;
  /** Ends with `/` where it stands for all that is in a folder. */
  readonly path: string;
}

const TIMEOUT_MS = 30_000;

/**
 * Asks git which of these files have changes that are not committed. Reads only: git does not refresh its index on disk.
 * A file that is tracked and unchanged, or is not there at all, is in none of the lists.
 *
 * @param root absolute; a folder in the work tree, not necessarily its top
 * @param paths relative to `root`, with `/`; files, not folders
 * @throws CancelError where the signal was aborted
 */
export async function gitState(
  root: string,
  paths: readonly string[],
  {
    exec,
    env,
    signal,
  }: { readonly exec: Exec; readonly env: Environment; readonly signal?: AbortSignal },
): Promise<GitState> {
  const git = (...args: string[]): Promise<ExecResult> =>
    exec.run('git', ['-C', root, ...SAFE_CONFIG, ...args], {
      env: gitEnvironment(env),
      timeoutMs: TIMEOUT_MS,
      ...(signal === undefined ? {} : { signal }),
    });

  const place = await git('rev-parse', '--is-inside-work-tree', '--show-prefix');
  if (place.code !== 0) return { kind: 'none', reason: explain(place) };
  const prefix = parsePrefix(place.stdout);
  if (prefix === undefined) {
    return { kind: 'none', reason: 'this folder is in a repository without a work tree' };
  }
  // Without a path, git would look at the whole repository.
  if (paths.length === 0) return { kind: 'repo', changed: [], untracked: [], ignored: [] };
  const status = await git(
    '--literal-pathspecs',
    'status',
    '--porcelain=v1',
    '-z',
    // With `all`, `traditional` names each ignored file instead of its folder.
    '--untracked-files=all',
    '--ignored=traditional',
    '--',
    ...paths,
  );
  if (status.code !== 0) return { kind: 'none', reason: explain(status) };
  return { kind: 'repo', ...sortPaths(parseStatus(status.stdout), prefix, paths) };
}

/** A repository’s own settings can name a program to run as its file system monitor. */
const SAFE_CONFIG = ['-c', 'core.fsmonitor=false', '-c', 'status.renames=false'];

/** Of `git -C` alone: a hook that runs bgsync has these set for its own repository. */
const OF_A_HOOK = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_NAMESPACE'];

function gitEnvironment(env: Environment): Environment {
  const own = Object.entries(env).filter(([name]) => !OF_A_HOOK.includes(name));
  return { ...Object.fromEntries(own), GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
}

function explain({ startError, isTimedOut, stderr, code }: ExecResult): string {
  if (startError === 'ENOENT') return 'git is not installed';
  if (startError !== undefined) return `git cannot be started (${startError})`;
  if (isTimedOut) return `git gave no answer within ${TIMEOUT_MS / 1000} s`;
  if (stderr.includes('not a git repository')) return 'this is not a git repository';
  const [line = ''] = stderr.trim().split('\n');
  return line === '' ? `git ended with ${code ?? 'a signal'}` : `git says: ${line}`;
}

/** @returns the folder below the work tree's top, '' or with a `/` at its end; undefined outside a work tree */
export function parsePrefix(output: string): string | undefined {
  const [, isInside, prefix] = /^(true|false)\n(?:([\s\S]*)\n)?$/.exec(output) ?? [];
  return isInside === 'true' ? (prefix ?? '') : undefined;
}

/**
 * Reads `git status --porcelain=v1 -z`: paths are whole and unquoted, whatever characters they have
 * (https://git-scm.com/docs/git-status#_porcelain_format_version_1).
 */
export function parseStatus(output: string): StatusEntry[] {
  const fields = output.split('\0');
  const entries: StatusEntry[] = [];
  for (let index = 0; index < fields.length; index += 1) {
    const [, code, path] = /^(..) ([\s\S]+)$/.exec(fields[index] ?? '') ?? [];
    if (code === undefined || path === undefined) continue;
    entries.push({ code, path });
    // A renamed or copied file is followed by the path that it had.
    const from = /[RC]/.test(code) ? fields[index + 1] : undefined;
    if (from === undefined) continue;
    entries.push({ code, path: from });
    index += 1;
  }
  return entries;
}

/** Sorts the asked paths into what git said of them. */
export function sortPaths(
  entries: readonly StatusEntry[],
  prefix: string,
  paths: readonly string[],
): { changed: string[]; untracked: string[]; ignored: string[] } {
  const matching = (isWanted: (code: string) => boolean): string[] => {
    const wanted = entries.filter(({ code }) => isWanted(code)).map(({ path }) => path);
    const files = new Set(wanted);
    const folders = wanted.filter((path) => path.endsWith('/'));
    return paths.filter((path) => {
      const whole = prefix + path;
      return files.has(whole) || folders.some((folder) => whole.startsWith(folder));
    });
  };
  return {
    changed: matching((code) => code !== '??' && code !== '!!'),
    untracked: matching((code) => code === '??'),
    ignored: matching((code) => code === '!!'),
  };
}
