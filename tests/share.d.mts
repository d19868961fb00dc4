export function shareOf<T>(all: readonly T[], what?: string): T[];
export function shareBetween<T>(
  all: readonly T[],
  what: string,
  first?: number,
  last?: number,
): T[];
export function shareOfRuns(runs: number): number;
export function share(): { readonly which: number; readonly of: number };
