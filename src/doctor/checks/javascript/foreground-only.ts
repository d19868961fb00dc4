import type { Node } from '../../../formats/javascript.ts';
import { inBackgroundFunctions } from '../../code/in-background-functions.ts';
import type {
  FindFunction,
  FoundFunction,
  JavaScript,
} from '../../code/in-background-functions.ts';
import type { FunctionNode, Script } from '../../code/javascript.ts';
import type { Check } from '../../check.ts';

export const foregroundOnly: Check = {
  id: 'J07',
  title: 'What runs in the background does not ask for the foreground',
  severity: 'error',
  why: 'In a background run AppState is never `active`: a function that returns unless it is does nothing in any of its runs.',
  source: 'https://reactnative.dev/docs/appstate',
  fix: 'Take the condition out.',
  explain: [
    'The check is often left over from a version of the sync that ran on `AppState` changes. In a background run `AppState.currentState` is `background`, or `unknown` where no screen was ever shown, so the function returns before it has done anything, and the run counts as a success with nothing sent.',
    "    async drainQueue(window) {\n      if (AppState.currentState !== 'active') return 0; // every background run ends here",
  ].join('\n\n'),
  run: (repo) =>
    inBackgroundFunctions(repo, async ({ script, node }, javascript, find) => {
      const gate = await gateOf({ script, node }, javascript, find, new Set());
      if (gate === undefined) return [];
      const message = 'returns unless the app is in the foreground';
      return [{ file: gate.script.path, line: javascript.lineIn(gate.script, gate.node), message }];
    }),
};

interface Gate {
  readonly script: Script;
  readonly node: Node;
}

/**
 * The condition that a function leaves by before it has done anything. Behind the first `await` it may as well keep a
 * message off the screen.
 */
async function gateOf(
  { script, node }: FoundFunction,
  javascript: JavaScript,
  find: FindFunction,
  seen: Set<FunctionNode>,
): Promise<Gate | undefined> {
  const { unwrap, walk } = javascript;
  seen.add(node);
  const into = async (expression: Node | null | undefined): Promise<Gate | undefined> => {
    const value = expression ? unwrap(expression) : undefined;
    const call = value?.type === 'AwaitExpression' ? unwrap(value.argument) : value;
    const called = call?.type === 'CallExpression' ? await find(script, call.callee) : undefined;
    return called === undefined || seen.has(called.node)
      ? undefined
      : gateOf(called, javascript, find, seen);
  };
  const inBlock = async (statements: readonly Node[]): Promise<Gate | 'done' | undefined> => {
    for (const statement of statements) {
      if (statement.type === 'IfStatement' && javascript.endsInReturn(statement.consequent)) {
        if (asksForForeground(statement.test, javascript)) return { script, node: statement };
        if (!hasAwait(statement.test)) continue;
        return 'done';
      }
      if (statement.type === 'ReturnStatement') return (await into(statement.argument)) ?? 'done';
      if (statement.type === 'TryStatement') {
        return (await inBlock(statement.block.body)) ?? 'done';
      }
      if (!hasAwait(statement)) continue;
      if (statement.type === 'ExpressionStatement') {
        return (await into(statement.expression)) ?? 'done';
      }
      if (statement.type !== 'VariableDeclaration') return 'done';
      return (await into(statement.declarations[0]?.init)) ?? 'done';
    }
    return undefined;
  };
  const hasAwait = (within: Node): boolean => {
    let found = false;
    walk(within, (inner) => {
      if (javascript.isFunction(inner)) return false;
      found ||= inner.type === 'AwaitExpression' || inner.type === 'ForOfStatement';
      return !found;
    });
    return found;
  };
  const { body } = node;
  const found = await (body.type === 'BlockStatement' ? inBlock(body.body) : into(body));
  return found === 'done' ? undefined : found;
}

/** `AppState.currentState !== 'active'`, or `=== 'background'`. */
function asksForForeground(test: Node, javascript: JavaScript): boolean {
  const { propertyName, unwrap } = javascript;
  if (test.type === 'LogicalExpression' && test.operator === '||') {
    return [test.left, test.right].some((side) => asksForForeground(side, javascript));
  }
  if (test.type !== 'BinaryExpression') return false;
  const sides = [unwrap(test.left), unwrap(test.right)];
  const isState = sides.some(
    (side) =>
      side.type === 'MemberExpression' &&
      side.object.type === 'Identifier' &&
      side.object.name === 'AppState' &&
      propertyName(side.property, side.computed) === 'currentState',
  );
  const state = sides.find((side) => side.type === 'StringLiteral')?.value;
  if (!isState || state === undefined) return false;
  return test.operator.startsWith('!')
    ? state === 'active'
    : /^={2,3}$/.test(test.operator) && state === 'background';
}
