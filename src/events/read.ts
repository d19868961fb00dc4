import { EVENT_MARKER } from './event.ts';
import type { Finding } from './parse.ts';
import { JSON_START, parseLine } from './parse.ts';
import { createSearch, createSearchOfOne, earliestOf } from './search.ts';
import type { Search } from './search.ts';
import { continuationOf, parseSystemLine, SYSTEM_NEEDLES } from './system-lines.ts';
import type { Continuation, SystemLine } from './system-lines.ts';

export interface Located<Found> {
  /** From 1. */
  readonly line: number;
  readonly finding: Found;
}

export type LocatedFinding = Located<Finding>;

/** What is in a log: our lines, and the systems’ own about background work. */
export type LogFinding = Finding | SystemLine;

/** The lines that matter, and how they are read. */
interface Grammar<Found> {
  /** Where the first of them may be, in a buffer from a place on. */
  readonly search: Search;
  readonly parse: (line: string) => readonly Found[];
}

const OUR_SEARCHES = [EVENT_MARKER, JSON_START].map(createSearchOfOne);

const OURS: Grammar<Finding> = {
  search: earliestOf(OUR_SEARCHES),
  parse: parseLine,
};

const SYSTEM_SEARCH = createSearch(SYSTEM_NEEDLES);

/** A message goes on in lines that have nothing to find in them: the stack of a crash, the reason of an ANR. */
function everything(): Grammar<LogFinding> {
  const search = earliestOf([...OUR_SEARCHES, SYSTEM_SEARCH]);
  let message: Continuation | undefined;
  return {
    search: (buffer, from) =>
      message !== undefined && from < buffer.length ? from : search(buffer, from),
    parse(line) {
      const ours = parseLine(line);
      // A message in an event of ours may quote the system.
      if (ours.length > 0) return ours;
      const system = parseSystemLine(line);
      const more = message?.next(line);
      if (more === undefined) message = undefined;
      const goesOn = more === undefined || more === 'nothing' ? [] : [more];
      if (system === undefined) return goesOn;
      // The stack of one crash names others.
      if (system.sign === 'crash' && system.part === undefined && goesOn.length > 0) return goesOn;
      message = continuationOf(system, line) ?? message;
      return [system];
    },
  };
}

const NEWLINE = 0x0a;

/** No log writes longer lines for us: ours have 900 bytes, and `log`'s JSON around one a few thousand. */
const MAX_LINE = 1 << 20;

const EMPTY = Buffer.alloc(0);

/**
 * Finds the events of a log of any size, in one pass and constant memory: the bytes are searched for our marker, and
 * only the lines that hold it become strings.
 *
 * @param source the bytes in chunks that may end anywhere, inside a character too
 */
export const readFindings = (
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<LocatedFinding, void, undefined> => read(source, () => OURS);

/**
 * As {@link readFindings}, with the systems’ own lines.
 *
 * @param wantsSystem whether more of those are wanted; asked for each chunk
 */
export const readLog = (
  source: AsyncIterable<Uint8Array>,
  wantsSystem: () => boolean = () => true,
): AsyncGenerator<Located<LogFinding>, void, undefined> => {
  const grammar = everything();
  return read<LogFinding>(source, () => (wantsSystem() ? grammar : OURS));
};

async function* read<Found>(
  source: AsyncIterable<Uint8Array>,
  grammar: () => Grammar<Found | Finding>,
): AsyncGenerator<Located<Found | Finding>, void, undefined> {
  let line = 1;
  let rest: Buffer = EMPTY;
  /** Inside a line that is longer than any of ours. */
  let skipping = false;

  for await (const bytes of source) {
    let chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (skipping) {
      const end = chunk.indexOf(NEWLINE);
      if (end < 0) continue;
      chunk = chunk.subarray(end + 1);
      line++;
      skipping = false;
    }
    const last = chunk.lastIndexOf(NEWLINE);
    if (last < 0) {
      rest = Buffer.concat([rest, chunk]);
    } else {
      let whole = chunk.subarray(0, last + 1);
      if (rest.length > 0) {
        // The line that the chunks share, by itself: to copy the whole chunk behind it costs as much as to search it.
        const end = whole.indexOf(NEWLINE) + 1;
        line = yield* readLines(Buffer.concat([rest, whole.subarray(0, end)]), line, grammar());
        whole = whole.subarray(end);
      }
      line = yield* readLines(whole, line, grammar());
      // A copy: the stream may use its buffer again.
      rest = Buffer.from(chunk.subarray(last + 1));
    }
    if (rest.length > MAX_LINE) {
      if (rest.includes(EVENT_MARKER)) yield { line, finding: { kind: 'malformed' } };
      rest = EMPTY;
      skipping = true;
    }
  }
  if (rest.length > 0) yield* readLines(rest, line, grammar());
}

/** @returns the number of the line behind `buffer`, which starts with line `line` */
function* readLines<Found>(
  buffer: Buffer,
  line: number,
  { search, parse }: Grammar<Found>,
): Generator<Located<Found>, number, undefined> {
  let at = 0;
  for (;;) {
    const hit = search(buffer, at);
    const to = hit === Infinity ? buffer.length : hit;
    let start = at;
    for (let end = buffer.indexOf(NEWLINE, at); end >= 0 && end < to;) {
      line++;
      start = end + 1;
      end = buffer.indexOf(NEWLINE, start);
    }
    if (hit === Infinity) return line;
    const newline = buffer.indexOf(NEWLINE, hit);
    const end = newline < 0 ? buffer.length : newline;
    for (const finding of parse(buffer.toString('utf8', start, end))) yield { line, finding };
    if (newline < 0) return line;
    at = newline + 1;
    line++;
  }
}
