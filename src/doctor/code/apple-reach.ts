import type { DoctorRepo } from '../repo.ts';
import type { SourceFile } from '../source-files.ts';
import { functionAround, isSwift, typesAround, typesOf } from './apple-functions.ts';
import type { AppleFunction, SwiftType } from './apple-functions.ts';
import { bracketsOf } from './brackets.ts';
import type { Block } from './brackets.ts';
import { isConditional, isDebugOnly } from './conditions.ts';
import { appleSourcesContaining } from './function-index.ts';
import { inInterpolation } from './interpolations.ts';

/** A way that leads from something that the system calls to a place in the code. */
export interface Way {
  /**
   * - `launch`: before the app has finished launching
   * - `deferred`: begins at the launch, in a closure that runs when it is over
   * - `late`: begins in what is called later, or not at all in a background launch
   * - `never`: nothing calls it
   * - `unknown`: it cannot be told
   */
  readonly kind: 'launch' | 'deferred' | 'late' | 'never' | 'unknown';
  /** What the way leads through, for people: `async { … }`, `viewDidLoad`; of `never` why. */
  readonly through: string;
  /** Where that stands: the function that the way begins in, the closure, what ends it; undefined of `unknown`. */
  readonly at?: WayPlace;
  /** Whether no build that users get has it: debug builds or the simulator alone. */
  readonly isDebug: boolean;
  /** Of `never`: whether it holds for code only that is in the repo; what is not private may be called by what is not. */
  readonly isOpen?: true;
}

export interface WayPlace {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

const UNKNOWN: Way = { kind: 'unknown', through: '', isDebug: false };
const DEEPEST = 6;

/** Calls that one question may follow: code that is made to have a way for each of its functions has more than can be walked. */
const MOST_CALLS = 400;

interface Walk {
  /** The functions that the way leads through so far. */
  readonly seen: readonly AppleFunction[];
  /** Shared by all ways of one question. */
  readonly budget: { left: number };
}

/**
 * Functions that the system or a framework calls when the launch is over, or perhaps never in the background. Flutter’s
 * implicit engine is that of a storyboard, which a scene loads: https://github.com/flutter/flutter/issues/184267
 */
const LATE =
  /\b(?:sceneDidBecomeActive|sceneWillEnterForeground|sceneDidEnterBackground|sceneWillResignActive|applicationDidBecomeActive|applicationDidEnterBackground|applicationWillResignActive|applicationWillEnterForeground|applicationWillTerminate|loadView|viewDidLoad|viewWillAppear|viewDidAppear|viewIsAppearing|viewDidLayoutSubviews|didMoveToWindow|awakeFromNib|didInitializeImplicitFlutterEngine)\b|\bwillConnectTo(?:Session)?\b|\bRCT_(?:EXPORT|REMAP)_METHOD\b/;

/** Before the block of a closure that runs later, or on another thread. */
const DEFERRED =
  /(?:\.\s*async(?:After\s*\([^{}]*\))?\s*(?:\([^{}]*\)\s*)?|\bTask(?:\.detached)?\s*(?:\([^{}]*\)\s*)?|\bdispatch_(?:async|after)\s*\([^{}]*,\s*\^\s*(?:\(void\)\s*)?|\baddObserver\s*\([^{}]*\)?\s*|\baddObserverForName\s*:[^{}]*|\bscheduledTimer\s*\([^{}]*\)\s*|\baddOperation\s*|\bperform\s*|\bdataTask\s*\([^{}]*\)\s*|\b(?:requestAuthorization|getNotificationSettings|fetchRemoteConfig|loadPersistentStores)\s*(?:\([^{}]*\)\s*)?|\b(?:completion|completionHandler|withCompletion|withCompletionHandler)\s*:\s*(?:\^\s*(?:\([^(){}]*\)\s*)?)?|\.\s*sink\s*(?:\([^{}]*)?)$/;

/** Before the block of a closure that a screen, a user or JavaScript sets off. */
const SHOWN =
  /(?:\.\s*(?:onAppear|onDisappear|task|onReceive|onChange|onTapGesture|refreshable|onOpenURL)\s*(?:\([^{}]*\)\s*)?|\bButton\s*(?:\([^{}]*\)\s*|\([^{}]*\baction\s*:\s*)?|\bUIAction\s*(?:\([^{}]*\)\s*)?|\b(?:Async)?Function\s*\([^{}]*\)\s*)$/;

/** Second labels of the methods of UIApplicationDelegate that are called `application`. */
const DELEGATE_LABELS = new Set(
  (
    'open handleOpen continue willContinueUserActivityWithType didFailToContinueUserActivityWithType didUpdate ' +
    'didRegisterForRemoteNotificationsWithDeviceToken didFailToRegisterForRemoteNotificationsWithError ' +
    'didReceiveRemoteNotification didReceive performFetchWithCompletionHandler handleEventsForBackgroundURLSession ' +
    'performActionFor configurationForConnecting didDiscardSceneSessions supportedInterfaceOrientationsFor ' +
    'shouldSaveSecureApplicationState shouldRestoreSecureApplicationState shouldSaveApplicationState ' +
    'shouldRestoreApplicationState viewControllerWithRestorationIdentifierPath willEncodeRestorableStateWith ' +
    'didDecodeRestorableStateWith handleActionWithIdentifier didRegister handleWatchKitExtensionRequest ' +
    'shouldAllowExtensionPointIdentifier userDidAcceptCloudKitShareWith handlerFor willChangeStatusBarOrientation ' +
    'didChangeStatusBarOrientation willChangeStatusBarFrame didChangeStatusBarFrame handleIntent'
  ).split(' '),
);

/** Every way that is known to lead to a place; one of kind `unknown` where there may be others. */
export const waysTo = (
  repo: DoctorRepo,
  file: SourceFile,
  offset: number,
): Promise<readonly Way[]> =>
  walkTo(repo, file, offset, { seen: [], budget: { left: MOST_CALLS } });

async function walkTo(
  repo: DoctorRepo,
  file: SourceFile,
  offset: number,
  walk: Walk,
): Promise<readonly Way[]> {
  const isDebug = isDebugOnly(file, offset);
  const dead = deadCode(file, offset);
  if (dead !== undefined) return [{ kind: 'never', ...dead, isDebug }];
  const around = functionAround(file, offset);
  const closures = closuresAround(file, offset, around);
  const shown = closures.find(({ kind }) => kind === 'late');
  const late: Way | undefined = shown && {
    kind: 'late',
    through: shown.through,
    at: { file: file.path, line: file.line(shown.open) },
    isDebug,
  };
  if (around === undefined) return [late ?? UNKNOWN];
  const putOff = putOffBy(file, offset);
  const deferred = putOff === undefined ? closures.at(0) : { through: `${putOff}(…)` };
  const before = await waysInto(repo, around, walk);
  // Whoever calls the function, the closure in it comes later; where nobody does, it never comes.
  if (late !== undefined) return before.map((way) => (way.kind === 'never' ? way : late));
  return before.map((way) => ({
    kind: way.kind === 'launch' && deferred !== undefined ? 'deferred' : way.kind,
    through: way.kind === 'launch' && deferred !== undefined ? deferred.through : way.through,
    isDebug: way.isDebug || isDebug,
    ...(way.at && { at: way.at }),
    ...(way.isOpen && { isOpen: true }),
  }));
}

/** What puts off a place within its function; undefined where it runs with it. */
export function deferralOf(file: SourceFile, offset: number): string | undefined {
  const around = functionAround(file, offset);
  return closuresAround(file, offset, around).find(({ kind }) => kind === 'deferred')?.through;
}

/** A method that is named for later: by a timer, or after a delay. */
const PUT_OFF =
  /\b(perform|performSelector|scheduledTimer\w*)\b[^;{}]{0,160}(?:#selector\s*\(|@selector\s*\()\s*(?:\w+\.)?$/;

/** What calls a method, named in front of an offset, once the launch is over. */
function putOffBy(file: SourceFile, offset: number): string | undefined {
  const [, by] = PUT_OFF.exec(file.code.slice(Math.max(0, offset - 240), offset)) ?? [];
  if (by === undefined) return undefined;
  const behind = file.code.slice(offset, offset + 160);
  return by.startsWith('perform') && !/^[^;{}]*\bafterDelay\b/.test(behind) ? undefined : by;
}

interface Closure {
  readonly kind: 'deferred' | 'late';
  readonly through: string;
  /** Offset of its block. */
  readonly open: number;
}

function closuresAround(
  file: SourceFile,
  offset: number,
  around: AppleFunction | undefined,
): Closure[] {
  const found: Closure[] = [];
  for (const { kind, open } of bracketsOf(file).around(offset)) {
    if (kind !== '{') continue;
    if (around !== undefined && open < around.body.start) break;
    const before = file.code.slice(Math.max(0, open - 300), open).trimEnd();
    const shown = SHOWN.exec(before)?.[0];
    const deferred = shown === undefined ? DEFERRED.exec(before)?.[0] : undefined;
    const name = /\w+(?:\.\w+)?/.exec(shown ?? deferred ?? '')?.[0];
    if (name !== undefined) {
      found.push({
        kind: shown === undefined ? 'deferred' : 'late',
        through: `${name} { … }`,
        open,
      });
    }
  }
  return found;
}

/** Why a place in a function is never reached although the function is; undefined where it is. */
function deadCode(
  file: SourceFile,
  offset: number,
): Required<Pick<Way, 'through' | 'at'>> | undefined {
  const { code } = file;
  const around = functionAround(file, offset);
  const place = (at: number): WayPlace => ({ file: file.path, line: file.line(at) });
  for (const block of bracketsOf(file).around(offset)) {
    if (around !== undefined && block.open < around.body.start - 1) break;
    // A message of Objective-C, or the arguments of a call.
    if (block.kind !== '{') continue;
    const head = code.slice(Math.max(0, block.open - 80), block.open);
    if (/\bif\s*(?:false|\(\s*(?:false|NO|0)\s*\))\s*$/.test(head)) {
      return { through: 'the condition is false', at: place(block.open) };
    }
    const kept = keptClosure(file, block, around);
    if (kept !== undefined) return { through: `nothing calls ${kept}`, at: place(block.open) };
    const back = returnBefore(file, block, offset);
    if (back !== undefined) {
      const word = code.startsWith('return', back) ? 'return' : 'end';
      const through = `it stands behind the ${word} in line ${file.line(back)}`;
      return { through, at: place(back) };
    }
  }
  return undefined;
}

/** The name of a closure that a function, or a private property, keeps and that its file never names again. */
function keptClosure(
  file: SourceFile,
  { open, close }: Block,
  around: AppleFunction | undefined,
): string | undefined {
  if (!isSwift(file)) return undefined;
  const { code } = file;
  const head = code.slice(Math.max(0, open - 160), open);
  const kept =
    /\b(private\s+|fileprivate\s+)?(?:lazy\s+)?(?:let|var)\s+(\w+)\s*(?::\s*[^={}\n]{1,100})?=\s*$/.exec(
      head,
    );
  const [, isOwn, name] = kept ?? [];
  if (name === undefined) return undefined;
  // A closure that is called where it stands makes the value: `let value = { … }()`.
  if (/^\s*\(/.test(code.slice(close + 1, close + 20))) return undefined;
  const isLocal = around !== undefined && around.body.start <= open;
  if (!isLocal && isOwn === undefined) return undefined;
  const uses = isLocal ? code.slice(around.body.start, around.body.end) : code;
  return [...uses.matchAll(new RegExp(`\\b${name}\\b`, 'g'))].length === 1 ? name : undefined;
}

/** A `return` of the block itself, or what never comes back, without a condition, in front of an offset. */
function returnBefore(file: SourceFile, block: Block, offset: number): number | undefined {
  const { code } = file;
  const before = code.slice(block.open + 1, offset);
  if (/\bcase\b|\bdefault\s*:/.test(before)) return undefined;
  const statement = /(?:^|[;\n])[ \t]*(return|throw|fatalError(?=\s*\())\b/g;
  for (let match = statement.exec(before); match !== null; match = statement.exec(before)) {
    const at = block.open + 1 + match.index + match[0].length - (match[1] ?? '').length;
    const [inner] = bracketsOf(file).around(at);
    if (inner !== block || isConditional(file, at)) continue;
    // `if (!ok)` without braces, in Objective-C.
    if (/(?:\)|\belse)\s*$/.test(code.slice(Math.max(0, at - 200), at))) continue;
    // What it returns may begin on the next line, and be the place itself.
    const value = before.slice(match.index + match[0].length);
    if (!/^[ \t]*(?:\S[^\n{([]*)?(?:;|\n)/.test(value)) continue;
    return at;
  }
  return undefined;
}

/** The ways that lead to the start of a function. */
async function waysInto(
  repo: DoctorRepo,
  one: AppleFunction,
  { seen, budget }: Walk,
): Promise<readonly Way[]> {
  const late = LATE.exec(one.header)?.[0];
  const at = { file: one.file.path, line: one.file.line(one.offset) };
  if (late !== undefined) return [{ kind: 'late', through: late, at, isDebug: false }];
  const entry = await entryKind(repo, one);
  if (entry !== undefined) return [entry.kind === 'unknown' ? entry : { ...entry, at }];
  if (seen.includes(one)) return [];
  if (seen.length >= DEEPEST) return [UNKNOWN];
  const ways = new Map<string, Way>();
  for (const { file, offset, isCall } of await mentionsOf(repo, one)) {
    if (!isCall || budget.left <= 0) return [UNKNOWN];
    budget.left -= 1;
    for (const way of await walkTo(repo, file, offset, { seen: [...seen, one], budget })) {
      ways.set(JSON.stringify(way), way);
    }
  }
  if (ways.size > 0) return [...ways.values()];
  if (seen.length > 0 && (await mentionsOf(repo, one)).length > 0) return [];
  return mayBeCalledByOthers(one)
    ? [UNKNOWN]
    : [
        {
          kind: 'never',
          through: `${nameFor(one)} is never called`,
          at,
          isDebug: false,
          ...(!isPrivate(one) && { isOpen: true }),
        },
      ];
}

/** How messages name a function. */
export const nameFor = (one: AppleFunction): string =>
  one.name === 'application'
    ? `application(${one.parameters
        .slice(0, 2)
        .map(({ label, name }) => `${label === undefined ? '_ ' : ''}${label ?? name}:`)
        .join(' ')})`.replace('_ _', '_')
    : one.name;

async function entryKind(repo: DoctorRepo, one: AppleFunction): Promise<Way | undefined> {
  const launch: Way = { kind: 'launch', through: '', isDebug: false };
  const never = (through: string): Way => ({ kind: 'never', through, isDebug: false });
  if (!isSwift(one.file)) {
    if (/(?:did|will)FinishLaunchingWithOptions\s*:/.test(one.header)) return launch;
    if (/^\+\s*\([^()]*\)\s*(?:load|initialize)\b/.test(one.header.trim())) return launch;
    if (one.name === 'main' || one.name === 'applicationDidFinishLaunching') return launch;
    const label = one.name === 'application' ? one.parameters[1]?.label : undefined;
    return /^(?:did|will)FinishLaunch/.test(label ?? '')
      ? never(`application:${label ?? ''}: is never called: UIKit knows no such method`)
      : undefined;
  }
  const [type] = one.types;
  if (one.name === 'init') {
    return one.types.some(({ header }) => /:\s*(?:SwiftUI\.)?App\b/.test(header))
      ? launch
      : UNKNOWN;
  }
  if (one.name === 'applicationDidFinishLaunching') return launch;
  if (one.name !== 'application') return undefined;
  const [first, second] = one.parameters;
  const calls = await appleSourcesContaining(repo, ['application']);
  const isPassedOn = calls.some(({ code }) =>
    // One of the app's own delegates hands it on.
    /(?<!super)\.\s*application\s*\(/.test(code),
  );
  if (first?.label !== undefined) {
    const call = new RegExp(`(?<!func\\s{1,9})\\bapplication\\s*\\(\\s*${first.label}\\s*:`);
    return calls.some(({ code }) => call.test(code))
      ? UNKNOWN
      : never(`${nameFor(one)} is never called: UIKit calls application(_:…)`);
  }
  const isLaunch = /^(?:did|will)FinishLaunchingWithOptions$/.test(second?.label ?? '');
  if (!isLaunch) {
    if (DELEGATE_LABELS.has(second?.label ?? '') || isPassedOn) return UNKNOWN;
    return never(`${nameFor(one)} is never called: UIKit knows no such method`);
  }
  const inherits = type === undefined || type.kind === 'extension' || mayBeDelegate(type, calls);
  if (!inherits && !isPassedOn) return never(`${type.name} is no app delegate`);
  if (isPassedOn || type === undefined) return launch;
  if (await isCutOff(repo, type.name)) {
    return never(
      `no @UIApplicationDelegateAdaptor names ${type.name}, and the app is one of SwiftUI`,
    );
  }
  const other = await otherDelegate(repo, type);
  return other === undefined
    ? launch
    : never(`${other} is the app delegate, and nothing names ${type.name}`);
}

/** Whether a class, or an extension of it, says that it is more than an object. */
function mayBeDelegate({ name, header }: SwiftType, files: readonly SourceFile[]): boolean {
  const headers = files
    .filter(isSwift)
    .flatMap((file) => typesOf(file))
    .filter((one) => one.kind === 'extension' && one.name === name && one.header.includes(':'));
  if (headers.length > 0) return true;
  if (!header.includes(':')) return false;
  return !parentsOf(header).every((parent) => PLAIN.has(parent));
}

/** What says nothing of being called by the system. */
const PLAIN = new Set(['NSObject', 'UIResponder', 'ObservableObject', 'Sendable']);

const parentsOf = (header: string): string[] =>
  header
    .slice(header.indexOf(':') + 1)
    .split(',')
    .map((parent) => parent.trim());

/** The class that UIKit makes its delegate, where it is another one and nothing in the app names this one. */
async function otherDelegate(repo: DoctorRepo, type: SwiftType): Promise<string | undefined> {
  if (/@(?:main|UIApplicationMain)\b/.test(type.header)) return undefined;
  // A class of a framework may be called by it: ExpoAppDelegateSubscriber.
  const isOwn = (parent: string): boolean =>
    PLAIN.has(parent) || parent === 'UIApplicationDelegate';
  if (!parentsOf(type.header).every(isOwn)) return undefined;
  const files = await appleSourcesContaining(repo, ['@main', '@UIApplicationMain']);
  const mains = files
    .filter(isSwift)
    .flatMap((file) => typesOf(file))
    .filter(({ kind, header }) => kind === 'class' && /@(?:main|UIApplicationMain)\b/.test(header));
  const [main] = mains;
  if (mains.length !== 1 || main === undefined || main.name === type.name) return undefined;
  const word = new RegExp(`\\b${type.name}\\b`, 'g');
  const declares = /\b(?:class|extension)\s+$/;
  const named = await appleSourcesContaining(repo, [type.name]);
  const isNamed = named.some((file) =>
    [...(isSwift(file) ? file.code : file.text).matchAll(word)].some(
      ({ index }) => !declares.test(file.code.slice(Math.max(0, index - 20), index)),
    ),
  );
  return isNamed ? undefined : main.name;
}

/** Whether the app starts with SwiftUI's App, which knows no app delegate unless it is told. */
async function isCutOff(repo: DoctorRepo, name: string): Promise<boolean> {
  const files = await appleSourcesContaining(repo, ['@main', 'UIApplicationDelegateAdaptor']);
  if (files.some(({ code }) => code.includes('UIApplicationDelegateAdaptor'))) return false;
  const mains = files
    .filter(isSwift)
    .flatMap((file) => typesOf(file))
    .filter(({ header }) => /@main\b/.test(header));
  const [main] = mains;
  return (
    mains.length === 1 && main !== undefined && main.name !== name && /:\s*App\b/.test(main.header)
  );
}

const isPrivate = ({ file, header }: AppleFunction): boolean =>
  isSwift(file) && /\b(?:private|fileprivate)\b/.test(header) && !/@objc|@IBAction/.test(header);

/** Whether something that is not in the app's sources may call a function: a framework, a storyboard, a selector. */
function mayBeCalledByOthers(one: AppleFunction): boolean {
  const { file, header, parameters, types, name } = one;
  if (!isSwift(file)) return parameters.length > 0 || !/^[-+]\s*\(/.test(header.trim());
  if (isPrivate(one)) return false;
  if (/\b(?:override|open|public|dynamic)\b|@objc|@IBAction|@_cdecl/.test(header)) return true;
  const inherits = types.some((type) => type.kind === 'protocol' || type.header.includes(':'));
  return inherits && (parameters.length > 0 || /^(?:application|scene|body|bundle)/.test(name));
}

interface Mention {
  readonly file: SourceFile;
  readonly offset: number;
  /** A call; else a reference, of which it is not known when it is called. */
  readonly isCall: boolean;
}

/** In all files: far beyond any real one; ends one that is made to be slow. */
const MOST_MENTIONS = 100;

const mentions = new WeakMap<AppleFunction, Promise<readonly Mention[]>>();

/** Where the app's own code names a function, declarations left out. */
export function mentionsOf(repo: DoctorRepo, one: AppleFunction): Promise<readonly Mention[]> {
  const known = mentions.get(one) ?? findMentions(repo, one);
  mentions.set(one, known);
  return known;
}

async function findMentions(repo: DoctorRepo, one: AppleFunction): Promise<Mention[]> {
  const found: Mention[] = [];
  const word = new RegExp(`\\b${one.name}\\b`, 'g');
  for (const file of await appleSourcesContaining(repo, [one.name])) {
    for (const { index } of file.code.matchAll(word)) {
      if (found.length >= MOST_MENTIONS) return [...found, { file, offset: index, isCall: false }];
      const isCall = howMentioned(file, index, one);
      if (isCall !== undefined) found.push({ file, offset: index, isCall });
    }
    const within = inInterpolation(file, one.name, isSwift(file) ? '\\(' : undefined);
    if (within !== undefined) found.push({ file, offset: within, isCall: false });
  }
  return found;
}

/** Whether a word calls the function; false for a reference; undefined where it is something else. */
function howMentioned(file: SourceFile, index: number, one: AppleFunction): boolean | undefined {
  const { code } = file;
  if (file === one.file && index >= one.offset && index < one.body.start) return undefined;
  const before = code.slice(Math.max(0, index - 60), index);
  const after = code.slice(index + one.name.length, index + one.name.length + 60);
  const line = before.split('\n').at(-1) ?? '';
  if (/\b(?:func|let|var|case|class|struct|enum)\s+$/.test(before)) return undefined;
  if (/^[-+]\s*\([^()]*\)\s*$/.test(line)) return undefined;
  if (/#selector\s*\([^()]*$|@selector\s*\(\s*$/.test(before)) {
    return putOffBy(file, index) !== undefined;
  }
  if (/\bRCT_EXTERN_METHOD\s*\(\s*$/.test(before)) return false;
  if (!isSwift(file)) {
    return /\[[^[]*\s$|[\w\])]\s+$|\(\s*$|[;{}]\s*$|\bself\.$/.test(before) ? true : undefined;
  }
  // A label of an argument, or a parameter.
  if (/^\s*:(?!:)/.test(after)) return undefined;
  const receiver = /(?<![\w)\]!?])([\w)\]!?]+)\s*\.\s*$/.exec(before)?.[1]?.replace(/[!?]$/, '');
  if (!mayMean(receiver, file, index, one)) return undefined;
  if (/^\s*[({]/.test(after)) return true;
  if (receiver !== undefined || /[:(,=]\s*$/.test(before)) return false;
  return undefined;
}

/** Whether a call with this receiver may be one of a function of this type. */
function mayMean(
  receiver: string | undefined,
  file: SourceFile,
  index: number,
  { types: [type], header }: AppleFunction,
): boolean {
  if (type === undefined) return receiver === undefined || /^[A-Z]/.test(receiver);
  const name = type.name.split('.').at(-1) ?? '';
  if (receiver !== undefined && !['self', 'Self', 'super'].includes(receiver)) {
    if (receiver === name) return true;
    const isStatic = /\b(?:static|class)\s+func\b/.test(header);
    return !/^[A-Z]/.test(receiver) && !isStatic;
  }
  const here = typesAround(file, index);
  return here.some((one) => one.name.split('.').at(-1) === name || one.header.includes(name));
}
