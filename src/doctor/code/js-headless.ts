import { calleeName, literalText, propertyName, unwrap } from '../../formats/javascript.ts';
import type { Node } from '../../formats/javascript.ts';
import type { DoctorRepo } from '../repo.ts';
import { isFunction, openScript } from './javascript.ts';
import type { FunctionNode, Script } from './javascript.ts';
import { resolveImport } from './js-modules.ts';
import { resultsOf } from './js-called.ts';
import { resolveFunction, resolveNode } from './js-resolve.ts';
import type { Located } from './js-resolve.ts';

/** What React Native comes to in place of a task. */
export interface NoTask {
  /**
   * - `task`: the provider is the task
   * - `promise`, `nothing`, `module`, `value`: what the provider gives
   * - `noFunction`: there is no provider
   */
  readonly how: 'task' | 'promise' | 'nothing' | 'module' | 'value' | 'noFunction';
  readonly script: Script;
  readonly at: Node;
}

/**
 * Judges the provider that is handed to React Native's registerHeadlessTask.
 *
 * @returns undefined where it gives a function, or it cannot be told
 */
export async function taskGivenBy(
  repo: DoctorRepo,
  script: Script,
  provider: Node,
  seen: Seen = new Set(),
): Promise<NoTask | undefined> {
  const found = await resolveNode(repo, script, provider);
  if (found === undefined) return undefined;
  const { node, script: there } = found;
  if (isFunction(node)) return ofProvider(repo, { script: there, node }, seen);
  if (isBound(node)) return taskGivenBy(repo, there, node.callee.object, seen);
  if (node.type === 'CallExpression') {
    const made = await resolveFunction(repo, there, node.callee);
    if (made !== undefined && !made.node.async) {
      if (isSeen(made.node, seen)) return undefined;
      return sameOf(resultsOf(made.node), (result) =>
        result === undefined
          ? noTask('noFunction', made)
          : taskGivenBy(repo, made.script, result, seen),
      );
    }
  }
  const other = await noFunction(repo, found, seen);
  return other && { ...other, how: 'noFunction' };
}

/** The functions whose results have been asked for: of one that is asked for again nothing is said. */
type Seen = Set<FunctionNode>;

function isSeen(node: FunctionNode, seen: Seen): boolean {
  const known = seen.has(node);
  seen.add(node);
  return known;
}

async function ofProvider(
  repo: DoctorRepo,
  { script, node }: { readonly script: Script; readonly node: FunctionNode },
  seen: Seen,
): Promise<NoTask | undefined> {
  if (node.generator === true) return undefined;
  const results = resultsOf(node);
  if (node.async) {
    // `async () => sync`: no task, but what was to be a provider.
    const [only] = results;
    const isProvider =
      node.params.length === 0 &&
      results.length === 1 &&
      only !== undefined &&
      (await resolveFunction(repo, script, only)) !== undefined;
    return noTask(isProvider ? 'promise' : 'task', { script, node });
  }
  const wrong = await sameOf(results, (result) =>
    result === undefined
      ? noTask('nothing', { script, node })
      : givenNoFunction(repo, script, result, seen),
  );
  // `(data) => { … }`: what asks for data is the task.
  return wrong !== undefined && node.params.length > 0 ? { ...wrong, how: 'task' } : wrong;
}

const noTask = (how: NoTask['how'], { script, node }: Located): NoTask => ({
  how,
  script,
  at: node,
});

/** The first of the answers, where none is undefined. */
async function sameOf(
  results: readonly (Node | undefined)[],
  judge: (result: Node | undefined) => NoTask | Promise<NoTask | undefined> | undefined,
): Promise<NoTask | undefined> {
  let first: NoTask | undefined;
  for (const one of results) {
    const found = await judge(one);
    if (found === undefined) return undefined;
    first ??= found;
  }
  return first;
}

async function givenNoFunction(
  repo: DoctorRepo,
  script: Script,
  node: Node,
  seen: Seen,
): Promise<NoTask | undefined> {
  const found = await resolveNode(repo, script, node);
  return found && noFunction(repo, found, seen);
}

/** What an expression is that is surely no function; undefined where it may be one. */
async function noFunction(
  repo: DoctorRepo,
  found: Located,
  seen: Seen,
): Promise<NoTask | undefined> {
  const { node, script } = found;
  if (node.type === 'ImportExpression' || isThen(node)) return noTask('promise', found);
  if (node.type === 'NewExpression') {
    const isPromise = node.callee.type === 'Identifier' && node.callee.name === 'Promise';
    return isPromise ? noTask('promise', found) : undefined;
  }
  if (/^(?:Object|Array)Expression$|Literal$/.test(node.type)) return noTask('value', found);
  if (node.type === 'ConditionalExpression') {
    return sameOf([node.consequent, node.alternate], (side) =>
      side === undefined ? undefined : givenNoFunction(repo, script, side, seen),
    );
  }
  if (node.type !== 'CallExpression') return undefined;
  if (node.callee.type === 'Import') return noTask('promise', found);
  if (calleeName(node) === 'require') return requiredModule(repo, found, node.arguments[0]);
  const called = await resolveFunction(repo, script, node.callee);
  if (called === undefined || called.node.generator === true) return undefined;
  if (called.node.async) return noTask('promise', found);
  if (isSeen(called.node, seen)) return undefined;
  return sameOf(resultsOf(called.node), (result) =>
    result === undefined
      ? noTask('nothing', found)
      : givenNoFunction(repo, called.script, result, seen),
  );
}

/** `require('./sync')` of a file with `export`: an object with its exports. */
async function requiredModule(
  repo: DoctorRepo,
  found: Located,
  specifier: Node | undefined,
): Promise<NoTask | undefined> {
  const name = specifier && literalText(unwrap(specifier));
  const path = name && (await resolveImport(repo, found.script.path, name));
  const script = path ? await openScript(repo, path) : undefined;
  const body = script?.module.program.body ?? [];
  const isModule = body.some(
    (one) => one.type === 'ExportDefaultDeclaration' || one.type === 'ExportNamedDeclaration',
  );
  const isAssigned = script?.module.source.includes('module.exports') === true;
  return isModule && !isAssigned ? noTask('module', found) : undefined;
}

/** `work.then(…)`, `Promise.all(…)` */
function isThen(node: Node): boolean {
  if (node.type !== 'CallExpression') return false;
  const callee = unwrap(node.callee);
  if (callee.type !== 'MemberExpression') return false;
  const name = propertyName(callee.property, callee.computed) ?? '';
  if (/^(?:then|catch|finally)$/.test(name)) return true;
  const isPromise = callee.object.type === 'Identifier' && callee.object.name === 'Promise';
  return isPromise && /^(?:all|allSettled|any|race|resolve|reject)$/.test(name);
}

type MethodCall = Extract<Node, { type: 'CallExpression' }> & {
  readonly callee: Extract<Node, { type: 'MemberExpression' }>;
};

/** `sync.bind(…)` */
const isBound = (node: Node): node is MethodCall =>
  node.type === 'CallExpression' &&
  node.callee.type === 'MemberExpression' &&
  propertyName(node.callee.property, node.callee.computed) === 'bind';
