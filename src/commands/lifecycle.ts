import { posix, relative } from 'node:path';
import { CONFIG_FILE } from '../config.ts';
import type { Context } from '../context.ts';
import { CancelError, UserError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { applyChanges } from '../plan/apply.ts';
import { findJournal, recover } from '../plan/journal.ts';
import { LOCK_FILE } from '../plan/lock-file.ts';
import type { LockFile } from '../plan/lock-file.ts';
import { OLDER_JOURNAL, findOlderJournal } from '../plan/older-journal.ts';
import { beforeOf } from '../plan/plan.ts';
import type { FileChange, Plan } from '../plan/plan.ts';
import { isAsGenerated } from '../plan/reformatted.ts';
import { quotePath } from '../project/several-apps.ts';
import { findCheckout } from '../project/git-folder.ts';
import { gitState } from '../project/git.ts';
import { printableLine } from '../terminal.ts';
import { countFiles } from '../views/plan-view.ts';

/** What `init`, `update` and `remove` have in common: they change the app, and ask before they do. */

export interface ChangeOptions {
  readonly cwd?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly allowDirty?: boolean;
}

/** An earlier bgsync may have been killed in the middle of its changes. Before anything else is read. */
export async function recoverFirst(ctx: Context, root: string): Promise<void> {
  await refuseOlderJournal(ctx, root);
  const recovery = await recover(ctx.fs, root);
  if (recovery === undefined) return;
  ctx.report.warn(
    `An earlier bgsync was interrupted; its changes were undone (${recovery.restored.length} files).`,
  );
  for (const path of recovery.left) {
    ctx.report.warn(`  left as it is, because it changed since: ${printableLine(path)}`);
  }
}

/**
 * What may be bgsync 0.1.0's, interrupted, or anything that came with the repo, cannot be told apart where git does not
 * say: it is not carried out, and nothing is changed beside it.
 *
 * @throws UserError where it may be 0.1.0's
 */
async function refuseOlderJournal(ctx: Context, root: string): Promise<void> {
  const found = await findOlderJournal(ctx.fs, root);
  if (found === undefined) return;
  const state = found === 'link' ? undefined : await gitState(root, [OLDER_JOURNAL], ctx);
  const isTracked = state?.kind === 'repo' && ![...state.untracked, ...state.ignored].length;
  if (found === 'link' || isTracked) {
    const why = found === 'link' ? 'it is a link' : 'git tracks it';
    ctx.report.warn(`.bgsync is not bgsync’s, as ${why}: it is left alone.`);
    return;
  }
  throw new UserError(
    `${OLDER_JOURNAL} is there: a change by bgsync 0.1.0 was interrupted, or the file came with the repo. It is not carried out.`,
    {
      hint: 'Look at `git status` and put back what you do not want; then remove the folder .bgsync and run again.',
    },
  );
}

/** Which of these files git can bring back as they are. */
export async function committedFiles(
  ctx: Context,
  root: string,
  paths: readonly string[],
): Promise<ReadonlySet<string>> {
  const files = paths.filter((path) => !path.endsWith('/'));
  if (files.length === 0) return new Set();
  const state = await gitState(root, files, ctx);
  if (state.kind === 'none') return new Set();
  const others = new Set([...state.changed, ...state.untracked, ...state.ignored]);
  return new Set(files.filter((path) => !others.has(path)));
}

/** Whether a file is as bgsync left it: then git's word that it changed says nothing of the user. */
function isOurs(change: FileChange, lock: LockFile): boolean {
  const before = beforeOf(change) ?? '';
  const { path } = change;
  if (path === `${lock.moduleDir}/${LOCK_FILE}`) return true;
  const name = posix.relative(lock.moduleDir, path);
  const generated = lock.files[name];
  if (generated !== undefined) return isAsGenerated(name, before, generated);
  const last = lock.edits.findLast((edit) => edit.path === path);
  return last !== undefined && isAsGenerated(path, before, last);
}

/** The steps as they are done from where bgsync was run: their commands are for the app's own folder. */
export function fromHere(ctx: Context, root: string, steps: readonly string[]): readonly string[] {
  const path = relative(ctx.shell, root);
  return path === '' ? steps : [`cd ${quotePath(path)}   (the app)`, ...steps];
}

const asks = (ctx: Context, options: ChangeOptions): boolean =>
  ctx.isInteractive && options.yes !== true && options.json !== true;

/**
 * Applies the plan, once the user agrees.
 *
 * @param question asked, once the plan has been shown
 * @param replan makes the plan anew, under the lock: another bgsync may have changed what it was made from
 * @throws UserError where no one can be asked, or files to be changed have changes that are not committed
 * @throws CancelError where the user says no
 */
export async function applyWithConsent(
  ctx: Context,
  {
    root,
    plan,
    lock,
    options,
    question,
    suggested = true,
    replan,
  }: {
    readonly root: string;
    readonly plan: Plan;
    readonly lock: LockFile | undefined;
    readonly options: ChangeOptions;
    readonly question: string;
    /** The answer that a bare return key gives. */
    readonly suggested?: boolean;
    readonly replan: () => Promise<Plan>;
  },
): Promise<void> {
  const isAsked = asks(ctx, options);
  if (!isAsked && options.yes !== true) {
    throw new UserError(
      `${countFiles(plan.changes.length)} would be changed, and no one can be asked.`,
      {
        hint: 'Add --yes to apply the plan, or --dry-run to only see it.',
      },
    );
  }
  if (isAsked) ctx.report.line();
  if (options.allowDirty !== true) await guardUncommitted(ctx, root, plan, lock, isAsked);
  if (isAsked && !(await ctx.prompt.confirm(question, suggested))) {
    throw new CancelError('Nothing was changed.');
  }
  await applyChanges(ctx.fs, root, plan.changes, ctx, plan.folders, async () => {
    const { changes, folders } = await replan();
    if (JSON.stringify([changes, folders]) === JSON.stringify([plan.changes, plan.folders])) return;
    throw new UserError('The app changed since the plan was made. Nothing was changed.', {
      hint: 'Run bgsync again: the plan is made anew.',
    });
  });
}

/**
 * A change that is not committed survives, but git shows it mixed with those of bgsync from then on. In the config one is
 * expected: it is what `update` follows.
 */
async function guardUncommitted(
  ctx: Context,
  root: string,
  plan: Plan,
  lock: LockFile | undefined,
  isAsked: boolean,
): Promise<void> {
  const paths = plan.changes
    .filter(({ kind, path }) => kind !== 'create' && path !== CONFIG_FILE)
    .filter((change) => lock === undefined || !isOurs(change, lock))
    .map(({ path }) => path);
  if (paths.length === 0) return;
  const state = await gitState(root, paths, ctx);
  const message =
    state.kind === 'none'
      ? (await findCheckout(ctx.fs, root)) !== undefined &&
        `Whether files to be changed have changes of yours that are not committed cannot be told: ${printableLine(state.reason)}.`
      : state.changed.length > 0 &&
        `Files to be changed have changes of yours that are not committed:\n${state.changed.map((path) => `  ${printableLine(path)}`).join('\n')}`;
  if (message === false) return;
  if (!isAsked) {
    throw new UserError(message, {
      hint:
        state.kind === 'none'
          ? 'Mend that, or add --allow-dirty: your changes stay, beside those of bgsync.'
          : 'Commit or stash them, or add --allow-dirty: your changes stay, beside those of bgsync.',
    });
  }
  ctx.report.warn(message);
  if (!(await ctx.prompt.confirm('Go on? Your changes stay, beside those of bgsync.', false))) {
    throw new CancelError('Nothing was changed.');
  }
}

/** What a command ends with after its plan: a conflict weighs more than a step. */
export function exitCodeOf(plan: Plan): ExitCode {
  if (plan.conflicts.length > 0) return ExitCode.expired;
  return plan.manual.length > 0 ? ExitCode.retry : ExitCode.ok;
}

/** Whether a change is left half done; the next command that writes undoes it. */
export async function warnOfInterruption(ctx: Context, root: string): Promise<void> {
  if ((await findOlderJournal(ctx.fs, root)) === 'journal') {
    ctx.report.warn(`${OLDER_JOURNAL} is there: a change by bgsync 0.1.0 may be half done.`);
  }
  if ((await findJournal(ctx.fs, root)) === undefined) return;
  ctx.report.warn(
    'An earlier bgsync was interrupted, and its change is half done. The next `npx bgsync update` undoes it first.',
  );
}
