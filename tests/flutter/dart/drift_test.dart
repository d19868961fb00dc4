import 'dart:convert';
import 'dart:io';

import 'package:app/sync_queue.dart' as handler;
import 'package:background_sync/queue.dart';
import 'package:background_sync/queue_drift.dart';
import 'package:drift/drift.dart' hide Variable;
import 'package:drift/native.dart';
import 'package:flutter_secure_storage/flutter_secure_storage.dart';

import 'harness.dart';
import 'queue_support.dart';

/// A keychain whose answers a test decides.
class _Keys implements KeyStore {
  String? key;
  int written = 0;
  Object? failure;
  bool forgets = false;

  @override
  Future<String?> read() async {
    await settled();
    if (failure case final failure?) throw failure;
    return key;
  }

  @override
  Future<void> write(String value) async {
    await settled();
    written++;
    if (!forgets) key = value;
  }
}

class _AppDatabase extends GeneratedDatabase {
  _AppDatabase(super.executor);

  @override
  int get schemaVersion => 1;

  @override
  Iterable<TableInfo<Table, Object?>> get allTables => const [];
}

File _file() => File('${scratch().path}/queue.db');

bool _isPlain(File file) =>
    latin1.decode(file.readAsBytesSync()).startsWith('SQLite format 3');

Future<void> _refused(
  Future<Object?> opening,
  QueueStoreFault fault,
  String message,
) async {
  try {
    await opening;
  } on QueueStoreError catch (error) {
    equal(error.fault.name, fault.name);
    matches('$error', message);
    return;
  }
  throw StateError('it was opened');
}

/// [arguments]: whether the library encrypts, as a word.
void main(List<String> arguments) {
  final encrypts = arguments.single == 'sqlcipher';

  test('a queue that is meant to be plain is kept, and found again', () async {
    final file = _file();
    for (final remaining in [1, 2]) {
      final queue = SyncQueue(
        openStore: () => openQueueStore(file, null),
        send: (_, _) => throw StateError('not sent here'),
      );
      await queue.enqueue(update('a', payload: 'a secret'));
      equal((await queue.counts()).remaining, remaining);
    }
    equal(_isPlain(file), true);
  });

  test('a batch is all or nothing, and nobody’s statement gets into it', () async {
    final store = await openQueueStore(_file(), null);
    await store.batch([const Sql('CREATE TABLE t (a TEXT UNIQUE)')]);
    final failing = store.batch([
      const Sql('INSERT INTO t VALUES (?)', ['one']),
      const Sql('INSERT INTO t VALUES (?)', ['one']),
    ]);
    final other = store.batch([
      const Sql('INSERT INTO t VALUES (?)', ['two']),
    ]);
    try {
      await failing;
      throw StateError('it was taken');
    } on SqliteException catch (_) {}
    await other;
    equal(await store.all('SELECT a FROM t'), [
      {'a': 'two'},
    ]);
    equal(await store.all('SELECT ? AS n, ? AS z', [7, null]), [
      {'n': 7, 'z': null},
    ]);
  });

  test('two isolates over one file: the other’s connection sees it, and waits '
      'for its lock', () async {
    final file = _file();
    SyncQueue queue() => SyncQueue(
      openStore: () => openQueueStore(file, null),
      send: (_, _) => throw StateError('not sent here'),
    );
    final (app, run) = (queue(), queue());
    for (var i = 0; i < 20; i++) {
      await Future.wait([
        app.enqueue(update('a$i')),
        run.enqueue(update('b$i')),
      ]);
    }
    equal((await run.counts()).remaining, 40);
  });

  test('the app’s own database, in an isolate that drift makes for it, waits for '
      'the lock of another as well', () async {
    final file = _file();
    QueryExecutor executor() => NativeDatabase.createInBackground(
      file,
      setup: (raw) => raw.execute('PRAGMA busy_timeout = 50'),
    );
    final (app, run) = (_AppDatabase(executor()), _AppDatabase(executor()));
    await app.customStatement('PRAGMA journal_mode = WAL');
    final queue = SyncQueue(
      openStore: () async => DriftQueueStore(run),
      send: (_, _) => throw StateError('not sent here'),
    );
    await queue.open();
    await app.customStatement('CREATE TABLE note (id TEXT)');
    late final Future<String> enqueued;
    await app.transaction(() async {
      await app.customStatement('INSERT INTO note VALUES (?)', ['a']);
      enqueued = queue.enqueue(update('a'))..ignore();
      await Future<void>.delayed(const Duration(milliseconds: 200));
    });
    await enqueued;
    equal((await queue.counts()).remaining, 1);
    final store = DriftQueueStore(run);
    try {
      await store.batch([
        const Sql('CREATE TABLE t (a INTEGER UNIQUE)'),
        for (var i = 0; i < 2; i++) const Sql('INSERT INTO t VALUES (1)'),
      ]);
      throw StateError('it was taken');
    } catch (error) {
      matches('$error', 'SqliteException.*UNIQUE');
    }
  });

  test('in the app’s own database a mutation is part of the app’s transaction', () async {
    final database = _AppDatabase(NativeDatabase(_file()));
    final queue = SyncQueue(
      openStore: () async => DriftQueueStore(database),
      send: (_, _) => throw StateError('not sent here'),
    );
    await database.customStatement('CREATE TABLE note (id TEXT)');
    await queue.open();
    Future<void> write({required bool fails}) => database.transaction(() async {
      await database.customStatement('INSERT INTO note VALUES (?)', ['a']);
      await queue.enqueue(update('a'));
      if (fails) throw const FormatException('changed its mind');
    });
    try {
      await write(fails: true);
    } on FormatException catch (_) {}
    equal((await queue.counts()).remaining, 0);
    await write(fails: false);
    equal((await queue.counts()).remaining, 1);
  });

  test('a key that is none is refused', () async {
    final keys = _Keys()..key = "'; DROP TABLE x; --";
    final file = _file();
    await _refused(
      openQueueStore(file, keys),
      QueueStoreFault.keyMalformed,
      '64 hexadecimal',
    );
    equal(file.existsSync(), false);
  });

  test('a key that the keychain does not keep is not used', () async {
    final file = _file();
    await _refused(
      openQueueStore(file, _Keys()..forgets = true),
      QueueStoreFault.keyNotKept,
      'Nothing was stored',
    );
    equal(file.existsSync(), false);
  });

  test('a database that the disk does not show is no database that is not there', () async {
    final file = _file();
    // A link to itself can be neither opened nor asked for: `exists` says no.
    Link(file.path).createSync(file.path);
    final keys = _Keys();
    try {
      await openQueueStore(file, keys);
      throw StateError('it was opened');
    } on FileSystemException catch (_) {}
    equal(keys.written, 0);
  });

  test('a key that cannot be read is no key that is gone', () async {
    final file = _file();
    final keys = _Keys()..failure = const FileSystemException('locked');
    try {
      await openQueueStore(file, keys);
      throw StateError('it was opened');
    } on FileSystemException catch (_) {}
    equal([file.existsSync(), keys.written], [false, 0]);
  });

  if (!encrypts) {
    test('a SQLite that cannot encrypt is refused, and nothing is written', () async {
      final file = _file();
      await _refused(
        openQueueStore(file, _Keys()),
        QueueStoreFault.encryptionMissing,
        r'source: sqlcipher[\s\S]*rebuild',
      );
      equal(file.existsSync() ? file.lengthSync() : 0, 0);
      await _refused(
        DriftQueueStore.encrypted(_AppDatabase(NativeDatabase(_file()))),
        QueueStoreFault.encryptionMissing,
        'cannot encrypt',
      );
    });
  } else {
    test('the file is encrypted, and opens with its key alone', () async {
      final file = _file();
      final keys = _Keys();
      Future<SyncQueue> open(KeyStore? with_) async {
        final queue = SyncQueue(
          openStore: () => openQueueStore(file, with_),
          send: (_, _) => throw StateError('not sent here'),
        );
        await queue.open();
        return queue;
      }

      await (await open(keys)).enqueue(update('a', payload: 'a secret'));
      for (final one in file.parent.listSync().whereType<File>()) {
        final bytes = latin1.decode(one.readAsBytesSync());
        equal([bytes.contains('a secret'), bytes.contains('bgsync')], [false, false]);
      }
      equal((await (await open(keys)).counts()).remaining, 1);
      equal(keys.written, 1);

      await _refused(open(null), QueueStoreFault.wrongKey, 'without a key');
      final other = _Keys()..key = '0' * 64;
      await _refused(open(other), QueueStoreFault.wrongKey, 'does not open');
      final lost = _Keys();
      await _refused(open(lost), QueueStoreFault.keyMissing, 'No\\s+new key');
      equal(lost.written, 0);
      equal((await (await open(keys)).counts()).remaining, 1);
    });

    test('a plain database is no encrypted one', () async {
      final file = _file();
      await (await openQueueStore(file, null)).batch([
        const Sql('CREATE TABLE t (a TEXT)'),
      ]);
      await _refused(
        openQueueStore(file, _Keys()..key = '0' * 64),
        QueueStoreFault.wrongKey,
        'written without encryption',
      );
    });

    test('the app and a run make one key between them', () async {
      for (var round = 0; round < 5; round++) {
        final file = _file();
        final keys = _Keys();
        final stores = await Future.wait([
          for (var i = 0; i < 3; i++) openQueueStore(file, keys),
        ]);
        await stores[0].batch([const Sql('CREATE TABLE t (a TEXT)')]);
        equal(await stores[2].all('SELECT * FROM t'), []);
        equal(keys.written, 1);
      }
    });

    test('the handler’s own file opens its queue', () async {
      await handler.syncQueue.enqueue(update('a'));
      equal((await handler.syncQueue.counts()).remaining, 1);
      equal(FlutterSecureStorage.values.keys.toList(), ['sync-queue']);
    });

    test('the app’s own encrypted database is taken', () async {
      final database = _AppDatabase(
        NativeDatabase(
          _file(),
          setup: (raw) => raw.execute('PRAGMA key = "x\'${'1' * 64}\'"'),
        ),
      );
      await DriftQueueStore.encrypted(database);
    });
  }

  run();
}
