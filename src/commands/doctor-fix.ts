import { CONFIG_FILE, requireSuppressions } from '../config.ts';
import type { Context } from '../context.ts';
import { neededChecks } from '../doctor/checks/groups.ts';
import { planFixes } from '../doctor/fix.ts';
import type { FixPlan } from '../doctor/fix.ts';
import { openRepo } from '../doctor/repo.ts';
import { runRepoChecks } from '../doctor/run-repo.ts';
import type { Diagnosis } from '../doctor/run.ts';
import type { IsSelected } from '../doctor/select.ts';
import { Suppressions } from '../doctor/suppress.ts';
import type { FileSystem } from '../file-system.ts';
import { at } from '../place.ts';
import type { Plan } from '../plan/plan.ts';
import { readText } from '../project/read-text.ts';
import { printableLine } from '../terminal.ts';
import { countFiles, showPlan } from '../views/plan-view.ts';
import { applyWithConsent, recoverFirst } from './lifecycle.ts';
import type { ChangeOptions } from './lifecycle.ts';
import { askGitIgnored } from '../project/git.ts';

/** `doctor --fix`: shows the edits that findings bring along as one plan, and applies it once the user agrees. */
export async function applyFixes(
  options: ChangeOptions,
  root: string,
  isSelected: IsSelected,
  ctx: Context,
): Promise<void> {
  const { fs, report } = ctx;
  // Before anything is read: what is there may be the half of a plan.
  if (options.dryRun !== true) await recoverFirst(ctx, root);
  const text = await readText(fs, at(root, CONFIG_FILE));
  const suppressions = text === undefined ? [] : requireSuppressions(text);
  const look = async (current: FileSystem): Promise<Diagnosis[]> => {
    const repo = await openRepo(current, root, askGitIgnored(ctx));
    const { findings } = await runRepoChecks((await neededChecks(repo)).checks, repo);
    const meant = new Suppressions(suppressions);
    return findings.filter((finding) => meant.reasonFor(finding) === undefined);
  };
  const find = (): Promise<FixPlan> => planFixes(fs, root, look, ({ id }) => isSelected(id));
  const { plan, outcomes } = await find();
  for (const { finding, problem } of outcomes) {
    if (problem === undefined) continue;
    const { id, file } = finding;
    report.warn(printableLine(`${id} in ${file} is left to you: ${problem}.`));
  }
  if (plan.changes.length === 0) {
    report.line('Nothing that is found can be mended by an edit.');
  } else {
    showPlan(report, plan, undefined);
    report.line();
    if (options.dryRun === true) report.line('Dry run: nothing was changed.');
    else {
      const question = 'Apply these fixes?';
      const replan = async (): Promise<Plan> => (await find()).plan;
      await applyWithConsent(ctx, { root, plan, lock: undefined, options, question, replan });
      const left = (await look(fs)).filter(({ id }) => isSelected(id));
      const end = left.length === 0 ? 'Nothing is left.' : 'What is left:';
      report.line(`Done: ${countFiles(plan.changes.length)} changed. ${end}`);
    }
  }
  report.line();
}
