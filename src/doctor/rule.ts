import type { Check } from './check.ts';

/** What is said of a check wherever its findings are shown. */
export type Rule = Omit<Check, 'appliesTo' | 'run' | 'blocks'>;

/** Where a check looks. */
export type Area = 'repo' | 'log' | 'device';

/** Where the checks of an area look, and the command that makes them. */
export const LOOKED_FOR = {
  repo: { where: 'in the repo', command: 'bgsync doctor' },
  log: { where: 'in a log', command: 'bgsync doctor --log FILE' },
  device: { where: 'at devices and the tools for them', command: 'bgsync doctor --device' },
} as const;

/** An id's letter tells where its check looks: `R` in a log, `D` at a device and the tools for it, any other in the repo. */
export function areaOf(id: string): Area {
  if (id.startsWith('R')) return 'log';
  return id.startsWith('D') ? 'device' : 'repo';
}

/** By letter and number: A2 before A10. */
export const compareIds = (a: string, b: string): number =>
  a.charCodeAt(0) - b.charCodeAt(0) || Number(a.slice(1)) - Number(b.slice(1));
