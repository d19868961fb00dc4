/// Of package:sqlite3, what package:drift and the generated queue use of it,
/// over a real libsqlite3: the signatures are those of its documentation
/// (CommonDatabase, ResultSet, SqliteException), the bodies our own. The library
/// is the one that BGSYNC_SQLITE3 names.
library;

import 'dart:convert';
import 'dart:ffi';
import 'dart:io';

final sqlite3 = Sqlite3._(
  DynamicLibrary.open(Platform.environment['BGSYNC_SQLITE3']!),
);

class SqliteException implements Exception {
  SqliteException(this.extendedResultCode, this.message);

  final int extendedResultCode;
  final String message;

  int get resultCode => extendedResultCode & 0xFF;

  @override
  String toString() => 'SqliteException($extendedResultCode): $message';
}

typedef Row = Map<String, Object?>;
typedef ResultSet = List<Row>;

class Sqlite3 {
  Sqlite3._(DynamicLibrary library) : _calls = _Calls(library);

  final _Calls _calls;

  Database open(String filename) => Database._(_calls, filename);

  Database openInMemory() => Database._(_calls, ':memory:');
}

class Database {
  Database._(this._calls, String filename) {
    final (name, out) = (_calls.text(filename), _calls.malloc(8));
    final result = _calls.open(name, out.cast());
    _handle = out.cast<Pointer<Void>>().value;
    _calls.free(name);
    _calls.free(out);
    if (result != 0) _fail(result);
  }

  final _Calls _calls;
  Pointer<Void> _handle = nullptr;

  /// Runs the statements of [sql]; several only without [parameters].
  void execute(String sql, [List<Object?> parameters = const []]) =>
      _run(sql, parameters);

  ResultSet select(String sql, [List<Object?> parameters = const []]) =>
      _run(sql, parameters);

  void dispose() {
    if (_handle == nullptr) return;
    _calls.close(_handle);
    _handle = nullptr;
  }

  Never _fail(int result) => throw SqliteException(
    result,
    _calls.read(_calls.message(_handle)),
  );

  ResultSet _run(String sql, List<Object?> parameters) {
    if (_handle == nullptr) throw StateError('This database is closed');
    final (text, out) = (_calls.text(sql), _calls.malloc(8));
    final result = _calls.prepare(_handle, text, -1, out.cast(), nullptr);
    final statement = out.cast<Pointer<Void>>().value;
    _calls.free(out);
    _calls.free(text);
    if (result != 0) _fail(result);
    try {
      if (_calls.parameters(statement) != parameters.length) {
        throw ArgumentError(
          'Expected ${_calls.parameters(statement)} parameters, got '
          '${parameters.length}',
        );
      }
      for (final (at, value) in parameters.indexed) {
        _bind(statement, at + 1, value);
      }
      final rows = <Row>[];
      for (;;) {
        final step = _calls.step(statement);
        if (step == 101) return rows;
        if (step != 100) _fail(step);
        rows.add({
          for (var at = 0; at < _calls.columns(statement); at++)
            _calls.read(_calls.name(statement, at)): _value(statement, at),
        });
      }
    } finally {
      _calls.finalize(statement);
    }
  }

  void _bind(Pointer<Void> statement, int at, Object? value) {
    final result = switch (value) {
      null => _calls.bindNull(statement, at),
      int() => _calls.bindInt(statement, at, value),
      String() => () {
        final text = _calls.text(value);
        // SQLITE_TRANSIENT: it makes a copy.
        final bound = _calls.bindText(
          statement,
          at,
          text,
          -1,
          Pointer.fromAddress(-1),
        );
        _calls.free(text);
        return bound;
      }(),
      _ => throw ArgumentError.value(value, 'parameters', 'not supported'),
    };
    if (result != 0) _fail(result);
  }

  Object? _value(Pointer<Void> statement, int at) => switch (_calls.type(
    statement,
    at,
  )) {
    1 => _calls.integer(statement, at),
    3 => _calls.read(_calls.columnText(statement, at)),
    5 => null,
    final type => throw UnsupportedError('a value of type $type'),
  };
}

typedef _P = Pointer<Void>;

class _Calls {
  _Calls(this._library);

  final DynamicLibrary _library;

  late final open = _library
      .lookupFunction<Int Function(_P, _P), int Function(_P, _P)>(
        'sqlite3_open',
      );
  late final close = _library.lookupFunction<Int Function(_P), int Function(_P)>(
    'sqlite3_close_v2',
  );
  late final message = _library.lookupFunction<_P Function(_P), _P Function(_P)>(
    'sqlite3_errmsg',
  );
  late final prepare = _library.lookupFunction<
    Int Function(_P, _P, Int, _P, _P),
    int Function(_P, _P, int, _P, _P)
  >('sqlite3_prepare_v2');
  late final parameters = _library
      .lookupFunction<Int Function(_P), int Function(_P)>(
        'sqlite3_bind_parameter_count',
      );
  late final bindNull = _library
      .lookupFunction<Int Function(_P, Int), int Function(_P, int)>(
        'sqlite3_bind_null',
      );
  late final bindInt = _library
      .lookupFunction<Int Function(_P, Int, Int64), int Function(_P, int, int)>(
        'sqlite3_bind_int64',
      );
  late final bindText = _library.lookupFunction<
    Int Function(_P, Int, _P, Int, _P),
    int Function(_P, int, _P, int, _P)
  >('sqlite3_bind_text');
  late final step = _library.lookupFunction<Int Function(_P), int Function(_P)>(
    'sqlite3_step',
  );
  late final columns = _library
      .lookupFunction<Int Function(_P), int Function(_P)>(
        'sqlite3_column_count',
      );
  late final name = _library
      .lookupFunction<_P Function(_P, Int), _P Function(_P, int)>(
        'sqlite3_column_name',
      );
  late final type = _library
      .lookupFunction<Int Function(_P, Int), int Function(_P, int)>(
        'sqlite3_column_type',
      );
  late final integer = _library
      .lookupFunction<Int64 Function(_P, Int), int Function(_P, int)>(
        'sqlite3_column_int64',
      );
  late final columnText = _library
      .lookupFunction<_P Function(_P, Int), _P Function(_P, int)>(
        'sqlite3_column_text',
      );
  late final finalize = _library
      .lookupFunction<Int Function(_P), int Function(_P)>('sqlite3_finalize');
  late final malloc = _library
      .lookupFunction<_P Function(Int), _P Function(int)>('sqlite3_malloc');
  late final free = _library
      .lookupFunction<Void Function(_P), void Function(_P)>('sqlite3_free');

  _P text(String text) {
    final bytes = utf8.encode(text);
    final memory = malloc(bytes.length + 1);
    memory.cast<Uint8>().asTypedList(bytes.length + 1)
      ..setAll(0, bytes)
      ..[bytes.length] = 0;
    return memory;
  }

  String read(_P text) {
    final bytes = text.cast<Uint8>();
    var length = 0;
    while (bytes[length] != 0) {
      length++;
    }
    return utf8.decode(bytes.asTypedList(length));
  }
}
