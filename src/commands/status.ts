import type { CommandResult, Context, Report } from '../context.ts';
import { describeConstraint } from '../devices/android/parse-jobs.ts';
import { describeRestrictions } from '../devices/android/restrictions.ts';
import { statusSchema } from '../devices/status-document.ts';
import type { StatusDocument } from '../devices/status-document.ts';
import { formatDuration, formatTime } from '../events/format.ts';
import { ExitCode } from '../exit-code.ts';
import { describeConstraints } from '../schedule/constraints.ts';
import { printableJson, printableLine } from '../terminal.ts';
import { requirePlatform } from './ask-platform.ts';

export interface StatusOptions {
  readonly cwd?: string;
  readonly platform?: 'android' | 'ios';
  readonly device?: string;
  readonly app?: string;
  /** The name of a sync; the first where it is left out. */
  readonly task?: string;
  readonly adb?: string;
  readonly xcrun?: string;
  readonly json?: boolean;
  /** Only the JSON schema of what `--json` prints. */
  readonly schema?: boolean;
}

/** Shows what is scheduled on a device, when it may run, and what holds it back. */
export async function status(options: StatusOptions, ctx: Context): Promise<CommandResult> {
  if (options.schema === true) {
    const { toJsonSchema } = await import('@valibot/to-json-schema');
    ctx.report.line(JSON.stringify(toJsonSchema(statusSchema), null, 2));
    return { exitCode: ExitCode.ok };
  }
  const choices = ['android', 'ios'] as const;
  const platform = await requirePlatform(options.platform, choices, ctx, options.json === true);
  const document =
    platform === 'android'
      ? await (await import('../devices/android/status.ts')).androidStatus(options, ctx)
      : await (await import('../devices/ios/status.ts')).iosStatus(options, ctx);
  if (options.json === true) ctx.report.raw(printableJson(document));
  else print(document, ctx.report);
  return { exitCode: ExitCode.ok };
}

function print(document: StatusDocument, report: Report): void {
  const { app, device, status, stopped, restrictions, jobs, stops, notes } = document;
  const row = (name: string, value: string): void =>
    report.line(printableLine(`${name.padEnd(12)}${value}`));
  row('app', `${app} on ${device}`);
  if (status !== null) {
    row('scheduled', status.scheduled ? `yes (${status.state})` : `no (${status.state})`);
    if (status.next > 0) row('next window', `not before ${formatTime(status.next)}`);
    const { constraints, unmet, intervalMinutes } = status;
    if (intervalMinutes !== undefined) row('interval', `${intervalMinutes} min`);
    if (constraints !== undefined) row('needs', describeConstraints(constraints) || 'nothing');
    if (unmet !== undefined && unmet.length > 0) row('not there', describeConstraints(unmet));
    if (status.openRun !== null) row('running', status.openRun);
    const { lastRun } = status;
    if (lastRun !== null) {
      const took = formatDuration(lastRun.ms);
      row('last run', `${lastRun.run} ${lastRun.out} in ${took}, ${formatTime(lastRun.ts)}`);
    }
    if (status.consecutiveFailures > 0) row('failures', `${status.consecutiveFailures} in a row`);
  }
  if (restrictions !== null) {
    for (const text of describeRestrictions(stopped, restrictions)) row('held by', text);
  }
  for (const job of jobs) {
    const where = job.namespace === null ? '' : ` in ${job.namespace}`;
    row('job', `${job.id}${where}${job.isActive ? ', running now' : ''}`);
    if (job.earliestMs !== null) {
      row('  due', job.earliestMs <= 0 ? 'now' : `in ${formatDuration(job.earliestMs)}`);
    }
    if (job.required.length > 0) row('  needs', job.required.join(', '));
    if (job.unsatisfied.length > 0) {
      row('  held by', job.unsatisfied.map(describeConstraint).join(', '));
    }
    if (job.bucket !== null) row('  bucket', job.bucket);
  }
  for (const { id, agoMs, reason } of stops) {
    row('stopped', `job ${id}, ${formatDuration(Math.abs(agoMs))} ago: ${reason || 'no reason'}`);
  }
  for (const note of notes) row('note', note);
}
