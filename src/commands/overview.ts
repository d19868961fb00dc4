import { relative } from 'node:path';
import pc from 'picocolors';
import { CONFIG_FILE, requireConfig } from '../config.ts';
import type { CommandResult, Context } from '../context.ts';
import { UserError } from '../errors.ts';
import { commandFromHere, pathsFromHere } from '../from-here.ts';
import { ExitCode } from '../exit-code.ts';
import { planIntegration } from '../integrations/plan.ts';
import { unfilledPlace } from '../integrations/unfilled.ts';
import { findLock } from '../plan/find-lock.ts';
import { detectProject, requireNativeProject } from '../project/detect.ts';
import { askGitIgnored } from '../project/git.ts';
import { requireAppRoot } from '../project/find-root.ts';
import { findHostApp } from '../project/host.ts';
import { SeveralAppsError } from '../project/several-apps.ts';
import { readText } from '../project/read-text.ts';
import { at } from '../place.ts';
import { printableLine } from '../terminal.ts';
import { VERSION } from '../version.ts';
import { countFiles } from '../views/plan-view.ts';

export interface OverviewOptions {
  readonly cwd?: string;
}

interface Overview {
  /** `name: value`, as far as it is known. */
  readonly facts: readonly (readonly [string, string])[];
  /** What to do first, and what it is good for. */
  readonly next: readonly [command: string, purpose: string];
  readonly also: readonly (readonly [command: string, purpose: string])[];
}

const INIT = ['npx bgsync init', 'shows a plan, asks, and puts a background sync in'] as const;
const DOCTOR = ['npx bgsync doctor', 'finds what breaks background work, here and in CI'] as const;
const LOGS = [
  'npx bgsync logs --input <file>',
  'tells what a saved log says of a background sync',
] as const;
const LOCAL = [
  'npx bgsync trigger --platform local',
  'runs the handler on this machine: no phone, no SDK',
] as const;

/** `bgsync` alone: where am I, how do things stand, and what comes next. Reads only. */
export async function overview(_options: OverviewOptions, ctx: Context): Promise<CommandResult> {
  const { report } = ctx;
  const { facts, next, also } = inHere(ctx, await lookAround(ctx));
  report.line(
    `${pc.bold('bgsync')} ${VERSION}  background sync for React Native, Expo and Flutter apps`,
  );
  report.line();
  for (const [name, value] of facts) {
    report.line(`  ${pc.dim(name.padEnd(8))}  ${printableLine(value)}`);
  }
  report.line();
  const width = Math.max(...[next, ...also].map(([command]) => command.length));
  const row = ([command, purpose]: readonly [string, string]): string =>
    `  ${printableLine(command).padEnd(width)}  ${pc.dim(printableLine(purpose))}`;
  report.line(pc.bold('Next'));
  report.line(row(next));
  report.line(pc.bold('Also'));
  for (const one of also) report.line(row(one));
  report.line();
  report.line('All commands: `npx bgsync --help`. One of them: `npx bgsync <command> --help`.');
  return { exitCode: ExitCode.ok };
}

/** What is said, with the commands as they are typed where the user is. */
function inHere(ctx: Context, { facts, next, also }: Overview): Overview {
  const here = ([command, purpose]: Overview['next']): Overview['next'] => [
    commandFromHere(ctx, command),
    purpose,
  ];
  return { facts, next: here(next), also: also.map(here) };
}

async function lookAround(ctx: Context): Promise<Overview> {
  const { fs } = ctx;
  let root: string;
  try {
    root = await requireAppRoot(fs, ctx.cwd);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return elsewhere(ctx, error);
  }
  const app = ['app', relative(ctx.shell, root) || '.'] as const;
  try {
    return await standing(ctx, root, app);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (!(await canBeLookedAt(ctx))) return elsewhere(ctx, error);
    return { facts: [app, ...saidOf(ctx, 'problem', error)], next: DOCTOR, also: [LOGS] };
  }
}

/** Where no app is, or several are: each command has to be told which. */
const elsewhere = (ctx: Context, error: UserError): Overview => ({
  facts: saidOf(ctx, 'app', error),
  next: ['npx bgsync init --cwd <dir>', 'in the folder of an app'],
  also: [
    LOGS,
    error instanceof SeveralAppsError
      ? ['npx bgsync doctor --all', 'finds what breaks background work, in each of them']
      : ['npx bgsync doctor --cwd <dir>', 'finds what breaks background work'],
  ],
});

/** Whether `doctor` has something to look at here. */
const canBeLookedAt = async ({ fs, cwd }: Context): Promise<boolean> =>
  findHostApp(fs, cwd).then(
    () => true,
    (error: unknown) => {
      if (error instanceof UserError) return false;
      throw error;
    },
  );

const saidOf = (
  ctx: Context,
  name: string,
  { message, hint = '' }: UserError,
): (readonly [string, string])[] => [
  ...linesOf(name, pathsFromHere(ctx, message)),
  ...linesOf('', pathsFromHere(ctx, hint)),
];

/** What an error says, a fact for each of its lines; the first has the name. */
const linesOf = (name: string, text: string): (readonly [string, string])[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, index) => [index === 0 ? name : '', line.trim()]);

async function standing(
  ctx: Context,
  root: string,
  app: readonly [string, string],
): Promise<Overview> {
  const { fs } = ctx;
  const project = await detectProject(fs, root);
  const named = [app[0], `${project.name} (${app[1]})`] as const;
  const text = await readText(fs, at(root, CONFIG_FILE));
  const config = text === undefined ? undefined : requireConfig(text);
  const lock = config && (await findLock(fs, root, config.moduleDir))?.lock;
  if (config === undefined || lock === undefined) {
    await requireNativeProject(fs, project);
    return {
      facts: [named, ['sync', 'not set up']],
      next: INIT,
      also: [
        ['npx bgsync init --dry-run', 'shows the same plan, and writes nothing'],
        DOCTOR,
        LOGS,
      ],
    };
  }
  if (lock.retired === true) {
    return {
      facts: [named, ['sync', 'retired: what is left cancels it on devices']],
      next: ['npx bgsync remove', 'takes out the rest, once no device has the old version'],
      also: [DOCTOR],
    };
  }
  const { drift, manual } = await planIntegration(fs, {
    project,
    config,
    pin: false,
    ask: askGitIgnored(ctx),
  });
  const unfilled = await unfilledPlace(fs, root, config, ctx.shell);
  const facts = [
    named,
    ['handler', config.handler],
    ...(unfilled === undefined
      ? []
      : [['fill in', `${unfilled}  until then nothing is sent`] as const]),
  ] as const;
  if (drift.length + manual.length > 0) {
    return {
      facts: [...facts, ['sync', `in place; ${describeDrift(drift.length, manual.length)}`]],
      next: ['npx bgsync diff', 'shows what differs, and why'],
      also: [['npx bgsync update', 'brings it up to date, keeping your edits'], LOCAL, DOCTOR],
    };
  }
  const platform = config.platforms[0] ?? 'android';
  return {
    facts: [...facts, ['sync', `in place, as bgsync ${VERSION} generates it`]],
    next: LOCAL,
    also: [
      [
        `npx bgsync trigger --platform ${platform}`,
        'runs it on a device, and waits for the outcome',
      ],
      [
        `npx bgsync logs --platform ${platform} --history --timeline`,
        'shows what the OS gave it so far',
      ],
      DOCTOR,
    ],
  };
}

const describeDrift = (files: number, steps: number): string =>
  [
    ...(files > 0 ? [`${countFiles(files)} ${files === 1 ? 'differs' : 'differ'}`] : []),
    ...(steps > 0 ? [`${steps} ${steps === 1 ? 'step is' : 'steps are'} left to you`] : []),
  ].join(', ');
