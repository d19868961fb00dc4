import 'core.dart';

/// WorkManager runs periodic work at most every 15 minutes:
/// https://developer.android.com/reference/androidx/work/PeriodicWorkRequest#MIN_PERIODIC_INTERVAL_MILLIS
const minDelaySeconds = 900;

class SchedulePolicyConfig {
  const SchedulePolicyConfig({
    required this.intervalSeconds,
    required this.backlogSeconds,
    required this.maxSeconds,
    required this.lowBatteryPercent,
  });

  /// Between two windows while nothing waits.
  final int intervalSeconds;

  /// To the next window while items remain, and the first step of the back-off.
  final int backlogSeconds;

  /// No delay is longer.
  final int maxSeconds;

  /// At or below it, and not charging, every delay doubles.
  final int lowBatteryPercent;
}

/// The delay to the next window, in seconds, at least [minDelaySeconds]: when
/// items wait it is short, when runs go wrong it doubles each time, on a low
/// battery it doubles once more.
///
/// Native decides by the same function, in `SchedulePolicy.kt` and
/// `SchedulePolicy.swift`; this one is for an app that shows when its next
/// window comes.
///
/// [queueDepth]: items that remain; -1 where no one knows.
/// [consecutiveFailures]: runs in a row, this one included, that did not end
/// `done`; for `skipped`, windows in a row that were skipped.
int nextDelaySeconds(
  RunOutcome outcome,
  int queueDepth,
  BatteryState battery,
  int consecutiveFailures,
  SchedulePolicyConfig config,
) {
  final interval = _atLeast(config.intervalSeconds, minDelaySeconds);
  final longest = _atLeast(config.maxSeconds, interval);
  final backlog = config.backlogSeconds.clamp(minDelaySeconds, interval);
  final backOff = backlog << (consecutiveFailures.clamp(1, 16) - 1);

  final int delay;
  switch (outcome) {
    // Trying again is useless until something changes: neither sooner nor
    // backing off.
    case RunOutcome.failed:
      return interval;
    case RunOutcome.done:
      delay = queueDepth > 0 ? backlog : interval;
    // The window was too short, not the server unwell: never slower than the
    // plain interval.
    case RunOutcome.expired || RunOutcome.skipped:
      delay = _atMost(backOff, interval);
    case RunOutcome.retry || RunOutcome.killed:
      delay = _atMost(backOff, longest);
  }

  final low =
      battery.saver ||
      battery.percent >= 0 && battery.percent <= config.lowBatteryPercent;
  return low && !battery.charging ? _atMost(delay * 2, longest) : delay;
}

int _atLeast(int value, int floor) => value < floor ? floor : value;

int _atMost(int value, int ceiling) => value > ceiling ? ceiling : value;
