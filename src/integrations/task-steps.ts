import type { Config } from '../config.ts';
import type { FileSystem } from '../file-system.ts';
import { at } from '../place.ts';
import type { Project } from '../project/project.ts';
import { readText } from '../project/read-text.ts';
import { hostOf } from './hosts.ts';

/** What is left to the user for each sync of the config that the handler does not name: its runs end as `failed`. */
export async function taskSteps(
  fs: FileSystem,
  project: Project,
  { tasks, handler }: Config,
): Promise<string[]> {
  if (tasks.length === 0) return [];
  const text = (await readText(fs, at(project.root, handler))) ?? '';
  return tasks
    .filter(({ name }) => !text.includes(name))
    .map(
      ({ name }) =>
        `Hand over the queue of ${name} in ${handler}: ${hostOf(project).handler.handOver(name)}`,
    );
}
