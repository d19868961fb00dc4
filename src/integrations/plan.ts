import { CONFIG_FILE, defaultConfig, generatedFrom, iosIdsOf } from '../config.ts';
import type { Config } from '../config.ts';
import { UserError } from '../errors.ts';
import { SYNC_LAYERS } from '../facts.ts';
import type { FileSystem } from '../file-system.ts';
import { at, tryAt } from '../place.ts';
import { replaceJsonString } from '../formats/json-lists.ts';
import { findLock, unreadableLock } from '../plan/find-lock.ts';
import { LOCK_FILE, lockFiles, podOf } from '../plan/lock-file.ts';
import type { LockFile } from '../plan/lock-file.ts';
import type { ManualStep, Plan } from '../plan/plan.ts';
import { Planner } from '../plan/planner.ts';
import { undoEdit } from '../plan/undo.ts';
import type { AskIgnored } from '../project/git.ts';
import { findIgnored, nameMatches } from '../project/ignored.ts';
import type { Project } from '../project/project.ts';
import { readText } from '../project/read-text.ts';
import type { HandlerLayer, TemplateModel } from '../templates/model.ts';
import { renderFile } from '../templates/render.ts';
import { renderPackage } from './render-package.ts';
import { VERSION } from '../version.ts';
import { exceptionsIn } from './edits/ignore-file.ts';
import { EDITS, inverseOf } from './edits/index.ts';
import { hostOf } from './hosts.ts';
import type { HostIntegration } from './host.ts';

export interface PlanRequest {
  readonly project: Project;
  readonly config: Config;
  /** Put bgsync itself into devDependencies. */
  readonly pin: boolean;
  /** No device has a version of the app that used another task id: those go out of the code and the Info.plist. */
  readonly forgetIds?: boolean;
  /** What {@link layerOfNewHandler} gave, where it was asked already. */
  readonly layer?: HandlerLayer;
  /** The handler, where it is another than that of the template. */
  readonly handlerText?: string;
  /** The handler is made with code of the user's in it, by someone else. */
  readonly hasOwnHandler?: boolean;
  /** iOS ids of what the app had before bgsync: kept, and cancelled, as the ids that bgsync had before. */
  readonly formerIds?: readonly string[];
  /** Of git, where it can be asked. */
  readonly ask?: AskIgnored;
}

/**
 * What has to change in the app for this config: the generated package, the user's own two files, and the small edits
 * that link them. What an earlier bgsync did is brought up to date. Reads only.
 *
 * @throws UserError where the package's folder holds something else
 */
export async function planIntegration(fs: FileSystem, request: PlanRequest): Promise<Plan> {
  const { project, config } = request;
  const lock = await requireLockOrNothing(fs, project.root, config);
  const planner = new Planner(fs, project.root, lock, inverseOf);

  const shipped =
    request.forgetIds === true ? [] : [...(request.formerIds ?? []), ...(lock?.taskIds ?? [])];
  const used = iosIdsOf(config);
  const taskIds = [...new Set([...shipped, ...used])];
  const retiredIds = taskIds.filter((id) => !used.includes(id));
  const host = hostOf(project);
  const model = host.model(project, config, { retiredIds, pod: podOf(lock) });
  const generated = renderPackage(host, config, model);
  await planner.generate(config.moduleDir, generated);

  await planner.create(CONFIG_FILE, EDITS.settings, () => formatConfig(config));
  if (lock !== undefined) {
    const [from, to] = [schemaPath(lock.moduleDir), schemaPath(config.moduleDir)];
    await planner.amend(CONFIG_FILE, 'its schema moved with the package', (source) =>
      replaceJsonString(source, { key: '$schema', from, to }),
    );
  }
  await planHandler(planner, host, fs, request, model, lock);
  if (config.queue !== 'none') {
    await planner.create(model.queue.path, EDITS.queue, () =>
      renderFile(host.handler.queueTemplate, model),
    );
  }
  await host.plan(planner, { fs, project, config, lock, retiredIds });
  await planPin(planner, fs, request, lock);
  const paths = { generated: generated.keys(), lock };
  const left = await planIgnored(planner, fs, request, paths);
  await planner.settle();
  for (const step of left) planner.manual(step);

  const { handler, moduleDir } = config;
  const settings = generatedFrom(config);
  const base = { bgsync: VERSION, host: project.host, moduleDir, handler, settings };
  await planner.lock({ ...base, taskIds, files: lockFiles(generated, lock) });
  return planner.plan();
}

/** What the handler drains that is about to be made; undefined where it drains no library, or is there already. */
export async function layerOfNewHandler(
  fs: FileSystem,
  project: Project,
  config: Config,
): Promise<HandlerLayer | undefined> {
  if (await fs.exists(at(project.root, config.handler))) return undefined;
  return hostOf(project).handler.findLayer(fs, project, config);
}

/** The handler is made once, and moved by its owner: it may be in use by then. */
async function planHandler(
  planner: Planner,
  host: HostIntegration,
  fs: FileSystem,
  { project, config, handlerText, hasOwnHandler, ...request }: PlanRequest,
  model: TemplateModel,
  lock: LockFile | undefined,
): Promise<void> {
  const { handler } = config;
  const isThere = (path: string): Promise<boolean> => fs.exists(at(project.root, path));
  const layer =
    handlerText === undefined
      ? (request.layer ?? (await layerOfNewHandler(fs, project, config)))
      : undefined;
  const ofHandler =
    layer === undefined ? model : { ...model, handler: { ...model.handler, layer } };
  const render = (): string =>
    handlerText ?? renderFile(host.handler.template(config, layer), ofHandler);
  const purpose =
    layer === undefined
      ? EDITS.handler
      : {
          ...EDITS.handler,
          reason: `${EDITS.handler.reason}; drains ${SYNC_LAYERS[layer.id].title}`,
        };

  if (hasOwnHandler === true) {
    planner.claim(handler, EDITS.handler, render());
    return;
  }
  if (lock !== undefined && lock.handler !== handler && (await isThere(lock.handler))) {
    if (!(await isThere(handler))) {
      const reason = `bgsync.config.json says ${handler}, and your file is still ${lock.handler}`;
      planner.manual({ path: handler, purpose: 'move your handler here', reason, snippet: '' });
      planner.leave(lock.handler);
      return;
    }
    planner.leave(lock.handler);
  } else if (lock !== undefined && lock.handler !== handler && (await isThere(handler))) {
    planner.rename(lock.handler, handler);
    return;
  }
  if (lock === undefined || lock.moduleDir === config.moduleDir) {
    await planner.create(handler, purpose, render);
    return;
  }
  await planner.ensure(handler, purpose, render, (source) => {
    const moved = host.handler.movedImports(source, handler, lock.moduleDir, config.moduleDir);
    const reason = `it imports the generated package, which moves to ${config.moduleDir}`;
    return moved === ''
      ? { status: 'already' }
      : { status: 'manual', reason, snippet: moved, action: 'replace' };
  });
}

/**
 * An ignore rule such as `ios/` or `[Dd]ebug/`, meant for the app's own folders, matches in the generated package too.
 * The app's own ignore files take it back; one above the app is its owner's to change.
 *
 * @returns what is left to a person
 */
async function planIgnored(
  planner: Planner,
  fs: FileSystem,
  { project, config, ask }: PlanRequest,
  { generated, lock }: { generated: Iterable<string>; lock: LockFile | undefined },
): Promise<readonly ManualStep[]> {
  const { moduleDir: folder } = config;
  const inside = [...generated, LOCK_FILE].map((path) => `${folder}/${path}`);
  const made = planner
    .plan()
    .changes.flatMap(({ kind, path }) => (kind === 'create' ? [path] : []));
  const files = [...new Set([...inside, CONFIG_FILE, config.handler, ...made])];
  const ignored = await findIgnored(fs, project.root, { files, folder, ask });

  // With them in place nothing is ignored any more, and they are wanted all the same.
  const wanted = lock?.moduleDir === folder ? exceptionsOf(lock) : new Map<string, string[]>();
  const left: ManualStep[] = [];
  for (const { path, rules, exceptions } of ignored) {
    const place = tryAt(project.root, path);
    const text = place === undefined ? undefined : await readText(fs, place);
    const there = text?.split(/\r?\n/) ?? [];
    const isFew = exceptions.length <= MOST_EXCEPTIONS;
    if (isFew && place !== undefined && !exceptions.every((line) => there.includes(line))) {
      wanted.set(path, [...new Set([...(wanted.get(path) ?? []), ...exceptions])]);
      continue;
    }
    const said = rules.map(
      (rule) =>
        `${rule.path === path ? '' : `${rule.path}, `}line ${rule.line}, ${rule.pattern}, ignores ${nameMatches(rule.matches)} too`,
    );
    left.push({
      path,
      purpose: EDITS.ignoreFile.reason,
      reason: `${[...new Set(said)].join('; ')}: everyone who clones the repo, and every build server, would build without it`,
      snippet: exceptions.join('\n'),
      action: 'append',
    });
  }
  const isIgnored = new Set(ignored.map(({ path }) => path));
  for (const [path, lines] of wanted) {
    if (!isIgnored.has(path) && !(await fs.exists(at(project.root, path)))) continue;
    const { ignoreFile } = EDITS;
    await planner.ensure(
      path,
      ignoreFile,
      () => ignoreFile.create(lines),
      (source) => ignoreFile.ensure(source, lines),
    );
  }
  return left;
}

/** A rule that takes more, as `*`, is better changed by who wrote it. */
const MOST_EXCEPTIONS = 20;

/** What an earlier bgsync put into ignore files, by their paths. */
function exceptionsOf({ edits }: LockFile): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { id, path, pieces = [] } of edits) {
    if (id !== EDITS.ignoreFile.id) continue;
    found.set(path, [
      ...(found.get(path) ?? []),
      ...pieces.flatMap(({ text }) => exceptionsIn(text)),
    ]);
  }
  return found;
}

/** A pin that the user took out or changed stays as it is. */
async function planPin(
  planner: Planner,
  fs: FileSystem,
  { project, pin }: PlanRequest,
  lock: LockFile | undefined,
): Promise<void> {
  const path = 'package.json';
  const record = lock?.edits.find((edit) => edit.path === path && edit.id === EDITS.pin.id);
  let isOurs = false;
  if (record !== undefined) {
    const text = (await readText(fs, at(project.root, path))) ?? '';
    const { left, gone } = undoEdit(path, text, record);
    isOurs = left.length === 0 && gone === 0;
  }
  if (pin || isOurs) {
    await planner.edit(path, EDITS.pin, (source) =>
      EDITS.pin.ensure(source, { name: 'bgsync', version: VERSION }),
    );
  } else if (record !== undefined) {
    planner.leave(path);
  }
}

async function requireLockOrNothing(
  fs: FileSystem,
  root: string,
  config: Config,
): Promise<LockFile | undefined> {
  const found = await findLock(fs, root, config.moduleDir);
  if (found !== undefined && found.lock === undefined) throw unreadableLock(found);
  const lock = found?.lock;
  const isOurs = lock?.moduleDir === config.moduleDir;
  if (!isOurs && (await fs.list(at(root, config.moduleDir))).length > 0) {
    throw new UserError(`${config.moduleDir} is there already, and bgsync did not make it.`, {
      hint:
        lock === undefined
          ? 'Choose another folder with --module-dir.'
          : `Set moduleDir in ${CONFIG_FILE} to ${lock.moduleDir}, where the package is, or to a new folder.`,
    });
  }
  return lock;
}

/** Where an editor finds what the config may say. */
const schemaPath = (moduleDir: string): string => `./${moduleDir}/config.schema.json`;

/** The text of bgsync.config.json as `init` writes it. */
export function formatConfig(config: Config): string {
  const { platforms, moduleDir, handler, taskId, schedule, constraints, tasks } = config;
  const isUsual = Object.entries(defaultConfig().constraints).every(
    ([key, value]) => constraints[key as keyof typeof constraints] === value,
  );
  const document = {
    $schema: schemaPath(moduleDir),
    platforms,
    moduleDir,
    handler,
    taskId,
    ...(config.queue === 'none' ? {} : { queue: config.queue }),
    schedule,
    ...(isUsual ? {} : { constraints }),
    ...(tasks.length === 0 ? {} : { tasks }),
    ...(platforms.includes('android') ? { android: config.android } : {}),
    ...(platforms.includes('ios') ? { ios: config.ios } : {}),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
