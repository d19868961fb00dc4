import type { Node } from '../../formats/javascript.ts';
import type { DoctorRepo } from '../repo.ts';
import { backgroundFunctions } from './background-functions.ts';
import { callsOf, sourceIn } from './javascript.ts';
import type { Script } from './javascript.ts';
import { reachedFunctions } from './js-called.ts';
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

const isWithin = (inner: Node, outer: Node): boolean =>
  (inner.start ?? 0) >= (outer.start ?? 0) && (inner.end ?? 0) <= (outer.end ?? 0);
