import type { Writable } from 'node:stream';

/** Longer than this nothing is said without a word, in milliseconds. */
const SILENCE_MS = 1000;

/** Back to the start of the line, and all of it gone: https://vt100.net/docs/vt510-rm/EL.html */
const ERASE = '\r\u001b[K';

/** What a terminal shows while bgsync works and says nothing. */
export interface WorkSign {
  /** Takes the line back; to be called before anything else is written. */
  readonly pause: () => void;
  /** From now on silence is work again, unless {@link idle} says otherwise. */
  readonly resume: () => void;
  /** Whether silence is no work: somebody else is waited for, or a machine reads. */
  readonly idle: (isIdle: boolean) => void;
}

/**
 * Says in a terminal that bgsync works, and for how many seconds nothing else has been said. Keeps no process alive.
 *
 * @param stream standard error
 * @param isShown false where no one looks, or a line cannot be taken back
 */
export function showWork(stream: Pick<Writable, 'write'>, isShown: boolean): WorkSign {
  let seconds = 0;
  let isIdle = false;
  let timer: NodeJS.Timeout | undefined;
  const pause = (): void => {
    clearInterval(timer);
    timer = undefined;
    if (seconds > 0) stream.write(ERASE);
    seconds = 0;
  };
  const resume = (): void => {
    if (!isShown || isIdle || timer !== undefined) return;
    timer = setInterval(() => {
      seconds += 1;
      stream.write(`${ERASE}working … ${seconds} s`);
    }, SILENCE_MS);
    timer.unref();
  };
  resume();
  return {
    pause,
    resume,
    idle(value) {
      isIdle = value;
      if (isIdle) pause();
      else resume();
    },
  };
}
