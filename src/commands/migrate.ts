import * as v from 'valibot';
import { CONFIG_FILE, configSchema } from '../config.ts';
import type { Config } from '../config.ts';
import type { CommandResult, Context } from '../context.ts';
import { openRepo } from '../doctor/repo.ts';
import { UserError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import type { FileSystem } from '../file-system.ts';
import { BYTE_ORDER_MARK } from '../formats/text.ts';
import { hostOf } from '../integrations/hosts.ts';
import { planIntegration } from '../integrations/plan.ts';
import type { Migration } from '../migrate/migration.ts';
import type { Problem } from '../migrate/problem.ts';
import { at } from '../place.ts';
import { findLock } from '../plan/find-lock.ts';
import type { LockFile } from '../plan/lock-file.ts';
import { overlay } from '../plan/overlay.ts';
import { EMPTY_PLAN, afterOf } from '../plan/plan.ts';
import type { FileChange, ManualStep, Plan } from '../plan/plan.ts';
import { isAsGenerated } from '../plan/reformatted.ts';
import { detectProject } from '../project/detect.ts';
import { requireAppRoot } from '../project/find-root.ts';
import { askGitIgnored } from '../project/git.ts';
import type { Project } from '../project/project.ts';
import { readText } from '../project/read-text.ts';
import { RepoFiles } from '../project/repo-files.ts';
import { walkFiles } from '../project/walk.ts';
import { printableJson, printableLine } from '../terminal.ts';
import { VERSION } from '../version.ts';
import { planDocument, showManualSteps } from '../views/plan-view.ts';
import { projectWarnings } from '../views/project-view.ts';
import { integrate, nextSteps, settle, showProject, styleSteps } from './init.ts';
import { recoverFirst } from './lifecycle.ts';
import type { ChangeOptions } from './lifecycle.ts';

export interface MigrateOptions extends ChangeOptions {
  readonly handler?: string;
  readonly moduleDir?: string;
}

/** `bgsync migrate`: what `init` does, with the task of an old library in the handler and its wiring out, in one plan. */
export async function migrate(options: MigrateOptions, ctx: Context): Promise<CommandResult> {
  const { fs, report } = ctx;
  const human = options.json !== true;
  const root = await requireAppRoot(fs, ctx.cwd);
  if (options.dryRun !== true) await recoverFirst(ctx, root);
  const project = await detectProject(fs, root);
  const { all, manifest } = hostOf(project).packages(project);
  if (manifest !== 'package.json') {
    throw new UserError(
      'migrate knows the libraries of React Native and Expo, and this is a Flutter app.',
      {
        hint: '`npx bgsync init` puts the background sync beside the plugin that is there.',
      },
    );
  }
  const worked = await workOut(ctx, project, options);
  const { findTasksElsewhere } = await import('../migrate/elsewhere.ts');
  const { migration, config, lock } = worked;
  const names = migration.libraries.map(({ name }) => name);
  const elsewhere = await findTasksElsewhere(fs, root);
  const refused = [...migration.refused, ...elsewhere];
  if (refused.length > 0) return refuse(ctx, options, refused);
  if (migration.handler === undefined && (lock === undefined || names.length === 0)) {
    if (migration.left.length > 0) return refuse(ctx, options, migration.left.map(withoutTask));
    return nothing(ctx, options, names);
  }

  const after = overlay(fs, textsOf(project, worked));
  // Without what the app no longer has, of which there is nothing to say.
  const left = await detectProject(after, root);
  const warnings = projectWarnings(left, config);
  if (human) {
    showProject(ctx, project);
    for (const warning of warnings) report.warn(warning);
  }
  const next = [
    ...(migration.files.has(manifest) ? [`${all}   (${manifest} changed)`] : []),
    ...nextSteps(
      project,
      config,
      'left-out',
      [],
      [...(await styleSteps(ctx, project, config)), ...stepsOf(worked, project)],
    ),
  ];
  const replan = async (): Promise<Plan> =>
    planOf(ctx, project, await workOut(ctx, project, options));
  return integrate(ctx, options, {
    project,
    config,
    pin: false,
    next,
    warnings,
    tells: true,
    replan,
  });
}

const withoutTask = (problem: Problem): Problem => ({
  ...problem,
  reason: `${problem.reason}, and no task of it was found that is both given a function and started`,
});

interface Worked {
  readonly migration: Migration;
  readonly config: Config;
  /** Whether the settings are there already: then they stay. */
  readonly isSettled: boolean;
  readonly lock: LockFile | undefined;
  /** The handler has code of the user's in it, or is there already. */
  readonly hasOwnHandler: boolean;
}

const LIMITS = { files: 20_000, folders: 20_000, depth: 24 };

async function workOut(ctx: Context, project: Project, options: MigrateOptions): Promise<Worked> {
  const { fs } = ctx;
  const { root } = project;
  // The parser with them: most of what a command loads.
  const [{ planMigration }, { findOldTasks }] = await Promise.all([
    import('../migrate/migration.ts'),
    import('../migrate/find-tasks.ts'),
  ]);
  const repo = await openRepo(fs, root);
  const found = await findOldTasks(repo);
  const text = await readText(fs, at(root, CONFIG_FILE));
  const [first] = found.tasks;
  const isTyped = first !== undefined && /\.[cm]?tsx?$/.test(first.fn.script.path);
  const { handler, moduleDir } = options;
  const config = await settle(ctx, project, {
    ...(moduleDir === undefined ? {} : { moduleDir }),
    ...(text === undefined
      ? { queue: 'none', handler: handler ?? `src/background-sync.${isTyped ? 'ts' : 'js'}` }
      : handler === undefined
        ? {}
        : { handler }),
  });
  const lock = (await findLock(fs, root, config.moduleDir))?.lock;
  const paths = await walkFiles(new RepoFiles(fs, root), '', {
    limits: LIMITS,
    accept: () => true,
    enter: () => true,
    withTests: true,
  });
  const migration = await planMigration({ repo, found, paths, ...config });
  const isSettled = text !== undefined;
  const hasHandler = (await readText(fs, at(root, config.handler))) !== undefined;
  const hasOwnHandler = migration.handler?.isMoved === true || hasHandler;
  const worked = { isSettled, lock, hasOwnHandler };
  const refused = (path: string, reason: string): Worked => ({
    ...worked,
    config,
    migration: { ...migration, refused: [...migration.refused, { path, line: 1, reason }] },
  });
  if (migration.handler !== undefined && (await isTaken(fs, project, config, lock))) {
    const { text: wanted } = migration.handler;
    return refused(
      config.handler,
      `it is yours already: put this into its drainQueue, by hand:\n\n${wanted}`,
    );
  }
  const unknown = migration.tasks.find(
    ({ name }) => name !== undefined && config.tasks.every((one) => one.name !== name),
  );
  if (isSettled && unknown?.name !== undefined) {
    return refused(CONFIG_FILE, `it has no task ${unknown.name}: add it to "tasks", and run again`);
  }
  return { ...worked, migration, config: isSettled ? config : asked(config, migration) };
}

/** Whether the handler is there, and the user's. */
async function isTaken(
  fs: FileSystem,
  { root }: Project,
  { handler, queue }: Config,
  lock: LockFile | undefined,
): Promise<boolean> {
  const text = await readText(fs, at(root, handler));
  if (text === undefined) return false;
  const record = lock?.edits.find(({ path, kind }) => path === handler && kind === 'created');
  return queue !== 'none' || record === undefined || !isAsGenerated(handler, text, record);
}

/** The settings, with the intervals and constraints that the old tasks had. */
function asked(config: Config, { tasks }: Migration): Config {
  const [first, ...others] = tasks;
  if (first === undefined) return config;
  const scheduleOf = (minutes: number | undefined) => {
    if (minutes === undefined) return undefined;
    const intervalMinutes = Math.min(Math.max(Math.round(minutes), 15), 10_080);
    return { intervalMinutes, maxMinutes: Math.max(intervalMinutes, config.schedule.maxMinutes) };
  };
  return v.parse(configSchema, {
    ...config,
    schedule: { ...config.schedule, ...scheduleOf(first.minutes) },
    constraints: { ...config.constraints, ...first.constraints },
    tasks: others.map(({ name, minutes, constraints }) => ({
      name,
      ...(minutes === undefined ? {} : { schedule: scheduleOf(minutes) }),
      ...(Object.keys(constraints).length === 0 ? {} : { constraints }),
    })),
  });
}

/** The texts of the user's own files once they are changed, by absolute path. */
function textsOf(
  { root }: Project,
  { migration, config, hasOwnHandler }: Worked,
): Map<string, string | null> {
  const texts = new Map<string, string | null>();
  for (const [path, { text }] of migration.files) texts.set(at(root, path).absolute, text);
  const { handler } = migration;
  if (handler !== undefined && hasOwnHandler)
    texts.set(at(root, config.handler).absolute, handler.text);
  return texts;
}

/** What `init` would do to the app as the migration leaves it, and the migration, as one plan. */
async function planOf(ctx: Context, project: Project, worked: Worked): Promise<Plan> {
  const { fs } = ctx;
  const { root } = project;
  const { migration, config, hasOwnHandler } = worked;
  if (migration.refused.length > 0) {
    throw new UserError('The app changed since the plan was made. Nothing was changed.', {
      hint: 'Run bgsync again: the plan is made anew.',
    });
  }
  const texts = await marked(fs, project, textsOf(project, worked));
  const { handler, libraries, files } = migration;
  const manifest = files.get('package.json')?.text;
  const gone = libraries.filter(
    ({ name }) => manifest !== undefined && manifest?.includes(JSON.stringify(name)) !== true,
  );
  const plan = await planIntegration(overlay(fs, texts), {
    project,
    config,
    pin: false,
    ask: askGitIgnored(ctx),
    ...(config.platforms.includes('ios') && { formerIds: gone.flatMap(({ iosIds }) => iosIds) }),
    ...(handler !== undefined && !hasOwnHandler && { handlerText: handler.text }),
    hasOwnHandler: handler !== undefined && hasOwnHandler,
  });
  const own = new Map([...files].map(([path, { text, reason }]) => [path, { text, reason }]));
  if (handler !== undefined && hasOwnHandler) {
    own.set(config.handler, {
      text: handler.text,
      reason: 'your handler, with the old task in it',
    });
  }
  const changes: FileChange[] = [];
  for (const change of plan.changes) {
    const mine = own.get(change.path);
    own.delete(change.path);
    const before = await readText(fs, at(root, change.path));
    const text = afterOf(change);
    changes.push(
      mine === undefined || before === undefined || text === undefined
        ? change
        : {
            kind: 'edit',
            path: change.path,
            reason: `${mine.reason}; ${change.reason}`,
            before,
            after: text,
          },
    );
  }
  for (const [path, { reason }] of own) {
    const before = await readText(fs, at(root, path));
    const text = texts.get(at(root, path).absolute) ?? null;
    if (before === text) continue;
    if (text === null) {
      if (before !== undefined) changes.push({ kind: 'delete', path, reason, before });
    } else if (before === undefined) changes.push({ kind: 'create', path, reason, after: text });
    else changes.push({ kind: 'edit', path, reason, before, after: text });
  }
  return { ...plan, changes, manual: [...plan.manual, ...migration.left.map(stepOf)] };
}

/** A byte order mark stays, which no parser was given. */
async function marked(
  fs: FileSystem,
  { root }: Project,
  texts: ReadonlyMap<string, string | null>,
): Promise<Map<string, string | null>> {
  const result = new Map<string, string | null>();
  for (const [path, text] of texts) {
    const before = await readText(fs, at(root, path.slice(root.length + 1)));
    const hasMark = before?.startsWith(BYTE_ORDER_MARK) === true;
    const isBare = text !== null && !text.startsWith(BYTE_ORDER_MARK);
    result.set(path, hasMark && isBare ? BYTE_ORDER_MARK + text : text);
  }
  return result;
}

const stepOf = ({ path, line, reason }: Problem): ManualStep => ({
  path,
  line,
  purpose: 'what is left of the old library',
  reason,
  snippet: '',
});

/** What only the developer knows, and what becomes of phones that have the old task. */
function stepsOf({ migration, config, isSettled }: Worked, project: Project): string[] {
  const steps: string[] = [];
  const [first] = migration.tasks;
  if (migration.handler !== undefined)
    steps.push(
      `Read ${config.handler}, and hand window.signal on to what takes long: a window can close at any moment.`,
    );
  if (isSettled && first?.minutes !== undefined) {
    steps.push(`Compare ${CONFIG_FILE} with the old interval, ${String(first.minutes)} minutes.`);
  }
  if (migration.tasks.some(({ minutes }) => minutes === undefined)) {
    steps.push(
      `Set schedule.intervalMinutes in ${CONFIG_FILE}: the old interval is not in the code.`,
    );
  }
  for (const { path, line } of migration.started) {
    steps.push(
      `${path}:${line}: bgsync is armed at the start of the app. Where the user has it off, call BackgroundSync.cancel() once.`,
    );
  }
  const isIos = config.platforms.includes('ios') || project.platforms.includes('ios');
  steps.push(...migration.libraries.flatMap(({ onPhones }) => (isIos ? [onPhones] : [])));
  return steps;
}

function refuse(
  { report }: Context,
  { json }: MigrateOptions,
  problems: readonly Problem[],
): CommandResult {
  const manual = problems.map(({ path, line, reason }): ManualStep => ({
    path,
    line,
    purpose: 'why the old task cannot be moved',
    reason,
    snippet: '',
  }));
  if (json === true) {
    const document = { version: 1, bgsync: VERSION, applied: false };
    report.raw(printableJson({ ...document, ...planDocument({ ...EMPTY_PLAN, manual }) }));
    return { exitCode: ExitCode.retry };
  }
  report.line('Nothing was changed: the old task cannot be moved as it is.');
  showManualSteps(report, manual);
  report.line();
  report.line(
    'Change these and run `npx bgsync migrate` again, or write the handler by hand: docs/migrate.md.',
  );
  return { exitCode: ExitCode.retry };
}

function nothing(
  { report }: Context,
  { json }: MigrateOptions,
  libraries: readonly string[],
): CommandResult {
  if (json === true) {
    const document = { version: 1, bgsync: VERSION, applied: false };
    report.raw(printableJson({ ...document, ...planDocument(EMPTY_PLAN) }));
    return { exitCode: ExitCode.ok };
  }
  if (libraries.length === 0) {
    report.line(
      'Nothing to migrate: the app has none of expo-background-task, expo-background-fetch and react-native-background-fetch.',
    );
  } else {
    report.line(
      `Nothing to migrate: the app has ${libraries.map(printableLine).join(' and ')}, and no code in its folder that gives it a task.`,
    );
    report.line(
      'Packages of a workspace that the app does not depend on are not looked into. Where none of them gives it a task, take it out as you put it in; `npx bgsync init` puts a background sync in.',
    );
  }
  return { exitCode: ExitCode.ok };
}
