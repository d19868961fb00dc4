import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type {
  Applied,
  Mutation,
  Resolution,
  SendResult,
  Sql,
} from '../../templates/queue/index.ts';
import { SyncQueue, mergeFields, resultOf } from '../../templates/queue/index.ts';
import { audit } from './support/audit.ts';
import { Death, Mortal, afterDeath, openTestSqlite } from './support/mortal.ts';
import { NotesServer, responseOf } from './support/notes-server.ts';

// Not from tests/property: the mutants are tried in a copy of this folder.
const numRuns = Number(process.env.BGSYNC_PROPERTY_RUNS ?? 100);

const HOURS = 3_600_000;

type Fields = Record<string, unknown>;

interface Payload {
  readonly intent: string;
  readonly refs: string[];
  readonly base: Fields;
  readonly mine: Fields;
}

/** What the world does to a mutation. All but the last two happen to its first try only. */
const fates = [
  'arrives',
  'arrives',
  'arrives',
  'answer lost',
  'no network',
  '503',
  'other writes first',
  'refused',
  'bug',
] as const;

const POISON: readonly string[] = ['refused', 'bug'];

const operation = fc.record({
  entity: fc.nat(5),
  ref: fc.option(fc.nat(5)),
  priority: fc.constantFrom(0, 0, 0, 1, 5),
  fate: fc.constantFrom(...fates),
  /** Microtasks that pass before the request arrives, and before its answer does. */
  delays: fc.tuple(fc.nat(3), fc.nat(3)),
  otherWrites: fc.boolean(),
  /** After it, a window of so many items. */
  window: fc.option(fc.nat(4), { freq: 5 }),
  /** The process dies after so many ticks of what comes next: the enqueue, or the window. */
  death: fc.option(fc.record({ inEnqueue: fc.boolean(), ticks: fc.nat(60) }), { freq: 4 }),
});
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

interface Intent extends Operation {
  readonly name: string;
  readonly temp: string;
  readonly needs: readonly string[];
}

const seen = { cases: 0, deaths: 0, dead: 0, merges: 0, lost: 0 };
afterAll(() => {
  if (numRuns >= 1_000) console.log('invariants:', JSON.stringify(seen));
  // A property that never meets what it is about proves nothing.
  if (numRuns >= 100) {
    for (const [name, count] of Object.entries(seen)) {
      expect(count, name).toBeGreaterThan(numRuns / 20);
    }
  }
});

/** One app, its server, and its database, over many processes. */
class World {
  readonly sqlite = openTestSqlite(':memory:');
  readonly server = new NotesServer();
  readonly intents: Intent[] = [];
  private readonly tried = new Set<string>();
  private readonly temps = new Map<number, string>();
  private readonly tempOf = new Map<string, string>();
  private process = new Mortal(this.sqlite);
  private queue = this.start();
  private uuids = 0;
  private now = 1_000_000;

  private readonly random: () => number;

  constructor(random: () => number) {
    this.random = random;
    this.sqlite.run('CREATE TABLE app_intent (name TEXT PRIMARY KEY)');
    this.sqlite.run('CREATE TABLE app_note (id TEXT PRIMARY KEY, fields TEXT, version TEXT)');
  }

  /** The app's own row of a note. */
  private note(temp: string): { fields: Fields; version: string | null } | undefined {
    const [row] = this.sqlite.all('SELECT fields, version FROM app_note WHERE id = ?', [temp]);
    const { fields, version } = (row ?? {}) as { fields?: string; version?: string };
    return fields === undefined
      ? undefined
      : { fields: JSON.parse(fields) as Fields, version: version ?? null };
  }

  /** The app takes over what the server has now, under what the user has changed since. */
  private onApplied(mutation: Mutation, { tempId, entityId, version }: Applied): Sql[] {
    if (tempId !== null) this.tempOf.set(entityId, tempId);
    const temp = this.tempOf.get(entityId)!;
    const { mine } = mutation.payload as Payload;
    const fields = JSON.stringify({ ...mine, ours: this.note(temp)?.fields.ours });
    return [['UPDATE app_note SET fields = ?, version = ? WHERE id = ?', [fields, version, temp]]];
  }

  private start(): SyncQueue {
    return new SyncQueue({
      store: this.process.store,
      concurrency: 3,
      maxAttempts: 8,
      now: () => this.now,
      random: () => this.random(),
      uuid: () => `00000000-0000-4000-8000-${String((this.uuids += 1)).padStart(12, '0')}`,
      send: (mutation, signal) => this.send(mutation, signal),
      resolve: (mutation, remote) => this.resolve(mutation, remote),
      onApplied: (mutation, applied) => this.onApplied(mutation, applied),
    });
  }

  /** Runs something in the process, which may die of it; the next one finds what is on the disk. */
  private async live(ticks: number | undefined, work: () => Promise<unknown>): Promise<boolean> {
    await this.queue.open();
    if (ticks !== undefined) this.process.dieAfter(ticks);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Death)) throw error;
    }
    const died = this.process.isDead;
    if (died) {
      seen.deaths += 1;
      this.process = afterDeath(this.sqlite);
      this.queue = this.start();
    }
    this.process.live();
    audit(this.sqlite);
    return died;
  }

  async enqueue(op: Operation): Promise<void> {
    await this.queue.open();
    const known = this.temps.get(op.entity);
    const temp = known ?? this.queue.newTempId();
    const referred = op.ref === null || op.ref === op.entity ? undefined : this.temps.get(op.ref);
    const name = `i${this.intents.length}`;
    const { fields: base = {}, version } = this.note(temp) ?? {};
    const mine = { ...base, ours: name };
    const intent = { ...op, name, temp, needs: referred === undefined ? [] : [referred] };
    const payload: Payload = { intent: name, refs: [...intent.needs], base, mine };
    this.intents.push(intent);
    await this.live(op.death?.inEnqueue === true ? op.death.ticks % 24 : undefined, () =>
      this.queue.enqueue(
        {
          type: 'note',
          entityId: temp,
          kind: known === undefined ? 'create' : 'update',
          creates: known === undefined,
          payload,
          priority: op.priority,
          ...(version != null && { version }),
        },
        [
          ['INSERT INTO app_intent (name) VALUES (?)', [name]],
          [
            'INSERT OR REPLACE INTO app_note (id, fields, version) VALUES (?, ?, ?)',
            [temp, JSON.stringify(mine), version ?? null],
          ],
        ],
      ),
    );
    const isThere = this.sqlite.all('SELECT 1 FROM app_intent WHERE name = ?', [name]).length > 0;
    if (isThere) this.temps.set(op.entity, temp);
    else this.intents.pop();
    if (op.otherWrites && isThere) {
      const id = await this.queue.idOf(temp);
      if (id !== null) this.server.writeAsOther(id);
    }
  }

  async window(limit: number, ticks: number | undefined, passes: number): Promise<void> {
    const closing = new AbortController();
    await this.live(ticks, () =>
      this.queue.drainQueue({
        signal: closing.signal,
        progress: (done) => {
          if (done >= limit) closing.abort();
        },
      }),
    );
    this.now += passes;
  }

  private async send(mutation: Mutation, signal: AbortSignal): Promise<SendResult> {
    const { intent, refs, mine } = mutation.payload as Payload;
    const { fate, delays } = this.intents.find(({ name }) => name === intent)!;
    const isFirst = !this.tried.has(intent);
    this.tried.add(intent);
    for (let i = 0; i < delays[0]; i++) await Promise.resolve();
    if (fate === 'refused') return { status: 'reject', message: '422' };
    if (fate === 'bug') throw new TypeError('undefined is not a function');
    if (isFirst && fate === 'no network') throw new TypeError('Network request failed');
    if (isFirst && fate === '503') return { status: 'retry', message: '503' };
    if (isFirst && fate === 'other writes first') this.server.writeAsOther(mutation.entityId);
    const isCreate = mutation.kind === 'create';
    const answer = this.server.answer({
      method: isCreate ? 'POST' : 'PUT',
      path: isCreate ? '/notes' : `/notes/${mutation.entityId}`,
      headers: {
        'idempotency-key': mutation.key,
        ...(mutation.version !== null && { 'if-match': mutation.version }),
      },
      body: { intent, refs, ...mine },
    });
    for (let i = 0; i < delays[1]; i++) await Promise.resolve();
    if ((isFirst && fate === 'answer lost') || signal.aborted) {
      seen.lost += 1;
      throw new TypeError('Network request failed');
    }
    return resultOf(responseOf(answer));
  }

  private resolve(mutation: Mutation, remote: unknown): Resolution {
    seen.merges += 1;
    const { intent, refs, base, mine } = mutation.payload as Payload;
    const theirs = Object.fromEntries(
      Object.entries(remote as Fields).filter(
        ([name]) => !['id', 'version', 'intent', 'refs'].includes(name),
      ),
    );
    const { merged } = mergeFields(base, mine, theirs);
    return { payload: { intent, refs, base: theirs, mine: merged } };
  }

  async check(): Promise<void> {
    const left = new Map(
      (
        this.sqlite.all('SELECT payload, state FROM bgsync_mutation') as {
          payload: string;
          state: number;
        }[]
      ).map(({ payload, state }) => [(JSON.parse(payload) as Payload).intent, state]),
    );
    seen.dead += [...left.values()].filter((state) => state === 4).length;
    const { effects, offences } = this.server;
    expect(offences).toEqual([]);
    const counts = new Map<string, number>();
    for (const effect of effects) counts.set(effect, (counts.get(effect) ?? 0) + 1);

    const poisoned = this.poisoned();
    for (const { name, fate } of this.intents) {
      const times = counts.get(name) ?? 0;
      // 1 no loss, 2 at most one effect, 6 what does not hang on a poison item arrives.
      expect(times, `${name} (${fate}) applied`).toBe(poisoned.has(name) ? 0 : 1);
      expect(left.has(name), `${name} (${fate}) in the queue`).toBe(poisoned.has(name));
    }
    for (const temp of new Set(this.intents.map((intent) => intent.temp))) {
      // 3 the order of each entity.
      const made = this.intents.filter((intent) => intent.temp === temp).map(({ name }) => name);
      const applied = effects.filter((effect) => made.includes(effect));
      expect(applied).toEqual(made.filter((name) => counts.has(name)));
      // 10 what another wrote is still there, beside the last that we did.
      const id = await this.queue.idOf(temp);
      if (id === null) continue;
      const { theirs, ours } = this.server.fieldsOf(id) ?? {};
      expect(theirs).toBe(this.server.lastOfOthers.get(id));
      expect(ours).toBe(applied.at(-1));
    }
  }

  private poisoned(): Set<string> {
    const poisoned = new Set<string>();
    const last = new Map<string, string>();
    const creator = new Map<string, string>();
    for (const { name, temp, needs, fate } of this.intents) {
      const before = [last.get(temp), ...needs.map((need) => creator.get(need))];
      if (POISON.includes(fate) || before.some((b) => b !== undefined && poisoned.has(b))) {
        poisoned.add(name);
      }
      if (!creator.has(temp)) creator.set(temp, name);
      last.set(temp, name);
    }
    return poisoned;
  }

  close(): void {
    this.sqlite.close();
  }
}

const plain: Operation = {
  entity: 0,
  ref: null,
  priority: 0,
  fate: 'bug',
  delays: [0, 0],
  otherWrites: false,
  window: null,
  death: null,
};
/** Three that always fail, and one whose process died when the server had it. Found in 7,833 random cases. */
const SUSPECT_BEHIND_FAILURES: Operation[] = [
  { ...plain, entity: 1 },
  plain,
  { ...plain, entity: 2 },
  {
    ...plain,
    entity: 3,
    priority: 5,
    fate: 'arrives',
    window: 0,
    death: { inEnqueue: false, ticks: 41 },
  },
  { ...plain, fate: 'arrives' },
];

test(
  'no mutation is lost, applied twice, reordered or sent half known, whenever a process dies',
  {
    // 140 ms a case were measured beside other suites.
    timeout: 60_000 + numRuns * 2_000,
  },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(operation, { minLength: 1, maxLength: 30 }),
        fc.array(fc.option(fc.nat(250)), { maxLength: 8 }),
        fc.nat(),
        async (operations, deaths, seed) => {
          seen.cases += 1;
          let state = seed + 1;
          const world = new World(() => {
            state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
            return state / 2 ** 32;
          });
          try {
            for (const op of operations) {
              await world.enqueue(op);
              if (op.window === null) continue;
              const ticks = op.death?.inEnqueue === false ? op.death.ticks : undefined;
              await world.window(op.window, ticks, 60_000);
            }
            for (const ticks of deaths) await world.window(Infinity, ticks ?? undefined, 7 * HOURS);
            for (let i = 0; i < 40; i++) await world.window(Infinity, undefined, 7 * HOURS);
            await world.check();
          } finally {
            world.close();
          }
        },
      ),
      { numRuns, examples: [[SUSPECT_BEHIND_FAILURES, [], 0]] },
    );
  },
);
