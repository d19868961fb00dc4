/** Situations that doctor does not judge rightly yet: each fails once it does. */
export const OPEN: ReadonlySet<string> = new Set<string>();
