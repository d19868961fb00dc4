import type { Config } from '../config.ts';
import { UserError } from '../errors.ts';
import type { FileSystem } from '../file-system.ts';
import { at } from '../place.ts';
import { overlay } from '../plan/overlay.ts';
import { afterOf } from '../plan/plan.ts';
import type { Plan } from '../plan/plan.ts';
import { workBeside } from './background-work.ts';
import type { Neighbour } from './background-work.ts';
import { neededChecks } from './checks/groups.ts';
import { openRepo } from './repo.ts';
import { runChecks } from './run.ts';
import type { Diagnosis } from './run.ts';
import { Suppressions } from './suppress.ts';

/**
 * Judges a plan by the app as it would be: with one opening of it and one run of the checks that say `blocks` or `tells`.
 * So a command refuses and warns of what doctor would find afterwards, in its words.
 *
 * @param root of the app, absolute
 * @param config whose suppressions hold
 * @returns what is told before the plan; warnings first
 * @throws UserError that lists the errors that refuse it, each with its place and what to do
 */
export async function judgePlan(
  fs: FileSystem,
  root: string,
  plan: Plan,
  config: Config,
): Promise<readonly Neighbour[]> {
  const files = new Map(
    plan.changes.map((change) => [at(root, change.path).absolute, afterOf(change) ?? null]),
  );
  const repo = await openRepo(overlay(fs, files), root);
  const changed = new Set(plan.changes.map(({ path }) => path));
  const { checks } = await neededChecks(repo);
  const blocking = new Set(checks.filter(({ blocks }) => blocks === true).map(({ id }) => id));
  const looking = checks.filter(({ blocks, tells }) => blocks === true || tells === true);
  const ran = await runChecks(looking, repo);
  const findings = ran.findings.map((finding) => withoutMovedLine(finding, changed));
  const refuses = ({ id, severity }: Diagnosis): boolean =>
    severity === 'error' && blocking.has(id);
  refuse(findings.filter(refuses));
  const suppressions = new Suppressions(config.doctor?.suppress ?? []);
  const told = findings
    .filter((finding) => suppressions.reasonFor(finding) === undefined)
    .map(({ id, file, line, severity, message, fix }): Neighbour => ({
      name: id,
      file,
      ...(line !== undefined && { line }),
      severity: severity === 'info' ? 'note' : 'warning',
      message,
      hint: fix,
    }));
  const rank = { warning: 0, note: 1 };
  return [...told, ...(await workBeside(repo, changed))].sort(
    (a, b) => rank[a.severity] - rank[b.severity],
  );
}

/** @param changed files that the plan changes: their lines as they are not yet would mislead */
function withoutMovedLine(finding: Diagnosis, changed: ReadonlySet<string>): Diagnosis {
  if (!changed.has(finding.file)) return finding;
  const whole = { ...finding };
  delete whole.line;
  return whole;
}

function refuse(findings: readonly Diagnosis[]): void {
  if (findings.length === 0) return;
  const list = findings.map(({ id, file, line, message, fix }, index) => {
    const place = line === undefined ? file : `${file}:${line}`;
    const isLast = findings.findLastIndex((one) => one.id === id && one.fix === fix) === index;
    return `  ${place}: ${message}. (${id})${isLast ? `\n    ${fix}` : ''}`;
  });
  const ids = [...new Set(findings.map(({ id }) => id))];
  throw new UserError(`A background sync would break this app:\n${list.join('\n')}`, {
    hint: `Nothing was changed. Change these, then run bgsync again; \`npx bgsync doctor --explain ${ids[0] ?? ''}\` tells the whole story.`,
  });
}
