import { calleeName, unwrap } from '../formats/javascript.ts';
import type { CallExpression, Node } from '../formats/javascript.ts';
import {
  ancestorsOf,
  callsOf,
  lineIn,
  nodesBelow,
  propertyOf,
  scriptsContaining,
} from '../doctor/code/javascript.ts';
import type { Script } from '../doctor/code/javascript.ts';
import { constantOf, propertyAt, resolveNode } from '../doctor/code/js-resolve.ts';
import type { DoctorRepo } from '../doctor/repo.ts';
import type { SyncConstraints } from '../schedule/constraints.ts';
import { followTask } from './held.ts';
import type { Followed } from './held.ts';
import { BACKGROUND_FETCH, LIBRARIES, TASK_MANAGER } from './libraries.ts';
import type { LibraryFacts } from './libraries.ts';
import type { Problem } from './problem.ts';
import { isHarmless } from './harmless.ts';

/** A task of an old library, with the function that it runs. */
export interface OldTask {
  readonly library: LibraryFacts;
  /** As the library knows it. */
  readonly name: string;
  /** Where the library is given the function. */
  readonly script: Script;
  readonly call: CallExpression;
  /** The statement that is this call and nothing else. */
  readonly statement: Node | undefined;
  readonly fn: Followed;
  /** The function for the end of its time, which only says that it is over. */
  readonly late?: Followed | undefined;
  /** Whether the function is written in the call. */
  readonly isInline: boolean;
  /** The names by which it is handed over. */
  readonly handed: ReadonlySet<Node>;
  /** Calls in the function that tell the library that it is over. */
  readonly finishes: readonly Node[];
  /** Undefined where it cannot be told. */
  readonly minutes: number | undefined;
  readonly constraints: Partial<SyncConstraints>;
}

/** A call that starts a task, or ends it. */
export interface Wire {
  readonly script: Script;
  readonly call: CallExpression;
  /** `define` goes with the task; `ask` says whether it is registered. */
  readonly kind: 'define' | 'register' | 'unregister' | 'ask';
}

export interface OldTasks {
  readonly tasks: readonly OldTask[];
  readonly wires: readonly Wire[];
  readonly problems: readonly Problem[];
}

/** Finds the tasks of all old libraries of an app. */
export async function findOldTasks(repo: DoctorRepo): Promise<OldTasks> {
  const found = [await findExpoTasks(repo), await findFetchTasks(repo)];
  return {
    tasks: found.flatMap(({ tasks }) => tasks),
    wires: found.flatMap(({ wires }) => wires),
    problems: found.flatMap(({ problems }) => problems),
  };
}

const placeOf = (script: Script, node: Node): Omit<Problem, 'reason'> => ({
  path: script.path,
  line: lineIn(script, node),
});

/** The statement that is a call and nothing else. */
export function statementOf(script: Script, call: CallExpression): Node | undefined {
  const parent = script.parents.get(call);
  return parent?.type === 'ExpressionStatement' ? parent : undefined;
}

interface Call {
  readonly script: Script;
  readonly call: CallExpression;
}

async function calls(repo: DoctorRepo, module: string, name: string): Promise<Call[]> {
  const scripts = await scriptsContaining(repo, [module]);
  return scripts.flatMap((script) =>
    callsOf(script, { module, name }).map((call) => ({ script, call })),
  );
}

async function findExpoTasks(repo: DoctorRepo): Promise<OldTasks> {
  const tasks: OldTask[] = [];
  const wires: Wire[] = [];
  const problems: Problem[] = [];
  const nameOf = async ({ script, call }: Call): Promise<string | undefined> => {
    const name = await constantOf(repo, script, call.arguments[0]);
    if (typeof name === 'string') return name;
    problems.push({
      ...placeOf(script, call),
      reason: isRepeated(script, call)
        ? 'it is in a loop, which a task cannot be: write each out, with its name as a constant'
        : 'the name of the task cannot be told: write it as a constant',
    });
    return undefined;
  };
  const defined = new Map<string, Call[]>();
  const named = new Set<string>();
  for (const library of LIBRARIES.filter(({ results }) => results !== undefined)) {
    const registered = await calls(repo, library.name, 'registerTaskAsync');
    for (const one of registered) {
      const name = await nameOf(one);
      if (name === undefined) continue;
      if (defined.size === 0) {
        for (const define of await calls(repo, TASK_MANAGER, 'defineTask')) {
          const own = await constantOf(repo, define.script, define.call.arguments[0]);
          const key = typeof own === 'string' ? own : '';
          defined.set(key, [...(defined.get(key) ?? []), define]);
        }
      }
      wires.push({ ...one, kind: 'register' });
      if (named.has(name)) continue;
      named.add(name);
      const defines = defined.get(name) ?? [];
      const [define] = defines;
      if (define === undefined || defines.length > 1) {
        const how = define === undefined ? 'no' : 'more than one';
        problems.push({
          ...placeOf(one.script, one.call),
          reason: `there is ${how} TaskManager.defineTask for ${name}`,
        });
        continue;
      }
      wires.push({ ...define, kind: 'define' });
      const fn = await followTask(repo, define.script, define.call, define.call.arguments[1]);
      if (typeof fn === 'string') {
        problems.push({ ...placeOf(define.script, define.call), reason: fn });
        continue;
      }
      tasks.push({
        library,
        name,
        ...define,
        statement: statementOf(define.script, define.call),
        fn,
        isInline: isWithin(define.call, fn.wrapped ?? fn.node),
        handed: new Set(
          [define.call, fn.wrapped].flatMap((node) => (node ? nodesBelow(node) : [])),
        ),
        finishes: [],
        minutes: await minutesOf(repo, library, one, 'minimumInterval', 1),
        constraints: {},
      });
    }
    for (const one of await calls(repo, library.name, 'unregisterTaskAsync')) {
      const name = await nameOf(one);
      if (name !== undefined && named.has(name)) wires.push({ ...one, kind: 'unregister' });
    }
  }
  for (const one of await calls(repo, TASK_MANAGER, 'isTaskRegisteredAsync')) {
    const name = await constantOf(repo, one.script, one.call.arguments[0]);
    if (typeof name === 'string' && named.has(name)) wires.push({ ...one, kind: 'ask' });
  }
  return { tasks, wires, problems };
}

/** In a loop, or in a function that `forEach` and its like call. */
const isRepeated = (script: Script, call: Node): boolean =>
  ancestorsOf(script, call).some(
    (around) =>
      /^(?:For|While|DoWhile)\w*Statement$/.test(around.type) ||
      (around.type === 'CallExpression' && /^(?:forEach|map)$/.test(calleeName(around) ?? '')),
  );

const isWithin = (call: CallExpression, node: Node): boolean =>
  call.arguments.some((argument) => unwrap(argument) === node);

async function minutesOf(
  repo: DoctorRepo,
  { unitMinutes, defaultMinutes }: LibraryFacts,
  { script, call }: Call,
  key: string,
  argument: number,
): Promise<number | undefined> {
  const given = call.arguments[argument];
  if (given === undefined) return defaultMinutes;
  const options = await resolveNode(repo, script, given);
  if (options?.node.type !== 'ObjectExpression') return undefined;
  const found = await propertyAt(repo, options, key);
  if (found === undefined) {
    const isSpread = options.node.properties.some(({ type }) => type === 'SpreadElement');
    return isSpread ? undefined : defaultMinutes;
  }
  const value = await constantOf(repo, found.script, found.node);
  return typeof value === 'number' ? value * unitMinutes : undefined;
}

/** react-native-background-fetch has one event, and its own name for the task that it makes of it. */
const FETCH_TASK = 'react-native-background-fetch';

async function findFetchTasks(repo: DoctorRepo): Promise<OldTasks> {
  const library = LIBRARIES.find(({ name }) => name === BACKGROUND_FETCH);
  const configured = await calls(repo, BACKGROUND_FETCH, 'configure');
  const headless = await calls(repo, BACKGROUND_FETCH, 'registerHeadlessTask');
  const [first, second] = configured;
  const problems: Problem[] = [];
  if (library === undefined || (first === undefined && headless.length === 0)) {
    return { tasks: [], wires: [], problems };
  }
  const refuse = (script: Script, node: Node, reason: string): void => {
    problems.push({ ...placeOf(script, node), reason });
  };
  for (const { script, call } of await calls(repo, BACKGROUND_FETCH, 'scheduleTask')) {
    refuse(
      script,
      call,
      'scheduleTask has no counterpart in bgsync, and its tasks come to the same function',
    );
  }
  if (second !== undefined) refuse(second.script, second.call, 'configure is called twice');
  if (first === undefined) {
    for (const one of headless) refuse(one.script, one.call, 'there is no configure beside it');
    return { tasks: [], wires: [], problems };
  }
  const { script, call } = first;
  const [, onEvent, onTimeout] = call.arguments;
  const fn = await followTask(repo, script, call, onEvent);
  if (typeof fn === 'string') {
    refuse(script, call, fn);
    return { tasks: [], wires: [], problems };
  }
  const finishCalls = await calls(repo, BACKGROUND_FETCH, 'finish');
  const found = onTimeout && (await followTask(repo, script, call, onTimeout));
  const late = typeof found === 'string' ? undefined : found;
  if (onTimeout !== undefined) {
    const own = new Set<Node>(finishCalls.map((one) => one.call));
    if (late === undefined || !isHarmless(late.node.body, (node) => own.has(node))) {
      refuse(
        script,
        onTimeout,
        'the function for the timeout does more than finish(): in bgsync window.signal is aborted then; take it out, and run again',
      );
    }
  }
  const handed = new Set<Node>(nodesBelow(call));
  for (const node of fn.wrapped ? nodesBelow(fn.wrapped) : []) handed.add(node);
  for (const one of headless) {
    const other = await followTask(repo, one.script, one.call, one.call.arguments[0]);
    for (const node of nodesBelow(one.call)) handed.add(node);
    if (typeof other !== 'string' && other.node === fn.node) continue;
    refuse(
      one.script,
      one.call,
      'the headless task is another function than that of configure: bgsync runs one for both, so hand the same to both, and run again',
    );
  }
  const inside = new Set(nodesBelow(fn.node));
  const finishes = finishCalls.filter((one) => inside.has(one.call)).map((one) => one.call);
  const { constraints, problems: unfit } = await constraintsOf(repo, first);
  problems.push(...unfit);
  const task: OldTask = {
    library,
    name: FETCH_TASK,
    script,
    call,
    statement: statementOf(script, call),
    fn,
    late,
    isInline: isWithin(call, fn.wrapped ?? fn.node),
    handed,
    finishes,
    minutes: await minutesOf(repo, library, first, 'minimumFetchInterval', 0),
    constraints,
  };
  const wires: Wire[] = [
    { ...first, kind: 'define' },
    ...headless.map((one): Wire => ({ ...one, kind: 'define' })),
  ];
  for (const one of await calls(repo, BACKGROUND_FETCH, 'start')) {
    wires.push({ ...one, kind: 'register' });
  }
  for (const one of await calls(repo, BACKGROUND_FETCH, 'stop')) {
    wires.push({ ...one, kind: 'unregister' });
  }
  return { tasks: [task], wires, problems };
}

/** Of the options of configure, those that say what a window needs. */
const FLAGS = {
  requiresCharging: 'charging',
  requiresBatteryNotLow: 'batteryNotLow',
  requiresStorageNotLow: 'storageNotLow',
  requiresDeviceIdle: 'deviceIdle',
} as const;

const NETWORKS = {
  NETWORK_TYPE_NONE: 'none',
  NETWORK_TYPE_ANY: 'any',
  NETWORK_TYPE_UNMETERED: 'unmetered',
  NETWORK_TYPE_NOT_ROAMING: 'notRoaming',
} as const;

/** The same by their numbers, in the library's index.js. */
const NETWORK_NUMBERS = ['none', 'any', 'unmetered', 'notRoaming'] as const;

async function constraintsOf(
  repo: DoctorRepo,
  { script, call }: Call,
): Promise<{ constraints: Partial<SyncConstraints>; problems: Problem[] }> {
  const [given] = call.arguments;
  const options = given && (await resolveNode(repo, script, given));
  const object = options?.node;
  const constraints: { -readonly [Key in keyof SyncConstraints]?: SyncConstraints[Key] } = {};
  const problems: Problem[] = [];
  for (const [option, key] of Object.entries(FLAGS)) {
    const value = propertyOf(object, option);
    if (value === undefined) continue;
    if (value.type === 'BooleanLiteral') constraints[key] = value.value;
    else problems.push({ ...placeOf(script, call), reason: `what ${option} is cannot be told` });
  }
  const network = propertyOf(object, 'requiredNetworkType');
  if (network !== undefined) {
    const known =
      network.type === 'MemberExpression' && network.property.type === 'Identifier'
        ? NETWORKS[network.property.name as keyof typeof NETWORKS]
        : network.type === 'NumericLiteral'
          ? NETWORK_NUMBERS[network.value]
          : undefined;
    if (known === undefined) {
      const reason = 'bgsync has no network of the kind that requiredNetworkType asks for';
      problems.push({ ...placeOf(script, call), reason });
    } else constraints.network = known;
  }
  return { constraints, problems };
}
