/**
 * What this app syncs in the background. This file is yours: bgsync made it once and never overwrites it.
 */
import { registerBackgroundSync } from '../modules/background-sync/src';

/**
 * Put your own queue here: what waits to be sent, in a store that survives the process. Each item must be safe to send
 * twice: a window can close at any point.
 */
const outbox = [];

const queue = {
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
