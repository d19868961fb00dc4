import 'dart:math';

/// A temporary id: cannot be mistaken for anything that a server or a user
/// writes.
final _tempId = RegExp(
  r'^tmp_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
);

/// Whether an id of an entity could look so: what is looked up when a mutation
/// is enqueued.
final _id = RegExp(r'^[\w.:-]{8,128}$');

bool isTempId(String text) => _tempId.hasMatch(text);

/// Random bytes of the system's, in hex, lower case.
String randomHex(int bytes) {
  final random = Random.secure();
  return [
    for (var at = 0; at < bytes; at++)
      random.nextInt(256).toRadixString(16).padLeft(2, '0'),
  ].join();
}

/// A UUID of version 4.
String newUuid() {
  final hex = randomHex(16);
  final variant = '89ab'[int.parse(hex[16], radix: 16) % 4];
  return '${hex.substring(0, 8)}-${hex.substring(8, 12)}-4'
      '${hex.substring(13, 16)}-$variant${hex.substring(17, 20)}-'
      '${hex.substring(20)}';
}

/// Each string of a JSON value replaced, those that are keys too.
Object? mapStrings(Object? value, String Function(String text) change) =>
    switch (value) {
      String() => change(value),
      List() => [for (final item in value) mapStrings(item, change)],
      Map() => {
        for (final MapEntry(:key, :value) in value.entries)
          change('$key'): mapStrings(value, change),
      },
      _ => value,
    };

Set<String> _stringsOf(Object? value, bool Function(String text) matches) {
  final found = <String>{};
  mapStrings(value, (text) {
    if (matches(text)) found.add(text);
    return text;
  });
  return found;
}

Set<String> tempIdsOf(Object? value) => _stringsOf(value, isTempId);

Set<String> possibleIdsOf(Object? value) => _stringsOf(value, _id.hasMatch);
