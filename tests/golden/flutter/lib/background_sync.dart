/// What this app syncs in the background. This file is yours: bgsync made it
/// once and never overwrites it.
library;

import 'package:background_sync/background_sync.dart';

/// Native starts an engine of its own for each run, and calls this in it, by
/// its name and that of this file. No widget is ever built there, and what the
/// app holds in memory is not there: open what you need.
@pragma('vm:entry-point')
Future<void> backgroundSyncMain() => runBackgroundSync(queue: AppQueue());

class AppQueue implements SyncQueueService {
  /// Put your own queue here: what waits to be sent, in a store that survives
  /// the process. Each must be safe to send twice: a window can close at any
  /// point.
  final List<Future<void> Function()> _outbox = [];

  @override
  Future<DrainResult> drainQueue(SyncWindow window) async {
    final total = _outbox.length;
    while (_outbox.isNotEmpty && !window.isExpired) {
      await _outbox.first();
      _outbox.removeAt(0);
      window.progress(total - _outbox.length, total);
    }
    return DrainResult(_outbox.length);
  }
}
