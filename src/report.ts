import type { Writable } from 'node:stream';
import type { Report } from './context.ts';
import type { WorkSign } from './working.ts';

/** What a stream has where it is one: https://nodejs.org/api/tty.html#class-ttywritestream */
interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * What is printed goes to these streams. One that takes no more (a reader such as `head` that has left, a full disk, a
 * terminal that was closed) never ends what bgsync is doing, nor changes its exit code: what is written to it from then
 * on is dropped. A reader that has left has seen enough; of anything else standard error gets a word.
 *
 * @param fit makes lines fit into a terminal's columns; undefined where there is none. Each stream has its own
 * @param work the sign of work in between; undefined where there is none
 */
export function createReport(
  stdout: Writable & Terminal,
  stderr: Writable & Terminal,
  fit: (text: string, columns: number | undefined) => string = (text) => text,
  work?: WorkSign,
): Report {
  const closed = new AbortController();
  const columnsOf = ({ isTTY, columns }: Terminal): number | undefined =>
    isTTY === true ? columns : undefined;
  const warn = (text: string): void => {
    work?.pause();
    stderr.write(`${fit(text, columnsOf(stderr))}\n`);
    work?.resume();
  };
  const write = (text: string): void => {
    work?.pause();
    if (!closed.signal.aborted) stdout.write(text);
    // In the middle of a line the sign would be written over its start.
    if (text.endsWith('\n')) work?.resume();
  };
  stdout.on('error', ({ code = 'unknown error' }: NodeJS.ErrnoException) => {
    if (closed.signal.aborted) return;
    closed.abort();
    if (code !== 'EPIPE') warn(`Standard output cannot be written (${code}): the rest is missing.`);
  });
  stderr.on('error', () => undefined);
  return {
    line: (text = '') => write(`${fit(text, columnsOf(stdout))}\n`),
    warn,
    raw: write,
    idle: (isIdle) => work?.idle(isIdle),
    closed: closed.signal,
    get width() {
      return columnsOf(stdout);
    },
  };
}
