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
  /// What waits to be sent, from where your app keeps it. What is only in
  /// memory is not here: the engine, and often the process, was started for
  /// this.
  Future<List<OutboxItem>> readOutbox() async => [];

  /// Sends one. It must be safe to do twice: a window can close after the
  /// server has it.
  Future<void> send(OutboxItem item) =>
      throw UnimplementedError('Send ${item.id} here.');

  /// The server has it.
  Future<void> removeFromOutbox(OutboxItem item) =>
      throw UnimplementedError('Take ${item.id} out of your store here.');

  @override
  Future<DrainResult> drainQueue(SyncWindow window) async {
    final items = await readOutbox();
    var sent = 0;
    for (final item in items) {
      if (window.isExpired) break;
      await send(item);
      await removeFromOutbox(item);
      window.progress(++sent, items.length);
    }
    return DrainResult(items.length - sent);
  }
}

class OutboxItem {
  OutboxItem({required this.id, required this.payload});

  /// The same when it is sent again, so that the server can tell.
  final String id;
  final Object? payload;
}
