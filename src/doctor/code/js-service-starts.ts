import type { Node } from '../../formats/javascript.ts';
import type { DoctorRepo } from '../repo.ts';
import { backgroundFunctions } from './background-functions.ts';
import { callsOf, propertyOf, scriptsContaining, sourceIn } from './javascript.ts';
import type { Script } from './javascript.ts';
import { reachedFunctions } from './js-called.ts';
import { resolveNode } from './js-resolve.ts';
import { SERVICE_LIBRARIES } from './task-libraries.ts';

/** Where a run in the background has a library start its foreground service. */
export interface LibraryStart {
  readonly library: string;
  readonly script: Script;
  readonly call: Node;
}

/** Functions that ask for the app’s state may start it while the app is on the screen alone. */
export async function libraryStarts(repo: DoctorRepo): Promise<readonly LibraryStart[]> {
  const used = SERVICE_LIBRARIES.filter(({ name }) => repo.depends(name));
  const found = new Map<Node, LibraryStart>();
  if (used.length === 0) return [];
  for (const { script: from, node: start } of await backgroundFunctions(repo)) {
    const reached = await reachedFunctions(repo, from, start);
    const isAsked = reached.some(({ script, node }) => /\bAppState\b/.test(sourceIn(script, node)));
    if (isAsked) continue;
    for (const { script, node } of reached) {
      for (const { name: library, starts } of used) {
        const calls = callsOf(script, { module: library, name: starts });
        const call = calls.find((one) => isWithin(one, node.body));
        if (call !== undefined) found.set(call, { library, script, call });
      }
    }
  }
  return [...found.values()];
}

/** Starts with a foreground service that are made under the condition that the app is leaving, or has left, the screen. */
export async function startsOnLeaving(
  repo: DoctorRepo,
  library: string,
  names: readonly string[],
): Promise<readonly LibraryStart[]> {
  const found: LibraryStart[] = [];
  for (const script of await scriptsContaining(repo, names)) {
    if (!/\bAppState\b/.test(script.module.source)) continue;
    for (const call of names.flatMap((name) => callsOf(script, { module: library, name }))) {
      const [, given] = call.arguments;
      const options = given && (await resolveNode(repo, script, given));
      if (propertyOf(options?.node, 'foregroundService') === undefined) continue;
      if (isOnLeaving(script, call)) found.push({ library, script, call });
    }
  }
  return found;
}

const LEFT =
  /(?<![!=])={2,3}\s*['"](?:background|inactive)['"]|match\(\/[^/\n]*background|!==?\s*['"]active['"]/;
const HERE = /(?<![!=])={2,3}\s*['"]active['"]/;

function isOnLeaving(script: Script, call: Node): boolean {
  let child = call;
  for (let at = script.parents.get(call); at !== undefined; at = script.parents.get(at)) {
    if (at.type === 'IfStatement' && at.test !== child) {
      const test = sourceIn(script, at.test);
      // `prev.match(/inactive|background/) && next === 'active'`: back on the screen.
      const isHere = HERE.test(test);
      if (at.consequent === child ? LEFT.test(test) && !isHere : isHere && !LEFT.test(test)) {
        return true;
      }
    }
    if (at.type === 'SwitchCase' && at.test?.type === 'StringLiteral') {
      return at.test.value === 'background' || at.test.value === 'inactive';
    }
    child = at;
  }
  return false;
}

const isWithin = (inner: Node, outer: Node): boolean =>
  (inner.start ?? 0) >= (outer.start ?? 0) && (inner.end ?? 0) <= (outer.end ?? 0);
