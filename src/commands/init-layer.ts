import { CONFIG_FILE, readConfigText } from '../config.ts';
import type { Config, QueueDriver } from '../config.ts';
import type { Context } from '../context.ts';
import { UserError } from '../errors.ts';
import { SYNC_LAYERS } from '../facts.ts';
import type { SyncLayer, SyncLayerId } from '../facts.ts';
import { hostOf } from '../integrations/hosts.ts';
import { at } from '../place.ts';
import type { Project } from '../project/project.ts';
import { readText } from '../project/read-text.ts';
import { isUsedForSync } from '../project/sync-layers.ts';
import type { ChangeOptions } from './lifecycle.ts';

/** What the user said of what the handler drains. */
export interface LayerOptions extends ChangeOptions {
  /** The library whose queue the handler drains. undefined: asked where one can be, else the only one that is found. */
  readonly drain?: SyncLayerId | 'none';
  /** undefined: ask where one can be asked, else none. */
  readonly queue?: QueueDriver;
}

/** Whether a question can be put to the user. */
export const canAsk = (ctx: Context, options: LayerOptions): boolean =>
  ctx.isInteractive && options.yes !== true && options.json !== true && options.dryRun !== true;

/** Whether a new handler drains a library of the app's: see {@link chooseLayer}. */
export const drains = ({ syncLayers }: Project): boolean =>
  syncLayers.some(({ isSupported }) => isSupported);

/**
 * The project with the one library whose queue a new handler drains, or with none: as `--drain` says, as the user answers,
 * or, where nobody can be asked, the only one that there is.
 *
 * @throws UserError where `--drain` names what the app does not have, or what is not known in its version
 */
export async function chooseLayer(
  ctx: Context,
  project: Project,
  options: LayerOptions,
): Promise<Project> {
  const { drain, queue } = options;
  if (drain !== undefined && drain !== 'none') {
    if (queue !== undefined && queue !== 'none') {
      throw new UserError(
        `--drain ${drain} and --queue ${queue} each say what the handler drains.`,
        {
          hint: 'Leave one of them out.',
        },
      );
    }
    return withOnly(project, requireLayer(project, drain));
  }
  const isQueued = queue !== undefined && queue !== 'none';
  if (drain === 'none' || isQueued) return withOnly(project);
  const known: SyncLayer[] = [];
  for (const layer of project.syncLayers) {
    if (layer.isSupported && (await isUsedForSync(ctx.fs, project.root, layer.id)))
      known.push(layer);
  }
  if (known.length === 0) return withOnly(project);
  if (await isHandlerMade(ctx, project)) return project;
  if (!canAsk(ctx, options))
    return known.length === 1 ? withOnly(project, known[0]) : withOnly(project);
  return withOnly(project, await ask(ctx, known));
}

/** Then nothing is asked: bgsync never overwrites it. One that the user took away is made anew, by a new answer. */
async function isHandlerMade({ fs }: Context, { root }: Project): Promise<boolean> {
  const text = await readText(fs, at(root, CONFIG_FILE));
  const settings = text === undefined ? undefined : readConfigText(text);
  return settings?.ok === true && (await fs.exists(at(root, settings.config.handler)));
}

async function ask(ctx: Context, known: readonly SyncLayer[]): Promise<SyncLayer | undefined> {
  const [only, another] = known;
  if (only !== undefined && another === undefined) {
    const { title, from } = SYNC_LAYERS[only.id];
    const isWanted = await ctx.prompt.confirm(
      `Your app has ${title}: start the handler from ${from}?`,
      true,
    );
    return isWanted ? only : undefined;
  }
  return ctx.prompt.select<SyncLayer | undefined>('What does the handler drain?', [
    ...known.map((layer) => ({ value: layer, label: SYNC_LAYERS[layer.id].title })),
    { value: undefined, label: 'Something else' },
  ]);
}

/** @throws UserError where `--drain` asks for a handler and there is one: it is the user's */
export async function refuseMadeHandler(
  ctx: Context,
  { root }: Project,
  { handler }: Config,
  { drain }: LayerOptions,
): Promise<void> {
  if (drain === undefined || drain === 'none' || !(await ctx.fs.exists(at(root, handler)))) return;
  throw new UserError(
    `--drain ${drain}: ${handler} is there already, and bgsync never overwrites it.`,
    {
      hint: 'Move it away to have one made anew, or leave --drain out.',
    },
  );
}

/** Those in a version that no handler is known for stay: the user is told of them. */
function withOnly(project: Project, layer?: SyncLayer): Project {
  const unknown = project.syncLayers.filter(({ isSupported }) => !isSupported);
  return { ...project, syncLayers: layer === undefined ? unknown : [...unknown, layer] };
}

function requireLayer(project: Project, id: SyncLayerId): SyncLayer {
  const { title, packageName, versions } = SYNC_LAYERS[id];
  const found = project.syncLayers.find((layer) => layer.id === id);
  const { language, name } = hostOf(project);
  if (found === undefined && language === 'dart') {
    throw new UserError(`--drain ${id}: ${title} is no library of ${name}’s.`, {
      hint: 'Leave --drain out, or see --queue.',
    });
  }
  if (found === undefined) {
    throw new UserError(`--drain ${id}: this app does not have ${packageName}.`, {
      hint: 'Add it to the dependencies of package.json first, or leave --drain out.',
    });
  }
  if (!found.isSupported) {
    throw new UserError(
      `--drain ${id}: this app has ${title} ${found.version ?? ''}; a handler is known for ${versions}.`,
      { hint: 'Leave --drain out, and fill in drainQueue yourself.' },
    );
  }
  return found;
}
