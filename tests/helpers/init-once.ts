import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { changedPaths, readTree } from './tree.ts';

/** What a command made of a tree: the bytes of each file that it wrote, undefined for one that it removed. */
type Change = readonly (readonly [path: string, bytes: Buffer | undefined])[];

const known = new Map<string, Change>();

/** Of all that a command reads: the files, and what git says of them. */
function keyOf(folder: string, args: readonly string[], tree: Map<string, Buffer>): string {
  const hash = createHash('sha1').update(JSON.stringify(args));
  for (const [path, bytes] of tree) hash.update(`\0${path}\0${bytes.length}\0`).update(bytes);
  if (existsSync(join(folder, '.git'))) {
    hash.update(execFileSync('git', ['status', '--porcelain', '--ignored'], { cwd: folder }));
  }
  return hash.digest('hex');
}

/** A copy would have to keep what these mean. */
const hasLinks = (folder: string): boolean =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).some(
    (entry) => !entry.isFile() && !entry.isDirectory(),
  );

const workTree = (folder: string): Map<string, Buffer> =>
  new Map([...readTree(folder)].filter(([path]) => !path.startsWith('.git/')));

/**
 * Brings an app to where a command brings it. The command runs once for each tree, with its flushed files; for the same
 * tree and words what it made is written again. For what comes before a test's own subject.
 *
 * @param run runs the command in the folder, and throws where it does not succeed
 */
export function once(folder: string, args: readonly string[], run: () => void): void {
  if (hasLinks(folder)) return run();
  const before = workTree(folder);
  const key = keyOf(folder, args, before);
  const change = known.get(key);
  if (change === undefined) {
    run();
    const after = workTree(folder);
    known.set(
      key,
      changedPaths(before, after).map((path) => [path, after.get(path)]),
    );
    return;
  }
  for (const [path, bytes] of change) {
    const file = join(folder, path);
    if (bytes === undefined) rmSync(file);
    else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
  }
}
