import type { Check, Finding } from '../../check.ts';
import { bracketsOf } from '../../code/brackets.ts';
import type { Block } from '../../code/brackets.ts';
import type { Handler } from '../../code/background-tasks.ts';
import { launchHandlersOf } from '../../code/launch-handlers.ts';

/** Starts work that goes on while the code behind it runs. */
const STARTS =
  /\bTask(?:\.detached)?\s*(?:\([^(){}]*\)\s*)?\{|\.\s*async\s*(?:\([^{}]*\)\s*)?\{|\b(?:dataTask|uploadTask|downloadTask)\s*\([^{}]*\)\s*\{|\bdispatch_async\s*\([^{}]*,\s*\^\s*(?:\(void\)\s*)?\{/g;
const WAITS = /\.\s*(?:value|result)\b|\.wait\s*\(|\bdispatch_(?:group|semaphore)_wait\b/;

export const completedTooEarly: Check = {
  id: 'I37',
  title: 'A launch handler completes its task after the work',
  severity: 'error',
  why: 'iOS may suspend the app as soon as the task is completed. Work that is still under way is frozen in the middle, and the run counts as a success with nothing sent.',
  source:
    'https://developer.apple.com/documentation/backgroundtasks/bgtask/settaskcompleted(success:)',
  fix: 'Call setTaskCompleted at the end of the closure that does the work.',
  explain: [
    'Task { … }, DispatchQueue.async { … } and dataTask start work and return at once. What stands behind them runs first: a setTaskCompleted there ends the task before the work has begun, and so does one in a `defer` of the function that starts it.',
    '    // wrong\n    Task { await queue.drain() }\n    task.setTaskCompleted(success: true)\n\n    // right\n    Task {\n      let ok = await queue.drain()\n      task.setTaskCompleted(success: ok)\n    }',
    'On the desk it seems to work: the app is in the foreground there, and nothing suspends it.',
  ].join('\n\n'),
  async run(repo) {
    const findings = new Map<string, Finding>();
    for (const { registration, bodies } of await launchHandlersOf(repo)) {
      if (registration.isSwiftUi) continue;
      for (const body of bodies) {
        const at = completedBefore(body);
        if (at === undefined) continue;
        const { file } = body;
        const message = 'the task is completed before the work that is started above it';
        findings.set(`${file.path} ${at}`, { file: file.path, line: file.line(at), message });
      }
    }
    return [...findings.values()];
  },
};

/** The completion that runs before work which was started and is not waited for. */
function completedBefore({ file, start, end, task }: Handler): number | undefined {
  if (task === undefined) return undefined;
  const { code } = file;
  const brackets = bracketsOf(file);
  const name = `(?<![\\w.])${task.replace('$', '\\$')}(?!\\w)`;
  const blockAt = (offset: number): Block | undefined =>
    brackets.around(offset).find(({ kind }) => kind === '{');
  for (const match of code.slice(start, end).matchAll(STARTS)) {
    const open = start + match.index + match[0].length - 1;
    const work = brackets.at(open);
    if (work === undefined) continue;
    const inside = code.slice(work.open, work.close);
    if (new RegExp(name).test(inside)) continue;
    // What does not wait for anything itself is no work of this run.
    if (match[0].startsWith('Task') && !/\bawait\b/.test(inside)) continue;
    const isExpiration = brackets
      .around(open)
      .some((one) => /\bexpirationHandler\s*=\s*(?:\^\s*)?$/.test(code.slice(start, one.open)));
    if (isExpiration) continue;
    const around = blockAt(start + match.index);
    const from = around === undefined || around.open < start ? start : around.open;
    const completes = new RegExp(
      `\\bdefer\\s*\\{[^{}]*${name}[^{}]*setTaskCompleted|${name}[\\s.!?]*setTaskCompleted`,
      'g',
    );
    for (const done of code.slice(from, end).matchAll(completes)) {
      const at = from + done.index;
      const isDeferred = done[0].startsWith('defer');
      if (blockAt(at) !== around || (at < work.close && !isDeferred)) continue;
      if (WAITS.test(code.slice(work.close, Math.max(at, work.close)))) break;
      return at;
    }
  }
  return undefined;
}
