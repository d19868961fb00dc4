import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pc from 'picocolors';
import { format, resolveConfig } from 'prettier';
import { describe, expect, test } from 'vitest';
import { RULES } from '../../../src/doctor/catalogue.ts';
import { documentRules } from '../../../src/doctor/document.ts';
import { explainRule } from '../../../src/doctor/explain.ts';

const DOCUMENT = fileURLToPath(new URL('../../../docs/doctor.md', import.meta.url));
const CHECKS = fileURLToPath(new URL('../../../src/doctor/checks', import.meta.url));

/** Ids of the checks whose file brings edits along, or takes them from a file that does. */
function fixableIds(): Set<string> {
  const texts = readdirSync(CHECKS, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(`${CHECKS}/${path}`, 'utf8'));
  const ids = texts
    .filter((text) => text.includes('fixEdits'))
    .flatMap((text) => [...text.matchAll(/^ {2}id: '([A-Z]\d+)'/gm)].map(([, id = '']) => id));
  return new Set(ids);
}

test('docs/doctor.md is what the checks say (mend it with: npx vitest run tests/unit/doctor/catalogue.test.ts --update=all)', async () => {
  const config = await resolveConfig(DOCUMENT);
  const text = await format(documentRules(RULES, fixableIds()), { ...config, parser: 'markdown' });
  await expect(text).toMatchFileSnapshot(DOCUMENT);
});

test('ids are one each', () => {
  const ids = RULES.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

describe.each(RULES.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  test('says all that is asked of a check', () => {
    expect(id).toMatch(/^[A-Z]\d{2}$/);
    for (const text of [rule.title, rule.why, rule.source, rule.fix, rule.explain]) {
      expect(text.trim()).toBe(text);
      expect(text).not.toBe('');
    }
    expect(rule.title).not.toMatch(/[.\n|]$/);
    const story = explainRule(rule, pc.createColors(false));
    expect(story).toContain(rule.title);
    // A URL or a command may be longer than a line.
    const prose = story.split('\n').filter((line) => !/\S{60}|suppress/.test(line));
    expect(Math.max(...prose.map((line) => line.length))).toBeLessThan(140);
  });
});
