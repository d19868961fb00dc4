/**
 * What this app syncs in the background. This file is yours: bgsync made it once and never overwrites it.
 */
import type { SyncQueueService } from '../modules/background-sync/src';
import { registerBackgroundSync } from '../modules/background-sync/src';

interface OutboxItem {
  /** Must be safe to do twice: a window can close at any point. */
  send(signal: AbortSignal): Promise<void>;
}

/** Put your own queue here: what waits to be sent, in a store that survives the process. */
const outbox: OutboxItem[] = [];

const queue: SyncQueueService = {
  async drainQueue(window) {
    const items = [...outbox];
    let sent = 0;
    for (const item of items) {
      if (window.signal.aborted) {
        break;
      }
      await item.send(window.signal);
      outbox.splice(outbox.indexOf(item), 1);
      sent += 1;
      window.progress(sent, items.length);
    }
    return outbox.length;
  },
};

// At the top level: when the OS starts the app in the background, no component is ever rendered.
registerBackgroundSync({ queue });
