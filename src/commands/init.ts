import { join, posix } from 'node:path';
import pc from 'picocolors';
import * as v from 'valibot';
import { CONFIG_FILE, configSchema, defaultConfig, requireConfig } from '../config.ts';
import type { Config, Platform } from '../config.ts';
import type { CommandResult, Context } from '../context.ts';
import { CancelError, UserError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { planIntegration } from '../integrations/plan.ts';
import { applyChanges } from '../plan/apply.ts';
import { recover } from '../plan/journal.ts';
import type { Plan } from '../plan/plan.ts';
import { detectProject } from '../project/detect.ts';
import { requireAppRoot } from '../project/find-root.ts';
import { requirePackageJson } from '../project/package-json.ts';
import type { PackageManager, Project } from '../project/project.ts';
import { isUntested } from '../project/react-native.ts';
import { readText } from '../project/read-text.ts';
import { printableLine } from '../terminal.ts';
import { VERSION } from '../version.ts';
import { planDocument, showManualSteps, showPlan } from '../views/plan-view.ts';
import { describeProject, sceneTargets } from '../views/project-view.ts';

export interface InitOptions {
  readonly cwd?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly platform?: readonly Platform[];
  readonly taskId?: string;
  readonly moduleDir?: string;
  readonly handler?: string;
  /** undefined: ask where one can be asked, else leave it. */
  readonly pin?: boolean;
}

/** `bgsync init`: detects the app, shows the plan, applies it as one transaction. */
export async function init(options: InitOptions, ctx: Context): Promise<CommandResult> {
  const { fs, report } = ctx;
  const human = options.json !== true;
  const root = await requireAppRoot(fs, ctx.cwd);
  // Before anything is read: what is there may be the half of a plan.
  if (options.dryRun !== true) await recoverFirst(ctx, root);
  const project = await detectProject(fs, root);
  const config = await settle(ctx, project, options);
  if (human) showProject(ctx, project, config);

  const isThere = await hasBgsync(ctx, project);
  const pin = await wantsPin(ctx, isThere, options);
  const plan = await planIntegration(fs, { project, config, pin });
  const next = nextSteps(project, config, pin ? 'added' : isThere ? 'there' : 'absent');
  const exitCode = plan.manual.length > 0 ? ExitCode.retry : ExitCode.ok;

  if (human) {
    if (plan.changes.length === 0) {
      for (const path of plan.kept) report.line(`  kept: ${printableLine(path)} (you changed it)`);
      report.line(
        exitCode === ExitCode.ok ? 'Nothing to do: the background sync is in place.' : '',
      );
    } else {
      showPlan(report, plan, config.moduleDir);
    }
  }
  const applies = plan.changes.length > 0 && options.dryRun !== true;
  if (applies) {
    await requireConsent(ctx, options, plan);
    await applyChanges(fs, project.root, plan.changes, ctx.signal);
  }

  if (!human) {
    const document = { version: 1, bgsync: VERSION, applied: applies, project, config };
    report.raw(`${JSON.stringify({ ...document, ...planDocument(plan), next }, null, 2)}\n`);
    return { exitCode };
  }
  if (applies) {
    report.line();
    report.line(pc.green(`Done: ${plan.changes.length} files written.`));
  }
  showManualSteps(report, plan.manual);
  if (applies) showNextSteps(ctx, next);
  if (options.dryRun === true && plan.changes.length > 0) {
    report.line();
    report.line('Dry run: nothing was written.');
  }
  return { exitCode };
}

/** An earlier bgsync may have been killed in the middle of its changes. */
async function recoverFirst(ctx: Context, root: string): Promise<void> {
  const recovery = await recover(ctx.fs, root);
  if (recovery === undefined) return;
  ctx.report.warn(
    `An earlier bgsync was interrupted; its changes were undone (${recovery.restored.length} files).`,
  );
  for (const path of recovery.left) {
    ctx.report.warn(`  left as it is, because it changed since: ${printableLine(path)}`);
  }
}

/** The settings: from bgsync.config.json where it is there, else from the flags. */
async function settle(ctx: Context, project: Project, options: InitOptions): Promise<Config> {
  const text = await readText(ctx.fs, join(project.root, CONFIG_FILE));
  if (text !== undefined) {
    const config = requireConfig(text);
    refuseOther('--task-id', options.taskId, config.taskId);
    refuseOther('--module-dir', cleanPath(options.moduleDir), config.moduleDir);
    refuseOther('--handler', cleanPath(options.handler), config.handler);
    const platforms = options.platform && [...options.platform].sort().join(', ');
    refuseOther('--platform', platforms, [...config.platforms].sort().join(', '));
    requirePlatforms(project, config.platforms);
    return config;
  }

  const present = (['android', 'ios'] as const).filter((name) => project[name] !== undefined);
  const platforms = options.platform ?? present;
  if (platforms.length === 0) {
    throw new UserError('This app has neither android/app nor an Xcode project in ios/.', {
      hint: 'bgsync needs the native projects. Is this the app’s own folder?',
    });
  }
  requirePlatforms(project, platforms);
  const result = v.safeParse(configSchema, {
    ...defaultConfig(),
    platforms: (['android', 'ios'] as const).filter((name) => platforms.includes(name)),
    ...(options.taskId === undefined ? {} : { taskId: options.taskId }),
    ...(options.moduleDir === undefined ? {} : { moduleDir: cleanPath(options.moduleDir) }),
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
  return result.output;
}

const cleanPath = (path: string | undefined): string | undefined =>
  path === undefined ? undefined : posix.normalize(path).replace(/\/$/, '');

function refuseOther(flag: string, given: string | undefined, settled: string): void {
  if (given === undefined || given === settled) return;
  throw new UserError(`${flag} ${given}: this app was set up with ${settled}.`, {
    hint: `Change it in ${CONFIG_FILE} instead.`,
  });
}

function requirePlatforms(project: Project, platforms: readonly Platform[]): void {
  for (const name of platforms) {
    if (project[name] !== undefined) continue;
    throw new UserError(
      name === 'ios'
        ? 'iOS was asked for, but there is no Xcode project in ios/.'
        : 'Android was asked for, but there is no android/app/build.gradle(.kts).',
    );
  }
}

function showProject(ctx: Context, project: Project, config: Config): void {
  const { report } = ctx;
  report.line(`${pc.bold('bgsync')} ${VERSION}  ${printableLine(project.name)}`);
  report.line();
  for (const [name, value] of describeProject(project)) {
    report.line(`  ${pc.dim(name.padEnd(12))}  ${printableLine(value)}`);
  }
  const absent = (['android', 'ios'] as const).filter((name) => project[name] === undefined);
  for (const name of absent) {
    report.line(`  ${pc.dim(name.padEnd(12))}  not in this repo: left out`);
  }
  report.line();
  if (isUntested(project.reactNative.version)) {
    report.warn(
      `React Native ${project.reactNative.version} is newer than this bgsync was tested with.`,
    );
  }
  const scenes = config.platforms.includes('ios') ? sceneTargets(project) : [];
  if (scenes.length > 0) {
    report.warn(
      `${scenes.join(', ')}: React Native starts in a scene. When iOS launches the app in the background it connects no\n` +
        'scene, so a cold launch ends as `run.skip why=no-host`, unless the app delegate owns the factory and hands it over\n' +
        '(README, "Scene-based apps"). While the app is in memory, the sync runs.',
    );
  }
}

async function hasBgsync(ctx: Context, project: Project): Promise<boolean> {
  const { dependencies, devDependencies } = await requirePackageJson(ctx.fs, project.root);
  return (devDependencies.bgsync ?? dependencies.bgsync) !== undefined;
}

async function wantsPin(ctx: Context, isThere: boolean, options: InitOptions): Promise<boolean> {
  if (options.pin !== undefined) return options.pin;
  const asks = ctx.isInteractive && !options.yes && !options.json && !options.dryRun;
  if (!asks || isThere) return false;
  return ctx.prompt.confirm(
    `Add bgsync ${VERSION} to devDependencies, so that CI runs the version that generated?`,
    true,
  );
}

async function requireConsent(ctx: Context, options: InitOptions, plan: Plan): Promise<void> {
  if (options.yes === true) return;
  if (!ctx.isInteractive || options.json === true) {
    throw new UserError(`${plan.changes.length} files would be written, and no one can be asked.`, {
      hint: 'Add --yes to apply the plan, or --dry-run to only see it.',
    });
  }
  ctx.report.line();
  if (!(await ctx.prompt.confirm('Apply this plan?', true))) {
    throw new CancelError('Nothing was changed.');
  }
}

const INSTALL: Record<PackageManager, { all: string; dev: string }> = {
  npm: { all: 'npm install', dev: 'npm install --save-dev --save-exact' },
  yarn: { all: 'yarn install', dev: 'yarn add --dev --exact' },
  pnpm: { all: 'pnpm install', dev: 'pnpm add --save-dev --save-exact' },
  bun: { all: 'bun install', dev: 'bun add --dev --exact' },
};

/** What is left to the user after every init. */
function nextSteps(
  project: Project,
  config: Config,
  bgsync: 'absent' | 'added' | 'there',
): string[] {
  const { all, dev } = INSTALL[project.packageManager];
  const steps: string[] = [];
  if (bgsync === 'added') steps.push(`${all}   (package.json changed)`);
  if (bgsync === 'absent') steps.push(`${dev} bgsync@${VERSION}   (so that CI runs this version)`);
  if (config.platforms.includes('ios'))
    steps.push('cd ios && bundle exec pod install   (or pod install)');
  steps.push('Rebuild the app: a native module was added.');
  steps.push(`Fill in drainQueue in ${config.handler}.`);
  steps.push('npx bgsync trigger --platform local   (runs it on this machine)');
  steps.push('npx bgsync doctor   (here and in CI)');
  return steps;
}

function showNextSteps(ctx: Context, steps: readonly string[]): void {
  ctx.report.line();
  ctx.report.line('Left to you:');
  for (const [index, step] of steps.entries()) ctx.report.line(`  ${index + 1}. ${step}`);
}
