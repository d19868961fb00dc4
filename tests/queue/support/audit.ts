import { deepEqual } from 'node:assert/strict';
import type { Sqlite } from '../../../src/queue/sqlite.ts';

/** The graph is whole: edges between what is there, `blockers` their number, states as they demand. */
export function audit(sqlite: Sqlite): void {
  const wrong = sqlite.all(`
    WITH RECURSIVE behind(seq) AS (
      SELECT e.after FROM bgsync_edge e JOIN bgsync_mutation b ON b.seq = e.before WHERE b.state = 4
      UNION SELECT e.after FROM bgsync_edge e JOIN behind ON e.before = behind.seq)
    SELECT seq, state, blockers, edges, parked FROM (
      SELECT seq, state, blockers,
        (SELECT count(*) FROM bgsync_edge WHERE after = m.seq) AS edges,
        m.seq IN (SELECT seq FROM behind) AS parked
      FROM bgsync_mutation m WHERE state <> 6)
    WHERE blockers <> edges
      OR (state IN (0, 1, 3) AND blockers <> 0)
      OR (state = 2 AND blockers = 0)
      OR (state = 5) <> (parked AND state <> 4)`);
  deepEqual(wrong, []);
  const dangling = sqlite.all(
    `SELECT * FROM bgsync_edge WHERE before >= after
      OR before NOT IN (SELECT seq FROM bgsync_mutation) OR after NOT IN (SELECT seq FROM bgsync_mutation)`,
  );
  deepEqual(dangling, []);
}
