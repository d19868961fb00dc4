import type { Check, Finding } from '../../check.ts';
import { uncalledIn } from '../../code/apple-answers.ts';
import {
  branchWithoutTask,
  isAnsweredElsewhere,
  returnWithoutTask,
  throwInTask,
} from '../../code/apple-paths.ts';
import { bracketsOf } from '../../code/brackets.ts';
import type { Block } from '../../code/brackets.ts';
import type { Handler } from '../../code/background-tasks.ts';
import { FunctionIndex } from '../../code/function-index.ts';
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
    'doctor looks for a launch handler that completes the task nowhere, neither itself nor in a function of the app that it calls, and for returns before anything could have: in it, in the functions that get the task, and in the closures that complete it. It follows the branches of if, switch and do … catch, too: one that leaves the task alone, while the others complete it and nothing behind them does, is a path without an end. So is a Task { try … } without a catch: where it throws, nothing behind the try is done.',
    'Where a function of the app gets a closure that completes the task, the same is asked of that closure: a “guard … else { return }” that does not call it leaves the task to nobody. So it goes on through the functions that it is handed to.',
  ].join('\n\n'),
  async run(repo) {
    const findings: Finding[] = [];
    const told = new Set<string>();
    const handlers = await launchHandlersOf(repo);
    if (handlers.length === 0) return [];
    const functions = await FunctionIndex.of(repo);
    for (const { registration, bodies, completions, reachable, escapes } of handlers) {
      if (registration.isSwiftUi) continue;
      if (!COMPLETES.test(reachable)) {
        if (escapes) continue;
        findings.push({
          ...placeOf(registration),
          message: 'the launch handler never calls setTaskCompleted',
        });
        continue;
      }
      for (const body of bodies) {
        const early = earlyReturn(body) ?? returnInClosure(body) ?? returnWithoutTask(body);
        const thrown = throwInTask(body);
        const at = early ?? branchWithoutTask(body) ?? thrown;
        const { path } = body.file;
        if (at === undefined || told.has(`${path} ${at}`)) continue;
        told.add(`${path} ${at}`);
        const message =
          early !== undefined
            ? 'the launch handler returns here without setTaskCompleted'
            : at === thrown
              ? 'where this throws, the Task ends without setTaskCompleted'
              : 'a path of the launch handler goes on from here without setTaskCompleted';
        findings.push({ file: path, line: body.file.line(at), message });
      }
      for (const one of completions) {
        const left = uncalledIn(functions, one);
        if (left === undefined || told.has(`${one.file.path} ${left.offset}`)) continue;
        told.add(`${one.file.path} ${left.offset}`);
        const message = `${left.says} ${one.task ?? ''}, which completes the task`;
        findings.push({ file: one.file.path, line: one.file.line(left.offset), message });
      }
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
    if (isAnswered(code, at, task)) continue;
    const inner = brackets.around(at).filter(({ open }) => open >= start);
    // A closure inside the handler has returns of its own.
    const isOwn = inner.every(({ kind, open }) => kind === '{' && isBranch(code, open));
    if (!isOwn || inner.length === 0 || isAnsweredElsewhere(headOf(code, inner[0]))) continue;
    // What gets the task by then, or in a closure before, may complete it.
    const name = task.replace('$', '\\$');
    const before = code
      .slice(start, at)
      .replace(new RegExp(`\\b(?:let|var)\\s+\\w+\\s*=\\s*${name}\\s+as\\b`, 'g'), '');
    const touched = new RegExp(`(?<![\\w.])${name}(?!\\w)(?!\\s*\\.\\s*expirationHandler)`);
    if (
      /\bdefer\b/.test(before) ||
      touched.test(before.replaceAll(expirationBody(before), 'expirationHandler'))
    )
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

/** The first `return` of a closure that would have completed the task further down, and has not done so yet. */
function returnInClosure({ file, start, end, task }: Handler): number | undefined {
  if (task === undefined) return undefined;
  const { code } = file;
  const name = new RegExp(`(?<![\\w.])${task.replace('$', '\\$')}(?!\\w)`);
  for (const { index } of code.slice(start, end).matchAll(/\breturn\b/g)) {
    const at = start + index;
    if (isAnswered(code, at, task)) continue;
    const inner = bracketsOf(file)
      .around(at)
      .filter(({ open }) => open >= start);
    const closure = inner.find(({ kind, open }) => kind === '{' && !isBranch(code, open));
    if (closure === undefined || inner[0] === closure) continue;
    if (isAnsweredElsewhere(headOf(code, inner[0]))) continue;
    const before = code.slice(closure.open, at);
    const after = code.slice(at, closure.close);
    if (/\bdefer\b/.test(before) || name.test(before)) continue;
    const completes = COMPLETES.exec(after);
    if (completes === null) continue;
    // Of the closure itself: not of a branch that the return is in, nor of a closure further down.
    const completing = bracketsOf(file)
      .around(at + completes.index)
      .filter(({ kind, open }) => kind === '{' && open > closure.open);
    if (completing.every(({ open }) => isBranch(code, open)) && name.test(after)) return at;
  }
  return undefined;
}

/** `return task.setTaskCompleted(success: true)` */
const isAnswered = (code: string, at: number, task: string): boolean =>
  (/^return[^\n;}]*/.exec(code.slice(at, at + 300))?.[0] ?? '').includes(task);

/** What stands in front of a block in its line: `if Task.isCancelled`. */
const headOf = (code: string, block: Block | undefined): string =>
  block === undefined
    ? ''
    : code.slice(
        Math.max(code.lastIndexOf('\n', block.open), code.lastIndexOf(';', block.open)) + 1,
        block.open,
      );

/** Whether a block is that of a condition: `guard … else {`, `if … {`. */
function isBranch(code: string, open: number): boolean {
  const from = Math.max(code.lastIndexOf('\n', open), code.lastIndexOf(';', open), 0);
  return /^\s*(?:\}\s*)?(?:guard|if|else)\b|\belse\s*$|[{}]\s*(?:guard|if)\b[^{}]*$/.test(
    code.slice(from + 1, open),
  );
}

/** The text of `task.expirationHandler = { … }`, which runs later. */
function expirationBody(code: string): string {
  const at = /\bexpirationHandler\s*=\s*(?:\^\s*)?\{/.exec(code);
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
