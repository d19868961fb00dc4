/// Whether two JSON values are the same, whatever the order of their keys.
bool isSameJson(Object? a, Object? b) => switch ((a, b)) {
  (final List<Object?> one, final List<Object?> other) =>
    one.length == other.length &&
        [
          for (var at = 0; at < one.length; at++) isSameJson(one[at], other[at]),
        ].every((same) => same),
  (final Map<Object?, Object?> one, final Map<Object?, Object?> other) =>
    one.length == other.length &&
        one.keys.every(
          (key) => other.containsKey(key) && isSameJson(one[key], other[key]),
        ),
  _ => a == b,
};

/// Whether each field of a payload is in the server's state with the same value;
/// false where there is no field.
bool containsFields(Object? remote, Object? payload) =>
    remote is Map &&
    payload is Map &&
    payload.isNotEmpty &&
    payload.keys.every(
      (name) =>
          remote.containsKey(name) && isSameJson(remote[name], payload[name]),
    );

/// Merges two changes of one entity by field: what only one side changed, or
/// removed, is taken from that side.
///
/// [base]: the entity as it was when [mine] was made. [mine]: all fields as this
/// app has them. [theirs]: all fields as the server has them. In `conflicts` are
/// the fields that both changed to different values; those have mine in
/// `merged`.
({Map<String, Object?> merged, List<String> conflicts}) mergeFields(
  Map<String, Object?> base,
  Map<String, Object?> mine,
  Map<String, Object?> theirs,
) {
  bool same(Map<String, Object?> a, Map<String, Object?> b, String name) =>
      a.containsKey(name) == b.containsKey(name) && isSameJson(a[name], b[name]);

  final merged = <String, Object?>{};
  final conflicts = <String>[];
  for (final name in {...base.keys, ...theirs.keys, ...mine.keys}) {
    final isMine = !same(base, mine, name);
    if (isMine && !same(base, theirs, name) && !same(mine, theirs, name)) {
      conflicts.add(name);
    }
    final from = isMine ? mine : theirs;
    if (from.containsKey(name)) merged[name] = from[name];
  }
  return (merged: merged, conflicts: conflicts);
}
