import type { Colors } from '../../events/format.ts';
import { plural } from '../../plural.ts';
import { printableLine } from '../../terminal.ts';
import type { Severity } from '../check.ts';
import type { DoctorReport, JudgedFinding } from '../judge.ts';
import { placeOf } from './place-text.ts';

const HEADINGS = { error: 'Errors', warning: 'Warnings', info: 'Worth knowing' } as const;

const MAX_NOTES = 5;

/** For people: by severity, then by file. Safe to print, whatever the repo holds. */
export function textReport(
  report: DoctorReport,
  colors: Colors,
  here: (command: string) => string = (command) => command,
): string {
  const paint = { error: colors.red, warning: colors.yellow, info: colors.cyan };
  const lines: string[] = [];
  const explained = new Set<string>();
  const findings = report.findings.filter(({ state }) => state === 'new');

  const show = (finding: JudgedFinding): void => {
    const { id, severity, message, why, fix, evidence } = finding;
    const place = colors.bold(printableLine(placeOf(finding)));
    lines.push(`  ${place}  ${paint[severity](id)}  ${printableLine(message)}`);
    for (const one of evidence.slice(1)) {
      lines.push(`    ${colors.dim('see')}  ${printableLine(`${placeOf(one)}  ${one.says}`)}`);
    }
    // The same words stand once; a fix of the finding's own stands with it.
    if (!explained.has(id)) lines.push(`    ${colors.dim('why')}  ${printableLine(why)}`);
    if (!explained.has(`${id} ${fix}`))
      lines.push(`    ${colors.dim('fix')}  ${printableLine(fix)}`);
    explained.add(id).add(`${id} ${fix}`);
  };
  for (const severity of ['error', 'warning', 'info'] as const) {
    const group = findings.filter((finding) => finding.severity === severity);
    if (group.length === 0) continue;
    lines.push(colors.bold(paint[severity](HEADINGS[severity])), '');
    for (const finding of group) show(finding);
    lines.push('');
  }

  const failed = report.checks.filter(({ state }) => state === 'failed');
  for (const reason of new Set(failed.map((one) => one.reason ?? ''))) {
    const ids = failed.filter((one) => (one.reason ?? '') === reason).map(({ rule }) => rule.id);
    lines.push(`${colors.red('could not run')} ${ids.join(', ')}  ${printableLine(reason)}`);
  }
  for (const { path, reason } of report.notes.slice(0, MAX_NOTES)) {
    lines.push(`${colors.dim('not looked at')} ${printableLine(path)}: ${printableLine(reason)}`);
  }
  if (report.notes.length > MAX_NOTES) {
    lines.push(`${colors.dim('not looked at')} and ${report.notes.length - MAX_NOTES} more`);
  }
  for (const notice of report.notices) lines.push(`${colors.dim('note')} ${printableLine(notice)}`);
  if (failed.length + report.notes.length + report.notices.length > 0) lines.push('');

  lines.push(summaryOf(report));
  const fixable = findings.filter(({ fixEdits }) => fixEdits !== undefined).length;
  if (fixable > 0) {
    lines.push(
      `For ${fixable} of these: \`${here('npx bgsync doctor --fix')}\` mends it where the edit is certain, else says how.`,
    );
  }
  const [first] = bySeverity(findings);
  if (first !== undefined) {
    lines.push(`The whole story of one: \`npx bgsync doctor --explain ${first.id}\``);
  }
  return `${lines.join('\n')}\n`;
}

const ORDER: readonly Severity[] = ['error', 'warning', 'info'];

const bySeverity = (findings: readonly JudgedFinding[]): JudgedFinding[] =>
  findings.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));

/** `12 checks: 2 errors, 1 warning, 0 infos; 3 known from the baseline`. */
export function summaryOf({ applied, findings, hasBaseline }: DoctorReport): string {
  const count = (state: JudgedFinding['state'], severity?: Severity): number =>
    findings.filter(
      (finding) =>
        finding.state === state && (severity === undefined || finding.severity === severity),
    ).length;
  const counts = ORDER.map((severity) => plural(count('new', severity), severity)).join(', ');
  const aside: string[] = [];
  if (hasBaseline) aside.push(`${count('known')} known from the baseline`);
  if (count('suppressed') > 0) aside.push(`${count('suppressed')} suppressed`);
  return [`${plural(applied, 'check')}: ${counts}`, ...aside].join('; ');
}
