/** In Hermes, what the scenarios of the queue take from Node, or from a file that does. */
import type { Sqlite } from '../../src/queue/sqlite.ts';

declare function ask(text: string): string;

/** What `onTurn` runs. */
export const immediates: (() => void)[] = [];

/** As of `node:timers/promises`. */
export const setImmediate = (): Promise<void> =>
  new Promise((resolve) => void immediates.push(resolve));

/** As of `node:assert/strict`, for rows of a database. */
export function deepEqual(one: unknown, other: unknown): void {
  const [found, expected] = [JSON.stringify(one), JSON.stringify(other)];
  if (found !== expected) throw new Error(`${found} is not ${expected}`);
}

/** What `answerSql` gets, and answers. */
export interface AskedSql {
  readonly database: number;
  readonly method: 'open' | 'run' | 'all' | 'close';
  readonly sql?: string;
  readonly values?: readonly unknown[];
}
export type AnsweredSql = { readonly rows: object[] } | { readonly error: string };

let databases = 0;

export function openTestSqlite(): Sqlite {
  const database = (databases += 1);
  const call = (asked: Omit<AskedSql, 'database'>): object[] => {
    const answered = JSON.parse(ask(JSON.stringify({ database, ...asked }))) as AnsweredSql;
    if ('error' in answered) throw new Error(answered.error);
    return answered.rows;
  };
  call({ method: 'open' });
  return {
    run: (sql, values) => void call({ method: 'run', sql, ...(values && { values }) }),
    all: (sql, values) => call({ method: 'all', sql, ...(values && { values }) }),
    close: () => void call({ method: 'close' }),
  };
}
