/**
 * Whether names of folders and files match the parts of a pattern: `*` and `?` within a name, `**` for any number of
 * folders, none included. Takes time in proportion to the lengths multiplied, whatever the pattern is. Brackets are not
 * read.
 *
 * @param segments of the pattern, and `names` of the path, from the top
 * @param isPrefix whether it is enough that this path, or one below it, could match
 */
export function matchesSegments(
  segments: readonly string[],
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

function throughGlobstars(segments: readonly string[], reached: Set<number>): Set<number> {
  for (const at of reached) if (segments[at] === '**') reached.add(at + 1);
  return reached;
}

/** Whether one name matches: `*` for any characters, `?` for one. */
export function matchesName(pattern: string, name: string): boolean {
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
