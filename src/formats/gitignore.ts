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
      return { folder: last.folder, pattern: last.text, line: last.line };
    }
  }
  return undefined;
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

function matchesSegments(segments: readonly string[], names: readonly string[]): boolean {
  // How many segments can be used up by the names so far; `**` stands for any number of folders, none included.
  let reached = new Set([0]);
  const passGlobstars = (): void => {
    for (const at of reached) if (segments[at] === '**') reached.add(at + 1);
  };
  passGlobstars();
  for (const name of names) {
    const next = new Set<number>();
    for (const at of reached) {
      const segment = segments[at];
      if (segment === '**') next.add(at);
      else if (segment !== undefined && matchesName(segment, name)) next.add(at + 1);
    }
    reached = next;
    passGlobstars();
  }
  return reached.has(segments.length);
}

/** Takes time in proportion to the product of the lengths. Brackets are not read: no one names a folder by them. */
function matchesName(pattern: string, name: string): boolean {
  let [at, nameAt, star, starName] = [0, 0, -1, 0];
  while (nameAt < name.length) {
    const mark = pattern[at];
    if (mark === '*') {
      [star, starName] = [at, nameAt];
      at += 1;
    } else if (mark !== undefined && (mark === '?' || mark === name[nameAt])) {
      at += 1;
      nameAt += 1;
    } else if (star === -1) {
      return false;
    } else {
      starName += 1;
      [at, nameAt] = [star + 1, starName];
    }
  }
  return /^\**$/.test(pattern.slice(at));
}
