import { CONFIG_FILE } from '../config.ts';
import type { Colors } from '../events/format.ts';
import { areaOf } from './rule.ts';
import type { Rule } from './rule.ts';

const WHERE = {
  repo: 'in the repo: bgsync doctor',
  log: 'in a log: bgsync doctor --log FILE',
  device: 'at a device and its tools: bgsync doctor --device',
};

/** Breaks a paragraph into lines of up to 100 characters. */
function wrap(paragraph: string, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(/\s+/)) {
    if (line !== '' && indent.length + line.length + 1 + word.length > 100) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, indent + line];
}

/** A paragraph as prose; one that begins with four blanks is code, and stays as it is. */
const shown = (part: string): string[] =>
  part.startsWith('    ') ? part.split('\n').map((line) => `  ${line}`) : wrap(part, '  ');

/** The whole story of one check, for `doctor --explain ID`. */
export function explainRule(rule: Rule, colors: Colors): string {
  const { id, title, severity, why, source, fix, explain } = rule;
  const section = (name: string, text: string): string[] => [
    '',
    colors.bold(name),
    ...text.split(/\n{2,}/).flatMap((part, index) => [...(index > 0 ? [''] : []), ...shown(part)]),
  ];
  const suppression = JSON.stringify({ id, reason: '…' });
  return [
    `${colors.bold(id)}  ${title}`,
    `${severity}, looked for ${WHERE[areaOf(id)]}`,
    ...section('Why it matters', why),
    ...section('What happens', explain),
    ...section('How to mend it', fix),
    ...section('Source', source),
    '',
    colors.bold('Where it is meant to be so'),
    `  in ${CONFIG_FILE}: "doctor": { "suppress": [${suppression}] }`,
    `  ("file" limits it to a path, a folder or a pattern such as "ios/**/*.plist")`,
    '',
  ].join('\n');
}

/** All checks, a line each. */
export function listRules(rules: readonly Rule[], colors: Colors): string {
  const lines = rules.map(
    ({ id, severity, title }) => `${colors.bold(id.padEnd(4))} ${severity.padEnd(7)}  ${title}`,
  );
  return [...lines, '', 'bgsync doctor --explain ID tells the whole story of one.', ''].join('\n');
}
