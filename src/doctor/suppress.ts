import type { Suppression } from '../config.ts';
import { matchesPath } from './glob.ts';

/** Applies the suppressions of bgsync.config.json, and remembers which were of use. */
export class Suppressions {
  private readonly all: readonly Suppression[];
  private readonly used = new Set<Suppression>();

  constructor(all: readonly Suppression[]) {
    this.all = all;
  }

  /** @returns the reason; undefined where the finding is not suppressed */
  reasonFor(finding: { readonly id: string; readonly file: string }): string | undefined {
    const matching = this.all.filter(
      ({ id, file }) =>
        id.toUpperCase() === finding.id && (file === undefined || matchesPath(file, finding.file)),
    );
    for (const suppression of matching) this.used.add(suppression);
    return matching[0]?.reason;
  }

  /** @param hasRun whether a check ran: what was not looked for cannot be met */
  unused(hasRun: (id: string) => boolean): Suppression[] {
    return this.all.filter((one) => !this.used.has(one) && hasRun(one.id.toUpperCase()));
  }

  /** Those that name no check. */
  unknown(ids: ReadonlySet<string>): Suppression[] {
    return this.all.filter(({ id }) => !ids.has(id.toUpperCase()));
  }
}
