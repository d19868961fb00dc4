import type { Readable } from 'node:stream';
import type { Environment, Exec } from './exec.ts';
import type { ExitCode } from './exit-code.ts';
import type { FileSystem } from './file-system.ts';

/** Where a command's words go. Text is made safe for a terminal by the caller of `raw`, by the implementation elsewhere. */
export interface Report {
  /** One line or several to standard output, broken between words where a terminal is narrower. */
  line(text?: string): void;
  /** To standard error, so that it is seen when standard output is a file; broken as {@link line} is. */
  warn(text: string): void;
  /** As it is, to standard output: machine-readable documents, one NDJSON line, code and diffs. */
  raw(text: string): void;
  /** Whether silence is no work from now on: a terminal shows no sign of it then. */
  readonly idle: (isIdle: boolean) => void;
  /** Of the terminal that standard output is, in columns; undefined where it is none. */
  readonly width?: number | undefined;
  /**
   * Aborted once standard output takes no more: its reader is gone, or its disk is full. What a command does goes on, and
   * what it prints is dropped; only a command that does nothing but print ends.
   */
  readonly closed: AbortSignal;
}

/** One answer of a {@link Prompt.select}. */
export interface SelectOption<T> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

/** Every question throws CancelError where the user leaves the prompt. */
export interface Prompt {
  confirm(message: string, initial: boolean): Promise<boolean>;
  /** One of several. Labels and hints must be safe for a terminal. */
  select<T>(message: string, options: readonly SelectOption<T>[]): Promise<T>;
}

/**
 * What a command hears of SIGINT, SIGTERM and SIGHUP. They end the process at once, whatever its thread is busy with, unless
 * something is under way that must be undone or ended first.
 */
export interface Interrupts {
  /** Aborted by one that came while something was heeding them. */
  readonly signal: AbortSignal;
  /** While `work` is under way, a signal aborts {@link signal} in place of ending the process. */
  readonly heed: <T>(work: () => Promise<T>) => Promise<T>;
}

/** The only door to the outside: what a command can read, run, ask and say. Tests hand over their own. */
export interface Context extends Interrupts {
  /** Where the app is looked for. Absolute. */
  readonly cwd: string;
  /** What files on the command line are relative to: `cwd`, whichever app was chosen below it. Absolute. */
  readonly base: string;
  /** Where the user is: another folder than `cwd` with `--cwd`, and where the app was chosen. Absolute. */
  readonly shell: string;
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  /** A terminal that is opened must be closed again, and to open anything takes time: what reads it asks for it. */
  readonly openStdin: () => Readable;
  readonly fs: FileSystem;
  readonly exec: Exec;
  readonly prompt: Prompt;
  readonly report: Report;
  /** Standard input and output are terminals, and `CI` is not set. `--yes` and `--json` are the command's own. */
  readonly isInteractive: boolean;
}

/** What `run` (run.ts) needs of the world: a process of its own, or a test. */
export interface Outside extends Omit<Context, keyof Interrupts | 'base' | 'shell'> {
  /** Where the process's signals arrive, by their names. */
  readonly signals: {
    on(name: string, listener: () => void): unknown;
    off(name: string, listener: () => void): unknown;
  };
  /** Ends the process where a command does not end by itself after a signal. */
  exit(code: ExitCode): void;
}

export interface CommandResult {
  readonly exitCode: ExitCode;
}
