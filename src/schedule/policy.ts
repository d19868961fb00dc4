import type { Outcome } from '../events/event.ts';

/** WorkManager runs periodic work at most every 15 minutes: https://developer.android.com/reference/androidx/work/PeriodicWorkRequest#MIN_PERIODIC_INTERVAL_MILLIS */
export const MIN_DELAY_SECONDS = 900;

/** A week, as Apple advises: https://developer.apple.com/documentation/backgroundtasks/bgtaskrequest/earliestbegindate */
export const MAX_REQUEST_SECONDS = 604_800;

export interface SchedulePolicyConfig {
  /** Between two windows while nothing waits. */
  readonly intervalSeconds: number;
  /** To the next window while items remain, and the first step of the back-off. */
  readonly backlogSeconds: number;
  /** No delay is longer. */
  readonly maxSeconds: number;
  /** At or below it, and not charging, every delay doubles. Percent. */
  readonly lowBatteryPercent: number;
}

export interface BatteryState {
  /** 0 to 100; -1 where the platform does not tell. */
  readonly percent: number;
  readonly charging: boolean;
  /** Battery saver (Android) or Low Power Mode (iOS). */
  readonly saver: boolean;
}

/** What the state of a device counts over its runs. */
export interface RunCounts {
  /** Runs in a row that did not end well: `window.attempt` is one more. Skips leave it as it is. */
  readonly failures: number;
  /** Windows in a row that were skipped: what kept the app from running is no failure of its runs. */
  readonly skips: number;
}

/**
 * Counts a run that has ended.
 *
 * The same function stands in `SchedulePolicy.kt` and `SchedulePolicy.swift`; the sequences in
 * `tests/vectors/schedule-policy.json` hold the three together.
 */
export function countRun({ failures, skips }: RunCounts, outcome: Outcome): RunCounts {
  if (outcome === 'done') return { failures: 0, skips: 0 };
  if (outcome === 'skipped') return { failures, skips: skips + 1 };
  return { failures: failures + 1, skips: 0 };
}

/** The row of an outcome that {@link nextDelaySeconds} backs off by, from the counts that include it. */
export const rowOf = ({ failures, skips }: RunCounts, outcome: Outcome): number =>
  outcome === 'skipped' ? skips : failures;

export const clamp = (value: number, low: number, high: number): number =>
  Math.min(Math.max(value, low), high);

/**
 * The delay to the next window, in seconds: when items wait it is short, when runs go wrong it doubles each time,
 * on a low battery it doubles once more.
 *
 * The same function stands in `SchedulePolicy.kt` and `SchedulePolicy.swift`; `tests/vectors/schedule-policy.json`
 * holds the three together. Whole numbers only, so that all three agree to the second.
 *
 * @param outcome how the last run ended
 * @param queueDepth items that remain; -1 where no one knows
 * @param consecutiveFailures runs in a row, this one included, that did not end `done`; for `skipped`, windows in a row
 *   that were skipped
 * @returns seconds, at least {@link MIN_DELAY_SECONDS}
 */
export function nextDelaySeconds(
  outcome: Outcome,
  queueDepth: number,
  battery: BatteryState,
  consecutiveFailures: number,
  config: SchedulePolicyConfig,
): number {
  const interval = Math.max(config.intervalSeconds, MIN_DELAY_SECONDS);
  const longest = Math.max(config.maxSeconds, interval);
  const backlog = clamp(config.backlogSeconds, MIN_DELAY_SECONDS, interval);

  // Trying again is useless until something changes: neither sooner nor backing off.
  if (outcome === 'failed') return interval;

  const steps = clamp(consecutiveFailures, 1, 16) - 1;
  const backOff = backlog * 2 ** steps;
  let delay: number;
  switch (outcome) {
    case 'done':
      delay = queueDepth > 0 ? backlog : interval;
      break;
    // The window was too short, not the server unwell: never slower than the plain interval.
    case 'expired':
    case 'skipped':
      delay = Math.min(backOff, interval);
      break;
    case 'retry':
    case 'killed':
      delay = Math.min(backOff, longest);
      break;
  }

  const low =
    battery.saver || (battery.percent >= 0 && battery.percent <= config.lowBatteryPercent);
  if (low && !battery.charging) delay = Math.min(delay * 2, longest);
  return delay;
}
