import { expect, test } from 'vitest';
import {
  commandFromHere,
  commandsFromHere,
  pathsFromHere,
  reportFromHere,
} from '../../src/from-here.ts';
import { quietReport } from '../helpers/test-context.ts';

const BELOW = { cwd: '/repo/apps/shop', shell: '/repo' };

test.each([
  ['npx bgsync init', 'npx bgsync init --cwd apps/shop'],
  ['npx bgsync ci install --gitlab', 'npx bgsync ci install --cwd apps/shop --gitlab'],
  ['pnpm exec bgsync update', 'pnpm exec bgsync update --cwd apps/shop'],
  // These need no app, or name it.
  ['npx bgsync init --cwd <dir>', 'npx bgsync init --cwd <dir>'],
  ['npx bgsync doctor --explain I03', 'npx bgsync doctor --explain I03'],
  ['npx bgsync logs --input night.txt', 'npx bgsync logs --input night.txt'],
  ['npx bgsync devices', 'npx bgsync devices'],
])('%s', (command, expected) => {
  expect(commandFromHere(BELOW, command)).toBe(expected);
  expect(commandFromHere({ cwd: '/repo', shell: '/repo' }, command)).toBe(command);
});

test('a folder is one word, and no option', () => {
  const from = (cwd: string): string => commandFromHere({ cwd, shell: '/repo' }, 'bgsync diff');
  expect(from("/repo/it's here")).toBe("bgsync diff --cwd 'it'\\''s here'");
  expect(from('/repo/-f')).toBe('bgsync diff --cwd ./-f');
  expect(from('/other')).toBe('bgsync diff --cwd ../other');
});

test('of a sentence only what is code is a command', () => {
  expect(
    commandsFromHere(BELOW, 'bgsync doctor looks: `npx bgsync update`, then `git diff`.'),
  ).toBe('bgsync doctor looks: `npx bgsync update --cwd apps/shop`, then `git diff`.');
});

test.each([
  [
    'Run it with one of these:\n  --cwd /repo/apps/shop',
    'Run it with one of these:\n  --cwd apps/shop',
  ],
  ["  --cwd '/repo/it'\\''s here'", "  --cwd 'it'\\''s here'"],
  ['  --cwd /other/app', '  --cwd ../other/app'],
  ['  --cwd /repo', '  --cwd .'],
  ['  --cwd /repo/-f', '  --cwd ./-f'],
  ['  --cwd <dir>', '  --cwd <dir>'],
  ['/repo/package.json is not valid JSON', 'package.json is not valid JSON'],
  ['`/repo/a b/x.ts` and (/repo/y.ts)', '`a b/x.ts` and (y.ts)'],
  // Where the user is, and what is not below it, stays whole.
  ['There is no app in /repo.', 'There is no app in /repo.'],
  ['/opt/sdk/adb cannot be started', '/opt/sdk/adb cannot be started'],
  ['/private/repo/x and /repository/x', '/private/repo/x and /repository/x'],
])('the paths of %j', (text, expected) => {
  expect(pathsFromHere({ shell: '/repo' }, text)).toBe(expected);
});

test('at the root of a disk every path is below', () => {
  expect(pathsFromHere({ shell: '/' }, 'see /a/b and https://c/d')).toBe(
    'see /a/b and https://c/d',
  );
});

test('a report keeps what is raw, and the terminal’s width', () => {
  const said: string[] = [];
  const say = (text = ''): void => void said.push(text);
  const report = reportFromHere(
    { ...quietReport({ line: say, warn: say, raw: say }), width: 60 },
    BELOW,
  );
  report.line('`npx bgsync diff`');
  report.warn('`npx bgsync diff`');
  report.line();
  report.raw('`npx bgsync diff`');
  expect(said).toEqual([
    '`npx bgsync diff --cwd apps/shop`',
    '`npx bgsync diff --cwd apps/shop`',
    '',
    '`npx bgsync diff`',
  ]);
  expect(report.width).toBe(60);
});
