import type { Outside } from './context.ts';
import { exec } from './exec.ts';
import { fileSystem } from './file-system.ts';
import { prompt } from './prompt.ts';
import { createReport } from './report.ts';
import { showWork } from './working.ts';
import { wrapText } from './wrap.ts';

/** The process that bgsync is. Called once: it listens to what becomes of standard output. */
export function realOutside(): Outside {
  const isSet = (value: string | undefined): boolean =>
    value !== undefined && value !== '' && value !== 'false' && value !== '0';
  const { stdout, stderr, env } = process;
  // A pager would show the sign in the middle of what it pages.
  const isSeen = stdout.isTTY && stderr.isTTY && env.TERM !== 'dumb';
  const work = showWork(stderr, isSeen);
  process.once('exit', work.pause);
  const whileAsking = async <T>(ask: () => Promise<T>): Promise<T> => {
    work.idle(true);
    try {
      return await ask();
    } finally {
      work.idle(false);
    }
  };
  return {
    cwd: process.cwd(),
    env: process.env,
    platform: process.platform,
    openStdin: () => process.stdin,
    fs: fileSystem,
    exec,
    prompt: {
      confirm: (...asked) => whileAsking(() => prompt.confirm(...asked)),
      select: (...asked) => whileAsking(() => prompt.select(...asked)),
    },
    report: createReport(stdout, stderr, wrapText, work),
    get isInteractive() {
      // Standard input is opened by the question whether it is a terminal.
      return !isSet(process.env.CI) && process.stdout.isTTY && process.stdin.isTTY;
    },
    signals: process,
    exit: (code) => process.exit(code),
  };
}
