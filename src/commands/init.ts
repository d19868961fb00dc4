import { posix } from 'node:path';
import pc from 'picocolors';
import * as v from 'valibot';
import { CONFIG_FILE, configSchema, defaultConfig, requireConfig } from '../config.ts';
import type { Config, Platform, QueueDriver } from '../config.ts';
import type { CommandResult, Context } from '../context.ts';
import { refuseBrokenPlan } from '../doctor/gate.ts';
import { UserError } from '../errors.ts';
import type { FileSystem } from '../file-system.ts';
import { ExitCode } from '../exit-code.ts';
import { hostOf } from '../integrations/hosts.ts';
import { importSpecifier, queueFile } from '../integrations/model.ts';
import { planIntegration } from '../integrations/plan.ts';
import { findLock } from '../plan/find-lock.ts';
import type { Plan } from '../plan/plan.ts';
import { detectProject } from '../project/detect.ts';
import { requireAppRoot } from '../project/find-root.ts';
import { askGitIgnored } from '../project/git.ts';
import { requireFreeHandler } from '../project/handler-path.ts';
import { findNeighbours } from '../project/neighbours.ts';
import type { Neighbour } from '../project/neighbours.ts';
import { requirePackageJson } from '../project/package-json.ts';
import { isPublished } from '../project/registry.ts';
import { platformsOf } from '../project/project.ts';
import { commandsOf, inCommandsOf } from '../project/package-manager.ts';
import type { Project } from '../project/project.ts';
import { readText } from '../project/read-text.ts';
import { findSwiftPackageProject } from '../project/swift-packages.ts';
import { findTypeScriptProblem, readTypeScriptProjects } from '../project/typescript.ts';
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
import { applyWithConsent, exitCodeOf, fromHere, recoverFirst } from './lifecycle.ts';
import type { ChangeOptions } from './lifecycle.ts';
import { at } from '../place.ts';

export interface InitOptions extends ChangeOptions {
  readonly platform?: readonly Platform[];
  readonly taskId?: string;
  readonly moduleDir?: string;
  readonly handler?: string;
  /** undefined: ask where one can be asked, else none. */
  readonly queue?: QueueDriver;
  /** undefined: a line of the plan in a terminal, where the registry has it; else left alone. */
  readonly pin?: boolean;
}

/** `bgsync init`: detects the app, shows the plan, applies it as one transaction. */
export async function init(options: InitOptions, ctx: Context): Promise<CommandResult> {
  const { fs, report } = ctx;
  const human = options.json !== true;
  const root = await requireAppRoot(fs, ctx.cwd);
  if (options.dryRun !== true) await recoverFirst(ctx, root);
  const project = await detectProject(fs, root);
  const config = await settle(ctx, project, options);
  const neighbours = await findNeighbours(fs, project, config);
  if (human) showProject(ctx, project);
  const warnings = [
    ...projectWarnings(project, config),
    ...(await typeScriptWarnings(ctx, project, config)),
  ];
  for (const warning of human ? warnings : []) report.warn(warning);
  showNeighbours(
    report,
    neighbours.filter(({ severity }) => human || severity !== 'note'),
  );

  const bgsync = await planPin(ctx, project, options);
  const pin = bgsync === 'added';
  const next = nextSteps(project, config, bgsync, await queueSteps(ctx, project, config));
  return integrate(ctx, options, { project, config, pin, next, warnings, neighbours });
}

export interface Integration {
  readonly project: Project;
  readonly config: Config;
  readonly pin: boolean;
  /** What is left to the user afterwards. */
  readonly next: readonly string[];
  /** For the JSON document: shown to people before. */
  readonly warnings?: readonly string[];
  readonly neighbours?: readonly Neighbour[];
  readonly forgetIds?: boolean;
}

/** Brings the app to what its config says, as `init` and `update` do. */
export async function integrate(
  ctx: Context,
  options: ChangeOptions,
  { project, config, pin, warnings = [], neighbours = [], forgetIds, ...rest }: Integration,
): Promise<CommandResult> {
  const { fs, report } = ctx;
  const { root } = project;
  const human = options.json !== true;
  await refuseSwiftPackages(fs, project, config);
  const isPinned = pin || (await hasBgsync(ctx, project));
  const next = fromHere(ctx, root, rest.next).map((step) =>
    inCommandsOf(project.packageManager, step, isPinned),
  );
  const lock = (await findLock(fs, root, config.moduleDir))?.lock;
  const replan = (): Promise<Plan> =>
    planIntegration(fs, {
      project,
      config,
      pin,
      forgetIds: forgetIds === true,
      ask: askGitIgnored(ctx),
    });
  const plan = await replan();
  await refuseBrokenPlan(fs, root, plan);
  const exitCode = exitCodeOf(plan);

  if (human) {
    if (plan.changes.length === 0) {
      for (const path of plan.kept) report.line(`  kept: ${printableLine(path)} (you changed it)`);
      report.line(
        exitCode === ExitCode.ok ? 'Nothing to do: the background sync is in place.' : '',
      );
    } else {
      showPlan(report, plan, options.dryRun === true ? undefined : config.moduleDir);
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
    report.line('Dry run: nothing was written.');
  }
  return { exitCode };
}

/** The settings: from bgsync.config.json where it is there, else from the flags. */
async function settle(ctx: Context, project: Project, options: InitOptions): Promise<Config> {
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

  const present = platformsOf(project);
  const platforms = options.platform ?? present;
  if (platforms.length === 0) {
    throw new UserError(
      'This app has neither an Android application module nor an Xcode project.',
      {
        hint: 'bgsync needs the native projects. Is this the app’s own folder?',
      },
    );
  }
  requirePlatforms(project, platforms);
  const result = v.safeParse(configSchema, {
    ...defaultConfig(),
    platforms: (['android', 'ios'] as const).filter((name) => platforms.includes(name)),
    ...(options.taskId === undefined ? {} : { taskId: options.taskId }),
    ...(options.moduleDir === undefined ? {} : { moduleDir: cleanPath(options.moduleDir) }),
    queue: options.queue ?? (await askForQueue(ctx, project, options)),
    handler:
      cleanPath(options.handler) ?? `src/background-sync.${project.usesTypeScript ? 'ts' : 'js'}`,
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
  if (!/\.[jt]sx?$/.test(result.output.handler)) {
    throw new UserError('--handler must name a .ts, .tsx, .js or .jsx file.');
  }
  await requireFreeHandler(ctx.fs, project.root, result.output.handler);
  return options.moduleDir === undefined
    ? whereItCompiles(ctx, project, result.output)
    : result.output;
}

/** The settings with the package where the app's own TypeScript compiles it, where that is not so in the usual place. */
async function whereItCompiles(ctx: Context, project: Project, config: Config): Promise<Config> {
  const projects = await readTypeScriptProjects(ctx.fs, project.root);
  const moduleDir = findTypeScriptProblem(projects, config)?.moduleDir;
  return moduleDir === undefined ? config : { ...config, moduleDir };
}

/** @throws UserError where React Native comes as Swift packages: its generator refuses a package of Swift and Objective-C */
async function refuseSwiftPackages(
  fs: FileSystem,
  { root, ios }: Project,
  { platforms }: Config,
): Promise<void> {
  if (!platforms.includes('ios')) return;
  const projects = (ios?.targets ?? []).map(({ project }) => project);
  const found = await findSwiftPackageProject(projects, (path) => fs.exists(at(root, path)));
  if (found === undefined) return;
  throw new UserError(`${found} gets React Native by Swift Package Manager, not by CocoaPods.`, {
    hint: 'The background sync is a pod of Swift and Objective-C++, which `react-native spm` refuses in one package: the app would not build. Go back to CocoaPods with `npx react-native spm deinit` and `pod install`, or leave iOS out: `bgsync init --platform android`, or "platforms": ["android"] in bgsync.config.json.',
  });
}

/** What `tsc` would refuse from now on: where the folder was chosen, or there is no better one. */
async function typeScriptWarnings(
  ctx: Context,
  project: Project,
  config: Config,
): Promise<string[]> {
  const projects = await readTypeScriptProjects(ctx.fs, project.root);
  const problem = findTypeScriptProblem(projects, config);
  if (problem === undefined) return [];
  const { path, reason, moduleDir } = problem;
  const instead =
    moduleDir === undefined
      ? 'Add the folder to its include, or leave the handler out of it'
      : `Put the package into ${moduleDir} (--module-dir, or moduleDir in ${CONFIG_FILE}), or add the folder to it`;
  return [
    `${printableLine(path)}: ${printableLine(reason)}: tsc stops. ${printableLine(instead)}.`,
  ];
}

const cleanPath = (path: string | undefined): string | undefined =>
  path === undefined ? undefined : posix.normalize(path).replace(/\/$/, '');

function refuseOther(flag: string, given: string | undefined, settled: string): void {
  if (given === undefined || given === settled) return;
  throw new UserError(`${flag} ${given}: this app was set up with ${settled}.`, {
    hint: `Change it in ${CONFIG_FILE} instead.`,
  });
}

export function requirePlatforms(project: Project, platforms: readonly Platform[]): void {
  for (const name of platforms) {
    if (platformsOf(project).includes(name)) continue;
    throw new UserError(
      name === 'ios'
        ? 'iOS was asked for, but there is no Xcode project in ios/ or below it.'
        : 'Android was asked for, but no module in android/ applies com.android.application.',
    );
  }
}

function showProject(ctx: Context, project: Project): void {
  const { report } = ctx;
  report.line(`${pc.bold('bgsync')} ${VERSION}  ${printableLine(project.name)}`);
  report.line();
  for (const [name, value] of describeProject(project, ctx.cwd)) {
    report.line(`  ${pc.dim(name.padEnd(12))}  ${printableLine(value)}`);
  }
  const present = platformsOf(project);
  const absent = (['android', 'ios'] as const).filter((name) => !present.includes(name));
  for (const name of absent) {
    report.line(
      `  ${pc.dim(name.padEnd(12))}  no ${name === 'ios' ? 'Xcode project' : 'application module'} found: left out`,
    );
  }
  report.line();
}

/** An app that has a queue needs none; whoever is not asked gets none. */
async function askForQueue(
  ctx: Context,
  project: Project,
  options: InitOptions,
): Promise<QueueDriver> {
  const asks = ctx.isInteractive && !options.yes && !options.json && !options.dryRun;
  if (!asks) return 'none';
  const sqlite = hostOf(project).queueDriver;
  return ctx.prompt.select('What waits to be sent: does the app have a queue for it?', [
    { value: 'none', label: 'It has one, or I write it' },
    { value: sqlite, label: `Generate one, kept in ${sqlite} with SQLCipher` },
    { value: 'custom', label: 'Generate one, kept in a SQLite that I open' },
  ]);
}

/** What the generated queue needs, and what the app has to say to it. */
export async function queueSteps(
  ctx: Context,
  project: Project,
  config: Config,
): Promise<string[]> {
  if (config.queue === 'none') return [`Fill in drainQueue in ${config.handler}.`];
  const file = queueFile(config);
  const handler = await readText(ctx.fs, at(project.root, config.handler));
  const isWired = handler === undefined || handler.includes('sync-queue');
  return [
    ...QUEUE_PACKAGES[config.queue](commandsOf(project.packageManager).add),
    `Say in ${file} how a mutation is sent${config.queue === 'custom' ? ', and open your database there' : ''}.`,
    ...(isWired
      ? []
      : [
          `Hand it over in ${config.handler}: import { queue } from '${importSpecifier(config.handler, file)}', and registerBackgroundSync({ queue }).`,
        ]),
  ];
}

const QUEUE_PACKAGES: Record<QueueDriver, (add: string) => string[]> = {
  none: () => [],
  custom: () => [],
  'op-sqlite': (add) => [
    `${add} @op-engineering/op-sqlite react-native-keychain`,
    'Add "op-sqlite": { "sqlcipher": true } to package.json: without it nothing is encrypted, and the queue refuses to open.',
  ],
  'expo-sqlite': () => [
    'npx expo install expo-sqlite expo-secure-store',
    'Add ["expo-sqlite", { "useSQLCipher": true }] to the plugins of the app config, then prebuild: without it nothing is encrypted, and the queue refuses to open.',
  ],
};

async function hasBgsync(ctx: Context, project: Project): Promise<boolean> {
  const { dependencies, devDependencies } = await requirePackageJson(ctx.fs, project.root);
  return (devDependencies.bgsync ?? dependencies.bgsync) !== undefined;
}

/** What becomes of bgsync in devDependencies; left out: nobody wants it there, or it is not to be had. */
type Pin = 'added' | 'there' | 'advised' | 'left-out';

/** In a terminal the pin is a line of the plan; elsewhere it would make an install from the lock file fail. */
async function planPin(ctx: Context, project: Project, options: InitOptions): Promise<Pin> {
  if (options.pin === true) return 'added';
  if (await hasBgsync(ctx, project)) return 'there';
  if (options.pin === false) return 'left-out';
  const isAsked = ctx.isInteractive && !options.yes && !options.json;
  if (!isAsked) return 'advised';
  return (await isPublished(ctx)) ? 'added' : 'left-out';
}

/** What is left to the user after every init. */
function nextSteps(
  project: Project,
  config: Config,
  bgsync: Pin,
  queue: readonly string[],
): string[] {
  const { all, dev } = commandsOf(project.packageManager);
  const steps: string[] = [];
  if (bgsync === 'added') steps.push(`${all}   (package.json changed)`);
  if (bgsync === 'advised') steps.push(`${dev} bgsync@${VERSION}   (so that CI runs this version)`);
  steps.push(...hostOf(project).steps('init', project, config));
  steps.push(...queue);
  steps.push('npx bgsync trigger --platform local   (runs it on this machine)');
  steps.push('npx bgsync doctor   (here and in CI)');
  return steps;
}

function showNextSteps(ctx: Context, steps: readonly string[]): void {
  ctx.report.line();
  ctx.report.line('Left to you:');
  for (const [index, step] of steps.entries()) ctx.report.line(`  ${index + 1}. ${step}`);
}
