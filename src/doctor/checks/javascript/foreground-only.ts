import type { Node } from '../../../formats/javascript.ts';
import { inBackgroundFunctions } from '../../code/in-background-functions.ts';
import type { JavaScript } from '../../code/in-background-functions.ts';
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
    inBackgroundFunctions(repo, ({ script, node }, javascript) =>
      javascript.nodesIn(script, node).flatMap((inner) => {
        if (inner.type !== 'IfStatement' || !leaves(inner.consequent)) return [];
        if (!asksForForeground(inner.test, javascript)) return [];
        const message = 'returns unless the app is in the foreground';
        return [{ file: script.path, line: javascript.lineIn(script, inner), message }];
      }),
    ),
};

function leaves(node: Node): boolean {
  if (node.type === 'ReturnStatement') return true;
  return node.type === 'BlockStatement' && node.body.at(-1)?.type === 'ReturnStatement';
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
