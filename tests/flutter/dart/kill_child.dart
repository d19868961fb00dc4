import 'dart:convert';
import 'dart:io';

import 'package:background_sync/queue.dart';
import 'package:background_sync/queue_drift.dart';
import 'package:sqlite3/sqlite3.dart';

import 'queue_support.dart';

/// An app's process that is killed for good: it fills the queue or drains it
/// against a server in a file, and sends itself SIGKILL after so many statements.
Future<void> main(List<String> arguments) async {
  final [work, folder, after] = arguments;
  final file = File('$folder/queue.db');
  final server = File('$folder/server.jsonl');
  final Database database = sqlite3.open(file.path);
  final opened = await openQueueStore(file, null);
  await opened.all('SELECT 1');
  var left = int.parse(after);
  final store =
      RawStore(database)
        ..tick = () {
          if ((left -= 1) == 0) Process.killPid(pid, ProcessSignal.sigkill);
        };
  database.execute('PRAGMA busy_timeout = 5000');
  final queue = SyncQueue(
    openStore: () async => store,
    concurrency: 3,
    send: (mutation, _) async {
      final seen = {
        for (final line in server.existsSync() ? server.readAsLinesSync() : [])
          (jsonDecode(line as String) as Map)['key']: jsonDecode(line),
      };
      final known = seen[mutation.key] as Map?;
      final id = known?['id'] as String? ?? 'n${seen.length}';
      if (known == null) {
        server.writeAsStringSync(
          '${jsonEncode({
            'key': mutation.key,
            'id': mutation.kind == 'create' ? id : mutation.entityId,
            'intent': (mutation.payload! as Map)['intent'],
            'on': mutation.kind == 'create' ? null : mutation.entityId,
          })}\n',
          mode: FileMode.append,
          flush: true,
        );
      }
      return SendDone(id: mutation.kind == 'create' ? id : null);
    },
  );
  await queue.open();
  if (work == 'fill') {
    database.execute('CREATE TABLE IF NOT EXISTS app_intent (name TEXT)');
    for (var i = 0; i < 4; i++) {
      final temp = queue.newTempId();
      for (var j = 0; j < 3; j++) {
        final intent = '$pid-$i-$j';
        await queue.enqueue(
          NewMutation(
            type: 'note',
            entityId: temp,
            kind: j == 0 ? 'create' : 'update',
            creates: j == 0,
            payload: {'intent': intent},
          ),
          alongside: [
            Sql('INSERT INTO app_intent VALUES (?)', [intent]),
          ],
        );
      }
    }
  } else {
    await queue.drainQueue(TestWindow());
  }
  audit(database);
  final counts = await queue.counts();
  stdout.writeln('left ${counts.remaining} ${counts.dead}');
  exit(0);
}
