import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { CommandResult, Context } from '../context.ts';
import { UserError } from '../errors.ts';
import type { SyncEvent } from '../events/event.ts';
import { createColors, formatDuration, formatEvent } from '../events/format.ts';
import { readFindings } from '../events/read.ts';
import type { RunRecord, VerifyResult } from '../events/verify-result.ts';
import { Verifier } from '../events/verify.ts';
import { toAsciiJson } from '../events/write.ts';
import { ExitCode } from '../exit-code.ts';
import { printableLine } from '../terminal.ts';

export interface LogsOptions {
  readonly cwd?: string;
  /** A path, or `-`. */
  readonly input: string;
  readonly json?: boolean;
  readonly verify?: boolean;
}

/** What the reader met besides events. */
interface Leftovers {
  malformed: number;
  redacted: number;
  /** The highest version of the format that this bgsync cannot read; 0 where there is none. */
  newer: number;
}

/**
 * Shows the events of a saved log, or proves over them that no run was lost or counted twice.
 * A log without any event is shown as what it is; to `--verify` it proves nothing, which is an error of use.
 */
export async function logs(options: LogsOptions, ctx: Context): Promise<CommandResult> {
  return options.verify === true ? verify(options, ctx) : show(options, ctx);
}

async function show(options: LogsOptions, ctx: Context): Promise<CommandResult> {
  const colors = createColors(ctx.isInteractive);
  let events = 0;
  const leftovers = await readEvents(options.input, ctx, (event) => {
    events += 1;
    const text = options.json === true ? toAsciiJson(event) : formatEvent(event, colors);
    if (text !== undefined) ctx.report.line(text);
  });
  warnOfLeftovers(leftovers, ctx);
  if (events === 0) ctx.report.warn(`No event of a background sync in ${nameOf(options.input)}.`);
  return { exitCode: ctx.signal.aborted ? ExitCode.interrupted : ExitCode.ok };
}

async function verify(options: LogsOptions, ctx: Context): Promise<CommandResult> {
  const verifier = new Verifier();
  const leftovers = await readEvents(options.input, ctx, (event, line) =>
    verifier.add(event, line),
  );
  if (ctx.signal.aborted) return { exitCode: ExitCode.interrupted };
  const result = verifier.finish();
  if (options.json === true) {
    const { newer, ...counts } = leftovers;
    const document = { v: 1, ...result, counts: { ...result.counts, ...counts, newer } };
    ctx.report.line(JSON.stringify(document, null, 2));
  } else {
    printVerdict(result, ctx);
    warnOfLeftovers(leftovers, ctx);
  }
  if (result.counts.events === 0) {
    throw new UserError(
      `No event of a background sync in ${nameOf(options.input)}: it proves nothing.`,
      {
        hint: 'Save the log of a device or of `bgsync trigger --json`, and give that.',
      },
    );
  }
  return { exitCode: result.violations.length === 0 ? ExitCode.ok : ExitCode.failed };
}

const nameOf = (input: string): string => (input === '-' ? 'standard input' : input);

async function readEvents(
  input: string,
  ctx: Context,
  onEvent: (event: SyncEvent, line: number) => void,
): Promise<Leftovers> {
  const leftovers: Leftovers = { malformed: 0, redacted: 0, newer: 0 };
  const source = input === '-' ? process.stdin : createReadStream(resolve(ctx.cwd, input));
  const stop = (): void => void source.destroy();
  ctx.signal.addEventListener('abort', stop);
  try {
    for await (const { line, finding } of readFindings(source as AsyncIterable<Buffer>)) {
      switch (finding.kind) {
        case 'event':
          onEvent(finding.event, line);
          break;
        case 'newer':
          leftovers.newer = Math.max(leftovers.newer, finding.version);
          break;
        default:
          leftovers[finding.kind] += 1;
      }
    }
  } catch (error) {
    if (ctx.signal.aborted) return leftovers;
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined || code === undefined) throw error;
    throw new UserError(`${nameOf(input)} cannot be read (${code}).`, {
      hint: 'Give a file that holds a log, or - for standard input.',
    });
  } finally {
    ctx.signal.removeEventListener('abort', stop);
  }
  return leftovers;
}

function warnOfLeftovers({ malformed, redacted, newer }: Leftovers, ctx: Context): void {
  if (malformed > 0) ctx.report.warn(`${malformed} of our lines are cut or damaged; not counted.`);
  if (redacted > 0) {
    ctx.report.warn(
      `${redacted} of our lines are redacted (<private>): the log was taken without private data.`,
    );
  }
  if (newer > 0) {
    ctx.report.warn(
      `Some events have format ${newer}, which this bgsync cannot read. Update bgsync.`,
    );
  }
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
    `${counts.events} events`,
    `${runs.length} runs`,
    `${violations.length} violations`,
  ];
  if (counts.duplicates > 0) details.push(`${counts.duplicates} lines twice`);
  if (counts.lost > 0) details.push(`${counts.lost} events possibly lost`);
  ctx.report.line(details.join(', '));
}
