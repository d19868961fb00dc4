import { calleeName, endOf, propertyName, startOf, unwrap } from '../formats/javascript.ts';
import type { Node } from '../formats/javascript.ts';
import {
  ancestorsOf,
  functionName,
  isFunction,
  lineIn,
  nodesBelow,
  scriptsContaining,
} from '../doctor/code/javascript.ts';
import type { FunctionNode, Script } from '../doctor/code/javascript.ts';
import { resolveFunction } from '../doctor/code/js-resolve.ts';
import type { DoctorRepo } from '../doctor/repo.ts';
import type { Wire } from './find-tasks.ts';
import { isConsole, isHarmless, isSayingOnly } from './harmless.ts';
import { referencesIn } from './names.ts';
import type { Problem } from './problem.ts';
import { cut } from './text-edits.ts';
import type { TextEdit } from './text-edits.ts';

/** What becomes of the calls of an old library. */
export interface Unwired {
  readonly edits: ReadonlyMap<Script, readonly TextEdit[]>;
  /** Files whose calls are those of BackgroundSync now, and have to import it. */
  readonly switched: ReadonlySet<Script>;
  /** Calls that cannot be taken out. */
  readonly problems: readonly Problem[];
  /** Where a task was started on a condition of the app's own. */
  readonly started: readonly Problem[];
}

/**
 * Takes out the calls that define and start tasks, with the statements, hooks and functions that do nothing else. Where the
 * app ends a task, too, its calls become those of `BackgroundSync`: there the user, or a sign-out, has a say in it.
 *
 * @param gone declarations of functions that only these calls use
 */
export async function unwire(
  repo: DoctorRepo,
  wires: readonly Wire[],
  isKept: (call: Node) => boolean,
  gone: ReadonlyMap<Node, Script>,
): Promise<Unwired> {
  const edits = new Map<Script, TextEdit[]>();
  const switched = new Set<Script>();
  const problems: Problem[] = [];
  const started: Problem[] = [];
  const edit = (script: Script, one: TextEdit): void => {
    edits.set(script, [...(edits.get(script) ?? []), one]);
  };
  const canEnd = wires.some(({ kind }) => kind === 'unregister');
  const wiring = new Wiring(repo, new Set(gone.keys()));
  const going = wires.filter(({ kind, call }) =>
    kind === 'define' ? !isKept(call) : kind === 'register' && !canEnd,
  );
  for (const { script, call } of going) wiring.add(script, call);
  if (!canEnd) {
    for (const { kind, call } of wires) if (kind === 'ask') wiring.asks.add(call);
  }
  await wiring.follow();

  for (const [statement, script] of gone) {
    const { source } = script.module;
    const end = endOf(statement);
    // With the comma behind a member of an object.
    const comma = statement.type.startsWith('Object') ? /^\s*,/.exec(source.slice(end)) : null;
    edit(script, cut(script.module, startOf(statement), end + (comma?.[0].length ?? 0)));
  }
  for (const { script, statement } of wiring.statements()) {
    edit(script, cut(script.module, startOf(statement), endOf(statement)));
  }
  for (const { script, call, kind } of wires) {
    if (kind === 'ask' || (kind === 'define' && isKept(call))) continue;
    const place = { path: script.path, line: lineIn(script, call) };
    if (wiring.isOut(script, call)) continue;
    if (kind === 'define') {
      problems.push({ ...place, reason: 'it is part of something that does more' });
      continue;
    }
    const made = `BackgroundSync.${kind === 'register' ? 'register()' : 'cancel()'}`;
    edit(script, {
      start: startOf(call),
      end: endOf(call),
      text: isPlain(script, call) ? made : `Promise.resolve(${made})`,
    });
    switched.add(script);
    if (kind === 'register') {
      started.push({ ...place, reason: 'the app starts it here, where it wants to' });
    }
  }
  return { edits, switched, problems, started };
}

/** Whether a call may answer nothing where it answered a promise. */
function isPlain(script: Script, call: Node): boolean {
  const parent = script.parents.get(call);
  if (parent?.type === 'ExpressionStatement' || parent?.type === 'AwaitExpression') return true;
  const around = ancestorsOf(script, call).find(isFunction);
  return (
    (parent?.type === 'ReturnStatement' || parent === around) &&
    around !== undefined &&
    'async' in around &&
    around.async
  );
}

type Verdict = 'old' | 'neutral' | 'other';

/** Which statements are the old wiring, and nothing else. */
class Wiring {
  readonly asks = new Set<Node>();
  private readonly calls = new Map<Node, Script>();
  private readonly dead = new Map<Script, Set<string>>();
  private readonly functions: { readonly script: Script; readonly node: FunctionNode }[] = [];
  private readonly repo: DoctorRepo;
  private readonly gone: ReadonlySet<Node>;

  constructor(repo: DoctorRepo, gone: ReadonlySet<Node>) {
    this.repo = repo;
    this.gone = gone;
  }

  add(script: Script, call: Node): void {
    this.calls.set(call, script);
  }

  /** Functions that do nothing but this go with their calls, and so on. */
  async follow(): Promise<void> {
    for (const [call, script] of this.calls) {
      this.markDead(script, call);
      const fn = ancestorsOf(script, call).find(isFunction);
      if (fn === undefined || this.functions.some(({ node }) => node === fn)) continue;
      if (!this.isAllOld(script, fn)) continue;
      const callers = await this.callersOf(script, fn);
      if (callers === undefined) continue;
      for (const one of callers) this.calls.set(one.call, one.script);
      if (callers.every((one) => this.topStatement(one.script, one.call) !== undefined)) {
        this.functions.push({ script, node: fn });
      } else for (const one of callers) this.calls.delete(one.call);
    }
  }

  /** What goes, each as a whole. */
  *statements(): Generator<{ readonly script: Script; readonly statement: Node }> {
    for (const { script, node } of this.functions) {
      const statement = declarationOf(script, node);
      if (statement !== undefined) yield { script, statement };
    }
    for (const [call, script] of this.calls) {
      const statement = this.topStatement(script, call);
      if (statement !== undefined) yield { script, statement };
    }
    for (const [script, names] of this.dead) {
      if (names.size === 0) continue;
      for (const node of nodesBelow(script.module.program)) {
        if (node.type !== 'VariableDeclaration' || this.judge(script, node) !== 'old') continue;
        yield { script, statement: node };
      }
      for (const { name, node } of referencesIn(script, script.module.program)) {
        if (!names.has(name)) continue;
        const statement = ancestorsOf(script, node).find(
          ({ type }) => type === 'ExpressionStatement',
        );
        if (statement?.type === 'ExpressionStatement' && isConsole(statement.expression)) {
          yield { script, statement };
        }
      }
    }
  }

  /** Whether a call goes with a statement or a function. */
  isOut(script: Script, call: Node): boolean {
    return (
      this.calls.has(call) &&
      (this.topStatement(script, call) !== undefined ||
        this.functions.some(({ node }) => ancestorsOf(script, call).includes(node)))
    );
  }

  /** The outermost statement around a call that is old wiring. */
  private topStatement(script: Script, call: Node): Node | undefined {
    let top: Node | undefined;
    for (const around of ancestorsOf(script, call)) {
      const parent = script.parents.get(around);
      const isInList =
        parent?.type === 'BlockStatement' ||
        parent?.type === 'Program' ||
        parent?.type === 'SwitchCase';
      if (!isInList) continue;
      if (this.judge(script, around) === 'old') top = around;
    }
    return top;
  }

  private judge(script: Script, statement: Node): Verdict {
    if (this.gone.has(statement)) return 'neutral';
    switch (statement.type) {
      case 'EmptyStatement':
        return 'neutral';
      case 'ExpressionStatement': {
        if (
          this.isOld(script, statement.expression) ||
          this.isOldHook(script, statement.expression)
        ) {
          return 'old';
        }
        return isConsole(statement.expression) ? 'neutral' : 'other';
      }
      case 'ReturnStatement':
        if (!statement.argument) return 'neutral';
        return this.isOld(script, statement.argument) ? 'old' : 'other';
      case 'VariableDeclaration': {
        const names = this.dead.get(script);
        const isDead = statement.declarations.every(
          ({ id }) => id.type === 'Identifier' && names?.has(id.name) === true,
        );
        return isDead ? 'old' : 'other';
      }
      case 'IfStatement':
        if (statement.alternate || !this.isAsking(script, statement.test)) return 'other';
        return this.judge(script, statement.consequent);
      case 'TryStatement': {
        const { block, handler, finalizer } = statement;
        if (finalizer || (handler && !isHarmless(handler.body, () => false))) return 'other';
        return this.judge(script, block);
      }
      case 'BlockStatement': {
        const verdicts = statement.body.map((one) => this.judge(script, one));
        if (verdicts.includes('other') || !verdicts.includes('old')) return 'other';
        return 'old';
      }
      default:
        return 'other';
    }
  }

  private isAllOld(script: Script, fn: FunctionNode): boolean {
    return fn.body.type === 'BlockStatement'
      ? this.judge(script, fn.body) === 'old'
      : this.isOld(script, fn.body);
  }

  /** The call, awaited or not, with what only tells the console how it went. */
  private isOld(script: Script, node: Node): boolean {
    const value = unwrap(node);
    if (this.calls.has(value)) return true;
    if (value.type === 'AwaitExpression') return this.isOld(script, value.argument);
    if (value.type === 'UnaryExpression' && value.operator === 'void') {
      return this.isOld(script, value.argument);
    }
    // `(async () => { … })()`
    if (value.type !== 'CallExpression') return false;
    const callee = unwrap(value.callee);
    if (isFunction(callee) && value.arguments.length === 0) return this.isAllOld(script, callee);
    if (callee.type !== 'MemberExpression') return false;
    const name = propertyName(callee.property, callee.computed);
    if (name === undefined || !['then', 'catch', 'finally'].includes(name)) return false;
    return this.isOld(script, callee.object) && value.arguments.every(isSayingOnly);
  }

  /** `useEffect(() => { … }, [])` */
  private isOldHook(script: Script, node: Node): boolean {
    if (node.type !== 'CallExpression') return false;
    const [effect] = node.arguments;
    return (
      /^use(?:Layout|Insertion)?Effect$/.test(calleeName(node) ?? '') &&
      effect !== undefined &&
      isFunction(effect) &&
      this.isAllOld(script, effect)
    );
  }

  /** `!(await TaskManager.isTaskRegisteredAsync(NAME))`, or a name for that. */
  private isAsking(script: Script, node: Node): boolean {
    const value = unwrap(node);
    if (value.type === 'UnaryExpression' && value.operator === '!') {
      return this.isAsking(script, value.argument);
    }
    if (value.type === 'AwaitExpression') return this.isAsking(script, value.argument);
    if (value.type === 'Identifier') return this.dead.get(script)?.has(value.name) === true;
    return this.asks.has(value);
  }

  /** A name for the answer of a call that goes, where nothing but the console and the question itself reads it. */
  private markDead(script: Script, call: Node): void {
    const names = this.dead.get(script) ?? new Set<string>();
    this.dead.set(script, names);
    const block = ancestorsOf(script, call).find(
      (one) => isFunction(one) || one.type === 'Program',
    );
    if (block === undefined) return;
    for (const node of nodesBelow(block)) {
      if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || !node.init)
        continue;
      const { name } = node.id;
      const value = unwrap(node.init);
      const asked = value.type === 'AwaitExpression' ? unwrap(value.argument) : value;
      if (!this.isOld(script, node.init) && !this.asks.has(asked)) continue;
      const uses = referencesIn(script, script.module.program).filter((one) => one.name === name);
      const areIdle = uses.every((use) => {
        const around = ancestorsOf(script, use.node);
        const statement = around.find(({ type }) => type.endsWith('Statement'));
        if (statement?.type === 'ExpressionStatement') return isConsole(statement.expression);
        return statement?.type === 'IfStatement' && !statement.alternate;
      });
      if (!areIdle) continue;
      names.add(name);
      const conditions = uses
        .map((use) => ancestorsOf(script, use.node).find(({ type }) => type.endsWith('Statement')))
        .filter((one) => one !== undefined)
        .filter(({ type }) => type === 'IfStatement');
      const go = conditions.every((one) => this.judge(script, one) === 'old');
      if (!go) names.delete(name);
    }
  }

  /** All calls of a function; undefined where it is used in another way, too. */
  private async callersOf(
    script: Script,
    fn: FunctionNode,
  ): Promise<readonly { readonly script: Script; readonly call: Node }[] | undefined> {
    const name = functionName(script, fn);
    if (name === undefined || declarationOf(script, fn) === undefined) return undefined;
    const found: { script: Script; call: Node }[] = [];
    for (const other of await scriptsContaining(this.repo, [name])) {
      for (const use of referencesIn(other, other.module.program)) {
        if (use.name !== name) continue;
        if ((await resolveFunction(this.repo, other, use.node))?.node !== fn) continue;
        const parent = other.parents.get(use.node);
        if (parent?.type !== 'CallExpression' || parent.callee !== use.node) return undefined;
        found.push({ script: other, call: parent });
      }
    }
    return found;
  }
}

/** The statement that gives a function its name, `export` included. */
export function declarationOf(script: Script, fn: FunctionNode): Node | undefined {
  const holder = fn.type === 'FunctionDeclaration' ? fn : script.parents.get(fn);
  const statement = holder?.type === 'VariableDeclarator' ? script.parents.get(holder) : holder;
  if (statement?.type === 'VariableDeclaration' && statement.declarations.length > 1) {
    return undefined;
  }
  if (statement?.type !== 'FunctionDeclaration' && statement?.type !== 'VariableDeclaration') {
    return undefined;
  }
  const above = script.parents.get(statement);
  return above?.type === 'ExportNamedDeclaration' ? above : statement;
}
