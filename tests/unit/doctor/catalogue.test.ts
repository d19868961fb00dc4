import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import { formatMarkdown } from '../../helpers/markdown.ts';
import { RULES } from '../../../src/doctor/catalogue.ts';
import { BLIND_SPOTS } from '../../../src/doctor/blind-spots.ts';
import {
  READERS,
  documentReaders,
  documentRule,
  documentRules,
} from '../../../src/doctor/document.ts';
import { compareIds } from '../../../src/doctor/rule.ts';
import { explainRule } from '../../../src/doctor/explain.ts';

const DOCUMENT = fileURLToPath(new URL('../../../docs/doctor.md', import.meta.url));
const DOCTOR = fileURLToPath(new URL('../../../src/doctor', import.meta.url));
const CHECKS = `${DOCTOR}/checks`;

/** What each check reads, by what its file, and the files beside it that it imports, ask for. */
function readsOf(): Map<string, string[]> {
  const paths = readdirSync(CHECKS, { recursive: true, encoding: 'utf8' });
  const reads = new Map<string, string[]>();
  for (const path of paths.filter((one) => one.endsWith('.ts'))) {
    const text = readFileSync(`${CHECKS}/${path}`, 'utf8');
    const id = /^ {2}id: '([A-Z]\d+)'/m.exec(text)?.[1];
    if (id === undefined) continue;
    const names = READERS.filter(({ mark }) => mark.test(text)).map(({ name }) => name);
    reads.set(id, names);
  }
  return reads;
}

test('docs/doctor.md is what the checks say (mend it with: npx vitest run tests/unit/doctor/catalogue.test.ts --update=all)', async () => {
  const text = await formatMarkdown(documentRules(RULES) + documentReaders(RULES, readsOf()));
  await expect(text).toMatchFileSnapshot(DOCUMENT);
});

const PAGES = fileURLToPath(new URL('../../../docs/checks', import.meta.url));

test('docs/checks has a page of each check (mended in the same way)', async () => {
  for (const rule of RULES) {
    const text = await formatMarkdown(documentRule(rule));
    await expect(text).toMatchFileSnapshot(`${PAGES}/${rule.id}.md`);
  }
  expect(readdirSync(PAGES).sort()).toEqual(RULES.map(({ id }) => `${id}.md`).sort());
});

test('each check of the repo says what it cannot see', () => {
  const own = RULES.map(({ id }) => id).filter((id) => !/^[DRT]/.test(id));
  expect(Object.keys(BLIND_SPOTS).toSorted(compareIds)).toEqual(own);
});

/** `may not` forbids; any other says that it is not known. */
const HEDGE = /\b(?:may(?! not\b)|might|maybe|perhaps|probably|possibly|likely)\b/i;

test('what may be is a warning, never an error', () => {
  const errors = new Set(RULES.filter(({ severity }) => severity === 'error').map(({ id }) => id));
  for (const { id, title } of RULES) if (errors.has(id)) expect(title, id).not.toMatch(HEDGE);
  const paths = readdirSync(DOCTOR, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /^(?:checks|signals|device|tools)[/\\].*\.ts$/.test(path),
  );
  expect(paths.length).toBeGreaterThan(80);
  for (const path of paths) {
    const text = readFileSync(`${DOCTOR}/${path}`, 'utf8');
    const ids = [...text.matchAll(/\bid: '([A-Z]\d\d)'/g)].map(([, id = '']) => id);
    if (!ids.some((id) => errors.has(id))) continue;
    for (const [message] of text.matchAll(/\bmessage\b[^;]{0,20}?['`][^;]*?['`]/g)) {
      expect(message, path).not.toMatch(HEDGE);
    }
  }
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
    // Code stays as it is written; a URL or a command may be longer than a line.
    for (const line of rule.explain.split('\n').filter((one) => one.startsWith('    '))) {
      expect(story).toContain(`\n  ${line}`);
    }
    const prose = story.split('\n').filter((line) => !/^ {6}|\S{60}|suppress/.test(line));
    expect(Math.max(...prose.map((line) => line.length))).toBeLessThan(140);
  });
});

describe.each([60, 80])('--explain at %i columns', (columns) => {
  test.each(RULES.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
    const page = `https://example.com/checks/${id}.md`;
    const story = explainRule(rule, pc.createColors(false), columns, () => page);
    const lines = story.split('\n');
    for (const line of rule.explain.split('\n').filter((one) => one.startsWith('    '))) {
      expect(lines).toContain(`  ${line}`);
    }
    const tooLong = lines.filter(
      (line) =>
        line.length > columns &&
        !/^ {6}/.test(line) &&
        // A word that no width holds; the line that is to be copied into the config.
        line.trim().split(' ').length > 1 &&
        !line.includes('"suppress"'),
    );
    expect(tooLong).toEqual([]);
    expect(lines).toContain(`  ${page}`);
    if (rule.source.startsWith('http')) expect(lines).toContain(`  ${rule.source}`);
  });
});
