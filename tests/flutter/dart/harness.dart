import 'dart:async';
import 'dart:convert';
import 'dart:io';
import 'dart:isolate';

final _tests = <(String, FutureOr<void> Function())>[];

/// A test of this file; `run` runs them in order.
void test(String name, FutureOr<void> Function() body) =>
    _tests.add((name, body));

/// Runs the tests of a file: one line each, exit code 1 where one failed.
///
/// Each has a zone of its own: an error that nobody waits for fails it, as it
/// would reach an app's error handler.
Future<void> run() async {
  var failed = 0;
  for (final (name, body) in _tests) {
    Object? problem;
    StackTrace? trace;
    void fail(Object error, StackTrace stack) {
      problem ??= error;
      trace ??= stack;
    }

    final ended = Completer<void>();
    runZonedGuarded(() async {
      try {
        await body();
        await settled();
      } catch (error, stack) {
        fail(error, stack);
      }
      ended.complete();
    }, fail);
    await ended.future;
    stdout.writeln('${problem == null ? 'ok  ' : 'FAIL'} $name');
    if (problem != null) {
      failed++;
      stdout.writeln('     $problem\n$trace');
    }
  }
  stdout.writeln('${_tests.length - failed} passed, $failed failed');
  await stdout.flush();
  // Of several in one VM: see driver.dart.
  if (Isolate.current.debugName == 'job') Isolate.exit();
  exit(failed == 0 && _tests.isNotEmpty ? 0 : 1);
}

/// Compares as JSON: lists and maps by what they hold.
void equal(Object? actual, Object? expected) {
  final (one, other) = (jsonEncode(actual), jsonEncode(expected));
  if (one != other) throw StateError('expected $other\n     but it is $one');
}

void matches(String actual, String pattern) {
  if (!RegExp(pattern).hasMatch(actual)) {
    throw StateError('"$actual" does not match $pattern');
  }
}

/// Until the event loop has nothing more to do now: microtasks, and what they
/// put behind themselves.
Future<void> settled() async {
  for (var turn = 0; turn < 5; turn++) {
    await Future<void>.delayed(Duration.zero);
  }
}
