import 'dart:async';
import 'dart:io';

import 'package:background_sync/background_sync.dart';
import 'package:background_sync/queue.dart';
import 'package:sqlite3/sqlite3.dart';

/// A window that a test closes.
class TestWindow implements SyncWindow {
  final _closing = Completer<void>();
  final told = <(int, int)>[];

  /// After so many items it closes by itself.
  int limit = 1 << 30;

  void close() {
    if (!_closing.isCompleted) _closing.complete();
  }

  @override
  bool get isExpired => _closing.isCompleted;

  @override
  Future<void> get expired => _closing.future;

  @override
  void progress(int done, int total) {
    told.add((done, total));
    if (done >= limit) close();
  }

  @override
  dynamic noSuchMethod(Invocation invocation) => super.noSuchMethod(invocation);
}

/// The store on a connection, with no drift between; it may die at any
/// statement, as its process would.
class RawStore implements QueueStore {
  RawStore(this.database);

  final Database database;

  /// Called before and after each statement, BEGIN and COMMIT included.
  void Function() tick = () {};

  List<Map<String, Object?>> _run(String sql, List<Object?> values) {
    tick();
    final rows = database.select(sql, values);
    tick();
    return rows;
  }

  @override
  Future<void> batch(List<Sql> statements) async {
    _run('BEGIN IMMEDIATE', const []);
    try {
      for (final Sql(:text, :values) in statements) {
        _run(text, values);
      }
      _run('COMMIT', const []);
    } on SqliteException {
      _run('ROLLBACK', const []);
      rethrow;
    }
  }

  @override
  Future<List<Map<String, Object?>>> all(
    String sql, [
    List<Object?> values = const [],
  ]) async => _run(sql, values);
}

Directory scratch() => Directory.systemTemp.createTempSync('bgsync-queue-');

NewMutation create(String id, {Object? payload, int priority = 0}) =>
    NewMutation(
      type: 'note',
      entityId: id,
      kind: 'create',
      creates: true,
      payload: payload ?? {'title': id},
      priority: priority,
    );

NewMutation update(
  String id, {
  Object? payload,
  int priority = 0,
  String? version,
  List<String> needs = const [],
}) => NewMutation(
  type: 'note',
  entityId: id,
  kind: 'update',
  payload: payload ?? {'title': id},
  priority: priority,
  version: version,
  needs: needs,
);

/// The graph is whole: edges between what is there, `blockers` their number,
/// states as they demand. As tests/queue/support/audit.ts.
void audit(Database database) {
  final wrong = database.select('''
    WITH RECURSIVE behind(seq) AS (
      SELECT e.after FROM bgsync_edge e JOIN bgsync_mutation b ON b.seq = e.before WHERE b.state = 4
      UNION SELECT e.after FROM bgsync_edge e JOIN behind ON e.before = behind.seq)
    SELECT seq, state, blockers, edges, parked FROM (
      SELECT seq, state, blockers,
        (SELECT count(*) FROM bgsync_edge WHERE after = m.seq) AS edges,
        m.seq IN (SELECT seq FROM behind) AS parked
      FROM bgsync_mutation m WHERE state <> 6)
    WHERE blockers <> edges
      OR (state IN (0, 1, 3) AND blockers <> 0)
      OR (state = 2 AND blockers = 0)
      OR (state = 5) <> (parked AND state <> 4)''');
  final dangling = database.select('''
    SELECT * FROM bgsync_edge WHERE before >= after
      OR before NOT IN (SELECT seq FROM bgsync_mutation)
      OR after NOT IN (SELECT seq FROM bgsync_mutation)''');
  if (wrong.isNotEmpty || dangling.isNotEmpty) {
    throw StateError('the graph is broken: $wrong $dangling');
  }
}
