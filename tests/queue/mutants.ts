/** Faults that the queue's tests must see: each is one that a queue of this kind had, here or elsewhere. */
export interface Mutant {
  readonly fault: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export const MUTANTS: readonly Mutant[] = [
  {
    fault: 'what needs an id does not wait for its creation',
    file: 'statements.ts',
    from: 'AND i.creator IS NOT NULL AND i.temp IN',
    to: 'AND i.creator IS NULL AND i.temp IN',
  },
  {
    fault: 'waiting edits keep the temporary id of their entity',
    file: 'statements.ts',
    from: "'UPDATE bgsync_mutation SET entity = ? WHERE type = ? AND entity = ?'",
    to: "'UPDATE bgsync_mutation SET entity = coalesce(entity, ?) WHERE type = ? AND entity = ?'",
  },
  {
    fault: 'an edit made after the mapping starts an order of its own',
    file: 'statements.ts',
    from: 'COALESCE((SELECT server FROM bgsync_id WHERE temp = ?), ?)',
    to: 'COALESCE((SELECT server FROM bgsync_id WHERE temp = ? AND 0), ?)',
  },
  {
    fault: 'the new version does not reach the next edit',
    file: 'statements.ts',
    from: 'if (carried.version !== null) {',
    to: 'if (carried.version !== null && carried.stale) {',
  },
  {
    fault: 'each try has a new key',
    file: 'drain.ts',
    from: '        key,\n        type: row.type,',
    to: '        key: this.context.uuid(),\n        type: row.type,',
  },
  {
    fault: 'what failed does not let the others go first',
    file: 'statements.ts',
    from: 'attempts = max(0, attempts - 1), strikes = strikes + 1,',
    to: 'attempts = max(0, attempts - 1), strikes = strikes,',
  },
  {
    fault: 'the mapping and the removal are two transactions',
    file: 'drain.ts',
    from: '      this.store.batch(finish(row, entity, carried, more));',
    to: `{
        const all = finish(row, entity, carried, more);
        return this.store.batch(all.slice(2)).then(() => this.store.batch(all.slice(0, 2)));
      };`,
  },
  {
    fault: 'only what stands directly behind a dead letter is parked',
    file: 'statements.ts',
    from: "${behind('SELECT after FROM bgsync_edge WHERE before = ?')}",
    to: 'WITH later(seq) AS (SELECT after FROM bgsync_edge WHERE before = ?)',
  },
  {
    fault: 'what was on its way when a process died stays so',
    file: 'statements.ts',
    from: '      SET state = ${READY}, sent = 1, crashes',
    to: '      SET state = ${IN_FLIGHT}, sent = 1, crashes',
  },
  {
    fault: 'a closing window counts as a failure',
    file: 'drain.ts',
    from: 'if (this.signal.aborted) {\n      // The window',
    to: 'if (this.signal.aborted && row.seq < 0) {\n      // The window',
  },
  {
    fault: 'a payload that changed keeps its key',
    file: 'drain.ts',
    from: '      key = this.context.uuid();',
    to: '      key = row.id;',
  },
  {
    fault: 'the next edit inherits the version of a merge and overwrites the other side',
    file: 'drain.ts',
    from: '      conflicted = true;',
    to: '      conflicted = row.conflicted === 1;',
  },
  {
    fault: 'an outage counts against each item',
    file: 'drain.ts',
    from: 'if (this.delivered + this.refused === 0) {',
    to: 'if (this.failed.length === 0) {',
  },
  {
    fault: 'the back-off does not grow',
    file: 'drain.ts',
    from: 'FIRST_BACKOFF_MS * 2 ** Math.min(row.attempts - 1, 20),',
    to: 'FIRST_BACKOFF_MS * 2 ** Math.min(row.attempts - 1, 0),',
  },
  {
    fault: 'what the server asked for is forgotten where nothing got through',
    file: 'drain.ts',
    from: 'if (asked === 0) {',
    to: 'if (asked >= 0) {',
  },
  {
    fault: 'a second creation of an entity takes the place of the first',
    file: 'statements.ts',
    from: '(i.server IS NOT NULL OR EXISTS (SELECT 1 FROM bgsync_mutation c WHERE c.seq = i.creator)))',
    to: '(i.server IS NOT NULL))',
  },
  {
    fault: 'discarding takes all that came after, needed or not',
    file: 'statements.ts',
    from: 'ON e.before = needing.seq WHERE e.need = 1)',
    to: 'ON e.before = needing.seq)',
  },
  {
    fault: 'an item is sent though it was cancelled while it was claimed',
    file: 'statements.ts',
    from: 'state IN (${READY}, ${WAITING}, ${BLOCKED}, ${PARKED}) AND sent = 0 AND strikes = 0',
    to: 'state <> ${DEAD}',
  },
  {
    fault: 'a drain reads the whole queue to find what was on its way',
    file: 'statements.ts',
    from: '`state = ${state} AND state >= ${IN_FLIGHT}`',
    to: '`state = ${state}`',
  },
  {
    fault: 'two drains at once',
    file: 'queue.ts',
    from: 'const result = this.drains.then(drain, drain);',
    to: 'const result = drain();',
  },
  {
    fault: 'a send that never comes back holds up each later drain',
    file: 'drain.ts',
    from: "      signal.addEventListener('abort', end);\n",
    to: '',
  },
  {
    fault: 'an answer that comes just after the window closed is thrown away',
    file: 'drain.ts',
    from: 'this.grace.abort(), GRACE_MS)',
    to: 'this.grace.abort(), 0 * GRACE_MS)',
  },
  {
    fault: 'a resolve that the end of the window cut off buries its mutation',
    file: 'drain.ts',
    from: "      return this.signal.aborted\n        ? 'no-time'",
    to: "      return this.signal.aborted && mutation.attempts < 0\n        ? 'no-time'",
  },
  {
    fault: 'an answer that is none ends the drain',
    file: 'drain.ts',
    from: 'const answer = readSendResult(answered);',
    to: 'const answer = answered as SendResult;',
  },
  {
    fault: 'a database that cannot be encrypted is used',
    file: 'store.ts',
    from: '      await requireEncryption(connection);',
    to: '      void requireEncryption(connection).catch(() => undefined);',
  },
  {
    fault: 'a new key is made over a database whose key is gone',
    file: 'store.ts',
    from: 'if (!(await isEmpty(await unkeyed()))) {',
    to: 'if (!(await isEmpty(await unkeyed())) && kept !== null) {',
  },
];
