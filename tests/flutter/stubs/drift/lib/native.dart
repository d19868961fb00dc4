/// See drift.dart; of drift/lib/src/sqlite3/database.dart and lib/native.dart.
library;

import 'dart:async';
import 'dart:io';

import 'package:sqlite3/sqlite3.dart';

import 'drift.dart';

export 'package:sqlite3/sqlite3.dart' show SqliteException;

typedef DatabaseSetup = void Function(Database database);

class NativeDatabase extends QueryExecutor {
  NativeDatabase._(this._open, this._setup, this._enableMigrations);

  factory NativeDatabase(
    File file, {
    bool logStatements = false,
    DatabaseSetup? setup,
    bool enableMigrations = true,
    bool cachePreparedStatements = true,
  }) => NativeDatabase._(() {
    file.parent.createSync(recursive: true);
    return sqlite3.open(file.path);
  }, setup, enableMigrations);

  /// An isolate of its own, as far as the caller sees it: what fails there comes
  /// as text (lib/src/remote/communication.dart).
  static QueryExecutor createInBackground(File file,
      {bool logStatements = false, DatabaseSetup? setup}) =>
      _InBackground(NativeDatabase(file, logStatements: logStatements, setup: setup));

  final Database Function() _open;
  final DatabaseSetup? _setup;
  final bool _enableMigrations;
  Database? _database;

  @override
  void ensureOpen() {
    if (_database != null) return;
    // As drift does it: one that could not be set up is open the next time.
    final database = _database = _open();
    _setup?.call(database);
    if (_enableMigrations) database.execute('PRAGMA user_version = 1');
  }

  @override
  List<Map<String, Object?>> run(String sql, List<Object?> arguments) =>
      _database!.select(sql, arguments);

  @override
  Future<void> close() async => _database?.dispose();
}

class DriftRemoteException implements Exception {
  DriftRemoteException._(this.remoteCause);

  final Object remoteCause;

  @override
  String toString() => remoteCause.toString();
}

class _InBackground extends QueryExecutor {
  _InBackground(this._database);

  final NativeDatabase _database;

  @override
  void ensureOpen() => _there(_database.ensureOpen);

  @override
  List<Map<String, Object?>> run(String sql, List<Object?> arguments) =>
      _there(() => _database.run(sql, arguments));

  @override
  Future<void> close() => _database.close();

  T _there<T>(T Function() work) {
    try {
      return work();
    } catch (error) {
      throw DriftRemoteException._(error.toString());
    }
  }
}
