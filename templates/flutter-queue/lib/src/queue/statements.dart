/// What the queue writes, as lists of statements that each leave the graph
/// whole: an edge for all that a mutation waits for, `blockers` the number of
/// them, ready only where there is none, parked only behind a dead letter.
library;

import 'dart:convert';

import 'ids.dart';
import 'sql.dart' as sql;
import 'store.dart';
import 'types.dart';

/// SQLite takes 999 values in a statement unless it was built otherwise.
const _chunk = 500;

const _maxReason = 500;

/// A row of a mutation, as a drain reads it.
class Row {
  Row.of(Map<String, Object?> row)
    : seq = row['seq']! as int,
      id = row['id']! as String,
      type = row['type']! as String,
      entity = row['entity']! as String,
      kind = row['kind']! as String,
      payload = row['payload']! as String,
      base = row['base'] as String?,
      creates = row['creates'] == 1,
      attempts = row['attempts']! as int,
      sent = row['sent'] == 1,
      conflicted = row['conflicted'] == 1,
      stale = row['stale'] as String?;

  final int seq;
  final String id;
  final String type;
  final String entity;
  final String kind;
  final String payload;
  final String? base;
  final bool creates;
  final int attempts;
  final bool sent;

  /// Whether it conflicted, and its payload is what was made of that.
  final bool conflicted;

  /// The version that it had before.
  final String? stale;
}

/// A statement for each part of a list; [text] has its `(?)`.
List<Sql> inChunks(
  String text,
  Iterable<Object> list, [
  List<Object?> before = const [],
]) {
  final all = list.toList();
  return [
    for (var at = 0; at < all.length; at += _chunk)
      () {
        final end = at + _chunk < all.length ? at + _chunk : all.length;
        final part = all.sublist(at, end);
        final marks = List.filled(part.length, '?').join(', ');
        return Sql(text.replaceFirst('(?)', '($marks)'), [...before, ...part]);
      }(),
  ];
}

List<Sql> enqueueStatements(String key, NewMutation m, DateTime now) {
  final payload = jsonEncode(m.payload);
  final needed = {
    m.entityId,
    ...m.needs,
    ...possibleIdsOf(jsonDecode(payload)),
  };
  return [
    Sql(sql.enqueueInsert, [
      key,
      m.type,
      m.entityId,
      m.entityId,
      m.kind,
      payload,
      m.version,
      m.creates ? 1 : 0,
      m.priority,
      now.millisecondsSinceEpoch,
    ]),
    ...inChunks(sql.enqueueNeeds, needed, [key]),
    Sql(sql.enqueueOrder, [key]),
    if (m.creates) Sql(sql.enqueueCreates, [key]),
    Sql(sql.enqueueState, [key]),
    if (m.priority > 0)
      Sql(sql.enqueueRaise, [key, m.priority, m.priority, m.priority]),
  ];
}

/// What a drain begins with: what the last one left on its way has an unknown
/// outcome, and comes last from now on; what has waited long enough is ready;
/// what was about to be deleted is. What is due later than in [longest] was
/// written by a clock that ran ahead.
List<Sql> recover(DateTime now, Duration longest) => [
  const Sql(sql.recoverInFlight),
  Sql(sql.recoverDue, [now.millisecondsSinceEpoch]),
  Sql(sql.recoverAhead, [now.add(longest).millisecondsSinceEpoch]),
  deleteGone,
];

/// Marks the next items as on their way, which is written before they are sent.
///
/// [claim]: under which they are read back. [suspects]: those that were on their
/// way when a process died, instead of those that were not.
Sql claimNext(String claim, int limit, {required bool suspects}) =>
    Sql(suspects ? sql.claimSuspect : sql.claimFresh, [claim, limit]);

/// What the next mutation of the same entity is to be sent on.
///
/// `version`: the one that this mutation made, so that two edits made offline do
/// not conflict with each other. `stale`: this one conflicted, and the next was
/// made without knowledge of what the other side did. On the new version it
/// would overwrite that unseen; so it conflicts in its turn.
typedef Carried = ({String? version, bool stale});

/// The server has it: it leaves the queue, and what waited for it moves up, in
/// one transaction with the id that the server gave; so there is no time at
/// which one is known without the other.
///
/// [entity]: the server's id of the entity.
List<Sql> finish(Row row, String entity, Carried carried, List<Sql> more) => [
  if (row.creates) ...[
    isTempId(row.entity)
        ? Sql(sql.finishTempId, [entity, row.entity, row.seq])
        : Sql(sql.finishOwnId, [row.entity, row.seq]),
    if (entity != row.entity)
      Sql(sql.finishRename, [entity, row.type, row.entity]),
  ],
  if (carried.version != null)
    Sql(carried.stale ? sql.finishStale : sql.finishVersion, [
      carried.version,
      row.type,
      entity,
      row.seq,
    ]),
  Sql(sql.finishUnblock, [row.seq]),
  Sql(sql.finishEdges, [row.seq]),
  Sql(sql.finishRow, [row.seq]),
  ...more,
];

String _short(String reason) =>
    reason.length > _maxReason ? reason.substring(0, _maxReason) : reason;

/// A dead letter; all that depends on it is parked.
List<Sql> bury(int seq, String reason) => [
  Sql(sql.buryDead, [_short(reason), seq]),
  Sql(sql.buryBehind, [seq]),
];

/// Back to where it was before the window: it was not its fault. [maybeSent]
/// where the server may have got it.
List<Sql> release(Iterable<int> seqs, {required bool maybeSent}) =>
    inChunks(sql.release, seqs, [maybeSent ? 1 : 0]);

/// It failed: it comes after those that did not, and not before [due]. The
/// attempt counts only once the window has shown that the server is there:
/// [countAttempts].
Sql postpone(
  int seq,
  DateTime due,
  String reason, {
  required bool maybeSent,
}) => Sql(sql.postpone, [
  due.millisecondsSinceEpoch,
  _short(reason),
  maybeSent ? 1 : 0,
  seq,
]);

List<Sql> countAttempts(Iterable<int> seqs) =>
    inChunks(sql.countAttempts, seqs);

/// No server was there: the next window, whenever it comes, may try again at
/// once.
List<Sql> waitNoLonger(Iterable<int> seqs, DateTime now) =>
    inChunks(sql.waitNoLonger, seqs, [now.millisecondsSinceEpoch]);

/// The conflict was settled with another payload: under the old key the server
/// would repeat its old answer.
Sql replacePayload(int seq, String key, String payload, String? base) =>
    Sql(sql.replacePayload, [key, payload, base, seq]);

/// Parked is what stands behind a dead letter, and nothing else.
const _repark = [Sql(sql.reparkFree), Sql(sql.reparkBehind)];

/// A dead letter gets another chance, as if it were new.
List<Sql> revive(String key) => [
  Sql(sql.revive, [key]),
  ..._repark,
];

/// Takes a mutation out, and all that needs the id of what it would have
/// created. What only came after it in the order of its entity stays, behind
/// what the removed ones waited for. The removed rows are left under [claim], to
/// be named, and then deleted.
///
/// [isDead]: a dead letter; else only what was never sent.
List<Sql> takeOut(String key, String claim, {required bool isDead}) => [
  Sql(isDead ? sql.takeOutDead : sql.takeOutUnsent, [claim, key]),
  Sql(sql.takeOutNeeding, [claim, claim]),
  const Sql(sql.takeOutPath),
  const Sql(sql.takeOutBlockers),
  const Sql(sql.takeOutEdges),
  const Sql(sql.takeOutIds),
  const Sql(sql.takeOutFree),
  ..._repark,
];

const deleteGone = Sql(sql.deleteGone);

/// What brings a database from version [from] to this one: one batch, which may
/// run twice without harm.
List<Sql> migrationFrom(int from) => [
  const Sql(sql.createMeta),
  for (final version in sql.migrations.skip(from))
    for (final text in version) Sql(text),
  Sql(sql.writeVersion, [sql.migrations.length]),
];

const readServerId = 'SELECT server FROM bgsync_id WHERE temp = ?';

const readMeta =
    "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'bgsync_meta'";

const readVersion = "SELECT value FROM bgsync_meta WHERE name = 'version'";

/// What was alone on its way each time that a process died.
const readKillers =
    'SELECT seq, crashes FROM bgsync_mutation '
    'WHERE state = 0 AND crashes > 0 AND crashes >= ?';

const readServerIds =
    'SELECT temp, server FROM bgsync_id '
    'WHERE server IS NOT NULL AND temp IN (?)';
