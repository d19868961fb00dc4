import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../errors.ts';
import { startNode } from '../../exec.ts';
import type { ChildProcess } from '../../exec.ts';
import type { FileSystem } from '../../file-system.ts';
import type { FromChild, ToChild } from './protocol.ts';
import { readFromChild } from './protocol.ts';
import { createRuntimeTsconfig } from './tsconfig.ts';

/** A longer line is shown in parts. */
const MAX_OUTPUT_LINE = 16_384;

/**
 * How long after its death a process' last output is waited for: a process that it started, and that has left its group,
 * may hold the pipe for ever.
 */
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
  /** SIGKILL, for it and for what it started: code that never yields cannot be asked. */
  kill(): void;
}

export interface AppChildListener {
  message(message: FromChild): void;
  /** One line of the process' standard output or error, unsafe to print as it is. */
  output(line: string): void;
}

/** @param longest a longer line is given in parts. Characters */
export function readLines(
  stream: Readable,
  output: (line: string) => void,
  longest = MAX_OUTPUT_LINE,
): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) output(line.replace(/\r$/, ''));
    while (rest.length > longest) {
      output(rest.slice(0, longest));
      rest = rest.slice(longest);
    }
  });
  stream.on('end', () => {
    if (rest !== '') output(rest);
    rest = '';
  });
}

/** @param endGroup called once the process is dead: what it started is not to hold its output */
export function waitForExit(child: ChildProcess, endGroup: () => void): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      endGroup();
      const settle = (): void => {
        clearTimeout(timer);
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve({ code, signal });
      };
      const timer = setTimeout(settle, DRAIN_MS);
      child.once('close', settle);
    });
  });
}

/** The bundle: beside this chunk, or in `dist` where this runs from source. */
const entry = (): string =>
  fileURLToPath(
    new URL(
      import.meta.url.endsWith('.ts') ? '../../../dist/local-child.js' : 'local-child.js',
      import.meta.url,
    ),
  );

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

  /** @throws RefusedError where the app's tsconfig is none that is read */
  static async create(fs: FileSystem, root: string): Promise<Scratch> {
    const tsconfig = await createRuntimeTsconfig(fs, root);
    const scratch = new Scratch(await mkdtemp(join(tmpdir(), 'bgsync-local-')));
    await writeFile(scratch.tsconfig, tsconfig);
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
  },
  listener: AppChildListener,
): AppChild {
  const { child, endGroup } = startNode(entry(), {
    cwd: options.root,
    env: { ...options.env },
    execArgv: [],
  });
  const exited = waitForExit(child, endGroup);
  child.on('message', (raw) => {
    const message = readFromChild(raw);
    if (message !== undefined) listener.message(message);
  });
  // Sending to a process that has just died; `exited` tells the rest.
  child.on('error', () => undefined);
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) readLines(stream, (line) => listener.output(line));
  }
  if (child.pid === undefined)
    throw new UserError('Node could not start a process for the handler.');
  return {
    pid: child.pid,
    exited,
    send: (message) => {
      if (child.connected) child.send(message);
    },
    kill: endGroup,
  };
}
