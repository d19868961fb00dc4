import { printableJson } from '../../terminal.ts';
import { VERSION } from '../../version.ts';
import { mergeHtml } from './html.ts';
import type { Format } from './index.ts';

/** The report of one app of several. */
export interface AppReport {
  /** The app's folder, as it is called for people: relative to where bgsync was run. */
  readonly app: string;
  /** In the format, whole. */
  readonly text: string;
}

/** Makes one document of the reports of several apps; for people and for GitHub's log they follow each other. */
export function mergeReports(format: Format, reports: readonly AppReport[]): string {
  switch (format) {
    case 'text':
    case 'github':
      return reports.map(({ text }) => text).join(format === 'text' ? '\n' : '');
    case 'json':
      return printableJson({
        version: 1,
        bgsync: VERSION,
        apps: reports.map(({ app, text }) => ({ app, ...(JSON.parse(text) as object) })),
      });
    case 'sarif':
      return mergeSarif(reports);
    case 'junit':
      return mergeJunit(reports);
    case 'html':
      return mergeHtml(reports.map(({ text }) => text));
  }
}

interface Sarif {
  readonly runs: readonly { readonly automationDetails: { readonly id: string } }[];
}

/** A run for each app; GitHub keeps them apart by their category, the id (https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning#runautomationdetails-object). */
function mergeSarif(reports: readonly AppReport[]): string {
  const [first, ...others] = reports.map(({ app, text }) => {
    const log = JSON.parse(text) as Sarif;
    const runs = log.runs.map((run) => ({
      ...run,
      automationDetails: { id: `${run.automationDetails.id}${encodeURI(app)}/` },
    }));
    return { ...log, runs };
  });
  const runs = [first, ...others].flatMap((log) => log?.runs ?? []);
  return printableJson({ ...first, runs });
}

const SUITE = /<testsuite name="[^"]*" tests="(\d+)" failures="(\d+)" errors="(\d+)"/;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A suite for each app. */
function mergeJunit(reports: readonly AppReport[]): string {
  const totals = [0, 0, 0];
  const suites = reports.map(({ app, text }) => {
    const [, ...counts] = SUITE.exec(text) ?? [];
    counts.forEach((count, index) => (totals[index] = (totals[index] ?? 0) + Number(count)));
    const name = app.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
    return text
      .slice(text.indexOf('  <testsuite '), text.lastIndexOf('</testsuites>'))
      .replace('name="bgsync doctor"', () => `name="bgsync doctor ${name}"`);
  });
  const [tests, failures, errors] = totals;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<testsuites name="bgsync doctor" tests="${tests ?? 0}" failures="${failures ?? 0}" errors="${errors ?? 0}">\n`,
    ...suites,
    '</testsuites>\n',
  ].join('');
}
