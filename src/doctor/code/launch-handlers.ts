import type { DoctorRepo } from '../repo.ts';
import type { SourceFile } from '../source-files.ts';
import { backgroundTasksOf } from './background-tasks.ts';
import type { Handler, Registration } from './background-tasks.ts';
import { completionsOf } from './apple-answers.ts';
import type { AppleFunction } from './apple-functions.ts';
import { FunctionIndex, bodyOf } from './function-index.ts';

/** A launch handler with everything that it may call in the app's own code. */
export interface LaunchHandler {
  readonly registration: Registration;
  readonly handler: Handler;
  /** The code of its body and of every function of the app that it may reach, comments and strings left out. */
  readonly reachable: string;
  /** Whether something gets the task that is not the app's own code, or is not called by its name: it may do anything with it. */
  readonly escapes: boolean;
  /** Its own body, and those of the app's functions that get the task. */
  readonly bodies: readonly Handler[];
  /** Functions of the app with a closure that completes the task: they have to call it. */
  readonly completions: readonly Handler[];
}

const known = new WeakMap<DoctorRepo, Promise<readonly LaunchHandler[]>>();

/** The launch handlers whose code is known, once. */
export function launchHandlersOf(repo: DoctorRepo): Promise<readonly LaunchHandler[]> {
  const found = known.get(repo) ?? find(repo);
  known.set(repo, found);
  return found;
}

const CONTINUED = /\bas\s*[!?]\s*BGContinuedProcessingTask\b|\(\s*BGContinuedProcessingTask\s*\*/;

/**
 * Whether a launch handler is one of a continued processing task: the user starts it in the foreground, once, and its handler
 * may be registered right before
 * (https://developer.apple.com/documentation/backgroundtasks/performing-long-running-tasks-on-ios-and-ipados).
 */
export async function isContinued(repo: DoctorRepo, registration: Registration): Promise<boolean> {
  const { requests } = await backgroundTasksOf(repo);
  const isRequested = requests.some(
    ({ kind, ids }) => kind === 'continued' && ids.some((id) => registration.ids.includes(id)),
  );
  if (isRequested) return true;
  const handlers = await launchHandlersOf(repo);
  const own = handlers.find((one) => one.registration === registration);
  return own !== undefined && CONTINUED.test(own.reachable);
}

async function find(repo: DoctorRepo): Promise<readonly LaunchHandler[]> {
  const { registrations } = await backgroundTasksOf(repo);
  if (registrations.length === 0) return [];
  const functions = await FunctionIndex.of(repo);
  return registrations.flatMap((registration): LaunchHandler[] => {
    const handler = registration.handler ?? namedHandler(registration, functions);
    if (handler === undefined) return [];
    const code = handler.file.code.slice(handler.start, handler.end);
    const called = functions.reachable(code);
    const reachable = [code, ...called.map(bodyOf)].join('\n');
    const names = new Set(called.map(({ name }) => name));
    const bodies = [handler, ...called.flatMap(takesTask)];
    const completions = bodies.flatMap((body) => completionsOf(functions, body));
    const escapes = passesOn(handler, names);
    return [{ registration, handler, reachable, escapes, bodies, completions }];
  });
}

/** A function with a parameter that is a task, as a handler of its own. */
function takesTask({ file, header, body }: AppleFunction): Handler[] {
  const swift = /(?<!\w)(\w+)\s*:\s*(?:inout\s+)?BG\w*Task\b/.exec(header)?.[1];
  const task = swift ?? /\(\s*BG\w*Task\s*\*[^()]*\)\s*(\w+)/.exec(header)?.[1];
  return task === undefined ? [] : [{ file, ...body, task }];
}

function namedHandler(
  { handlerName }: Registration,
  functions: FunctionIndex,
): Handler | undefined {
  const [only, second] = handlerName === undefined ? [] : functions.named(handlerName);
  if (only === undefined || second !== undefined) return undefined;
  return { file: only.file, ...only.body, task: only.parameters[0]?.name };
}

/** Whether the task goes anywhere else than to a function of these names. */
function passesOn({ file, start, end, task }: Handler, names: ReadonlySet<string>): boolean {
  const code = file.code.slice(start, end);
  const tasks = new Set(task === undefined ? [] : [task]);
  for (const one of tasks) {
    const word = one.replace('$', '\\$');
    const uses = new RegExp(`(?<![\\w.$])${word}(?!\\w)(?!\\s*[.?!]|\\s*:)`, 'g');
    for (const { index } of code.matchAll(uses)) {
      const before = code.slice(Math.max(0, index - 200), index);
      // `[task setTaskCompletedWithSuccess:YES]`
      if (/\[\s*$/.test(before)) continue;
      const alias = /\b(?:let|var)\s+(\w+)\s*(?:=\s*)?$/.exec(before)?.[1];
      if (alias !== undefined) {
        tasks.add(alias);
        continue;
      }
      // The new name of `guard let task = task`.
      if (/\b(?:let|var)\s+$/.test(before)) continue;
      const callee = /(?<!\w)(\w+)\s*\([^(){}]*$|\[[^[\]:]*\b(\w+)\s*:[^[\]]*$/.exec(before);
      const name = callee?.[1] ?? callee?.[2];
      if (name === undefined || !names.has(name)) return true;
    }
  }
  return false;
}

/** Where something of a launch handler's registration is shown. */
export const placeOf = ({
  file,
  offset,
}: {
  readonly file: SourceFile;
  readonly offset: number;
}) => ({
  file: file.path,
  line: file.line(offset),
});
