import 'package:flutter/services.dart';

import 'core.dart';

/// [NativeBackgroundSync] over the plugin's channel. Arguments go by position,
/// in the order of the parameters.
class BackgroundSyncChannel implements NativeBackgroundSync {
  const BackgroundSyncChannel();

  static const _channel = MethodChannel('dev.bgsync/background_sync');

  @override
  Future<bool> registerTask(bool switchOn, String name) =>
      _ask('registerTask', [switchOn, name]);

  @override
  Future<void> cancel(String name) => _tell('cancel', [name]);

  @override
  Future<int> scheduleNext(int delaySeconds, String name) =>
      _ask('scheduleNext', [delaySeconds, name]);

  @override
  Future<bool> configure(String settings, String name) =>
      _ask('configure', [settings, name]);

  @override
  Future<String> getStatus(String name) => _ask('getStatus', [name]);

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
  Future<String> beginForeground(String name) =>
      _ask('beginForeground', [name]);

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
