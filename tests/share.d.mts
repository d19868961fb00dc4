export function shareOf<T>(mutants: readonly T[]): T[];
