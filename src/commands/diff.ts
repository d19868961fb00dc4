import { CONFIG_FILE, requireConfig } from '../config.ts';
import type { CommandResult, Context } from '../context.ts';
import { ExitCode } from '../exit-code.ts';
import { inverseOf } from '../integrations/edits/index.ts';
import { planIntegration } from '../integrations/plan.ts';
import { renderRetired } from '../integrations/retire.ts';
import { findLock, unreadableLock } from '../plan/find-lock.ts';
import type { LockFile } from '../plan/lock-file.ts';
import { otherFiles } from '../plan/other-files.ts';
import { Planner } from '../plan/planner.ts';
import type { Drift, ManualStep } from '../plan/plan.ts';
import { detectProject, refuseWithoutInit } from '../project/detect.ts';
import { requireAppRoot } from '../project/find-root.ts';
import { askGitIgnored, gitState } from '../project/git.ts';
import { readText } from '../project/read-text.ts';
import { VERSION } from '../version.ts';
import { diffDocument, showDrift } from '../views/diff-view.ts';
import { showManualSteps } from '../views/plan-view.ts';
import { printableJson } from '../terminal.ts';
import { warnOfInterruption } from './lifecycle.ts';
import { at } from '../place.ts';

export interface DiffOptions {
  readonly cwd?: string;
  readonly json?: boolean;
}

/** `bgsync diff`: what differs from what would be generated today. Reads only. */
export async function diff(options: DiffOptions, ctx: Context): Promise<CommandResult> {
  const { fs, report } = ctx;
  const root = await requireAppRoot(fs, ctx.cwd);
  await warnOfInterruption(ctx, root);
  const text = await readText(fs, at(root, CONFIG_FILE));
  const config = text === undefined ? undefined : requireConfig(text);
  const found = config && (await findLock(fs, root, config.moduleDir));
  if (found !== undefined && found.lock === undefined) throw unreadableLock(found);
  const lock = found?.lock;
  if (config === undefined || lock === undefined) {
    const what =
      config === undefined
        ? `There is no ${CONFIG_FILE} in ${root}.`
        : `There is no bgsync.lock.json in ${config.moduleDir}.`;
    const hint = 'Run `npx bgsync init` first: diff compares with what it put in.';
    return refuseWithoutInit(fs, root, what, hint);
  }

  let drift: readonly Drift[];
  let manual: readonly ManualStep[] = [];
  if (lock.retired === true) {
    const planner = new Planner(fs, root, lock, inverseOf);
    await planner.generate(lock.moduleDir, renderRetired(lock, config));
    ({ drift } = planner.plan());
  } else {
    const project = await detectProject(fs, root);
    ({ drift, manual } = await planIntegration(fs, {
      project,
      config,
      pin: false,
      ask: askGitIgnored(ctx),
    }));
  }
  const all = [...drift, ...(await findExtras(ctx, root, lock))];

  if (options.json === true) {
    report.raw(printableJson(diffDocument(lock, all, manual)));
  } else if (all.length === 0 && manual.length === 0) {
    report.line(
      lock.retired === true
        ? 'The background sync is retired, and the package that cancels it is up to date.'
        : `Everything is as bgsync ${VERSION} generates it.`,
    );
  } else {
    showDrift(report, lock, all);
    showManualSteps(report, manual);
  }
  const differs = all.length > 0 || manual.length > 0;
  return { exitCode: differs ? ExitCode.expired : ExitCode.ok };
}

/** What builds and tools leave in a package, whether git ignores it or not. */
const BY_TOOLS = /(?:^|\/)(?:build|\.gradle|\.cxx|\.kotlin|node_modules|Pods|\.DS_Store)\/?$/;

async function findExtras(ctx: Context, root: string, lock: LockFile): Promise<Drift[]> {
  const names = new Set(Object.keys(lock.files));
  const found = await otherFiles(ctx.fs, root, lock.moduleDir, names);
  const paths = found
    .filter((path) => !BY_TOOLS.test(path))
    .map((path) => `${lock.moduleDir}/${path}`);
  if (paths.length === 0) return [];
  const state = await gitState(root, paths, ctx);
  const ignored = new Set(state.kind === 'repo' ? state.ignored : []);
  return paths
    .filter((path) => !ignored.has(path))
    .map((path) => ({ path, why: ['extra'], before: undefined, after: undefined }));
}
