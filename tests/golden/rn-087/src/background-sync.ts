/**
 * What this app syncs in the background. This file is yours: bgsync made it once and never overwrites it.
 */
import type { SyncQueueService } from '../modules/background-sync/src';
import { registerBackgroundSync } from '../modules/background-sync/src';

interface OutboxItem {
  /** The same when it is sent again: a window can close after the server has it. */
  id: string;
  url: string;
  body: string;
}

/**
 * What waits to be sent, from where your app keeps it. What is only in memory is not here: this also runs in a process
 * that the OS started for it.
 */
async function readOutbox(): Promise<OutboxItem[]> {
  return [];
}

/** The server has it. */
async function removeFromOutbox(item: OutboxItem): Promise<void> {
  throw new Error(`Take ${item.id} out of your store here.`);
}

async function send(item: OutboxItem, signal: AbortSignal): Promise<void> {
  const response = await fetch(item.url, {
    method: 'POST',
    signal,
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': item.id },
    body: item.body,
  });
  // What a server refuses for good (most of 400 to 499) holds up all that waits behind it: set it aside here.
  if (!response.ok) {
    throw new Error(`${item.url} answered ${response.status}`);
  }
}

const queue: SyncQueueService = {
  async drainQueue(window) {
    const items = await readOutbox();
    let sent = 0;
    for (const item of items) {
      if (window.signal.aborted) {
        break;
      }
      await send(item, window.signal);
      await removeFromOutbox(item);
      sent += 1;
      window.progress(sent, items.length);
    }
    return items.length - sent;
  },
};

// At the top level: when the OS starts the app in the background, no component is ever rendered.
registerBackgroundSync({ queue });
