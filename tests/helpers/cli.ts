import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MessageChannel, Worker, receiveMessageOnPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';

export const REPO = fileURLToPath(new URL('../..', import.meta.url));
export const BIN = join(REPO, 'bin/bgsync.js');

/** What a user can type, in the order of `--help`. */
export const COMMANDS = [
  'init',
  'doctor',
  'diff',
  'update',
  'remove',
  'migrate',
  'trigger',
  'logs',
  'status',
  'queue',
  'devices',
  'ci',
  'completion',
];

export interface CliResult {
  /** Null where a process was ended by a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The longest that any command takes in the tests, many times over. Milliseconds. */
const STUCK_MS = 120_000;

let thread: { readonly port: MessagePort; readonly state: Int32Array } | undefined;

/** One thread for each process of the tests; it does not keep the process alive. */
function startThread(): NonNullable<typeof thread> {
  const { port1, port2 } = new MessageChannel();
  const state = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL('cli-worker.mjs', import.meta.url), {
    workerData: { port: port2, state, program: pathToFileURL(join(REPO, 'dist/index.js')).href },
    transferList: [port2],
    // The tests' own flags are not the CLI's.
    execArgv: [],
  });
  worker.unref();
  return { port: port1, state };
}

/**
 * Runs the built CLI in this process, in a thread of its own: the same files and programs as in a process of its own, with
 * nobody to ask. What is about the process itself (signals, pipes, how it starts) is for {@link spawnCli}.
 */
export function runCli(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
  input = '',
): CliResult {
  thread ??= startThread();
  const { port, state } = thread;
  Atomics.store(state, 0, 0);
  port.postMessage({ args, cwd, env: { ...process.env, NO_COLOR: '1', ...env }, input });
  // The thread may still be about to wake the caller of before, who saw its answer without: that is no answer to this.
  while (Atomics.load(state, 0) === 0) {
    if (Atomics.wait(state, 0, 0, STUCK_MS) !== 'timed-out') continue;
    // Its answer, should it come, is not the next one's.
    thread = undefined;
    throw new Error(`bgsync ${args.join(' ')} is stuck in ${cwd}`);
  }
  const answer: { message: CliResult } | undefined = receiveMessageOnPort(port);
  if (answer === undefined) throw new Error('the thread of the CLI gave no answer');
  return answer.message;
}

/** Runs the built CLI as a process. Standard input is closed, as in CI. */
export function spawnCli(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): CliResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: status, stdout, stderr };
}

/** {@link spawnCli}, beside others. */
export function startCli(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): Promise<CliResult> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [BIN, ...args],
      { cwd, env: { ...process.env, NO_COLOR: '1', ...env } },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
    child.stdin?.end();
  });
}
