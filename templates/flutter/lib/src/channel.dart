import 'package:flutter/services.dart';

import 'core.dart';

/// [NativeBackgroundSync] over the plugin's channel. Arguments go by position,
/// in the order of the parameters.
class BackgroundSyncChannel implements NativeBackgroundSync {
  const BackgroundSyncChannel();

  static const _channel = MethodChannel('dev.bgsync/background_sync');

  @override
  Future<bool> registerTask(bool switchOn) => _ask('registerTask', [switchOn]);

  @override
  Future<void> cancel() => _tell('cancel', []);

  @override
  Future<int> scheduleNext(int delaySeconds) =>
      _ask('scheduleNext', [delaySeconds]);

  @override
  Future<bool> configure(String settings) => _ask('configure', [settings]);

  @override
  Future<String> getStatus() => _ask('getStatus', []);

  @override
  Future<String> getHistory(int limit) => _ask('getHistory', [limit]);

  @override
  Future<String> nextRun() => _ask('nextRun', []);

  @override
  Future<String> endedRun(int after) => _ask('endedRun', [after]);

  @override
  Future<String> whenExpired(String runId) => _ask('whenExpired', [runId]);

  @override
  Future<void> progress(String runId, int done, int total) =>
      _tell('progress', [runId, done, total]);

  @override
  Future<void> complete(
    String runId,
    String outcome,
    int remaining,
    String message,
  ) => _tell('complete', [runId, outcome, remaining, message]);

  @override
  Future<String> beginForeground() => _ask('beginForeground', []);

  Future<T> _ask<T extends Object>(
    String method,
    List<Object> arguments,
  ) async {
    try {
      final answer = await _channel.invokeMethod<T>(method, arguments);
      if (answer != null) return answer;
    } on MissingPluginException {
      throw const NativeAbsent();
    }
    throw StateError('$method had no answer');
  }

  Future<void> _tell(String method, List<Object> arguments) async {
    try {
      await _channel.invokeMethod<void>(method, arguments);
    } on MissingPluginException {
      throw const NativeAbsent();
    }
  }
}
