import 'dart:convert';
import 'dart:io';

import 'package:sqlite3/sqlite3.dart';

import 'harness.dart';
import 'queue_support.dart';

/// [arguments]: what starts the child, before its own arguments.
void main(List<String> arguments) {
  Future<ProcessResult> child(String work, String folder, int after) =>
      Process.run(arguments.first, [
        ...arguments.skip(1),
        work,
        folder,
        '$after',
      ]);

  test('killed at any statement of a fill or a drain, nothing is lost, sent '
      'twice or out of order', () async {
    final folder = scratch().path;
    var killed = 0;
    // Each process is killed a few statements later than the one before.
    for (var after = 3; after < 170; after += 7) {
      for (final work in ['fill', 'drain']) {
        final result = await child(work, folder, after);
        if (result.exitCode == -9) {
          killed++;
        } else if (result.exitCode != 0) {
          throw StateError('$work $after: ${result.stdout}${result.stderr}');
        }
        final database = sqlite3.open('$folder/queue.db');
        final tables = database.select(
          "SELECT 1 FROM sqlite_master WHERE name = 'bgsync_mutation'",
        );
        if (tables.isNotEmpty) audit(database);
        database.dispose();
      }
    }
    // What was on its way at each death goes alone; three drains take it all.
    for (var i = 0; i < 3; i++) {
      final result = await child('drain', folder, 0);
      equal(result.exitCode, 0);
      if (i == 2) matches('${result.stdout}', 'left 0 0');
    }
    if (killed < 24) throw StateError('only $killed were killed');

    final database = sqlite3.open('$folder/queue.db');
    final intents = [
      for (final row in database.select('SELECT name FROM app_intent'))
        row['name']! as String,
    ];
    final effects = [
      for (final line in File('$folder/server.jsonl').readAsLinesSync())
        jsonDecode(line) as Map<String, Object?>,
    ];
    final applied = [for (final effect in effects) effect['intent']! as String];
    equal([...applied]..sort(), [...intents]..sort());
    final ids = {for (final effect in effects) effect['id']};
    for (final effect in effects) {
      if (effect['on'] case final on?) equal(ids.contains(on), true);
    }
    for (final intent in intents.where((name) => name.endsWith('-0'))) {
      final entity = intent.substring(0, intent.length - 1);
      final order = applied.where((name) => name.startsWith(entity)).toList();
      equal(order, [...order]..sort());
    }
  });

  run();
}
