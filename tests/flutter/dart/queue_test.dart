import 'dart:async';
import 'dart:io';

import 'package:background_sync/background_sync.dart';
import 'package:background_sync/queue.dart';
import 'package:sqlite3/sqlite3.dart';

import 'harness.dart';
import 'queue_support.dart';

const _hours = Duration(hours: 1);
const _ok = SendDone();

Never _noNetwork() => throw const SocketException('Network is unreachable');

/// A queue over a database in memory, and what it sent.
class _Test {
  _Test(
    FutureOr<SendResult> Function(Mutation mutation, SyncWindow window) send, {
    Resolve? resolve,
    OnApplied? onApplied,
    int maxAttempts = 20,
    int concurrency = 1,
    double Function()? random,
  }) {
    queue = SyncQueue(
      openStore: () async => store,
      send: (mutation, window) async {
        sent.add(mutation);
        return send(mutation, window);
      },
      resolve: resolve,
      onApplied: onApplied,
      maxAttempts: maxAttempts,
      concurrency: concurrency,
      now: () => time,
      random: random ?? () => 0.5,
    );
  }

  final database = sqlite3.openInMemory();
  late final store = RawStore(database);
  late final SyncQueue queue;
  final sent = <Mutation>[];
  DateTime time = DateTime.fromMillisecondsSinceEpoch(1000000);

  Future<DrainResult> drain([SyncWindow? window]) =>
      queue.drainQueue(window ?? TestWindow());

  Future<List<int>> counts() async {
    final QueueCounts(:remaining, :dead, :parked) = await queue.counts();
    return [remaining, dead, parked];
  }
}

List<Object?> _said(DrainResult result) => [
  result.remaining,
  result.outcome.name,
  result.message,
  result.retryAfter?.inSeconds,
];

void main() {
  test('an empty queue is done', () async {
    equal(_said(await _Test((_, _) => _ok).drain()), [0, 'done', '', null]);
  });

  test('the higher priority goes first, with what it waits for', () async {
    final t = _Test(
      (m, _) => m.kind == 'create' ? const SendDone(id: '7') : _ok,
    );
    final temp = t.queue.newTempId();
    await t.queue.enqueue(update('plain'));
    await t.queue.enqueue(create(temp));
    await t.queue.enqueue(update('urgent', payload: {'parent': temp}, priority: 5));
    await t.drain();
    equal([for (final m in t.sent) m.payload], [
      {'title': temp},
      {'parent': '7'},
      {'title': 'plain'},
    ]);
  });

  test('the id of the server stands wherever the temporary one stood, keys '
      'included', () async {
    final t = _Test(
      (m, _) => m.kind == 'create' ? const SendDone(id: '7') : _ok,
    );
    final temp = t.queue.newTempId();
    await t.queue.enqueue(create(temp));
    await t.queue.enqueue(
      update(
        temp,
        payload: {
          'list': [
            {temp: temp},
          ],
          'text': 'see $temp',
        },
      ),
    );
    await t.drain();
    equal(t.sent[1].entityId, '7');
    // What is part of a longer text may be the user's words.
    equal(t.sent[1].payload, {
      'list': [
        {'7': '7'},
      ],
      'text': 'see $temp',
    });
    equal(await t.queue.idOf(temp), '7');
    await t.queue.enqueue(update(temp));
    await t.drain();
    equal(t.sent[2].entityId, '7');
  });

  test('what names an entity under an id for good waits for its creation, '
      'too', () async {
    const id = '0b9c7a52-6f1e-4c62-9f77-0d0a4f2c1e11';
    var isDown = true;
    final t = _Test(
      (m, _) => isDown && m.kind == 'create' ? _noNetwork() : _ok,
    );
    await t.queue.enqueue(create(id));
    await t.queue.enqueue(update('other', payload: {'parent': id}));
    await t.queue.enqueue(update('third', payload: {}, needs: [id]));
    await t.drain();
    equal(t.sent.length, 1);
    isDown = false;
    await t.drain();
    equal([for (final m in t.sent) m.entityId], [id, id, 'other', 'third']);
  });

  test('the version that an edit made is what the next edit is sent on', () async {
    final t = _Test((m, _) => SendDone(version: '${m.version}+'));
    await t.queue.enqueue(update('a', version: 'v1'));
    await t.queue.enqueue(update('a', version: 'v1'));
    await t.drain();
    equal([for (final m in t.sent) m.version], ['v1', 'v1+']);
  });

  test('three throwing items do not starve a hundred healthy ones', () async {
    final t = _Test((m, _) => m.payload == 'bad' ? _noNetwork() : _ok);
    for (var i = 0; i < 3; i++) {
      await t.queue.enqueue(update('bad$i', payload: 'bad'));
    }
    for (var i = 0; i < 100; i++) {
      await t.queue.enqueue(update('good$i'));
    }
    equal(_said(await t.drain()), [103, 'retry', '3 in a row failed', null]);
    t.time = t.time.add(_hours * 7);
    equal(_said(await t.drain()), [3, 'done', '3 in a row failed', null]);
  });

  test('one that was on its way when the process died has its turn in each '
      'window, whatever else fails', () async {
    final died = _Test((_, _) => Completer<SendResult>().future);
    await died.queue.enqueue(update('suspect'));
    unawaited(died.drain());
    while (died.sent.isEmpty) {
      await Future<void>.delayed(Duration.zero);
    }
    final sent = <String>[];
    final next = SyncQueue(
      openStore: () async => died.store,
      send: (mutation, _) async {
        sent.add(mutation.entityId);
        return mutation.entityId == 'suspect' ? _ok : throw StateError('a bug');
      },
      now: () => died.time,
      concurrency: 1,
      random: () => 0.5,
    );
    for (final id in ['a', 'b', 'c', 'd']) {
      await next.enqueue(update(id));
    }
    await next.drainQueue(TestWindow());
    equal(sent.last, 'suspect');
    equal((await next.counts()).remaining, 4);
  });

  test('sixty windows without a server make no dead letter, and cost no '
      'waiting', () async {
    var isDown = true;
    final t = _Test(
      (_, _) => isDown ? _noNetwork() : _ok,
      maxAttempts: 3,
      concurrency: 4,
    );
    for (var i = 0; i < 10; i++) {
      await t.queue.enqueue(update('n$i'));
    }
    for (var i = 0; i < 60; i++) {
      equal(_said(await t.drain()).take(2).toList(), [10, 'retry']);
    }
    isDown = false;
    await t.drain();
    equal(await t.counts(), [0, 0, 0]);
    equal({for (final m in t.sent) m.attempts}.toList(), [1]);
  });

  test('a gateway that answers 503 for days makes none either', () async {
    final t = _Test((_, _) => const SendLater(message: '503'), maxAttempts: 3);
    await t.queue.enqueue(update('a'));
    for (var i = 0; i < 20; i++) {
      await t.drain();
      t.time = t.time.add(_hours * 7);
    }
    equal(await t.counts(), [1, 0, 0]);
  });

  test('what fails while others get through is a dead letter after '
      'maxAttempts', () async {
    final t = _Test(
      (m, _) =>
          m.entityId == 'bad' ? const SendLater(message: 'HTTP 500') : _ok,
      maxAttempts: 3,
    );
    await t.queue.enqueue(update('bad'));
    for (var i = 0; i < 3; i++) {
      await t.queue.enqueue(update('good$i'));
      await t.drain();
      t.time = t.time.add(_hours * 7);
    }
    final [letter] = await t.queue.deadLetters();
    equal(
      [letter.entityId, letter.reason, letter.attempts],
      ['bad', 'failed 3 times, at last: HTTP 500', 3],
    );
  });

  test('Retry-After is kept, and told to the schedule', () async {
    final t = _Test(
      (_, _) => SendLater(after: _hours * 2),
      random: () => 0,
    );
    await t.queue.enqueue(update('a'));
    equal(_said(await t.drain()), [1, 'retry', '', 7200]);
    t.time = t.time.add(_hours * 2 - const Duration(milliseconds: 1));
    await t.drain();
    equal(t.sent.length, 1);
    t.time = t.time.add(const Duration(milliseconds: 1));
    await t.drain();
    equal(t.sent.length, 2);
  });

  test('a clock that ran ahead does not make an item wait for years', () async {
    final t = _Test((_, _) => const SendLater(after: Duration(seconds: 1)));
    const years = Duration(days: 20 * 365);
    t.time = t.time.add(years);
    await t.queue.enqueue(update('a'));
    await t.drain();
    t.time = t.time.subtract(years);
    await t.drain();
    equal(t.sent.length, 2);
  });

  test('a window that closes is nobody’s failure', () async {
    final window = TestWindow();
    final t = _Test((_, _) {
      window.close();
      _noNetwork();
    });
    await t.queue.enqueue(update('a'));
    equal(_said(await t.drain(window)), [1, 'done', '', null]);
    await t.drain();
    equal(
      [for (final m in t.sent) [m.attempts, m.mayHaveBeenApplied]],
      [
        [1, false],
        [1, true],
      ],
    );
    equal(t.sent[0].key, t.sent[1].key);
  });

  test('progress counts what was delivered', () async {
    final t = _Test((_, _) => _ok);
    for (final id in ['a', 'b']) {
      await t.queue.enqueue(update(id));
    }
    final window = TestWindow();
    await t.drain(window);
    equal(window.told.join(), '(1, 2)(2, 2)');
  });

  test('a second drain waits for the first, instead of taking its items for '
      'those of a dead process', () async {
    final goOn = <Completer<void>>[];
    final t = _Test((_, _) async {
      goOn.add(Completer());
      await goOn.last.future;
      return _ok;
    });
    await t.queue.enqueue(update('a'));
    final first = t.drain();
    while (t.sent.isEmpty) {
      await Future<void>.delayed(Duration.zero);
    }
    final second = t.drain();
    // Long enough for the second one to send it, too, if it did not wait.
    for (var i = 0; i < 50; i++) {
      await t.queue.counts();
    }
    equal(t.sent.length, 1);
    for (final one in goOn) {
      one.complete();
    }
    equal([(await first).remaining, (await second).remaining], [0, 0]);
    equal(t.sent.length, 1);
  });

  for (final which in ['send', 'resolve']) {
    test('a $which that never comes back ends with the window', () async {
      final window = TestWindow();
      var isHanging = true;
      Future<T> hang<T>() {
        window.close();
        return Completer<T>().future;
      }

      final t = _Test(
        (_, _) async {
          if (!isHanging) return _ok;
          return which == 'send' ? hang() : const SendConflict();
        },
        resolve: (_, _, _) => hang(),
      );
      await t.queue.enqueue(update('a'));
      final first = await t
          .drain(window)
          .timeout(const Duration(seconds: 10));
      equal(_said(first), [1, 'done', '', null]);
      isHanging = false;
      equal(_said(await t.drain()), [0, 'done', '', null]);
      equal([for (final m in t.sent) m.attempts], [1, 1]);
      equal(t.sent.last.mayHaveBeenApplied, which == 'send');
      equal(t.sent.first.key, t.sent.last.key);
    });
  }

  test('an answer that comes just after the window closed is taken', () async {
    final window = TestWindow();
    final t = _Test((_, _) async {
      window.close();
      await Future<void>.delayed(const Duration(milliseconds: 5));
      return _ok;
    });
    await t.queue.enqueue(update('a'));
    equal((await t.drain(window)).remaining, 0);
  });

  test('signed out ends it, and blames no item', () async {
    final t = _Test((_, _) => const SendStop.failed(message: 'HTTP 401'));
    for (final id in ['a', 'b']) {
      await t.queue.enqueue(update(id));
    }
    equal(_said(await t.drain()), [2, 'failed', 'HTTP 401', null]);
    equal(t.sent.length, 1);
    await t.drain();
    equal([t.sent[1].attempts, t.sent[1].mayHaveBeenApplied], [1, false]);
  });

  test('a store that fails is told once all that is on its way has come back', () async {
    var back = 0;
    final goOn = Completer<void>();
    late final _Test t;
    t = _Test((m, _) async {
      if (t.sent.length == 3) {
        t.store.tick = () => throw SqliteException(10, 'disk I/O error');
        goOn.complete();
      }
      await goOn.future;
      await settled();
      back++;
      return _ok;
    }, concurrency: 3);
    for (final id in ['a', 'b', 'c']) {
      await t.queue.enqueue(update(id));
    }
    try {
      await t.drain();
      throw StateError('it said nothing');
    } on SqliteException catch (error) {
      matches('$error', 'disk I/O error');
    }
    equal(back, 3);
  });

  test('a dead letter holds up only what depends on it', () async {
    final t = _Test(
      (m, _) =>
          m.entityId == 'bad' ? const SendRefused('HTTP 422: no title') : _ok,
    );
    await t.queue.enqueue(update('bad', payload: 1));
    await t.queue.enqueue(update('bad', payload: 2));
    await t.queue.enqueue(update('good'));
    equal(_said(await t.drain()), [0, 'done', '1 dead letter', null]);
    equal([for (final m in t.sent) m.entityId], ['bad', 'good']);
    equal(await t.counts(), [0, 1, 1]);
    await t.queue.enqueue(update('bad', payload: 3));
    equal(await t.counts(), [0, 1, 2]);
    final [letter] = await t.queue.deadLetters();
    equal(
      [letter.entityId, letter.kind, letter.payload, letter.reason],
      ['bad', 'update', 1, 'HTTP 422: no title'],
    );
  });

  test('retry puts it and what waits behind back, in order', () async {
    var isMended = false;
    final t = _Test((_, _) => isMended ? _ok : const SendRefused('422'));
    final key = await t.queue.enqueue(update('bad', payload: 1));
    await t.queue.enqueue(update('bad', payload: 2));
    await t.drain();
    isMended = true;
    await t.queue.retry('no such key');
    equal(await t.counts(), [0, 1, 1]);
    await t.queue.retry(key);
    audit(t.database);
    await t.drain();
    equal([for (final m in t.sent) m.payload], [1, 1, 2]);
  });

  test('discard takes what needs the entity, and leaves what only came '
      'after', () async {
    final t = _Test(
      (m, _) => m.kind == 'create' ? const SendRefused('422') : _ok,
    );
    final temp = t.queue.newTempId();
    final keys = [
      await t.queue.enqueue(create(temp)),
      await t.queue.enqueue(update(temp, payload: 'of it')),
      await t.queue.enqueue(update('other', payload: {'parent': temp})),
    ];
    await t.queue.enqueue(update('other', payload: 'without it'));
    await t.drain();
    equal(await t.counts(), [0, 1, 3]);
    equal(await t.queue.discard(keys[1]), []);
    equal(await t.queue.discard(keys[0]), keys);
    audit(t.database);
    equal(await t.counts(), [1, 0, 0]);
    await t.drain();
    equal(t.sent.last.payload, 'without it');
  });

  test('cancel takes back what was never sent, and nothing else', () async {
    final t = _Test((_, _) => _noNetwork());
    final key = await t.queue.enqueue(update('a'));
    equal(await t.queue.cancel(key), [key]);
    final other = await t.queue.enqueue(update('a'));
    await t.drain();
    equal(await t.queue.cancel(other), []);
  });

  test('a payload that is no JSON, and an unknown temporary id, are dead '
      'letters', () async {
    final t = _Test((_, _) => _ok);
    await t.queue.enqueue(update('a'));
    t.database.execute("UPDATE bgsync_mutation SET payload = '{'");
    await t.queue.enqueue(update('b', payload: {'ref': t.queue.newTempId()}));
    await t.drain();
    final letters = await t.queue.deadLetters();
    equal(letters.length, 2);
    matches(letters[0].reason, 'its payload is not JSON');
    equal(letters[0].payload, '{');
    matches(letters[1].reason, 'nothing in the queue creates that');
  });

  test('a creation without the id that the server gave is one, and goes through '
      'once send tells it', () async {
    String? id;
    final t = _Test((_, _) => SendDone(id: id));
    final temp = t.queue.newTempId();
    final key = await t.queue.enqueue(create(temp));
    await t.queue.enqueue(update(temp));
    await t.drain();
    final [letter] = await t.queue.deadLetters();
    matches(letter.reason, 'without the id');
    id = '7';
    await t.queue.retry(key);
    await t.drain();
    equal([t.sent[0].key, t.sent[1].key], [key, key]);
    equal(t.sent[2].entityId, '7');
  });

  test('a conflict without a resolve is a dead letter', () async {
    final t = _Test((_, _) => const SendConflict());
    await t.queue.enqueue(update('a'));
    await t.drain();
    equal(await t.counts(), [0, 1, 0]);
  });

  test('what resolve makes of a conflict is sent under a new key, on the '
      'server’s version, and the next edit conflicts in its turn', () async {
    final t = _Test(
      (m, _) => switch (m.version) {
        'v1' => const SendConflict(remote: {'title': 'theirs'}, version: 'v2'),
        _ => const SendDone(version: 'v3'),
      },
      resolve: (m, remote, version) async => SendInstead({'merged': remote}),
    );
    await t.queue.enqueue(update('a', version: 'v1'));
    await t.queue.enqueue(update('a', version: 'v1'));
    await t.drain();
    equal([for (final m in t.sent) m.version], ['v1', 'v2', 'v1', 'v2']);
    equal(t.sent[1].payload, {
      'merged': {'title': 'theirs'},
    });
    equal({for (final m in t.sent) m.key}.length, 4);
  });

  test('a conflict with what a lost answer did is no conflict', () async {
    var tries = 0;
    final t = _Test(
      (m, _) =>
          tries++ == 0
              ? _noNetwork()
              : const SendConflict(
                remote: {'title': 'a', 'more': 1},
                version: 'v2',
              ),
    );
    await t.queue.enqueue(update('a', version: 'v1'));
    await t.drain();
    await t.drain();
    equal(await t.counts(), [0, 0, 0]);
  });

  test('it gives up a mutation that conflicts again each time', () async {
    final t = _Test(
      (_, _) => const SendConflict(version: 'v'),
      resolve: (m, _, _) async => SendInstead(m.payload),
    );
    await t.queue.enqueue(update('a'));
    equal(_said(await t.drain()).take(2).toList(), [1, 'retry']);
    equal(t.sent.length, 4);
  });

  test('the app’s own statements are part of the transaction, at both ends', () async {
    final t = _Test(
      (_, _) => _ok,
      onApplied:
          (m, applied) => [
            Sql('DELETE FROM app WHERE id = ?', [applied.entityId]),
          ],
    );
    t.database.execute('CREATE TABLE app (id TEXT PRIMARY KEY)');
    const row = Sql('INSERT INTO app VALUES (?)', ['a']);
    await t.queue.enqueue(update('a'), alongside: [row]);
    try {
      await t.queue.enqueue(update('a'), alongside: [row]);
      throw StateError('it took the same row twice');
    } on SqliteException catch (_) {}
    equal(await t.counts(), [1, 0, 0]);
    await t.drain();
    equal(t.database.select('SELECT * FROM app'), []);
  });

  test('what onApplied throws, or says wrong, is told in a dead letter', () async {
    for (final onApplied in <OnApplied>[
      (_, _) => throw StateError('oops'),
      (_, _) => [const Sql('INSERT INTO nowhere VALUES (1)')],
    ]) {
      final t = _Test((_, _) => _ok, onApplied: onApplied);
      await t.queue.enqueue(update('a'));
      await t.drain();
      final [letter] = await t.queue.deadLetters();
      matches(letter.reason, 'onApplied');
    }
  });

  test('a mutation that is none is refused, and nothing is written', () async {
    final t = _Test((_, _) => _ok);
    for (final mutation in [
      const NewMutation(type: '', entityId: 'a', kind: 'k'),
      NewMutation(type: 't', entityId: 'a', kind: 'k', payload: DateTime(2000)),
    ]) {
      try {
        await t.queue.enqueue(mutation);
        throw StateError('it was taken');
      } catch (error) {
        if (error is StateError) rethrow;
      }
    }
    equal(await t.counts(), [0, 0, 0]);
  });

  test('a list of any length is looked up in parts', () async {
    final t = _Test((_, _) => const SendDone(id: 'x'));
    final ids = [for (var i = 0; i < 2500; i++) t.queue.newTempId()];
    await t.queue.enqueue(create(ids[0]));
    await t.queue.enqueue(update('other', payload: ids));
    audit(t.database);
    equal(
      t.database.select('SELECT count(*) AS edges FROM bgsync_edge'),
      [
        {'edges': 1},
      ],
    );
  });

  test('a database of a newer version is left as it is', () async {
    final t = _Test((_, _) => _ok);
    await t.queue.open();
    t.database.execute('UPDATE bgsync_meta SET value = 99');
    final later = SyncQueue(openStore: () async => t.store, send: (_, _) async => _ok);
    try {
      await later.enqueue(update('a'));
      throw StateError('it was taken');
    } on StateError catch (error) {
      matches('$error', 'of version 99');
    }
  });

  test('opening that failed is tried again', () async {
    final t = _Test((_, _) => _ok);
    var tries = 0;
    final queue = SyncQueue(
      openStore:
          () async =>
              tries++ == 0 ? throw const FileSystemException('locked') : t.store,
      send: (_, _) async => _ok,
    );
    try {
      await queue.enqueue(update('a'));
      throw StateError('it was taken');
    } on FileSystemException catch (_) {}
    await queue.enqueue(update('a'));
    equal((await queue.counts()).remaining, 1);
  });

  test('resultOf reads what servers say', () {
    SendResult of(int status, [String body = '', Map<String, String>? headers]) =>
        resultOf(status, body, headers ?? const {});
    final SendDone(:id, :version) =
        of(201, '{"id":7}', {'etag': '"v"'}) as SendDone;
    equal([id, version], ['7', '"v"']);
    equal((of(200, 'no json') as SendDone).id, null);
    equal((of(401) as SendStop).outcome.name, 'failed');
    equal((of(503, '', {'Retry-After': '120'}) as SendLater).after.inSeconds, 120);
    equal((of(409, '', {'retry-after': '1'}) as SendLater).after.inSeconds, 1);
    equal((of(412, '{"a":1}') as SendConflict).remote, {'a': 1});
    equal((of(422, '{"detail":"no"}') as SendRefused).message, 'HTTP 422: no');
    const date = 'Wed, 21 Oct 2015 07:28:00 GMT';
    const later = 'Wed, 21 Oct 2015 07:30:00 GMT';
    equal(readRetryAfter({'Retry-After': later, 'Date': date})?.inSeconds, 120);
    equal(readRetryAfter({'Retry-After': '-1'}), null);
  });

  test('mergeFields takes from each side what only it changed', () {
    final (:merged, :conflicts) = mergeFields(
      {'a': 1, 'b': 1, 'c': 1, 'd': 1},
      {'a': 2, 'b': 1, 'c': 2},
      {
        'a': 1,
        'b': 2,
        'c': 3,
        'd': 1,
      },
    );
    equal(merged, {'a': 2, 'b': 2, 'c': 2});
    equal(conflicts, ['c']);
  });

  run();
}
