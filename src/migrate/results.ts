import { bindingsOf, endOf, propertyName, startOf, unwrap } from '../formats/javascript.ts';
import type { Node } from '../formats/javascript.ts';
import { ancestorsOf, isFunction, lineIn, nodesBelow } from '../doctor/code/javascript.ts';
import type { FunctionNode, Script } from '../doctor/code/javascript.ts';
import { resolveFunction } from '../doctor/code/js-resolve.ts';
import type { DoctorRepo } from '../doctor/repo.ts';
import { BACKGROUND_FETCH } from './libraries.ts';
import type { LibraryFacts } from './libraries.ts';
import type { Problem } from './problem.ts';
import { cut } from './text-edits.ts';
import type { TextEdit } from './text-edits.ts';

/** What a task answered, as drainQueue answers it. */
export interface Mapped {
  /** The functions whose answers are the task's, the task's own first. */
  readonly functions: readonly { readonly script: Script; readonly node: FunctionNode }[];
  readonly edits: ReadonlyMap<Script, readonly TextEdit[]>;
  /** Where a name of the library stands in what is moved, and gives way to what the edits say. */
  readonly replaced: ReadonlySet<Node>;
}

/** A member of the enum of answers: `BackgroundTask.BackgroundTaskResult.Success`, `BackgroundTaskResult.Success`. */
export function resultOf(
  script: Script,
  node: Node,
  { name, results }: LibraryFacts,
): 'done' | 'retry' | undefined {
  if (results === undefined || node.type !== 'MemberExpression') return undefined;
  const member = propertyName(node.property, node.computed);
  const meaning = member === undefined ? undefined : results.meaning[member];
  if (meaning === undefined) return undefined;
  const owner = unwrap(node.object);
  const bindings = bindingsOf(script.module).filter(({ module }) => module === name);
  if (owner.type === 'Identifier') {
    const isOwner = bindings.some(
      ({ local, imported }) => local === owner.name && imported === results.owner,
    );
    return isOwner ? meaning : undefined;
  }
  if (owner.type !== 'MemberExpression') return undefined;
  const whole = unwrap(owner.object);
  const isWhole =
    whole.type === 'Identifier' &&
    propertyName(owner.property, owner.computed) === results.owner &&
    bindings.some(
      ({ local, imported }) => local === whole.name && ['*', 'default'].includes(imported),
    );
  return isWhole ? meaning : undefined;
}

const isTyped = ({ path }: Script): boolean => /\.[cm]?tsx?$/.test(path);

const functionAround = (script: Script, node: Node): FunctionNode | undefined =>
  ancestorsOf(script, node).find(isFunction);

/** What an expression may come to, where it is one of several. */
function leavesOf(node: Node): Node[] {
  const value = unwrap(node);
  if (value.type === 'ConditionalExpression') {
    return [...leavesOf(value.consequent), ...leavesOf(value.alternate)];
  }
  if (value.type === 'LogicalExpression')
    return [...leavesOf(value.left), ...leavesOf(value.right)];
  if (value.type === 'AwaitExpression') return leavesOf(value.argument);
  if (value.type === 'CallExpression' && value.callee.type === 'MemberExpression') {
    const owner = unwrap(value.callee.object);
    const name = propertyName(value.callee.property, value.callee.computed);
    const [only] = value.arguments;
    if (owner.type === 'Identifier' && owner.name === 'Promise' && name === 'resolve' && only) {
      return leavesOf(only);
    }
  }
  return [value];
}

/** `a.then(…)`, `.catch(…)`, `.finally(…)`: the functions that it hands over; undefined for any other call. */
function chained(node: Node): Node[] | undefined {
  const value = unwrap(node);
  if (value.type !== 'CallExpression' || value.callee.type !== 'MemberExpression') return undefined;
  const name = propertyName(value.callee.property, value.callee.computed);
  if (name === undefined || !['then', 'catch', 'finally'].includes(name)) return undefined;
  const own = value.arguments.filter(isFunction);
  if (own.length !== value.arguments.length) return undefined;
  return [...(chained(value.callee.object) ?? []), ...(name === 'finally' ? [] : own)];
}

/** The answers of a function: what it returns, and undefined where it returns nothing. */
export const answersOf = (
  script: Script,
  fn: FunctionNode,
): { statement: Node; value: Node | null }[] =>
  fn.body.type !== 'BlockStatement'
    ? [{ statement: fn.body, value: fn.body }]
    : nodesBelow(fn.body).flatMap((node) =>
        node.type === 'ReturnStatement' && functionAround(script, node) === fn
          ? [{ statement: node, value: node.argument ?? null }]
          : [],
      );

/** Whether what follows a statement can be reached; where it cannot be told, it can. */
export function goesOn(statement: Node | null | undefined): boolean {
  if (!statement) return true;
  switch (statement.type) {
    case 'ReturnStatement':
    case 'ThrowStatement':
      return false;
    case 'BlockStatement':
      return statement.body.every(goesOn);
    case 'IfStatement':
      return goesOn(statement.consequent) || goesOn(statement.alternate);
    case 'TryStatement':
      if (statement.finalizer && !goesOn(statement.finalizer)) return false;
      return (
        goesOn(statement.block) || (statement.handler != null && goesOn(statement.handler.body))
      );
    default:
      return true;
  }
}

/**
 * Makes the answers of a task those of drainQueue: how many items remain, and `retry` where it failed. Where a function of
 * the app gives the answer, it is changed where it stands.
 *
 * @param isMoved whether the task's own function goes into the handler, where its type is known
 */
export async function mapResults(
  repo: DoctorRepo,
  library: LibraryFacts,
  task: { readonly script: Script; readonly node: FunctionNode },
  isMoved: boolean,
): Promise<Mapped | readonly Problem[]> {
  const functions = [task];
  const edits = new Map<Script, TextEdit[]>();
  const replaced = new Set<Node>();
  const problems: Problem[] = [];
  const edit = (script: Script, one: TextEdit): void => {
    edits.set(script, [...(edits.get(script) ?? []), one]);
  };
  const refuse = (script: Script, node: Node, reason: string): void => {
    problems.push({ path: script.path, line: lineIn(script, node), reason });
  };

  const answer = async (script: Script, value: Node, around: FunctionNode): Promise<void> => {
    for (const leaf of leavesOf(value)) {
      const meaning = resultOf(script, leaf, library);
      if (meaning !== undefined) {
        const isBare = around.body === leaf;
        const isKnown = isMoved && around === task.node && !isBare;
        edit(script, {
          start: startOf(leaf),
          end: endOf(leaf),
          text: meaning === 'done' ? '0' : failure(isTyped(script) && !isKnown, isBare),
        });
        replaced.add(leaf);
        continue;
      }
      const handlers = chained(leaf);
      if (handlers !== undefined && handlers.length > 0) {
        for (const one of handlers.filter(isFunction)) {
          for (const { value: given, statement } of answersOf(script, one)) {
            if (given === null) refuse(script, statement, 'it answers nothing here');
            else await answer(script, given, one);
          }
        }
        continue;
      }
      const called =
        leaf.type === 'CallExpression'
          ? await resolveFunction(repo, script, leaf.callee)
          : undefined;
      const isPlain =
        called !== undefined && !['ObjectMethod', 'ClassMethod'].includes(called.node.type);
      if (!isPlain || library.results === undefined) {
        refuse(script, leaf, 'what it answers here cannot be told');
        continue;
      }
      if (functions.every(({ node }) => node !== called.node)) functions.push(called);
    }
  };

  for (const { script, node } of functions) {
    for (const { value, statement } of answersOf(script, node)) {
      if (value !== null) await answer(script, value, node);
      else edit(script, { start: startOf(statement), end: endOf(statement), text: 'return 0;' });
    }
    if (node.body.type === 'BlockStatement' && goesOn(node.body)) {
      edit(script, endWith(script, node.body));
    }
    const { returnType } = node;
    if (returnType && (node !== task.node || !isMoved)) {
      edit(script, { start: startOf(returnType), end: endOf(returnType), text: '' });
    }
  }
  if (problems.length > 0) return problems;
  return { functions, edits, replaced };
}

function failure(isConst: boolean, isBare: boolean): string {
  const text = `{ remaining: 1, outcome: 'retry'${isConst ? ' as const' : ''} }`;
  return isBare ? `(${text})` : text;
}

/** `return 0;` at the end of a block, in the indentation of its last statement. */
function endWith({ module: { source } }: Script, block: Node): TextEdit {
  const close = endOf(block) - 1;
  const inside = source.slice(startOf(block) + 1, close);
  const tail = /\r?\n[\t ]*$/.exec(inside)?.[0];
  if (tail === undefined) return { start: close, end: close, text: ' return 0; ' };
  const newline = tail.startsWith('\r') ? '\r\n' : '\n';
  const outer = tail.slice(newline.length);
  const indent = /(?:^|\n)([\t ]*)\S/.exec(inside)?.[1] ?? `${outer}  `;
  const at = close - outer.length;
  return { start: at, end: at, text: `${indent}return 0;${newline}` };
}

/**
 * react-native-background-fetch is told that a task is over; drainQueue just ends. A chain that tells it is awaited.
 */
export function takeOutFinish(
  script: Script,
  fn: FunctionNode,
  finishes: readonly Node[],
): { readonly edits: readonly TextEdit[]; readonly problems: readonly Problem[] } {
  const edits: TextEdit[] = [];
  const problems: Problem[] = [];
  for (const call of finishes) {
    const around = ancestorsOf(script, call);
    const inside = around.slice(0, around.indexOf(fn));
    const parent = inside[0];
    const nested = inside.findLast(isFunction);
    if (nested !== undefined) {
      const statement = inside.find(
        (one) => one.type === 'ExpressionStatement' && !isInside(script, one, nested),
      );
      const value =
        statement?.type === 'ExpressionStatement' ? unwrap(statement.expression) : statement;
      if (value?.type === 'CallExpression' && chained(value) !== undefined) {
        edits.push({ start: startOf(value), end: startOf(value), text: 'await ' });
      } else if (value?.type !== 'AwaitExpression') {
        problems.push({
          path: script.path,
          line: lineIn(script, call),
          reason: `${BACKGROUND_FETCH} is told here, in a function of its own, that the task is over: drainQueue has to await that`,
        });
        continue;
      }
    }
    if (parent?.type === 'ExpressionStatement') {
      const block = inside[1];
      const whole = inside[2];
      const isAll = block?.type === 'BlockStatement' && block.body.length === 1;
      if (isAll && whole?.type === 'TryStatement' && whole.finalizer === block && whole.handler) {
        edits.push({ start: endOf(whole.handler), end: endOf(block), text: '' });
      } else edits.push(cut(script.module, startOf(parent), endOf(parent)));
    } else if (parent?.type === 'ArrowFunctionExpression' && parent.body === call) {
      edits.push({ start: startOf(call), end: endOf(call), text: 'undefined' });
    } else {
      problems.push({
        path: script.path,
        line: lineIn(script, call),
        reason: 'the answer of finish() is used',
      });
    }
  }
  return { edits, problems };
}

const isInside = (script: Script, node: Node, outer: Node): boolean =>
  ancestorsOf(script, node).includes(outer);
