/**
 * - `ended`: one start, one end
 * - `killed`: its process died while it was open
 * - `unknown`: the log starts or ends inside it
 * - `broken`: there is a violation in it
 */
export type RunState = 'ended' | 'killed' | 'unknown' | 'broken';

export interface RunRecord {
  readonly run: string;
  readonly plat: string;
  readonly trig: string | undefined;
  /** Epoch milliseconds; undefined where the start is not in the log. */
  readonly start: number | undefined;
  /** Epoch milliseconds; undefined where the end is not in the log. */
  readonly end: number | undefined;
  readonly outcome: string | undefined;
  readonly state: RunState;
  /** Line of its first event. */
  readonly line: number;
}

export type ViolationKind =
  | 'two-starts'
  | 'two-ends'
  | 'no-end'
  | 'end-without-start'
  | 'overlap'
  | 'no-schedule';

export interface Violation {
  readonly kind: ViolationKind;
  readonly line: number;
  readonly run: string;
  readonly text: string;
}

export interface VerifyResult {
  /** In the order of their first lines. */
  readonly runs: readonly RunRecord[];
  /** In the order of the lines. */
  readonly violations: readonly Violation[];
  readonly counts: {
    readonly events: number;
    /** Lines that stood in the log twice. */
    readonly duplicates: number;
    /** Events that the numbering says are missing. */
    readonly lost: number;
  };
}
