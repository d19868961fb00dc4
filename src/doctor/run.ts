import { printable } from '../terminal.ts';
import type { Evidence, Finding } from './check.ts';
import type { Rule } from './rule.ts';

/** A check of whatever is looked at: the repo, a device, its tools. */
export interface RunnableCheck<Subject> extends Rule {
  appliesTo?(subject: Subject): boolean;
  run(subject: Subject): Promise<readonly Finding[]>;
  /** Once it has run: why it could look at a part only. Its findings count all the same. */
  partly?(): string | undefined;
}

/** A finding with what its check says of it. */
export type Diagnosis = Omit<Finding, 'fix' | 'evidence'> &
  Omit<Rule, 'explain' | 'mends'> & {
    /** Every place that it is known from, its own first: never empty. */
    readonly evidence: readonly Evidence[];
  };

/** How a check itself went. */
export interface CheckOutcome {
  readonly rule: Rule;
  /** `failed`: it threw, took too long, or could look at a part only. */
  readonly state: 'ran' | 'not-applicable' | 'failed';
  /** Why it failed. */
  readonly reason?: string;
  /** Of one that ran and found nothing: why it had nothing to look at, or not all. */
  readonly unseen?: string;
}

/** A check that was not loaded: there is nothing in the app that it looks for. */
export interface IdleCheck {
  readonly id: string;
  /** What it would have been. */
  readonly state: 'ran' | 'not-applicable';
}

export interface DoctorResult {
  /** By file, line and id: the order never depends on which check was faster. */
  readonly findings: readonly Diagnosis[];
  /** Checks that failed themselves, or took too long. */
  readonly couldNotRun: readonly { readonly id: string; readonly reason: string }[];
  /** How many there was something to look at for, idle ones among them. */
  readonly checks: number;
  /** One for each check, in their order. */
  readonly outcomes: readonly CheckOutcome[];
  /** Checks that are not among the outcomes, as they would have found nothing. */
  readonly idle: readonly IdleCheck[];
}

/** All checks run at once: what one takes by the clock is what a busy machine takes for all of them. */
const CHECK_LIMIT_MS = 30_000;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const compareFindings = (a: Diagnosis, b: Diagnosis): number =>
  compare(a.file, b.file) ||
  (a.line ?? 0) - (b.line ?? 0) ||
  (a.column ?? 0) - (b.column ?? 0) ||
  compare(a.id, b.id) ||
  compare(a.message, b.message);

/** Adds to a finding what its check says of it. What it quotes of the repo is made safe to show, in any format. */
const diagnose = ({ id, title, severity, why, source, fix }: Rule, finding: Finding): Diagnosis => {
  const message = printable(finding.message);
  const { file, line } = finding;
  const own: Evidence = { file, ...(line !== undefined && { line }), says: message };
  const others = (finding.evidence ?? []).map((one) => ({ ...one, says: printable(one.says) }));
  return {
    ...{ id, title, severity, why, source },
    ...finding,
    message,
    fix: printable(finding.fix ?? fix),
    evidence: [own, ...others],
  };
};

const ruleOf = ({ id, title, severity, why, source, fix, mends, explain }: Rule): Rule => ({
  id,
  title,
  severity,
  why,
  source,
  fix,
  ...(mends !== undefined && { mends }),
  explain,
});

/**
 * Runs every check that applies; one that throws or is too slow is reported and does not take the others with it.
 *
 * @param limitMs what each check gets; the others run meanwhile
 */
export async function runChecks<Subject>(
  checks: readonly RunnableCheck<Subject>[],
  subject: Subject,
  limitMs = CHECK_LIMIT_MS,
): Promise<DoctorResult> {
  const limit = timeLimit(limitMs);
  const runs = await Promise.all(
    checks.map(async (check): Promise<[CheckOutcome, readonly Finding[]]> => {
      const rule = ruleOf(check);
      try {
        if (check.appliesTo?.(subject) === false) return [{ rule, state: 'not-applicable' }, []];
        const found = await Promise.race([check.run(subject), limit.passed]);
        if (check.mends === undefined && found.some(({ fixEdits }) => fixEdits !== undefined)) {
          throw new Error('it brings edits, and does not say what they switch');
        }
        const reason = check.partly?.();
        return [
          reason === undefined ? { rule, state: 'ran' } : { rule, state: 'failed', reason },
          found,
        ];
      } catch (error) {
        const reason = printable(error instanceof Error ? error.message : String(error));
        return [{ rule, state: 'failed', reason }, []];
      }
    }),
  );
  limit.clear();
  return resultOf(runs);
}

/** @param runs each check with what it found */
export function resultOf(
  runs: readonly (readonly [CheckOutcome, readonly Finding[]])[],
): DoctorResult {
  const outcomes = runs.map(([outcome]) => outcome);
  return {
    findings: runs
      .flatMap(([{ rule }, findings]) => findings.map((finding) => diagnose(rule, finding)))
      .sort(compareFindings),
    couldNotRun: outcomes
      .filter(({ state }) => state === 'failed')
      .map(({ rule, reason = '' }) => ({ id: rule.id, reason })),
    checks: outcomes.filter(({ state }) => state !== 'not-applicable').length,
    outcomes,
    idle: [],
  };
}

/** @param idle checks that are not among its outcomes */
export const withIdle = (result: DoctorResult, idle: readonly IdleCheck[]): DoctorResult => ({
  ...result,
  checks: result.checks + idle.filter(({ state }) => state === 'ran').length,
  idle,
});

/** Several results as one, in the one order of findings. */
export function joinResults(results: readonly DoctorResult[]): DoctorResult {
  return {
    findings: results.flatMap(({ findings }) => findings).sort(compareFindings),
    couldNotRun: results.flatMap(({ couldNotRun }) => couldNotRun),
    checks: results.reduce((sum, { checks }) => sum + checks, 0),
    outcomes: results.flatMap(({ outcomes }) => outcomes),
    idle: results.flatMap(({ idle }) => idle),
  };
}

/** @returns the ids of those that were carried through, whatever they found */
export const idsThatRan = ({ outcomes, idle }: DoctorResult): ReadonlySet<string> =>
  new Set([
    ...outcomes.filter(({ state }) => state !== 'failed').map(({ rule }) => rule.id),
    ...idle.map(({ id }) => id),
  ]);

/** One timer for all: they start together. */
function timeLimit(limitMs: number): { readonly passed: Promise<never>; clear(): void } {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${limitMs / 1000} s`)), limitMs);
  });
  // Where no check is left to hear it.
  passed.catch(() => undefined);
  return { passed, clear: () => clearTimeout(timer) };
}
