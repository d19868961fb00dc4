import type { EventName, SyncEvent } from './event.ts';
import { EVENT_MARKER, EVENT_VERSION, MAX_LINE_BYTES } from './event.ts';

/** What an event says beyond who wrote it and when. */
export type EventFields = Omit<SyncEvent, 'v' | 'seq' | 'ts' | 'plat' | 'pid' | 'ev'>;

/** JSON in ASCII: bytes are characters, and no text of the app's can break a line or a terminal. */
export function toAsciiJson(event: SyncEvent): string {
  return JSON.stringify(event).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The event with its `msg` shortened, at a character's boundary, until the line keeps its limit. */
function fit(event: SyncEvent): SyncEvent {
  const limit = MAX_LINE_BYTES - EVENT_MARKER.length;
  if (event.msg === undefined || toAsciiJson(event).length <= limit) return event;
  // A message may be longer than what it is cut to by orders of magnitude.
  const characters = Array.from(event.msg.slice(0, limit));
  const cutTo = (length: number): SyncEvent => ({
    ...event,
    msg: characters.slice(0, length).join(''),
    cut: 1,
  });
  let low = 0;
  let high = characters.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (toAsciiJson(cutTo(middle)).length <= limit) low = middle;
    else high = middle - 1;
  }
  return cutTo(low);
}

export interface EventWriter {
  /** Completes an event and hands it to the sink. */
  emit(ev: EventName, fields?: EventFields): SyncEvent;
}

/**
 * Writes the events of one process: counts them and keeps each within the limit of a line.
 *
 * @param now epoch milliseconds
 */
export function createEventWriter(
  origin: { readonly plat: string; readonly pid: number },
  now: () => number,
  sink: (event: SyncEvent) => void,
): EventWriter {
  let seq = 0;
  return {
    emit(ev, fields = {}) {
      seq += 1;
      const { plat, pid } = origin;
      const event = fit({ v: EVENT_VERSION, seq, ts: now(), plat, pid, ev, ...fields });
      sink(event);
      return event;
    },
  };
}
