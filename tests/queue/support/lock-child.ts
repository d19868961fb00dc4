/** Has a database locked, until it is killed. */
import { join } from 'node:path';
import { findIn, openSqlite } from '../../../src/queue/sqlite.ts';

const sqlite = openSqlite(process.argv[2]!, {
  find: findIn([join(import.meta.dirname, '../../..')]),
  packageName: 'node-sqlite3-wasm',
});
sqlite.run('CREATE TABLE t (x)');
sqlite.run('INSERT INTO t VALUES (1)');
sqlite.run('BEGIN IMMEDIATE');
sqlite.run('INSERT INTO t VALUES (2)');
process.stdout.write('locked');
process.stdin.resume();
