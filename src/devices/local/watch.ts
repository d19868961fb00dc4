import { statSync, watch } from 'node:fs';
import { dirname } from 'node:path';

/** An editor writes a file in several steps. Milliseconds. */
const SETTLE_MS = 100;

/** A file system's clock is that of the kernel's last tick: Linux has 100 to 1000 a second. */
const TICK_MS = 10;

/**
 * Notices the saves of some files, those while a run goes on, too: a run takes seconds, and whoever saves in it waits for
 * the next.
 */
export class SavedFiles {
  /** How each file was at the start of the run. */
  private readonly states = new Map<string, string>();
  private begunMs = 0;

  /** How many are watched. */
  get size(): number {
    return this.states.size;
  }

  /** @param files absolute; learned of in a run, and known from then on */
  add(files: readonly string[]): void {
    for (const file of files) {
      if (this.states.has(file)) continue;
      const state = stateOf(file);
      this.states.set(
        file,
        state.modifiedMs >= this.begunMs - TICK_MS ? 'saved in the run' : state.text,
      );
    }
  }

  /** A run begins, and reads what is there now. */
  begin(): void {
    this.begunMs = Date.now();
    for (const file of this.states.keys()) this.states.set(file, stateOf(file).text);
  }

  /**
   * Waits until one of the files is saved, or finds that one was since `begin`. Their folders are watched, since many
   * editors put a new file in the old one's place.
   *
   * @returns false where the signal came first
   */
  next(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const settle = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => end(true), SETTLE_MS);
      };
      const folders = new Set([...this.states.keys()].map((file) => dirname(file)));
      const watchers = [...folders].flatMap((folder) => {
        try {
          const watcher = watch(folder, (_, name) => {
            const isKnown = (separator: string): boolean =>
              this.states.has(`${folder}${separator}${name ?? ''}`);
            if (name === null || isKnown('/') || isKnown('\\')) settle();
          });
          watcher.on('error', () => watcher.close());
          return [watcher];
        } catch {
          // A folder that is gone: the others go on.
          return [];
        }
      });
      const stop = (): void => end(false);
      const end = (isSaved: boolean): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        for (const watcher of watchers) watcher.close();
        resolve(isSaved);
      };
      signal.addEventListener('abort', stop);
      if (signal.aborted) stop();
      // Once the watchers are there: what is saved between the two is noticed by one of them.
      else if ([...this.states].some(([file, state]) => state !== stateOf(file).text)) settle();
    });
  }
}

function stateOf(file: string): { readonly text: string; readonly modifiedMs: number } {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return { text: 'absent', modifiedMs: 0 };
  return { text: `${stats.ino} ${stats.size} ${stats.mtimeMs}`, modifiedMs: stats.mtimeMs };
}
