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
