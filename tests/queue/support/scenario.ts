import { setImmediate } from 'node:timers/promises';
import type {
  Mutation,
  NewMutation,
  Resolution,
  SendResult,
  Sql,
} from '../../../templates/queue/index.ts';
import { SyncQueue } from '../../../templates/queue/index.ts';
import type { Sqlite } from '../../../src/queue/sqlite.ts';
import { sqliteStore } from '../../../src/queue/sqlite.ts';
import { audit } from './audit.ts';
import { openTestSqlite } from './mortal.ts';

/** What `send` makes of a mutation; `closes`: the window closes first; `hangs`: the process dies before it answers. */
export type ScenarioAnswer = { readonly closes?: true } & (
  | SendResult
  | { readonly throws: string }
  | { readonly hangs: true }
);

interface ScenarioDrain {
  /** By entity, as `send` gets it: what becomes of each try of this window, in order. */
  readonly answers?: Readonly<Record<string, readonly ScenarioAnswer[]>>;
  /** What becomes of all others; `done` by default. */
  readonly every?: ScenarioAnswer;
  /** Of those that are on their way the last is answered first. */
  readonly lastFirst?: true;
  /** The window closes once so many were delivered; 0: before it begins. */
  readonly closesAfter?: number;
}

export type ScenarioStep =
  | { readonly enqueue: NewMutation }
  | { readonly wait: number }
  | { readonly sql: string }
  | { readonly retry: string }
  | { readonly discard: string; gone?: unknown }
  | { readonly cancel: string; gone?: unknown }
  | { readonly drain: ScenarioDrain; expect?: unknown };

/**
 * A queue's life, and what it must come to. A key is `k1`, `k2` …, in the order in which it is seen first; `$name` in a
 * step is a temporary id.
 */
export interface Scenario {
  readonly name: string;
  readonly concurrency?: number;
  readonly maxAttempts?: number;
  readonly random?: number;
  /** By entity, in order; the last one stands for all that follow. Without it the queue has no `resolve`. */
  readonly resolve?: Readonly<
    Record<string, readonly (Resolution | { readonly throws: string })[]>
  >;
  readonly onApplied?: 'throws' | 'fails' | 'writes';
  readonly steps: readonly ScenarioStep[];
}

/** As `state` of a row means it: templates/queue/schema.ts. */
const STATES = ['ready', 'waiting', 'blocked', 'in flight', 'dead', 'parked', 'gone'];

const START = 1_000_000;

/** What is thrown: as text it is the same in Dart. */
class Thrown extends Error {
  override toString(): string {
    return this.message;
  }
}

/** A mutation that `send` has, and has not answered. */
interface OnItsWay {
  /** Of its label. */
  readonly number: number;
  readonly said: unknown[];
  readonly settle: () => void;
}

/** The event loop has nothing more to do: the queue waits for an answer, or is at its end. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await setImmediate();
}

class Player {
  private readonly scenario: Scenario;
  private readonly sqlite: Sqlite = openTestSqlite(':memory:');
  private uuids = 0;
  private time = START;
  private readonly temps = new Map<string, string>();
  private readonly keys = new Map<string, string>();
  private readonly resolutions = new Map<string, number>();
  private queue: SyncQueue;
  private send: (mutation: Mutation) => Promise<SendResult> = () => Promise.reject(new Error());

  constructor(scenario: Scenario) {
    this.scenario = scenario;
    this.sqlite.run('CREATE TABLE app (entity TEXT, temp TEXT, version TEXT)');
    this.queue = this.start();
  }

  async play(): Promise<Scenario> {
    const steps = [];
    for (const step of this.scenario.steps) steps.push(await this.step(step));
    this.sqlite.close();
    return { ...this.scenario, steps };
  }

  private start(): SyncQueue {
    const { concurrency = 1, maxAttempts = 20, random = 0.5, resolve, onApplied } = this.scenario;
    return new SyncQueue({
      store: sqliteStore(this.sqlite),
      concurrency,
      maxAttempts,
      now: () => this.time,
      random: () => random,
      uuid: () => this.uuid(),
      send: (mutation) => this.send(mutation),
      ...(resolve !== undefined && { resolve: (mutation) => this.resolve(mutation) }),
      ...(onApplied !== undefined && {
        onApplied: (_, { entityId, tempId, version }) => {
          if (onApplied === 'throws') throw new Thrown('no row');
          const table = onApplied === 'fails' ? 'nowhere' : 'app';
          return [
            [`INSERT INTO ${table} VALUES (?, ?, ?)`, [entityId, tempId, version]] satisfies Sql,
          ];
        },
      }),
    });
  }

  private uuid(): string {
    return `00000000-0000-4000-8000-${String((this.uuids += 1)).padStart(12, '0')}`;
  }

  /** Temporary ids in place of their names. */
  private real<T>(value: T): T {
    const text = JSON.stringify(value).replace(/\$(\w+)/g, (_, name: string) => {
      if (!this.temps.has(name)) this.temps.set(name, `tmp_${this.uuid()}`);
      return this.temps.get(name) ?? '';
    });
    return JSON.parse(text) as T;
  }

  /** Their names in place of temporary ids. */
  private named<T>(value: T): T {
    let text = JSON.stringify(value);
    for (const [name, temp] of this.temps) text = text.replaceAll(temp, `$${name}`);
    return JSON.parse(text) as T;
  }

  private label(key: string): string {
    if (!this.keys.has(key)) this.keys.set(key, `k${this.keys.size + 1}`);
    return this.keys.get(key) ?? '';
  }

  private keyOf(label: string): string {
    for (const [key, one] of this.keys) if (one === label) return key;
    return label;
  }

  private async step(step: ScenarioStep): Promise<ScenarioStep> {
    await this.queue.open();
    if ('enqueue' in step) {
      this.label(await this.queue.enqueue(this.real(step.enqueue)));
    } else if ('wait' in step) {
      this.time += step.wait;
    } else if ('sql' in step) {
      this.sqlite.run(step.sql);
    } else if ('retry' in step) {
      await this.queue.retry(this.keyOf(step.retry));
    } else if ('drain' in step) {
      return { drain: step.drain, expect: this.named(await this.drain(this.real(step.drain))) };
    } else {
      const gone =
        'discard' in step
          ? await this.queue.discard(this.keyOf(step.discard))
          : await this.queue.cancel(this.keyOf(step.cancel));
      audit(this.sqlite);
      return { ...step, gone: gone.map((key) => this.label(key)) };
    }
    return step;
  }

  private resolve(mutation: Mutation): Resolution {
    const list = this.scenario.resolve?.[mutation.entityId] ?? [];
    const at = this.resolutions.get(mutation.entityId) ?? 0;
    this.resolutions.set(mutation.entityId, at + 1);
    const resolution = list[Math.min(at, list.length - 1)] ?? 'reject';
    if (typeof resolution === 'object' && 'throws' in resolution) {
      throw new Thrown(resolution.throws);
    }
    return this.real(resolution);
  }

  private async drain(drain: ScenarioDrain): Promise<unknown> {
    const window = new AbortController();
    const told: number[][] = [];
    const sent: unknown[] = [];
    const died: { isDead?: true } = {};
    let arriving: OnItsWay[] = [];
    const left = structuredClone(drain.answers ?? {}) as Record<string, ScenarioAnswer[]>;
    this.send = (mutation) => {
      const answer = left[mutation.entityId]?.shift() ?? drain.every ?? { status: 'done' };
      return new Promise((resolve, reject) => {
        const settle = (): void => {
          if (answer.closes === true) window.abort();
          if ('hangs' in answer) died.isDead = true;
          else if ('throws' in answer) reject(new Thrown(answer.throws));
          else resolve(answer);
        };
        arriving.push({ ...this.describe(mutation), settle });
      });
    };
    if (drain.closesAfter === 0) window.abort();
    const ended: { result?: unknown } = {};
    const progress = (done: number, total: number): void => {
      told.push([done, total]);
      if (done === drain.closesAfter) window.abort();
    };
    void this.queue.drainQueue({ signal: window.signal, progress }).then(
      (result) => (ended.result = result),
      (error: unknown) => (ended.result = String(error)),
    );
    let onTheirWay: OnItsWay[] = [];
    for (;;) {
      await settled();
      // Which of those that were taken together is sent first is nobody's promise.
      arriving.sort((a, b) => a.number - b.number);
      sent.push(...arriving.map((one) => one.said));
      onTheirWay = [...onTheirWay, ...arriving];
      arriving = [];
      if (ended.result !== undefined || died.isDead === true) break;
      const next = drain.lastFirst === true ? onTheirWay.pop() : onTheirWay.shift();
      if (next === undefined) throw new Error(`${this.scenario.name}: it waits for nothing`);
      next.settle();
    }
    if (died.isDead === true) this.queue = this.start();
    else audit(this.sqlite);
    return { sent, progress: told, result: ended.result ?? 'died', ...this.state() };
  }

  private describe(mutation: Mutation): { number: number; said: unknown[] } {
    const { key, entityId, kind, payload, version, attempts, mayHaveBeenApplied } = mutation;
    const label = this.label(key);
    const said = [label, entityId, kind, payload, version, attempts, mayHaveBeenApplied];
    return { number: Number(label.slice(1)), said };
  }

  /** All that is on the disk; what is 0, null or empty is left out. */
  private state(): object {
    const rows = this.sqlite.all(
      `SELECT id, entity, state, attempts, strikes, crashes, sent, blockers, priority, base, conflicted, stale, due, error
        FROM bgsync_mutation ORDER BY seq`,
    ) as Record<string, string | number | null>[];
    const lists = {
      rows: rows.map(({ id, state, due, error, ...row }) => ({
        key: this.label(String(id)),
        state: STATES[Number(state)],
        ...Object.fromEntries(
          Object.entries(row).filter(([, value]) => value !== null && value !== 0),
        ),
        ...(state === 1 && { due: Number(due) - START }),
        // What SQLite says is its own.
        ...(error !== null && {
          error: String(error).replace(/(statements of onApplied): .*/s, '$1'),
        }),
      })),
      edges: this.table('SELECT before, after, need FROM bgsync_edge ORDER BY before, after'),
      ids: this.table('SELECT temp, server FROM bgsync_id ORDER BY temp'),
      app: this.table('SELECT entity, temp, version FROM app ORDER BY rowid'),
    };
    return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
  }

  private table(sql: string): unknown[][] {
    return this.sqlite.all(sql).map((row): unknown[] => Object.values(row));
  }
}

/** @returns the scenario, with what the TypeScript queue comes to as what is expected */
export const playScenario = (scenario: Scenario): Promise<Scenario> => new Player(scenario).play();
