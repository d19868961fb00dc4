import type { Check, Finding } from '../../check.ts';
import { bracketsOf } from '../../code/brackets.ts';
import type { Block } from '../../code/brackets.ts';
import type { Handler } from '../../code/background-tasks.ts';
import { launchHandlersOf } from '../../code/launch-handlers.ts';
import type { SourceFile } from '../../source-files.ts';

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
      if (registration.isSwiftUi) {
        // SwiftUI completes the task when the closure returns.
        const left = unawaitedIn(bodies[0]);
        if (left !== undefined) {
          const { file, offset, what } = left;
          const message = `${what} is not awaited: SwiftUI completes the task when this closure ends`;
          findings.set(`${file.path} ${offset}`, {
            file: file.path,
            line: file.line(offset),
            message,
          });
        }
        continue;
      }
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

/** Work that a handler of SwiftUI starts in a Task of its own, whose end it does not wait for. */
function unawaitedIn(
  handler: Handler | undefined,
): { readonly file: SourceFile; readonly offset: number; readonly what: string } | undefined {
  if (handler === undefined) return undefined;
  const { file, start, end } = handler;
  const { code } = file;
  const body = code.slice(start, end);
  for (const match of body.matchAll(/\bTask(?:\.detached)?\s*(?:\([^(){}]*\)\s*)?\{/g)) {
    const offset = start + match.index;
    const block = bracketsOf(file).at(offset + match[0].length - 1);
    // One that is kept, or in something else that the closure calls, may be waited for.
    const isStatement = /(?:^|[;{}\n])[ \t]*$/.test(
      code.slice(Math.max(start, offset - 80), offset),
    );
    if (block === undefined || !isStatement) continue;
    if (!/\bawait\b/.test(code.slice(block.open, block.close))) continue;
    const [around] = bracketsOf(file)
      .around(offset)
      .filter(({ kind }) => kind === '{');
    if (around !== undefined && around.open >= start) continue;
    if (/^\s*\.\s*(?:value|result)\b/.test(code.slice(block.close + 1, block.close + 40))) continue;
    return { file, offset, what: 'Task { … }' };
  }
  return undefined;
}

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
