import { CONFIG_FILE, requireConfig } from '../config.ts';
import type { Config } from '../config.ts';
import type { Context } from '../context.ts';
import { nearestName } from '../doctor/code/near-names.ts';
import { UserError } from '../errors.ts';
import { at } from '../place.ts';
import { requireAppRoot } from '../project/find-root.ts';

/**
 * Fails where the config has no such sync.
 *
 * @param name undefined: the first, which has none
 * @throws UserError with the names that there are, and the one that was most likely meant
 */
export function requireTask(config: Pick<Config, 'tasks'>, name: string | undefined): void {
  const names = config.tasks.map((task) => task.name);
  if (name === undefined || names.includes(name)) return;
  const near = nearestName(name, names);
  const meant = near === undefined ? '' : `Did you mean ${near}? `;
  throw new UserError(`${CONFIG_FILE} has no task ${name}.`, {
    hint: names.length === 0 ? 'It has no "tasks".' : `${meant}It has ${names.join(', ')}.`,
  });
}

/**
 * Before a device is asked: fails where the config of the project around has no such sync. An app that was named may be
 * another than the project's; its build alone knows what it has.
 *
 * @throws UserError as {@link requireTask} does, and where the config is not valid
 */
export async function requireTaskOfProject(
  { app, task }: { readonly app?: string; readonly task?: string },
  ctx: Context,
): Promise<void> {
  if (task === undefined || app !== undefined) return;
  const root = await requireAppRoot(ctx.fs, ctx.cwd).catch(() => undefined);
  const text = root === undefined ? undefined : await ctx.fs.read(at(root, CONFIG_FILE));
  if (text !== undefined) requireTask(requireConfig(text.toString('utf8')), task);
}
