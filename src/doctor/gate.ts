import { CONFIG_FILE } from '../config.ts';
import { UserError } from '../errors.ts';
import type { FileSystem } from '../file-system.ts';
import { at } from '../place.ts';
import { afterOf } from '../plan/plan.ts';
import type { Plan } from '../plan/plan.ts';
import { CHECKS } from './checks/index.ts';
import { overlay } from '../plan/overlay.ts';
import { openRepo } from './repo.ts';
import { runChecks } from './run.ts';
import type { Diagnosis } from './run.ts';

/**
 * What `init` says of an app before the plan: the findings of the checks that tell, as they would be with this config.
 *
 * @param root of the app, absolute
 * @param config the text of bgsync.config.json to come
 */
export async function findingsForInit(
  fs: FileSystem,
  root: string,
  config: string,
): Promise<readonly Diagnosis[]> {
  const files = new Map([[at(root, CONFIG_FILE).absolute, config]]);
  const telling = CHECKS.filter(({ tells }) => tells === true);
  return (await runChecks(telling, await openRepo(overlay(fs, files), root))).findings;
}

/**
 * Refuses a plan after which the app could not be built or would crash: the checks that say `blocks` look at the app as
 * it would be. So a command refuses what doctor would call an error, and nothing else.
 *
 * @param root of the app, absolute
 * @throws UserError that lists what is found, each with its place and what to do
 */
export async function refuseBrokenPlan(fs: FileSystem, root: string, plan: Plan): Promise<void> {
  const files = new Map(
    plan.changes.map((change) => [at(root, change.path).absolute, afterOf(change) ?? null]),
  );
  const blocking = CHECKS.filter(({ blocks }) => blocks === true);
  const { findings } = await runChecks(blocking, await openRepo(overlay(fs, files), root));
  if (findings.length === 0) return;
  const changed = new Set(plan.changes.map(({ path }) => path));
  const list = findings.map(({ id, file, line, message, fix }, index) => {
    // The line of a file as it is not yet would mislead.
    const place = line === undefined || changed.has(file) ? file : `${file}:${line}`;
    const isLast = findings.findLastIndex((one) => one.id === id && one.fix === fix) === index;
    return `  ${place}: ${message}. (${id})${isLast ? `\n    ${fix}` : ''}`;
  });
  const ids = [...new Set(findings.map(({ id }) => id))];
  throw new UserError(`A background sync would break this app:\n${list.join('\n')}`, {
    hint: `Nothing was changed. Change these, then run bgsync again; \`npx bgsync doctor --explain ${ids[0] ?? ''}\` tells the whole story.`,
  });
}
