import type { DoctorRepo } from '../repo.ts';
import type { SourceFile } from '../source-files.ts';
import { isSwift } from './apple-functions.ts';
import { StringReader } from './apple-strings.ts';
import { bracketsOf, splitTopLevel } from './brackets.ts';
import type { Range } from './brackets.ts';
import { appleSourcesContaining } from './function-index.ts';

/** What runs when the system launches a task. */
export interface Handler extends Range {
  readonly file: SourceFile;
  /** What the body calls the BGTask; undefined where it has no name. */
  readonly task: string | undefined;
  /** Whether {@link task} is a closure instead, which is called in the end. */
  readonly isClosure?: true;
}

/** A call of `BGTaskScheduler.register`, or a scene's `.backgroundTask(.appRefresh(…))`. */
export interface Registration {
  readonly file: SourceFile;
  readonly offset: number;
  /** Every id that it registers; none where they are not known. */
  readonly ids: readonly string[];
  /** Undefined where it is given by a name: then {@link handlerName} is that. */
  readonly handler: Handler | undefined;
  readonly handlerName: string | undefined;
  /** Of the argument `using`; '' where there is none. */
  readonly queue: string;
  /** SwiftUI registers, sets the expiration handler and completes the task by itself. */
  readonly isSwiftUi: boolean;
}

export type RequestKind = 'processing' | 'refresh' | 'continued';

/** Where a BGTaskRequest is made. */
export interface Request {
  readonly file: SourceFile;
  readonly offset: number;
  readonly kind: RequestKind;
  readonly className: string;
  readonly ids: readonly string[];
  /** How the ids of a continued one begin, with a star, where that alone is known. */
  readonly beginnings: readonly string[];
}

/** What the app's own code asks of BackgroundTasks. */
export interface BackgroundTasks {
  readonly registrations: readonly Registration[];
  readonly requests: readonly Request[];
  /** Calls of `submit` and `submitTaskRequest`. */
  readonly submits: readonly { readonly file: SourceFile; readonly offset: number }[];
}

const NEEDLES = [
  'BGTaskScheduler',
  'BGProcessingTaskRequest',
  'BGAppRefreshTaskRequest',
  'BGHealthResearchTaskRequest',
  'BGContinuedProcessingTaskRequest',
  '.backgroundTask(',
];

/** Far more calls than any file has; keeps a hostile one from taking long. */
const MOST_CALLS = 40;

const KINDS: Readonly<Record<string, RequestKind>> = {
  BGProcessingTaskRequest: 'processing',
  BGHealthResearchTaskRequest: 'processing',
  BGAppRefreshTaskRequest: 'refresh',
  BGContinuedProcessingTaskRequest: 'continued',
};

const known = new WeakMap<DoctorRepo, Promise<BackgroundTasks>>();

/** Finds the uses of BackgroundTasks in the app's Swift and Objective-C, once. */
export function backgroundTasksOf(repo: DoctorRepo): Promise<BackgroundTasks> {
  const found = known.get(repo) ?? find(repo);
  known.set(repo, found);
  return found;
}

async function find(repo: DoctorRepo): Promise<BackgroundTasks> {
  const reader = new StringReader(repo);
  const registrations: Registration[] = [];
  const requests: Request[] = [];
  const submits: { file: SourceFile; offset: number }[] = [];
  for (const file of await appleSourcesContaining(repo, NEEDLES)) {
    registrations.push(
      ...(await (isSwift(file) ? swiftRegistrations : objcRegistrations)(file, reader)),
    );
    requests.push(...(await findRequests(repo, file, reader)));
    if (!/\bBGTaskScheduler\b|\bBG\w+TaskRequest\b/.test(file.code)) continue;
    const submit = isSwift(file)
      ? /\.(?:submit|submitTaskRequest)\s*\(/g
      : /\bsubmitTaskRequest\s*:/g;
    for (const { index } of file.code.matchAll(submit)) submits.push({ file, offset: index });
  }
  return { registrations, requests, submits };
}

async function swiftRegistrations(file: SourceFile, reader: StringReader): Promise<Registration[]> {
  const { code, text } = file;
  const brackets = bracketsOf(file);
  const found: Registration[] = [];
  let looked = 0;
  for (const match of code.matchAll(/\.(register|backgroundTask)\s*\(/g)) {
    const list = brackets.at(match.index + match[0].length - 1);
    if (list === undefined) continue;
    looked += 1;
    // Table views register their cells by this name, too.
    if (found.length >= MOST_CALLS || looked > 10 * MOST_CALLS) break;
    const inside = { start: list.open + 1, end: list.close };
    const trailing = trailingClosure(file, list.close);
    if (match[1] === 'backgroundTask') {
      const call = /^\s*\.appRefresh\s*\(/.exec(code.slice(inside.start, inside.start + 80))?.[0];
      const argument = call && brackets.at(inside.start + call.length - 1);
      if (!argument) continue;
      const offset = match.index + 1;
      const ids = await reader.read(text.slice(argument.open + 1, argument.close), {
        file,
        offset,
      });
      const handler = trailing && { ...trailing, task: undefined };
      found.push({
        file,
        offset,
        ids,
        handler,
        handlerName: undefined,
        queue: '',
        isSwiftUi: true,
      });
      continue;
    }
    const args = new Map<string, Range>();
    for (const { start, end } of splitTopLevel(code, inside, ',')) {
      const label = /^\s*(\w+)\s*:/.exec(code.slice(start, end));
      if (label !== null) args.set(label[1] ?? '', { start: start + label[0].length, end });
    }
    const id = args.get('forTaskWithIdentifier');
    if (id === undefined) continue;
    const offset = match.index + 1;
    const launch = args.get('launchHandler');
    const queue = args.get('using');
    const body = launch === undefined ? trailing : closureIn(file, launch);
    const name =
      launch && /^\s*(?:\w+\s*[.?!]+\s*)*(\w+)/.exec(code.slice(launch.start, launch.end))?.[1];
    found.push({
      file,
      offset,
      ids: await reader.read(text.slice(id.start, id.end), { file, offset }),
      handler: body,
      handlerName: body === undefined ? name : undefined,
      queue: queue === undefined ? '' : code.slice(queue.start, queue.end).trim(),
      isSwiftUi: false,
    });
  }
  return found;
}

function trailingClosure(file: SourceFile, close: number): Handler | undefined {
  return closureIn(file, { start: close + 1, end: Math.min(file.code.length, close + 200) });
}

/** The closure that a range starts with. */
function closureIn(file: SourceFile, { start, end }: Range): Handler | undefined {
  const brace = /^\s*\{/.exec(file.code.slice(start, end))?.[0];
  const block = brace === undefined ? undefined : bracketsOf(file).at(start + brace.length - 1);
  if (block === undefined) return undefined;
  const head = file.code.slice(block.open + 1, Math.min(block.close, block.open + 200));
  const parameter = /^\s*(?:@\w+\s+)*(?:\[[^\]]*\]\s*)?(?:\(\s*)?(\w+)\b[^\n{}]*?\bin\b/.exec(head);
  return {
    file,
    start: block.open + 1 + (parameter?.[0].length ?? 0),
    end: block.close,
    task: parameter === null ? '$0' : parameter[1] === '_' ? undefined : parameter[1],
  };
}

async function objcRegistrations(file: SourceFile, reader: StringReader): Promise<Registration[]> {
  const { code, text } = file;
  const found: Registration[] = [];
  for (const match of code.matchAll(/\bregisterForTaskWithIdentifier\s*:/g)) {
    if (found.length >= MOST_CALLS) break;
    const message = bracketsOf(file).around(match.index)[0];
    if (message?.kind !== '[') continue;
    const start = match.index + match[0].length;
    const rest = code.slice(start, message.close);
    const using = /\busingQueue\s*:/.exec(rest);
    const launch = /\blaunchHandler\s*:/.exec(rest);
    if (using === null || launch === null) continue;
    const handlerAt = start + launch.index + launch[0].length;
    const block = /^\s*\^[^{;]{0,200}\{/.exec(code.slice(handlerAt, message.close))?.[0];
    const body =
      block === undefined ? undefined : bracketsOf(file).at(handlerAt + block.length - 1);
    const task = block && /(?<!\w)(\w+)\s*\)[^)]*$/.exec(block)?.[1];
    found.push({
      file,
      offset: match.index,
      ids: await reader.read(text.slice(start, start + using.index), { file, offset: match.index }),
      handler: body && { file, start: body.open + 1, end: body.close, task },
      handlerName: undefined,
      queue: rest.slice(using.index + using[0].length, launch.index).trim(),
      isSwiftUi: false,
    });
  }
  return found;
}

async function findRequests(
  repo: DoctorRepo,
  file: SourceFile,
  reader: StringReader,
): Promise<Request[]> {
  const { code, text } = file;
  const found: Request[] = [];
  for (const match of code.matchAll(
    /\b(BG(?:Processing|AppRefresh|HealthResearch|ContinuedProcessing)TaskRequest)(?:\s*\(|\s+alloc\s*\]\s*initWithIdentifier\s*:)/g,
  )) {
    if (found.length >= MOST_CALLS) break;
    const className = match[1] ?? '';
    const start = match.index + match[0].length;
    const block = bracketsOf(file).around(start)[0];
    if (block === undefined) continue;
    const [first] = splitTopLevel(code, { start, end: block.close }, ',');
    const argument = text.slice(start, first?.end ?? block.close).replace(/^\s*identifier\s*:/, '');
    const kind = KINDS[className];
    if (kind === undefined) continue;
    const place = { file, offset: match.index };
    const ids = await reader.read(argument, place);
    const isOpen = kind === 'continued' && ids.length === 0;
    const begun = isOpen ? await new StringReader(repo, true).read(argument, place) : [];
    // A star is a whole part of a permitted id.
    const beginnings = begun
      .map((id) => `${id.slice(0, id.lastIndexOf('.') + 1)}*`)
      .filter((id) => id.endsWith('.*'));
    found.push({ ...place, kind, className, ids, beginnings });
  }
  return found;
}
