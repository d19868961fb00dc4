/** Whether two JSON values are the same, whatever the order of their keys. */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (
    typeof a !== 'object' ||
    typeof b !== 'object' ||
    a === null ||
    b === null
  ) {
    return a === b;
  }
  if (Array.isArray(a) !== Array.isArray(b)) {
    return false;
  }
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return (
    left.length === right.size &&
    left.every(
      ([key, value]) => right.has(key) && isSameJson(value, right.get(key)),
    )
  );
}

export type Fields = Readonly<Record<string, unknown>>;

/** Whether each field of a payload is in the server's state with the same value; false where there is no field. */
export function containsFields(remote: unknown, payload: unknown): boolean {
  if (!isFields(remote) || !isFields(payload)) {
    return false;
  }
  const there = new Map(Object.entries(remote));
  const fields = Object.entries(payload);
  return (
    fields.length > 0 &&
    fields.every(
      ([name, value]) => there.has(name) && isSameJson(there.get(name), value),
    )
  );
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Merges two changes of one entity by field: what only one side changed, or removed, is taken from that side.
 *
 * @param base the entity as it was when `mine` was made
 * @param mine all fields as this app has them
 * @param theirs all fields as the server has them
 * @returns `merged`, and in `conflicts` the fields that both changed to different values; those have mine in `merged`
 */
export function mergeFields(
  base: Fields,
  mine: Fields,
  theirs: Fields,
): { merged: Record<string, unknown>; conflicts: string[] } {
  const [was, ours, remote] = [base, mine, theirs].map(
    fields => new Map(Object.entries(fields)),
  ) as [Map<string, unknown>, Map<string, unknown>, Map<string, unknown>];
  const same = (
    a: Map<string, unknown>,
    b: Map<string, unknown>,
    name: string,
  ): boolean =>
    a.has(name) === b.has(name) && isSameJson(a.get(name), b.get(name));

  const merged: [string, unknown][] = [];
  const conflicts: string[] = [];
  for (const name of new Set([
    ...was.keys(),
    ...remote.keys(),
    ...ours.keys(),
  ])) {
    const isMine = !same(was, ours, name);
    if (isMine && !same(was, remote, name) && !same(ours, remote, name)) {
      conflicts.push(name);
    }
    const from = isMine ? ours : remote;
    if (from.has(name)) {
      merged.push([name, from.get(name)]);
    }
  }
  return { merged: Object.fromEntries(merged), conflicts };
}
