import { areaOf, compareIds } from './rule.ts';
import type { Rule } from './rule.ts';
import type { Limit } from '../facts.ts';

const SECTIONS = [
  ['repo', 'In the repo', '`bgsync doctor`'],
  ['log', 'In a log', '`bgsync doctor --log FILE`'],
  ['device', 'At devices and the tools for them', '`bgsync doctor --device`'],
] as const;

/** In a cell of a table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const sourceOf = (source: string): string =>
  /^https?:\/\//.test(source) ? `[source](${source})` : source;

/**
 * docs/doctor.md: all checks as a table.
 *
 * @param fixable ids of the checks that have fixes for `--fix`
 */
export function documentRules(rules: readonly Rule[], fixable: ReadonlySet<string>): string {
  const lines = [
    '# What `bgsync doctor` looks for',
    '',
    'Generated from the checks themselves. `bgsync doctor --explain ID` tells the whole story of one, offline. An id never changes its',
    'meaning. Severity *error* ends with exit code 1, *warning* too with `--strict`. *fix*: `bgsync doctor --fix` mends it where the edit can',
    'be placed with certainty.',
  ];
  for (const [area, title, command] of SECTIONS) {
    const own = rules
      .filter(({ id }) => areaOf(id) === area)
      .toSorted((a, b) => compareIds(a.id, b.id));
    lines.push('', `## ${title}: ${command}`, '');
    lines.push(
      '| id | severity | what is checked | why | what to do |',
      '| --- | --- | --- | --- | --- |',
    );
    for (const { id, severity, title: name, why, fix, source } of own) {
      const mends = fixable.has(id) ? ' *(fix)*' : '';
      const cells = [
        id,
        severity,
        cell(name),
        `${cell(why)} ${sourceOf(cell(source))}`,
        cell(fix) + mends,
      ];
      lines.push(`| ${cells.join(' | ')} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** docs/limits.md: what bgsync knows of the versions of others, as a table. */
export function documentLimits(limits: readonly Limit[]): string {
  const rows = limits.map(({ of, limit, effect, checks, source }) =>
    [cell(of), cell(limit), cell(effect), checks.join(', '), sourceOf(source)].join(' | '),
  );
  return [
    '# Limits',
    '',
    'Generated from `src/facts.ts`, from which the config, the checks, `init` and the generated code take them.',
    '',
    '| of | limit | otherwise | checks | source |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
    '',
  ].join('\n');
}
