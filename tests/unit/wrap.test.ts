import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createReport } from '../../src/report.ts';
import { wrapText } from '../../src/wrap.ts';

// What a real terminal shows of it is `npm run test:shells`.

test('a line goes on below its first word, or below what a label is about', () => {
  const words = 'one two three four five six seven eight nine ten';
  expect(wrapText(`  ${words}`, 40)).toBe('  one two three four five six seven\n  eight nine ten');
  expect(wrapText(`    why  ${words}`, 40)).toBe(
    '    why  one two three four five six\n         seven eight nine ten',
  );
});

test.each([
  '    +0.0 s  ',
  '   +60 min  ',
  '2026-11-30 13:08:56.133  local    5koh6ys8  ',
  '2026-11-30 13:08:56.133  local              ',
  'A01  error    ',
])('a line goes on below the words of an event or a check: %j', (label) => {
  const [first = '', second = ''] = wrapText(label + 'word '.repeat(20), 80).split('\n');
  expect(first.startsWith(`${label}word`)).toBe(true);
  expect(second.search(/\S/)).toBe(label.length);
});

test('an event goes on below its time where the terminal is narrow', () => {
  const event = `2026-11-30 13:08:56.133  local    5koh6ys8  ${'word '.repeat(20)}`;
  expect(wrapText(event, 60).split('\n')[1]).toMatch(/^ {4}word/);
});

test.each(['130', '  0', '12', '3'])('a line goes on beside its exit code, %s', (code) => {
  const [first = '', ...others] = wrapText(`  ${code.padEnd(4)} ${'word '.repeat(20)}`, 60).split(
    '\n',
  );
  expect(others.length).toBeGreaterThan(0);
  for (const line of others) expect(line.search(/\S/)).toBe(first.indexOf('word'));
});

test('a line goes on beside the number of its step, and no number of a sentence is one', () => {
  expect(wrapText(`  1. ${'word '.repeat(9).trim()}`, 40).split('\n')[1]).toMatch(/^ {5}word/);
  expect(wrapText(`  3 files ${'word '.repeat(9).trim()}`, 40).split('\n')[1]).toMatch(/^ {2}word/);
});

test.each([
  '  React Native  ',
  '  native        ',
  '  npx bgsync logs --input <file>  ',
  '  npx bgsync doctor  ',
  'next       ',
])('a line goes on beside what it is about: %j', (label) => {
  const [first = '', second = ''] = wrapText(label + 'word '.repeat(20), 60).split('\n');
  expect(first.startsWith(`${label}word`)).toBe(true);
  expect(second.search(/\S/)).toBe(label.length);
});

test('below a label that leaves no room words stand deeper, and a sentence goes on at its beginning', () => {
  const label = '  npx bgsync trigger --platform android --app com.example  ';
  expect(wrapText(label + 'word '.repeat(9), 60).split('\n')[1]).toMatch(/^ {6}\S/);
  expect(wrapText(`Done. ${'word '.repeat(20)}`, 60).split('\n')[1]).toMatch(/^word/);
});

test('what becomes of a file is said below its path, which stands alone where it fits nowhere else', () => {
  const note = 'generated package, as it was made by this version';
  const lines = (path: string): string[] => wrapText(`  create   ${path}  ${note}`, 60).split('\n');
  const [first, second = ''] = lines('modules/background-sync/src/core/index.ts');
  expect(first).toBe('  create   modules/background-sync/src/core/index.ts');
  expect(second.search(/\S/)).toBe(11);
  const long = 'modules/background-sync/src/NativeBackgroundSync.ts';
  expect(lines(long).slice(0, 2)).toEqual(['  create', `  ${long}`]);
});

test('colours take no room, and what fits or has no terminal is left', () => {
  const coloured = `\u001b[31m${'a '.repeat(19)}\u001b[39m`;
  for (const text of [coloured, 'short', '']) expect(wrapText(text, 40)).toBe(text);
  const long = 'word '.repeat(40);
  expect(wrapText(long, undefined)).toBe(long);
});

test('an address stays whole', () => {
  const address = `https://example.org/${'a'.repeat(60)}`;
  expect(wrapText(`  see ${address}`, 40)).toContain(address);
});

test('a report breaks lines for a terminal alone, and code for none', () => {
  const shown = (terminal: object): string => {
    let text = '';
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        text += chunk.toString();
        done();
      },
    });
    const report = createReport(Object.assign(stream, terminal), new Writable(), wrapText);
    report.line('word '.repeat(20).trim());
    report.raw(`${'x '.repeat(40)}\n`);
    return text;
  };
  const lines = shown({ isTTY: true, columns: 60 }).split('\n');
  expect(lines.map(({ length }) => length)).toEqual([59, 39, 80, 0]);
  expect(shown({}).split('\n')).toHaveLength(3);
});

test('a warning is broken at the width of standard error, whatever standard output is', () => {
  let text = '';
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  const terminal = Object.assign(stream, { isTTY: true, columns: 60 });
  createReport(new Writable(), terminal, wrapText).warn('word '.repeat(20).trim());
  expect(text.split('\n').map(({ length }) => length)).toEqual([59, 39, 0]);
});

test('a line of a plan goes on beside its file, or below it where there is no room', () => {
  const plan =
    '  edit     ios/App/Info.plist  lets iOS start the task, and what else it needs (+8 −0)';
  const [first = '', ...others] = wrapText(plan, 60).split('\n');
  expect(others.length).toBeGreaterThan(0);
  for (const line of others) expect(line.search(/\S/)).toBe(first.indexOf('lets'));
  expect(wrapText(plan, 44).split('\n')[1]).toMatch(/^ {11}\S/);
});
