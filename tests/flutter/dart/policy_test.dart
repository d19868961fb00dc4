import 'dart:convert';
import 'dart:io';

import 'package:background_sync/background_sync.dart';

import 'harness.dart';

/// The vectors of `SchedulePolicy.kt`, `SchedulePolicy.swift` and the CLI.
/// Arguments: the path of `tests/vectors/schedule-policy.json`.
void main(List<String> arguments) {
  final vectors =
      jsonDecode(File(arguments.single).readAsStringSync())
          as Map<String, dynamic>;
  final configs = {
    for (final MapEntry(:key, :value)
        in (vectors['configs'] as Map<String, dynamic>).entries)
      key: SchedulePolicyConfig(
        intervalSeconds: value['intervalSeconds'] as int,
        backlogSeconds: value['backlogSeconds'] as int,
        maxSeconds: value['maxSeconds'] as int,
        lowBatteryPercent: value['lowBatteryPercent'] as int,
      ),
  };
  for (final {
        'name': String name,
        'outcome': String outcome,
        'queueDepth': int depth,
        'battery': {
          'percent': int percent,
          'charging': bool charging,
          'saver': bool saver,
        },
        'consecutiveFailures': int failures,
        'config': String config,
        'expect': int expected,
      }
      in vectors['cases'] as List) {
    test(name, () {
      final battery = BatteryState(
        percent: percent,
        charging: charging,
        saver: saver,
      );
      equal(
        nextDelaySeconds(
          RunOutcome.values.byName(outcome),
          depth,
          battery,
          failures,
          configs[config]!,
        ),
        expected,
      );
    });
  }
  run();
}
