import { CONFIG_FILE } from '../config.ts';
import type { Colors } from '../events/format.ts';
import { wrapText } from '../wrap.ts';
import { BLIND_SPOTS } from './blind-spots.ts';
import { checkPage } from './check-page.ts';
import type { PageOf } from './check-page.ts';
import { LOOKED_FOR, areaOf } from './rule.ts';
import type { Rule } from './rule.ts';

/** As wide as prose gets, however wide the terminal is. */
const WIDEST = 101;

/** A paragraph as prose; one that begins with four blanks is code, and stays as it is. */
const shown = (part: string, width: number): string =>
  part.startsWith('    ')
    ? part.replaceAll(/^/gm, '  ')
    : wrapText(`  ${part.trim().replaceAll(/\s+/g, ' ')}`, width);

/**
 * The whole story of one check, for `doctor --explain ID`.
 *
 * @param columns of the terminal, where there is one
 */
export function explainRule(
  rule: Rule,
  colors: Colors,
  columns?: number,
  pageOf: PageOf = checkPage,
): string {
  const page = pageOf(rule.id);
  const width = Math.min(columns ?? WIDEST, WIDEST);
  const { id, title, severity, why, source, fix, mends, explain } = rule;
  const section = (name: string, text: string): string[] => [
    '',
    colors.bold(name),
    ...text
      .split(/\n{2,}/)
      .flatMap((part, index) => [...(index > 0 ? [''] : []), shown(part, width)]),
  ];
  const blind = BLIND_SPOTS[id];
  const { where, command } = LOOKED_FOR[areaOf(id)];
  const suppression = JSON.stringify({ id, reason: '…' });
  return [
    wrapText(`${colors.bold(id)}  ${title}`, columns),
    wrapText(`${severity}, looked for ${where}: \`npx ${command}\``, columns),
    ...section('Why it matters', why),
    ...section('What happens', explain),
    ...section('How to mend it', fix),
    ...(mends === undefined ? [] : section('What doctor --fix does', mends)),
    ...(blind === undefined
      ? []
      : section('What it cannot see', `${blind[0]?.toUpperCase() ?? ''}${blind.slice(1)}.`)),
    ...section('Source', source),
    ...(page === undefined ? [] : section('This page', page)),
    '',
    colors.bold('Where it is meant to be so'),
    `  in ${CONFIG_FILE}: "doctor": { "suppress": [${suppression}] }`,
    wrapText(
      '  ("file" limits it to a path, a folder or a pattern such as "ios/**/*.plist")',
      width,
    ),
    '',
  ].join('\n');
}

/** What `doctor --explain --json` has of a check. */
export function ruleDocument(rule: Rule): object {
  const { id, title, severity, why, explain, fix, mends, source } = rule;
  const [looksAt, cannotSee] = [areaOf(id), BLIND_SPOTS[id]];
  return { id, title, severity, looksAt, why, explain, fix, mends, cannotSee, source };
}

/**
 * All checks, a line each.
 *
 * @param columns of the terminal, where there is one
 */
export function listRules(rules: readonly Rule[], colors: Colors, columns?: number): string {
  const lines = rules.map(({ id, severity, title }) =>
    wrapText(`${colors.bold(id.padEnd(4))} ${severity.padEnd(7)}  ${title}`, columns),
  );
  const last = wrapText('`npx bgsync doctor --explain ID` tells the whole story of one.', columns);
  return [...lines, '', last, ''].join('\n');
}
