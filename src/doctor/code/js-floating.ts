import {
  bindingsOf,
  calleeName,
  childrenOf,
  propertyName,
  unwrap,
} from '../../formats/javascript.ts';
import type { Node } from '../../formats/javascript.ts';
import type { DoctorRepo } from '../repo.ts';
import { isFunction, isOwnName, sourceIn } from './javascript.ts';
import type { FunctionNode, Script } from './javascript.ts';
import { reachedFunctions } from './js-called.ts';
import { resolveFunction } from './js-resolve.ts';

/** Work that a function starts, and neither awaits nor returns. */
export interface Floating {
  readonly script: Script;
  readonly at: Node;
  /** For people: `send()`, `items.forEach(async …)`. */
  readonly what: string;
}

/** Callbacks of these run at once, and what they return is what the caller gets. */
const AT_ONCE = new Set([
  'map',
  'forEach',
  'filter',
  'reduce',
  'flatMap',
  'then',
  'finally',
  'transaction',
]);

/**
 * The first call that is known to start work, and whose promise nothing takes, in a function and in those of the app that it
 * calls. `void` says that it is meant, and so does a `catch` of its own.
 *
 * @param isAnswered whether a statement ends the run by itself, as `work().finally(finish)` does
 */
export async function floatingWork(
  repo: DoctorRepo,
  script: Script,
  node: FunctionNode,
  isAnswered: (statement: Node) => boolean = () => false,
): Promise<Floating | undefined> {
  for (const one of await reachedFunctions(repo, script, node)) {
    for (const call of statementCalls(one.node)) {
      if (isAnswered(call)) continue;
      const what = await startsWork(repo, one.script, call);
      if (what !== undefined) return { script: one.script, at: call, what };
    }
    const unused = await unusedPromise(repo, one.script, one.node);
    if (unused !== undefined) return unused;
  }
  return undefined;
}

/**
 * The first timer whose callback works, of a function that waits for nothing: `setInterval(async () => { … })`. It is over
 * before the timer comes.
 */
export function floatingTimer(script: Script, node: FunctionNode): Floating | undefined {
  if (node.body.type !== 'BlockStatement' || awaitsIn(node)) return undefined;
  if (node.body.body.some(({ type }) => type === 'ReturnStatement')) return undefined;
  for (const call of statementCalls(node)) {
    if (call.type !== 'CallExpression') continue;
    const callee = unwrap(call.callee);
    const name = calleeName(call) ?? '';
    const [callback] = call.arguments;
    if (!/^set(?:Interval|Timeout)$/.test(name) || isOwnName(script, name)) continue;
    if (callback === undefined || !isFunction(callback)) continue;
    if (awaitsIn(callback) || /\bfetch\s*\(|\baxios\b/.test(sourceIn(script, callback))) {
      return { script, at: call, what: `${nameOf(callee)}(…)` };
    }
  }
  return undefined;
}

/** Calls that are statements: nothing gets what they return. */
function statementCalls(node: FunctionNode): Node[] {
  const found: Node[] = [];
  const stack: Node[] = [node.body];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (at.type === 'ExpressionStatement') {
      const value = unwrap(at.expression);
      if (value.type === 'CallExpression' || value.type === 'NewExpression') found.push(value);
    }
    // `(send(), 0)`: what is in front of the last comma.
    if (at.type === 'SequenceExpression') {
      const dropped = at.expressions.slice(0, -1).map((one) => unwrap(one));
      found.push(...dropped.filter(({ type }) => type === 'CallExpression'));
    }
    for (const child of childrenOf(at).reverse()) {
      if (isFunction(child) && !isCalledAtOnce(at, child)) continue;
      stack.push(child);
    }
  }
  return found;
}

const isCalledAtOnce = (around: Node, one: Node): boolean =>
  around.type === 'CallExpression' &&
  (around.callee === one || AT_ONCE.has(calleeName(around) ?? ''));

/** What is started, for people; undefined where a call is not known to return a promise. */
async function startsWork(
  repo: DoctorRepo,
  script: Script,
  call: Node,
): Promise<string | undefined> {
  if (call.type === 'NewExpression') return promisedWork(repo, script, call);
  if (call.type !== 'CallExpression') return undefined;
  const callee = unwrap(call.callee);
  if (callee.type === 'MemberExpression') {
    const name = propertyName(callee.property, callee.computed) ?? '';
    if (name === 'catch') return undefined;
    const [first] = call.arguments;
    const callback = first === undefined ? undefined : unwrap(first);
    if (/^(?:forEach|map)$/.test(name) && callback && isFunction(callback) && callback.async) {
      return awaitsIn(callback) ? `${name}(async …)` : undefined;
    }
    // `items.map((item) => send(item))`
    if (/^(?:forEach|map)$/.test(name) && callback && isFunction(callback)) {
      const each = callback.body.type === 'BlockStatement' ? undefined : unwrap(callback.body);
      const what = each === undefined ? undefined : await startsWork(repo, script, each);
      return what === undefined ? undefined : `${name}(… ${what})`;
    }
    if (/^(?:then|finally)$/.test(name) && call.arguments.length > 0) {
      // A chain that is caught somewhere, or whose second function is.
      if (call.arguments.length > 1 || hasCatch(callee.object)) return undefined;
      return `….${name}(…)`;
    }
    if (isNetwork(script, callee.object)) return `${nameOf(callee)}(…)`;
  }
  if (callee.type === 'Identifier' && callee.name === 'fetch' && !isOwnName(script, 'fetch')) {
    return 'fetch(…)';
  }
  if (callee.type === 'Identifier' && isNetwork(script, callee)) return `${callee.name}(…)`;
  const called = isFunction(callee)
    ? { script, node: callee }
    : await resolveFunction(repo, script, callee);
  if (!called?.node.async) return undefined;
  return awaitsIn(called.node) || callsAsync(called.node) ? `${nameOf(callee)}()` : undefined;
}

/** `new Promise((resolve) => fetch(…).then(resolve))` */
async function promisedWork(
  repo: DoctorRepo,
  script: Script,
  { callee, arguments: args }: Extract<Node, { type: 'NewExpression' }>,
): Promise<string | undefined> {
  const [executor] = args;
  if (callee.type !== 'Identifier' || callee.name !== 'Promise' || !executor) return undefined;
  if (!isFunction(executor) || isOwnName(script, 'Promise')) return undefined;
  const calls =
    executor.body.type === 'BlockStatement' ? statementCalls(executor) : [unwrap(executor.body)];
  for (const call of calls) {
    if ((await startsWork(repo, script, call)) !== undefined) return 'new Promise(…)';
  }
  return undefined;
}

const nameOf = (callee: Node): string => {
  if (callee.type === 'Identifier') return callee.name;
  if (callee.type !== 'MemberExpression') return 'a function';
  const object = unwrap(callee.object);
  const name = propertyName(callee.property, callee.computed) ?? '…';
  if (object.type === 'ThisExpression') return `this.${name}`;
  return object.type === 'Identifier' ? `${object.name}.${name}` : `….${name}`;
};

const isNetwork = (script: Script, node: Node): boolean => {
  const value = unwrap(node);
  return (
    value.type === 'Identifier' &&
    bindingsOf(script.module).some(
      ({ local, module }) => local === value.name && /^(?:axios|ky|wretch)$/.test(module),
    )
  );
};

function hasCatch(node: Node): boolean {
  const value = unwrap(node);
  if (value.type !== 'CallExpression') return false;
  const callee = unwrap(value.callee);
  if (callee.type !== 'MemberExpression') return false;
  return propertyName(callee.property, callee.computed) === 'catch' || hasCatch(callee.object);
}

function awaitsIn(node: FunctionNode): boolean {
  const stack: Node[] = [node.body];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (at.type === 'AwaitExpression' || (at.type === 'ForOfStatement' && at.await)) return true;
    stack.push(...childrenOf(at).filter((one) => !isFunction(one)));
  }
  return false;
}

/** An `async` arrow that returns a call: `async () => fetch(url)`. */
const callsAsync = ({ body }: FunctionNode): boolean =>
  body.type === 'CallExpression' ||
  (body.type === 'BlockStatement' &&
    body.body.some(
      (one) => one.type === 'ReturnStatement' && one.argument?.type === 'CallExpression',
    ));

/** `const sending = send();` and nothing more of it. */
async function unusedPromise(
  repo: DoctorRepo,
  script: Script,
  node: FunctionNode,
): Promise<Floating | undefined> {
  if (node.body.type !== 'BlockStatement') return undefined;
  for (const statement of node.body.body) {
    if (statement.type !== 'VariableDeclaration') continue;
    for (const { id, init } of statement.declarations) {
      const value = init ? unwrap(init) : undefined;
      if (id.type !== 'Identifier' || value?.type !== 'CallExpression') continue;
      if (countNames(node.body, id.name) > 1) continue;
      const what = await startsWork(repo, script, value);
      if (what !== undefined) return { script, at: value, what };
    }
  }
  return undefined;
}

function countNames(root: Node, name: string): number {
  let count = 0;
  const stack: Node[] = [root];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (at.type === 'Identifier' && at.name === name) count += 1;
    stack.push(...childrenOf(at));
  }
  return count;
}
