/// Of package:flutter/services.dart what the generated Dart uses, with the
/// signatures of the sources:
/// https://github.com/flutter/flutter/blob/3.29.0/packages/flutter/lib/src/services/platform_channel.dart
/// https://github.com/flutter/flutter/blob/3.29.0/packages/flutter/lib/src/services/message_codec.dart
library;

import 'dart:typed_data';

import 'src/standard_codec.dart';

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

/// What the engine does with a message: completes with null where native has no
/// such channel or method.
Future<Uint8List?> Function(String channel, Uint8List message) playedMessenger =
    (channel, message) async {
      final native = playedNative;
      if (native == null) return null;
      final (method, arguments) = decodeMethodCall(message);
      try {
        return encodeSuccess(await native(channel, method, arguments));
      } on PlatformException catch (error) {
        return encodeError(error);
      }
    };

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
    final answer = await playedMessenger(name, encodeMethodCall(method, arguments));
    if (answer == null) {
      throw MissingPluginException(
        'No implementation found for method $method on channel $name',
      );
    }
    return decodeEnvelope(answer) as T?;
  }
}
