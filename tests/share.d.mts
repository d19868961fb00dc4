export function shareOf<T>(all: readonly T[], what?: string): T[];
