import type { Evidence } from '../check.ts';
import type { SourceFile } from '../source-files.ts';
import type { AppleFunction } from './apple-functions.ts';
import { isSwift } from './apple-functions.ts';
import { plainCalls } from './apple-calls.ts';
import type { Handler } from './background-tasks.ts';
import { bracketsOf } from './brackets.ts';
import type { Block } from './brackets.ts';
import { bodyOf } from './function-index.ts';
import type { FunctionIndex } from './function-index.ts';

/**
 * Where a handler answers, completes its task or calls its completion handler, while work that it has started goes on: in a
 * Task, on another queue, in a URLSession, in a queue of operations; itself, or in a function of the app that returns first.
 */

/** Starts work that goes on while the code behind it runs. */
const STARTS =
  /\bTask(?:\.detached)?\s*(?:\([^(){}]*\)\s*)?\{|\.\s*async\s*(?:\([^{}]*\)\s*)?\{|(?:\bURLSession\s?\.\s?shared\s?\.\s?)?\b(?:data|upload|download)Task\s?\(|\b(?:data|upload|download)TaskWith\w+\s?:[^{};]*\bcompletionHandler\s?:\s?\^[^{};]*\{|\bdispatch_async\s*\([^{}]*,\s*\^\s*(?:\(void\)\s*)?\{|\.\s?addOperation\s?[({]|\.\s?addOperations\s?\(|\baddOperation\s?:|\baddOperationWithBlock\s?:\s?\^\s?\{|\baddOperations\s?:/g;

/** Holds its thread until another one is through. */
const BLOCKS =
  /\.wait\s*\(|\bdispatch_(?:group|semaphore)_wait\b|\bwaitUntil\w+|\.\s?sync\s?[({]|\bdispatch_(?:barrier_)?sync\b|\bRunLoop\b|\bNSRunLoop\b|\bsleep\b/;

/** Waits for work of another thread, or asks a Task for what came of it. */
const WAITS = new RegExp(`\\.\\s*(?:value|result)\\b|${BLOCKS.source}`);

/** Functions that call each other until one starts something. */
const DEEPEST = 4;
/** Functions that one question looks at, and starts in one of them: far beyond any real code. */
const MOST_FUNCTIONS = 100;
const MOST_WORKS = 40;
const MOST_ANSWERS = 20;

/** Of the main queue, which shows what has been done. */
const ON_MAIN =
  /(?:\bmain|\bmainQueue\s?\]?|\bdispatch_async\s?\(\s?dispatch_get_main_queue\s?\(\s?\)[^{}]*)$/;

interface Work {
  readonly offset: number;
  /** Behind what starts it. */
  readonly end: number;
  /** What is done later, as far as it is written there. */
  readonly inside: string;
  readonly isOperation: boolean;
}

/** What is started in code, and nothing there waits for. */
function worksIn(file: SourceFile, start: number, end: number): Work[] {
  const { code } = file;
  const brackets = bracketsOf(file);
  const found: Work[] = [];
  for (const match of code.slice(start, end).matchAll(STARTS)) {
    if (found.length >= MOST_WORKS) break;
    const offset = start + match.index;
    const [text] = match;
    const isOperation = text.includes('addOperation');
    const last = offset + text.length - 1;
    const block =
      isOperation && text.endsWith(':') ? messageAround(file, offset) : brackets.at(last);
    if (block === undefined) continue;
    const inside = code.slice(block.open, block.close);
    // What does not wait for anything itself is no work of this run.
    if (text.startsWith('Task') && !/\bawait\b/.test(inside)) continue;
    if (isOperation && /\bwaitUntilFinished\s?:(?!\s?(?:false|NO)\b)/.test(inside)) continue;
    if (isOperation && ON_MAIN.test(code.slice(Math.max(start, offset - 40), offset).trimEnd())) {
      continue;
    }
    const isExpiration = brackets
      .around(block.open)
      .some(({ open }) =>
        /\bexpirationHandler\s*=\s*(?:\^\s*)?$/.test(code.slice(Math.max(start, open - 60), open)),
      );
    if (isExpiration) continue;
    if (/Task\s?\($/.test(text)) {
      const behind = /^\s?\{/.exec(code.slice(block.close + 1, block.close + 10))?.[0];
      const closure = behind && brackets.at(block.close + behind.length);
      if (closure) {
        const inside = code.slice(closure.open, closure.close);
        found.push({ offset, end: closure.close, inside, isOperation });
        continue;
      }
      // One without a closure tells the session's delegate: the shared session has none.
      if (!/\bcompletionHandler\s?:/.test(inside) && !isResumed(file, offset, block.close, text)) {
        continue;
      }
    }
    found.push({ offset, end: block.close, inside, isOperation });
  }
  return found;
}

/** `URLSession.shared.dataTask(with: request).resume()`, also under a name. */
function isResumed({ code }: SourceFile, offset: number, close: number, call: string): boolean {
  if (!call.includes('shared')) return false;
  if (/^\s?\.\s?resume\b/.test(code.slice(close + 1, close + 20))) return true;
  const name = /\blet\s+(\w+)\s*=\s*$/.exec(code.slice(Math.max(0, offset - 60), offset))?.[1];
  return name !== undefined && code.slice(close, close + 400).includes(`${name}.resume()`);
}

/** `[queue addOperation:one]` */
const messageAround = (file: SourceFile, offset: number): Block | undefined =>
  bracketsOf(file)
    .around(offset)
    .find(({ kind }) => kind === '[');

/** Where a handler answers before its work is done. */
export interface Early {
  /** Whether the work is begun behind the answer: then {@link offset} is where it is begun. */
  readonly isBehind?: true;
  readonly offset: number;
  /** The call, of a function of the app that has not done its work when it returns. */
  readonly call?: AppleFunction;
  /** In that function, or one that it calls: what starts the work. */
  readonly work?: Place;
}

/** What starts the work, where that is not the place itself. */
export const startOf = (
  { work }: Early,
  place: { readonly path: string; readonly line: number },
): readonly Evidence[] => {
  if (work === undefined) return [];
  const { path } = work.file;
  const line = work.file.line(work.offset);
  const isSame = path === place.path && line === place.line;
  return isSame ? [] : [{ file: path, line, says: 'starts work that goes on' }];
};

interface Place {
  readonly file: SourceFile;
  readonly offset: number;
}

/** The first answer of a handler that runs before work which was started and is not waited for. */
export function answeredBefore(handler: Handler, functions: FunctionIndex): Early | undefined {
  const { file, start, end, task } = handler;
  if (task === undefined) return undefined;
  const name = new RegExp(`(?<![\\w.])${task.replace('$', '\\$')}(?!\\w)`);
  for (const work of worksIn(file, start, end)) {
    if (name.test(work.inside) || isForScreen(functions, file, work)) continue;
    const offset = answerBehind(handler, work, (code) => waitsIn(functions, code, WAITS));
    if (offset !== undefined) return { offset };
  }
  const seen = new Set<AppleFunction>();
  for (const { one, offset: at, end: behind } of plainCalls(functions, file, handler)) {
    if (name.test(file.code.slice(at, behind))) continue;
    const offset = answerBehind(handler, { offset: at, end: behind }, (code) =>
      waitsIn(functions, code, WAITS_ANYWHERE),
    );
    if (offset === undefined) continue;
    const work = startedBy(functions, one, seen);
    if (work !== undefined) return { offset, call: one, work };
  }
  return undefined;
}

/** What a run sends or gets, by the words of a call. */
const SENDS = /(?:sync|fetch|upload|download|refresh|send|drain|flush)\w*\s?[(\]:]/i;

/** Work of a launch handler that is begun when its task has been completed already. */
export function begunBehind(handler: Handler, functions: FunctionIndex): Early | undefined {
  const { file, start, end, task, isClosure } = handler;
  if (task === undefined || isClosure === true) return undefined;
  const { code } = file;
  const blockAt = (offset: number): Block | undefined =>
    bracketsOf(file)
      .around(offset)
      .find(({ kind }) => kind === '{');
  const name = `(?<![\\w.])${task.replace('$', '\\$')}`;
  const answers = new RegExp(`${name}[\\s.!?]{0,20}setTaskCompleted\\w*\\s?[(:]`, 'g');
  const seen = new Set<AppleFunction>();
  for (const done of [...code.slice(start, end).matchAll(answers)].slice(0, MOST_ANSWERS)) {
    const around = blockAt(start + done.index);
    const open = around?.open ?? start;
    // That of an expiration has its own end.
    const head = code.slice(Math.max(start, open - 60), open);
    if (/\bexpirationHandler\s?=\s?(?:\^\s?)?$/.test(head)) continue;
    const range = {
      start: start + done.index + done[0].length,
      end: Math.min(end, around?.close ?? end),
    };
    for (const work of worksIn(file, range.start, range.end)) {
      if (blockAt(work.offset) !== around || isForScreen(functions, file, work)) continue;
      const sends = SENDS.test(work.inside) || NETWORK.test(code.slice(work.offset, work.end));
      if (sends) return { offset: work.offset, isBehind: true };
    }
    for (const { one, offset } of plainCalls(functions, file, range)) {
      if (blockAt(offset) !== around) continue;
      const work = startedBy(functions, one, seen);
      if (work !== undefined) return { offset, call: one, work, isBehind: true };
    }
  }
  return undefined;
}

/** Whether it is the main queue's, or the main actor's, and sends nothing there. */
function isForScreen(functions: FunctionIndex, file: SourceFile, work: Work): boolean {
  const around = file.code.slice(Math.max(0, work.offset - 20), work.offset + 60);
  const isMain =
    /\bmain\s*\.\s*async|\bdispatch_get_main_queue\b/.test(around) ||
    /^\{\s?@MainActor\b/.test(work.inside);
  if (!isMain) return false;
  const reached = [work.inside, ...functions.reachable(work.inside).map(bodyOf)].join('\n');
  return !SENDS.test(work.inside) && !NETWORK.test(reached);
}

/** Of work that a function of its own starts: whoever awaits something may wait for it. */
const WAITS_ANYWHERE = new RegExp(`${WAITS.source}|\\bawait\\b`);

/** Whether code waits, itself or in a function of the app that it names. */
const waitsIn = (functions: FunctionIndex, code: string, waits: RegExp): boolean =>
  waits.test(code) || functions.reachable(code).some((one) => BLOCKS.test(bodyOf(one)));

/** The answer that runs as soon as work has been started: in the same block, behind it, or in a `defer`. */
function answerBehind(
  { file, start, end, task = '', isClosure }: Handler,
  work: { readonly offset: number; readonly end: number },
  waits: (code: string) => boolean,
): number | undefined {
  const { code } = file;
  const brackets = bracketsOf(file);
  const blockAt = (offset: number): Block | undefined =>
    brackets.around(offset).find(({ kind }) => kind === '{');
  const around = blockAt(work.offset);
  const from = around === undefined || around.open < start ? start : around.open;
  const name = `(?<![\\w.])${task.replace('$', '\\$')}(?!\\w)`;
  const answer =
    isClosure === true ? `${name}\\s?[?!]?\\s?\\(` : `${name}[\\s.!?]*setTaskCompleted`;
  const deferred = isClosure === true ? answer : `${name}[^{}]*setTaskCompleted`;
  const completes = new RegExp(`\\bdefer\\s*\\{[^{}]*${deferred}|${answer}`, 'g');
  for (const done of code.slice(from, end).matchAll(completes)) {
    const at = from + done.index;
    const isDeferred = done[0].startsWith('defer');
    if (blockAt(at) !== around || (at < work.end && !isDeferred)) continue;
    if (waits(code.slice(work.end, Math.max(at, work.end)))) return undefined;
    return at;
  }
  return undefined;
}

/** What no run waits for: words about a run, and what asks for the next one. */
const NO_WORK =
  /log|track|analytic|metric|schedul|submit|notif|telemetr|breadcrumb|crash|widget|report|record|event|present|show|register|cancel|timer|observe/i;
/** What a function is called that does the work of a run. */
const WORK =
  /sync|fetch|refresh|upload|download|send|drain|work|process|clean|backup|import|export|load|pull|push|flush|perform|run|update|prefetch|index|migrat|save/i;
const NETWORK = /\b(?:NS)?URLSession\b|\b(?:data|upload|download)Task\b|\bAF\s?\.|\bAlamofire\b/;

/** What a function, or one that it calls, starts, and leaves to itself when it returns. */
function startedBy(
  functions: FunctionIndex,
  one: AppleFunction,
  seen: Set<AppleFunction>,
  depth = 0,
): Place | undefined {
  if (seen.has(one) || seen.size >= MOST_FUNCTIONS || depth >= DEEPEST) return undefined;
  seen.add(one);
  if (NO_WORK.test(one.name)) return undefined;
  const { file, body, header } = one;
  const { code } = file;
  // What an async function starts and keeps, it may await elsewhere; what is given back is the caller's to wait for.
  if (isSwift(file) && /\)\s*async\b/.test(header)) return undefined;
  for (const work of worksIn(file, body.start, body.end)) {
    if (WAITS.test(code.slice(work.end, body.end))) return undefined;
    if (/\b(?:return|yield)\s*$/.test(code.slice(body.start, work.offset))) continue;
    const isQueue = /^(?:\.\s*async|dispatch_async)/.test(
      code.slice(work.offset, work.offset + 40),
    );
    if (/^\{\s?@MainActor\b/.test(work.inside) && isForScreen(functions, file, work)) continue;
    if (isQueue) {
      const before = code.slice(Math.max(body.start, work.offset - 60), work.offset + 60);
      if (/\bmain\s*\.\s*async|\bdispatch_get_main_queue\b/.test(before)) continue;
      const reached = [work.inside, ...functions.reachable(work.inside).map(bodyOf)].join('\n');
      if (!WORK.test(one.name) && !NETWORK.test(reached)) continue;
    }
    return { file, offset: work.offset };
  }
  for (const call of plainCalls(functions, file, body)) {
    if (WAITS_ANYWHERE.test(code.slice(call.end, body.end))) continue;
    // In a closure it is called whenever that is.
    const isOwn = bracketsOf(file)
      .around(call.offset)
      .filter(({ kind, open }) => kind === '{' && open >= body.start)
      .every(({ open }) => BRANCH.test(code.slice(Math.max(body.start, open - 200), open)));
    const work = isOwn ? startedBy(functions, call.one, seen, depth + 1) : undefined;
    if (work !== undefined) return work;
  }
  return undefined;
}

/** Before a block that is no closure. */
export const BRANCH =
  /(?:^|[;{}\n])[ \t]*(?:\}\s*)?(?:if|else|guard|for|while|switch|do|catch)\b[^{};]*$|\b(?:else|do|catch)\s*$/;

/** Work that a handler of SwiftUI starts, whose end it does not wait for: the task is completed when the closure returns. */
export function leftBehind(handler: Handler, functions: FunctionIndex): Early | undefined {
  const { file, start, end } = handler;
  const { code } = file;
  const isOwn = (offset: number): boolean => {
    const [around] = bracketsOf(file)
      .around(offset)
      .filter(({ kind }) => kind === '{');
    return around === undefined || around.open < start;
  };
  for (const work of worksIn(file, start, end)) {
    // One that is kept, or in something else that the closure calls, may be waited for.
    const isStatement = /(?:^|[;{}\n])[ \t]*(?:[\w.]+(?:\([^(){}\n]*\))?)?$/.test(
      code.slice(Math.max(start, work.offset - 80), work.offset),
    );
    if (!isStatement || !isOwn(work.offset)) continue;
    if (/\bmain\s*$/.test(code.slice(start, work.offset))) continue;
    if (/^\s*\.\s*(?:value|result)\b/.test(code.slice(work.end + 1, work.end + 40))) continue;
    if (!code.startsWith('Task', work.offset) && WAITS_ANYWHERE.test(code.slice(work.end, end))) {
      continue;
    }
    return { offset: work.offset };
  }
  const seen = new Set<AppleFunction>();
  for (const { one, offset, end: behind } of plainCalls(functions, file, handler)) {
    if (!isOwn(offset) || WAITS_ANYWHERE.test(code.slice(behind, end))) continue;
    const work = startedBy(functions, one, seen);
    if (work !== undefined) return { offset, call: one, work };
  }
  return undefined;
}
