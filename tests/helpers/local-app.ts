import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { SyncEvent } from '../../src/events/event.ts';
import { renderLayer } from '../../src/templates/render.ts';
import { runCli as runInProcess } from './cli.ts';
import { exampleModel } from './generate.ts';

const CLI = fileURLToPath(new URL('../../bin/bgsync.js', import.meta.url));

/** A handler whose `drainQueue` is the given body; `window` and `registerBackgroundSync` are there. */
export const handlerOf = (body: string, top = ''): string =>
  [
    `import { registerBackgroundSync } from '../modules/background-sync/src';`,
    `import type { SyncWindow } from '../modules/background-sync/src';`,
    `const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));`,
    top,
    `registerBackgroundSync({`,
    `  queue: {`,
    `    async drainQueue(window: SyncWindow): Promise<any> {`,
    `      void sleep;`,
    `      ${body}`,
    `    },`,
    `  },`,
    `});`,
    '',
  ].join('\n');

/** Of what a handler prints, in characters: a flood of a few seconds is more than a string can hold. */
const MOST_WORDS = 1 << 26;

const created: string[] = [];
afterAll(() => {
  for (const root of created) rmSync(root, { recursive: true, force: true });
});

/** {@link writeLocalApp}, removed with the file's last test: concurrent ones cannot tell which of them has finished. */
export function createLocalApp(...args: Parameters<typeof writeLocalApp>): string {
  const root = writeLocalApp(...args);
  created.push(root);
  return root;
}

/** An app with the generated package as `init` leaves it, and nothing installed. */
export function writeLocalApp(
  files: Readonly<Record<string, string>>,
  config: Readonly<Record<string, unknown>> = {},
): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'bgsync-app-')));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const layer of ['package', 'react-native', 'typescript'] as const) {
    for (const [path, text] of renderLayer(layer, exampleModel({}))) {
      write(`modules/background-sync/${path}`, text);
    }
  }
  write('package.json', '{ "name": "app", "private": true }\n');
  // As the React Native template has it; the package is not installed.
  write('tsconfig.json', '{ "extends": "@react-native/typescript-config" }\n');
  write('bgsync.config.json', JSON.stringify(config));
  for (const [path, text] of Object.entries(files)) write(path, text);
  return root;
}

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The standard output as events, where it is NDJSON. */
  readonly events: SyncEvent[];
}

/** What the app's storage would hold is kept in the app itself, and goes with it. */
const dataOf = (cwd: string): string => join(cwd, '.local-data');

/** Runs the built CLI: `trigger` as a process, what reads logs in this one. */
export function runCli(
  args: readonly string[],
  options: { readonly cwd: string; readonly input?: string; readonly env?: NodeJS.ProcessEnv },
): Promise<CliResult> {
  if (args[0] !== 'trigger') {
    const result = runInProcess(args, options.cwd, options.env, options.input);
    return Promise.resolve({ ...result, events: eventsIn(args, result.stdout) });
  }
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd: options.cwd,
      env: { ...process.env, XDG_CACHE_HOME: dataOf(options.cwd), ...options.env },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.length < MOST_WORDS) stderr += text;
    });
    child.once('close', (code) => {
      resolve({ code, stdout, stderr, events: eventsIn(args, stdout) });
    });
    child.stdin.end(options.input ?? '');
  });
}

const eventsIn = (args: readonly string[], stdout: string): SyncEvent[] =>
  args.includes('--json')
    ? stdout
        .split('\n')
        .filter((line) => line.startsWith('{"v":1,"seq"'))
        .map((line) => JSON.parse(line) as SyncEvent)
    : [];

/** Starts the built CLI, for tests that talk to it while it runs. */
export const startCli = (args: readonly string[], cwd: string): ChildProcess =>
  spawn(process.execPath, [CLI, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, XDG_CACHE_HOME: dataOf(cwd) },
  });
