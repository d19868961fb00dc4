/** What the app's own functions give and call, over files. */
import { bindingsOf, unwrap, walk } from '../../formats/javascript.ts';
import type { Node } from '../../formats/javascript.ts';
import type { DoctorRepo } from '../repo.ts';
import { isFunction, nodesBelow } from './javascript.ts';
import type { FunctionNode, Script } from './javascript.ts';
import { isCallersChoice } from './js-conditions.ts';
import { choicesOf, resolveFunction } from './js-resolve.ts';
import type { Located } from './js-resolve.ts';

/** What a function gives, on each of its ways out; undefined for one that gives nothing. */
export function resultsOf({ body }: FunctionNode): readonly (Node | undefined)[] {
  if (body.type !== 'BlockStatement') return [body];
  const found: (Node | undefined)[] = [];
  walk(body, (node) => {
    if (isFunction(node)) return false;
    if (node.type === 'ReturnStatement') found.push(node.argument ?? undefined);
    return undefined;
  });
  const last = body.body.at(-1);
  if (found.length === 0 && last?.type !== 'ThrowStatement') found.push(undefined);
  return found;
}

/**
 * The expressions that one may come to, as {@link choicesOf} has them, and what the app's own functions give that are called
 * for it: `configure(options())`.
 */
export async function valuesOf(
  repo: DoctorRepo,
  script: Script,
  node: Node,
  seen = new Set<Node>(),
): Promise<readonly Located[]> {
  const found: Located[] = [];
  for (const one of await choicesOf(repo, script, node)) {
    const call = one.node.type === 'AwaitExpression' ? unwrap(one.node.argument) : one.node;
    const called =
      call.type === 'CallExpression'
        ? await resolveFunction(repo, one.script, call.callee)
        : undefined;
    if (called === undefined) {
      found.push(one);
      continue;
    }
    if (seen.has(called.node)) continue;
    seen.add(called.node);
    for (const result of resultsOf(called.node)) {
      if (result !== undefined) found.push(...(await valuesOf(repo, called.script, result, seen)));
    }
  }
  return found;
}

/** A function with those of the app that it calls, over files, and they in turn; each once. */
export async function reachedFunctions(
  repo: DoctorRepo,
  script: Script,
  start: FunctionNode,
): Promise<readonly { readonly script: Script; readonly node: FunctionNode }[]> {
  const found = [{ script, node: start }];
  const seen = new Set<Node>([start]);
  for (const one of found) {
    if (found.length > MOST_FUNCTIONS) break;
    for (const callee of calleesIn(one.node)) {
      if (one.node !== start && isCallersChoice(one.script, one.node, callee)) continue;
      const called = await resolveFunction(repo, one.script, callee);
      if (called === undefined || seen.has(called.node)) continue;
      seen.add(called.node);
      found.push(called);
    }
  }
  return found;
}

/** Whether a function calls a name of which it is not known what it is: not one of the app's own, nor of a package. */
export async function callsUnknown(
  repo: DoctorRepo,
  script: Script,
  node: FunctionNode,
): Promise<boolean> {
  const imported = new Set(bindingsOf(script.module).map(({ local }) => local));
  for (const callee of calleesIn(node)) {
    const name = unwrap(callee);
    if (name.type !== 'Identifier' || imported.has(name.name) || name.name in globalThis) continue;
    if ((await resolveFunction(repo, script, name)) === undefined) return true;
  }
  return false;
}

/** Far more than a sync is made of; ends a chain that is made to be long. */
const MOST_FUNCTIONS = 100;

const calleesIn = ({ body }: FunctionNode): Node[] =>
  nodesBelow(body).flatMap((node) => (node.type === 'CallExpression' ? [node.callee] : []));
