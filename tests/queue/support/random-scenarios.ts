import fc from 'fast-check';
import { playScenario } from './scenario.ts';
import type { Scenario, ScenarioAnswer, ScenarioStep } from './scenario.ts';

const ENTITIES = ['$s', '$t', 'note-for-good', 'a', 'b', 'c', 'd'];
const MINUTES = 60_000;

const version = fc.constantFrom({}, { version: 'v1' }, { version: 'v2' });
const answer: fc.Arbitrary<ScenarioAnswer> = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom({ status: 'done', id: '7' } as const) },
      fc.constantFrom(
        { status: 'done' } as const,
        { status: 'retry', message: 'HTTP 503' } as const,
        { status: 'retry', afterMs: 90_500 } as const,
        { status: 'reject', message: 'HTTP 422' } as const,
        { status: 'conflict', remote: { title: 'x', more: 1 }, id: '8' } as const,
        { status: 'stop', outcome: 'retry', afterMs: 5000 } as const,
        { throws: 'no network' },
        { throws: 'no network', closes: true } as const,
        { hangs: true } as const,
      ),
    ),
    version,
  )
  .map(([one, on]) =>
    'status' in one && (one.status === 'done' || one.status === 'conflict')
      ? { ...one, ...on }
      : one,
  );

const enqueue = fc
  .record({
    entityId: fc.constantFrom(...ENTITIES),
    more: fc.constantFrom({}, {}, {}, { payload: { parent: '$s' } }, { payload: { $t: ['b'] } }),
    priority: fc.constantFrom(0, 0, 0, 3),
    needs: fc.constantFrom([], [], [], ['$t']),
    on: version,
  })
  .map(({ entityId, more, on, ...mutation }): ScenarioStep => ({
    enqueue: { type: 'note', entityId, kind: 'update', payload: 'x', ...mutation, ...more, ...on },
  }));
const creations = ['$s', '$t', 'note-for-good'].map((entityId): ScenarioStep => ({
  enqueue: { type: 'note', entityId, kind: 'create', creates: true, payload: { title: 'x' } },
}));

const answers = fc.dictionary(
  fc.constantFrom(...ENTITIES, '7', '8'),
  fc.array(answer, { minLength: 1, maxLength: 4 }),
  { minKeys: 3, maxKeys: 7 },
);
const drain = fc
  .record(
    {
      answers,
      every: fc.constantFrom(
        { status: 'done', id: '9' } as const,
        { status: 'done', id: '9' } as const,
        { throws: 'no network' },
      ),
      lastFirst: fc.constant(true as const),
      closesAfter: fc.integer({ min: 1, max: 4 }),
    },
    { requiredKeys: ['answers', 'every'] },
  )
  .map((one): ScenarioStep => ({ drain: one }));

const label = fc.nat(9).map((n) => `k${n + 1}`);
const step = fc.oneof(
  { weight: 8, arbitrary: enqueue },
  fc.constantFrom(...creations),
  { weight: 5, arbitrary: drain },
  fc.constantFrom(1, 2 * MINUTES, 24 * 60 * MINUTES).map((wait): ScenarioStep => ({ wait })),
  label.map((retry): ScenarioStep => ({ retry })),
  label.map((discard): ScenarioStep => ({ discard })),
  label.map((cancel): ScenarioStep => ({ cancel })),
);

const resolution = fc.constantFrom(
  'remote-wins' as const,
  'reject' as const,
  { payload: { title: 'merged' } },
  { payload: { title: 'again' } },
  { payload: { parent: '$t' }, version: 'v9' },
  { throws: 'no rule' },
);
export const scenario = fc.record(
  {
    steps: fc
      .tuple(
        fc.constantFrom(creations, creations, []),
        fc.array(step, { minLength: 8, maxLength: 25 }),
      )
      .map(([first, then]) => [...first, ...then, { drain: {} }]),
    concurrency: fc.constantFrom(1, 2, 4),
    maxAttempts: fc.constantFrom(2, 20, 20),
    random: fc.constantFrom(0, 0.3, 0.999),
    onApplied: fc.constant('writes' as const),
    resolve: fc.dictionary(
      fc.constantFrom(...ENTITIES, '7', '8', '9'),
      fc.array(resolution, { minLength: 1, maxLength: 3 }),
      { minKeys: 4 },
    ),
  },
  { requiredKeys: ['steps', 'concurrency'] },
);

/** Lives of a queue that nobody thought of, as the TypeScript queue lives them. */
export async function randomScenarios(count: number, seed: number): Promise<Scenario[]> {
  const played: Scenario[] = [];
  for (const [at, one] of fc.sample(scenario, { numRuns: count, seed }).entries()) {
    played.push(await playScenario({ name: `seed ${seed}, number ${at + 1}`, ...one }));
  }
  return played;
}
