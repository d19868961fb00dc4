import { setImmediate as turn } from 'node:timers/promises';
import type { Context, Interrupts, Outside } from './context.ts';
import { CancelError } from './errors.ts';
import type { Exec } from './exec.ts';
import { ExitCode } from './exit-code.ts';

/** The closing of a terminal, Ctrl-C, and what a supervisor sends. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * What a command gets after a signal to undo and clear up, in milliseconds. What it leaves then, the journal puts back
 * with the next command.
 */
const GRACE_MS = 800;

/**
 * The signals of a process. Node hands one to JavaScript when the event loop turns, which a long parse keeps it from; a
 * signal that nobody listens to ends the process in the kernel. So bgsync listens only while it must.
 * https://nodejs.org/api/process.html#signal-events
 */
export class ProcessInterrupts implements Interrupts {
  readonly signal: AbortSignal;
  private readonly outside: Pick<Outside, 'signals' | 'exit'>;
  private readonly controller = new AbortController();
  private heeding = 0;
  private deadline: NodeJS.Timeout | undefined;

  constructor(outside: Pick<Outside, 'signals' | 'exit'>) {
    this.outside = outside;
    this.signal = this.controller.signal;
  }

  readonly heed = async <T>(work: () => Promise<T>): Promise<T> => {
    if (this.heeding === 0) for (const name of SIGNALS) this.outside.signals.on(name, this.hear);
    this.heeding += 1;
    try {
      return await work();
    } finally {
      // One that has arrived is handed over when the loop polls, which is sure after two turns; later it would be lost.
      await turn();
      await turn();
      this.heeding -= 1;
      if (this.heeding === 0) for (const name of SIGNALS) this.outside.signals.off(name, this.hear);
    }
  };

  /** A world in which programs that were started are ended, and a terminal that is asked is put in order again. */
  guard(outside: Outside): Omit<Context, 'cwd' | 'base' | 'shell'> {
    const { exec, prompt } = outside;
    const orCancel = async <T>(work: () => Promise<T>): Promise<T> => {
      const result = await this.heed(work);
      if (this.signal.aborted) throw new CancelError('Interrupted.');
      return result;
    };
    return {
      ...outside,
      signal: this.signal,
      heed: this.heed,
      exec: {
        run: (...call: Parameters<Exec['run']>) => orCancel(() => exec.run(...call)),
        lines: (...call: Parameters<Exec['lines']>) => {
          const stream = exec.lines(...call);
          void this.heed(() => stream.ended);
          return stream;
        },
      },
      prompt: {
        confirm: (message, initial) => orCancel(() => prompt.confirm(message, initial)),
        select: (message, options) => orCancel(() => prompt.select(message, options)),
      },
    };
  }

  /** Lets go of the process: the command is over. */
  stop(): void {
    clearTimeout(this.deadline);
    for (const name of SIGNALS) this.outside.signals.off(name, this.hear);
  }

  private readonly hear = (): void => {
    this.controller.abort();
    this.deadline ??= setTimeout(() => this.outside.exit(ExitCode.interrupted), GRACE_MS);
  };
}
