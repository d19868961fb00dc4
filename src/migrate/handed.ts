import { functionName, scriptsContaining } from '../doctor/code/javascript.ts';
import { resolveFunction } from '../doctor/code/js-resolve.ts';
import type { DoctorRepo } from '../doctor/repo.ts';
import type { Node } from '../formats/javascript.ts';
import type { OldTask } from './find-tasks.ts';
import { referencesIn } from './names.ts';
import { declarationOf } from './wiring.ts';

/**
 * The statement that declares a function which is handed to the old library by its name, and is used for nothing else: it goes
 * with the call.
 *
 * @returns undefined where the function is written in the call, or something else uses it
 */
export async function declarationHanded(
  repo: DoctorRepo,
  { script, node }: OldTask['fn'],
  handed: ReadonlySet<Node>,
): Promise<Node | undefined> {
  const name = functionName(script, node);
  const declaration = declarationOf(script, node);
  if (name === undefined || declaration === undefined) return undefined;
  for (const other of await scriptsContaining(repo, [name])) {
    for (const use of referencesIn(other, other.module.program)) {
      if (use.name !== name || handed.has(use.node)) continue;
      if ((await resolveFunction(repo, other, use.node))?.node === node) return undefined;
    }
  }
  return declaration;
}
