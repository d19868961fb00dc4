import { basename, join, relative } from 'node:path';
import { hasBackgroundWork } from '../doctor/background-work.ts';
import type { CommandResult, Context } from '../context.ts';
import { runRepoChecks } from '../doctor/run-repo.ts';
import { assess } from '../doctor/assess.ts';
import { neededChecks } from '../doctor/checks/groups.ts';
import type { DeviceOptions } from '../doctor/device/android-bench.ts';
import type { DoctorReport } from '../doctor/judge.ts';
import { formatReport } from '../doctor/reports/index.ts';
import type { Format } from '../doctor/reports/index.ts';
import type { AppReport } from '../doctor/reports/merge.ts';
import { findReportPlace } from '../doctor/reports/report-place.ts';
import { openRepo } from '../doctor/repo.ts';
import type { DoctorRepo } from '../doctor/repo.ts';
import { areaOf } from '../doctor/rule.ts';
import { joinResults, runChecks, withIdle } from '../doctor/run.ts';
import type { DoctorResult } from '../doctor/run.ts';
import type { Note } from '../project/repo-files.ts';
import { chosen, requireRule, selector } from '../doctor/select.ts';
import type { IsSelected } from '../doctor/select.ts';
import { UserError } from '../errors.ts';
import type { FileSystem } from '../file-system.ts';
import { createColors } from '../events/format.ts';
import type { Colors } from '../events/format.ts';
import { ExitCode } from '../exit-code.ts';
import { commandFromHere, commandsFromHere } from '../from-here.ts';
import { findAppsBelow } from '../project/workspace.ts';
import { SeveralAppsError, quotePath } from '../project/several-apps.ts';
import { findHostApp } from '../project/host.ts';
import type { Host } from '../project/host.ts';
import type { HostId } from '../project/project.ts';
import { printableJson, printableLine } from '../terminal.ts';
import { askGitIgnored } from '../project/git.ts';
import { VERSION } from '../version.ts';

export interface DoctorOptions {
  readonly cwd?: string;
  readonly json?: boolean;
  readonly format?: Format;
  /** Warnings fail too. */
  readonly strict?: boolean;
  /** Every app of the workspace. */
  readonly all?: boolean;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly baseline?: string;
  readonly writeBaseline?: string;
  /** An id; true for the list of all. */
  readonly explain?: string | true;
  /** A path, `-`, or `live`. */
  readonly log?: string;
  /** An id; true for all devices. */
  readonly device?: string | true;
  readonly platform?: 'android' | 'ios';
  readonly app?: string;
  readonly adb?: string;
  readonly xcrun?: string;
  readonly runTools?: boolean;
  readonly fix?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly allowDirty?: boolean;
}

/**
 * `bgsync doctor`: looks for what breaks a background sync, in the repo, or in a log or at the devices where one is
 * given; ends with 1 on errors. Writes only with `--fix` and `--write-baseline`.
 */
export async function doctor(options: DoctorOptions, ctx: Context): Promise<CommandResult> {
  if (options.explain !== undefined) {
    ctx.report.raw(await explain(options, createColors(ctx.isInteractive), ctx.report.width));
    return { exitCode: ExitCode.ok };
  }
  checkOptions(options);
  return options.all === true ? examineAll(options, ctx) : examine(options, ctx);
}

/** Each app of the workspace by itself, and one report; ends as the worst of them. */
async function examineAll(options: DoctorOptions, ctx: Context): Promise<CommandResult> {
  const apps = await appsOf(ctx);
  const reports: AppReport[] = [];
  const codes: ExitCode[] = [];
  for (const cwd of apps) {
    const app = relative(ctx.shell, cwd) || '.';
    let text = '';
    const report = {
      ...ctx.report,
      line: (line = '') => void (text += `${line}\n`),
      raw: (part: string) => void (text += part),
    };
    const { exitCode } = await examine(options, { ...ctx, cwd, report }, app);
    codes.push(exitCode);
    reports.push({ app, text });
  }
  const { mergeReports } = await import('../doctor/reports/merge.ts');
  ctx.report.raw(mergeReports(formatOf(options), reports));
  const worst = [ExitCode.failed, ExitCode.usage].find((code) => codes.includes(code));
  return { exitCode: worst ?? ExitCode.ok };
}

async function appsOf({ fs, cwd }: Context): Promise<readonly string[]> {
  try {
    const { root } = await findHostApp(fs, cwd);
    if (root !== cwd) return [root];
    // The root of a workspace, and a repo with an example, may be an app as well.
    const below = await findAppsBelow(fs, root);
    return [root, ...below.map((path) => join(root, path)).filter((path) => path !== root)];
  } catch (error) {
    if (error instanceof SeveralAppsError) return error.apps;
    throw error;
  }
}

/** @throws UserError where there is no app, or where there are several: its hint has `--all`, too */
async function requireRepo(ctx: Context): Promise<DoctorRepo> {
  try {
    return await openRepo(ctx.fs, ctx.cwd, askGitIgnored(ctx));
  } catch (error) {
    if (!(error instanceof SeveralAppsError)) throw error;
    // Stays what it is: a terminal asks which.
    throw new SeveralAppsError(error.apps, 'Or look at all of them with --all.');
  }
}

/** @param name what the app is called in the report; where it is from here, if left out */
async function examine(
  options: DoctorOptions,
  ctx: Context,
  name?: string,
): Promise<CommandResult> {
  const isSelected = await selectionOf(options);
  const looksElsewhere = options.log !== undefined || options.device !== undefined;
  let repo = looksElsewhere ? await tryRepo(ctx) : await requireRepo(ctx);

  const results: DoctorResult[] = [];
  const notices: string[] = [];
  let hasSync: boolean | undefined;
  if (options.log !== undefined) {
    const { lookIntoLog } = await import('./doctor-log.ts');
    const logOptions = { ...deviceOptions(options), log: options.log };
    const log = await lookIntoLog(logOptions, isSelected, ctx);
    results.push(log.result);
    notices.push(...log.notices);
  }
  if (options.device !== undefined) {
    const { lookAtDevices } = await import('../doctor/device/look.ts');
    results.push(await lookAtDevices(deviceOptions(options), repo, isSelected, ctx));
  }
  if (!looksElsewhere && repo !== undefined) {
    if (options.fix === true) {
      const { applyFixes } = await import('./doctor-fix.ts');
      await applyFixes(options, repo.root, isSelected, ctx);
      // The files are others now.
      repo = await openRepo(ctx.fs, ctx.cwd, askGitIgnored(ctx));
    }
    results.push(await lookIntoRepo(repo, ctx, isSelected, options));
    hasSync = await hasBackgroundWork(repo);
    if (!hasSync) notices.push(await withoutSync(ctx.fs, repo));
    if (options.all !== true) notices.push(...(await unseenApps(ctx, repo)));
  }

  const result = fromHere(ctx, await inItsCommands(joinResults(results), repo, ctx));
  const notes = looksElsewhere ? [] : openNotes(repo?.notes ?? [], result);
  const report = await assess(result, { ...options, repo, notes }, ctx);
  const format = formatOf(options);
  if (format === 'text') showWhatWasLookedAt(repo, looksElsewhere, ctx, name);
  const text = await formatReport(
    format,
    {
      ...report,
      notices: [...notices, ...report.notices].map((one) => commandsFromHere(ctx, one)),
    },
    {
      name: name ?? options.log ?? basename(repo?.root ?? ctx.cwd),
      colors: createColors(ctx.isInteractive),
      width: ctx.report.width,
      here: (command) => commandFromHere(ctx, command),
      place: await findReportPlace(ctx.fs, repo?.root ?? ctx.cwd, ctx.env),
      facts: { host: repo?.host, hasBackgroundSync: hasSync },
    },
  );
  ctx.report.raw(text);
  return { exitCode: exitCodeOf(report) };
}

/** They say of every check how it went, and what it is about. */
const LISTING: readonly Format[] = ['sarif', 'junit', 'html'];

const formatOf = ({ json, format }: DoctorOptions): Format =>
  json === true ? 'json' : (format ?? 'text');

const HOSTS: Record<Host, string> = {
  'react-native': 'React Native',
  expo: 'Expo',
  flutter: 'Flutter',
  capacitor: 'Capacitor',
  native: 'native code alone',
};

/** Which app a report speaks of: a green one most of all. */
function showWhatWasLookedAt(
  repo: DoctorRepo | undefined,
  looksElsewhere: boolean,
  ctx: Context,
  name: string | undefined,
): void {
  if (repo === undefined || looksElsewhere) return;
  const place = name ?? (relative(ctx.shell, repo.root) || basename(repo.root));
  ctx.report.line(`bgsync ${VERSION} doctor: ${printableLine(place)} (${HOSTS[repo.host]})`);
}

const NO_SYNC =
  'There is no background sync in this app, and nothing else that runs in the background: the checks had nothing to look at.';

const REFUSED_BY_INIT: readonly Host[] = ['capacitor', 'native'] satisfies Exclude<Host, HostId>[];

/** What an app without any background work is told; one that `init` refuses is not sent there. */
async function withoutSync(fs: FileSystem, { host, root }: DoctorRepo): Promise<string> {
  const taken = (Object.keys(HOSTS) as Host[]).filter((one) => !REFUSED_BY_INIT.includes(one));
  const names = taken.map((one) => HOSTS[one]);
  if (!taken.includes(host)) {
    return `${NO_SYNC} \`npx bgsync init\` puts one into apps of ${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}.`;
  }
  const { detectProject, requireNativeProject } = await import('../project/detect.ts');
  try {
    await requireNativeProject(fs, await detectProject(fs, root));
    return `${NO_SYNC} \`npx bgsync init\` puts one in.`;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `${NO_SYNC} \`npx bgsync init\` would refuse: ${error.message}`;
  }
}

/** An example in a library of native code, and its like: a green report of the folder is none of it. */
async function unseenApps({ fs, shell }: Context, { host, root }: DoctorRepo): Promise<string[]> {
  const apps = REFUSED_BY_INIT.includes(host) ? await findAppsBelow(fs, root) : [];
  const [first, second] = apps;
  if (first === undefined) return [];
  const folder = quotePath(relative(shell, join(root, first)));
  return [
    second === undefined
      ? `Not looked at: the app below. \`npx bgsync doctor --cwd ${folder}\` looks at it.`
      : `Not looked at: ${apps.length} apps below. \`npx bgsync doctor --all\` looks at them, too.`,
  ];
}

/** Options that say nothing without one of others: who gives them means something that would not be done. */
const DEPENDENT = [
  ['platform', '--platform', ['device', 'log']],
  ['app', '--app', ['device', 'log']],
  ['adb', '--adb', ['device', 'log']],
  ['xcrun', '--xcrun', ['device', 'log']],
  ['yes', '--yes', ['fix']],
  ['dryRun', '--dry-run', ['fix']],
  ['allowDirty', '--allow-dirty', ['fix']],
] as const;

/** @throws UserError where options contradict each other */
function checkOptions(options: DoctorOptions): void {
  const { log, device, fix, runTools } = options;
  const elsewhere = log !== undefined ? '--log' : device !== undefined ? '--device' : undefined;
  const inRepo = fix === true ? '--fix' : runTools === true ? '--run-tools' : undefined;
  if (elsewhere !== undefined && inRepo !== undefined) {
    throw new UserError(`${inRepo} is about the repo, ${elsewhere} is not.`, {
      hint: `Run \`npx bgsync doctor ${inRepo}\` by itself.`,
    });
  }
  for (const [key, flag, needs] of DEPENDENT) {
    if (options[key] === undefined || needs.some((other) => options[other] !== undefined)) continue;
    const others = needs.map((other) => `--${other}`).join(' or ');
    throw new UserError(`${flag} needs ${others}.`, {
      hint: `Add ${others}, or leave ${flag} out.`,
    });
  }
  const format = formatOf(options);
  const alone = (['log', 'device', 'fix', 'baseline', 'writeBaseline'] as const).find(
    (key) => options[key] !== undefined,
  );
  if (options.all === true && alone !== undefined) {
    const flag = alone === 'writeBaseline' ? 'write-baseline' : alone;
    throw new UserError(`--${flag} is about one app, --all about several.`, {
      hint: `Give the app with --cwd instead of --all.`,
    });
  }
  if (fix === true && format !== 'text') {
    throw new UserError('--fix shows a plan to people: it has no other format.', {
      hint: 'Fix first, then run `npx bgsync doctor` with the format.',
    });
  }
}

/** Without a choice, nothing of the catalogue but the checks that run has to be loaded. */
async function selectionOf(options: DoctorOptions): Promise<IsSelected> {
  const { only = [], skip = [], log, device, runTools } = options;
  if (only.length === 0 && skip.length === 0) return () => true;
  const { RULES } = await import('../doctor/catalogue.ts');
  const isSelected = selector(RULES, { only, skip });
  const looks = (id: string): boolean => {
    if (areaOf(id) === 'log') return log !== undefined;
    if (areaOf(id) === 'device') return device !== undefined;
    if (id.startsWith('T')) return runTools === true;
    return log === undefined && device === undefined;
  };
  if (only.length > 0 && !RULES.some(({ id }) => isSelected(id) && looks(id))) {
    throw new UserError(`No check is left to run: ${only.join(', ')} would not be looked for.`, {
      hint: 'R… need --log FILE, D… need --device, T… need --run-tools, all others none of them; --skip wins over --only.',
    });
  }
  return isSelected;
}

/** What was not looked at, without what one of the app’s own tools has answered. */
const openNotes = (notes: readonly Note[], { outcomes }: DoctorResult): Note[] =>
  notes.filter(
    ({ answeredBy }) =>
      !outcomes.some(({ rule, state }) => rule.id === answeredBy && state === 'ran'),
  );

/** Instructions say the commands of the package manager that the app has. */
async function inItsCommands(
  result: DoctorResult,
  repo: DoctorRepo | undefined,
  { fs }: Context,
): Promise<DoctorResult> {
  const isSpoken = result.findings.some(({ fix }) => /\bnp[mx] /.test(fix));
  if (repo?.packageJson === undefined || !isSpoken) return result;
  const [{ findPackageManager }, { inCommandsOf }] = await Promise.all([
    import('../project/package-json.ts'),
    import('../project/package-manager.ts'),
  ]);
  const manager = await findPackageManager(fs, repo.root, repo.packageJson);
  const isPinned = repo.depends('bgsync');
  const findings = result.findings.map((finding) => ({
    ...finding,
    fix: inCommandsOf(manager, finding.fix, isPinned),
  }));
  return { ...result, findings };
}

/** Instructions name their commands as they are typed where the user is. */
const fromHere = (ctx: Context, { findings, ...result }: DoctorResult): DoctorResult => ({
  ...result,
  findings: findings.map((one) => ({ ...one, fix: commandsFromHere(ctx, one.fix) })),
});

/** A log or a device can be looked at from anywhere. */
async function tryRepo(ctx: Context): Promise<DoctorRepo | undefined> {
  try {
    return await openRepo(ctx.fs, ctx.cwd, askGitIgnored(ctx));
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** @throws UserError where the check is unknown, or the format is one of findings */
async function explain(
  options: DoctorOptions,
  colors: Colors,
  width: number | undefined,
): Promise<string> {
  const { explain: id = true } = options;
  const format = formatOf(options);
  if (format !== 'text' && format !== 'json') {
    throw new UserError(`--explain tells of checks, and ${format} reports findings.`, {
      hint: 'Leave --format out, or give --json.',
    });
  }
  const [{ RULES }, { explainRule, listRules, ruleDocument }] = await Promise.all([
    import('../doctor/catalogue.ts'),
    import('../doctor/explain.ts'),
  ]);
  if (format === 'json') {
    const rules = id === true ? RULES : [requireRule(RULES, id)];
    return printableJson({ version: 1, bgsync: VERSION, checks: rules.map(ruleDocument) });
  }
  return id === true
    ? listRules(RULES, colors, width)
    : explainRule(requireRule(RULES, id), colors, width);
}

/** `--device` without an id means whichever there is. */
function deviceOptions({ device, ...options }: DoctorOptions): DeviceOptions & {
  readonly platform?: 'android' | 'ios';
} {
  return typeof device === 'string' ? { ...options, device } : options;
}

async function lookIntoRepo(
  repo: DoctorRepo,
  ctx: Context,
  isSelected: IsSelected,
  { runTools, json, format }: DoctorOptions,
): Promise<DoctorResult> {
  const { checks, idle } = LISTING.includes(formatOf({ json, format }))
    ? { checks: (await import('../doctor/checks/index.ts')).CHECKS, idle: [] }
    : await neededChecks(repo);
  const ran = await runRepoChecks(chosen(checks, isSelected), repo);
  const result = withIdle(ran, chosen(idle, isSelected));
  if (runTools !== true) return result;
  const { TOOL_CHECKS } = await import('../doctor/tools/index.ts');
  const { TOOLS_LIMIT_MS } = await import('../doctor/tools/bench.ts');
  const tools = await runChecks(chosen(TOOL_CHECKS, isSelected), { repo, ctx }, TOOLS_LIMIT_MS);
  return joinResults([result, tools]);
}

function exitCodeOf({ findings, failing, checks }: DoctorReport): ExitCode {
  if (findings.some(({ state, severity }) => state === 'new' && failing.has(severity))) {
    return ExitCode.failed;
  }
  return checks.some(({ state }) => state === 'failed') ? ExitCode.usage : ExitCode.ok;
}
