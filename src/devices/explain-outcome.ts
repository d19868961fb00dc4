import type { SyncEvent } from '../events/event.ts';

/**
 * What to do about an end that is not `done`, by its outcome alone.
 *
 * @returns undefined where there is nothing to do
 */
export function explainOutcome({ out, plat, run = '' }: SyncEvent): string | undefined {
  switch (out) {
    case 'failed':
      return `The handler failed. \`npx bgsync logs --platform ${plat} --run ${run}\` shows the run again; \`npx bgsync trigger --platform local\` runs the handler on this machine.`;
    case 'retry':
      return `The handler asked for another window: \`npx bgsync status --platform ${plat}\` shows when that may be.`;
    case 'expired':
      return 'The window was closed before the handler ended: the next one goes on with what remains.';
    case 'killed':
      return `The process died while the run was open: look for a crash in the system’s log, and in \`npx bgsync logs --platform ${plat} --history\`.`;
    default:
      return undefined;
  }
}
