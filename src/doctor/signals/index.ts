import { compareIds } from '../rule.ts';
import { locked, quota, restricted, saver } from './conditions.ts';
import { killed, lateAnswer, mostExpire, overlap, sameDepth, timedOut } from './run-ends.ts';
import { chainEnds, healed, neverRuns, notPermitted, refreshOff, refused } from './schedule.ts';
import { SYSTEM_SIGNALS } from './system.ts';
import type { Signal } from './signal.ts';
import { noHandler, noHost } from './start-up.ts';

/** Everything that doctor looks for in a log, by id. */
export const SIGNALS: readonly Signal[] = [
  killed,
  mostExpire,
  quota,
  restricted,
  timedOut,
  refreshOff,
  notPermitted,
  refused,
  saver,
  healed,
  noHost,
  noHandler,
  neverRuns,
  locked,
  sameDepth,
  lateAnswer,
  overlap,
  chainEnds,
  ...SYSTEM_SIGNALS,
].toSorted((a, b) => compareIds(a.id, b.id));
