import { answerOf, branchWithoutTask, returnWithoutTask, throwInTask } from './apple-paths.ts';
import { closureTarget, nameTarget } from './apple-calls.ts';
import type { HandedClosure } from './apple-calls.ts';
import type { Handler } from './background-tasks.ts';
import { bracketsOf } from './brackets.ts';
import type { Block } from './brackets.ts';
import type { FunctionIndex } from './function-index.ts';

/** Functions that hand a completion on. */
const DEEPEST = 5;
/** Of one handler: far beyond any real one. */
const MOST = 50;

/**
 * The functions of the app that get a closure in which a handler answers, or its own completion: as handlers that answer by
 * calling it. Those that they hand it on to are among them.
 */
export function completionsOf(functions: FunctionIndex, handler: Handler): readonly Handler[] {
  const found: Handler[] = [];
  let level: readonly Handler[] = [handler];
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth += 1) {
    const next: Handler[] = [];
    for (const { one, parameter } of level.flatMap((each) => handedIn(functions, each))) {
      const isKnown = found.some(
        ({ file, start }) => file === one.file && start === one.body.start,
      );
      if (isKnown || found.length >= MOST) continue;
      const body: Handler = { file: one.file, ...one.body, task: parameter, isClosure: true };
      found.push(body);
      next.push(body);
    }
    level = next;
  }
  return found;
}

function handedIn(functions: FunctionIndex, handler: Handler): HandedClosure[] {
  const { file, start, end, task, isClosure } = handler;
  if (task === undefined) return [];
  const { code } = file;
  const found: HandedClosure[] = [];
  const add = (target: HandedClosure | undefined): void => {
    if (target !== undefined) found.push(target);
  };
  const name = `(?<![\\w.$])${task.replace('$', '\\$')}(?!\\w)`;
  const answer = new RegExp(isClosure === true ? name : `${name}[^;{}]{0,200}\\bsetTaskCompleted`);
  const blocks = bracketsOf(file).blocks.filter(
    ({ kind, open, close }) => kind === '{' && open >= start && close <= end,
  );
  for (const block of blocks.slice(0, MOST)) {
    if (!answer.test(code.slice(block.open, block.close))) continue;
    if (/\bexpirationHandler\s*=\s*(?:\^\s*)?$/.test(code.slice(start, block.open))) continue;
    add(closureTarget(functions, file, block));
  }
  if (isClosure !== true) return found;
  for (const { index } of [...code.slice(start, end).matchAll(new RegExp(name, 'g'))].slice(
    0,
    MOST,
  )) {
    const behind = /^\s*[,)\]]/.test(
      code.slice(start + index + task.length, start + index + task.length + 40),
    );
    if (behind) add(nameTarget(functions, file, start + index));
  }
  return found;
}

/** Where a function does not call the closure that it has to call. */
export interface Uncalled {
  readonly offset: number;
  /** With the closure's name behind it. */
  readonly says: string;
}

/** The first path through a function, or a closure in it that runs once, that calls its completion nowhere. */
export function uncalledIn(functions: FunctionIndex, handler: Handler): Uncalled | undefined {
  const { file, start, end } = handler;
  if (!answerOf(handler).test(file.code.slice(start, end))) {
    return { offset: start - 1, says: 'this function never calls' };
  }
  const isOnce = (block: Block): boolean => closureTarget(functions, file, block) !== undefined;
  const left = returnWithoutTask(handler, isOnce);
  if (left !== undefined) return { offset: left, says: 'returns here without a call of' };
  const branch = branchWithoutTask(handler);
  if (branch !== undefined) {
    return { offset: branch, says: 'a path goes on from here without a call of' };
  }
  const thrown = throwInTask(handler);
  if (thrown === undefined) return undefined;
  return { offset: thrown, says: 'where this throws, the Task ends without a call of' };
}
