/**
 * What the queue writes, as lists of statements that each leave the graph whole: an edge for all that a mutation waits
 * for, `blockers` the number of them, ready only where there is none, parked only behind a dead letter.
 */
import { isTempId, possibleIdsOf } from './ids';
import {
  BLOCKED,
  DEAD,
  GONE,
  IN_FLIGHT,
  PARKED,
  READY,
  WAITING,
} from './schema';
import type { Sql, SqlValue } from './store';
import type { NewMutation } from './types';

/** SQLite takes 999 values in a statement unless it was built otherwise. */
const CHUNK = 500;

const MAX_REASON = 500;

/** As the index of what is held says it: SQLite uses a partial index only where it finds the same words. */
const inState = (state: number): string =>
  `state = ${state} AND state >= ${IN_FLIGHT}`;

/** A row of a mutation, as a drain reads it. */
export interface Row {
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly entity: string;
  readonly kind: string;
  readonly payload: string;
  readonly base: string | null;
  readonly creates: number;
  readonly attempts: number;
  readonly sent: number;
  /** Whether it conflicted, and its payload is what was made of that. */
  readonly conflicted: number;
  /** The version that it had before. */
  readonly stale: string | null;
}

export function chunksOf<T>(list: readonly T[]): T[][] {
  const chunks: T[][] = [];
  for (let at = 0; at < list.length; at += CHUNK) {
    chunks.push(list.slice(at, at + CHUNK));
  }
  return chunks;
}

export const marks = (list: readonly unknown[]): string =>
  list.map(() => '?').join(', ');

/** One statement for each chunk of the numbers; `sql` ends where the list begins. */
const forSeqs = (
  sql: string,
  seqs: readonly number[],
  first: readonly SqlValue[] = [],
): Sql[] =>
  chunksOf(seqs).map(chunk => [
    `${sql} (${marks(chunk)})`,
    [...first, ...chunk],
  ]);

/** All that waits behind the mutations of the first SELECT, however far. */
const behind = (first: string): string => `WITH RECURSIVE later(seq) AS (
    ${first}
    UNION SELECT e.after FROM bgsync_edge e JOIN later ON e.before = later.seq)`;

/** @param now epoch milliseconds */
export function enqueue(key: string, m: NewMutation, now: number): Sql[] {
  const priority = m.priority ?? 0;
  const needed = [m.entityId, ...(m.needs ?? []), ...possibleIdsOf(m.payload)];
  const statements: Sql[] = [
    [
      // An edit made after the server named the entity belongs to the same order as those made before.
      `INSERT INTO bgsync_mutation (id, type, entity, kind, payload, base, creates, priority, state, created)
        VALUES (?, ?, COALESCE((SELECT server FROM bgsync_id WHERE temp = ?), ?), ?, ?, ?, ?, ?, ${BLOCKED}, ?)`,
      [
        key,
        m.type,
        m.entityId,
        m.entityId,
        m.kind,
        JSON.stringify(m.payload ?? null),
        m.version ?? null,
        m.creates === true ? 1 : 0,
        priority,
        now,
      ],
    ],
    ...chunksOf([...new Set(needed)]).map((chunk): Sql => [
      `INSERT OR IGNORE INTO bgsync_edge (before, after, need)
          SELECT i.creator, m.seq, 1 FROM bgsync_mutation m JOIN bgsync_id i
          WHERE m.id = ? AND i.server IS NULL AND i.creator IS NOT NULL AND i.temp IN (${marks(chunk)})`,
      [key, ...chunk],
    ]),
    [
      `INSERT OR IGNORE INTO bgsync_edge (before, after, need)
        SELECT p.seq, m.seq, 0 FROM bgsync_mutation m JOIN bgsync_mutation p ON p.seq = (
          SELECT seq FROM bgsync_mutation
          WHERE type = m.type AND entity = m.entity AND seq < m.seq AND state <> ${GONE}
          ORDER BY seq DESC LIMIT 1)
        WHERE m.id = ?`,
      [key],
    ],
  ];
  if (m.creates === true) {
    // Of two that create the same entity the first gives it its id, and what needs that waits for the first.
    statements.push([
      `INSERT OR REPLACE INTO bgsync_id (temp, creator) SELECT m.entity, m.seq FROM bgsync_mutation m
        WHERE m.id = ? AND NOT EXISTS (SELECT 1 FROM bgsync_id i WHERE i.temp = m.entity
          AND (i.server IS NOT NULL OR EXISTS (SELECT 1 FROM bgsync_mutation c WHERE c.seq = i.creator)))`,
      [key],
    ]);
  }
  statements.push([
    `UPDATE bgsync_mutation SET
        blockers = (SELECT count(*) FROM bgsync_edge WHERE after = bgsync_mutation.seq),
        state = CASE
          WHEN NOT EXISTS (SELECT 1 FROM bgsync_edge WHERE after = bgsync_mutation.seq) THEN ${READY}
          WHEN EXISTS (SELECT 1 FROM bgsync_edge e JOIN bgsync_mutation b ON b.seq = e.before
            WHERE e.after = bgsync_mutation.seq AND b.state IN (${DEAD}, ${PARKED})) THEN ${PARKED}
          ELSE ${BLOCKED} END
      WHERE id = ?`,
    [key],
  ]);
  if (priority > 0) {
    // What has this priority already was raised with all that it waits for.
    statements.push([
      `WITH RECURSIVE first(seq) AS (
          SELECT e.before FROM bgsync_edge e JOIN bgsync_mutation m ON m.seq = e.after WHERE m.id = ?
          UNION SELECT e.before FROM first JOIN bgsync_mutation m ON m.seq = first.seq
            JOIN bgsync_edge e ON e.after = first.seq WHERE m.priority < ?)
        UPDATE bgsync_mutation SET priority = ? WHERE priority < ? AND seq IN (SELECT seq FROM first)`,
      [key, priority, priority, priority],
    ]);
  }
  return statements;
}

/**
 * What a drain begins with: what the last one left on its way has an unknown outcome, and comes last from now on;
 * what has waited long enough is ready; what was about to be deleted is.
 *
 * @param now epoch milliseconds
 * @param longest milliseconds that a mutation ever waits: what is due later was written by a clock that ran ahead
 */
export const recover = (now: number, longest: number): Sql[] => [
  [
    `UPDATE bgsync_mutation
      SET state = ${READY}, sent = 1, crashes = crashes + 1, strikes = strikes + 1, claim = NULL
      WHERE ${inState(IN_FLIGHT)}`,
  ],
  [
    `UPDATE bgsync_mutation SET state = ${READY} WHERE state = ${WAITING} AND due <= ?`,
    [now],
  ],
  [
    `UPDATE bgsync_mutation SET state = ${READY} WHERE state = ${WAITING} AND due > ?`,
    [now + longest],
  ],
  deleteGone(),
];

/**
 * Marks the next items as on their way, which is written before they are sent.
 *
 * @param claim under which they are read back
 * @param suspects those that were on their way when a process died, instead of those that were not
 */
export const claimNext = (
  claim: string,
  limit: number,
  suspects: boolean,
): Sql => [
  `UPDATE bgsync_mutation SET state = ${IN_FLIGHT}, attempts = attempts + 1, claim = ?
    WHERE seq IN (SELECT seq FROM bgsync_mutation WHERE state = ${READY} AND crashes ${suspects ? '> 0' : '= 0'}
      ORDER BY strikes, priority DESC, seq LIMIT ?)`,
  [claim, limit],
];

export const READ_CLAIMED = `SELECT seq, id, type, entity, kind, payload, base, creates, attempts, sent, conflicted, stale
  FROM bgsync_mutation WHERE ${inState(IN_FLIGHT)} AND claim = ? ORDER BY strikes, priority DESC, seq`;

/**
 * What the next mutation of the same entity is to be sent on.
 * - `version`: the one that this mutation made, so that two edits made offline do not conflict with each other
 * - `stale`: this one conflicted, and the next was made without knowledge of what the other side did. On the new
 *   version it would overwrite that unseen; so it conflicts in its turn
 */
export interface Carried {
  readonly version: string | null;
  readonly stale: boolean;
}

/**
 * The server has it: it leaves the queue, and what waited for it moves up, in one transaction with the id that the
 * server gave; so there is no time at which one is known without the other.
 *
 * @param entity the server's id of the entity
 */
export function finish(
  row: Row,
  entity: string,
  carried: Carried,
  more: readonly Sql[],
): Sql[] {
  const statements: Sql[] = [];
  if (row.creates === 1) {
    statements.push(
      isTempId(row.entity)
        ? [
            'UPDATE bgsync_id SET server = ?, creator = NULL WHERE temp = ? AND creator = ?',
            [entity, row.entity, row.seq],
          ]
        : [
            'DELETE FROM bgsync_id WHERE temp = ? AND creator = ?',
            [row.entity, row.seq],
          ],
    );
    if (entity !== row.entity) {
      statements.push([
        'UPDATE bgsync_mutation SET entity = ? WHERE type = ? AND entity = ?',
        [entity, row.type, row.entity],
      ]);
    }
  }
  if (carried.version !== null) {
    statements.push([
      `UPDATE bgsync_mutation SET base = ${carried.stale ? 'COALESCE(base, ?)' : '?'} WHERE seq = (SELECT seq FROM bgsync_mutation
        WHERE type = ? AND entity = ? AND seq > ? AND state <> ${GONE} ORDER BY seq LIMIT 1)`,
      [carried.version, row.type, entity, row.seq],
    ]);
  }
  statements.push(
    [
      `UPDATE bgsync_mutation SET blockers = blockers - 1,
          state = CASE WHEN state = ${BLOCKED} AND blockers = 1 THEN ${READY} ELSE state END
        WHERE seq IN (SELECT after FROM bgsync_edge WHERE before = ?)`,
      [row.seq],
    ],
    ['DELETE FROM bgsync_edge WHERE before = ?', [row.seq]],
    ['DELETE FROM bgsync_mutation WHERE seq = ?', [row.seq]],
    ...more,
  );
  return statements;
}

/** A dead letter; all that depends on it is parked. */
export const bury = (seq: number, reason: string): Sql[] => [
  [
    `UPDATE bgsync_mutation SET state = ${DEAD}, error = ?, claim = NULL WHERE seq = ?`,
    [reason.slice(0, MAX_REASON), seq],
  ],
  [
    `${behind('SELECT after FROM bgsync_edge WHERE before = ?')}
      UPDATE bgsync_mutation SET state = ${PARKED} WHERE state <> ${DEAD} AND seq IN (SELECT seq FROM later)`,
    [seq],
  ],
];

/** Back to where it was before the window: it was not its fault. `maybeSent` where the server may have got it. */
export const release = (seqs: readonly number[], maybeSent: boolean): Sql[] =>
  forSeqs(
    `UPDATE bgsync_mutation SET state = ${READY}, attempts = max(0, attempts - 1), claim = NULL,
      sent = max(sent, ?) WHERE state = ${IN_FLIGHT} AND seq IN`,
    seqs,
    [maybeSent ? 1 : 0],
  );

/**
 * It failed: it comes after those that did not, and not before `due`. The attempt counts only once the window has
 * shown that the server is there: {@link countAttempts}.
 */
export const postpone = (
  seq: number,
  due: number,
  reason: string,
  maybeSent: boolean,
): Sql => [
  `UPDATE bgsync_mutation SET state = ${WAITING}, attempts = max(0, attempts - 1), strikes = strikes + 1,
    due = ?, error = ?, sent = max(sent, ?), claim = NULL WHERE seq = ?`,
  [due, reason.slice(0, MAX_REASON), maybeSent ? 1 : 0, seq],
];

export const countAttempts = (seqs: readonly number[]): Sql[] =>
  forSeqs(
    'UPDATE bgsync_mutation SET attempts = attempts + 1 WHERE seq IN',
    seqs,
  );

/** No server was there: the next window, whenever it comes, may try again at once. */
export const waitNoLonger = (seqs: readonly number[], now: number): Sql[] =>
  forSeqs(
    `UPDATE bgsync_mutation SET due = ? WHERE state = ${WAITING} AND seq IN`,
    seqs,
    [now],
  );

/** The conflict was settled with another payload: under the old key the server would repeat its old answer. */
export const replacePayload = (
  seq: number,
  key: string,
  payload: string,
  base: string | null,
): Sql => [
  `UPDATE bgsync_mutation SET id = ?, payload = ?, base = ?, sent = 0,
    stale = CASE WHEN conflicted = 1 THEN stale ELSE base END, conflicted = 1 WHERE seq = ?`,
  [key, payload, base, seq],
];

/** Parked is what stands behind a dead letter, and nothing else. */
const repark = (): Sql[] => [
  [
    `UPDATE bgsync_mutation SET state = CASE WHEN blockers = 0 THEN ${READY} ELSE ${BLOCKED} END
      WHERE state = ${PARKED}`,
  ],
  [
    `${behind(`SELECT e.after FROM bgsync_edge e JOIN bgsync_mutation b ON b.seq = e.before WHERE b.state = ${DEAD}`)}
      UPDATE bgsync_mutation SET state = ${PARKED} WHERE state = ${BLOCKED} AND seq IN (SELECT seq FROM later)`,
  ],
];

/** A dead letter gets another chance, as if it were new. */
export const revive = (key: string): Sql[] => [
  [
    `UPDATE bgsync_mutation SET state = CASE WHEN blockers = 0 THEN ${READY} ELSE ${BLOCKED} END,
      attempts = 0, crashes = 0, strikes = 0, error = NULL WHERE id = ? AND state = ${DEAD}`,
    [key],
  ],
  ...repark(),
];

/**
 * Takes a mutation out, and all that needs the id of what it would have created. What only came after it in the order
 * of its entity stays, behind what the removed ones waited for. The removed rows are left as GONE under `claim`, to be
 * named, and then deleted.
 *
 * @param of `dead`: a dead letter; `unsent`: only what was never sent
 */
export const takeOut = (
  key: string,
  of: 'dead' | 'unsent',
  claim: string,
): Sql[] => [
  [
    `UPDATE bgsync_mutation SET state = ${GONE}, claim = ? WHERE id = ? AND ${
      of === 'dead'
        ? `state = ${DEAD}`
        : `state IN (${READY}, ${WAITING}, ${BLOCKED}, ${PARKED}) AND sent = 0 AND strikes = 0`
    }`,
    [claim, key],
  ],
  [
    `WITH RECURSIVE needing(seq) AS (
        SELECT seq FROM bgsync_mutation WHERE ${inState(GONE)} AND claim = ?
        UNION SELECT e.after FROM bgsync_edge e JOIN needing ON e.before = needing.seq WHERE e.need = 1)
      UPDATE bgsync_mutation SET state = ${GONE}, claim = ? WHERE seq IN (SELECT seq FROM needing)`,
    [claim, claim],
  ],
  [
    `WITH RECURSIVE path(before, seq) AS (
        SELECT e.before, e.after FROM bgsync_edge e
          JOIN bgsync_mutation a ON a.seq = e.after AND a.state = ${GONE}
          JOIN bgsync_mutation b ON b.seq = e.before AND b.state <> ${GONE}
        UNION SELECT path.before, e.after FROM path
          JOIN bgsync_mutation g ON g.seq = path.seq AND g.state = ${GONE}
          JOIN bgsync_edge e ON e.before = path.seq)
      INSERT OR IGNORE INTO bgsync_edge (before, after, need)
        SELECT path.before, path.seq, 0 FROM path
          JOIN bgsync_mutation m ON m.seq = path.seq WHERE m.state <> ${GONE}`,
  ],
  [
    `UPDATE bgsync_mutation SET blockers = (SELECT count(*) FROM bgsync_edge e
          JOIN bgsync_mutation b ON b.seq = e.before WHERE e.after = bgsync_mutation.seq AND b.state <> ${GONE})
      WHERE seq IN (SELECT e.after FROM bgsync_edge e
        JOIN bgsync_mutation b ON b.seq = e.before WHERE b.state = ${GONE})`,
  ],
  [
    `DELETE FROM bgsync_edge WHERE before IN (SELECT seq FROM bgsync_mutation WHERE ${inState(GONE)})
      OR after IN (SELECT seq FROM bgsync_mutation WHERE ${inState(GONE)})`,
  ],
  [
    `DELETE FROM bgsync_id WHERE creator IN (SELECT seq FROM bgsync_mutation WHERE ${inState(GONE)})`,
  ],
  [
    `UPDATE bgsync_mutation SET state = ${READY} WHERE state = ${BLOCKED} AND blockers = 0`,
  ],
  ...repark(),
];

export const READ_GONE = `SELECT id FROM bgsync_mutation WHERE ${inState(GONE)} AND claim = ? ORDER BY seq`;

export const READ_DEAD = `SELECT id, type, entity, kind, payload, error, attempts, created FROM bgsync_mutation
  WHERE ${inState(DEAD)} ORDER BY seq`;

/** Counted without a look at each row: the table's own count, and the few that are held. */
export const READ_COUNTS = `SELECT
  (SELECT count(*) FROM bgsync_mutation) AS total,
  (SELECT count(*) FROM bgsync_mutation WHERE ${inState(DEAD)}) AS dead,
  (SELECT count(*) FROM bgsync_mutation WHERE ${inState(PARKED)}) AS parked,
  (SELECT count(*) FROM bgsync_mutation WHERE ${inState(GONE)}) AS gone`;

export const deleteGone = (): Sql => [
  `DELETE FROM bgsync_mutation WHERE ${inState(GONE)}`,
];
