/** The native side in Dart: messages are lines of standard output that begin with a mark nobody else knows. */
const localNative = (mark: string, isOffline: boolean): string => `import 'dart:async';
import 'dart:convert';
import 'dart:io';
import 'dart:isolate';

import 'core.dart';

const _mark = '${mark}';
const _isOffline = ${isOffline};

class LocalNative implements NativeBackgroundSync {
  LocalNative._();

  static final instance = LocalNative._();

  final _waiting = <int, Completer<Object?>>{};
  var _calls = 0;
  var isWaitingForRun = false;

  void answer(String line) {
    final reply = jsonDecode(line);
    if (reply is! Map || reply['type'] != 'reply') return;
    _waiting.remove(reply['id'])?.complete(reply['value']);
  }

  Future<Object?> _call(String method, List<Object> args) {
    final id = ++_calls;
    final answer = _waiting[id] = Completer<Object?>();
    send({'type': 'call', 'id': id, 'method': method, 'args': args});
    return answer.future;
  }

  Future<T> _ask<T>(String method, List<Object> args) async =>
      (await _call(method, args)) as T;

  Future<void> _tell(String method, List<Object> args) async =>
      send({'type': 'call', 'id': 0, 'method': method, 'args': args});

  @override
  Future<bool> registerTask(bool switchOn) => _ask('registerTask', [switchOn]);

  @override
  Future<void> cancel() => _call('cancel', []);

  @override
  Future<int> scheduleNext(int delaySeconds) =>
      _ask('scheduleNext', [delaySeconds]);

  @override
  Future<bool> configure(String settings) => _ask('configure', [settings]);

  @override
  Future<String> getStatus() => _ask('getStatus', []);

  @override
  Future<String> getHistory(int limit) => _ask('getHistory', [limit]);

  @override
  Future<String> nextRun() {
    isWaitingForRun = true;
    return _ask('nextRun', []);
  }

  @override
  Future<String> endedRun(int after) => _ask('endedRun', [after]);

  @override
  Future<String> whenExpired(String runId) => _ask('whenExpired', [runId]);

  @override
  Future<void> progress(String runId, int done, int total) =>
      _tell('progress', [runId, done, total]);

  @override
  Future<void> complete(
    String runId,
    String outcome,
    int remaining,
    String message,
  ) => _tell('complete', [runId, outcome, remaining, message]);

  @override
  Future<String> beginForeground() => _ask('beginForeground', []);
}

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
  lines.listen((line) => LocalNative.instance.answer(line as String));
  await Isolate.spawn(_listenToParent, lines.sendPort);
  runZonedGuarded(() async {
    send({'type': 'loaded', 'files': const <String>[]});
    try {
      // As the plugin does with the start of each engine.
      await LocalNative.instance.registerTask(false);
      await main();
    } catch (error, stack) {
      if (LocalNative.instance.isWaitingForRun) rethrow;
      complain('backgroundSyncMain threw', error, stack);
      send({
        'type': 'load-failed',
        'message': 'backgroundSyncMain threw: $error',
        'hint': 'Its stack is above.',
        'files': const <String>[],
      });
      return;
    }
    if (!LocalNative.instance.isWaitingForRun) send({'type': 'idle'});
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

import 'src/core.dart';
import 'src/local_native.dart';

export 'src/core.dart' hide NativeBackgroundSync;
export 'src/schedule_policy.dart';

final backgroundSync = BackgroundSyncWorker(
  LocalNative.instance,
  warn: (message) => print('[BackgroundSync] $message'),
);

Future<void> runBackgroundSync({
  required SyncQueueService queue,
  FutureOr<void> Function(RunSummary run)? onRun,
}) async => backgroundSync.start(_WithStacks(queue), onRun: onRun);

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

/**
 * The Dart files that take the place of Flutter's engine: by their path in the folder of a session.
 *
 * @param handler the URI of the library with `backgroundSyncMain`
 * @param mark what a message to bgsync begins with, in the app's standard output
 */
export const dartGlue = (
  handler: string,
  mark: string,
  isOffline: boolean,
): Readonly<Record<string, string>> => ({
  'main.dart': `import 'package:background_sync/src/local_native.dart';
import '${handler}' as app;

void main() => runLocally(app.backgroundSyncMain);
`,
  'background_sync/lib/background_sync.dart': LIBRARY,
  'background_sync/lib/src/local_native.dart': localNative(mark, isOffline),
  'flutter/lib/foundation.dart': FOUNDATION,
});
