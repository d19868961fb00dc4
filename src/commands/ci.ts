import pc from 'picocolors';
import { findCiPlace } from '../ci/place.ts';
import { planCi, planCiRemoval } from '../ci/plan.ts';
import type { CommandResult, Context } from '../context.ts';
import { UserError } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import { requireAppRoot } from '../project/find-root.ts';
import { printableJson, printableLine } from '../terminal.ts';
import { countFiles, planDocument, showManualSteps, showPlan } from '../views/plan-view.ts';
import { VERSION } from '../version.ts';
import { applyWithConsent, exitCodeOf, recoverFirst, warnOfInterruption } from './lifecycle.ts';
import type { ChangeOptions } from './lifecycle.ts';

export interface CiOptions extends ChangeOptions {
  readonly gitlab?: boolean;
}

/** `bgsync ci install` and `remove`: what lets CI run doctor on each change, as a plan. */
export async function ci(
  action: 'install' | 'remove',
  options: CiOptions,
  ctx: Context,
): Promise<CommandResult> {
  const { fs, report } = ctx;
  const human = options.json !== true;
  const place = await findCiPlace(fs, await requireAppRoot(fs, ctx.cwd));
  if (place === undefined) {
    throw new UserError('This app is in no git repository, and CI works on one.', {
      hint: 'Run `git init` first.',
    });
  }
  if (options.dryRun === true) await warnOfInterruption(ctx, place.top);
  else await recoverFirst(ctx, place.top);

  const replan = (): Promise<Plan> =>
    action === 'install'
      ? planCi(fs, place, options.gitlab === true ? 'gitlab' : 'github')
      : planCiRemoval(fs, place);
  const plan = await replan();
  const applies = plan.changes.length > 0 && options.dryRun !== true;
  if (human) {
    if (plan.changes.length > 0) showPlan(report, plan, undefined);
    else {
      for (const path of plan.kept) report.line(`  kept: ${printableLine(path)} (you changed it)`);
      if (plan.manual.length === 0) report.line('Nothing to do.');
    }
  }
  if (applies) {
    const question = 'Apply this plan?';
    await applyWithConsent(ctx, {
      root: place.top,
      plan,
      lock: undefined,
      options,
      question,
      replan,
    });
  }
  if (!human) {
    const document = { version: 1, bgsync: VERSION, applied: applies, root: place.top };
    report.raw(printableJson({ ...document, ...planDocument(plan) }));
    return { exitCode: exitCodeOf(plan) };
  }
  if (applies) {
    report.line();
    const done = action === 'install' ? 'written' : 'removed';
    report.line(
      pc.green(`Done: ${countFiles(plan.changes.length)} ${done} in ${printableLine(place.top)}.`),
    );
  }
  showManualSteps(report, plan.manual);
  if (applies && action === 'install') {
    report.line(
      options.gitlab === true
        ? 'Commit it: GitLab runs doctor in each pipeline from then on.'
        : 'Commit it: GitHub runs doctor on each pull request, and each push to main or master.',
    );
  }
  if (options.dryRun === true && plan.changes.length > 0) {
    report.line();
    report.line('Dry run: nothing was changed.');
  }
  return { exitCode: exitCodeOf(plan) };
}
