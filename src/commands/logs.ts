import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { idsOf, taskNameOf } from '../config.ts';
import type { CommandResult, Context } from '../context.ts';
import { openDeviceLogs } from '../devices/device-logs.ts';
import type { DeviceLogOptions, DeviceLogs } from '../devices/device-log.ts';
import { wordsAround } from '../devices/app-words.ts';
import { createEventView } from '../devices/event-view.ts';
import type { EventView } from '../devices/event-view.ts';
import { describeUnreadable, Leftovers } from '../devices/leftovers.ts';
import { SAVE_A_LOG, openLog, readSource, readText } from '../devices/log-input.ts';
import type { LogSource } from '../devices/log-input.ts';
import { requireTaskOfProject } from '../devices/project-tasks.ts';
import { drawTimeline } from '../devices/timeline.ts';
import { nearestName } from '../doctor/code/near-names.ts';
import { CancelError, UserError } from '../errors.ts';
import type { SyncEvent } from '../events/event.ts';
import { formatDuration } from '../events/format.ts';
import { gather } from '../gather.ts';
import { OwnProcesses } from '../events/own-processes.ts';
import { OpenRuns } from '../events/open-runs.ts';
import { ProcessLives } from '../events/process-lives.ts';
import type { LogFinding } from '../events/read.ts';
import type { SystemLine } from '../events/system-lines.ts';
import type { RunRecord, VerifyResult } from '../events/verify-result.ts';
import { Verifier } from '../events/verify.ts';
import { ExitCode } from '../exit-code.ts';
import { namedByUser } from '../place.ts';
import { plural } from '../plural.ts';
import { quotePath } from '../project/several-apps.ts';
import { printable, printableJson, printableLine } from '../terminal.ts';
import { requirePlatform } from './ask-platform.ts';

export interface LogsOptions extends DeviceLogOptions {
  readonly cwd?: string;
  /** A path, or `-`. */
  readonly input?: string;
  readonly platform?: 'android' | 'ios';
  /** The app's own record instead of the platform's log. */
  readonly history?: boolean;
  /** False: what is there now, then end. */
  readonly follow: boolean;
  readonly run?: string;
  /** The name of a sync. */
  readonly task?: string;
  /** The log's lines as they are. */
  readonly raw?: boolean;
  readonly timeline?: boolean;
  /** The file that the timeline is written to, as a page. */
  readonly html?: string;
  readonly verify?: boolean;
}

interface Source extends LogSource {
  /** Epoch milliseconds where the log was written; ours where it is left out. */
  readonly now?: number;
}

/**
 * Shows the events of a saved log or a device, or proves over them that no run was lost or counted twice.
 * A log without any event is shown as what it is; to `--verify` it proves nothing, which is an error of use.
 */
export async function logs(options: LogsOptions, outside: Context): Promise<CommandResult> {
  const { input } = options;
  if (options.html !== undefined && options.timeline !== true) {
    throw new UserError('--html writes the timeline as a page.', {
      hint: 'Give --timeline, too.',
    });
  }
  const [first, second] = SHOWN.filter((name) => options[name] === true);
  const isProof = first === 'verify' && second === 'json';
  if (second !== undefined && !isProof) {
    throw new UserError(`--${first ?? ''} and --${second} show a log in two ways.`, {
      hint: 'Give one of them.',
    });
  }
  const ctx = options.verify === true ? outside : untilUnread(outside);
  const asks = input === undefined && outside.isInteractive && options.json !== true;
  const platform = asks
    ? await requirePlatform(options.platform, ['android', 'ios'], outside, false)
    : options.platform;
  if ((input === undefined) === (platform === undefined)) {
    throw new UserError('Give either --input or --platform.', {
      hint: '--input reads a saved log, --platform android or ios that of a device.',
    });
  }
  const foreign = OF_A_DEVICE.find((name) => options[name] !== undefined);
  if (platform === undefined && foreign !== undefined) {
    throw new UserError(`--${foreign} is about a device, and --input is a saved log.`, {
      hint: 'Leave one of them out.',
    });
  }
  return outside.heed(() => read(platform, options, ctx));
}

/** What a saved log has none of. */
const OF_A_DEVICE = ['history', 'device', 'app', 'adb', 'xcrun'] as const;

/** Each is all that is printed; the proof alone has a form for machines, too. */
const SHOWN = ['timeline', 'raw', 'verify', 'json'] as const;

/** After Ctrl-C it says what it has seen until then. */
async function read(
  platform: LogsOptions['platform'],
  options: LogsOptions,
  ctx: Context,
): Promise<CommandResult> {
  const { input } = options;
  try {
    if (platform === undefined) {
      const source = openLog(input ?? '-', ctx);
      // Whoever writes to standard input may take his time.
      if (input === '-') ctx.report.idle(true);
      if (options.raw !== true) return await readWhole(source, options, ctx);
      await readText(source, ctx, (text) => ctx.report.raw(printable(text)));
      return { exitCode: ctx.signal.aborted ? ExitCode.interrupted : ExitCode.ok };
    }
    await requireTaskOfProject(options, ctx);
    const device = await openDeviceLogs(platform, options, ctx);
    const isWhole =
      options.history === true || options.timeline === true || options.verify === true;
    if (!isWhole && options.follow) return await follow(device, options, ctx);
    const text = await (options.history === true ? device.history() : device.dump());
    if (options.raw === true) {
      ctx.report.raw(printable(text));
      return { exitCode: ExitCode.ok };
    }
    const bytes = Readable.from([Buffer.from(text)]);
    const now = options.since === undefined ? undefined : await device.now();
    const source = { name: device.name, bytes, ...(now === undefined ? {} : { now }) };
    return await readWhole(source, options, ctx);
  } catch (error) {
    if (!(error instanceof CancelError)) throw error;
    return { exitCode: endOf(ctx) };
  }
}

/** Where nobody reads on, there is nothing left to do: a log can be endless. */
const untilUnread = (ctx: Context): Context => ({
  ...ctx,
  signal: AbortSignal.any([ctx.signal, ctx.report.closed]),
});

/** A reader that has left has seen enough: no fault, and no interruption. */
const endOf = ({ signal, report }: Context): ExitCode =>
  signal.aborted && !report.closed.aborted ? ExitCode.interrupted : ExitCode.ok;

const readWhole = (source: Source, options: LogsOptions, ctx: Context): Promise<CommandResult> =>
  options.verify === true ? verify(source, options, ctx) : show(source, options, ctx);

/** Which events are asked for. Their times are those of the device's clock, which may be wrong. */
function selector(
  { run, since, task }: LogsOptions,
  now: number = Date.now(),
): (event: SyncEvent) => boolean {
  const from = since === undefined ? -Infinity : now - since;
  const isOfTask = taskSelector(task);
  return (event) => isOfTask(event) && (run === undefined || event.run === run) && event.ts >= from;
}

/** Which events are of a sync: those that name it, and all of a run that one of them names. */
function taskSelector(name: string | undefined): (event: SyncEvent) => boolean {
  if (name === undefined) return () => true;
  const ids = Object.values(idsOf(name));
  const runs = new Set<string>();
  return ({ task, run }) => {
    const isNamed = task !== undefined && ids.includes(task);
    if (isNamed && run !== undefined) runs.add(run);
    return isNamed || (run !== undefined && runs.has(run));
  };
}

/** Why nothing is shown, where the log has events of other syncs alone. @returns undefined where that is not so */
function describeOtherTasks(
  wanted: string,
  heard: ReadonlySet<string>,
  source: string,
): string | undefined {
  const names = [...new Set([...heard].flatMap((id) => taskNameOf(id) ?? []))].sort();
  if (names.includes(wanted)) return undefined;
  const near = nearestName(wanted, names);
  const meant = near === undefined ? '' : ` Did you mean ${near}?`;
  const others = names.length === 0 ? 'names no task' : `names ${names.join(', ')}`;
  return `No event of task ${wanted} in ${source}, which ${others}.${meant}`;
}

/** More are not shown: a device that is in trouble repeats itself. */
const MOST_SYSTEM_LINES = 200;

function describeSystemLine(found: SystemLine, line: number, runs: OpenRuns): string {
  const during = runs.of(found.pid)?.run;
  const check =
    found.check === undefined ? '' : ` (see \`npx bgsync doctor --explain ${found.check}\`)`;
  const where = during === undefined ? '' : `, during run ${during}`;
  return `system, line ${line}${where}: ${found.text}${check}`;
}

async function show(
  source: Source,
  options: LogsOptions,
  outside: Context,
): Promise<CommandResult> {
  const report = gather(outside.report);
  try {
    return await showWith(source, options, { ...outside, report });
  } finally {
    report.flush();
  }
}

const viewFor = async (ctx: Context, options: LogsOptions): Promise<EventView> =>
  createEventView(ctx.report, await wordsAround(ctx), {
    isJson: options.json === true,
    isTerminal: ctx.isInteractive,
  });

async function showWith(
  source: Source,
  options: LogsOptions,
  ctx: Context,
): Promise<CommandResult> {
  const view = await viewFor(ctx, options);
  const isSelected = selector(options, source.now);
  const shown: SyncEvent[] = [];
  let events = 0;
  let selected = 0;
  const heard = new Set<string>();
  const runs = new OpenRuns();
  const processes = new OwnProcesses();
  const systemLines: string[] = [];
  /** Whose they are is not known before the first event. */
  let early: string[] = [];
  const isShort = options.timeline === true || options.run !== undefined;
  const leftovers = new Leftovers();
  const wantsSystem = (): boolean => systemLines.length < MOST_SYSTEM_LINES;
  const take = (finding: LogFinding, line: number): void => {
    if (finding.kind === 'system') {
      processes.line(finding);
      const isStack = finding.part === 'more' && finding.sign === 'crash';
      if (finding.sign === 'process-start' || isStack || !wantsSystem()) return;
      const isOther = processes.isOther(finding);
      if (isOther === true) return;
      const text = describeSystemLine(finding, line, runs);
      if (isOther === undefined) {
        if (early.length < MOST_SYSTEM_LINES) early.push(text);
        return;
      }
      systemLines.push(text);
      if (!isShort) view.note(text);
    } else if (finding.kind !== 'event') leftovers.add(finding);
    else {
      const { event } = finding;
      events += 1;
      early = [];
      runs.event(event);
      processes.event(event);
      if (event.task !== undefined) heard.add(event.task);
      if (!isSelected(event)) return;
      selected += 1;
      if (options.timeline === true) shown.push(event);
      else view.event(event);
    }
  };
  await readSource(source, ctx, take, wantsSystem);
  systemLines.push(...early);
  if (!isShort) for (const text of early) view.note(text);
  if (!isShort && !wantsSystem()) {
    view.note(
      `More of the system’s own lines than ${MOST_SYSTEM_LINES} are not shown: \`npx bgsync doctor --log\` reads all of them.`,
    );
  }
  if (options.html === undefined) {
    for (const line of drawTimeline(shown, ctx.report.width)) ctx.report.raw(`${line}\n`);
  } else await writePage(options.html, shown, source.name, ctx);
  for (const text of leftovers.describe()) ctx.report.warn(text);
  if (events === 0) {
    ctx.report.warn(printableLine(`No event of a background sync in ${source.name}.`));
    ctx.report.warn(
      systemLines.length === 0
        ? SAVE_A_LOG
        : printableLine(whatSystemSays(systemLines.length, options)),
    );
  }
  if (options.run !== undefined && events > 0 && selected === 0) {
    ctx.report.warn(printableLine(`No event of run ${options.run} in ${source.name}.`));
  }
  if (options.task !== undefined && events > 0 && selected === 0) {
    const text = describeOtherTasks(options.task, heard, source.name);
    if (text !== undefined) ctx.report.warn(printableLine(text));
  }
  return { exitCode: endOf(ctx) };
}

/** Where the log has nothing of bgsync’s. */
function whatSystemSays(lines: number, { input }: LogsOptions): string {
  const names = input === undefined ? '' : ` --log ${quotePath(input)}`;
  return `It has ${plural(lines, 'line')} of the system’s own: \`npx bgsync doctor${names}\` says what is wrong in such lines.`;
}

async function writePage(
  path: string,
  events: readonly SyncEvent[],
  source: string,
  ctx: Context,
): Promise<void> {
  const { timelinePage } = await import('../devices/timeline-page.ts');
  try {
    await ctx.fs.write(namedByUser(resolve(ctx.base, path)), timelinePage(events, source));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${path} cannot be written: ${reason}.`, {
      hint: 'Give --html another file.',
    });
  }
  ctx.report.line(`Written: ${printableLine(path)}`);
}

/** Shows events as they happen, until Ctrl-C; says so where the numbering shows that some are missing. */
async function follow(
  device: DeviceLogs,
  options: LogsOptions,
  ctx: Context,
): Promise<CommandResult> {
  const view = await viewFor(ctx, options);
  // The device leaves out what is older; a clock that is set back must not hide what is new.
  const isOfTask = taskSelector(options.task);
  const isSelected = (event: SyncEvent): boolean =>
    isOfTask(event) && (options.run === undefined || event.run === options.run);
  const lives = new ProcessLives();
  const leftovers = new Leftovers();
  let lost = 0;
  if (options.json !== true && options.raw !== true)
    view.note(`${device.name}: waiting for events.`);
  ctx.report.idle(true);
  await device.follow({
    event(event) {
      lives.of(event);
      if (lives.lost > lost) {
        ctx.report.warn(`${lives.lost - lost} events are missing before the next one.`);
      }
      lost = lives.lost;
      if (options.raw !== true && isSelected(event)) view.event(event);
    },
    line: (line) => {
      if (options.raw === true) ctx.report.raw(`${printableLine(line)}\n`);
    },
    unreadable: (finding) => {
      if (leftovers.add(finding)) ctx.report.warn(describeUnreadable(finding));
    },
    note: (text) => ctx.report.warn(text),
  });
  return { exitCode: endOf(ctx) };
}

async function verify(source: Source, options: LogsOptions, ctx: Context): Promise<CommandResult> {
  const verifier = new Verifier();
  const leftovers = new Leftovers();
  await readSource(source, ctx, (finding, line) => {
    if (finding.kind === 'event') verifier.add(finding.event, line);
    else if (finding.kind !== 'system') leftovers.add(finding);
  });
  if (ctx.signal.aborted) return { exitCode: ExitCode.interrupted };
  const result = verifier.finish();
  if (options.json === true) {
    const document = { v: 1, ...result, counts: { ...result.counts, ...leftovers.counts } };
    ctx.report.raw(printableJson(document));
  } else {
    printVerdict(result, ctx);
    for (const text of leftovers.describe()) ctx.report.warn(text);
  }
  if (result.counts.events === 0) {
    throw new UserError(`No event of a background sync in ${source.name}: it proves nothing.`, {
      hint: SAVE_A_LOG,
    });
  }
  return { exitCode: result.violations.length === 0 ? ExitCode.ok : ExitCode.failed };
}

function describeRun(run: RunRecord): string {
  const { start, end, outcome, state } = run;
  const time = start === undefined || end === undefined ? '' : ` in ${formatDuration(end - start)}`;
  const text = {
    ended: `${outcome ?? 'ended'}${time}`,
    killed: 'killed: its process died while it was open',
    unknown:
      start === undefined
        ? `${outcome ?? 'ended'}; it started before this log`
        : 'open at the end of this log',
    broken: 'violates the contract, see below',
  }[state];
  return printableLine(`line ${run.line}  ${run.plat}  ${run.run}  ${text}`);
}

function printVerdict({ runs, violations, counts }: VerifyResult, ctx: Context): void {
  for (const run of runs) ctx.report.line(describeRun(run));
  for (const { line, kind, text } of violations) {
    ctx.report.line(printableLine(`violation  line ${line}  ${kind}: ${text}`));
  }
  const details = [
    plural(counts.events, 'event'),
    plural(runs.length, 'run'),
    plural(violations.length, 'violation'),
  ];
  if (counts.duplicates > 0) details.push(`${plural(counts.duplicates, 'line')} twice`);
  if (counts.lost > 0) details.push(`${plural(counts.lost, 'event')} possibly lost`);
  ctx.report.line(details.join(', '));
}
