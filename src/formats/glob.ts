/** A part of a pattern that stands for one character, or `*` for any number. */
type Token = string | ((character: string) => boolean);

/** One name of a pattern: as text, or taken apart where it has more than `*` and `?`. */
export type NamePattern = string | readonly Token[];

/**
 * Whether names of folders and files match the parts of a pattern: `*` and `?` within a name, `**` for any number of
 * folders, none included. Takes time in proportion to the lengths multiplied, whatever the pattern is. Brackets are
 * read where {@link parseName} took the pattern apart, and stand for themselves elsewhere.
 *
 * @param segments of the pattern, and `names` of the path, from the top
 * @param isPrefix whether it is enough that this path, or one below it, could match
 */
export function matchesSegments(
  segments: readonly NamePattern[],
  names: readonly string[],
  isPrefix = false,
): boolean {
  // How many segments can be used up by the names so far.
  let reached = throughGlobstars(segments, new Set([0]));
  for (const name of names) {
    const next = new Set<number>();
    for (const at of reached) {
      const segment = segments[at];
      if (segment === '**') next.add(at);
      else if (segment !== undefined && matchesName(segment, name)) next.add(at + 1);
    }
    reached = throughGlobstars(segments, next);
  }
  return isPrefix ? reached.size > 0 : reached.has(segments.length);
}

function throughGlobstars(segments: readonly NamePattern[], reached: Set<number>): Set<number> {
  for (const at of reached) if (segments[at] === '**') reached.add(at + 1);
  return reached;
}

/** Whether one name matches: `*` for any characters, `?` for one. */
export function matchesName(pattern: NamePattern, name: string): boolean {
  // Most names are told by their first or their last character.
  if (differs(pattern[0], name[0]) || differs(pattern.at(-1), name.at(-1))) return false;
  let [at, nameAt, star, starName] = [0, 0, -1, 0];
  while (nameAt < name.length) {
    const mark = pattern[at];
    if (mark === '*') {
      [star, starName] = [at, nameAt];
      at += 1;
    } else if (mark !== undefined && isOne(mark, name[nameAt] ?? '')) {
      at += 1;
      nameAt += 1;
    } else if (star === -1) {
      return false;
    } else {
      starName += 1;
      [at, nameAt] = [star + 1, starName];
    }
  }
  return Array.from<Token>(pattern.slice(at)).every((mark) => mark === '*');
}

const differs = (mark: Token | undefined, character: string | undefined): boolean =>
  typeof mark !== 'function' && mark !== '*' && mark !== '?' && mark !== character;

const isOne = (mark: Token, character: string): boolean =>
  typeof mark === 'string' ? mark === '?' || mark === character : mark(character);

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  digit: /[0-9]/,
  lower: /[a-z]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /\s/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
};

/**
 * Takes a name of a pattern apart as git does: `[a-z]`, `[!a]`, `[[:digit:]]`, and a backslash before what stands for
 * itself (https://git-scm.com/docs/gitignore#_pattern_format).
 *
 * @returns undefined for one that matches nothing: a bracket or a backslash that is left open
 */
export function parseName(pattern: string): NamePattern | undefined {
  if (!/[[\\]/.test(pattern)) return pattern;
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const mark = pattern[at] ?? '';
    if (mark === '\\') {
      at += 1;
      const literal = pattern[at];
      if (literal === undefined) return undefined;
      tokens.push((character) => character === literal);
    } else if (mark === '[') {
      const found = parseBrackets(pattern, at);
      if (found === undefined) return undefined;
      tokens.push(found.token);
      at = found.end;
    } else tokens.push(mark);
  }
  return tokens;
}

/** @returns `end`: where the closing bracket is; undefined where there is none */
function parseBrackets(
  pattern: string,
  start: number,
): { readonly token: (character: string) => boolean; readonly end: number } | undefined {
  let at = start + 1;
  const isNegated = pattern[at] === '!' || pattern[at] === '^';
  if (isNegated) at += 1;
  const first = at;
  const tests: ((character: string) => boolean)[] = [];
  const literal = (): string => {
    if (pattern[at] === '\\') at += 1;
    return pattern[at] ?? '';
  };
  for (; at < pattern.length; at += 1) {
    if (pattern[at] === ']' && at > first) {
      const token = (character: string): boolean =>
        tests.some((test) => test(character)) !== isNegated;
      return { token, end: at };
    }
    const named = /^\[:(\w+):\]/.exec(pattern.slice(at));
    if (named !== null) {
      const known = CLASSES[named[1] ?? ''];
      if (known === undefined) return undefined;
      tests.push((character) => known.test(character));
      at += named[0].length - 1;
      continue;
    }
    const from = literal();
    // Of a range that runs backwards, git takes the first all the same.
    tests.push((character) => character === from);
    if (pattern[at + 1] !== '-' || pattern[at + 2] === undefined || pattern[at + 2] === ']') {
      continue;
    }
    at += 2;
    const to = literal();
    tests.push((character) => from <= character && character <= to);
  }
  return undefined;
}
