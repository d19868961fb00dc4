import { diff3Merge } from 'node-diff3';
import { inEndingsOf, withNewlines } from './line-endings.ts';

export interface Merged {
  readonly text: string;
  readonly hasConflict: boolean;
}

const YOURS = '<<<<<<< yours';
const MIDDLE = '=======';
const BGSYNC = '>>>>>>> bgsync';

/** Whether a text still has the marks of a merge that was not settled. */
export const hasConflictMarks = (text: string): boolean => /^<<<<<<< yours\r?$/m.test(text);

/**
 * Merges line by line what the user made of a generated file with its new version.
 *
 * @param base what was generated before
 */
export function mergeTexts(yours: string, base: string, bgsync: string): Merged {
  const [a, o, b] = [yours, base, bgsync].map((text) => withNewlines(text).split('\n'));
  const lines: string[] = [];
  let hasConflict = false;
  for (const region of diff3Merge(a ?? [], o ?? [], b ?? [], { excludeFalseConflicts: true })) {
    if (region.conflict === undefined) {
      lines.push(...(region.ok ?? []));
    } else {
      hasConflict = true;
      lines.push(YOURS, ...region.conflict.a, MIDDLE, ...region.conflict.b, BGSYNC);
    }
  }
  return { text: inEndingsOf(yours, lines.join('\n')), hasConflict };
}
