import { VERSION } from '../../version.ts';
import type { Severity } from '../check.ts';
import { checkPage, moreOn } from '../check-page.ts';
import type { PageOf } from '../check-page.ts';
import type { DoctorReport, JudgedFinding } from '../judge.ts';
import { areaOf } from '../rule.ts';
import type { Rule } from '../rule.ts';
import { printableJson } from '../../terminal.ts';
import { placeOf } from './place-text.ts';
import { folderUrl, pathFromTop } from './report-place.ts';
import type { ReportPlace } from './report-place.ts';

const LEVELS: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

/** GitHub's own scale for a rule. */
const PROBLEM_SEVERITIES: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'recommendation',
};

const TOP = '%SRCROOT%';

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** A path as a relative URL: a name with a colon or a percent sign stays a name. */
const pathUrl = (path: string): string =>
  path.replace(LONE_SURROGATE, '\ufffd').split('/').map(encodeURIComponent).join('/');

/** `Info.plist permits the task id` → `InfoPlistPermitsTheTaskId`. */
const nameOf = (title: string): string =>
  title
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

function describeRule({ id, title, severity, why, source, fix, explain }: Rule, pageOf: PageOf) {
  const page = pageOf(id) ?? (/^https?:\/\/\S+$/.test(source) ? source : undefined);
  const more = `More: ${moreOn(id, pageOf)}`;
  return {
    id,
    name: nameOf(title),
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: {
      text: [why, explain, `How to mend it: ${fix}`, `Source: ${source}`, more].join('\n\n'),
      markdown: [
        `# ${id}: ${title}`,
        why,
        explain,
        `## How to mend it\n\n${fix}`,
        `Source: ${source}`,
        more,
      ].join('\n\n'),
    },
    ...(page === undefined ? {} : { helpUri: page }),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      tags: ['background-sync', areaOf(id)],
      'problem.severity': PROBLEM_SEVERITIES[severity],
      precision: 'high',
    },
  };
}

interface Located {
  readonly id: string;
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
}

function locate(located: Located, place: ReportPlace) {
  const { file, line, column, endLine } = located;
  const path = pathFromTop(located, place);
  if (path === undefined) {
    return { logicalLocations: [{ fullyQualifiedName: file, kind: 'resource' }] };
  }
  const region = {
    startLine: line ?? 1,
    ...(line === undefined || column === undefined ? {} : { startColumn: column }),
    ...(line === undefined || endLine === undefined ? {} : { endLine }),
  };
  return {
    physicalLocation: { artifactLocation: { uri: pathUrl(path), uriBaseId: TOP }, region },
  };
}

/** The other places of its evidence. */
function relatedTo({ id, evidence }: JudgedFinding, place: ReportPlace) {
  const others = evidence.slice(1);
  if (others.length === 0) return {};
  const relatedLocations = others.map((one, index) => ({
    id: index + 1,
    ...locate({ ...one, id }, place),
    message: { text: one.says },
  }));
  return { relatedLocations };
}

/**
 * GitHub shows a related location only where the message links to it by its id.
 * https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support#result-object
 * What a link's text escapes: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html, 3.11.6
 */
const linksTo = ({ evidence }: JudgedFinding): string[] =>
  evidence
    .slice(1)
    .map(
      (one, index) =>
        `See [${placeOf(one).replace(/[\\[\]]/g, '\\$&')}](${index + 1}): ${one.says}`,
    );

/**
 * SARIF 2.1.0, for code scanning.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifReport(
  report: DoctorReport,
  place: ReportPlace,
  pageOf: PageOf = checkPage,
): string {
  const rules = report.checks.map(({ rule }) => rule);
  const ruleIndex = new Map(rules.map(({ id }, index) => [id, index]));
  const ruleOf = (id: string) => ({ id, index: ruleIndex.get(id) ?? -1 });
  const failed = report.checks.filter(({ state }) => state === 'failed');

  const results = report.findings.map((finding) => ({
    ruleId: finding.id,
    ruleIndex: ruleIndex.get(finding.id) ?? -1,
    level: LEVELS[finding.severity],
    message: { text: [finding.message, ...linksTo(finding), `Fix: ${finding.fix}`].join('\n') },
    locations: [locate(finding, place)],
    ...relatedTo(finding, place),
    partialFingerprints: { 'bgsync/v1': finding.fingerprint },
    ...(report.hasBaseline
      ? { baselineState: finding.state === 'known' ? 'unchanged' : 'new' }
      : {}),
    ...(finding.state === 'suppressed'
      ? { suppressions: [{ kind: 'external', justification: finding.reason ?? '' }] }
      : {}),
  }));

  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'bgsync',
            version: VERSION,
            semanticVersion: VERSION,
            informationUri: 'https://www.npmjs.com/package/bgsync',
            rules: rules.map((rule) => describeRule(rule, pageOf)),
          },
        },
        automationDetails: { id: 'bgsync/doctor/' },
        originalUriBaseIds: { [TOP]: { uri: folderUrl(place.top) } },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: failed.length === 0,
            toolExecutionNotifications: [
              ...failed.map(({ rule, reason = '' }) => ({
                level: 'error',
                message: { text: `${rule.id} could not run: ${reason}` },
                associatedRule: ruleOf(rule.id),
              })),
              ...report.checks.flatMap(({ rule, unseen }) =>
                unseen === undefined
                  ? []
                  : [
                      {
                        level: 'note',
                        message: { text: `${rule.id} had not all to look at: ${unseen}` },
                        associatedRule: ruleOf(rule.id),
                      },
                    ],
              ),
              ...report.notes.map(({ path, reason }) => ({
                level: 'note',
                message: { text: `${path} was not looked at: ${reason}` },
              })),
            ],
            toolConfigurationNotifications: report.notices.map((text) => ({
              level: 'note',
              message: { text },
            })),
          },
        ],
        results,
      },
    ],
  };
  return printableJson(log);
}
