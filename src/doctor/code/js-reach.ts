import { calleeName, propertyName, unwrap, walk } from '../../formats/javascript.ts';
import type { Node } from '../../formats/javascript.ts';
import type { DoctorRepo } from '../repo.ts';
import {
  callsOf,
  functionName,
  importedNames,
  isFunction,
  lineIn,
  renderedAs,
  scriptsContaining,
} from './javascript.ts';
import type { FunctionNode, Script } from './javascript.ts';
import { branchOf, isDevOnly } from './js-conditions.ts';
import { moduleGraph, resolveImport } from './js-modules.ts';
import {
  BACKGROUND_FETCH,
  GEOLOCATION_TASKS,
  REGISTER_HEADLESS,
  TASK_MANAGER,
} from './task-libraries.ts';

/** A way that leads from something that React Native or a library calls to a place in the app's JavaScript. */
export interface JsWay {
  /**
   * - `load`: while the bundle is loaded, at once
   * - `deferred`: it begins at the load, and waits for a promise or a timer
   * - `rendered`: a component, a hook or an effect
   * - `event`: a listener, or what a person sets off
   * - `background`: a function that a background run calls
   * - `lazy`: the file itself is loaded later
   * - `never`: nothing calls it
   * - `unknown`: it cannot be told
   */
  readonly kind:
    | 'load'
    | 'deferred'
    | 'rendered'
    | 'event'
    | 'background'
    | 'lazy'
    | 'never'
    | 'unknown';
  /** What it leads through, for people: `the hook useEffect`, `then(…)`; of `never` why. */
  readonly through: string;
  /** Whether it is gone in development alone. */
  readonly isDev: boolean;
}

/** Functions between a place and what is called from outside: beyond any real one. */
const DEEPEST = 8;
/** Calls that one question follows: ends code that has a way through each of its functions. */
const MOST_CALLS = 200;

/** Files that have a name: of one that more have, only a run knows what it means. */
const MOST_FILES = 200;

/** Callbacks of these run before the call comes back. */
const AT_ONCE = new Set(
  'map forEach filter reduce reduceRight some every flatMap find findIndex sort replace from entries'.split(
    ' ',
  ),
);
/** Callbacks of these run when a promise is settled, or later. */
const DEFERRED = new Set(
  'then catch finally setTimeout setInterval setImmediate requestAnimationFrame requestIdleCallback queueMicrotask runAfterInteractions'.split(
    ' ',
  ),
);
/** Callbacks of these wait for something to happen. */
const EVENTS =
  /^(?:add\w*Listener|on|once|subscribe|listen|on[A-Z]\w*|setOn[A-Z]\w*|watch\w*|registerComponent)$/;

const UNKNOWN: JsWay = { kind: 'unknown', through: '', isDev: false };

interface Walk {
  readonly seen: readonly Node[];
  readonly budget: { left: number };
}

/** Every way that is known to lead to a node; one of kind `unknown` where there may be others. Never empty. */
export async function jsWaysTo(
  repo: DoctorRepo,
  script: Script,
  node: Node,
): Promise<readonly JsWay[]> {
  const ways = await walkTo(repo, script, node, { seen: [], budget: { left: MOST_CALLS } });
  return ways.length > 0 ? ways : [UNKNOWN];
}

/** Whether no build that users get comes to a node. */
export async function isOnlyDev(repo: DoctorRepo, script: Script, node: Node): Promise<boolean> {
  return (await jsWaysTo(repo, script, node)).every(({ kind, isDev }) => isDev || kind === 'never');
}

async function walkTo(
  repo: DoctorRepo,
  script: Script,
  start: Node,
  state: Walk,
): Promise<readonly JsWay[]> {
  let isDev = false;
  let deferral: string | undefined;
  let child = start;
  for (let at = script.parents.get(start); at !== undefined; at = script.parents.get(at)) {
    const branch = branchOf(at, child);
    if (branch === 'never') {
      return [
        { kind: 'never', through: `the condition in line ${lineIn(script, at)} is false`, isDev },
      ];
    }
    isDev ||= branch === 'dev';
    const left = leftBefore(at, child);
    if (left !== undefined) {
      const through = `it stands behind what leaves in line ${lineIn(script, left)}`;
      return [{ kind: 'never', through, isDev }];
    }
    if (isFunction(at)) {
      if (at.async && waitsBefore(at, start)) deferral ??= 'an await';
      const use = useOf(script, at);
      if (use.step === 'deferred') deferral ??= use.through;
      const ways =
        use.step === 'called'
          ? await waysInto(repo, script, at, state)
          : use.step === undefined
            ? [{ kind: use.kind, through: use.through, isDev: false }]
            : undefined;
      if (ways !== undefined) return ways.map((way) => later(withDev(way, isDev), deferral));
    }
    // A field of an object of the class, but no static one.
    if (at.type === 'ClassProperty' && !at.static) {
      const ways = await waysInto(repo, script, at, state);
      return ways.map((way) => later(withDev(way, isDev), deferral));
    }
    child = at;
  }
  return [later(withDev(await loadOf(repo, script), isDev), deferral)];
}

/** A `return` or `throw` of a block itself, in front of one of its statements. */
function leftBefore(block: Node, child: Node): Node | undefined {
  if (block.type !== 'BlockStatement' || child.type === 'FunctionDeclaration') return undefined;
  const before = block.body.slice(
    0,
    block.body.findIndex((one) => one === child),
  );
  return before.find(({ type }) => type === 'ReturnStatement' || type === 'ThrowStatement');
}

const withDev = (way: Omit<JsWay, 'isDev'> & { isDev?: boolean }, isDev: boolean): JsWay => ({
  kind: way.kind,
  through: way.through,
  isDev: way.isDev === true || isDev,
});

const later = (way: JsWay, deferral: string | undefined): JsWay =>
  way.kind === 'load' && deferral !== undefined
    ? { ...way, kind: 'deferred', through: deferral }
    : way;

/** How a file itself is loaded. */
async function loadOf(repo: DoctorRepo, { path }: Script): Promise<Omit<JsWay, 'isDev'>> {
  const graph = await moduleGraph(repo);
  if (graph === undefined || graph.loaded.has(path)) return { kind: 'load', through: '' };
  const lazy = graph.mayMean(path) ? undefined : graph.lazy.get(path);
  return lazy === undefined ? UNKNOWN : { kind: 'lazy', through: `${lazy.file}:${lazy.line}` };
}

/** Whether a function waits for something in front of a node of it. */
function waitsBefore(around: FunctionNode, node: Node): boolean {
  let found = false;
  walk(around.body, (inner) => {
    if (found || (inner !== around && isFunction(inner))) return false;
    const waits =
      inner.type === 'AwaitExpression' || (inner.type === 'ForOfStatement' && inner.await);
    found = waits && (inner.end ?? 0) <= (node.start ?? 0);
    return undefined;
  });
  return found;
}

/** What becomes of a function: `step` where the way goes on from there, at once or later. */
type Use =
  | { readonly step: 'at-once' | 'called' }
  | { readonly step: 'deferred'; readonly through: string }
  | { readonly step?: undefined; readonly kind: JsWay['kind']; readonly through: string };

/** What becomes of a function where it is written. */
function useOf(script: Script, one: FunctionNode): Use {
  const rendered = renderedAs(script, one);
  if (rendered !== undefined) return { kind: 'rendered', through: rendered };
  const given = handedTo(script, one);
  return given ?? { step: 'called' };
}

/** What a function, or a name of one, is handed to; undefined where it is not handed on. */
function handedTo(script: Script, value: Node): Use | undefined {
  let node = value;
  let parent = script.parents.get(node);
  while (parent !== undefined && unwrap(parent) !== parent) {
    node = parent;
    parent = script.parents.get(node);
  }
  if (parent === undefined) return undefined;
  if (parent.type === 'JSXExpressionContainer') {
    const attribute = script.parents.get(parent);
    const name = attribute?.type === 'JSXAttribute' ? attribute.name : undefined;
    const text = name?.type === 'JSXIdentifier' ? name.name : 'a prop';
    return { kind: 'event', through: `${text} of a component` };
  }
  if (parent.type === 'NewExpression' && parent.callee !== node) {
    const isPromise = parent.callee.type === 'Identifier' && parent.callee.name === 'Promise';
    return isPromise ? { step: 'at-once' } : { kind: 'unknown', through: '' };
  }
  if (parent.type !== 'CallExpression' && parent.type !== 'OptionalCallExpression')
    return undefined;
  if (parent.callee === node)
    return value === node && isFunction(value) ? { step: 'at-once' } : undefined;
  const name = calleeName(parent) ?? '';
  if (AT_ONCE.has(name)) return { step: 'at-once' };
  if (DEFERRED.has(name)) return { step: 'deferred', through: `${name}(…)` };
  if (isBackground(script, parent)) return { kind: 'background', through: name };
  if (/^use[A-Z]/.test(name)) return { kind: 'rendered', through: `the hook ${name}` };
  if (EVENTS.test(name)) return { kind: 'event', through: `a callback of ${name}` };
  return { kind: 'unknown', through: '' };
}

const BACKGROUND = [
  { module: TASK_MANAGER, name: 'defineTask' },
  { module: BACKGROUND_FETCH, name: 'configure' },
  { module: BACKGROUND_FETCH, name: 'registerHeadlessTask' },
  ...GEOLOCATION_TASKS,
  REGISTER_HEADLESS,
];

const isBackground = (script: Script, call: Parameters<typeof calleeName>[0]): boolean =>
  BACKGROUND.some(
    (api) => calleeName(call) === api.name && callsOf(script, api).some((one) => one === call),
  );

/** The ways that lead into a function that is called by its name. */
async function waysInto(
  repo: DoctorRepo,
  script: Script,
  one: Node,
  { seen, budget }: Walk,
): Promise<readonly JsWay[]> {
  if (seen.includes(one)) return [];
  if (seen.length >= DEEPEST) return [UNKNOWN];
  const mentions = await mentionsOf(repo, script, one);
  if (mentions === undefined) return [UNKNOWN];
  const ways = new Map<string, JsWay>();
  const add = (way: JsWay): void => void ways.set(JSON.stringify(way), way);
  for (const { user, node, isCall } of mentions) {
    if (budget.left <= 0) return [UNKNOWN];
    budget.left -= 1;
    const given = isCall ? undefined : handedTo(user, node);
    if (!isCall && given === undefined) return [UNKNOWN];
    if (given !== undefined && given.step === undefined) {
      add({ kind: given.kind, through: given.through, isDev: isDevOnly(user, node) });
      continue;
    }
    for (const way of await walkTo(repo, user, node, { seen: [...seen, one], budget })) {
      add(given?.step === 'deferred' ? later(way, given.through) : way);
    }
  }
  if (ways.size > 0) return [...ways.values()];
  if (mentions.length > 0) return [];
  const graph = await moduleGraph(repo);
  if (graph === undefined || graph.mayMean(script.path)) return [UNKNOWN];
  return [
    {
      kind: 'never',
      through: `${nameOf(script, one) ?? 'the function'} is never called`,
      isDev: false,
    },
  ];
}

interface Mention {
  readonly user: Script;
  readonly node: Node;
  readonly isCall: boolean;
}

const nameOf = (script: Script, one: Node): string | undefined =>
  isFunction(one) ? functionName(script, one) : undefined;

/** Where the app names a function, or makes the object that it belongs to; undefined where that cannot be told. */
async function mentionsOf(
  repo: DoctorRepo,
  script: Script,
  one: Node,
): Promise<readonly Mention[] | undefined> {
  const parent = script.parents.get(one);
  const isMember = one.type === 'ClassMethod' || one.type === 'ClassProperty';
  if (isMember || one.type === 'ObjectMethod' || parent?.type === 'ObjectProperty') {
    const owner = isMember ? script.parents.get(parent ?? one) : undefined;
    const isConstructed =
      one.type === 'ClassProperty' || (one.type === 'ClassMethod' && one.kind === 'constructor');
    if (isConstructed) {
      const name = owner?.type === 'ClassDeclaration' ? owner.id?.name : undefined;
      if (name === undefined) return undefined;
      const found = await namesOf(repo, script, name);
      const made = (found ?? []).filter(
        ({ user, node }) => user.parents.get(node)?.type === 'NewExpression',
      );
      return made.length === 0 ? undefined : made.map((mention) => ({ ...mention, isCall: true }));
    }
    const name = nameOf(script, one);
    const calls = name === undefined ? [] : await memberCalls(repo, name);
    return calls === undefined || calls.length === 0 ? undefined : calls;
  }
  const name = nameOf(script, one);
  if (name === undefined || !isTopLevel(script, one)) return undefined;
  return namesOf(repo, script, name);
}

/** Whether a function, or the constant that it is, stands at the top level of its file. */
function isTopLevel(script: Script, one: Node): boolean {
  for (let at = script.parents.get(one); at !== undefined; at = script.parents.get(at)) {
    if (isFunction(at) || at.type === 'BlockStatement') return false;
  }
  return true;
}

/** Whether more files have a name than can be parsed for one question. */
const isCommon = async (repo: DoctorRepo, name: string): Promise<boolean> =>
  (await repo.sourcesContaining('javascript', [name])).length > MOST_FILES;

const members = new WeakMap<DoctorRepo, Map<string, Promise<readonly Mention[] | undefined>>>();

/** Calls of a member of this name, of whatever object, found once; undefined where there are too many files. */
function memberCalls(repo: DoctorRepo, name: string): Promise<readonly Mention[] | undefined> {
  const known = members.get(repo) ?? new Map<string, Promise<readonly Mention[] | undefined>>();
  members.set(repo, known);
  const found = known.get(name) ?? findMemberCalls(repo, name);
  known.set(name, found);
  return found;
}

async function findMemberCalls(repo: DoctorRepo, name: string): Promise<Mention[] | undefined> {
  if (await isCommon(repo, name)) return undefined;
  const found: Mention[] = [];
  for (const user of await scriptsContaining(repo, [name])) {
    walk(user.module.program, (node) => {
      if (node.type !== 'CallExpression' && node.type !== 'OptionalCallExpression')
        return undefined;
      const callee = unwrap(node.callee);
      const isMember =
        callee.type === 'MemberExpression' || callee.type === 'OptionalMemberExpression';
      if (isMember && propertyName(callee.property, callee.computed) === name) {
        found.push({ user, node, isCall: true });
      }
      return undefined;
    });
  }
  return found;
}

const names = new WeakMap<Script, Map<string, Promise<readonly Mention[] | undefined>>>();

/** Where the app's files name a top-level declaration of one of them, found once; undefined where there are too many. */
function namesOf(
  repo: DoctorRepo,
  script: Script,
  name: string,
): Promise<readonly Mention[] | undefined> {
  const known = names.get(script) ?? new Map<string, Promise<readonly Mention[] | undefined>>();
  names.set(script, known);
  const found = known.get(name) ?? findNames(repo, script, name);
  known.set(name, found);
  return found;
}

async function findNames(
  repo: DoctorRepo,
  script: Script,
  name: string,
): Promise<Mention[] | undefined> {
  if (await isCommon(repo, name)) return undefined;
  const found: Mention[] = [];
  for (const user of await scriptsContaining(repo, [name])) {
    const { locals, spaces } = await localsOf(repo, user, script, name);
    if (locals.size === 0 && spaces.size === 0) {
      continue;
    }
    walk(user.module.program, (one) => {
      const parent = user.parents.get(one);
      if (parent === undefined) return undefined;
      const isName = one.type === 'Identifier' && locals.has(one.name) && !isDeclaring(parent, one);
      const isMember =
        one.type === 'MemberExpression' &&
        one.object.type === 'Identifier' &&
        spaces.has(one.object.name) &&
        propertyName(one.property, one.computed) === name;
      if (!isName && !isMember) return undefined;
      const isCall =
        (parent.type === 'CallExpression' || parent.type === 'OptionalCallExpression') &&
        unwrap(parent.callee) === one;
      found.push({ user, node: one, isCall });
      return undefined;
    });
  }
  return found;
}

/** What a file calls a declaration of another, or of itself; and the names of that whole file. */
async function localsOf(
  repo: DoctorRepo,
  user: Script,
  script: Script,
  name: string,
): Promise<{ readonly locals: ReadonlySet<string>; readonly spaces: ReadonlySet<string> }> {
  const locals = new Set<string>();
  const spaces = new Set<string>();
  if (user === script) locals.add(name);
  for (const { imported, local, module } of importedNames(user)) {
    const isSpace = imported === '*' || imported === 'default';
    if (imported !== name && !isSpace) continue;
    if ((await resolveImport(repo, user.path, module)) !== script.path) {
      // It may come through another file that hands it on.
      if (imported === name && module.startsWith('.')) locals.add(local);
      continue;
    }
    if (imported === name || (imported === 'default' && isDefault(script, name))) locals.add(local);
    else if (isSpace) spaces.add(local);
  }
  return { locals, spaces };
}

const isDefault = ({ module }: Script, name: string): boolean =>
  module.program.body.some(
    (statement) =>
      statement.type === 'ExportDefaultDeclaration' &&
      ((statement.declaration.type === 'Identifier' && statement.declaration.name === name) ||
        ('id' in statement.declaration && statement.declaration.id?.name === name)),
  );

const isDeclaring = (parent: Node, one: Node): boolean => {
  if (isFunction(parent) || parent.type === 'ClassDeclaration')
    return 'id' in parent && parent.id === one;
  if (/^(?:Import|Export)\w*Specifier$/.test(parent.type)) return true;
  if (parent.type === 'VariableDeclarator') return parent.id === one;
  if (parent.type === 'ExportDefaultDeclaration') return true;
  // A key, or a member of another object.
  if (parent.type === 'ObjectProperty') return parent.key === one && parent.value !== one;
  return parent.type === 'MemberExpression' && parent.property === one && !parent.computed;
};
