import { inReachedFunctions } from '../../code/in-background-functions.ts';
import type { Check } from '../../check.ts';

export const fetchWithoutSignal: Check = {
  id: 'J15',
  title: 'A request of drainQueue, or of the queue’s send, can be aborted',
  severity: 'info',
  why: 'A request on a bad network can hang for minutes. Without the signal it outlives its window, and no one knows whether it arrived.',
  source: 'https://developer.mozilla.org/docs/Web/API/RequestInit#signal',
  fix: 'Pass `signal: window.signal` to fetch; in `send` of the generated queue, its `signal`.',
  explain: [
    'When the window closes, bgsync aborts `window.signal`. A fetch that has it ends at once, with an AbortError; one that has not goes on until the process is frozen, and may be sent again by the next window. That is harmless where the server takes an item twice, which it should in any case.',
    '    await fetch(url, { method: "POST", body, signal: window.signal });',
  ].join('\n\n'),
  run: (repo) =>
    inReachedFunctions(
      repo,
      ({ kind, script, node }, { isOwnName, lineIn, nodesBelow, propertyName, unwrap }) => {
        // The app's own `fetch` may take the signal elsewhere; a Request brings one with it.
        if ((kind !== 'drain' && kind !== 'send') || isOwnName(script, 'fetch')) return [];
        if (/\bnew\s+Request\b/.test(script.module.source)) return [];
        return nodesBelow(node.body).flatMap((inner) => {
          if (inner.type !== 'CallExpression' || inner.callee.type !== 'Identifier') return [];
          if (inner.callee.name !== 'fetch' || inner.arguments.length === 0) return [];
          const [, second] = inner.arguments;
          const init = second && unwrap(second);
          if (init !== undefined && init.type !== 'ObjectExpression') return [];
          const hasSignal = init?.properties.some(
            (property) =>
              property.type === 'SpreadElement' ||
              propertyName(property.key, property.computed) === 'signal',
          );
          if (hasSignal === true) return [];
          const message = 'fetch is called without the signal of the window';
          return [{ file: script.path, line: lineIn(script, inner), message }];
        });
      },
    ),
};
