import type { Node } from '../../../formats/javascript.ts';
import { inBackgroundFunctions } from '../../code/in-background-functions.ts';
import type {
  FindFunction,
  FoundFunction,
  JavaScript,
} from '../../code/in-background-functions.ts';
import type { FunctionNode } from '../../code/javascript.ts';
import type { Check } from '../../check.ts';

export const signalUnread: Check = {
  id: 'J06',
  title: 'What drains reads the signal of its window',
  severity: 'warning',
  why: 'A window can close at any moment. A drain that does not look goes on after it, is frozen with the app in the middle of an item, and the run ends as `expired`.',
  source: 'https://developer.apple.com/documentation/backgroundtasks/bgtask/expirationhandler',
  fix: 'Check `window.signal.aborted` between two items, and pass `window.signal` to fetch; `send` of the generated queue has it as its second parameter.',
  explain: [
    'The OS gives a run some time and takes it back when it likes: the user opens another app, the network goes, the battery runs low. bgsync completes the task at once and aborts `window.signal`. What drainQueue does after that is not counted, and the process may be frozen or ended at any line of it.',
    '    async drainQueue(window) {\n      for (const item of await outbox.all()) {\n        if (window.signal.aborted) break;\n        await send(item, window.signal);\n        await outbox.remove(item);\n      }\n      return outbox.count();\n    }',
  ].join('\n\n'),
  run: (repo) =>
    inBackgroundFunctions(repo, async ({ kind, script, node }, javascript, find) => {
      const handed = kind === 'drain' || kind === 'send' ? HANDED[kind] : undefined;
      if (handed === undefined || !(await awaits({ script, node }, javascript, find))) return [];
      const { unreadSignal } = await import('../../code/js-signal.ts');
      const unread = await unreadSignal(repo, script, node, handed);
      if (unread === undefined) return [];
      const message = `${handed.name} never reads the signal of its window`;
      const evidence = unread.map((one) => ({
        file: one.script.path,
        line: javascript.lineIn(one.script, one.node),
        says: 'is handed it, and does not read it either',
      }));
      return [{ file: script.path, line: javascript.lineIn(script, node), message, evidence }];
    }),
};

/** `drainQueue(window)`, and `send(mutation, signal)` of the generated queue. */
const HANDED = {
  drain: { name: 'drainQueue', index: 0, held: 'holder' },
  send: { name: 'send', index: 1, held: 'signal' },
} as const;

/** Whether a function waits for anything, itself or in a function whose promise it returns: J18 tells of the others. */
async function awaits(
  { script, node }: FoundFunction,
  javascript: JavaScript,
  find: FindFunction,
  seen = new Set<FunctionNode>(),
): Promise<boolean> {
  seen.add(node);
  const { isFunction, unwrap, walk } = javascript;
  const returned: Node[] = node.body.type === 'BlockStatement' ? [] : [node.body];
  const waiting: Node[] = [];
  walk(node.body, (inner) => {
    if (isFunction(inner)) return false;
    if (inner.type === 'AwaitExpression') waiting.push(inner);
    if (inner.type === 'ForOfStatement' && inner.await) waiting.push(inner);
    if (inner.type === 'ReturnStatement' && inner.argument) returned.push(inner.argument);
    return undefined;
  });
  if (waiting.length > 0) return true;
  for (const value of returned.map(unwrap)) {
    const called = value.type === 'CallExpression' ? await find(script, value.callee) : undefined;
    if (called === undefined || seen.has(called.node)) continue;
    if (await awaits(called, javascript, find, seen)) return true;
  }
  return false;
}
