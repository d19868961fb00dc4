import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { execaNode } from 'execa';
import { UserError } from '../../errors.ts';
import type { FromChild, ToChild } from './protocol.ts';
import { readFromChild } from './protocol.ts';
import { createRuntimeTsconfig } from './tsconfig.ts';

/** A longer line is shown in parts. */
const MAX_OUTPUT_LINE = 16_384;

/** How long after its death a process' last output is waited for: a process that it started may hold the pipe. */
const DRAIN_MS = 500;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface AppChild {
  readonly pid: number;
  /** Settles when the process is gone and its output is read. */
  readonly exited: Promise<Exit>;
  send(message: ToChild): void;
  /** SIGKILL: code that never yields cannot be asked. */
  kill(): void;
}

export interface AppChildListener {
  message(message: FromChild): void;
  /** One line of the process' standard output or error, unsafe to print as it is. */
  output(line: string): void;
}

function readLines(stream: Readable, output: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) output(line.replace(/\r$/, ''));
    while (rest.length > MAX_OUTPUT_LINE) {
      output(rest.slice(0, MAX_OUTPUT_LINE));
      rest = rest.slice(MAX_OUTPUT_LINE);
    }
  });
  stream.on('end', () => {
    if (rest !== '') output(rest);
    rest = '';
  });
}

function waitForExit(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      const settle = (): void => resolve({ code, signal });
      const timer = setTimeout(settle, DRAIN_MS);
      child.once('close', () => {
        clearTimeout(timer);
        settle();
      });
    });
  });
}

/** From source, Node needs tsx for the entry itself; the bundle is plain JavaScript beside this chunk. */
function entry(): { file: string; execArgv: string[] } {
  return import.meta.url.endsWith('.ts')
    ? {
        file: fileURLToPath(new URL('child.ts', import.meta.url)),
        execArgv: ['--import', import.meta.resolve('tsx')],
      }
    : { file: fileURLToPath(new URL('local-child.js', import.meta.url)), execArgv: [] };
}

/** The files that the child needs beside the app: made once, used by every process of a session. */
export class Scratch {
  readonly tsconfig: string;
  private readonly folder: string;
  /** Where the CLI ends at once: the reader of its output is gone. */
  private readonly removeNow = (): void => rmSync(this.folder, { recursive: true, force: true });

  private constructor(folder: string) {
    this.folder = folder;
    this.tsconfig = join(folder, 'tsconfig.json');
    process.once('exit', this.removeNow);
  }

  static async create(root: string): Promise<Scratch> {
    const scratch = new Scratch(await mkdtemp(join(tmpdir(), 'bgsync-local-')));
    await writeFile(scratch.tsconfig, await createRuntimeTsconfig(root));
    return scratch;
  }

  async remove(): Promise<void> {
    process.removeListener('exit', this.removeNow);
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Starts a process for the app's code. It loads nothing before it gets its `setup`. */
export function startChild(
  options: {
    readonly root: string;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly tsconfig: string;
  },
  listener: AppChildListener,
): AppChild {
  const { file, execArgv } = entry();
  const child = execaNode(file, [], {
    cwd: options.root,
    env: { ...options.env, TSX_TSCONFIG_PATH: options.tsconfig },
    extendEnv: false,
    // Not ours: the debugger's port and the like belong to the CLI's own process.
    nodeOptions: execArgv,
    stdin: 'ignore',
    ipc: true,
    // Its output is read as it comes and can be endless; how it ended is what `exited` tells.
    buffer: false,
    reject: false,
    // Its way of cleaning up takes the signals that the CLI answers itself.
    cleanup: false,
  });
  const kill = (): void => void child.kill('SIGKILL');
  // A handler in an endless loop does not notice that its parent is gone.
  process.once('exit', kill);
  const exited = waitForExit(child).finally(() => process.removeListener('exit', kill));
  child.on('message', (raw) => {
    const message = readFromChild(raw);
    if (message !== undefined) listener.message(message);
  });
  // Sending to a process that has just died; `exited` tells the rest.
  child.on('error', () => undefined);
  for (const stream of [child.stdout, child.stderr]) {
    readLines(stream, (line) => listener.output(line));
  }
  if (child.pid === undefined)
    throw new UserError('Node could not start a process for the handler.');
  return {
    pid: child.pid,
    exited,
    send: (message) => {
      if (child.connected) child.send(message);
    },
    kill,
  };
}
