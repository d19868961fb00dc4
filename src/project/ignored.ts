import { dirname, posix, relative } from 'node:path';
import type { FileSystem } from '../file-system.ts';
import { at, gitMarker } from '../place.ts';
import { findIgnoreRule, takingBack } from '../formats/gitignore.ts';
import type { IgnoreFile } from '../formats/gitignore.ts';
import type { AskIgnored } from './git.ts';
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

/**
 * @param below folders of the app whose ignore files count, too; relative to its root
 * @returns those of the app, and of the folders above it up to the one that has `.git`
 */
export async function readIgnoreFiles(
  fs: FileSystem,
  root: string,
  below: readonly string[] = [],
): Promise<IgnoreFiles> {
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
  const places = [
    ...(top === undefined ? [root] : folders).map((folder) => at(folder, '.gitignore')),
    ...below.map((folder) => at(root, posix.join(folder, '.gitignore'))),
  ];
  for (const place of places) {
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

/** Why files of the app would not reach a build machine. */
export interface IgnoredFiles {
  /** The ignore file that has to change, relative to the app's root; it may be one that is not there. */
  readonly path: string;
  readonly rules: readonly {
    /** The file that has the rule: `path`, but for one that is not the repo's. */
    readonly path: string;
    readonly line: number;
    readonly pattern: string;
    /** What it matches: files, or folders that files are in; relative to the app's root. */
    readonly matches: readonly string[];
  }[];
  /** Lines that take the files back, at the end of the file. */
  readonly exceptions: readonly string[];
}

/**
 * Files of the app that would not reach a build machine: git ignores them, by whatever rule, or EAS does
 * (https://docs.expo.dev/build-reference/easignore/). Both are asked of each file.
 *
 * @param files relative to the app's root; they need not be there
 * @param folder of the generated package, which may be taken back as a whole
 * @param ask git, which knows its own rules best; without an answer they are read
 * @returns one for each ignore file that has to change
 */
export async function findIgnored(
  fs: FileSystem,
  root: string,
  { files, folder, ask }: IgnoreQuestion,
): Promise<IgnoredFiles[]> {
  const eas = await readText(fs, at(root, '.easignore')).catch(() => undefined);
  const sources = {
    files: eas === undefined ? [] : [{ folder: '', path: '.easignore', text: eas }],
  };
  return [
    ...(await ignoredByGit(fs, root, { files, folder, ask })),
    ...ignoredBy({ ...sources, prefix: '' }, files, folder),
  ];
}

/** What a rule matches, for a sentence: some names, and how many more there are. */
export function nameMatches(matches: readonly string[]): string {
  const shown = matches.slice(0, MOST_SHOWN);
  const others = matches.length - shown.length;
  return `${shown.join(', ')}${others === 0 ? '' : ` and ${others} more`}`;
}

const MOST_SHOWN = 3;

export interface IgnoreQuestion {
  readonly files: readonly string[];
  readonly folder: string;
  readonly ask?: AskIgnored | undefined;
}

async function ignoredByGit(
  fs: FileSystem,
  root: string,
  { files, folder, ask }: IgnoreQuestion,
): Promise<IgnoredFiles[]> {
  const answers = await ask?.(root, files);
  if (answers?.length === 0) return [];
  const below = [...new Set(files.flatMap(ancestors))].sort();
  const read = await readIgnoreFiles(fs, root, below);
  if (answers === undefined) return ignoredBy(read, files, folder);

  const { prefix } = read;
  const own = new Set(read.files.map((file) => file.path));
  const top = relative(prefix, '').replaceAll('\\', '/');
  const outside = new Map<string, string[]>();
  for (const { source, line, pattern } of answers) {
    if (own.has(posix.join(top, source))) continue;
    const lines = outside.get(source) ?? [];
    // Of such a file the rules alone are known that decide.
    lines[line - 1] = pattern;
    outside.set(source, lines);
  }
  const others = [...outside].map(([path, lines]): FoundIgnoreFile => {
    const text = Array.from<string | undefined>(lines).join('\n');
    return { folder: '', path, text, isOutside: true };
  });
  const isThere = read.files.some(({ path }) => path === '.gitignore');
  const added: FoundIgnoreFile = {
    folder: prefix.replace(/\/$/, ''),
    path: '.gitignore',
    text: '',
  };
  const all = [...others, ...read.files, ...(isThere ? [] : [added])];
  return ignoredBy(
    { files: all, prefix },
    answers.map(({ path }) => path),
    folder,
  );
}

function ignoredBy(
  { files, prefix }: IgnoreFiles,
  paths: readonly string[],
  folder: string,
): IgnoredFiles[] {
  // Where all of the app is ignored, nobody builds it from the repository.
  const app = prefix.replace(/\/$/, '');
  if (app !== '' && findIgnoreRule(files, app) !== undefined) return [];
  const instead = files.find(({ path }) => path === '.gitignore');
  return takingBack(
    files,
    paths.map((path) => prefix + path),
    prefix + folder,
    instead,
  ).map(({ file, rules, lines }) => ({
    path: file.path,
    rules: grouped(rules, prefix),
    exceptions: lines,
  }));
}

/** Each rule once, with all that it matches. */
function grouped(
  rules: ReturnType<typeof takingBack<FoundIgnoreFile>>[number]['rules'],
  prefix: string,
): IgnoredFiles['rules'] {
  const found = new Map<
    string,
    { path: string; line: number; pattern: string; matches: string[] }
  >();
  for (const { rule, file } of rules) {
    const { line, pattern } = rule;
    const key = `${file.path}:${line}`;
    const known = found.get(key) ?? { path: file.path, line, pattern, matches: [] };
    known.matches.push(rule.match.slice(prefix.length));
    found.set(key, known);
  }
  return [...found.values()];
}

/** The folders that a file is in, relative to the same folder; that one left out. */
function ancestors(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
}
