import pc from 'picocolors';
import type { CommandResult, Context, Report } from '../context.ts';
import { CHECKS } from '../doctor/checks/index.ts';
import { openRepo } from '../doctor/repo.ts';
import { runChecks } from '../doctor/run.ts';
import type { Diagnosis, DoctorResult } from '../doctor/run.ts';
import { ExitCode } from '../exit-code.ts';
import { printableLine } from '../terminal.ts';
import { VERSION } from '../version.ts';

export interface DoctorOptions {
  readonly cwd?: string;
  readonly json?: boolean;
}

/** `bgsync doctor`: runs every check, shows what it found; ends with 1 on errors. Reads only. */
export async function doctor(options: DoctorOptions, ctx: Context): Promise<CommandResult> {
  const repo = await openRepo(ctx.fs, ctx.cwd);
  const result = await runChecks(CHECKS, repo);
  if (options.json === true) {
    const document = { version: 1, bgsync: VERSION, ...result };
    ctx.report.raw(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    show(ctx.report, result);
  }
  return { exitCode: exitCodeOf(result) };
}

function exitCodeOf({ findings, couldNotRun }: DoctorResult): ExitCode {
  if (findings.some(({ severity }) => severity === 'error')) return ExitCode.failed;
  return couldNotRun.length > 0 ? ExitCode.usage : ExitCode.ok;
}

const PAINT = { error: pc.red, warning: pc.yellow, info: pc.cyan };

function showFinding(report: Report, finding: Diagnosis): void {
  const { severity, id, file, line, message, why, fix } = finding;
  const place = line === undefined ? file : `${file}:${line}`;
  report.line(`${PAINT[severity](severity)} ${id}  ${pc.bold(printableLine(place))}`);
  report.line(`  ${printableLine(message)}`);
  report.line(`  ${pc.dim('why')}  ${why}`);
  report.line(`  ${pc.dim('fix')}  ${printableLine(fix)}`);
  report.line();
}

function show(report: Report, result: DoctorResult): void {
  for (const finding of result.findings) showFinding(report, finding);
  for (const { id, reason } of result.couldNotRun) {
    report.line(`${pc.red('could not run')} ${id}  ${printableLine(reason)}`);
    report.line();
  }
  const count = (severity: Diagnosis['severity']): number =>
    result.findings.filter((finding) => finding.severity === severity).length;
  const summary = `${count('error')} errors, ${count('warning')} warnings, ${count('info')} infos`;
  report.line(`${result.checks} checks: ${summary}`);
}
