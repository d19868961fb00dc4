import pc from 'picocolors';
import { findCiPlace } from '../ci/place.ts';
import { planCiRemoval } from '../ci/plan.ts';
import { CONFIG_FILE, readConfigText } from '../config.ts';
import type { Config } from '../config.ts';
import type { CommandResult, Context } from '../context.ts';
import { UserError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import type { FileSystem } from '../file-system.ts';
import { at } from '../place.ts';
import { inverseOf } from '../integrations/edits/index.ts';
import { lockedPlatforms } from '../integrations/host.ts';
import { hostOfLock } from '../integrations/hosts.ts';
import { renderRetired } from '../integrations/retire.ts';
import { findLock, searchLock } from '../plan/find-lock.ts';
import { LOCK_FILE } from '../plan/lock-file.ts';
import type { LockFile } from '../plan/lock-file.ts';
import { EMPTY_PLAN } from '../plan/plan.ts';
import type { Plan } from '../plan/plan.ts';
import { planRemoval, planRetirement } from '../plan/removal.ts';
import { requireAppRoot } from '../project/find-root.ts';
import { wasNeverCommitted } from '../project/git.ts';
import type { Platform } from '../project/project.ts';
import { readText } from '../project/read-text.ts';
import { VERSION } from '../version.ts';
import { countFiles, planDocument, showManualSteps, showPlan } from '../views/plan-view.ts';
import { printableJson } from '../terminal.ts';
import {
  applyWithConsent,
  committedFiles,
  exitCodeOf,
  fromHere,
  recoverFirst,
  warnOfInterruption,
} from './lifecycle.ts';
import type { ChangeOptions } from './lifecycle.ts';

export interface RemoveOptions extends ChangeOptions {
  /** Leave a small package that cancels what devices have scheduled. */
  readonly retire?: boolean;
  /** Remove all of it, whatever devices have scheduled. */
  readonly force?: boolean;
}

const CONSEQUENCES: Readonly<Record<Platform, string>> = {
  ios: 'iOS ends an app whose pending task has no handler any more, at the moment that the task is due.',
  android: 'Android’s WorkManager goes on trying to start a class that is gone.',
};

const dangerOf = (lock: LockFile): string =>
  [
    'Has a build with the background sync been installed on devices? Then they have it scheduled:',
    ...lockedPlatforms(lock).map((platform) => `  ${CONSEQUENCES[platform]}`),
    'For such an app: `npx bgsync remove --retire`, ship a release with that, then `npx bgsync remove`.',
  ].join('\n');

/** `bgsync remove`: takes out what bgsync put in. It needs its lock file, not a project that it understands. */
export async function remove(options: RemoveOptions, ctx: Context): Promise<CommandResult> {
  const { fs, report } = ctx;
  const human = options.json !== true;
  const root = await requireAppRoot(fs, ctx.cwd);
  if (options.dryRun === true) await warnOfInterruption(ctx, root);
  else await recoverFirst(ctx, root);

  const config = await readConfig(fs, root);
  const lock = await requireLock(fs, root, config);
  if (lock === undefined) {
    if (human) report.line('Nothing to remove: there is no background sync of bgsync here.');
    else showDocument(ctx, EMPTY_PLAN, { applied: false, retired: false });
    return { exitCode: ExitCode.ok };
  }
  const committed = (paths: readonly string[]) => committedFiles(ctx, root, paths);
  const request = { root, lock, committed, inverseOf };
  const retires = options.retire === true;
  const replan = async (): Promise<Plan> =>
    retires
      ? planRetirement(fs, { ...request, version: VERSION, files: renderRetired(lock, config) })
      : withoutCi(fs, root, await planRemoval(fs, request));
  const plan = await replan();

  if (human) showPlan(report, plan, lock.moduleDir, options.dryRun === true);
  const isShipped = !retires && lock.retired !== true;
  if (human && isShipped && options.force !== true) {
    report.line();
    report.warn(dangerOf(lock));
  }
  const applies = plan.changes.length > 0 && options.dryRun !== true;
  if (applies) {
    if (isShipped) await requireDecision(ctx, root, options, lock);
    const question = retires
      ? 'Put the retired package in its place?'
      : isShipped
        ? 'Remove all of it? Right where no device has it.'
        : 'Remove what is left of it?';
    const asked = { question, suggested: retires };
    await applyWithConsent(ctx, { root, plan, lock, options, ...asked, replan });
  }
  if (human) showEnd(ctx, root, plan, lock, { applies, retires, dryRun: options.dryRun === true });
  else showDocument(ctx, plan, { applied: applies, retired: retires });
  return { exitCode: exitCodeOf(plan) };
}

/** With what `bgsync ci install` wrote, where that is in the app's own folder; elsewhere it is said. */
async function withoutCi(fs: FileSystem, root: string, plan: Plan): Promise<Plan> {
  const place = await findCiPlace(fs, root);
  if (place === undefined) return plan;
  const ci = await planCiRemoval(fs, place);
  if (place.app === '') {
    return {
      ...plan,
      changes: [...plan.changes, ...ci.changes],
      manual: [...plan.manual, ...ci.manual],
      folders: [...plan.folders, ...(ci.changes.length > 0 ? ci.folders : [])],
    };
  }
  const outside = ci.changes.map(({ path }) => ({
    path: `${place.app.replaceAll(/[^/]+/g, '..')}/${path}`,
    purpose: 'run doctor in CI no longer: npx bgsync ci remove',
    reason: 'the file is outside of the app',
    snippet: '',
    action: 'remove' as const,
  }));
  return { ...plan, manual: [...plan.manual, ...outside] };
}

/**
 * Without a person to read the warning, its consequences have to be asked for by name: unless no commit ever had a sync of
 * bgsync's, which a release is made of.
 *
 * @throws UserError where they are not
 */
async function requireDecision(
  ctx: Context,
  root: string,
  options: RemoveOptions,
  lock: LockFile,
): Promise<void> {
  if (options.force === true) return;
  if (ctx.isInteractive && options.yes !== true && options.json !== true) return;
  if (
    options.yes === true &&
    (await wasNeverCommitted(root, `${lock.moduleDir}/${LOCK_FILE}`, ctx))
  ) {
    return;
  }
  throw new UserError(
    lockedPlatforms(lock).includes('ios')
      ? 'An app that was installed with this sync may be ended by iOS once it is gone.'
      : 'On devices that have this sync, Android goes on trying to start it once it is gone.',
    {
      hint: 'Use --retire for an app that has shipped (see `npx bgsync remove --help`), or --force where no device has it.',
    },
  );
}

async function readConfig(fs: FileSystem, root: string): Promise<Config | undefined> {
  const text = await readText(fs, at(root, CONFIG_FILE));
  const result = text === undefined ? undefined : readConfigText(text);
  return result?.ok === true ? result.config : undefined;
}

async function requireLock(
  fs: FileSystem,
  root: string,
  config: Config | undefined,
): Promise<LockFile | undefined> {
  const found =
    config === undefined ? await searchLock(fs, root) : await findLock(fs, root, config.moduleDir);
  if (found === undefined) {
    if (!(await fs.exists(at(root, CONFIG_FILE)))) return undefined;
    throw new UserError('There is no bgsync.lock.json, which says what was put in.', {
      hint: 'Bring it back from git (it is in the generated package), and run again.',
    });
  }
  if (found.lock !== undefined) return found.lock;
  throw new UserError(
    `${found.path} cannot be read, so what was put in is not known: ${found.problem ?? ''}.`,
    {
      hint: `Bring it back: git checkout ${found.path}`,
    },
  );
}

function showEnd(
  ctx: Context,
  root: string,
  plan: Plan,
  lock: LockFile,
  { applies, retires, dryRun }: { applies: boolean; retires: boolean; dryRun: boolean },
): void {
  const { report } = ctx;
  if (applies) {
    report.line();
    report.line(pc.green(`Done: ${countFiles(plan.changes.length)} changed or removed.`));
  } else if (plan.changes.length === 0) {
    report.line('Nothing to do.');
  }
  showManualSteps(report, plan.manual);
  if (applies && retires) {
    report.line();
    report.line('Left to you:');
    const steps = [
      `${hostOfLock(lock).stepAfter('retire', lock)} and ship this release.`,
      'Once most devices have it: npx bgsync remove',
    ];
    for (const [index, step] of fromHere(ctx, root, steps).entries()) {
      report.line(`  ${index + 1}. ${step}`);
    }
    report.line('  Until then, `npx bgsync init` brings the background sync back.');
  } else if (applies) {
    if (plan.manual.length > 0) report.line();
    report.line(hostOfLock(lock).stepAfter('remove', lock));
  }
  if (dryRun && plan.changes.length > 0) {
    report.line();
    report.line('Dry run: nothing was changed.');
  }
}

function showDocument(
  { report }: Context,
  plan: Plan,
  state: { readonly applied: boolean; readonly retired: boolean },
): void {
  const document = { version: 1, bgsync: VERSION, ...state, ...planDocument(plan) };
  report.raw(printableJson(document));
}
