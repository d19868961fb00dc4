import type { SyncEvent } from '../events/event.ts';
import type { Unreadable } from './leftovers.ts';

/** What `bgsync logs` takes for a device. */
export interface DeviceLogOptions {
  readonly device?: string;
  readonly app?: string;
  readonly adb?: string;
  readonly xcrun?: string;
  /** Milliseconds back from now. */
  readonly since?: number;
  readonly json?: boolean;
}

export interface FollowListener {
  event(event: SyncEvent): void;
  /** Any line of the log, as the platform's tool prints it; none twice. */
  line(line: string): void;
  /** A line of ours that is redacted or damaged. */
  unreadable(finding: Unreadable): void;
  /** The device is gone, is back. */
  note(text: string): void;
}

/** The log of one device, or simulator. */
export interface DeviceLogs {
  /** How a person calls it. */
  readonly name: string;
  /** What the time is there: epoch milliseconds. */
  now(): Promise<number>;
  /** The app's own record, from its ring file: also of what happened while nobody listened. */
  history(): Promise<string>;
  /** What the platform's log holds now. */
  dump(): Promise<string>;
  /** The log as it is written, until Ctrl-C. */
  follow(listener: FollowListener): Promise<void>;
}
