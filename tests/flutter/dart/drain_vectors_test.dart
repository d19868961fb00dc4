import 'dart:async';
import 'dart:convert';
import 'dart:io';

import 'package:background_sync/background_sync.dart';
import 'package:background_sync/queue.dart';
import 'package:sqlite3/sqlite3.dart';

import 'harness.dart';
import 'queue_support.dart';

/// Lives of a queue, and what they come to in TypeScript: as
/// tests/queue/support/scenario.ts, which says what a step means.
/// Arguments: the paths of files of scenarios.
void main(List<String> arguments) {
  for (final path in arguments) {
    for (final scenario in jsonDecode(File(path).readAsStringSync()) as List) {
      test(scenario['name'] as String, () => _Player(scenario as _Json).play());
    }
  }
  run();
}

typedef _Json = Map<String, dynamic>;

const _states = [
  'ready',
  'waiting',
  'blocked',
  'in flight',
  'dead',
  'parked',
  'gone',
];

const _start = 1000000;

class _Thrown implements Exception {
  const _Thrown(this.message);

  final String message;

  @override
  String toString() => message;
}

/// A mutation that `send` has, and has not answered; [number] is of its label.
typedef _OnItsWay = ({int number, List<Object?> said, void Function() settle});

class _Player {
  _Player(this._scenario) {
    _database.execute('CREATE TABLE app (entity TEXT, temp TEXT, version TEXT)');
    _queue = _open();
  }

  final _Json _scenario;
  final _database = sqlite3.openInMemory();
  late SyncQueue _queue;
  int _uuids = 0;
  int _time = _start;
  final _temps = <String, String>{};
  final _keys = <String, String>{};
  final _resolutions = <String, int>{};
  late Send _send;

  Future<void> play() async {
    for (final (at, step) in (_scenario['steps'] as List).indexed) {
      try {
        await _step(step as _Json);
      } on StateError catch (error) {
        throw StateError('step ${at + 1}: ${error.message}');
      }
    }
    _database.dispose();
  }

  SyncQueue _open() {
    final onApplied = _scenario['onApplied'];
    return SyncQueue(
      openStore: () async => RawStore(_database),
      concurrency: _scenario['concurrency'] as int? ?? 1,
      maxAttempts: _scenario['maxAttempts'] as int? ?? 20,
      now: () => DateTime.fromMillisecondsSinceEpoch(_time),
      random: () => (_scenario['random'] as num? ?? 0.5).toDouble(),
      uuid: _uuid,
      send: (mutation, window) => _send(mutation, window),
      resolve: _scenario['resolve'] == null ? null : _resolve,
      onApplied:
          onApplied == null
              ? null
              : (_, applied) {
                if (onApplied == 'throws') throw const _Thrown('no row');
                final table = onApplied == 'fails' ? 'nowhere' : 'app';
                return [
                  Sql('INSERT INTO $table VALUES (?, ?, ?)', [
                    applied.entityId,
                    applied.tempId,
                    applied.version,
                  ]),
                ];
              },
    );
  }

  String _uuid() =>
      '00000000-0000-4000-8000-${'${++_uuids}'.padLeft(12, '0')}';

  /// Temporary ids in place of their names.
  dynamic _real(Object? value) => jsonDecode(
    jsonEncode(value).replaceAllMapped(
      RegExp(r'\$(\w+)'),
      (match) => _temps.putIfAbsent(match[1]!, () => 'tmp_${_uuid()}'),
    ),
  );

  /// Their names in place of temporary ids.
  Object? _named(Object? value) {
    var text = jsonEncode(value);
    for (final MapEntry(key: name, value: temp) in _temps.entries) {
      text = text.replaceAll(temp, '\$$name');
    }
    return jsonDecode(text);
  }

  String _label(String key) =>
      _keys.putIfAbsent(key, () => 'k${_keys.length + 1}');

  String _keyOf(String label) =>
      _keys.entries
          .where((entry) => entry.value == label)
          .map((entry) => entry.key)
          .firstOrNull ??
      label;

  Future<void> _step(_Json step) async {
    await _queue.open();
    switch (step) {
      case {'enqueue': final Object mutation}:
        _label(await _queue.enqueue(_mutation(_real(mutation) as _Json)));
      case {'wait': final int milliseconds}:
        _time += milliseconds;
      case {'sql': final String sql}:
        _database.execute(sql);
      case {'retry': final String label}:
        await _queue.retry(_keyOf(label));
      case {'discard': final String label, 'gone': final Object gone}:
        final keys = await _queue.discard(_keyOf(label));
        audit(_database);
        equal(keys.map(_label).toList(), gone);
      case {'cancel': final String label, 'gone': final Object gone}:
        final keys = await _queue.cancel(_keyOf(label));
        audit(_database);
        equal(keys.map(_label).toList(), gone);
      case {'drain': final Object drain, 'expect': final Object expected}:
        equal(_named(await _drain(_real(drain) as _Json)), expected);
      default:
        throw ArgumentError.value(step, 'step', 'is none');
    }
  }

  NewMutation _mutation(_Json m) => NewMutation(
    type: m['type'] as String,
    entityId: m['entityId'] as String,
    kind: m['kind'] as String,
    payload: m['payload'],
    creates: m['creates'] as bool? ?? false,
    needs: [...m['needs'] as List? ?? const []],
    version: m['version'] as String?,
    priority: m['priority'] as int? ?? 0,
  );

  Future<Resolution> _resolve(Mutation mutation, Object? _, String? _) async {
    final list = _scenario['resolve'][mutation.entityId] as List? ?? ['reject'];
    final at = _resolutions.update(
      mutation.entityId,
      (before) => before + 1,
      ifAbsent: () => 0,
    );
    return switch (list[at < list.length ? at : list.length - 1]) {
      'remote-wins' => const RemoteWins(),
      'reject' => const GiveUp(),
      {'throws': final String text} => throw _Thrown(text),
      final instead => _instead(_real(instead) as _Json),
    };
  }

  Resolution _instead(_Json instead) =>
      SendInstead(instead['payload'], version: instead['version'] as String?);

  SendResult _result(_Json answer) {
    final version = answer['version'] as String?;
    final id = answer['id'] as String?;
    final message = answer['message'] as String?;
    final after = Duration(milliseconds: answer['afterMs'] as int? ?? 0);
    return switch ((answer['status'], answer['outcome'])) {
      ('done', _) => SendDone(id: id, version: version),
      ('retry', _) => SendLater(after: after, message: message),
      ('reject', _) => SendRefused(message!),
      ('conflict', _) => SendConflict(
        remote: answer['remote'],
        version: version,
        id: id,
      ),
      ('stop', 'failed') => SendStop.failed(
        after: after,
        message: message ?? '',
      ),
      ('stop', 'retry') => SendStop.retry(after: after, message: message ?? ''),
      _ => throw ArgumentError.value(answer, 'answer', 'is none'),
    };
  }

  Future<Object> _drain(_Json drain) async {
    final left = {
      for (final MapEntry(:key, :value)
          in (drain['answers'] as _Json? ?? const {}).entries)
        key: [...value as List],
    };
    final window = TestWindow();
    final sent = <Object>[];
    final arriving = <_OnItsWay>[];
    var isDead = false;
    if (drain['closesAfter'] case final int limit) {
      if (limit == 0) window.close();
      window.limit = limit;
    }
    _send = (mutation, _) {
      final own = left[mutation.entityId] ?? const [];
      final answer =
          (own.isEmpty
                  ? drain['every'] ?? const {'status': 'done'}
                  : own.removeAt(0))
              as _Json;
      final reply = Completer<SendResult>();
      void settle() {
        if (answer['closes'] == true) window.close();
        if (answer['hangs'] == true) {
          isDead = true;
        } else if (answer['throws'] case final String text) {
          reply.completeError(_Thrown(text));
        } else {
          reply.complete(_result(answer));
        }
      }

      final label = _label(mutation.key);
      arriving.add((
        number: int.parse(label.substring(1)),
        said: [
          label,
          mutation.entityId,
          mutation.kind,
          mutation.payload,
          mutation.version,
          mutation.attempts,
          mutation.mayHaveBeenApplied,
        ],
        settle: settle,
      ));
      return reply.future;
    };
    Object? result;
    unawaited(
      _queue
          .drainQueue(window)
          .then<Object>(_said, onError: (Object error) => '$error')
          .then((said) => result = said),
    );
    final onTheirWay = <_OnItsWay>[];
    for (;;) {
      await settled();
      // Which of those that were taken together is sent first is nobody's
      // promise.
      arriving.sort((one, other) => one.number - other.number);
      sent.addAll(arriving.map((one) => one.said));
      onTheirWay.addAll(arriving);
      arriving.clear();
      if (result != null || isDead) break;
      if (onTheirWay.isEmpty) throw StateError('it waits for nothing');
      final isLast = drain['lastFirst'] == true;
      onTheirWay.removeAt(isLast ? onTheirWay.length - 1 : 0).settle();
    }
    if (isDead) {
      _queue = _open();
    } else {
      audit(_database);
    }
    return {
      'sent': sent,
      'progress': [
        for (final (done, total) in window.told) [done, total],
      ],
      'result': isDead ? 'died' : result,
      ..._state(),
    };
  }

  Object _said(DrainResult result) => {
    'remaining': result.remaining,
    'outcome': result.outcome.name,
    if (result.message != '') 'message': result.message,
    if (result.retryAfter case final after?) 'retryAfterSeconds': after.inSeconds,
  };

  _Json _state() {
    final rows = _database.select(
      '''SELECT id, entity, state, attempts, strikes, crashes, sent, blockers, priority, base, conflicted, stale, due, error
        FROM bgsync_mutation ORDER BY seq''',
    );
    return {
      'rows': [
        for (final row in rows)
          {
            'key': _label(row['id']! as String),
            'state': _states[row['state']! as int],
            for (final name in [
              'entity',
              'attempts',
              'strikes',
              'crashes',
              'sent',
              'blockers',
              'priority',
              'base',
              'conflicted',
              'stale',
            ])
              if (row[name] != null && row[name] != 0) name: row[name],
            if (row['state'] == 1) 'due': (row['due']! as int) - _start,
            if (row['error'] case final String error) 'error': _error(error),
          },
      ],
      'edges': _table(
        'SELECT before, after, need FROM bgsync_edge ORDER BY before, after',
      ),
      'ids': _table('SELECT temp, server FROM bgsync_id ORDER BY temp'),
      'app': _table('SELECT entity, temp, version FROM app ORDER BY rowid'),
    }..removeWhere((_, list) => list.isEmpty);
  }

  List<Object> _table(String sql) => [
    for (final row in _database.select(sql)) row.values.toList(),
  ];

  /// What SQLite says is its own, and a resolve gives up by another word.
  String _error(String text) => text
      .replaceFirst(
        RegExp('(?<=statements of onApplied): .*', dotAll: true),
        '',
      )
      .replaceFirst('that resolve gave up', 'that resolve rejected');
}
