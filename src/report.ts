import type { Writable } from 'node:stream';
import type { Report } from './context.ts';

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
 * @param before is called before anything is written
 */
export function createReport(
  stdout: Writable & Terminal,
  stderr: Writable & Terminal,
  fit: (text: string, columns: number | undefined) => string = (text) => text,
  before: () => void = () => undefined,
): Report {
  const closed = new AbortController();
  const columnsOf = ({ isTTY, columns }: Terminal): number | undefined =>
    isTTY === true ? columns : undefined;
  const warn = (text: string): void => {
    before();
    stderr.write(`${fit(text, columnsOf(stderr))}\n`);
  };
  const write = (text: string): void => {
    before();
    if (!closed.signal.aborted) stdout.write(text);
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
    closed: closed.signal,
    get width() {
      return columnsOf(stdout);
    },
  };
}
