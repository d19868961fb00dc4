import { watch } from 'node:fs';
import { dirname } from 'node:path';

/** An editor writes a file in several steps. Milliseconds. */
const SETTLE_MS = 100;

/**
 * Waits until one of some files is saved. Their folders are watched, since many editors put a new file in the old one's
 * place.
 *
 * @param files absolute
 * @returns false where the signal came first
 */
export function nextChange(files: readonly string[], signal: AbortSignal): Promise<boolean> {
  const known = new Set(files);
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const watchers = [...new Set(files.map((file) => dirname(file)))].flatMap((folder) => {
      try {
        const watcher = watch(folder, (_, name) => {
          if (name !== null && !known.has(`${folder}/${name}`) && !known.has(`${folder}\\${name}`))
            return;
          clearTimeout(timer);
          timer = setTimeout(() => end(true), SETTLE_MS);
        });
        watcher.on('error', () => watcher.close());
        return [watcher];
      } catch {
        // A folder that is gone: the others go on.
        return [];
      }
    });
    const stop = (): void => end(false);
    const end = (isChanged: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      for (const watcher of watchers) watcher.close();
      resolve(isChanged);
    };
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
}
