/**
 * The second part of `npm run test:shells`: what bgsync shows in a pseudo-terminal (`script` of util-linux) of 60 and of 80
 * columns. Every line fits; code, diffs and single long words (paths, addresses) are never broken.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { BIN, COMMANDS, runCli } from '../helpers/cli.ts';
import { makeTemplateApp, scratchFolder } from '../helpers/template-app.ts';

const EVENTS = [
  { ev: 'run.start', run: 'abcdef12', trig: 'os', ts: 1_790_000_000_000 },
  { ev: 'run.end', run: 'abcdef12', out: 'done', ts: 1_790_000_025_000, next: 1_790_003_600_000 },
];

const folder = scratchFolder();
const fresh = join(folder, 'fresh');
const broken = join(folder, 'broken');
let passed = 0;
const failures: string[] = [];

/** @returns the lines on the screen, without colours */
function screen(columns: number, cwd: string, args: readonly string[]): string[] {
  const words = [process.execPath, BIN, ...args].map((word) => `'${word}'`).join(' ');
  // The code of the command is not asked for: many of these end with an error.
  const { stdout, error, status } = spawnSync(
    'script',
    ['-qc', `stty cols ${columns} rows 50; ${words}`, '/dev/null'],
    { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], timeout: 120_000 },
  );
  if (error !== undefined || status === null)
    throw new Error(`script: ${error?.message ?? 'it was ended'}`);
  return stdout.replaceAll('\r', '').split('\n').map(stripVTControlCharacters);
}

/** Without its indent and what stands before it: one word has no place to be broken at. */
const isOneWord = (line: string): boolean =>
  /^\S+$/.test(line.replace(/^ *(?:why|fix|see|note)? */, ''));

function check(what: string, isTrue: boolean, detail: string): void {
  if (isTrue) passed += 1;
  else failures.push(`${what}\n${detail}`);
}

try {
  for (const app of [fresh, broken]) {
    mkdirSync(app);
    makeTemplateApp('0.87', app);
  }
  if (runCli(['init', '--yes'], broken).code !== 0) throw new Error('init failed');
  rmSync(join(broken, 'modules/background-sync/android/build.gradle'));
  const log = EVENTS.map((event, index) => {
    const whole = { v: 1, seq: index + 1, plat: 'android', pid: 7, ...event };
    return `BGSYNC1 ${JSON.stringify(whole)}\n`;
  });
  writeFileSync(join(folder, 'night.log'), log.join(''));
  const cases: readonly (readonly [cwd: string, args: readonly string[]])[] = [
    [fresh, []],
    [broken, []],
    [fresh, ['doctor']],
    [broken, ['doctor']],
    [broken, ['doctor', '--explain']],
    [broken, ['trigger', '--platform', 'local']],
    [broken, ['logs', '--input', '../night.log']],
    [broken, ['logs', '--input', '../night.log', '--timeline']],
    [broken, ['logs', '--input', '../night.log', '--verify']],
    [broken, ['logs', '--html', 'x']],
    [broken, ['queue']],
    [broken, ['ci', 'install', '--yes']],
    [fresh, ['status', '--platform', 'android', '--adb', '/nosuch']],
    [folder, ['init']],
    [folder, ['--help']],
    ...COMMANDS.map((command) => [folder, [command, '--help']] as const),
  ];
  for (const columns of [60, 80]) {
    for (const [cwd, args] of cases) {
      const lines = screen(columns, cwd, args);
      const wide = lines.filter((line) => line.length > columns && !isOneWord(line));
      const what = `${columns} columns: bgsync ${args.join(' ')}`;
      check(`${what} shows something`, lines.join('').trim() !== '', '');
      check(`${what} is wider than the terminal`, wide.length === 0, wide.join('\n'));
    }
    for (const command of COMMANDS) {
      const help = screen(columns, folder, [command, '--help']);
      const codes = help.slice(help.indexOf('Exit codes:') + 1);
      const rows = codes.slice(0, codes.indexOf(''));
      // Two blanks, the code in four columns and one: what follows begins there, on each line.
      const wrong = rows.filter((line) => !/^(?: {2}\d[\d ]{3} | {7})\S/.test(line));
      const what = `${columns} columns: the exit codes of ${command} stand below one another`;
      check(what, rows.length > 0 && wrong.length === 0, rows.join('\n'));
    }
    // Prose is broken, and code is not: a line of it may be wider.
    const story = screen(columns, broken, ['doctor', '--explain', 'I03']);
    const code = story.filter((line) => line.includes('"suppress"'));
    check(`${columns} columns: code of --explain`, code.length === 1, story.join('\n'));
    check(`${columns} columns: prose of --explain`, story.length > 12, story.join('\n'));
    const snippets = screen(columns, fresh, ['init', '--dry-run']);
    const added = snippets.filter((line) => /^ {2}\+.*dev\.bgsync/.test(line));
    check(`${columns} columns: a diff keeps its lines`, added.length > 0, snippets.join('\n'));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const failure of failures) console.error(`FAIL ${failure}`);
console.log(`\n${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
