import 'dart:io';

import 'ids.dart';

/// One statement: anonymous `?` only, each bound once, to a [String], an [int]
/// or null.
class Sql {
  const Sql(this.text, [this.values = const []]);

  final String text;
  final List<Object?> values;
}

/// All that the queue asks of a database.
abstract interface class QueueStore {
  /// Runs the statements in order in one transaction, which no other caller's
  /// statement can enter. Throws, with nothing changed, where one of them fails.
  Future<void> batch(List<Sql> statements);

  /// Runs one query: its rows, each value by the name of its column.
  Future<List<Map<String, Object?>>> all(
    String sql, [
    List<Object?> values = const [],
  ]);
}

/// Where the database's key is: the keychain or the keystore, readable *after
/// first unlock*, on this device only. With the keychain's default class (when
/// unlocked) nothing can be read while the device is locked, which is when most
/// background windows are.
abstract interface class KeyStore {
  /// The key as it was written; null where there is none. Throws where it cannot
  /// be read now.
  Future<String?> read();

  Future<void> write(String key);
}

enum QueueStoreFault {
  encryptionMissing,
  wrongKey,
  keyMissing,
  keyMalformed,
  keyNotKept,
}

/// Why a database was not opened. Nothing was written, and nothing is lost.
class QueueStoreError implements Exception {
  const QueueStoreError(this.fault, this.message);

  final QueueStoreFault fault;
  final String message;

  @override
  String toString() => 'QueueStoreError: $message';
}

/// Runs one statement on a connection, and answers at once, as package:sqlite3
/// does.
typedef Query = List<Map<String, Object?>> Function(String sql);

/// 32 bytes in hex.
final _key = RegExp(r'^[0-9a-f]{64}$');

/// The key as SQLCipher takes it raw, without deriving it from a passphrase,
/// which costs a quarter of a second at each opening:
/// https://www.zetetic.net/sqlcipher/sqlcipher-api/#key
///
/// Throws a [QueueStoreError] where it is no key of 32 bytes in hex; so no other
/// text gets into the statement.
String rawKey(String key) {
  if (!_key.hasMatch(key)) {
    throw const QueueStoreError(
      QueueStoreFault.keyMalformed,
      'The key of the queue must be 64 hexadecimal digits (32 bytes), in lower '
      'case.',
    );
  }
  return "x'$key'";
}

/// The key of the database in [file]: the one that is kept, or, for a database
/// that does not exist yet, a new one.
///
/// A key that is gone or unreadable while its database is there is never
/// replaced: that would lose what waits in it. Throws a [QueueStoreError], and
/// whatever reading the key throws, while the device is locked for instance.
///
/// [alone] runs what makes a new key while no other isolate does so: of two keys
/// that are made at once, one would be lost, and the database with it.
Future<String> databaseKey(
  File file,
  KeyStore keys,
  Future<String> Function(Future<String> Function() makeKey) alone,
) async {
  final kept = await keys.read();
  if (kept == null) return alone(() => _makeKey(file, keys));
  rawKey(kept);
  return kept;
}

Future<String> _makeKey(File file, KeyStore keys) async {
  // Another isolate may have been first.
  final kept = await keys.read();
  if (kept != null) return kept;
  if (_lengthOf(file) > 0) {
    throw const QueueStoreError(
      QueueStoreFault.keyMissing,
      'The queue’s database is there, but its key is not in the keychain. No '
      'new key is made, for what waits in the database could never be read '
      'again. Bring the key back, or, where that is impossible, delete the '
      'database.',
    );
  }
  final key = randomHex(32);
  await keys.write(key);
  if (await keys.read() != key) {
    throw const QueueStoreError(
      QueueStoreFault.keyNotKept,
      'The key of the queue was written, and reading it gave something else. '
      'Nothing was stored under it.',
    );
  }
  return key;
}

/// Not by [File.existsSync], which says no of a file that the disk gives an error
/// for: a new key would make it unreadable.
int _lengthOf(File file) {
  try {
    return file.lengthSync();
  } on PathNotFoundException {
    return 0;
  }
}

/// Makes a connection ready for the queue. Where it must be [encrypted], the
/// library proves first that it can: without SQLCipher `PRAGMA key` is an
/// unknown pragma, which SQLite ignores without a word, and then writes plain
/// text. Throws a [QueueStoreError] before anything is written.
///
/// [encrypted]: `PRAGMA key` was the first thing on this connection.
void readyConnection(Query query, {required bool encrypted}) {
  // The app's own engine and that of a run each have a connection. Both may live
  // on one thread: who waits
  // long in here keeps the other from ending.
  query('PRAGMA busy_timeout = 50');
  if (encrypted) requireEncryption(query);
  _readFirstPage(query, encrypted);
  // A crash of the app loses nothing of it. A power cut can lose the last
  // commits: the app's own row and its mutation together, and what was already
  // sent is sent again under the same key.
  query('PRAGMA journal_mode = WAL');
  query('PRAGMA synchronous = NORMAL');
  // What SQLite sorts or keeps aside must not lie on the disk unencrypted.
  query('PRAGMA temp_store = MEMORY');
}

/// SQLite3 Multiple Ciphers has no version to tell, but names its cipher.
const encryptionPragmas = ['PRAGMA cipher_version', 'PRAGMA cipher'];

/// Throws a [QueueStoreError] where this build of SQLite cannot encrypt.
void requireEncryption(Query query) {
  for (final pragma in encryptionPragmas) {
    final answer = query(pragma).firstOrNull?.values.firstOrNull;
    if (answer is String && answer != '') return;
  }
  throw const QueueStoreError(
    QueueStoreFault.encryptionMissing,
    'This build of SQLite cannot encrypt: it would have ignored the key and '
    'written plain text. In the pubspec.yaml of the app (of the workspace, '
    'where it is in one) say: hooks: { user_defines: { sqlite3: { source: '
    'sqlcipher } } }, take sqlite3_flutter_libs out, and rebuild the app.',
  );
}

void _readFirstPage(Query query, bool encrypted) {
  try {
    query('SELECT count(*) FROM sqlite_master');
  } catch (error) {
    if (!'$error'.toLowerCase().contains('not a database')) rethrow;
    throw QueueStoreError(
      QueueStoreFault.wrongKey,
      encrypted
          ? 'The queue’s database does not open with this key: it has another '
              'one, or was written without encryption.'
          : 'The queue’s database is encrypted, and was opened without a key.',
    );
  }
}
