import 'dart:async';
import 'dart:convert';

import '../core.dart';
import 'drain.dart';
import 'ids.dart';
import 'sql.dart' as sql;
import 'statements.dart';
import 'store.dart';
import 'types.dart';

/// An outbox of mutations: a [SyncQueueService] that loses nothing. What the app
/// changed while it was offline waits in SQLite, in order, and is sent in the
/// windows of the background sync. Hand it to `runBackgroundSync(queue: …)`.
///
/// One for a database, in one isolate. The app's own isolate and that of a run
/// have one each, over the same file: native sees to it that only one drains.
class SyncQueue implements SyncQueueService {
  /// Opens nothing yet. [openStore] is called again after it failed: a key that
  /// cannot be read before the first unlock can be read later.
  ///
  /// [concurrency]: how many are on their way at the same time, 1 to 16. After
  /// [maxAttempts] a mutation that keeps failing while others get through is a
  /// dead letter. [now], [random] and [uuid] are for tests.
  SyncQueue({
    required Future<QueueStore> Function() openStore,
    required this.send,
    this.resolve,
    this.onApplied,
    int concurrency = 4,
    this.maxAttempts = 20,
    this.now = DateTime.now,
    this.random,
    this.uuid = newUuid,
  }) : _openStore = openStore,
       concurrency = concurrency.clamp(1, 16);

  final Send send;
  final Resolve? resolve;
  final OnApplied? onApplied;
  final int concurrency;
  final int maxAttempts;
  final DateTime Function() now;
  final double Function()? random;
  final String Function() uuid;

  final Future<QueueStore> Function() _openStore;
  Future<QueueStore>? _opening;

  /// The drain that runs, or ran last: two at once would take each other's items
  /// for those of a dead process.
  Future<void> _drains = Future.value();

  /// Opens the store and brings its tables to this version. The other methods do
  /// it too. After a failure, the next call tries again.
  ///
  /// Throws whatever the store throws; a [StateError] where a newer version of
  /// the queue wrote the database.
  Future<void> open() => _ready();

  /// An id for an entity that the server will name. Where the server lets the
  /// app choose the id, use a UUID for good instead: nothing has to be mapped
  /// then.
  String newTempId() => 'tmp_${uuid()}';

  /// Puts a mutation into the queue. Its key.
  ///
  /// [alongside]: the app's own statements, in the same transaction: its row is
  /// there if and only if the mutation is. Where the store is on the app's own
  /// drift database, a call inside of its `transaction` is part of that.
  ///
  /// Throws an [ArgumentError] where the mutation is none, a
  /// [JsonUnsupportedObjectError] where its payload is no JSON, and whatever the
  /// store throws; nothing is written then.
  Future<String> enqueue(
    NewMutation mutation, {
    List<Sql> alongside = const [],
  }) async {
    final store = await _ready();
    final (:key, :statements) = prepare(mutation);
    await store.batch([...alongside, ...statements]);
    return key;
  }

  /// The statements that put a mutation into the queue, for a transaction of the
  /// app's own on the same database. Throws as [enqueue] does.
  ({String key, List<Sql> statements}) prepare(NewMutation mutation) {
    for (final (name, value) in [
      ('type', mutation.type),
      ('entityId', mutation.entityId),
      ('kind', mutation.kind),
    ]) {
      if (value == '') throw ArgumentError.value(value, name, 'must not be empty');
    }
    final key = uuid();
    return (key: key, statements: enqueueStatements(key, mutation, now()));
  }

  /// Sends what is ready, in the window that the background sync gives. Cut off
  /// at any point, nothing is lost, and nothing is applied twice by a server
  /// that keeps idempotency keys.
  ///
  /// Throws whatever the store throws, once all that was on its way has come
  /// back.
  @override
  Future<DrainResult> drainQueue(SyncWindow window) {
    final result = _drains.then(
      (_) async => Drain(this, await _ready(), window).run(),
    );
    _drains = result.then((_) {}, onError: (_) {});
    return result;
  }

  /// How much is in the queue. Cheap at any depth.
  Future<QueueCounts> counts() async {
    final row = (await (await _ready()).all(sql.readCounts)).single;
    final [total, dead, parked, gone] = [
      for (final name in ['total', 'dead', 'parked', 'gone']) row[name]! as int,
    ];
    return QueueCounts(
      remaining: total - dead - parked - gone,
      dead: dead,
      parked: parked,
    );
  }

  /// What will not be sent again by itself, oldest first. Show it to someone who
  /// can decide.
  Future<List<DeadLetter>> deadLetters() async => [
    for (final row in await (await _ready()).all(sql.readDead))
      DeadLetter(
        key: row['id']! as String,
        type: row['type']! as String,
        entityId: row['entity']! as String,
        kind: row['kind']! as String,
        payload: _parsed(row['payload']! as String),
        reason: row['error'] as String? ?? '',
        attempts: row['attempts']! as int,
        createdAt: DateTime.fromMillisecondsSinceEpoch(row['created']! as int),
      ),
  ];

  /// Puts a dead letter, and what is parked behind it, back into the queue.
  Future<void> retry(String key) async =>
      (await _ready()).batch(revive(key));

  /// Gives a dead letter up, and with it what needs the id of the entity that it
  /// would have created. The keys of what went, for the app to undo its own
  /// rows; none where the key is no dead letter's.
  Future<List<String>> discard(String key) => _takeOut(key, isDead: true);

  /// Takes back a mutation that was never sent, with what needs the id of the
  /// entity that it would have created. The keys of what went; none where it was
  /// sent already, or is on its way.
  Future<List<String>> cancel(String key) => _takeOut(key, isDead: false);

  /// The server's id for a temporary one; null while it has none.
  Future<String?> idOf(String tempId) async {
    final rows = await (await _ready()).all(readServerId, [tempId]);
    return rows.firstOrNull?['server'] as String?;
  }

  Future<List<String>> _takeOut(String key, {required bool isDead}) async {
    final store = await _ready();
    final claim = uuid();
    await store.batch(takeOut(key, claim, isDead: isDead));
    final gone = await store.all(sql.readGone, [claim]);
    await store.batch([deleteGone]);
    return [for (final row in gone) row['id']! as String];
  }

  Future<QueueStore> _ready() => _opening ??= _open();

  Future<QueueStore> _open() async {
    try {
      final store = await _openStore();
      final version = await _versionOf(store);
      final known = sql.migrations.length;
      if (version > known) {
        throw StateError(
          'The queue’s database is of version $version, this app knows $known. '
          'Nothing was changed.',
        );
      }
      if (version < known) await store.batch(migrationFrom(version));
      return store;
    } catch (_) {
      _opening = null;
      rethrow;
    }
  }

  Future<int> _versionOf(QueueStore store) async {
    if ((await store.all(readMeta)).isEmpty) return 0;
    final rows = await store.all(readVersion);
    return rows.firstOrNull?['value'] as int? ?? 0;
  }
}

Object? _parsed(String text) {
  try {
    return jsonDecode(text);
  } on FormatException {
    return text;
  }
}
