import { dirname, join, relative } from 'node:path';
import type { FileSystem } from '../file-system.ts';
import { findIgnoreRule, reinclude } from '../formats/gitignore.ts';
import type { IgnoreFile } from '../formats/gitignore.ts';
import { readText } from './read-text.ts';

/** An ignore file on the way from the repository's root to the app's, further up first. */
interface FoundIgnoreFile extends IgnoreFile {
  /** Relative to the app's root. */
  readonly path: string;
}

interface IgnoreFiles {
  readonly files: readonly FoundIgnoreFile[];
  /** From the repository's root to the app's: '' or with a `/` at its end. */
  readonly prefix: string;
}

/** @returns those of the app, and of the folders above it up to the one that has `.git` */
export async function readIgnoreFiles(fs: FileSystem, root: string): Promise<IgnoreFiles> {
  const folders: string[] = [];
  let top: string | undefined;
  for (let folder = root; ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (await fs.exists(join(folder, '.git'))) {
      top = folder;
      break;
    }
    if (dirname(folder) === folder) break;
  }
  const base = top ?? root;
  const files: FoundIgnoreFile[] = [];
  for (const folder of top === undefined ? [root] : folders) {
    const absolute = join(folder, '.gitignore');
    const text = await readText(fs, absolute).catch(() => undefined);
    if (text === undefined) continue;
    const path = (to: string): string => relative(to, absolute).replaceAll('\\', '/');
    files.push({ folder: dirname(path(base)).replace(/^\.$/, ''), text, path: path(root) });
  }
  const prefix = relative(base, root).replaceAll('\\', '/');
  return { files, prefix: prefix === '' ? '' : `${prefix}/` };
}

export const isIgnored = ({ files, prefix }: IgnoreFiles, folder: string): boolean =>
  findIgnoreRule(files, prefix + folder) !== undefined;

export interface IgnoredFolder {
  readonly folder: string;
  /** The ignore file, relative to the app's root. */
  readonly path: string;
  readonly line: number;
  readonly pattern: string;
  /** What to add at the end of that file. */
  readonly lines: readonly string[];
}

/**
 * Folders of the app that would not reach a build machine: git ignores them, or EAS does
 * (https://docs.expo.dev/build-reference/easignore/). One inside another that is ignored does not count by itself.
 *
 * @param folders each before those inside it
 */
export async function findIgnored(
  fs: FileSystem,
  root: string,
  folders: readonly string[],
): Promise<IgnoredFolder[]> {
  const git = await readIgnoreFiles(fs, root);
  const eas = await readText(fs, join(root, '.easignore')).catch(() => undefined);
  const sources = [
    git,
    ...(eas === undefined
      ? []
      : [{ prefix: '', files: [{ folder: '', text: eas, path: '.easignore' }] }]),
  ];
  return sources.flatMap(({ files, prefix }) => {
    const found: IgnoredFolder[] = [];
    for (const folder of folders) {
      if (found.some((outer) => folder.startsWith(`${outer.folder}/`))) continue;
      const rule = findIgnoreRule(files, prefix + folder);
      const path = files.find((file) => file.folder === rule?.folder)?.path;
      if (rule === undefined || path === undefined) continue;
      const { line, pattern } = rule;
      found.push({ folder, path, line, pattern, lines: reinclude(rule, prefix + folder) });
    }
    return found;
  });
}
