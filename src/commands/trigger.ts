import { join } from 'node:path';
import { CONFIG_FILE, requireConfig } from '../config.ts';
import type { Config } from '../config.ts';
import type { CommandResult, Context } from '../context.ts';
import type { LocalNetwork } from '../devices/local/device.ts';
import { localDataFolder, removeLocalData } from '../devices/local/data-folder.ts';
import { runSession } from '../devices/local/session.ts';
import { SavedFiles } from '../devices/local/watch.ts';
import type { ServerMode } from '../devices/local/server-modes.ts';
import type { SessionOptions } from '../devices/local/session.ts';
import { countFiles } from '../views/plan-view.ts';
import { createHumanView, createJsonView, introduce } from '../devices/local/view.ts';
import { requireTask } from '../devices/project-tasks.ts';
import { exitCodeOf } from '../devices/run-watch.ts';
import { TRIGGER_DEFAULTS } from '../devices/trigger-options.ts';
import type { DeviceTriggerOptions } from '../devices/trigger-options.ts';
import { UserError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { at } from '../place.ts';
import { plural } from '../plural.ts';
import { hostOfLock } from '../integrations/hosts.ts';
import type { Prelude } from '../devices/local/protocol.ts';
import { playedOs } from '../devices/local/protocol.ts';
import { unfilledPlace } from '../integrations/unfilled.ts';
import type { Language } from '../language.ts';
import { findLock } from '../plan/find-lock.ts';
import { refuseWithoutInit } from '../project/detect.ts';
import { requireAppRoot } from '../project/find-root.ts';
import { requirePlatform } from './ask-platform.ts';

/** What loading the app's code and registering may take. */
const BOOT_MS = 30_000;

/** Dart compiles the app's code with each start. */
const DART_BOOT_MS = 120_000;

/** Where the handler is in Dart nothing is played of packages, and requests go where it sends them. */
const NOT_IN_DART = ['server', 'fresh'] as const;

/** As long as a device lets a process live after its run, at least. */
const LINGER_MS = 2000;

const DEFAULT_BATTERY = { percent: 80, charging: false };

export type TriggerOptions = LocalTriggerOptions | DeviceTriggerOptions;

export interface LocalTriggerOptions {
  readonly cwd?: string;
  readonly platform: 'local';
  /** Milliseconds. */
  readonly budget: number;
  /** Milliseconds. */
  readonly expireAfter?: number;
  readonly offline?: boolean;
  readonly network?: LocalNetwork;
  readonly respectConstraints?: boolean;
  /** The name of a sync; the first where it is left out. */
  readonly task?: string;
  /** How a played server behaves, or the address of one of the user's own. */
  readonly server?: ServerMode | URL;
  /** The stand-ins' storage is emptied first. */
  readonly fresh?: boolean;
  /** Again at each save, until Ctrl-C. */
  readonly watch?: boolean;
  readonly battery?: { readonly percent: number; readonly charging: boolean };
  readonly runs: number;
  /** Milliseconds. */
  readonly killAfter?: number;
  readonly json?: boolean;
}

/** What only one of the two kinds of platform knows, by its option. */
const LOCAL_ONLY = [
  'budget',
  'runs',
  'expireAfter',
  'offline',
  'network',
  'server',
  'fresh',
  'watch',
  'battery',
  'killAfter',
];
const DEVICE_ONLY = [
  'device',
  'app',
  'adb',
  'xcrun',
  'jobId',
  'stopAfter',
  'via',
  'timeout',
  'wait',
];

/** What commander hands over: the platform may be left out, where one can be asked. */
type GivenOptions = TriggerOptions | (Omit<LocalTriggerOptions, 'platform'> & { platform?: never });

/** Runs the job now, and ends with its outcome. */
export async function trigger(given: GivenOptions, ctx: Context): Promise<CommandResult> {
  const choices = ['local', 'android', 'ios'] as const;
  const platform = await requirePlatform(given.platform, choices, ctx, given.json === true);
  return ctx.heed(() => triggerOn({ ...given, platform } as TriggerOptions, ctx));
}

async function triggerOn(options: TriggerOptions, ctx: Context): Promise<CommandResult> {
  const defaults: Readonly<Record<string, unknown>> = TRIGGER_DEFAULTS;
  const given = Object.entries(options).flatMap(([name, value]) =>
    value === defaults[name] ? [] : [name],
  );
  const foreign = (options.platform === 'local' ? DEVICE_ONLY : LOCAL_ONLY).find((name) =>
    given.includes(name),
  );
  if (foreign !== undefined) {
    const name = foreign.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const flag = name === 'wait' ? 'no-wait' : name;
    throw new UserError(`--${flag} is not for --platform ${options.platform}.`);
  }
  switch (options.platform) {
    case 'local':
      return triggerLocally(options, ctx);
    case 'android':
      return (await import('../devices/android/trigger.ts')).triggerOnAndroid(options, ctx);
    case 'ios':
      return (await import('../devices/ios/trigger.ts')).triggerOnIos(options, ctx);
  }
}

/** Runs the handler on this machine, in windows as a phone would give them, and ends with the last run's outcome. */
async function triggerLocally(options: LocalTriggerOptions, ctx: Context): Promise<CommandResult> {
  const app = await requireLocalApp(ctx);
  const { config, language } = app;
  const refused = NOT_IN_DART.find((name) => options[name] !== undefined);
  if (language === 'dart' && refused !== undefined) {
    throw new UserError(`--${refused} is not for --platform local in a Flutter app.`);
  }
  requireTask(config, options.task);
  const { server } = options;
  if (typeof server !== 'string') return triggerWith(server?.href, app, options, ctx);
  const { PlayedServer, ServerMemoryFile } = await import('../devices/local/played-server.ts');
  const file = new ServerMemoryFile(localDataFolder(app.root, ctx.env, ctx.platform));
  const played = new PlayedServer(server, options.fresh === true ? undefined : file.read());
  try {
    return await triggerWith(await played.start(), app, options, ctx);
  } finally {
    played.stop();
    file.write(played.memory);
    const { requests, applied, lost, repeated } = played.counts;
    const text = `The played server (${server}) got ${plural(requests, 'request')}, carried out ${plural(applied, 'change')}, lost ${plural(lost, 'answer')}, and knew ${plural(repeated, 'key')} already.`;
    if (options.json === true) ctx.report.warn(text);
    else ctx.report.line(text);
  }
}

/** @param server where all requests of the handler go; undefined: where it sends them */
async function triggerWith(
  server: string | undefined,
  { root, config, language }: LocalApp,
  options: LocalTriggerOptions,
  ctx: Context,
): Promise<CommandResult> {
  const session: SessionOptions = {
    fs: ctx.fs,
    root,
    env: ctx.env,
    config,
    language,
    window: { budgetMs: options.budget, expireAfterMs: options.expireAfter },
    battery: { ...(options.battery ?? DEFAULT_BATTERY), saver: false },
    network: networkOf(options),
    server,
    respectsConstraints: options.respectConstraints === true,
    task: options.task,
    runs: options.runs,
    killAfterMs: options.killAfter,
    bootMs: language === 'dart' ? DART_BOOT_MS : BOOT_MS,
    lingerMs: LINGER_MS,
    signal: ctx.signal,
    dataFolder: localDataFolder(root, ctx.env, ctx.platform),
  };
  if (options.fresh === true) await removeLocalData(session.dataFolder);
  if (options.watch !== true) return runOnce(session, options, ctx);
  const saved = new SavedFiles();
  saved.add([join(root, config.handler)]);
  for (;;) {
    saved.begin();
    try {
      await runOnce(session, options, ctx, (files) => saved.add(files));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      ctx.report.warn(error.message);
      if (error.hint !== undefined) ctx.report.warn(`  ${error.hint}`);
    }
    const next = saved.next(ctx.signal);
    if (!ctx.signal.aborted) {
      ctx.report.warn(`Watching ${countFiles(saved.size)}; Ctrl-C ends.`);
    }
    ctx.report.idle(true);
    if (!(await next)) return { exitCode: ExitCode.interrupted };
    ctx.report.idle(false);
  }
}

function networkOf({ network, offline }: LocalTriggerOptions): LocalNetwork {
  if (offline !== true) return network ?? 'wifi';
  if (network !== undefined && network !== 'none') {
    throw new UserError('--offline is the same as --network none: leave one of them out.');
  }
  return 'none';
}

async function preludeIn({ fs, root, config }: SessionOptions): Promise<Prelude | undefined> {
  const { findPrelude } = await import('../devices/local/prelude.ts');
  return findPrelude(fs, root, config, playedOs(config));
}

/** @param onLoaded told the app's own files that a process loads, absolute */
async function runOnce(
  asked: SessionOptions,
  options: LocalTriggerOptions,
  ctx: Context,
  onLoaded: (files: readonly string[]) => void = () => undefined,
): Promise<CommandResult> {
  const { config, root } = asked;
  const session = {
    ...asked,
    unfilled: await unfilledPlace(ctx.fs, root, config, ctx.shell),
    prelude: asked.language === 'dart' ? undefined : await preludeIn(asked),
  };
  const isJson = options.json === true;
  const view = isJson
    ? createJsonView(ctx.report, session)
    : // A dumb terminal keeps what stood in a line.
      createHumanView(ctx.report, session, ctx.isInteractive && ctx.env.TERM !== 'dumb');
  if (!isJson) ctx.report.line(introduce(session, ctx.shell));

  const result = await runSession(session, { ...view, loaded: onLoaded });
  view.finish(result.kind === 'ended' ? result.last : undefined);
  switch (result.kind) {
    case 'ended':
      return {
        exitCode: result.last.isHeldBack ? ExitCode.refused : exitCodeOf(result.last.outcome),
      };
    case 'interrupted':
      return { exitCode: ExitCode.interrupted };
    case 'not-loaded':
      throw new UserError(
        result.why === 'load-failed'
          ? `${config.handler} cannot be loaded: ${result.message}`
          : result.message,
        { hint: result.hint },
      );
  }
}

interface LocalApp {
  /** Absolute and real. */
  readonly root: string;
  readonly config: Config;
  readonly language: Language;
}

/** Finds the app as every command does, and checks that its handler is there, and one that can run here. */
async function requireLocalApp(ctx: Context): Promise<LocalApp> {
  const root = await requireAppRoot(ctx.fs, ctx.cwd);
  const text = await ctx.fs.read(at(root, CONFIG_FILE));
  if (text === undefined) {
    const what = `There is no ${CONFIG_FILE} in ${root}.`;
    return refuseWithoutInit(ctx.fs, root, what, 'Run `npx bgsync init` in the app first.');
  }
  const config = requireConfig(text.toString('utf8'));
  if (!(await ctx.fs.exists(at(root, config.handler)))) {
    throw new UserError(
      `There is no ${config.handler}, which ${CONFIG_FILE} names as the handler.`,
      { hint: 'Mend "handler" there, or run `npx bgsync init`, which creates the file.' },
    );
  }
  const lock = (await findLock(ctx.fs, root, config.moduleDir))?.lock;
  const host = lock && hostOfLock(lock);
  return {
    root: await ctx.fs.realpath(at(root, '')),
    config,
    language: host?.language ?? 'javascript',
  };
}
