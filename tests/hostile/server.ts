import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Answer {
  /** Undefined where it had to be killed. */
  readonly code: number | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** The most that its process has had. */
  readonly megabytes: number;
  /** Of a processor. */
  readonly seconds: number;
}

export interface Question {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** See `faults.mjs`. */
  readonly fault: string | undefined;
}

/** What was used once counts for all that come after it. */
const MOST_SERVED = 100;

/** One process after the other, each for many commands; a command that kills its process takes no other along. */
export class Server {
  private child: ChildProcess | undefined;
  private served = 0;
  private readonly cli: string;
  private readonly home: string;
  private readonly ids: { uid?: number; gid?: number };

  /**
   * @param cli folder of the package
   * @param home where its user keeps state
   */
  constructor(cli: string, home: string, ids: { uid?: number; gid?: number }) {
    this.cli = cli;
    this.home = home;
    this.ids = ids;
  }

  /** @param hangsMs then it is killed */
  run(question: Question, hangsMs: number): Promise<Answer> {
    if (this.served >= MOST_SERVED) this.stop();
    this.served += 1;
    const child = (this.child ??= this.start());
    let said = '';
    const onWord = (chunk: Buffer): void => void (said += chunk.toString());
    child.stderr?.on('data', onWord);
    return new Promise((resolve) => {
      const settle = (answer: Answer): void => {
        clearTimeout(timer);
        child.off('message', onMessage);
        child.off('exit', onExit);
        child.stderr?.off('data', onWord);
        resolve(answer);
      };
      const onMessage = (message: unknown): void => settle(message as Answer);
      const onExit = (code: number | null): void => {
        if (this.child === child) this.child = undefined;
        const stderr = `process ended: ${code ?? 'killed'}\n${said.slice(-500)}`;
        settle({ code: undefined, stdout: '', stderr, megabytes: 0, seconds: 0 });
      };
      const timer = setTimeout(() => child.kill('SIGKILL'), hangsMs);
      child.once('message', onMessage);
      child.once('exit', onExit);
      child.send(question);
    });
  }

  stop(): void {
    this.child?.kill('SIGKILL');
    this.child = undefined;
    this.served = 0;
  }

  private start(): ChildProcess {
    return fork(new URL('server.mjs', import.meta.url), [join(this.cli, 'dist/index.js')], {
      ...this.ids,
      cwd: tmpdir(),
      env: { PATH: process.env.PATH, HOME: this.home },
      execArgv: ['--max-old-space-size=400'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
  }
}
