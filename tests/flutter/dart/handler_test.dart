import 'dart:async';

import 'package:app/main.dart' as app;
import 'package:flutter/foundation.dart' show printed;
import 'package:flutter/services.dart';

import 'fake_native.dart' show runJson;
import 'harness.dart';

/// The generated handler in an app, as the engine of a run enters it: through
/// what `lib/main.dart` exports.
void main() {
  test('the handler takes its run, and answers it', () async {
    final crossed = <Object?>[];
    var runs = 0;
    playedNative = (_, method, arguments) async {
      crossed.add([method, arguments]);
      return switch (method) {
        'nextRun' => runs++ == 0 ? runJson('a', 'os') : await Completer<String>().future,
        'whenExpired' => await Completer<String>().future,
        _ => null,
      };
    };
    await app.backgroundSyncMain();
    await settled();
    equal(printed, []);
    equal(crossed, [
      ['nextRun', []],
      ['whenExpired', ['a']],
      ['complete', ['a', 'done', 0, '']],
      ['nextRun', []],
    ]);
  });
  run();
}
