import type { Check, Finding } from '../../check.ts';
import { answeredBefore, begunBehind, leftBehind, startOf } from '../../code/apple-early.ts';
import type { Early } from '../../code/apple-early.ts';
import { FunctionIndex } from '../../code/function-index.ts';
import { launchHandlersOf } from '../../code/launch-handlers.ts';
import type { SourceFile } from '../../source-files.ts';

export const completedTooEarly: Check = {
  id: 'I37',
  title: 'A launch handler completes its task after the work',
  severity: 'error',
  why: 'iOS may suspend the app as soon as the task is completed. Work that is still under way is frozen in the middle, and the run counts as a success with nothing sent.',
  source:
    'https://developer.apple.com/documentation/backgroundtasks/bgtask/settaskcompleted(success:)',
  fix: 'Call setTaskCompleted at the end of the closure that does the work.',
  explain: [
    'Task { … }, DispatchQueue.async { … }, dataTask and addOperation start work and return at once, and so does a function that does no more than that. What stands behind them runs first: a setTaskCompleted there ends the task before the work has begun, and so does one in a `defer` of the function that starts it.',
    '    // wrong\n    Task { await queue.drain() }\n    task.setTaskCompleted(success: true)\n\n    // right\n    Task {\n      let ok = await queue.drain()\n      task.setTaskCompleted(success: ok)\n    }',
    'On the desk it seems to work: the app is in the foreground there, and nothing suspends it.',
  ].join('\n\n'),
  async run(repo) {
    const handlers = await launchHandlersOf(repo);
    if (handlers.length === 0) return [];
    const functions = await FunctionIndex.of(repo);
    const findings = new Map<string, Finding>();
    const add = (file: SourceFile, early: Early, message: string): void => {
      const line = file.line(early.offset);
      const evidence = startOf(early, { path: file.path, line });
      findings.set(`${file.path} ${early.offset}`, { file: file.path, line, message, evidence });
    };
    for (const { registration, bodies, completions } of handlers) {
      if (registration.isSwiftUi) {
        const [handler] = bodies;
        const left = handler && leftBehind(handler, functions);
        if (left === undefined) continue;
        const what = left.call === undefined ? 'this work' : `${left.call.name}()`;
        const isTask = handler?.file.code.startsWith('Task', left.offset) === true;
        const subject = isTask ? 'Task { … } is not awaited' : `${what} goes on in the background`;
        const message = `${subject}: SwiftUI completes the task when this closure ends`;
        if (handler !== undefined) add(handler.file, left, message);
        continue;
      }
      for (const body of [...bodies, ...completions]) {
        const early = answeredBefore(body, functions) ?? begunBehind(body, functions);
        if (early === undefined) continue;
        if (early.isBehind === true) {
          const what = early.call === undefined ? 'this work' : `${early.call.name}()`;
          add(body.file, early, `${what} begins when the task is completed already`);
          continue;
        }
        const what =
          body.isClosure === true
            ? `${body.task ?? ''}, which completes the task, is called`
            : 'the task is completed';
        const message =
          early.call === undefined
            ? `${what} before the work that is started above it`
            : `${what} right behind ${early.call.name}(), which returns before its work is done`;
        add(body.file, early, message);
      }
    }
    return [...findings.values()];
  },
};
