import { printable } from '../../terminal.ts';
import { checkPage, moreOn } from '../check-page.ts';
import type { PageOf } from '../check-page.ts';
import type { DoctorReport } from '../judge.ts';
import { placeOf } from './place-text.ts';
import { pathFromTop } from './report-place.ts';
import type { ReportPlace } from './report-place.ts';
import { summaryOf } from './text.ts';

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const;

/**
 * The runner prints what it reads, in colour where it is told to.
 * https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts (escapeData, escapeProperty)
 */
const escapeData = (text: string): string =>
  printable(text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A'));
const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** Of the ten notices that GitHub shows; the findings come first. */
const MOST_NOTES = 3;

function command(
  name: string,
  properties: Readonly<Record<string, string | number | undefined>>,
  message: string,
): string {
  const list = Object.entries(properties)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${name} ${list.join(',')}::${escapeData(message)}`;
}

/**
 * Workflow commands that GitHub shows beside the lines of a pull request. It shows ten of each kind, so errors come
 * first.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function githubReport(
  report: DoctorReport,
  place: ReportPlace,
  pageOf: PageOf = checkPage,
): string {
  const lines: string[] = [];
  for (const severity of ['error', 'warning', 'info'] as const) {
    for (const finding of report.findings) {
      if (finding.state !== 'new' || finding.severity !== severity) continue;
      const { id, title, line, column, endLine, message, fix, evidence } = finding;
      const file = pathFromTop(finding, place);
      const where =
        file === undefined
          ? {}
          : { file, line: line ?? 1, endLine, col: line === undefined ? undefined : column };
      const see = evidence.slice(1).map((one) => `See ${placeOf(one)}: ${one.says}\n`);
      const name = file === undefined ? `${finding.file}: ` : '';
      lines.push(
        command(
          COMMANDS[severity],
          { ...where, title: `${id} ${title}` },
          `${name}${message}\n${see.join('')}Fix: ${fix}\nMore: ${moreOn(id, pageOf)}`,
        ),
      );
    }
  }
  for (const { rule, state, reason = '' } of report.checks) {
    if (state !== 'failed') continue;
    lines.push(command('error', { title: `${rule.id} could not run` }, reason));
  }
  for (const { path, reason } of report.notes.slice(0, MOST_NOTES)) {
    lines.push(command('notice', { title: 'not looked at' }, `${path}: ${reason}`));
  }
  if (report.notes.length > MOST_NOTES) {
    const more = `and ${report.notes.length - MOST_NOTES} more`;
    lines.push(command('notice', { title: 'not looked at' }, more));
  }
  for (const notice of report.notices) lines.push(command('notice', { title: 'bgsync' }, notice));
  return `${[...lines, summaryOf(report)].join('\n')}\n`;
}
