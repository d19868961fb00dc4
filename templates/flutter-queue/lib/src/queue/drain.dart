import 'dart:async';
import 'dart:convert';
import 'dart:math';

import '../core.dart';
import 'ids.dart';
import 'merge.dart';
import 'queue.dart';
import 'sql.dart' as sql;
import 'statements.dart';
import 'store.dart';
import 'types.dart';

/// So many failures in a row end the window: it is the server or the network,
/// and the rest would fail, too.
const _breaker = 3;

const _maxResolutions = 3;

const _firstBackoff = Duration(seconds: 30);
const _longestBackoff = Duration(hours: 6);

/// A server may ask for more, and is asked again after this.
const _longestWait = Duration(hours: 24);

/// What is on its way when the window closes may come back for so long, and is
/// then released: without a timeout of its own it may never come back, and each
/// later drain would wait for this one.
const _grace = Duration(seconds: 2);

/// One window's drain: what is taken, what is sent, and what becomes of each
/// answer.
class Drain {
  Drain(this._queue, this._store, this._window)
    : _random = _queue.random ?? Random().nextDouble;

  final SyncQueue _queue;
  final QueueStore _store;
  final SyncWindow _window;
  final double Function() _random;

  final _active = <Future<void>>{};

  /// Ends the wait for each call of the app's that has not come back.
  final _waiting = <void Function()>{};
  int _delivered = 0;
  int _refused = 0;
  int _failuresInARow = 0;

  /// Failed in this window, with the attempts that each has then if this one
  /// counts.
  final _failed = <({int seq, int attempts, String reason})>[];

  /// Of those, what the server gave no time for.
  final _untimed = <int>[];
  SendStop? _stopped;
  Duration _longest = Duration.zero;

  /// The store's first failure: it ends the drain, once all that is on its way
  /// has come back.
  (Object, StackTrace)? _broken;
  bool _suspectOnItsWay = false;
  int _total = 0;

  /// Sends what is ready until nothing is, the window closes, or it is of no
  /// use. Completes once all that was sent has come back.
  Future<DrainResult> run() async {
    await _store.batch(recover(_queue.now(), _longestWait));
    await _buryKillers();
    _total = (await _queue.counts()).remaining;
    Timer? grace;
    var isOver = false;
    _window.expired.then((_) {
      if (isOver) return;
      grace = Timer(_grace, () {
        for (final end in _waiting) {
          end();
        }
      });
    }).ignore();
    try {
      await _sendAll();
    } catch (error, stack) {
      _broken ??= (error, stack);
    }
    await Future.wait(_active);
    isOver = true;
    grace?.cancel();
    if (_broken case (final error, final stack)) {
      Error.throwWithStackTrace(error, stack);
    }
    await _judgeFailures();
    return _result();
  }

  Future<void> _sendAll() async {
    while (!_window.isExpired && !_isOver) {
      if (_suspectOnItsWay || _active.length >= _queue.concurrency) {
        await Future.any(_active);
        continue;
      }
      var rows = await _claim(
        _queue.concurrency - _active.length,
        suspects: false,
      );
      if (rows.isEmpty && _active.isEmpty) {
        // One that may have killed the process goes alone, and after all others.
        rows = await _claim(1, suspects: true);
        _suspectOnItsWay = rows.isNotEmpty;
      }
      if (rows.isEmpty) {
        if (_active.isEmpty) return;
        await Future.any(_active);
        continue;
      }
      if (_window.isExpired) {
        await _store.batch(release(rows.map((row) => row.seq), maybeSent: false));
        return;
      }
      rows.forEach(_start);
    }
    await _sendLastSuspect();
  }

  /// Others that fail in each window would end each before one that may have
  /// killed the process gets its turn: it has one a window, after them.
  Future<void> _sendLastSuspect() async {
    await Future.wait(_active);
    final isEnded = _stopped != null || _broken != null || _window.isExpired;
    if (isEnded || !_isTripped) return;
    final rows = await _claim(1, suspects: true);
    if (_window.isExpired) {
      return _store.batch(release(rows.map((row) => row.seq), maybeSent: false));
    }
    rows.forEach(_start);
    await Future.wait(_active);
  }

  bool get _isTripped => _failuresInARow >= _breaker;

  bool get _isOver => _stopped != null || _broken != null || _isTripped;

  Future<List<Row>> _claim(int limit, {required bool suspects}) async {
    final claim = _queue.uuid();
    await _store.batch([claimNext(claim, limit, suspects: suspects)]);
    // Read after it is taken: a cancelled one, or an older payload, cannot be
    // among them.
    final rows = await _store.all(sql.readClaimed, [claim]);
    return rows.map(Row.of).toList();
  }

  void _start(Row row) {
    late final Future<void> task;
    task = _send(row).then<void>(
      (_) {},
      onError: (Object error, StackTrace stack) => _broken ??= (error, stack),
    ).then((_) {
      _active.remove(task);
      _suspectOnItsWay = false;
    });
    _active.add(task);
  }

  Future<void> _send(Row row) async {
    Object? payload;
    try {
      payload = jsonDecode(row.payload);
    } on FormatException {
      return _refuse(row, 'its payload is not JSON');
    }
    var key = row.id;
    var version = row.base;
    var maybeSent = row.sent;
    final before = row.conflicted ? row.stale : version;
    var conflicted = row.conflicted;
    for (var round = 0; ; round++) {
      final (:value, :missing) = await _withRealIds(payload, row);
      if (missing != null) {
        return _refuse(
          row,
          'it needs $missing, and nothing in the queue creates that',
        );
      }
      final mutation = Mutation(
        key: key,
        type: row.type,
        entityId: row.entity,
        kind: row.kind,
        payload: value,
        version: version,
        attempts: row.attempts,
        mayHaveBeenApplied: maybeSent,
      );
      final SendResult answer;
      try {
        answer = await _inGoodTime(() => _queue.send(mutation, _window));
      } catch (error) {
        return _noAnswer(row, error);
      }
      if (answer is! SendConflict) {
        return _settle(
          row,
          mutation,
          answer,
          conflicted ? (version: before, stale: true) : null,
        );
      }
      if (round == _maxResolutions) {
        return _fail(row, 'it conflicts again each time');
      }
      switch (await _resolve(mutation, answer)) {
        case _NoTime():
          return _store.batch(release([row.seq], maybeSent: maybeSent));
        case _Yield(:final isOurs):
          return _finish(
            row,
            mutation,
            id: answer.id,
            version: answer.version,
            carried: isOurs ? null : (version: before, stale: true),
          );
        case _Refuse(:final reason):
          return _refuse(row, reason);
        case _Again(:final instead):
          payload = instead.payload;
          version = instead.version ?? answer.version ?? version;
          key = _queue.uuid();
          maybeSent = false;
          conflicted = true;
          await _store.batch([
            replacePayload(row.seq, key, jsonEncode(payload), version),
          ]);
      }
    }
  }

  Future<void> _settle(
    Row row,
    Mutation mutation,
    SendResult answer,
    Carried? carried,
  ) {
    switch (answer) {
      case SendDone(:final id, :final version):
        return _finish(
          row,
          mutation,
          id: id,
          version: version,
          carried: carried,
        );
      case SendLater(:final after, :final message):
        return _fail(
          row,
          message ?? 'the server asked for another try',
          after: after,
        );
      case SendRefused(:final message):
        return _refuse(row, message);
      case SendStop():
        _stopped ??= answer;
        if (answer.after > _longest) _longest = answer.after;
        return _store.batch(release([row.seq], maybeSent: false));
      case SendConflict():
        throw StateError('a conflict is resolved before');
    }
  }

  Future<void> _noAnswer(Row row, Object error) {
    if (_window.isExpired) {
      // The window closed: nobody's failure. The request may have arrived.
      return _store.batch(release([row.seq], maybeSent: true));
    }
    return _fail(row, '$error', maybeSent: true);
  }

  /// A call of the app's; throws where it has not come back some time after the
  /// window closed.
  Future<T> _inGoodTime<T>(Future<T> Function() call) {
    final answer = Completer<T>();
    void end() {
      if (!answer.isCompleted) {
        answer.completeError(TimeoutException('the window closed'));
      }
    }

    _waiting.add(end);
    Future.sync(call).then(
      (value) {
        if (!answer.isCompleted) answer.complete(value);
      },
      onError: (Object error, StackTrace stack) {
        if (!answer.isCompleted) answer.completeError(error, stack);
      },
    );
    return answer.future.whenComplete(() => _waiting.remove(end));
  }

  Future<_Verdict> _resolve(Mutation mutation, SendConflict answer) async {
    final resolve = _queue.resolve;
    if (mutation.mayHaveBeenApplied &&
        containsFields(answer.remote, mutation.payload)) {
      // The conflict is with ourselves: the answer to an earlier try was lost.
      // Others may have written since, which only a resolve can tell from the
      // next mutation.
      return _Yield(isOurs: resolve == null);
    }
    if (resolve == null) {
      return const _Refuse('a conflict, and the queue has no resolve');
    }
    try {
      switch (await _inGoodTime(
        () => resolve(mutation, answer.remote, answer.version),
      )) {
        case RemoteWins():
          return const _Yield(isOurs: false);
        case GiveUp():
          return const _Refuse('a conflict that resolve gave up');
        case final SendInstead instead:
          // What is no JSON throws here, and not in the middle of the drain.
          jsonEncode(instead.payload);
          return _Again(instead);
      }
    } catch (error) {
      if (_window.isExpired) return const _NoTime();
      return _Refuse('resolve threw $error');
    }
  }

  /// The payload as the server knows it, or the first temporary id in it that
  /// has no real one.
  Future<({Object? value, String? missing})> _withRealIds(
    Object? payload,
    Row row,
  ) async {
    final temps = tempIdsOf([payload, row.entity]);
    if (temps.isEmpty) return (value: payload, missing: null);
    // A creation is what makes its own id real.
    final real = {if (row.creates) row.entity: row.entity};
    for (final Sql(:text, :values) in inChunks(readServerIds, temps)) {
      for (final found in await _store.all(text, values)) {
        real[found['temp']! as String] = found['server']! as String;
      }
    }
    return (
      value: mapStrings(payload, (text) => real[text] ?? text),
      missing: temps.where((temp) => !real.containsKey(temp)).firstOrNull,
    );
  }

  Future<void> _finish(
    Row row,
    Mutation mutation, {
    required String? id,
    required String? version,
    required Carried? carried,
  }) async {
    final isTemp = row.creates && isTempId(row.entity);
    if (isTemp && id == null) {
      return _refuse(
        row,
        'send answered done without the id that the server gave; once it does, '
        'retry this',
      );
    }
    final entity = row.creates && id != null ? id : row.entity;
    final List<Sql> more;
    try {
      more =
          _queue.onApplied?.call(
            mutation,
            Applied(
              entityId: entity,
              tempId: isTemp ? row.entity : null,
              version: version,
            ),
          ) ??
          const [];
    } catch (error) {
      return _refuse(row, 'onApplied threw $error');
    }
    try {
      await _store.batch(
        finish(row, entity, carried ?? (version: version, stale: false), more),
      );
    } catch (error) {
      if (more.isEmpty) rethrow;
      // The app's own statements may be what failed. Where it is the store, this
      // throws as well.
      return _refuse(row, 'the statements of onApplied: $error');
    }
    _failuresInARow = 0;
    _delivered += 1;
    _window.progress(_delivered, max(_total, _delivered));
  }

  Future<void> _refuse(Row row, String reason) async {
    await _store.batch(bury(row.seq, reason));
    _refused += 1;
    _failuresInARow = 0;
  }

  Future<void> _fail(
    Row row,
    String reason, {
    Duration after = Duration.zero,
    bool maybeSent = false,
  }) async {
    final asked =
        after.isNegative
            ? Duration.zero
            : after > _longestWait
            ? _longestWait
            : after;
    // Full jitter:
    // https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    final doubled = _firstBackoff * (1 << min(row.attempts - 1, 20));
    final ceiling = doubled > _longestBackoff ? _longestBackoff : doubled;
    final jitter = ceiling * _random();
    final due = _queue.now().add(asked > jitter ? asked : jitter);
    await _store.batch([postpone(row.seq, due, reason, maybeSent: maybeSent)]);
    _failed.add((seq: row.seq, attempts: row.attempts, reason: reason));
    if (asked == Duration.zero) _untimed.add(row.seq);
    if (asked > _longest) _longest = asked;
    _failuresInARow += 1;
  }

  /// A failure counts against an item only where others got through or were
  /// refused, so that the server was there; no outage, however long, makes a
  /// dead letter.
  Future<void> _judgeFailures() async {
    if (_failed.isEmpty) return;
    if (_delivered + _refused == 0) {
      return _store.batch(waitNoLonger(_untimed, _queue.now()));
    }
    await _store.batch([
      ...countAttempts(_failed.map((one) => one.seq)),
      for (final (:seq, :attempts, :reason) in _failed)
        if (attempts >= _queue.maxAttempts)
          ...bury(seq, 'failed $attempts times, at last: $reason'),
    ]);
  }

  /// What was alone on its way each time that a process died is a dead letter in
  /// the end.
  Future<void> _buryKillers() async {
    final killers = await _store.all(readKillers, [_queue.maxAttempts]);
    if (killers.isEmpty) return;
    await _store.batch([
      for (final row in killers)
        ...bury(
          row['seq']! as int,
          'the app ended ${row['crashes']} times while it was sent',
        ),
    ]);
  }

  Future<DrainResult> _result() async {
    final QueueCounts(:remaining, :dead) = await _queue.counts();
    final message = [
      if (_stopped case final stopped?)
        stopped.message
      else if (_isTripped)
        '$_breaker in a row failed',
      if (dead > 0) '$dead dead letter${dead == 1 ? '' : 's'}',
    ].where((part) => part != '').join('; ');
    final seconds = (_longest.inMilliseconds / 1000).ceil();
    final retryAfter = seconds > 0 ? Duration(seconds: seconds) : null;
    return switch (_outcome) {
      RunOutcome.failed => DrainResult.failed(remaining, message: message),
      RunOutcome.retry => DrainResult.retry(
        remaining,
        message: message,
        retryAfter: retryAfter,
      ),
      _ => DrainResult(remaining, message: message),
    };
  }

  /// `retry` backs the next windows off, so it is said only where this one
  /// brought nothing.
  RunOutcome get _outcome =>
      _stopped?.outcome ??
      (_failed.isNotEmpty && _delivered == 0
          ? RunOutcome.retry
          : RunOutcome.done);
}

/// What becomes of a conflict.
sealed class _Verdict {
  const _Verdict();
}

/// The server's state stays. [isOurs]: because it is what we sent before.
class _Yield extends _Verdict {
  const _Yield({required this.isOurs});

  final bool isOurs;
}

/// The window closed before [SyncQueue.resolve] had answered.
class _NoTime extends _Verdict {
  const _NoTime();
}

class _Refuse extends _Verdict {
  const _Refuse(this.reason);

  final String reason;
}

class _Again extends _Verdict {
  const _Again(this.instead);

  final SendInstead instead;
}
