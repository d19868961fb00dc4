import type { Check, Finding } from '../../check.ts';
import { bracketsOf } from '../../code/brackets.ts';
import type { Handler } from '../../code/background-tasks.ts';
import { launchHandlersOf, placeOf } from '../../code/launch-handlers.ts';

const COMPLETES = /\bsetTaskCompleted/;

export const taskCompleted: Check = {
  id: 'I12',
  title: 'Every path of a launch handler completes the task',
  severity: 'error',
  why: 'iOS ends an app that has not called setTaskCompleted when the time is over, and starts it less often afterwards.',
  source:
    'https://developer.apple.com/documentation/backgroundtasks/bgtask/settaskcompleted(success:)',
  fix: 'Call task.setTaskCompleted(success:) on every path, also before an early return.',
  explain: [
    'A task that is not completed keeps the app running until its time is over; then iOS may end the app (0x8badf00d). The system learns from it, and starts the app less often.',
    'What is overlooked most is the early return: “guard isLoggedIn else { return }” leaves a task that nobody completes.',
    '    guard isLoggedIn else {\n      task.setTaskCompleted(success: true)\n      return\n    }',
    'doctor looks for a launch handler that completes the task nowhere, neither itself nor in a function of the app that it calls, and for returns in it before anything could have.',
  ].join('\n\n'),
  async run(repo) {
    const findings: Finding[] = [];
    for (const { registration, handler, reachable, escapes } of await launchHandlersOf(repo)) {
      if (registration.isSwiftUi) continue;
      if (!COMPLETES.test(reachable)) {
        if (escapes) continue;
        findings.push({
          ...placeOf(registration),
          message: 'the launch handler never calls setTaskCompleted',
        });
        continue;
      }
      const early = earlyReturn(handler);
      if (early === undefined) continue;
      const { file } = handler;
      const message = 'the launch handler returns here without setTaskCompleted';
      findings.push({ file: file.path, line: file.line(early), message });
    }
    return findings;
  },
};

/** The first `return` of the handler itself that nothing stands before that completes the task, or gets it. */
function earlyReturn({ file, start, end, task }: Handler): number | undefined {
  if (task === undefined) return undefined;
  const { code } = file;
  const brackets = bracketsOf(file);
  for (const { index } of code.slice(start, end).matchAll(/\breturn\b/g)) {
    const at = start + index;
    const inner = brackets.around(at).filter(({ open }) => open >= start);
    // A closure inside the handler has returns of its own.
    const isOwn = inner.every(({ kind, open }) => kind === '{' && isBranch(code, open));
    if (!isOwn || inner.length === 0) continue;
    // What gets the task by then, or in a closure before, may complete it.
    const name = task.replace('$', '\\$');
    const before = code
      .slice(start, at)
      .replace(new RegExp(`\\b(?:let|var)\\s+\\w+\\s*=\\s*${name}\\s+as\\b`, 'g'), '');
    const touched = new RegExp(`(?<![\\w.])${name}(?!\\w)(?!\\s*\\.\\s*expirationHandler)`);
    if (/\bdefer\b/.test(before) || touched.test(before.replaceAll(expirationBody(before), '')))
      continue;
    if (
      new RegExp(`\\b(?:let|var)\\s+\\w+\\s*=\\s*${name}\\s+as\\b[^{}]*\\{\\s*$`).test(
        code.slice(start, at),
      )
    )
      continue;
    return at;
  }
  return undefined;
}

/** Whether a block is that of a condition: `guard … else {`, `if … {`. */
function isBranch(code: string, open: number): boolean {
  const from = Math.max(code.lastIndexOf('\n', open), code.lastIndexOf(';', open), 0);
  return /^\s*(?:\}\s*)?(?:guard|if|else)\b|\belse\s*$/.test(code.slice(from + 1, open));
}

/** The text of `task.expirationHandler = { … }`, which runs later. */
function expirationBody(code: string): string {
  const at = /\bexpirationHandler\s*=\s*\^?\s*\{/.exec(code);
  if (at === null) return '\0';
  let depth = 1;
  let end = at.index + at[0].length;
  while (end < code.length && depth > 0) {
    if (code[end] === '{') depth += 1;
    if (code[end] === '}') depth -= 1;
    end += 1;
  }
  return code.slice(at.index, end);
}
