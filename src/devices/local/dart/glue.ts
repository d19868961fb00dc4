/** What is played around the handler. */
export interface DartWorld {
  readonly isOffline: boolean;
  /** The names of the syncs beside the first: letters, digits and hyphens. */
  readonly tasks: readonly string[];
}

/** The native side in Dart: messages are lines of standard output that begin with a mark nobody else knows. */
const localNative = (mark: string, { isOffline, tasks }: DartWorld): string => `import 'dart:async';
import 'dart:convert';
import 'dart:io';
import 'dart:isolate';

import 'channel.dart';

const _mark = '${mark}';
const _isOffline = ${isOffline};
const _syncs = [${['', ...tasks].map((name) => `'${name}'`).join(', ')}];

final _waiting = <int, Completer<Object?>>{};
var _calls = 0;
var _isWaitingForRun = false;

/// Nobody answers these.
const _told = {'progress', 'complete'};

void _answer(String line) {
  final reply = jsonDecode(line);
  if (reply is! Map || reply['type'] != 'reply') return;
  _waiting.remove(reply['id'])?.complete(reply['value']);
}

/// In place of Flutter's: the plugin's own channel speaks to bgsync.
class MethodChannel {
  const MethodChannel(this.name);

  final String name;

  Future<T?> invokeMethod<T>(String method, [Object? arguments]) async {
    if (method == 'nextRun') _isWaitingForRun = true;
    final id = _told.contains(method) ? 0 : ++_calls;
    send({'type': 'call', 'id': id, 'method': method, 'args': arguments});
    if (id == 0) return null;
    final answer = _waiting[id] = Completer<Object?>();
    return await answer.future as T?;
  }
}

class MissingPluginException implements Exception {}

// Of the root: the app's code may run in a zone with a \`print\` of its own.
void send(Map<String, Object?> message) =>
    Zone.root.print('$_mark\${jsonEncode(message)}');

void complain(String what, Object error, StackTrace stack) {
  for (final line in '$what: $error\\n$stack'.trimRight().split('\\n')) {
    print(line);
  }
}

// Another isolate, since the app's code may never let this one's loop turn.
void _listenToParent(SendPort lines) {
  stdin
      .transform(utf8.decoder)
      .transform(const LineSplitter())
      .listen(
        lines.send,
        onDone: () => Process.killPid(pid, ProcessSignal.sigkill),
      );
}

Future<void> runLocally(FutureOr<void> Function() main) async {
  if (_isOffline) {
    HttpOverrides.global = _OfflineHttp();
    IOOverrides.global = _OfflineSockets();
  }
  final lines = ReceivePort();
  lines.listen((line) => _answer(line as String));
  await Isolate.spawn(_listenToParent, lines.sendPort);
  runZonedGuarded(() async {
    send({'type': 'loaded'});
    try {
      // As the plugin does with the start of each engine.
      for (final name in _syncs) {
        await const BackgroundSyncChannel().registerTask(false, name);
      }
      await main();
    } catch (error, stack) {
      if (_isWaitingForRun) rethrow;
      complain('backgroundSyncMain threw', error, stack);
      send({
        'type': 'load-failed',
        'message': 'backgroundSyncMain threw: $error',
        'hint': 'Its stack is above.',
      });
      return;
    }
    if (!_isWaitingForRun) send({'type': 'idle'});
  }, (error, stack) => complain('Unhandled exception', error, stack));
}

Never _refuse(String host) => throw SocketException(
  'Failed host lookup: \\'$host\\' (--offline)',
);

class _OfflineHttp extends HttpOverrides {
  @override
  HttpClient createHttpClient(SecurityContext? context) =>
      super.createHttpClient(context)
        ..connectionFactory = (uri, _, _) async => _refuse(uri.host);
}

final class _OfflineSockets extends IOOverrides {
  @override
  Future<Socket> socketConnect(
    dynamic host,
    int port, {
    dynamic sourceAddress,
    int sourcePort = 0,
    Duration? timeout,
  }) async => _refuse('$host');

  @override
  Future<ConnectionTask<Socket>> socketStartConnect(
    dynamic host,
    int port, {
    dynamic sourceAddress,
    int sourcePort = 0,
  }) async => _refuse('$host');
}
`;

/** In place of the plugin's own library, which needs a Flutter engine. */
const LIBRARY = `import 'dart:async';

import 'src/channel.dart';
import 'src/core.dart';
import 'src/local_native.dart' show complain;

export 'src/core.dart' hide NativeBackgroundSync;
export 'src/schedule_policy.dart';

final backgroundSync = BackgroundSyncWorker(
  const BackgroundSyncChannel(),
  warn: (message) => print('[BackgroundSync] $message'),
);

Future<void> runBackgroundSync({
  required SyncQueueService queue,
  Map<String, SyncQueueService> tasks = const {},
  FutureOr<void> Function(RunSummary run)? onRun,
}) async => backgroundSync.start(
  _WithStacks(queue),
  tasks: tasks.map((name, queue) => MapEntry(name, _WithStacks(queue))),
  onRun: onRun,
);

class _WithStacks implements SyncQueueService {
  _WithStacks(this._queue);

  final SyncQueueService _queue;

  @override
  Future<DrainResult> drainQueue(SyncWindow window) async {
    try {
      return await _queue.drainQueue(window);
    } catch (error, stack) {
      complain('drainQueue threw', error, stack);
      rethrow;
    }
  }
}
`;

/** What of package:flutter/foundation.dart needs no engine. */
const FOUNDATION = `import 'dart:async';
import 'dart:io';
import 'dart:isolate';

export 'dart:typed_data';

const kDebugMode = true;
const kProfileMode = false;
const kReleaseMode = false;
const kIsWeb = false;

typedef VoidCallback = void Function();
typedef ValueChanged<T> = void Function(T value);
typedef ValueGetter<T> = T Function();
typedef ValueSetter<T> = void Function(T value);
typedef AsyncCallback = Future<void> Function();
typedef ComputeCallback<M, R> = FutureOr<R> Function(M message);

const immutable = Object();
const protected = Object();
const mustCallSuper = Object();
const visibleForTesting = Object();
const nonVirtual = Object();

void debugPrint(String? message, {int? wrapWidth}) => print(message);

Future<R> compute<M, R>(
  ComputeCallback<M, R> callback,
  M message, {
  String? debugLabel,
}) => Isolate.run(() => callback(message), debugName: debugLabel);

enum TargetPlatform { android, fuchsia, iOS, linux, macOS, windows }

TargetPlatform get defaultTargetPlatform => switch (Platform.operatingSystem) {
  'macos' => TargetPlatform.macOS,
  'windows' => TargetPlatform.windows,
  _ => TargetPlatform.linux,
};

bool listEquals<T>(List<T>? a, List<T>? b) {
  if (a == null || b == null) return a == b;
  if (a.length != b.length) return false;
  for (var i = 0; i < a.length; i++) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

bool setEquals<T>(Set<T>? a, Set<T>? b) => a == null || b == null
    ? a == b
    : a.length == b.length && a.containsAll(b);

bool mapEquals<K, V>(Map<K, V>? a, Map<K, V>? b) => a == null || b == null
    ? a == b
    : a.length == b.length &&
          a.keys.every((key) => b.containsKey(key) && a[key] == b[key]);

abstract class Listenable {
  void addListener(VoidCallback listener);
  void removeListener(VoidCallback listener);
}

abstract class ValueListenable<T> implements Listenable {
  T get value;
}

mixin class ChangeNotifier implements Listenable {
  final _listeners = <VoidCallback>[];

  bool get hasListeners => _listeners.isNotEmpty;

  @override
  void addListener(VoidCallback listener) => _listeners.add(listener);

  @override
  void removeListener(VoidCallback listener) => _listeners.remove(listener);

  void notifyListeners() {
    for (final listener in [..._listeners]) {
      listener();
    }
  }

  void dispose() => _listeners.clear();
}

class ValueNotifier<T> extends ChangeNotifier implements ValueListenable<T> {
  ValueNotifier(this._value);

  T _value;

  @override
  T get value => _value;

  set value(T next) {
    if (_value == next) return;
    _value = next;
    notifyListeners();
  }
}
`;

/** The plugin's own channel, over the played {@link localNative}. */
export const overLocalNative = (channel: string): string =>
  channel.replace("'package:flutter/services.dart'", "'local_native.dart'");

/**
 * The Dart files that take the place of Flutter's engine: by their path in the folder of a session.
 *
 * @param handler the URI of the library with `backgroundSyncMain`
 * @param mark what a message to bgsync begins with, in the app's standard output
 */
export const dartGlue = (
  handler: string,
  mark: string,
  world: DartWorld,
): Readonly<Record<string, string>> => ({
  'main.dart': `import 'package:background_sync/src/local_native.dart';
import '${handler}' as app;

void main() => runLocally(app.backgroundSyncMain);
`,
  'background_sync/lib/background_sync.dart': LIBRARY,
  'background_sync/lib/src/local_native.dart': localNative(mark, world),
  'flutter/lib/foundation.dart': FOUNDATION,
});
