/** What shows that a command did what it must not: seen from outside of it. */
import { execFile } from 'node:child_process';
import type { ExecFileOptions } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';

/** What a program prints, whatever it ends with. */
export const outputOf = (
  file: string,
  args: readonly string[],
  options: ExecFileOptions,
): Promise<string> =>
  new Promise((resolve) => {
    execFile(file, args, { ...options, encoding: 'utf8', maxBuffer: 1 << 26 }, (_error, stdout) =>
      resolve(stdout),
    );
  });

/** From how many bytes on a file is known by its size and time alone: whoever writes it changes that. */
const LARGE = 16 << 20;

/** Kind, mode and content of what is below a folder and of itself, by path: whatever a command could have changed. */
export function entriesOf(
  folder: string,
  isLeftOut: (path: string) => boolean = () => false,
): Map<string, string> {
  const entries = new Map<string, string>();
  const contentOf = (path: string, stat: Stats): string => {
    if (stat.isDirectory()) return 'folder';
    if (stat.isSymbolicLink()) return readlinkSync(path);
    if (!stat.isFile()) return 'other';
    return stat.size < LARGE ? readFileSync(path, 'latin1') : `${stat.size} ${stat.mtimeMs}`;
  };
  const walk = (path: string): void => {
    const name = relative(folder, path);
    if (isLeftOut(name)) return;
    const stat = lstatSync(path);
    const mode = stat.mode.toString(8);
    try {
      entries.set(name, `${mode} ${contentOf(path, stat)}`);
      if (stat.isDirectory()) for (const child of readdirSync(path).sort()) walk(join(path, child));
    } catch {
      entries.set(name, `${mode} not to be read`);
    }
  };
  walk(folder);
  return entries;
}

/** {@link entriesOf} as one text. */
export const snapshot = (folder: string): string =>
  [...entriesOf(folder)].map((entry) => entry.join(' ')).join('\n');

/** A repo without its history: what `remove` must bring back. */
export const repoEntries = (root: string): Map<string, string> =>
  entriesOf(root, (path) => path === '.git');

/** What of a repo is not as it was. */
export function changesOf(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
    const [old, now] = [before.get(path), after.get(path)];
    if (old === now) return [];
    if (old === undefined) return [`${path} is there`];
    return now === undefined ? [`${path} is gone`] : [`${path}:\n${difference(old, now)}`];
  });
}

/**
 * What an edit did to a pubspec besides adding the plugin, by a reader that is not bgsync's: an edit at a wrong place can be
 * undone without a trace.
 *
 * @param module the folder of the plugin
 */
export function pubspecFault(before: string, after: string, module: string): string | undefined {
  if (before === after) return undefined;
  try {
    const wanted = (parse(before) ?? {}) as { dependencies?: object | null };
    wanted.dependencies = { ...wanted.dependencies, background_sync: { path: module } };
    return isDeepStrictEqual(parse(after), wanted) ? undefined : after;
  } catch (error) {
    return String(error);
  }
}

/** What git runs or obeys; the rest of `.git` is git's own to change, and bgsync's journal may be there. */
export function gitSnapshot(root: string): string {
  const git = join(root, '.git');
  if (lstatSync(git, { throwIfNoEntry: false })?.isDirectory() !== true) return '';
  return ['config', 'hooks', 'info', 'HEAD']
    .map((name) => join(git, name))
    .map((path) => {
      try {
        return snapshot(path);
      } catch {
        // Not there, or not to be read: an attack.
        return '';
      }
    })
    .join('\n');
}

/** What one snapshot has and the other has not. */
export function difference(before: string, after: string): string {
  const old = new Set(before.split('\n'));
  const now = new Set(after.split('\n'));
  return [
    ...[...old].filter((line) => !now.has(line)).map((line) => `- ${line.slice(0, 200)}`),
    ...[...now].filter((line) => !old.has(line)).map((line) => `+ ${line.slice(0, 200)}`),
  ].join('\n');
}

/** @returns the files of a tree that have a text; links are not followed */
export async function filesWith(root: string, text: string): Promise<string[]> {
  const found = await outputOf(
    'grep',
    ['-rlaF', '--devices=skip', '--exclude-dir=.git', text, '.'],
    { cwd: root, timeout: 20_000 },
  );
  return found.split('\n').filter((line) => line !== '');
}

/**
 * What a process asked the system for: what is read, not what is seen of it.
 *
 * @param log a file to write to
 * @returns the calls that read or change something of `outside`, and those that run a program of `root`
 */
export async function strays(
  command: readonly string[],
  {
    root,
    outside,
    env,
    log,
  }: { root: string; outside: string; env: NodeJS.ProcessEnv; log: string },
): Promise<string[]> {
  const calls = 'trace=read,pread64,readv,write,unlink,unlinkat,rename,renameat2,mkdir,execve';
  await outputOf('strace', ['-f', '-qq', '-y', '-e', calls, '-s', '16', '-o', log, ...command], {
    cwd: root,
    env,
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  if (!existsSync(log)) return ['strace wrote nothing'];
  const content = new RegExp(`(?:read|pread64|readv|write)\\(\\d+<${outside}/`);
  return readFileSync(log, 'latin1')
    .split('\n')
    .filter(
      (line) =>
        content.test(line) ||
        (/(?:unlink|rename|mkdir)/.test(line) && line.includes(`${outside}/`)) ||
        (line.includes('execve(') && line.includes(`"${root}/`)),
    );
}
