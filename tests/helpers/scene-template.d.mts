export function templateChange(): ReadonlyMap<string, string>;
