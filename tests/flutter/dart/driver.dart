import 'dart:async';
import 'dart:convert';
import 'dart:io';
import 'dart:isolate';

/// What never ends must not hang the suite.
const _limit = Duration(minutes: 2);

const _mark = '\u0001bgsync ';

/// Runs programs one after the other, each in an isolate of its own: the VM's
/// compiler is warm from the second on. Each argument is one of them, as JSON.
Future<void> main(List<String> arguments) async {
  for (final (at, argument) in arguments.indexed) {
    final {
      'packages': String packages,
      'file': String file,
      'args': List<dynamic> args,
    } = jsonDecode(argument) as Map<String, dynamic>;
    stdout.write('${_mark}begin $at\n');
    await stdout.flush();
    final end = await _run(Uri.file(file), Uri.file(packages), [...args]);
    stdout.write('${_mark}end $at ${jsonEncode(end)}\n');
    await stdout.flush();
  }
  exit(0);
}

Future<Map<String, Object?>> _run(
  Uri file,
  Uri packages,
  List<String> args,
) async {
  final (ended, failed) = (ReceivePort(), ReceivePort());
  String? problem;
  failed.listen((error) => problem ??= '$error');
  try {
    final Isolate isolate;
    try {
      isolate = await Isolate.spawnUri(
        file,
        args,
        null,
        packageConfig: packages,
        onExit: ended.sendPort,
        onError: failed.sendPort,
        debugName: 'job',
      );
    } on IsolateSpawnException catch (error) {
      return {'isCompiled': false, 'problem': error.message};
    }
    await ended.first.timeout(
      _limit,
      onTimeout: () {
        problem ??= 'it does not end';
        isolate.kill(priority: Isolate.immediate);
      },
    );
    // An error comes before the end, on a port of its own.
    await Future<void>.delayed(Duration.zero);
    return {'isCompiled': true, 'problem': problem};
  } finally {
    ended.close();
    failed.close();
  }
}
