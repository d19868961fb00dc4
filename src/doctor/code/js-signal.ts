import { propertyName, unwrap, walk } from '../../formats/javascript.ts';
import type { Node } from '../../formats/javascript.ts';
import type { DoctorRepo } from '../repo.ts';
import { isFunction } from './javascript.ts';
import type { FunctionNode, Script } from './javascript.ts';
import { resolveFunction } from './js-resolve.ts';

/** A function of the app that is handed the signal, and does not read it. */
export interface Unread {
  readonly script: Script;
  readonly node: FunctionNode;
}

/** What is followed: the signal itself, or an object that has it as `signal`. */
type Held = 'signal' | 'holder';

interface Search {
  readonly repo: DoctorRepo;
  readonly seen: Set<string>;
  readonly unread: Unread[];
}

/** Of what is handed to a function: which parameter it is, and what it holds. */
export interface Handed {
  readonly index: number;
  readonly held: Held;
}

/**
 * Follows the window of drainQueue, or a signal, into the functions of the app that get it, over files.
 *
 * @returns those that get it and do not read its signal, the last step of each way; undefined where one reads it, or where it
 *   goes to code that is not known
 */
export async function unreadSignal(
  repo: DoctorRepo,
  script: Script,
  node: FunctionNode,
  { index, held }: Handed,
): Promise<readonly Unread[] | undefined> {
  const search: Search = { repo, seen: new Set(), unread: [] };
  if (await isReadIn(search, script, node, index, held)) return undefined;
  return search.unread.filter((one) => one.node !== node);
}

/** @param index which of the function's parameters gets it */
async function isReadIn(
  search: Search,
  script: Script,
  node: FunctionNode,
  index: number,
  held: Held,
): Promise<boolean> {
  const key = `${script.path}:${node.start ?? 0}:${index}:${held}`;
  if (search.seen.has(key)) return false;
  search.seen.add(key);
  const parameter = node.params[index];
  const isRest = node.params.some((one, at) => at <= index && one.type === 'RestElement');
  const isRead =
    isRest || usesArguments(node)
      ? true
      : parameter !== undefined && (await isPatternRead(search, script, node, parameter, held));
  if (!isRead) search.unread.push({ script, node });
  return isRead;
}

function usesArguments({ body }: FunctionNode): boolean {
  let found = false;
  walk(body, (inner) => {
    found ||= inner.type === 'Identifier' && inner.name === 'arguments';
    return !found;
  });
  return found;
}

async function isPatternRead(
  search: Search,
  script: Script,
  around: FunctionNode,
  pattern: Node,
  held: Held,
): Promise<boolean> {
  if (pattern.type === 'AssignmentPattern') {
    return isPatternRead(search, script, around, pattern.left, held);
  }
  if (pattern.type === 'Identifier') {
    return isNameRead(search, script, around, pattern.name, held);
  }
  // `{ aborted }` of the signal.
  if (pattern.type !== 'ObjectPattern' || held === 'signal') return true;
  for (const one of pattern.properties) {
    if (one.type === 'RestElement') {
      if (await isPatternRead(search, script, around, one.argument, held)) return true;
      continue;
    }
    const name = propertyName(one.key, one.computed);
    if (name === undefined) return true;
    if (name !== 'signal') continue;
    // Of two with the name, the rest has none.
    return isPatternRead(search, script, around, one.value, 'signal');
  }
  return false;
}

async function isNameRead(
  search: Search,
  script: Script,
  around: FunctionNode,
  name: string,
  held: Held,
): Promise<boolean> {
  const uses: Node[] = [];
  walk(around.body, (inner) => {
    if (inner.type === 'Identifier' && inner.name === name) uses.push(inner);
    return undefined;
  });
  for (const use of uses) {
    if (await isUseRead(search, script, around, use, held)) return true;
  }
  return false;
}

/** What becomes of an expression that is what is followed. */
async function isUseRead(
  search: Search,
  script: Script,
  around: FunctionNode,
  use: Node,
  held: Held,
): Promise<boolean> {
  let node = use;
  let parent = script.parents.get(node);
  while (parent !== undefined && unwrap(parent) !== parent) {
    node = parent;
    parent = script.parents.get(node);
  }
  if (parent === undefined) return true;
  const on = (one: Node, as: Held): Promise<boolean> => isUseRead(search, script, around, one, as);
  switch (parent.type) {
    case 'MemberExpression':
    case 'OptionalMemberExpression': {
      // The name of another object's member.
      if (parent.object !== node) return parent.computed;
      if (held === 'signal') return true;
      const read = propertyName(parent.property, parent.computed);
      if (read === undefined) return true;
      return read === 'signal' && on(parent, 'signal');
    }
    case 'ObjectProperty': {
      if (parent.value !== node) return parent.computed;
      const object = script.parents.get(parent);
      const isSignal = held === 'signal' && propertyName(parent.key, parent.computed) === 'signal';
      return !isSignal || object?.type !== 'ObjectExpression' || on(object, 'holder');
    }
    case 'SpreadElement': {
      const object = script.parents.get(parent);
      return held === 'signal' || object?.type !== 'ObjectExpression' || on(object, 'holder');
    }
    case 'VariableDeclarator':
      return parent.init !== node || isPatternRead(search, script, around, parent.id, held);
    case 'ExpressionStatement':
      return false;
    case 'CallExpression': {
      const index = parent.arguments.findIndex((one) => one === node);
      const hasSpread = parent.arguments
        .slice(0, index)
        .some(({ type }) => type === 'SpreadElement');
      if (index === -1 || hasSpread) return true;
      const callee = unwrap(parent.callee);
      const called = isFunction(callee)
        ? { script, node: callee }
        : await resolveFunction(search.repo, script, callee);
      return called === undefined || isReadIn(search, called.script, called.node, index, held);
    }
    default:
      return true;
  }
}
