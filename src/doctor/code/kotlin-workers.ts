import type { DoctorRepo } from '../repo.ts';
import { bracketsOf } from './brackets.ts';
import { callsOf, classesOf, codeOf, kotlinAndJava, membersOf } from './kotlin-declarations.ts';
import type { KotlinCall, KotlinClass, KotlinFunction } from './kotlin-declarations.ts';
import { isUnreleased } from './kotlin-reach.ts';

const BASES = ['Worker', 'CoroutineWorker', 'ListenableWorker', 'RxWorker'] as const;
export type WorkerBase = (typeof BASES)[number];

/** A class of the app that WorkManager runs. */
export interface WorkerClass extends KotlinClass {
  readonly base: WorkerBase;
  /** Its own `doWork` or `startWork`; undefined where it inherits it. */
  readonly work: KotlinFunction | undefined;
}

/** In one file: far beyond any real one; ends one that is made to be slow. */
const MOST = 50;
const workers = new WeakMap<DoctorRepo, Promise<readonly WorkerClass[]>>();

/** The app's own workers, those that extend one of its own included. */
export function workersOf(repo: DoctorRepo): Promise<readonly WorkerClass[]> {
  const known = workers.get(repo) ?? findWorkers(repo);
  workers.set(repo, known);
  return known;
}

async function findWorkers(repo: DoctorRepo): Promise<readonly WorkerClass[]> {
  const files = await kotlinAndJava(repo, ['Worker']);
  const classes = files.flatMap((file) => classesOf(file).slice(0, MOST));
  const byName = new Map(classes.map((one) => [one.name, one]));
  const baseOf = (one: KotlinClass, seen = new Set<KotlinClass>()): WorkerBase | undefined => {
    seen.add(one);
    for (const name of one.supertypes) {
      const own = byName.get(name);
      // A class of the app may be called Worker too.
      const base = own === undefined ? BASES.find((known) => known === name) : undefined;
      if (base !== undefined && one.file.code.includes('androidx.work.')) return base;
      const above = own === undefined || seen.has(own) ? undefined : baseOf(own, seen);
      if (above !== undefined) return above;
    }
    return undefined;
  };
  return classes.flatMap((one): WorkerClass[] => {
    const base = baseOf(one);
    const work = base && membersOf(one).find(({ name }) => /^(?:do|start|create)Work$/.test(name));
    return base === undefined ? [] : [{ ...one, base, work }];
  });
}

/** How a work request is built: the call that starts the chain, and the code up to its `build()`. */
export interface RequestBuilder extends KotlinCall {
  readonly isPeriodic: boolean;
  /** The worker's simple name; '' where it is not said. */
  readonly worker: string;
  /** The end of the chain. */
  readonly chainEnd: number;
}

const BUILDERS = ['PeriodicWorkRequest', 'OneTimeWorkRequest'] as const;
const requests = new WeakMap<DoctorRepo, Promise<readonly RequestBuilder[]>>();

/** Every place of the app's own code where a work request is built, those left out that no release reaches. */
export function requestsOf(repo: DoctorRepo): Promise<readonly RequestBuilder[]> {
  const known = requests.get(repo) ?? findRequests(repo);
  requests.set(repo, known);
  return known;
}

async function findRequests(repo: DoctorRepo): Promise<readonly RequestBuilder[]> {
  const files = await kotlinAndJava(repo, [...BUILDERS]);
  const built = files.flatMap((file) =>
    BUILDERS.flatMap((kind) =>
      [
        ...callsOf(file, `${kind}Builder`),
        ...callsOf(file, 'Builder').filter(({ start }) =>
          file.code
            .slice(Math.max(0, start - 80), start)
            .trimEnd()
            .endsWith(`${kind}.`),
        ),
      ]
        .slice(0, MOST)
        .map((call): RequestBuilder => {
          const [first] = call.arguments;
          const written =
            call.typeArguments === '' && first !== undefined
              ? (/^(?:\w+\.)*(\w+)\s*(?:::\s*class|\.\s*class)/.exec(codeOf(file, first))?.[1] ??
                '')
              : (call.typeArguments.split('.').at(-1) ?? '').trim();
          const isPeriodic = kind === 'PeriodicWorkRequest';
          return { ...call, isPeriodic, worker: written, chainEnd: chainEnd(call) };
        }),
    ),
  );
  const dead = await Promise.all(built.map(({ file, start }) => isUnreleased(repo, file, start)));
  return built.filter((_request, index) => dead[index] === false);
}

/** Where the calls that are chained to one end. */
export function chainEnd({ file, end }: KotlinCall): number {
  const { code } = file;
  const brackets = bracketsOf(file);
  let at = end + 1;
  const next = /\s*\??\.\s*\w+\s*(?=[({])/y;
  for (;;) {
    next.lastIndex = at;
    const match = next.exec(code);
    if (match === null) return at;
    const open = match.index + match[0].length;
    at = (brackets.at(open)?.close ?? code.length) + 1;
  }
}
