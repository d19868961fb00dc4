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
  /** What it ignores: the folder asked for, or one above it. */
  readonly ignores: string;
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
      return { folder: last.folder, pattern: last.text, line: last.line, ignores: path.join('/') };
    }
  }
  return undefined;
}

/**
 * The lines that, at the end of the rule's file, bring a folder back and nothing else: what lies in an ignored folder
 * cannot be taken back by itself.
 *
 * @param rule what {@link findIgnoreRule} says of the folder
 */
export function reinclude({ folder: above, ignores }: IgnoreRule, folder: string): string[] {
  const below = (path: string): string[] =>
    (above === '' ? path : path.slice(above.length + 1)).split('/');
  const names = below(folder);
  const lines: string[] = [];
  for (let depth = below(ignores).length; depth <= names.length; depth += 1) {
    const path = names.slice(0, depth).join('/');
    lines.push(`!/${path}/`);
    if (depth < names.length) lines.push(`/${path}/*`);
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
