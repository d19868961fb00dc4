/**
 * bgsync as a process: how it starts, its streams, its signals. What commands do is tested without one (`runCli`).
 */
import { spawn } from 'node:child_process';
import type { IOType } from 'node:child_process';
import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stream } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { BIN, spawnCli } from '../helpers/cli.ts';
import { appIn, testApp } from '../helpers/app.ts';
import { makeTemplateApp, scratchFolder } from '../helpers/template-app.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Started {
  readonly child: ReturnType<typeof spawn>;
  readonly ended: Promise<Ended>;
}

/** One line of a log. */
const EVENT =
  'BGSYNC1 {"v":1,"seq":1,"ts":1700000000000,"plat":"local","pid":1,"ev":"register","why":"new"}';

function start(
  args: readonly string[],
  cwd: string,
  {
    stdin = 'ignore',
    stdout = 'pipe',
    node = [],
    env = {},
  }: {
    stdin?: IOType | Stream | number;
    stdout?: 'pipe' | number;
    /** Options of Node itself. */
    node?: readonly string[];
    env?: NodeJS.ProcessEnv;
  } = {},
): Started {
  const child = spawn(process.execPath, [...node, BIN, ...args], {
    cwd,
    stdio: [stdin, stdout, 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, stdout: out, stderr: err })),
  );
  return { child, ended };
}

/** As behind `| head -n 0`: nobody reads any more when the first word is written. */
function startUnread(args: readonly string[], cwd: string): Promise<Ended> {
  const { child, ended } = start(args, cwd);
  child.stdout?.destroy();
  return ended;
}

test.each([
  ['--version', 0],
  ['--help', 0],
  ['nonsense', 2],
  ['doctor --format nonsense', 2],
])('%s ends with %i', (line, code) => {
  const result = spawnCli(line.split(' '), scratch());
  expect(result.code).toBe(code);
  expect(code === 0 ? result.stdout : result.stderr).not.toBe('');
  expect(code === 0 ? result.stderr : result.stdout).toBe('');
});

function scratch(): string {
  const root = scratchFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

test('init, diff, update, doctor, remove, one process after the other', () => {
  const root = scratch();
  makeTemplateApp('0.87', root);
  const before = readTree(root);
  const codes = [
    ['init', '--yes'],
    ['diff'],
    ['update', '--yes'],
    ['doctor'],
    ['remove', '--yes', '--force'],
  ].map((args) => [args[0], spawnCli(args, root).code]);
  expect(codes).toEqual([
    ['init', 0],
    ['diff', 0],
    ['update', 0],
    ['doctor', 0],
    ['remove', 0],
  ]);
  expect(changedPaths(before, readTree(root))).toEqual([]);
});

test('a file as standard input is read', async () => {
  const root = scratch();
  appIn(root).write('log', `${EVENT}\n`);
  const fd = openSync(join(root, 'log'), 'r');
  const { code, stdout } = await start(['logs', '--input', '-'], root, { stdin: fd }).ended;
  closeSync(fd);
  expect(code).toBe(0);
  expect(stdout).toContain('register');
});

/** Streams that take nothing: a reader that has left, and (on Linux) a disk that is full. */
const UNWRITABLE: readonly (readonly [string, (args: string[], cwd: string) => Promise<Ended>])[] =
  [
    ['nobody reads', startUnread],
    ...(existsSync('/dev/full')
      ? ([
          [
            'the disk behind it is full',
            (args: string[], cwd: string) => {
              const fd = openSync('/dev/full', 'w');
              const { ended } = start(args, cwd, { stdout: fd });
              closeSync(fd);
              return ended;
            },
          ],
        ] as const)
      : []),
  ];

test.each(UNWRITABLE)('where %s, the work goes on and has its own exit code', async (_how, go) => {
  const app = testApp();
  expect((await go(['init', '--yes'], app.root)).code).toBe(0);
  expect(app.run('diff').code).toBe(0);
  const whole = app.read('bgsync.config.json');

  app.write('bgsync.config.json', '{ "schedule": { "intervalMinutes": 1 } }');
  const wrong = await go(['doctor', '--json'], app.root);
  expect(wrong.code).toBe(app.run('doctor', '--json').code);
  expect(wrong.code).not.toBe(0);
  expect(wrong.stderr).not.toContain(' at ');
  app.write('bgsync.config.json', whole);

  expect((await go(['remove', '--yes', '--force'], app.root)).code).toBe(0);
  expect(app.run('diff').code).toBe(2);
});

test.runIf(existsSync('/dev/full'))('a full disk behind the output gets a word', async () => {
  const app = testApp();
  const fd = openSync('/dev/full', 'w');
  const { code, stderr } = await start(['doctor', '--json'], app.root, { stdout: fd }).ended;
  closeSync(fd);
  expect(stderr).toBe('Standard output cannot be written (ENOSPC): the rest is missing.\n');
  expect(code).toBe(app.run('doctor').code);
});

test('a log that never ends is left with its reader', async () => {
  // `yes` never ends by itself.
  const yes = spawn('yes', [EVENT], { stdio: ['ignore', 'pipe', 'ignore'] });
  const { child, ended } = start(['logs', '--input', '-'], scratch(), { stdin: yes.stdout });
  child.stdout?.once('data', () => child.stdout?.destroy());
  expect((await ended).code).toBe(0);
  yes.kill('SIGKILL');
});

test.runIf(process.platform !== 'win32').each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s in mid-write: all is as it was, and the exit code says so',
  async (signal) => {
    const app = testApp();
    const before = readTree(app.root);
    let interrupted = 0;
    for (let attempt = 0; attempt < 10 && interrupted === 0; attempt += 1) {
      const { child, ended } = start(['init', '--yes'], app.root);
      // The plan is shown, the writing begins.
      child.stdout?.once('data', () => child.kill(signal));
      const { code, signal: killedBy } = await ended;
      // It may not have begun to write, and it may have been through already.
      if (code === 0) app.run('remove', '--yes', '--force');
      else if (code === null) expect(killedBy).toBe(signal);
      else expect(code).toBe(130);
      if (code !== 0) interrupted += 1;
      expect(changedPaths(before, readTree(app.root))).toEqual([]);
      expect(existsSync(join(app.root, '.bgsync'))).toBe(false);
    }
    expect(interrupted).toBe(1);
  },
);

/** Its thread does not come back from the first text that holds the word, as from a parse that takes very long. */
const BLOCKED = [
  '--import',
  `data:text/javascript,${encodeURIComponent(
    `const parse = JSON.parse;
     JSON.parse = (text, ...rest) => {
       if (!String(text).includes('a-long-parse')) return parse(text, ...rest);
       require('node:fs').writeSync(2, 'blocked');
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     };`.replace('require(', 'process.getBuiltinModule('),
  )}`,
];

test
  .runIf(process.platform !== 'win32')
  .each(
    (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).flatMap((signal) =>
      ['init --yes', 'doctor', 'diff', 'remove --yes'].map((command) => [command, signal] as const),
    ),
  )('%s ends in the middle of a parse: %s', async (command, signal) => {
  const app = testApp();
  if (command !== 'init --yes') expect(app.run('init', '--yes').code).toBe(0);
  const text = app.read('package.json').replace('{', '{ "description": "a-long-parse",');
  app.write('package.json', text);
  const before = readTree(app.root);
  const { child, ended } = start(command.split(' '), app.root, { node: BLOCKED });
  child.stderr?.once('data', () => child.kill(signal));
  expect(await ended).toMatchObject({ signal, stderr: 'blocked' });
  expect(changedPaths(before, readTree(app.root))).toEqual([]);
});

test.runIf(process.platform !== 'win32')(
  'a signal that comes while git answers is not lost',
  async () => {
    const app = testApp();
    const bin = scratch();
    writeFileSync(join(bin, 'git'), '#!/bin/sh\nkill -TERM $PPID\n', { mode: 0o755 });
    const { ended } = start(['init', '--yes'], app.root, {
      env: { PATH: `${bin}:${process.env.PATH}` },
    });
    expect((await ended).code).toBe(130);
    expect(existsSync(join(app.root, 'bgsync.config.json'))).toBe(false);
  },
);
