import { calleeName, propertyName, unwrap, walk } from '../../formats/javascript.ts';
import type { Node } from '../../formats/javascript.ts';
import { runningConfig } from '../repo.ts';
import type { DoctorRepo } from '../repo.ts';
import { callsOf, isFunction, openScript, propertyOf, scriptsContaining } from './javascript.ts';
import type { FunctionNode, Script } from './javascript.ts';
import { resolveFunction, resolveNode } from './js-resolve.ts';
import {
  BACKGROUND_ACTIONS,
  BACKGROUND_FETCH,
  GEOLOCATION_TASKS,
  headlessStarters,
  PUSHES,
  REGISTER_HEADLESS,
  TASK_MANAGER,
  usesTaskLibrary,
} from './task-libraries.ts';

/** A function of the app that a background run calls. */
export interface BackgroundFunction {
  /**
   * - `drain`: drainQueue of bgsync’s handler
   * - `send`: what sends a mutation of bgsync’s own queue
   * - `queue`: what else that queue calls while it drains
   * - `task`: of expo-task-manager, or of react-native-background-fetch
   * - `headless`: a headless task of React Native
   */
  readonly kind: 'drain' | 'send' | 'queue' | 'task' | 'headless';
  /** The package that calls it; undefined for bgsync and React Native. */
  readonly library?: string;
  readonly script: Script;
  readonly node: FunctionNode;
}

const found = new WeakMap<DoctorRepo, Promise<readonly BackgroundFunction[]>>();

/** Those that are written in the app's own files, wherever they are handed over. */
export function backgroundFunctions(repo: DoctorRepo): Promise<readonly BackgroundFunction[]> {
  const known = found.get(repo) ?? find(repo);
  found.set(repo, known);
  return known;
}

async function find(repo: DoctorRepo): Promise<readonly BackgroundFunction[]> {
  const functions: BackgroundFunction[] = [];
  const config = runningConfig(repo);
  if (config !== undefined) {
    const script = await openScript(repo, config.handler);
    if (script !== undefined) {
      const own = await drains(repo, script, script.module.program);
      functions.push(...(own.length > 0 ? own : await drainsElsewhere(repo, script)));
    }
    if (config.queue !== 'none') functions.push(...(await queued(repo)));
  }
  if (usesTaskLibrary(repo)) {
    const needles = [TASK_MANAGER, BACKGROUND_FETCH];
    for (const script of await scriptsContaining(repo, needles)) {
      functions.push(...(await tasks(repo, script)));
    }
  }
  if ((await headlessStarters(repo)).length > 0) {
    const scripts = await scriptsContaining(repo, [REGISTER_HEADLESS.name]);
    for (const script of scripts) functions.push(...(await headless(repo, script)));
  }
  return functions;
}

/** Those that a push runs, and those that react-native-background-actions runs in its service. */
export async function pushFunctions(repo: DoctorRepo): Promise<readonly BackgroundFunction[]> {
  const apis = [
    ...PUSHES,
    ...GEOLOCATION_TASKS,
    { module: BACKGROUND_ACTIONS, name: 'start' },
  ].filter(({ module }) => repo.depends(module));
  const functions: BackgroundFunction[] = [];
  for (const { module, name } of apis) {
    for (const script of await scriptsContaining(repo, [module])) {
      for (const call of callsOf(script, { module, name })) {
        // `setBackgroundMessageHandler(messaging, handler)` of the modular form
        const node = module === BACKGROUND_ACTIONS ? call.arguments[0] : call.arguments.at(-1);
        const one = await resolveFunction(repo, script, node);
        if (one !== undefined) functions.push({ kind: 'task', library: module, ...one });
      }
    }
  }
  return functions;
}

/** Of a queue that another file of the app has: an object, or a class of which the handler makes one. */
async function drainsElsewhere(repo: DoctorRepo, script: Script): Promise<BackgroundFunction[]> {
  let given: Node | undefined;
  walk(script.module.program, (node) => {
    if (node.type !== 'CallExpression' || calleeName(node) !== 'registerBackgroundSync') {
      return undefined;
    }
    const [options] = node.arguments;
    given ??= propertyOf(options, 'queue');
    return undefined;
  });
  const queue = given && (await resolveNode(repo, script, given));
  const made =
    queue?.node.type === 'NewExpression'
      ? await resolveNode(repo, queue.script, queue.node.callee)
      : queue;
  return made === undefined ? [] : drains(repo, made.script, made.node);
}

/** What bgsync's queue is given of the app's: `templates/queue/types.ts`, and the keys of `openQueueStore`. */
async function queued(repo: DoctorRepo): Promise<BackgroundFunction[]> {
  const functions: BackgroundFunction[] = [];
  for (const script of await scriptsContaining(repo, ['SyncQueue', 'openQueueStore'])) {
    const given: [BackgroundFunction['kind'], Node | undefined][] = [];
    const keys: Node[] = [];
    walk(script.module.program, (node) => {
      if (node.type === 'NewExpression' && calleeName(node) === 'SyncQueue') {
        const [options] = node.arguments;
        given.push(['send', propertyOf(options, 'send')]);
        for (const name of ['store', 'resolve']) given.push(['queue', propertyOf(options, name)]);
      } else if (node.type === 'CallExpression' && calleeName(node) === 'openQueueStore') {
        if (node.arguments[1] !== undefined) keys.push(node.arguments[1]);
      }
      return undefined;
    });
    for (const [kind, node] of given) {
      const one = await resolveFunction(repo, script, node);
      if (one !== undefined) functions.push({ kind, ...one });
    }
    for (const node of keys) {
      const store = await resolveNode(repo, script, node);
      for (const name of ['read', 'write']) {
        const own = store && propertyOf(store.node, name);
        const one = own && (await resolveFunction(repo, store.script, own));
        if (one !== undefined) functions.push({ kind: 'queue', ...one });
      }
    }
  }
  return functions;
}

/** @param within where to look: the file, or what is known to be the queue */
async function drains(
  repo: DoctorRepo,
  script: Script,
  within: Node,
): Promise<BackgroundFunction[]> {
  const given: Node[] = [];
  const add = (node: Node | null | undefined): void => {
    if (node) given.push(node);
  };
  walk(within, (node) => {
    if (node.type === 'ObjectMethod' || node.type === 'ClassMethod') {
      if (propertyName(node.key, node.computed) === 'drainQueue') add(node);
    } else if (node.type === 'ObjectProperty' || node.type === 'ClassProperty') {
      if (propertyName(node.key, node.computed) === 'drainQueue') add(node.value);
    } else if (node.type === 'FunctionDeclaration') {
      if (node.id?.name === 'drainQueue') add(node);
    } else if (node.type === 'VariableDeclarator') {
      if (node.id.type === 'Identifier' && node.id.name === 'drainQueue') add(node.init);
    }
    return undefined;
  });
  const functions = new Map<Node, BackgroundFunction>();
  for (const node of given) {
    const value = unwrap(node);
    const one = isFunction(value)
      ? { script, node: value }
      : await resolveFunction(repo, script, value);
    if (one !== undefined) functions.set(one.node, { kind: 'drain', ...one });
  }
  return [...functions.values()];
}

async function tasks(repo: DoctorRepo, script: Script): Promise<BackgroundFunction[]> {
  const handed = [
    ...callsOf(script, { module: TASK_MANAGER, name: 'defineTask' }).map((call) => ({
      library: TASK_MANAGER,
      node: call.arguments[1],
    })),
    ...callsOf(script, { module: BACKGROUND_FETCH, name: 'configure' }).map((call) => ({
      library: BACKGROUND_FETCH,
      node: call.arguments[1],
    })),
    ...callsOf(script, { module: BACKGROUND_FETCH, name: 'registerHeadlessTask' }).map((call) => ({
      library: BACKGROUND_FETCH,
      node: call.arguments[0],
    })),
  ];
  const found: BackgroundFunction[] = [];
  for (const { library, node } of handed) {
    const one = await resolveFunction(repo, script, node);
    if (one !== undefined) found.push({ kind: 'task', library, ...one });
  }
  return found;
}

async function headless(repo: DoctorRepo, script: Script): Promise<BackgroundFunction[]> {
  const found: BackgroundFunction[] = [];
  for (const call of callsOf(script, REGISTER_HEADLESS)) {
    const provider = await resolveFunction(repo, script, call.arguments[1]);
    if (provider === undefined) continue;
    const { body } = provider.node;
    const result =
      body.type === 'BlockStatement'
        ? body.body.find((statement) => statement.type === 'ReturnStatement')?.argument
        : body;
    const one = await resolveFunction(repo, provider.script, result);
    if (one !== undefined) found.push({ kind: 'headless', ...one });
  }
  return found;
}
