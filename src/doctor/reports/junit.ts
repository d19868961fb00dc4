import { printable } from '../../terminal.ts';
import { checkPage, moreOn } from '../check-page.ts';
import type { PageOf } from '../check-page.ts';
import type { CheckOutcome } from '../run.ts';
import type { DoctorReport, JudgedFinding } from '../judge.ts';
import { placeOf } from './place-text.ts';

/**
 * What XML 1.0 has no way to say beside control characters, half a surrogate pair included; it becomes U+FFFD.
 * https://www.w3.org/TR/xml/#charsets
 */
const FORBIDDEN =
  /[\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const escapeText = (text: string): string =>
  printable(text)
    .replace(FORBIDDEN, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');

/** In an attribute, a parser would make spaces of tabs and line feeds. */
const escapeAttribute = (text: string): string =>
  escapeText(text).replaceAll('"', '&quot;').replaceAll('\t', '&#9;').replaceAll('\n', '&#10;');

const describe = (finding: JudgedFinding, pageOf: PageOf): string =>
  [
    `${finding.severity}: ${placeOf(finding)}: ${finding.message}`,
    ...finding.evidence.slice(1).map((one) => `  see: ${placeOf(one)}: ${one.says}`),
    ...(finding.reason === undefined ? [] : [`  suppressed: ${finding.reason}`]),
    `  fix: ${finding.fix}`,
    `  more: ${moreOn(finding.id, pageOf)}`,
  ].join('\n');

const element = (name: string, message: string, body: string): string =>
  `      <${name} message="${escapeAttribute(message)}">${escapeText(body)}</${name}>\n`;

interface TestCase {
  readonly kind: 'passed' | 'failure' | 'error' | 'skipped';
  readonly inside: string;
}

/** A check has one element at most: readers of JUnit files take the first and drop the others. */
function testCase(
  { state, reason = '', unseen }: CheckOutcome,
  findings: readonly JudgedFinding[],
  failing: DoctorReport['failing'],
  pageOf: PageOf,
): TestCase {
  if (state === 'failed') return { kind: 'error', inside: element('error', reason, '') };
  if (state === 'not-applicable') {
    return { kind: 'skipped', inside: '      <skipped message="nothing to check here"/>\n' };
  }
  const body = findings.map((finding) => describe(finding, pageOf)).join('\n');
  const failures = findings.filter(
    (finding) => finding.state === 'new' && failing.has(finding.severity),
  );
  const [first, ...others] = failures;
  if (first !== undefined) {
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
    const message = `${placeOf(first)}: ${first.message}${more}`;
    const inside = element(
      'failure',
      message,
      failures.map((one) => describe(one, pageOf)).join('\n'),
    );
    return { kind: 'failure', inside };
  }
  const [suppressed] = findings.filter((finding) => finding.state === 'suppressed');
  if (suppressed !== undefined && findings.every((finding) => finding.state === 'suppressed')) {
    const inside = `      <skipped message="${escapeAttribute(`suppressed: ${suppressed.reason ?? ''}`)}"/>\n`;
    return { kind: 'skipped', inside };
  }
  if (unseen !== undefined && findings.length === 0) {
    return {
      kind: 'skipped',
      inside: `      <skipped message="${escapeAttribute(unseen)}"/>\n`,
    };
  }
  const inside = body === '' ? '' : `      <system-out>${escapeText(body)}</system-out>\n`;
  return { kind: 'passed', inside };
}

/**
 * One test a check, as Jenkins, GitLab and others read it.
 * https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
 */
export function junitReport(
  { checks, findings, failing, notices, notes }: DoctorReport,
  pageOf: PageOf = checkPage,
): string {
  const counts = { passed: 0, failure: 0, error: 0, skipped: 0 };
  const cases = checks.map((outcome) => {
    const { id, title } = outcome.rule;
    const own = findings.filter((finding) => finding.id === id);
    const { kind, inside } = testCase(outcome, own, failing, pageOf);
    counts[kind] += 1;
    const open = `    <testcase classname="bgsync.doctor" name="${escapeAttribute(`${id} ${title}`)}"`;
    return inside === '' ? `${open}/>\n` : `${open}>\n${inside}    </testcase>\n`;
  });
  const said = [
    ...notices,
    ...notes.map(({ path, reason }) => `${path} was not looked at: ${reason}`),
  ];
  const { failure, error, skipped } = counts;
  const totals = `tests="${checks.length}" failures="${failure}" errors="${error}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<testsuites name="bgsync doctor" ${totals}>\n`,
    `  <testsuite name="bgsync doctor" ${totals} skipped="${skipped}">\n`,
    ...cases,
    said.length === 0 ? '' : `    <system-out>${escapeText(said.join('\n'))}</system-out>\n`,
    '  </testsuite>\n</testsuites>\n',
  ].join('');
}
