import { SYNC_LAYER_IDS } from '../../src/facts.ts';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { formatMarkdown } from '../helpers/markdown.ts';
import { COMMANDS, runCli } from '../helpers/cli.ts';
import { helpAfter } from '../../src/cli-help.ts';
import { RULES } from '../../src/doctor/catalogue.ts';
import { documentCompatibility } from '../../src/integrations/document.ts';

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

test('docs/compatibility.md is what hosts and facts say (mend it with: npx vitest run tests/unit/documents.test.ts --update=all)', async () => {
  const file = path('docs/compatibility.md');
  const text = await formatMarkdown(documentCompatibility());
  await expect(text).toMatchFileSnapshot(file);
});

test('docs/compatibility.md has a row for each command', () => {
  const rows = [...documentCompatibility().matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  expect(rows.sort()).toEqual([...COMMANDS].sort());
});

const PAGES = readdirSync(path('docs')).filter((name) => name.endsWith('.md'));

/** The anchor of a heading, as GitHub makes it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

const anchorsIn = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

test.each([
  ...['README.md', 'CONTRIBUTING.md'],
  ...PAGES.map((name) => `docs/${name}`),
  ...SYNC_LAYER_IDS.map((id) => `docs/adapters/${id}.md`),
  'docs/adapters/others.md',
])('every link of %s within the repo leads somewhere', (name) => {
  const text = readFileSync(path(name), 'utf8');
  for (const [, target = ''] of text.matchAll(/\]\((?!<?https?:)([^)\s]+)\)/g)) {
    const [file = '', anchor] = target.split('#');
    const there = file === '' ? path(name) : join(dirname(path(name)), file);
    expect(existsSync(there), target).toBe(true);
    if (anchor !== undefined) expect(anchorsIn(readFileSync(there, 'utf8'))).toContain(anchor);
  }
});

test('what names a page and its heading names one that there is', () => {
  const named = readdirSync(path('src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [
      ...readFileSync(path(`src/${name}`), 'utf8').matchAll(
        /\b(README|docs\/\w+\.md), ["“]([^"”]+)["”]/g,
      ),
    ]);
  expect(named.length).toBeGreaterThan(5);
  for (const [whole, page = '', heading = ''] of named) {
    const text = page === 'README' ? '' : readFileSync(path(page), 'utf8');
    expect(anchorsIn(text), whole).toContain(anchorOf(heading));
  }
});

test.each(COMMANDS)('the help of %s says where the rest is, and the page is there', (command) => {
  const [, file = '', anchor] =
    /^More: ([^\s#]+)(?:#(\S+))?$/m.exec(helpAfter(command) ?? '') ?? [];
  const text = readFileSync(path(file), 'utf8');
  if (anchor !== undefined) expect(anchorsIn(text)).toContain(anchor);
});

test('troubleshooting names checks by their own page, and every symptom of its table has a section', () => {
  const text = readFileSync(path('docs/troubleshooting.md'), 'utf8');
  const ids = new Set(RULES.map(({ id }) => id));
  for (const [, name = '', file = ''] of text.matchAll(/\[([A-Z]\d\d)\]\(checks\/(\w+)\.md\)/g)) {
    expect(file).toBe(name);
    expect(ids).toContain(name);
  }
  const sections = anchorsIn(text).slice(1);
  const named = [...text.matchAll(/\]\(#([\w-]+)\)/g)].map(([, anchor = '']) => anchor);
  expect(named).toEqual(sections);
});

test('docs/commands.md names every option of every command', () => {
  const page = readFileSync(path('docs/commands.md'), 'utf8');
  const missing = ['', ...COMMANDS].flatMap((command) => {
    const { stdout } = runCli([...(command === '' ? [] : [command]), '--help'], '/');
    return [...stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)]
      .map(([, flag = '']) => flag)
      .filter((flag) => flag !== '--help' && !new RegExp(`${flag}(?![\\w-])`).test(page))
      .map((flag) => `${command} ${flag}`);
  });
  expect(missing).toEqual([]);
});

test('what bgsync says names a command as it is typed where bgsync is not on the path', () => {
  const words = COMMANDS.join('|');
  const bare = new RegExp(`(?:[Rr]un|[Ss]ee|then) bgsync (?:${words})\\b`);
  const src = path('src');
  const found = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) =>
      readFileSync(join(src, name), 'utf8')
        .split('\n')
        .filter((line) => bare.test(line))
        .map((line) => `${name}: ${line.trim()}`),
    );
  expect(found).toEqual([]);
});

test.each([
  'README.md',
  'docs/commands.md',
  'docs/configuration.md',
  'docs/flutter.md',
  'docs/guide.md',
  'docs/handler.md',
  'docs/ios.md',
  'docs/migrate.md',
  'docs/queue.md',
  'docs/troubleshooting.md',
  ...SYNC_LAYER_IDS.map((id) => `docs/adapters/${id}.md`),
])('every command of %s is one that there is', (name) => {
  const text = readFileSync(path(name), 'utf8');
  const commands = [...text.matchAll(/npx bgsync (\w+)([^`\n#>]*)/g)];
  expect(commands.length).toBeGreaterThan(0);
  for (const [whole, command = '', rest = ''] of commands) {
    expect(COMMANDS, whole).toContain(command);
    const { stdout } = runCli([command, '--help'], '/');
    for (const [flag] of rest.matchAll(/--[\w-]+/g)) {
      expect(stdout, whole).toMatch(new RegExp(`${flag}(?![\\w-])`));
    }
  }
});
