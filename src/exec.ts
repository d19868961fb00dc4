import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import { CancelError } from './errors.ts';

export type { ChildProcess } from 'node:child_process';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ExecOptions {
  readonly env: Environment;
  /** Where it runs; without it, where bgsync does. */
  readonly cwd?: string;
  /** Milliseconds until the process is ended. */
  readonly timeoutMs: number;
  /** Aborted by Ctrl-C: ends the process. */
  readonly signal?: AbortSignal;
  /** Standard output is cut there. Bytes. */
  readonly maxBytes?: number;
  /** What it reads from standard input; nothing by default. */
  readonly input?: string;
}

export interface ExecResult {
  /** Null where the process was ended, by us or by another. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly isTimedOut: boolean;
  /** The executable could not be started: `ENOENT`, `EACCES` … */
  readonly startError: string | undefined;
}

const MAX_BYTES = 64 << 20;
const MAX_STDERR = 64 << 10;
const MAX_LINE = 64 << 10;

/** After the exit, for pipes that a daemon of the process's own keeps open. */
const DRAIN_MS = 1000;
const KILL_AFTER_MS = 1500;

/**
 * A group of its own: Ctrl-C in a terminal goes to bgsync alone, which then ends its children in order. No terminal as
 * standard input: `adb shell` would ask the device for one, and its output would have CR LF.
 */
function start(
  file: string,
  args: readonly string[],
  env: Environment,
  { cwd, input }: Pick<ExecOptions, 'cwd' | 'input'> = {},
): ChildProcess {
  const child = spawn(file, args, {
    env,
    cwd,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  endWithUs(child);
  // A program that ends before it has read all says so by its exit.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  return child;
}

/** How each child that lives is ended. */
const living = new Map<ChildProcess, () => void>();

/** Where bgsync ends at once, a group of its own would live on. */
function endWithUs(
  child: ChildProcess,
  endNow: () => void = () => void child.kill('SIGKILL'),
): void {
  if (living.size === 0) process.on('exit', endAll);
  living.set(child, endNow);
  const forget = (): void => {
    living.delete(child);
    if (living.size === 0) process.off('exit', endAll);
  };
  child.once('exit', forget);
  child.once('error', forget);
}

function endAll(): void {
  for (const endNow of living.values()) endNow();
}

function end(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  child.once('exit', () => clearTimeout(timer));
}

const errorCode = (error: Error): string => (error as NodeJS.ErrnoException).code ?? error.message;

/** Collects what a stream gives, up to a limit; the rest is read and dropped, so that the writer never blocks. */
function collect(stream: NodeJS.ReadableStream | null, limit: number): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream?.on('data', (chunk: Buffer) => {
    if (size >= limit) return;
    chunks.push(chunk);
    size += chunk.length;
  });
  return () => Buffer.concat(chunks).subarray(0, limit).toString('utf8');
}

function runToEnd(
  file: string,
  args: readonly string[],
  options: ExecOptions,
): Promise<ExecResult> {
  const { env, timeoutMs, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(new CancelError('Interrupted.'));
      return;
    }
    const child = start(file, args, env, options);
    const stdout = collect(child.stdout, options.maxBytes ?? MAX_BYTES);
    const stderr = collect(child.stderr, MAX_STDERR);
    let isTimedOut = false;
    const timer = setTimeout(() => {
      isTimedOut = true;
      end(child, 'SIGTERM');
    }, timeoutMs);
    const onAbort = (): void => end(child, 'SIGTERM');
    signal?.addEventListener('abort', onAbort);

    let drain: NodeJS.Timeout | undefined;
    const finish = (code: number | null, startError?: string): void => {
      clearTimeout(timer);
      clearTimeout(drain);
      signal?.removeEventListener('abort', onAbort);
      child.stdout?.destroy();
      child.stderr?.destroy();
      if (signal?.aborted === true) reject(new CancelError('Interrupted.'));
      else resolve({ code, stdout: stdout(), stderr: stderr(), isTimedOut, startError });
    };
    child.once('error', (error) => finish(null, errorCode(error)));
    child.once('exit', (code) => {
      drain = setTimeout(() => finish(code), DRAIN_MS);
    });
    child.once('close', (code) => finish(code));
  });
}

/** How programs are run: the only way, for all of bgsync. */
export interface Exec {
  /**
   * Runs a program to its end, without a shell in between.
   *
   * @throws CancelError where the signal was aborted; everything else is in the result
   */
  run(file: string, args: readonly string[], options: ExecOptions): Promise<ExecResult>;
  /**
   * Runs a program that goes on printing lines.
   *
   * @param onLine called with each line of standard output, without its ending; a line beyond 64 KiB comes in parts
   */
  lines(
    file: string,
    args: readonly string[],
    env: Environment,
    onLine: (line: string) => void,
  ): LineStream;
}

export interface LineStream {
  /** Ends the process, with SIGINT: `log stream` and `adb` write out what they have. */
  stop(): void;
  /** The process is over and all its lines were delivered. */
  readonly ended: Promise<{
    readonly code: number | null;
    readonly stderr: string;
    readonly startError: string | undefined;
  }>;
}

function runLines(
  file: string,
  args: readonly string[],
  env: Environment,
  onLine: (line: string) => void,
): LineStream {
  const child = start(file, args, env);
  const decoder = new StringDecoder('utf8');
  const stderr = collect(child.stderr, MAX_STDERR);
  let rest = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line.replace(/\r$/, ''));
    if (rest.length > MAX_LINE) {
      onLine(rest);
      rest = '';
    }
  });
  const ended: LineStream['ended'] = new Promise((resolve) => {
    let drain: NodeJS.Timeout | undefined;
    let isOver = false;
    const finish = (code: number | null, startError?: string): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(drain);
      child.stdout?.destroy();
      child.stderr?.destroy();
      if (rest !== '') onLine(rest);
      resolve({ code, stderr: stderr(), startError });
    };
    child.once('error', (error) => finish(null, errorCode(error)));
    child.once('exit', (code) => {
      drain = setTimeout(() => finish(code), DRAIN_MS);
    });
    child.once('close', (code) => finish(code));
  });
  return { stop: () => end(child, 'SIGINT'), ended };
}

export interface GroupProcess {
  readonly child: ChildProcess;
  /** SIGKILL for the process and all that it started. */
  readonly endGroup: () => void;
}

/**
 * Starts a file with this Node, in a process group of its own, with a channel for messages (`process.send`), and with a
 * pipe, descriptor 4, that ends when this process does, however it ends: so a child can notice whose own loop does not turn.
 */
export function startNode(
  file: string,
  options: {
    readonly cwd: string;
    readonly env: Environment;
    /** Node's own. */
    readonly execArgv: readonly string[];
  },
): GroupProcess {
  return startGroup(process.execPath, [...options.execArgv, file], {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
    // Messages with `undefined`, and errors, as they are.
    serialization: 'advanced',
  });
}

/** Starts a program that is spoken to over its standard input and output, in a group of its own. */
export const startTalking = (
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Environment },
): GroupProcess => startGroup(file, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });

function startGroup(file: string, args: readonly string[], options: SpawnOptions): GroupProcess {
  const isGroup = process.platform !== 'win32';
  const child = spawn(file, args, { ...options, detached: isGroup, windowsHide: true });
  const endGroup = (): void => {
    if (isGroup && child.pid !== undefined) {
      try {
        process.kill(-child.pid, 'SIGKILL');
        return;
      } catch {
        // No process of that group is left.
      }
    }
    child.kill('SIGKILL');
  };
  endWithUs(child, endGroup);
  return { child, endGroup };
}

/** What a program is run with. */
export interface ExecOutside {
  readonly exec: Exec;
  readonly env: Environment;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Child processes of this one. */
export const exec: Exec = { run: runToEnd, lines: runLines };
