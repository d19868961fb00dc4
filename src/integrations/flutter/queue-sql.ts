import { SCHEMA_VERSION, migrationFrom } from '../../../templates/queue/schema.ts';
import * as queue from '../../../templates/queue/statements.ts';
import type { Row } from '../../../templates/queue/statements.ts';
import type { Sql } from '../../../templates/queue/store.ts';
import type { TemplateModel } from '../../templates/model.ts';

/** A row that makes `finish` say all that it can say. */
const row = (entity: string): Row => ({
  seq: 1,
  id: '',
  type: '',
  entity,
  kind: '',
  payload: '',
  base: null,
  creates: 1,
  attempts: 1,
  sent: 0,
  conflicted: 0,
  stale: null,
});

const TEMP_ID = 'tmp_00000000-0000-4000-8000-000000000000';

const mutation = { type: '', entityId: '', kind: '', payload: null, creates: true, priority: 1 };

/** Each list of statements, with the names that the Dart has for them, in order; '' for one that has a name already. */
function lists(): readonly (readonly [readonly Sql[], readonly string[]])[] {
  const { finish, claimNext, takeOut } = queue;
  return [
    [
      queue.enqueue('', mutation, 0),
      [
        'enqueueInsert',
        'enqueueNeeds',
        'enqueueOrder',
        'enqueueCreates',
        'enqueueState',
        'enqueueRaise',
      ],
    ],
    [queue.recover(0, 0), ['recoverInFlight', 'recoverDue', 'recoverAhead', 'deleteGone']],
    [
      [claimNext('', 1, false), claimNext('', 1, true)],
      ['claimFresh', 'claimSuspect'],
    ],
    [
      [[queue.READ_CLAIMED], [queue.READ_GONE], [queue.READ_DEAD], [queue.READ_COUNTS]],
      ['readClaimed', 'readGone', 'readDead', 'readCounts'],
    ],
    [
      finish(row(TEMP_ID), 'a', { version: '', stale: false }, []),
      [
        'finishTempId',
        'finishRename',
        'finishVersion',
        'finishUnblock',
        'finishEdges',
        'finishRow',
      ],
    ],
    [
      finish(row('a'), 'a', { version: '', stale: true }, []),
      ['finishOwnId', 'finishStale', '', '', ''],
    ],
    [queue.bury(1, ''), ['buryDead', 'buryBehind']],
    [queue.release([1], false), ['release']],
    [[queue.postpone(1, 0, '', false)], ['postpone']],
    [queue.countAttempts([1]), ['countAttempts']],
    [queue.waitNoLonger([1], 0), ['waitNoLonger']],
    [[queue.replacePayload(1, '', '', null)], ['replacePayload']],
    [queue.revive(''), ['revive', 'reparkFree', 'reparkBehind']],
    [
      takeOut('', 'dead', ''),
      [
        'takeOutDead',
        'takeOutNeeding',
        'takeOutPath',
        'takeOutBlockers',
        'takeOutEdges',
        'takeOutIds',
        'takeOutFree',
        '',
        '',
      ],
    ],
    [takeOut('', 'unsent', ''), ['takeOutUnsent', '', '', '', '', '', '', '', '']],
  ];
}

/**
 * What the TypeScript queue says to SQLite, for the queue in Dart: taken from its own functions, so that there is one
 * text. A list of values stands as `(?)`.
 *
 * @throws where the TypeScript has another number of statements than the Dart knows
 */
export function queueSql(): Pick<TemplateModel['flutter'], 'statements' | 'migrations'> {
  const statements = lists().flatMap(([list, names]) => {
    if (list.length !== names.length) {
      throw new Error(`${names.join(', ')}: the TypeScript queue has ${list.length} statements`);
    }
    return list.flatMap(([text], at) => {
      const name = names[at] ?? '';
      return name === '' ? [] : [{ name, text }];
    });
  });
  const all = migrationFrom(0).map(([text]) => text);
  const [createMeta = '', ...rest] = all;
  const writeVersion = rest.at(-1) ?? '';
  const steps = Array.from({ length: SCHEMA_VERSION }, (_, from) => {
    const [here, next] = [from, from + 1].map((version) => migrationFrom(version).length - 2);
    const before = rest.length - 1 - (here ?? 0);
    return rest.slice(before, before + (here ?? 0) - (next ?? 0));
  });
  return {
    statements: [
      ...statements,
      { name: 'createMeta', text: createMeta },
      { name: 'writeVersion', text: writeVersion },
    ],
    migrations: steps,
  };
}
