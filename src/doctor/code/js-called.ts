import { bindingsOf, unwrap, walk } from '../../formats/javascript.ts';
import type { Node } from '../../formats/javascript.ts';
import type { DoctorRepo } from '../repo.ts';
import {
  ancestorsOf,
  functionName,
  isFunction,
  renderedIn,
  scriptsContaining,
} from './javascript.ts';
import type { Script } from './javascript.ts';
import { resolveImport } from './js-modules.ts';

/**
 * The part of React that alone calls the function which a node stands in, over the app's files.
 *
 * @returns undefined where something else calls it, or may, or nothing does
 */
export async function calledIn(
  repo: DoctorRepo,
  script: Script,
  node: Node,
): Promise<string | undefined> {
  const around = ancestorsOf(script, node).filter(isFunction).at(-1);
  const name = around && functionName(script, around);
  if (name === undefined) return undefined;
  let place: string | undefined;
  for (const user of await scriptsContaining(repo, [name])) {
    const locals = await localsOf(repo, user, script, name);
    const places: (string | undefined)[] = [];
    walk(user.module.program, (one) => {
      if (one.type !== 'Identifier' || !locals.has(one.name)) return undefined;
      const parent = user.parents.get(one);
      if (parent === undefined || isDeclaring(parent, one)) return undefined;
      const isCalled = parent.type === 'CallExpression' && unwrap(parent.callee) === one;
      places.push(isCalled ? renderedIn(user, one) : undefined);
      return undefined;
    });
    if (places.includes(undefined)) return undefined;
    const [first] = places;
    if (first !== undefined) place ??= `${name}, which ${first} calls`;
  }
  return place;
}

/** What a file calls the function. */
async function localsOf(
  repo: DoctorRepo,
  user: Script,
  script: Script,
  name: string,
): Promise<ReadonlySet<string>> {
  if (user === script) return new Set([name]);
  const found = new Set<string>();
  for (const binding of bindingsOf(user.module)) {
    if (binding.imported !== name) continue;
    if ((await resolveImport(repo, user.path, binding.module)) === script.path) {
      found.add(binding.local);
    }
  }
  return found;
}

const isDeclaring = (parent: Node, one: Node): boolean =>
  isFunction(parent)
    ? 'id' in parent && parent.id === one
    : /^(?:Import|Export)\w*Specifier$/.test(parent.type) ||
      (parent.type === 'VariableDeclarator' && parent.id === one);
