import { relative, resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { createProgram } from './cli.ts';
import type { CommandOptions } from './cli.ts';
import type { Context, Outside, Report } from './context.ts';
import { CancelError, UserError } from './errors.ts';
import { ExitCode } from './exit-code.ts';
import { ProcessInterrupts } from './interrupts.ts';
import { pathsFromHere, reportFromHere } from './from-here.ts';
import { SeveralAppsError } from './project/several-apps.ts';
import { printable, printableLine } from './terminal.ts';
import { VERSION } from './version.ts';

/**
 * Runs bgsync once, and leaves nothing behind in the process: no listener, no timer.
 *
 * @param argv what follows the program's name
 * @returns what the process should end with; never throws
 */
export async function run(argv: readonly string[], outside: Outside): Promise<ExitCode> {
  const interrupts = new ProcessInterrupts(outside);
  let { report } = outside;
  try {
    let exitCode: ExitCode = ExitCode.ok;
    const args = argumentsOf(argv, report);
    const program = createProgram(args[0] ?? '', outside.report, async (command, options) => {
      const cwd = resolve(outside.cwd, options.cwd ?? '.');
      const guarded = interrupts.guard(outside);
      const contextIn = (folder: string): Context => {
        const where = { cwd: folder, base: cwd, shell: outside.cwd };
        report = reportFromHere(outside.report, where);
        return { ...guarded, ...where, report };
      };
      const ctx = contextIn(cwd);
      if (isForMachines(options)) outside.report.idle(true);
      try {
        exitCode = (await command(options, ctx)).exitCode;
      } catch (error) {
        const app = await chooseApp(error, options, ctx);
        exitCode = (await command(options, contextIn(app))).exitCode;
      }
    });
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return explain(error, report, outside);
  } finally {
    interrupts.stop();
  }
}

/**
 * At the root of a workspace with several apps a terminal can say which is meant.
 *
 * @throws what a command threw, where it is anything else or no one can be asked
 */
async function chooseApp(
  error: unknown,
  { json }: { readonly json?: boolean },
  ctx: Context,
): Promise<string> {
  if (!(error instanceof SeveralAppsError) || !ctx.isInteractive || json === true) throw error;
  return ctx.prompt.select(
    error.message,
    error.apps.map((value) => ({ value, label: printableLine(relative(ctx.shell, value)) })),
  );
}

const isForMachines = ({ json, format = 'text' }: CommandOptions): boolean =>
  json === true || format !== 'text';

/**
 * Without a command bgsync says where it stands; `-V` is `-v` to the users of many tools, and a folder comes before the
 * command with some, as in `git -C`.
 */
function argumentsOf(argv: readonly string[], report: Report): string[] {
  if (argv[0] === '-V') return ['--version'];
  const rest = argv.filter((argument) => argument !== '--no-color');
  if (rest.length === 0) return ['overview', ...argv];
  if (rest[0]?.startsWith('--cwd') !== true) return [...argv];
  const before = new Command('bgsync')
    .option('--cwd <dir>')
    .exitOverride()
    .configureOutput({ writeErr: (text) => report.warn(text.replace(/\n$/, '')) });
  const { operands, unknown } = before.parseOptions(rest);
  if (operands.length === 0 && unknown.length > 0) return unknown;
  const { cwd = '.' } = before.opts<{ cwd?: string }>();
  return [...(operands.length === 0 ? ['overview'] : operands), `--cwd=${cwd}`, ...unknown];
}

/** Shows an error for what it is, and says which code the process ends with. */
function explain(error: unknown, report: Report, { cwd, platform }: Outside): ExitCode {
  if (error instanceof CommanderError) {
    // commander has printed its message; help and version end with 0.
    return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  }
  if (error instanceof CancelError) {
    report.warn(printable(error.message));
    return ExitCode.interrupted;
  }
  if (error instanceof UserError) {
    const here = (text: string): string => printable(pathsFromHere({ shell: cwd }, text));
    report.warn(`error: ${here(error.message)}`);
    if (error.hint !== undefined) report.warn(here(error.hint).replaceAll(/^/gm, '  '));
    return error.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  report.warn(
    `This is a bug in bgsync ${VERSION} (Node ${process.versions.node}, ${platform}):\n${printable(stack.replaceAll(cwd, '<project>'))}\n` +
      'Please report it with the lines above.',
  );
  return ExitCode.internal;
}
