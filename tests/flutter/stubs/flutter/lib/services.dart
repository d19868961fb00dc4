/// Of package:flutter/services.dart what the generated Dart uses, with the
/// signatures of the sources:
/// https://github.com/flutter/flutter/blob/3.29.0/packages/flutter/lib/src/services/platform_channel.dart
/// https://github.com/flutter/flutter/blob/3.29.0/packages/flutter/lib/src/services/message_codec.dart
library;

class MissingPluginException implements Exception {
  MissingPluginException([this.message]);

  final String? message;

  @override
  String toString() => 'MissingPluginException($message)';
}

class PlatformException implements Exception {
  PlatformException({
    required this.code,
    this.message,
    this.details,
    this.stacktrace,
  });

  final String code;
  final String? message;
  final dynamic details;
  final String? stacktrace;

  @override
  String toString() => 'PlatformException($code, $message, $details, $stacktrace)';
}

/// The native side, as the test plays it: by channel and method.
typedef PlayedNative =
    Future<Object?> Function(String channel, String method, Object? arguments);

PlayedNative? playedNative;

/// Whether `WidgetsFlutterBinding.ensureInitialized` was called: without it a
/// channel throws.
bool isBindingInitialized = false;

class MethodChannel {
  const MethodChannel(this.name);

  final String name;

  Future<T?> invokeMethod<T>(String method, [dynamic arguments]) async {
    if (!isBindingInitialized) {
      throw StateError('Binding has not yet been initialized.');
    }
    final native = playedNative;
    if (native == null) {
      throw MissingPluginException(
        'No implementation found for method $method on channel $name',
      );
    }
    return await native(name, method, arguments) as T?;
  }
}
