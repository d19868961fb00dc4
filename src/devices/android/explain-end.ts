import type { SyncEvent } from '../../events/event.ts';
import type { HostWords } from '../../events/words.ts';
import { explainOutcome } from '../explain-outcome.ts';
import type { AdbDevice } from './adb.ts';
import type { InstalledApp } from './app.ts';

const METRO_PORT = 'tcp:8081';

const METRO_HINT =
  'Start Metro (`npx react-native start`); on a phone over USB, also run `adb reverse tcp:8081 tcp:8081`. Or install a build with its bundle inside.';

/**
 * What to do about a run that did not end `done`.
 *
 * @param about `isMetroMissing`: whether the log says that the bundle could not be loaded
 * @returns undefined where the event says it all
 */
export async function explainEnd(
  last: SyncEvent,
  device: AdbDevice,
  app: InstalledApp,
  { words, isMetroMissing }: { readonly words: HostWords; readonly isMetroMissing: boolean },
): Promise<string | undefined> {
  const isMetroTried =
    words.hasMetro && app.isDebuggable && /^(?:host|js)-timeout$/.test(last.why ?? '');
  if (isMetroMissing || isMetroTried) {
    const ports = await device.reversedPorts().catch((): string[] => []);
    if (isMetroMissing || !ports.includes(METRO_PORT)) {
      return `JavaScript did not come up: this debug build loads it from Metro, which it cannot reach. ${METRO_HINT}`;
    }
  }
  switch (last.why) {
    case 'host-timeout':
    case 'js-timeout':
    case 'no-host':
      return words.advice.android[last.why];
    case 'before-first-unlock':
      return 'The device was not unlocked since its start, so nothing can be read yet: unlock it once, and try again.';
    case 'busy':
      return 'Another run is open. Wait for its end, then try again.';
    default:
      return last.out === 'expired' && last.why === 'budget'
        ? `The handler did not end within its budget: it should heed ${words.closed}, or android.budgetSeconds be raised.`
        : explainOutcome(last);
  }
}
