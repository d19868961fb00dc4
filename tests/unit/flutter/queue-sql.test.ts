import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { queueSql } from '../../../src/integrations/flutter/queue-sql.ts';

const QUEUE = new URL('../../../templates/queue/', import.meta.url);
const DART = new URL('../../../templates/flutter-queue/lib/src/queue/', import.meta.url);
/** How the TypeScript queue writes a list of values into its SQL. */
const MARKS = '(${marks(chunk)})';

/** A text in which only its words count, and the state of what is ready as a number. */
const flat = (source: string): string => source.replaceAll('${READY}', '0').replaceAll(/\s+/g, ' ');

const text = (base: URL, name: string): string => readFileSync(new URL(name, base), 'utf8');

test('each text has a name of its own, which the Dart uses, and no other', () => {
  const names = queueSql().statements.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const dart = ['drain', 'queue', 'statements'].map((name) => text(DART, `${name}.dart`)).join('');
  const used = new Set([...dart.matchAll(/\bsql\.(\w+)/g)].map(([, name]) => name));
  used.delete('dart');
  used.delete('migrations');
  expect([...used].sort()).toEqual([...names].sort());
});

test('the schema of each version is whole', () => {
  const { migrations } = queueSql();
  expect(migrations.every((version) => version.length > 0)).toBe(true);
  expect(migrations.flat().filter((sql) => sql.includes('bgsync_meta'))).toEqual([]);
});

test('what the TypeScript says where it uses it, the Dart says in the same words', () => {
  const typescript = flat(['queue.ts', 'drain.ts'].map((name) => text(QUEUE, name)).join('\n'));
  const dart = text(DART, 'statements.dart');
  const own = [...dart.matchAll(/^const read\w+ =\s+((?:(?:'[^'\n]*'|"[^"\n]*")\s*)+);/gm)].map(
    ([, literal = '']) =>
      [...literal.matchAll(/'([^'\n]*)'(?!\w)|"([^"\n]*)"/g)]
        .map(([, single, double]) => single ?? double ?? '')
        .join(''),
  );
  expect(own).toHaveLength(5);
  for (const sql of own) expect(typescript).toContain(flat(sql.replace('(?)', MARKS)));
});
