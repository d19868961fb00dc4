import { calleeName, propertyName, startOf, endOf, unwrap } from '../formats/javascript.ts';
import type { CallExpression, Node } from '../formats/javascript.ts';
import {
  ancestorsOf,
  isFunction,
  lineIn,
  nodesBelow,
  scriptsContaining,
} from '../doctor/code/javascript.ts';
import type { FunctionNode, Script } from '../doctor/code/javascript.ts';
import { resolveFunction, resolveNode } from '../doctor/code/js-resolve.ts';
import type { DoctorRepo } from '../doctor/repo.ts';
import { declaringScope, referencesIn } from './names.ts';
import type { Problem } from './problem.ts';
import { answersOf, goesOn } from './results.ts';

/** What the handler calls in place of a function that has no statement of its own: `outbox.drain`, or `task`, which wraps it. */
export interface Held {
  readonly script: Script;
  /** A name at the top level of that file. */
  readonly name: string;
  /** `.drain`, or ''. */
  readonly member: string;
}

/** A function that was handed to the old library, followed to where it is written. */
export interface Followed {
  readonly script: Script;
  readonly node: FunctionNode;
  readonly held?: Held | undefined;
  /** `const onEvent = useCallback(…)`, which goes with the call. */
  readonly declared?: Node | undefined;
  /** The call that wraps it where it is handed over. */
  readonly wrapped?: Node | undefined;
}

const UNKNOWN = 'the function of the task cannot be followed to where it is written';

/**
 * Follows what a call hands to the old library: a function, a method of the one object that has it, one that `useCallback`
 * keeps, one that a function of the app wraps.
 *
 * @returns the reason where it cannot be told what would run
 */
export async function followTask(
  repo: DoctorRepo,
  script: Script,
  call: CallExpression,
  given: Node | undefined,
): Promise<Followed | string> {
  if (given === undefined) return UNKNOWN;
  const value = unbound(script, unwrap(given));
  if (value === undefined) return 'it is bound to another object than the one that has it';
  const fn = await resolveFunction(repo, script, value);
  if (fn !== undefined) {
    if (!isMember(fn)) return fn;
    const held =
      value.type === 'MemberExpression' ? await holderOf(repo, script, value) : undefined;
    return held === undefined
      ? 'the object that has this function has no name at the top level of its file, or there are several: give the function one, and export it'
      : { ...fn, held };
  }
  const found = await resolveNode(repo, script, value);
  if (found?.node.type !== 'CallExpression') return UNKNOWN;
  return calleeName(found.node) === 'useCallback'
    ? kept(found.script, found.node, call)
    : wrapped(repo, found.script, found.node, value);
}

/** `a.run` of `a.run.bind(a)`; undefined where it is bound to anything else. */
function unbound({ module: { source } }: Script, value: Node): Node | undefined {
  if (value.type !== 'CallExpression' || value.callee.type !== 'MemberExpression') return value;
  const { object, property, computed } = value.callee;
  if (propertyName(property, computed) !== 'bind') return value;
  const method = unwrap(object);
  const [to, ...more] = value.arguments;
  const textOf = (node: Node): string => source.slice(startOf(node), endOf(node));
  const isOwn =
    method.type === 'MemberExpression' &&
    to !== undefined &&
    more.length === 0 &&
    textOf(method.object) === textOf(to);
  return isOwn ? method : undefined;
}

/** A method, or a function that a property is. */
export function isMember({ script, node }: Pick<Followed, 'script' | 'node'>): boolean {
  const parent = script.parents.get(node)?.type;
  return 'key' in node || parent === 'ObjectProperty' || parent === 'ClassProperty';
}

/** The method, or the property, with its key. */
export const memberOf = ({ script, node }: Pick<Followed, 'script' | 'node'>): Node | undefined =>
  'key' in node ? node : script.parents.get(node);

/** The constant that has the member, or the class where it is static. */
async function holderOf(
  repo: DoctorRepo,
  script: Script,
  { object, property, computed }: Extract<Node, { type: 'MemberExpression' }>,
): Promise<Held | undefined> {
  const key = propertyName(property, computed);
  if (key === undefined || !/^[\w$]+$/.test(key)) return undefined;
  const receiver = unwrap(object);
  let found: { readonly script: Script; readonly node: Node } | undefined;
  if (receiver.type === 'ThisExpression') {
    const own = ancestorsOf(script, receiver).find(
      ({ type }) =>
        type === 'ObjectExpression' ||
        (type.startsWith('Class') && !/Body|Method|Property/.test(type)),
    );
    found =
      own === undefined || own.type === 'ObjectExpression'
        ? own && { script, node: own }
        : await onlyInstance(repo, own);
  } else if (receiver.type === 'Identifier') found = await resolveNode(repo, script, receiver);
  const name = found && topLevelName(found.script, found.node);
  return found === undefined || name === undefined
    ? undefined
    : { script: found.script, name, member: `.${key}` };
}

/** `new Outbox()`, where the app makes one of it and no more. */
async function onlyInstance(
  repo: DoctorRepo,
  one: Node,
): Promise<{ readonly script: Script; readonly node: Node } | undefined> {
  const name = 'id' in one && one.id?.type === 'Identifier' ? one.id.name : undefined;
  if (name === undefined) return undefined;
  const found: { script: Script; node: Node }[] = [];
  for (const other of await scriptsContaining(repo, ['new '])) {
    for (const node of nodesBelow(other.module.program)) {
      if (node.type !== 'NewExpression') continue;
      const made = await resolveNode(repo, other, node.callee);
      if (made?.node === one) found.push({ script: other, node });
    }
    // By a subclass its methods are others.
    const heirs = nodesBelow(other.module.program).some(
      (node) =>
        'superClass' in node &&
        node.superClass?.type === 'Identifier' &&
        node.superClass.name === name,
    );
    if (heirs) return undefined;
  }
  const [only, another] = found;
  return another === undefined && only !== undefined ? only : undefined;
}

/** The constant, or the class, at the top level of its file that a node is. */
function topLevelName(script: Script, node: Node): string | undefined {
  const isTop = (statement: Node | undefined): boolean =>
    ['Program', 'ExportNamedDeclaration'].includes(
      (statement && script.parents.get(statement)?.type) ?? '',
    );
  if (node.type === 'ClassDeclaration') return isTop(node) ? node.id?.name : undefined;
  const parent = ancestorsOf(script, node).find(
    ({ type }) => type !== 'TSAsExpression' && type !== 'TSSatisfiesExpression',
  );
  if (parent?.type !== 'VariableDeclarator' || parent.id.type !== 'Identifier') return undefined;
  const statement = script.parents.get(parent);
  const isConst = statement?.type === 'VariableDeclaration' && statement.kind === 'const';
  return isConst && isTop(statement) ? parent.id.name : undefined;
}

/** `const onEvent = useCallback(async () => { … }, [])`, which only the call uses, and the effect that it is all of. */
function kept(script: Script, hook: CallExpression, call: CallExpression): Followed | string {
  const fn = hook.arguments[0] && unwrap(hook.arguments[0]);
  const holder = script.parents.get(hook);
  const declared = holder && script.parents.get(holder);
  if (
    fn === undefined ||
    !isFunction(fn) ||
    holder?.type !== 'VariableDeclarator' ||
    holder.id.type !== 'Identifier' ||
    declared?.type !== 'VariableDeclaration' ||
    declared.declarations.length > 1
  ) {
    return UNKNOWN;
  }
  const { name } = holder.id;
  const scope = declaringScope(script, { name, node: fn });
  const handed = new Set<Node>(nodesBelow(call));
  const isOther = referencesIn(script, script.module.program).some(
    (use) =>
      use.name === name &&
      declaringScope(script, use) === scope &&
      !handed.has(use.node) &&
      !isDependency(script, use.node, call),
  );
  return isOther
    ? `${name} is used for something else, too: write the task as a function at the top level`
    : { script, node: fn, declared };
}

/** In the dependencies of an effect that is the call and nothing else, and so goes with it. */
function isDependency(script: Script, node: Node, call: CallExpression): boolean {
  const [list, effect] = ancestorsOf(script, node);
  if (list?.type !== 'ArrayExpression' || effect?.type !== 'CallExpression') return false;
  const run = effect.arguments[0];
  if (effect.arguments[1] !== list || run === undefined || !isFunction(run)) return false;
  const isAll = run.body.type !== 'BlockStatement' || run.body.body.length === 1;
  return isAll && nodesBelow(run.body).includes(call);
}

/** `withLogging(async () => { … })`, where the wrapper is the app's own, and gives what the function gives. */
async function wrapped(
  repo: DoctorRepo,
  script: Script,
  wrapper: CallExpression,
  handed: Node,
): Promise<Followed | string> {
  const name = calleeName(wrapper) ?? 'a call';
  const [first] = wrapper.arguments;
  const fn = first && (await resolveFunction(repo, script, first));
  if (fn === undefined || isMember(fn)) return UNKNOWN;
  const by = await resolveFunction(repo, script, wrapper.callee);
  if (by === undefined || !passesOn(by)) {
    return `it is wrapped in ${name}, of which it cannot be told that it gives what the function gives`;
  }
  if (handed === wrapper) return { ...fn, wrapped: wrapper };
  const own = topLevelName(script, wrapper);
  return own === undefined
    ? 'what wraps it stands within another function: move it to the top level'
    : { ...fn, wrapped: wrapper, held: { script, name: own, member: '' } };
}

/** Whether a wrapper gives a function that calls its first parameter, and gives what that gave. */
function passesOn({ script, node }: Pick<Followed, 'script' | 'node'>): boolean {
  const [parameter] = node.params;
  if (parameter?.type !== 'Identifier') return false;
  const [answer, another] = answersOf(script, node);
  const inner = answer?.value && unwrap(answer.value);
  if (another !== undefined || !inner || !isFunction(inner)) return false;
  if (inner.body.type === 'BlockStatement' && goesOn(inner.body)) return false;
  const uses = referencesIn(script, node.body).filter(({ name }) => name === parameter.name);
  const calls = uses.map((use) => script.parents.get(use.node));
  const isOwn = (value: Node | null): boolean => {
    const given = value && unwrap(value);
    if (given?.type === 'AwaitExpression') return isOwn(given.argument);
    return given != null && calls.includes(given);
  };
  return (
    uses.length > 0 &&
    calls.every((one, at) => one?.type === 'CallExpression' && one.callee === uses[at]?.node) &&
    answersOf(script, inner).length > 0 &&
    answersOf(script, inner).every(({ value }) => isOwn(value))
  );
}

/** Uses of a member by anything but the old library: its answers, and what it is given, change with the move. */
export async function memberUses(
  repo: DoctorRepo,
  fn: Pick<Followed, 'script' | 'node'>,
  handed: ReadonlySet<Node>,
): Promise<Problem[]> {
  const member = memberOf(fn);
  const key = member && 'key' in member ? propertyName(member.key, false) : undefined;
  if (key === undefined) return [];
  const problems: Problem[] = [];
  for (const script of await scriptsContaining(repo, [key])) {
    for (const node of nodesBelow(script.module.program)) {
      const isUse =
        (node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression') &&
        propertyName(node.property, node.computed) === key;
      const isTaken =
        node.type === 'ObjectProperty' &&
        propertyName(node.key, node.computed) === key &&
        script.parents.get(node)?.type === 'ObjectPattern';
      if ((!isUse && !isTaken) || handed.has(node)) continue;
      const other = isUse ? await resolveFunction(repo, script, node) : undefined;
      if (other !== undefined && other.node !== fn.node) continue;
      problems.push({
        path: script.path,
        line: lineIn(script, node),
        reason: `${key} is used here, too, and its answer changes with the move`,
      });
    }
  }
  return problems;
}
