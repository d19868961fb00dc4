import 'dart:convert';
import 'dart:io' show HttpDate;

import 'types.dart';

/// The server refuses us, not the item:
/// https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2
const _signedOut = [401, 403, 407];

/// Timeout, too early, too many: each says that the same request may go through
/// later.
const _later = [408, 425, 429];

/// What a response means for the mutation that it answers: of package:http,
/// `resultOf(response.statusCode, response.body, response.headers)`.
///
/// | status | result |
/// | --- | --- |
/// | 2xx | done, with id and version |
/// | 401, 403, 407 | stop, failed: signed out |
/// | 408, 425, 429, 5xx; 409 with Retry-After | later, not before Retry-After |
/// | 409, 412 | conflict, with the body as the server's state |
/// | all else | refused: a dead letter |
///
/// [id]: of what was created, in the decoded body; its `id` without one.
/// [version]: of the entity; the `ETag`, else the body's `version`, without one.
/// [remote]: the entity in the body of a conflict; the whole body without one.
SendResult resultOf(
  int status,
  String body,
  Map<String, String> headers, {
  Object? Function(Object? body)? id,
  Object? Function(Object? body)? version,
  Object? Function(Object? body)? remote,
}) {
  Object? decoded;
  try {
    decoded = jsonDecode(body);
  } on FormatException {
    decoded = null;
  }
  final named = (
    id: _text(id?.call(decoded) ?? _field(decoded, 'id')),
    version: _text(
      version?.call(decoded) ??
          _header(headers, 'etag') ??
          _field(decoded, 'version'),
    ),
  );
  if (status >= 200 && status < 300) {
    return SendDone(id: named.id, version: named.version);
  }
  if (_signedOut.contains(status)) {
    return SendStop.failed(message: 'HTTP $status');
  }
  final message = _describe(status, decoded);
  final after = readRetryAfter(headers);
  if (_later.contains(status) ||
      status >= 500 ||
      status == 409 && after != null) {
    return SendLater(after: after ?? Duration.zero, message: message);
  }
  if (status == 409 || status == 412) {
    return SendConflict(
      remote: remote == null ? decoded : remote(decoded),
      id: named.id,
      version: named.version,
    );
  }
  return SendRefused(message);
}

/// How long the server asks to wait; null where it does not, or where nobody can
/// read it: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
Duration? readRetryAfter(Map<String, String> headers, [DateTime? now]) {
  final text = _header(headers, 'retry-after')?.trim() ?? '';
  if (RegExp(r'^\d{1,9}$').hasMatch(text)) {
    return Duration(seconds: int.parse(text));
  }
  final until = _date(text);
  if (until == null) return null;
  // By the server's own clock: a phone's may be hours off.
  final there = _date(_header(headers, 'date') ?? '') ?? now ?? DateTime.now();
  final wait = until.difference(there);
  return wait.isNegative ? Duration.zero : wait;
}

DateTime? _date(String text) {
  try {
    return HttpDate.parse(text);
  } catch (_) {
    return null;
  }
}

String? _header(Map<String, String> headers, String name) {
  for (final MapEntry(:key, :value) in headers.entries) {
    if (key.toLowerCase() == name) return value;
  }
  return null;
}

Object? _field(Object? body, String name) => body is Map ? body[name] : null;

String? _text(Object? value) => switch (value) {
  '' => null,
  String() => value,
  num() => '$value',
  _ => null,
};

/// The fields in which servers say why, RFC 9457's among them.
String _describe(int status, Object? body) {
  for (final name in ['detail', 'message', 'error', 'title']) {
    final why = _field(body, name);
    if (why is! String || why == '') continue;
    final end = why.length < 200 ? why.length : 200;
    return 'HTTP $status: ${why.substring(0, end)}';
  }
  return 'HTTP $status';
}
