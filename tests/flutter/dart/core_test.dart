import 'dart:async';

import 'package:background_sync/src/core.dart';

import 'fake_native.dart';
import 'harness.dart';

/// The tests of `templates/typescript/core.ts`, for its twin in Dart.
void main() {
  onRun();
  aRun();
  theWorker();
  severalSyncs();
  run();
}

({FakeNative native, List<String> warnings, BackgroundSyncWorker worker}) setUp(
  FutureOr<DrainResult> Function(SyncWindow window) drain, {
  bool isDevelopment = true,
}) => setUpQueue(Queue(drain), isDevelopment: isDevelopment);

({FakeNative native, List<String> warnings, BackgroundSyncWorker worker})
setUpQueue(SyncQueueService queue, {bool isDevelopment = true}) {
  final native = FakeNative();
  final warnings = <String>[];
  final worker = BackgroundSyncWorker(
    native,
    warn: warnings.add,
    isDevelopment: isDevelopment,
  )..start(queue);
  return (native: native, warnings: warnings, worker: worker);
}

DrainResult drained(int remaining) => DrainResult(remaining);

Map<String, Object?> endedRun(int n, String run, {String out = 'done'}) => {
  'n': n,
  'run': run,
  'out': out,
  'task': 'dev.bgsync.processing',
  'trig': 'os',
  'att': 1,
  'ts': 5,
  'ms': 7,
  'rem': 0,
};

({
  FakeNative native,
  List<String> warnings,
  BackgroundSyncWorker worker,
  SyncQueueService queue,
})
listen(
  FutureOr<void> Function(RunSummary run)? onRun,
  List<Map<String, Object?>> ended,
) {
  final native = FakeNative()..ended = ended;
  final warnings = <String>[];
  final worker = BackgroundSyncWorker(native, warn: warnings.add);
  final queue = Queue((_) => drained(0));
  worker.start(queue, onRun: onRun);
  return (native: native, warnings: warnings, worker: worker, queue: queue);
}

void onRun() {
  test('onRun hears of each run once, in order, and of those that end later', () async {
    final runs = <RunSummary>[];
    final (:native, :warnings, worker: _, queue: _) = listen(runs.add, [
      endedRun(8, 'a', out: 'killed'),
      {...endedRun(9, 'b'), 'why': 'budget'},
    ]);
    await settled();
    final [a, b] = runs;
    equal(
      [a.runId, a.taskId, a.reason.name, a.outcome.name, a.why, a.remaining],
      ['a', 'dev.bgsync.processing', 'os', 'killed', null, 0],
    );
    equal(
      [a.attempt, a.endedAt.millisecondsSinceEpoch, a.duration.inMilliseconds],
      [1, 5, 7],
    );
    equal([b.runId, b.why], ['b', 'budget']);
    equal(native.acknowledged, [0, 8, 9]);
    native.ended.add(endedRun(10, 'c'));
    native.tell();
    await settled();
    equal([for (final run in runs) run.runId], ['a', 'b', 'c']);
    equal(warnings, []);
  });

  test('a run counts as told only when the future of onRun has completed', () async {
    final told = <Completer<void>>[];
    final (:native, warnings: _, worker: _, queue: _) = listen((_) {
      told.add(Completer<void>());
      return told.last.future;
    }, [endedRun(1, 'a'), endedRun(2, 'b')]);
    await settled();
    equal(native.acknowledged, [0]);
    told.single.complete();
    await settled();
    equal(native.acknowledged, [0, 1]);
    equal(told.length, 2);
  });

  test('of the run that the engine was started for, the next window tells', () async {
    final heard = <String>[];
    final (:native, :worker, :queue, warnings: _) = listen(
      (run) => heard.add(run.runId),
      [endedRun(1, 'before')],
    );
    await settled();
    native.hand('own');
    await settled();
    equal(native.completed.single[0], 'own');
    native.ended.add(endedRun(2, 'own'));
    native.tell();
    await settled();
    equal(heard, ['before']);
    // Nobody has said that it was told.
    equal(native.acknowledged, [0, 1]);
  });
  test('goes on after an onRun that throws, now or later', () async {
    var calls = 0;
    final (:warnings, native: _, worker: _, queue: _) = listen((_) {
      calls++;
      if (calls == 1) throw Exception('no');
      if (calls == 2) return Future.error(Exception('no'));
    }, [endedRun(1, 'a'), endedRun(2, 'b'), endedRun(3, 'c')]);
    await settled();
    equal(calls, 3);
    equal(warnings, ['onRun failed: Exception: no', 'onRun failed: Exception: no']);
  });

  test('asks native for nothing where there is no onRun, and once for a newer', () async {
    final (:native, :worker, :queue, warnings: _) = listen(null, [endedRun(1, 'a')]);
    await settled();
    equal(native.acknowledged, []);
    final (old, fresh) = (<String>[], <String>[]);
    worker.start(queue, onRun: (run) => old.add(run.runId));
    worker.start(queue, onRun: (run) => fresh.add(run.runId));
    await settled();
    equal(old, []);
    equal(fresh, ['a']);
    equal(native.acknowledged, [0, 1]);
  });
}

void aRun() {
  test('a run hands the window over and completes once', () async {
    late SyncWindow seen;
    final (:native, :warnings, worker: _) = setUp((window) {
      seen = window;
      window.progress(1, 2);
      return const DrainResult(1, message: 'half');
    });
    native.hand('a');
    await settled();
    equal(
      [seen.runId, seen.taskId, seen.reason.name, seen.attempt, seen.locked],
      ['a', 'dev.bgsync.processing', 'os', 2, true],
    );
    equal(
      [seen.deadline.millisecondsSinceEpoch, seen.battery.percent, seen.isExpired],
      [1000, 50, false],
    );
    equal([seen.network.connected, seen.network.metered], [true, false]);
    equal(native.reported, [
      ['a', 1, 2],
    ]);
    equal(native.completed, [
      ['a', 'done', 1, 'half'],
    ]);
    equal(native.takers.length, 1);
    equal(warnings, []);
  });

  for (final (name, queue, outcome, message) in [
    ('a throw', Queue((_) => throw Exception('x')), 'retry', r'^Exception: x$'),
    ('a throw before there is a future', ThrowingQueue(StateError('x')), 'retry', 'x'),
    ('an error that cannot be shown', Queue((_) => throw Unshowable()), 'retry', 'cannot be shown'),
    ('a count that is none', Queue((_) => drained(-2)), 'failed', r'it returned -2$'),
    ('failed', Queue((_) => const DrainResult.failed(4, message: 'm')), 'failed', r'^m$'),
    ('retry', Queue((_) => const DrainResult.retry(-1)), 'retry', r'^$'),
  ]) {
    test('$name becomes an answer', () async {
      final (:native, warnings: _, worker: _) = setUpQueue(queue);
      native.hand('a');
      await settled();
      equal(native.completed.length, 1);
      equal(native.completed[0][1], outcome);
      matches(native.completed[0][3] as String, message);
      equal(native.takers.length, 1);
    });
  }

  test('is closed by native, and a late answer is native’s to ignore', () async {
    final answer = Completer<DrainResult>();
    late SyncWindow seen;
    var heard = 0;
    final (:native, warnings: _, worker: _) = setUp((window) {
      seen = window;
      window.expired.then((_) => heard++);
      return answer.future;
    });
    native.hand('a');
    await settled();
    equal([seen.isExpired, heard], [false, 0]);
    native.expire('a');
    await settled();
    equal([seen.isExpired, heard], [true, 1]);
    equal(native.completed, []);
    answer.complete(drained(4));
    await settled();
    equal(native.completed, [
      ['a', 'done', 4, ''],
    ]);
  });

  test('a window that was not closed never expires', () async {
    var heard = 0;
    final (:native, warnings: _, worker: _) = setUp((window) {
      window.expired.then((_) => heard++);
      return drained(0);
    });
    native.hand('a');
    await settled();
    equal([native.completed.length, heard], [1, 0]);
  });

  test('waits for the drain before it, which is still closing', () async {
    final drains = <String>[];
    final closing = Completer<void>();
    final (:native, :warnings, worker: _) = setUp((window) async {
      drains.add(window.runId);
      if (window.runId != 'a') return drained(0);
      await window.expired;
      // Closes its transaction.
      await closing.future;
      return drained(3);
    });
    native.hand('a');
    await settled();
    native.expire('a');
    await settled();
    native.hand('b');
    await settled();
    equal(drains, ['a']);
    closing.complete();
    await settled();
    equal(native.completed, [
      ['a', 'done', 3, ''],
      ['b', 'done', 0, ''],
    ]);
    equal(drains, ['a', 'b']);
    equal(warnings, []);
  });

  test('one that closes while the drain before it hangs is answered, and the next goes on', () async {
    final answers = <Completer<DrainResult>>[];
    final (:native, warnings: _, worker: _) = setUp((_) {
      answers.add(Completer<DrainResult>());
      return answers.last.future;
    });
    native.hand('a');
    await settled();
    native.expire('a');
    await settled();
    native.hand('b');
    await settled();
    equal(native.completed, []);
    native.expire('b');
    await settled();
    equal(native.completed, [
      ['b', 'retry', -1, 'drainQueue of run a has not ended: it ignores its window'],
    ]);
    answers.last.complete(drained(0));
    await settled();
    native.hand('c');
    await settled();
    answers.last.complete(drained(0));
    await settled();
    equal(native.completed.sublist(1), [
      ['a', 'done', 0, ''],
      ['c', 'done', 0, ''],
    ]);
  });

  test('one that is over in native while it waits is not drained', () async {
    var calls = 0;
    final (:native, warnings: _, worker: _) = setUp((_) {
      calls++;
      return Completer<DrainResult>().future;
    });
    native.hand('a');
    await settled();
    native.expire('a');
    await settled();
    native.hand('b');
    await settled();
    // As native answers for a run that it does not know any more.
    native.close('b');
    await settled();
    equal(calls, 1);
    equal(native.takers.length, 1);
  });

  test('the end of the run before does not close the window of the next', () async {
    final windows = <SyncWindow>[];
    final answer = Completer<DrainResult>();
    final (:native, warnings: _, worker: _) = setUp((window) {
      windows.add(window);
      return windows.length == 1 ? drained(0) : answer.future;
    });
    native.closesAtOnce = false;
    native.hand('a');
    await settled();
    native.hand('b');
    await settled();
    native.close('a');
    await settled();
    equal([for (final window in windows) window.isExpired], [false, false]);
    answer.complete(drained(0));
    await settled();
    equal(native.completed.length, 2);
  });

  test('asks for the time of a Retry-After before it is complete', () async {
    final results = [
      const DrainResult.retry(2, retryAfter: Duration(hours: 2)),
      const DrainResult.retry(2, retryAfter: Duration(seconds: -1)),
    ];
    final (:native, warnings: _, worker: _) = setUp((_) => results.removeAt(0));
    native.hand('a');
    await settled();
    native.hand('b');
    await settled();
    equal(native.calls, [
      ['scheduleNext', 7200, ''],
      ['complete', 'a'],
      ['complete', 'b'],
    ]);
  });

  test('keeps the text of what was thrown out of the log of a release', () async {
    final (:native, warnings: _, worker: _) = setUp(
      (_) => throw const FormatException('a@b.c'),
      isDevelopment: false,
    );
    native.hand('a');
    await settled();
    equal(native.completed[0][3], 'FormatException');
  });

  test('survives native methods that throw', () async {
    final (:native, :warnings, worker: _) = setUp((window) {
      window.progress(1, 1);
      return drained(0);
    });
    for (final method in ['complete', 'progress', 'whenExpired']) {
      native.once[method] = () => throw Exception('gone');
    }
    native.hand('a');
    await settled();
    equal(warnings..sort(), [
      'complete failed: Exception: gone',
      'progress failed: Exception: gone',
      'whenExpired failed: Exception: gone',
    ]);
    equal(native.takers.length, 1);
  });
}

class Unshowable implements Exception {
  @override
  String toString() => throw StateError('no');
}

void theWorker() {
  test('listens once, and takes the queue of a newer call', () async {
    final (:native, :worker, warnings: _) = setUp((_) => drained(1));
    worker.start(Queue((_) => drained(2)));
    equal(native.takers.length, 1);
    // The plugin arms at the start, and keeps what the app has switched off; this
    // is the app's own word.
    equal(native.calls, []);
    worker.register();
    equal(native.calls, [
      ['registerTask', true, ''],
    ]);
    native.hand('a');
    await settled();
    equal(native.completed, [
      ['a', 'done', 2, ''],
    ]);
  });

  test('ends with its engine, and listens again when it is started again', () async {
    final (:native, :worker, :warnings) = setUp((_) => drained(0));
    native.takers.removeAt(0).completeError(Exception('gone'));
    await settled();
    equal(warnings, ['nextRun failed: Exception: gone']);
    worker.start(Queue((_) => drained(0)));
    equal(native.takers.length, 1);
  });

  test('warns once where the plugin is absent, and never throws', () async {
    final warnings = <String>[];
    final worker = BackgroundSyncWorker(Absent(), warn: warnings.add);
    worker.start(Queue((_) => drained(0)), onRun: (_) {});
    worker
      ..register()
      ..cancel()
      ..scheduleNext(900)
      ..handleExpiration();
    equal(await worker.execute('x'), false);
    equal((await worker.drainNow()).outcome.name, 'skipped');
    equal(await worker.configure(null), false);
    equal(await worker.getStatus(), null);
    equal(await worker.getHistory(), []);
    await settled();
    equal(warnings.length, 1);
    matches(warnings.single, 'flutter pub get');
  });

  test('has nothing to drain in an isolate without a queue', () async {
    final native = FakeNative()..foreground = runJson('f', 'foreground');
    final warnings = <String>[];
    final worker = BackgroundSyncWorker(native, warn: warnings.add);
    equal((await worker.drainNow()).outcome.name, 'skipped');
    equal(warnings.length, 1);
    worker.use(Queue((_) => drained(0)));
    equal((await worker.drainNow()).outcome.name, 'done');
    // Runs of the background are none of its business.
    equal(native.takers, []);
  });

  test('drains in the foreground through native’s gate', () async {
    final (:native, :worker, warnings: _) = setUp(
      (window) => drained(window.reason == RunReason.foreground ? 3 : 9),
    );
    equal((await worker.drainNow()).outcome.name, 'skipped');
    native.foreground = runJson('f', 'foreground');
    final summary = await worker.drainNow();
    equal([summary.outcome.name, summary.remaining], ['done', 3]);
    equal(native.completed, [
      ['f', 'done', 3, ''],
    ]);
  });

  test('execute says whether the run was drained', () async {
    final results = [drained(0), const DrainResult.retry(1)];
    final (:native, :worker, warnings: _) = setUp((_) => results.removeAt(0));
    native.foreground = runJson('f', 'foreground');
    equal(await worker.execute('dev.bgsync.processing'), true);
    equal(await worker.execute('dev.bgsync.processing'), false);
  });

  test('passes schedule and cancel on, and turns what fails there into a warning', () async {
    final (:native, :worker, :warnings) = setUp((_) => drained(0));
    worker
      ..scheduleNext(1200)
      ..scheduleNext(-1);
    native.once['cancel'] = () => throw Exception('no');
    worker.cancel();
    native.once['registerTask'] = () => false;
    worker.register();
    await settled();
    equal(native.calls.where((call) => call.first == 'scheduleNext').toList(), [
      ['scheduleNext', 1200, ''],
    ]);
    equal(warnings..sort(), [
      'The platform refused the schedule. `bgsync doctor` says why.',
      'cancel failed: Exception: no',
      'scheduleNext needs seconds, got -1.',
    ]);
  });

  test('hands settings to native, and null as none', () async {
    final (:native, :worker, :warnings) = setUp((_) => drained(0));
    equal(
      await worker.configure(
        const SyncSettings(
          constraints: SyncConstraints(
            network: RequiredNetwork.unmetered,
            charging: true,
          ),
          intervalMinutes: 30,
        ),
      ),
      true,
    );
    equal(await worker.configure(null), true);
    equal(await worker.configure(const SyncSettings()), true);
    equal(native.calls, [
      [
        'configure',
        '{"constraints":{"network":"unmetered","charging":true},"intervalMinutes":30}',
        '',
      ],
      ['configure', '', ''],
      ['configure', '{}', ''],
    ]);
    native.once['configure'] = () => false;
    equal(await worker.configure(null), false);
    equal(warnings, []);
    native.once['configure'] = () => throw Exception('no');
    equal(await worker.configure(null), false);
    equal(warnings, ['configure failed: Exception: no']);
  });

  for (final minutes in [14, 10081]) {
    test('changes nothing for an interval of $minutes minutes', () async {
      final (:native, :worker, :warnings) = setUp((_) => drained(0));
      equal(await worker.configure(SyncSettings(intervalMinutes: minutes)), false);
      equal(warnings, [
        'configure changed nothing: intervalMinutes must be 15 to 10080, got $minutes.',
      ]);
      equal(native.calls, []);
    });
  }

  test('heeds constraints in the foreground only where it is told to', () async {
    final (:native, :worker, warnings: _) = setUp((_) => drained(0));
    native.foreground = runJson('f', 'foreground');
    native.unmet = ['unmetered'];
    Future<String> held() async =>
        (await worker.drainNow(respectConstraints: true)).outcome.name;
    equal(await held(), 'skipped');
    equal(native.completed, []);
    equal((await worker.drainNow()).outcome.name, 'done');
    native.unmet = [];
    equal(await held(), 'done');
    // A native side that is older than this file.
    native.unmet = null;
    equal(await held(), 'done');
    native.once['getStatus'] = () => throw Exception('no');
    equal(await held(), 'done');
  });

  test('reads status and history', () async {
    final (:native, :worker, warnings: _) = setUp((_) => drained(0));
    native.once['getStatus'] =
        () =>
            '{"v":1,"platform":"android","scheduled":true,"state":"enqueued",'
            '"next":1700000000000,"lastRun":{"run":"a","out":"retry","ts":5,'
            '"ms":7,"rem":2},"consecutiveFailures":3,"openRun":null,'
            '"intervalMinutes":60,"constraints":["any"],"unmet":["any"],'
            '"env":{"bat":50}}';
    final status = (await worker.getStatus())!;
    equal(
      [status.platform, status.scheduled, status.state, status.consecutiveFailures],
      ['android', true, 'enqueued', 3],
    );
    equal(status.next!.millisecondsSinceEpoch, 1700000000000);
    equal(
      [status.lastRun!.outcome.name, status.lastRun!.remaining, status.openRun],
      ['retry', 2, null],
    );
    equal([status.intervalMinutes, status.constraints, status.unmet], [
      60,
      ['any'],
      ['any'],
    ]);
    equal((status.json['env'] as Map)['bat'], 50);
    equal((await worker.getStatus())!.next, null);
    final [event] = await worker.getHistory(limit: 7);
    equal([event.seq, event.name, event.time.millisecondsSinceEpoch], [7, 'register', 5]);
  });
}

void severalSyncs() {
  test('each run goes to the queue of its name, and asks for its own next window', () async {
    final seen = <String>[];
    final native = FakeNative();
    final warnings = <String>[];
    BackgroundSyncWorker(native, warn: warnings.add).start(
      Queue((window) {
        seen.add('first ${window.name}');
        return drained(0);
      }),
      tasks: {
        'photos': Queue((window) {
          seen.add('photos ${window.name}');
          return const DrainResult(1, retryAfter: Duration(minutes: 30));
        }),
      },
    );
    native.hand('p', name: 'photos');
    await settled();
    native.hand('a');
    await settled();
    equal(seen, ['photos photos', 'first null']);
    equal(native.calls, [
      ['scheduleNext', 1800, 'photos'],
      ['complete', 'p'],
      ['complete', 'a'],
    ]);
    equal(warnings, []);
  });

  test('a run whose sync has no queue is answered, and the next is taken', () async {
    final (:native, worker: _, warnings: _) = setUp((_) => drained(0));
    native.hand('p', name: 'photos');
    await settled();
    equal(native.completed, [
      ['p', 'failed', -1, 'no queue is registered for photos'],
    ]);
    native.hand('a');
    await settled();
    equal(native.completed[1], ['a', 'done', 0, '']);
  });

  test('a queue that was handed over for a sync stays where the first is replaced', () async {
    final (:native, :worker, warnings: _) = setUp((_) => drained(0));
    worker.use(Queue((_) => drained(7)), name: 'photos');
    worker.start(Queue((_) => drained(8)));
    native.hand('p', name: 'photos');
    await settled();
    native.hand('a');
    await settled();
    equal(native.completed, [
      ['p', 'done', 7, ''],
      ['a', 'done', 8, ''],
    ]);
  });

  test('the name goes with each call', () async {
    final native = FakeNative()..foreground = runJson('f', 'foreground', name: 'photos');
    final warnings = <String>[];
    final worker = BackgroundSyncWorker(native, warn: warnings.add)
      ..use(Queue((window) => drained(window.name == 'photos' ? 3 : 9)), name: 'photos')
      ..register(name: 'photos')
      ..cancel(name: 'photos')
      ..scheduleNext(900, name: 'photos');
    await worker.configure(null, name: 'photos');
    equal((await worker.getStatus(name: 'photos'))!.state, 'of "photos"');
    equal((await worker.getStatus())!.state, 'of ""');
    equal((await worker.drainNow(name: 'photos')).remaining, 3);
    equal(native.calls, [
      ['registerTask', true, 'photos'],
      ['cancel', 'photos'],
      ['scheduleNext', 900, 'photos'],
      ['configure', '', 'photos'],
      ['beginForeground', 'photos'],
      ['complete', 'f'],
    ]);
    equal(warnings, []);
    // The first has no queue in this isolate, nor has a sync that there is not.
    for (final name in ['', 'nobody']) {
      equal((await worker.drainNow(name: name)).outcome.name, 'skipped');
    }
    equal(warnings, [
      'There is no queue in this isolate: call backgroundSync.use first.',
      'There is no queue of nobody in this isolate: call backgroundSync.use first.',
    ]);
    equal(native.calls.length, 6);
  });

  test('what holds a sync back is asked of that sync', () async {
    final native = FakeNative()..foreground = runJson('f', 'foreground', name: 'photos');
    final worker = BackgroundSyncWorker(native, warn: (_) {})
      ..use(Queue((_) => drained(0)), name: 'photos');
    native.once['getStatus'] = () => '{"unmet":["unmetered"]}';
    final held = await worker.drainNow(respectConstraints: true, name: 'photos');
    equal(held.outcome.name, 'skipped');
    equal(native.statusOf, ['photos']);
  });

  test('onRun hears of the runs of all, by name', () async {
    final runs = <RunSummary>[];
    listen(runs.add, [
      endedRun(1, 'a'),
      {...endedRun(2, 'p'), 'name': 'photos'},
    ]);
    await settled();
    equal([for (final run in runs) [run.runId, run.name]], [
      ['a', null],
      ['p', 'photos'],
    ]);
  });
}

/// A build without the plugin.
class Absent implements NativeBackgroundSync {
  @override
  dynamic noSuchMethod(Invocation invocation) {
    const absent = NativeAbsent();
    return switch (invocation.memberName) {
      #registerTask || #configure => Future<bool>.error(absent),
      #scheduleNext => Future<int>.error(absent),
      #cancel || #progress || #complete => Future<void>.error(absent),
      _ => Future<String>.error(absent),
    };
  }
}
