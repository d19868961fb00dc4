import { propertyName, unwrap, walk } from '../../formats/javascript.ts';
import type { Node } from '../../formats/javascript.ts';
import { runningConfig } from '../repo.ts';
import type { DoctorRepo } from '../repo.ts';
import { callsOf, functionOf, isFunction, openScript, scriptsContaining } from './javascript.ts';
import type { FunctionNode, Script } from './javascript.ts';
import {
  BACKGROUND_FETCH,
  headlessStarters,
  REGISTER_HEADLESS,
  TASK_MANAGER,
  usesTaskLibrary,
} from './task-libraries.ts';

/** A function of the app that a background run calls. */
export interface BackgroundFunction {
  /**
   * - `drain`: drainQueue of bgsync’s handler
   * - `task`: of expo-task-manager, or of react-native-background-fetch
   * - `headless`: a headless task of React Native
   */
  readonly kind: 'drain' | 'task' | 'headless';
  readonly script: Script;
  readonly node: FunctionNode;
}

const found = new WeakMap<DoctorRepo, Promise<readonly BackgroundFunction[]>>();

/** Those that are written where they are handed over, or in the same file. */
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
    if (script !== undefined) functions.push(...drains(script));
  }
  if (usesTaskLibrary(repo)) {
    const needles = [TASK_MANAGER, BACKGROUND_FETCH];
    for (const script of await scriptsContaining(repo, needles)) functions.push(...tasks(script));
  }
  if ((await headlessStarters(repo)).length > 0) {
    const scripts = await scriptsContaining(repo, [REGISTER_HEADLESS.name]);
    for (const script of scripts) functions.push(...headless(script));
  }
  return functions;
}

function drains(script: Script): BackgroundFunction[] {
  const functions: BackgroundFunction[] = [];
  const add = (node: Node | null | undefined): void => {
    const value = node ? unwrap(node) : undefined;
    if (value && isFunction(value)) functions.push({ kind: 'drain', script, node: value });
  };
  walk(script.module.program, (node) => {
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
  return functions;
}

function tasks(script: Script): BackgroundFunction[] {
  const handed = [
    ...callsOf(script, { module: TASK_MANAGER, name: 'defineTask' }).map(
      (call) => call.arguments[1],
    ),
    ...callsOf(script, { module: BACKGROUND_FETCH, name: 'configure' }).map(
      (call) => call.arguments[1],
    ),
    ...callsOf(script, { module: BACKGROUND_FETCH, name: 'registerHeadlessTask' }).map(
      (call) => call.arguments[0],
    ),
  ];
  return handed
    .map((argument) => functionOf(script, argument))
    .filter((node) => node !== undefined)
    .map((node) => ({ kind: 'task', script, node }));
}

function headless(script: Script): BackgroundFunction[] {
  return callsOf(script, REGISTER_HEADLESS).flatMap((call): BackgroundFunction[] => {
    const provider = functionOf(script, call.arguments[1]);
    if (provider === undefined) return [];
    const { body } = provider;
    const result =
      body.type === 'BlockStatement'
        ? body.body.find((statement) => statement.type === 'ReturnStatement')?.argument
        : body;
    const node = functionOf(script, result);
    return node === undefined ? [] : [{ kind: 'headless', script, node }];
  });
}
