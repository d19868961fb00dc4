import type { DoctorRepo } from '../repo.ts';
import type { SourceFile } from '../source-files.ts';
import { bracketsOf } from './brackets.ts';
import { inInterpolation } from './interpolations.ts';
import { heldAt } from './kotlin-conditions.ts';
import {
  classAround,
  classesOf,
  functionAround,
  functionsOf,
  isKotlin,
  kotlinAndJava,
} from './kotlin-declarations.ts';
import type { KotlinClass, KotlinFunction } from './kotlin-declarations.ts';

/** A method that Android, or a library that plays its part, calls. */
export interface Entry {
  /**
   * - `process`: each start of the process, the ones for a worker or a receiver included
   * - `screen`: where something is on the screen, or JavaScript calls
   * - `receiver`, `service`, `worker`: also where nothing is
   */
  readonly kind: 'process' | 'screen' | 'receiver' | 'service' | 'worker';
  readonly name: string;
  /** The class that has it; undefined where it is in none. */
  readonly owner: KotlinClass | undefined;
}

/** A way that leads from something that the system calls to a place in Kotlin or Java. */
export interface Way {
  /** `never`: nothing calls it. `unknown`: it cannot be told. */
  readonly kind: Entry['kind'] | 'never' | 'unknown';
  /** Where the way begins; undefined of `never` and `unknown`. */
  readonly entry: Entry | undefined;
  /** Of `never` why, for people. */
  readonly why: string;
  /** Whether debug builds alone go it. */
  readonly isDebug: boolean;
  /** Of `never`: whether code that is not in the repo could call it all the same. */
  readonly isOpen: boolean;
  /** The calls that it leads through, the place itself first. */
  readonly calls: readonly Place[];
}

export interface Place {
  readonly file: SourceFile;
  readonly offset: number;
}

const DEEPEST = 8;
/** Calls that one question may follow: code that is made to have a way for each of its functions has more than can be walked. */
const MOST_CALLS = 400;
/** Of one function, in all files: far beyond any real one; ends one that is made to be slow. */
const MOST_MENTIONS = 100;

interface Walk {
  readonly seen: readonly KotlinFunction[];
  readonly calls: readonly Place[];
  /** Shared by all ways of one question. */
  readonly budget: { left: number };
  /** The API level that the device has at least; undefined where the question is of every device. */
  readonly api: number | undefined;
}

/** By the names of base classes: what overrides one of their methods is called by the system. */
const BASES: readonly (readonly [RegExp, Entry['kind']])[] = [
  [
    /^(?:(?:MultiDex|Split|Dagger)?Application|ContentProvider|FileProvider|Initializer)$/,
    'process',
  ],
  [/^(?:Coroutine|Listenable|Rx)?Worker$/, 'worker'],
  [
    /^(?:BroadcastReceiver|WakefulBroadcastReceiver|AppWidgetProvider|GlanceAppWidgetReceiver|DeviceAdminReceiver|MediaButtonReceiver)$/,
    'receiver',
  ],
  [
    /^(?:(?:Intent|Job|JobIntent|Lifecycle|HeadlessJsTask|Tile|NotificationListener|Accessibility|Vpn|MediaSession|HostApdu|WearableListener|GcmTask)?Service|MediaBrowserServiceCompat|\w*MessagingService)$/,
    'service',
  ],
  [
    /(?:Activity|ActivityDelegate|Fragment|Dialog|View|ViewGroup|Layout|ViewModel|OnClickListener)$/,
    'screen',
  ],
];

/** Annotations of what JavaScript, a screen or a library calls. */
const CALLED_BY_SCREEN = /@(?:ReactMethod|PluginMethod|Composable|JavascriptInterface|OnClick)\b/;
/** Those that say nothing of who calls. */
const SILENT_ANNOTATION =
  /^@(?:[\w.]+\.)?(?:Suppress|SuppressLint|SuppressWarnings|OptIn|RequiresApi|RequiresPermission|TargetApi|WorkerThread|MainThread|UiThread|AnyThread|VisibleForTesting|JvmStatic|JvmName|JvmOverloads|Throws|Synchronized|NonNull|Nullable|Deprecated|Keep|ExperimentalCoroutinesApi)\b/;

/** Before the block of a lambda that a person or JavaScript sets off. */
const SHOWN =
  /(?:\bset\w*Listener|\bonClick\s*=|\.\s*on(?:Click|Tap)|\b(?:Async)?Function|\bCoroutine|\bButton|\bLaunchedEffect|\bsetContent|\bOnActivity\w+|\bOnNewIntent)\s*(?:\([^{}]*\)\s*)?(?:\{\s*)?$/;

/** Methods of an anonymous class whose block runs as that of a lambda does. */
const RUNNABLE = /^(?:run|call|invoke|accept|execute|get|apply)$/;

/**
 * Every way that is known to lead to a place; one of kind `unknown` where there may be others.
 *
 * @param api the API level that the device has at least, where the question is of newer devices alone
 */
export const waysTo = (
  repo: DoctorRepo,
  file: SourceFile,
  offset: number,
  api?: number,
): Promise<readonly Way[]> =>
  walkTo(repo, file, offset, { seen: [], calls: [], budget: { left: MOST_CALLS }, api });

/** Ways that a release has, as far as they can be told: those that lead nowhere, and those of debug builds, left out. */
export const released = (ways: readonly Way[]): readonly Way[] =>
  ways.filter(({ kind, isDebug, isOpen }) => !isDebug && (kind !== 'never' || isOpen));

/**
 * Whether no release runs a place, however it is called: it stands behind a `return`, in a branch that is never taken or
 * that debug builds alone take, or in a private function that nothing calls. What is merely not called in the repo may be
 * called by what is not there.
 */
export async function isUnreleased(
  repo: DoctorRepo,
  file: SourceFile,
  offset: number,
): Promise<boolean> {
  return released(await waysTo(repo, file, offset)).length === 0;
}

async function walkTo(
  repo: DoctorRepo,
  file: SourceFile,
  offset: number,
  walk: Walk,
): Promise<readonly Way[]> {
  const calls = [...walk.calls, { file, offset }];
  const around = functionAround(file, offset);
  const body = around?.body ?? { start: 0, end: file.code.length };
  const { isDebug, dead } = heldAt(file, offset, body, walk.api);
  if (dead !== undefined) return [never(dead, calls, { isDebug })];
  const screen = screenLambda(file, offset, body.start);
  const before =
    around === undefined
      ? [ofClass(file, offset, calls)]
      : await waysInto(repo, around, { ...walk, calls });
  return before.map((way) => ({
    ...way,
    ...(screen !== undefined &&
      way.kind !== 'never' && {
        kind: 'screen' as const,
        entry: { kind: 'screen' as const, name: screen, owner: classAround(file, offset) },
      }),
    isDebug: way.isDebug || isDebug,
  }));
}

const never = (
  why: string,
  calls: readonly Place[],
  more: { isDebug?: boolean; isOpen?: boolean } = {},
): Way => ({
  kind: 'never',
  entry: undefined,
  why,
  isDebug: more.isDebug === true,
  isOpen: more.isOpen === true,
  calls,
});

const unknown = (calls: readonly Place[]): Way => ({
  kind: 'unknown',
  entry: undefined,
  why: '',
  isDebug: false,
  isOpen: false,
  calls,
});

const from = (entry: Entry, calls: readonly Place[]): Way => ({
  kind: entry.kind,
  entry,
  why: '',
  isDebug: false,
  isOpen: false,
  calls,
});

/** The call whose lambda a person or JavaScript sets off, around a place; undefined where there is none. */
function screenLambda(file: SourceFile, offset: number, within: number): string | undefined {
  for (const { kind, open } of bracketsOf(file).around(offset)) {
    if (open < within) return undefined;
    if (kind === '(') {
      // `button.setOnClickListener(view -> sync())` of Java
      const isLambda = /^\(\s*(?:\w+|\(\w*\)) *->/.test(file.code.slice(open, open + 80));
      const call = file.code.slice(Math.max(0, open - 40), open);
      const listener = isLambda ? /\bset\w*Listener(?=\s*$)/.exec(call)?.[0] : undefined;
      if (listener !== undefined) return `${listener}(…)`;
      continue;
    }
    if (kind !== '{') continue;
    const before = file.code.slice(Math.max(0, open - 200), open);
    const name = /\w+/.exec(SHOWN.exec(before)?.[0] ?? '')?.[0];
    if (name !== undefined) return `${name} { … }`;
  }
  return undefined;
}

/** A place in no function: an initializer of a class that the system makes, or one of which it is not known when it runs. */
function ofClass(file: SourceFile, offset: number, calls: readonly Place[]): Way {
  const owner = classAround(file, offset);
  const screen = screenLambda(file, offset, 0);
  if (screen !== undefined) return from({ kind: 'screen', name: screen, owner }, calls);
  if (owner === undefined) return unknown(calls);
  const inside = file.code.slice(owner.body.start, offset);
  // A getter, a delegate or a companion runs when it is asked for.
  const line = inside.slice(inside.lastIndexOf('\n') + 1);
  if (/\bget\s*\(\s*\)\s*=|\blazy\b/.test(line)) return unknown(calls);
  const isInit = bracketsOf(file)
    .around(offset)
    .some(({ open }) => /\binit\s*$/.test(file.code.slice(Math.max(0, open - 20), open)));
  const kind = isInit ? directKind(owner) : undefined;
  return kind === 'process' ? from({ kind, name: 'init', owner }, calls) : unknown(calls);
}

const directKind = ({ supertypes }: KotlinClass): Entry['kind'] | undefined =>
  BASES.find(([base]) => supertypes.some((name) => base.test(name)))?.[1];

/** What kind of entry a class holds, those that it has from classes of the app included. */
export async function kindOf(
  repo: DoctorRepo,
  one: KotlinClass,
  depth = 0,
): Promise<Entry['kind'] | undefined> {
  const direct = directKind(one);
  if (direct !== undefined || depth > 4) return direct;
  for (const name of one.supertypes.slice(0, 8)) {
    for (const file of await kotlinAndJava(repo, [`class ${name}`])) {
      const above = classesOf(file).find((other) => other.name === name && other !== one);
      const kind = above && (await kindOf(repo, above, depth + 1));
      if (kind !== undefined) return kind;
    }
  }
  return undefined;
}

/** The ways that lead to the start of a function. */
async function waysInto(
  repo: DoctorRepo,
  one: KotlinFunction,
  walk: Walk,
): Promise<readonly Way[]> {
  const { seen, budget, calls } = walk;
  const outer = functionOutside(one);
  const head = headOf(one);
  if (outer !== undefined && isAnonymous(one, head)) {
    // A method of an object that a function makes: it runs later, if the function runs.
    const ways = await walkTo(repo, one.file, outer.at, { ...walk, calls });
    if (RUNNABLE.test(one.name)) return ways;
    const isShown = /^on(?:Click|Touch|LongClick|Activity\w+)$/.test(one.name);
    const later: Way = isShown
      ? from({ kind: 'screen', name: one.name, owner: classAround(one.file, one.start) }, calls)
      : unknown(calls);
    return ways.map((way) => (way.kind === 'never' ? way : { ...later, isDebug: way.isDebug }));
  }
  const owner = classAround(one.file, one.start);
  if (CALLED_BY_SCREEN.test(head)) return [from({ kind: 'screen', name: one.name, owner }, calls)];
  const isOverride = isOverriding(one, head);
  if (owner !== undefined && isOverride) {
    const kind = await kindOf(repo, owner);
    if (kind !== undefined && (kind !== 'process' || isCalledAtStart(one.name))) {
      return [from({ kind, name: one.name, owner }, calls)];
    }
  }
  if (seen.includes(one)) return [];
  if (seen.length >= DEEPEST) return [unknown(calls)];
  const mentions = await mentionsOf(repo, one);
  const ways = new Map<string, Way>();
  const add = (way: Way): void => {
    const place = way.calls.map(({ file, offset }) => `${file.path}:${offset}`).join(' ');
    ways.set(`${way.kind} ${way.entry?.owner?.name ?? ''} ${way.isDebug} ${place}`, way);
  };
  for (const { file, offset, how } of mentions) {
    if (how === 'reference' || budget.left <= 0) return [unknown(calls)];
    if (how === 'perhaps') {
      add(unknown(calls));
      continue;
    }
    budget.left -= 1;
    const next = { ...walk, seen: [...seen, one], calls };
    for (const way of await walkTo(repo, file, offset, next)) add(way);
  }
  const may = isOverride || (await mayBeCalledByOthers(repo, one, head, owner));
  if (may) add(unknown(calls));
  if (ways.size > 0) return [...ways.values()];
  // It calls itself, or is called by what calls it.
  if (seen.length > 0 && mentions.length > 0) return [];
  return [never(`${one.name} is never called`, calls, { isOpen: !isPrivate(head) })];
}

/** Of an Application, a provider or an initializer: what runs at each start of the process. */
const isCalledAtStart = (name: string): boolean =>
  /^(?:onCreate|attachBaseContext|attachInfo|create)$/.test(name);

/** The function around a function, and where it is in that. */
function functionOutside(
  one: KotlinFunction,
): { readonly at: number; readonly outer: KotlinFunction } | undefined {
  const outer = functionAround(one.file, one.start);
  return outer === undefined || outer === one ? undefined : { at: one.start, outer };
}

const isAnonymous = (one: KotlinFunction, head: string): boolean =>
  isOverriding(one, head) || !isKotlin(one.file);

const isOverriding = ({ file, name }: KotlinFunction, head: string): boolean =>
  isKotlin(file)
    ? /\boverride\b/.test(head)
    : /@Override\b/.test(head) || (isLifecycle(name) && !/\b(?:private|static)\b/.test(head));

/** Java takes an override without its annotation. */
const isLifecycle = (name: string): boolean =>
  /^(?:on[A-Z]\w*|(?:do|start|create)Work|create|attachBaseContext|attachInfo)$/.test(name);

const isPrivate = (head: string): boolean => /\bprivate\b/.test(head);

const heads = new WeakMap<KotlinFunction, string>();

/** Modifiers and annotations in front of a function's name. */
function headOf(one: KotlinFunction): string {
  const known = heads.get(one);
  if (known !== undefined) return known;
  const { code } = one.file;
  const before = code.slice(Math.max(0, one.start - 600), one.start);
  const lines = before.split('\n');
  const own = lines.pop() ?? '';
  const above: string[] = [];
  for (let line = lines.pop(); line !== undefined; line = lines.pop()) {
    if (!/^\s*@/.test(line)) break;
    above.unshift(line.trim());
  }
  const begin = Math.max(...[';', '{', '}'].map((end) => own.lastIndexOf(end))) + 1;
  const head = [...above, own.slice(begin)].join('\n');
  heads.set(one, head);
  return head;
}

/** Whether something that is not in the app's sources may call a function. */
async function mayBeCalledByOthers(
  repo: DoctorRepo,
  one: KotlinFunction,
  head: string,
  owner: KotlinClass | undefined,
): Promise<boolean> {
  if (isPrivate(head)) return false;
  if (/\b(?:abstract|operator|external|native)\b/.test(head) || one.name === 'main') return true;
  const annotations = head.match(/@[\w.:]+/g) ?? [];
  if (annotations.some((text) => !SILENT_ANNOTATION.test(text))) return true;
  // android:onClick of a layout names a method with a View.
  const parameters = one.file.code.slice(one.start, one.start + 200);
  if (/^\w+\s*\(\s*(?:\w+\s*:\s*View|View\s+\w+)\s*\)/.test(parameters)) return true;
  if (!isKotlin(one.file) && (owner?.supertypes.length ?? 0) > 0) return /\bpublic\b/.test(head);
  // What prebuild writes into MainApplication is in no file of the repo.
  return (await repo.expo())?.android === 'generated';
}

interface Mention extends Place {
  /** `perhaps`: a function of that name, of which it cannot be told if it is this one. */
  readonly how: 'call' | 'perhaps' | 'reference';
}

const mentions = new WeakMap<KotlinFunction, Promise<readonly Mention[]>>();

/** Where the app's own code names a function, declarations and imports left out. */
function mentionsOf(repo: DoctorRepo, one: KotlinFunction): Promise<readonly Mention[]> {
  const known = mentions.get(one) ?? findMentions(repo, one);
  mentions.set(one, known);
  return known;
}

async function findMentions(repo: DoctorRepo, one: KotlinFunction): Promise<Mention[]> {
  const found: Mention[] = [];
  const word = new RegExp(`\\b${one.name}\\b`, 'g');
  const head = headOf(one);
  const files = isPrivate(head) ? [one.file] : await kotlinAndJava(repo, [one.name]);
  for (const file of files) {
    for (const { index } of file.code.matchAll(word)) {
      if (found.length >= MOST_MENTIONS)
        return [...found, { file, offset: index, how: 'reference' }];
      const how = howMentioned(file, index, one, head);
      if (how !== undefined) found.push({ file, offset: index, how });
    }
    const within = inInterpolation(file, one.name, isKotlin(file) ? '${' : undefined);
    if (within !== undefined) found.push({ file, offset: within, how: 'reference' });
  }
  return found;
}

function howMentioned(
  file: SourceFile,
  index: number,
  one: KotlinFunction,
  head: string,
): Mention['how'] | undefined {
  const { code } = file;
  if (file === one.file && index === one.start) return undefined;
  const before = code.slice(Math.max(0, index - 200), index);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  if (/^\s*(?:import|package)\b/.test(line)) return undefined;
  const after = code.slice(index + one.name.length, index + one.name.length + 200);
  const isCalled = /^\s*(?:<[\w\s.,<>?*]{0,100}>\s*)?\(/.test(after) || /^\s*\{/.test(after);
  if (/::\s*$/.test(before)) return 'reference';
  if (/\bfun\b[^(){};=]*$/.test(line) || declaresJava(file, index)) return undefined;
  const isInfix = /\binfix\b/.test(head) && /^\s+\w/.test(after);
  if (!isCalled && !isInfix) return undefined;
  return resolve(file, index, before, one, head);
}

const declaresJava = (file: SourceFile, index: number): boolean =>
  !isKotlin(file) && functionsOf(file).some(({ start }) => start === index);

/** Whether a call is one of this function. */
function resolve(
  file: SourceFile,
  index: number,
  before: string,
  one: KotlinFunction,
  head: string,
): Mention['how'] | undefined {
  const owner = classAround(one.file, one.start);
  const extended = /\bfun\s+(?:<[^>]*>\s*)?([\w.]+)(?:<[^>]*>)?\??\.\s*$/.exec(head)?.[1];
  const receiver = receiverOf(before);
  if (extended !== undefined) return 'call';
  if (receiver === undefined) {
    if (owner === undefined || isWithin(file, index, owner)) return 'call';
    if (
      new RegExp(
        `^[ \\t]*import\\s+(?:static\\s+)?[\\w.]*\\b${owner.name}\\.(?:Companion\\.)?(?:${one.name}|\\*)`,
        'm',
      ).test(file.code)
    ) {
      return 'call';
    }
    // Inside of `with (scheduler) { … }`, or inherited.
    return isInLambda(file, index) || inherits(file, index, owner) ? 'perhaps' : undefined;
  }
  if (owner === undefined) return undefined;
  if (/^(?:this|super)(?:@\w+)?$/.test(receiver)) {
    return isWithin(file, index, owner)
      ? 'call'
      : inherits(file, index, owner)
        ? 'perhaps'
        : undefined;
  }
  if (
    new RegExp(`(?:^|[.\\s])${owner.name}(?:\\.(?:Companion|INSTANCE|\\w*[iI]nstance))?$`).test(
      receiver,
    )
  ) {
    return 'call';
  }
  if (/^[A-Z]\w*$/.test(receiver)) return undefined;
  const last = receiver.split('.').at(-1) ?? '';
  const types = typesOf(file, last);
  if (types.size > 0) {
    if (types.has(owner.name)) return 'call';
    return owner.supertypes.some((name) => types.has(name))
      ? 'call'
      : isKnownType(types)
        ? undefined
        : 'perhaps';
  }
  const lastWord = /(?:[A-Z]|(?<![a-z\d]))[a-z\d]*$/.exec(owner.name)?.[0] ?? '';
  return last.toLowerCase().includes(lastWord.toLowerCase()) ? 'call' : 'perhaps';
}

/** A type parameter, or one that is inferred from a call, is none that a function could be told from. */
const isKnownType = (types: ReadonlySet<string>): boolean =>
  [...types].every((name) => /^[A-Z]\w+$/.test(name));

/** What stands in front of the point before a call, without its arguments; undefined where there is none. */
export function receiverOf(before: string): string | undefined {
  const dotted = /(?:\?\.|!!\s*\.|\.)\s*$/.exec(before);
  if (dotted === null) return undefined;
  let text = before.slice(0, dotted.index).trimEnd();
  // `SyncScheduler(context).schedule()`: the arguments say nothing.
  for (let depth = 0; text.endsWith(')') && depth < 4; depth += 1) {
    let open = text.length - 1;
    for (let level = 0; open >= 0; open -= 1) {
      if (text[open] === ')') level += 1;
      if (text[open] === '(') level -= 1;
      if (level === 0) break;
    }
    const cast = /\bas\??\s+(?:\w+\.)*(\w+)\s*\)$/.exec(text.slice(Math.max(open, 0)))?.[1];
    const before = text.slice(0, Math.max(open, 0)).trimEnd();
    if (cast !== undefined && !/\w$/.test(before)) return cast;
    text = before;
  }
  return (/(?<![\w.@])[\w.@]+$/.exec(text)?.[0] ?? '').replace(/[?!]/g, '');
}

/** The types that a file's declarations give a variable. */
export function typesOf(file: SourceFile, name: string): ReadonlySet<string> {
  if (!/^\w+$/.test(name)) return new Set();
  const found = new Set<string>();
  const declared = new RegExp(
    `\\b${name}\\s*:\\s*(?:[a-z]\\w*\\.)*(\\w+)|\\b${name}\\s*(?:=|by\\s+lazy\\s*\\{)\\s*(?:new\\s+)?(?:[a-z]\\w*\\.)*([A-Z]\\w*)\\s*[(.]|\\b([A-Z]\\w*)(?:<[^<>;]*>)?\\s+${name}\\s*[;=,)]`,
    'g',
  );
  for (const [, annotated, made, java] of file.code.matchAll(declared)) {
    const type = annotated ?? made ?? java;
    if (type !== undefined && type !== 'return' && found.size < 20) found.add(type);
  }
  return found;
}

/** Whether a place is in the class, or in one inside of it. */
const isWithin = (file: SourceFile, index: number, owner: KotlinClass): boolean =>
  file === owner.file && owner.body.start <= index && index < owner.body.end;

/** Whether the class around a place extends this one. */
function inherits(file: SourceFile, index: number, owner: KotlinClass): boolean {
  return classAround(file, index)?.supertypes.includes(owner.name) === true;
}

const isInLambda = (file: SourceFile, index: number): boolean =>
  bracketsOf(file)
    .around(index)
    .some(
      ({ kind, open }) =>
        kind === '{' &&
        /(?:\b(?:with|run|apply|let|also|use)\b\s*(?:\([^{}]*\)\s*)?|\.\s*\w+\s*)$/.test(
          file.code.slice(Math.max(0, open - 100), open),
        ),
    );
