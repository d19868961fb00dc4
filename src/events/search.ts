const BLOCK_VALUES = 1 << 16;

/** @returns where something begins in a buffer, from a place on; Infinity where it does not */
export type Search = (buffer: Buffer, from: number) => number;

/** @returns the runtime’s own search for a text in Latin-1, in machine code: the fastest for one */
export const createSearchOfOne =
  (needle: string): Search =>
  (buffer, from) => {
    const at = buffer.indexOf(needle, from, 'latin1');
    return at < 0 ? Infinity : at;
  };

/**
 * @returns what finds first what any of these finds. In the same buffer places have to grow: what was found further on is
 *   not looked for again, or something rare would be for each place of something frequent.
 */
export function earliestOf(searches: readonly Search[]): Search {
  const next = searches.map(() => -1);
  let searched: Buffer | undefined;
  return (buffer, from) => {
    if (buffer !== searched) next.fill(-1);
    searched = buffer;
    let first = Infinity;
    for (const [index, search] of searches.entries()) {
      let at = next[index] ?? -1;
      if (at < from) {
        at = search(buffer, from);
        next[index] = at;
      }
      if (at < first) first = at;
    }
    return first;
  };
}

/**
 * A search for many texts at once, in one pass over the bytes whatever their number: Wu and Manber’s (TR-94-17, University
 * of Arizona), with blocks of two bytes. Most bytes are skipped: two that no needle holds move it on by all but one of
 * the shortest needle’s length.
 *
 * @param needles of two bytes at least, in Latin-1
 * @returns where the first of them begins, from a place on; Infinity where none does
 */
export function createSearch(needles: readonly string[]): Search {
  const texts = needles.map((needle) => Buffer.from(needle, 'latin1'));
  const span = Math.min(...texts.map(({ length }) => length));
  if (!(span >= 2)) throw new RangeError('a needle has two bytes at least');
  const shifts = new Uint8Array(BLOCK_VALUES).fill(Math.min(span - 1, 0xff));
  const endingIn: (Buffer[] | undefined)[] = new Array<undefined>(BLOCK_VALUES);
  for (const text of texts) {
    for (let end = 1; end < span; end++) {
      const block = text.readUInt16BE(end - 1);
      shifts[block] = Math.min(shifts[block] ?? 0, span - 1 - end);
    }
    (endingIn[text.readUInt16BE(span - 2)] ??= []).push(text);
  }
  return (buffer, from) => {
    const { length } = buffer;
    for (let end = from + span - 1; end < length;) {
      const block = ((buffer[end - 1] ?? 0) << 8) | (buffer[end] ?? 0);
      const shift = shifts[block] ?? 0;
      if (shift > 0) {
        end += shift;
        continue;
      }
      const start = end - span + 1;
      if (endingIn[block]?.some((text) => standsAt(buffer, start, text)) === true) return start;
      end += 1;
    }
    return Infinity;
  };
}

function standsAt(buffer: Uint8Array, start: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (buffer[start + i] !== text[i]) return false;
  return true;
}
