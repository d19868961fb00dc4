/** Why something of the old wiring cannot be moved, and where. */
export interface Problem {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly reason: string;
}
