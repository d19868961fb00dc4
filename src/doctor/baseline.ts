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

function parseEntry(line: string): BaselineEntry | 'header' | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { id, file, fingerprint, bgsyncBaseline } = value as Record<string, unknown>;
  if (bgsyncBaseline === 1) return 'header';
  if (typeof id !== 'string' || typeof file !== 'string') return undefined;
  return typeof fingerprint === 'string' ? { id, file, fingerprint } : undefined;
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
    const entry = parseEntry(line);
    if (entry === undefined) {
      throw new UserError(`${name}:${index + 1} is no line of a baseline.`, {
        hint: 'Write it anew: bgsync doctor --write-baseline FILE. Was a merge left unsettled?',
      });
    }
    if (entry !== 'header') entries.push(entry);
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
