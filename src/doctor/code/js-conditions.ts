import { propertyName, unwrap, walk } from '../../formats/javascript.ts';
import type { Node } from '../../formats/javascript.ts';

/** The condition that decides whether a child of a node is run; undefined where none does, as of the condition itself. */
function conditionFor(
  at: Node,
  child: Node,
): { readonly test: Node; readonly whenTrue: boolean } | undefined {
  if (at.type === 'IfStatement' || at.type === 'ConditionalExpression') {
    return child === at.test ? undefined : { test: at.test, whenTrue: child === at.consequent };
  }
  return at.type === 'LogicalExpression' && child === at.right
    ? { test: at.left, whenTrue: at.operator === '&&' }
    : undefined;
}

/** What a condition says of one of its branches. */
export function branchOf(at: Node, child: Node): 'dev' | 'never' | undefined {
  const condition = conditionFor(at, child);
  // `??` asks whether there is a value, not whether it is true.
  if (!condition || (at.type === 'LogicalExpression' && at.operator === '??')) return undefined;
  const value = conditionOf(condition.test);
  const taken = condition.whenTrue ? value : opposite(value);
  return taken === 'always' || taken === 'release' ? undefined : taken;
}

type Condition = 'dev' | 'release' | 'always' | 'never' | undefined;

const opposite = (value: Condition): Condition =>
  value === undefined
    ? undefined
    : ({ dev: 'release', release: 'dev', always: 'never', never: 'always' } as const)[value];

/** `__DEV__`, `!__DEV__`, `__DEV__ && …`, `process.env.NODE_ENV === 'development'`, `false`. */
function conditionOf(test: Node): Condition {
  const value = unwrap(test);
  if (value.type === 'BooleanLiteral') return value.value ? 'always' : 'never';
  if (value.type === 'Identifier') return value.name === '__DEV__' ? 'dev' : undefined;
  if (value.type === 'UnaryExpression' && value.operator === '!') {
    return opposite(conditionOf(value.argument));
  }
  if (value.type === 'LogicalExpression' && value.operator === '&&') {
    const sides = [conditionOf(value.left), conditionOf(value.right)];
    return sides.find((side) => side === 'never' || side === 'dev');
  }
  if (value.type !== 'BinaryExpression' || !/^[!=]==?$/.test(value.operator)) return undefined;
  const sides = [unwrap(value.left), unwrap(value.right)];
  const isEnvironment = sides.some(
    (side) =>
      side.type === 'MemberExpression' && propertyName(side.property, side.computed) === 'NODE_ENV',
  );
  const name = sides.find((side) => side.type === 'StringLiteral')?.value;
  if (!isEnvironment || (name !== 'development' && name !== 'production')) return undefined;
  return (name === 'development') === value.operator.startsWith('=') ? 'dev' : 'release';
}

/** Whether the conditions around a node let no build come to it that users get. */
export function isDevOnly(
  { parents }: { readonly parents: ReadonlyMap<Node, Node> },
  node: Node,
): boolean {
  let child = node;
  for (let at = parents.get(node); at !== undefined; at = parents.get(at)) {
    if (branchOf(at, child) !== undefined) return true;
    child = at;
  }
  return false;
}

/**
 * Whether a place stands behind a flag that its function is handed, `if (options.isUserWaiting)`: whoever calls the function
 * chooses, and what it hands over in the background cannot be told from here.
 */
export function isCallersChoice(
  { parents }: { readonly parents: ReadonlyMap<Node, Node> },
  { params, body }: { readonly params: readonly Node[]; readonly body: Node },
  node: Node,
): boolean {
  const handed = new Set<string>();
  for (const param of params) {
    walk(param, (one) => {
      if (one.type === 'Identifier') handed.add(one.name);
      return true;
    });
  }
  let child = node;
  for (let at = parents.get(node); at !== undefined && at !== body; at = parents.get(at)) {
    const condition = conditionFor(at, child);
    if (condition && isFlag(condition.test, handed)) return true;
    child = at;
  }
  return false;
}

/** `wait`, `options.wait`, `!options.wait`: not what is counted or compared. */
function isFlag(test: Node, names: ReadonlySet<string>): boolean {
  const value = unwrap(test);
  if (value.type === 'Identifier') return names.has(value.name);
  if (value.type === 'UnaryExpression' && value.operator === '!') {
    return isFlag(value.argument, names);
  }
  if (value.type !== 'MemberExpression' || value.object.type !== 'Identifier') return false;
  const property = propertyName(value.property, value.computed);
  return names.has(value.object.name) && property !== 'length' && property !== 'size';
}
