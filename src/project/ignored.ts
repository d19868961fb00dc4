import { dirname, relative } from 'node:path';
import type { FileSystem } from '../file-system.ts';
import { at, gitMarker } from '../place.ts';
import { findIgnoreRule, takingBack } from '../formats/gitignore.ts';
import type { IgnoreFile, IgnoreRule } from '../formats/gitignore.ts';
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
    if (await fs.exists(gitMarker(folder))) {
      top = folder;
      break;
    }
    if (dirname(folder) === folder) break;
  }
  const base = top ?? root;
  const files: FoundIgnoreFile[] = [];
  for (const folder of top === undefined ? [root] : folders) {
    const place = at(folder, '.gitignore');
    const text = await readText(fs, place).catch(() => undefined);
    if (text === undefined) continue;
    const path = (to: string): string => relative(to, place.absolute).replaceAll('\\', '/');
    files.push({ folder: dirname(path(base)).replace(/^\.$/, ''), text, path: path(root) });
  }
  const prefix = relative(base, root).replaceAll('\\', '/');
  return { files, prefix: prefix === '' ? '' : `${prefix}/` };
}

export const isIgnored = ({ files, prefix }: IgnoreFiles, folder: string): boolean =>
  findIgnoreRule(files, prefix + folder) !== undefined;

export interface IgnoredFolders {
  /** The ignore file, relative to the app's root. */
  readonly path: string;
  /** What matches the folders, or the nearest above them. */
  readonly rules: readonly IgnoreRule[];
  /** Lines that take the folders back, at the end of the file. */
  readonly exceptions: readonly string[];
}

/**
 * Folders of the app that would not reach a build machine: git ignores them, or EAS does
 * (https://docs.expo.dev/build-reference/easignore/).
 *
 * @returns one for each ignore file that has to change
 */
export async function findIgnored(
  fs: FileSystem,
  root: string,
  folders: readonly string[],
): Promise<IgnoredFolders[]> {
  const git = await readIgnoreFiles(fs, root);
  const eas = await readText(fs, at(root, '.easignore')).catch(() => undefined);
  return [
    ...ignoredBy(git, folders),
    ...(eas === undefined
      ? []
      : ignoredBy({ files: [{ folder: '', path: '.easignore', text: eas }], prefix: '' }, folders)),
  ];
}

const ignoredBy = ({ files, prefix }: IgnoreFiles, folders: readonly string[]): IgnoredFolders[] =>
  files.flatMap((file) => {
    const paths = folders.map((folder) => prefix + folder);
    const rules = paths.flatMap((path) => {
      const rule = findIgnoreRule(files, path);
      // Where all of the app is ignored, nobody builds it from the repository.
      return rule?.folder === file.folder && rule.match.startsWith(prefix) ? [rule] : [];
    });
    return rules.length === 0
      ? []
      : [{ path: file.path, rules, exceptions: takingBack(files, file, paths) }];
  });
