import { CONFIG_FILE } from '../config.ts';
import type { Check } from './check.ts';
import type { DoctorRepo, Integration } from './repo.ts';
import { runChecks } from './run.ts';
import type { DoctorResult } from './run.ts';

/**
 * Runs checks of the repo. Where bgsync.config.json is not valid, a check that asks for what it says could look at a part
 * only, if at all: it counts as one that could not run, with what it found.
 */
export function runRepoChecks(
  checks: readonly Check[],
  repo: DoctorRepo,
  limitMs?: number,
): Promise<DoctorResult> {
  const { integration } = repo;
  if (integration === undefined || integration.configProblems.length === 0) {
    return runChecks(checks, repo, limitMs);
  }
  const reason = `${CONFIG_FILE} is not valid (X07): what it says could not be looked at`;
  return runChecks(
    checks.map((check) => {
      let hasAsked = false;
      const watched: Integration = {
        ...integration,
        get config() {
          hasAsked = true;
          return undefined;
        },
      };
      const view = Object.create(repo, { integration: { value: watched } }) as DoctorRepo;
      return {
        ...check,
        appliesTo: () => check.appliesTo?.(view) !== false || hasAsked,
        run: () => check.run(view),
        partly: () => (hasAsked ? reason : undefined),
      };
    }),
    repo,
    limitMs,
  );
}
