/**
 * The event line, as every platform writes it: one line per event, `BGSYNC1 {json}`, at most
 * {@link MAX_LINE_BYTES} bytes, log tag and category {@link LOG_TAG}.
 *
 * Kotlin (`EventLog.kt`), Swift (`EventLog.swift`) and the local runner write it; only `parse.ts` reads it.
 * Readers ignore unknown keys and unknown events.
 */

import { PROTOCOL } from '../facts.ts';

export const EVENT_MARKER = PROTOCOL.eventMarker;

export const LOG_TAG = PROTOCOL.logTag;

/** os_log keeps 1,024 bytes of a dynamic string, logcat 4,068 bytes of a record; the smaller rules, with room for framing. */
export const MAX_LINE_BYTES = 900;

/** The version of the format that this reader understands, the `v` of each event. */
export const EVENT_VERSION = 1;

export const OUTCOMES = ['done', 'retry', 'failed', 'expired', 'skipped', 'killed'] as const;

/**
 * How a run ended.
 * - `done`: drained, or partly with `remaining` > 0
 * - `retry`: the queue asks for another try, or the handler threw
 * - `failed`: the queue says that trying again is useless, or the result was no result
 * - `expired`: the window closed first
 * - `skipped`: never got to the handler (busy, no JavaScript host, locked device)
 * - `killed`: found open by the next process
 */
export type Outcome = (typeof OUTCOMES)[number];

/** What asked for the run: the OS's scheduler, `bgsync trigger`, the app in the foreground, the local runner. */
export type Trigger = 'os' | 'trigger' | 'foreground' | 'local';

export const EVENT_NAMES = [
  'register',
  'heal',
  'schedule',
  'schedule.error',
  'run.start',
  'run.skip',
  'run.end',
  'host.start',
  'host.ready',
  'js.start',
  'progress',
  'expire',
  'late',
  'cancel',
  'configure',
  'ack',
  'mark',
] as const;

/**
 * - `register`: the schedule is armed (`why` new or kept); `heal`: dead work was armed again (`why` its state)
 * - `schedule`: the next window was set (`next`, `why`); `schedule.error`: the platform refused (`why` its code)
 * - `run.start` … `run.end`: one run; `run.skip`: refused at the gate, no run was opened (`why`)
 * - `host.start`, `host.ready`: the JavaScript host boots, is up; `js.start`: the handler took the run
 * - `progress`: `n` of `of`; `expire`: the window closes (`why`); `late`: an answer after the end, ignored
 * - `configure`: the app has changed constraints or interval (`msg`)
 * - `cancel`: the schedule was withdrawn; `ack`: the debug hook got a trigger; `mark`: written by the CLI to prove the stream
 */
export type EventName = (typeof EVENT_NAMES)[number];

/** The device as the run found it. Every key is left out where the platform does not tell. */
export interface EventEnv {
  /** Android's app standby bucket: 10 active, 20 working set, 30 frequent, 40 rare, 45 restricted. */
  readonly bucket?: number;
  /** Battery, percent. */
  readonly bat?: number;
  /** 1 while charging. */
  readonly chg?: number;
  /** 1 in battery saver or Low Power Mode. */
  readonly save?: number;
  /** `wifi`, `cell`, `other` or `none`. */
  readonly net?: string;
  /** 1 on a metered network. */
  readonly metered?: number;
  /** 1 while protected data is unavailable (iOS, locked). */
  readonly locked?: number;
}

/** One event. Times are epoch milliseconds, durations milliseconds. */
export interface SyncEvent {
  readonly v: number;
  /** Counts the events of one process, from 1: no two lines are equal, and a gap shows a loss. */
  readonly seq: number;
  readonly ts: number;
  readonly plat: string;
  readonly pid: number;
  readonly ev: string;
  readonly run?: string;
  readonly task?: string;
  readonly trig?: string;
  /** Attempt: 1 on a first try, one more for each run in a row that did not end `done`. */
  readonly att?: number;
  /** Since `run.start`. */
  readonly ms?: number;
  readonly out?: string;
  /** Items that remain in the queue. */
  readonly rem?: number;
  readonly n?: number;
  readonly of?: number;
  /** The earliest start of the next window. */
  readonly next?: number;
  readonly why?: string;
  readonly msg?: string;
  /** 1 where `msg` was shortened to keep the line within {@link MAX_LINE_BYTES}. */
  readonly cut?: number;
  readonly env?: EventEnv;
}
