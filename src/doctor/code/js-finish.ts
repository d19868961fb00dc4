import { calleeName, childrenOf, propertyName, unwrap, walk } from '../../formats/javascript.ts';
import type { Node } from '../../formats/javascript.ts';
import type { DoctorRepo } from '../repo.ts';
import { functionOf, isFunction } from './javascript.ts';
import type { FunctionNode, Script } from './javascript.ts';
import { reachedFunctions } from './js-called.ts';
import { resolveFunction } from './js-resolve.ts';

/** How a function fails to answer once, at the end of its work. */
export interface Unfinished {
  /**
   * - `never`: no path answers
   * - `return`: a path leaves before the answer
   * - `throws`: what is awaited may fail, and nothing answers then
   * - `before`: it answers, and work follows
   * - `end`: a path comes to the end without an answer
   */
  readonly how: 'never' | 'return' | 'throws' | 'before' | 'end';
  readonly at: Node;
}

/** What counts as an answer. */
export interface Answer {
  /** Whether a call is one. */
  isAnswer(call: Node): boolean;
  /** Whether a name, handed to something else, may answer there: the run's id, `resolve`. */
  isHandle(name: string): boolean;
  /** Whether a call leads to an answer in a function of the app. */
  isHanding?(call: Node): boolean;
}

/**
 * - `open`: not answered yet
 * - `handed`: something else may answer, at any time
 */
type State = 'open' | 'done' | 'handed';
type States = ReadonlySet<State>;

const ARRAY_METHODS = new Set([
  'forEach',
  'map',
  'filter',
  'reduce',
  'some',
  'every',
  'flatMap',
  'find',
]);

/** Follows every path of a function's own body; gives the first that does not answer once, after the work. */
export function unfinishedPath(
  script: Script,
  node: FunctionNode,
  answer: Answer,
): Unfinished | undefined {
  return new Paths(script, answer).of(node);
}

interface Around {
  /** Whether what is thrown here is answered for. */
  readonly catches: boolean;
  /** Whether a `finally` around answers on every way out. */
  readonly finishes: boolean;
}

class Paths {
  private readonly script: Script;
  private readonly answer: Answer;
  private found: Unfinished | undefined;
  private answers = 0;

  constructor(script: Script, answer: Answer) {
    this.script = script;
    this.answer = answer;
  }

  of({ body }: FunctionNode): Unfinished | undefined {
    const around = { catches: false, finishes: false };
    if (body.type !== 'BlockStatement') {
      const states = this.expression(body, new Set(['open']), around);
      if (states.has('open')) this.report('end', body);
    } else {
      const states = this.block(body.body, new Set(['open']), around);
      if (states.has('open')) this.report('end', body);
    }
    if (this.found !== undefined && this.answers === 0) return { how: 'never', at: body };
    return this.found;
  }

  private report(how: Unfinished['how'], at: Node): void {
    this.found ??= { how, at };
  }

  private block(statements: readonly Node[], from: States, around: Around): States {
    let states = from;
    for (const statement of statements) {
      if (states.size === 0) break;
      states = this.statement(statement, states, around);
    }
    return states;
  }

  private statement(node: Node, states: States, around: Around): States {
    switch (node.type) {
      case 'BlockStatement':
        return this.block(node.body, states, around);
      case 'IfStatement': {
        const tested = this.expression(node.test, states, around);
        const then = this.statement(node.consequent, tested, around);
        const otherwise = node.alternate ? this.statement(node.alternate, tested, around) : tested;
        return new Set([...then, ...otherwise]);
      }
      case 'ReturnStatement': {
        const after = node.argument ? this.expression(node.argument, states, around) : states;
        if (after.has('open') && !around.finishes) this.report('return', node);
        return new Set();
      }
      case 'ThrowStatement':
        if (states.has('open') && !around.catches && !around.finishes) this.report('throws', node);
        return new Set();
      case 'TryStatement':
        return this.tried(node, states, around);
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement': {
        const before = new Set(states);
        const body = this.statement(node.body, states, around);
        if (node.type === 'ForOfStatement' && node.await)
          this.awaited(node, undefined, before, around);
        return new Set([...before, ...body]);
      }
      case 'SwitchStatement': {
        const tested = this.expression(node.discriminant, states, around);
        const ends = new Set<State>(node.cases.some(({ test }) => !test) ? [] : tested);
        for (const { consequent } of node.cases) {
          for (const state of this.block(consequent, tested, around)) ends.add(state);
        }
        return ends;
      }
      case 'LabeledStatement':
        return this.statement(node.body, states, around);
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        return states;
      default: {
        let after = states;
        for (const child of childrenOf(node)) after = this.expression(child, after, around);
        return after;
      }
    }
  }

  private tried(
    node: Extract<Node, { type: 'TryStatement' }>,
    from: States,
    around: Around,
  ): States {
    const { block, handler, finalizer } = node;
    const finishes = around.finishes || (finalizer ? this.isAnswered(finalizer) : false);
    const catches = around.catches || Boolean(handler);
    let states = new Set(this.block(block.body, from, { catches, finishes }));
    if (handler) {
      // It begins wherever the block was.
      const thrown: States = states.has('handed')
        ? states
        : new Set([...from, ...(states.has('done') ? [] : states)]);
      const after = this.block(handler.body.body, thrown, { catches: around.catches, finishes });
      states = new Set([...states, ...after]);
    }
    if (!finalizer) return states;
    return finishes && states.size > 0
      ? new Set(['done'])
      : this.block(finalizer.body, states, around);
  }

  /** Whether a block answers on the way through it. */
  private isAnswered(node: Node): boolean {
    if (isFunction(node)) return false;
    if (node.type === 'CallExpression' && this.isCounted(node)) return true;
    return childrenOf(node).some((one) => this.isAnswered(one));
  }

  private isCounted(call: Node): boolean {
    const is = this.answer.isAnswer(call);
    if (is) this.answers += 1;
    return is;
  }

  /** What an expression does, its parts in their order. */
  private expression(node: Node, states: States, around: Around): States {
    const value = unwrap(node);
    if (isFunction(value)) return states;
    if (value.type === 'ConditionalExpression') {
      const tested = this.expression(value.test, states, around);
      return new Set([
        ...this.expression(value.consequent, tested, around),
        ...this.expression(value.alternate, tested, around),
      ]);
    }
    if (value.type === 'LogicalExpression') {
      const left = this.expression(value.left, states, around);
      return new Set([...left, ...this.expression(value.right, left, around)]);
    }
    if (value.type === 'AwaitExpression') {
      const after = this.expression(value.argument, states, around);
      this.awaited(value, unwrap(value.argument), after === states ? states : after, around);
      return after;
    }
    if (value.type === 'CallExpression' || value.type === 'OptionalCallExpression') {
      return this.call(value, states, around);
    }
    if (value.type === 'UnaryExpression' && value.operator === 'void') {
      return this.expression(value.argument, states, around);
    }
    let after = states;
    for (const child of childrenOf(value)) after = this.expression(child, after, around);
    return after;
  }

  private awaited(at: Node, awaited: Node | undefined, states: States, around: Around): void {
    if (states.has('done') && states.size === 1) this.report('before', at);
    if (!states.has('open') || around.catches || around.finishes) return;
    if (awaited !== undefined && !this.mayReject(awaited)) return;
    this.report('throws', at);
  }

  private call(
    call: Extract<Node, { type: 'CallExpression' | 'OptionalCallExpression' }>,
    states: States,
    around: Around,
  ): States {
    if (this.isCounted(call)) return new Set(['done']);
    if (this.answer.isHanding?.(call) === true) {
      this.answers += 1;
      return new Set(['handed']);
    }
    const chained = this.chain(call);
    let after = states;
    if (chained !== undefined) {
      this.answers += 1;
      if (chained === 'rejects' && states.has('open') && !around.finishes) {
        this.report('throws', call);
      }
      return new Set(['done']);
    }
    const callee = unwrap(call.callee);
    if (callee.type === 'MemberExpression') after = this.expression(callee.object, after, around);
    for (const argument of call.arguments) {
      const value = unwrap(argument);
      if (!isFunction(value) && !isConsole(callee) && this.mentions(value)) {
        this.answers += 1;
        return new Set(['handed']);
      }
      if (isFunction(value)) {
        const name = calleeName(call) ?? '';
        // It may answer whenever it likes.
        const mayAnswer = this.isAnswered(value.body) || this.mentions(value.body);
        if (mayAnswer && !ARRAY_METHODS.has(name)) {
          this.answers += 1;
          return new Set(['handed']);
        }
        continue;
      }
      after = this.expression(value, after, around);
    }
    return after;
  }

  private mentions(node: Node): boolean {
    if (node.type === 'Identifier' && this.answer.isHandle(node.name)) return true;
    if (node.type === 'CallExpression' && isConsole(unwrap(node.callee))) return false;
    return childrenOf(node).some((one) => this.mentions(one));
  }

  /**
   * Of `….then(…).catch(…)`: whether it answers when it is fulfilled and when it is rejected.
   *
   * @returns undefined where nothing in the chain answers
   */
  private chain(call: Node): 'always' | 'rejects' | undefined {
    const links: { name: string; args: readonly Node[] }[] = [];
    let at: Node = call;
    while (at.type === 'CallExpression' || at.type === 'OptionalCallExpression') {
      const callee = unwrap(at.callee);
      if (callee.type !== 'MemberExpression' && callee.type !== 'OptionalMemberExpression') break;
      const name = propertyName(callee.property, callee.computed) ?? '';
      if (!/^(?:then|catch|finally)$/.test(name)) break;
      links.unshift({ name, args: at.arguments });
      at = unwrap(callee.object);
    }
    if (links.length === 0) return undefined;
    /** Of the promise at this link: answered when fulfilled, when rejected, and whether it may still be rejected. */
    let fulfilled = false;
    let rejected = false;
    let mayReject = this.mayReject(at);
    for (const { name, args } of links) {
      const [first, second] = args.map((one) => this.answersIn(one));
      if (name === 'finally') {
        if (first === true) {
          fulfilled = true;
          rejected = true;
        }
      } else if (name === 'catch') {
        rejected ||= first === true;
        // What is caught goes on as fulfilled.
        mayReject = false;
      } else {
        if (!mayReject) rejected = true;
        fulfilled ||= first === true;
        if (args.length > 1) {
          rejected ||= second === true;
          mayReject = false;
        }
        if (!mayReject && first === true) rejected = true;
      }
    }
    if (!fulfilled && !rejected) return undefined;
    return fulfilled && (rejected || !this.mayReject(at)) ? 'always' : 'rejects';
  }

  private answersIn(node: Node): boolean {
    const value = unwrap(node);
    if (value.type === 'Identifier') return this.answer.isHandle(value.name);
    const own = functionOf(this.script, value);
    return own !== undefined && (this.isAnswered(own.body) || this.mentions(own.body));
  }

  /** Whether a promise may be rejected: not one that is caught, nor that of a function which catches all. */
  private mayReject(node: Node, depth = 0): boolean {
    const value = unwrap(node);
    if (value.type === 'AwaitExpression') return this.mayReject(value.argument, depth);
    if (value.type !== 'CallExpression' && value.type !== 'OptionalCallExpression') {
      return value.type === 'Identifier';
    }
    const callee = unwrap(value.callee);
    if (callee.type === 'MemberExpression' || callee.type === 'OptionalMemberExpression') {
      const name = propertyName(callee.property, callee.computed) ?? '';
      if (name === 'catch' || name === 'allSettled') return false;
      if (name === 'finally') return this.mayReject(callee.object, depth);
      if (name === 'then' && value.arguments.length > 1) return false;
    }
    const called = functionOf(this.script, callee);
    if (called?.body.type !== 'BlockStatement' || depth > 3) return true;
    return !called.body.body.every(
      (statement) =>
        (statement.type === 'TryStatement' && Boolean(statement.handler)) ||
        (statement.type === 'ReturnStatement' &&
          (!statement.argument || statement.argument.type.endsWith('Literal'))),
    );
  }
}

const isConsole = (callee: Node): boolean =>
  callee.type === 'MemberExpression' &&
  callee.object.type === 'Identifier' &&
  /^(?:console|logger|log)$/i.test(callee.object.name);

/** The calls in a function that lead to an answer in a function of the app, in whatever file. */
export async function handingCalls(
  repo: DoctorRepo,
  script: Script,
  node: FunctionNode,
  isAnswer: (call: Node) => boolean,
): Promise<ReadonlySet<Node>> {
  const found = new Set<Node>();
  const calls: Node[] = [];
  walk(node.body, (one) => {
    if (one.type === 'CallExpression') calls.push(one);
    return undefined;
  });
  for (const call of calls) {
    if (call.type !== 'CallExpression' || isAnswer(call)) continue;
    const called = await resolveFunction(repo, script, call.callee);
    if (called === undefined) continue;
    for (const one of await reachedFunctions(repo, called.script, called.node)) {
      walk(one.node.body, (inner) => {
        if (isAnswer(inner)) found.add(call);
        return undefined;
      });
    }
  }
  return found;
}
