import { UserError } from '../errors.ts';
import type { Rule } from './rule.ts';

/** How many characters have to be changed, added or left out to make one text of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** No id is longer; what is, is not compared letter by letter. */
const LONGEST = 16;

const NUMBERED = /^([A-Z])0*(\d{1,2})$/;

/**
 * @returns the id that a text means: the same but for a zero that is missing or too much, or one slip of the finger away;
 *   the first of several. Undefined where it means none of them, or is the id of a check that is not there: its neighbour
 *   is about something else.
 */
export function nearestId(text: string, ids: readonly string[]): string | undefined {
  const wanted = text.slice(0, LONGEST).toUpperCase();
  const numbered = NUMBERED.exec(wanted);
  if (numbered !== null) {
    const [, letter = '', number = ''] = numbered;
    const id = letter + number.padStart(2, '0');
    return ids.includes(id) ? id : undefined;
  }
  return ids.find((id) => distance(wanted, id) === 1);
}

/** @throws UserError where there is no such check, with the one that is meant, where one is */
export function requireRule<R extends Rule>(rules: readonly R[], id: string): R {
  const rule = rules.find((one) => one.id === id.toUpperCase());
  if (rule !== undefined) return rule;
  const ids = rules.map((one) => one.id);
  const nearest = nearestId(id, ids);
  const group = ids.filter((one) => one.startsWith(id.charAt(0).toUpperCase())).sort();
  const hints = [
    ...(nearest === undefined ? [] : [`Did you mean ${nearest}?`]),
    ...(nearest === undefined && /^[a-z]\d+$/i.test(id) && group.length > 1
      ? [`There are ${group[0]} to ${group.at(-1)}.`]
      : []),
    '`npx bgsync doctor --explain` lists all checks.',
  ];
  throw new UserError(`There is no check ${id}.`, { hint: hints.join(' ') });
}

export interface Selection {
  /** Ids, any case; empty for all. */
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

/**
 * @param rules every check there is
 * @returns whether a check is asked for
 * @throws UserError where one that is named is not there
 */
export function selector(rules: readonly Rule[], { only, skip }: Selection): IsSelected {
  const idsOf = (names: readonly string[]): Set<string> =>
    new Set(names.map((name) => requireRule(rules, name).id));
  const [wanted, unwanted] = [idsOf(only), idsOf(skip)];
  return (id) => (wanted.size === 0 || wanted.has(id)) && !unwanted.has(id);
}

export type IsSelected = (id: string) => boolean;

export const chosen = <C extends { readonly id: string }>(
  checks: readonly C[],
  isSelected: IsSelected,
): readonly C[] => checks.filter(({ id }) => isSelected(id));
