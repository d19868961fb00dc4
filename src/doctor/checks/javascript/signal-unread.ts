import type { Node } from '../../../formats/javascript.ts';
import type { FunctionNode } from '../../code/javascript.ts';
import { inBackgroundFunctions } from '../../code/in-background-functions.ts';
import type { JavaScript } from '../../code/in-background-functions.ts';
import type { Check } from '../../check.ts';

export const signalUnread: Check = {
  id: 'J06',
  title: 'drainQueue reads window.signal',
  severity: 'warning',
  why: 'A window can close at any moment. A drain that does not look goes on after it, is frozen with the app in the middle of an item, and the run ends as `expired`.',
  source: 'https://developer.apple.com/documentation/backgroundtasks/bgtask/expirationhandler',
  fix: 'Check `window.signal.aborted` between two items, and pass `window.signal` to fetch.',
  explain: [
    'The OS gives a run some time and takes it back when it likes: the user opens another app, the network goes, the battery runs low. bgsync completes the task at once and aborts `window.signal`. What drainQueue does after that is not counted, and the process may be frozen or ended at any line of it.',
    '    async drainQueue(window) {\n      for (const item of await outbox.all()) {\n        if (window.signal.aborted) break;\n        await send(item, window.signal);\n        await outbox.remove(item);\n      }\n      return outbox.count();\n    }',
  ].join('\n\n'),
  run: (repo) =>
    inBackgroundFunctions(repo, ({ kind, script, node }, javascript) => {
      if (kind !== 'drain' || !awaits(node, javascript) || mayRead(node, javascript)) return [];
      const message = 'drainQueue never reads the signal of its window';
      return [{ file: script.path, line: javascript.lineIn(script, node), message }];
    }),
};

function awaits(node: FunctionNode, { walk }: JavaScript): boolean {
  let found = false;
  walk(node.body, (inner) => {
    found ||= inner.type === 'AwaitExpression' || (inner.type === 'ForOfStatement' && inner.await);
    return !found;
  });
  return found;
}

/** Whether it reads the signal, or hands its window to something that may. */
function mayRead(node: FunctionNode, { propertyName, walk }: JavaScript): boolean {
  let parameter: Node | undefined = node.params[0];
  if (parameter?.type === 'AssignmentPattern') parameter = parameter.left;
  if (parameter?.type === 'ObjectPattern') {
    return parameter.properties.some(
      (property) =>
        property.type === 'RestElement' ||
        propertyName(property.key, property.computed) === 'signal',
    );
  }
  if (parameter?.type !== 'Identifier') return parameter !== undefined;
  const { name } = parameter;
  let found = false;
  walk(node.body, (inner) => {
    if (inner.type === 'MemberExpression' || inner.type === 'OptionalMemberExpression') {
      if (inner.object.type === 'Identifier' && inner.object.name === name) {
        const read = propertyName(inner.property, inner.computed);
        found ||= read === undefined || read === 'signal';
        return inner.computed && !found ? undefined : false;
      }
    }
    // Anything else hands it on, or takes it apart.
    found ||= inner.type === 'Identifier' && inner.name === name;
    return !found;
  });
  return found;
}
