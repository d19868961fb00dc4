export function shareOf<T>(all: readonly T[], what?: string): T[];
export function share(): { readonly which: number; readonly of: number };
