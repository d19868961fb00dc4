import '../core.dart';
import 'store.dart';

/// A change that the app made, to be sent.
class NewMutation {
  const NewMutation({
    required this.type,
    required this.entityId,
    required this.kind,
    this.payload,
    this.creates = false,
    this.needs = const [],
    this.version,
    this.priority = 0,
  });

  /// Kind of thing that is changed: 'note', 'order'.
  final String type;

  /// Which one: the server's id, an id that the app made for good (a UUID: the
  /// better way, where the server takes it), or a temporary one of
  /// `newTempId()`. Mutations of the same type and entity are sent in the order
  /// in which they were made.
  final String entityId;

  /// What to do with it: 'create', 'rename'. Only `send` reads it.
  final String kind;

  /// JSON. A string in it that is the id of an entity whose creation still
  /// waits, makes this mutation wait for it; a temporary id (a whole string, or
  /// a key) is the real one by the time that `send` sees it.
  final Object? payload;

  /// Whether this mutation makes the entity on the server.
  final bool creates;

  /// Ids of other entities that must exist first, where the payload does not
  /// hold them as whole strings.
  final List<String> needs;

  /// The version that the change was made on, for `If-Match`.
  final String? version;

  /// The higher the sooner. What it waits for is raised with it.
  final int priority;
}

/// A mutation as `send` gets it.
class Mutation {
  const Mutation({
    required this.key,
    required this.type,
    required this.entityId,
    required this.kind,
    required this.payload,
    required this.version,
    required this.attempts,
    required this.mayHaveBeenApplied,
  });

  /// The idempotency key: the same in each try, another one as soon as the
  /// payload is another. Send it as `Idempotency-Key`, and let the server answer
  /// a key that it has seen with what it answered before.
  final String key;
  final String type;

  /// The server's id; still the temporary one only in the mutation that creates
  /// the entity.
  final String entityId;
  final String kind;
  final Object? payload;
  final String? version;

  /// This one included; those that no server answered do not count.
  final int attempts;

  /// An earlier try got no answer, so the server may have it already.
  final bool mayHaveBeenApplied;
}

/// What became of a mutation.
sealed class SendResult {
  const SendResult();
}

/// The server has it.
class SendDone extends SendResult {
  const SendDone({this.id, this.version});

  /// What the server calls the entity that it created; needed for a temporary
  /// id.
  final String? id;

  /// The entity's new version. It goes into the next mutation of it, so that two
  /// edits made offline do not conflict with each other.
  final String? version;
}

/// Not now (5xx, 408, 425, 429): not before [after].
class SendLater extends SendResult {
  const SendLater({this.after = Duration.zero, this.message});

  final Duration after;
  final String? message;
}

/// Never (400, 404, 422). It becomes a dead letter, and what depends on it
/// waits; the rest goes on.
class SendRefused extends SendResult {
  const SendRefused(this.message);

  final String message;
}

/// Someone else changed the entity (409, 412): `resolve` is asked.
class SendConflict extends SendResult {
  const SendConflict({this.remote, this.version, this.id});

  /// The entity as the server has it.
  final Object? remote;
  final String? version;

  /// Where creating found it there.
  final String? id;
}

/// It is not this item: nothing will go through now. [SendStop.failed]: signed
/// out; [SendStop.retry]: maintenance.
class SendStop extends SendResult {
  const SendStop.retry({this.after = Duration.zero, this.message = ''})
    : outcome = RunOutcome.retry;

  const SendStop.failed({this.after = Duration.zero, this.message = ''})
    : outcome = RunOutcome.failed;

  final RunOutcome outcome;
  final Duration after;
  final String message;
}

/// What to do about a conflict.
sealed class Resolution {
  const Resolution();
}

/// The server's side stays.
class RemoteWins extends Resolution {
  const RemoteWins();
}

/// A dead letter: someone has to decide.
class GiveUp extends Resolution {
  const GiveUp();
}

/// Another payload is sent, on [version]; the server's where it says none.
class SendInstead extends Resolution {
  const SendInstead(this.payload, {this.version});

  final Object? payload;
  final String? version;
}

/// What the server made of a mutation that went through.
class Applied {
  const Applied({
    required this.entityId,
    required this.tempId,
    required this.version,
  });

  /// The server's id of the entity.
  final String entityId;

  /// The temporary id that it had, where the mutation created it under one.
  final String? tempId;
  final String? version;
}

/// Sends one mutation. A throw means that there was no answer: it is sent again
/// later, under the same key. What is thrown once [window] has expired is no
/// failure; hand its `expired` to what can be aborted.
typedef Send = Future<SendResult> Function(Mutation mutation, SyncWindow window);

/// Settles a conflict; without one it is a dead letter. Values are as the server
/// knows them: no temporary ids.
typedef Resolve =
    Future<Resolution> Function(
      Mutation mutation,
      Object? remote,
      String? version,
    );

/// Statements of the app for the same transaction in which a mutation that went
/// through leaves the queue.
typedef OnApplied = List<Sql> Function(Mutation mutation, Applied applied);

class QueueCounts {
  const QueueCounts({
    required this.remaining,
    required this.dead,
    required this.parked,
  });

  /// What will still be sent by itself.
  final int remaining;

  /// Dead letters: someone must decide.
  final int dead;

  /// What waits behind dead letters.
  final int parked;
}

class DeadLetter {
  const DeadLetter({
    required this.key,
    required this.type,
    required this.entityId,
    required this.kind,
    required this.payload,
    required this.reason,
    required this.attempts,
    required this.createdAt,
  });

  final String key;
  final String type;
  final String entityId;
  final String kind;

  /// As it was enqueued, with temporary ids; the text itself where it is no
  /// JSON.
  final Object? payload;
  final String reason;
  final int attempts;
  final DateTime createdAt;
}
