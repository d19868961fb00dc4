import 'dart:async';
import 'dart:convert';
import 'dart:io';
import 'dart:isolate';

import 'package:background_sync/background_sync.dart';
import 'package:flutter/foundation.dart';
import 'package:flutter/services.dart';
import 'package:flutter/widgets.dart';

/// The Dart of an app on a device of tests/border, which is at the other end of
/// a socket: an isolate for each engine, ended in mid-instruction where the
/// engine is destroyed. One JSON object a line:
///
///     {"engine":1,"start":"main"}                    the engine enters Dart
///     {"engine":1,"call":7,"channel":…,"message":…}  a message of a channel
///     {"engine":1,"answer":7,"value":…}              and its answer
///     {"engine":1,"do":"drainNow","id":8,"value":…,"sync":""}  what the app does
///     {"engine":1,"did":8,"value":…}                 and what came of it
///     {"engine":1,"ask":9,"name":"sleep","value":5}  what the app needs
///     {"engine":1,"answer":9,"value":null}           and gets
///     {"engine":1,"ping":10}                         answered when it rests
Future<void> main(List<String> arguments) async {
  final socket = await Socket.connect('127.0.0.1', int.parse(arguments.single));
  socket.setOption(SocketOption.tcpNoDelay, true);
  final engines = <int, _Engine>{};
  final lines = socket.cast<List<int>>().transform(utf8.decoder).transform(const LineSplitter());
  await for (final line in lines) {
    final message = jsonDecode(line) as Map<String, Object?>;
    final number = message['engine']! as int;
    if (message['start'] case final String entry) {
      engines[number] = _Engine(number, entry, (text) => socket.write('$text\n'));
    } else if (message['kill'] == true) {
      engines.remove(number)?.kill();
    } else {
      engines[number]?.tell(line);
    }
  }
  exit(0);
}

/// One engine, as the main isolate knows it.
class _Engine {
  _Engine(int number, String entry, void Function(String line) say) {
    final said = ReceivePort();
    said.listen((message) {
      if (message is SendPort) {
        _port.complete(message);
      } else if (message is List) {
        say(jsonEncode({'engine': number, 'stray': '${message[0]}\n${message[1]}'}));
      } else {
        say(message as String);
      }
    });
    _isolate = Isolate.spawn(
      _enter,
      (number, entry, said.sendPort),
      errorsAreFatal: false,
      onError: said.sendPort,
    );
  }

  final _port = Completer<SendPort>();
  late final Future<Isolate> _isolate;

  void tell(String line) => unawaited(_port.future.then((port) => port.send(line)));

  void kill() =>
      unawaited(_isolate.then((isolate) => isolate.kill(priority: Isolate.immediate)));
}

// Of the isolate of an engine.
late final void Function(Map<String, Object?> message) _say;
final _open = <int, Completer<Object?>>{};
int _last = 0;

Future<Object?> _send(String kind, Map<String, Object?> message) {
  final answer = _open[++_last] = Completer<Object?>();
  _say({kind: _last, ...message});
  return answer.future;
}

Future<Object?> _ask(String name, [Object? value]) =>
    _send('ask', {'name': name, 'value': value});

void _enter((int, String, SendPort) start) {
  final (number, entry, out) = start;
  final heard = ReceivePort();
  _say = (message) => out.send(jsonEncode({'engine': number, ...message}));
  debugPrint = (message, {wrapWidth}) => _say({'warning': message});
  playedMessenger = (channel, message) async {
    final answer = await _send('call', {
      'channel': channel,
      'message': base64Encode(message),
    });
    return answer == null ? null : base64Decode(answer as String);
  };
  heard.listen((line) async {
    final message = jsonDecode(line as String) as Map<String, Object?>;
    if (message['answer'] case final int id) {
      _open.remove(id)!.complete(message['value']);
    } else if (message['ping'] != null) {
      for (var turn = 0; turn < 3; turn++) {
        await Future<void>.delayed(Duration.zero);
      }
      _say({'pong': message['ping']});
    } else {
      final value = await _do(
        message['do']! as String,
        message['value'],
        message['sync']! as String,
      );
      _say({'did': message['id'], 'value': value});
    }
  });
  out.send(heard.sendPort);
  if (entry == 'main') {
    appMain();
  } else {
    unawaited(backgroundSyncMain());
  }
}

void appMain() {
  WidgetsFlutterBinding.ensureInitialized();
  backgroundSync
    ..use(_Queue())
    ..use(_Queue(), name: 'photos');
}

Future<void> backgroundSyncMain() => runBackgroundSync(
  queue: _Queue(),
  // Asked for by nobody where the app has one sync.
  tasks: {'photos': _Queue()},
  onRun:
      (run) => _ask('told', {
        'runId': run.runId,
        if (run.name case final String name) 'name': name,
        'taskId': run.taskId,
        'reason': run.reason.name,
        'outcome': run.outcome.name,
        'why': run.why,
        'remaining': run.remaining,
        'attempt': run.attempt,
      }),
);

/// What the app asks of the background sync.
Future<Object?> _do(String name, Object? value, String sync) async {
  switch (name) {
    case 'register':
      backgroundSync.register(name: sync);
    case 'cancel':
      backgroundSync.cancel(name: sync);
    case 'scheduleNext':
      backgroundSync.scheduleNext(value! as int, name: sync);
    case 'drainNow':
      final summary = await backgroundSync.drainNow(name: sync);
      return {'outcome': summary.outcome.name, 'remaining': summary.remaining};
    case 'configure':
      final settings = value as Map<String, Object?>?;
      if (settings == null) return backgroundSync.configure(null, name: sync);
      return backgroundSync.configure(
        SyncSettings(
          intervalMinutes: settings['intervalMinutes'] as int?,
          constraints: switch (settings['network']) {
            final String network => SyncConstraints(
              network: RequiredNetwork.values.byName(network),
              batteryNotLow: settings['batteryNotLow'] as bool?,
            ),
            _ => null,
          },
        ),
        name: sync,
      );
    case 'getStatus':
      final status = (await backgroundSync.getStatus(name: sync))!;
      return {
        'scheduled': status.scheduled,
        'next': status.next?.millisecondsSinceEpoch,
        'lastRun': status.lastRun?.outcome.name,
        'consecutiveFailures': status.consecutiveFailures,
        'openRun': status.openRun,
        'intervalMinutes': status.intervalMinutes,
        'constraints': status.constraints,
      };
    case 'getHistory':
      return [for (final event in await backgroundSync.getHistory(limit: value! as int)) event.json];
    default:
      throw ArgumentError.value(name);
  }
  return null;
}

/// A queue on its way to a server: an item takes a good second, and a window
/// that closes in mid-item is left after 20 ms. The items are the suite's: they
/// outlive every engine.
class _Queue implements SyncQueueService {
  @override
  Future<DrainResult> drainQueue(SyncWindow window) async {
    final begun =
        (await _ask('begin', {
              'runId': window.runId,
              'name': window.name,
              'taskId': window.taskId,
              'reason': window.reason.name,
              'attempt': window.attempt,
              'locked': window.locked,
              'deadline': window.deadline.millisecondsSinceEpoch,
              'percent': window.battery.percent,
              'connected': window.network.connected,
            }))!
            as Map<String, Object?>;
    var left = begun['items']! as int;
    switch (begun['act']) {
      case 'throw':
        throw StateError('no "server"\n — ✗');
      case 'failed':
        return DrainResult.failed(left, message: 'signed out');
      case 'retryAfter':
        return DrainResult.retry(left, retryAfter: const Duration(hours: 3));
      case 'ignore':
        await _ask('sleep', 3_600_000);
        await _ask('sent');
    }
    final total = left;
    var sent = 0;
    while (left > 0 && !window.isExpired) {
      await Future.any([_ask('sleep', 1100), window.expired]);
      if (window.isExpired) break;
      left = (await _ask('sent'))! as int;
      window.progress(++sent, total);
    }
    if (window.isExpired) {
      left = (await _ask('expired'))! as int;
      await _ask('sleep', 20);
    }
    await _ask('settled');
    return DrainResult(left, message: '$sent "sent"\n — ✓');
  }
}
