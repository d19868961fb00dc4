import type { DoctorRepo } from '../repo.ts';
import type { SourceFile } from '../source-files.ts';
import { bracketsOf, splitTopLevel } from './brackets.ts';
import type { Range } from './brackets.ts';
import {
  classAround,
  classesOf,
  codeOf,
  functionAround,
  functionsOf,
  isKotlin,
  kotlinAndJava,
  membersOf,
  valueSetOnce,
} from './kotlin-declarations.ts';
import type { KotlinFunction } from './kotlin-declarations.ts';
import { receiverOf, released, typesOf, waysTo } from './kotlin-reach.ts';
import type { Place, Way } from './kotlin-reach.ts';

/** A call that has something run on its own, and goes on without it. */
export interface Detached {
  readonly file: SourceFile;
  readonly start: number;
  /** As it is called, for people: `GlobalScope.launch`. */
  readonly what: string;
  /** The call, with what runs apart. */
  readonly range: Range;
  /** A function of the app's own runs apart, and not a request of a library whose answer comes later. */
  readonly isBlock: boolean;
}

/** Of one question, and of one function: far beyond any real code. */
const MOST = 60;

const STARTS =
  /\b(?:launch|launchIn|async|thread|Thread|execute|submit|runAsync|supplyAsync|enqueue|subscribe|addOnSuccessListener|addOnCompleteListener|addToRequestQueue|add|post|postDelayed)\b(?=\s*[<({])/g;

/** Functions that one question looks into, and calls that it follows: beyond any real worker. */
const MOST_FUNCTIONS = 400;
const DEEPEST = 5;
/** A name that more files have a function of says nothing of which is called. */
const MOST_FILES = 20;

/**
 * What starts work that outlives the function around it, in some methods and in what they call, besides what is only told:
 * a line of a log, a toast. A function’s name stands for each of that name.
 */
export async function detachedFrom(
  repo: DoctorRepo,
  entries: readonly KotlinFunction[],
): Promise<readonly Detached[]> {
  if (entries.length === 0) return [];
  const index = await indexOf(repo);
  const seen = new Set<KotlinFunction>();
  const found: Detached[] = [];
  let level = entries;
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth += 1) {
    const next: KotlinFunction[] = [];
    for (const one of level) {
      if (seen.size >= MOST_FUNCTIONS || found.length >= MOST) break;
      if (isWithin(one, seen)) continue;
      seen.add(one);
      found.push(...(await detachedIn(repo, one)));
      const text = one.file.code.slice(one.body.start, one.body.end);
      const names = new Set(
        [...text.matchAll(CALLED)].map(([, name = '', other = '']) => name + other),
      );
      for (const name of names) {
        const files = index.get(name) ?? [];
        const near = files.length > MOST_FILES ? files.filter((file) => file === one.file) : files;
        for (const file of near) next.push(...(namedIn(file).get(name) ?? []));
      }
    }
    level = next;
  }
  return found;
}

/** Whether a function is one of those, or stands in one, with which it was read. */
function isWithin({ file, body }: KotlinFunction, others: ReadonlySet<KotlinFunction>): boolean {
  for (const other of others) {
    const isAround = other.body.start <= body.start && body.end <= other.body.end;
    if (isAround && other.file === file) return true;
  }
  return false;
}

const named = new WeakMap<SourceFile, ReadonlyMap<string, readonly KotlinFunction[]>>();

function namedIn(file: SourceFile): ReadonlyMap<string, readonly KotlinFunction[]> {
  const known = named.get(file);
  if (known !== undefined) return known;
  const groups = new Map<string, KotlinFunction[]>();
  for (const one of functionsOf(file)) {
    const group = groups.get(one.name);
    if (group === undefined) groups.set(one.name, [one]);
    else group.push(one);
  }
  named.set(file, groups);
  return groups;
}

const CALLED = /\b(\w+)\s*[({]|::\s*(\w+)/g;
const indexes = new WeakMap<DoctorRepo, Promise<ReadonlyMap<string, readonly SourceFile[]>>>();

/** The files that have a function, by its name; read without masking them. */
function indexOf(repo: DoctorRepo): Promise<ReadonlyMap<string, readonly SourceFile[]>> {
  const known = indexes.get(repo) ?? readIndex(repo);
  indexes.set(repo, known);
  return known;
}

async function readIndex(repo: DoctorRepo): Promise<ReadonlyMap<string, readonly SourceFile[]>> {
  const files = new Map<string, SourceFile[]>();
  for (const file of await kotlinAndJava(repo, ['fun ', ') {', '){'])) {
    const declared = isKotlin(file)
      ? /\bfun\s+(?:<[^>\n]{0,200}>\s*)?(?:[\w<>?*][\w<>?, *]{0,99}\.)?(\w+)\s*\(/g
      : /\b(\w+)\s*\([^(){};]{0,300}\)\s*(?:throws\s[\w\s.,]{1,200})?\{/g;
    for (const [, name = ''] of file.text.matchAll(declared)) {
      const own = files.get(name);
      if (own === undefined) files.set(name, [file]);
      else if (own.at(-1) !== file) own.push(file);
    }
  }
  return files;
}

async function detachedIn(
  repo: DoctorRepo,
  { file, body }: KotlinFunction,
): Promise<readonly Detached[]> {
  const { code } = file;
  const found: Detached[] = [];
  const starts = new RegExp(STARTS);
  starts.lastIndex = body.start;
  for (let match = starts.exec(code); match !== null; match = starts.exec(code)) {
    const { 0: word, index } = match;
    if (index >= body.end || found.length >= MOST) break;
    const range = extentOf(file, index, index + word.length);
    if (range === undefined) continue;
    const before = code.slice(Math.max(0, index - 300), index);
    if (/\bfun\s+$/.test(before.slice(-20))) continue;
    const what = await whatStarts(repo, file, word, before, range);
    if (what === undefined) continue;
    const isBlock = !/^(?:enqueue|addOn\w+|add\w*)$/.test(word);
    if (isBlock && isAside(code.slice(index + word.length, range.end))) continue;
    // The second listener of the same call.
    const last = found.at(-1);
    if (last !== undefined && !isBlock && code.slice(last.range.end, index).trim() === '.') {
      found[found.length - 1] = { ...last, range: { start: last.range.start, end: range.end } };
      continue;
    }
    found.push({ file, start: index, what, range, isBlock });
  }
  return found;
}

/** A call up to the end of its arguments and of the lambda behind them. */
function extentOf(file: SourceFile, start: number, from: number): Range | undefined {
  const { code } = file;
  const brackets = bracketsOf(file);
  const opening = /\s*(?:<[\w\s.,?*]{0,100}>\s*)?([({])/y;
  opening.lastIndex = from;
  const opened = opening.exec(code);
  if (opened === null) return undefined;
  const open = opened.index + opened[0].length - 1;
  let end = (brackets.at(open)?.close ?? code.length) + 1;
  if (opened[1] === '(' && isKotlin(file)) {
    const lambda = /[ \t]*\{/y;
    lambda.lastIndex = end;
    const braced = lambda.exec(code);
    if (braced !== null) end = (brackets.at(lambda.lastIndex - 1)?.close ?? code.length) + 1;
  }
  return { start, end };
}

/** What a call is for people, where it starts something that runs apart. */
async function whatStarts(
  repo: DoctorRepo,
  file: SourceFile,
  word: string,
  before: string,
  range: Range,
): Promise<string | undefined> {
  const { code } = file;
  const receiver = receiverOf(before);
  const last = receiver?.split('.').at(-1) ?? '';
  const inside = code.slice(range.start + word.length, range.end);
  switch (word) {
    case 'launch':
    case 'async':
      return (await isOtherScope(repo, file, range.start, receiver, before))
        ? `${last === '' ? '' : `${last}.`}${word}`
        : undefined;
    case 'launchIn': {
      const scope = /^\s*\(\s*([\w.]+)\s*\)$/.exec(inside)?.[1];
      return scope !== undefined && (await isOtherScope(repo, file, range.start, scope, before))
        ? `launchIn(${scope})`
        : undefined;
    }
    case 'thread':
      return isKotlin(file) &&
        !/\bstart\s*=\s*false\b/.test(inside) &&
        (last === '' || last === 'concurrent')
        ? 'thread'
        : undefined;
    case 'Thread': {
      if (receiver !== undefined) return undefined;
      if (
        /^\s*\.\s*(?:start\s*\(|(?:apply|also|run)\s*\{\s*(?:it\.)?start\b)/.test(
          code.slice(range.end, range.end + 80),
        )
      )
        return 'Thread';
      const name = /\b(\w+)\s*(?::\s*Thread\s*)?=\s*(?:new\s+)?$/.exec(before)?.[1];
      const body = functionAround(file, range.start)?.body;
      return name !== undefined &&
        body !== undefined &&
        new RegExp(`\\b${name}\\s*\\.\\s*start\\s*\\(`).test(code.slice(range.end, body.end))
        ? 'Thread'
        : undefined;
    }
    case 'execute':
    case 'submit':
      if (last === '') return undefined;
      if (word === 'execute' && (await isAsyncTask(repo, last))) return 'AsyncTask.execute';
      if (inside.replace(/[\s()]/g, '') === '') return undefined;
      return /^Executors\b|(?:[eE]xecutors?|ExecutorService|[pP]ool)$/.test(receiver ?? '') ||
        [...typesOf(file, last)].some((type) => /Executor(?:Service)?$/.test(type))
        ? `${last}.${word}`
        : undefined;
    case 'runAsync':
    case 'supplyAsync':
      return last === 'CompletableFuture' ? `CompletableFuture.${word}` : undefined;
    case 'subscribe':
      return /\bsubscribeOn\s*\(/.test(before) ? 'subscribe' : undefined;
    case 'post':
    case 'postDelayed':
      return (last === 'Handler' || typesOf(file, last).has('Handler')) && SENDS.test(inside)
        ? `Handler.${word}`
        : undefined;
    case 'enqueue':
      return receiver !== undefined && isCallback(file, range, word) ? 'enqueue' : undefined;
    case 'addOnSuccessListener':
    case 'addOnCompleteListener':
      return receiver === undefined ? undefined : word;
    default:
      return /\bvolley\b/i.test(code) &&
        (word === 'addToRequestQueue' || /(?:[qQ]ueue|\bnewRequestQueue)$/.test(receiver ?? ''))
        ? 'the request queue'
        : undefined;
  }
}

/** What is put to a looper may be for the screen. */
const SENDS =
  /\b(?!send(?:Broadcast|Message))\w*(?:sync|upload|download|send|fetch|drain|flush)\w*\s*\(/i;

async function isAsyncTask(repo: DoctorRepo, name: string): Promise<boolean> {
  if (name === 'AsyncTask') return true;
  return (await kotlinAndJava(repo, [`class ${name}`])).some((file) =>
    classesOf(file).some((one) => one.name === name && one.supertypes.includes('AsyncTask')),
  );
}

/** Whether a call's argument is a callback: WorkManager's own enqueue takes requests. */
function isCallback(file: SourceFile, range: Range, word: string): boolean {
  const open = file.code.indexOf('(', range.start + word.length);
  const close = bracketsOf(file).at(open)?.close;
  if (close === undefined) return false;
  const [only, second] = splitTopLevel(file.code, { start: open + 1, end: close }, ',');
  if (only === undefined || second !== undefined) return false;
  const code = codeOf(file, only);
  if (code === 'this') {
    return classAround(file, range.start)?.supertypes.includes('Callback') === true;
  }
  const value = valueSetOnce(file, only);
  return /^(?:object\s*:|new)\s[\w.\s]*\bCallback\b/.test(
    value === undefined ? code : codeOf(file, value),
  );
}

const STRUCTURED =
  /\b(?:coroutineScope|supervisorScope|runBlocking|withContext|withTimeout(?:OrNull)?)\s*(?:\([^{}]*\)\s*)?$/;

/** Whether a coroutine is started in a scope that the function around it does not wait for. */
async function isOtherScope(
  repo: DoctorRepo,
  file: SourceFile,
  start: number,
  receiver: string | undefined,
  before: string,
): Promise<boolean> {
  if (!isKotlin(file)) return false;
  if (receiver === undefined) {
    const owner = classAround(file, start);
    if (owner?.supertypes.includes('CoroutineScope') !== true) return false;
    return !bracketsOf(file)
      .around(start)
      .some(
        ({ kind, open }) =>
          kind === '{' &&
          open >= owner.body.start &&
          STRUCTURED.test(file.code.slice(Math.max(0, open - 200), open)),
      );
  }
  const name = receiver.split('.').at(-1) ?? '';
  if (/^(?:GlobalScope|MainScope|viewModelScope|lifecycleScope)$/.test(name)) return true;
  // A child of the work that runs: CoroutineScope(coroutineContext).
  if (name === 'CoroutineScope')
    return !/\bcoroutineContext\b/i.test(before.slice(before.lastIndexOf(name)));
  if (!/^\w+$/.test(name) || name === 'this') return false;
  const declared = new RegExp(
    `\\b(?:val|var)\\s+${name}\\b[^\\n=]{0,80}(?:=|\\bby\\s+lazy\\s*\\{)\\s*(?:(?:CoroutineScope|MainScope)\\s*\\(|GlobalScope\\b)(?![^\\n]*\\bcoroutineContext\\b)|\\bval\\s+${name}\\s*:\\s*CoroutineScope\\s*[,)]`,
  );
  if (declared.test(file.code)) return true;
  if (new RegExp(`\\b${name}\\b\\s*(?::|=(?!=))`).test(file.code)) return false;
  return (await kotlinAndJava(repo, [name])).some((one) => declared.test(one.code));
}

/** Calls that are no work by themselves. */
const ASIDE =
  /^(?:if|when|try|catch|else|finally|run|let|also|apply|withContext|runOnUiThread|Log|Timber|Toast|log\w*|[vdiwe]|println|print\w*|track\w*|report\w*|record\w*|capture\w*|makeText|show|notify\w*|setProgress\w*|getString|delay|Intent|sendBroadcast|Runnable|Thread|get[A-Z]\w*)$/;

/** Whether a block only tells: to a log, to the user, to the app's analytics. */
function isAside(code: string): boolean {
  const calls = [...code.matchAll(/\b(\w+)\s*(?=[({])/g)].map(([, name = '']) => name);
  return calls.length > 0 && calls.every((name) => ASIDE.test(name));
}

/** What waits, however: for a job, a future, a latch, a callback; in a loop, too. */
const WAITS =
  /\b(?:join(?:All)?|await\w*|wait(?:For\w*)?|blocking\w*|invokeAll|suspend(?:Cancellable)?Coroutine\w*|callbackFlow|channelFlow|CountDownLatch|CyclicBarrier|Phaser|ConditionVariable|Semaphore|cancel(?:Children|AndJoin)?|Channel|delay|sleep|isDone|isCompleted)\b|(?:Deferred|Future(?:Adapter|Task)?)\b|\.\s*get\s*\((?:\s*\)|[^()]{0,100}\bTimeUnit\b)|\.\s*(?:first|single|collect(?:Latest)?|take|acquire)\s*[({]|\bwhile\s*\(\s*!/;

/** A way of a release to work that is detached, from a method that is over before it. */
export interface Outlived {
  readonly way: Way;
  /** The code of the method that Android calls, and of what it calls of its own class and on the way, without what is detached. */
  readonly text: string;
}

/** Ways on which nobody waits for what was started. */
export async function outlives(
  repo: DoctorRepo,
  one: Detached,
  isEntry: (way: Way) => boolean,
): Promise<Outlived | undefined> {
  for (const way of released(await waysTo(repo, one.file, one.start))) {
    if (!isEntry(way)) continue;
    const text = waitingText(way.calls, one);
    if (!WAITS.test(text)) return { way, text };
  }
  return undefined;
}

function waitingText(calls: readonly Place[], { file: detached, range }: Detached): string {
  const seen = new Set<KotlinFunction>();
  const texts: string[] = [];
  const take = (one: KotlinFunction): void => {
    if (seen.has(one) || seen.size > MOST) return;
    seen.add(one);
    const { file, body } = one;
    const { code } = file;
    const isCut = file === detached && range.start >= body.start && range.end <= body.end;
    const text = isCut
      ? `${code.slice(body.start, range.start)} ${code.slice(range.end, body.end)}`
      : code.slice(body.start, body.end);
    texts.push(text);
    const owner = classAround(file, one.start);
    const words = new Set(text.match(/\b[a-z]\w*/gi));
    for (const other of owner === undefined ? [] : membersOf(owner)) {
      if (words.has(other.name)) take(other);
    }
  };
  for (const { file, offset } of calls) {
    const around = functionAround(file, offset);
    if (around !== undefined) take(around);
  }
  return texts.join('\n');
}
