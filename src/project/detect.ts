import { UserError } from '../errors.ts';
import type { FileSystem } from '../file-system.ts';
import { requireApp } from './find-root.ts';
import type { Project } from './project.ts';

/**
 * Reads what is there, and changes nothing.
 *
 * @param cwd absolute; the app's root or a folder below it
 * @throws UserError where it is not an app that bgsync supports
 */
export async function detectProject(fs: FileSystem, cwd: string): Promise<Project> {
  const { root, ecosystem } = await requireApp(fs, cwd);
  return ecosystem.detect(fs, root);
}

/**
 * Refuses what needs what `init` puts in, in an app that has none.
 *
 * @param what is missing, as a sentence
 * @param hint that names `init`
 * @throws {UserError} why bgsync does not know such an app, where `init` would only say that; else what is given
 */
export async function refuseWithoutInit(
  fs: FileSystem,
  root: string,
  what: string,
  hint: string,
): Promise<never> {
  await detectProject(fs, root);
  throw new UserError(what, { hint });
}
