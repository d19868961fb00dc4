import { posix } from 'node:path';
import pc from 'picocolors';
import * as v from 'valibot';
import { CONFIG_FILE, configSchema, defaultConfig, requireConfig } from '../config.ts';
import type { Config, Platform, QueueDriver } from '../config.ts';
import type { CommandResult, Context } from '../context.ts';
import { judgePlan } from '../doctor/gate.ts';
import { UserError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { hostOf } from '../integrations/hosts.ts';
import { taskSteps } from '../integrations/task-steps.ts';
import { layerOfNewHandler, planIntegration } from '../integrations/plan.ts';
import { readJsonPath } from '../formats/json-lists.ts';
import { findLock } from '../plan/find-lock.ts';
import type { Plan } from '../plan/plan.ts';
import { detectProject, requireNativeProject } from '../project/detect.ts';
import { requireAppRoot } from '../project/find-root.ts';
import { askGitIgnored } from '../project/git.ts';
import { requirePackageJson } from '../project/package-json.ts';
import { isFromRegistry, isPublished } from '../project/registry.ts';
import { PLATFORMS, whyNotIos } from '../project/project.ts';
import type { Project } from '../project/project.ts';
import { readText } from '../project/read-text.ts';
import { quotePath } from '../project/several-apps.ts';
import type { HandlerLayer } from '../templates/model.ts';
import { printableJson, printableLine } from '../terminal.ts';
import { VERSION } from '../version.ts';
import {
  countFiles,
  planDocument,
  showConflicts,
  showManualSteps,
  showPlan,
  showUnproven,
} from '../views/plan-view.ts';
import { describeProject, projectWarnings, showNeighbours } from '../views/project-view.ts';
import type { LayerOptions } from './init-layer.ts';
import { canAsk, chooseLayer, drains, refuseMadeHandler } from './init-layer.ts';
import { applyWithConsent, exitCodeOf, fromHere, recoverFirst } from './lifecycle.ts';
import type { ChangeOptions } from './lifecycle.ts';
import { at } from '../place.ts';

export interface InitOptions extends LayerOptions {
  readonly platform?: readonly Platform[];
  readonly taskId?: string;
  readonly moduleDir?: string;
  readonly handler?: string;
  /** undefined: where a registry has it, a line of the plan in a terminal, and advice elsewhere; else left alone. */
  readonly pin?: boolean;
}

/** `bgsync init`: detects the app, shows the plan, applies it as one transaction. */
export async function init(options: InitOptions, ctx: Context): Promise<CommandResult> {
  const { fs, report } = ctx;
  const human = options.json !== true;
  const root = await requireAppRoot(fs, ctx.cwd);
  if (options.dryRun !== true) await recoverFirst(ctx, root);
  const found = await detectProject(fs, root);
  // Whoever is asked sees first what was found.
  if (human) showProject(ctx, found);
  const project = await chooseLayer(ctx, found, options);
  const config = await settle(ctx, project, options);
  await refuseMadeHandler(ctx, project, config, options);
  const compiles = await hostOf(project).findCompileProblem(fs, project, config);
  const warnings = [
    ...projectWarnings(project, config),
    ...(compiles === undefined ? [] : [printableLine(compiles.message)]),
  ];
  for (const warning of human ? warnings : []) report.warn(warning);

  const bgsync = await planPin(ctx, project, options);
  const pin = bgsync === 'added';
  const layer = await layerOfNewHandler(fs, project, config);
  const packages = await hostOf(project).packageSteps(fs, project, config);
  const next = nextSteps(project, config, bgsync, packages, [
    ...(await hostOf(project).queueSteps(fs, project, config, layer)),
    ...(await taskSteps(fs, project, config)),
    ...(await styleSteps(ctx, project, config)),
  ]);
  return integrate(ctx, options, {
    project,
    config,
    pin,
    next,
    warnings,
    tells: true,
    ...(layer && { layer }),
  });
}

export interface Integration {
  readonly project: Project;
  readonly config: Config;
  readonly pin: boolean;
  /** What is left to the user afterwards. */
  readonly next: readonly string[];
  /** For the JSON document: shown to people before. */
  readonly warnings?: readonly string[];
  /** Whether to say what doctor would find. */
  readonly tells?: true;
  readonly forgetIds?: boolean;
  readonly layer?: HandlerLayer;
  /** Makes the plan, where it is more than what the config asks for. */
  readonly replan?: () => Promise<Plan>;
}

/** Brings the app to what its config says, as `init` and `update` do. */
export async function integrate(
  ctx: Context,
  options: ChangeOptions,
  { project, config, pin, warnings = [], tells, forgetIds, ...rest }: Integration,
): Promise<CommandResult> {
  const { fs, report } = ctx;
  const { root } = project;
  const human = options.json !== true;
  await hostOf(project).requireBuildable(fs, project, config);
  const { dev, phrase } = hostOf(project).packages(project);
  const isPinned = pin || (dev !== undefined && (await hasBgsync(ctx, project)));
  const next = fromHere(ctx, root, rest.next).map((step) => phrase(step, isPinned));
  const lock = (await findLock(fs, root, config.moduleDir))?.lock;
  const replan =
    rest.replan ??
    ((): Promise<Plan> =>
      planIntegration(fs, {
        project,
        config,
        pin,
        ...(rest.layer && { layer: rest.layer }),
        forgetIds: forgetIds === true,
        ask: askGitIgnored(ctx),
      }));
  const plan = await replan();
  const judged = await judgePlan(fs, root, plan, config);
  const neighbours = tells === true ? judged : [];
  showNeighbours(
    report,
    neighbours.filter(({ severity }) => human || severity !== 'note'),
  );
  const exitCode = exitCodeOf(plan);

  if (human) {
    // After what was said on the same stream: where one is sent elsewhere, the other has no gap.
    if (neighbours.some(({ severity }) => severity === 'note')) report.line();
    else if (neighbours.length + warnings.length > 0) report.warn('');
    if (plan.changes.length === 0) {
      for (const path of plan.kept) report.line(`  kept: ${printableLine(path)} (you changed it)`);
      report.line(
        exitCode === ExitCode.ok ? 'Nothing to do: the background sync is in place.' : '',
      );
    } else {
      showPlan(report, plan, config.moduleDir, options.dryRun === true);
    }
  }
  const applies = plan.changes.length > 0 && options.dryRun !== true;
  if (applies) {
    const question = 'Apply this plan?';
    await applyWithConsent(ctx, { root, plan, lock, options, question, replan });
  }

  if (!human) {
    const about = { project, config, warnings, neighbours };
    const document = { version: 1, bgsync: VERSION, applied: applies, ...about };
    report.raw(printableJson({ ...document, ...planDocument(plan), next }));
    return { exitCode };
  }
  if (applies) {
    report.line();
    report.line(pc.green(`Done: ${countFiles(plan.changes.length)} written.`));
  }
  showConflicts(report, plan.conflicts);
  showManualSteps(report, plan.manual);
  showUnproven(report, plan.unproven);
  if (applies) showNextSteps(ctx, next);
  if (options.dryRun === true && plan.changes.length > 0) {
    report.line();
    report.line('Dry run: nothing was changed.');
  }
  return { exitCode };
}

/** The settings: from bgsync.config.json where it is there, else from the flags. */
export async function settle(
  ctx: Context,
  project: Project,
  options: InitOptions,
): Promise<Config> {
  const text = await readText(ctx.fs, at(project.root, CONFIG_FILE));
  if (text !== undefined) {
    const config = requireConfig(text);
    refuseOther('--task-id', options.taskId, config.taskId);
    refuseOther('--module-dir', cleanPath(options.moduleDir), config.moduleDir);
    refuseOther('--handler', cleanPath(options.handler), config.handler);
    const platforms = options.platform && [...options.platform].sort().join(', ');
    refuseOther('--queue', options.queue, config.queue);
    refuseOther('--platform', platforms, [...config.platforms].sort().join(', '));
    requirePlatforms(project, config.platforms);
    return config;
  }

  const platforms = options.platform ?? project.platforms;
  const host = hostOf(project);
  await requireNativeProject(ctx.fs, project);
  requirePlatforms(project, platforms);
  const result = v.safeParse(configSchema, {
    ...defaultConfig(),
    platforms: PLATFORMS.filter((name) => platforms.includes(name)),
    ...(options.taskId === undefined ? {} : { taskId: options.taskId }),
    moduleDir: cleanPath(options.moduleDir) ?? host.moduleDir,
    queue: options.queue ?? (await askForQueue(ctx, project, options)),
    handler: cleanPath(options.handler) ?? host.handler.defaultPath(project),
  });
  if (!result.success) {
    const flags: Record<string, string> = {
      taskId: '--task-id',
      moduleDir: '--module-dir',
      handler: '--handler',
    };
    const [issue] = result.issues;
    const key = v.getDotPath(issue) ?? '';
    throw new UserError(`${flags[key] ?? key} ${issue.message}.`);
  }
  if (!host.handler.pattern.test(result.output.handler)) {
    throw new UserError(`--handler must name ${host.handler.kinds}.`);
  }
  await host.handler.requireFree(ctx.fs, project.root, result.output.handler);
  return options.moduleDir === undefined
    ? whereItCompiles(ctx, project, result.output)
    : result.output;
}

/** The settings with the package where the app's own compiler takes it, where that is not so in the usual place. */
async function whereItCompiles(ctx: Context, project: Project, config: Config): Promise<Config> {
  const problem = await hostOf(project).findCompileProblem(ctx.fs, project, config);
  return problem?.moduleDir === undefined ? config : { ...config, moduleDir: problem.moduleDir };
}

const cleanPath = (path: string | undefined): string | undefined =>
  path === undefined ? undefined : posix.normalize(path).replace(/\/$/, '');

function refuseOther(flag: string, given: string | undefined, settled: string): void {
  if (given === undefined || given === settled) return;
  throw new UserError(`${flag} ${given}: this app was set up with ${settled}.`, {
    hint: `Change it in ${CONFIG_FILE} instead, then run \`npx bgsync update\`.`,
  });
}

export function requirePlatforms(project: Project, platforms: readonly Platform[]): void {
  for (const name of platforms) {
    if (project.platforms.includes(name)) continue;
    throw new UserError(
      name === 'ios'
        ? `iOS was asked for, but ${whyNotIos(project.ios) ?? 'there is no Xcode project in ios/ or below it'}.`
        : 'Android was asked for, but no module in android/ applies com.android.application.',
    );
  }
}

export function showProject(ctx: Context, project: Project): void {
  const { report } = ctx;
  report.line(`${pc.bold('bgsync')} ${VERSION}  ${printableLine(project.name)}`);
  report.line();
  for (const [name, value] of describeProject(project, ctx)) {
    report.line(`  ${pc.dim(name.padEnd(12))}  ${printableLine(value)}`);
  }
  const absent = PLATFORMS.filter((name) => !project.platforms.includes(name));
  for (const name of absent) {
    const why =
      name === 'ios'
        ? (whyNotIos(project.ios) ?? 'no Xcode project found')
        : 'no application module found';
    report.line(`  ${pc.dim(name.padEnd(12))}  ${why}: left out`);
  }
  report.line();
}

/** An app that has a queue needs none; whoever is not asked gets none. */
async function askForQueue(
  ctx: Context,
  project: Project,
  options: InitOptions,
): Promise<QueueDriver> {
  const asks = canAsk(ctx, options);
  const sqlite = hostOf(project).queueDriver;
  // A host without one of its own has no queue to generate.
  if (!asks || sqlite === 'none' || drains(project)) return 'none';
  return ctx.prompt.select('What waits to be sent: does the app have a queue for it?', [
    { value: 'none', label: 'It has one, or I write it' },
    { value: sqlite, label: `Generate one, kept in ${sqlite} with SQLCipher` },
    { value: 'custom', label: 'Generate one, kept in a SQLite that I open' },
  ]);
}

/** Prettier's options by which a script fails where a file is not as it would write it. */
const CHECKS_STYLE = /\s(?:--check|-c|--list-different|-l)(?![\w-])/;

/**
 * Where a script of the app checks its files with Prettier, that it has to write the generated ones first: bgsync does not
 * run it, and takes what it set anew for untouched (src/plan/reformatted.ts).
 */
export async function styleSteps(
  ctx: Context,
  project: Project,
  config: Config,
): Promise<string[]> {
  if (hostOf(project).packages(project).manifest !== 'package.json') return [];
  const text = (await readText(ctx.fs, at(project.root, 'package.json'))) ?? '';
  const isChecked = Object.values(readJsonPath(text, ['scripts']) ?? {}).some(
    (script) =>
      typeof script === 'string' &&
      script.includes('prettier') &&
      CHECKS_STYLE.test(script.slice(script.indexOf('prettier'))),
  );
  if (!isChecked) return [];
  const { moduleDir, handler } = config;
  const files = `${quotePath(moduleDir)} ${quotePath(handler)}`;
  return [
    `npx prettier --write ${files}   (a script of package.json checks the style; files that Prettier set anew count as unchanged)`,
  ];
}

/** Whether bgsync is among the app's own dependencies. */
async function hasBgsync(ctx: Context, project: Project): Promise<boolean> {
  if (hostOf(project).packages(project).dev === undefined) return false;
  const { dependencies, devDependencies } = await requirePackageJson(ctx.fs, project.root);
  return (devDependencies.bgsync ?? dependencies.bgsync) !== undefined;
}

/** What becomes of bgsync in devDependencies; left out: nobody wants it there, or it is not to be had. */
type Pin = 'added' | 'there' | 'advised' | 'left-out';

/** In a terminal the pin is a line of the plan; elsewhere it would make an install from the lock file fail. */
async function planPin(ctx: Context, project: Project, options: InitOptions): Promise<Pin> {
  const { dev, name } = hostOf(project).packages(project);
  if (dev === undefined) {
    if (options.pin !== true) return 'left-out';
    throw new UserError(`--pin: ${name} does not have bgsync.`, {
      hint: 'Leave --pin out, and name the version where you run it: npx bgsync@' + VERSION + '.',
    });
  }
  if (options.pin === true) return 'added';
  if (await hasBgsync(ctx, project)) return 'there';
  if (options.pin === false) return 'left-out';
  const isAsked = ctx.isInteractive && !options.yes && !options.json;
  if (isAsked) return (await isPublished(ctx)) ? 'added' : 'left-out';
  // In a script no request is made for it.
  return (await isFromRegistry(ctx.fs)) ? 'advised' : 'left-out';
}

/**
 * What is left to the user after every init, in the order in which it is done.
 *
 * @param packages that are missing, which the build needs
 * @param more what is left in the app’s own files
 */
export function nextSteps(
  project: Project,
  config: Config,
  bgsync: Pin,
  packages: readonly string[],
  more: readonly string[],
): string[] {
  const host = hostOf(project);
  const { all, dev, manifest } = host.packages(project);
  const steps: string[] = [];
  if (bgsync === 'added') steps.push(`${all}   (${manifest} changed)`);
  if (bgsync === 'advised')
    steps.push(`${dev ?? ''} bgsync@${VERSION}   (CI then runs this version)`);
  steps.push(...packages, ...host.steps('init', project, config), ...more);
  steps.push('npx bgsync trigger --platform local   (runs it on this machine)');
  steps.push('npx bgsync doctor   (here and in CI)');
  return steps;
}

function showNextSteps(ctx: Context, steps: readonly string[]): void {
  ctx.report.line();
  ctx.report.line('Left to you:');
  for (const [index, step] of steps.entries()) ctx.report.line(`  ${index + 1}. ${step}`);
}
