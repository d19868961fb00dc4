/** A temporary id: cannot be mistaken for anything that a server or a user writes. */
const TEMP_ID =
  /^tmp_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether an id of an entity could look so: what is looked up when a mutation is enqueued. */
const ID = /^[\w.:-]{8,128}$/;

export const isTempId = (text: string): boolean => TEMP_ID.test(text);

/** @param hex 32 digits; six bits of them are overwritten with the version and the variant */
export function uuidOf(hex: string): string {
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) % 4);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/**
 * UUIDs of one process from one seed of 32 random hexadecimal digits: its first part, then a counter that starts at
 * its rest. They never repeat; they are no secrets.
 */
export function uuidSequence(seed: string): () => string {
  const WRAP = 2 ** 48;
  let next = Number.parseInt(seed.slice(20, 32), 16);
  return () => {
    next = (next + 1) % WRAP;
    return uuidOf(seed.slice(0, 20) + next.toString(16).padStart(12, '0'));
  };
}

/** Each string of a JSON value replaced, those that are keys too. */
export function mapStrings(
  value: unknown,
  change: (text: string) => string,
): unknown {
  if (typeof value === 'string') {
    return change(value);
  }
  if (Array.isArray(value)) {
    return value.map(item => mapStrings(item, change));
  }
  if (typeof value === 'object' && value !== null) {
    // fromEntries defines a key `__proto__` as what it is: a key.
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        change(key),
        mapStrings(item, change),
      ]),
    );
  }
  return value;
}

function stringsOf(
  value: unknown,
  matches: (text: string) => boolean,
): string[] {
  const found = new Set<string>();
  mapStrings(value, text => {
    if (matches(text)) {
      found.add(text);
    }
    return text;
  });
  return [...found];
}

export const tempIdsOf = (value: unknown): string[] =>
  stringsOf(value, isTempId);

export const possibleIdsOf = (value: unknown): string[] =>
  stringsOf(value, text => ID.test(text));
