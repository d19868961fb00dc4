import { matchesName, matchesSegments } from './glob.ts';

/** A .gitignore (or .easignore), and the folder that it stands in. */
export interface IgnoreFile {
  /** Relative to where paths are relative to, with `/`; '' for that folder itself. */
  readonly folder: string;
  readonly text: string;
}

export interface IgnoreRule {
  readonly folder: string;
  readonly pattern: string;
  /** 1-based. */
  readonly line: number;
  /** The folder that matches: the one in question, or one above it. */
  readonly match: string;
}

/**
 * The rule by which git ignores a folder, or one above it: the last that matches counts, and what lies in an ignored
 * folder cannot be taken back (https://git-scm.com/docs/gitignore#_pattern_format).
 *
 * @param files those further up first
 * @param folder with `/`, without one at its end
 */
export function findIgnoreRule(
  files: readonly IgnoreFile[],
  folder: string,
): IgnoreRule | undefined {
  const rules = files.flatMap(parseRules);
  const names = folder.split('/');
  for (let depth = 1; depth <= names.length; depth += 1) {
    const path = names.slice(0, depth);
    const last = rules.findLast((rule) => matchesRule(rule, path));
    if (last !== undefined && !last.isNegated) {
      return {
        folder: last.folder,
        pattern: last.text,
        line: last.line,
        match: path.join('/'),
      };
    }
  }
  return undefined;
}

/**
 * Lines that take folders back from an ignore file when they stand at its end. What is in an ignored folder cannot be
 * taken back by itself: the folder is taken back, and what else is in it is ignored as it was.
 *
 * @param files those further up first; `file` is one of them
 */
export function takingBack(
  files: readonly IgnoreFile[],
  file: IgnoreFile,
  folders: readonly string[],
): string[] {
  const lines: string[] = [];
  const within = file.folder === '' ? 0 : file.folder.length + 1;
  for (const folder of folders) {
    for (;;) {
      const text = [file.text, ...lines].join('\n');
      const rule = findIgnoreRule(
        files.map((one) => (one === file ? { ...file, text } : one)),
        folder,
      );
      if (rule?.folder !== file.folder) break;
      const path = `/${rule.match.slice(within).replace(/[\\*?[]/g, '\\$&')}`;
      // A name that this module reads otherwise than git does.
      if (lines.includes(`!${path}/`)) break;
      lines.push(`!${path}/`, ...(rule.match === folder ? [] : [`${path}/*`]));
    }
  }
  return lines;
}

interface Rule {
  readonly folder: string;
  readonly text: string;
  readonly line: number;
  readonly isNegated: boolean;
  /** Matches from the file's folder on; else at any depth. */
  readonly isAnchored: boolean;
  readonly segments: readonly string[];
}

function parseRules({ folder, text }: IgnoreFile): Rule[] {
  return text.split(/\r?\n/).flatMap((raw, index): Rule[] => {
    const line = raw.replace(/^\uFEFF/, '').replace(/(?<!\\)[\t ]+$/, '');
    if (line === '' || line.startsWith('#')) return [];
    const isNegated = line.startsWith('!');
    const pattern = (isNegated ? line.slice(1) : line).replace(/^\\(?=[#!])/, '');
    const body = pattern.replace(/\/$/, '');
    const segments = body.split('/').filter((segment) => segment !== '');
    if (segments.length === 0) return [];
    const isAnchored = body.includes('/');
    return [{ folder, text: line, line: index + 1, isNegated, isAnchored, segments }];
  });
}

function matchesRule({ folder, isAnchored, segments }: Rule, path: readonly string[]): boolean {
  const above = folder === '' ? [] : folder.split('/');
  if (path.length <= above.length || above.some((name, index) => path[index] !== name)) {
    return false;
  }
  const below = path.slice(above.length);
  if (isAnchored) return matchesSegments(segments, below);
  return matchesName(segments[0] ?? '', below.at(-1) ?? '');
}
