/// Flutter's standard codec, as far as the plugin's values go: what a channel
/// makes of a call and of its answer.
/// https://api.flutter.dev/flutter/services/StandardMessageCodec-class.html
library;

import 'dart:convert';
import 'dart:typed_data';

import '../services.dart';

Uint8List encodeMethodCall(String method, Object? arguments) {
  final out = _Writer()
    ..value(method)
    ..value(arguments);
  return out.bytes;
}

(String method, Object? arguments) decodeMethodCall(Uint8List message) {
  final reader = _Reader(message);
  return (reader.value() as String, reader.value());
}

Uint8List encodeSuccess(Object? result) => (_Writer()
      ..byte(0)
      ..value(result))
    .bytes;

Uint8List encodeError(PlatformException error) => (_Writer()
      ..byte(1)
      ..value(error.code)
      ..value(error.message)
      ..value(error.details))
    .bytes;

/// What a call is answered with. Throws a [PlatformException] where native
/// answered with an error.
Object? decodeEnvelope(Uint8List envelope) {
  final reader = _Reader(envelope);
  if (reader.byte() == 0) return reader.value();
  throw PlatformException(
    code: reader.value() as String,
    message: reader.value() as String?,
    details: reader.value(),
  );
}

class _Writer {
  final _out = BytesBuilder();

  Uint8List get bytes => _out.toBytes();

  void byte(int value) => _out.addByte(value);

  void _size(int size) {
    if (size < 254) return byte(size);
    byte(size <= 0xffff ? 254 : 255);
    final data = ByteData(4)..setUint32(0, size, Endian.host);
    _out.add(Uint8List.view(data.buffer, 0, size <= 0xffff ? 2 : 4));
  }

  void value(Object? value) {
    switch (value) {
      case null:
        byte(0);
      case true:
        byte(1);
      case false:
        byte(2);
      case final int whole when whole >= -0x80000000 && whole <= 0x7fffffff:
        byte(3);
        final data = ByteData(4)..setInt32(0, whole, Endian.host);
        _out.add(Uint8List.view(data.buffer));
      case final int whole:
        byte(4);
        final data = ByteData(8)..setInt64(0, whole, Endian.host);
        _out.add(Uint8List.view(data.buffer));
      case final String text:
        byte(7);
        final encoded = utf8.encode(text);
        _size(encoded.length);
        _out.add(encoded);
      case final List<Object?> list:
        byte(12);
        _size(list.length);
        list.forEach(this.value);
      default:
        throw ArgumentError.value(value);
    }
  }
}

class _Reader {
  _Reader(this._bytes) : _data = ByteData.sublistView(_bytes);

  final Uint8List _bytes;
  final ByteData _data;
  int _at = 0;

  int byte() => _bytes[_at++];

  int _take(int count) => (_at += count) - count;

  int _size() => switch (byte()) {
    254 => _data.getUint16(_take(2), Endian.host),
    255 => _data.getUint32(_take(4), Endian.host),
    final size => size,
  };

  Object? value() {
    switch (byte()) {
      case 0:
        return null;
      case 1:
        return true;
      case 2:
        return false;
      case 3:
        return _data.getInt32(_take(4), Endian.host);
      case 4:
        return _data.getInt64(_take(8), Endian.host);
      case 7:
        final size = _size();
        return utf8.decode(Uint8List.sublistView(_bytes, _at, _take(size) + size));
      case 12:
        return [for (var left = _size(); left > 0; left--) value()];
      case final type:
        throw FormatException('type $type');
    }
  }
}
