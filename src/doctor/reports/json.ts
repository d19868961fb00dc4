import { VERSION } from '../../version.ts';
import { checkPage } from '../check-page.ts';
import type { PageOf } from '../check-page.ts';
import type { DoctorReport, JudgedFinding } from '../judge.ts';
import { printableJson } from '../../terminal.ts';

function describe(finding: JudgedFinding, pageOf: PageOf) {
  const { id, title, severity, file, line, column, endLine, message, why, fix, source } = finding;
  const { evidence, fingerprint, reason, fixEdits } = finding;
  return {
    id,
    severity,
    title,
    file,
    line,
    column,
    endLine,
    message,
    evidence,
    why,
    fix,
    source,
    explain: `npx bgsync doctor --explain ${id}`,
    page: pageOf(id),
    fixable: fixEdits !== undefined,
    fingerprint,
    reason,
  };
}

/** One document: the findings that count, those that do not, and what could not be looked at. */
export function jsonReport(
  { checks, applied, findings, notices, notes }: DoctorReport,
  facts: Readonly<Record<string, unknown>>,
  pageOf: PageOf = checkPage,
): string {
  const of = (state: JudgedFinding['state']) =>
    findings
      .filter((finding) => finding.state === state)
      .map((finding) => describe(finding, pageOf));
  const document = {
    version: 1,
    bgsync: VERSION,
    ...facts,
    checks: applied,
    findings: of('new'),
    known: of('known'),
    suppressed: of('suppressed'),
    couldNotRun: checks
      .filter(({ state }) => state === 'failed')
      .map(({ rule, reason }) => ({ id: rule.id, reason })),
    notices,
    notes,
  };
  return printableJson(document);
}
