import 'dart:async';

import 'package:background_sync/background_sync.dart';
import 'package:background_sync/src/channel.dart';
import 'package:background_sync/src/core.dart' show NativeBackgroundSync;
import 'package:flutter/foundation.dart' show printed;
import 'package:flutter/services.dart';

import 'fake_native.dart';
import 'harness.dart';

/// What crosses the plugin's channel, against a played native side.
void main() {
  test('without a plugin: one line to the developer, and nothing throws', () async {
    await runBackgroundSync(queue: Queue((_) => const DrainResult(0)));
    await settled();
    backgroundSync.cancel();
    await settled();
    equal(printed.length, 1);
    matches(printed.single!, r'^\[BackgroundSync\] The plugin is not in this build');
    equal(await backgroundSync.getStatus(), null);
  });

  test('every method crosses with its arguments by position', () async {
    final crossed = <Object?>[];
    playedNative = (channel, method, arguments) async {
      equal(channel, 'dev.bgsync/background_sync');
      crossed.add([method, arguments]);
      return switch (method) {
        'registerTask' || 'configure' => true,
        'scheduleNext' => 5,
        'cancel' || 'progress' || 'complete' => null,
        _ => 'text',
      };
    };
    const NativeBackgroundSync native = BackgroundSyncChannel();
    equal(await native.registerTask(true, 'a'), true);
    await native.cancel('b');
    equal(await native.scheduleNext(900, 'c'), 5);
    equal(await native.configure('{}', 'd'), true);
    equal(await native.getStatus('e'), 'text');
    equal(await native.getHistory(7), 'text');
    equal(await native.nextRun(), 'text');
    equal(await native.endedRun(3), 'text');
    equal(await native.whenExpired('r'), 'text');
    await native.progress('r', 1, 2);
    await native.complete('r', 'done', 0, 'm');
    equal(await native.beginForeground('f'), 'text');
    equal(crossed, [
      ['registerTask', [true, 'a']],
      ['cancel', ['b']],
      ['scheduleNext', [900, 'c']],
      ['configure', ['{}', 'd']],
      ['getStatus', ['e']],
      ['getHistory', [7]],
      ['nextRun', []],
      ['endedRun', [3]],
      ['whenExpired', ['r']],
      ['progress', ['r', 1, 2]],
      ['complete', ['r', 'done', 0, 'm']],
      ['beginForeground', ['f']],
    ]);
  });

  test('the queues of several syncs are handed over at once', () async {
    final completed = <Object?>[];
    final names = ['photos', null];
    playedNative = (_, method, arguments) async {
      if (method == 'complete') completed.add(arguments);
      return switch (method) {
        'nextRun' when names.isNotEmpty =>
          runJson('r${names.length}', 'os', name: names.removeAt(0)),
        'nextRun' || 'whenExpired' => await Completer<String>().future,
        _ => null,
      };
    };
    await runBackgroundSync(
      queue: Queue((_) => const DrainResult(1)),
      tasks: {'photos': Queue((_) => const DrainResult(2))},
    );
    await settled();
    equal(completed, [
      ['r2', 'done', 2, ''],
      ['r1', 'done', 1, ''],
    ]);
  });

  test('what native throws reaches the developer as a warning', () async {
    playedNative =
        (_, _, _) async => throw PlatformException(code: 'BackgroundSync', message: 'no');
    printed.clear();
    backgroundSync.scheduleNext(900);
    await settled();
    equal(printed.length, 1);
    matches(printed.single!, 'scheduleNext failed: .*no');
  });
  run();
}
