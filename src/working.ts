import type { Writable } from 'node:stream';

/** Longer than this nothing is said without a word, in milliseconds. */
const SILENCE_MS = 1000;

/** Back to the start of the line, and all of it gone: https://vt100.net/docs/vt510-rm/EL.html */
const ERASE = '\r\u001b[K';

/**
 * Says in a terminal that bgsync works, and for how many seconds, while nothing else has been said. Keeps no process alive.
 *
 * @param stream standard error: what is printed may go to a file
 * @param term of the environment: a `dumb` terminal cannot take a line back
 * @returns ends it and takes the line back; to be called before anything else is written
 */
export function showWork(
  stream: Pick<Writable, 'write'> & { readonly isTTY?: boolean },
  term: string | undefined,
): () => void {
  if (stream.isTTY !== true || term === 'dumb') return () => undefined;
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += 1;
    stream.write(`${ERASE}working … ${seconds} s`);
  }, SILENCE_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    if (seconds > 0) stream.write(ERASE);
    seconds = 0;
  };
}
