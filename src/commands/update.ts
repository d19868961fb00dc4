import { CONFIG_FILE, requireConfig } from '../config.ts';
import type { CommandResult, Context } from '../context.ts';
import { hostOf } from '../integrations/hosts.ts';
import { taskSteps } from '../integrations/task-steps.ts';
import { findLock } from '../plan/find-lock.ts';
import { detectProject, refuseWithoutInit } from '../project/detect.ts';
import { requireAppRoot } from '../project/find-root.ts';
import { readText } from '../project/read-text.ts';
import { integrate, requirePlatforms } from './init.ts';
import { recoverFirst, warnOfInterruption } from './lifecycle.ts';
import type { ChangeOptions } from './lifecycle.ts';
import { remove } from './remove.ts';
import { at } from '../place.ts';

export interface UpdateOptions extends ChangeOptions {
  /** No device has a version of the app with an older task id. */
  readonly forgetIds?: boolean;
}

/** `bgsync update`: after a change of the config or a new bgsync, what is generated and edited follows. */
export async function update(options: UpdateOptions, ctx: Context): Promise<CommandResult> {
  const { fs } = ctx;
  const root = await requireAppRoot(fs, ctx.cwd);
  if (options.dryRun === true) await warnOfInterruption(ctx, root);
  else await recoverFirst(ctx, root);
  const text = await readText(fs, at(root, CONFIG_FILE));
  const config = text === undefined ? undefined : requireConfig(text);
  const found = config && (await findLock(fs, root, config.moduleDir));
  if (config === undefined || found === undefined) {
    const what =
      config === undefined
        ? `There is no ${CONFIG_FILE} in ${root}.`
        : `There is no bgsync.lock.json, which says what was put into ${root}.`;
    const hint = 'Run `npx bgsync init` first: update follows what it put in.';
    return refuseWithoutInit(fs, root, what, hint);
  }
  if (found.lock?.retired === true) return remove({ ...options, retire: true }, ctx);
  const project = await detectProject(fs, root);
  requirePlatforms(project, config.platforms);
  const host = hostOf(project);
  const { all, manifest } = host.packages(project);
  const next = [
    `${all}   (where ${manifest} changed)`,
    ...(await host.packageSteps(ctx.fs, project, config)),
    ...host.steps('update', project, config),
    ...(config.queue === 'none' ? [] : await host.queueSteps(ctx.fs, project, config, undefined)),
    ...(await taskSteps(fs, project, config)),
    'npx bgsync doctor',
  ];
  const forgetIds = options.forgetIds === true;
  return integrate(ctx, options, { project, config, pin: false, next, forgetIds });
}
