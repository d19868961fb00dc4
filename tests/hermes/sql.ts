import type { Sqlite } from '../../src/queue/sqlite.ts';
import type { SqlValue } from '../../templates/queue/store.ts';
import { openTestSqlite } from '../queue/support/mortal.ts';
import type { AnsweredSql, AskedSql } from './node.ts';

/** @returns what `ask` of scripts is answered: by the SQLite that the queue's other tests run on. */
export function sqlOfNode(): (text: string) => string {
  const databases = new Map<number, Sqlite>();
  const act = ({ database, method, sql = '', values }: AskedSql): object[] => {
    if (method === 'open') databases.set(database, openTestSqlite(':memory:'));
    const sqlite = databases.get(database);
    if (method === 'close') sqlite?.close();
    if (method === 'run') sqlite?.run(sql, values as SqlValue[] | undefined);
    return method === 'all' ? (sqlite?.all(sql, values as SqlValue[] | undefined) ?? []) : [];
  };
  return (text) => {
    let answered: AnsweredSql;
    try {
      answered = { rows: act(JSON.parse(text) as AskedSql) };
    } catch (error) {
      answered = { error: (error as Error).message };
    }
    return JSON.stringify(answered);
  };
}
