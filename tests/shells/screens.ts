/**
 * The second part of `npm run test:shells`: what bgsync shows in a pseudo-terminal (`script` of util-linux) of 60 and of 80
 * columns. Every line fits; code, diffs and single long words (paths, addresses) are never broken. Questions are answered
 * as a person would, and stand where all other words do; of work that takes long a terminal hears, and nothing else.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { BIN, COMMANDS, runCli } from '../helpers/cli.ts';
import { SOURCES, addSources } from '../bench/large-repo.ts';
import { makeTemplateApp, scratchFolder } from '../helpers/template-app.ts';

const EVENTS = [
  { ev: 'run.start', run: 'abcdef12', trig: 'os', ts: 1_790_000_000_000 },
  { ev: 'run.end', run: 'abcdef12', out: 'done', ts: 1_790_000_025_000, next: 1_790_003_600_000 },
];

const folder = scratchFolder();
const fresh = join(folder, 'fresh');
const broken = join(folder, 'broken');
/** Where the cursor goes to redraw, and what is erased then: what follows is a line of its own. */
const REDRAW = /\r\n|\r|(?:\u001b\[\d*[A-GJK])+/;

/** What a person waits for, and what he types then. */
type Answer = readonly [question: string, keys: string];

const ENTER = '\r';
const DOWN = '\u001b[B';

const QUEUE = 'What waits to be sent: does the app have a queue for it?';
const APPLY = 'Apply this plan?';

/** What is answered where, and what is said in the end. */
const CONVERSATIONS: readonly {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly answers: readonly Answer[];
  readonly ends: string;
}[] = [
  {
    cwd: 'fresh',
    args: ['init'],
    answers: [
      [QUEUE, DOWN + ENTER],
      [APPLY, `n${ENTER}`],
    ],
    ends: 'src/sync-queue.ts',
  },
  // The answer of a bare return key is no.
  {
    cwd: 'broken',
    args: ['remove'],
    answers: [['Remove all of it?', ENTER]],
    ends: 'Nothing was changed.',
  },
  // Whoever leaves a question has answered nothing, whatever was chosen by then; Ctrl-D is the end of the input.
  ...['\u0003', '\u0004', '\u001b'].flatMap((keys) => [
    {
      cwd: 'broken',
      args: ['remove'],
      answers: [['Remove all of it?', keys]] as const,
      ends: 'no answer\nNothing was changed.',
    },
    {
      cwd: 'broken',
      args: ['trigger'],
      answers: [['Where?', DOWN + keys]] as const,
      ends: 'no answer\nNothing was changed.',
    },
  ]),
  {
    cwd: 'broken',
    args: ['trigger'],
    answers: [['Where?', ENTER]],
    ends: 'run started by bgsync trigger',
  },
  {
    cwd: 'apps',
    args: ['status', '--platform', 'android', '--adb', '/nosuch'],
    answers: [['There are 2 apps in this workspace.', DOWN + ENTER]],
    ends: 'nosuch',
  },
  {
    cwd: 'apps',
    args: ['init', '--dry-run'],
    answers: [['There are 2 apps in this workspace.', DOWN + ENTER]],
    ends: 'Dry run: nothing was changed.',
  },
];

let passed = 0;
const failures: string[] = [];

/** What `script` is told: the code of the command is not asked for, as many of these end with an error. */
function inTerminal(columns: number, args: readonly string[], pipe = ''): string[] {
  const words = [process.execPath, BIN, ...args].map((word) => `'${word}'`).join(' ');
  return ['-qc', `stty cols ${columns} rows 50; ${words} ${pipe}`, '/dev/null'];
}

/** @returns the lines on the screen, without colours */
function screen(columns: number, cwd: string, args: readonly string[]): string[] {
  const { stdout, error, status } = spawnSync('script', inTerminal(columns, args), {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 120_000,
  });
  if (error !== undefined || status === null)
    throw new Error(`script: ${error?.message ?? 'it was ended'}`);
  return stdout.split(REDRAW).map(stripVTControlCharacters);
}

/** @returns all that was written to the terminal while the questions were answered, as it was written */
async function converse(
  columns: number,
  cwd: string,
  args: readonly string[],
  answers: readonly Answer[] = [],
  pipe = '',
): Promise<string> {
  // Of CI's no one can ask.
  const env = { ...process.env, CI: '' };
  const child = spawn('script', inTerminal(columns, args, pipe), {
    cwd,
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: 120_000,
  });
  const open = [...answers];
  let written = '';
  let seen = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text;
    const [next] = open;
    const at = next === undefined ? -1 : written.indexOf(next[0], seen);
    if (next === undefined || at === -1) return;
    seen = at + next[0].length;
    open.shift();
    // The prompt listens once it has drawn itself.
    setTimeout(() => child.stdin.write(next[1]), 200);
  });
  await once(child, 'close');
  const [unasked] = open;
  if (unasked !== undefined)
    failures.push(`bgsync ${args.join(' ')}: “${unasked[0]}” is not asked\n${written}`);
  return written;
}

/** @returns each line as it was drawn, redrawn ones again, without colours */
const drawn = (written: string): string[] =>
  written
    .split(REDRAW)
    .map(stripVTControlCharacters)
    .filter((line) => line.trim() !== '');

/** Words begin at the left edge, or two columns on or more below others. No bar, no sign before a question. */
function checkGutter(
  what: string,
  lines: readonly string[],
  columns: number,
  questions: readonly string[],
): void {
  const outside = lines.filter((line) => /^ (?! )|[│◆◇■▲└┌]/.test(line));
  check(`${what}: one gutter`, outside.length === 0, outside.join('\n'));
  const wide = lines.filter((line) => line.length > columns && !isOneWord(line));
  check(`${what}: nothing is wider than the terminal`, wide.length === 0, wide.join('\n'));
  for (const question of questions) {
    check(
      `${what}: “${question}” is at the left edge`,
      lines.some((line) => line.startsWith(question)),
      lines.join('\n'),
    );
  }
  const choices = lines.filter((line) => /[●○]/.test(line));
  const ragged = choices.filter((line) => !/^ {2}[●○] \S/.test(line));
  check(
    `${what}: answers stand below their question`,
    choices.length > 0 && ragged.length === 0,
    ragged.join('\n'),
  );
}

/** Without its indent and what stands before it: one word has no place to be broken at. */
const isOneWord = (line: string): boolean =>
  /^\S+$/.test(line.replace(/^ *(?:why|fix|see|note)? */, ''));

function check(what: string, isTrue: boolean, detail: string): void {
  if (isTrue) passed += 1;
  else failures.push(`${what}\n${detail}`);
}

/** A millisecond for each file, as from a cold or a distant disk: 5,000 take seconds on any machine. */
const SLOW_DISK = `const fs = require('node:fs');
const { openSync } = fs;
fs.openSync = (...args) => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
  return openSync(...args);
};
require('node:module').syncBuiltinESMExports();
`;

/** A sign of work while there is any, in a terminal alone, and nothing of it left at the end. */
async function checkProgress(): Promise<void> {
  const big = join(folder, 'big');
  const disk = join(folder, 'slow-disk.cjs');
  writeFileSync(disk, SLOW_DISK);
  process.env.NODE_OPTIONS = `--require ${disk}`;
  mkdirSync(big);
  makeTemplateApp('0.87', big);
  addSources(big);
  for (const [args, answers] of [
    [['doctor'], []],
    [
      ['init'],
      [
        [QUEUE, ENTER],
        [APPLY, `n${ENTER}`],
      ],
    ],
  ] as const) {
    const written = await converse(80, big, args, answers);
    const what = `bgsync ${args.join(' ')} in ${SOURCES} files`;
    // The silence before the first words is not that of the plan.
    const since = answers.length === 0 ? 0 : written.indexOf('packages');
    check(
      `${what} says that it works`,
      written.includes('\r\u001b[Kworking … 1 s', since),
      written.slice(0, 2000),
    );
    check(
      `${what} takes it back before its words`,
      !/working … \d+ s(?!\r\u001b\[K)/.test(written),
      written.slice(0, 2000),
    );
  }
  const json = await converse(80, big, ['doctor', '--json']);
  check(
    'doctor --json says no word of work',
    json.startsWith('{') && !json.includes('working'),
    json.slice(0, 500),
  );
  // Standard error stays a terminal, as it is before a pager.
  const piped = await converse(80, big, ['doctor'], [], '| cat');
  check(
    'doctor in a pipe says no word of work',
    piped.includes('I01') && !piped.includes('working'),
    piped.slice(0, 500),
  );
}

/** Emacs's shell and its like take no cursor sequences: a question is a line there, and so is what was typed. */
async function checkDumb(): Promise<void> {
  const before = process.env.TERM;
  process.env.TERM = 'dumb';
  for (const [args, answers] of [
    [
      ['init'],
      [
        [QUEUE, `1${ENTER}`],
        [APPLY, `n${ENTER}`],
      ],
    ],
    [['trigger', '--platform', 'local'], []],
  ] as const) {
    const cwd = args[0] === 'init' ? fresh : broken;
    const written = await converse(80, cwd, args, answers);
    const what = `a dumb terminal: bgsync ${args.join(' ')}`;
    check(`${what} moves no cursor`, !/\u001b|\r(?!\n)/.test(written), written.slice(-2000));
    const end = args[0] === 'init' ? 'Nothing was changed.' : 'outcome';
    check(`${what} ends as it was answered`, written.includes(end), written.slice(-2000));
  }
  if (before === undefined) delete process.env.TERM;
  else process.env.TERM = before;
}

try {
  for (const app of [fresh, broken, join(folder, 'apps/one'), join(folder, 'apps/two')]) {
    mkdirSync(app, { recursive: true });
    makeTemplateApp('0.87', app);
  }
  writeFileSync(join(folder, 'apps/package.json'), '{ "private": true, "workspaces": ["*"] }');
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

    for (const { cwd, args, answers, ends } of CONVERSATIONS) {
      const what = `${columns} columns: bgsync ${args.join(' ')}, answered`;
      const lines = drawn(await converse(columns, join(folder, cwd), args, answers));
      checkGutter(
        what,
        lines,
        columns,
        answers.map(([question]) => question),
      );
      check(`${what}: ends as it was answered`, lines.join('\n').includes(ends), lines.join('\n'));
    }
  }
  await checkDumb();
  await checkProgress();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const failure of failures) console.error(`FAIL ${failure}`);
console.log(`\n${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
