import { escapeHtml, htmlPage } from '../../html/page.ts';
import { VERSION } from '../../version.ts';
import { checkPage } from '../check-page.ts';
import type { PageOf } from '../check-page.ts';
import type { CheckOutcome } from '../run.ts';
import type { DoctorReport, JudgedFinding } from '../judge.ts';
import { placeOf } from './place-text.ts';
import { summaryOf } from './text.ts';

const HEADINGS = { error: 'Errors', warning: 'Warnings', info: 'Worth knowing' } as const;

/** For people, to be kept or handed on: one page that needs nothing else. */
export function htmlReport(report: DoctorReport, name: string, pageOf: PageOf = checkPage): string {
  return htmlPage(`bgsync doctor: ${name}`, partOf(report, name, pageOf));
}

function partOf(report: DoctorReport, name: string, pageOf: PageOf): string {
  const parts = [
    `<h1>bgsync doctor: ${escapeHtml(name)}</h1>\n`,
    `<p>${escapeHtml(summaryOf(report))}. <span class="soft">bgsync ${VERSION}</span></p>\n`,
  ];
  const findings = report.findings.filter(({ state }) => state === 'new');
  for (const severity of ['error', 'warning', 'info'] as const) {
    const group = findings.filter((finding) => finding.severity === severity);
    if (group.length === 0) continue;
    parts.push(`<h2 class="${severity}">${HEADINGS[severity]}</h2>\n`);
    parts.push(...group.map((finding) => article(finding, pageOf(finding.id))));
  }
  const failed = report.checks.filter(({ state }) => state === 'failed');
  const open = [
    ...failed.map(({ rule, reason = '' }) => `${rule.id} could not run: ${reason}`),
    ...report.notes.map(({ path, reason }) => `${path}: ${reason}`),
  ];
  parts.push(list('Not looked at', open), list('Notes', report.notices));
  const aside = report.findings.filter(({ state }) => state !== 'new');
  parts.push(
    list(
      'Findings that do not count',
      aside.map(
        ({ id, state, reason, message, ...place }) =>
          `${id} ${placeOf(place)}: ${message} (${reason ?? (state === 'known' ? 'in the baseline' : 'suppressed')})`,
      ),
    ),
  );
  return [...parts, checksTable(report.checks)].join('');
}

function article(
  { id, severity, title, message, why, fix, source, evidence, ...place }: JudgedFinding,
  page: string | undefined,
): string {
  const more =
    page === undefined ? '' : ` <a href="${escapeHtml(page)}">All that is known of ${id}</a>`;
  const others = evidence
    .slice(1)
    .map(
      (one) =>
        `<li><span class="place">${escapeHtml(placeOf(one))}</span> ${escapeHtml(one.says)}</li>`,
    );
  return [
    `<article class="${severity}">\n`,
    `<h3>${id} ${escapeHtml(message)}</h3>\n`,
    `<p class="place">${escapeHtml(placeOf(place))}</p>\n`,
    others.length === 0 ? '' : `<ul>${others.join('')}</ul>\n`,
    `<p><strong>Why</strong> ${escapeHtml(why)} <a href="${escapeHtml(source)}">Source for ${id}</a></p>\n`,
    `<p><strong>Fix</strong> ${escapeHtml(fix)}</p>\n`,
    `<p class="soft">${escapeHtml(title)}. bgsync doctor --explain ${id}${more}</p>\n`,
    '</article>\n',
  ].join('');
}

const list = (heading: string, lines: readonly string[]): string =>
  lines.length === 0
    ? ''
    : `<h2>${heading}</h2>\n<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('\n')}</ul>\n`;

const STATES: Record<CheckOutcome['state'], string> = {
  ran: 'looked',
  'not-applicable': 'nothing to look at',
  failed: 'could not run',
};

function checksTable(checks: readonly CheckOutcome[]): string {
  const rows = checks.map(
    ({ rule, state, unseen }) =>
      `<tr><td>${rule.id}</td><td>${escapeHtml(rule.title)}</td><td>${STATES[state]}${unseen === undefined ? '' : `: ${escapeHtml(unseen)}`}</td></tr>\n`,
  );
  return `<details>\n<summary>All ${checks.length} checks</summary>\n<table>\n<thead><tr><th scope="col">Check</th><th scope="col">What it looks for</th><th scope="col">Here</th></tr></thead>\n<tbody>\n${rows.join('')}</tbody>\n</table>\n</details>\n`;
}

/** One page of several; what is between the tags is escaped, so that each stands in a page once. */
export function mergeHtml(pages: readonly string[]): string {
  const parts = pages.map((page) =>
    page.slice(page.indexOf('<main>\n') + '<main>\n'.length, page.lastIndexOf('</main>')),
  );
  return htmlPage('bgsync doctor', parts.join('<hr>\n'));
}
