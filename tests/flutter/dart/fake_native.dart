import 'dart:async';
import 'dart:convert';

import 'package:background_sync/src/core.dart';

/// Native, as far as Dart sees it: the test hands over runs and closes windows.
class FakeNative implements NativeBackgroundSync {
  final completed = <List<Object>>[];
  final reported = <List<Object>>[];
  final calls = <List<Object>>[];
  final statusOf = <String>[];
  String foreground = '';
  List<String>? unmet = [];

  /// Whether the end of a run is told as soon as it is complete.
  bool closesAtOnce = true;
  final takers = <Completer<String>>[];
  final _windows = <String, Completer<String>>{};

  /// What a method does instead, once.
  final once = <String, FutureOr<Object?> Function()>{};

  Future<T> _answer<T>(String method, T value) async {
    final act = once.remove(method);
    return act == null ? value : await act() as T;
  }

  @override
  Future<bool> registerTask(bool switchOn, String name) {
    calls.add(['registerTask', switchOn, name]);
    return _answer('registerTask', true);
  }

  @override
  Future<void> cancel(String name) {
    calls.add(['cancel', name]);
    return _answer<Object?>('cancel', null);
  }

  @override
  Future<int> scheduleNext(int delaySeconds, String name) {
    calls.add(['scheduleNext', delaySeconds, name]);
    return _answer('scheduleNext', 1);
  }

  @override
  Future<bool> configure(String settings, String name) {
    calls.add(['configure', settings, name]);
    return _answer('configure', true);
  }

  @override
  Future<String> getStatus(String name) {
    statusOf.add(name);
    return _answer(
      'getStatus',
      jsonEncode({
        'v': 1,
        'openRun': null,
        'state': 'of "$name"',
        if (unmet != null) 'unmet': unmet,
      }),
    );
  }

  @override
  Future<String> getHistory(int limit) => _answer(
    'getHistory',
    jsonEncode([
      {'seq': limit, 'ev': 'register', 'ts': 5},
    ]),
  );

  /// Runs that have ended, as native keeps them until they are acknowledged.
  List<Map<String, Object?>> ended = [];
  final acknowledged = <int>[];
  Completer<String>? _listener;

  @override
  Future<String> endedRun(int after) {
    acknowledged.add(after);
    ended = ended.where((run) => (run['n'] as int) > after).toList();
    final listener = _listener = Completer<String>();
    tell();
    return listener.future;
  }

  void tell() {
    if (ended.isEmpty) return;
    _listener?.complete(jsonEncode(ended.first));
    _listener = null;
  }

  @override
  Future<String> nextRun() {
    final taker = Completer<String>();
    takers.add(taker);
    return taker.future;
  }

  @override
  Future<String> whenExpired(String runId) {
    final act = once.remove('whenExpired');
    if (act != null) return Future.sync(() async => await act() as String);
    return (_windows[runId] = Completer<String>()).future;
  }

  @override
  Future<void> progress(String runId, int done, int total) {
    reported.add([runId, done, total]);
    return _answer<Object?>('progress', null);
  }

  @override
  Future<void> complete(
    String runId,
    String outcome,
    int remaining,
    String message,
  ) {
    completed.add([runId, outcome, remaining, message]);
    calls.add(['complete', runId]);
    if (closesAtOnce) close(runId);
    return _answer<Object?>('complete', null);
  }

  @override
  Future<String> beginForeground(String name) {
    calls.add(['beginForeground', name]);
    return _answer('beginForeground', foreground);
  }

  void hand(String runId, {String? name}) =>
      takers.removeAt(0).complete(runJson(runId, 'os', name: name));

  void expire(String runId) => _windows.remove(runId)?.complete('budget');

  void close(String runId) => _windows.remove(runId)?.complete('');
}

String runJson(String runId, String reason, {String? name}) => jsonEncode({
  'runId': runId,
  if (name != null) 'name': name,
  'taskId': 'dev.bgsync.processing',
  'reason': reason,
  'deadline': 1000,
  'attempt': 2,
  'battery': {'percent': 50, 'charging': false, 'saver': false},
  'network': {'connected': true, 'metered': false},
  'locked': reason == 'os',
});

/// A queue that does as it is told.
class Queue implements SyncQueueService {
  Queue(this._drain);

  final FutureOr<DrainResult> Function(SyncWindow window) _drain;

  @override
  Future<DrainResult> drainQueue(SyncWindow window) => Future.sync(() => _drain(window));
}

/// One that throws before it gives a future.
class ThrowingQueue implements SyncQueueService {
  ThrowingQueue(this._error);

  final Object _error;

  @override
  Future<DrainResult> drainQueue(SyncWindow window) => throw _error;
}
