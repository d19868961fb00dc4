/** What shows that a command did what it must not: seen from outside of it. */
import { execFile } from 'node:child_process';
import type { ExecFileOptions } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';

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

/** Names, kinds, modes and contents: whatever a command could have changed. */
export function snapshot(folder: string): string {
  const lines: string[] = [];
  const walk = (path: string): void => {
    const stat = lstatSync(path);
    const kind = stat.isDirectory()
      ? 'folder'
      : stat.isFile()
        ? readFileSync(path, 'latin1')
        : stat.isSymbolicLink()
          ? readlinkSync(path)
          : 'other';
    lines.push(`${relative(folder, path)} ${stat.mode.toString(8)} ${kind}`);
    if (stat.isDirectory()) for (const name of readdirSync(path).sort()) walk(join(path, name));
  };
  walk(folder);
  return lines.join('\n');
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
