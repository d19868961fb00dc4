/** Letters that may be wrong, missing or too many in a name that is still taken for another one. */
const MOST_EDITS = 2;
const LONGEST = 200;

/**
 * The name of a list that somebody most likely meant, for “did you mean …?”.
 *
 * @returns undefined where none is near, or the name itself is in the list
 */
export function nearestName(name: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let fewest = MOST_EDITS + 1;
  for (const one of names) {
    if (one === name) return undefined;
    const edits = editsBetween(plain(name), plain(one));
    // A name of three letters is two letters away from nearly any other.
    if (edits < fewest && edits * 4 <= name.length) {
      best = one;
      fewest = edits;
    }
  }
  return best;
}

/** Case, dashes, underscores and dots are what is mixed up most. */
const plain = (name: string): string =>
  name
    .slice(0, LONGEST)
    .toLowerCase()
    .replaceAll(/[-_.\s]/g, '-');

/** Insertions, deletions, changes of one letter, and two neighbours that have changed places. */
function editsBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MOST_EDITS) return MOST_EDITS + 1;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      }
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
