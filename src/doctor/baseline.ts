import * as v from 'valibot';
import { UserError } from '../errors.ts';
import { compareIds } from './rule.ts';

/** A finding that was there when the baseline was written. */
export interface BaselineEntry {
  readonly id: string;
  readonly file: string;
  /** See `fingerprint.ts`. */
  readonly fingerprint: string;
}

const HEADER = '{"bgsyncBaseline":1}';

/** Whether a text is a baseline, or was one before a merge. */
export const isBaseline = (text: string): boolean =>
  text.split(/\r?\n/).some((line) => line.replace(/^\uFEFF/, '') === HEADER);

const keyOf = ({ id, file, fingerprint }: BaselineEntry): string =>
  JSON.stringify([id, file, fingerprint]);

/** One JSON object a line, sorted and without line numbers: two branches that each add some merge without a conflict. */
export function formatBaseline(entries: readonly BaselineEntry[]): string {
  const sorted = entries.toSorted(
    (a, b) =>
      compareIds(a.id, b.id) ||
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      (a.fingerprint < b.fingerprint ? -1 : a.fingerprint > b.fingerprint ? 1 : 0),
  );
  const lines = sorted.map(({ id, file, fingerprint }) =>
    JSON.stringify({ id, file, fingerprint }),
  );
  return `${[HEADER, ...lines].join('\n')}\n`;
}

const lineSchema = v.union([
  v.object({ bgsyncBaseline: v.literal(1) }),
  v.object({ id: v.string(), file: v.string(), fingerprint: v.string() }),
]);

function parseLine(line: string): v.InferOutput<typeof lineSchema> | undefined {
  try {
    const result = v.safeParse(lineSchema, JSON.parse(line));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param name of the file, for the error
 * @throws UserError with the line that is none of a baseline's
 */
export function parseBaseline(text: string, name: string): BaselineEntry[] {
  const entries: BaselineEntry[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '') continue;
    const parsed = parseLine(line);
    if (parsed === undefined) {
      throw new UserError(`${name}:${index + 1} is no line of a baseline.`, {
        hint: 'Write it anew: `npx bgsync doctor --write-baseline FILE`. Was a merge left unsettled?',
      });
    }
    if ('id' in parsed) entries.push(parsed);
  }
  return entries;
}

/** Tells which findings a baseline knows, and what it has that is not there any more. */
export class Baseline {
  private readonly entries: ReadonlyMap<string, BaselineEntry>;
  private readonly met = new Set<string>();

  constructor(entries: readonly BaselineEntry[]) {
    this.entries = new Map(entries.map((entry) => [keyOf(entry), entry]));
  }

  has(entry: BaselineEntry): boolean {
    const key = keyOf(entry);
    const isKnown = this.entries.has(key);
    if (isKnown) this.met.add(key);
    return isKnown;
  }

  /** @param hasRun whether a check ran: what was not looked for is not gone */
  stale(hasRun: (id: string) => boolean): BaselineEntry[] {
    return [...this.entries]
      .filter(([key, { id }]) => !this.met.has(key) && hasRun(id))
      .map(([, entry]) => entry);
  }
}
