import coerce from 'semver/functions/coerce.js';
import gte from 'semver/functions/gte.js';
import lt from 'semver/functions/lt.js';

/** Versions from `from` on, up to the one before `before`. */
export interface VersionRange {
  readonly from: string;
  readonly before: string;
}

/** A pre-release counts as its release: `2.11.0-rc01` has what 2.11.0 has. */
const release = (version: string): string => coerce(version)?.version ?? '0.0.0';

export const isAtLeast = (version: string, least: string): boolean =>
  gte(release(version), release(least));
export const isBelow = (version: string, limit: string): boolean =>
  lt(release(version), release(limit));
export const isWithin = (version: string, { from, before }: VersionRange): boolean =>
  isAtLeast(version, from) && isBelow(version, before);
