import type { Suppression } from '../config.ts';
import { CONFIG_FILE } from '../config.ts';
import { Baseline } from './baseline.ts';
import type { BaselineEntry } from './baseline.ts';
import { fingerprintsOf } from './fingerprint.ts';
import type { Note } from '../project/repo-files.ts';
import { idsThatRan } from './run.ts';
import type { CheckOutcome, Diagnosis, DoctorResult } from './run.ts';
import { Suppressions } from './suppress.ts';

/**
 * - `new`: counts
 * - `known`: stands in the baseline
 * - `suppressed`: the config says why it is meant
 */
export type FindingState = 'new' | 'known' | 'suppressed';

export interface JudgedFinding extends Diagnosis {
  readonly fingerprint: string;
  readonly state: FindingState;
  /** Why it is suppressed. */
  readonly reason?: string;
}

/** What all reports are made from. */
export interface DoctorReport {
  readonly checks: readonly CheckOutcome[];
  /** How many there was something to look at for. */
  readonly applied: number;
  readonly findings: readonly JudgedFinding[];
  /** Findings of these severities fail. */
  readonly failing: ReadonlySet<Diagnosis['severity']>;
  readonly hasBaseline: boolean;
  /** What the baseline and the config have without need, in sentences. */
  readonly notices: readonly string[];
  /** What was not looked at. */
  readonly notes: readonly Note[];
}

export interface JudgeOptions {
  readonly isStrict: boolean;
  readonly suppressions: readonly Suppression[];
  readonly baseline: readonly BaselineEntry[] | undefined;
  /** Every id there is. */
  readonly ids: ReadonlySet<string>;
  readonly notes: readonly Note[];
  /** A file's text, by a finding's path. */
  readonly read: (path: string) => Promise<string | undefined>;
}

/** Says of each finding whether it counts. */
export async function judge(result: DoctorResult, options: JudgeOptions): Promise<DoctorReport> {
  const suppressions = new Suppressions(options.suppressions);
  const baseline = new Baseline(options.baseline ?? []);
  const fingerprints = await fingerprintsOf(result.findings, options.read);
  const findings = result.findings.map((finding, index): JudgedFinding => {
    const fingerprint = fingerprints[index] ?? '';
    const reason = suppressions.reasonFor(finding);
    if (reason !== undefined) return { ...finding, fingerprint, state: 'suppressed', reason };
    const { id, file } = finding;
    const state = baseline.has({ id, file, fingerprint }) ? 'known' : 'new';
    return { ...finding, fingerprint, state };
  });

  const ran = idsThatRan(result);
  const hasRun = (id: string): boolean => ran.has(id);
  const notices = [
    ...suppressions
      .unknown(options.ids)
      .map(({ id }) => `${CONFIG_FILE} suppresses ${id}: there is no such check.`),
    ...suppressions
      .unused(hasRun)
      .map(
        ({ id, file }) =>
          `${CONFIG_FILE} suppresses ${id}${file === undefined ? '' : ` in ${file}`}, which is not found: take it out.`,
      ),
    ...baseline
      .stale(hasRun)
      .map(({ id, file }) => `The baseline has ${id} in ${file}, which is not found any more.`),
  ];
  return {
    checks: result.outcomes,
    applied: result.checks,
    findings,
    failing: new Set(options.isStrict ? ['error', 'warning'] : ['error']),
    hasBaseline: options.baseline !== undefined,
    notices,
    notes: options.notes,
  };
}
