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
