import { applyInsertions } from './edit.ts';
import type { EditResult } from './edit.ts';
import { matchesName, matchesSegments, parseName } from './glob.ts';
import type { NamePattern } from './glob.ts';
import { lineEnding } from './text.ts';

/** A .gitignore (or .easignore), and the folder that it stands in. */
export interface IgnoreFile {
  /** Relative to where paths are relative to, with `/`; '' for that folder itself. */
  readonly folder: string;
  readonly text: string;
  /** One that is not the repo's own, as a user's own excludes: what it ignores is taken back elsewhere. */
  readonly isOutside?: true;
}

export interface IgnoreRule {
  readonly folder: string;
  readonly pattern: string;
  /** 1-based. */
  readonly line: number;
  /** What matches: the path in question, or a folder above it. */
  readonly match: string;
}

/**
 * The rule by which git ignores a path, or a folder above it: the last that matches counts, and what lies in an ignored
 * folder cannot be taken back (https://git-scm.com/docs/gitignore#_pattern_format).
 *
 * @param files those further up first
 * @param path with `/`, without one at its end
 * @param kind of the path: a pattern with `/` at its end is about folders alone
 */
export function findIgnoreRule(
  files: readonly IgnoreFile[],
  path: string,
  kind: 'file' | 'folder' = 'folder',
): IgnoreRule | undefined {
  return findRule(files, path, kind)?.rule;
}

type RuleOf<T extends IgnoreFile> = Rule & { readonly file: T };

/**
 * @param folders what is known of folders: each is looked at once, however many files are in it; filled here, and good as
 *   long as `files` are the same
 */
function findRule<T extends IgnoreFile>(
  files: readonly T[],
  path: string,
  kind: 'file' | 'folder',
  folders = new Map<string, RuleOf<T> | undefined>(),
): { readonly rule: IgnoreRule; readonly file: T } | undefined {
  const names = path.split('/');
  for (let depth = 1; depth <= names.length; depth += 1) {
    const isFolder = kind === 'folder' || depth < names.length;
    const match = names.slice(0, depth).join('/');
    const last =
      isFolder && folders.has(match)
        ? folders.get(match)
        : lastMatch(files, names, depth, isFolder);
    if (isFolder) folders.set(match, last);
    if (last !== undefined && !last.isNegated) {
      const { folder, text: pattern, line, file } = last;
      return { rule: { folder, pattern, line, match }, file };
    }
  }
  return undefined;
}

/** The last rule that matches the first `depth` names. */
function lastMatch<T extends IgnoreFile>(
  files: readonly T[],
  names: readonly string[],
  depth: number,
  isFolder: boolean,
): RuleOf<T> | undefined {
  const path = names.slice(0, depth);
  for (const file of files.toReversed()) {
    const rule = rulesOf(file).findLast(
      (one) => (isFolder || !one.isOfFolders) && matchesRule(one, path),
    );
    if (rule !== undefined) return { ...rule, file };
  }
  return undefined;
}

const parsed = new WeakMap<IgnoreFile, readonly Rule[]>();

function rulesOf(file: IgnoreFile): readonly Rule[] {
  const rules = parsed.get(file) ?? parseRules(file);
  parsed.set(file, rules);
  return rules;
}

/** What an ignore file is to end with, so that files are taken back. */
export interface Exceptions<T extends IgnoreFile> {
  readonly file: T;
  /** What ignored the files, each rule once, with the file that it stands in. */
  readonly rules: readonly { readonly rule: IgnoreRule; readonly file: T }[];
  readonly lines: readonly string[];
}

/**
 * Lines that take files back when they stand at the end of the ignore files whose rules ignore them. What is in an ignored
 * folder cannot be taken back by itself: the folder is taken back, and what else is in it is ignored as it was, but for
 * `folder`, which is all ours.
 *
 * @param files those further up first
 * @param paths of files
 * @param folder whose folders are taken back as a whole
 * @param instead the one of `files` for what a file outside of the repo ignores
 */
export function takingBack<T extends IgnoreFile>(
  files: readonly T[],
  paths: readonly string[],
  folder: string,
  instead: T | undefined = files.at(-1),
): Exceptions<T>[] {
  const current = files.map((file) => ({ ...file, original: file }));
  const found = current.map(() => ({ rules: new Map<string, Found<T>>(), lines: [] as string[] }));
  const folders = new Map<string, RuleOf<(typeof current)[number]> | undefined>();
  const isOurs = (path: string): boolean => path === folder || path.startsWith(`${folder}/`);
  for (const path of paths) {
    for (;;) {
      const { rule, file: cause } = findRule(current, path, 'file', folders) ?? {};
      const from = current.findIndex((file) => file === cause);
      const at = cause?.isOutside !== true || instead === undefined ? from : files.indexOf(instead);
      const [file, original, exceptions] = [current[at], files[from], found[at]];
      if (rule === undefined || !file || !original || !exceptions) break;
      const within = file.folder === '' ? 0 : file.folder.length + 1;
      const name = `/${rule.match.slice(within).replace(/[\\*?[]/g, '\\$&')}`;
      const isFile = rule.match === path;
      const line = `!${name}${isFile ? '' : '/'}`;
      // A name that this module reads otherwise than git does; or one above the file that it is to be taken back in.
      if (exceptions.lines.includes(line) || rule.match.length < within) break;
      // Lines that this adds are no rule of the user's.
      if (!exceptions.lines.includes(rule.pattern)) {
        exceptions.rules.set(`${from}:${rule.line}:${rule.match}`, { rule, file: original });
      }
      const added = [line, ...(isFile || isOurs(rule.match) ? [] : [`${name}/*`])];
      exceptions.lines.push(...added);
      current[at] = { ...file, text: [file.text, ...added].join('\n') };
      folders.clear();
    }
  }
  return files.flatMap((file, index) => {
    const { rules = new Map<string, Found<T>>(), lines = [] } = found[index] ?? {};
    return lines.length === 0 ? [] : [{ file, rules: [...rules.values()], lines }];
  });
}

/**
 * Puts exceptions at the end of an ignore file, where they come behind every rule.
 *
 * @param heading of the lines, without its `#`
 */
export function ensureExceptions(
  source: string,
  { heading, lines }: { readonly heading: string; readonly lines: readonly string[] },
): EditResult {
  const there = new Set(source.split(/\r?\n/));
  if (lines.every((line) => there.has(line))) return { status: 'already' };
  const ending = lineEnding(source);
  const gap = source === '' ? '' : source.endsWith('\n') ? ending : ending + ending;
  const text = `${gap}${[`# ${heading}`, ...lines].join(ending)}${ending}`;
  const insertions = [{ offset: source.length, text }];
  return { status: 'changed', text: applyInsertions(source, insertions), insertions };
}

type Found<T extends IgnoreFile> = Exceptions<T>['rules'][number];

interface Rule {
  readonly folder: string;
  /** The names of the folder. */
  readonly above: readonly string[];
  readonly text: string;
  readonly line: number;
  readonly isNegated: boolean;
  /** Matches from the file's folder on; else at any depth. */
  readonly isAnchored: boolean;
  readonly isOfFolders: boolean;
  readonly segments: readonly NamePattern[];
}

function parseRules({ folder, text }: IgnoreFile): Rule[] {
  const above = folder === '' ? [] : folder.split('/');
  return text.split(/\r?\n/).flatMap((raw, index): Rule[] => {
    const line = raw.replace(/^\uFEFF/, '').replace(/(?:(?<=\\[\t ])|(?<![\\\t ]))[\t ]+$/, '');
    if (line === '' || line.startsWith('#')) return [];
    const isNegated = line.startsWith('!');
    const pattern = isNegated ? line.slice(1) : line;
    const isOfFolders = pattern.endsWith('/');
    const body = pattern.replace(/\/$/, '');
    const names = body.split('/').filter((segment) => segment !== '');
    // `a/**` is all that is in `a`, not `a` itself.
    const whole = names.at(-1) === '**' && names.length > 1 ? [...names, '*'] : names;
    const segments = whole.map(parseName);
    if (names.length === 0 || !segments.every((segment) => segment !== undefined)) return [];
    const isAnchored = body.includes('/');
    const rule = { folder, above, text: line, line: index + 1, isNegated, isAnchored };
    return [{ ...rule, isOfFolders, segments }];
  });
}

function matchesRule({ above, isAnchored, segments }: Rule, path: readonly string[]): boolean {
  if (path.length <= above.length || above.some((name, index) => path[index] !== name)) {
    return false;
  }
  const [first = ''] = segments;
  if (!isAnchored) return matchesName(first, path.at(-1) ?? '');
  // Most rules are about other folders.
  if (first !== '**' && !matchesName(first, path[above.length] ?? '')) return false;
  return matchesSegments(segments, above.length === 0 ? path : path.slice(above.length));
}
