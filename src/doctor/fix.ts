import { join } from 'node:path';
import type { FileSystem } from '../file-system.ts';
import { at } from '../place.ts';
import { parses } from '../plan/parses.ts';
import { EMPTY_PLAN, afterOf, beforeOf } from '../plan/plan.ts';
import type { FileChange, Plan } from '../plan/plan.ts';
import { overlay } from '../plan/overlay.ts';
import type { Diagnosis } from './run.ts';

/** One fix may make room for another; more rounds than that would be fixes that undo each other. */
const MAX_ROUNDS = 10;

/** What came of a finding's fix. */
export interface FixOutcome {
  readonly finding: Diagnosis;
  /** Why its edits were not taken; undefined where they were. */
  readonly problem: string | undefined;
}

export interface FixPlan {
  readonly plan: Plan;
  readonly outcomes: readonly FixOutcome[];
}

const keyOf = ({ id, file, message }: Diagnosis): string => JSON.stringify([id, file, message]);

/**
 * Makes one plan of all the edits that findings bring along: one is made after the other, on the files as they are by
 * then, and the checks look again until nothing is left to do. Nothing is written.
 *
 * @param root of the app. Absolute.
 * @param look what the checks find in an app as that file system has it
 */
export async function planFixes(
  fs: FileSystem,
  root: string,
  look: (fs: FileSystem) => Promise<readonly Diagnosis[]>,
): Promise<FixPlan> {
  const files = new Map<string, string | null>();
  const reasons = new Map<string, Set<string>>();
  const outcomes = new Map<string, FixOutcome>();
  const original = new Map<string, string | undefined>();
  const textOf = async (path: string): Promise<string | undefined> =>
    (await overlay(fs, files).read(at(root, path)))?.toString('utf8');

  for (let round = 0; round < MAX_ROUNDS; round++) {
    let hasChanged = false;
    for (const finding of await look(overlay(fs, new Map(files)))) {
      const key = keyOf(finding);
      if (finding.fixEdits === undefined) continue;
      const earlier = outcomes.get(key);
      if (earlier !== undefined) {
        // It is found again: the edits were made, and did not help.
        if (earlier.problem === undefined) {
          outcomes.set(key, { finding, problem: 'its edits do not mend it' });
        }
        continue;
      }
      const changes = await editsOf(finding.fixEdits);
      const problem = typeof changes === 'string' ? changes : await conflict(changes, textOf);
      if (problem === 'stale') continue;
      outcomes.set(key, { finding, problem });
      if (problem !== undefined || typeof changes === 'string') continue;
      for (const change of changes) {
        const { path, reason } = change;
        if (!original.has(path)) original.set(path, beforeOf(change));
        files.set(join(root, path), afterOf(change) ?? null);
        reasons.set(path, (reasons.get(path) ?? new Set()).add(reason));
        hasChanged = true;
      }
    }
    if (!hasChanged) break;
  }

  const changes: FileChange[] = [];
  for (const [path, before] of original) {
    const after = files.get(join(root, path)) ?? undefined;
    const reason = [...(reasons.get(path) ?? [])].join('; ');
    const change = changeOf(path, before, after, reason);
    if (change !== undefined) changes.push(change);
  }
  return {
    plan: { ...EMPTY_PLAN, changes },
    outcomes: [...outcomes.values()],
  };
}

/** @returns the edits, or why there are none */
async function editsOf(
  make: () => Promise<readonly FileChange[]>,
): Promise<readonly FileChange[] | string> {
  try {
    const changes = await make();
    return changes.length === 0 ? 'its edits cannot be placed with certainty' : changes;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** @returns `stale` where an edit was made from a text that another one has changed by now: the next round has a new one */
async function conflict(
  changes: readonly FileChange[],
  textOf: (path: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  for (const change of changes) {
    const current = await textOf(change.path);
    if (current !== beforeOf(change)) return 'stale';
    const after = afterOf(change);
    const isBroken =
      after !== undefined &&
      !parses(change.path, after) &&
      (current === undefined || parses(change.path, current));
    if (isBroken) return `${change.path} could not be read any more after it`;
  }
  return undefined;
}

/** Several edits of one file as one. */
function changeOf(
  path: string,
  before: string | undefined,
  after: string | undefined,
  reason: string,
): FileChange | undefined {
  if (before === after) return undefined;
  if (after === undefined) return { kind: 'delete', path, reason, before: before ?? '' };
  if (before === undefined) return { kind: 'create', path, reason, after };
  return { kind: 'edit', path, reason, before, after };
}
