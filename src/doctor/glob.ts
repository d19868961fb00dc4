/**
 * Whether a path is meant by a pattern: `*` and `?` within a name, `**` for any folders; the name of a folder means
 * everything below it. Takes time in proportion to the lengths multiplied, whatever the pattern is.
 *
 * @param path relative, with `/`
 */
export function matchesPath(pattern: string, path: string): boolean {
  const wanted = pattern.replace(/^\.\//, '').replace(/\/$/, '').split('/');
  const names = path.split('/');
  const isAny = (part: string): boolean => part === '**';
  return (
    matchesWild(wanted, names, isAny, matchesName) ||
    matchesWild([...wanted, '**'], names, isAny, matchesName)
  );
}

const matchesName = (pattern: string, name: string): boolean =>
  matchesWild(
    Array.from(pattern),
    Array.from(name),
    (char) => char === '*',
    (char, other) => char === '?' || char === other,
  );

/** One wildcard at a time: only the last one met can have to take more. */
function matchesWild(
  pattern: readonly string[],
  text: readonly string[],
  isAny: (part: string) => boolean,
  matches: (part: string, other: string) => boolean,
): boolean {
  let at = 0;
  let wild = -1;
  let taken = 0;
  for (let index = 0; index < text.length;) {
    const part = pattern[at];
    if (part !== undefined && isAny(part)) {
      wild = at++;
      taken = index;
    } else if (part !== undefined && matches(part, text[index] ?? '')) {
      at++;
      index++;
    } else if (wild >= 0) {
      at = wild + 1;
      index = ++taken;
    } else return false;
  }
  while (at < pattern.length && isAny(pattern[at] ?? '')) at++;
  return at === pattern.length;
}
