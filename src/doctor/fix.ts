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

/** What the edits that were taken make of the app. */
interface Edited {
  /** By absolute path; null where a file goes. */
  readonly files: Map<string, string | null>;
  readonly original: Map<string, string | undefined>;
  readonly reasons: Map<string, Set<string>>;
}

const copyOf = ({ files, original, reasons }: Edited): Edited => ({
  files: new Map(files),
  original: new Map(original),
  reasons: new Map([...reasons].map(([path, texts]) => [path, new Set(texts)])),
});

/**
 * Makes one plan of all the edits that findings bring along: one is made after the other, on the files as they are by
 * then, and the checks look again until nothing is left to do. Edits after which there is an error that was not there
 * before are not taken. Nothing is written.
 *
 * @param root of the app. Absolute.
 * @param look what all checks find in an app as that file system has it
 * @param isWanted whether a finding is to be mended
 */
export async function planFixes(
  fs: FileSystem,
  root: string,
  look: (fs: FileSystem) => Promise<readonly Diagnosis[]>,
  isWanted: (finding: Diagnosis) => boolean = () => true,
): Promise<FixPlan> {
  let edited: Edited = { files: new Map(), original: new Map(), reasons: new Map() };
  const outcomes = new Map<string, FixOutcome>();
  const lookAt = ({ files }: Edited): Promise<readonly Diagnosis[]> =>
    look(overlay(fs, new Map(files)));
  let findings = await lookAt(edited);

  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = copyOf(edited);
    const taken = await takeEdits(fs, root, findings.filter(isWanted), edited, outcomes);
    if (taken.length === 0) break;
    let after = await lookAt(edited);
    if (errorsBroughtBy(findings, after).length > 0) {
      // Which of them it was: each by itself.
      edited = before;
      after = findings;
      for (const finding of taken) {
        const attempt = copyOf(edited);
        outcomes.delete(keyOf(finding));
        const same = after.find((one) => keyOf(one) === keyOf(finding)) ?? finding;
        if ((await takeEdits(fs, root, [same], attempt, outcomes)).length === 0) continue;
        const found = await lookAt(attempt);
        const [brought] = errorsBroughtBy(after, found);
        if (brought === undefined) {
          edited = attempt;
          after = found;
        } else {
          const problem = `its edits would bring ${brought.id}: ${brought.message}`;
          outcomes.set(keyOf(finding), { finding, problem });
        }
      }
    }
    findings = after;
  }

  const changes: FileChange[] = [];
  for (const [path, before] of edited.original) {
    const after = edited.files.get(join(root, path)) ?? undefined;
    const reason = [...(edited.reasons.get(path) ?? [])].join('; ');
    const change = changeOf(path, before, after, reason);
    if (change !== undefined) changes.push(change);
  }
  return {
    plan: { ...EMPTY_PLAN, changes },
    outcomes: [...outcomes.values()],
  };
}

/**
 * Takes the edits of findings that have not been seen yet, one after the other.
 *
 * @param edited is changed
 * @param outcomes is changed
 * @returns the findings whose edits were taken
 */
async function takeEdits(
  fs: FileSystem,
  root: string,
  findings: readonly Diagnosis[],
  { files, original, reasons }: Edited,
  outcomes: Map<string, FixOutcome>,
): Promise<Diagnosis[]> {
  const textOf = async (path: string): Promise<string | undefined> =>
    (await overlay(fs, files).read(at(root, path)))?.toString('utf8');
  const taken: Diagnosis[] = [];
  for (const finding of findings) {
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
    }
    taken.push(finding);
  }
  return taken;
}

/** Errors that were not there before, wherever in their file they stand, and that no edit mends in its turn. */
function errorsBroughtBy(
  before: readonly Diagnosis[],
  after: readonly Diagnosis[],
): readonly Diagnosis[] {
  const known = new Set(before.map(keyOf));
  return after.filter(
    (one) => one.severity === 'error' && one.fixEdits === undefined && !known.has(keyOf(one)),
  );
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
