import type { Node } from '../../../formats/javascript.ts';
import { inReachedFunctions } from '../../code/in-background-functions.ts';
import type { JavaScript } from '../../code/in-background-functions.ts';
import type { Check } from '../../check.ts';

/** The kinds that run in a window of bgsync. */
const OF_BGSYNC = new Set(['drain', 'send', 'queue']);
const TIMERS = ['setInterval', 'setTimeout'];

export const timerDeadline: Check = {
  id: 'J04',
  title: 'What runs in the background does not wait for a timer',
  severity: 'warning',
  why: 'JavaScript timers stop while the app is in the background: a deadline or a pause that is built on one may never come, and the run hangs until the OS ends it.',
  source: 'https://github.com/react/react-native/issues/56324',
  fix: 'Take the deadline from native code: in bgsync, `window.signal`; leave a retry to the next run.',
  explain: [
    'On Android React Native drives its timers by the screen’s frames. In the background they tick only while a headless task is active, and on some phones (Samsung’s One UI) not even then; on iOS they stop with the app. So setTimeout cannot end a request that hangs, and a pause between two attempts may last until the OS stops the run.',
    'bgsync ends a window from native code, which needs no timer: `window.signal` aborts. Pass it on to what can be aborted, and return; what is left is sent in the next window, which bgsync schedules with a back-off.',
    '    // wrong\n    await Promise.race([upload(item), new Promise((_, reject) => setTimeout(reject, 10_000))]);\n\n    // right\n    await fetch(url, { method: "POST", body, signal: window.signal });',
  ].join('\n\n'),
  run: (repo) =>
    inReachedFunctions(repo, ({ kind, script, node, isCalled }, javascript) => {
      const { isCallersChoice, isDevOnly, isOwnName, lineIn, nodesBelow } = javascript;
      return nodesBelow(node.body).flatMap((inner) => {
        if (inner.type !== 'CallExpression' || inner.callee.type !== 'Identifier') return [];
        const { name } = inner.callee;
        if (!TIMERS.includes(name) || isOwnName(script, name) || isDevOnly(script, inner)) {
          return [];
        }
        if (isCalled && isCallersChoice(script, node, inner)) return [];
        // bgsync's window ends without it: such a timer can only make a request shorter.
        if (OF_BGSYNC.has(kind) && onlyAborts(inner.arguments[0], javascript)) return [];
        const message = `${name} is called in what runs in the background, where timers may stand still`;
        return [{ file: script.path, line: lineIn(script, inner), message }];
      });
    }),
};

/** `() => controller.abort()` */
function onlyAborts(callback: Node | undefined, javascript: JavaScript): boolean {
  const { isFunction, propertyName } = javascript;
  if (callback === undefined || !isFunction(callback)) return false;
  const { body } = callback;
  const [statement] = body.type === 'BlockStatement' ? body.body : [];
  if (body.type === 'BlockStatement' && body.body.length !== 1) return false;
  const call = statement?.type === 'ExpressionStatement' ? statement.expression : body;
  return (
    call.type === 'CallExpression' &&
    call.callee.type === 'MemberExpression' &&
    propertyName(call.callee.property, call.callee.computed) === 'abort'
  );
}
