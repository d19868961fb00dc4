/**
 * The queue's tables. Plain SQL of SQLite 3.9, so that Android's own SQLite runs it too. A later version of it is a
 * further entry of MIGRATIONS; what is there never changes, for databases that were made with it are on phones.
 */
import type { Sql } from './store';

/** `state` of a mutation. What is numbered DEAD or higher does not count as remaining. */
export const READY = 0;
/** After a failure, until `due`. */
export const WAITING = 1;
/** Behind others that must go first: `blockers` of them. */
export const BLOCKED = 2;
/** Written before it is sent. Found by the next drain, its outcome is unknown. */
export const IN_FLIGHT = 3;
/** A dead letter: the server refused it, or it failed too often. */
export const DEAD = 4;
/** Behind a dead letter. */
export const PARKED = 5;
/** Discarded or cancelled, and about to be deleted. */
export const GONE = 6;

const VERSION_1: readonly Sql[] = [
  // AUTOINCREMENT: a number that was deleted never comes back, so an edge cannot point at a stranger.
  [
    `CREATE TABLE IF NOT EXISTS bgsync_mutation (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      type TEXT NOT NULL,
      entity TEXT NOT NULL,
      kind TEXT NOT NULL,
      payload TEXT NOT NULL,
      base TEXT,
      creates INTEGER NOT NULL,
      priority INTEGER NOT NULL,
      state INTEGER NOT NULL,
      blockers INTEGER NOT NULL DEFAULT 0,
      attempts INTEGER NOT NULL DEFAULT 0,
      sent INTEGER NOT NULL DEFAULT 0,
      crashes INTEGER NOT NULL DEFAULT 0,
      strikes INTEGER NOT NULL DEFAULT 0,
      due INTEGER NOT NULL DEFAULT 0,
      created INTEGER NOT NULL,
      conflicted INTEGER NOT NULL DEFAULT 0,
      stale TEXT,
      claim TEXT,
      error TEXT
    )`,
  ],
  // The two in which a drain looks for its next items: the first rows of an index, however deep the queue.
  [
    `CREATE INDEX IF NOT EXISTS bgsync_ready ON bgsync_mutation (strikes, priority DESC, seq)
      WHERE state = ${READY} AND crashes = 0`,
  ],
  [
    `CREATE INDEX IF NOT EXISTS bgsync_suspect ON bgsync_mutation (strikes, priority DESC, seq)
      WHERE state = ${READY} AND crashes > 0`,
  ],
  [
    `CREATE INDEX IF NOT EXISTS bgsync_due ON bgsync_mutation (due) WHERE state = ${WAITING}`,
  ],
  [
    `CREATE INDEX IF NOT EXISTS bgsync_held ON bgsync_mutation (state) WHERE state >= ${IN_FLIGHT}`,
  ],
  [
    'CREATE INDEX IF NOT EXISTS bgsync_entity ON bgsync_mutation (type, entity, seq)',
  ],
  // `after` waits for `before`. `need`: it needs the id of what `before` creates; else it is only the order of one entity.
  [
    `CREATE TABLE IF NOT EXISTS bgsync_edge (
      before INTEGER NOT NULL,
      after INTEGER NOT NULL,
      need INTEGER NOT NULL,
      PRIMARY KEY (before, after)
    ) WITHOUT ROWID`,
  ],
  ['CREATE INDEX IF NOT EXISTS bgsync_edge_after ON bgsync_edge (after)'],
  [
    `CREATE TABLE IF NOT EXISTS bgsync_id (
      temp TEXT PRIMARY KEY,
      server TEXT,
      creator INTEGER
    ) WITHOUT ROWID`,
  ],
  ['CREATE INDEX IF NOT EXISTS bgsync_id_creator ON bgsync_id (creator)'],
];

const MIGRATIONS: readonly (readonly Sql[])[] = [VERSION_1];

export const SCHEMA_VERSION = MIGRATIONS.length;

/**
 * What brings a database to this version: one batch, which may run twice without harm.
 *
 * @param from its version, 0 where it has no tables of the queue
 */
export function migrationFrom(from: number): readonly Sql[] {
  return [
    [
      'CREATE TABLE IF NOT EXISTS bgsync_meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID',
    ],
    ...MIGRATIONS.slice(from).flat(),
    [
      "INSERT OR REPLACE INTO bgsync_meta (name, value) VALUES ('version', ?)",
      [SCHEMA_VERSION],
    ],
  ];
}
