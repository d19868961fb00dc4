import { plainCalls } from '../../code/apple-calls.ts';
import { BRANCH } from '../../code/apple-early.ts';
import { functionAround, functionsOf, typesAround } from '../../code/apple-functions.ts';
import { bracketsOf } from '../../code/brackets.ts';
import type { Range } from '../../code/brackets.ts';
import { isDebugOnly } from '../../code/conditions.ts';
import { FunctionIndex, appleSourcesContaining, bodyOf } from '../../code/function-index.ts';
import { launchHandlersOf } from '../../code/launch-handlers.ts';
import type { Check, Finding } from '../../check.ts';
import type { DoctorRepo } from '../../repo.ts';
import type { SourceFile } from '../../source-files.ts';

/** Methods of the app delegate that a background run begins with: on the main thread. */
const RECEIVES =
  /didReceiveRemoteNotification|performFetchWithCompletionHandler|handleEventsForBackgroundURLSession/;
const MAIN =
  /\bmain\s?\.\s?a?sync\w*\s?(?:\([^{}]*\)\s?)?$|\bdispatch_get_main_queue\s?\(\s?\)\s?,\s?\^\s?$|\bMainActor\s?\.\s?run\s?$/;
const BACKGROUND =
  /\bglobal\s?\([^{}()]*\)\s?\.\s?async\w*\s?(?:\([^{}]*\)\s?)?$|\bdispatch_get_global_queue\s?\([^{}()]*\)\s?,\s?\^\s?$|\bTask\s?\.\s?detached\s?(?:\([^{}()]*\)\s?)?$/;
/** Alamofire answers on the main queue unless it is given another one. */
const ON_MAIN = /\bAF\s?\.[^{};]*\.\s?response\w*\s?(?:\((?![^{}]*\bqueue\b)[^{}]*\)\s?)?$/;
/** In one file. */
const MOST = 20;

export const threadStands: Check = {
  id: 'I45',
  title: 'A run waits for nothing that its thread cannot do',
  severity: 'error',
  why: 'A Timer of a thread without a run loop never fires. A wait on the main thread for what answers there never ends: iOS kills the app.',
  source:
    'https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler/register(fortaskwithidentifier:using:launchhandler:)',
  fix: 'Make the timer on the main queue; await the work, or complete the run in its closure.',
  explain: [
    'A launch handler registered with `using: nil` runs on a queue of the background, and nobody runs the run loop that Timer.scheduledTimer gives its timer to.',
    'didReceiveRemoteNotification, and a handler with `using: .main`, hold the main thread while they wait: no closure of the main queue runs then, nor a Task { … } of the app delegate, which is the main actor’s.',
  ].join('\n\n'),
  async run(repo) {
    return [...(await timers(repo)), ...(await waits(repo))];
  },
};

async function timers(repo: DoctorRepo): Promise<Finding[]> {
  const files = await appleSourcesContaining(repo, ['scheduledTimer']);
  if (files.length === 0) return [];
  const [handlers, functions] = await Promise.all([launchHandlersOf(repo), FunctionIndex.of(repo)]);
  const receivers = (await appleSourcesContaining(repo, ['UIBackgroundFetchResult']))
    .flatMap(functionsOf)
    .filter(({ header }) => RECEIVES.test(header));
  const reached = [...handlers.map((one) => one.reachable), ...receivers.map(bodyOf)].join('\n');
  const inRuns = new Set([...functions.reachable(reached), ...receivers]);
  const findings: Finding[] = [];
  for (const file of files) {
    for (const { index } of [...file.code.matchAll(/\b(?:NS)?Timer\s?\.?\s?scheduledTimer/g)].slice(
      0,
      MOST,
    )) {
      const body = handlers
        .filter(({ registration }) => !registration.isSwiftUi && !isOnMain(registration))
        .flatMap(({ bodies }) => bodies)
        .find((one) => one.file === file && one.start <= index && index < one.end);
      const around = functionAround(file, index);
      const within = body ?? around?.body;
      if (within === undefined || isDebugOnly(file, index)) continue;
      if (body === undefined && (around === undefined || !inRuns.has(around))) continue;
      if (/run_?loop/i.test(file.code.slice(within.start, within.end))) continue;
      const thread = threadAt(file, index, within);
      const isActor = [
        around?.header,
        ...typesAround(file, index).map(({ header }) => header),
      ].some((header) => header?.includes('@MainActor'));
      const isBackground =
        thread === 'background' || (thread === undefined && body !== undefined && !isActor);
      if (!isBackground) continue;
      const message =
        'this timer never fires: its thread, of a queue of the background, has no run loop';
      findings.push({ file: file.path, line: file.line(index), message });
    }
  }
  return findings;
}

const isOnMain = ({ queue }: { readonly queue: string }): boolean =>
  !['', 'nil', 'NULL'].includes(queue.trim());

/** The blocks of closures around a place, the innermost first, each with what stands in front of it. */
function closuresAt(
  file: SourceFile,
  offset: number,
  { start }: Range,
): { readonly before: string; readonly isMain: boolean }[] {
  const { code } = file;
  return bracketsOf(file)
    .around(offset)
    .filter(({ kind, open }) => kind === '{' && open >= start)
    .map(({ open }) => {
      const before = code.slice(Math.max(start, open - 200), open).trimEnd();
      const isMain = MAIN.test(before) || /^\s*@MainActor\b/.test(code.slice(open + 1, open + 40));
      return { before, isMain };
    })
    .filter(({ before }) => !BRANCH.test(before));
}

/** Undefined where no closure moves it to another one. */
function threadAt(
  file: SourceFile,
  offset: number,
  within: Range,
): 'main' | 'background' | 'unknown' | undefined {
  const [closure] = closuresAt(file, offset, within);
  if (closure === undefined) return undefined;
  if (closure.isMain) return 'main';
  return BACKGROUND.test(closure.before) ? 'background' : 'unknown';
}

const WAIT =
  /\b(\w+)\s?\.\s?wait\s?\(\s?(?:\)|timeout\s?:\s?\.distantFuture)|\bdispatch_(?:semaphore|group)_wait\s?\(\s?(\w+)\s?,\s?DISPATCH_TIME_FOREVER/g;

async function waits(repo: DoctorRepo): Promise<Finding[]> {
  const files = await appleSourcesContaining(repo, ['.wait(', '_wait(']);
  if (files.length === 0) return [];
  const functions = await FunctionIndex.of(repo);
  const receivers = files
    .flatMap(functionsOf)
    .filter(({ header }) => RECEIVES.test(header) && !/\)\s*async\b/.test(header));
  const onMain = [
    ...receivers.map(({ file, body }) => ({ file, ...body, isActor: true })),
    ...receivers
      .flatMap(({ file, body }) => plainCalls(functions, file, body))
      .map(({ one }) => ({ file: one.file, ...one.body, isActor: false })),
    ...(await launchHandlersOf(repo))
      .filter(({ registration: { queue } }) =>
        /\bmain(?:Queue)?\b|dispatch_get_main_queue/.test(queue),
      )
      .flatMap(({ bodies }) => bodies)
      .map((one) => ({ ...one, isActor: false })),
  ];
  const found = new Map<string, Finding>();
  for (const { file, start, end, isActor } of onMain) {
    const { code } = file;
    for (const wait of [...code.slice(start, end).matchAll(WAIT)].slice(0, MOST)) {
      const at = start + wait.index;
      const name = wait[1] ?? wait[2] ?? '';
      if (closuresAt(file, at, { start, end }).length > 0 || isDebugOnly(file, at)) continue;
      const signal = new RegExp(
        `\\b${name}\\s?\\.\\s?(?:signal|leave)\\b|\\bdispatch_(?:semaphore_signal|group_leave)\\s?\\(\\s?${name}\\b`,
        'g',
      );
      const signals = [...code.slice(start, end).matchAll(signal)].map(
        ({ index }) => start + index,
      );
      const [first] = signals;
      const isHeld = (offset: number): boolean => {
        const [closure] = closuresAt(file, offset, { start, end });
        if (closure === undefined) return false;
        const isTask = isActor && /\bTask\s?(?:\([^{}()]*\))?$/.test(closure.before);
        return closure.isMain || isTask || ON_MAIN.test(closure.before);
      };
      if (first === undefined || !signals.every(isHeld)) continue;
      const line = file.line(at);
      const message = `this wait never ends: it holds the main thread, on which ${name} is signalled`;
      const evidence = [
        { file: file.path, line: file.line(first), says: 'is to run on the main thread' },
      ];
      found.set(`${file.path}:${line}`, { file: file.path, line, message, evidence });
    }
  }
  return [...found.values()];
}
