/** What starts the tasks of expo-task-manager, and what takes them back. */
import { calleeName, unwrap } from '../../formats/javascript.ts';
import type { CallExpression, Node } from '../../formats/javascript.ts';
import type { DoctorRepo } from '../repo.ts';
import {
  callsOf,
  endsInReturn,
  functionName,
  isFunction,
  nodesBelow,
  scriptsContaining,
  sourceIn,
} from './javascript.ts';
import type { Script } from './javascript.ts';
import { constantOf } from './js-resolve.ts';
import { TASK_MANAGER, TASK_STARTERS } from './task-libraries.ts';

export interface TaskCall {
  readonly script: Script;
  readonly call: CallExpression;
  /** Undefined where only a run knows it. */
  readonly name: string | undefined;
}

const callsWith = async (
  repo: DoctorRepo,
  apis: readonly { readonly module: string; readonly name: string }[],
): Promise<readonly TaskCall[]> => {
  const found: TaskCall[] = [];
  for (const script of await scriptsContaining(repo, [...new Set(apis.map(({ name }) => name))])) {
    for (const call of apis.flatMap((api) => callsOf(script, api))) {
      const name = await constantOf(repo, script, call.arguments[0]);
      found.push({ script, call, name: typeof name === 'string' ? name : undefined });
    }
  }
  return found;
};

export const definitions = (repo: DoctorRepo): Promise<readonly TaskCall[]> =>
  callsWith(repo, [{ module: TASK_MANAGER, name: 'defineTask' }]);

export const starts = (repo: DoctorRepo): Promise<readonly TaskCall[]> =>
  callsWith(
    repo,
    TASK_STARTERS.filter(({ module }) => repo.depends(module)),
  );

/** Calls that take every task of the app back. */
export const takesAllBack = (repo: DoctorRepo): Promise<readonly TaskCall[]> =>
  callsWith(repo, [{ module: TASK_MANAGER, name: 'unregisterAllTasksAsync' }]);

/** The statement that a node is in, and the block around that. */
function statementOf(
  { parents }: Script,
  node: Node,
): { readonly block: Node; readonly statement: Node } | undefined {
  let statement = node;
  for (let at = parents.get(node); at !== undefined; at = parents.get(at)) {
    if (at.type === 'BlockStatement' || at.type === 'Program') return { block: at, statement };
    if (isFunction(at) && at.body !== statement) return undefined;
    statement = at;
  }
  return undefined;
}

/** Whether one call follows another in the same list of statements, whatever they hold. */
export function follows(script: Script, later: Node, earlier: Node): boolean {
  const [one, other] = [statementOf(script, earlier), statementOf(script, later)];
  return (
    one !== undefined &&
    one.block === other?.block &&
    one.statement !== other.statement &&
    (one.statement.end ?? 0) <= (other.statement.start ?? 0) &&
    /^(?:ExpressionStatement|VariableDeclaration)$/.test(one.statement.type) &&
    other.statement.type === 'ExpressionStatement'
  );
}

const ASKS = /\bisTaskRegisteredAsync\s*\(/;

/** Whether a call is made where its task is registered already, and nowhere else. */
export function isAskedFor(script: Script, call: Node): boolean {
  let child: Node = call;
  for (let at = script.parents.get(call); at !== undefined; at = script.parents.get(at)) {
    if (at.type === 'IfStatement' && at.test !== child) {
      const asks = asksRegistered(script, at.test);
      if (asks !== undefined && asks === (at.consequent === child)) return true;
    }
    if (at.type === 'BlockStatement') {
      for (const one of at.body) {
        if (one === child) break;
        const isExit = one.type === 'IfStatement' && !one.alternate && endsInReturn(one.consequent);
        if (isExit && asksRegistered(script, one.test) === false) return true;
      }
    }
    if (isFunction(at)) return false;
    child = at;
  }
  return false;
}

/** Whether a condition is that a task is registered (true), or is not (false); undefined where it is another. */
function asksRegistered(script: Script, test: Node): boolean | undefined {
  const value = unwrap(test);
  if (value.type === 'UnaryExpression' && value.operator === '!') {
    const inner = asksRegistered(script, value.argument);
    return inner === undefined ? undefined : !inner;
  }
  if (value.type === 'AwaitExpression') {
    return ASKS.test(sourceIn(script, value.argument)) ? true : undefined;
  }
  if (value.type !== 'Identifier') return undefined;
  for (let at = script.parents.get(test); at !== undefined; at = script.parents.get(at)) {
    if (at.type !== 'BlockStatement' && at.type !== 'Program') continue;
    for (const one of at.body) {
      if (one.type !== 'VariableDeclaration' || one.kind !== 'const') continue;
      for (const { id, init } of one.declarations) {
        if (id.type === 'Identifier' && id.name === value.name && init) {
          return ASKS.test(sourceIn(script, init)) ? true : undefined;
        }
      }
    }
  }
  return undefined;
}

/** What an effect gives back to be called when its component goes, where a call in it is made. */
export function cleanUpOf(script: Script, call: Node): Node | undefined {
  for (let at = script.parents.get(call); at !== undefined; at = script.parents.get(at)) {
    if (!isFunction(at)) continue;
    const parent = script.parents.get(at);
    const isEffect =
      parent?.type === 'CallExpression' && /^use\w*Effect$/.test(calleeName(parent) ?? '');
    if (isEffect && at.body.type === 'BlockStatement') {
      const last = at.body.body.at(-1);
      return last?.type === 'ReturnStatement' ? (last.argument ?? undefined) : undefined;
    }
    // A function of the effect's own, which it calls.
    if (functionName(script, at) === undefined && parent?.type !== 'CallExpression')
      return undefined;
  }
  return undefined;
}

export const hasCall = (root: Node, calls: ReadonlySet<Node>): boolean =>
  nodesBelow(root).some((one) => calls.has(one));

/** Whether a node stands in what its file exports. */
export function isExported(script: Script, node: Node): boolean {
  for (let at = script.parents.get(node); at !== undefined; at = script.parents.get(at)) {
    if (at.type.startsWith('Export')) return true;
    const name = isFunction(at) ? functionName(script, at) : undefined;
    if (name !== undefined && isNamedInExport(script, name)) return true;
  }
  return false;
}

const isNamedInExport = (script: Script, name: string): boolean =>
  script.module.program.body.some(
    (one) =>
      (one.type === 'ExportNamedDeclaration' || one.type === 'ExportDefaultDeclaration') &&
      new RegExp(`\\b${name.replaceAll('$', '\\$')}\\b`).test(sourceIn(script, one)),
  );
