/// Of package:drift, what the generated queue uses, with its own signatures
/// (drift/lib/src/runtime/api/{connection_user,db_base}.dart of simolus3/drift)
/// and its behaviour as far as it was read there:
/// a transaction is known by its zone, waits for the one before, and makes every
/// other caller wait (executor/helpers/engines.dart).
library;

import 'dart:async';

abstract class QueryExecutor {
  FutureOr<void> ensureOpen();
  List<Map<String, Object?>> run(String sql, List<Object?> arguments);
  Future<void> close();

  Future<void> last = Future.value();

  Future<T> alone<T>(Future<T> Function() action) {
    final result = last.then((_) => action());
    last = result.then((_) {}, onError: (_) {});
    return result;
  }
}

abstract class Table {}

abstract class ResultSetImplementation<T, D> {}

abstract class TableInfo<T extends Table, D> implements ResultSetImplementation<T, D> {}

class Variable<T extends Object> {
  const Variable([this.value]);

  final T? value;
}

class QueryRow {
  QueryRow(this.data);

  final Map<String, dynamic> data;
}

abstract class Selectable<T> {
  Future<List<T>> get();
}

class _CustomSelect implements Selectable<QueryRow> {
  _CustomSelect(this._user, this._query, this._variables);

  final DatabaseConnectionUser _user;
  final String _query;
  final List<Variable> _variables;

  @override
  Future<List<QueryRow>> get() async {
    final rows = await _user._run(_query, [
      for (final variable in _variables) variable.value,
    ]);
    return [for (final row in rows) QueryRow(row)];
  }
}

abstract class DatabaseConnectionUser {
  DatabaseConnectionUser(this.executor);

  final QueryExecutor executor;

  Selectable<QueryRow> customSelect(
    String query, {
    List<Variable> variables = const [],
    Set<ResultSetImplementation> readsFrom = const {},
  }) => _CustomSelect(this, query, variables);

  Future<void> customStatement(String statement, [List<dynamic>? args]) =>
      _run(statement, args ?? const []);

  Future<T> transaction<T>(
    Future<T> Function() action, {
    bool requireNew = false,
  }) async {
    final outer = Zone.current[executor] as _Transaction?;
    await executor.ensureOpen();
    if (outer != null) {
      if (outer.isOver) throw StateError('The transaction is over.');
      return _within(outer, 'SAVEPOINT s', 'RELEASE s', 'ROLLBACK TO s', action);
    }
    return executor.alone(
      () => _within(_Transaction(), 'BEGIN TRANSACTION', 'COMMIT TRANSACTION',
          'ROLLBACK TRANSACTION', action),
    );
  }

  Future<T> _within<T>(
    _Transaction transaction,
    String begin,
    String commit,
    String rollback,
    Future<T> Function() action,
  ) async {
    executor.run(begin, const []);
    try {
      final result = await runZoned(action, zoneValues: {executor: transaction});
      executor.run(commit, const []);
      return result;
    } catch (_) {
      executor.run(rollback, const []);
      rethrow;
    } finally {
      if (begin.startsWith('BEGIN')) transaction.isOver = true;
    }
  }

  Future<List<Map<String, Object?>>> _run(
    String sql,
    List<Object?> arguments,
  ) async {
    final transaction = Zone.current[executor] as _Transaction?;
    if (transaction != null) {
      if (transaction.isOver) throw StateError('The transaction is over.');
      return executor.run(sql, arguments);
    }
    await executor.ensureOpen();
    return executor.alone(() async => executor.run(sql, arguments));
  }
}

class _Transaction {
  bool isOver = false;
}

abstract class GeneratedDatabase extends DatabaseConnectionUser {
  GeneratedDatabase(super.executor);

  int get schemaVersion;

  Iterable<TableInfo> get allTables;

  Future<void> close() => executor.close();
}
