import type { FileChange } from '../plan/plan.ts';
import type { DoctorRepo } from './repo.ts';

/**
 * - `error`: breaks the background sync; doctor ends with 1
 * - `warning`: likely breaks it in production
 * - `info`: worth knowing
 */
export type Severity = 'error' | 'warning' | 'info';

/** A place that a finding is known from. */
export interface Evidence {
  /** Relative to the repo's root, with `/`. */
  readonly file: string;
  /** 1-based. */
  readonly line?: number;
  /** What stands there, as far as it bears on the finding: `taskId is dev.bgsync.processing`. */
  readonly says: string;
}

export interface Finding {
  /** Relative to the repo's root, with `/`. */
  readonly file: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based, in UTF-16 units. */
  readonly column?: number;
  /** The last line it is about, 1-based. */
  readonly endLine?: number;
  /** What is wrong, in this repo. */
  readonly message: string;
  /** The other places that it joins: what asks for it, what it contradicts. Its own place is not among them. */
  readonly evidence?: readonly Evidence[];
  /** Where it weighs more or less than the check's own. */
  readonly severity?: Severity;
  /** What to do, where it is more exact than the check's own. */
  readonly fix?: string;
  /** The fix as edits, where they can be placed with certainty; for `doctor --fix`. */
  readonly fixEdits?: () => Promise<readonly FileChange[]>;
}

/**
 * One thing that is known to break a background sync. A check lives in a file of its own under `checks/` and is named
 * in one of the lists of `checks/index.ts`; it reads, never writes.
 */
export interface Check {
  /** Never changes and is never used again for something else: it stands in baselines and suppressions. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** Whether `init` and `update` refuse a plan that would leave an error for it to find. */
  readonly blocks?: true;
  /** Whether `init` says what it would find, before the plan, which does not stop for it. */
  readonly tells?: true;
  /** Why it matters: what happens to the sync, in a sentence or two. */
  readonly why: string;
  /** Where that is known from: a URL where there is one. */
  readonly source: string;
  readonly fix: string;
  /** Of a check whose findings bring edits: what `doctor --fix` changes, what else that switches, and where it is left to a person. */
  readonly mends?: string;
  /** The whole story, for `doctor --explain ID`: what happens, how it shows, how it is mended. Paragraphs apart by an empty line. */
  readonly explain: string;
  /** Whether there is anything to check in this repo; without it, always. */
  appliesTo?(repo: DoctorRepo): boolean;
  run(repo: DoctorRepo): Promise<readonly Finding[]>;
}
