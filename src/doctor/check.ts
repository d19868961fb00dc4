import type { DoctorRepo } from './repo.ts';

/**
 * - `error`: breaks the background sync; doctor ends with 1
 * - `warning`: likely breaks it in production
 * - `info`: worth knowing
 */
export type Severity = 'error' | 'warning' | 'info';

export interface Finding {
  /** Relative to the app's root. */
  readonly file: string;
  /** 1-based. */
  readonly line?: number;
  /** What is wrong, in this repo. */
  readonly message: string;
  /** What to do, where it is more exact than the check's own. */
  readonly fix?: string;
}

/**
 * One thing that is known to break a background sync. A check lives in a file of its own under `checks/` and is named
 * in `checks/index.ts`; it reads, never writes.
 */
export interface Check {
  /** Never changes and is never used again for something else: it stands in baselines and suppressions. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** Why it matters: what happens to the sync. */
  readonly why: string;
  /** Where that is known from. */
  readonly source: string;
  readonly fix: string;
  run(repo: DoctorRepo): Promise<readonly Finding[]>;
}
